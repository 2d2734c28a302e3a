"""Organisations: list, profile with awards over time, programme purpose, values and code of conduct."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ismpe_site.artefact import Artefact
from ismpe_site.publications import addresses
from ismpe_site.publications.pages import versioned
from ismpe_site.publications.posters import posters
from ismpe_site.publications.scheme import DOCUMENT_KINDS, in_force
from ismpe_site.publications.site import web_page
from ismpe_site.publications.views import PublicAward, PublicOrganisation, Scheme


@dataclass(frozen=True)
class Unawarded:
    """A published assessment without an award, as far as the profile speaks of it."""

    address: str
    status: str
    day: date
    programme: str


def publish_list(scheme: Scheme) -> Iterator[Artefact]:
    """``/organisations/``."""
    held: dict[str, list[PublicAward]] = {}
    for award in scheme.awards:
        if award.active:
            held.setdefault(award.organisation.id, []).append(award)
    yield web_page(
        "organisations", addresses.ORGANISATIONS, scheme.site, organisations=scheme.organisations, awards_held=held
    )


def publish(scheme: Scheme) -> Iterator[Artefact]:
    """Everything below ``/organisations/``."""
    for organisation in scheme.organisations:
        yield _profile(scheme, organisation)
        for programme in organisation.programmes:
            for kind, versions in programme.documents:
                address = addresses.programme_document(organisation.id, programme.id, kind)
                yield from versioned(scheme, address, versions, organisation, programme)
                yield from posters(scheme, address, in_force(versions, scheme.as_of), organisation, programme)


def _profile(scheme: Scheme, organisation: PublicOrganisation) -> Artefact:
    documents = {
        (programme.id, kind): in_force(versions, scheme.as_of)
        for programme in organisation.programmes
        for kind, versions in programme.documents
    }
    return web_page(
        "organisation",
        addresses.organisation(organisation.id),
        scheme.site,
        organisation=organisation,
        documents=documents,
        begun=tuple(document.effective for document in documents.values() if document.effective <= scheme.as_of),
        document_kinds=DOCUMENT_KINDS,
        awards=tuple(award for award in scheme.awards if award.organisation.id == organisation.id),
        unawarded=tuple(
            Unawarded(report.address, report.status, report.day, report.programme.name)
            for report in reversed(scheme.reports)
            if report.organisation.id == organisation.id and report.award is None
        ),
    )
