"""Lever ``lines``: a line of text is broken and shaped once for each style and width.

*Speeds up:* every line is laid out two or three times in one document (preferred widths, tables, again at drawing),
and criteria, headings, ratings and running heads come back in every document. A third of a report's layout.
*Safe:* ``split_first_line``, ``strut`` and ``can_break_text`` depend on their arguments and on the style's text
properties (``text_styles``) alone; a remembered layout has given its Pango objects back, what is left is plain data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from weasyprint.text import fonts, line_break
from weasyprint.text.ffi import ffi, gobject, pango

from ismpe_site.printing.accelerator.caches import Bounded
from ismpe_site.printing.accelerator.patches import Patch, everywhere, patch
from ismpe_site.printing.accelerator.text_styles import lasting, number_of

LINES_BOUND = 20_000
SETUPS_BOUND = 2_000

# What Layout.setup computes for decorated text.
DECORATION = (
    "ascent",
    "underline_position",
    "strikethrough_position",
    "underline_thickness",
    "strikethrough_thickness",
)


@dataclass(frozen=True)
class Setup:
    """All that ``Layout.setup`` makes for a text style, to be used for every layout of that style."""

    context: Any
    language: Any
    description: Any
    decoration: dict[str, Any]
    feature: Any  # the Pango attribute with the OpenType features of the style, or None
    spaced: bool  # whether Layout.set_text adds attributes of its own to the list
    attributes: Any  # one list for all layouts where nothing is added to it


_setups: Bounded[int, Setup] = Bounded(SETUPS_BOUND)
_lines: Bounded[tuple[Any, ...], tuple[dict[str, Any], tuple[Any, ...]]] = Bounded(LINES_BOUND)


def patches() -> Iterator[Patch]:
    """For ``Layout.setup``, ``split_first_line``, ``strut`` and ``can_break_text`` of ``text.line_break``."""
    yield patch(line_break.Layout, "setup", _setup(line_break.Layout.setup))
    yield from everywhere(line_break.split_first_line, _split_first_line(line_break.split_first_line))
    yield from everywhere(line_break.strut, _strut(line_break.strut))
    yield from everywhere(line_break.can_break_text, lru_cache(LINES_BOUND)(line_break.can_break_text))


def _setup(plain: Callable[..., None]) -> Callable[..., None]:
    """A Pango context, its language, font description and features serve every layout of a text style."""

    def setup(self: Any, style: Any) -> None:
        number = number_of(style)
        known = _setups.get(number) if number is not None else None
        if known is None:
            plain(self, style)
            if number is not None:
                _setups[number] = _remembered(self, style)
            return
        self.style = style
        self.first_line_direction = 0
        self.language = known.language
        self.layout = ffi.gc(pango.pango_layout_new(known.context), gobject.g_object_unref)
        pango.pango_layout_set_auto_dir(self.layout, False)
        pango.pango_layout_set_font_description(self.layout, known.description)
        self.__dict__.update(known.decoration)
        if known.feature is not None:
            shared = not (known.spaced or self.justification_spacing)
            attributes = known.attributes if shared else _attributes(known.feature)
            pango.pango_layout_set_attributes(self.layout, attributes)

    return setup


def _remembered(layout: Any, style: Any) -> Setup:
    """What was set up, with a context of its own: the layout's one is out of reach. As in ``Layout.setup``."""
    context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)
    pango.pango_context_set_base_dir(context, line_break.PANGO_DIRECTION[style["direction"]])
    if style["font_language_override"] != "normal" or style["lang"]:
        pango.pango_context_set_language(context, layout.language)
    feature = None
    if pango.pango_layout_get_attributes(layout.layout) != ffi.NULL:
        features = fonts.font_features(
            style["font_kerning"],
            style["font_variant_ligatures"],
            style["font_variant_position"],
            style["font_variant_caps"],
            style["font_variant_numeric"],
            style["font_variant_alternates"],
            style["font_variant_east_asian"],
            style["font_feature_settings"],
        )
        feature = style.font_config.font_features[",".join(f"{k} {v}" for k, v in features.items()).encode()]
    return Setup(
        context,
        layout.language,
        fonts.get_font_description(style),
        {name: getattr(layout, name) for name in DECORATION if hasattr(layout, name)},
        feature,
        style["letter_spacing"] not in ("normal", 0)
        or style["word_spacing"] != 0
        or style["overflow_wrap"] in ("anywhere", "break-word"),
        None if feature is None else _attributes(feature),
    )


def _attributes(feature: Any) -> Any:
    """A list with the features in it. As in the engine, it is never given back: it would take the features along."""
    attributes = pango.pango_attr_list_new()
    pango.pango_attr_list_insert(attributes, feature)
    return attributes


def _split_first_line(plain: Callable[..., Any]) -> Callable[..., Any]:
    """(layout, length, resume index, width, height, baseline) of text in a style, in a width."""

    def split_first_line(
        text: str,
        style: Any,
        context: Any,
        max_width: float | None,
        justification_spacing: float,
        is_line_start: bool = True,
        minimum: bool = False,
    ) -> Any:
        number = number_of(style)
        if number is None:
            return plain(text, style, context, max_width, justification_spacing, is_line_start, minimum)
        key = (number, text, max_width, justification_spacing, is_line_start, minimum)
        known = _lines.get(key)
        if known is None:
            layout, *rest = plain(text, style, context, max_width, justification_spacing, is_line_start, minimum)
            _lines[key] = layout.__dict__.copy(), tuple(rest)
            return layout, *rest
        data, rest = known
        layout = line_break.Layout.__new__(line_break.Layout)
        layout.__dict__.update(data)
        return layout, *rest

    return split_first_line


def _strut(plain: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The engine looks its strut up by a long text made of the style; the style may remember it."""

    def strut(style: Any) -> Any:
        memory = style.__dict__
        known = memory.get("_strut")
        if known is None:
            known = plain(style)
            if lasting(style):
                memory["_strut"] = known
        return known

    return strut
