"""Keys: made, opened, told apart; and nothing of the trust room loaded before it is needed."""

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from ismpe_site.trust.errors import TrustError
from ismpe_site.trust.key_making import TEST_MARK
from ismpe_site.trust.keys import NewKeys, fingerprint, is_test, make_keys, open_keys
from tests.issued_sample import KEYS, ROOT, keys_for_tests

PASSPHRASE = b"correct horse"


@pytest.fixture(scope="module")
def real() -> NewKeys:
    return make_keys("International Standards for Mentoring Programmes in Employment", 2026, PASSPHRASE, test=False)


def opened(made: NewKeys, passphrase: bytes = PASSPHRASE):
    return open_keys(made.private["seal-2026.p12"], made.private["credential-2026.pem"], passphrase, "key-2026")


def test_real_keys_begin_with_the_year_and_outlive_the_archive(real: NewKeys) -> None:
    assert set(real.private) == {"root.p12", "seal-2026.p12", "credential-2026.pem"}
    assert set(real.public) == {"root-2026.crt", "seal-2026.crt", "credential-2026.pub"}
    root, seal = (x509.load_pem_x509_certificate(real.public[name]) for name in ("root-2026.crt", "seal-2026.crt"))
    for certificate, last in ((root, 2055), (seal, 2045)):
        assert certificate.not_valid_before_utc == datetime(2026, 1, 1, tzinfo=UTC)
        assert certificate.not_valid_after_utc == datetime(last, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value == x509.BasicConstraints(True, 0)
    assert seal.extensions.get_extension_for_class(x509.BasicConstraints).value == x509.BasicConstraints(False, None)
    assert not is_test(real.public["seal-2026.crt"])
    keys = opened(real)
    assert not keys.test
    assert (keys.seal_certificate, keys.chain) == (real.public["seal-2026.crt"], (real.public["root-2026.crt"],))
    assert keys.credential_public == real.public["credential-2026.pub"]


def test_the_keys_for_tests_say_what_they_are_and_reach_back_to_the_first_specimens() -> None:
    keys = keys_for_tests()
    assert keys.test
    assert keys.valid_from == datetime(2000, 1, 1, tzinfo=UTC)
    for name in ("root-2020.crt", "seal-2020.crt"):
        assert is_test((KEYS / name).read_bytes())
    assert keys.seal_certificate == (KEYS / "seal-2020.crt").read_bytes()
    assert "PRIVATE" not in repr(keys)
    assert b"PRIVATE" not in b"".join(make_keys("X", 2026, b"x", test=True).public.values())


def test_openssl_reads_and_trusts_the_certificates(real: NewKeys, tmp_path: Path) -> None:
    for name, data in {**real.public, **real.private}.items():
        (tmp_path / name).write_bytes(data)
    command = [
        "openssl",
        "verify",
        "-CAfile",
        "root-2026.crt",
        "-purpose",
        "smimesign",
        "-x509_strict",
        "seal-2026.crt",
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=60)
    command = ["openssl", "pkcs12", "-in", "seal-2026.p12", "-passin", "pass:correct horse", "-nokeys"]
    said = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True, timeout=60).stdout
    assert said.count("BEGIN CERTIFICATE") == 2
    command = ["openssl", "x509", "-in", "root-2026.crt", "-noout", "-fingerprint", "-sha256"]
    said = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True, timeout=60).stdout
    assert said.strip().endswith(fingerprint(real.public["root-2026.crt"]))


def test_each_file_that_cannot_be_opened_is_named(real: NewKeys) -> None:
    seal, credential = real.private["seal-2026.p12"], real.private["credential-2026.pem"]
    with pytest.raises(TrustError, match=r"seal key cannot be opened.*passphrase"):
        opened(real, b"wrong")
    with pytest.raises(TrustError, match="seal key cannot be opened"):
        open_keys(b"nonsense", credential, PASSPHRASE, "key-2026")
    for wrong in (b"nonsense", make_keys("X", 2026, b"other", test=True).private["credential-2026.pem"], seal):
        with pytest.raises(TrustError, match=r"credential key cannot be opened.*passphrase"):
            open_keys(seal, wrong, PASSPHRASE, "key-2026")


def pem(key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey, encrypted: bool = True) -> bytes:
    lock = BestAvailableEncryption(PASSPHRASE) if encrypted else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)


def test_keys_of_the_wrong_kind_are_refused(real: NewKeys) -> None:
    seal, credential = real.private["seal-2026.p12"], real.private["credential-2026.pem"]
    with pytest.raises(TrustError, match="must be Ed25519"):
        open_keys(seal, pem(ec.generate_private_key(ec.SECP256R1())), PASSPHRASE, "key-2026")
    with pytest.raises(TrustError, match="not encrypted"):
        open_keys(seal, pem(ed25519.Ed25519PrivateKey.generate(), encrypted=False), PASSPHRASE, "key-2026")
    certificate = x509.load_pem_x509_certificate(real.public["seal-2026.crt"])
    lock = BestAvailableEncryption(PASSPHRASE)
    small = rsa.generate_private_key(65537, 1024)  # noqa: S505  # that it is refused is the test
    owner = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    begins, ends = (datetime(year, 1, 1, tzinfo=UTC) for year in (2026, 2027))
    builder = x509.CertificateBuilder(owner, owner, small.public_key(), 1, begins, ends)
    self_signed = builder.sign(small, hashes.SHA256())
    weak = pkcs12.serialize_key_and_certificates(b"x", small, self_signed, None, lock)
    bare = pkcs12.serialize_key_and_certificates(b"x", None, certificate, None, lock)
    lone = pkcs12.serialize_key_and_certificates(b"x", rsa.generate_private_key(65537, 2048), None, None, lock)
    missing = "one of them is missing"
    for file, words in (
        (bare, missing),
        (lone, missing),
        (weak, "RSA of at least 2048 bits"),
    ):
        with pytest.raises(TrustError, match=words):
            open_keys(file, credential, PASSPHRASE, "key-2026")


@pytest.mark.parametrize(
    ("name", "passphrase", "options", "words"),
    [
        ("X", b"", {}, "passphrase"),
        ("", b"x", {}, "issuer's name"),
        ("a\0b", b"x", {}, "issuer's name"),
        ("x" * 65, b"x", {}, "has 65: shorten it"),
        (f"X {TEST_MARK}", b"x", {}, "only test keys"),
        ("X", b"x", {"seal_until": date(2060, 1, 1)}, "not after the root's"),
        ("X", b"x", {"seal_until": date(2020, 1, 1)}, "must end after"),
    ],
)
def test_keys_that_could_not_be_used_are_not_made(
    name: str, passphrase: bytes, options: dict[str, date], words: str
) -> None:
    with pytest.raises(TrustError, match=words):
        make_keys(name, 2026, passphrase, test=False, **options)


def test_a_test_key_of_a_long_name_still_says_that_it_is_one() -> None:
    made = make_keys("International Standards for Mentoring Programmes in Employment", 2026, b"x", test=True)
    assert is_test(made.public["root-2026.crt"])
    assert is_test(made.public["seal-2026.crt"])


def test_a_file_that_is_no_certificate_is_told() -> None:
    for wrong in (b"", b"nonsense", (KEYS / "credential-2020.pub").read_bytes()):
        with pytest.raises(TrustError, match="certificate cannot be read"):
            is_test(wrong)
        with pytest.raises(TrustError, match="certificate cannot be read"):
            fingerprint(wrong)


def test_nobody_pays_for_the_trust_room_who_neither_seals_nor_judges() -> None:
    """`check` and `build` must not load what takes seconds to load."""
    rooms = sorted(path.stem for path in (ROOT / "ismpe_site" / "trust").glob("*.py"))
    late = {"seal_writer", "seal_reader", "carried_files", "__init__"}
    modules = ", ".join(f"ismpe_site.trust.{room}" for room in rooms if room not in late)
    code = (
        f"import sys, ismpe_site.cli, ismpe_site.pipeline, ismpe_site.late, {modules}\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & "
        "{'pyhanko', 'pyhanko_certvalidator', 'openbadgeslib', 'pyld', 'asn1crypto', 'aiohttp', 'requests'}))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert said.stdout.strip() == "[]"
