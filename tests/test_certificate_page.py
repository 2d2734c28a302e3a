"""The pages of certificates: what they say without a script, on a day with one, on paper, and who leads there."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Browser, Page

from ismpe_site.build.pages import read_page
from ismpe_site.publications import addresses
from ismpe_site.publications.views import Trust
from tests.quality.browser import axe_violations, overflow, serve, watch
from tests.quality.nu_checker import nu_errors
from tests.specimen_certificates import (
    ACTIVE,
    EXPIRED,
    NOT_YET,
    NUMBERS,
    REINSTATED,
    SUPERSEDED,
    SUSPENDED,
    TODAY,
    WITHDRAWN,
    issued,
    scheme,
    write_site,
)
from tests.test_quality import VIEWS

VIEW = {one.view.number: one.view for one in issued()}
# Every kind of page about certificates, and those that lead to them.
PAGES = {
    "active": addresses.certificate(ACTIVE),
    "withdrawn": addresses.certificate(WITHDRAWN),
    "suspended": addresses.certificate(SUSPENDED),
    "numbers": addresses.CERTIFICATES,
    "verify": addresses.VERIFY,
    "keys": addresses.KEYS,
    "register": addresses.REGISTER,
    "award": addresses.assessment(VIEW[ACTIVE].key),
    "organisation": addresses.organisation("quill"),
    "home": addresses.HOME,
}


@pytest.fixture(scope="module")
def folder(made_up_certificates: Path) -> Path:
    return made_up_certificates


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with serve(folder) as address:
        yield address


def tree(folder: Path, there: str) -> html.HtmlElement:
    return html.fromstring((folder / addresses.file_of(there)).read_text(encoding="utf-8"))


def words(element: html.HtmlElement) -> str:
    """What is read, without the templates, which wait for the script."""
    for template in element.xpath(".//template"):
        template.drop_tree()
    return " ".join(element.text_content().split())


STANDING = {
    ACTIVE: "Valid from 12 January 2026 to 11 January 2029",
    SUPERSEDED: f"Superseded On 3 November 2026 another certificate took its place: {ACTIVE}",
    SUSPENDED: "Suspended Out of force since 1 October 2026, for the time being",
    WITHDRAWN: "Withdrawn Ended before its time on 1 September 2026",
    EXPIRED: "Valid from 2 May 2023 to 1 May 2026",
    NOT_YET: "Valid from 1 January 2027 to 1 January 2030",
    REINSTATED: "Valid from 12 January 2026 to 11 January 2029",
}


@pytest.mark.parametrize("number", NUMBERS)
def test_without_a_script_it_says_what_depends_on_no_day(folder: Path, number: str) -> None:
    page = tree(folder, addresses.certificate(number))
    (standing,) = page.xpath('//p[contains(@class, "standing")]')
    assert words(standing) == STANDING[number]
    said = words(page.find("body"))
    for change in VIEW[number].changes:
        assert change[2] in said
    assert "today" not in said.lower()
    assert ("This organisation is invented" in said) == VIEW[number].specimen
    assert "sealed with test keys" in said


@pytest.mark.parametrize("number", NUMBERS)
def test_its_files_are_listed_with_their_digests_and_are_there(folder: Path, number: str) -> None:
    page = tree(folder, addresses.certificate(number))
    rows = page.xpath('//table[contains(@class, "files")]/tbody/tr')
    shown = {row.findtext("th/a"): row.findtext("td/code") for row in rows}
    withheld = {"report.pdf"} if number == SUSPENDED else set()
    assert shown == {name: digest for name, digest in VIEW[number].files if name not in withheld}
    there = folder / addresses.certificate(number)
    assert {path.name for path in there.iterdir()} == {"index.html", *shown}
    assert ("chosen not to publish it" in words(page)) == bool(withheld)
    for name, digest in VIEW[number].files:
        assert name not in withheld or digest not in (there / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("number", NUMBERS)
def test_only_what_is_in_force_hands_out_a_badge(folder: Path, number: str) -> None:
    page = tree(folder, addresses.certificate(number))
    code = "".join(page.xpath('//section[@aria-labelledby="badge"]//code/text()'))
    if number not in (ACTIVE, REINSTATED):
        assert page.xpath('//*[@id="badge"]') == []
        assert code == ""
        return
    embedded = html.fromstring(code)
    assert embedded.get("href") == f"https://ismpe.example/certificates/{number}/"
    picture = embedded.find("img")
    assert picture.get("src") == f"https://ismpe.example/{addresses.badge(VIEW[number].key, 'light')}"
    assert (folder / addresses.badge(VIEW[number].key, "light")).is_file()
    assert picture.get("alt") == (
        f"ISMPE {VIEW[number].level} award, {VIEW[number].organisation}, Programme for starters, assessed against "
        f"ISMPE 2003, valid to 11 January 2029, certificate {number}{' (specimen)' if VIEW[number].specimen else ''}"
    )


def test_the_history_names_every_certificate_of_the_programme(folder: Path) -> None:
    for number in (ACTIVE, SUPERSEDED):
        page = tree(folder, addresses.certificate(number))
        rows = page.xpath('//section[@aria-labelledby="history"]//tbody/tr')
        assert [words(row.find("th")) for row in rows] == [ACTIVE, SUPERSEDED]
        assert [bool(row.xpath("th//a")) for row in rows] == [number != ACTIVE, number != SUPERSEDED]
        assert [words(row.xpath("td[4]")[0]) for row in rows] == ["by its dates", "superseded"]
    assert SUPERSEDED in words(tree(folder, addresses.certificate(ACTIVE)).xpath('//dl[@class="facts"]')[0])


@pytest.mark.parametrize("there", ["award", "organisation", "register", "home"])
def test_pages_about_an_award_lead_to_its_certificate(folder: Path, there: str) -> None:
    page = tree(folder, PAGES[there])
    (link, *_) = page.xpath(f'//main//a[contains(@class, "number")][text()="{ACTIVE}"]')
    target = addresses.relative(PAGES[there], addresses.certificate(ACTIVE))
    assert link.get("href") == target


def test_every_page_leads_to_where_a_certificate_is_checked(folder: Path) -> None:
    for there in PAGES.values():
        links = tree(folder, there).xpath('//footer//a[text()="Check a certificate"]/@href')
        assert links == [addresses.relative(there, addresses.VERIFY)]
    assert tree(folder, "").xpath('//div[@class="hero"]//a[text()="Check a certificate"]')


def test_no_link_of_these_pages_leads_nowhere(folder: Path) -> None:
    places: dict[str, set[str]] = {}
    for path in folder.rglob("*.html"):
        places[path.relative_to(folder).as_posix()] = set(read_page("index.html", path.read_bytes()).ids)
    checked = 0
    for there in (*PAGES.values(), *map(addresses.certificate, NUMBERS)):
        name = addresses.file_of(there)
        page = read_page(name, (folder / name).read_bytes())
        assert page.refused == ()
        for target, place in page.links:
            # What would be printed or painted is left out here, but for what is issued.
            late = target.endswith((".pdf", ".png")) and not target.startswith("certificates/")
            assert late or (folder / target).is_file(), (there, target)
            assert not place or place in places[target], (there, target, place)
            checked += 1
    assert checked > 500


def test_nothing_issued_leaves_pages_that_say_so(tmp_path: Path) -> None:
    from dataclasses import replace

    nothing = replace(scheme(Trust()), certificates=(), frozen=(), records=(), awards=())
    paths = set(write_site(tmp_path, nothing))
    assert {path for path in paths if path.startswith("certificates/")} == {"certificates/index.html"}
    assert "No certificate has been issued yet" in words(tree(tmp_path, addresses.CERTIFICATES))
    assert "Nothing has been issued yet" in words(tree(tmp_path, addresses.KEYS))
    for there in (addresses.CERTIFICATES, addresses.VERIFY, addresses.KEYS):
        page = tree(tmp_path, there)
        assert "test keys" not in words(page).lower()
        for link in read_page(addresses.file_of(there), (tmp_path / addresses.file_of(there)).read_bytes()).links:
            assert link[0] in paths or link[0].endswith(".png"), link


# -- in the browser ---------------------------------------------------------------------------------------------------

DAYS = {
    ACTIVE: {
        # Awarded on the 12th, issued on the 20th.
        date(2026, 1, 19): "Not yet valid",
        date(2026, 1, 20): "Active today",
        date(2029, 1, 11): "Active today",
        date(2029, 1, 12): "Expired",
    },
    REINSTATED: {TODAY: "Active today"},
    EXPIRED: {TODAY: "Expired"},
    NOT_YET: {TODAY: "Not yet valid"},
    # What is entered holds whatever the reader's clock says.
    WITHDRAWN: {date(2026, 2, 1): "Withdrawn", TODAY: "Withdrawn", date(2040, 1, 1): "Withdrawn"},
}


@pytest.mark.browser
def test_with_a_script_it_says_how_it_stands_today(browser: Browser, address: str) -> None:
    page = browser.new_page()
    seen = watch(page, address)
    for number, days in DAYS.items():
        for day, said in days.items():
            page.clock.set_fixed_time(f"{day}T12:00:00")
            page.goto(address + addresses.certificate(number))
            assert page.locator(".standing-word").inner_text().strip() == said
    page.clock.set_fixed_time(f"{TODAY}T12:00:00")
    page.goto(address + addresses.certificate(SUPERSEDED))
    assert page.locator("section[aria-labelledby=history] .state").all_inner_texts() == ["active", "superseded"]
    assert seen.console_errors == []
    assert seen.foreign_requests == []
    page.close()


@pytest.mark.browser
def test_its_state_is_seen_from_a_folder_on_disk(browser: Browser, folder: Path) -> None:
    page = browser.new_page()
    page.clock.set_fixed_time(f"{TODAY}T12:00:00")
    page.goto((folder / addresses.certificate(ACTIVE) / "index.html").as_uri())
    assert page.locator(".standing-word").inner_text().strip() == "Active today"
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("view", VIEWS)
def test_the_pages_are_accessible_in_every_view(browser: Browser, address: str, view: str) -> None:
    context = browser.new_context(**VIEWS[view])  # type: ignore[arg-type]  # two literal options
    page = context.new_page()
    page.clock.set_fixed_time(f"{TODAY}T12:00:00")
    seen = watch(page, address)
    for kind in ("active", "withdrawn", "keys", "register", "award"):
        page.goto(address + PAGES[kind])
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        assert axe_violations(page) == [], kind
        assert not overflow(page), kind
    assert seen.console_errors == []
    assert seen.foreign_requests == []
    context.close()


@pytest.mark.browser
def test_a_digest_is_read_without_scrolling_on_a_narrow_screen(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.goto(address + addresses.certificate(ACTIVE))
    for table in page.locator(".table").all():
        assert table.evaluate("part => part.scrollWidth <= part.clientWidth")
    row = page.get_by_role("row", name="certificate.pdf")
    assert row.get_by_role("cell").count() == 2
    page.close()


@pytest.mark.browser
def test_on_paper_it_is_the_certificate_and_its_files(browser: Browser, address: str) -> None:
    page: Page = browser.new_page()
    page.clock.set_fixed_time(f"{TODAY}T12:00:00")
    page.goto(address + addresses.certificate(ACTIVE))
    page.emulate_media(media="print")
    assert page.get_by_text("Active today").is_visible()
    assert page.get_by_text("Printed on 24 November 2026").is_visible()
    assert page.locator(".files code").first.is_visible()
    for left_out in (".kit", ".ways", ".to-check", ".site-footer nav"):
        assert page.locator(left_out).is_hidden(), left_out
    page.close()


@pytest.mark.java
def test_the_nu_checker_finds_nothing(folder: Path, tmp_path: Path) -> None:
    for number, there in enumerate(PAGES.values()):
        (tmp_path / f"{number}.html").write_bytes((folder / addresses.file_of(there)).read_bytes())
    assert nu_errors(tmp_path) == []
