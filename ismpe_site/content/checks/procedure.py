"""Was each assessment made by the right people, in the right order?

"From 2004, all assessors also have to have passed a rigorous training process. Supervisory assessors have the
task of reviewing all assessments, to ensure consistency." (ISMPE leaflet)
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from ismpe_site.content.checks.common import Located, Sources, assessments, runs_backwards
from ismpe_site.model import Catalogue, Person
from ismpe_site.problems import Place, Problem, allowed, did_you_mean


def check_procedure(catalogue: Catalogue, sources: Sources) -> Iterator[Problem]:
    """People accredited on the day, two different people, dates in order, the edition in force."""
    people = {person.id: person for person in catalogue.people}
    yield from _beginnings(catalogue, sources)
    for located in assessments(catalogue, sources):
        yield from _required(located)
        yield from _people(located, people, sources)
        yield from _order(located)
        yield from _days(located)
        yield from _edition(located)


def _beginnings(catalogue: Catalogue, sources: Sources) -> Iterator[Problem]:
    """A programme cannot have been assessed before it began."""
    for organisation in catalogue.organisations:
        for programme in organisation.programmes:
            months = sorted(assessment.id for assessment in programme.assessments)
            started = getattr(programme, "started", None)  # a stand-in has none
            if started and months and months[0][: len(started)] < started:
                source = sources.of(f"assessments/{organisation.id}/{programme.id}/programme.yaml")
                yield Problem(
                    source.place("started"),
                    "R439",
                    f"the programme started in {started}, after its first assessment ({months[0]})",
                    "mend started:, or the name of the assessment's file",
                    "warning",
                )


def _required(located: Located) -> Iterator[Problem]:
    assessment, source = located.assessment, located.source
    wanted: dict[str, object] = {}
    if not assessment.may_be_incomplete:
        wanted |= {"assessor": assessment.assessor, "assessed": assessment.dates.assessed}
    if assessment.signed_off:
        wanted |= {
            "supervisory_assessor": assessment.supervisory_assessor,
            "reviewed": assessment.dates.reviewed,
            "reported": assessment.dates.reported,
        }
    for field, value in wanted.items():
        if not value:
            among_dates = field in ("assessed", "reviewed", "reported")
            place = source.key("dates") if among_dates else source.place()
            yield Problem(
                place,
                "R420",
                f'"{field}" is missing{" in dates" if among_dates else ""}',
                f"add it: status: {assessment.status} needs it",
            )


def _people(located: Located, people: dict[str, Person], sources: Sources) -> Iterator[Problem]:
    assessment, source = located.assessment, located.source
    first, second = assessment.assessor, assessment.supervisory_assessor
    for role, person_id in (("assessor", first), ("supervisory_assessor", second)):
        if person_id is None:
            continue
        if person_id in people:
            person = people[person_id]
            yield from _assessor(located, person) if role == "assessor" else _supervisor(located, person, people)
        elif not sources.has(f"people/{person_id}.yaml"):
            yield _unknown_person(
                source.place(role),
                person_id,
                [p for p in people.values() if (p.accreditation if role == "assessor" else p.supervisory)],
            )
    if first is not None and first == second:
        yield Problem(
            source.place("supervisory_assessor"),
            "R421",
            "the assessor and the supervisory assessor are the same person",
            "another person reviews the assessment; change one of the two",
        )


def _unknown_person(place: Place, person_id: str, fit: list[Person]) -> Problem:
    known = [person.id for person in fit]
    return Problem(
        place,
        "R422",
        f'nobody in content/people is "{person_id}"',
        did_you_mean(person_id, known) + allowed(known or ["nobody in content/people has been appointed"]),
    )


def _assessor(located: Located, person: Person) -> Iterator[Problem]:
    yield from _qualified(located, person, "assessor", located.assessment.dates.assessed)


def _qualified(located: Located, person: Person, role: str, days: tuple[date, ...]) -> Iterator[Problem]:
    """Accredited, and trained where the edition asks for it, on each of the ``days`` of the work."""
    accredited = person.accreditation
    if accredited is None or not runs_backwards(accredited):
        outside = next((day for day in days if accredited is None or not accredited.includes(day)), None)
        if outside is not None:
            yield Problem(
                located.source.place(role),
                "R423",
                f"{person.name} was not an accredited assessor on {outside}",
                _accredited(person),
            )
    required = located.edition.process.training_required_from if located.edition else None
    if accredited is None or required is None:
        return
    untrained = next(
        (day for day in days if day >= required and (person.trained is None or person.trained > day)), None
    )
    if untrained is not None:
        yield Problem(
            located.source.place(role),
            "R424",
            f"{person.name} had not passed the assessor training by {untrained}",
            f"required from {required}; see trained: in content/people/{person.id}.yaml",
        )


def _accredited(person: Person) -> str:
    if person.accreditation is None:
        return f"content/people/{person.id}.yaml gives no accreditation"
    end = f"to {person.accreditation.end}" if person.accreditation.end else "on"
    return f"accredited from {person.accreditation.start} {end}"


def _supervisor(located: Located, person: Person, people: dict[str, Person]) -> Iterator[Problem]:
    """Appointed on the day of signing off, and an assessor as fit as any other."""
    day = located.assessment.dates.reviewed
    if person.supervisory is None:
        known = [p.id for p in people.values() if p.supervisory] or ["nobody in content/people has been appointed"]
        yield Problem(
            located.source.place("supervisory_assessor"),
            "R425",
            f"{person.name} is not a supervisory assessor",
            allowed(known),
        )
        return
    if day is not None and not runs_backwards(person.supervisory) and not person.supervisory.includes(day):
        yield Problem(
            located.source.place("supervisory_assessor"),
            "R426",
            f"{person.name} was not a supervisory assessor on {day}",
            f"appointed from {person.supervisory.start}"
            + (f" to {person.supervisory.end}" if person.supervisory.end else ""),
        )
    yield from _qualified(located, person, "supervisory_assessor", (day,) if day else ())


def _order(located: Located) -> Iterator[Problem]:
    """Assessed, feedback, reviewed, reported: each on or after the one before."""
    dates, source = located.assessment.dates, located.source
    for index, (earlier, later) in enumerate(pairwise(dates.assessed)):
        if later <= earlier:
            yield Problem(
                source.place("dates", "assessed", index + 1),
                "R427",
                f"{later} does not come after {earlier}",
                "list the days in order, each once",
            )
    named = [
        ("assessed", max(dates.assessed, default=None)),
        ("feedback", dates.feedback),
        ("reviewed", dates.reviewed),
        ("reported", dates.reported),
    ]
    given = [(name, day) for name, day in named if day is not None]
    for (before, earlier), (after, later) in pairwise(given):
        if later < earlier:
            yield Problem(
                source.place("dates", after),
                "R428",
                f"{after} ({later}) is before {before} ({earlier})",
                "the order is assessed, feedback, reviewed, reported; mend one of the two dates",
            )
    first = min(dates.assessed, default=None)
    if first is not None and first.isoformat()[:7] != located.assessment.id:
        yield Problem(
            source.place("dates", "assessed", 0),
            "R430",
            f"the file is named {located.assessment.id}, the assessment began on {first}",
            f"name the file {first.isoformat()[:7]}.yaml, or mend the date",
        )


def _days(located: Located) -> Iterator[Problem]:
    """ "Allow two days for the assessment." (leaflet, step 5); other lengths need a reason. Late reports are said."""
    assessment, source, edition = located.assessment, located.source, located.edition
    if edition is None or not assessment.dates.assessed:
        return
    wanted, took = edition.process.days_on_site, len(assessment.dates.assessed)
    if not assessment.may_be_incomplete and took != wanted and not assessment.days_reason:
        yield Problem(
            source.place("dates", "assessed"),
            "R431",
            f"the assessment took {took} day{'' if took == 1 else 's'}; edition {edition.id} asks for {wanted}",
            f"{'add the missing day' if took < wanted else 'delete the day too many'}, or say why in days_reason",
        )
    reported, last, weeks = assessment.dates.reported, max(assessment.dates.assessed), edition.process.report_due_weeks
    if reported is not None and (reported - last).days > 7 * weeks:
        message = f"the report came on {reported}; it was due by {last + timedelta(weeks=weeks)}"
        yield Problem(
            source.place("dates", "reported"),
            "R432",
            message,
            f"due {weeks} weeks after the assessment; nothing is to be mended where the dates are right",
            "warning",
        )


def _edition(located: Located) -> Iterator[Problem]:
    edition, source = located.edition, located.source
    if edition is None:
        return
    if edition.status == "draft" and not located.assessment.may_be_incomplete:
        yield Problem(
            source.place("edition"),
            "R435",
            f"edition {edition.id} is a draft; no award can be made against it",
            "assess against a published edition",
        )
        return
    first = min(located.assessment.dates.assessed, default=None)
    if first is not None and first < edition.published:
        yield Problem(
            source.place("edition"),
            "R436",
            f"edition {edition.id} was published on {edition.published}, after the assessment ({first})",
            "assess against the edition in force on the day",
        )
