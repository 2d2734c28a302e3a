"""The specimen assessments, figure by figure: typed in here, added up from the files, and as the package has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from ismpe_site.results import Register, percent_down
from ismpe_site.scoring.register import register
from tests.whole import load

CONTENT = Path(__file__).parent.parent / "content"
DAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Figures:
    """One assessment: points of points available, and the percentage shown for each core standard."""

    edition: str
    status: str
    points: int
    available: int
    percent: str
    award: str | None
    core_standards: tuple[str | None, ...]


SPECIMENS = {
    "aldermoss-college/early-career-lecturers/2022-05": Figures(
        "2003", "reviewed", 188, 228, "82.4", "bronze", ("86.1", "83.8", "87.5", "66.6", "85.0", "86.1")
    ),
    "aldermoss-college/early-career-lecturers/2025-06": Figures(
        "2003", "reviewed", 207, 228, "90.7", "silver", ("91.6", "89.7", "93.7", "83.3", "95.0", "94.4")
    ),
    # Under the minimum of 60 % in core standard 4.
    "corrievale-council/graduate-trainees/2026-02": Figures(
        "2003", "reviewed", 194, 228, "85.0", None, ("91.6", "89.7", "90.6", "58.3", "90.0", "88.8")
    ),
    "hestwick-housing-trust/returners/2026-11": Figures(
        "2003", "draft", 130, 148, "87.8", None, ("93.7", "85.2", "87.5", "87.5", None, None)
    ),
    "kestrelwyn-engineering/apprentices/2024-04": Figures(
        "2003", "reviewed", 184, 224, "82.1", "bronze", ("86.1", "83.8", "84.3", "75.0", "85.0", "78.1")
    ),
    "larkhaven-rail/women-in-operations/2025-09": Figures(
        "2003", "reviewed", 186, 224, "83.0", "bronze", ("86.1", "83.8", "87.5", "72.2", "85.0", "84.3")
    ),
    "northmarrow-insurance/leadership-bench/2024-10": Figures(
        "2003", "reviewed", 204, 228, "89.4", "silver", ("91.6", "91.1", "90.6", "83.3", "85.0", "91.6")
    ),
    "quillmere-health-partnership/new-managers/2025-03": Figures(
        "2003", "reviewed", 215, 224, "95.9", "gold", ("97.2", "97.0", "96.8", "91.6", "95.0", "96.8")
    ),
}

# (level, awarded, valid until, state, since, report public), newest first, on 22 November 2026.
REGISTER = {
    "larkhaven-rail/women-in-operations/2025-09": ("bronze", "2025-10-21", "2028-10-20", "active", "2025-10-21", True),
    "aldermoss-college/early-career-lecturers/2025-06": (
        "silver",
        "2025-06-13",
        "2028-06-12",
        "active",
        "2025-06-13",
        True,
    ),
    "quillmere-health-partnership/new-managers/2025-03": (
        "gold",
        "2025-04-02",
        "2028-04-01",
        "active",
        "2025-04-02",
        True,
    ),
    "northmarrow-insurance/leadership-bench/2024-10": (
        "silver",
        "2024-11-20",
        "2027-11-19",
        "active",
        "2024-11-20",
        False,
    ),
    "kestrelwyn-engineering/apprentices/2024-04": (
        "bronze",
        "2024-05-29",
        "2027-05-28",
        "withdrawn",
        "2025-11-14",
        True,
    ),
    "aldermoss-college/early-career-lecturers/2022-05": (
        "bronze",
        "2022-06-17",
        "2025-06-16",
        "superseded",
        "2025-06-13",
        True,
    ),
}


@pytest.fixture(scope="module")
def on_the_day() -> Register:
    catalogue = load(CONTENT).catalogue
    assert catalogue is not None
    return register(catalogue, DAY)


# -- added up from the files ----------------------------------------------------------------------


def read(file: Path) -> Any:
    return yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 (the loader that makes nothing but text)


def shown(points: int, available: int) -> str | None:
    """A percentage with one decimal, rounded down; the scale goes from 0 to 4 and no criterion has a weight."""
    return f"{points * 1000 // available // 10}.{points * 1000 // available % 10}" if available else None


def criteria_of(edition: str) -> list[list[str]]:
    """The numbers of the criteria, core standard by core standard."""
    chapters = sorted((CONTENT / "standards" / edition).glob("[1-9]-*.yaml"))
    return [[criterion["id"] for criterion in read(chapter)["criteria"]] for chapter in chapters]


def tallied(file: Path) -> list[tuple[int, int]]:
    """Points of points available, for each core standard."""
    assessment, tallies = read(file), []
    for numbers in criteria_of(assessment["edition"]):
        answers = [assessment["ratings"].get(number) for number in numbers]
        ratings = [answer.get("rating") if isinstance(answer, dict) else answer for answer in answers]
        rated = [int(rating) for rating in ratings if rating is not None]
        tallies.append((sum(rated), 4 * len(rated)))
    return tallies


def added_up(file: Path) -> Figures:
    assessment, tallies = read(file), tallied(file)
    criteria = {number for numbers in criteria_of(assessment["edition"]) for number in numbers}
    points, available = (sum(column) for column in zip(*tallies, strict=True))
    reached = [
        level for level, least in (("bronze", 80), ("silver", 87), ("gold", 95)) if points * 100 >= least * available
    ]
    finished = assessment["status"] in ("reviewed", "suspended", "withdrawn") and criteria == set(assessment["ratings"])
    enough_in_each = all(part * 100 >= 60 * whole for part, whole in tallies)
    award = reached[-1] if finished and enough_in_each and reached else None
    percent = shown(points, available)
    assert percent is not None
    return Figures(
        assessment["edition"],
        assessment["status"],
        points,
        available,
        percent,
        award,
        tuple(shown(*tally) for tally in tallies),
    )


def test_the_figures_typed_in_are_those_of_the_files() -> None:
    folder = CONTENT / "assessments"
    files = {file.relative_to(folder).with_suffix("").as_posix(): file for file in folder.glob("*/*/2*.yaml")}
    assert {key: added_up(file) for key, file in files.items()} == SPECIMENS


# -- as the package has them ----------------------------------------------------------------------


def test_every_specimen_is_scored(on_the_day: Register) -> None:
    assert [scored.key for scored in on_the_day.assessments] == sorted(SPECIMENS)


WITHDRAWN = "kestrelwyn-engineering/apprentices/2024-04"


def test_the_withdrawn_one_is_withdrawn_by_the_ledger(on_the_day: Register) -> None:
    states = {scored.key: scored.assessment.status for scored in on_the_day.assessments}
    assert [key for key, status in states.items() if status == "withdrawn"] == [WITHDRAWN]


@pytest.mark.parametrize("key", SPECIMENS)
def test_the_score_of_a_specimen(key: str, on_the_day: Register) -> None:
    scored = next(scored for scored in on_the_day.assessments if scored.key == key)
    score = scored.score
    assert score.overall is not None
    figures = Figures(
        scored.edition.id,
        # What the ledger says of the certificate has no part in the figures.
        "reviewed" if key == WITHDRAWN else scored.assessment.status,
        int(score.points),
        int(score.available),
        percent_down(score.overall),
        score.award,
        tuple(percent_down(s.fraction) if s.fraction is not None else None for s in score.standards),
    )
    assert figures == SPECIMENS[key]
    assert (score.points.denominator, score.available.denominator) == (1, 1)


def test_the_register_on_the_day(on_the_day: Register) -> None:
    lines = {
        award.scored.key: (
            award.level,
            award.awarded.isoformat(),
            award.valid_until.isoformat(),
            award.state,
            award.since.isoformat(),
            award.scored.public,
        )
        for award in on_the_day.awards
    }
    assert lines == REGISTER
    assert list(lines) == list(REGISTER)


def test_the_near_miss_and_the_draft_are_scored_but_not_in_the_register(on_the_day: Register) -> None:
    scores = {scored.key: scored.score for scored in on_the_day.assessments}
    near_miss = scores["corrievale-council/graduate-trainees/2026-02"]
    assert (near_miss.complete, near_miss.indicative, near_miss.next_level) == (True, None, "bronze")
    assert [level.below_minimum for level in near_miss.levels] == [(4,), (4,), (4,)]
    assert near_miss.levels[0].short == 0
    draft = scores["hestwick-housing-trust/returners/2026-11"]
    assert (draft.complete, draft.indicative, draft.next_level) == (False, None, None)
    # 19 criteria are open, one is not applicable: 130 and 206 of 224.
    assert (str(draft.lowest), str(draft.highest)) == ("65/112", "103/112")


def test_the_withdrawn_award_gives_its_reason(on_the_day: Register) -> None:
    award = next(award for award in on_the_day.awards if award.state == "withdrawn")
    assert award.reason.startswith(
        "Since the intake of August 2025 apprentices have been allocated to mentors by shift roster"
    )


def test_the_draft_is_public_on_its_own_word_and_the_private_organisation_has_no_public_report(
    on_the_day: Register,
) -> None:
    private = [scored.key for scored in on_the_day.assessments if not scored.public]
    assert private == ["northmarrow-insurance/leadership-bench/2024-10"]


def test_every_specimen_says_that_it_is_one(on_the_day: Register) -> None:
    assert all(scored.organisation.specimen for scored in on_the_day.assessments)
