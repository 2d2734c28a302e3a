"""What the public may know: views of organisations, awards and assessments that simply lack what is private.

Of organisations, awards and assessments templates are handed these views and nothing else (editions, people and
documents have nothing private), so a private note, a private piece of evidence or a contact cannot reach a public page
by mistake: the views have no place for them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ismpe_site.model import CoreStandardReview, Criterion, Document, Edition, Page, Person, Translation
from ismpe_site.publications import addresses
from ismpe_site.publications.site import Site
from ismpe_site.results import Score


@dataclass(frozen=True, slots=True)
class PublicProgramme:
    """A programme for the public; documents are (kind, versions, oldest first)."""

    id: str
    name: str
    audience: str
    started: str
    about: str | None
    mentors: int | None
    mentees: int | None
    documents: tuple[tuple[str, tuple[Document, ...]], ...]


@dataclass(frozen=True, slots=True)
class PublicOrganisation:
    """An organisation for the public: without its contact."""

    id: str
    name: str
    country: str
    sector: str
    website: str | None
    specimen: bool
    language: str
    about: str | None
    programmes: tuple[PublicProgramme, ...]


def alphabetical(name: str) -> tuple[str, str]:
    """What names are ordered by: letters first, whatever their accents and capitals."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold(), name


@dataclass(frozen=True, slots=True)
class PublicAward:
    """A line of the register. ``certificate``: the number of the one that stands for it, empty where none is issued."""

    key: str
    organisation: PublicOrganisation
    programme: PublicProgramme
    edition: str
    edition_title: str
    level: str
    awarded: date
    valid_until: date
    state: str
    since: date
    reason: str
    report_public: bool
    certificate: str = ""

    @property
    def active(self) -> bool:
        """Whether a certificate and a badge are handed out: only while the award is in force."""
        return self.state == "active"


@dataclass(frozen=True, slots=True)
class PublicCertificate:
    """A certificate, with names as they were when it was issued. ``key``: organisation/programme/assessment.

    ``changes``: (superseded, suspended, reinstated or withdrawn; its day; the public reason; the number that supersedes
    it, or nothing), oldest first. ``replaces``: the number it stands for, or nothing. ``files``: (name, SHA-256), of
    which ``report.pdf`` is published only where ``report_public``. ``credential``: SHA-256 of what the credential says,
    in canonical form. ``language``: that of its names and reasons, the organisation's; empty where it is not known.
    """

    number: str
    key: str
    organisation_id: str
    organisation: str
    programme: str
    specimen: bool
    edition: str
    edition_title: str
    level: str
    issued: date
    awarded: date
    valid_until: date
    changes: tuple[tuple[str, date, str, str], ...]
    replaces: str
    files: tuple[tuple[str, str], ...]
    report_public: bool
    credential: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class IssueMark:
    """What an issued document says of itself: its number, the day of its issue, the root key its seal leads to."""

    number: str
    on: date
    fingerprint: str


def newest_first(certificates: Iterable[PublicCertificate]) -> tuple[PublicCertificate, ...]:
    """By the year and the serial of their numbers, the last one first."""

    def order(certificate: PublicCertificate) -> tuple[int, int]:
        _, year, serial, _ = certificate.number.split("-")
        return int(year), int(serial)

    return tuple(sorted(certificates, key=order, reverse=True))


@dataclass(frozen=True, slots=True)
class Trust:
    """The issuer's public keys; all empty where nothing was ever issued.

    ``keys``: (file name, bytes); ``minisign``: (file name, the key as minisign reads it); ``fingerprints``: (file name,
    SHA-256 as AB:CD:…) of both, of a certificate's DER form or else of the file; ``test``: whether they are keys for
    trying, which prove nothing; ``did``: the issuer's name for machines; ``did_document``: where its document is.
    """

    keys: tuple[tuple[str, bytes], ...] = ()
    test: bool = False
    fingerprints: tuple[tuple[str, str], ...] = ()
    did: str = ""
    did_document: str = ""
    minisign: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PublicRatings:
    """A programme's latest report that is public, as far as statistics count it: small, for there are thousands.

    ``programme`` is ``organisation/programme``; ``points`` has a word for each criterion of the edition, in its order:
    the points, or ``-`` where it has none.
    """

    programme: str
    edition: str
    points: str


@dataclass(frozen=True)
class Answer:
    """One criterion with its answer. ``points`` is None where unrated or not applicable."""

    criterion: Criterion
    points: int | None
    label: str
    not_applicable: str | None
    departure: str | None
    finding: str | None
    evidence: tuple[str, ...]
    recommendation: str | None


@dataclass(frozen=True)
class EvidenceItem:
    """A piece of evidence; a private one has only its number."""

    id: str
    kind: str | None
    title: str | None
    dated: str | None
    cited_by: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """An assessment that is published, finished or in progress, without anything private.

    ``token``: the last part of its address where that is secret; empty where it is not.
    """

    key: str
    organisation: PublicOrganisation
    programme: PublicProgramme
    edition: Edition
    status: str
    score: Score
    answers: tuple[tuple[int, tuple[Answer, ...]], ...]
    reviews: tuple[tuple[int, CoreStandardReview], ...]
    summary: str | None
    evidence: tuple[EvidenceItem, ...]
    interviews: tuple[tuple[str, int], ...]
    assessor: str | None
    supervisory_assessor: str | None
    assessed: tuple[date, ...]
    feedback: date | None
    reviewed: date | None
    reported: date | None
    days_reason: str | None
    report_due: date | None
    certificate_due: date | None
    award: PublicAward | None
    earlier: Earlier | None
    contract: tuple[tuple[str, object], ...]
    token: str = ""

    @property
    def address(self) -> str:
        """Where the report is."""
        return addresses.unlisted(self.token) if self.token else addresses.assessment(self.key)

    @property
    def day(self) -> date:
        """The day the document speaks of: reported, or else the last day known."""
        return self.reported or max(self.assessed, default=self.edition.published)

    def review(self, number: int) -> CoreStandardReview:
        """What the assessor says of a core standard; empty where nothing is said."""
        return dict(self.reviews).get(number, CoreStandardReview())


@dataclass(frozen=True)
class Earlier:
    """The same programme's assessment before this one, for comparison: its scores, where its report is public."""

    key: str
    edition: str
    reported: date | None
    award: str | None
    score: Score
    ratings: tuple[tuple[str, int | None], ...]
    state: str


@dataclass(frozen=True)
class Scheme:
    """Everything a publication may draw from.

    ``as_of`` is the day the site speaks of; ``bleed``: certificates with crop marks as well. ``unlisted``: the reports
    at secret addresses, apart from the others so that no list, count or comparison finds them. ``frozen``: (number,
    file name, bytes) of what is issued; ``records``: (address, bytes) of what is published of all that is issued;
    ``ledger``: every certificate ever issued with every change, those among them that this site does not show.
    """

    site: Site
    as_of: date
    bleed: bool
    editions: tuple[Edition, ...]
    people: tuple[Person, ...]
    pages: tuple[Page, ...]
    translations: tuple[Translation, ...]
    organisations: tuple[PublicOrganisation, ...]
    reports: tuple[Report, ...]
    awards: tuple[PublicAward, ...]
    ratings: tuple[PublicRatings, ...] = ()
    trust: Trust = Trust()
    certificates: tuple[PublicCertificate, ...] = ()
    frozen: tuple[tuple[str, str, bytes], ...] = ()
    records: tuple[tuple[str, bytes], ...] = ()
    ledger: tuple[PublicCertificate, ...] = ()
    unlisted: tuple[Report, ...] = ()

    def edition(self, edition_id: str) -> Edition:
        """The edition with this id."""
        return next(edition for edition in self.editions if edition.id == edition_id)

    @property
    def current(self) -> Edition:
        """The edition in force."""
        return self.edition(self.site.current.id)
