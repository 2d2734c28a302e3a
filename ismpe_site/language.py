"""The words, dates, numbers and names of a language. The home of babel.

Templates and code are written in English; ``locale/<language>.po`` of a theme says the same in another language. What a
catalogue lacks stays English. Nothing here asks the machine which language it speaks.
"""

from __future__ import annotations

import io
from datetime import date
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date
from babel.numbers import get_decimal_symbol

SOURCE = "en"
# Where a word of the data has its translation: ``{{ award.state | word }}``.
DATA_WORD = "word"
# Where the first day of a month is not counted like the others. The library does not know.
FIRST_OF_MONTH = {"fr": "1er"}


class LanguageError(ValueError):
    """A catalogue that cannot be read; the message says where."""


def translations(language: str, catalogue: bytes) -> NullTranslations:
    """The words of ``language`` by its catalogue (a .po file); raises LanguageError where it is none."""
    # Only here, because most sites speak the language of the templates.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    try:
        read = read_po(io.BytesIO(catalogue), locale=_locale(language), abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise LanguageError(str(error)) from error
    compiled = io.BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return GNUTranslations(compiled)


def known(language: str) -> bool:
    """Whether there is such a language."""
    try:
        _locale(language)
    except ValueError:
        return False
    return True


def text_direction(language: str) -> str:
    """``ltr`` or ``rtl``: how the lines of a language run, and of one that is not known, so far as most do."""
    return str(_locale(language).text_direction) if known(language) else "ltr"


@lru_cache(maxsize=16)
def locale_of(language: str) -> str:
    """``language`` with a territory, such as fr_FR, as programs that know only such pairs want it."""
    if language == SOURCE:
        return "en_GB"  # the spelling of the templates
    tag = language.replace("-", "_")
    known = Locale.parse(get_global("likely_subtags").get(tag, tag))
    return f"{known.language}_{known.territory}" if known.territory else tag


@lru_cache(maxsize=4096)
def day(value: date, language: str = SOURCE) -> str:
    """4 March 2025, in the words of ``language``."""
    words = format_date(value, "d MMMM y" if language == SOURCE else "long", locale=_locale(language))
    first = FIRST_OF_MONTH.get(_locale(language).language, "1")
    return words.replace("1", first, 1) if value.day == 1 else words


def month(value: str, language: str = SOURCE) -> str:
    """September 2021 for ``2021-09``; a year stays a year."""
    year, _, number = value.partition("-")
    return format_date(date(int(year), int(number), 1), "MMMM y", locale=_locale(language)) if number else year


@lru_cache(maxsize=512)
def country(code: str, language: str = SOURCE) -> str:
    """The country's name; the code itself where it has none."""
    return str(_locale(language).territories.get(code, code))


@lru_cache(maxsize=512)
def language_name(code: str, language: str = SOURCE) -> str:
    """The name of the language ``code`` in ``language``; the code itself where it has none."""
    return str(_locale(code).get_display_name(_locale(language)) or code) if known(code) else code


@lru_cache(maxsize=512)
def own_name(code: str) -> str:
    """The name of the language ``code`` in that language, as it stands in a list; the code itself where it has none."""
    name = language_name(code, code)
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=16)
def decimal_sign(language: str) -> str:
    """What stands between the whole and the parts of a number."""
    return str(get_decimal_symbol(_locale(language)))


def number(figure: str, language: str = SOURCE) -> str:
    """A figure such as ``94.7`` as ``language`` writes it."""
    return figure if language == SOURCE else figure.replace(".", decimal_sign(language))


@lru_cache(maxsize=16)
def _locale(language: str) -> Locale:
    """Raises ValueError where there is no such language."""
    try:
        return Locale.parse(language, sep="-")
    except UnknownLocaleError as error:
        raise ValueError(f"there is no language {language}") from error
