"""The site as built from the real content: what is on it, what is not, and that it hangs together."""

import csv
import io
import json
import re
from datetime import timedelta
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from lxml import html

from ismpe_site.publications.markup import plain
from tests.conftest import AS_OF, ROOT, BuiltSite, ismpe
from tests.published_text import letters, published_letters
from tests.quality.links import broken_links
from tests.source_text import read_standards
from tests.test_specimens import SPECIMENS, tallied

TEXT_FILES = (".html", ".json", ".jsonld", ".csv", ".svg", ".xml", ".txt")
PRIVATE_ORGANISATION = "northmarrow-insurance/leadership-bench/2024-10"


def words(page: str) -> str:
    """The text of a page as a reader sees it, white space folded."""
    return " ".join(html.fromstring(page).text_content().split())


def test_the_command_says_what_to_open(site: BuiltSite) -> None:
    assert f"as on {AS_OF}" in site.words
    assert "open " in site.words
    assert site.words.rstrip().endswith("public/index.html")


def test_every_link_and_fragment_resolves(site: BuiltSite) -> None:
    assert broken_links(site.public) == []


def test_every_clause_of_the_source_is_on_the_edition_word_for_word(site: BuiltSite) -> None:
    source = read_standards()
    tree = html.fromstring(site.read("standard/2003/index.html"))
    shown = {}
    for clause in tree.xpath('//div[@class="clause"]'):
        shown[clause.get("id")] = " ".join(
            clause.xpath('./p[contains(@class, "normative")]/span')[0].text_content().split()
        )
    assert len(source.criteria()) == 57
    for number, text in source.criteria().items():
        assert shown.pop(f"c{number}") == text
    for number, text in source.outcomes().items():
        assert shown.pop(number) == text
    assert shown == {}


def test_every_core_standard_page_has_its_clauses_and_neighbours(site: BuiltSite) -> None:
    source = read_standards()
    for number in range(1, 7):
        page = site.read(f"standard/2003/{number}/index.html")
        for criterion, text in source.criteria().items():
            assert (text in words(page)) == criterion.startswith(f"{number}.")
        assert ('rel="prev"' in page) == (number > 1)
        assert ('rel="next"' in page) == (number < 6)


def test_the_draft_edition_leads_to_the_same_clause_of_the_current_one(site: BuiltSite) -> None:
    tree = html.fromstring(site.read("standard/2026-draft/4/index.html"))
    banner = tree.xpath('//aside[contains(@class, "status")]')[0]
    assert "Draft for consultation" in banner.text_content()
    assert banner.xpath(".//a/@href") == ["../../2003/4/index.html"]
    clause = tree.get_element_by_id("c4.2")
    assert clause.xpath('.//p[@class="elsewhere"]/a/@href') == ["../../2003/4/index.html#c4.2"]
    switcher = tree.xpath('//nav[@class="switcher"]')[0]
    assert "../../2003/4/index.html" in switcher.xpath(".//a/@href")


def test_errata_stand_at_their_clause(site: BuiltSite) -> None:
    clause = html.fromstring(site.read("standard/2003/1/index.html")).get_element_by_id("c1.6")
    assert "complimentary" in clause.text_content()
    assert "complementary" in clause.xpath('.//div[@class="erratum"]')[0].text_content()


def test_an_erratum_of_several_clauses_stands_at_each_of_them(site: BuiltSite) -> None:
    for page, anchor in ((1, "c1.3"), (2, "o2.2"), (3, "o3.4"), (4, "c4.1")):
        clause = html.fromstring(site.read(f"standard/2003/{page}/index.html")).get_element_by_id(anchor)
        assert "A semicolon stands before" in clause.text_content(), anchor
    whole = html.fromstring(site.read("standard/2003/index.html"))
    assert "A semicolon" not in whole.xpath('//section[@aria-labelledby="errata"]')[0].text_content()


def test_the_pages_of_the_leaflet_lead_to_its_errata(site: BuiltSite) -> None:
    whole = html.fromstring(site.read("standard/2003/index.html"))
    listed = words(site.read("standard/2003/index.html")).partition("Errata of the leaflet")[2]
    assert whole.get_element_by_id("errata-leaflet").getparent().get("aria-labelledby") == "errata"
    assert "The award is named after Malcolm Baldrige" in listed
    for page in ("about", "about/value", "about/advisory-board", "about/assessors", "process"):
        links = html.fromstring(site.read(f"{page}/index.html")).xpath("//main//a/@href")
        assert [link for link in links if link.endswith("standard/2003/index.html#errata-leaflet")], page


def test_the_machine_readable_standard_holds_every_clause(site: BuiltSite) -> None:
    source = read_standards()
    data = json.loads(site.read("standard/2003/ismpe-2003.json"))
    assert {c["id"]: c["text"] for s in data["core_standards"] for c in s["criteria"]} == source.criteria()
    rows = list(csv.DictReader(io.StringIO(site.read("standard/2003/ismpe-2003.csv"))))
    assert {row["id"]: row["text"] for row in rows if row["kind"] == "criterion"} == source.criteria()
    assert {row["id"]: row["text"] for row in rows if row["kind"] == "outcome"} == source.outcomes()
    leads = [(row["core_standard"], row["id"], row["text"]) for row in rows if row["kind"] == "lead"]
    assert leads == [("4", "", "The programme is measured sufficiently frequently and appropriately to:")]
    assert [row["kind"] for row in rows if row["core_standard"] == "4"][:2] == ["lead", "outcome"]


# What the card of each specimen's page must show.
SHOWN = {
    "quillmere-health-partnership/new-managers/2025-03": ("Gold award", "95.9 %", "active"),
    "aldermoss-college/early-career-lecturers/2022-05": ("Bronze award", "82.4 %", "superseded"),
    "aldermoss-college/early-career-lecturers/2025-06": ("Silver award", "90.7 %", "active"),
    "larkhaven-rail/women-in-operations/2025-09": ("Bronze award", "83.0 %", "active"),
    "kestrelwyn-engineering/apprentices/2024-04": ("Bronze award", "82.1 %", "withdrawn"),
    "corrievale-council/graduate-trainees/2026-02": ("No award", "85.0 %", None),
    "hestwick-housing-trust/returners/2026-11": ("38 of 57 criteria answered", None, None),
    PRIVATE_ORGANISATION: ("Silver award", None, "active"),
}


@pytest.mark.parametrize(("key", "expected"), SHOWN.items(), ids=SHOWN)
def test_the_page_of_each_specimen_shows_its_result(
    site: BuiltSite, key: str, expected: tuple[str, str | None, str | None]
) -> None:
    tree = html.fromstring(site.read(f"assessments/{key}/index.html"))
    card = " ".join(tree.find_class("award-card")[0].text_content().split())
    result, percent, state = expected
    assert result in card
    assert percent is None or percent in card
    assert state is None or state in card
    assert "Specimen" in tree.find_class("specimen")[0].text_content()


def test_a_report_in_progress_says_what_is_still_possible_and_speaks_of_no_level(site: BuiltSite) -> None:
    tree = html.fromstring(site.read("assessments/hestwick-housing-trust/returners/2026-11/index.html"))
    working = tree.xpath('//section[@aria-labelledby="working"]')[0]
    said = " ".join(working.text_content().split())
    assert said.startswith("What is still possible 19 criteria are still to rate.")
    assert "between 58.0 % and 91.9 %" in said
    table = working.xpath(".//table[caption/@id='t-possible']")[0]
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in table.xpath("./tbody/tr")]
    assert rows[3:] == [
        ["4 Processes for measurement and review", "5", "38.8 to 94.4 %"],
        ["5 Maintains high standards of ethics", "all 5", "0.0 to 100.0 %"],
        ["6 Administration and support", "all 9", "0.0 to 100.0 %"],
    ]
    assert rows[0] == ["1 Clarity of purpose", "none", "93.7 %"]
    for word in ("reached", "met", "Gold", "Silver", "Bronze"):
        assert word not in said.split()


CERTIFICATE = {
    "larkhaven-rail/women-in-operations/2025-09": "not issued; overdue since 4 November 2025",
    "kestrelwyn-engineering/apprentices/2024-04": "ISMPE-2024-0001-0, issued on 7 June 2024",
}


@pytest.mark.parametrize(("key", "expected"), CERTIFICATE.items(), ids=CERTIFICATE)
def test_the_process_record_says_whether_a_certificate_is_issued_and_when_it_was_due(
    site: BuiltSite, key: str, expected: str
) -> None:
    record = html.fromstring(site.read(f"assessments/{key}/index.html")).xpath('//*[@aria-labelledby="record"]')[0]
    assert record.xpath('string(.//tr[th="Certificate"]/td)') == expected


def test_from_one_day_to_the_next_only_the_register_changes(site: BuiltSite, tmp_path: Path) -> None:
    next_day = (AS_OF + timedelta(days=1)).isoformat()
    run = ismpe("build", "--only", "html", "--output", str(tmp_path / "out"), "--as-of", next_day)
    assert run.returncode == 0, run.stderr
    found = (tmp_path / "out/public").rglob("*.*")
    files = [path.relative_to(tmp_path / "out/public") for path in found if path.is_file()]
    changed = {
        name.as_posix()
        for name in files
        if (site.public / name).read_bytes() != (tmp_path / "out/public" / name).read_bytes()
    }
    # The built site of the tests has its PDFs, so the list of its files differs anyway.
    assert changed == {
        "register/index.html",
        "register/register.json",
        "register/statistics/index.html",
        "register/statistics/statistics.json",
        "manifest.json",
    }


def test_a_printed_document_does_not_depend_on_the_day_it_is_made(site: BuiltSite, tmp_path: Path) -> None:
    """Five years on every award has expired; a report still has the same bytes, for it says to when the award holds."""
    run = ismpe("build", "--output", str(tmp_path / "out"), "--as-of", "2031-11-22")
    assert run.returncode == 0, run.stderr
    later = {path.relative_to(tmp_path / "out/public") for path in (tmp_path / "out/public").rglob("*.pdf")}
    # Certificates and badges are handed out while an award is in force.
    shown = (path.relative_to(site.public) for path in site.pdfs())
    now = {path for path in shown if path.name != "certificate.pdf" or path.parts[0] == "certificates"}
    assert later == now
    assert [
        name for name in now if (site.public / name).read_bytes() != (tmp_path / "out/public" / name).read_bytes()
    ] == []


def test_a_private_report_is_nowhere_but_its_award_is(site: BuiltSite) -> None:
    folder = site.public / "assessments" / PRIVATE_ORGANISATION
    names = {path.name for path in folder.iterdir()}
    badges = {f"badge-{kind}" for kind in ("light.svg", "dark.svg", "mono.svg", "light-256.png", "light-512.png")}
    assert names == {"index.html", "award.jsonld", "certificate.pdf", "card.png"} | badges
    page = words((folder / "index.html").read_text(encoding="utf-8"))
    assert "chosen not to publish" in page
    assert "%" not in page
    assert "The report is not published" in words(site.read("organisations/northmarrow-insurance/index.html"))


def secrets_of(folder: Path) -> list[str]:
    """Contacts, private notes and private evidence of an organisation; every finding where its report is private.

    Their letters alone, as every other text of the search.
    """
    found: list[str] = []
    private_report = "visibility: award" in (folder / "organisation.yaml").read_text(encoding="utf-8")
    for path in sorted(folder.rglob("*.yaml")):
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  # text only
        found += list(data.get("contact", {}).values())
        found += [item["title"] for item in data.get("evidence", {}).values() if item.get("visibility") == "private"]
        answers = [answer for answer in data.get("ratings", {}).values() if isinstance(answer, dict)]
        found += [answer["private_note"] for answer in answers if "private_note" in answer]
        found += [answer["finding"] for answer in answers if private_report and "finding" in answer]
    return [letters(plain(secret))[:60] for secret in found]


def findings_of(folder: Path) -> list[str]:
    """The letters of what a public organisation's reports print: the search must find them, or it finds nothing."""
    found = []
    for path in sorted(folder.glob("*/2*.yaml")):
        ratings = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)["ratings"].values()  # noqa: S506  # text only
        found += [answer["finding"] for answer in ratings if isinstance(answer, dict) and "finding" in answer]
    return [letters(plain(finding))[:60] for finding in found]


def test_nothing_private_of_an_organisation_is_in_anything_published_of_it(site: BuiltSite) -> None:
    """Pages, data, badges, and the text and attachments of every PDF; markup and line breaks do not hide a word."""
    files = [path for path in site.public.rglob("*") if path.suffix in (*TEXT_FILES, ".pdf")]
    published = {path: published_letters(path) for path in files}
    checked = shown = 0
    for folder in sorted((ROOT / "content/assessments").iterdir()):
        known = yaml.load((folder / "organisation.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  # text only
        names = (letters(folder.name), letters(known["name"]))
        about = {
            path: text
            for path, text in published.items()
            if folder.name in path.as_posix() or any(name in text for name in names)
        }
        assert {path.suffix for path in about} >= {".html", ".json", ".pdf"}
        for secret in secrets_of(folder):
            checked += 1
            assert [path for path, text in about.items() if secret in text] == [], secret
        for kind in (".html", ".pdf") if known["visibility"] == "public" else ():
            everything = " ".join(text for path, text in about.items() if path.suffix == kind)
            shown += len(findings_of(folder))
            assert [finding for finding in findings_of(folder) if finding not in everything] == []
    assert checked > 50
    assert shown > 400


def test_the_register_lists_every_award_with_its_state(site: BuiltSite) -> None:
    register = json.loads(site.read("register/register.json"))
    assert register["as_of"] == AS_OF.isoformat()
    rows = {row["assessment"]: (row["level"], row["state"]) for row in register["awards"]}
    assert rows == {
        "quillmere-health-partnership/new-managers/2025-03": ("gold", "active"),
        "aldermoss-college/early-career-lecturers/2022-05": ("bronze", "superseded"),
        "aldermoss-college/early-career-lecturers/2025-06": ("silver", "active"),
        "larkhaven-rail/women-in-operations/2025-09": ("bronze", "active"),
        "kestrelwyn-engineering/apprentices/2024-04": ("bronze", "withdrawn"),
        PRIVATE_ORGANISATION: ("silver", "active"),
    }
    table = csv.DictReader(io.StringIO(site.read("register/register.csv")))
    assert {row["assessment"]: (row["level"], row["state"]) for row in table} == rows


@pytest.mark.parametrize("key", [key for key in SPECIMENS if key != PRIVATE_ORGANISATION])
def test_the_score_table_and_result_json_hold_the_figures_added_up_by_hand(site: BuiltSite, key: str) -> None:
    figures, tallies = SPECIMENS[key], tallied(ROOT / f"content/assessments/{key}.yaml")
    table = html.fromstring(site.read(f"assessments/{key}/index.html")).xpath("//table[caption/@id='t-points']")[0]
    head, *rows = [
        [" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")] for row in table.iter("tr")
    ]
    shown = [
        tuple(row[head.index(column)] for column in ("Core standard", "Points", "Available", "Score")) for row in rows
    ]
    assert [(row[0][:2], *row[1:]) for row in shown[:-1]] == [
        (f"{number} ", str(points), str(available), f"{percent} %" if percent else "not rated")
        for number, (percent, (points, available)) in enumerate(zip(figures.core_standards, tallies, strict=True), 1)
    ]
    assert shown[-1] == ("Overall", str(figures.points), str(figures.available), f"{figures.percent} %")
    result = json.loads(site.read(f"assessments/{key}/result.json"))
    overall = result["overall"]
    status = "withdrawn" if key.startswith("kestrelwyn") else figures.status
    assert (result["assessment"], result["edition"], result["status"]) == (key, figures.edition, status)
    assert result["award"] == figures.award
    assert (overall["points"], overall["available"]) == (str(figures.points), str(figures.available))
    assert overall["percent"] == figures.percent
    assert Fraction(overall["fraction"]) == Fraction(figures.points, figures.available)
    assert [(s["number"], s["points"], s["available"], s["percent"]) for s in result["core_standards"]] == [
        (number, str(points), str(available), percent)
        for number, (percent, (points, available)) in enumerate(zip(figures.core_standards, tallies, strict=True), 1)
    ]


@pytest.mark.parametrize("key", [key for key in SPECIMENS if key != PRIVATE_ORGANISATION])
def test_result_json_is_what_the_command_prints(site: BuiltSite, key: str) -> None:
    run = ismpe("score", f"content/assessments/{key}.yaml", "--json", cwd=ROOT)
    assert run.returncode == 0
    assert json.loads(run.stdout) == json.loads(site.read(f"assessments/{key}/result.json"))


def test_earlier_versions_of_a_document_keep_their_address(site: BuiltSite) -> None:
    base = "organisations/aldermoss-college/early-career-lecturers/code-of-conduct"
    assert "In force from 8 January 2024" in words(site.read(f"{base}/index.html"))
    old = words(site.read(f"{base}/2019-01-15/index.html"))
    assert "no longer in force" in old


class _Headings(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.levels: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))


def test_every_page_has_one_main_heading_and_skips_none(site: BuiltSite) -> None:
    for page in site.pages():
        headings = _Headings()
        headings.feed(page.read_text(encoding="utf-8"))
        assert headings.levels.count(1) == 1, page
        assert all(after <= before + 1 for before, after in zip(headings.levels, headings.levels[1:], strict=False)), (
            page
        )


def test_the_sitemap_lists_every_page_once(site: BuiltSite) -> None:
    listed = re.findall(r"<loc>https://ismpe\.example/([^<]*)</loc>", site.read("sitemap.xml"))
    pages = {page.relative_to(site.public).as_posix().removesuffix("index.html") for page in site.pages()}
    assert sorted(listed) == sorted(pages - {"404.html", "standard/current/"})


def test_links_are_relative_everywhere_but_on_the_error_page(site: BuiltSite) -> None:
    for page in site.pages():
        links = re.findall(r'(?:href|src)="([^"]*)"', page.read_text(encoding="utf-8"))
        rooted = [link for link in links if link.startswith("/")]
        assert (page.name == "404.html") == bool(rooted), page


def test_specimens_are_left_out_where_the_site_says_so(tmp_path: Path) -> None:
    root = tmp_path
    for part in ("content", "themes"):
        (root / part).symlink_to(ROOT / part)
    settings = (
        (ROOT / "site.toml")
        .read_text(encoding="utf-8")
        .replace("publish_specimens = true", "publish_specimens = false")
    )
    (root / "site.toml").write_text(settings, encoding="utf-8")
    run = ismpe("build", "--only", "html", "--output", "out", "--as-of", "2026-11-22", cwd=root)
    assert run.returncode == 0, run.stderr
    public = root / "out/public"
    assert not (public / "assessments").exists()
    everything = " ".join(page.read_text(encoding="utf-8") for page in public.rglob("*.html"))
    for name in ("Quillmere", "Aldermoss", "Larkhaven", "Jane Specimen"):
        assert name not in everything


def test_no_report_weighs_more_than_a_hundred_kilobytes(site: BuiltSite) -> None:
    sizes = {page: page.stat().st_size for page in site.pages() if "assessments" in page.parts}
    assert len(sizes) == 8
    assert max(sizes.values()) <= 100_000, sizes


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", "<p>Told in <em>con</em>fi&shy;dence,\n caf&eacute;</p>"),
        ("a.json", '["Told in\\nconfidence, caf\\u00e9"]'),
    ],
)
def test_the_search_for_secrets_sees_through_markup_and_escapes(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert letters("told in confidence, café") in published_letters(tmp_path / name)
