"""Single values from the text as written: ``2.10`` is a criterion, ``NO`` is Norway, a date is year-month-day."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Annotated, LiteralString

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from ismpe_site.model.countries import COUNTRY_CODES
from ismpe_site.model.sizes import swollen

# Characters that make a text read differently from what it says: controls, changes of direction, invisible joiners,
# signs and tags, what is a line end to some programs only, and what is no character at all. An escape in quotes can
# stand for each.
DECEPTIVE = re.compile(
    "[\u2028-\u202e\u2060-\u206f\u200b\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
    "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)

# Where a link of Markdown may lead: the web, a mailbox, a page from the site's root, a place on the same page.
LINK_TARGET = re.compile(
    r"https?://[^\s/?#:@%\[\]\\\"<>^`{|}]+(:[0-9]{1,5})?(?=[/?#]|$)|mailto:[^@\s]+@[^@\s]|/(?!/)|#", re.IGNORECASE
)

# Bounds in which adding a span to a day always gives a day.
FIRST_YEAR, LAST_YEAR = 1900, 2999
LONGEST_SPAN = 520

# A short name becomes a file's name, alone or joined to others.
LONGEST_NAME = 80
# No file can have such a name on Windows.
DEVICE = re.compile("(?:con|prn|aux|nul|com[0-9]|lpt[0-9])")

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise PydanticCustomError("text", "must be text")
    if not value.strip():
        raise PydanticCustomError("empty", "is empty")
    if found := DECEPTIVE.search(value):
        words = "holds the character {code}, which is not allowed"
        todo = "delete the escape that stands for it"
        raise PydanticCustomError("character", words, {"code": f"U+{ord(found[0]):04X}", "todo": todo})
    if value.strip() in ("…", "..."):
        raise PydanticCustomError("empty", "is only a placeholder")
    return value


# So much one field may hold: a text of some twenty pages, a line that is no text. Parsers take longer for more.
LONGEST_TEXT, LONGEST_LINE = 50_000, 10_000


def _line(value: object) -> str:
    return _bounded(_text(value), LONGEST_LINE)


def _markdown(value: object) -> str:
    text = _bounded(_text(value), LONGEST_TEXT)
    if fault := swollen(text):
        todo = "name the target less often, or give each row as many cells as the head of its table has"
        raise PydanticCustomError("swollen", "{fault}: the page would be very long", {"fault": fault, "todo": todo})
    return text


def _bounded(text: str, most: int) -> str:
    if len(text) > most:
        words = "is {length} characters long, more than {most}"
        raise PydanticCustomError("long", words, {"length": len(text), "most": most, "todo": "shorten it, or split it"})
    return text


def _refused(kind: LiteralString, words: LiteralString, text: str, todo: str = "", **named: object) -> Exception:
    """The error of a value; ``todo`` is what to write instead, for its help."""
    return PydanticCustomError(kind, words, {"value": repr(text), "todo": todo, **named})


def _matching(pattern: str, allowed: str, todo: Callable[[str], str] = lambda _: "") -> BeforeValidator:
    expression = re.compile(pattern)

    def check(value: object) -> str:
        text = _text(value)
        if not expression.fullmatch(text):
            raise _refused("form", "{value} is not {allowed}", text, todo(text), allowed=allowed)
        return text

    return BeforeValidator(check)


def _country(value: object) -> str:
    text = _text(value)
    if text not in COUNTRY_CODES:
        words = "{value} is not a country code of ISO 3166, two capital letters"
        if text.upper() in COUNTRY_CODES:
            todo = f"write {text.upper()}"
        elif text.upper() == "UK":
            todo = "write GB for the United Kingdom"
        else:
            todo = "write the country's two letters, such as GB, NO or ZA; ISO 3166-1 lists them"
        raise _refused("form", words, text, todo)
    return text


def _date(value: object) -> date:
    if isinstance(value, date):
        return value
    text = _text(value)
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        year, month, day = map(int, text.split("-"))
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise _refused("date", "{value} is not between {first} and {last}", text, "mend the year",
                           first=FIRST_YEAR, last=LAST_YEAR)  # fmt: skip
        try:
            return date(year, month, day)
        except ValueError:
            raise _refused("date", "{value}: that day does not exist", text, _no_such_day(year, month)) from None
    meant = day_meant(text)
    todo = f"write {meant}" if meant else "write it like 2026-03-10"
    raise _refused("date", "{value} is not a day written as year-month-day", text, todo)


def _no_such_day(year: int, month: int) -> str:
    if not 1 <= month <= 12:
        return f"there is no month {month:02d}; mend the date"
    return f"{MONTHS[month - 1].capitalize()} {year} has {monthrange(year, month)[1]} days; mend the date"


def day_meant(text: str) -> date | None:
    """The day somebody most likely means who writes it in another order, without zeros or with the month's name."""
    parts = re.findall(r"[0-9]+|[a-z]+", text.lower())
    named = [index for index, part in enumerate(parts) if _month_named(part)]
    numbers = [_month_named(part) or (int(part) if part.isdigit() and len(part) <= 4 else None) for part in parts]
    if len(numbers) != 3 or None in numbers:
        return None
    first, second, third = (number or 0 for number in numbers)
    if first > 31:
        year, month, day = first, second, third
    else:
        year, month, day = third, second, first
        if named == [0] or (not named and month > 12):
            month, day = day, month
    try:
        return date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


def _month_named(word: str) -> int | None:
    return next((n for n, month in enumerate(MONTHS, 1) if len(word) >= 3 and month.startswith(word)), None)


def _month_to_write(text: str) -> str:
    """What to write instead of ``text`` where a month belongs."""
    if whole := re.fullmatch(r"([0-9]{4})-([0-9]{2})", text):
        if not 1 <= int(whole[2]) <= 12:
            return f"there is no month {whole[2]}; write a month from 01 to 12"
        return f"the year lies between {FIRST_YEAR} and {LAST_YEAR}; mend it"
    parts = re.findall(r"[0-9]+|[a-z]+", text.lower())
    year = next((part for part in parts if part.isdigit() and len(part) == 4), None)
    rest = [part for part in parts if part != year]
    month = (_month_named(rest[0]) or (int(rest[0]) if rest[0].isdigit() else 0)) if len(rest) == 1 else 0
    if year is None or not FIRST_YEAR <= int(year) <= LAST_YEAR:
        return "write it like 2021 or 2021-09"
    if 1 <= month <= 12:
        return f"write {year}-{month:02d}"
    meant = day_meant(text)
    return f"write {meant:%Y-%m}" if meant else "write it like 2021 or 2021-09"


def _website_to_write(text: str) -> str:
    """What to write instead of ``text`` where an address of the web belongs."""
    bare = text.partition("://")[2] or text
    if re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(/[^\s<>\"']*)?", bare):
        return f"write https://{bare}"
    return "write it like https://www.example.org, or delete the field"


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
        todo = "write the number alone, with a point: 80 or 2.5"
        raise _refused("exact", "{value} is not a number written like 80 or 2.5", text, todo)
    return Fraction(text)


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value not in ("true", "false"):
        raise _refused("flag", "{value} is neither true nor false", str(value), "write true or false")
    return value == "true"


Text = Annotated[str, BeforeValidator(_line), Field(json_schema_extra={"minLength": 1})]
Markdown = Annotated[str, BeforeValidator(_markdown), Field(json_schema_extra={"contentMediaType": "text/markdown"})]
Day = Annotated[date, BeforeValidator(_date)]
Whole = Annotated[int, BeforeValidator(_whole)]
Span = Annotated[int, BeforeValidator(_span)]
Exact = Annotated[Fraction, BeforeValidator(_exact)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Slug = Annotated[
    str,
    _matching(
        rf"(?!{DEVICE.pattern}$)(?=.{{1,{LONGEST_NAME}}}$)[a-z0-9]+(-[a-z0-9]+)*",
        f"a short name of at most {LONGEST_NAME} small letters, digits and single hyphens",
        lambda text: "on Windows a device has this name; take another" if DEVICE.fullmatch(text) else "",
    ),
]
CriterionId = Annotated[
    str, _matching(r"[1-9][0-9]?\.[1-9][0-9]?", "a criterion number like 2.10", lambda _: "write its number")
]
EvidenceId = Annotated[
    str, _matching(r"E[1-9][0-9]?[0-9]?", "an evidence number like E1", lambda _: "write E and a number")
]
Country = Annotated[str, BeforeValidator(_country), Field(json_schema_extra={"pattern": "^[A-Z]{2}$"})]
Email = Annotated[
    str, _matching(r"[^@\s]+@[^@\s]+\.[^@\s]+", "an e-mail address", lambda _: "write it like name@example.org")
]
Month = Annotated[
    str,
    _matching(
        r"(19[0-9]{2}|2[0-9]{3})(-(0[1-9]|1[0-2]))?", "a year or a month, such as 2021 or 2021-09", _month_to_write
    ),
]
Language = Annotated[str, _matching(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", "a language tag (BCP 47), such as en or fr")]
Role = Annotated[
    str,
    _matching(
        r"[a-z][a-z' /-]*", "a role in small letters, such as line managers (never a name)", lambda _: "write the role"
    ),
]
# 128 random bits: nobody guesses them.
Token = Annotated[
    str,
    _matching(r"[0-9a-f]{32}", "a token of 32 digits 0-9 and a-f", lambda _: "make one with `ismpe unlisted-token`"),
]
Website = Annotated[
    str,
    _matching(
        r"https?://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:[0-9]{1,5})?(/[^\s<>\"']*)?",
        "an address that starts with https://",
        _website_to_write,
    ),
]


class Value(BaseModel):
    """A frozen value; an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
