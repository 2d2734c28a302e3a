"""The settings of ``site.toml``, what each may be, and the words for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel


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
# A part of the name of a host.
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
Address = Annotated[
    str,
    _checked(
        _matches(rf"https?://{_LABEL}(\.{_LABEL})*(:[1-9][0-9]{{0,4}})?/([A-Za-z0-9._~-]+/)*"),
        'a complete address in quotes that ends with /, such as "https://example.org/" or "https://example.org/ismpe/"',
    ),
]
Language = Annotated[
    str, _checked(_matches(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"), 'a language code, such as "en" or "fr"')
]
Colour = Annotated[
    str, _checked(_matches(r"#[0-9A-Fa-f]{6}"), 'a colour in quotes: # and six digits of 0 to f, such as "#0b4f8a"')
]
FileName = Annotated[
    str,
    _checked(
        _matches(r"(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9._/-]*\.svg"),
        'the path of an SVG file beside site.toml, such as "brand/logo.svg"',
    ),
]
Email = Annotated[str, _checked(_matches(r"[^\s@<>\"?&%]+@[^\s@<>\"?&%]+"), "an e-mail address in quotes")]
Telephone = Annotated[
    str,
    _checked(_matches(r"\+?[0-9][0-9 .-]{2,30}[0-9]"), 'a number in quotes, such as "+44 20 7946 0000"'),
]
Lines = Annotated[
    tuple[str, ...],
    _checked(
        lambda value: isinstance(value, list) and all(map(_line, value)),
        'a list of lines, such as ["1 Sample Street", "Exampleton"]',
    ),
]
Folder = Annotated[str, _checked(_matches(r"[A-Za-z0-9_-]+"), 'the name of a folder in themes/, such as "ismpe"')]
Digests = Annotated[
    tuple[str, ...],
    _checked(
        lambda value: isinstance(value, list) and all(map(_matches(r"[0-9a-f]{64}"), value)),
        "a list of SHA-256 digests in quotes, as sha256sum prints them",
    ),
]
KeyFolder = Annotated[str, _checked(_line, 'the path of a folder in quotes, such as "keys"')]
Passphrase = Annotated[
    str,
    _checked(
        _matches(r"(env:[A-Za-z_][A-Za-z0-9_]*|file:\S+)?"),
        'where the passphrase is, never itself: "env:NAME" or "file:PATH"',
    ),
]
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


class Keys(_Table):
    """Where the issuer's private keys are."""

    folder: KeyFolder = Field(default="keys", description="Folder of the private keys, beside site.toml or elsewhere")
    trusted: Digests = Field(default=(), description="SHA-256 of each public key that counts; all of them unless given")
    passphrase: Passphrase = Field(
        default="", description="What opens them: env:NAME or file:PATH; asked for unless given"
    )


class Contact(_Table):
    """Where people turn to."""

    email: Email | None = Field(default=None, description="Address for questions")
    telephone: Telephone | None = Field(default=None, description="Number for questions")
    address: Lines = Field(default=(), description="Postal address, line by line")


class Colours(RootModel[dict[str, Colour]]):
    """The site's own colours, by the names the theme gives them."""

    model_config = ConfigDict(frozen=True)
    root: dict[str, Colour] = {}


class Config(_Table):
    """The site's settings. All have a comment in the shipped ``site.toml``."""

    title: Line = Field(description="Full name, for the home page and the title of every page")
    short_title: Line = Field(description="Name in headers and badges")
    tagline: Line = Field(description="One sentence under the name")
    base_url: Address = Field(description="Where the site will be served, with a trailing slash")
    language: Language = Field(default="en", description="Language of the interface: en, or one the theme has")
    theme: Folder = Field(default="ismpe", description="Name of a folder in themes/")
    logo: FileName | None = Field(default=None, description="The logo, an SVG file; the theme's own unless given")
    logo_dark: FileName | None = Field(default=None, description="The logo on dark ground")
    icon: FileName | None = Field(default=None, description="The icon of browser tabs and telephones, an SVG file")
    colours: Colours = Field(default=Colours(), description="The site's own colours: a section [colours]")
    contact: Contact = Field(default=Contact(), description="Where people turn to: a section [contact]")
    publish_specimens: Switch = Field(default=True, description="Whether invented organisations are built")
    printing: Printing = Field(default=Printing(), description="How PDFs are made: a section [printing]")
    keys: Keys = Field(default=Keys(), description="Where the issuer's private keys are: a section [keys]")
    publisher: Publisher = Field(description='Who publishes the standard: [publisher] and below it name = "…"')


TABLES: dict[str, type[_Table]] = {"publisher": Publisher, "printing": Printing, "keys": Keys, "contact": Contact}
