"""Words → outlines, so that a badge looks the same wherever it is shown. The only home of python-bidi.

Letters are shaped by uharfbuzz, line by line, in the order in which they are read from left to right: of a line that
holds Arabic or Hebrew that is another order than the one they are written in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import uharfbuzz as hb
from bidi import get_base_level, get_display

from ismpe_site.theme import IGNORABLE, has_letter

Point = tuple[float, float]

# Outlines are drawn on a grid of this many units to the size, whatever the font's own is.
UNITS = 1000

# More letters than any badge has room for.
LONGEST = 140

# Letters that may stand in another order than they are written in, or make others do so.
TURNING = re.compile(
    "[\u0590-\u08ff\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


@lru_cache(maxsize=1)
def _carried() -> tuple[str, ...]:
    """Characters the algorithm carries along without heeding them."""
    return tuple(chr(code) for code in range(0xE0080) if unicodedata.bidirectional(chr(code)) == "BN")


@dataclass(frozen=True)
class Outline:
    """``path`` is SVG path data on a grid from the left of the base line; at ``scale`` it is ``width`` wide.

    ``rtl`` says that the text begins at the right.
    """

    path: str
    width: float
    scale: float
    rtl: bool = False


class LetterError(Exception):
    """Letters no font of the theme has; the message names them and what to do."""


@lru_cache(maxsize=512)
def outline(
    fonts: tuple[bytes, ...], text: str, size: float, tracking: float = 0, *, rtl: bool | None = None
) -> Outline:
    """``text`` at ``size`` with ``tracking``, each letter in the first of ``fonts`` (TrueType) that has it.

    ``rtl`` says where the text begins of which this is a line, where that is not to be seen from it alone.
    Raises LetterError where no font has a letter.
    """
    rtl = begins_right(text) if rtl is None else rtl
    parts: list[str] = []
    width = 0.0
    for backwards, part in _turned(text, rtl=rtl):
        runs = _runs(fonts, part)
        for font, letters in reversed(runs) if backwards else runs:
            width += _draw(parts, font, letters, "rtl" if backwards else "ltr", size, tracking, width)
    return Outline("".join(parts), round(width - tracking, 2), round(size / UNITS, 6), rtl)


def begins_right(text: str) -> bool:
    """Whether ``text`` is read from the right: its first letter of a direction decides."""
    return bool(text) and bool(get_base_level(text))


def _turned(text: str, *, rtl: bool) -> list[tuple[bool, str]]:
    """``text`` in parts from left to right, each as written, with whether its letters run to the left."""
    if not rtl and not TURNING.search(text):
        return [(False, text)]
    # The library gives a line in its order, but not which letter went where. So a mark goes behind each letter, one
    # it carries along unheeded: in the answer it is still there, and before its letter where letters run to the left.
    # The direction mark at the end keeps the last one in its place.
    marks = [mark for mark in _carried() if mark not in text]
    index = {mark: number for number, mark in enumerate(marks)}
    marked = "".join(letter + mark for letter, mark in zip(text, marks, strict=False))
    shown = get_display(marked + ("\u200f" if rtl else "\u200e"), base_dir="R" if rtl else "L")
    shown = shown[1:] if rtl else shown[:-1]
    pairs = [(shown[at], shown[at + 1]) for at in range(0, len(shown) - 1, 2)]
    places = [(first in index, index[first if first in index else second]) for first, second in pairs]
    parts = []
    for backwards, group in groupby(enumerate(places), lambda item: _run_key(*item)):
        numbers = [place for _, (_, place) in group]
        parts.append((backwards[0], text[min(numbers) : max(numbers) + 1]))
    return parts


def _run_key(at: int, place: tuple[bool, int]) -> tuple[bool, int]:
    """The same for neighbours that were neighbours in the text as well."""
    backwards, number = place
    return backwards, at + number if backwards else at - number


def _runs(fonts: tuple[bytes, ...], text: str) -> list[tuple[bytes, str]]:
    """``text`` in parts, each with the first font that has all of it."""
    runs: list[tuple[bytes, str]] = []
    for letter in text:
        stays = letter.isspace() or IGNORABLE.match(letter) or unicodedata.combining(letter)
        if runs and stays and has_letter(runs[-1][0], letter):
            runs[-1] = (runs[-1][0], runs[-1][1] + letter)
            continue
        font = next((font for font in fonts if has_letter(font, letter)), None)
        if font is None:
            code = f"U+{ord(letter):04X}"
            raise LetterError(
                f'no font of the theme has "{letter}" ({code}) in "{text}"; add one to [lettering] others'
            )
        if runs and runs[-1][0] == font:
            runs[-1] = (font, runs[-1][1] + letter)
        else:
            runs.append((font, letter))
    return runs


def _draw(
    parts: list[str], font: bytes, text: str, direction: str, size: float, tracking: float, start: float
) -> float:
    """Draw one run, ``start`` units of size from the left; returns its width."""
    face = _face(font)
    shaped, buffer = hb.Font(face), hb.Buffer()
    buffer.add_str(text)
    buffer.direction = direction
    buffer.guess_segment_properties()
    hb.shape(shaped, buffer, {"kern": True, "liga": not tracking})
    stretch, space = UNITS / face.upem, tracking * UNITS / size
    x = start * UNITS / size
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        parts.append(_placed(font, info.codepoint, x + position.x_offset * stretch, -position.y_offset * stretch))
        x += position.x_advance * stretch + space
    return x * size / UNITS - start


def _placed(font: bytes, glyph: int, x: float, y: float) -> str:
    """A glyph's outlines at a place. They are drawn once for each fraction of the grid that it may be off: numbers are
    rounded to even ones, so it is the fraction of two units that counts."""
    across, down = int(x // 2) * 2, int(y // 2) * 2
    contours = _contours(font, glyph, x - across, y - down)
    return "".join(f"M{first + across} {second + down}{rest}" for first, second, rest in contours)


@lru_cache(maxsize=2048)
def _contours(font: bytes, glyph: int, x: float, y: float) -> tuple[tuple[int, int, str], ...]:
    """The outlines of a glyph: where each begins, and how it goes on from there."""
    face = _face(font)
    pen = _Pen(x, y, UNITS / face.upem)
    hb.Font(face).draw_glyph_with_pen(glyph, pen)
    return tuple((x, y, "".join(parts)) for x, y, parts in pen.contours)


def fitted(
    fonts: tuple[bytes, ...], text: str, size: float, width: float, lines: int = 1, least: float = 0.75
) -> tuple[Outline, ...]:
    """``text`` in at most ``lines`` lines of ``width``: smaller, to ``least`` of ``size``, before it is cut short."""
    rtl = begins_right(text)
    if len(text) > LONGEST:
        text = text[:LONGEST].rstrip() + "…"
    for step in range(6):
        rows = _outlines(fonts, text, size * (1 - step * (1 - least) / 5), width, rtl=rtl)
        if len(rows) <= lines and all(row.width <= width for row in rows):
            return rows
    words = text
    while words:
        rows = _outlines(fonts, words.rstrip(" ,;") + "…", size * least, width, rtl=rtl)
        if len(rows) <= lines and all(row.width <= width for row in rows):
            return rows
        words = words[:-1]
    return ()


def spaced(fonts: tuple[bytes, ...], text: str, size: float, width: float) -> Outline:
    """``text`` at ``size``, or as large as ``width`` allows, its letters set apart where they do not join."""
    apart = 0 if begins_right(text) else 0.08
    tenths = int(size * min(1, width / outline(fonts, text, size, size * apart).width) * 10)
    return outline(fonts, text, tenths / 10, tenths / 10 * apart)


def _outlines(fonts: tuple[bytes, ...], text: str, size: float, width: float, *, rtl: bool) -> tuple[Outline, ...]:
    return tuple(outline(fonts, row, size, rtl=rtl) for row in _broken(fonts, text.split(), size, width))


def _broken(fonts: tuple[bytes, ...], words: Sequence[str], size: float, width: float) -> Iterator[str]:
    """``words`` in lines, as many in each as go into ``width``; one that is wider has a line of its own."""
    row = ""
    for word in words:
        longer = f"{row} {word}".strip()
        if row and _width(fonts, longer, size) > width:
            yield row
            row = word
        else:
            row = longer
    yield row


def _width(fonts: tuple[bytes, ...], text: str, size: float) -> float:
    """How wide ``text`` is; the order of its parts does not matter for that."""
    return sum(outline(fonts, text[at : at + LONGEST], size).width for at in range(0, len(text), LONGEST))


def rows(fonts: tuple[bytes, ...], text: str, size: float, width: float, *, divided: bool = False) -> int:
    """In how many lines of ``width`` a page sets ``text``; 0 where a word is wider than a line and is not divided."""
    words = text.split()
    widest = max((_width(fonts, word, size) for word in words), default=0)
    if widest <= width:
        return sum(1 for _ in _broken(fonts, words, size, width))
    # Divided words fill their lines but for a letter or two.
    return int(_width(fonts, " ".join(words), size) / (width * 0.94)) + 2 if divided else 0


@lru_cache(maxsize=8192)
def advance(fonts: tuple[bytes, ...], text: str) -> float:
    """How wide ``text`` is at size 1, without drawing it; raises LetterError where no font has a letter."""
    width = 0.0
    for font, letters in _runs(fonts, text):
        face, buffer = _face(font), hb.Buffer()
        buffer.add_str(letters)
        buffer.guess_segment_properties()
        hb.shape(hb.Font(face), buffer, {"kern": True})
        width += sum(position.x_advance for position in buffer.glyph_positions) / face.upem
    return width


def direction(text: str, around: str = "ltr") -> str:
    """``rtl`` or ``ltr`` where ``text`` does not run as the words ``around`` it throughout; else nothing."""
    return ("rtl" if begins_right(text) else "ltr") if around == "rtl" or TURNING.search(text) else ""


@lru_cache(maxsize=8)
def _face(font: bytes) -> hb.Face:
    return hb.Face(font)


class _Pen:
    """Collects outlines as SVG path data: whole units of the grid, each point from the last, the y axis downwards."""

    def __init__(self, x: float, y: float, stretch: float) -> None:
        """For a glyph at (x, y); ``stretch`` takes the font's units to the grid's."""
        self.contours: list[tuple[int, int, list[str]]] = []
        self._origin, self._stretch, self._last = (x, y), stretch, (0, 0)

    def moveTo(self, point: Point) -> None:  # noqa: N802  # the pen protocol's names
        """Begin an outline."""
        self._last = self._absolute(point)
        self.contours.append((*self._last, []))

    def lineTo(self, point: Point) -> None:  # noqa: N802
        """A straight line."""
        self._relative("l", point)

    def qCurveTo(self, *points: Point) -> None:  # noqa: N802
        """A quadratic curve."""
        self._relative("q", *points)

    def curveTo(self, *points: Point) -> None:  # noqa: N802
        """A cubic curve."""
        self._relative("c", *points)

    def closePath(self) -> None:  # noqa: N802
        """End an outline."""
        self.contours[-1][2].append("z")

    def endPath(self) -> None:  # noqa: N802
        """Glyphs have no open outlines."""

    def _absolute(self, point: Point) -> tuple[int, int]:
        return round(self._origin[0] + point[0] * self._stretch), round(self._origin[1] - point[1] * self._stretch)

    def _relative(self, command: str, *points: Point) -> None:
        places = [self._absolute(point) for point in points]
        numbers = [number for x, y in places for number in (x - self._last[0], y - self._last[1])]
        # A minus sign parts two numbers as well as a space does.
        text = "".join(f"{'' if number < 0 or not index else ' '}{number}" for index, number in enumerate(numbers))
        self.contours[-1][2].append(command + text)
        self._last = places[-1]
