"""Made-up translations, to see by eye and by test what speaks the language of a site and what does not.

Every word of the templates is written in other letters, Greek or Arabic; what stays Latin was not translated. Content
can be written in Greek letters too: then a Latin letter on a page can come from nowhere but a template or the code.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, TypeVar, get_args, get_origin

from babel.messages.pofile import write_po
from pydantic import BaseModel

from ismpe_site.model.scalars import Markdown, Role, Text
from ismpe_site.theme import Theme
from tests.conftest import ROOT
from tests.quality.messages import extracted, read, updated

Model = TypeVar("Model", bound=BaseModel)

LATIN = "abcdefghijklmnopqrstuvwxyz"
GREEK = str.maketrans(LATIN + LATIN.upper(), "αβκδεφγχιξκλμνοπθρστυωωζψζ" + "ΑΒΚΔΕΦΓΧΙΞΚΛΜΝΟΠΘΡΣΤΥΩΩΖΨΖ")
ARABIC = str.maketrans(LATIN + LATIN.upper(), "ابجدهفغحيكقلمنوبقرستعخوشيز" * 2)

# What is no word: placeholders, scripts' too, tags, entities.
_FIXED = re.compile(r"(%\(\w+\)s|%%|\{\w+\}|<[^>]*>|&\w+;|\n)")
# Where a link of Markdown leads, and what stands in marks of code.
_TARGETS = re.compile(r"(\]\([^)]*\)|`[^`]*`|https?://\S+)")


def greek(text: str) -> str:
    """``text`` in Greek letters."""
    return text.translate(GREEK)


def arabic(text: str) -> str:
    """``text`` in Arabic letters, which joins them to words of an Arabic look."""
    return text.translate(ARABIC)


def catalogue(language: str, change: Callable[[str], str]) -> str:
    """Every word of the theme and the code, changed, as a catalogue in ``language``."""
    words = extracted(ROOT / "themes/ismpe")
    found = read(updated("", language, words), language)
    for message in found:
        if message.id:
            forms = (message.id,) if isinstance(message.id, str) else message.id
            said = [_outside(_FIXED, form, change) for form in forms]
            many = (said[0], *[said[-1]] * (found.num_plurals - 1))
            message.string = said[0] if isinstance(message.id, str) else many[: found.num_plurals]
            message.flags.discard("fuzzy")
    text = io.BytesIO()
    write_po(text, found, no_location=True)
    return text.getvalue().decode()


def speaking(theme: Theme, language: str, change: Callable[[str], str]) -> Theme:
    """``theme`` with such a catalogue and no other."""
    return replace(
        theme,
        words={language: catalogue(language, change)},
        digest=f"{theme.digest} {language}",
    )


def rewritten(model: Model, change: Callable[[str], str]) -> Model:
    """``model`` with all its texts changed: what somebody wrote in his own words, not names of things and codes."""
    fields = {
        name: _value(getattr(model, name), Annotated[field.annotation, *field.metadata, None], change)
        for name, field in type(model).model_fields.items()
        # Names of clauses, though they are written as texts.
        if name != "clause"
    }
    return model.model_copy(update=fields)


def _value(value: Any, kind: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, BaseModel):
        return rewritten(value, change)
    if isinstance(value, str):
        return _outside(_TARGETS, value, change) if _is_text(kind) else value
    if isinstance(value, tuple):
        return tuple(_value(item, kind, change) for item in value)
    if isinstance(value, dict):
        named = any(get_origin(part) is dict and _is_text(get_args(part)[0], Role) for part in _parts(kind))
        return {(change(key) if named else key): _value(item, str, change) for key, item in value.items()}
    return value


def _is_text(kind: Any, *kinds: Any) -> bool:
    """Whether ``kind``, or what it holds, is one of the kinds of text."""
    wanted = {id(item) for text in kinds or (Text, Markdown) for item in text.__metadata__}
    return any(id(item) in wanted for part in _parts(kind) for item in getattr(part, "__metadata__", ()))


def _parts(kind: Any) -> list[Any]:
    return [kind, *(part for argument in get_args(kind) for part in _parts(argument))]


def _outside(fixed: re.Pattern[str], text: str, change: Callable[[str], str]) -> str:
    """``text`` changed but for what is ``fixed``."""
    parts = fixed.split(text)
    return "".join(part if index % 2 else change(part) for index, part in enumerate(parts))
