"""The issuer's name for machines (``did:web``) and the document that says which keys speak for it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from ismpe_site.trust.errors import TrustError
from ismpe_site.trust.keys import public_bytes

# Contexts of the two vocabularies used, in the order the specification of did:web asks for.
CONTEXTS = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1")
# Multicodec's prefix of an Ed25519 public key.
ED25519_PREFIX = b"\xed\x01"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def did_of(base_url: str) -> str:
    """``https://host:8443/path/`` → ``did:web:host%3A8443:path``. Raises TrustError where there is no host."""
    parts = urlsplit(base_url)
    if not parts.hostname:
        raise TrustError(f"{base_url} has no host, so no issuer can be named after it")
    host = quote(parts.netloc.rpartition("@")[2].lower(), safe="")
    return ":".join(["did:web", host, *filter(None, parts.path.split("/"))])


def did_path(base_url: str) -> str:
    """Where the document is looked for, below ``base_url``."""
    return "did.json" if urlsplit(base_url).path.strip("/") else ".well-known/did.json"


def did_document(did: str, keys: Mapping[str, bytes], compromised: frozenset[str] = frozenset()) -> dict[str, object]:
    """Which keys speak for ``did``: ``keys`` are public ones in PEM by their fragments.

    A retired key stays, or all it ever signed would fail. A ``compromised`` one (a fragment) is still named but speaks
    no more: verifiers ignore any finer mark. Raises TrustError where a key cannot be read.
    """
    methods = [
        {
            "id": f"{did}#{fragment}",
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": multikey(public_pem),
        }
        for fragment, public_pem in keys.items()
    ]
    speaking = [f"{did}#{fragment}" for fragment in keys if fragment not in compromised]
    return {"@context": list(CONTEXTS), "id": did, "verificationMethod": methods, "assertionMethod": speaking}


def multikey(public_pem: bytes) -> str:
    """An Ed25519 public key as a Multikey: multibase base58btc of its multicodec form. Raises TrustError."""
    number, text = int.from_bytes(ED25519_PREFIX + public_bytes(public_pem), "big"), ""
    while number:
        number, digit = divmod(number, len(BASE58))
        text = BASE58[digit] + text
    return "z" + text
