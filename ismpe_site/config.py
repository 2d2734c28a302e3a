"""``site.toml`` → Config, or every problem of it at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails  # noqa: TC002  # its type is read when running

from ismpe_site.problems import ContentError, Place, Problem, allowed, did_you_mean

LANGUAGES = ("en",)
MAX_BYTES = 1 << 20


def _checked(fits: Callable[[Any], bool], wanted: str) -> BeforeValidator:
    """A value is taken where it ``fits``; else the message says what is ``wanted``."""

    def check(value: object) -> object:
        if not fits(value):
            raise ValueError(f"must be {wanted}")
        return value

    return BeforeValidator(check)


def _line(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


def _matches(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and bool(re.fullmatch(pattern, value))


def _at_least(least: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= least


Line = Annotated[str, _checked(_line, 'one line of text in quotes, such as "ISMPE", without control characters')]
Address = Annotated[
    str,
    _checked(
        _matches(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/([A-Za-z0-9._~-]+/)*"),
        'a complete address in quotes that ends with /, such as "https://example.org/" or "https://example.org/ismpe/"',
    ),
]
Language = Annotated[str, _checked(lambda value: value in LANGUAGES, '"en"; so far there is one language')]
Folder = Annotated[str, _checked(_matches(r"[A-Za-z0-9_-]+"), 'the name of a folder in themes/, such as "ismpe"')]
Switch = Annotated[bool, _checked(lambda value: isinstance(value, bool), "true or false, without quotes")]


Seconds = Annotated[int, _checked(_at_least(1), "a whole number, 1 or more, without quotes")]
Megabytes = Annotated[int, _checked(_at_least(64), "a whole number, 64 or more, without quotes")]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Publisher(_Table):
    """Who publishes the standard."""

    name: Line = Field(description="Who publishes the standard")


class Printing(_Table):
    """How PDFs are made."""

    accelerator: Switch = Field(default=True, description="Whether PDFs, the same ones, are made the fast way")
    seconds_per_document: Seconds = Field(default=300, description="Longest a PDF may take, in seconds")
    megabytes_per_document: Megabytes = Field(default=4096, description="Memory a PDF may take, in megabytes")


class Config(_Table):
    """The site's settings. All have a comment in the shipped ``site.toml``."""

    title: Line = Field(description="Full name, for the home page and the title of every page")
    short_title: Line = Field(description="Name in headers and badges")
    tagline: Line = Field(description="One sentence under the name")
    base_url: Address = Field(description="Where the site will be served, with a trailing slash")
    language: Language = Field(default="en", description="Language of the interface; so far there is one")
    theme: Folder = Field(default="ismpe", description="Name of a folder in themes/")
    publish_specimens: Switch = Field(default=True, description="Whether invented organisations are built")
    printing: Printing = Field(default=Printing(), description="How PDFs are made: a section [printing]")
    publisher: Publisher = Field(description='Who publishes the standard: [publisher] and below it name = "…"')


TABLES: dict[str, type[_Table]] = {"publisher": Publisher, "printing": Printing}


def load_config(path: Path) -> Config:
    """Read ``site.toml``; raises ContentError with every problem, the lack of the theme's folder among them."""
    text = _text(path)
    data = _parsed(path.name, text)
    problems, config = [], None
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        problems += [_problem(path.name, text, details) for details in error.errors(include_url=False)]
    theme = data.get("theme", Config.model_fields["theme"].default)
    if isinstance(theme, str) and not any(problem.message.startswith('"theme"') for problem in problems):
        problems += _theme(path, text, theme)
    if config is None or problems:
        raise ContentError(problems)
    return config


def _text(path: Path) -> str:
    file = path.name
    if path.exists() and not path.is_file():
        raise _failed(Place(file), "S310", "this is no ordinary file", "put an ordinary file in its place")
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        todo = "run the command in the folder that holds site.toml and content/, or name it with --root"
        raise _failed(Place(file), "S310", "the file is missing", todo) from None
    except OSError as error:
        raise _failed(Place(file), "S310", f"cannot be read: {error.strerror}", "see that you may read it") from None
    if len(data) > MAX_BYTES:
        raise _failed(Place(file), "S310", f"larger than {MAX_BYTES // 1024} KiB", "delete what is no setting")
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        place = Place(file, before.count(b"\n") + 1, error.start - before.rfind(b"\n"))
        raise _failed(place, "S310", "not UTF-8 text", "save the file in the encoding UTF-8") from None


def _failed(place: Place, code: str, message: str, todo: str) -> ContentError:
    return ContentError([Problem(place, code, message, todo)])


# What the parser says → what to do.
TOML_WORDS = (
    ("Cannot overwrite a value", "each setting once; keep one of the two"),
    ("Cannot declare", "each [section] once; keep one of the two"),
    ("Expected '=' after a key", 'a setting is a name, =, and a value: theme = "ismpe"'),
    ("Invalid value", 'text stands in quotation marks: theme = "ismpe"; true, false and numbers do not'),
    ("Unterminated string", "close the quotation mark"),
    ("Illegal character '\\n'", "close the quotation mark on the same line"),
    ("Expected newline or end of document", "one setting on each line; text stands in quotation marks"),
    ("Unescaped '\\'", "write a backslash twice, or put the text between ' and '"),
    ("Invalid initial character for a key part", 'a setting is a name, =, and a value: theme = "ismpe"'),
)


def _parsed(file: str, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise _failed(
            _first(file, text, r"(\[\s*|\{\s*\w+\s*=\s*){20}"),
            "S311",
            "nested too deep",
            "no setting needs brackets in brackets; delete it",
        ) from None
    except ValueError as error:
        found = re.fullmatch(r"(.*?) \(at (?:line (\d+), column (\d+)|end of document)\)", str(error), re.DOTALL)
        if found is None:
            place, todo = _first(file, text, r"\d{1000}"), "no setting needs such a number; delete it"
            raise _failed(place, "S311", "a number is too long", todo) from None
        last = text.rstrip("\n").split("\n")
        place = Place(file, *(map(int, found.group(2, 3)) if found[2] else (len(last), len(last[-1]) + 1)))
        todo = next((words for start, words in TOML_WORDS if found[1].startswith(start)), "mend it, or delete it")
        raise _failed(place, "S311", f"not valid TOML: {found[1][:1].lower()}{found[1][1:]}", todo) from None


def _first(file: str, text: str, pattern: str) -> Place:
    """Where something that matches ``pattern`` first stands."""
    found = re.search(pattern, text)
    before = text[: found.start() if found else 0]
    return Place(file, before.count("\n") + 1, len(before) - before.rfind("\n"))


def _theme(path: Path, text: str, theme: str) -> Iterator[Problem]:
    """A theme is a folder with templates."""
    folder = path.parent / "themes"
    there = sorted(templates.parent.name for templates in folder.glob("*/templates"))
    if theme not in there:
        help_text = did_you_mean(theme, there) + allowed(there or ["none; make themes/ismpe, a theme is a folder"])
        yield Problem(_place(path.name, text, ("theme",)), "S315", f'there is no theme "{theme}"', help_text)


def _problem(file: str, text: str, details: ErrorDetails) -> Problem:
    loc, kind = tuple(map(str, details["loc"])), details["type"]
    name = ".".join(loc)
    fields = TABLES[loc[0]].model_fields if loc[0] in TABLES and len(loc) > 1 else Config.model_fields
    if kind == "extra_forbidden":
        says = did_you_mean(loc[-1], fields) + allowed(fields)
        return Problem(_place(file, text, loc, of_key=True), "S312", f'unknown setting "{name}"', says)
    field = fields.get(loc[-1])
    help_text = (field.description or "") if field else ""
    if kind == "missing":
        return Problem(_place(file, text, loc[:-1]), "S313", f'the setting "{name}" is missing', help_text)
    message = details["msg"].removeprefix("Value error, ") if kind == "value_error" else "must be a section of its own"
    return Problem(_place(file, text, loc), "S314", f'"{name}" {message}', help_text)


SECTION = re.compile(r"[ \t]*\[[ \t]*(?P<name>[^\[\]#]+?)[ \t]*\][ \t]*(#.*)?$")
SETTING = re.compile(r"[ \t]*(?P<key>\"[^\"]*\"|'[^']*'|[A-Za-z0-9_.-]+)[ \t]*=[ \t]*")


def _place(file: str, text: str, loc: tuple[str, ...], *, of_key: bool = False) -> Place:
    """Where a setting's value stands, or its name; the nearest thing around it where it is not written alone."""
    section: tuple[str, ...] = ()
    found: dict[tuple[str, ...], Place] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if header := SECTION.match(line):
            section = tuple(part.strip(" \t\"'") for part in header["name"].split("."))
            found.setdefault(section, Place(file, number, header.start("name") + 1))
        elif setting := SETTING.match(line):
            key = setting["key"]
            path = (*section, *([key[1:-1]] if key[0] in "\"'" else key.split(".")))
            found.setdefault(path, Place(file, number, (setting.start("key") if of_key else setting.end()) + 1))
    return next((found[loc[:length]] for length in range(len(loc), 0, -1) if loc[:length] in found), Place(file))
