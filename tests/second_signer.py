"""eddsa-rdfc-2022 once more, in few lines over pyld: a second opinion on what openbadgeslib signs."""

import hashlib
import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from pyld import jsonld

from ismpe_site.trust.keys import Keys

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
CONTEXTS = {
    "https://www.w3.org/ns/credentials/v2": "credentials-v2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "ob-v3p0-context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": "ob-v3p0-extensions.json",
}


def base58(data: bytes) -> str:
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = ALPHABET[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def held(url: str, options: object = None) -> dict[str, Any]:  # noqa: ARG001  # pyld's signature
    """A context from the package's data; anything else is a KeyError, and nothing is fetched."""
    text = (resources.files("openbadgeslib.ob3") / "contexts" / CONTEXTS[url]).read_text(encoding="utf-8")
    return {"contextUrl": None, "documentUrl": url, "document": json.loads(text)}


def digest(document: Mapping[str, object]) -> bytes:
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": held}
    return hashlib.sha256(jsonld.normalize(dict(document), options).encode()).digest()


def sign(document: Mapping[str, object], keys: Keys, method: str, created: str, **more: str) -> dict[str, object]:
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": created,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
        **more,
    }
    data = digest({"@context": document["@context"], **proof}) + digest(document)
    return {**document, "proof": {**proof, "proofValue": "z" + base58(keys.sign_raw(data))}}
