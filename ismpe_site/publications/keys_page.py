"""The public keys of the issuer, and how to check with them by tools that are not ours."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from ismpe_site.artefact import Artefact
from ismpe_site.publications import addresses
from ismpe_site.publications.site import web_page
from ismpe_site.publications.views import Scheme, Trust

# What a key is for, by the beginning of its file's name.
PURPOSES = ("root", "seal", "credential", "minisign")
# What the name of a key has in it that proves nothing any more.
LOST = ".compromised."
_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True)
class Key:
    """A key to download.

    ``fingerprint``: SHA-256 in pairs: of a certificate's DER form, else of the file. ``lost``: others may have it.
    """

    name: str
    purpose: str
    fingerprint: str
    lost: bool


def publish(scheme: Scheme) -> Iterator[Artefact]:
    """``/keys/``; the keys themselves are published with what is issued."""
    yield web_page(
        "keys",
        addresses.KEYS,
        scheme.site,
        keys=keys_of(scheme.trust),
        key_names=key_names(scheme.trust),
        test=scheme.trust.test,
        did=scheme.trust.did,
        did_document=did_document(scheme.site.base_url),
        example=scheme.certificates[0] if scheme.certificates else None,
    )


def key_files(trust: Trust) -> dict[str, bytes]:
    """Every key by the name of its file."""
    return {name: text.encode() for name, text in trust.minisign} | dict(trust.keys)


def keys_of(trust: Trust) -> tuple[Key, ...]:
    """The keys in the order of what they are for, newest name first."""
    known = dict(trust.root_fingerprints)
    keys = [
        Key(name, name.partition("-")[0], known.get(name) or fingerprint(data), LOST in name)
        for name, data in sorted(key_files(trust).items(), reverse=True)
    ]
    return tuple(key for purpose in PURPOSES for key in keys if key.purpose == purpose)


def key_names(trust: Trust) -> dict[str, str]:
    """The newest key of each purpose, for commands; where there is none, a name as it might be."""
    names = {purpose: f"{purpose}.crt" if purpose in ("root", "seal") else f"{purpose}.pub" for purpose in PURPOSES}
    return names | {key.purpose: key.name for key in reversed(keys_of(trust)) if not key.lost}


def fingerprint(data: bytes) -> str:
    """SHA-256 in pairs, as ``openssl x509 -fingerprint`` writes it: of a certificate's DER form, else of the bytes.

    >>> fingerprint(b"")[:11]
    'E3:B0:C4:42'
    """
    if found := _CERTIFICATE.search(data):
        data = base64.b64decode(found[1])
    return hashlib.sha256(data).digest().hex(":").upper()


def did_document(base_url: str) -> str:
    """Where the document of ``did:web`` lies: by its specification, in another place where the site has a path."""
    return ".well-known/did.json" if urlsplit(base_url).path == "/" else "did.json"
