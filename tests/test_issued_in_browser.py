"""The specimens as they are issued, on the site as it is built: what the browser and other tools say of the real files.

What the page does with files of every state is in test_verify_page.py.
"""

import base64
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Browser, Page

from ismpe_site.project import Project
from ismpe_site.verifying.judge import judge
from ismpe_site.verifying.sources import known_of_project
from tests.conftest import AS_OF, ROOT, BuiltSite
from tests.test_verify_page import JUDGE, says_the_same, structural

SPECIMEN = "ISMPE-2025-0002-2"
FLIPS = 200


def published(site: BuiltSite) -> dict[str, bytes]:
    """Every file of every certificate, by number/name."""
    folder = site.public / "certificates"
    files = sorted(path for path in folder.glob("*/*") if path.name != "index.html")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def page(browser: Browser, address: str) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(address + "verify/")
    yield page
    page.close()


def answers(page: Page, data: bytes, changes: list[tuple[int, int]], day: date = AS_OF) -> list[str]:
    """What the page says of ``data`` with one byte changed: (place, bits) each."""
    found: list[str] = page.evaluate(JUDGE, [base64.b64encode(data).decode(), changes, str(day), "issued.js"])
    return found


@pytest.mark.browser
def test_every_file_that_is_published_is_genuine_on_any_day_as_the_program_says(page: Page, site: BuiltSite) -> None:
    known = known_of_project(Project.at(ROOT))
    files = published(site)
    assert len(files) > 30
    days = [AS_OF, date(2022, 6, 16), date(2025, 6, 15), date(2025, 6, 16), date(2025, 11, 14), date(2030, 1, 1)]
    seen = set()
    for name, data in files.items():
        certificate = known.certificates[name.partition("/")[0]]
        for day in days:
            (said,) = answers(page, data, [(0, 0)], day)
            assert said == certificate.state(day), (name, day)
            seen.add(said)
    assert seen == {"active", "superseded", "withdrawn", "expired", "not yet valid"}
    for name in (f"{SPECIMEN}/certificate.pdf", f"{SPECIMEN}/credential.json", f"{SPECIMEN}/badge.png"):
        assert judge(files[name], known, AS_OF).answer == "active"


@pytest.mark.browser
def test_one_changed_byte_of_a_real_file_is_never_active(page: Page, site: BuiltSite) -> None:
    kinds = {name.partition("/")[2]: data for name, data in published(site).items() if name.startswith(SPECIMEN)}
    assert len(kinds) == 7
    for name, data in kinds.items():
        given = random.Random(name)
        changes = [(given.randrange(len(data)), given.randrange(1, 256)) for _ in range(FLIPS)]
        changes += [(at, 1) for at in structural(data)]
        said = answers(page, data, changes)
        for (at, bits), answer in zip(changes, said, strict=True):
            changed = bytearray(data)
            changed[at] ^= bits
            if name == "credential.json" and says_the_same(bytes(changed), data):
                assert answer == "active"
            else:
                assert answer in ("altered", "not ours"), (name, at, bits)
        # The number stands in plain bytes, so that nearly always the page can say whose file it was.
        assert said.count("altered") > 0.9 * len(said), name


@pytest.mark.browser
def test_the_program_says_of_changed_files_what_the_page_says(page: Page, site: BuiltSite) -> None:
    known = known_of_project(Project.at(ROOT))
    given = random.Random(5)
    for name, data in published(site).items():
        if not name.startswith(SPECIMEN):
            continue
        changes = [(given.randrange(len(data)), 1) for _ in range(3)]
        for (at, bits), said in zip(changes, answers(page, data, changes), strict=True):
            changed = bytearray(data)
            changed[at] ^= bits
            assert judge(bytes(changed), known, AS_OF).answer == said, (name, at)


# -- tools that are not ours, by the commands of the page of the keys -------------------------------------------------


@pytest.fixture(scope="module")
def desk(site: BuiltSite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the page tells to put into it."""
    folder = tmp_path_factory.mktemp("desk")
    of_one = site.public / "certificates" / SPECIMEN
    for path in (
        *(site.public / "keys").glob("*-*"),
        *(site.public / "certificates").glob("SHA256SUMS*"),
        site.public / "register/ledger.jsonl",
        of_one / "certificate.pdf",
    ):
        shutil.copy(path, folder)
    return folder


def commands(site: BuiltSite, name: str) -> str:
    """The commands that the page gives under ``name``."""
    page = html.fromstring(site.read("keys/index.html"))
    (block,) = page.xpath(f'//*[@aria-label="Commands: {name}" or @aria-label="Command: {name}"]//code')
    return str(block.text_content())


def said_by(script: str, folder: Path) -> str:
    run = subprocess.run(["bash", "-ec", script], cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout + run.stderr


def test_the_commands_of_the_page_say_what_it_says(site: BuiltSite, desk: Path) -> None:
    said = said_by(commands(site, "the list"), desk)
    assert "Signature and comment signature verified" in said
    assert f"{SPECIMEN}/certificate.pdf" in said
    said = said_by(commands(site, "the seal of a PDF"), desk)
    for words in ("Signature is Valid.", "Total document signed\n", "Certificate is Trusted."):
        assert words in said
    said = said_by(commands(site, "root and seal"), desk)
    (root,) = re.findall(r"Fingerprint=([0-9A-F:]{95})", said)
    assert root in site.read("keys/index.html")
    assert ".crt: OK" in said
    ranges = r"\[0 - (\d+)\], \[(\d+) - (\d+)\]"
    a, b, c = re.findall(ranges, said_by("pdfsig certificate.pdf", desk))[0]
    assert int(c) == (desk / "certificate.pdf").stat().st_size
    script = commands(site, "the signature of a PDF").replace("head -c A", f"head -c {a}").replace("(B +", f"({b} +")
    assert "CMS Verification successful" in said_by(script, desk)
    assert said_by(commands(site, "the ledger"), desk).count("\n") >= 1


def test_the_commands_notice_a_change(site: BuiltSite, desk: Path, tmp_path: Path) -> None:
    shutil.copytree(desk, tmp_path, dirs_exist_ok=True)
    shutil.rmtree(tmp_path / "trust", ignore_errors=True)
    with (tmp_path / "certificate.pdf").open("ab") as out:
        out.write(b"\n")
    with pytest.raises(AssertionError):
        said_by(commands(site, "the list"), tmp_path)
    assert "Not total document signed" in said_by(commands(site, "the seal of a PDF"), tmp_path)


def test_the_script_for_node_judges_the_credential(site: BuiltSite, tmp_path: Path) -> None:
    page = html.fromstring(site.read("keys/index.html"))
    (script,) = page.xpath('//*[@aria-label="Script for Node"]//code')
    (tmp_path / "check.mjs").write_text(script.text_content(), encoding="utf-8")
    (tmp_path / "node_modules").symlink_to(ROOT / "tests/quality/node_modules")
    shutil.copy(site.public / "certificates" / SPECIMEN / "credential.json", tmp_path)
    shutil.copy(site.public / ".well-known/did.json", tmp_path)
    ask = "node check.mjs credential.json did.json"
    assert said_by(ask, tmp_path) == "VALID\n"
    credential = tmp_path / "credential.json"
    credential.write_text(credential.read_text(encoding="utf-8").replace("Aldermoss", "Aldermouse"), encoding="utf-8")
    assert "Invalid signature" in said_by(ask, tmp_path)


def test_a_page_of_a_real_certificate_leads_to_its_files(site: BuiltSite) -> None:
    page = html.fromstring(site.read(f"certificates/{SPECIMEN}/index.html"))
    names = page.xpath('//table[contains(@class, "files")]//th/a/@href')
    assert set(names) == {path.name for path in (site.public / "certificates" / SPECIMEN).iterdir()} - {"index.html"}
    assert "Test keys" in page.text_content()
