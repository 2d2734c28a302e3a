"""The list of withdrawn certificates that other programs read (W3C Bitstring Status List): one bit for each.

A superseded or suspended certificate sets its bit as well, because others know only the bit. The list has no end of
validity: a body that forgets to sign it anew would make every certificate of its fail.
"""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterable
from datetime import date

from ismpe_site.trust import places
from ismpe_site.trust.did import did_of
from ismpe_site.trust.errors import TrustError

# The least the recommendation allows, so that a reader of the list gives away little.
BITS = 131_072


def status_list(base_url: str, revoked: Iterable[int], changed: date) -> dict[str, object]:
    """The list as it stands since ``changed``, to be signed. Raises TrustError for an index outside the list."""
    bits = bytearray(BITS // 8)
    for index in revoked:
        if not 0 <= index < BITS:
            raise TrustError(f"place {index} is outside the status list, which has {BITS}")
        bits[index // 8] |= 0x80 >> index % 8
    # Without mtime=0 the list would hold the time of the clock.
    packed = base64.urlsafe_b64encode(gzip.compress(bytes(bits), 9, mtime=0)).decode().rstrip("=")
    here = places.status_list(base_url)
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": here,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did_of(base_url),
        "validFrom": f"{changed.isoformat()}T00:00:00Z",
        "credentialSubject": {
            "id": f"{here}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": f"u{packed}",
        },
    }
