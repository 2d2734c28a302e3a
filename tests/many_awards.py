"""A register of any length, made up without content files: its lists alone, written as they would be published."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from ismpe_site.content.load import load_commons
from ismpe_site.project import Project
from ismpe_site.publications import plan_commons, plan_lists, scheme_of_commons
from ismpe_site.publications.outline import Outline, scheme_of_all
from ismpe_site.publications.register_page import STATES
from ismpe_site.publications.tallies import SECTORS
from ismpe_site.publications.views import PublicAward, PublicOrganisation, PublicProgramme, PublicRatings, Scheme
from tests.conftest import AS_OF, ROOT

FIRST_WORDS = ("Ash", "Birch", "Cedar", "Élan", "Fern", "Gorse", "Hazel", "Ivy", "Juniper", "Larch", "Maple", "Oak")
LEVELS = ("bronze", "silver", "gold")
COUNTRIES = ("GB", "NO", "ZA", "AU", "FR", "IE", "NZ")


@cache
def commons() -> Scheme:
    """The project's own editions, people and pages, without any organisation."""
    return scheme_of_commons(load_commons(ROOT / "content").catalogue, AS_OF, Project.at(ROOT).site())


def outline(number: int) -> Outline:
    """An organisation with one programme, one award and one public report, all of them following from ``number``."""
    given = random.Random(number)
    programme = PublicProgramme("starters", f"Programme {number}", "Everybody", "2020", None, None, None, ())
    organisation = PublicOrganisation(
        id=f"org-{number}",
        name=f"{FIRST_WORDS[number % len(FIRST_WORDS)]} Trust {number}",
        country=COUNTRIES[number % len(COUNTRIES)],
        sector=SECTORS[number % len(SECTORS)],
        website=None,
        specimen=True,
        language="en",
        about=None,
        programmes=(programme,),
    )
    awarded = date(2025, 12, 31) - timedelta(days=number * 97 % 2000)
    state = STATES[0] if number % 4 else STATES[number // 4 % len(STATES)]
    award = PublicAward(
        key=f"{organisation.id}/starters/{awarded:%Y-%m}",
        organisation=organisation,
        programme=programme,
        edition="2003",
        edition_title="ISMPE 2003",
        level=LEVELS[number % 3],
        awarded=awarded,
        valid_until=awarded + timedelta(days=1095 + number % 5),
        state=state,
        since=awarded if state == "active" else awarded + timedelta(days=30),
        reason="" if state == "active" else "It was so.",
        report_public=True,
    )
    points = (str(given.choices(range(5), (1, 3, 8, 20, 30))[0]) for _ in commons().edition("2003").criteria())
    return Outline(organisation, (award,), (PublicRatings(f"{organisation.id}/starters", "2003", " ".join(points)),))


def many_awards(count: int) -> Scheme:
    """A register of ``count`` awards."""
    return scheme_of_all(commons(), map(outline, range(count)))


def written(scheme: Scheme, folder: Path) -> Iterator[str]:
    """Write the lists of ``scheme``, and what they need of the rest of the site; gives the paths."""
    theme = Project.at(ROOT).theme()
    others = [a for a in plan_commons(commons(), theme) if a.path.startswith(("assets/", "medals/", "_headers"))]
    for artefact in (*others, *plan_lists(scheme, ())):
        path = folder / artefact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        data = artefact.render(artefact.inputs, theme)
        assert isinstance(data, bytes)
        path.write_bytes(data)
        yield artefact.path
