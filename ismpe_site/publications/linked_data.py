"""Awards, organisations, editions and the site as linked data (JSON-LD, the words of schema.org), each in a file.

Pages name these files in their heads: a script within a page would be forbidden by the site's own policy. Everything is
named by its full address on this site. Only what the public views hold can be in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ismpe_site.artefact import Artefact
from ismpe_site.language import DATA_WORD
from ismpe_site.model import Edition
from ismpe_site.publications import addresses
from ismpe_site.publications.badges import PNG_STYLE, PNG_WIDTHS
from ismpe_site.publications.site import Imprint, canonical_json, imprint_of
from ismpe_site.publications.views import PublicAward, PublicOrganisation, Scheme
from ismpe_site.theme import Theme

CONTEXT = "https://schema.org"
Thing = dict[str, object]
MEDIA_TYPES = {"pdf": "application/pdf", "json": "application/json", "csv": "text/csv"}


@dataclass(frozen=True)
class AwardInputs:
    """An award, and the site it is on."""

    site: Imprint
    award: PublicAward


@dataclass(frozen=True)
class OrganisationInputs:
    """An organisation with its awards that are in force."""

    site: Imprint
    organisation: PublicOrganisation
    awards: tuple[PublicAward, ...]


@dataclass(frozen=True)
class EditionInputs:
    """An edition of the standard."""

    site: Imprint
    edition: Edition


@dataclass(frozen=True)
class SiteInputs:
    """The site itself."""

    site: Imprint
    tagline: str


def publish_commons(scheme: Scheme) -> Iterator[Artefact]:
    """``/site.jsonld`` and ``/standard/<edition>/edition.jsonld``."""
    site = imprint_of(scheme.site)
    yield Artefact(addresses.SITE_DATA, render_site, SiteInputs(site, scheme.site.tagline))
    for edition in scheme.editions:
        yield Artefact(addresses.edition_data(edition.id), render_edition, EditionInputs(site, edition))


def publish(scheme: Scheme) -> Iterator[Artefact]:
    """``/organisations/<organisation>/organisation.jsonld`` and ``/assessments/…/award.jsonld``."""
    site = imprint_of(scheme.site)
    for organisation in scheme.organisations:
        held = tuple(a for a in scheme.awards if a.active and a.organisation.id == organisation.id)
        inputs = OrganisationInputs(site, organisation, held)
        yield Artefact(addresses.organisation_data(organisation.id), render_organisation, inputs)
    for award in scheme.awards:
        yield Artefact(addresses.award_data(award.key), render_award, AwardInputs(site, award))


def render_site(inputs: SiteInputs, theme: Theme) -> bytes:  # noqa: ARG001  # the signature of every render function
    """The publisher, with where to turn to, and the website."""
    site, contact = inputs.site, inputs.site.contact
    known: Thing = {"email": contact.email, "telephone": contact.telephone, "address": ", ".join(contact.address)}
    publisher = {
        **_publisher(site),
        "url": site.base_url,
        "image": site.base_url + addresses.CARD,
        **{name: value for name, value in known.items() if value},
    }
    website = {
        "@type": "WebSite",
        "@id": f"{site.base_url}#website",
        "url": site.base_url,
        "name": site.title,
        "alternateName": site.short_title,
        "description": inputs.tagline,
        "inLanguage": site.language,
        "publisher": {"@id": publisher["@id"]},
    }
    return canonical_json({"@context": CONTEXT, "@graph": [publisher, website]})


def render_edition(inputs: EditionInputs, theme: Theme) -> bytes:  # noqa: ARG001
    """The edition, its core standards, and it as PDF and as data."""
    site, edition = inputs.site, inputs.edition
    files = {suffix: site.base_url + addresses.edition_file(edition.id, suffix) for suffix in MEDIA_TYPES}
    before = site.base_url + addresses.edition(edition.supersedes) if edition.supersedes else None
    return _document(
        {
            **_named("CreativeWork", site.base_url + addresses.edition(edition.id), edition.title),
            "alternateName": edition.short_title,
            "version": edition.id,
            "creativeWorkStatus": edition.status,
            "inLanguage": edition.language,
            "datePublished": edition.published,
            "publisher": _publisher(site),
            **({"isBasedOn": {"@id": before}} if before else {}),
            "hasPart": [
                {
                    **_named(
                        "CreativeWork",
                        site.base_url + addresses.core_standard(edition.id, standard.number),
                        standard.title,
                    ),
                    "position": standard.number,
                }
                for standard in edition.core_standards
            ],
            "encoding": [
                {"@type": "MediaObject", "contentUrl": file, "encodingFormat": MEDIA_TYPES[suffix]}
                for suffix, file in files.items()
            ],
        }
    )


def render_organisation(inputs: OrganisationInputs, theme: Theme) -> bytes:
    """The organisation and the awards it holds."""
    site, organisation = inputs.site, inputs.organisation
    here = site.base_url + addresses.organisation(organisation.id)
    return _document(
        {
            **_named("Organization", here, organisation.name),
            "url": organisation.website or here,
            "mainEntityOfPage": here,
            "address": {"@type": "PostalAddress", "addressCountry": organisation.country},
            **({"keywords": ["specimen"]} if organisation.specimen else {}),
            "hasCredential": [_award(site, award, theme) for award in inputs.awards],
        }
    )


def render_award(inputs: AwardInputs, theme: Theme) -> bytes:
    """The award, its holder, its programme and the edition it was earned by; until it is issued it says so."""
    site, award = inputs.site, inputs.award
    profile = site.base_url + addresses.organisation(award.organisation.id)
    programme = _named("EducationalOccupationalProgram", f"{profile}#p-{award.programme.id}", award.programme.name)
    image = site.base_url + addresses.badge_picture(award.key, PNG_STYLE, max(PNG_WIDTHS))
    return _document(
        {
            **_award(site, award, theme),
            "credentialCategory": award.level,
            "creativeWorkStatus": award.state,
            "keywords": ["specimen" if award.organisation.specimen else "not issued"],
            "dateCreated": award.awarded,
            "dateModified": award.since,
            "expires": award.valid_until,
            "publisher": _publisher(site),
            "recognizedBy": {"@id": _publisher(site)["@id"]},
            "about": {**programme, "provider": _named("Organization", profile, award.organisation.name)},
            "isBasedOn": _named("CreativeWork", site.base_url + addresses.edition(award.edition), award.edition_title),
            **({"image": image} if award.active else {}),
        }
    )


def _award(site: Imprint, award: PublicAward, theme: Theme) -> Thing:
    words = theme.words_of(site.language)
    level = words.pgettext(DATA_WORD, award.level)
    name = words.gettext("%(scheme)s %(level)s award") % {"scheme": site.short_title, "level": level}
    return _named("EducationalOccupationalCredential", site.base_url + addresses.assessment(award.key), name)


def _publisher(site: Imprint) -> Thing:
    return _named("Organization", f"{site.base_url}#publisher", site.publisher)


def _named(kind: str, address: str, name: str) -> Thing:
    return {"@type": kind, "@id": address, "name": name}


def _document(thing: Thing) -> bytes:
    """One thing, whose page is its address."""
    return canonical_json({"@context": CONTEXT, "url": thing["@id"], "identifier": thing["@id"], **thing})
