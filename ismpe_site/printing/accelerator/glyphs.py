"""Lever ``glyphs``: a line of text drawn once is drawn again from its glyphs.

*Speeds up:* drawing shapes every line once more and walks its glyphs in Python; titles, criteria, ratings and running
heads are the same in many documents. Font objects of the PDF are copied instead of being read from the font again.
*Safe:* the glyphs follow from the text, the text style and the justification. Two things depend on the document, and
are compared before anything is written: the widths that glyphs have there already (the first size of a font in a
document decides them), and which text a glyph stands for. Only upright left-to-right text without decoration,
ellipsis, emoji, missing glyphs or raised glyphs is remembered; all else, with its warnings, is the engine's.

This is the one lever that repeats a loop of the engine (``draw.text.draw_first_line``), which it must do to see the
glyphs; names and order follow it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from weasyprint.draw import text as draw_text_module
from weasyprint.pdf import fonts as pdf_fonts
from weasyprint.pdf import stream as pdf_stream
from weasyprint.text.ffi import FROM_UNITS, ffi, pango

from ismpe_site.printing.accelerator.caches import Bounded
from ismpe_site.printing.accelerator.patches import Patch, everywhere, patch
from ismpe_site.printing.accelerator.text_styles import number_of

RUNS_BOUND = 20_000
FACES_BOUND = 1_000

# A PangoGlyphInfo is five 32-bit numbers: glyph, width, x offset, y offset, attributes.
GLYPH_SIZE = ffi.sizeof("PangoGlyphInfo")
GLYPH_NUMBERS = 5


@dataclass
class Face:
    """A Pango font, which is a font file in one size, with what the PDF wants to know of it."""

    pango_font: Any
    owner: Any  # the layout that holds the font: while it is kept, the font's address is not used again
    key: int
    size: float
    made: Any  # the engine's Font, never changed: documents get copies
    widths: dict[int, int] = field(default_factory=dict)

    def of(self, stream: Any) -> Any:
        """This font in the document of ``stream``, added to it if need be."""
        font = stream._fonts.get(self.key)
        if font is None:
            font = stream._fonts[self.key] = copy.copy(self.made)
            font.widths, font.to_unicode, font.missing = {}, {}, {}
            font.variations = dict(font.variations)
        return font

    def width(self, stream: Any, glyph: int) -> int:
        """The width the font gives a glyph in this size."""
        width = self.widths.get(glyph)
        if width is None:
            pango.pango_font_get_glyph_extents(self.pango_font, glyph, stream.ink_rect, stream.logical_rect)
            width = self.widths[glyph] = round(stream.logical_rect.width * 1000 * FROM_UNITS / self.size)
        return width


@dataclass
class Run:
    """Neighbouring glyphs of one face: their texts, their widths, and the string that shows them."""

    face: Face
    texts: dict[int, str] = field(default_factory=dict)
    widths: dict[int, int] = field(default_factory=dict)
    string: str = ""


_faces: Bounded[int, Face] = Bounded(FACES_BOUND)
# (text, text style, justification) → runs; () where the line must be left to the engine.
_runs: Bounded[tuple[str, int, float], tuple[Run, ...]] = Bounded(RUNS_BOUND)


def patches() -> Iterator[Patch]:
    """For ``draw.text.draw_text`` and ``pdf.stream.Stream.add_font``."""
    yield from everywhere(draw_text_module.draw_text, _draw_text(draw_text_module.draw_text))
    yield patch(pdf_stream.Stream, "add_font", _add_font(pdf_stream.Stream.add_font))


def _add_font(plain: Callable[..., Any]) -> Callable[..., Any]:
    """A font whose face is known need not be read again for this document."""

    def add_font(self: Any, pango_font: Any) -> Any:
        face = _faces.get(_address(pango_font))
        return plain(self, pango_font) if face is None else (face.of(self), face.size)

    return add_font


def _address(pango_font: Any) -> int:
    return int(ffi.cast("intptr_t", pango_font))


def _face(pango_font: Any, owner: Any) -> Face:
    address = _address(pango_font)
    face = _faces.get(address)
    if face is None:
        key, description, size = pdf_stream.get_pango_font_key(pango_font)
        made = pdf_fonts.Font(pango_font, description, size)
        face = _faces[address] = Face(pango_font, owner, key, size, made)
    return face


def _draw_text(plain: Callable[..., None]) -> Callable[..., None]:
    def draw_text(stream: Any, textbox: Any, offset_x: float, text_overflow: str, block_ellipsis: Any = "none") -> None:
        style = textbox.style
        number = number_of(style)
        if (
            number is None
            or text_overflow == "ellipsis"
            or block_ellipsis != "none"
            or style["text_decoration_line"] != "none"
            or style["visibility"] != "visible"
            or style["font_size"] < 1e-6
            or not textbox.text.strip()
        ):
            plain(stream, textbox, offset_x, text_overflow, block_ellipsis)
            return
        layout = textbox.pango_layout
        key = (layout.text, number, layout.justification_spacing)
        runs = _runs.get(key)
        if runs is None:
            runs = _runs[key] = _recorded(stream, layout, style)
        if not runs:
            plain(stream, textbox, offset_x, text_overflow, block_ellipsis)
            return
        if not _suits(stream, runs):
            runs = _recorded(stream, layout, style)
        stream.set_color(style["color"])
        stream.begin_text()
        stream.set_text_matrix(1, 0, 0, -1, textbox.position_x, textbox.position_y + textbox.baseline)
        _write(stream, runs)
        stream.end_text()

    return draw_text


def _suits(stream: Any, runs: tuple[Run, ...]) -> bool:
    """Whether the glyphs have in this document the widths that the runs were recorded with."""
    for run in runs:
        here = run.face.of(stream).widths
        if not run.widths.items() <= here.items():
            for glyph, width in run.widths.items():
                if (here[glyph] if glyph in here else run.face.width(stream, glyph)) != width:
                    return False
    return True


def _write(stream: Any, runs: tuple[Run, ...]) -> None:
    """As the end of ``draw_first_line``: tell the fonts which glyphs are used, and show them."""
    for run in runs:
        font = run.face.of(stream)
        for glyph, text in run.texts.items():
            font.to_unicode.setdefault(glyph, text)
            font.widths.setdefault(glyph, run.widths[glyph])
        stream.set_font_size(font.hash, run.face.size)
        if run.string or run is runs[-1]:
            stream.show_text(run.string)


def _recorded(stream: Any, layout: Any, style: Any) -> tuple[Run, ...]:
    """The runs of a laid-out line, shaped again as the engine does for drawing; () if anything is unusual."""
    layout.reactivate(style)
    try:
        pango.pango_layout_set_single_paragraph_mode(layout.layout, True)
        line, _ = layout.get_first_line()
        text = layout.text.encode()
        runs: list[Run] = []
        item = line.runs[0]
        while item != ffi.NULL:
            if not _record(stream, item.data, layout.layout, text, runs):
                return ()
            item = item.next
        return tuple(runs)
    finally:
        layout.deactivate()


def _record(stream: Any, glyph_item: Any, owner: Any, text: bytes, runs: list[Run]) -> bool:
    """Add the glyphs of one item to the runs; False where this is not plain text."""
    analysis = glyph_item.item.analysis
    if pango.pango_version() < 14802 or analysis.level % 2:
        return False
    face = _face(analysis.font, owner)
    if face.made.png or face.made.svg or face.made.colr or face.made.bitmap or not face.size:
        return False
    if not runs or runs[-1].face.pango_font != analysis.font:
        runs.append(Run(face))
    run = runs[-1]
    string, size = run.string + "<", face.size
    glyphs = glyph_item.glyphs
    count = glyphs.num_glyphs
    numbers = memoryview(ffi.buffer(glyphs.glyphs, count * GLYPH_SIZE)).cast("i").tolist()
    clusters = ffi.unpack(glyphs.log_clusters, count)
    for index in range(count):
        glyph, width, x, y = numbers[index * GLYPH_NUMBERS : index * GLYPH_NUMBERS + 4]
        if glyph == pango.PANGO_GLYPH_EMPTY:
            string += f">{-width / size}<"
            continue
        if glyph & pango.PANGO_GLYPH_UNKNOWN_FLAG or y:
            return False
        if glyph not in run.texts:
            end = glyph_item.item.length if index == count - 1 else clusters[index + 1]
            start = glyph_item.item.offset
            run.texts[glyph] = text[start + clusters[index] : start + end].decode()
            run.widths[glyph] = _width(stream, glyph, face, runs)
        offset = x / size
        if offset:
            string += f">{-offset}<"
        string += f"{glyph:04x}"
        kerning = run.widths[glyph] + offset - width * 1000 * FROM_UNITS / size
        if kerning:
            string += f">{int(kerning)}<"
    run.string = string[:-1] if string[-1] == "<" else string + ">"
    return True


def _width(stream: Any, glyph: int, face: Face, runs: list[Run]) -> int:
    """The width of a glyph in the document: its first size decides, in the line too (small capitals have two)."""
    here: dict[int, int] = face.of(stream).widths
    if glyph in here:
        return here[glyph]
    for run in runs:
        if run.face.key == face.key and glyph in run.widths:
            return run.widths[glyph]
    return face.width(stream, glyph)
