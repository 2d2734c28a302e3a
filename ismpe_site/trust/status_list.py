"""The list of withdrawn certificates that other programs read (W3C Bitstring Status List): one bit for each.

A superseded certificate sets its bit as well, because others know only the bit. The list has no end of validity: a
body that forgets to sign it anew would make every certificate of its fail.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import zlib
from collections.abc import Iterable
from datetime import date

from ismpe_site.trust import places
from ismpe_site.trust.did import did_of
from ismpe_site.trust.errors import TrustError

# The least the recommendation allows, so that a reader of the list gives away little.
BITS = 131_072
LARGEST_LIST = 4_000_000


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


def revoked_in(document: object, index: int) -> bool:
    """Whether the list says that the certificate at ``index`` is withdrawn.

    Raises TrustError where the list cannot be read or does not reach so far: then nothing is known. That the list is
    genuine is for ``judge_credential`` to say.
    """
    bits = _bits(document)
    if not 0 <= index < len(bits) * 8:
        raise TrustError(f"the status list has no place {index}")
    return bool(bits[index // 8] & 0x80 >> index % 8)


def _bits(document: object) -> bytes:
    try:
        subject = document["credentialSubject"]  # type: ignore[index]  # whatever it is
        if subject["type"] != "BitstringStatusList" or subject["statusPurpose"] != "revocation":
            raise TrustError("the status list is not one of withdrawn certificates")
        encoded: str = subject["encodedList"]
        if encoded[:1] != "u" or len(encoded) > LARGEST_LIST:
            raise TrustError("the status list is not packed as the standard says")
        packed = base64.b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4), altchars=b"-_", validate=True)
        inflating = zlib.decompressobj(wbits=31)
        bits = inflating.decompress(packed, LARGEST_LIST)
    except (AttributeError, KeyError, IndexError, TypeError, ValueError, binascii.Error, zlib.error) as error:
        raise TrustError("the status list cannot be read") from error
    if not inflating.eof or len(bits) < BITS // 8:
        raise TrustError("the status list is cut off or too long")
    return bits
