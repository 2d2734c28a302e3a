"""What every page knows of the site, and the render functions every page, feed and printed document goes through."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from fractions import Fraction
from gettext import NullTranslations
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel

from ismpe_site.artefact import Artefact, Attachment, PrintDocument
from ismpe_site.language import number, text_direction
from ismpe_site.publications import addresses, differences, glossary, lettering, markup
from ismpe_site.results import exact_number, percent_down
from ismpe_site.theme import Theme


@dataclass(frozen=True)
class TranslationLink:
    """A translation of an edition as far as menus need it."""

    language: str
    standing: str


@dataclass(frozen=True)
class EditionLink:
    """An edition as far as menus and banners need it."""

    id: str
    short_title: str
    status: str
    status_note: str
    language: str
    core_standards: tuple[int, ...]
    translations: tuple[TranslationLink, ...] = ()


@dataclass(frozen=True)
class PageLink:
    """A page in a list."""

    address: str
    title: str
    summary: str
    language: str


@dataclass(frozen=True)
class Contact:
    """Where people turn to; what is not known is empty."""

    email: str = ""
    telephone: str = ""
    address: tuple[str, ...] = ()


@dataclass(frozen=True)
class Imprint:
    """What a printed document says of the site it comes from."""

    title: str
    short_title: str
    base_url: str
    language: str
    publisher: str
    contact: Contact = field(default=Contact(), kw_only=True)


@dataclass(frozen=True)
class Site(Imprint):
    """The frame of every page of the web."""

    tagline: str
    specimens: bool
    editions: tuple[EditionLink, ...] = ()
    pages: tuple[PageLink, ...] = ()

    @property
    def current(self) -> EditionLink:
        """The edition in force."""
        return next(edition for edition in self.editions if edition.status == "current")

    def edition(self, edition_id: str) -> EditionLink:
        """The edition with this id."""
        return next(edition for edition in self.editions if edition.id == edition_id)

    def has(self, address: str) -> bool:
        """Whether the content has a page at ``address``."""
        return any(page.address == address for page in self.pages)


@dataclass(frozen=True)
class WebInputs:
    """A page of the website: its template, its address and what it shows.

    ``language``: that of its words, where it is not the site's own. The frame's titles stay in the site's.
    """

    template: str
    here: str
    site: Site
    view: Mapping[str, Any]
    language: str = ""


@dataclass(frozen=True)
class PrintInputs:
    """A document for print. ``day`` is a date of its content; it becomes the file's date.

    ``style`` names its style sheet where that is not the template's own; ``pages``: how many it must fill, if that
    is not its own affair; ``sealed``: whether it has a field for the seal of the issuer.
    """

    template: str
    site: Imprint
    day: date
    view: Mapping[str, Any]
    attachments: tuple[Attachment, ...] = ()
    style: str = ""
    pages: int | None = None
    sealed: bool = False


def web_page(template: str, here: str, site: Site, *, language: str = "", **view: Any) -> Artefact:
    """The page at the address ``here``."""
    return Artefact(addresses.file_of(here), render_web_page, WebInputs(template, here, site, view, language))


def printed(
    path: str,
    template: str,
    site: Site,
    day: date,
    attachments: tuple[Attachment, ...] = (),
    *,
    style: str = "",
    pages: int | None = None,
    sealed: bool = False,
    **view: Any,
) -> Artefact:
    """The PDF at ``path``. Of the site it is handed only the imprint: a new page does not change a printed document."""
    inputs = PrintInputs(template, imprint_of(site), day, view, attachments, style, pages, sealed)
    return Artefact(path, render_print, inputs)


def imprint_of(site: Site) -> Imprint:
    """As much of ``site`` as stays the same whatever pages it has."""
    return Imprint(**{field.name: getattr(site, field.name) for field in fields(Imprint)})


def data_file(path: str, data: bytes) -> Artefact:
    """A file whose bytes are known already."""
    return Artefact(path, render_data, data)


def render_web_page(inputs: WebInputs, theme: Theme) -> bytes:
    """HTML whose links are relative to the page; the error page is shown anywhere, so its links begin at the root."""
    root = urlsplit(inputs.site.base_url).path

    def to(there: str) -> str:
        return root + there if inputs.here == addresses.NOT_FOUND else addresses.relative(inputs.here, there)

    language = inputs.language or inputs.site.language
    context = {**page_context(inputs.site, inputs.here, to, language, theme), **inputs.view}
    return theme.render(f"web/{inputs.template}.html", context, language).encode()


def page_context(site: Site, here: str, to: markup.Resolve, language: str, theme: Theme) -> dict[str, Any]:
    """What every page's template is handed besides its view."""
    frame = {"site": site, "here": here, "canonical": site.base_url + here}
    return {**frame, **_helpers(to, language, theme.words_of(language))}


def render_feed(inputs: WebInputs, theme: Theme) -> bytes:
    """XML for readers of feeds; its links are full addresses, for it is read elsewhere."""

    def to(there: str) -> str:
        return inputs.site.base_url + there

    language = inputs.site.language
    context = {"site": inputs.site, **_helpers(to, language, theme.words_of(language)), **inputs.view}
    return theme.render(f"web/{inputs.template}.xml", context, language).encode()


def render_print(inputs: PrintInputs, theme: Theme) -> PrintDocument:
    """HTML for the press; its links are full addresses, for the file travels alone."""

    def to(there: str) -> str:
        return there if there.startswith("#") else inputs.site.base_url + there

    frame = {"site": inputs.site, "document_day": inputs.day}

    def rows(text: str, size: float, width: float, divided: bool = False) -> int:
        return lettering.rows(theme.lettering["display"], text, size, width, divided=divided)

    def mark(text: str, size: float, width: float) -> lettering.Outline:
        return lettering.spaced(theme.lettering["strong"], text, size, width)

    language = inputs.site.language
    words = theme.words_of(language)
    helpers = {**_helpers(to, language, words), "rows": rows, "mark": mark, "whole": markup.whole}
    html = theme.render(f"print/{inputs.template}.html", {**frame, **helpers, **inputs.view}, language)
    style = f"{inputs.style or inputs.template}.css"
    seal = words.gettext("Digital seal of the issuer (not visible)") if inputs.sealed else ""
    return PrintDocument(html, style, inputs.day, inputs.attachments, inputs.pages, seal_tooltip=seal)


def render_data(data: bytes, theme: Theme) -> bytes:  # noqa: ARG001  # the signature of every render function
    """The bytes themselves."""
    return data


def canonical_json(value: object) -> bytes:
    """Sorted keys, UTF-8, no floats, a final line end: the same value always gives the same bytes."""
    return (json.dumps(plain_data(value), ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def plain_data(value: object) -> object:
    """``value`` as lists, mappings and text; dates as year-month-day, exact numbers as text."""
    if isinstance(value, BaseModel):
        return {name: plain_data(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, Mapping):
        return {str(key): plain_data(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain_data(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return exact_number(value) if isinstance(value, Fraction) else value


def _helpers(to: markup.Resolve, language: str, words: NullTranslations) -> dict[str, Any]:
    around = text_direction(language)

    def percent(fraction: Fraction) -> str:
        return number(percent_down(fraction), language)

    def share(fraction: Fraction | None) -> str:
        if fraction is None:
            return words.gettext("not rated")
        return words.gettext("%(figure)s %%") % {"figure": percent(fraction)}

    return {
        "to": to,
        "addresses": addresses,
        "md": lambda text, first_heading=2, prefix="", taken=(), divide=None: markup.block(
            text, to, first_heading, prefix=prefix, taken=taken, divide=divide
        ),
        "bdi": lambda name: markup.isolated(name, lettering.direction(name, around)),
        "apart": lambda name: f"\u2068{name}\u2069" if lettering.direction(name, around) else name,
        "md_inline": lambda text, divide=None: markup.inline(text, to, divide),
        "term_links": glossary.links,
        "plain": markup.plain,
        "differences": lambda old, new: tuple(differences.groups(differences.shortened(differences.between(old, new)))),
        "percent": percent,
        "figure": lambda fraction: number(exact_number(fraction), language),
        "share": share,
        "exactly": str,
    }
