"""Pages of the site: the version in force, earlier and coming ones, each as PDF too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ismpe_site.artefact import Artefact, Attachment
from ismpe_site.model import Document
from ismpe_site.publications import addresses
from ismpe_site.publications.scheme import DOCUMENT_KINDS, in_force
from ismpe_site.publications.site import canonical_json, printed, web_page
from ismpe_site.publications.views import PublicOrganisation, PublicProgramme, Scheme


def publish(scheme: Scheme) -> Iterator[Artefact]:
    """Every page of ``content/pages`` at its address."""
    for page in scheme.pages:
        yield from versioned(scheme, addresses.page(page.id), page.versions)


def versioned(
    scheme: Scheme,
    address: str,
    versions: tuple[Document, ...],
    organisation: PublicOrganisation | None = None,
    programme: PublicProgramme | None = None,
) -> Iterator[Artefact]:
    """The version in force at ``address``, the others at ``address``/<date>/, each with its PDF."""
    current = in_force(versions, scheme.as_of)
    begun = tuple(version.effective for version in versions if version.effective <= scheme.as_of)
    siblings = tuple(_siblings(address, organisation, programme)) if organisation and programme else ()
    for before, document in zip((None, *versions), versions, strict=False):
        here = address if document is current else addresses.version(address, document.effective.isoformat())
        view: dict[str, Any] = {
            "document": document,
            "versions": tuple(reversed(versions)),
            "current": current,
            "address": address,
            "organisation": organisation,
            "programme": programme,
            "specimen": organisation is not None and organisation.specimen,
        }
        yield web_page("document", here, scheme.site, begun=begun, before=before, siblings=siblings, **view)
        attached = Attachment("document.json", canonical_json(document), "The text of this document as data")
        yield printed(addresses.pdf(here), "document", scheme.site, document.effective, (attached,), here=here, **view)


def _siblings(address: str, organisation: PublicOrganisation, programme: PublicProgramme) -> Iterator[tuple[str, str]]:
    """(address, kind) of the programme's other documents."""
    for kind, _ in programme.documents:
        there = addresses.programme_document(organisation.id, programme.id, kind)
        if there != address:
            yield there, DOCUMENT_KINDS[kind]
