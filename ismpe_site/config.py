"""``site.toml`` → Config, or every problem of it at once."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from ismpe_site.problems import ContentError, Place, Problem, allowed, did_you_mean


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Publisher(_Table):
    """Who publishes the standard."""

    name: str = Field(min_length=1)


class Printing(_Table):
    """How PDFs are made."""

    accelerator: bool = Field(default=True, description="Whether PDFs, the same ones, are made the fast way")
    seconds_per_document: int = Field(default=300, ge=1, description="Longest a PDF may take, in seconds")
    megabytes_per_document: int = Field(default=4096, ge=64, description="Memory a PDF may take, in megabytes")


class Config(_Table):
    """The site's settings. All have a comment in the shipped ``site.toml``."""

    title: str = Field(min_length=1, description="Full name, for the home page and the title of every page")
    short_title: str = Field(min_length=1, description="Name in headers and badges")
    tagline: str = Field(min_length=1, description="One sentence under the name")
    base_url: str = Field(description="Where the site will be served, with a trailing slash")
    language: Literal["en"] = Field(default="en", description="Language of the interface; so far there is one")
    theme: str = Field(default="ismpe", pattern=r"^[A-Za-z0-9_-]+$", description="Name of a folder in themes/")
    publish_specimens: bool = Field(default=True, description="Whether invented organisations are built")
    publisher: Publisher
    printing: Printing = Printing()

    @field_validator("title", "short_title", "tagline")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("must be one line without control characters")
        return value

    @field_validator("base_url")
    @classmethod
    def _complete_address(cls, value: str) -> str:
        if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/([A-Za-z0-9._~-]+/)*", value):
            raise ValueError("must begin with https://, name a host and perhaps folders, and end with /")
        return value


TABLES: dict[str, type[_Table]] = {"publisher": Publisher, "printing": Printing}


def load_config(path: Path) -> Config:
    """Read ``site.toml``; raises ContentError with every problem."""
    file = path.name

    def fail(*problems: Problem) -> ContentError:
        return ContentError(problems)

    if path.exists() and not path.is_file():
        raise fail(Problem(Place(file), "S310", "this is no ordinary file", "put an ordinary file in its place"))
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise fail(
            Problem(
                Place(file),
                "S310",
                "the file is missing",
                "run the command in the folder that holds site.toml and content/, or name it with --root",
            )
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise fail(Problem(Place(file), "S310", f"cannot be read: {error}")) from None
    except tomllib.TOMLDecodeError as error:
        raise fail(Problem(Place(file), "S311", f"not valid TOML: {error}")) from None
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        raise fail(
            *(_problem(file, path.read_text(encoding="utf-8"), details) for details in error.errors(include_url=False))
        ) from None


def _problem(file: str, text: str, details: object) -> Problem:
    loc, kind, message = details["loc"], details["type"], details["msg"]  # type: ignore[index]
    name = ".".join(map(str, loc))
    fields = TABLES[loc[0]].model_fields if loc[0] in TABLES and len(loc) > 1 else Config.model_fields
    place = Place(file, _line_of(text, str(loc[-1])))
    if kind == "extra_forbidden":
        return Problem(place, "S312", f'unknown setting "{name}"', did_you_mean(str(loc[-1]), fields) + allowed(fields))
    field = fields.get(str(loc[-1]))
    help_text = (field.description or "") if field else ""
    if kind == "missing":
        return Problem(Place(file), "S313", f'the setting "{name}" is missing', help_text)
    return Problem(place, "S314", f'"{name}": {message.removeprefix("Value error, ")}', help_text)


def _line_of(text: str, key: str) -> int:
    """The line on which ``key`` is set: good enough for a short file without nested keys."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.split("=")[0].strip().strip('"') == key or line.strip() == f"[{key}]":
            return number
    return 1
