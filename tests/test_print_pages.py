"""The pages of printed documents as a reader turns them: what stands at their heads, what is kept together."""

import re
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from ismpe_site.printing.press import press
from tests.conftest import BuiltSite
from tests.test_other_standards import (
    ASSESSMENT,
    DRAFT,
    ORGANISATION,
    PURPOSE,
    document,
    project,
    text,
)

STANDARD = "standard/2003/ismpe-2003.pdf"
REPORTS = (
    "assessments/quillmere-health-partnership/new-managers/2025-03/report.pdf",
    "assessments/hestwick-housing-trust/returners/2026-11/report.pdf",
)
OPENS = re.compile(r"Core standard (\d)$")


def pages(file: Path) -> list[list[str]]:
    """The lines of each page, without empty ones, white space folded."""
    run = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, timeout=60, check=True
    )
    found = [[" ".join(line.split()) for line in page.splitlines() if line.strip()] for page in run.stdout.split("\f")]
    return found[:-1]


def test_a_clause_of_the_standard_is_never_parted(site: BuiltSite) -> None:
    """What stands first on a page, under the running head, is no guidance, evidence, note or erratum."""
    stray = re.compile(r"(Guidance|Evidence, for example|Note|Errat(um|a)|May be rated|Weight in)\b")
    for number, lines in enumerate(pages(site.public / STANDARD), 1):
        assert not stray.match(lines[1]), (number, lines[1])
        assert number < 5 or not re.match(r"[a-z]+\b", lines[1]), (number, lines[1])


def test_no_page_among_the_core_standards_is_nearly_empty(site: BuiltSite) -> None:
    found = pages(site.public / STANDARD)
    first = next(number for number, lines in enumerate(found) if OPENS.match(lines[1]))
    last = next(number for number, lines in enumerate(found) if lines[1] == "Rating scale")
    assert 10 < last - first < 18
    assert min(len(lines) for lines in found[first : last - 1]) >= 25


@pytest.mark.parametrize("path", [STANDARD, *REPORTS])
def test_a_page_that_continues_a_core_standard_names_it_at_its_head(site: BuiltSite, path: str) -> None:
    now, checked = "", 0
    for lines in pages(site.public / path):
        if lines[1] in ("Evidence", "Rating scale"):
            now = ""
        if now and not OPENS.match(lines[1]):
            assert lines[0].endswith(now), lines[:3]
            checked += 1
        for line, following in pairwise(lines):
            if OPENS.match(line):
                now = following
            elif line in ("Evidence", "Rating scale"):
                now = ""
    assert checked >= 5


def test_a_part_that_begins_a_page_is_not_named_twice(site: BuiltSite) -> None:
    heads = {lines[1]: lines[0] for lines in pages(site.public / STANDARD)}
    assert heads["Rating scale"] == "ISMPE 2003"
    assert heads["Annex A. Errata"] == "ISMPE 2003"


def test_the_errata_show_no_signs_of_the_source_and_no_empty_column(site: BuiltSite) -> None:
    found = pages(site.public / STANDARD)
    first = next(number for number, lines in enumerate(found) if lines[1] == "Annex A. Errata")
    annex = " ".join(line for lines in found[first:] for line in lines)
    assert "#" not in annex
    assert "Correction" not in annex
    assert "4. EFFECTIVE PROCESSES FOR" in annex
    assert "Read: The Baldrige Award" in annex


def test_a_heading_stays_with_its_table_in_a_report_in_progress(tmp_path: Path) -> None:
    """Whatever stands above it on the first page."""
    for length in range(1, 26, 3):
        summary = "\\n\\n".join(["A line."] * length)
        draft = f'edition: 2020\nstatus: draft\nvisibility: public\nsummary: "{summary}"\n'
        site = project(tmp_path / str(length), {DRAFT: draft})
        file = tmp_path / "report.pdf"
        made = document(site, "assessments/brook-trust/starters/2025-11/report.pdf")
        file.write_bytes(press(made, site.theme()))
        (page,) = [lines for lines in pages(file) if "Progress and working" in lines]
        assert any("Still possible" in line for line in page), length


def test_the_shortest_way_goes_on_over_the_page(tmp_path: Path) -> None:
    """Its heading is never alone, and for some length of what stands above it the list begins at a page's foot."""
    extra = "".join(f"  - {{id: 1.{n}, text: The purpose is told in way number {n}.}}\n" for n in range(4, 16))
    ratings = "".join(f"  1.{n}: 0\n" for n in range(4, 16))
    row = re.compile(r"[12]\.\d+ .* [02] [24]$")
    parted = 0
    for length in (18, 20, 22):
        summary = "\\n\\n".join(["A line of the summary."] * length)
        changes = (("  2.1: 4\n", f"{ratings}  2.1: 4\n"), ("A sound beginning.", f'"{summary}"'))
        files: dict[str, str | bytes | None] = {
            PURPOSE: text(PURPOSE).rstrip() + "\n" + extra,
            ASSESSMENT: text(ASSESSMENT, *changes),
            "content/standards/2024-draft": None,
        }
        site = project(tmp_path / str(length), files)
        file = tmp_path / "report.pdf"
        file.write_bytes(press(document(site, "assessments/brook-trust/starters/2024-05/report.pdf"), site.theme()))
        found = pages(file)
        begins = next(at for at, lines in enumerate(found) if any("The shortest way to" in line for line in lines))
        heading = next(at for at, line in enumerate(found[begins]) if "The shortest way to" in line)
        assert any(row.match(line) for line in found[begins][heading:])
        parted += sum(bool(row.match(line)) for line in found[begins + 1][1:3]) > 0
    assert parted


def test_a_name_of_one_long_word_stays_on_the_sheet_of_a_report(tmp_path: Path) -> None:
    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft " * 4
    site = project(tmp_path, {ORGANISATION: text(ORGANISATION, ("name: Brook Trust", f"name: {long.strip()}"))})
    file = tmp_path / "report.pdf"
    file.write_bytes(press(document(site, "assessments/brook-trust/starters/2024-05/report.pdf"), site.theme()))
    run = subprocess.run(["pdftotext", "-bbox", str(file), "-"], capture_output=True, text=True, timeout=60, check=True)
    edges = [float(edge) for edge in re.findall(r'xMax="([\d.]+)"', run.stdout)]
    assert len(edges) > 50
    # 210 mm less the margin of 24 mm, in points.
    assert max(edges) < 186.5 / 25.4 * 72
