"""What the settings name and must be there: the theme, its language, the logo."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

from ismpe_site.config.places import place_of
from ismpe_site.look import misdescribed, unsuited
from ismpe_site.problems import Problem, allowed, did_you_mean

# The language the templates are written in; a theme's folder locale/ holds others.
SOURCE_LANGUAGE = "en"


def theme_problems(path: Path, text: str, theme: str, language: str, colours: Mapping[str, str]) -> Iterator[Problem]:
    """A theme is a folder with templates, speaks the language of the site, and suits its colours."""
    folder = path.parent / "themes"
    there = sorted(templates.parent.name for templates in folder.glob("*/templates"))
    if theme not in there:
        help_text = did_you_mean(theme, there) + allowed(there or ["none; make themes/ismpe, a theme is a folder"])
        yield Problem(place_of(path.name, text, ("theme",)), "S315", f'there is no theme "{theme}"', help_text)
    else:
        yield from _language(path, text, theme, language)
        yield from _colours(path, text, theme, colours)


def _colours(path: Path, text: str, theme: str, colours: Mapping[str, str]) -> Iterator[Problem]:
    """Each is one the theme lets a site change, and can be read where the theme puts it."""
    try:
        settings = tomllib.loads((path.parent / "themes" / theme / "theme.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return  # the theme itself is at fault, and says so when it is read
    if misdescribed(settings):
        return
    for name, wrong, todo in unsuited(theme, settings.get("colours", {}), colours):
        yield Problem(place_of(path.name, text, ("colours", name)), "S318", wrong, todo)


def _language(path: Path, text: str, theme: str, language: str) -> Iterator[Problem]:
    """A language other than the templates' own has a catalogue in the theme."""
    if language in ("", SOURCE_LANGUAGE):
        return
    found = (path.parent / "themes" / theme / "locale").glob("*.po")
    there = [SOURCE_LANGUAGE, *sorted(catalogue.stem for catalogue in found)]
    if language not in there:
        message = f'theme {theme} does not speak "{language}"'
        new = f"; or make themes/{theme}/locale/{language}.po, as the README says"
        help_text = did_you_mean(language, there) + allowed(there) + new
        yield Problem(place_of(path.name, text, ("language",)), "S316", message, help_text)


# What a drawing may not hold: it is shown on every page, and is no program and no way to another host. Entities could
# blow it up while it is read.
NO_DRAWING = re.compile(r"<!DOCTYPE|<!ENTITY|<\?xml-stylesheet", re.IGNORECASE)
NO_ELEMENTS = ("script", "foreignObject", "iframe", "audio", "video", "image", "use", "a", "set", "animate")
NO_STYLE = re.compile(r"@import|\\|url\(\s*[\"']?(?!#)", re.IGNORECASE)
MAX_DRAWING, DEEPEST = 100_000, 50
# No drawing needs a larger number; the painter's arithmetic gives up on some.
LARGEST = 100_000
NUMBER = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
NO_NUMBER = re.compile(r"#[^\s;,)\"']+")
NAMES = ("id", "class", "href")
SIZE = re.compile(r"[0-9.]+(px)?")

SVG = "{http://www.w3.org/2000/svg}svg"


def drawing_problems(path: Path, text: str, name: str, value: str) -> Iterator[Problem]:
    """A drawing beside ``site.toml`` that every browser shows, without programs and without other files."""
    place = place_of(path.name, text, (name,))
    try:
        drawing = (path.parent / value).read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        yield Problem(place, "S317", f"{value} cannot be read: {why}", "give the path of an SVG file beside site.toml")
        return
    if len(drawing) > MAX_DRAWING:
        yield Problem(place, "S317", f"{value} is larger than {MAX_DRAWING // 1000} kB", "save it as plain SVG")
    elif fault := _fault(drawing):
        says = "save it as plain SVG: no scripts, no links, nothing of other files"
        yield Problem(place, "S317", f"{value} cannot be taken: {fault}", says)


def _fault(drawing: str) -> str:
    """Why a browser would not show it, or more than a drawing could come of it; empty where all is well."""
    if found := NO_DRAWING.search(drawing):
        return f"it holds {found[0]}"
    try:
        root = ET.fromstring(drawing)  # noqa: S314  # without entities, as seen above
    except ET.ParseError as error:
        return str(error)
    if root.tag != SVG:
        return 'it does not begin with <svg xmlns="http://www.w3.org/2000/svg">'
    sizes = (root.get(side, "") for side in ("width", "height"))
    if "viewBox" not in root.attrib and not all(map(SIZE.fullmatch, sizes)):
        return "its <svg> has no viewBox, so that its size is not known"
    return _inside(root, 1)


def _inside(element: ET.Element, depth: int) -> str:
    """What an element and those in it may not be or have; empty where all is well."""
    name = element.tag.rpartition("}")[2]
    if name in NO_ELEMENTS or depth > DEEPEST:
        return f"it holds <{name}>" if depth <= DEEPEST else f"it is nested more than {DEEPEST} deep"
    for key, value in element.attrib.items():
        local = key.rpartition("}")[2].lower()
        if local.startswith("on") or (local == "href" and not value.startswith("#")) or NO_STYLE.search(value):
            return f'it holds {local}="{value[:60]}"'
        if local not in NAMES and "}" not in key and (large := _too_large(value)):
            return f"it holds the number {large[:20]}, more than {LARGEST}"
    if name == "style" and (large := _too_large(element.text or "")):
        return f"its style holds the number {large[:20]}, more than {LARGEST}"
    if name == "style" and (found := NO_STYLE.search(element.text or "")):
        return f"its style holds {found[0]}"
    return next(filter(None, (_inside(inner, depth + 1) for inner in element)), "")


def _too_large(value: str) -> str:
    """The first number that is too large; colours and names are none."""
    return next((number for number in NUMBER.findall(NO_NUMBER.sub("", value)) if float(number) > LARGEST), "")
