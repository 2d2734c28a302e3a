"""Signatures of files in the format of minisign, which anybody can check with a small program of others.

The prehashed form ("ED"): the signature is of the BLAKE2b digest, and a second one binds the trusted comment to it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

from ismpe_site.trust import keys as key_files
from ismpe_site.trust.errors import TrustError
from ismpe_site.trust.keys import Keys

PREHASHED, PLAIN = b"ED", b"Ed"
TRUSTED = "trusted comment: "
# As the program itself: longer comments it does not read.
LONGEST_COMMENT = 1024
LONGEST_FILE = 4096


def sign(data: bytes, keys: Keys, trusted_comment: str) -> str:
    """The text of a ``.minisig`` file: the same every time.

    ``trusted_comment`` is signed too and shown by the checking program; one line. Raises TrustError where it is not.
    """
    if not trusted_comment.isprintable() or len(trusted_comment.encode()) > LONGEST_COMMENT:
        raise TrustError(f"a trusted comment is one line of at most {LONGEST_COMMENT} bytes")
    signature = keys.sign_raw(hashlib.blake2b(data).digest())
    bound = keys.sign_raw(signature + trusted_comment.encode())
    head = PREHASHED + _number(keys.credential_public) + signature
    return f"untrusted comment: check with minisign -V\n{_text(head)}\n{TRUSTED}{trusted_comment}\n{_text(bound)}\n"


def public_key(public_pem: bytes) -> str:
    """The text of a ``minisign.pub`` file for an Ed25519 public key in PEM. Raises TrustError."""
    number = _number(public_pem)
    shown = int.from_bytes(number, "little")
    return (
        f"untrusted comment: minisign public key {shown:016X}\n"
        f"{_text(PLAIN + number + key_files.public_bytes(public_pem))}\n"
    )


def genuine(data: bytes, signature: str, public_pem: bytes) -> bool:
    """Whether ``signature`` (the text of a ``.minisig`` file) is that of ``data`` by this key, comment and all.

    Never raises: what cannot be read is not genuine.
    """
    try:
        if len(signature) > LONGEST_FILE:
            return False
        _, head, comment, bound = signature.removesuffix("\n").split("\n")
        raw, bound_raw = _raw(head), _raw(bound)
        if raw[:10] != PREHASHED + _number(public_pem) or not comment.startswith(TRUSTED):
            return False
        digest, said = hashlib.blake2b(data).digest(), comment.removeprefix(TRUSTED).encode()
        return key_files.genuine(digest, raw[10:], public_pem) and key_files.genuine(
            raw[10:] + said, bound_raw, public_pem
        )
    except (ValueError, binascii.Error, TrustError):
        return False


def trusted_comment(signature: str) -> str:
    """What a ``.minisig`` file says in its trusted comment; empty where there is none. Believe it only if genuine."""
    return next((line.removeprefix(TRUSTED) for line in signature.split("\n") if line.startswith(TRUSTED)), "")


def _number(public_pem: bytes) -> bytes:
    """The eight bytes a key goes by; chosen by chance in minisign, from the key itself here."""
    return hashlib.sha256(key_files.public_bytes(public_pem)).digest()[:8]


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _raw(text: str) -> bytes:
    """The bytes of a base64 text in its one right spelling. Raises ValueError."""
    raw = base64.b64decode(text, validate=True)
    if _text(raw) != text:
        raise ValueError("the last letter has bits that mean nothing")
    return raw
