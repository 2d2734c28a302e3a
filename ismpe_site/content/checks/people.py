"""Are people's periods possible?"""

from __future__ import annotations

from collections.abc import Iterator

from ismpe_site.content.checks.common import Sources, runs_backwards
from ismpe_site.model import Catalogue, Period
from ismpe_site.problems import Problem


def check_people(catalogue: Catalogue, sources: Sources) -> Iterator[Problem]:
    """Periods run forwards; supervisory assessors are accredited; everybody is somebody."""
    for person in catalogue.people:
        source = sources.of(f"people/{person.id}.yaml")
        periods: list[tuple[tuple[str, ...], Period | None]] = [
            (("accreditation",), person.accreditation),
            (("supervisory",), person.supervisory),
            (("advisory_board", "term"), person.advisory_board.term if person.advisory_board else None),
        ]
        for path, period in periods:
            if period is not None and runs_backwards(period):
                yield Problem(
                    source.place(*path, "to"),
                    "R440",
                    f"{period.end} is before {period.start}",
                    "a period ends on or after its first day",
                )
        accredited = person.accreditation
        if person.supervisory is not None and (
            accredited is None or not (runs_backwards(accredited) or accredited.includes(person.supervisory.start))
        ):
            yield Problem(
                source.key("supervisory"),
                "R441",
                f"{person.name} was not accredited when appointed supervisory assessor",
                "a supervisory assessor is an accredited assessor; mend one of the periods",
            )
        if person.accreditation is None and person.advisory_board is None:
            yield Problem(
                source.place(),
                "R442",
                f"{person.name} has neither accreditation nor a seat on the Advisory Board",
                "give one of the two, or delete the file",
            )
