"""Is every assessment behind a certificate, and every edition that was published, still what it was?"""

from __future__ import annotations

from collections.abc import Iterator

from ismpe_site.content.checks.common import Located, Sources, assessments
from ismpe_site.content.issued import Record, record_of
from ismpe_site.content.yaml_text import Source
from ismpe_site.model import Catalogue, Edition, Erratum
from ismpe_site.model.assessed import assessed_parts
from ismpe_site.model.certificates import Certificate, EditionPublished
from ismpe_site.model.sealed import sealed_clauses
from ismpe_site.problems import Place, Problem

UNSEAL = (
    "put it back; anything but a slip of transcription takes a new edition, that an erratum of the kind transcription"
)
# Digits of a digest by which an erratum names the wording it mended a clause into.
MARK = 12

# A clause and where it stands: (core standard file or edition.yaml, path in it).
CLAUSE_OF_EDITION = {
    "title": ("title",),
    "introduction": ("introduction",),
    "rule scale": ("rating_scale",),
    "rule pooling": ("scoring", "pooling"),
    "rule awards": ("awards",),
    "rule process": ("process",),
}


def check_frozen(catalogue: Catalogue, sources: Sources) -> Iterator[Problem]:
    """Each assessment behind a certificate that stands is what it was issued upon; its state is in the ledger alone."""
    if not catalogue.certificates:
        return
    located = {_key(at): at for at in assessments(catalogue, sources)}
    for certificate in _standing(catalogue.certificates):
        key = certificate.issued.assessment
        if key not in located:
            name = f"{sources.root}/assessments/{key}.yaml"
            if not sources.has(f"assessments/{key}.yaml"):
                message = f"the assessment is gone, but {certificate.number} was issued upon it"
                todo = f"put it back, or run `ismpe withdraw {certificate.number}`"
                yield Problem(Place(name), "I604", message, todo)
        elif (record := record_of(certificate)) is not None:
            yield from _changes(located[key], certificate, record)
            yield from _visible(located[key], certificate)
            yield from _renamed(located[key], certificate)
    for key, number in {one.issued.assessment: one.number for one in catalogue.certificates}.items():
        if key in located:
            yield from _states(located[key], number)


def _key(at: Located) -> str:
    return f"{at.organisation.id}/{at.programme.id}/{at.assessment.id}"


def _standing(certificates: tuple[Certificate, ...]) -> Iterator[Certificate]:
    """Those whose assessment must stay as it was: neither replaced by another of the same one nor withdrawn."""
    of = {certificate.number: certificate.issued.assessment for certificate in certificates}
    replaced = {
        certificate.number
        for certificate in certificates
        for change in certificate.changes
        if change.by is not None and of.get(change.by) == certificate.issued.assessment
    }
    for certificate in certificates:
        if certificate.number not in replaced and not certificate.withdrawn:
            yield certificate


def _changes(at: Located, certificate: Certificate, known: Record) -> Iterator[Problem]:
    record, now = known.assessed, assessed_parts(at.assessment, known.salt)
    todo = f"put it back; or, where it has to be, correct it and run `ismpe supersede {certificate.number}`"
    for path in sorted(record.keys() | now.keys()):
        if record.get(path) != now.get(path):
            what = "was added" if path not in record else "was taken out" if path not in now else "was changed"
            message = f"{' '.join(path)} {what} after {certificate.number} was issued upon it"
            yield Problem(at.source.place(*path), "I605", message, todo)
    if not at.assessment.signed_off:
        message = f"the status is {at.assessment.status}, but {certificate.number} was issued upon a review"
        yield Problem(at.source.place("status"), "I605", message, "write reviewed")


def _renamed(at: Located, certificate: Certificate) -> Iterator[Problem]:
    """A certificate keeps the names it was issued with; others beside it want to be explained."""
    issued = certificate.issued
    names = {issued.organisation: at.organisation.name, issued.programme: at.programme.name}
    for then, now in names.items():
        if then != now and not certificate.changes:
            message = f"{certificate.number} was issued under the name {then}, which is now {now}"
            todo = f"`ismpe supersede {certificate.number}` issues it under the new name"
            yield Problem(at.source.place(), "I614", message, todo, "warning")


def _visible(at: Located, certificate: Certificate) -> Iterator[Problem]:
    """What is issued is public, and stays so."""
    place, number = at.source.place("visibility"), certificate.number
    word = at.assessment.visibility or at.organisation.visibility
    if word == "private":
        message = f"{number} is issued and public, so the assessment cannot be private"
        todo = "write award, which hides the report; what was published cannot be called back, not even by a withdrawal"
        yield Problem(place, "I605", message, todo)
    elif word != "public" and b'"value":' in dict(certificate.frozen).get("credential.json", b""):
        message = f"the report is hidden, but the credential of {number} tells its scores"
        todo = f"`ismpe supersede {number}` issues one without; what was published cannot be called back"
        yield Problem(place, "I613", message, todo, "warning")


def _states(at: Located, number: str) -> Iterator[Problem]:
    """The state of what is issued is entered in the ledger, not in the assessment's file."""
    for field, command in (("withdrawal", "withdraw"), ("suspension", "suspend")):
        if getattr(at.assessment, field) is not None:
            message = f"{number} is issued: its {field} belongs into the ledger"
            todo = f'delete it here and run `ismpe {command} {number} --reason "…"`'
            yield Problem(at.source.key(field), "I606", message, todo)


def check_editions_sealed(
    editions: tuple[Edition, ...], published: dict[str, EditionPublished], sources: Sources
) -> Iterator[Problem]:
    """Each published edition says what it said; a slip of transcription is mended by an erratum."""
    there = {edition.id: edition for edition in editions}
    for edition_id, entry in published.items():
        if (edition := there.get(edition_id)) is None:
            if not sources.has(f"standards/{edition_id}/edition.yaml"):
                place = Place(f"{sources.root}/standards/{edition_id}/edition.yaml")
                yield Problem(place, "I607", f"edition {edition_id} is gone, but it was published", "put it back")
            continue
        now = sealed_clauses(edition)
        mended = {(c, e.wording) for e in edition.errata if _of_transcription(e, entry) for c in e.clause}
        for clause in sorted(entry.clauses.keys() | now.keys()):
            mark = now.get(clause, "")[:MARK]
            if entry.clauses.get(clause) != now.get(clause) and (clause, mark) not in mended:
                message = f"{clause} of edition {edition_id} is not what was published on {entry.on}"
                todo = UNSEAL + (f" (with wording: {mark})" if mark else "")
                yield Problem(_place(edition, clause, sources), "I607", message, todo)


def _of_transcription(erratum: Erratum, entry: EditionPublished) -> bool:
    return erratum.kind == "transcription" and erratum.recorded >= entry.on and erratum.wording is not None


def _place(edition: Edition, clause: str, sources: Sources) -> Place:
    """Where a clause stands."""
    if clause in CLAUSE_OF_EDITION:
        return sources.of(f"standards/{edition.id}/edition.yaml").place(*CLAUSE_OF_EDITION[clause])
    number = clause.removeprefix("o").partition(".")[0]
    for source, standard in zip(sources.core_standards(edition), edition.core_standards, strict=False):
        if str(standard.number) == number:
            return _within(source, clause, [criterion.id for criterion in standard.criteria])
    return Place(f"{sources.root}/standards/{edition.id}/edition.yaml")


def _within(source: Source, clause: str, criteria: list[str]) -> Place:
    if clause.startswith("o"):
        return source.place("outcomes", int(clause.partition(".")[2]) - 1)
    if clause in criteria:
        return source.place("criteria", criteria.index(clause), "text")
    return source.place("heading")
