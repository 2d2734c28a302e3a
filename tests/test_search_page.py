"""The search page in a browser, under the headers the site is published with."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ismpe_site.build.executors.in_process import InProcess
from ismpe_site.late import Workers
from ismpe_site.making import Options
from ismpe_site.pipeline import build
from ismpe_site.project import Project
from tests.conftest import AS_OF, ROOT
from tests.quality.browser import axe_violations, headers_of, overflow, serve, watch
from tests.test_publication import small_site, spoil

pytestmark = pytest.mark.browser
HERE = Workers(InProcess(), InProcess())
CLAUSE = "standard/2003/2/index.html#c2.3"
VIEWS = {
    "light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}, "color_scheme": "light"},
}


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of the project's own content."""
    output = tmp_path_factory.mktemp("search") / "output"
    build(Project.at(ROOT), output, Options(AS_OF, html_only=True), HERE)
    return output / "public"


@pytest.fixture(scope="module")
def home(public: Path) -> Iterator[str]:
    with serve(public) as home:
        yield home


@pytest.fixture
def page(browser: Browser, home: str) -> Iterator[Page]:
    """A page that must not have complained of anything when the test is done."""
    page = browser.new_page()
    page.set_default_timeout(10_000)
    seen = watch(page, home)
    yield page
    assert (seen.console_errors, seen.foreign_requests) == ([], [])
    page.close()


def answered(page: Page, count: int | str) -> list[str]:
    """The titles of what is shown when so much was found."""
    words = f"Results: {count}" if isinstance(count, int) else count
    expect(page.get_by_role("status")).to_have_text(words)
    return page.locator(".found-title a").all_text_contents()


def addresses(page: Page, home: str) -> list[str]:
    links = page.locator(".found-title a").all()
    return [str(link.evaluate("link => link.href")).removeprefix(home) for link in links]


def test_a_clause_of_the_current_edition_is_found_by_a_word_of_it_and_others_only_when_asked_for(
    page: Page, home: str
) -> None:
    page.goto(f"{home}search/?q=distinction")
    assert answered(page, 1) == ["Criterion 2.3"]
    assert addresses(page, home) == [CLAUSE]
    assert page.locator(".found mark").all_text_contents() == ["distinction"]
    text = page.locator(".found-text").inner_text()
    assert text.startswith("Participants obtain a clear distinction")
    page.get_by_label("Also earlier and draft editions").check()
    assert answered(page, 2) == ["Criterion 2.3", "Criterion 2.3"]
    assert page.url == f"{home}search/?q=distinction&all=yes"
    assert addresses(page, home) == [CLAUSE, "standard/2026-draft/2/index.html#c2.3"]
    labels = [" ".join(one.inner_text().split()) for one in page.locator(".found-title").all()]
    assert labels == [
        "Criterion 2.3 Clause ISMPE 2003", "Criterion 2.3 Clause ISMPE 2026 (draft) draft",
    ]  # fmt: skip
    page.get_by_role("link", name="Criterion 2.3").first.click()
    page.wait_for_url(home + CLAUSE)


@pytest.mark.parametrize("words", ["2.3", "criterion 2.3"])
def test_a_clause_is_found_by_its_number(page: Page, home: str, words: str) -> None:
    page.goto(f"{home}search/")
    page.get_by_label("Words, or the number of a clause").fill(words)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Criterion 2.3", exact=True)).to_be_visible()


def test_organisations_people_and_pages_are_found_and_told_apart(page: Page, home: str) -> None:
    page.goto(f"{home}search/?q=northmarrow")
    assert answered(page, 1) == ["Northmarrow Insurance"]
    assert page.locator(".found-title").inner_text().split()[2:] == ["Organisation", "Specimen"]
    page.goto(f"{home}search/?q=mentor&kind=organisation")
    expect(page.get_by_label("Organisations")).to_be_checked()
    expect(page.locator(".found-title").first).to_contain_text("Organisation")
    assert all("organisations/" in address for address in addresses(page, home))
    page.get_by_label("Terms").check()
    expect(page.locator(".found-title").first).to_contain_text("Term")
    assert all("standard/2003/glossary/index.html#dfn-" in address for address in addresses(page, home))
    page.get_by_label("People").check()
    expect(page.locator(".found-title").first).to_contain_text("Person")
    assert all("people/" in address for address in addresses(page, home))
    page.get_by_role("radio", name="Pages").check()
    expect(page.locator(".found-title").first).to_contain_text("Page")
    assert page.url == f"{home}search/?q=mentor&kind=page"


def test_back_and_forward_lead_through_what_was_asked(page: Page, home: str) -> None:
    page.goto(f"{home}search/?q=distinction")
    answered(page, 1)
    page.get_by_label("Words, or the number of a clause").fill("northmarrow")
    page.get_by_role("button", name="Search").click()
    assert answered(page, 1) == ["Northmarrow Insurance"]
    page.get_by_label("Clauses").check()
    assert answered(page, "Nothing was found. Try fewer or other words.") == []
    assert page.title().startswith("northmarrow · Search")
    page.go_back()
    assert answered(page, 1) == ["Northmarrow Insurance"]
    expect(page.get_by_label("Everything")).to_be_checked()
    page.go_back()
    assert answered(page, 1) == ["Criterion 2.3"]
    assert page.get_by_label("Words, or the number of a clause").input_value() == "distinction"
    page.go_forward()
    assert answered(page, 1) == ["Northmarrow Insurance"]


def test_the_keyboard_alone_leads_from_any_page_to_a_clause(page: Page, home: str) -> None:
    page.goto(f"{home}process/")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.type("distinction")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{home}search/index.html?q=distinction")
    answered(page, 1)
    page.get_by_label("Words, or the number of a clause").focus()
    reached = []
    while "Criterion 2.3" not in reached and len(reached) < 8:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent || document.activeElement.name"))
    assert reached == ["Search", "kind", "all", "Criterion 2.3"]
    page.keyboard.press("Enter")
    page.wait_for_url(home + CLAUSE)


def test_more_results_are_shown_on_demand_and_the_first_of_them_gets_the_focus(page: Page, home: str) -> None:
    page.goto(f"{home}search/?q=programme")
    expect(page.locator(".found > li")).to_have_count(20)
    page.get_by_role("button", name="More results").click()
    expect(page.locator(".found > li")).to_have_count(40)
    expect(page.locator(".found > li").nth(20).locator("a")).to_be_focused()


def test_nothing_is_searched_for_until_something_is_asked(page: Page, home: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{home}search/?q=%20&kind=nonsense")
    expect(page.get_by_label("Everything")).to_be_checked()
    assert answered(page, "") == []
    assert not [url for url in asked if "/pagefind/" in url]


@pytest.mark.parametrize("view", VIEWS)
def test_the_page_with_results_is_accessible(browser: Browser, home: str, view: str) -> None:
    context = browser.new_context(**VIEWS[view])  # type: ignore[arg-type]  # two literal options
    page = context.new_page()
    page.goto(f"{home}search/?q=mentor&all=yes")
    expect(page.locator(".found > li")).to_have_count(20)
    page.evaluate("document.fonts.ready.then(() => true)")
    assert axe_violations(page) == []
    assert not overflow(page)
    context.close()


def test_without_a_script_the_field_leads_to_lists(browser: Browser, home: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(home)
    page.get_by_label("Search this site").fill("distinction")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{home}search/index.html?q=distinction")
    page.get_by_role("link", name="Clauses of ISMPE 2003").click()
    page.get_by_role("link", name="Criterion 2.3").click()
    page.wait_for_url(home + CLAUSE)
    context.close()


# -- names that look like HTML --


def test_what_looks_like_html_is_shown_as_it_is_written(browser: Browser, tmp_path: Path) -> None:
    root = small_site(tmp_path / "site")
    name = "R&D <script>alert(1)</script> <mark>Trust</mark> & Co"
    spoil(root / "content/assessments/brook-trust/organisation.yaml", "name: Brook Trust", f"name: {name}")
    spoil(root / "content/assessments/brook-trust/starters/programme.yaml", "name: Starters", f"name: {name}")
    build(Project.at(root), tmp_path / "output", Options(AS_OF, html_only=True), HERE)
    with serve(tmp_path / "output/public") as home:
        page = browser.new_page()
        seen = watch(page, home)
        page.goto(f"{home}search/?q=trust")
        assert answered(page, 1) == [name]
        assert page.locator(".found-text").inner_text().endswith(f" · {name}")
        assert page.locator(".found mark").all_text_contents() == ["<mark>Trust</mark>"]
        assert page.locator(".found script").count() == 0
        assert seen.console_errors == []
        page.close()


# -- the policy --


def test_only_the_search_page_may_compile_a_program(public: Path) -> None:
    rules = (public / "_headers").read_text(encoding="utf-8")
    for path in public.resolve().rglob("*.html"):
        address = "/" + path.relative_to(public.resolve()).as_posix()
        policy = headers_of(rules, address)["Content-Security-Policy"]
        assert ("wasm" in policy) == (address == "/search/index.html"), address
        assert "," not in policy
        assert policy.startswith("default-src 'none'; ")
        assert headers_of(rules, address)["X-Content-Type-Options"] == "nosniff"
    assert "wasm" in headers_of(rules, "/search/")["Content-Security-Policy"]
    assert "wasm" not in headers_of(rules, "/pagefind/pagefind.js")["Content-Security-Policy"]


def moved(public: Path, folder: Path, rules: str, prefix: str = "") -> Path:
    """The site under a path, and under other rules."""
    folder.mkdir()
    (folder / "_headers").write_text(rules, encoding="utf-8")
    if prefix:
        (folder / prefix).symlink_to(public.resolve())
    else:
        for path in public.resolve().iterdir():
            if path.name != "_headers":
                (folder / path.name).symlink_to(path)
    return folder


def test_under_a_stricter_policy_the_page_says_what_to_do(browser: Browser, public: Path, tmp_path: Path) -> None:
    """Where a host joins both policies."""
    rules = (public / "_headers").read_text(encoding="utf-8").replace("  ! Content-Security-Policy\n", "")
    with serve(moved(public, tmp_path / "host", rules)) as home:
        page = browser.new_page()
        page.goto(f"{home}search/?q=distinction")
        expect(page.get_by_role("link", name="Clauses of ISMPE 2003")).to_be_visible()
        assert page.locator(".found > li").count() == 0
        page.close()


def test_a_search_that_cannot_be_loaded_is_said(browser: Browser, public: Path, tmp_path: Path) -> None:
    rules = (public / "_headers").read_text(encoding="utf-8").replace(" 'wasm-unsafe-eval'", "")
    with serve(moved(public, tmp_path / "host", rules)) as home:
        page = browser.new_page()
        page.goto(f"{home}search/?q=distinction")
        answered(page, "The search could not be loaded. The lists below work without it.")
        page.close()


def test_the_search_works_under_any_path(browser: Browser, public: Path, tmp_path: Path) -> None:
    rules = (public / "_headers").read_text(encoding="utf-8").replace("/search/*", "/a/search/*")
    with serve(moved(public, tmp_path / "host", rules, "a")) as home:
        page = browser.new_page()
        page.goto(f"{home}a/search/?q=distinction")
        assert answered(page, 1) == ["Criterion 2.3"]
        assert addresses(page, home) == [f"a/{CLAUSE}"]
        page.close()
