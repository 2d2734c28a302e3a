"""What is signed anew with each entry of the ledger: the revoked bits, the digests of all that is issued."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ismpe_site.content.issued import SIGNED_FILES
from ismpe_site.issuer import KEYS_PLACE, LEDGER_PLACE, STATUS_PLACE, compromised, credential_keys, sums
from ismpe_site.ledger import text_of
from ismpe_site.model import Ledger
from ismpe_site.trust.credential import serialise, sign
from ismpe_site.trust.did import did_document, did_of, did_path
from ismpe_site.trust.keys import Keys
from ismpe_site.trust.minisign import sign as minisign
from ismpe_site.trust.status_list import status_list


def signed_files(
    ledger: Ledger, public: Sequence[tuple[str, bytes]], keys: Keys, base_url: str, on: date
) -> dict[str, bytes]:
    """The status list, the issuer's document, and the signed digests of these, of the ledger and of all certificates.

    ``public``: (file name, bytes) of every public key the issuer ever had. Raises TrustError.
    """
    did = did_of(base_url)
    certificates = ledger.certificates()
    revoked = [one.issued.status_index for one in certificates if one.standing(on) is not None]
    revocation = serialise(sign(status_list(base_url, revoked, on), keys, did, on))
    document = serialise(did_document(did, credential_keys(public), compromised(public)))
    beside = {
        LEDGER_PLACE: text_of(ledger).encode(),
        STATUS_PLACE: revocation,
        f"../{did_path(base_url)}": document,
        **{f"{KEYS_PLACE}{name}": data for name, data in public},
    }
    digests = sums(ledger, beside)
    comment = f"{len(certificates)} certificates, {len(ledger.entries)} entries, {on}"
    signature = minisign(digests, keys, comment).encode()
    return dict(zip(SIGNED_FILES, (digests, signature, document, revocation), strict=True))
