"""A theme is a folder: templates, assets for the web, styles and fonts for print, and a digest over all of them."""

from __future__ import annotations

import hashlib
import re
import tomllib
import traceback
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError
from uharfbuzz import Face

from ismpe_site.language import (
    DATA_WORD,
    SOURCE,
    LanguageError,
    country,
    day,
    known,
    language_name,
    month,
    number,
    text_direction,
    translations,
)

TEMPLATE_SUFFIXES = (".html", ".svg", ".xml", ".txt")
FONT_SUFFIXES = (".ttf", ".otf", ".woff2")

# What is never seen, with or without a glyph of its own: joiners, direction marks, soft hyphens, variation selectors.
IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


class ThemeError(Exception):
    """A theme that is missing or a template that does not work; the message says which."""


@dataclass(frozen=True)
class Theme:
    """Everything of a theme, in memory: names (with forward slashes) → content.

    ``templates``: text by name below ``templates/``; ``assets``: bytes published under ``assets/``;
    ``print_files``: styles and fonts the printing room may use, by name below ``print/``; ``lettering``: the fonts
    (display, strong, regular; each with those that stand in for it) for words in pictures, as in ``theme.toml``;
    ``words``: translations of the templates' words by language, from ``locale/<language>.po``.
    """

    name: str
    templates: Mapping[str, str]
    assets: Mapping[str, bytes]
    print_files: Mapping[str, bytes]
    lettering: Mapping[str, tuple[bytes, ...]]
    words: Mapping[str, NullTranslations]
    digest: str

    def __hash__(self) -> int:
        return hash(self.digest)

    def words_of(self, language: str) -> NullTranslations:
        """The translations into ``language``; where there is no catalogue all stays as it is written."""
        return self.words.get(language, _UNTRANSLATED)

    def render(self, template: str, context: Mapping[str, Any], language: str = SOURCE) -> str:
        """The template with ``context`` in ``language``; an undefined name is an error, never an empty place."""
        try:
            text: str = _environment(self, language).get_template(template).render(context)
            return text
        except Exception as error:
            raise ThemeError(f"theme {self.name}: {_place(self, template, error)}: {_fault(error)}") from error


def has_letter(font: bytes, letter: str) -> bool:
    """Whether ``font`` can show ``letter``, if need be as a letter and its accents."""
    if letter.isspace() or IGNORABLE.match(letter):
        return True
    letters = _letters(font)
    return ord(letter) in letters or all(ord(part) in letters for part in unicodedata.normalize("NFD", letter))


@lru_cache(maxsize=32)
def _letters(font: bytes) -> frozenset[int]:
    return frozenset(Face(font).unicodes)


def _place(theme: Theme, template: str, error: Exception) -> str:
    """The template and the line in which ``error`` arose."""
    if isinstance(error, TemplateSyntaxError):
        return f"{error.name or template}, line {error.lineno}"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in theme.templates]
    return f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else template


def _fault(error: Exception) -> str:
    if isinstance(error, TemplateNotFound):
        return f"there is no template {error.name}"
    if isinstance(error, TemplateError):
        return error.message or type(error).__name__
    return f"{error} ({type(error).__name__})" if str(error) else type(error).__name__


def load_theme(folder: Path) -> Theme:
    """Read the theme in ``folder``; raises ThemeError where it is none."""
    if not (folder / "templates").is_dir():
        raise ThemeError(f"{folder.name} is not a theme: it has no folder templates")
    files = _files(folder)
    for name, data in files.items():
        if name.endswith(FONT_SUFFIXES) and not _is_font(name, data):
            raise ThemeError(f"theme {folder.name}: {name} is not a font: put the whole file there again")
    digest = hashlib.sha256()
    for name, data in files.items():
        digest.update(f"{name}\0{len(data)}\0".encode() + data)

    def below(prefix: str) -> dict[str, bytes]:
        return {name.removeprefix(prefix): data for name, data in files.items() if name.startswith(prefix)}

    templates = {
        name: _decoded(folder, name, data)
        for name, data in below("templates/").items()
        if name.endswith(TEMPLATE_SUFFIXES)
    }
    print_files = below("print/")
    return Theme(
        folder.name,
        templates,
        below("assets/"),
        print_files,
        _lettering(folder, files, print_files),
        dict(_words(folder, below("locale/"))),
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
    return len(data) >= max(ends, default=0) and bool(_letters(data))


def _decoded(folder: Path, name: str, data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise ThemeError(f"theme {folder.name}: templates/{name} is not UTF-8 text") from error


def _words(folder: Path, catalogues: Mapping[str, bytes]) -> Iterator[tuple[str, NullTranslations]]:
    """(language, its translations) of each catalogue."""
    for name, data in catalogues.items():
        if name.endswith(".po"):
            language = name.removesuffix(".po")
            if not known(language):
                raise ThemeError(f"theme {folder.name}: locale/{name}: there is no language {language}")
            try:
                yield language, translations(language, data)
            except LanguageError as error:
                raise ThemeError(f"theme {folder.name}: locale/{name}: {error}") from error


def _lettering(
    folder: Path, files: Mapping[str, bytes], print_files: Mapping[str, bytes]
) -> dict[str, tuple[bytes, ...]]:
    """The fonts ``theme.toml`` names under [lettering], each with the others behind it."""
    try:
        named = tomllib.loads(files.get("theme.toml", b"").decode())["lettering"]
        others = tuple(print_files[name] for name in named.get("others", ()))
        return {role: (print_files[named[role]], *others) for role in ("display", "strong", "regular")}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ThemeError(f"theme {folder.name}: theme.toml: {error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise ThemeError(
            f"theme {folder.name}: theme.toml needs [lettering] with display, strong and regular, "
            f"each a file of print/ ({error} is missing)"
        ) from error


_UNTRANSLATED = NullTranslations()


@lru_cache(maxsize=8)
def _environment(theme: Theme, language: str) -> Environment:
    environment = Environment(
        loader=FunctionLoader(lambda name: _source(theme, name)),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        extensions=("jinja2.ext.i18n",),
    )
    words = theme.words_of(language)
    # Sentences in templates may run over several lines.
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    environment.globals |= {"language": language, "direction": text_direction(language)}
    environment.filters |= {
        "word": partial(words.pgettext, DATA_WORD),
        "day": lambda value: day(value, language),
        "month": lambda value: month(value, language),
        "country": lambda code: country(code, language),
        "language_name": lambda code: language_name(code, language),
        "number": lambda figure: number(figure, language),
    }
    return environment


def _source(theme: Theme, name: str) -> tuple[str, str, None] | None:
    """A template with the name that a traceback gives for it."""
    text = theme.templates.get(name)
    return None if text is None else (text, name, None)


def _shown(value: Any) -> Any:
    """What a template prints: an exact number must be put into words first, or a reader would see "165/2"."""
    # Its very type: to ask for a kind of it takes three times as long, and this is asked for every word of every page.
    if type(value) is Fraction:
        raise TemplateError("an exact number is printed as it is; use figure(), share() or exactly()")
    return value
