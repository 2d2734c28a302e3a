"""A theme is a folder: templates, assets for the web, styles and fonts for print, and a digest over all of them."""

from __future__ import annotations

import re
import traceback
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial
from gettext import NullTranslations
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError
from markupsafe import Markup
from uharfbuzz import Face

from ismpe_site.language import (
    DATA_WORD,
    SOURCE,
    LanguageError,
    country,
    day,
    language_name,
    locale_of,
    month,
    number,
    own_name,
    text_direction,
    translations,
)

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
    ``words``: catalogues of the templates' words by language, from ``locale/<language>.po``; ``colours``: those a site
    may change, by their names in ``theme.toml``, as they are.
    """

    name: str
    templates: Mapping[str, str]
    assets: Mapping[str, bytes]
    print_files: Mapping[str, bytes]
    lettering: Mapping[str, tuple[bytes, ...]]
    words: Mapping[str, str]
    colours: Mapping[str, str]
    digest: str

    def __hash__(self) -> int:
        return hash(self.digest)

    def words_of(self, language: str) -> NullTranslations:
        """The translations into ``language``; where there is no catalogue all stays as it is written."""
        return _words(self, language)

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
    there = letters(font)
    return ord(letter) in there or all(ord(part) in there for part in unicodedata.normalize("NFD", letter))


@lru_cache(maxsize=32)
def letters(font: bytes) -> frozenset[int]:
    """The code points ``font`` has a picture for."""
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


@lru_cache(maxsize=16)
def _words(theme: Theme, language: str) -> NullTranslations:
    try:
        return translations(language, theme.words[language].encode()) if language in theme.words else NullTranslations()
    except LanguageError as error:
        raise ThemeError(f"theme {theme.name}: locale/{language}.po: {error}") from error


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
    environment.globals |= {"language": language, "direction": text_direction(language), "locale": locale_of(language)}
    environment.filters |= {
        "word": partial(words.pgettext, DATA_WORD),
        "day": lambda value: day(value, language),
        "month": lambda value: month(value, language),
        "country": lambda code: country(code, language),
        "language_name": lambda code: language_name(code, language),
        "own_name": own_name,
        "text_direction": text_direction,
        "in_language": partial(_in_language, around=language),
        "number": lambda figure: number(figure, language),
    }
    return environment


def _in_language(text: Any, code: str, tag: str = "span", *, around: str) -> Any:
    """``text`` in an element that says its language, and which way it runs, where the words ``around`` it differ."""
    if code == around or not text:
        return text
    way = text_direction(code)
    runs = Markup(' dir="{}"').format(way) if way != text_direction(around) else ""
    return Markup('<{tag} lang="{code}"{runs}>{text}</{tag}>').format(tag=tag, code=code, runs=runs, text=text)


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
