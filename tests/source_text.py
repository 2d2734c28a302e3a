"""The published texts, read straight from their files: what the content and everything built from it is compared with.

Nothing of the package is used here, so that a mistake in reading the content cannot hide itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "source"
STANDARDS_FILE = FOLDER / "ismpe-standards.txt"
LEAFLET_FILE = FOLDER / "ismpe-leaflet.txt"

# The number of 2.10 lacks its full stop.
CRITERION = re.compile(r"(\d\.\d{1,2})\.? (.+)")
OPENING_LIST = re.compile(r"- (\d)\. (.+?)\*\*")
HEADING = re.compile(r"#{2,4} (\d)\. (.+)")
CAPTION = re.compile(r"#{3,5} Performance criteria:")
LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")


@dataclass(frozen=True)
class SourceStandard:
    """One core standard as published. Criteria are (number, text)."""

    number: int
    short_title: str
    heading: str
    lead: str | None
    outcomes: tuple[str, ...]
    criteria: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SourceText:
    """The standards as published, free of markup."""

    title: str
    introduction: str
    core_standards: tuple[SourceStandard, ...]
    address: tuple[str, ...]

    def criteria(self) -> dict[str, str]:
        """Number → text, in order."""
        return {number: text for standard in self.core_standards for number, text in standard.criteria}

    def outcomes(self) -> dict[str, str]:
        """``o4.2`` → text, in order."""
        return {
            f"o{standard.number}.{place}": text
            for standard in self.core_standards
            for place, text in enumerate(standard.outcomes, 1)
        }


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


@cache
def read_standards() -> SourceText:
    """The standards document in its parts. A line that fits nowhere is an error."""
    lines = [line.strip() for line in STANDARDS_FILE.read_text(encoding="utf-8").splitlines() if line.strip()]
    title = lines.pop(0).removeprefix("## ").strip("*")
    introduction = lines.pop(0)
    short_titles: dict[int, str] = {}
    while match := OPENING_LIST.fullmatch(lines[0]):
        short_titles[int(match[1])] = match[2]
        del lines[0]
    address_from = lines.index("ISMPE")
    standards = tuple(_standard(part, short_titles) for part in _parts(lines[:address_from]))
    if [standard.number for standard in standards] != list(short_titles):
        raise ValueError("the opening list and the sections differ")
    return SourceText(title, introduction, standards, tuple(LINK.sub(r"\1", line) for line in lines[address_from:]))


def _parts(lines: list[str]) -> list[list[str]]:
    starts = [place for place, line in enumerate(lines) if HEADING.fullmatch(line)]
    if starts[0] != 0:
        raise ValueError(f"unexpected text: {lines[0]}")
    return [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _standard(lines: list[str], short_titles: dict[int, str]) -> SourceStandard:
    heading = HEADING.fullmatch(lines[0])
    captions = [place for place, line in enumerate(lines) if CAPTION.fullmatch(line)]
    if heading is None or len(captions) != 1:
        raise ValueError(f"not a core standard: {lines[0]}")
    before, after = lines[1 : captions[0]], lines[captions[0] + 1 :]
    lead = None if before[0].startswith("- ") else before.pop(0)
    if not all(line.startswith("- ") for line in before):
        raise ValueError(f"not a list of outcomes: {before}")
    criteria: list[tuple[str, str]] = []
    for line in after:
        if match := CRITERION.fullmatch(line):
            criteria.append((match[1], match[2]))
        else:  # 2.14 goes on after a page break
            last, text = criteria.pop()
            criteria.append((last, f"{text} {line}"))
    number = int(heading[1])
    outcomes = tuple(line.removeprefix("- ") for line in before)
    return SourceStandard(number, short_titles[number], heading[2], lead, outcomes, tuple(criteria))


@cache
def read_leaflet() -> tuple[str, ...]:
    """The leaflet sentence by sentence; headings, points of lists and lines of the address count as sentences."""
    sentences: list[str] = []
    for block in re.split(r"\n\s*\n", LEAFLET_FILE.read_text(encoding="utf-8")):
        # Numbered steps follow each other without a blank line; anything else in a block is one run of text.
        for item in re.split(r"\n(?=\d\. )", block.strip()):
            text = re.sub(r"^(· |\d\. )", "", one_line(item))
            sentences += [sentence for sentence in re.split(r"(?<=[.?!]) (?=[A-Z])", text) if sentence]
    return tuple(sentences)


def both_texts() -> str:
    """Both files as one run of text, markup included."""
    return one_line(STANDARDS_FILE.read_text(encoding="utf-8") + "\n" + LEAFLET_FILE.read_text(encoding="utf-8"))


def plain_words(markdown: str) -> str:
    """Markdown or source text as one run of words: without emphasis, list points, heading marks and link targets."""
    text = LINK.sub(r"\1", markdown)
    text = re.sub(r"(?m)^\s*(#{1,6}|[-·*]|\d\.) ", "", text)
    return one_line(re.sub(r"[*_]+", "", text))
