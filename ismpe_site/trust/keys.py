"""The issuer's keys, opened: what they sign, and what their public halves say.

Two keys, because no verifier takes one kind for everything: RSA seals PDFs (pdfsig, mutool and openssl know no Ed25519
in them), Ed25519 signs credentials and lists.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from ismpe_site.trust.errors import TrustError
from ismpe_site.trust.key_making import TEST_MARK, NewKeys, make_keys

__all__ = ["Keys", "NewKeys", "fingerprint", "genuine", "is_test", "make_keys", "open_keys", "public_bytes"]

# RSA below 2048 bits is refused by readers of PDFs; NIST SP 800-131A allows nothing shorter either.
LEAST_RSA_BITS = 2048


@dataclass(frozen=True)
class Keys:
    """Both private keys, opened. ``repr`` shows nothing secret.

    ``key_id`` is the fragment that names the credential key in the DID document. ``seal_certificate`` and ``chain``
    (the certificates above it, nearest first, the root last where the file holds it) are PEM; ``credential_public`` is
    a SubjectPublicKeyInfo in PEM. ``test``: whether the seal's certificate says that it is no real issuer's.
    """

    key_id: str
    test: bool
    seal_certificate: bytes
    chain: tuple[bytes, ...]
    credential_public: bytes
    valid_from: datetime
    valid_until: datetime
    _seal: RSAPrivateKey = field(repr=False, compare=False)
    _credential: Ed25519PrivateKey = field(repr=False, compare=False)

    def sign_seal(self, data: bytes) -> bytes:
        """The RSA signature of ``data`` (PKCS#1 v1.5, SHA-256): the same bytes every time."""
        return self._seal.sign(data, PKCS1v15(), hashes.SHA256())

    def sign_raw(self, data: bytes) -> bytes:
        """The Ed25519 signature of ``data``, 64 bytes: the same every time."""
        return self._credential.sign(data)

    def credential_private(self) -> bytes:
        """The credential key in PEM and **not** encrypted, for a library that takes no key object. Never write it."""
        return self._credential.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def open_keys(seal_p12: bytes, credential_pem: bytes, passphrase: bytes, key_id: str) -> Keys:
    """Both keys out of their encrypted files.

    ``seal_p12`` is a PKCS#12 of an RSA key, its certificate and the chain above it; ``credential_pem`` an encrypted
    PKCS#8 of an Ed25519 key. Raises TrustError that says which file is at fault and what to do.
    """
    seal, certificate, above = _open_seal(seal_p12, passphrase)
    credential = _open_credential(credential_pem, passphrase)
    pem = certificate.public_bytes(Encoding.PEM)
    return Keys(
        key_id=key_id,
        test=is_test(pem),
        seal_certificate=pem,
        chain=tuple(c.public_bytes(Encoding.PEM) for c in _upwards(certificate, above)),
        credential_public=_public_pem(credential),
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
        _seal=seal,
        _credential=credential,
    )


def is_test(certificate_pem: bytes) -> bool:
    """Whether a certificate says of its holder or of its issuer that it is no real one. Raises TrustError."""
    try:
        certificate = x509.load_pem_x509_certificate(certificate_pem)
        holders = [
            str(attribute.value)
            for name in (certificate.subject, certificate.issuer)
            for attribute in name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
        ]
    except ValueError as error:
        raise TrustError("a certificate cannot be read: a PEM file (-----BEGIN CERTIFICATE-----) is wanted") from error
    return any(TEST_MARK in holder for holder in holders)


def fingerprint(certificate_pem: bytes) -> str:
    """The SHA-256 of a certificate as people compare it: 32 pairs of hexadecimal digits. Raises TrustError."""
    try:
        return x509.load_pem_x509_certificate(certificate_pem).fingerprint(hashes.SHA256()).hex(":").upper()
    except ValueError as error:
        raise TrustError("a certificate cannot be read: a PEM file (-----BEGIN CERTIFICATE-----) is wanted") from error


def public_bytes(public_pem: bytes) -> bytes:
    """The 32 bytes of an Ed25519 public key in PEM. Raises TrustError."""
    return _public_key(public_pem).public_bytes_raw()


def genuine(data: bytes, signature: bytes, public_pem: bytes) -> bool:
    """Whether ``signature`` is that of ``data`` by an Ed25519 key. Raises TrustError where ``public_pem`` is none."""
    try:
        _public_key(public_pem).verify(signature, data)
    except InvalidSignature:
        return False
    return True


def _public_key(public_pem: bytes) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(public_pem)
    except (ValueError, TypeError) as error:
        raise TrustError("a public key cannot be read: a PEM file (-----BEGIN PUBLIC KEY-----) is wanted") from error
    if not isinstance(key, Ed25519PublicKey):
        raise TrustError("a public key is of the wrong kind: credentials are signed with Ed25519")
    return key


def _public_pem(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _open_seal(data: bytes, passphrase: bytes) -> tuple[RSAPrivateKey, x509.Certificate, list[x509.Certificate]]:
    try:
        key, certificate, above = pkcs12.load_key_and_certificates(data, passphrase)
    except ValueError as error:
        raise TrustError(
            "the seal key cannot be opened: either the passphrase is wrong, or the file is no PKCS#12 (.p12). Check "
            "the passphrase first; `ismpe keygen` makes such files"
        ) from error
    if key is None or certificate is None:
        raise TrustError(
            "the seal key's file (.p12) must hold a private key and its certificate; one of them is missing"
        )
    if not isinstance(key, RSAPrivateKey) or key.key_size < LEAST_RSA_BITS:
        raise TrustError(
            f"the seal key must be RSA of at least {LEAST_RSA_BITS} bits: other kinds are not understood by all "
            "readers of PDFs. Ask for an RSA certificate, or make keys with `ismpe keygen`"
        )
    if key.public_key() != certificate.public_key():
        raise TrustError(
            "the seal key's file (.p12) holds a certificate of another key: put the two that belong together"
        )
    return key, certificate, above


def _open_credential(data: bytes, passphrase: bytes) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(data, passphrase)
    except TypeError as error:
        raise TrustError(
            "the credential key is not encrypted: encrypt it with the passphrase of the seal key "
            "(`openssl pkcs8 -topk8 -v2 aes-256-cbc`)"
        ) from error
    except ValueError as error:
        raise TrustError(
            "the credential key cannot be opened: either the passphrase is wrong, or the file is no private key in "
            "PEM. Both keys have the same passphrase; `ismpe keygen` makes such files"
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise TrustError("the credential key must be Ed25519: make one with `ismpe keygen`")
    return key


def _upwards(certificate: x509.Certificate, above: Iterable[x509.Certificate]) -> list[x509.Certificate]:
    """The chain in its order, each certificate's issuer after it; what does not belong to it is left out."""
    by_name = {c.subject: c for c in above}
    chain: list[x509.Certificate] = []
    while certificate.issuer != certificate.subject and certificate.issuer in by_name:
        certificate = by_name.pop(certificate.issuer)
        chain.append(certificate)
    return chain
