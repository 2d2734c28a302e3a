"""Reading the standard as its readers do: contents that follow along, addresses and citations of clauses, paper."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from lxml import html

from ismpe_site.model import Catalogue
from tests.conftest import BuiltSite
from tests.quality.browser import axe_violations, overflow

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route, ViewportSize

TITLE = "The International Standards for Mentoring Programmes in Employment (ISMPE)"
WIDE: ViewportSize = {"width": 1280, "height": 720}
NARROW: ViewportSize = {"width": 320, "height": 640}

CURRENT = """() => [...document.querySelectorAll('.aside a')]
    .filter(link => link.matches(':target-current')).map(link => link.getAttribute('href'))"""
# Follows every link of the contents in turn; gives those that did not become current, or are out of sight.
FOLLOW = """async () => {
  const links = [...document.querySelectorAll('.aside a[href^="#"]')]
  const frame = () => new Promise(requestAnimationFrame)
  const wrong = []
  for (const link of links) {
    location.hash = link.getAttribute('href')
    for (let waited = 0; waited < 10 && !link.matches(':target-current'); waited++) await frame()
    const box = link.getBoundingClientRect()
    const seen = getComputedStyle(link).visibility === 'visible' && box.top >= 0 && box.bottom <= innerHeight
    if (!link.matches(':target-current') || !seen) wrong.push(link.getAttribute('href'))
  }
  return [links.length, wrong]
}"""


@pytest.fixture(scope="module")
def public(site: BuiltSite) -> Path:
    return site.public


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Without script, as all of this has to work."""
    context = browser.new_context(java_script_enabled=False, viewport=WIDE)
    yield context.new_page()
    context.close()


# -- contents -----------------------------------------------------------------------------------


@pytest.mark.browser
def test_the_contents_follow_the_reader_through_the_whole_edition(page: Page, address: str) -> None:
    """By scrolling alone; the clauses of the core standard that is read are listed, and of no other."""
    page.goto(address + "standard/2003/")
    page.mouse.move(900, 400)
    met: list[str] = []
    for _ in range(24):
        [current] = page.evaluate(CURRENT)
        listed = page.locator(".aside .toc-clauses a:visible").all_text_contents()
        standards = {name.lstrip("o").split(".")[0] for name in listed}
        assert standards == (set() if current == "#introduction" else {current[2:].partition(".")[0]})
        met += [current] if current not in met else []
        page.mouse.wheel(0, 150)
        page.wait_for_timeout(50)
    assert met[0] == "#introduction"
    assert len(met) > 10
    assert {link[1:4] for link in met} >= {"c1.", "o2.", "c2."}
    order = [link.get_attribute("href") for link in page.locator(".aside nav").first.locator('a[href^="#"]').all()]
    assert met == [link for link in order if link in met]


@pytest.mark.browser
@pytest.mark.parametrize("name", ["standard/2003/", "standard/2026-draft/4/"])
def test_a_link_of_the_contents_marks_itself_and_is_in_sight(browser: Browser, address: str, name: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 480})
    page.goto(address + name)
    many, wrong = page.evaluate(FOLLOW)
    assert many > 10
    # At the end of a page what follows a clause may leave no room to bring it to the top.
    assert wrong == [] or (name != "standard/2003/" and len(wrong) <= 2)
    page.close()


@pytest.mark.browser
def test_a_list_longer_than_the_window_keeps_the_current_term_in_sight(page: Page, address: str) -> None:
    page.goto(address + "standard/2003/glossary/#dfn-programme-sponsor")
    link = page.locator('.aside a[href="#dfn-programme-sponsor"]')
    page.wait_for_function("link => link.matches(':target-current')", arg=link.element_handle())
    box = link.bounding_box()
    assert box is not None
    assert 0 <= box["y"] <= WIDE["height"] - box["height"]
    # Whoever points at the list moves it.
    page.mouse.move(100, 300)
    page.mouse.wheel(0, -2000)
    page.wait_for_timeout(200)
    assert page.locator(".aside").evaluate("list => list.scrollTop") == 0


@pytest.mark.browser
def test_where_the_browser_cannot_tell_the_contents_are_a_plain_list(page: Page, address: str, public: Path) -> None:
    def older(route: Route) -> None:
        style = (public / "assets/site.css").read_text(encoding="utf-8")
        assert "@supports selector(:target-current)" in style
        route.fulfill(body=style.replace("(:target-current)", "(:of-tomorrow)"), content_type="text/css")

    page.route("**/site.css", older)
    page.goto(address + "standard/2003/#c2.4")
    assert page.evaluate(CURRENT) == []
    assert page.locator(".aside .toc-clauses a:visible").count() == 0
    assert page.locator(".aside nav").first.locator("a:visible").count() == 12
    page.goto(address + "standard/2003/2/")
    assert page.locator(".aside .toc-clauses a:visible").count() == 20


@pytest.mark.browser
def test_on_a_narrow_screen_the_contents_are_folded_and_hold_every_clause(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport=NARROW)
    page.goto(address + "standard/2003/")
    assert page.locator('a[href="#c2.10"]:visible').count() == 1
    page.locator("summary").get_by_text("Contents").click()
    page.locator('.aside-narrow a[href="#c2.10"]').click()
    assert page.url.endswith("#c2.10")
    assert not overflow(page)
    page.close()


# -- citations ----------------------------------------------------------------------------------


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


@pytest.mark.parametrize(
    ("name", "short", "issued"),
    [("2003", "ISMPE 2003", "edition published 2003"), ("2026-draft", "ISMPE 2026 (draft)", "draft published 2026")],
)
def test_every_clause_says_how_it_is_cited_the_same_on_all_pages(
    public: Path, catalogue: Catalogue, name: str, short: str, issued: str
) -> None:
    edition = catalogue.edition(name)
    end = f"{edition.title}. ISMPE, {issued}. https://ismpe.example/standard/{name}/"
    for standard in edition.core_standards:
        clauses = {f"o{standard.number}.{n}" for n in range(1, len(standard.outcomes) + 1)}
        clauses |= {criterion.id for criterion in standard.criteria}
        for folder in (f"standard/{name}", f"standard/{name}/{standard.number}"):
            tree = html.fromstring((public / folder / "index.html").read_text(encoding="utf-8"))
            for clause in clauses:
                anchor, place = (clause, f"outcome {clause[1:]}") if clause[0] == "o" else (f"c{clause}", clause)
                line = tree.get_element_by_id(anchor).find_class("cite")[0]
                assert words(line) == f"{short}, {place}. {end}{standard.number}/#{anchor}"
                target = (public / folder / line.xpath("a/@href")[0].partition("#")[0]).resolve()
                own = line.xpath("a/@href")[0] == f"#{anchor}"
                assert own or target == (public / f"standard/{name}/{standard.number}/index.html").resolve()
        panel = tree.find_class("citation")[0]
        assert words(panel) == f"{short}, core standard {standard.number}. {end}{standard.number}/#s{standard.number}"
    whole = html.fromstring((public / f"standard/{name}/index.html").read_text(encoding="utf-8"))
    assert words(whole.find_class("citation")[0]) == f"{short}. {end}"


@pytest.mark.browser
def test_following_a_number_shows_the_citation_of_that_clause_alone(page: Page, address: str) -> None:
    page.goto(address + "standard/2003/1/")
    assert page.locator(".cite:visible").count() == 0
    page.get_by_role("main").get_by_role("link", name="1.4", exact=True).focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("standard/2003/1/#c1.4")
    assert page.locator(".cite:visible").all_inner_texts() == [
        f"ISMPE 2003, 1.4. {TITLE}. ISMPE, edition published 2003. https://ismpe.example/standard/2003/1/#c1.4"
    ]
    # One click beside the link takes the whole of it.
    page.locator("#c1\\.4 .cite cite").click()
    assert page.evaluate("getSelection().toString()") == page.locator("#c1\\.4 .cite").inner_text()


# -- looks --------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "view"), [("dark", WIDE), ("light", NARROW)], ids=["dark", "narrow"])
def test_a_clause_that_was_followed_is_accessible(
    browser: Browser, address: str, scheme: Literal["dark", "light"], view: ViewportSize
) -> None:
    """The pages at rest are looked at with all others."""
    page = browser.new_page(viewport=view, color_scheme=scheme)
    page.goto(address + "standard/2003/4/#c4.2")
    assert axe_violations(page) == []
    assert not overflow(page)
    page.close()


@pytest.mark.browser
def test_on_paper_what_is_folded_is_open_and_nothing_is_there_only_to_be_followed(
    page: Page, address: str, tmp_path: Path
) -> None:
    page.goto(address + "standard/2003/4/#c4.2")
    file = tmp_path / "page.pdf"
    page.pdf(path=file, format="A4")
    run = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True)
    said = " ".join(run.stdout.split())
    assert "Put the statement of purpose next to the list of measures" in said
    assert "Erratum" in said
    assert "A PDF made for print is at https://ismpe.example/standard/2003/ismpe-2003.pdf" in said
    assert "core standard 4. The International Standards" in said
    for left_out in ("Skip to", "Register", "Next", "All editions", "in ISMPE 2026", "ISMPE 2003, 4.2", "follow it"):
        assert left_out not in said, left_out
    page.goto(address + "assessments/aldermoss-college/early-career-lecturers/2025-06/")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator(".print-only").inner_text().endswith("/2025-06/report.pdf")
    assert page.locator(".aside:visible, .site-header nav:visible").count() == 0
