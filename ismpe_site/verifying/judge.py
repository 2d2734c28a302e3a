"""A file and what is known of all that was issued → exactly one answer, with the reasons; no network, no clock."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

from ismpe_site.content.issued import Issued
from ismpe_site.issuer import LEDGER_PLACE, root_certificates, trusted_keys
from ismpe_site.ledger import LedgerError, read_ledger
from ismpe_site.model import Assessment, Certificate, Edition, Ledger, Rating, is_number
from ismpe_site.model.certificates import NUMBER
from ismpe_site.results import contract
from ismpe_site.scoring.score import score
from ismpe_site.trust.bake import baked
from ismpe_site.trust.credential import canonical_digest, judge_credential, read
from ismpe_site.trust.errors import TrustError
from ismpe_site.trust.keys import fingerprint, is_test
from ismpe_site.trust.minisign import genuine
from ismpe_site.trust.seal import attachments, judge_seal

Answer = Literal[
    "active", "superseded", "suspended", "withdrawn", "expired", "not yet valid", "altered", "not ours", "unknown"
]
MAX_BYTES = 50_000_000
PROVED = "the proof of the credential is that of the issuer"
NUMBER_IN_BYTES = re.compile(NUMBER.pattern.encode())


@dataclass(frozen=True)
class Known:
    """What an answer rests on: the ledger, the issuer's public keys, and the editions to score by, where at hand.

    ``doubts``: why nothing of it can be relied on; none where all is well.
    """

    ledger: Ledger
    roots: tuple[bytes, ...]
    credential_keys: Mapping[str, bytes]
    did: str
    editions: Mapping[str, Edition] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()

    @cached_property
    def fingerprints(self) -> tuple[str, ...]:
        """Those of the root certificates, as people compare them."""
        return tuple(fingerprint(root) for root in self.roots)

    @cached_property
    def test(self) -> bool:
        """Whether a root says that it is no real issuer's."""
        return any(is_test(root) for root in self.roots)

    @cached_property
    def certificates(self) -> dict[str, Certificate]:
        """By number."""
        return {certificate.number: certificate for certificate in self.ledger.certificates()}

    @cached_property
    def digests(self) -> dict[str, tuple[Certificate, str]]:
        """SHA-256 of each file → its certificate and name."""
        return {digest: (one, name) for one in self.certificates.values() for name, digest in one.issued.files.items()}

    @cached_property
    def credentials(self) -> dict[str, Certificate]:
        """SHA-256 of what each credential says → its certificate."""
        return {one.issued.credential: one for one in self.certificates.values()}


@dataclass(frozen=True)
class Verdict:
    """The answer for one file; ``number`` where it speaks of a certificate of ours; ``words``: what it rests on."""

    answer: Answer
    number: str = ""
    certificate: Certificate | None = None
    words: tuple[str, ...] = ()

    @property
    def genuine(self) -> bool:
        """Whether the file is one that was issued, however it stands today."""
        return self.answer not in ("altered", "not ours", "unknown")


def known_from(
    ledger: bytes, sums: bytes, signature: str, keys: Mapping[str, bytes], did: str, editions: Mapping[str, Edition]
) -> Known:
    """What may be relied on: a ledger that is whole, and named by digests that a key of the issuer has signed."""
    trusted = trusted_keys(keys.items())
    doubts = []
    if not any(genuine(sums, signature, data) for data in trusted.values()):
        doubts.append("the list of digests is not signed by a key of the issuer")
    if f"{hashlib.sha256(ledger).hexdigest()}  {LEDGER_PLACE}\n".encode() not in sums:
        doubts.append("the ledger is not the one whose digest was signed")
    try:
        read = read_ledger(ledger.decode())
    except (UnicodeDecodeError, LedgerError) as error:
        read, doubts = Ledger(), [*doubts, f"the ledger is not whole: {error}"]
    roots = tuple(data for _, data in root_certificates(keys.items()))
    return Known(read, roots, trusted, did, editions, tuple(doubts))


def known_of(issued: Issued, did: str, editions: Mapping[str, Edition]) -> Known:
    """The same from the content folder."""
    if not issued.ledger.entries:
        return Known(Ledger(), (), {}, did, editions, ("nothing was ever issued here",))
    signed = dict(issued.signed)
    signature = signed.get("SHA256SUMS.minisig", b"").decode("utf-8", "replace")
    return known_from(issued.text, signed.get("SHA256SUMS", b""), signature, dict(issued.keys), did, editions)


def judge(data: bytes, known: Known, day: date) -> Verdict:
    """Whether ``data`` is a file that was issued, and how it stands on ``day``. Never raises, whatever the bytes."""
    if known.doubts:
        return Verdict("unknown", words=known.doubts)
    if not data or len(data) > MAX_BYTES:
        return Verdict("unknown", words=("the file is empty" if not data else "the file is too large to be looked at",))
    found = known.digests.get(hashlib.sha256(data).hexdigest())
    if found is not None:
        return _issued(data, *found, known, day)
    document = _credential_in(data)
    if document is not None and (certificate := known.credentials.get(_canonical(data))) is not None:
        words = ("this is the credential that was issued, written otherwise", *_proof(document, known))
        return _standing(certificate, words, day) if words[-1] == PROVED else Verdict("unknown", words=words)
    return _stranger(data, document, known)


def _issued(data: bytes, certificate: Certificate, name: str, known: Known, day: date) -> Verdict:
    """A file whose every byte is as it was issued: its seal and its proof are looked at as well."""
    words = [f"every byte is as it was issued ({name} of {certificate.number})"]
    if name.endswith(".pdf"):
        seal = judge_seal(data, known.roots)
        words.append(f"the seal: {seal.words}")
        if seal.state != "whole":
            return Verdict("unknown", certificate.number, certificate, tuple(words))
        said, follows = _recomputed(attachments(data), certificate, known)
        words += said
        if not follows:
            return Verdict("unknown", certificate.number, certificate, tuple(words))
    credential = data if name == "credential.json" else baked(data)
    if credential is not None and (document := _credential_in(credential)) is not None:
        words += _proof(document, known)
        if words[-1] != PROVED:
            return Verdict("unknown", certificate.number, certificate, tuple(words))
    return _standing(certificate, tuple(words), day)


def _standing(certificate: Certificate, words: tuple[str, ...], day: date) -> Verdict:
    answer: Any = certificate.state(day)
    return Verdict(answer, certificate.number, certificate, words)


def _stranger(data: bytes, document: object | None, known: Known) -> Verdict:
    """A file that was not issued: one of ours that was changed, or none of ours."""
    named = {found.decode() for found in NUMBER_IN_BYTES.findall(data[:MAX_BYTES])}
    inside = baked(data)
    if inside is not None:
        named |= {found.decode() for found in NUMBER_IN_BYTES.findall(inside)}
    ours = sorted(number for number in named if number in known.certificates)
    words = ["its bytes are not those of any file that was issued"]
    if data.startswith(b"%PDF-"):
        seal = judge_seal(data, known.roots)
        words.append(f"the seal: {seal.words}")
        if seal.state == "broken" and not ours:
            return Verdict("altered", words=tuple(words))
    if inside is not None and known.credentials.get(_canonical(inside)) is not None:
        words.append("the credential in it is one that was issued, the picture around it is not")
    elif document is not None:
        words += _proof(document, known)
    if not ours:
        unknown = sorted(number for number in named if is_number(number))
        words += [f"it names {number}, which was never issued" for number in unknown[:3]]
        if not unknown:
            words.append("no number of ours can be read in its bytes; a copy that a program saved again may look so")
        return Verdict("not ours", words=tuple(words))
    words.append(f"it names {ours[0]}, but is not what was issued under that number")
    return Verdict("altered", ours[0], known.certificates[ours[0]], tuple(words))


def _credential_in(data: bytes) -> dict[str, object] | None:
    """The JSON object that ``data`` is; nothing where it is none, or can be understood in two ways."""
    if data.lstrip()[:1] != b"{":
        return None
    try:
        return read(data)
    except TrustError:
        return None


def _canonical(data: bytes) -> str:
    document = _credential_in(data)
    return "" if document is None else canonical_digest(document)


def _proof(document: object, known: Known) -> tuple[str, ...]:
    judged = judge_credential(document, {f"{known.did}#{name}": pem for name, pem in known.credential_keys.items()})
    said = {
        "signed": PROVED,
        "broken": "the proof of the credential does not fit what it says",
        "stranger": "the credential is not signed by a key of the issuer",
    }
    return (said[judged],)


def _recomputed(carried: Mapping[str, bytes], certificate: Certificate, known: Known) -> tuple[tuple[str, ...], bool]:
    """Whether the scores a report carries follow from the ratings it carries: in words, and whether they do.

    Where the rules are not at hand nothing is said against it.
    """
    if not {"assessment.json", "result.json"} <= carried.keys():
        return (), True
    try:
        given, claimed = (json.loads(carried[name]) for name in ("assessment.json", "result.json"))
        edition = known.editions.get(given["edition"])
        if edition is None:
            return (f"the score was not computed again: the rules of edition {given['edition']} are not at hand",), True
        ratings = {name: _rating(points) for name, points in given["ratings"].items()}
        fields = {"id": certificate.issued.assessment, "edition": edition.id, "status": given["status"]}
        assessment = Assessment(**fields, ratings=ratings)
        again: dict[str, Any] = contract(given["assessment"], assessment, score(edition, assessment))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return (f"the score cannot be computed again: {error}",), False
    same = again == claimed and again["award"] == certificate.issued.level
    result = f"{again['overall']['percent']} %, {again['award'] or 'no award'}"
    return (f"computed again from its ratings, the score is {'the same' if same else 'ANOTHER'}: {result}",), same


def _rating(points: int | None) -> Rating:
    return Rating(not_applicable="as in the report") if points is None else Rating(rating=points)
