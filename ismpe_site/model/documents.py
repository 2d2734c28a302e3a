"""Versioned documents: pages of the site, purposes, values, codes of conduct."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ismpe_site.model.scalars import Day, Language, Markdown, Text, Value, Whole


class Document(Value):
    """One version of a page, a purpose, a statement of values or a code of conduct."""

    effective: Day = Field(description="Day it takes effect; the file's name")
    title: Text
    summary: Text = Field(description="One or two sentences; also the page's description")
    language: Language = "en"
    origin: Literal["source", "publisher's draft", "organisation"] = Field(
        default="organisation", description="Where the text comes from"
    )
    origin_note: Text | None = Field(default=None, description="Which source, or what is still open")
    changes: Text | None = Field(default=None, description="What changed since the version before")
    order: Whole = Field(default=50, description="Place in lists of pages")
    body: Markdown


class Page(Value):
    """A page of the site with all its versions, oldest first."""

    id: str
    versions: tuple[Document, ...]
