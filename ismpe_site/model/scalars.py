"""Single values from the text as written: ``2.10`` is a criterion, ``NO`` is Norway, a date is year-month-day."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from ismpe_site.model.countries import COUNTRY_CODES

# Controls and changes of direction, which an escape in quotes can stand for.
DECEPTIVE = re.compile("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f-\x9f]")

# Where a link of Markdown may lead: the web, a mailbox, a page from the site's root, a place on the same page.
LINK_TARGET = re.compile(r"https?://|mailto:|/(?!/)|#", re.IGNORECASE)

# Bounds in which adding a span to a day always gives a day.
FIRST_YEAR, LAST_YEAR = 1900, 2999
LONGEST_SPAN = 520


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise PydanticCustomError("text", "must be text")
    if not value.strip():
        raise PydanticCustomError("empty", "is empty")
    if found := DECEPTIVE.search(value):
        words = "holds the character {code}, which is not allowed"
        raise PydanticCustomError("form", words, {"code": f"U+{ord(found[0]):04X}"})
    if value.strip() in ("…", "..."):
        raise PydanticCustomError("empty", "is only a placeholder")
    return value


def _matching(pattern: str, allowed: str) -> BeforeValidator:
    expression = re.compile(pattern)

    def check(value: object) -> str:
        text = _text(value)
        if not expression.fullmatch(text):
            raise PydanticCustomError("form", "{value} is not {allowed}", {"value": repr(text), "allowed": allowed})
        return text

    return BeforeValidator(check)


def _country(value: object) -> str:
    text = _text(value)
    if text not in COUNTRY_CODES:
        hint = ", such as GB for the United Kingdom" if text == "UK" else ", such as GB or NO"
        words = "{value} is not a country code of ISO 3166, two capital letters{hint}"
        raise PydanticCustomError("form", words, {"value": repr(text), "hint": hint})
    return text


def _date(value: object) -> date:
    if isinstance(value, date):
        return value
    text = _text(value)
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        day = date.fromisoformat(text)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValueError
        return day
    except ValueError:
        raise PydanticCustomError(
            "date", "{value} is not a day of the calendar, written as year-month-day", {"value": repr(text)}
        ) from None


def _span(value: object) -> int:
    number = _whole(value)
    if not 1 <= number <= LONGEST_SPAN:
        raise PydanticCustomError(
            "span", "{value} is not between 1 and {most}", {"value": number, "most": LONGEST_SPAN}
        )
    return number


def _whole(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = _text(value)
    if not re.fullmatch(r"0|[1-9][0-9]{0,8}", text):
        raise PydanticCustomError("whole", "{value} is not a whole number (0, 1, 2, …)", {"value": repr(text)})
    return int(text)


def _exact(value: object) -> Fraction:
    if isinstance(value, Fraction):
        return value
    text = _text(value)
    if not re.fullmatch(r"(0|[1-9][0-9]{0,8})(\.[0-9]{1,6})?", text):
        raise PydanticCustomError("exact", "{value} is not a number written like 80 or 2.5", {"value": repr(text)})
    return Fraction(text)


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value not in ("true", "false"):
        raise PydanticCustomError("flag", "{value} is neither true nor false", {"value": repr(value)})
    return value == "true"


Text = Annotated[str, BeforeValidator(_text), Field(json_schema_extra={"minLength": 1})]
Markdown = Annotated[str, BeforeValidator(_text), Field(json_schema_extra={"contentMediaType": "text/markdown"})]
Day = Annotated[date, BeforeValidator(_date)]
Whole = Annotated[int, BeforeValidator(_whole)]
Span = Annotated[int, BeforeValidator(_span)]
Exact = Annotated[Fraction, BeforeValidator(_exact)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Slug = Annotated[str, _matching(r"[a-z0-9]+(-[a-z0-9]+)*", "a short name of small letters, digits and single hyphens")]
CriterionId = Annotated[str, _matching(r"[1-9][0-9]?\.[1-9][0-9]?", "a criterion number like 2.10")]
EvidenceId = Annotated[str, _matching(r"E[1-9][0-9]?[0-9]?", "an evidence number like E1")]
Country = Annotated[str, BeforeValidator(_country), Field(json_schema_extra={"pattern": "^[A-Z]{2}$"})]
Email = Annotated[str, _matching(r"[^@\s]+@[^@\s]+\.[^@\s]+", "an e-mail address")]
Month = Annotated[str, _matching(r"[0-9]{4}(-(0[1-9]|1[0-2]))?", "a year or a month, such as 2021 or 2021-09")]
Language = Annotated[str, _matching(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", "a language tag (BCP 47), such as en or fr")]
Role = Annotated[str, _matching(r"[a-z][a-z' /-]*", "a role in small letters, such as line managers (never a name)")]
Website = Annotated[
    str, _matching(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[^\s<>\"']*)?", "an address that starts with https://")
]


class Value(BaseModel):
    """A frozen value; an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
