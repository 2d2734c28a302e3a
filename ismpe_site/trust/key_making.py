"""New keys: a root that stays offline, the key that seals PDFs under it, and the key that signs credentials.

The only function of the program that is not a function of its arguments: keys come from the system's randomness.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from ismpe_site.trust.errors import TrustError

TEST_MARK = "TEST - NOT A REAL ISSUER"
# Specimen certificates go back to 2022; a seal from before its certificate would not validate.
TEST_KEYS_BEGIN = date(2000, 1, 1)
RSA_BITS = 3072
# There is no time stamp, so the certificates must outlive the archive.
ROOT_YEARS, SEAL_YEARS = 30, 20
# X.520's upper bound of an organisation's and a common name.
NAME_LENGTH = 64
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336


@dataclass(frozen=True)
class NewKeys:
    """Files by their names. ``private`` ones are encrypted with the passphrase; ``public`` ones are to be published."""

    private: Mapping[str, bytes]
    public: Mapping[str, bytes]


@dataclass(frozen=True)
class _Holder:
    key: RSAPrivateKey
    name: x509.Name
    begins: date
    until: date


def make_keys(
    name: str,
    year: int,
    passphrase: bytes,
    *,
    test: bool,
    seal_until: date | None = None,
    root_until: date | None = None,
) -> NewKeys:
    """New keys of the issuer ``name`` for the years from ``year`` on; other ones at every call.

    ``seal_until`` and ``root_until`` are the last days of the certificates, whole days in UTC (20 and 30 years unless
    said). ``test``: the issuer's name says that it is no real one, and the certificates begin in 2000.
    Gives ``root.p12`` (to be kept offline), ``seal-<year>.p12`` and ``credential-<year>.pem``; in public
    ``root-<year>.crt``, ``seal-<year>.crt`` and ``credential-<year>.pub``, all three PEM. Raises TrustError.
    """
    if not passphrase:
        raise TrustError("keys need a passphrase that is not empty")
    organisation = _organisation(name, test)
    begins = TEST_KEYS_BEGIN if test else date(year, 1, 1)
    root_until = root_until or date(year + ROOT_YEARS - 1, 12, 31)
    seal_until = seal_until or min(date(year + SEAL_YEARS - 1, 12, 31), root_until)
    if not begins < seal_until <= root_until:
        raise TrustError(f"the seal's certificate must end after {begins} and not after the root's ({root_until})")
    root = _Holder(_rsa(), _name(organisation, f"Root {year}"), begins, root_until)
    seal = _Holder(_rsa(), _name(organisation, f"Seal {year}"), begins, seal_until)
    above = _certificate(root, root)
    certificate = _certificate(seal, root)
    credential = Ed25519PrivateKey.generate()
    locked = BestAvailableEncryption(passphrase)
    return NewKeys(
        private={
            "root.p12": pkcs12.serialize_key_and_certificates(b"root", root.key, above, None, locked),
            f"seal-{year}.p12": pkcs12.serialize_key_and_certificates(b"seal", seal.key, certificate, [above], locked),
            f"credential-{year}.pem": credential.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked),
        },
        public={
            f"root-{year}.crt": above.public_bytes(Encoding.PEM),
            f"seal-{year}.crt": certificate.public_bytes(Encoding.PEM),
            f"credential-{year}.pub": credential.public_key().public_bytes(
                Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
            ),
        },
    )


def _organisation(name: str, test: bool) -> str:
    name = " ".join(name.split())
    if not name or not name.isprintable():
        raise TrustError("keys need the issuer's name, in printable letters")
    if test:
        return f"{name[: NAME_LENGTH - len(TEST_MARK) - 1].rstrip()} {TEST_MARK}"
    if TEST_MARK in name:
        raise TrustError(f"only test keys may say {TEST_MARK!r}")
    if len(name) > NAME_LENGTH:
        raise TrustError(f"a certificate holds a name of {NAME_LENGTH} letters, and this has {len(name)}: shorten it")
    return name


def _name(organisation: str, role: str) -> x509.Name:
    common = f"{organisation[: NAME_LENGTH - len(role) - 1].rstrip()} {role}"
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _rsa() -> RSAPrivateKey:
    return generate_private_key(65537, RSA_BITS)


def _certificate(holder: _Holder, issuer: _Holder) -> x509.Certificate:
    """X.509 for ``holder``, signed by ``issuer``; a certificate authority where both are one."""
    root = holder is issuer
    builder = (
        x509.CertificateBuilder()
        .subject_name(holder.name)
        .issuer_name(issuer.name)
        .public_key(holder.key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.combine(holder.begins, time(), UTC))
        .not_valid_after(datetime.combine(holder.until, time(23, 59, 59), UTC))
        .add_extension(x509.BasicConstraints(ca=root, path_length=0 if root else None), critical=True)
        .add_extension(_usage(root), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(holder.key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
    )
    if not root:
        # E-mail protection is what NSS (pdfsig) and `openssl cms` look for; the other one says what it is for.
        uses = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION, DOCUMENT_SIGNING])
        builder = builder.add_extension(uses, critical=False)
    return builder.sign(issuer.key, hashes.SHA256())


def _usage(root: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not root,
        content_commitment=not root,  # "non-repudiation", which pyHanko wants
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=root,
        crl_sign=root,
        encipher_only=False,
        decipher_only=False,
    )
