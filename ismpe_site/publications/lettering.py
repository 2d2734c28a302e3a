"""Words → outlines, so that a badge looks the same wherever it is shown. The only home of uharfbuzz."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import uharfbuzz as hb

Point = tuple[float, float]

# Outlines are drawn on a grid of this many units to the size, whatever the font's own is.
UNITS = 1000

# More letters than any badge has room for.
LONGEST = 140


@dataclass(frozen=True)
class Outline:
    """``path`` is SVG path data on a grid from the left of the base line; at ``scale`` it is ``width`` wide."""

    path: str
    width: float
    scale: float


class LetterError(Exception):
    """Letters no font of the theme has; the message names them and what to do."""


@lru_cache(maxsize=512)
def outline(fonts: tuple[bytes, ...], text: str, size: float, tracking: float = 0) -> Outline:
    """``text`` at ``size`` with ``tracking``, each letter in the first of ``fonts`` (TrueType) that has it.

    Raises LetterError where none has.
    """
    parts: list[str] = []
    width = 0.0
    for font, part in _runs(fonts, text):
        width += _draw(parts, font, part, size, tracking, width)
    return Outline("".join(parts), round(width - tracking, 2), round(size / UNITS, 6))


def _runs(fonts: tuple[bytes, ...], text: str) -> list[tuple[bytes, str]]:
    """``text`` in parts, each with the first font that has all of it."""
    runs: list[tuple[bytes, str]] = []
    for letter in text:
        font = next((font for font in fonts if _glyph(font, letter)), None)
        if font is None:
            code = f"U+{ord(letter):04X}"
            raise LetterError(
                f'no font of the theme has "{letter}" ({code}) in "{text}"; add one to [lettering] others'
            )
        if runs and (runs[-1][0] == font or letter.isspace()):
            runs[-1] = (runs[-1][0], runs[-1][1] + letter)
        else:
            runs.append((font, letter))
    return runs


def _draw(parts: list[str], font: bytes, text: str, size: float, tracking: float, start: float) -> float:
    """Draw one run, ``start`` units of size from the left; returns its width."""
    face = _face(font)
    shaped, buffer = hb.Font(face), hb.Buffer()
    buffer.add_str(text)
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


def fitted(fonts: tuple[bytes, ...], text: str, size: float, width: float, lines: int = 1) -> tuple[Outline, ...]:
    """``text`` in at most ``lines`` lines of ``width``: smaller, to three quarters, before it is cut short."""
    if len(text) > LONGEST:
        text = text[:LONGEST].rstrip() + "…"
    for step in range(6):
        current = size * (1 - step * 0.05)
        rows = _broken(fonts, text, current, width)
        if len(rows) <= lines and all(row.width <= width for row in rows):
            return tuple(rows)
    smallest, words = size * 0.75, text
    while words:
        rows = _broken(fonts, words.rstrip(" ,;") + "…", smallest, width)
        if len(rows) <= lines and all(row.width <= width for row in rows):
            return tuple(rows)
        words = words[:-1]
    return ()


def _broken(fonts: tuple[bytes, ...], text: str, size: float, width: float) -> list[Outline]:
    rows, row = [], ""
    for word in text.split():
        longer = f"{row} {word}".strip()
        if row and outline(fonts, longer, size).width > width:
            rows.append(row)
            row = word
        else:
            row = longer
    return [outline(fonts, part, size) for part in (*rows, row)]


def _glyph(font: bytes, letter: str) -> bool:
    return letter.isspace() or hb.Font(_face(font)).get_nominal_glyph(ord(letter)) not in (None, 0)


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
