"""Do the changes of an award's state, suspension and withdrawal, fit its status and come in order?"""

from __future__ import annotations

from collections.abc import Iterator

from ismpe_site.content.checks.common import Located, Sources, assessments
from ismpe_site.model import Catalogue
from ismpe_site.problems import Problem


def check_changes(catalogue: Catalogue, sources: Sources) -> Iterator[Problem]:
    """A block for the status, a status for the block, and days that can follow one another."""
    for located in assessments(catalogue, sources):
        yield from _missing(located)
        yield from _misfit(located)
        yield from _order(located)


def _missing(located: Located) -> Iterator[Problem]:
    assessment = located.assessment
    for status, field in (("withdrawn", "withdrawal"), ("suspended", "suspension")):
        if assessment.status == status and getattr(assessment, field) is None:
            yield Problem(
                located.source.place("status"),
                "R433",
                f'"{field}" is missing',
                f"status: {status} needs {field}: {{on: DATE, reason: …}}",
            )


def _misfit(located: Located) -> Iterator[Problem]:
    assessment, source, status = located.assessment, located.source, located.assessment.status
    suspension = assessment.suspension
    if suspension is not None and suspension.until is not None and status == "suspended":
        yield Problem(
            source.place("suspension", "until"),
            "R434",
            f"the suspension was lifted on {suspension.until}, but the status is suspended",
            "set status: reviewed, the dates say when the award was suspended; or delete until, where it still is",
        )
    elif suspension is not None and status not in ("withdrawn", "reviewed" if suspension.until else "suspended"):
        lifted = ", or add until: with the day it was lifted" if status == "reviewed" else ""
        yield Problem(
            source.key("suspension"),
            "R434",
            f'"suspension" does not fit status: {status}',
            f"set status: {'reviewed' if suspension.until else 'suspended'}, or delete suspension{lifted}",
        )
    if assessment.withdrawal is not None and status != "withdrawn":
        yield Problem(
            source.key("withdrawal"),
            "R434",
            f'"withdrawal" does not fit status: {status}',
            "set status: withdrawn, or delete withdrawal",
        )


def _order(located: Located) -> Iterator[Problem]:
    """Report, suspension, its end, withdrawal: a change comes after the award, an end after its beginning."""
    assessment, source = located.assessment, located.source
    suspension, withdrawal, reported = assessment.suspension, assessment.withdrawal, assessment.dates.reported
    for name, change in (("suspension", suspension), ("withdrawal", withdrawal)):
        if change is not None and reported is not None and change.on < reported:
            yield Problem(
                source.place(name, "on"),
                "R429",
                f"{name} ({change.on}) is before the award ({reported})",
                "an award can only be changed after it was made",
            )
    if suspension is not None and suspension.until is not None and suspension.until <= suspension.on:
        yield Problem(
            source.place("suspension", "until"),
            "R437",
            f"until ({suspension.until}) does not come after on ({suspension.on})",
            "until is the day the suspension was lifted, from which the award is in force again; mend one of the two",
        )
    if suspension is None or withdrawal is None:
        return
    for field, day in (("on", suspension.on), ("until", suspension.until)):
        if day is not None and withdrawal.on < day:
            yield Problem(
                source.place("suspension", field),
                "R438",
                f"{field} ({day}) is after the withdrawal ({withdrawal.on})",
                f"nothing follows a withdrawal; mend one of the two dates, or delete "
                f"{'suspension' if field == 'on' else 'until'}",
            )
