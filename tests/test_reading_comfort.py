"""A reader's comfort, measured: the keyboard reaches everything, nothing moves, colours are those asked for."""

import shutil
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.conftest import BuiltSite
from tests.quality.browser import serve
from tests.test_quality import PAGES
from tests.test_theme import tokens

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
KINDS = {
    "home": "",
    "core standard": "standard/2003/4/",
    "draft core standard": "standard/2026-draft/1/",
    "report": "assessments/aldermoss-college/early-career-lecturers/2025-06/",
    "register": "register/",
    "search": "search/?q=mentor",
    "statistics": "register/statistics/",
    "organisation": "organisations/aldermoss-college/",
    "document": "organisations/aldermoss-college/early-career-lecturers/code-of-conduct/",
}


# -- the keyboard alone -----------------------------------------------------------------------------------------------

# Keeps the elements that had the focus, and says of the one that has it what a reader without a mouse must know.
LOOK = """() => {
  const reached = (window.reached ??= new Set()), here = document.activeElement;
  if (!here || here === document.body || reached.has(here)) return null;
  reached.add(here);
  const style = getComputedStyle(here), box = here.getBoundingClientRect();
  const faults = [];
  if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) faults.push('no outline');
  if (box.width < 8 || box.height < 8) faults.push('too small to be seen');
  if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) faults.push('out of view');
  return {
    faults: faults.map(fault => `${fault}: ${here.outerHTML.slice(0, 150)}`),
    folded: here.matches('details:not([open]) > summary'),
  };
}"""
# What can be seen and used, and never had the focus. Of radio buttons of one name, Tab reaches one and arrows the rest.
MISSED = """() => {
  const all = document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]');
  const visible = part => part.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true});
  const radios = new Set([...window.reached].filter(part => part.type === 'radio').map(part => part.name));
  return [...all]
    .filter(part => visible(part) && !part.disabled && part.type !== 'hidden')
    .filter(part => !window.reached.has(part) && !(part.type === 'radio' && radios.has(part.name)))
    .map(part => part.outerHTML.slice(0, 150));
}"""
MOST = 2000


def walk(page: Page) -> tuple[int, list[str]]:
    """Press Tab to the end of the page, and Enter at whatever is folded; (places reached, what was wrong there)."""
    faults: list[str] = []
    for count in range(MOST):
        page.keyboard.press("Tab")
        seen = page.evaluate(LOOK)
        if seen is None:
            return count, faults
        faults += seen["faults"]
        if seen["folded"]:
            page.keyboard.press("Enter")
    pytest.fail(f"the end is not reached with {MOST} keys")


@pytest.mark.browser
@pytest.mark.parametrize("kind", KINDS)
def test_the_keyboard_alone_reaches_everything_and_shows_where_it_is(browser: Browser, address: str, kind: str) -> None:
    page = browser.new_page(viewport=WIDE)  # type: ignore[arg-type]  # a literal
    page.goto(address + KINDS[kind], wait_until="networkidle")
    count, faults = walk(page)
    assert faults == []
    assert page.evaluate(MISSED) == []
    assert count > 20
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["home", "core standard", "register"])
def test_the_keyboard_reaches_everything_on_a_narrow_screen_too(browser: Browser, address: str, kind: str) -> None:
    page = browser.new_page(viewport=NARROW)  # type: ignore[arg-type]  # a literal
    page.goto(address + KINDS[kind], wait_until="networkidle")
    _, faults = walk(page)
    assert faults == []
    assert page.evaluate(MISSED) == []
    page.close()


@pytest.mark.browser
def test_what_the_keyboard_does_not_reach_is_noticed(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport=WIDE)  # type: ignore[arg-type]  # a literal
    page.goto(address)
    page.evaluate("""() => {
      const [one, other] = document.querySelectorAll('main a');
      one.tabIndex = -1;
      other.style.outline = 'none';
    }""")
    _, faults = walk(page)
    assert [fault.split(":")[0] for fault in faults] == ["no outline"]
    assert len(page.evaluate(MISSED)) == 1
    page.close()


@pytest.mark.browser
def test_arrows_reach_every_choice_of_a_group(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport=WIDE)  # type: ignore[arg-type]  # a literal
    page.goto(address + "search/", wait_until="networkidle")
    group = page.locator("input[type=radio]")
    page.locator("input[type=radio]:checked").focus()
    reached = set()
    for _ in range(group.count()):
        page.keyboard.press("ArrowDown")
        reached.add(page.evaluate("document.activeElement.value"))
    assert group.count() > 3
    assert len(reached) == group.count()
    page.close()


# -- nothing moves ----------------------------------------------------------------------------------------------------

SHIFTS = """() => new Promise(done => {
  const moved = [];
  new PerformanceObserver(list => moved.push(...list.getEntries().map(entry => entry.value)))
    .observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(moved), 200);
})"""
LATE = 0.4  # seconds


def moved(
    browser: Browser, page_address: str, files: str = "*.woff2", viewport: object = WIDE
) -> tuple[float, list[str]]:
    """(how much of the page moved while such files came late, those it asked for)."""
    context = browser.new_context(viewport=viewport)  # type: ignore[arg-type]  # a literal
    page = context.new_page()
    asked: list[str] = []

    def late(route: Route) -> None:
        asked.append(route.request.url.rpartition("/")[2])
        time.sleep(LATE)
        route.continue_()

    page.route(f"**/{files}", late)
    page.goto(page_address, wait_until="networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")
    entries = page.evaluate(SHIFTS)
    context.close()
    return sum(entries), asked


@pytest.mark.browser
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("page", ["register/", "search/", "search/?q=mentor"])
def test_nothing_moves_where_a_script_comes_late(browser: Browser, address: str, page: str, viewport: object) -> None:
    shift, scripts = moved(browser, address + page, "*.js", viewport)
    assert scripts
    assert shift == 0


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["home", "core standard", "report", "register", "statistics"])
def test_no_text_moves_where_fonts_come_late(browser: Browser, address: str, kind: str) -> None:
    shift, fonts = moved(browser, address + KINDS[kind])
    assert fonts
    assert shift == 0


@pytest.mark.browser
def test_fonts_that_are_swapped_in_would_be_noticed(browser: Browser, site: BuiltSite, tmp_path: Path) -> None:
    shutil.copytree(site.public / "assets", tmp_path / "assets")
    for name in ("index.html", "_headers"):
        shutil.copy(site.public / name, tmp_path / name)
    style = tmp_path / "assets/site.css"
    optional = style.read_text(encoding="utf-8")
    assert "font-display: optional" in optional
    style.write_text(optional.replace("font-display: optional", "font-display: swap"), encoding="utf-8")
    with serve(tmp_path) as swapping:
        shift, _ = moved(browser, swapping)
    assert shift > 0


@pytest.mark.browser
def test_the_first_page_asks_for_two_fonts_at_most(browser: Browser, address: str) -> None:
    _, fonts = moved(browser, address)
    assert 1 <= len(fonts) <= 2
    assert len(set(fonts)) == len(fonts)


# -- without a script ------------------------------------------------------------------------------------------------

SEEN = """() => {
  const seen = part => part.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true});
  const words = document.querySelector('main').innerText;
  const dead = [...document.querySelectorAll('button, input, select')].filter(seen)
    .filter(part => !(part.form && part.form.getAttribute('action')));
  return [words, dead.map(part => part.outerHTML.slice(0, 150))];
}"""


@pytest.mark.browser
@pytest.mark.parametrize("kind", [kind for kind, page in PAGES.items() if "?" not in page])
def test_a_page_is_complete_without_a_script(browser: Browser, address: str, kind: str) -> None:
    """It says all it says with one, and shows nothing that would do nothing."""
    said = []
    for scripts in (True, False):
        page = browser.new_page(viewport=WIDE, java_script_enabled=scripts)  # type: ignore[arg-type]  # a literal
        page.goto(address + PAGES[kind], wait_until="networkidle")
        words, dead = page.evaluate(SEEN)
        said.append(set(words.split()))
        if not scripts:
            assert dead == []
        page.close()
    with_scripts, without = said
    assert len(without) > 10 or kind == "redirect"
    # What only a script can do has words of its own: to filter, to search, to check, to know what day it is.
    assert without >= with_scripts or kind in ("register", "search", "check", "certificate")


# -- the colours asked for --------------------------------------------------------------------------------------------

COLOURS = """() => {
  const of = (place, what) => getComputedStyle(document.querySelector(place))[what];
  return {
    bg: of('html', 'backgroundColor'),
    fg: of('main h1', 'color'),
    muted: of('.brand-long', 'color'),
    panel: of('.site-footer', 'backgroundColor'),
    link: of('.site-footer nav a', 'color'),
    rule: of('.site-header', 'borderBottomColor'),
    accent: of('.site-search button', 'backgroundColor'),
    'on-accent': of('.site-search button', 'color'),
  };
}"""


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_follow_the_scheme_asked_for_without_a_script(browser: Browser, address: str, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme, java_script_enabled=False)  # type: ignore[arg-type]  # both literal
    page = context.new_page()
    page.goto(address)
    seen, wanted = page.evaluate(COLOURS), tokens(scheme)
    assert seen == {name: rgb(wanted[name]) for name in seen}
    other = tokens("dark" if scheme == "light" else "light")
    assert all(wanted[name] != other[name] for name in seen)
    logo = page.locator("img.logo").evaluate("picture => picture.currentSrc")
    assert logo.rpartition("/")[2] == ("logo.svg" if scheme == "light" else "logo-dark.svg")
    context.close()


def rgb(colour: str) -> str:
    return "rgb({}, {}, {})".format(*bytes.fromhex(colour.removeprefix("#")))
