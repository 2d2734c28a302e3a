"""/keys/: the fingerprints are those that other tools compute."""

import hashlib
import subprocess
from pathlib import Path

import pytest
from lxml import html

from ismpe_site.publications import addresses
from ismpe_site.publications.keys_page import did_document, fingerprint, key_names, keys_of
from ismpe_site.publications.views import Trust
from tests.specimen_certificates import TRUST, scheme, write_site


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> html.HtmlElement:
    folder = tmp_path_factory.mktemp("keys")
    list(write_site(folder, scheme()))
    return html.fromstring((folder / "keys/index.html").read_text(encoding="utf-8"))


def test_a_fingerprint_is_that_of_openssl(tmp_path: Path) -> None:
    made = ["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/O=ISMPE TEST", "-days", "9"]
    files = ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "root.crt")]
    subprocess.run([*made, *files], check=True, capture_output=True)
    ask = ["openssl", "x509", "-in", str(tmp_path / "root.crt"), "-noout", "-fingerprint", "-sha256"]
    said = subprocess.run(ask, check=True, capture_output=True, text=True).stdout
    assert said.strip().partition("=")[2] == fingerprint((tmp_path / "root.crt").read_bytes())


def test_a_key_that_is_no_certificate_has_the_digest_of_its_file() -> None:
    digest = fingerprint(b"a key").replace(":", "").lower()
    assert digest == hashlib.sha256(b"a key").hexdigest()


def test_each_key_stands_with_its_purpose_and_can_be_had(page: html.HtmlElement) -> None:
    rows = page.xpath('//table[contains(@class, "files")]/tbody/tr')
    names = [row.findtext("th/a") for row in rows]
    assert names == [
        "root-2026.crt", "seal-2026.crt", "credential-2026.pub", "credential-2025.compromised.pub", "minisign-2026.pub"
    ]  # fmt: skip
    assert [row.xpath("string(th/a/@href)") for row in rows] == names
    assert [row.findtext("td/code") for row in rows] == [key.fingerprint for key in keys_of(TRUST)]
    purposes = [row.xpath("string(td[1])").split(":")[0] for row in rows]
    assert purposes == ["Root", "Seal", "Credential", "Lost", "List"]


def test_commands_name_the_newest_keys_that_hold(page: html.HtmlElement) -> None:
    commands = "\n".join(page.xpath("//pre/code/text()"))
    for name in ("root-2026.crt", "seal-2026.crt", "minisign-2026.pub"):
        assert name in commands
    assert "compromised" not in commands
    older = (("root-2025.crt", b"old"), ("credential-2027.compromised.pub", b"lost"))
    names = key_names(Trust(keys=(*TRUST.keys, *older)))
    assert names == {**key_names(TRUST), "minisign": "minisign.pub"}
    assert key_names(Trust())["root"] == "root.crt"


def test_the_root_fingerprint_is_the_one_given(page: html.HtmlElement) -> None:
    (given,) = dict(TRUST.root_fingerprints).values()
    assert given in page.text_content()


def test_the_document_of_the_issuer_is_where_did_web_looks(page: html.HtmlElement) -> None:
    assert did_document("https://ismpe.example/") == ".well-known/did.json"
    assert did_document("https://example.org/ismpe/") == "did.json"
    links = page.xpath('//a[contains(@href, "did.json")]/@href')
    assert links == [addresses.relative(addresses.KEYS, ".well-known/did.json")]
