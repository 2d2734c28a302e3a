"""``python -m benchmarks --date DATE``: measure, and write the results beside this file. `make bench` calls it."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.equivalence import differences, reports
from benchmarks.html_speed import JOBS, LARGE, Bench, Say, html_section
from benchmarks.measure import measured
from benchmarks.print_speed import print_section
from benchmarks.results import Section, machine, write
from benchmarks.start_up import start_section

HERE = Path(__file__).parent
AS_OF = "2026-11-22"
PARTS = ("start", "pages", "pdfs", "plain")
# Few is more than what a build makes without workers, so that the difference holds no start of them.
AMOUNTS = {"certificates": (30, 330), "reports": (2, 10)}
FEW_AMOUNTS = {"certificates": (1, 2), "reports": (1, 2)}
NOTES = """\
Ratios are medians of the ratios of neighbours in time; times are medians. "Cold" is an empty output folder with the
files to be read in the system's cache. Hugo has no incremental build in one shot: after an edit it builds everything.
Processor seconds are those of all processes; memory is the sum over all processes, shared pages counted once, sampled
twenty times a second in a run of its own.

Hugo reads the same files: assessments, organisations, people as data, documents as pages. Its templates
(`benchmarks/hugo/`) make the same pages of each organisation (profile, every version of every document, report, award),
the list and the register, with the same tables, every finding through its Markdown (Goldmark), the scores, awards and
states computed in the template. Hugo does **not**: check the content or the links, find the shortest way to the next
award, reduce fractions, draw badges, write the scores and the register as data, or make the pages of the standard, the
people and the site (about thirty, at any size). We do all of these within the times below. What Hugo is given
ready-made, outside its time: the edition as JSON, the names of countries, the titles of the site's pages."""


def main() -> None:
    """Take the arguments, measure, write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--date", required=True, help="the day to write into the results")
    parser.add_argument("--organisations", type=int, nargs="+", default=[1000])
    parser.add_argument("--repeat", type=int, help="rounds; 5 unless given, 3 from 10,000 organisations on")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="all unless given")
    parser.add_argument("--few", action="store_true", help="fewest builds and PDFs: to see that everything works")
    parser.add_argument("--no-cold", action="store_true", help="leave builds from nothing out of the rounds")
    parser.add_argument("--output", type=Path, default=HERE / "results.md")
    parser.add_argument(
        "--work", type=Path, help="folder for what is generated and built; a temporary one unless given"
    )
    given = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="bench-", dir=given.work))
    try:
        run(given, work, _say)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _say(words: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {words}\n")


def run(given: argparse.Namespace, work: Path, say: Say) -> None:
    """Measure everything; the results are written after each part."""
    head = ["# Benchmarks", "", f"Measured on {given.date} by `make bench`.", "", *machine(), "", NOTES]
    sections: list[Section] = []

    def add(section: Section) -> None:
        sections.append(section)
        write(given.output, head, sections)
        say(f"{section.title}: written to {given.output.name}")

    if "start" in given.parts:
        add(start_section(work / "start", given.repeat or 5, say))
    if "pages" in given.parts:
        add(same_section(work / "same"))
        for count in given.organisations:
            repeat, folder = given.repeat or (3 if count >= LARGE else 5), work / f"html-{count}"
            jobs = JOBS[-1:] if given.few else JOBS
            add(html_section(folder, count, repeat, AS_OF, say, jobs, cold=not given.no_cold))
            shutil.rmtree(folder)
    if "pdfs" in given.parts:
        add(print_section(work / "print", given.repeat or 5, FEW_AMOUNTS if given.few else AMOUNTS, AS_OF, say))
    if "plain" in given.parts and (HERE / "pdf_speed.py").is_file():
        add(plain_section(["--few"] if given.few else []))


def same_section(folder: Path) -> Section:
    """Build twenty organisations with both and compare before anything is measured."""
    bench = Bench(folder, 20, AS_OF)
    measured(bench.ours("ours", 1))
    measured(bench.hugos())
    wrong = list(differences(bench.project, folder / "ours/public", folder / "hugo-output"))
    if wrong:
        raise SystemExit("Hugo's pages are not ours:\n" + "\n".join(wrong))
    count = len(reports(folder / "hugo-output"))
    words = f"The {count} reports of 20 organisations: the same reports, every finding and recommendation in both."
    return Section("The same work", (), (words,))


def plain_section(arguments: list[str]) -> Section:
    """What the comparison with the plain engine says of itself."""
    command = [sys.executable, "-m", "benchmarks.pdf_speed", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = done.stdout.strip().splitlines() or ["It ended with an error and measured nothing."]
    return Section("PDFs against the plain engine", (), tuple(said))


if __name__ == "__main__":
    main()
