"""The small site of tests/cases/base, built whole, in many shapes: no number of levels, scale or name is built in."""

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from lxml import html

from ismpe_site.artefact import PrintDocument
from ismpe_site.making import Options
from ismpe_site.pipeline import build
from ismpe_site.printing.press import press
from ismpe_site.project import Project
from ismpe_site.serve import HERE
from tests.conftest import ROOT
from tests.minimal_site import BASE, with_files
from tests.whole import load, planned

EDITION = "content/standards/2020/edition.yaml"
PURPOSE = "content/standards/2020/1-purpose.yaml"
ORGANISATION = "content/assessments/brook-trust/organisation.yaml"
ASSESSMENT = "content/assessments/brook-trust/starters/2024-05.yaml"
DRAFT = "content/assessments/brook-trust/starters/2025-11.yaml"
DAY = date(2025, 12, 1)


def text(name: str, *changes: tuple[str, str]) -> str:
    """A file of the base with pieces replaced."""
    found = (BASE / name).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in found, f"{name} has no {old!r}"
        found = found.replace(old, new)
    return found


def project(
    folder: Path, files: Mapping[str, str | bytes | None], settings: tuple[tuple[str, str], ...] = ()
) -> Project:
    """The small site with ``files`` changed, the project's theme, and its settings changed."""
    root = folder / "site"
    with_files(root, files)
    (root / "themes").symlink_to(ROOT / "themes")
    toml = (ROOT / "site.toml").read_text(encoding="utf-8")
    for old, new in settings:
        assert old in toml
        toml = toml.replace(old, new)
    (root / "site.toml").write_text(toml, encoding="utf-8")
    return Project.at(root)


def built(site: Project, as_of: date = DAY) -> Path:
    """Its pages (the build itself checks every link)."""
    build(site, site.root / "output", Options(as_of, html_only=True), HERE)
    return site.root / "output/public"


def shown(public: Path, page: str) -> str:
    return " ".join(html.fromstring((public / page).read_text(encoding="utf-8")).text_content().split())


def printed(site: Project, as_of: date = DAY) -> dict[str, bytes]:
    """Every PDF of the site."""
    theme = site.theme()
    documents = {}
    for artefact in planned(load(site.content).catalogue, as_of, site.site(), theme).values():
        made = artefact.render(artefact.inputs, theme)
        if isinstance(made, PrintDocument):
            documents[artefact.path] = press(made, theme)
    return documents


def document(site: Project, path: str) -> PrintDocument:
    """One document as the press gets it."""
    theme = site.theme()
    artefact = planned(load(site.content).catalogue, DAY, site.site(), theme)[path]
    made = artefact.render(artefact.inputs, theme)
    assert isinstance(made, PrintDocument)
    return made


REPORT = "assessments/brook-trust/starters/2024-05/index.html"

SHAPES: dict[str, dict[str, str | bytes | None]] = {
    "as it is": {},
    "levels with other names": {
        EDITION: text(EDITION, ("level: bronze", "level: commended"), ("level: gold", "level: outstanding")),
    },
    "one level": {EDITION: text(EDITION, ("  - {level: bronze, overall: 60, each_core_standard: 50}\n", ""))},
    "broken percentages": {
        EDITION: text(
            EDITION, ("overall: 60", "overall: 62.25"), ("each_core_standard: 50", "each_core_standard: 42.5")
        )
    },
    "weights": {PURPOSE: text(PURPOSE, ("  - id: 1.1\n", "  - id: 1.1\n    weight: 2.5\n"))},
    "the mean of the core standards": {EDITION: text(EDITION, ("pooling: criteria", "pooling: core-standards"))},
    "a text in another language": {
        EDITION: text(EDITION, ("status: current", "status: current\nlanguage: fr")),
        ORGANISATION: text(ORGANISATION, ("specimen: true", "specimen: true\nlanguage: fr")),
    },
    "nothing assessed": {"content/assessments/brook-trust": None},
    "an organisation without programmes": {"content/assessments/brook-trust/starters": None},
    "a draft with nothing rated": {DRAFT: "edition: 2020\nstatus: draft\nvisibility: public\n"},
    "a self-assessment": {
        DRAFT: "edition: 2020\nstatus: self\nvisibility: public\nratings: {1.1: 4, 1.2: 4, 1.3: 4, 2.1: 4, 2.2: 4}\n"
    },
    "names that try": {
        ORGANISATION: text(ORGANISATION, ("name: Brook Trust", 'name: "=\\"<b>&amp; Brook’s</b> {{ 7 * 7 }}"'))
    },
    "the same headings everywhere": {
        ASSESSMENT: text(
            ASSESSMENT,
            ("finding: It is in the leaflet.", 'finding: "## Evidence\\n\\nMuch.\\n\\n## Working\\n\\nWell."'),
            ("finding: Most could.", 'finding: "## Evidence\\n\\nLess.\\n\\n## Main\\n\\nFine."'),
            ("Brief all mentees.", '"## Evidence\\n\\nBrief all."'),
            ("summary: Clear.", 'summary: "## Evidence\\n\\nClear."'),
            ("summary: A sound beginning.", 'summary: "## Evidence\\n\\nSound.\\n\\n## Summary\\n\\nSound."'),
        ),
        ORGANISATION: text(ORGANISATION, ("It looks after a brook.", '"## Awards\\n\\n## Main\\n\\nIt looks."')),
    },
    "an Arabic name": {ORGANISATION: text(ORGANISATION, ("name: Brook Trust", "name: مؤسسة الجدول Brook"))},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_site_of_each_shape_is_whole(tmp_path: Path, shape: str) -> None:
    public = built(project(tmp_path, SHAPES[shape]))
    for page in sorted(public.rglob("*.html")):
        tree = html.fromstring(page.read_text(encoding="utf-8"))
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids)), page
        seen = tree.text_content()
        assert not re.search(r"\d/\d+ ?%|Fraction|None\b|\bnan\b", seen), page
    json.loads((public / "register/register.json").read_bytes())


@pytest.mark.slow
@pytest.mark.parametrize(
    "shape",
    [
        "as it is",
        "broken percentages",
        "weights",
        "the mean of the core standards",
        "an Arabic name",
        "the same headings everywhere",
        "a draft with nothing rated",
        "one level",
    ],
)
def test_the_documents_of_each_shape_can_be_printed(tmp_path: Path, shape: str) -> None:
    documents = printed(project(tmp_path, SHAPES[shape]))
    assert len(documents) >= 6
    assert all(data.startswith(b"%PDF-") for data in documents.values())


def test_names_are_text_wherever_they_stand(tmp_path: Path) -> None:
    public = built(project(tmp_path, SHAPES["names that try"]))
    for page in public.rglob("*.html"):
        assert "<b>&amp;amp; Brook" not in page.read_text(encoding="utf-8")
        assert "49" not in html.fromstring(page.read_text(encoding="utf-8")).findtext(".//h1", "")
    assert "'=" in (public / "register/register.csv").read_text(encoding="utf-8")


def test_a_name_read_from_the_right_keeps_apart_from_the_words_around_it(tmp_path: Path) -> None:
    """In every page's text; a title has no elements, and code is shown as it is copied."""
    name = "مؤسسة الجدول Brook"
    public = built(project(tmp_path, SHAPES["an Arabic name"]))
    seen = 0
    for page in sorted(public.rglob("*.html")):
        tree = html.fromstring(page.read_text(encoding="utf-8"))
        for element in tree.xpath("//body//*[not(self::code)][contains(text(), $name)]", name=name):
            assert element.tag == "bdi", page
            assert element.get("dir") == "rtl"
            seen += 1
    assert seen > 8
    made = document(project(tmp_path / "print", SHAPES["an Arabic name"]), REPORT.replace("index.html", "report.pdf"))
    report = html.fromstring(made.html)
    assert report.xpath("//h1/bdi/@dir") == ["rtl"]
    assert f"\u2068{name}\u2069" in report.xpath("//body/@data-foot")[0]


def test_a_name_in_letters_no_font_has_is_an_error_that_names_them(tmp_path: Path) -> None:
    from ismpe_site.build.unit import RenderError

    site = project(tmp_path, {ORGANISATION: text(ORGANISATION, ("name: Brook Trust", "name: Brook שלום"))})
    with pytest.raises(RenderError) as raised:
        built(site)
    reason = raised.value.failures["assessments/brook-trust/starters/2024-05/badge-light.svg"]
    assert 'no font of the theme has "ש" (U+05E9)' in reason


def test_the_working_of_the_mean_is_not_told_in_points(tmp_path: Path) -> None:
    page = shown(built(project(tmp_path, SHAPES["the mean of the core standards"])), REPORT)
    assert "The mean of the scores of the core standards is exactly 3/4, shown as 75.0 %." in page


def test_percentages_are_shown_as_written(tmp_path: Path) -> None:
    page = shown(built(project(tmp_path, SHAPES["broken percentages"])), "standard/2020/index.html")
    assert "62.25 %" in page
    assert "42.5 %" in page


def test_another_language_is_marked(tmp_path: Path) -> None:
    public = built(project(tmp_path, SHAPES["a text in another language"]))
    clause = html.fromstring((public / "standard/2020/1/index.html").read_text(encoding="utf-8")).get_element_by_id(
        "c1.1"
    )
    assert clause.xpath("./p/@lang") == ["fr"]
    report = html.fromstring((public / REPORT).read_text(encoding="utf-8"))
    assert "fr" in report.xpath('//div[@class="prose"]/@lang')


def test_a_draft_says_what_is_rated_and_a_self_assessment_what_it_indicates(tmp_path: Path) -> None:
    address = "assessments/brook-trust/starters/2025-11/index.html"
    assert "0 of 5 criteria answered" in shown(
        built(project(tmp_path / "a", SHAPES["a draft with nothing rated"])), address
    )
    complete = shown(built(project(tmp_path / "b", SHAPES["a self-assessment"])), address)
    assert "100.0 % overall · the figures would give gold" in complete
    assert "earns no award" in complete


def test_a_site_under_a_path(tmp_path: Path) -> None:
    site = project(tmp_path, {}, (("https://ismpe.example/", "https://example.org/mentoring/"),))
    public = built(site)
    error_page = (public / "404.html").read_text(encoding="utf-8")
    assert 'href="/mentoring/assets/site.css"' in error_page
    assert "<loc>https://example.org/mentoring/register/</loc>" in (public / "sitemap.xml").read_text(encoding="utf-8")


# -- the day ----------------------------------------------------------------------------------------


def test_a_report_is_not_public_before_its_day(tmp_path: Path) -> None:
    """Reported on 3 June 2024; the assessors were accredited before."""
    before = built(project(tmp_path / "a", {}), date(2024, 6, 2))
    assert not (before / REPORT).exists()
    assert "No award is recorded" in shown(before, "organisations/brook-trust/index.html")
    assert "Assessment of" not in shown(before, "organisations/brook-trust/index.html")
    after = built(project(tmp_path / "b", {}), date(2024, 6, 3))
    assert "Bronze award" in shown(after, REPORT)


def test_a_withdrawal_says_nothing_before_its_day(tmp_path: Path) -> None:
    withdrawn = text(
        ASSESSMENT, ("status: reviewed", "status: withdrawn\nwithdrawal: {on: 2025-03-01, reason: It has ended.}")
    )
    early = built(project(tmp_path / "a", {ASSESSMENT: withdrawn}), date(2025, 2, 28))
    assert "withdrawn" not in shown(early, REPORT)
    assert json.loads((early / REPORT).with_name("result.json").read_bytes())["status"] == "reviewed"
    late = built(project(tmp_path / "b", {ASSESSMENT: withdrawn}), date(2025, 3, 1))
    assert "This award was withdrawn on 1 March 2025." in shown(late, REPORT)
    assert not (late / REPORT).with_name("badge-light.svg").exists()


def test_an_expired_award_hands_out_no_badge(tmp_path: Path) -> None:
    public = built(project(tmp_path, {}), date(2030, 1, 1))
    assert "expired" in shown(public, REPORT)
    assert not (public / REPORT).with_name("badge-light.svg").exists()
    assert "copy this code" not in shown(public, REPORT)


def test_a_text_that_is_still_to_come_is_not_called_in_force(tmp_path: Path) -> None:
    public = built(project(tmp_path, {}), date(2020, 1, 1))
    assert "This text takes effect on 1 January 2022." in shown(public, "about/index.html")
    assert "in force" not in shown(public, "about/index.html").lower()
