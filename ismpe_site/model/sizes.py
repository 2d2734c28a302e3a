"""How much longer a Markdown text becomes on a page than it is: a bound that is known without a parser."""

from __future__ import annotations

import re
from itertools import pairwise

# What stands in a text in few characters and on a page in many: a target that is written once and named again and
# again, and the empty cells with which a row is filled up to the width of its table.
DEFINITION = re.compile(r"^[ \t>*+.)0-9-]*\[[^\[\]\n]+\]:", re.MULTILINE)
DELIMITERS = re.compile(r"[ \t>*+.)0-9-]*(?=[|:-])[-:| \t]*-[-:| \t]*")
BLANK = re.compile(r"[ \t>]*")

# A page may be so many times as long as the text, and this much longer.
TIMES, MORE = 20, 10_000
CELL = len("<td></td>\n")


def swollen(text: str) -> str:
    """What makes a text so much longer on a page than it should be; empty where nothing does."""
    most = TIMES * len(text) + MORE
    if _targets(text) > most:
        return "names a long target too often"
    if _cells(text) * CELL > most:
        return "has a table most of whose cells are not written"
    return ""


def _targets(text: str) -> int:
    """The characters of all links, if each went to the longest target that is defined."""
    starts = [match.start() for match in DEFINITION.finditer(text)]
    if not starts:
        return 0
    stops = sorted({*starts, *(match.start() for match in re.finditer(r"\n[ \t]*\n", text)), len(text)})
    # A definition ends at the next one, a blank line or the end, at the latest.
    ends = dict(pairwise(stops))
    return max(ends[start] - start for start in starts) * text.count("]")


def _cells(text: str) -> int:
    """The cells of all tables, written or not."""
    cells = columns = 0
    for line in text.split("\n"):
        if "|" in line and DELIMITERS.fullmatch(line):
            columns = line.count("|") + 1
        elif BLANK.fullmatch(line):
            columns = 0
        cells += columns
    return cells
