"""What can be wrong with content and where: values that are gathered, sorted and printed once."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Any, Literal

Severity = Literal["error", "warning"]

# Unicode categories of what can deceive a terminal: controls, formats, halves of characters, line and paragraph ends.
DECEPTIVE = ("Cc", "Cf", "Cs", "Zl", "Zp")


# What the codes of problems begin with that would change what is issued or published for good.
FOR_GOOD = "I60"


@dataclass(frozen=True, order=True)
class Place:
    """A position in a file; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend: where, what is wrong, and (``help``) what is allowed and what to do."""

    place: Place
    code: str
    message: str
    help: str = ""
    severity: Severity = "error"

    def as_json(self) -> dict[str, object]:
        """The problem as plain data for ``--json``."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Problem:
        """What ``as_json`` gave."""
        return cls(**{**data, "place": Place(**data["place"])})


class ContentError(Exception):
    """Content that cannot be built; carries every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__(f"{len(self.problems)} problems")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``did you mean "x"? `` where something known is near; empty otherwise."""
    near = get_close_matches(word, list(known), 1, 0.6)
    return f'did you mean "{near[0]}"? ' if near else ""


def allowed(words: Iterable[object]) -> str:
    """``allowed: a, b, c`` for a help text."""
    return "allowed: " + ", ".join(str(word) for word in words)


def printable(text: str, limit: int = 160) -> str:
    """One line of somebody's text, with what could deceive a terminal made visible."""
    return "".join(_visible(character) for character in text[:limit])


def _visible(character: str) -> str:
    if character == "\t":
        return " "
    return f"\\u{ord(character):04x}" if unicodedata.category(character) in DECEPTIVE else character


def describe(problem: Problem, lines: Mapping[str, list[str]]) -> str:
    """The problem for a person: place, code, message, the line itself with a caret, help.

    ``lines`` maps a file name to its lines; files not in it are described without the excerpt.
    """
    place = problem.place
    text = [f"{printable(str(place), 400)}: {problem.severity} {problem.code}: {printable(problem.message, 400)}"]
    source = lines.get(place.file, [])
    if place.line <= len(source) and source[place.line - 1].strip():
        number = str(place.line)
        text.append(f"  {number} | {printable(source[place.line - 1])}")
        if place.column <= 160:
            text.append(f"  {' ' * len(number)} | {' ' * len(printable(source[place.line - 1][: place.column - 1]))}^")
    if problem.help:
        text.append(f"  = {printable(problem.help, 1000)}")
    return "\n".join(text)


def summary(problems: Iterable[Problem]) -> str:
    """``3 errors, 1 warning`` in words."""
    problems = list(problems)
    counts = {severity: sum(problem.severity == severity for problem in problems) for severity in ("error", "warning")}
    return ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for word, n in counts.items() if n) or "no problems"
