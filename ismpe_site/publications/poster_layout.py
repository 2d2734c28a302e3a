"""How large the words of a poster may be: measured before it is printed, so that any text fits on one sheet.

All lengths are in ``rem``, the root size of the style: ten points on A4. The sheet of A3 is the same number of them, so
one measure serves both; only the smallest letters are fewer of them there. The numbers of ``print/poster.css`` stand
here again, each a little larger than there: what is measured is never less than what is set.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from ismpe_site.publications.letter_measure import Fonts, cut, fitting, lines
from ismpe_site.publications.markup import Block, blocks

# The words of the sheet, from its upper to its lower margin; the foot below them, larger on a poster in brief.
WIDTH, HEIGHT = 49.8, 75.6
FOOT, FOOT_BRIEF = 13.4, 20.9
GAP = 3.0

# The words of the whole text; the smaller ones stand in two columns.
SIZES = (3.4, 2.9, 2.4, 2.0, 1.85, 1.7, 1.6, 1.5, 1.4, 1.35, 1.3, 1.25, 1.2, 1.15, 1.1, 1.05, 1.0, 0.95, 0.9)
ONE_COLUMN = 1.6

# The smallest that can be read on a wall: 11 and 12.7 points.
SMALLEST = {"a4": 1.1, "a3": 0.9}

# Line heights: of text, of names and lists, of the title. Letters of another font make a line a little higher.
LINE, LINE_SMALL, LINE_TITLE = 1.39, 1.28, 1.12

# Sizes of the title, each with the most lines it may fill.
TITLE = ((5.6, 2), (5.0, 2), (4.5, 2), (4.0, 2), (3.6, 2), (3.2, 2), (2.8, 2), (2.4, 2), (2.0, 3))
TITLE_BESIDE_TEXT = ((4.8, 1), (4.4, 1), (4.0, 1), (3.6, 1), *TITLE[4:])


# White space that a page shows as one space; another kind keeps words together.
FOLDED = re.compile(r"[ \t\r\n\f]+")


@dataclass(frozen=True)
class Fitted:
    """Words and their size; words that no size makes fit end with "…"."""

    text: str
    size: float


@dataclass(frozen=True)
class Layout:
    """Names, title and summary, and either the whole text or, in brief, its ``points``.

    Of the whole text: the ``size`` of its words, and in how many ``columns`` they stand. ``below`` is the space that no
    words may enter: the foot, and what ends columns at about the same height.
    """

    owner: Fitted
    programme: Fitted
    title: Fitted
    summary: Fitted
    size: float = 0
    columns: int = 1
    below: float = FOOT
    points: tuple[Fitted, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether the whole text is on the poster."""
        return bool(self.size)


def poster_layout(
    owner: str, programme: str, title: str, summary: str, body: str, paper: str, fonts: Mapping[str, Fonts]
) -> Layout:
    """The layout of a poster; ``body`` is Markdown, ``paper`` a key of SMALLEST, ``fonts`` a theme's lettering."""
    strong, regular, display = fonts["strong"], fonts["regular"], fonts["display"]
    names = 0.0
    owned, high = _fitted(strong, owner, ((1.5, 2), (1.35, 2), (1.2, 2), (1.05, 2), (0.9, 2)), LINE_SMALL)
    names += high
    programmed, high = _fitted(regular, programme, ((1.3, 2), (1.2, 2), (1.05, 2), (0.9, 2)), LINE_SMALL)
    names += high + 1.1

    titled, high = _fitted(display, title, TITLE_BESIDE_TEXT, LINE_TITLE)
    standfirst, more = _fitted(regular, summary, ((1.5, 3), (1.4, 3), (1.3, 4), (1.2, 4)), LINE)
    room = HEIGHT - FOOT - names - high - 1.0 - more - 3.0
    for size in SIZES:
        columns = 1 if size >= ONE_COLUMN else 2
        if size >= SMALLEST[paper] and fits(body, fonts, size, columns, room):
            below = FOOT + room - _even(body, fonts, size, columns, room)
            return Layout(owned, programmed, titled, standfirst, size, columns, round(below, 1))

    titled, high = _fitted(display, title, TITLE, LINE_TITLE)
    sizes = ((2.8, 5), (2.5, 6), (2.2, 6), (2.0, 7), (1.8, 7), (1.6, 8), (1.4, 8), (1.2, 8))
    standfirst, more = _fitted(regular, summary, sizes, LINE)
    room = HEIGHT - FOOT_BRIEF - names - high - 1.0 - more - 3.0
    return Layout(owned, programmed, titled, standfirst, below=FOOT_BRIEF, points=_points(body, fonts, room))


def fits(body: str, fonts: Mapping[str, Fonts], size: float, columns: int, room: float) -> bool:
    """Whether a text set in ``size`` goes into ``columns`` that are ``room`` high."""
    width, room = (WIDTH - GAP * (columns - 1)) / columns / size, room / size
    left, keeps = room, 0.0
    for run in _runs(blocks(body)):
        heights = [_block(block, fonts, width - 1.3 * block.depth) for block in run]
        high = sum(whole for whole, _ in heights)
        least = heights[0][1] if len(run) == 1 else high
        heading = run[0].kind == "heading"
        if high + (_FOLLOWING if heading else 0) <= left:
            left -= high
            keeps = keeps + high if heading else 0.0
            continue
        # It is parted, or begins the next column together with the headings before it.
        columns -= 1
        parted = least < high and least <= left
        left = room - (high - left + 2 * LINE if parted else high + keeps)
        keeps = high if heading else 0.0
        if columns == 0 or left < 0:
            return False
    return True


def _runs(found: tuple[Block, ...]) -> Iterator[tuple[Block, ...]]:
    """Blocks one by one; but lists in lists together, because the engine parts these where it likes, or not at all."""
    for nested, group in groupby(found, lambda block: block.depth > 0):
        run = tuple(group)
        if nested and max(block.depth for block in run) > 1:
            yield run
        else:
            yield from ((block,) for block in run)


def _even(body: str, fonts: Mapping[str, Fonts], size: float, columns: int, room: float) -> float:
    """How high columns are that are about as high as each other: the engine's own balance may be higher than room."""
    least, most = (0.0 if columns > 1 else room), room
    while most - least > 0.4:
        middle = (least + most) / 2
        least, most = (least, middle) if fits(body, fonts, size, columns, middle) else (middle, most)
    return most


# Behind a heading there must be room for the beginning of what follows.
_FOLLOWING = 3 * LINE + 1


def _block(block: Block, fonts: Mapping[str, Fonts], width: float) -> tuple[float, float]:
    """How high a block is, with the space around it, and how much of it stays together, both in its own size."""
    strong, usual = fonts["strong"], fonts["strong" if block.strong else "regular"]
    if block.kind == "heading":
        high = lines(strong, block.words, width / 1.15) * 1.15 * 1.21 + 1.4
        return high, high
    if block.kind == "row":
        cell = width / max(len(block.cells), 1) - 0.75
        high = max((lines(strong, words, cell) for words in block.cells), default=1) * LINE + 0.9
        return high, high
    if block.kind == "rule":
        return 1.8, 1.8
    count = lines(usual, block.words, width)
    space = 0.4 if block.kind == "item" else 0.55
    return count * LINE + space, min(count, 3) * LINE + space


def _points(body: str, fonts: Mapping[str, Fonts], room: float) -> tuple[Fitted, ...]:
    """The headings of a text, else its first words, as large as goes into ``room``; the last may be "…"."""
    headings = [block for block in blocks(body) if block.kind == "heading" and block.words]
    top = min((block.level for block in headings), default=0)
    words = [block.words for block in headings if block.level == top]
    if len(words) < 2:
        spoken = (block.words for block in blocks(body) if block.kind in ("paragraph", "item", "row") and block.words)
        return _opening(" ".join(" ".join(spoken).split("\n")), fonts["strong"], room)
    return tuple(_listed(words, fonts["strong"], room))


def _opening(text: str, fonts: Fonts, room: float) -> tuple[Fitted, ...]:
    if not text:
        return ()
    sizes = [(size, max(int(room / size / LINE), 1)) for size in (2.0, 1.8, 1.6, 1.4)]
    return (_fitted(fonts, text, tuple(sizes), LINE)[0],)


def _listed(words: list[str], fonts: Fonts, room: float) -> Iterator[Fitted]:
    high: list[float] = []
    size = 0.0
    for size in (2.4, 2.1, 1.9, 1.7, 1.5, 1.3, 1.2):
        high = [(lines(fonts, one, WIDTH / size) * LINE_SMALL + 0.5) * size for one in words]
        if sum(high) <= room:
            break
    sign = (LINE_SMALL + 0.5) * size
    for at, (one, each) in enumerate(zip(words, high, strict=True)):
        if each + (0 if sum(high[at:]) <= room else sign) > room:
            # There are more, and room was kept to say so.
            yield Fitted("…", size)
            return
        room -= each
        yield Fitted(one, size)


def _fitted(fonts: Fonts, text: str, sizes: tuple[tuple[float, int], ...], line: float) -> tuple[Fitted, float]:
    """``text`` in the first of ``sizes`` (size, most lines) in which it fits, else cut short; and how high it is."""
    text = FOLDED.sub(" ", text).strip(" ")
    for size, most in sizes:
        if fitting(fonts, text, WIDTH / size, most):
            break
    else:
        text = cut(fonts, text, WIDTH / size, most)
    return Fitted(text, size), lines(fonts, text, WIDTH / size) * size * line
