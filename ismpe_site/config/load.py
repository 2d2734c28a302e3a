"""``site.toml`` → Config, or every problem of it at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Set
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ismpe_site.config.files import drawing_problems, theme_problems
from ismpe_site.config.places import place_of
from ismpe_site.config.settings import TABLES, Config
from ismpe_site.problems import ContentError, Place, Problem, allowed, did_you_mean

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

MAX_BYTES = 1 << 20


def load_config(path: Path) -> Config:
    """Read ``site.toml``; raises ContentError with every problem, the lack of the theme's folder among them."""
    text = _text(path)
    data = _parsed(path.name, text)
    problems, config = [], None
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        problems += [_problem(path.name, text, details) for details in error.errors(include_url=False)]
    problems += _files(path, text, data, {problem.message.split()[0] for problem in problems})
    if config is None or problems:
        raise ContentError(problems)
    return config


def _files(path: Path, text: str, data: dict[str, Any], wrong: Set[str]) -> Iterator[Problem]:
    """What is missing of the files the settings name; of a setting that is ``wrong`` itself nothing more is said."""

    def given(name: str, default: object = None) -> str:
        value = data.get(name, default)
        return value if isinstance(value, str) and f'"{name}"' not in wrong else ""

    if theme := given("theme", Config.model_fields["theme"].default):
        colours = {} if any(name.startswith('"colours') for name in wrong) else data.get("colours", {})
        yield from theme_problems(path, text, theme, given("language"), colours)
    for name in ("logo", "logo_dark", "icon"):
        if drawing := given(name):
            yield from drawing_problems(path, text, name, drawing)


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


def _problem(file: str, text: str, details: ErrorDetails) -> Problem:
    loc, kind = tuple(map(str, details["loc"])), details["type"]
    name = ".".join(loc)
    fields = TABLES[loc[0]].model_fields if loc[0] in TABLES and len(loc) > 1 else Config.model_fields
    if kind == "extra_forbidden":
        above = f"{loc[-1]} stands at the top, before the first [section]; " if loc[-1] in Config.model_fields else ""
        says = above + did_you_mean(loc[-1], fields) + allowed(fields)
        return Problem(place_of(file, text, loc, of_key=True), "S312", f'unknown setting "{name}"', says)
    field = fields.get(loc[-1])
    help_text = (field.description or "") if field else ""
    if kind == "missing":
        return Problem(place_of(file, text, loc[:-1]), "S313", f'the setting "{name}" is missing', help_text)
    message = details["msg"].removeprefix("Value error, ") if kind == "value_error" else "must be a section of its own"
    return Problem(place_of(file, text, loc), "S314", f'"{name}" {message}', help_text)
