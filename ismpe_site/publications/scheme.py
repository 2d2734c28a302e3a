"""Catalogue and Register → Scheme: the public views everything published is drawn from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import groupby

from ismpe_site.model import (
    Assessment,
    AwardLevel,
    Catalogue,
    Criterion,
    Document,
    Edition,
    Evidence,
    Organisation,
    Programme,
)
from ismpe_site.publications import addresses
from ismpe_site.publications.issued import certificate_views, frozen_files, standing_numbers
from ismpe_site.publications.ratings import latest_ratings
from ismpe_site.publications.site import EditionLink, PageLink, Site, TranslationLink
from ismpe_site.publications.views import (
    Answer,
    Earlier,
    EvidenceItem,
    PublicAward,
    PublicCertificate,
    PublicOrganisation,
    PublicProgramme,
    Report,
    Scheme,
    Trust,
    alphabetical,
)
from ismpe_site.results import Award, Register, Scored

NO_TRUST = Trust()
DOCUMENT_KINDS = {"purpose": "Programme purpose", "values": "Values", "code-of-conduct": "Code of conduct"}


def in_force(versions: tuple[Document, ...], day: date) -> Document:
    """The version in force on ``day``; before the first takes effect, the first."""
    begun = [version for version in versions if version.effective <= day]
    return begun[-1] if begun else versions[0]


def levels_of(edition: Edition) -> tuple[AwardLevel, ...]:
    """Levels, highest first, as people list them."""
    return tuple(reversed(edition.awards))


def scheme_of(catalogue: Catalogue, register: Register, site: Site, *, bleed: bool = False) -> Scheme:
    """The public views of everything, as on the register's day. Specimens are left out where the site says so."""
    return with_organisations(scheme_of_commons(catalogue, register.as_of, site, bleed=bleed), catalogue, register)


def scheme_of_commons(
    catalogue: Catalogue, day: date, site: Site, *, bleed: bool = False, trust: Trust = NO_TRUST
) -> Scheme:
    """What all organisations share, without any of them."""
    editions = tuple(sorted(catalogue.editions, key=lambda edition: edition.published, reverse=True))
    links = tuple(_edition_link(edition, catalogue) for edition in editions)
    return Scheme(
        site=replace(site, editions=links, pages=_page_links(catalogue, day)),
        as_of=day,
        bleed=bleed,
        editions=editions,
        people=tuple(sorted((p for p in catalogue.people if site.specimens or not p.specimen), key=lambda p: p.name)),
        pages=catalogue.pages,
        translations=catalogue.translations,
        organisations=(),
        reports=(),
        awards=(),
        trust=trust,
    )


def with_organisations(commons: Scheme, catalogue: Catalogue, register: Register) -> Scheme:
    """``commons``, which stays as it is, and the organisations of ``catalogue``, their reports and awards."""
    shown = {o.id: _organisation(o) for o in catalogue.organisations if commons.site.specimens or not o.specimen}
    public = frozenset(s.key for s in register.assessments if s.public)
    certificates = certificate_views(catalogue, register.as_of, frozenset(shown), public)
    numbers = standing_numbers(certificates)
    awards = {
        a.scored.key: _award(a, shown[a.scored.organisation.id], numbers.get(a.scored.key, ""))
        for a in register.awards
        if a.scored.organisation.id in shown
    }
    scored = [s for s in register.assessments if s.organisation.id in shown]
    reports = tuple(_reports(scored, shown, awards, {person.id: person.name for person in catalogue.people}))
    open_to_all = tuple(report for report in reports if not report.token)
    return replace(
        commons,
        organisations=tuple(sorted(shown.values(), key=lambda o: alphabetical(o.name))),
        reports=open_to_all,
        awards=tuple(awards.values()),
        ratings=latest_ratings(open_to_all),
        unlisted=tuple(report for report in reports if report.token),
        certificates=certificates,
        frozen=tuple(one for one in frozen_files(catalogue, register.as_of) if one[0] in _numbers(certificates)),
    )


def _numbers(certificates: tuple[PublicCertificate, ...]) -> frozenset[str]:
    return frozenset(certificate.number for certificate in certificates)


def _edition_link(edition: Edition, catalogue: Catalogue) -> EditionLink:
    return EditionLink(
        id=edition.id,
        short_title=edition.short_title,
        status=edition.status,
        status_note=edition.status_note or "",
        language=edition.language,
        core_standards=tuple(standard.number for standard in edition.core_standards),
        translations=tuple(
            TranslationLink(translation.language, translation.standing)
            for translation in catalogue.translations
            if translation.edition == edition.id
        ),
    )


def _page_links(catalogue: Catalogue, day: date) -> tuple[PageLink, ...]:
    current = [(in_force(page.versions, day), page) for page in catalogue.pages]
    current.sort(key=lambda pair: (pair[0].order, pair[1].id))
    return tuple(
        PageLink(addresses.page(page.id), version.title, version.summary, version.language) for version, page in current
    )


def _organisation(organisation: Organisation) -> PublicOrganisation:
    return PublicOrganisation(
        id=organisation.id,
        name=organisation.name,
        country=organisation.country,
        sector=organisation.sector,
        website=organisation.website,
        specimen=organisation.specimen,
        language=organisation.language,
        about=organisation.about,
        programmes=tuple(_programme(programme) for programme in organisation.programmes),
    )


def _programme(programme: Programme) -> PublicProgramme:
    documents = {"purpose": programme.purpose, "values": programme.values, "code-of-conduct": programme.code_of_conduct}
    return PublicProgramme(
        id=programme.id,
        name=programme.name,
        audience=programme.audience,
        started=programme.started,
        about=programme.about,
        mentors=programme.numbers.mentors if programme.numbers else None,
        mentees=programme.numbers.mentees if programme.numbers else None,
        documents=tuple((kind, versions) for kind, versions in documents.items() if versions),
    )


def _award(award: Award, organisation: PublicOrganisation, certificate: str) -> PublicAward:
    scored = award.scored
    return PublicAward(
        key=scored.key,
        organisation=organisation,
        programme=next(p for p in organisation.programmes if p.id == scored.programme.id),
        edition=scored.edition.id,
        edition_title=scored.edition.short_title,
        level=award.level,
        awarded=award.awarded,
        valid_until=award.valid_until,
        state=award.state,
        since=award.since,
        reason=award.reason,
        report_public=scored.public,
        certificate=certificate,
    )


def _reports(
    scored: list[Scored],
    organisations: dict[str, PublicOrganisation],
    awards: dict[str, PublicAward],
    names: dict[str, str],
) -> list[Report]:
    """Reports of the assessments that are public or unlisted, each with the public one before it."""
    reports = []
    for _, group in groupby(scored, key=lambda s: (s.organisation.id, s.programme.id)):
        before: Earlier | None = None
        for one in (s for s in group if s.public or s.unlisted):
            organisation = organisations[one.organisation.id]
            reports.append(_report(one, organisation, awards.get(one.key), before, names))
            if one.public and one.assessment.signed_off:
                before = _earlier(one, awards.get(one.key))
    return reports


def _earlier(scored: Scored, award: PublicAward | None) -> Earlier:
    ratings = tuple((criterion, answer.rating) for criterion, answer in scored.assessment.ratings.items())
    return Earlier(
        key=scored.key,
        edition=scored.edition.id,
        reported=scored.assessment.dates.reported,
        award=scored.score.award,
        score=scored.score,
        ratings=ratings,
        state=award.state if award else "",
    )


def _report(
    scored: Scored,
    organisation: PublicOrganisation,
    award: PublicAward | None,
    earlier: Earlier | None,
    names: dict[str, str],
) -> Report:
    assessment, edition, dates = scored.assessment, scored.edition, scored.assessment.dates
    labels = {point.value: point.label for point in edition.rating_scale}
    return Report(
        key=scored.key,
        organisation=organisation,
        programme=next(p for p in organisation.programmes if p.id == scored.programme.id),
        edition=edition,
        status=assessment.status,
        score=scored.score,
        answers=tuple(
            (s.number, tuple(_answer(assessment, c, labels) for c in s.criteria)) for s in edition.core_standards
        ),
        reviews=tuple((int(number), review) for number, review in assessment.core_standards.items()),
        summary=assessment.summary,
        evidence=tuple(_evidence(assessment, number, item) for number, item in assessment.evidence.items()),
        interviews=tuple(assessment.interviews.items()),
        assessor=names.get(assessment.assessor or ""),
        supervisory_assessor=names.get(assessment.supervisory_assessor or ""),
        assessed=dates.assessed,
        feedback=dates.feedback,
        reviewed=dates.reviewed,
        reported=dates.reported,
        days_reason=assessment.days_reason,
        report_due=scored.report_due,
        certificate_due=scored.certificate_due,
        award=award,
        earlier=earlier,
        contract=tuple(scored.contract().items()),
        token=assessment.unlisted_token or "" if scored.unlisted else "",
    )


def _answer(assessment: Assessment, criterion: Criterion, labels: dict[int, str]) -> Answer:
    rating = assessment.ratings.get(criterion.id)
    if rating is None:
        return Answer(criterion, None, "Not yet rated", None, None, None, (), None)
    label = "Not applicable" if rating.not_applicable is not None else labels[rating.rating or 0]
    return Answer(
        criterion,
        rating.rating,
        label,
        rating.not_applicable,
        rating.departure,
        rating.finding,
        rating.evidence,
        rating.recommendation,
    )


def _evidence(assessment: Assessment, number: str, item: Evidence) -> EvidenceItem:
    cited = tuple(criterion for criterion, rating in assessment.ratings.items() if number in rating.evidence)
    if item.visibility == "private":
        return EvidenceItem(number, None, None, None, cited)
    return EvidenceItem(number, item.kind, item.title, item.dated, cited)
