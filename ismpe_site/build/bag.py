"""Files → a BagIt bag (RFC 8493): a folder whose receiver can see that nothing is missing and nothing was changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
PAYLOAD = "data/"


def bag(files: Mapping[str, bytes], organisation: str, recipient: str, day: date) -> dict[str, bytes]:
    """Every file of the bag by its path: ``files`` below ``data/``, and what describes them.

    ``day`` is the day the bag speaks of; there is no other time in it, so that the same files give the same bag.
    """
    payload = {PAYLOAD + path: data for path, data in sorted(files.items())}
    info = {
        "Source-Organization": organisation,
        "External-Description": f"Assessment reports, certificates and badges of {recipient}. Confidential.",
        "Bagging-Date": day.isoformat(),
        "Payload-Oxum": f"{sum(map(len, payload.values()))}.{len(payload)}",
    }
    tags = {
        "bagit.txt": DECLARATION,
        "bag-info.txt": "".join(f"{label}: {_one_line(value)}\n" for label, value in info.items()).encode(),
        "manifest-sha256.txt": _manifest(payload),
    }
    return {**payload, **tags, "tagmanifest-sha256.txt": _manifest(dict(sorted(tags.items())))}


def _manifest(files: Mapping[str, bytes]) -> bytes:
    """The digests as ``sha256sum --check`` reads them; a path may hold no line end (RFC 8493, 2.1.3)."""
    return "".join(f"{hashlib.sha256(data).hexdigest()}  {_path(path)}\n" for path, data in files.items()).encode()


def _path(path: str) -> str:
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _one_line(value: str) -> str:
    return " ".join(value.split())
