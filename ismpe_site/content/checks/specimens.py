"""Are invented organisations and people kept apart from real ones?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ismpe_site.content.checks.common import Sources, assessments
from ismpe_site.model import Catalogue
from ismpe_site.problems import Problem

INVENTED_SITE = re.compile(r"https?://([a-z0-9-]+\.)*(example|example\.(org|com|net))(/.*)?")


def check_specimens(catalogue: Catalogue, sources: Sources) -> Iterator[Problem]:
    """A specimen has no real address; a real assessment is not made by an invented assessor."""
    for organisation in catalogue.organisations:
        if organisation.specimen and organisation.website and not INVENTED_SITE.fullmatch(organisation.website):
            source = sources.of(f"assessments/{organisation.id}/organisation.yaml")
            yield Problem(
                source.place("website"),
                "R460",
                "a specimen cannot have a real address",
                "use a name that ends in .example, or example.org",
            )
    people = {person.id: person for person in catalogue.people}
    for located in assessments(catalogue, sources):
        for role in ("assessor", "supervisory_assessor"):
            person = people.get(getattr(located.assessment, role) or "")
            if person is not None and person.specimen and not located.organisation.specimen:
                yield Problem(
                    located.source.place(role),
                    "R461",
                    f"{person.name} is an invented person; {located.organisation.name} is not a specimen",
                    "name a real assessor, or mark the organisation with specimen: true",
                )
