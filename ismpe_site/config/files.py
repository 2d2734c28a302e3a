"""What the settings name and must be there: the theme, its language, the logo."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ismpe_site.config.places import place_of
from ismpe_site.problems import Problem, allowed, did_you_mean

# The language the templates are written in; a theme's folder locale/ holds others.
SOURCE_LANGUAGE = "en"


def theme_problems(path: Path, text: str, theme: str, language: str) -> Iterator[Problem]:
    """A theme is a folder with templates, and speaks the language of the site."""
    folder = path.parent / "themes"
    there = sorted(templates.parent.name for templates in folder.glob("*/templates"))
    if theme not in there:
        help_text = did_you_mean(theme, there) + allowed(there or ["none; make themes/ismpe, a theme is a folder"])
        yield Problem(place_of(path.name, text, ("theme",)), "S315", f'there is no theme "{theme}"', help_text)
    else:
        yield from _language(path, text, theme, language)


def _language(path: Path, text: str, theme: str, language: str) -> Iterator[Problem]:
    """A language other than the templates' own has a catalogue in the theme."""
    if language in ("", SOURCE_LANGUAGE):
        return
    found = (path.parent / "themes" / theme / "locale").glob("*.po")
    there = [SOURCE_LANGUAGE, *sorted(catalogue.stem for catalogue in found)]
    if language not in there:
        message = f'theme {theme} does not speak "{language}"'
        yield Problem(
            place_of(path.name, text, ("language",)), "S316", message, did_you_mean(language, there) + allowed(there)
        )


# What a drawing may not hold: it is shown on every page, and is no program and no way to another host.
NO_DRAWING = re.compile(
    r"<!DOCTYPE|<!ENTITY|<script|<foreignObject|\bon\w+\s*=|href\s*=\s*[\"'](?!#)|url\(\s*[\"']?(?!#)", re.IGNORECASE
)

MAX_DRAWING = 100_000


def logo_problems(path: Path, text: str, name: str, value: str) -> Iterator[Problem]:
    """A drawing beside ``site.toml``, without programs and without other files."""
    place = place_of(path.name, text, (name,))
    try:
        drawing = (path.parent / value).read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        yield Problem(place, "S317", f"{value} cannot be read: {why}", "give the path of an SVG file beside site.toml")
        return
    if "<svg" not in drawing[:2000] or len(drawing) > MAX_DRAWING:
        yield Problem(
            place, "S317", f"{value} is no drawing of at most {MAX_DRAWING // 1000} kB", "save it as plain SVG"
        )
    elif found := NO_DRAWING.search(drawing):
        says = "save it as plain SVG: no scripts, no style of other files, no links, no embedded pictures"
        yield Problem(place, "S317", f"{value} holds {found[0]!r}, which a logo may not", says)
