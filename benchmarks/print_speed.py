"""PDFs: certificates and reports a second with one and two processes, and what one edit renders again.

Each measured build meets organisations it has never seen, few or many; the difference of the two is the documents
alone, without the start of the program and of its workers.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.generator import generate, organisation
from benchmarks.html_speed import Say, change_rating
from benchmarks.measure import ISMPE, Measured, measured
from benchmarks.results import Row, Section, at_least

# What an organisation must be like to have this PDF and no other.
KINDS = {"certificates": ("silver", "private"), "reports": ("none", "reviewed")}
JOBS = (1, 2)


@dataclass
class Press:
    """A project without organisations whose other PDFs are made; ``number`` counts organisations ever written."""

    folder: Path
    as_of: str
    number: int = 0

    def command(self, jobs: int) -> list[str]:
        """Our command."""
        given = ["--root", str(self.folder / "project"), "--output", str(self.folder / "output")]
        return [ISMPE, "build", *given, "--as-of", self.as_of, "--jobs", str(jobs)]

    def fresh(self, count: int, kind: tuple[str, str] | None, *, documents: bool = False) -> list[Path]:
        """Put ``count`` organisations that were never there in the place of those that are."""
        home = self.folder / "project/content/assessments"
        shutil.rmtree(home)
        home.mkdir()
        self.number += count
        numbers = range(self.number - count, self.number)
        return [organisation(home, number, 11, kind, documents=documents) for number in numbers]


def print_section(folder: Path, repeat: int, amounts: dict[str, tuple[int, int]], as_of: str, say: Say) -> Section:
    """Measure. ``amounts``: kind → few and many."""
    generate(0, folder / "project", small=True)
    press = Press(folder, as_of)
    say("PDFs: the standard, once")
    measured(press.command(2))
    rows, detail = (
        [],
        ["| PDFs | processes | a second, median (least to most) | processor seconds each |", "|---|---|---|---|"],
    )
    for kind, (few, many) in amounts.items():
        rates: dict[int, list[float]] = {jobs: [] for jobs in JOBS}
        costs: dict[int, list[float]] = {jobs: [] for jobs in JOBS}
        for number in range(repeat):
            for jobs in JOBS if number % 2 == 0 else reversed(JOBS):
                small, large = (_timed(press, kind, count, jobs) for count in (few, many))
                rates[jobs].append((many - few) / (large.wall - small.wall) if large.wall > small.wall else 0.0)
                costs[jobs].append((large.cpu - small.cpu) / (many - few))
                say(f"{number + 1}/{repeat} {kind}, {jobs}: {rates[jobs][-1]:.2f} a second")
        rows.append(_gain(kind, rates))
        for jobs in JOBS:
            spread = f"{median(rates[jobs]):.2f} ({min(rates[jobs]):.2f} to {max(rates[jobs]):.2f})"
            detail.append(f"| {kind} | {jobs} | {spread} | {median(costs[jobs]):.3f} |")
    rows.append(_one_edit(press))
    pictures = (
        "A certificate comes with the three pictures of its award, painted by the same workers: part of its time."
    )
    detail += ["", pictures]
    return Section("PDFs", tuple(rows), tuple(detail))


def _gain(kind: str, rates: dict[int, list[float]]) -> Row:
    """Two processes against one, round by round; a round in which the documents took no time was disturbed."""
    one, two = (rates[jobs] for jobs in JOBS)
    gains = [b / a for a, b in zip(one, two, strict=True) if a and b]
    what = f"{kind}: two processes against one"
    return at_least(what, 1.7, median(gains), f"{median(gains):.2f}") if gains else Row(what, "≥ 1.7", "lost", None)


def _timed(press: Press, kind: str, count: int, jobs: int) -> Measured:
    press.fresh(count, KINDS[kind])
    return measured(press.command(jobs))


def _one_edit(press: Press) -> Row:
    """Two organisations with all their documents; which PDFs are rendered again after a rating of one changed?"""
    homes = press.fresh(2, ("silver", "reviewed"), documents=True)
    measured(press.command(2))
    change_rating(next(homes[1].glob("*/20*.yaml")))
    again = subprocess.run([*press.command(2), "-v"], capture_output=True, text=True, check=True)
    rendered = sorted(set(re.findall(r"(?:assessments|organisations|standard)/\S+?\.pdf", again.stdout + again.stderr)))
    own = [path for path in rendered if homes[1].name in path]
    shown = f"{len(own)} of the organisation, {len(rendered) - len(own)} others"
    met = bool(own) and own == rendered
    return Row("PDFs rendered again after one edit", "only that organisation's", shown, met)
