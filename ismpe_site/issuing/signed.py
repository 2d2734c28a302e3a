"""What is signed anew with each entry of the ledger: the revoked bits, the digests of all that is issued."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

from ismpe_site.content.issued import RECORD, SIGNED_FILES
from ismpe_site.ledger import text_of
from ismpe_site.model import Ledger
from ismpe_site.publications import addresses
from ismpe_site.trust.credential import serialise, sign
from ismpe_site.trust.did import did_document, did_of, did_path
from ismpe_site.trust.keys import Keys
from ismpe_site.trust.minisign import sign as minisign
from ismpe_site.trust.status_list import status_list

# What the name of a public key ends in that others may have: it stays known, and proves nothing any more.
COMPROMISED = ".compromised"


def signed_files(
    ledger: Ledger, public: Sequence[tuple[str, bytes]], keys: Keys, base_url: str, on: date
) -> dict[str, bytes]:
    """The status list, the issuer's document, and the signed digests of these, of the ledger and of all certificates.

    ``public``: (file name, bytes) of every public key the issuer ever had. Raises TrustError.
    """
    did = did_of(base_url)
    certificates = ledger.certificates()
    revoked = [c.issued.status_index for c in certificates if c.standing(on) is not None]
    revocation = serialise(sign(status_list(base_url, revoked, on), keys, did, on))
    names = {name.removesuffix(".pub"): data for name, data in public if name.startswith("credential-")}
    fragments = {fragment(name): data for name, data in names.items()}
    compromised = frozenset(fragment(name) for name in names if name.endswith(COMPROMISED))
    document = serialise(did_document(did, fragments, compromised))
    digests = {
        f"{certificate.number}/{name}": digest
        for certificate in certificates
        for name, digest in certificate.issued.files.items()
        if name != RECORD
    }
    beside = {
        addresses.LEDGER: text_of(ledger).encode(),
        addresses.STATUS_LIST: revocation,
        did_path(base_url): document,
    }
    digests |= {f"../{path}": hashlib.sha256(data).hexdigest() for path, data in beside.items()}
    sums = "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items())).encode()
    comment = f"{len(certificates)} certificates, {len(ledger.entries)} entries, {on}"
    signature = minisign(sums, keys, comment).encode()
    return dict(zip(SIGNED_FILES, (sums, signature, document, revocation), strict=True))


def fragment(name: str) -> str:
    """``credential-2026`` → ``key-2026``."""
    return "key-" + name.removeprefix("credential-").removesuffix(COMPROMISED)
