"""Every threat of docs/threat-model.md names a test that is there."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.conftest import ROOT

MODEL = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(test_\w+\.py)::(\w+|\*)`")
ASSETS = {"R", "C", "P", "B", "V", "A"}


def rows(text: str = MODEL) -> list[list[str]]:
    """The rows of the table of threats, cell by cell."""
    _, _, table = text.partition("## Threats")
    lines = [line for line in table.partition("\n## ")[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


@cache
def names_in(file: str) -> frozenset[str]:
    """The names of the tests in a file; none where it is not there."""
    path = ROOT / "tests" / file
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name.startswith("test_"))


def faults(row: list[str]) -> list[str]:
    """What is wrong with a row."""
    if len(row) != 4 or not all(row):
        return [f"{len(row)} cells, not 4: {row}"]
    assets, threat, _, shown = row
    found = [] if set(assets.split(", ")) <= ASSETS else [f"{threat}: unknown asset {assets}"]
    named = NAMED.findall(shown)
    if not named or re.sub(r"[, ]", "", NAMED.sub("", shown)):
        found.append(f"{threat}: names no test, or something else: {shown}")
    for file, test in named:
        there = names_in(file)
        if not there or (test != "*" and test not in there):
            found.append(f"{threat}: there is no {file}::{test}")
    return found


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[1][:60])
def test_a_threat_names_its_tests(row: list[str]) -> None:
    assert faults(row) == []


def test_there_are_all_the_threats() -> None:
    assert len(rows()) >= 27
    assert {asset for row in rows() for asset in row[0].split(", ")} == ASSETS


@pytest.mark.parametrize(
    "row",
    [
        ["B", "a threat", "a defence", ""],
        ["B", "a threat", "a defence", "by looking"],
        ["B", "a threat", "a defence", "`test_threat_model.py::test_that_is_not_there`"],
        ["B", "a threat", "a defence", "`test_that_is_not_there.py::*`"],
        ["B", "a threat", "a defence", "`test_threat_model.py::*` (pending)"],
        ["B", "a threat", "a defence", "`test_threat_model.py::*` and by looking"],
        ["X", "a threat", "a defence", "`test_threat_model.py::*`"],
        ["B", "a threat", "`test_threat_model.py::*`"],
    ],
)
def test_a_row_that_shows_nothing_is_seen(row: list[str]) -> None:
    assert faults(row)


def test_what_the_model_says_of_itself_holds() -> None:
    """Its figures are those of the tests."""
    from ismpe_site.model.scalars import LONGEST_TEXT
    from tests import hostile
    from tests.test_confinement import VECTORS

    assert f"{len(VECTORS)} ways into the press" in MODEL
    assert f"at most {LONGEST_TEXT:,} characters" in MODEL
    assert len(set(hostile.markup())) + len(hostile.TEMPLATES) > 250
