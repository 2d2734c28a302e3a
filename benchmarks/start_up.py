"""How long a command takes that makes no PDF."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from benchmarks.html_speed import Say
from benchmarks.measure import ISMPE, REPOSITORY, Case, alternated, median
from benchmarks.results import Row, Section, times_table

LIMIT = 0.3


def start_section(folder: Path, repeat: int, say: Say) -> Section:
    """Measure ``--version``, and ``check`` on the small site that the tests use."""
    shutil.copytree(REPOSITORY / "tests/cases/base", folder)
    shutil.copytree(REPOSITORY / "themes", folder / "themes")
    shutil.copyfile(REPOSITORY / "site.toml", folder / "site.toml")
    cases = [
        Case("Python alone", [sys.executable, "-c", "pass"]),
        Case("`ismpe --version`", [ISMPE, "--version"]),
        Case("`ismpe check`, a minimal site", [ISMPE, "check", "--root", str(folder), "--quiet"]),
    ]
    alternated(cases, 1, lambda _: None)  # compiles what was not compiled yet
    runs = alternated(cases, repeat, say)
    rows = [
        Row(name, f"≤ {LIMIT} s", f"{median(own):.2f} s", median(own) <= LIMIT)
        for name, own in runs.items()
        if name.startswith("`")
    ]
    return Section("Start", tuple(rows), tuple(times_table(runs)))
