"""The page and the document of a report: they say what the data say, to whoever reads, and weigh little."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import html
from playwright.sync_api import Browser, Page

from ismpe_site.making import Options
from ismpe_site.pipeline import build
from ismpe_site.printing.press import press
from ismpe_site.project import Project
from ismpe_site.publications.markup import plain
from ismpe_site.serve import HERE
from tests.conftest import AS_OF, ROOT
from tests.published_text import letters, pdf_text
from tests.quality.browser import axe_violations, overflow, serve, watch
from tests.quality.pdf_validators import own_checks, page_validation, verapdf
from tests.quality.weight import weight
from tests.test_other_standards import ASSESSMENT, DRAFT, EDITION, PURPOSE, built, document, project, text

HEAVIEST = 100_000
COMPARED = "aldermoss-college/early-career-lecturers/2025-06"
BEFORE = "aldermoss-college/early-career-lecturers/2022-05"
CONTENT = ROOT / "content/assessments"
REPORTS = sorted(
    path.relative_to(CONTENT).with_suffix("").as_posix()
    for path in CONTENT.glob("*/*/20*.yaml")
    if "northmarrow" not in path.as_posix()  # its report is not public
)
NEW_EDITION = "content/standards/2024-draft/"
NEW_TEXTS = f"{NEW_EDITION}1-purpose.yaml"
CROSSWALK = f"{NEW_EDITION}crosswalk.yaml"


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of the project's own content."""
    output = tmp_path_factory.mktemp("reports") / "output"
    build(Project.at(ROOT), output, Options(AS_OF, html_only=True), HERE)
    return output / "public"


def page_of(public: Path, key: str) -> Any:
    return html.fromstring((public / f"assessments/{key}/index.html").read_text(encoding="utf-8"))


def words(element: Any) -> str:
    return " ".join(element.text_content().split())


def rows(page: Any, table: str) -> list[list[str]]:
    """The rows of the table with this caption's id, head and body, cell by cell."""
    (found,) = page.xpath(f"//table[caption/@id='{table}']")
    return [[words(cell) for cell in row.xpath("./th|./td")] for row in found.xpath(".//tr")]


def answers_of(key: str) -> dict[str, dict[str, Any]]:
    """Criterion → its answer as it is written."""
    written = yaml.load((CONTENT / f"{key}.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    return {
        criterion: answer if isinstance(answer, dict) else {"rating": answer}
        for criterion, answer in written["ratings"].items()
    }


def percent(fraction: str) -> str:
    tenths = Fraction(fraction) * 1000 // 1
    return f"{tenths // 10}.{tenths % 10} %"


def scores_of(public: Path, key: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((public / f"assessments/{key}/result.json").read_bytes())
    return found


# -- the page --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", REPORTS)
def test_the_scores_at_a_glance_are_number_word_and_bar(public: Path, key: str) -> None:
    scores, page = scores_of(public, key), page_of(public, key)
    (_, *standards, overall) = rows(page, "t-scores")
    bars = [row.xpath(".//rect[@class='fill']/@width") for row in page.xpath("//table[caption/@id='t-scores']//tr")[1:]]
    for standard, row, bar in zip(scores["core_standards"], standards, bars, strict=False):
        fraction = standard["fraction"]
        assert row[0].startswith(f"{standard['number']} ")
        assert row[1] == ("not rated" if fraction is None else percent(fraction))
        assert bar == ([] if fraction is None else [percent(fraction).removesuffix(" %")])
        if standard["unrated"]:
            assert "reached" not in row[3]
        else:
            # Every level of the edition has the minimum of 60 %.
            assert row[3] == ("minimum reached" if Fraction(fraction) >= Fraction(60, 100) else "below the minimum")
    assert overall[1] == percent(scores["overall"]["fraction"])
    reached = [level["level"] for level in scores["levels"] if level["overall_short"] == "0 points"]
    assert overall[3] == (f"enough for {reached[-1]}" if scores["complete"] else "")


@pytest.mark.parametrize("key", REPORTS)
def test_the_working_leads_from_the_points_to_the_award(public: Path, key: str) -> None:
    scores, page = scores_of(public, key), page_of(public, key)
    (head, *standards, overall) = rows(page, "t-points")
    for standard, row in zip([*scores["core_standards"], scores["overall"]], [*standards, overall], strict=True):
        shown = dict(zip(head, row, strict=True))
        assert (shown["Points"], shown["Available"]) == (standard["points"], standard["available"])
        assert shown["Exactly"] == (standard["fraction"] or "–")
    if not scores["complete"]:
        assert page.xpath("//*[@id='t-levels' or @id='next']") == []
        return
    results = {row[0].lower(): row[3] for row in rows(page, "t-levels")[1:]}
    assert results == {level["level"]: "met" if level["met"] else "not met" for level in scores["levels"]}
    changes = scores["next_level"]["changes"] if scores["next_level"] else []
    shown_changes = page.xpath("//section[@aria-labelledby='next']//ul[@class='way']/li")
    written = answers_of(key)
    for change, item in zip(changes, shown_changes, strict=True):
        said = words(item)
        assert said.startswith(f"{change['criterion']} ")
        assert f"from {change['from']} " in said
        assert f"to {change['to']} " in said
        answer = written[change["criterion"]]
        assert words(html.fromstring(f"<p>{plain(answer.get('recommendation') or answer['finding'])}</p>")) in said


@pytest.mark.parametrize("key", REPORTS)
def test_every_criterion_has_its_rating_finding_evidence_and_recommendation(public: Path, key: str) -> None:
    page, written = page_of(public, key), answers_of(key)
    articles = {article.get("id"): article for article in page.find_class("answer")}
    assert len(articles) == 57
    for criterion, answer in written.items():
        article = articles[f"c{criterion}"]
        (rating,) = article.find_class("rating")
        if "rating" in answer:
            assert words(rating).startswith(f"{answer['rating']} of 4 ")
            assert rating.xpath(".//use/@href") == [f"#r{answer['rating']}"]
        else:
            assert words(rating) == "Not applicable"
        said = letters(words(article))
        for field in ("finding", "recommendation", "departure", "not_applicable"):
            assert field not in answer or letters(plain(answer[field])) in said, (criterion, field)
        assert article.xpath(".//p[@class='muted']/a/@href") == [f"#{number}" for number in answer.get("evidence", [])]
    assert {f"c{criterion}" for criterion in written} >= {
        key for key, article in articles.items() if words(article.find_class("rating")[0]) != "Not yet rated"
    }


@pytest.mark.parametrize("key", REPORTS)
def test_the_contents_show_each_score_and_lead_to_every_part(public: Path, key: str) -> None:
    page, scores = page_of(public, key), scores_of(public, key)
    (contents,) = page.xpath("//div[@class='aside']//ul")
    shown = [words(score) for score in contents.find_class("toc-score")]
    expected = [standard["fraction"] for standard in scores["core_standards"]]
    assert shown == ["not rated" if fraction is None else percent(fraction) for fraction in expected]
    places = page.xpath("//main//h2/@id")
    assert contents.xpath(".//a/@href") == [f"#{place}" for place in places]


def test_private_evidence_is_only_a_number(public: Path) -> None:
    seen = 0
    for key in REPORTS:
        written = yaml.load((CONTENT / f"{key}.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
        page = page_of(public, key)
        for number, item in written.get("evidence", {}).items():
            cited = page.xpath(f"//article//a[@href='#{number}']")
            tails = {(link.tail or "").split(",")[0].strip() for link in cited}
            private = item.get("visibility") == "private"
            assert tails <= {""} if private else tails <= {item["kind"]}, (key, number)
            seen += private and bool(cited)
    assert seen > 2


@pytest.mark.parametrize("key", REPORTS)
def test_a_page_weighs_little(public: Path, key: str) -> None:
    assert (public / f"assessments/{key}/index.html").stat().st_size <= HEAVIEST


@pytest.mark.browser
def test_all_that_a_browser_loads_for_a_report_weighs_little(public: Path, browser: Browser) -> None:
    """In French it is test_languages.py that weighs."""
    assert sum(len(answers_of(key)) == 57 for key in REPORTS) >= 5
    with serve(public) as address:
        for key in REPORTS:
            page = f"assessments/{key}/"
            found = weight(browser, public, address, page)
            assert {f"{page}index.html", "assets/site.css", "assets/logo.svg", "assets/favicon.svg"} <= set(found)
            assert sum(found.values()) <= HEAVIEST, found


@pytest.mark.parametrize(
    ("silver", "gold", "said"),
    [
        (50, 80, ["minimum for silver reached", "minimum for gold reached"]),
        (70, 90, ["below the minimum for silver", "minimum for gold reached"]),
    ],
)
def test_where_the_minima_differ_the_level_is_named(tmp_path: Path, silver: int, gold: int, said: list[str]) -> None:
    levels = f"  - {{level: silver, overall: 60, each_core_standard: {silver}}}\n"
    edition = text(
        EDITION,
        ("  - {level: bronze, overall: 60, each_core_standard: 50}\n", levels),
        ("overall: 90, each_core_standard: 50", f"overall: 90, each_core_standard: {gold}"),
    )
    answers = text(ASSESSMENT, ("2.2: {rating: 2,", "2.2: {rating: 4,"))
    weighted = text(PURPOSE, ("  - id: 1.2\n", "  - id: 1.2\n    weight: 2\n"))
    site = project(tmp_path, {EDITION: edition, ASSESSMENT: answers, PURPOSE: weighted})
    page = page_of(built(site), "brook-trust/starters/2024-05")
    assert [row[1] for row in rows(page, "t-scores")[1:3]] == ["66.6 %", "100.0 %"]
    assert [row[3] for row in rows(page, "t-scores")[1:3]] == said
    assert len(page.xpath("//table[caption/@id='t-scores']//tr[2]//rect[@class='tick']")) == 2
    assert f"Marks: {silver} % for silver, {gold} % for gold, the minimum in each core standard" in words(page)
    assert "These criteria have weights of their own: 1.2 × 2." in words(page)


def test_a_score_that_is_just_the_minimum_reaches_it(tmp_path: Path) -> None:
    edition = text(EDITION, ("overall: 60, each_core_standard: 50", "overall: 75, each_core_standard: 75"))
    edition = edition.replace("each_core_standard: 50", "each_core_standard: 75")
    page = page_of(built(project(tmp_path, {EDITION: edition})), "brook-trust/starters/2024-05")
    assert [row[1::2] for row in rows(page, "t-scores")[1:3]] == [["75.0 %", "minimum reached"]] * 2
    assert rows(page, "t-scores")[3][3] == "enough for bronze"


# -- then and now ----------------------------------------------------------------------------------------------------


def test_every_criterion_is_compared_with_the_report_before(public: Path) -> None:
    page = page_of(public, COMPARED)
    then, now = ({c: int(a["rating"]) for c, a in answers_of(key).items()} for key in (BEFORE, COMPARED))
    told = {True: "improved", False: "declined"}
    different = {c: (points, now[c]) for c, points in then.items() if now[c] != points}
    expected = {c: [f"{a}", f"{b}", f"{told[b > a]} by {abs(b - a)}"] for c, (a, b) in different.items()}
    found = {row[0].split()[0]: row[1:] for row in rows(page, "t-criteria")[1:] if len(row) == 4}
    assert found == expected
    assert len(expected) == 21
    same = [link.get("href") for link in page.xpath("//table[caption/@id='t-criteria']//td[@colspan]//a")]
    assert same == [f"#c{criterion}" for criterion in now if now[criterion] == then[criterion]]
    declined = page.xpath("//section[@aria-labelledby='comparison']/ul/li")
    assert [words(item).split()[0] for item in declined] == [c for c in now if now[c] < then[c]]
    # It stands at the rating itself as well.
    for criterion in now:
        rating = words(page.get_element_by_id(f"c{criterion}").find_class("rating")[0])
        changed = f"{told[now[criterion] > then[criterion]]} from {then[criterion]}"
        assert rating.endswith(changed) == (now[criterion] != then[criterion])


def test_every_core_standard_is_compared_with_the_report_before(public: Path) -> None:
    page = page_of(public, COMPARED)
    then, now = (scores_of(public, key) for key in (BEFORE, COMPARED))
    both = zip([*then["core_standards"], then["overall"]], [*now["core_standards"], now["overall"]], strict=True)
    shown = rows(page, "t-compare")[1:]
    for (before, after), row in zip(both, shown, strict=True):
        tenths = (Fraction(after["fraction"]) - Fraction(before["fraction"])) * 1000 // 1
        assert row[1:3] == [percent(before["fraction"]), percent(after["fraction"])]
        assert row[4] == f"improved by {tenths // 10}.{tenths % 10}"
    assert shown[-1][0] == "Overall 20 improved, 1 declined, 36 unchanged"


@pytest.fixture(scope="module")
def two_editions(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The small site after its second edition, which rewords 2.2, came into force, and a report made against it."""
    files = {
        EDITION: text(EDITION, ("status: current", "status: superseded")),
        f"{NEW_EDITION}edition.yaml": text(f"{NEW_EDITION}edition.yaml", ("status: draft", "status: current")),
        DRAFT: text(
            ASSESSMENT,
            ("edition: 2020", "edition: 2024-draft"),
            ("2024-05", "2025-11"),
            ("2024-06-03", "2025-11-30"),
            ("1.1: {rating: 4", "1.1: {rating: 2"),
            ("1.2: {rating: 2", "1.2: {rating: 4"),
        ),
    }
    return project(tmp_path_factory.mktemp("two"), files)


LATER = "brook-trust/starters/2025-11"


def test_where_editions_differ_in_wording_nothing_is_compared(two_editions: Project) -> None:
    page = page_of(built(two_editions), LATER)
    comparison = words(page.xpath("//section[@aria-labelledby='comparison']")[0])
    assert "It was made against Standard 2020, this one against Standard 2024 (draft): a criterion is" in comparison
    found = {row[0].split()[0]: row[1:] for row in rows(page, "t-criteria")[1:] if len(row) == 4}
    assert found == {
        "1.1": ["4", "2", "declined by 2"],
        "1.2": ["2", "4", "improved by 2"],
        "1.3": ["–", "–", "did not apply, then or now"],
        "2.2": ["2", "2", "not comparable: wording changed"],
    }
    scores = [[row[0].split(" ", 1)[0], *row[1:]] for row in rows(page, "t-compare")[1:]]
    assert scores == [
        ["1", "75.0 %", "75.0 %", "", "unchanged"],
        ["2", "75.0 %", "75.0 %", "", "not comparable"],
        ["Overall", "75.0 %", "75.0 %", "", "not comparable"],
    ]
    bars = [len(row.find_class("then")) for row in page.xpath("//table[caption/@id='t-compare']//tr")[1:]]
    assert bars == [1, 0, 0]


@pytest.mark.java
def test_the_document_says_the_same_and_both_validators_accept_it(two_editions: Project, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(press(document(two_editions, f"assessments/{LATER}/report.pdf"), two_editions.theme()))
    said = pdf_text(file)
    assert "It was made against Standard 2020, this one against Standard 2024 (draft)" in said
    for sentence in ("declined by 2", "improved by 2", "not comparable: wording changed", "A briefing may be poor."):
        assert sentence in said
    assert "Unchanged, with its points: 2.1 (4)" in said
    assert own_checks(file) == []
    verdicts = [*verapdf([file], ("3a", "ua1")), *page_validation([file], ("3a", "ua1"))]
    assert [verdict["compliant"] for verdict in verdicts] == [True] * 4


def test_the_printed_comparison_is_that_of_the_page(public: Path, tmp_path: Path) -> None:
    page, site = page_of(public, COMPARED), Project.at(ROOT)
    file = tmp_path / "report.pdf"
    file.write_bytes(press(report_document(site, COMPARED), site.theme()))
    said = letters(pdf_text(file))
    for row in rows(page, "t-criteria")[1:]:
        if len(row) == 4:
            assert letters("".join(row)) in said, row
    for row in rows(page, "t-compare")[1:]:
        assert letters("".join(row[:3])) in said.replace(letters("From 0 to 100 %"), ""), row


def report_document(site: Project, key: str) -> Any:
    from tests.whole import load, planned

    theme = site.theme()
    artefact = planned(load(site.content).catalogue, AS_OF, site.site(), theme)[f"assessments/{key}/report.pdf"]
    return artefact.render(artefact.inputs, theme)


# -- in a browser ----------------------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("view", ["light", "dark", "narrow"])
def test_a_comparison_that_cannot_be_made_is_accessible(browser: Browser, two_editions: Project, view: str) -> None:
    public = built(two_editions)
    narrow = view == "narrow"
    context = browser.new_context(
        viewport={"width": 320 if narrow else 1280, "height": 800}, color_scheme="dark" if view == "dark" else "light"
    )
    with serve(public) as address:
        page = context.new_page()
        seen = watch(page, address)
        page.goto(f"{address}assessments/{LATER}/")
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        assert axe_violations(page) == []
        assert not overflow(page)
        assert seen.console_errors == []
        for table in ("Marks", "Scores then and now", "Points of each criterion"):
            check_table(page, table)
    context.close()


def check_table(page: Page, caption: str) -> None:
    """It is a table still, and its cells are seen, however narrow."""
    table = page.locator("table").filter(has=page.locator("caption", has_text=caption))
    assert page.get_by_role("table").filter(has=page.locator("caption", has_text=caption)).count() == 1
    assert table.get_by_role("rowheader").count() >= 2
    region = table.locator("xpath=..")
    assert region.evaluate("part => part.scrollWidth <= part.clientWidth")


@pytest.mark.browser
def test_the_contents_follow_what_is_read(browser: Browser, public: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    with serve(public) as address:
        page.goto(f"{address}assessments/{COMPARED}/")
        assert page.evaluate("CSS.supports('selector(:target-current)')"), "these tests need Chromium 140 or newer"
        for place, name in (("#summary", "#summary"), ("#c4\\.3", "#s4")):
            page.locator(place).evaluate("part => part.scrollIntoView({block: 'start', behavior: 'instant'})")
            page.wait_for_timeout(200)
            marked = page.locator(".aside a:target-current").evaluate_all("them => them.map(a => a.hash)")
            assert marked == [name]
    page.close()
