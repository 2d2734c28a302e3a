"""/verify/ knows every certificate of the ledger, shown on the site or not; a stranger can get what is needed."""

import hashlib
import json
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Browser, Page, expect

from ismpe_site.build.pages import read_page
from ismpe_site.content.issued import load_issued
from ismpe_site.model.certificates import SUCCEEDED
from ismpe_site.project import Project
from ismpe_site.publications import addresses, plan_lists
from ismpe_site.trust.keys import fingerprint
from ismpe_site.trusting import trust_of
from tests.conftest import ROOT, ismpe
from tests.quality.browser import serve, watch
from tests.specimen_certificates import (
    ACTIVE,
    NUMBERS,
    STATES,
    SUPERSEDED,
    SUSPENDED,
    TODAY,
    TRUST,
    issued,
    scheme,
    write_site,
)

FILES = {one.view.number: one.files for one in issued()}
ISSUED = load_issued(ROOT / "content")
LEDGER = {one.number: one for one in ISSUED.ledger.certificates()}
GOLD = "ISMPE-2025-0001-4"


def known_to(public: Path) -> dict[str, dict[str, object]]:
    """The certificates of the list that the page checks by."""
    script = (public / addresses.VERIFY_DATA).read_text(encoding="utf-8")
    data = json.loads(script.removeprefix("globalThis.ismpeIssued=").removesuffix(";\n"))
    return {one["number"]: one for one in data["certificates"]}


def built(folder: Path, settings: str, day: str = str(TODAY)) -> Path:
    """The pages of the project's own content with other settings."""
    root = folder / "site"
    root.mkdir()
    for name in ("content", "themes"):
        (root / name).symlink_to(ROOT / name)
    (root / "site.toml").write_text(settings, encoding="utf-8")
    arguments = ("--root", str(root), "--output", str(folder / "out"), "--only", "html", "--as-of", day, "-j", "1")
    run = ismpe("build", *arguments)
    assert run.returncode == 0, run.stderr
    return folder / "out/public"


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that does not show its specimens: all that was ever issued is theirs."""
    settings = (ROOT / "site.toml").read_text(encoding="utf-8")
    setting = "publish_specimens = true"
    assert setting in settings
    return built(tmp_path_factory.mktemp("bare"), settings.replace(setting, "publish_specimens = false"))


@pytest.fixture(scope="module")
def early(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as on a day when two certificates of five were issued."""
    settings = (ROOT / "site.toml").read_text(encoding="utf-8")
    return built(tmp_path_factory.mktemp("early"), settings, "2024-07-01")


def test_the_list_is_the_whole_ledger_whatever_the_site_shows(bare: Path, early: Path) -> None:
    early_numbers = {number for number, one in LEDGER.items() if str(one.issued.on) <= "2024-07-01"}
    assert 0 < len(early_numbers) < len(LEDGER)
    for public, shown in ((bare, set()), (early, early_numbers)):
        assert (public / addresses.LEDGER).read_bytes() == ISSUED.text
        known = known_to(public)
        assert known.keys() == LEDGER.keys()
        assert {number for number, one in known.items() if not one.get("hidden")} == shown
        assert {path.parent.name for path in (public / "certificates").glob("*/index.html")} == shown
        for number, one in known.items():
            digests = {name: digest for name, digest in LEDGER[number].issued.files.items() if name != "record.json"}
            assert one["files"] == digests
            assert len(one.get("changes", ())) == len(LEDGER[number].changes)  # type: ignore[arg-type]


def test_pages_of_a_site_that_shows_no_certificate_still_lead_to_the_ledger(bare: Path) -> None:
    for there in (addresses.CERTIFICATES, addresses.KEYS, addresses.VERIFY):
        page = read_page(addresses.file_of(there), (bare / addresses.file_of(there)).read_bytes())
        targets = {target for target, _ in page.links}
        assert addresses.CERTIFICATE_SUMS in targets, there
        for target in targets:
            assert (bare / target).is_file() or target.endswith((".pdf", ".png")), (there, target)


@pytest.mark.browser
def test_a_genuine_file_is_genuine_where_the_site_does_not_show_it(bare: Path, early: Path, browser: Browser) -> None:
    for public in (bare, early):
        with serve(public) as address:
            page = browser.new_page()
            seen = watch(page, address)
            page.clock.set_fixed_time(f"{TODAY}T12:00:00Z")
            page.goto(address + addresses.VERIFY)
            for name in ("certificate.pdf", "report.pdf", "credential.json", "badge.png"):
                verdict = judged(page, ROOT / "content/issued" / GOLD / name)
                assert verdict.get_attribute("data-kind") == "active", name
                assert "on this site it has no page" in verdict.inner_text()
                assert verdict.get_by_role("link").count() == 0
            assert seen.console_errors == []
            page.close()


def judged(page: Page, *files: Path | dict[str, object]):  # type: ignore[no-untyped-def]
    """The last answer, after the files were chosen."""
    page.evaluate("document.querySelector('.answers-list').replaceChildren()")
    page.locator("input[type=file]").set_input_files(list(files))  # type: ignore[arg-type]
    expect(page.locator(".verdict")).to_have_count(len(files))
    return page.locator(".verdict").last


@pytest.mark.browser
def test_no_answer_leads_to_a_page_that_is_not_there(tmp_path: Path, browser: Browser) -> None:
    """Also where one certificate has a page and the one in its place has none, and of an altered file."""
    paths = set(write_site(tmp_path, scheme(hidden=frozenset(NUMBERS) - {SUPERSEDED})))
    page = browser.new_page()
    page.clock.set_fixed_time(f"{TODAY}T12:00:00Z")
    page.goto((tmp_path / addresses.VERIFY / "index.html").as_uri())
    for number in NUMBERS:
        data = FILES[number]["certificate.pdf"]
        for what, kind in ((data, STATES[number]), (data + b"\n", "altered")):
            verdict = judged(page, {"name": "a.pdf", "mimeType": "application/pdf", "buffer": what})
            assert verdict.get_attribute("data-kind") == kind
            assert number in verdict.inner_text()
            for link in verdict.get_by_role("link").all():
                target = str(link.get_attribute("href")).removeprefix("../").partition("#")[0]
                assert target in paths
                assert target == f"certificates/{SUPERSEDED}/index.html"
            assert verdict.get_by_role("link").count() == (number == SUPERSEDED)
    page.close()


# -- words of ours and of others --------------------------------------------------------------------------------------


@pytest.mark.browser
def test_a_reason_is_in_the_language_it_was_written_in_or_in_that_of_the_page(tmp_path: Path, browser: Browser) -> None:
    english = scheme()
    there = replace(english, site=replace(english.site, language="fr"))
    theme = Project.at(ROOT).theme()
    list(write_site(tmp_path, there))
    for artefact in plan_lists(there, ()):
        if artefact.path.startswith(addresses.VERIFY):
            (tmp_path / artefact.path).write_bytes(artefact.render(artefact.inputs, theme))  # type: ignore[arg-type]
    ours = "Une évaluation ultérieure du même programme."
    theirs = "The yearly figures were not handed in."
    for number, said, language in ((SUPERSEDED, ours, None), (SUSPENDED, theirs, "cy")):
        page = html.fromstring((tmp_path / addresses.certificate(number) / "index.html").read_text(encoding="utf-8"))
        assert SUCCEEDED not in page.text_content()
        assert page.text_content().count(said) == 2
        assert len(page.xpath(f'//*[@lang="cy"][text()="{said}"]')) == (2 if language else 0)
    page = browser.new_page(locale="fr")
    page.clock.set_fixed_time(f"{TODAY}T12:00:00Z")
    page.goto((tmp_path / addresses.VERIFY / "index.html").as_uri())
    for number, said, language in ((SUPERSEDED, ours, None), (SUSPENDED, theirs, "cy")):
        data = FILES[number]["certificate.pdf"]
        verdict = judged(page, {"name": "a.pdf", "mimeType": "application/pdf", "buffer": data})
        assert verdict.get_by_text(said, exact=True).get_attribute("lang") == language
        assert SUCCEEDED not in verdict.inner_text()
    page.close()


def test_the_reason_that_is_entered_where_nobody_gives_one_is_that_of_the_ledger() -> None:
    reasons = {change.reason for one in LEDGER.values() for change in one.changes if change.event == "superseded"}
    assert reasons == {SUCCEEDED}


@pytest.mark.browser
def test_what_is_not_ours_is_not_said_to_name_nothing(tmp_path: Path, browser: Browser) -> None:
    """A PDF that a program saved again may pack the number away: a reader sees it, the page cannot."""
    list(write_site(tmp_path, scheme()))
    page = browser.new_page()
    page.goto((tmp_path / addresses.VERIFY / "index.html").as_uri())
    verdict = judged(page, {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 packed"})
    assert verdict.get_attribute("data-kind") == "not ours"
    said = verdict.inner_text()
    assert "can be read in its bytes" in said
    assert "that a program saved again may look so" in said
    assert "it names no certificate of ours" not in said
    page.close()


# -- what a stranger needs --------------------------------------------------------------------------------------------


def commands(public: Path, there: str, label: str) -> str:
    page = html.fromstring((public / addresses.file_of(there)).read_text(encoding="utf-8"))
    (block,) = page.xpath(f'//*[@aria-label="{label}"]//code')
    return str(block.text_content())


def run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    program = f'ismpe() {{ {shlex.quote(sys.executable)} -m ismpe_site "$@"; }}\n'
    return subprocess.run(
        ["bash", "-ec", program + script], cwd=folder, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_the_commands_get_a_copy_and_check_by_it_without_a_project(early: Path, tmp_path: Path) -> None:
    script = commands(early, addresses.VERIFY, "Commands for the program of this site")
    shutil.copy(ROOT / "content/issued" / GOLD / "certificate.pdf", tmp_path)
    with serve(early) as address:
        asked = script.replace("https://ismpe.example/", address)
        assert asked.count(address) == 9
        done = run(asked, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "certificate.pdf: genuine and active" in done.stdout
    checked = run(commands(early, addresses.KEYS, "Command: a copy of the site"), tmp_path / "FOLDER/certificates")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "../register/ledger.jsonl: OK" in checked.stdout


def test_a_site_below_a_folder_is_copied_without_the_folder(tmp_path: Path) -> None:
    below = scheme(replace(TRUST, did_document="did.json"))
    records = tuple((address.removeprefix(".well-known/"), data) for address, data in below.records)
    site = replace(below.site, base_url="https://example.org/standards/ismpe/")
    list(write_site(tmp_path, replace(below, site=site, records=records)))
    script = commands(tmp_path, addresses.VERIFY, "Commands for the program of this site")
    assert "--cut-dirs 2 " in script
    assert "  https://example.org/standards/ismpe/did.json \\\n" in script


def test_the_page_of_a_certificate_asks_for_a_copy_and_says_how_to_get_one(tmp_path: Path) -> None:
    list(write_site(tmp_path, scheme()))
    there = addresses.certificate(ACTIVE)
    asked = commands(tmp_path, there, "Command for the program of this site")
    assert asked == "ismpe verify --site FOLDER certificate.pdf"
    page = html.fromstring((tmp_path / addresses.file_of(there)).read_text(encoding="utf-8"))
    assert page.xpath('//section[@aria-labelledby="check"]//a[text()="one command gets it"]/@href') == [
        "../../verify/index.html#copy"
    ]
    assert 'id="copy"' in (tmp_path / "verify/index.html").read_text(encoding="utf-8")


# -- the keys as the pages are handed them ----------------------------------------------------------------------------


def test_the_fingerprints_are_those_of_other_tools(tmp_path: Path) -> None:
    trust = trust_of(ISSUED, "https://ismpe.example/")
    shown = dict(trust.fingerprints)
    assert shown.keys() == {*dict(trust.keys), *dict(trust.minisign)}
    for name, data in (*trust.keys, *((name, text.encode()) for name, text in trust.minisign)):
        (tmp_path / name).write_bytes(data)
        if name.endswith(".crt"):
            ask = ["openssl", "x509", "-in", str(tmp_path / name), "-noout", "-fingerprint", "-sha256"]
            said = subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip().partition("=")[2]
            assert shown[name] == said == fingerprint(data)
        else:
            assert re.sub(":", "", shown[name]).lower() == hashlib.sha256(data).hexdigest()


def test_the_document_of_the_issuer_is_where_it_is_published() -> None:
    assert trust_of(ISSUED, "https://ismpe.example/").did_document == ".well-known/did.json"
    assert trust_of(ISSUED, "https://example.org/ismpe/").did_document == "did.json"
