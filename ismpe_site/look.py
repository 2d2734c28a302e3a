"""A site's own logo and colours in place of a theme's.

A theme says in ``theme.toml`` which of its colours a site may change and what stands behind them::

    [colours.accent]
    value = "#0b4f8a"                # wherever this stands in its styles, templates and drawings
    on = ["#ffffff", "#f3f6f9"]      # words in this colour stand on these

    [logo]
    files = ["assets/logo.svg"]
    dark_files = ["assets/logo-dark.svg"]
    icon_files = ["assets/favicon.svg"]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ismpe_site.theme import ThemeError

COLOUR = re.compile("#[0-9A-Fa-f]{6}")
# Words can be read by most people from this contrast on (WCAG 2.2, 1.4.3).
LEAST_CONTRAST = 4.5
DRAWN_SUFFIXES = (".css", ".svg", ".html")


@dataclass(frozen=True)
class Look:
    """Colours by name, as ``#rrggbb``; logo, logo on dark ground and icon as SVG. All may be left to the theme."""

    colours: Mapping[str, str] = field(default_factory=dict)
    logo: bytes | None = None
    logo_dark: bytes | None = None
    icon: bytes | None = None


PLAIN = Look()


def dressed(theme: str, files: Mapping[str, bytes], settings: Mapping[str, Any], look: Look) -> dict[str, bytes]:
    """The files of a theme in the look of a site; raises ThemeError where it does not suit the theme."""
    if fault := misdescribed(settings):
        raise ThemeError(f"theme {theme}: theme.toml: {fault}")
    changed = {**files, **_logos(theme, settings, look)}
    swaps = _swaps(theme, settings.get("colours", {}), look.colours)
    if not swaps:
        return changed
    pattern = re.compile(b"|".join(map(re.escape, swaps)), re.IGNORECASE)
    own = {name for name, data in changed.items() if any(data is one for one in (look.logo, look.logo_dark, look.icon))}
    return {
        name: pattern.sub(lambda found: swaps[found[0].lower()], data)
        if name.endswith(DRAWN_SUFFIXES) and name not in own
        else data
        for name, data in changed.items()
    }


def misdescribed(settings: Mapping[str, Any]) -> str:
    """What is wrong with what a theme says of its colours and its logo; empty where all is well."""
    colours, logo = settings.get("colours", {}), settings.get("logo", {})
    named = colours.items() if isinstance(colours, Mapping) else [("", colours)]
    for name, colour in named:
        value, grounds = (colour.get("value"), colour.get("on", [])) if isinstance(colour, Mapping) else (None, [])
        if not (
            isinstance(grounds, list) and all(isinstance(c, str) and COLOUR.fullmatch(c) for c in (value, *grounds))
        ):
            return f'[colours.{name or "…"}] needs value = "#rrggbb", and may have on = ["#rrggbb", …]'
    lists = logo.values() if isinstance(logo, Mapping) else [logo]
    if not all(isinstance(files, list) and all(isinstance(file, str) for file in files) for files in lists):
        return '[logo] may have files, dark_files and icon_files, each a list such as ["assets/logo.svg"]'
    return ""


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _logos(theme: str, settings: Mapping[str, Any], look: Look) -> dict[str, bytes]:
    """The theme's files for logo and icon → the site's own."""
    named = settings.get("logo", {})
    own = {"files": look.logo, "dark_files": look.logo_dark or look.logo, "icon_files": look.icon}
    for setting, key in (("logo", "files"), ("icon", "icon_files")):
        if own[key] is not None and not named.get(key):
            raise ThemeError(f"theme {theme} has no place for a {setting}: take the setting {setting} out of site.toml")
    return {file: data for key, data in own.items() if data is not None for file in named.get(key, ())}


def unsuited(theme: str, theirs: Mapping[str, Any], ours: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """(name of a colour, what is wrong with it, what to do) for each that the theme cannot take."""
    for name, colour in ours.items():
        if name not in theirs:
            yield name, f"theme {theme} has no colour {name} to change", f"allowed: {', '.join(theirs) or 'none'}"
            continue
        for ground in theirs[name].get("on", ()):
            if (found := contrast(colour, ground)) < LEAST_CONTRAST:
                says = f"the colour {name} {colour} cannot be read on {ground}: its contrast is {found:.1f}"
                yield name, f"{says} and must be {LEAST_CONTRAST} or more", f"take a {_way(ground)} one"
                break


def _swaps(theme: str, theirs: Mapping[str, Any], ours: Mapping[str, str]) -> dict[bytes, bytes]:
    """Colours as they stand in the theme → as the site wants them."""
    for _, wrong, todo in unsuited(theme, theirs, ours):
        raise ThemeError(f"site.toml: {wrong}; {todo}")
    return {theirs[name]["value"].lower().encode(): colour.encode() for name, colour in ours.items()}


def _way(ground: str) -> str:
    return "darker" if _luminance(ground) > 0.18 else "lighter"
