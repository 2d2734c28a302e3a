"""Organisations: list, profile with awards over time, programme purpose, values and code of conduct."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ismpe_site.artefact import Artefact
from ismpe_site.publications import addresses
from ismpe_site.publications.pages import versioned
from ismpe_site.publications.paging import PAGE, pages
from ismpe_site.publications.posters import posters
from ismpe_site.publications.scheme import DOCUMENT_KINDS, in_force
from ismpe_site.publications.site import web_page
from ismpe_site.publications.views import PublicAward, PublicOrganisation, Scheme, alphabetical

# From so many organisations on their list has initials to jump to.
LONG = 50


@dataclass(frozen=True)
class Initial:
    """Where the names with an initial begin: ``address`` is a page of the list, ``organisation`` the place on it."""

    letter: str
    address: str
    organisation: str


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
    initials = _initials(scheme.organisations) if len(scheme.organisations) >= LONG else ()
    for paging, organisations in pages(scheme.organisations, addresses.organisations_page):
        yield web_page(
            "organisations",
            addresses.organisations_page(paging.number),
            scheme.site,
            organisations=organisations,
            awards_held={each.id: held[each.id] for each in organisations if each.id in held},
            paging=paging,
            initials=initials,
        )


def _initials(organisations: Sequence[PublicOrganisation]) -> tuple[Initial, ...]:
    """The first organisation of each initial, in the order of the list."""
    first: dict[str, Initial] = {}
    for place, organisation in enumerate(organisations):
        # As they are ordered; of one letter only, for ß is written SS.
        letter = alphabetical(organisation.name)[0][:1].upper()[:1]
        letter = letter if letter.isalpha() else "#"
        first.setdefault(letter, Initial(letter, addresses.organisations_page(place // PAGE + 1), organisation.id))
    return tuple(first.values())


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
