"""The issuer's public keys by the names of their files, and the list of digests that they sign."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from ismpe_site.model import Ledger

Files = Iterable[tuple[str, bytes]]

# What the name of a public key ends in that others may have: it stays known, and proves nothing any more.
COMPROMISED = ".compromised"
CREDENTIAL, ROOT, PUBLIC_KEY, CERTIFICATE = "credential-", "root-", ".pub", ".crt"
RECORD = "record.json"
# Where what is listed stands, seen from the folder of all certificates.
LEDGER_PLACE, STATUS_PLACE, KEYS_PLACE = "../register/ledger.jsonl", "../status/revocation.json", "../keys/"
DID_PLACES = ("../.well-known/did.json", "../did.json")


def fragment(name: str) -> str:
    """What a credential key is called in the issuer's document: ``credential-2026.pub`` → ``key-2026``."""
    return "key-" + name.removeprefix(CREDENTIAL).removesuffix(PUBLIC_KEY).removesuffix(COMPROMISED)


def credential_keys(keys: Files) -> dict[str, bytes]:
    """Every key that credentials and digests were ever signed with: fragment → PEM."""
    return {fragment(name): data for name, data in keys if name.startswith(CREDENTIAL) and name.endswith(PUBLIC_KEY)}


def compromised(keys: Files) -> frozenset[str]:
    """The fragments of those that others may have."""
    return frozenset(fragment(name) for name, _ in keys if name.endswith(COMPROMISED + PUBLIC_KEY))


def trusted_keys(keys: Files) -> dict[str, bytes]:
    """Those whose signatures count."""
    keys = tuple(keys)
    return {name: data for name, data in credential_keys(keys).items() if name not in compromised(keys)}


def root_certificates(keys: Files) -> tuple[tuple[str, bytes], ...]:
    """(file name, PEM) of the certificates that seals lead to."""
    return tuple((name, data) for name, data in keys if name.startswith(ROOT) and name.endswith(CERTIFICATE))


def sums(ledger: Ledger, beside: Mapping[str, bytes]) -> bytes:
    """The digests of everything that is issued, as ``sha256sum --check`` reads them in the folder of certificates.

    ``beside``: what stands elsewhere (the ledger, the status list, the issuer's document, the keys), by its place.
    """
    digests = {place: hashlib.sha256(data).hexdigest() for place, data in beside.items()}
    for certificate in ledger.certificates():
        files = certificate.issued.files.items()
        digests |= {f"{certificate.number}/{name}": digest for name, digest in files if name != RECORD}
    return "".join(f"{digest}  {place}\n" for place, digest in sorted(digests.items())).encode()


def unlisted(listed: bytes, ledger: Ledger, text: bytes, status: bytes, document: bytes, keys: Files) -> str:
    """The first thing that is not as ``listed`` has it, in words; empty where all is. Keys may have come since."""
    lines = listed.decode("utf-8", "replace").splitlines()
    known = {place: digest for digest, _, place in (line.partition("  ") for line in lines)}
    did = next((place for place in DID_PLACES if place in known), DID_PLACES[0])
    there = {f"{KEYS_PLACE}{name}": data for name, data in keys}
    for place, data in {LEDGER_PLACE: text, STATUS_PLACE: status, did: document}.items():
        if known.get(place) != hashlib.sha256(data).hexdigest():
            return f"{place.rpartition('/')[2]} is not the one whose digest was signed"
    for place, digest in known.items():
        if place.startswith(KEYS_PLACE) and hashlib.sha256(there.get(place, b"")).hexdigest() != digest:
            return f"the key {place.removeprefix(KEYS_PLACE)} is not the one whose digest was signed"
    listed_keys = {place: there[place] for place in known if place in there}
    beside = {LEDGER_PLACE: text, STATUS_PLACE: status, did: document, **listed_keys}
    return "" if sums(ledger, beside) == listed else "the signed digests are not those of what is in the ledger"
