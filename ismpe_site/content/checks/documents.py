"""Do versioned documents say what changed, and is each address free?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ismpe_site.content.checks.common import Sources
from ismpe_site.model import Catalogue, Document
from ismpe_site.problems import Place, Problem

# Folders of the site that are not pages: a page there would stand where something else is.
TAKEN = (
    "assessments",
    "assets",
    "medals",
    "organisations",
    "people",
    "people/advisory-board",
    "people/assessors",
    "register",
    "standard",
)


def check_addresses(catalogue: Catalogue, sources: Sources) -> Iterator[Problem]:
    """No page, edition or version stands at an address that belongs to something else."""
    for page in catalogue.pages:
        place = Place(f"{sources.root}/pages/{page.id}")
        first = page.id.split("/")[0]
        if page.id in TAKEN or (first in TAKEN and first != "people"):
            help_text = f"another name than {', '.join(TAKEN)}"
            yield Problem(place, "R451", f'the address "{page.id}" belongs to another part of the site', help_text)
        elif any(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", part) for part in page.id.split("/")):
            help_text = "an earlier version of a page has such an address; choose another name"
            yield Problem(place, "R451", f'the address "{page.id}" looks like a version of a page', help_text)
    for edition in catalogue.editions:
        if edition.id == "current":
            place = Place(f"{sources.root}/standards/{edition.id}")
            yield Problem(
                place, "R452", 'an edition cannot be called "current"', "that address leads to the one in force"
            )


def check_documents(catalogue: Catalogue, sources: Sources) -> Iterator[Problem]:
    """A version after the first says what changed (a warning: the reader of the history will miss it)."""
    for folder, versions in _documents(catalogue):
        for document in versions[1:]:
            if document.changes is None:
                source = sources.of(f"{folder}/{document.effective}.md")
                yield Problem(
                    source.place(),
                    "R450",
                    '"changes" is missing',
                    "say in a sentence what changed since the version before",
                    "warning",
                )


def _documents(catalogue: Catalogue) -> Iterator[tuple[str, tuple[Document, ...]]]:
    for page in catalogue.pages:
        yield f"pages/{page.id}", page.versions
    for organisation in catalogue.organisations:
        for programme in organisation.programmes:
            folder = f"assessments/{organisation.id}/{programme.id}"
            yield f"{folder}/purpose", programme.purpose
            yield f"{folder}/values", programme.values
            yield f"{folder}/code-of-conduct", programme.code_of_conduct
