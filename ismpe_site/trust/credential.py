"""Credentials signed and judged: W3C Data Integrity, ``eddsa-rdfc-2022``.

What is signed is not the JSON but the graph it means under its contexts, so a term that no context knows would go
unsigned. Therefore a document is signed, and believed, only where it is exactly the compact form of what is signed.
openbadgeslib makes that check, but only behind one against today's clock; so its parts are called here one by one,
which is why its release is pinned. Nothing is ever fetched: it carries the contexts. It is imported at its first use.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Literal

from ismpe_site.exact_json import digest, read_exactly
from ismpe_site.trust.award import AwardFacts, LevelFacts, StandardFacts, award_credential
from ismpe_site.trust.errors import TrustError
from ismpe_site.trust.keys import Keys

__all__ = [
    "AwardFacts",
    "LevelFacts",
    "StandardFacts",
    "award_credential",
    "canonical_digest",
    "judge_credential",
    "read",
    "serialise",
    "sign",
]

Judgement = Literal["signed", "broken", "stranger"]

LARGEST_DOCUMENT = 256 * 1024
SUITE = "eddsa-rdfc-2022"


def sign(document: Mapping[str, object], keys: Keys, did: str, on: date) -> dict[str, object]:
    """``document`` with a proof by the credential key, created at 12:00 UTC of ``on``: the same every time.

    Raises TrustError where the document names another issuer than ``did``, carries a proof already, or holds anything
    the contexts leave unsigned.
    """
    from openbadgeslib.errors import ErrorSigningFile
    from openbadgeslib.ob3 import add_data_integrity_proof

    if _issuer(document) != did:
        raise TrustError(f"the document names the issuer {_issuer(document)}, and the key speaks for {did}")
    created = datetime.combine(on, time(12), UTC)
    try:
        signed = add_data_integrity_proof(
            dict(document), keys.credential_private(), f"{did}#{keys.key_id}", created=created
        )
    except ErrorSigningFile as error:
        raise TrustError(f"the document cannot be signed: {error}") from error
    if fault := _fault(signed, keys.credential_public):
        raise TrustError(f"the document cannot be signed whole: {fault}")
    return signed


def judge_credential(document: object, public_keys: Mapping[str, bytes]) -> Judgement:
    """Whether a credential or status list is signed by one of ``public_keys`` (PEM by ``<did>#<fragment>``).

    ``signed``: by such a key, whole. ``broken``: it names one of them, or its issuer, but is not what was signed.
    ``stranger``: it has nothing to do with them. Never raises, and depends on no clock: dates and status are others'
    business.
    """
    try:
        return _judged(document, public_keys)
    except Exception:  # noqa: BLE001  # a processor of hostile graphs may raise anything
        return "broken"


def read(data: bytes) -> dict[str, object]:
    """A credential's JSON as every reader will understand it. Raises TrustError where there are two ways.

    That is: UTF-8, an object, no name twice in one object, no number that is none, at most 256 KB.
    """
    if len(data) > LARGEST_DOCUMENT:
        raise TrustError(f"the credential is larger than {LARGEST_DOCUMENT // 1024} KB")
    try:
        document = read_exactly(data.decode())
        json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise TrustError(f"the credential cannot be read: {error}") from error
    if not isinstance(document, dict):
        raise TrustError("the credential is no JSON object")
    return document


def serialise(document: Mapping[str, object]) -> bytes:
    """A credential as it is published: readable JSON in the order of the document, UTF-8, with a final line end."""
    return (json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def canonical_digest(document: Mapping[str, object]) -> str:
    """SHA-256 of what a credential says, however it is written: names in order, no white space."""
    return digest(document)


def _judged(document: object, public_keys: Mapping[str, bytes]) -> Judgement:
    if not isinstance(document, dict):
        return "stranger"
    proof = document.get("proof")
    method = proof.get("verificationMethod") if isinstance(proof, dict) else None
    issuers = {method.partition("#")[0] for method in public_keys}
    if not isinstance(method, str):
        return "broken" if _issuer(document) in issuers else "stranger"
    if method not in public_keys:
        return "stranger"
    if _issuer(document) != method.partition("#")[0]:
        return "broken"
    return "broken" if _fault(document, public_keys[method]) else "signed"


def _fault(document: dict[str, object], public_pem: bytes) -> str:
    """What keeps a document from being whole under this key; empty where it is."""
    from openbadgeslib.ob3 import OB3VerificationError, verify_data_integrity_proof
    from openbadgeslib.ob3.contexts import document_loader
    from openbadgeslib.ob3.ldp import _check_json_ld_form

    proof = document.get("proof")
    if not isinstance(proof, dict) or proof.get("cryptosuite") != SUITE or "expires" in proof:
        return f"its proof is not of the kind {SUITE}"
    try:
        verify_data_integrity_proof(document, public_pem)
        _check_json_ld_form(document, proof, document_loader())
    except OB3VerificationError as error:
        return str(error)
    return ""


def _issuer(document: Mapping[str, object]) -> object:
    issuer = document.get("issuer")
    return issuer.get("id") if isinstance(issuer, Mapping) else issuer
