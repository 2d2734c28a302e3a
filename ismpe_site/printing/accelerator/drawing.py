"""Lever ``drawing``: boxes that draw nothing are left early, and the same solid line is written from memory.

*Speeds up:* of the 3,700 boxes of a report whose background, border and outline are looked at, a few hundred have
any; a table's rules are a thousand lines of two kinds.
*Safe:* each early way asks for all that the engine's function would draw; a line's operators are remembered only for
one stream, from a state in which the engine writes all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from weasyprint.draw import border, color
from weasyprint.formatting_structure import boxes
from weasyprint.layout import background, percent

from ismpe_site.printing.accelerator.patches import Patch, everywhere
from ismpe_site.printing.accelerator.text_styles import lasting

CORNERS = (
    "border_top_left_radius",
    "border_top_right_radius",
    "border_bottom_right_radius",
    "border_bottom_left_radius",
)
SQUARE = dict.fromkeys(CORNERS, (0, 0))
LINES_BOUND = 200


def patches() -> Iterator[Patch]:
    """For the corners and backgrounds of boxes, and ``draw_border``, ``draw_outline`` and ``draw_line``."""
    radii, backgrounds = percent.resolve_radii_percentages, background.layout_box_backgrounds
    yield from everywhere(radii, _radii(radii))
    yield from everywhere(backgrounds, _backgrounds(backgrounds))
    yield from everywhere(border.draw_border, _border(border.draw_border))
    yield from everywhere(border.draw_outline, _outline(border.draw_outline))
    yield from everywhere(border.draw_line, _line(border.draw_line))


def _remembered(style: Any, name: str, compute: Callable[[Any], bool]) -> bool:
    memory = style.__dict__
    known: bool | None = memory.get(name)
    if known is None:
        known = compute(style)
        if lasting(style):
            memory[name] = known
    return known


def _own(box: Any) -> dict[str, Any]:
    """The attributes of the box, also behind the placeholder of an absolutely positioned one."""
    own: dict[str, Any] = box.__dict__
    return own["_box"].__dict__ if "_box" in own else own


def _is_square(style: Any) -> bool:
    return all((0, "px") in style[corner] for corner in CORNERS)


def _is_bare(style: Any) -> bool:
    """No background, no shadow, no images for borders, square corners."""
    return (
        style["border_image_source"][0] == "none"
        and style["mask_border_source"][0] == "none"
        and style["visibility"] != "hidden"
        and all(kind == "none" and value is None for kind, value in style["background_image"])
        and not style["box_shadow"]
        and color.get_color(style, "background_color").alpha == 0
        and _is_square(style)
    )


def _radii(plain: Callable[[Any], None]) -> Callable[[Any], None]:
    def resolve_radii_percentages(box: Any) -> None:
        if _remembered(box.style, "_square", _is_square):
            _own(box).update(SQUARE)
        else:
            plain(box)

    return resolve_radii_percentages


def _backgrounds(plain: Callable[..., None]) -> Callable[..., None]:
    def layout_box_backgrounds(
        page: Any, box: Any, get_image_from_uri: Any, layout_children: bool = True, style: Any = None
    ) -> None:
        # The page itself needs a background for its bleed.
        if style is not None or box is page or not _remembered(box.style, "_bare", _is_bare):
            plain(page, box, get_image_from_uri, layout_children, style)
            return
        _own(box).update(SQUARE)
        if layout_children:
            for child in box.all_children():
                layout_box_backgrounds(page, child, get_image_from_uri)
        box.background = None

    return layout_box_backgrounds


def _border(plain: Callable[..., None]) -> Callable[..., None]:
    def draw_border(stream: Any, box: Any) -> None:
        widths = box.border_top_width or box.border_right_width or box.border_bottom_width or box.border_left_width
        if (
            widths
            or box.style["border_image_source"][0] != "none"
            or (box.style["column_rule_width"] and isinstance(box, boxes.BlockContainerBox))
        ):
            plain(stream, box)

    return draw_border


def _outline(plain: Callable[..., None]) -> Callable[..., None]:
    def draw_outline(stream: Any, box: Any) -> None:
        if box.style["outline_width"]:
            plain(stream, box)
            return
        for child in box.children:
            if isinstance(child, boxes.Box):
                draw_outline(stream, child)

    return draw_outline


def _line(plain: Callable[..., None]) -> Callable[..., None]:
    def draw_line(
        stream: Any,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        thickness: float,
        style: str,
        line_color: Any,
        offset: float = 0,
    ) -> None:
        written = stream.stream
        fresh = stream._current_color_stroke is None and stream._current_alpha_stroke is None
        if style != "solid" or not fresh:
            plain(stream, x1, y1, x2, y2, thickness, style, line_color, offset)
            return
        known = stream.__dict__.setdefault("_solid_lines", {})
        key = (line_color.space, tuple(line_color), thickness)
        head = known.get(key)
        if head is None:
            begun = len(written)
            plain(stream, x1, y1, x2, y2, thickness, style, line_color, offset)
            # Save, alpha, colour, width | move, line, stroke, restore.
            if written[begun : begun + 1] == [b"q"] and written[-2:] == [b"S", b"Q"] and len(known) < LINES_BOUND:
                known[key] = written[begun:-4]
            return
        written.extend(head)
        stream.move_to(x1, y1)
        stream.line_to(x2, y2)
        written.extend((b"S", b"Q"))
        # As Stream.pop_state leaves it.
        stream._current_color = stream._current_color_stroke = None
        stream._current_alpha = stream._current_alpha_stroke = None
        stream._current_font = None

    return draw_line
