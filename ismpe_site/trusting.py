"""What of the issuer's keys and of all that is issued is published, and whether it may be."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from ismpe_site.config import Config
from ismpe_site.content.issued import ISSUED, KEYS, LEDGER, UNDO, Issued
from ismpe_site.issuer import CERTIFICATE, CREDENTIAL, PUBLIC_KEY, root_certificates, trusted_keys
from ismpe_site.model import Catalogue
from ismpe_site.problems import Place, Problem
from ismpe_site.publications import Trust, addresses
from ismpe_site.results import Register

# Where keys for trying may be used: names that lead to no site of the world (RFC 2606, RFC 6761).
NOWHERE = ("localhost", "127.0.0.1", "example", "test", "invalid")


def for_trying(base_url: str) -> bool:
    """Whether an address is one of those that nobody can take for the real thing."""
    host = urlsplit(base_url).hostname or ""
    return any(host == name or host.endswith(f".{name}") for name in NOWHERE)


def trust_of(issued: Issued, base_url: str) -> Trust:
    """The issuer's public keys for the pages; none where one cannot be read, which ``problems_of_trust`` tells.

    What reads them is brought in only where there are any.
    """
    if not issued.keys or any(unreadable(issued)):
        return Trust()
    from ismpe_site.trust.did import did_of, did_path
    from ismpe_site.trust.keys import fingerprint, is_test
    from ismpe_site.trust.minisign import public_key

    roots = root_certificates(issued.keys)
    minisign = tuple(
        (name.replace("credential", "minisign"), public_key(data))
        for name, data in issued.keys
        if name.startswith(CREDENTIAL) and name.endswith(PUBLIC_KEY)
    )
    files = (*issued.keys, *((name, text.encode()) for name, text in minisign))
    return Trust(
        keys=issued.keys,
        test=any(is_test(data) for _, data in roots),
        fingerprints=tuple(
            (name, fingerprint(data) if name.endswith(CERTIFICATE) else hashlib.sha256(data).digest().hex(":").upper())
            for name, data in files
        ),
        # Its document is signed with the first certificate.
        did=did_of(base_url) if issued.ledger.entries else "",
        did_document=did_path(base_url) if issued.ledger.entries else "",
        minisign=minisign,
    )


def problems_of_trust(issued: Issued, trust: Trust, config: Config, published: bytes | None) -> Iterator[Problem]:
    """Everything wrong about keys, signatures, address and history. ``published``: the ledger last published."""
    pins = config.keys.trusted
    yield from keys_for_trying(trust, config.base_url)
    yield from unreadable(issued)
    yield from signature_problems(issued, pins)
    yield from unpinned(issued, pins)
    yield from address_problems(issued, config.base_url)
    yield from history_problems(issued, published)


def keys_for_trying(trust: Trust, base_url: str) -> Iterator[Problem]:
    """A problem where keys for trying would be published at an address of the world."""
    if trust.test and not for_trying(base_url):
        message = f"content/{ISSUED}/keys holds TEST keys, which may not stand at {base_url}"
        todo = "make keys of your own (docs/issuing.md), or use an address that ends in .example, .test or .invalid"
        yield Problem(Place("site.toml"), "I610", message, todo)


def signature_problems(issued: Issued, pins: Collection[str] = ()) -> Iterator[Problem]:
    """A problem where the digests of all that is issued are not signed by a key of the issuer.

    ``pins``: the SHA-256 of the files of the keys that count, where the settings name them.
    """
    signed = dict(issued.signed)
    broken = any(problem.severity == "error" for problem in issued.problems)
    if broken or not signed or any(unreadable(issued)):
        return
    from ismpe_site.trust.minisign import genuine

    signature = signed["SHA256SUMS.minisig"].decode("utf-8", "replace")
    place = Place(f"content/{ISSUED}/signed/{len(issued.ledger.entries)}/SHA256SUMS")
    keys = [data for data in trusted_keys(issued.keys).values() if not pins or _digest(data) in pins]
    if any(genuine(signed["SHA256SUMS"], signature, data) for data in keys):
        return
    yield Problem(place, "I601", f"the digests are not signed by a key in content/{ISSUED}/{KEYS} that counts", UNDO)


def unreadable(issued: Issued) -> Iterator[Problem]:
    """A problem for each public key that is none."""
    if not issued.keys:
        return
    from ismpe_site.trust.errors import TrustError
    from ismpe_site.trust.keys import fingerprint, public_bytes

    for name, data in issued.keys:
        try:
            fingerprint(data) if name.endswith(CERTIFICATE) else public_bytes(data)
        except TrustError as error:
            yield Problem(Place(f"content/{ISSUED}/{KEYS}/{name}"), "I601", str(error), UNDO)


def unpinned(issued: Issued, pins: Collection[str]) -> Iterator[Problem]:
    """A problem for each public key that the settings do not name, where they name any."""
    for name, data in issued.keys if pins else ():
        if _digest(data) not in pins:
            message = f"{name} is not among the keys that site.toml trusts"
            todo = f'delete it; or, if you made it, add "{_digest(data)}" to trusted in [keys]'
            yield Problem(Place(f"content/{ISSUED}/{KEYS}/{name}"), "I601", message, todo)


def history_problems(issued: Issued, published: bytes | None) -> Iterator[Problem]:
    """A problem where the ledger lacks entries that were published. ``published``: the ledger of the last build."""
    if published and not issued.text.startswith(published):
        message = "entries that were published are missing or changed"
        todo = f"{UNDO}; or build into another --output, if this one shows another register"
        yield Problem(Place(f"content/{ISSUED}/{LEDGER}"), "I601", message, todo)


def address_problems(issued: Issued, base_url: str) -> Iterator[Problem]:
    """A problem where what is issued speaks of another address than the site's."""
    document = dict(issued.signed).get("did.json")
    if document is None:
        return
    from ismpe_site.trust.did import did_of

    did = str(json.loads(document).get("id"))
    if did != did_of(base_url):
        message = f"base_url says {base_url}, but what is issued is issued by {did}"
        todo = "put the address back: it is written into every certificate, and cannot change behind them"
        yield Problem(Place("site.toml"), "I601", message, todo)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


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
    issued_by_then = [one for one in catalogue.certificates if one.issued.on <= register.as_of]
    latest = {one.issued.assessment: one.issued for one in issued_by_then if not one.withdrawn}
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
