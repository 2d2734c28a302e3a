"""Lever ``pictures``: a plain drawing is written again as it was.

*Speeds up:* grounds, marks and medals lie under pages of many documents and are interpreted node by node on each: a
quarter of a certificate.
*Safe:* a drawing's operators follow from its tree, its size, and which colours the stream has set already (the engine
does not set them twice), if it holds nothing but shapes with plain colours. All that brings a resource of its own or
reads something else (text, images, gradients, clips, filters, opacity, style sheets) is left to the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import pydyf
from weasyprint import images

from ismpe_site.printing.accelerator.caches import Bounded
from ismpe_site.printing.accelerator.patches import Patch, patch

BOUND = 500

SHAPES = frozenset({"g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "title", "desc"})
ATTRIBUTES = frozenset({
    "aria-hidden", "cx", "cy", "d", "fill", "fill-rule", "height", "points", "preserveAspectRatio", "r", "role", "rx",
    "ry", "stroke", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-width", "transform", "viewBox",
    "width", "x", "x1", "x2", "y", "y1", "y2",
})  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """What a drawing appends to a stream, and the graphics states that it names there."""

    operators: list[bytes]
    states: dict[str, Any]


# (drawing, width, height, what the stream has set) → what is drawn; None where the drawing is not plain.
_drawn: Bounded[tuple[Any, ...], Drawn | None] = Bounded(BOUND)


def patches() -> Iterator[Patch]:
    """For ``images.SVGImage.draw``."""
    yield patch(images.SVGImage, "draw", _draw(images.SVGImage.draw))


def _draw(plain: Callable[..., None]) -> Callable[..., None]:
    def draw(self: Any, stream: Any, width: float, height: float, style: Any) -> None:
        root = self._svg.tree._etree_node
        key = (
            ET.tostring(root, "unicode"), width, height,
            stream._current_color, stream._current_color_stroke, stream._current_alpha, stream._current_alpha_stroke,
        )  # fmt: skip
        drawn = _drawn.get(key)
        if drawn is None:
            begun = len(stream.stream)
            plain(self, stream, width, height, style)
            if key not in _drawn:
                _drawn[key] = _recorded(stream, begun) if _is_plain(root) else None
            return
        stream.stream.extend(drawn.operators)
        for name, state in drawn.states.items():
            stream._resources["ExtGState"].setdefault(name, pydyf.Dictionary(state))
        # As Stream.pop_state leaves it.
        stream._current_color = stream._current_color_stroke = None
        stream._current_alpha = stream._current_alpha_stroke = None
        stream._current_font = None

    return draw


def _recorded(stream: Any, begun: int) -> Drawn | None:
    operators = stream.stream[begun:]
    # The whole drawing stands between a save and its restore.
    if not operators or operators[0] != b"q" or operators[-1] != b"Q":
        return None
    named = [operator[1:-3].decode() for operator in operators if operator.endswith(b" gs")]
    states = stream._resources["ExtGState"]
    return Drawn(operators, {name: dict(states[name]) for name in named})


def _is_plain(root: ET.Element) -> bool:
    """Nothing but shapes, with attributes whose meaning lies in themselves."""
    return (
        _local(root) == "svg"
        and all(
            _local(element) in SHAPES
            and element.attrib.keys() <= ATTRIBUTES
            and not any("url(" in value or "current" in value.lower() for value in element.attrib.values())
            for element in root.iter()
            if element is not root
        )
        and root.attrib.keys() <= ATTRIBUTES
    )


def _local(element: Any) -> str:
    # The tag of a comment is a function.
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
