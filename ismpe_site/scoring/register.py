"""(Catalogue, day) → Register: every award of a reviewed assessment with its state on that day."""

from __future__ import annotations

from datetime import date, timedelta

from ismpe_site.model import Assessment, Catalogue, Edition, Organisation, Programme
from ismpe_site.results import Award, Register, Scored, State
from ismpe_site.scoring.score import score
from ismpe_site.scoring.visibility import begun, visibility


def register(catalogue: Catalogue, as_of: date) -> Register:
    """Score every assessment and say what was awarded and how it stands on ``as_of``."""
    assessments = tuple(
        _scored(catalogue.edition(assessment.edition), organisation, programme, as_known_on(assessment, as_of), as_of)
        for organisation in catalogue.organisations
        for programme in organisation.programmes
        for assessment in programme.assessments
    )
    earned = [scored for scored in assessments if _awarded(scored, as_of)]
    awards = [_award(scored, earned, as_of) for scored in earned]
    # Newest first; awards of one day by name.
    awards.sort(key=lambda award: award.scored.key)
    awards.sort(key=lambda award: award.awarded, reverse=True)
    return Register(as_of, assessments, tuple(awards))


def as_known_on(assessment: Assessment, day: date) -> Assessment:
    """The assessment without the changes of state that come after ``day``, and with the status it had then."""
    suspension, withdrawal = assessment.suspension, assessment.withdrawal
    if not assessment.signed_off or (suspension is None and withdrawal is None):
        return assessment
    if suspension is not None and suspension.on > day:
        suspension = None
    elif suspension is not None and suspension.until is not None and suspension.until > day:
        suspension = suspension.model_copy(update={"until": None})
    if withdrawal is not None and withdrawal.on > day:
        withdrawal = None
    suspended = suspension is not None and suspension.until is None
    status = "withdrawn" if withdrawal else "suspended" if suspended else "reviewed"
    return assessment.model_copy(update={"suspension": suspension, "withdrawal": withdrawal, "status": status})


def _scored(
    edition: Edition, organisation: Organisation, programme: Programme, assessment: Assessment, as_of: date
) -> Scored:
    report_due, certificate_due = due_dates(edition, assessment)
    shown = visibility(assessment, organisation) if begun(assessment, as_of) else "private"
    return Scored(
        key=f"{organisation.id}/{programme.id}/{assessment.id}",
        organisation=organisation,
        programme=programme,
        assessment=assessment,
        edition=edition,
        score=score(edition, assessment),
        report_due=report_due,
        certificate_due=certificate_due,
        public=shown == "public",
        unlisted=shown == "unlisted",
    )


def due_dates(edition: Edition, assessment: Assessment) -> tuple[date | None, date | None]:
    """Days by which the report and the certificate are due.

    "A full written report … will be provided within six weeks of the assessment and the certificate within two
    weeks of that." (ISMPE leaflet, step 7); the periods are the edition's.
    """
    assessed, reported = assessment.dates.assessed, assessment.dates.reported
    report_due = max(assessed) + timedelta(weeks=edition.process.report_due_weeks) if assessed else None
    start = reported or report_due
    return report_due, start + timedelta(weeks=edition.process.certificate_due_weeks) if start else None


def _awarded(scored: Scored, as_of: date) -> bool:
    reported = scored.assessment.dates.reported
    return scored.score.award is not None and reported is not None and reported <= as_of


def _day(scored: Scored) -> date:
    """The day of the written report, which carries "the appropriate grade of award" (leaflet, step 7)."""
    return scored.assessment.dates.reported or date.max


def _award(scored: Scored, earned: list[Scored], as_of: date) -> Award:
    awarded = _day(scored)
    valid_until = years_later(awarded, scored.edition.process.validity_years) - timedelta(days=1)
    later = sorted(_day(other) for other in earned if _same_programme(other, scored) and _order(other) > _order(scored))
    changes: list[tuple[date, State, str]] = [(awarded, "active", "")]
    if valid_until < as_of:
        changes.append((valid_until + timedelta(days=1), "expired", "The period of validity has ended."))
    if later:
        changes.append((later[0], "superseded", "A later assessment of the same programme has replaced it."))
    suspension, withdrawal = scored.assessment.suspension, scored.assessment.withdrawal
    if suspension is not None:
        changes.append((suspension.on, "suspended", suspension.reason))
        if suspension.until is not None:
            changes.append((suspension.until, "active", "The suspension has been lifted."))
    if withdrawal is not None:
        changes.append((withdrawal.on, "withdrawn", withdrawal.reason))
    since, state, reason = changes[-1] if changes[-1][1] == "withdrawn" else _prevailing(changes)
    return Award(scored, scored.score.award or "", awarded, valid_until, state, since, reason)


def _prevailing(changes: list[tuple[date, State, str]]) -> tuple[date, State, str]:
    """Of what happened, the first thing that ended the award; a suspension gives way to any end."""
    ends = [change for change in changes if change[1] in ("expired", "superseded")]
    return min(ends) if ends else changes[-1]


def _order(scored: Scored) -> tuple[date, str]:
    """Awards of a programme in time; of two reported on one day the later assessment counts."""
    return _day(scored), scored.assessment.id


def _same_programme(one: Scored, other: Scored) -> bool:
    return (one.organisation.id, one.programme.id) == (other.organisation.id, other.programme.id)


def years_later(day: date, years: int) -> date:
    """The same day of the month, ``years`` later; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
