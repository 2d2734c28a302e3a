"""The filter of the register in Chromium: as readers use it, with a script and without, over one page and several."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from ismpe_site.publications.views import PublicAward
from tests.many_awards import many_awards, written
from tests.quality.browser import axe_violations, overflow, serve, watch

pytestmark = pytest.mark.browser

SEVERAL = 1050
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site under a path: a register of one page below ``short/``, one of three below ``long/``."""
    folder = tmp_path_factory.mktemp("registers")
    rules = ""
    for name, count in (("short", 30), ("long", SEVERAL)):
        list(written(many_awards(count), folder / name))
        rules += re.sub("^/", f"/{name}/", (folder / name / "_headers").read_text(encoding="utf-8"), flags=re.MULTILINE)
    (folder / "_headers").write_text(rules, encoding="utf-8")
    with serve(folder) as address:
        yield address


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Open]:
    """Open a page of a register; in the end no page may have complained or asked elsewhere."""
    contexts = []

    def at(path: str, **options: object) -> Page:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        page = context.new_page()
        contexts.append((context, watch(page, address)))
        page.goto(address + path)
        return page

    yield at
    for context, seen in contexts:
        context.close()
        assert seen.console_errors == []
        assert seen.foreign_requests == []


def awards(count: int, chosen: Callable[[PublicAward], object]) -> list[str]:
    return [award.organisation.name for award in many_awards(count).awards if chosen(award)]


def everything(_: PublicAward) -> bool:
    return True


def names(page: Page) -> list[str]:
    return page.locator("tbody th a").all_text_contents()


def said(page: Page, words: str) -> None:
    expect(page.get_by_role("status")).to_have_text(words)


def query(page: Page) -> str:
    return page.url.partition("?")[2]


def test_without_a_script_the_register_is_whole_and_shows_no_filter(opened: Open) -> None:
    page = opened("short/register/", java_script_enabled=False)
    assert page.get_by_role("search", name="Filter").count() == 0
    assert page.get_by_label("Search the register").is_hidden()
    assert page.locator("thead button").count() == 0
    assert names(page) == awards(30, everything)
    page = opened("long/register/", java_script_enabled=False)
    page.get_by_role("link", name="Next page").click()
    page.get_by_role("link", name="Page 3").click()
    assert names(page) == awards(SEVERAL, everything)[1000:]


FILTERS = {
    "Award": ("gold", "level=gold", lambda award: award.level == "gold"),
    "State": ("withdrawn", "state=withdrawn", lambda award: award.state == "withdrawn"),
    "Country": ("NO", "country=NO", lambda award: award.organisation.country == "NO"),
    "Sector": ("public sector", "sector=public+sector", lambda award: award.organisation.sector == "public sector"),
    "Edition": ("2003", "edition=2003", lambda award: award.edition == "2003"),
    "Year of award": ("2025", "year=2025", lambda award: award.awarded.year == 2025),
}


@pytest.mark.parametrize("label", FILTERS)
def test_each_filter_shows_what_it_says_and_stands_in_the_address(opened: Open, label: str) -> None:
    value, asked, chosen = FILTERS[label]
    wanted = awards(30, chosen)
    page = opened("short/register/")
    said(page, "30 of 30 awards shown")
    page.get_by_label(label, exact=True).select_option(value)
    said(page, f"{len(wanted)} of 30 awards shown")
    assert names(page) == wanted
    assert query(page) == asked
    page.reload()
    assert names(page) == wanted
    expect(page.get_by_label(label, exact=True)).to_have_value(value)


def test_filters_are_combined_and_a_link_takes_them_all_away(opened: Open) -> None:
    page = opened("short/register/?level=silver&country=NO&q=nowhere")
    said(page, "None of the 30 awards is like this.")
    page.get_by_label("Search the register").fill("")
    wanted = awards(30, lambda award: award.level == "silver" and award.organisation.country == "NO")
    said(page, f"{len(wanted)} of 30 awards shown")
    assert names(page) == wanted
    page.get_by_role("link", name="Show everything again").click()
    said(page, "30 of 30 awards shown")
    assert query(page) == ""
    expect(page.get_by_label("Country", exact=True)).to_have_value("")


def test_a_search_asks_for_every_word_and_forgives_accents_and_capitals(opened: Open) -> None:
    page = opened("short/register/")
    page.get_by_label("Search the register").press_sequentially("ELAN norway")
    wanted = awards(30, lambda a: a.organisation.name.startswith("Élan") and a.organisation.country == "NO")
    assert wanted
    said(page, f"{len(wanted)} of 30 awards shown")
    assert names(page) == wanted
    assert query(page) == "q=ELAN+norway"
    # Letter by letter, but one step back.
    page.go_back()
    said(page, "30 of 30 awards shown")
    expect(page.get_by_label("Search the register")).to_have_value("")


def test_what_the_register_does_not_know_is_not_asked_for(opened: Open) -> None:
    page = opened("short/register/?level=platinum&sort=colour&nonsense=1")
    said(page, "30 of 30 awards shown")
    assert names(page) == awards(30, everything)


def test_back_and_forward_lead_through_what_was_asked_for(opened: Open) -> None:
    page = opened("short/register/")
    page.get_by_label("Award", exact=True).select_option("gold")
    page.get_by_label("State", exact=True).select_option("active")
    said(page, f"{len(awards(30, lambda a: a.level == 'gold' and a.state == 'active'))} of 30 awards shown")
    page.go_back()
    said(page, "10 of 30 awards shown")
    expect(page.get_by_label("State", exact=True)).to_have_value("")
    page.go_back()
    said(page, "30 of 30 awards shown")
    page.go_forward()
    page.go_forward()
    assert query(page) == "level=gold&state=active"
    assert set(page.locator("tbody .state").all_text_contents()) == {"active"}


def by_name(name: str) -> tuple[str, int]:
    """As people order them: É is an E, and 9 comes before 10."""
    word, _, number = name.replace("É", "E").partition(" Trust ")
    return word, int(number)


COLUMNS: dict[str, tuple[str, Callable[[PublicAward], object]]] = {
    "Organisation and programme": ("organisation", lambda a: by_name(a.organisation.name)),
    "State": ("state", lambda a: ("active", "superseded", "suspended", "withdrawn", "expired").index(a.state)),
    "Award": ("level", lambda a: ("bronze", "silver", "gold").index(a.level)),
    "Awarded": ("awarded", lambda a: a.awarded),
    "Valid to": ("valid", lambda a: a.valid_until),
    "Edition": ("edition", lambda a: a.edition),
}  # fmt: skip


@pytest.mark.parametrize("column", COLUMNS)
def test_each_column_orders_the_rows_both_ways(opened: Open, column: str) -> None:
    name, key = COLUMNS[column]
    rows = many_awards(30).awards
    upwards = [award.organisation.name for award in sorted(rows, key=key)]  # type: ignore[arg-type, return-value]
    downwards = [award.organisation.name for award in sorted(rows, key=key, reverse=True)]  # type: ignore[arg-type, return-value]
    page = opened("short/register/")
    head = page.get_by_role("columnheader", name=column, exact=True)
    if name == "awarded":
        expect(head).to_have_attribute("aria-sort", "descending")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert names(page) == upwards
    assert query(page) == f"sort={name}"
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    assert names(page) == downwards
    assert query(page) == ("" if name == "awarded" else f"sort=-{name}")
    assert page.locator("th[aria-sort]").count() == 1


def test_everything_is_reached_and_done_by_keyboard(opened: Open) -> None:
    page = opened("short/register/")
    page.get_by_label("Search the register").focus()
    for label in ("Award", "State", "Country", "Sector", "Edition", "Year of award", "Order"):
        page.keyboard.press("Tab")
        expect(page.get_by_label(label, exact=True)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("2024")
    said(page, f"{len(awards(30, lambda award: award.awarded.year == 2024))} of 30 awards shown")
    page.get_by_role("link", name="Show everything again").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Organisation and programme")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("columnheader", name="Organisation")).to_have_attribute("aria-sort", "ascending")
    expect(page.get_by_role("button", name="Organisation and programme")).to_be_focused()
    page.get_by_label("Search the register").focus()
    page.keyboard.type("birch")
    page.keyboard.press("Enter")
    assert query(page) == "q=birch&year=2024&sort=organisation"
    assert all("Birch" in name for name in names(page))


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
@pytest.mark.parametrize("path", ["long/register/3/", "long/register/?q=nowhere", "short/register/statistics/"])
def test_what_the_small_site_lacks_is_accessible_too(opened: Open, path: str, width: int, scheme: str) -> None:
    """Several pages, nothing found, full statistics; the rest is looked at with the other pages of the site."""
    page = opened(path, viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.evaluate("document.fonts.ready.then(() => true)")
    assert axe_violations(page) == []
    assert not overflow(page)


def test_on_a_narrow_screen_the_order_is_chosen_in_the_form(opened: Open) -> None:
    page = opened("short/register/", viewport={"width": 320, "height": 640})
    assert page.locator("thead button:enabled").count() == 0
    assert page.get_by_role("columnheader").all_text_contents()[:3] == ["Organisation and programme", "State", "Award"]
    page.get_by_label("Order", exact=True).select_option("organisation")
    assert names(page)[0].startswith("Ash")
    assert page.locator(".table").evaluate("part => part.scrollWidth <= part.clientWidth")
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.get_by_role("button", name="Organisation and programme")).to_be_enabled()


# -- several pages --


def requests(page: Page) -> list[str]:
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url))
    return found


def other_pages_held(page: Page) -> Callable[[], None]:
    """Keep the two other pages of the long register waiting until what is returned is called."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    def let_go() -> None:
        for _ in range(100):
            if len(waiting) < 2:
                page.wait_for_timeout(50)
        assert len(waiting) == 2
        for route in waiting:
            route.continue_()

    page.route(re.compile(r"/register/\d/"), hold)
    return let_go


@pytest.mark.parametrize("path", ["long/register/", "long/register/2/", "long/register/2/index.html"])
def test_a_filter_finds_the_awards_of_every_page_and_fetches_each_once(opened: Open, path: str) -> None:
    page = opened(path)
    asked = requests(page)
    said(page, "500 of 1050 awards shown")
    assert page.get_by_role("navigation", name="Pages of the register").is_visible()
    page.get_by_label("Country", exact=True).select_option("ZA")
    said(page, "150 of 1050 awards shown")
    assert names(page) == awards(SEVERAL, lambda award: award.organisation.country == "ZA")
    assert page.get_by_role("navigation", name="Pages of the register").is_hidden()
    page.get_by_label("Country", exact=True).select_option("FR")
    said(page, "150 of 1050 awards shown")
    fetched = [url for url in asked if url.endswith(".html")]
    assert len(fetched) == len(set(fetched)) == 2
    # The rows lead to where they led on their own pages.
    wanted = {f"assessments/{a.key}/index.html" for a in many_awards(SEVERAL).awards if a.organisation.country == "FR"}
    links = page.locator("tbody td.level a").evaluate_all("links => links.map(link => link.href)")
    assert {link.partition("/long/")[2] for link in links} == wanted
    pictures = page.locator("tbody td.level img").evaluate_all("all => all.map(each => each.src)")
    assert {picture.partition("/long/")[2] for picture in pictures} <= {
        f"medals/2003/{level}.svg" for level in ("bronze", "silver", "gold")
    }
    # Without a filter it is the page it was.
    page.get_by_label("Country", exact=True).select_option("")
    said(page, "500 of 1050 awards shown")
    assert names(page) == awards(SEVERAL, everything)[500 if "/2/" in path else 0 :][:500]
    assert page.get_by_role("navigation", name="Pages of the register").is_visible()


def test_an_order_is_that_of_the_whole_register_and_as_much_is_shown_as_a_page_holds(opened: Open) -> None:
    page = opened("long/register/?sort=awarded")
    said(page, "1050 of 1050 awards found; the first 500 of them are shown")
    oldest_first = [a.organisation.name for a in sorted(many_awards(SEVERAL).awards, key=lambda a: a.awarded)]
    assert names(page) == oldest_first[:500]
    page.get_by_role("button", name="Show all of them").press("Enter")
    said(page, "1050 of 1050 awards shown")
    assert names(page) == oldest_first
    expect(page.get_by_role("button", name="Show all of them")).to_be_hidden()
    assert page.evaluate("document.activeElement.textContent") == oldest_first[500]
    expect(page.get_by_role("table")).to_have_accessible_name("Awards as chosen above")


def test_while_the_other_pages_come_it_says_so_and_the_last_word_counts(opened: Open) -> None:
    page = opened("long/register/")
    let_go = other_pages_held(page)
    page.get_by_label("Country", exact=True).select_option("ZA")
    said(page, "Loading the other pages of the register …")
    expect(page.locator("table.register")).to_have_attribute("aria-busy", "true")
    page.get_by_label("Country", exact=True).select_option("FR")
    page.get_by_label("Award", exact=True).select_option("gold")
    let_go()
    wanted = awards(SEVERAL, lambda award: award.organisation.country == "FR" and award.level == "gold")
    said(page, f"{len(wanted)} of 1050 awards shown")
    assert names(page) == wanted
    assert page.locator("table.register").get_attribute("aria-busy") is None


def test_what_is_no_longer_asked_for_is_not_shown_when_it_comes(opened: Open) -> None:
    page = opened("long/register/")
    let_go = other_pages_held(page)
    page.get_by_label("Country", exact=True).select_option("ZA")
    said(page, "Loading the other pages of the register …")
    page.get_by_label("Country", exact=True).select_option("")
    said(page, "500 of 1050 awards shown")
    assert page.locator("table.register").get_attribute("aria-busy") is None
    let_go()
    page.wait_for_load_state("networkidle")
    said(page, "500 of 1050 awards shown")
    assert len(names(page)) == 500


def test_where_a_page_cannot_be_had_it_says_so_and_tries_again_next_time(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}long/register/")
    page.route("**/register/3/**", lambda route: route.fulfill(status=500))
    page.get_by_label("Award", exact=True).select_option("gold")
    expect(page.get_by_role("status")).to_contain_text("could not be loaded")
    first = awards(SEVERAL, everything)[:500]
    gold = awards(SEVERAL, lambda award: award.level == "gold")
    assert names(page) == [name for name in first if name in gold]
    assert page.get_by_role("navigation", name="Pages of the register").is_visible()
    page.unroute("**/register/3/**")
    # A page of another register: not all awards are there.
    page.route("**/register/3/**", lambda route: route.fulfill(body="<table class=register><tbody></tbody></table>"))
    page.get_by_label("State", exact=True).select_option("active")
    expect(page.get_by_role("status")).to_contain_text("could not be loaded")
    page.unroute("**/register/3/**")
    page.get_by_label("State", exact=True).select_option("")
    said(page, "350 of 1050 awards shown")
    context.close()


def test_the_script_writes_no_words_and_no_markup_of_its_own() -> None:
    script = (Path(__file__).parents[1] / "themes/ismpe/assets/register.js").read_text(encoding="utf-8")
    assert "innerHTML" not in script
    assert "insertAdjacentHTML" not in script
    assert "document.write" not in script
