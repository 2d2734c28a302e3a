"""Pages: our build cold, with nothing changed and after one edit, against Hugo on the same files."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.generator import generate
from benchmarks.measure import ISMPE, Case, Runs, alternated, measured, median, ratio
from benchmarks.peer import build_command, hugo_site
from benchmarks.results import Row, Section, at_most, fast_extra, times_table

USUAL, LARGE = 1000, 10_000
JOBS = (1, 2)
HUGO = "Hugo, full build"
Say = Callable[[str], None]


@dataclass
class Bench:
    """A generated project, and the folders that are built from it."""

    folder: Path
    count: int
    as_of: str
    jobs: tuple[int, ...] = JOBS
    project: Path = field(init=False)
    edits: Iterator[Path] = field(init=False)

    def __post_init__(self) -> None:
        self.project = generate(self.count, self.folder / "project")
        hugo_site(self.project, self.folder / "hugo", self.as_of)
        files = sorted(self.project.glob("content/assessments/*/*/20*.yaml"))
        self.edits = itertools.cycle(files)

    def ours(self, output: str, jobs: int) -> list[str]:
        """Our command."""
        given = ["--root", str(self.project), "--output", str(self.folder / output), "--as-of", self.as_of]
        return [ISMPE, "build", *given, "--only", "html", "--jobs", str(jobs), "--quiet"]

    def hugos(self) -> list[str]:
        """Hugo's command."""
        return build_command(self.folder / "hugo", self.folder / "hugo-output")

    def removed(self, output: str) -> Callable[[], None]:
        """What removes an output folder."""
        return lambda: shutil.rmtree(self.folder / output, ignore_errors=True)

    def up_to_date(self, output: str, jobs: int) -> Callable[[], None]:
        """What builds without being measured."""
        return lambda: _run(self.ours(output, jobs))

    def edited(self, output: str, jobs: int) -> Callable[[], None]:
        """What builds without being measured and then changes one rating in one file, another one each time."""

        def prepare() -> None:
            _run(self.ours(output, jobs))
            change_rating(next(self.edits))

        return prepare

    def cases(self, *, cold: bool = True) -> list[Case]:
        """Everything that is measured in turn; builds from nothing may be left out where they take long."""
        cases = [Case(HUGO, self.hugos(), self.removed("hugo-output"))]
        for jobs in self.jobs:
            kept, name = "kept", f"{jobs} process{'es' * (jobs > 1)}"
            cases += [Case(f"ours, cold, {name}", self.ours("cold", jobs), self.removed("cold"))] if cold else []
            cases += [
                Case(f"ours, nothing changed, {name}", self.ours(kept, jobs), self.up_to_date(kept, jobs)),
                Case(f"ours, one edit, {name}", self.ours(kept, jobs), self.edited(kept, jobs)),
            ]
        return cases

    def peaks(self) -> dict[str, int]:
        """Highest memory of all processes together, each case once, not timed."""
        self.removed("hugo-output")()
        found = {HUGO: measured(self.hugos(), memory=True).peak}
        for jobs in self.jobs:
            self.removed("cold")()
            name = f"ours, cold, {jobs} process{'es' * (jobs > 1)}"
            found[name] = measured(self.ours("cold", jobs), memory=True).peak
        return found


def change_rating(path: Path) -> None:
    """Give the first rating of an assessment another value of the scale."""
    text = path.read_text(encoding="utf-8")
    changed = re.sub(r"rating: ([34])", lambda m: f"rating: {7 - int(m[1])}", text, count=1)
    path.write_text(changed, encoding="utf-8")


def html_section(
    folder: Path,
    count: int,
    repeat: int,
    as_of: str,
    say: Say,
    jobs: tuple[int, ...] = JOBS,
    *,
    cold: bool = True,
) -> Section:
    """Measure ``count`` organisations, and the memory of a tenth of them for its growth."""
    say(f"{count} organisations: generating")
    bench = Bench(folder / "large", count, as_of, jobs)
    tenth = max(2, count // 10)
    small = Bench(folder / "small", tenth, as_of, jobs).peaks()
    say(f"{count} organisations: memory")
    large = bench.peaks()
    runs = alternated(bench.cases(cold=cold), repeat, say)
    pages = sum(1 for _ in (bench.folder / "cold/public").rglob("*.html"))
    peers = sum(1 for _ in (bench.folder / "hugo-output").rglob("*.html"))
    rows = (*_time_rows(runs, count), *_memory_rows(small, large, count, tenth))
    detail = (
        f"{pages} pages of ours, {peers} of Hugo; {repeat} rounds, every second one in reverse.",
        "",
        *times_table(runs),
        "",
        "| memory of all processes together | " + " | ".join(f"{n} organisations" for n in (tenth, count)) + " |",
        "|---|---|---|",
        *(f"| {name} | {_mebibytes(small[name])} | {_mebibytes(large[name])} |" for name in large),
    )
    return Section(f"Pages of {count:,} organisations", rows, detail)


def _time_rows(runs: Runs, count: int) -> Iterator[Row]:
    limit, best = (0.4 if fast_extra() else 0.8), f"ours, cold, {JOBS[-1]} processes"
    for name in [name for name in runs if "cold" in name]:
        value = ratio(runs, name, HUGO)
        cpu = f"{ratio(runs, name, HUGO, 'cpu'):.2f} by processor time"
        shown = f"{value:.2f} ({median(runs[name]):.2f} s to {median(runs[HUGO]):.2f} s; {cpu})"
        target = f"≤ 0.8 from {USUAL:,} on; with the extra `fast` ≤ 0.4" if name == best else ""
        judged = name == best and count >= USUAL
        yield Row(f"{name}, against Hugo", target, shown, value <= limit if judged else None)
    for what, limit in (("nothing changed", 1 / 100), ("one edit", 1 / 50)):
        for name in [name for name in runs if what in name]:
            value = ratio(runs, name, HUGO)
            small = f"1/{1 / value:.0f}" if value < 0.2 else f"{value:.2f}"
            shown = f"{small} ({median(runs[name]):.2f} s)"
            target = f"≤ 1/{1 / limit:.0f} at {LARGE:,}"
            what_is = f"{name}, against Hugo's full build"
            yield at_most(what_is, limit, value, shown, target=target, judged=count >= LARGE)


def _memory_rows(small: dict[str, int], large: dict[str, int], count: int, tenth: int) -> Iterator[Row]:
    for name in [name for name in large if name != HUGO]:
        value = large[name] / large[HUGO] if large[HUGO] else 0.0
        shown = f"{value:.2f} ({_mebibytes(large[name])} to {_mebibytes(large[HUGO])})"
        what = f"{name}: peak memory against Hugo"
        yield at_most(what, 0.25, value, shown, target=f"≤ 0.25 at {LARGE:,}", judged=count >= LARGE)
        growth = (large[name] - small[name]) / (count - tenth) / 1000
        theirs = (large[HUGO] - small[HUGO]) / (count - tenth) / 1000
        shown = f"{growth:.1f} kB (Hugo: {theirs:.1f} kB)"
        yield at_most(f"{name}: growth an organisation", 5, growth, shown, target="≤ 5 kB", judged=count >= USUAL)


def _mebibytes(size: int) -> str:
    return f"{size / 2**20:.0f} MiB"


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
