"""Which styles shape and break text alike: what the caches of ``lines`` and ``glyphs`` are keyed by."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import count
from typing import Any

from weasyprint import css

from ismpe_site.printing.accelerator.caches import Bounded

BOUND = 2_000

# All that text/line_break.py, text/fonts.py and draw/text.py read of a style for a line that is not decorated.
PROPERTIES = (
    "font_family", "font_style", "font_stretch", "font_weight", "font_size", "font_variant_caps",
    "font_variation_settings", "font_kerning", "font_variant_ligatures", "font_variant_position",
    "font_variant_numeric", "font_variant_alternates", "font_variant_east_asian", "font_feature_settings",
    "font_language_override", "lang", "direction", "letter_spacing", "word_spacing", "overflow_wrap", "word_break",
    "white_space", "hyphens", "hyphenate_character", "hyphenate_limit_chars", "hyphenate_limit_zone",
    "text_decoration_line", "tab_size", "line_height",
)  # fmt: skip

# A number is never given twice, so that a style may remember its own after the cache was emptied.
_next = count()
_numbers: Bounded[Hashable, int] = Bounded(BOUND)

# Styles made by SVG text are changed in place by the engine: nothing may be remembered on them.
_LASTING = (css.ComputedStyle, css.AnonymousStyle)


def lasting(style: Any) -> bool:
    """Whether something may be remembered on this style object itself: none of its values changes once it is used.

    The engine does change styles, but only before layout reads them, or on a copy, which starts without memories.
    """
    return isinstance(style, _LASTING)


def number_of(style: Any) -> int | None:
    """The same small number for styles that give the same lines of the same text; None where that is not known."""
    memory = style.__dict__
    if "_text_number" in memory:
        return memory["_text_number"]  # type: ignore[no-any-return]
    if not lasting(style):
        return None
    try:
        # The font configuration itself, not its id: it lives as long as the key.
        key = (style.font_config, *(_frozen(style[name]) for name in PROPERTIES))
        number = _numbers.get(key)
        if number is None:
            number = _numbers[key] = next(_next)
    except TypeError:
        number = None
    memory["_text_number"] = number
    return number


def _frozen(value: Any) -> Hashable:
    """A value of a property as a key. TypeError for one that is still a formula: it may depend on the page."""
    if value is None or isinstance(value, (str, int, float)):
        # 1 and 1.0 are equal, and the engine treats them differently (a tab size, a line height).
        return type(value), value
    if isinstance(value, (tuple, list, frozenset, set)):
        parts = sorted(value) if isinstance(value, (frozenset, set)) else value
        return type(value).__name__, *map(_frozen, parts)
    raise TypeError(type(value).__name__)
