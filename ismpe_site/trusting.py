"""What of the issuer's keys and of all that is issued is published, and whether it may be."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from urllib.parse import urlsplit

from ismpe_site.content.issued import ISSUED, UNDO, Issued
from ismpe_site.model import Catalogue
from ismpe_site.problems import Place, Problem
from ismpe_site.publications import Trust, addresses
from ismpe_site.results import Register

# Where keys for trying may be used: names that lead to no site of the world (RFC 2606, RFC 6761).
NOWHERE = ("localhost", "127.0.0.1", "example", "test", "invalid")
PUBLIC_KEY = ".pub"


def for_trying(base_url: str) -> bool:
    """Whether an address is one of those that nobody can take for the real thing."""
    host = urlsplit(base_url).hostname or ""
    return any(host == name or host.endswith(f".{name}") for name in NOWHERE)


def trust_of(issued: Issued, base_url: str) -> Trust:
    """The issuer's public keys for the pages. What reads them is brought in only where there are any."""
    if not issued.keys:
        return Trust()
    from ismpe_site.trust.did import did_of, did_path
    from ismpe_site.trust.keys import fingerprint, is_test
    from ismpe_site.trust.minisign import public_key

    roots = [(name, data) for name, data in issued.keys if name.startswith("root-") and name.endswith(".crt")]
    minisign = tuple(
        (name.replace("credential", "minisign"), public_key(data))
        for name, data in issued.keys
        if name.startswith("credential-") and name.endswith(PUBLIC_KEY)
    )
    files = (*issued.keys, *((name, text.encode()) for name, text in minisign))
    return Trust(
        keys=issued.keys,
        test=any(is_test(data) for _, data in roots),
        fingerprints=tuple(
            (name, fingerprint(data) if name.endswith(".crt") else hashlib.sha256(data).digest().hex(":").upper())
            for name, data in files
        ),
        did=did_of(base_url),
        did_document=did_path(base_url),
        minisign=minisign,
    )


def keys_for_trying(trust: Trust, base_url: str) -> Iterator[Problem]:
    """A problem where keys for trying would be published at an address of the world."""
    if trust.test and not for_trying(base_url):
        message = f"content/{ISSUED}/keys holds TEST keys, which may not stand at {base_url}"
        todo = "make keys of your own (docs/issuing.md), or use an address that ends in .example, .test or .invalid"
        yield Problem(Place("site.toml"), "I610", message, todo)


def signature_problems(issued: Issued) -> Iterator[Problem]:
    """A problem where the digests of all that is issued are not signed by a key of the issuer."""
    signed = dict(issued.signed)
    if issued.problems or not signed:
        return
    from ismpe_site.trust.minisign import genuine

    signature = signed["SHA256SUMS.minisig"].decode("utf-8", "replace")
    public = [data for name, data in issued.keys if name.endswith(PUBLIC_KEY)]
    if not any(genuine(signed["SHA256SUMS"], signature, data) for data in public):
        place = Place(f"content/{ISSUED}/signed/{len(issued.ledger.entries)}/SHA256SUMS")
        message = f"the digests are not signed by any key in content/{ISSUED}/keys"
        yield Problem(place, "I601", message, UNDO)


def records_of(issued: Issued, base_url: str) -> tuple[tuple[str, bytes], ...]:
    """(address, bytes) of what is published of all certificates together; nothing where none was ever issued."""
    if not issued.ledger.entries:
        return ()
    from ismpe_site.trust.did import did_path

    signed = dict(issued.signed)
    published = {
        addresses.LEDGER: issued.text,
        addresses.STATUS_LIST: signed["revocation.json"],
        addresses.CERTIFICATE_SUMS: signed["SHA256SUMS"],
        f"{addresses.CERTIFICATE_SUMS}.minisig": signed["SHA256SUMS.minisig"],
        did_path(base_url): signed["did.json"],
    }
    return tuple(published.items())


def awarded_otherwise(catalogue: Catalogue, register: Register) -> Iterator[Problem]:
    """A problem for each certificate whose award would now be another: the program scores otherwise than it did."""
    awards = {award.scored.key: award for award in register.awards}
    latest = {one.issued.assessment: one.issued for one in catalogue.certificates if one.issued.on <= register.as_of}
    for key, issued in latest.items():
        award = awards.get(key)
        now = (award.level, award.awarded, award.valid_until) if award else None
        if now != (issued.level, issued.awarded, issued.valid_until):
            becomes = f"{now[0]}, valid from {now[1]} to {now[2]}" if now else "no award"
            was = f"{issued.level}, valid from {issued.awarded} to {issued.valid_until}"
            message = f"{issued.number} was issued for {was}; now the assessment gives {becomes}"
            place = Place(f"content/assessments/{key}.yaml")
            todo = "put back what was changed, or report it: the rules do not change behind an award"
            yield Problem(place, "I608", message, todo)
