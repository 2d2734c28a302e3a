"""Lever ``geometry``: used lengths that no containing block can change are constants of the style.

*Speeds up:* 63,000 lengths of a report are resolved against a containing block; nearly all are pixels or ``auto``.
*Safe:* only where every length of the box is one of the two and nothing is subtracted for ``box-sizing``; a style is
not changed once layout has begun (``text_styles.lasting``). Percentages and formulas go to the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import percent

from ismpe_site.printing.accelerator.patches import Patch, everywhere, patch
from ismpe_site.printing.accelerator.text_styles import lasting

LENGTHS = (
    "margin_left", "margin_right", "margin_top", "margin_bottom",
    "padding_left", "padding_right", "padding_top", "padding_bottom",
    "width", "min_width", "max_width", "height", "min_height", "max_height",
)  # fmt: skip
BORDERS = ("border_top_width", "border_right_width", "border_bottom_width", "border_left_width")


def patches() -> Iterator[Patch]:
    """For ``layout.percent.resolve_percentages`` and two walks of ``boxes.Box``."""
    yield from everywhere(percent.resolve_percentages, _resolve_percentages(percent.resolve_percentages))
    yield patch(boxes.Box, "is_in_normal_flow", _is_in_normal_flow(boxes.Box.is_in_normal_flow))
    yield patch(boxes.Box, "descendants", descendants)


def _resolve_percentages(plain: Callable[..., None]) -> Callable[..., None]:
    def resolve_percentages(box: Any, containing_block: Any) -> None:
        style = box.style
        own = box.__dict__
        constants = style.__dict__.get("_constants")
        if constants is None:
            constants = _constants(style)
            if lasting(style):
                style.__dict__["_constants"] = constants
        # An absolutely positioned box is reached through a placeholder, whose own dict is not the box's.
        if not constants or "_box" in own:
            plain(box, containing_block)
            return
        lengths, borders, collapsed = constants
        own.update(lengths)
        if collapsed:
            for name, width in borders.items():
                own.setdefault(name, width)
        else:
            own.update(borders)

    return resolve_percentages


def _constants(style: Any) -> tuple[dict[str, Any], dict[str, Any], bool] | tuple[()]:
    """(lengths, border widths, whether borders decided by a table stay), or nothing where one of them may vary."""
    if style["box_sizing"] != "content-box":
        return ()
    lengths = {}
    for name in LENGTHS:
        value = style[name]
        if value is None or value == "auto":
            lengths[name] = 0 if value and name in ("min_width", "min_height") else value
        elif getattr(value, "unit", None) == "px":
            lengths[name] = value.value
        else:
            return ()
    return lengths, {name: style[name] for name in BORDERS}, style["border_collapse"] == "collapse"


def _is_in_normal_flow(plain: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Without ``float``, and with a position that is one word, two comparisons are enough."""

    def is_in_normal_flow(self: Any) -> bool:
        position = self.style["position"]
        if self.style["float"] != "none" or type(position) is not str:
            # Flex items ignore their float; running elements and notes have positions of two parts.
            return plain(self)
        return position not in ("absolute", "fixed")

    return is_in_normal_flow


def descendants(self: Any, placeholders: bool = False) -> Iterator[Any]:
    """``Box.descendants`` with a stack in place of a generator for each level."""
    stack = [self]
    while stack:
        box = stack.pop()
        if isinstance(box, boxes.Box):
            yield box
            stack.extend(reversed(box.children))
        elif placeholders:
            # A placeholder speaks for its box.
            yield from box.descendants(placeholders)
        else:
            yield box
