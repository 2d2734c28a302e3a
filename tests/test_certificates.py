"""The certificate: whatever the names, everything is on it, on one sheet, and nothing stands over anything else."""

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html

from ismpe_site.artefact import Artefact, PrintDocument
from ismpe_site.printing.press import PrintError, press
from ismpe_site.project import Project
from ismpe_site.publications.lettering import rows
from ismpe_site.publications.qr import code
from ismpe_site.publications.views import IssueMark
from ismpe_site.theme import Theme
from ismpe_site.theme_folder import load_theme
from tests.conftest import AS_OF, ROOT
from tests.published_text import pdf_lines
from tests.whole import load, planned

KEY = "quillmere-health-partnership/new-managers/2025-03"
ADDRESS = "https://a-long-name-of-a-host.ismpe.example/a/path/certificates/ISMPE-2026-0001-9/"
ISSUE = IssueMark("ISMPE-2026-0001-9", AS_OF, ":".join(["A5"] * 32))
LONG = "The Association of Associations of Very Long Names in Mentoring and Employment of the Northern Provinces "


@pytest.fixture(scope="module")
def theme() -> Theme:
    return load_theme(ROOT / "themes/ismpe")


@pytest.fixture(scope="module")
def certificate(theme: Theme) -> Artefact:
    project = Project.at(ROOT)
    artefacts = planned(load(project.content).catalogue, AS_OF, project.site(), theme)
    return artefacts[f"assessments/{KEY}/certificate.pdf"]


def document(
    certificate: Artefact,
    theme: Theme,
    name: str,
    programme: str = "New Managers Mentoring Programme",
    level: str = "gold",
    issue: IssueMark | None = None,
) -> PrintDocument:
    view = {**certificate.inputs.view, "issue": issue, "code": code(ADDRESS) if issue else None}
    award = view["award"]
    award = replace(
        award,
        organisation=replace(award.organisation, name=name),
        programme=replace(award.programme, name=programme),
        level=level,
    )
    made = certificate.render(replace(certificate.inputs, view={**view, "award": award}), theme)
    assert isinstance(made, PrintDocument)
    return made


@pytest.mark.parametrize("issue", [None, ISSUE], ids=["not issued", "issued"])
@pytest.mark.parametrize(
    ("name", "programme", "level"),
    [
        ("X", "Y", "gold"),
        ("Quillmere Health Partnership", "New Managers Mentoring Programme", "gold"),
        (LONG[:80].strip(), "A programme for everybody who has begun to lead others " * 3, "gold"),
        ((LONG * 3)[:300].strip(), "New Managers", "platinum with the very highest of distinctions"),
        ((LONG * 7)[:720].strip(), "New Managers", "gold"),
        ("Donaudampfschifffahrtselektrizitätenhauptbetriebswerk", "New Managers", "gold"),
        ("W" * 200, "W" * 100, "gold"),
    ],
    ids=["shortest", "usual", "long programme", "300 letters", "720 letters", "54-letter word", "no word at all"],
)
def test_everything_is_on_one_sheet_and_nothing_over_anything(
    certificate: Artefact,
    theme: Theme,
    tmp_path: Path,
    name: str,
    programme: str,
    level: str,
    issue: IssueMark | None,
) -> None:
    file = tmp_path / "certificate.pdf"
    file.write_bytes(press(document(certificate, theme, name, programme, level, issue), theme))
    lines = pdf_lines(file)
    for box, words in lines:
        assert box[0] >= 150, words
        assert box[2] <= 297 - 21, words
        assert box[1] >= 15, words
        assert box[3] <= 210 - 15, words
    for at, (one, words) in enumerate(lines):
        for other, more in lines[at + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0]
            # Boxes of letters reach above and below what is drawn.
            overlap = min(one[3], other[3]) - max(one[1], other[1])
            assert apart or overlap < 0.4 * min(one[3] - one[1], other[3] - other[1]), (words, more)
    text = " ".join(words for _, words in lines)
    for wanted in ("ISMPE 2003", "2 April 2025", "1 April 2028", "Signature", "name and office", level.capitalize()):
        assert wanted in text
    letters = re.sub(r"[\s‐-]", "", text)
    assert re.sub(r"[\s-]", "", name) in letters
    assert re.sub(r"[\s-]", "", programme) in letters


def test_a_name_that_cannot_fit_fails_with_words_for_a_person(certificate: Artefact, theme: Theme) -> None:
    with pytest.raises(PrintError) as raised:
        press(document(certificate, theme, LONG * 20), theme)
    assert str(raised.value) == (
        "the text does not fit on one page (it fills 3): shorten its longest text, most likely a name"
    )


def test_an_address_is_not_parted_after_its_scheme(certificate: Artefact, theme: Theme, tmp_path: Path) -> None:
    file = tmp_path / "certificate.pdf"
    file.write_bytes(press(document(certificate, theme, "X"), theme))
    run = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, text=True, timeout=60, check=True)
    assert f"https://ismpe.example/assessments/{KEY}/" in run.stdout.splitlines()


def test_an_arabic_name_says_where_it_begins(certificate: Artefact, theme: Theme) -> None:
    tree = html.fromstring(document(certificate, theme, "شركة ABC (السعودية)", "Mentors مرشد").html)
    assert tree.xpath("//h1/bdi/@dir") == ["rtl"]
    assert tree.xpath('//p[contains(@class, "programme")]/bdi/@dir') == ["ltr"]
    assert html.fromstring(document(certificate, theme, "Bank & Co").html).xpath("//bdi") == []


def test_lines_are_counted_as_a_page_breaks_them(theme: Theme) -> None:
    font = theme.lettering["display"]
    assert rows(font, "one two", 10, 1000) == 1
    assert rows(font, "one two", 10, 25) == 2
    assert rows(font, "one " + "m" * 50, 10, 100) == 0
    assert rows(font, "m" * 50, 10, 100, divided=True) >= 5
