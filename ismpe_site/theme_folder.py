"""A folder → a Theme, dressed in the site's own logo and colours."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ismpe_site.look import PLAIN, Look, dressed
from ismpe_site.theme import Theme, ThemeError, letters

TEMPLATE_SUFFIXES = (".html", ".svg", ".xml", ".txt")
FONT_SUFFIXES = (".ttf", ".otf", ".woff2")


def load_theme(folder: Path, look: Look = PLAIN) -> Theme:
    """Read the theme in ``folder``, with the site's own logo and colours; raises ThemeError where it is none."""
    if not (folder / "templates").is_dir():
        raise ThemeError(f"{folder.name} is not a theme: it has no folder templates")
    files = _files(folder)
    settings = _settings(folder.name, files)
    files = dressed(folder.name, files, settings, look)
    for name, data in files.items():
        if name.endswith(FONT_SUFFIXES) and not _is_font(name, data):
            raise ThemeError(f"theme {folder.name}: {name} is not a font: put the whole file there again")
    digest = hashlib.sha256()
    for name, data in files.items():
        digest.update(f"{name}\0{len(data)}\0".encode() + data)

    def below(prefix: str) -> dict[str, bytes]:
        return {name.removeprefix(prefix): data for name, data in files.items() if name.startswith(prefix)}

    templates = {
        name: _decoded(folder, f"templates/{name}", data)
        for name, data in below("templates/").items()
        if name.endswith(TEMPLATE_SUFFIXES)
    }
    catalogues = {
        name.removesuffix(".po"): _decoded(folder, f"locale/{name}", data)
        for name, data in below("locale/").items()
        if name.endswith(".po")
    }
    print_files = below("print/")
    return Theme(
        folder.name,
        templates,
        below("assets/"),
        print_files,
        _lettering(folder.name, settings, print_files),
        catalogues,
        {name: look.colours.get(name, colour["value"]) for name, colour in settings.get("colours", {}).items()},
        digest.hexdigest(),
    )


def _files(folder: Path) -> dict[str, bytes]:
    """Every file by name; hidden and backup files are passed over, links are refused: a theme is a folder, no more."""
    files = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if any(part.startswith(".") or part.endswith("~") for part in name.split("/")):
            continue
        if path.is_symlink():
            raise ThemeError(f"theme {folder.name}: {name} is a symbolic link; put the file itself there")
        if path.is_file():
            files[name] = path.read_bytes()
    return files


def _is_font(name: str, data: bytes) -> bool:
    """Whether letters can be found in it and all of it is there, as its own head says."""
    if name.endswith(".woff2"):
        return data[:4] == b"wOF2" and int.from_bytes(data[8:12], "big") == len(data)
    tables = [data[at : at + 16] for at in range(12, 12 + 16 * int.from_bytes(data[4:6], "big"), 16)]
    ends = [int.from_bytes(table[8:12], "big") + int.from_bytes(table[12:], "big") for table in tables]
    return len(data) >= max(ends, default=0) and bool(letters(data))


def _decoded(folder: Path, name: str, data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise ThemeError(f"theme {folder.name}: {name} is not UTF-8 text") from error


def _settings(theme: str, files: Mapping[str, bytes]) -> Mapping[str, Any]:
    """What ``theme.toml`` says."""
    try:
        return tomllib.loads(files.get("theme.toml", b"").decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ThemeError(f"theme {theme}: theme.toml: {error}") from error


def _lettering(
    theme: str, settings: Mapping[str, Any], print_files: Mapping[str, bytes]
) -> dict[str, tuple[bytes, ...]]:
    """The fonts ``theme.toml`` names under [lettering], each with the others behind it."""
    try:
        named = settings["lettering"]
        others = tuple(print_files[name] for name in named.get("others", ()))
        return {role: (print_files[named[role]], *others) for role in ("display", "strong", "regular")}
    except (KeyError, TypeError, AttributeError) as error:
        raise ThemeError(
            f"theme {theme}: theme.toml needs [lettering] with display, strong and regular, "
            f"each a file of print/ ({error} is missing)"
        ) from error
