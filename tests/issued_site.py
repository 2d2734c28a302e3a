"""A small project with keys for tests, in which things can be issued."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from ismpe_site.build.executors.in_process import InProcess
from ismpe_site.issuing.desk import Desk
from ismpe_site.issuing.key_files import key_files
from ismpe_site.model import certificate_number
from ismpe_site.project import Project
from tests.issue_specimens import KEYS, with_test_keys
from tests.minimal_site import BASE

ROOT = Path(__file__).parents[1]
PASSPHRASE = f"file:{KEYS / 'passphrase'}"
KEY = "brook-trust/starters/2024-05"
ON = date(2024, 6, 10)
FIRST = certificate_number(2024, 1)


def issuing_project(folder: Path) -> Path:
    """A copy of the smallest project, nothing issued yet."""
    shutil.copytree(BASE, folder)
    (folder / "themes").symlink_to(ROOT / "themes")
    shutil.copy(ROOT / "site.toml", folder)
    with_test_keys(folder)
    return folder


def another(root: Path, organisation: str, assessment: str = "2024-05") -> Path:
    """The file of the same assessment of one more organisation, or of a later month."""
    there = root / "content/assessments/brook-trust"
    copy = root / f"content/assessments/{organisation}"
    if not copy.exists():
        shutil.copytree(there, copy)
        spoil(copy / "organisation.yaml", "name: Brook Trust", f"name: {organisation.replace('-', ' ').title()}")
    if assessment != "2024-05":
        (copy / f"starters/{assessment}.yaml").write_text((there / "starters/2024-05.yaml").read_text())
    return copy / f"starters/{assessment}.yaml"


def file_of(root: Path, key: str = KEY) -> Path:
    """The file of an assessment."""
    return root / f"content/assessments/{key}.yaml"


def desk(root: Path, on: date = ON) -> Desk:
    """Where things are issued."""
    return Desk(Project.at(root), on, key_files(KEYS, PASSPHRASE), InProcess())


def spoil(file: Path, old: str, new: str) -> None:
    """Change a file at one place."""
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{file.name} does not hold {old!r}"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def issued_files(root: Path) -> dict[str, bytes]:
    """Everything in ``content/issued`` but the lock."""
    folder = root / "content/issued"
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(found)}


def pages_of(root: Path, output: Path, day: str) -> tuple[str, ...]:
    """The arguments that build the pages of ``root`` as on ``day``."""
    return ("build", "--root", str(root), "--output", str(output), "--only", "html", "--as-of", day)
