"""A site's own logo and colours in place of a theme's.

A theme says in ``theme.toml`` which of its colours a site may change and what stands behind them::

    [colours.accent]
    value = "#0b4f8a"                # wherever this stands in its styles, templates and drawings
    on = ["#ffffff", "#f3f6f9"]      # words in this colour stand on these

    [logo]
    files = ["assets/logo.svg", "print/logo.svg"]
    dark_files = ["assets/logo-dark.svg"]
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ismpe_site.theme import ThemeError

# Words can be read by most people from this contrast on (WCAG 2.2, 1.4.3).
LEAST_CONTRAST = 4.5
DRAWN_SUFFIXES = (".css", ".svg", ".html")


@dataclass(frozen=True)
class Look:
    """Colours by name, as ``#rrggbb``; the logo as SVG, also for the dark scheme. All may be left to the theme."""

    colours: Mapping[str, str] = field(default_factory=dict)
    logo: bytes | None = None
    logo_dark: bytes | None = None


PLAIN = Look()


def dressed(theme: str, files: Mapping[str, bytes], settings: Mapping[str, Any], look: Look) -> dict[str, bytes]:
    """The files of a theme in the look of a site; raises ThemeError where it does not suit the theme."""
    changed = {**files, **_logos(theme, settings, look)}
    swaps = _swaps(theme, settings.get("colours", {}), look.colours)
    if not swaps:
        return changed
    pattern = re.compile(b"|".join(map(re.escape, swaps)), re.IGNORECASE)
    own = {name for name, data in changed.items() if data is look.logo or data is look.logo_dark}
    return {
        name: pattern.sub(lambda found: swaps[found[0].lower()], data)
        if name.endswith(DRAWN_SUFFIXES) and name not in own
        else data
        for name, data in changed.items()
    }


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _logos(theme: str, settings: Mapping[str, Any], look: Look) -> dict[str, bytes]:
    if look.logo is None:
        return {}
    named = settings.get("logo", {})
    if not named.get("files"):
        raise ThemeError(f"theme {theme} has no place for a logo: take the setting logo out of site.toml")
    dark = look.logo_dark or look.logo
    return {**dict.fromkeys(named["files"], look.logo), **dict.fromkeys(named.get("dark_files", ()), dark)}


def _swaps(theme: str, theirs: Mapping[str, Any], ours: Mapping[str, str]) -> dict[bytes, bytes]:
    """Colours as they stand in the theme → as the site wants them."""
    swaps = {}
    for name, colour in ours.items():
        if name not in theirs:
            allowed = ", ".join(theirs) or "none"
            raise ThemeError(f"site.toml: theme {theme} has no colour {name} to change; allowed: {allowed}")
        for ground in theirs[name].get("on", ()):
            if (found := contrast(colour, ground)) < LEAST_CONTRAST:
                raise ThemeError(
                    f"site.toml: the colour {name} {colour} cannot be read on {ground}: its contrast is {found:.1f} "
                    f"and must be {LEAST_CONTRAST} or more; take a {_way(ground)} one"
                )
        swaps[theirs[name]["value"].lower().encode()] = colour.encode()
    return swaps


def _way(ground: str) -> str:
    return "darker" if _luminance(ground) > 0.18 else "lighter"
