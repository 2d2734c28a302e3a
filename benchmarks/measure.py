"""Cases measured in turn, A B A B, and what is said of them: medians, spread, ratios of neighbours."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
ISMPE = str(Path(sys.executable).with_name("ismpe"))


@dataclass(frozen=True)
class Measured:
    """One run: seconds on the clock, seconds of processors, bytes (0 where not looked at)."""

    wall: float
    cpu: float
    peak: int


@dataclass(frozen=True)
class Case:
    """A command, and what must be done before each run of it (not measured)."""

    name: str
    command: Sequence[str]
    prepare: Callable[[], object] = lambda: None


Runs = dict[str, list[Measured]]


def measured(command: Sequence[str], *, memory: bool = False) -> Measured:
    """Run ``command`` once in a process that does nothing else."""
    meter = [sys.executable, "-m", "benchmarks.meter", *(["--memory"] if memory else []), *command]
    done = subprocess.run(meter, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    found = json.loads(done.stdout)
    return Measured(found["wall"], found["cpu"], int(found["peak"]))


def alternated(cases: Sequence[Case], repeat: int, say: Callable[[str], None]) -> Runs:
    """Run the cases one after the other, ``repeat`` times over, every second time from the last to the first."""
    runs: Runs = {case.name: [] for case in cases}
    for number in range(repeat):
        for case in cases if number % 2 == 0 else reversed(cases):
            case.prepare()
            run = measured(case.command)
            runs[case.name].append(run)
            say(f"{number + 1}/{repeat} {case.name}: {run.wall:.2f} s, {run.cpu:.2f} s of processors")
    return runs


def median(runs: Sequence[Measured], what: str = "wall") -> float:
    """The middle of ``wall`` or ``cpu``."""
    return statistics.median([_of(run, what) for run in runs])


def ratio(runs: Runs, one: str, other: str, what: str = "wall") -> float:
    """The middle of the ratios of ``one`` to ``other``, round by round: what both suffered together drops out."""
    pairs = zip(runs[one], runs[other], strict=True)
    return statistics.median([_of(a, what) / _of(b, what) for a, b in pairs])


def _of(run: Measured, what: str) -> float:
    return run.wall if what == "wall" else run.cpu
