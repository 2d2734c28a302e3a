"""A Bitstring Status List read as any verifier reads it: the first bit of the first byte is place 0."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Mapping
from typing import Any


def revoked_in(document: Mapping[str, Any], index: int) -> bool:
    """Whether the list says that the certificate at ``index`` does not hold."""
    subject = document["credentialSubject"]
    assert (subject["type"], subject["statusPurpose"]) == ("BitstringStatusList", "revocation")
    encoded = subject["encodedList"]
    assert encoded.startswith("u"), "multibase, base64url without padding"
    bits = gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4)))
    return bool(bits[index // 8] & 0x80 >> index % 8)
