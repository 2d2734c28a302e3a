"""/keys/: the fingerprints are those that other tools compute."""

import pytest
from lxml import html

from ismpe_site.publications import addresses
from ismpe_site.publications.keys_page import key_names, keys_of
from ismpe_site.publications.views import Trust
from tests.specimen_certificates import TRUST, scheme, write_site


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> html.HtmlElement:
    folder = tmp_path_factory.mktemp("keys")
    list(write_site(folder, scheme()))
    return html.fromstring((folder / "keys/index.html").read_text(encoding="utf-8"))


def test_each_key_stands_with_its_purpose_and_can_be_had(page: html.HtmlElement) -> None:
    rows = page.xpath('//table[contains(@class, "files")]/tbody/tr')
    names = [row.findtext("th/a") for row in rows]
    assert names == [
        "root-2026.crt", "seal-2026.crt", "credential-2026.pub", "credential-2025.compromised.pub", "minisign-2026.pub"
    ]  # fmt: skip
    assert [row.xpath("string(th/a/@href)") for row in rows] == names
    assert [row.findtext("td/code") for row in rows] == [key.fingerprint for key in keys_of(TRUST)]
    purposes = [row.xpath("string(td[1])").split(":")[0] for row in rows]
    assert purposes == ["Root", "Seal", "Credential", "No longer trusted", "List"]


def test_commands_name_the_newest_keys_that_hold(page: html.HtmlElement) -> None:
    commands = "\n".join(page.xpath("//pre/code/text()"))
    for name in ("root-2026.crt", "seal-2026.crt", "minisign-2026.pub"):
        assert name in commands
    assert "compromised" not in commands
    older = (("root-2025.crt", b"old"), ("credential-2027.compromised.pub", b"lost"))
    known = (*TRUST.fingerprints, *((name, "00") for name, _ in older))
    names = key_names(Trust(keys=(*TRUST.keys, *older), fingerprints=known))
    assert names == {**key_names(TRUST), "minisign": "minisign.pub"}
    assert key_names(Trust())["root"] == "root.crt"


def test_the_fingerprints_are_those_given(page: html.HtmlElement) -> None:
    shown = page.xpath('//table[contains(@class, "files")]//td/code/text()')
    assert sorted(shown) == sorted(dict(TRUST.fingerprints).values())


def test_it_says_of_new_keys_and_stolen_ones_what_the_commands_do(page: html.HtmlElement) -> None:
    """``ismpe keygen`` makes a root each time, and no day is kept of a key that is lost."""
    said = " ".join(page.xpath('string(//section[@aria-labelledby="change"])').split())
    assert "A new root with a new seal and a new credential key are made" in said
    assert "marked here as no longer trusted" in said
    assert "under the same root" not in said
    assert "with the day" not in said


def test_the_document_of_the_issuer_is_where_did_web_looks(page: html.HtmlElement) -> None:
    links = page.xpath('//a[contains(@href, "did.json")]/@href')
    assert links == [addresses.relative(addresses.KEYS, ".well-known/did.json")]
