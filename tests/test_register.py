"""The register: what is awarded when, how it stands on a day, what is due, and which reports are public."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from ismpe_site.model import Assessment, Catalogue, Edition, Organisation, Programme
from ismpe_site.results import Award, Register, Scored
from ismpe_site.scoring.register import due_dates, register, years_later

DAY = timedelta(days=1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def edition(**process: int) -> Edition:
    """One core standard with one criterion: rated 4 it earns gold, rated 3 bronze. Periods as in the 2003 edition."""
    periods: dict[str, Any] = {
        "days_on_site": 2,
        "report_due_weeks": 6,
        "certificate_due_weeks": 2,
        "validity_years": 3,
    }
    return Edition.model_validate(
        {
            "id": "2003",
            "title": "Trial edition",
            "short_title": "Trial",
            "status": "current",
            "published": "2003-01-01",
            "introduction": "None.",
            "rating_scale": [
                {"value": value, "label": f"Point {value}", "description": "A point."} for value in range(5)
            ],
            "scoring": {"pooling": "criteria"},
            "awards": [
                {"level": level, "overall": overall, "each_core_standard": "60"}
                for level, overall in (("bronze", "75"), ("silver", "87"), ("gold", "95"))
            ],
            "process": {**periods, "training_required_from": "2004-01-01", **process},
            "core_standards": [
                {
                    "number": 1,
                    "title": "One",
                    "heading": "ONE",
                    "outcomes": ["An outcome"],
                    "criteria": [{"id": "1.1", "text": "A criterion"}],
                }
            ],
        }
    )


def assessment(
    reported: str | None, status: str = "reviewed", rating: int | None = 4, name: str = "", **fields: Any
) -> Assessment:
    """An assessment that earns gold unless its one rating says otherwise."""
    ratings = {} if rating is None else {"1.1": {"rating": rating}}
    dates = {"reported": reported} if reported else {}
    given = {
        "id": name or (reported or "2026-01")[:7],
        "edition": "2003",
        "status": status,
        "ratings": ratings,
        "dates": dates,
    }
    return Assessment.model_validate(given | fields)


def programme(name: str, *assessments: Assessment) -> Programme:
    return Programme(id=name, name=name.title(), audience="Everybody", started="2001", assessments=assessments)


def organisation(name: str, *programmes: Programme, visibility: str = "public") -> Organisation:
    given = {"id": name, "name": name.title(), "country": "GB", "sector": "charity", "visibility": visibility}
    return Organisation.model_validate(given | {"programmes": programmes})


def catalogue(*organisations: Organisation, **process: int) -> Catalogue:
    return Catalogue(editions=(edition(**process),), people=(), organisations=organisations, pages=())


def on(as_of: date | str, *assessments: Assessment, **process: int) -> Register:
    """The register on a day, with one programme and these assessments."""
    content = catalogue(organisation("acme", programme("graduates", *assessments)), **process)
    return register(content, day(as_of) if isinstance(as_of, str) else as_of)


def states(outcome: Register) -> dict[str, tuple[str, str]]:
    """Assessment → (state, since when)."""
    return {award.scored.assessment.id: (award.state, award.since.isoformat()) for award in outcome.awards}


def only(outcome: Register) -> Award:
    (award,) = outcome.awards
    return award


WITHDRAWN: dict[str, Any] = {"withdrawal": {"on": "2025-11-14", "reason": "The programme has ended."}}
LIFTED: dict[str, Any] = {
    "suspension": {"on": "2025-06-02", "until": "2025-09-01", "reason": "A complaint is being looked into."}
}
SUSPENDED: dict[str, Any] = {"suspension": {"on": "2025-06-02", "reason": "A complaint is being looked into."}}


# -- what is awarded at all -----------------------------------------------------------------------


@pytest.mark.parametrize("status", ["reviewed", "suspended", "withdrawn"])
def test_a_reviewed_assessment_is_awarded_from_the_day_of_its_report(status: str) -> None:
    one = assessment("2024-03-04", status)
    assert on("2024-03-03", one).awards == ()
    award = only(on("2024-03-04", one))
    assert (award.level, award.awarded, award.since) == ("gold", day("2024-03-04"), day("2024-03-04"))
    assert (award.state, award.reason) == ("active", "")


@pytest.mark.parametrize("status", ["self", "draft", "assessed"])
def test_an_assessment_not_yet_reviewed_is_never_in_the_register(status: str) -> None:
    outcome = on("2026-01-01", assessment("2024-03-04", status))
    assert outcome.awards == ()
    assert [scored.score.indicative for scored in outcome.assessments] == ["gold"]


def test_no_report_no_award() -> None:
    assert on("2026-01-01", assessment(None)).awards == ()


@pytest.mark.parametrize("rating", [0, 2, None])
def test_nothing_earned_no_award(rating: int | None) -> None:
    assert on("2024-03-04", assessment("2024-03-04", rating=rating)).awards == ()


def test_every_assessment_is_scored_whether_awarded_or_not() -> None:
    outcome = on("2020-01-01", assessment("2024-03-04"), assessment(None, "draft", None, "2026-01"))
    assert [scored.key for scored in outcome.assessments] == ["acme/graduates/2024-03", "acme/graduates/2026-01"]
    assert outcome.awards == ()
    assert outcome.as_of == day("2020-01-01")


def test_awards_are_listed_newest_first_and_by_name_on_one_day() -> None:
    content = catalogue(
        organisation(
            "acme", programme("graduates", assessment("2024-03-04")), programme("managers", assessment("2025-03-04"))
        ),
        organisation("zenith", programme("all", assessment("2024-12-01"))),
        organisation("borealis", programme("all", assessment("2025-03-04"))),
    )
    listed = [award.scored.key for award in register(content, day("2025-06-01")).awards]
    assert listed == ["acme/managers/2025-03", "borealis/all/2025-03", "zenith/all/2024-12", "acme/graduates/2024-03"]


# -- validity -------------------------------------------------------------------------------------

VALIDITY = [
    ("2024-03-04", 3, "2027-03-03"),
    ("2024-01-01", 3, "2026-12-31"),
    ("2024-02-29", 3, "2027-02-28"),
    ("2024-02-29", 4, "2028-02-28"),
    ("2024-02-29", 1, "2025-02-28"),
    ("2023-02-28", 1, "2024-02-27"),
    ("2023-03-01", 1, "2024-02-29"),
    ("2025-03-01", 3, "2028-02-29"),
    ("2022-03-01", 3, "2025-02-28"),
    ("2024-12-31", 2, "2026-12-30"),
]


@pytest.mark.parametrize(("reported", "years", "until"), VALIDITY)
def test_an_award_is_active_to_its_last_day_and_expired_on_the_next(reported: str, years: int, until: str) -> None:
    one = assessment(reported)
    last = only(on(until, one, validity_years=years))
    assert (last.valid_until, last.state) == (day(until), "active")
    after = only(on(day(until) + DAY, one, validity_years=years))
    assert (after.valid_until, after.state, after.since) == (day(until), "expired", day(until) + DAY)
    assert after.reason
    assert only(on("2100-01-01", one, validity_years=years)).since == day(until) + DAY


def test_years_later() -> None:
    assert years_later(day("2024-02-29"), 4) == day("2028-02-29")
    assert years_later(day("2024-02-29"), 3) == day("2027-03-01")
    assert years_later(day("2096-02-29"), 4) == day("2100-03-01")
    assert years_later(day("2023-02-28"), 1) == day("2024-02-28")
    assert years_later(day("2023-03-01"), 1) == day("2024-03-01")


# -- a later award --------------------------------------------------------------------------------


def test_a_later_award_of_the_programme_supersedes_from_its_day() -> None:
    two = (assessment("2024-03-04"), assessment("2026-05-06"))
    assert states(on("2026-05-05", *two)) == {"2024-03": ("active", "2024-03-04")}
    assert states(on("2026-05-06", *two)) == {
        "2024-03": ("superseded", "2026-05-06"),
        "2026-05": ("active", "2026-05-06"),
    }


def test_superseded_stays_superseded_after_its_own_period_and_after_a_third_award() -> None:
    three = (assessment("2022-03-04"), assessment("2024-05-06"), assessment("2026-07-08"))
    assert states(on("2026-07-08", *three)) == {
        "2022-03": ("superseded", "2024-05-06"),
        "2024-05": ("superseded", "2026-07-08"),
        "2026-07": ("active", "2026-07-08"),
    }


def test_expired_stays_expired_when_a_later_award_comes_after_the_end() -> None:
    two = (assessment("2020-03-04"), assessment("2024-05-06"))
    assert states(on("2024-05-06", *two))["2020-03"] == ("expired", "2023-03-04")


def test_a_renewal_on_the_last_day_supersedes_and_one_on_the_next_comes_after_expiry() -> None:
    first = assessment("2020-03-04")
    assert states(on("2025-01-01", first, assessment("2023-03-03")))["2020-03"] == ("superseded", "2023-03-03")
    late = states(on("2025-01-01", first, assessment("2023-03-05")))
    assert late["2020-03"] == ("expired", "2023-03-04")


def test_the_order_of_the_files_does_not_matter() -> None:
    two = (assessment("2026-05-06"), assessment("2024-03-04"))
    assert states(on("2026-06-01", *two)) == {
        "2024-03": ("superseded", "2026-05-06"),
        "2026-05": ("active", "2026-05-06"),
    }


def test_a_lower_award_supersedes_a_higher_one() -> None:
    outcome = on("2026-06-01", assessment("2024-03-04"), assessment("2026-05-06", rating=3))
    assert [(award.level, award.state) for award in outcome.awards] == [("bronze", "active"), ("gold", "superseded")]


@pytest.mark.parametrize(
    "later",
    [
        assessment("2026-05-06", rating=2),
        assessment("2026-05-06", "assessed"),
        assessment("2026-05-06", "draft"),
        assessment("2026-05-06", "self"),
        assessment(None, name="2026-05"),
    ],
    ids=["nothing earned", "not reviewed", "draft", "self-assessment", "no report yet"],
)
def test_an_assessment_without_an_award_supersedes_nothing(later: Assessment) -> None:
    assert states(on("2026-06-01", assessment("2024-03-04"), later)) == {"2024-03": ("active", "2024-03-04")}


def test_an_award_of_another_programme_supersedes_nothing() -> None:
    content = catalogue(
        organisation(
            "acme", programme("graduates", assessment("2024-03-04")), programme("managers", assessment("2025-03-04"))
        ),
        organisation("borealis", programme("graduates", assessment("2025-06-04"))),
    )
    outcome = register(content, day("2026-06-01"))
    assert {award.scored.key: award.state for award in outcome.awards} == {
        "acme/graduates/2024-03": "active",
        "acme/managers/2025-03": "active",
        "borealis/graduates/2025-06": "active",
    }


# -- suspended and withdrawn ----------------------------------------------------------------------


def test_suspended_from_the_day_of_the_suspension() -> None:
    one = assessment("2024-03-04", "suspended", **SUSPENDED)
    assert states(on("2025-06-01", one)) == {"2024-03": ("active", "2024-03-04")}
    award = only(on("2025-06-02", one))
    assert (award.state, award.since) == ("suspended", day("2025-06-02"))
    assert award.reason == "A complaint is being looked into."


def test_withdrawn_from_the_day_of_the_withdrawal() -> None:
    one = assessment("2024-03-04", "withdrawn", **WITHDRAWN)
    assert states(on("2025-11-13", one)) == {"2024-03": ("active", "2024-03-04")}
    award = only(on("2025-11-14", one))
    assert (award.state, award.since, award.reason) == ("withdrawn", day("2025-11-14"), "The programme has ended.")


def test_suspended_and_then_withdrawn() -> None:
    one = assessment("2024-03-04", "withdrawn", **SUSPENDED, **WITHDRAWN)
    outcomes = [
        states(on(as_of, one))["2024-03"][0] for as_of in ("2025-06-01", "2025-06-02", "2025-11-13", "2025-11-14")
    ]
    assert outcomes == ["active", "suspended", "suspended", "withdrawn"]


def test_withdrawn_stays_withdrawn_after_expiry_and_after_a_later_award() -> None:
    one = assessment("2024-03-04", "withdrawn", **WITHDRAWN)
    assert states(on("2030-01-01", one))["2024-03"] == ("withdrawn", "2025-11-14")
    assert states(on("2030-01-01", one, assessment("2026-05-06")))["2024-03"] == ("withdrawn", "2025-11-14")


def test_withdrawn_after_a_later_award_has_superseded_it() -> None:
    two = (assessment("2024-03-04", "withdrawn", **WITHDRAWN), assessment("2025-05-06"))
    assert states(on("2025-11-13", *two))["2024-03"] == ("superseded", "2025-05-06")
    assert states(on("2025-11-14", *two))["2024-03"] == ("withdrawn", "2025-11-14")


def test_a_suspension_ends_with_expiry_and_with_a_later_award() -> None:
    one = assessment("2024-03-04", "suspended", **SUSPENDED)
    assert states(on("2027-03-03", one))["2024-03"] == ("suspended", "2025-06-02")
    assert states(on("2027-03-04", one))["2024-03"] == ("expired", "2027-03-04")
    assert states(on("2026-05-06", one, assessment("2026-05-06")))["2024-03"] == ("superseded", "2026-05-06")


def test_a_lifted_suspension_ends_on_its_day_and_stays_in_the_past() -> None:
    one = assessment("2024-03-04", **LIFTED)
    assert states(on("2025-06-01", one)) == {"2024-03": ("active", "2024-03-04")}
    for as_of in ("2025-06-02", "2025-08-31"):
        held = only(on(as_of, one))
        assert (held.state, held.since, held.reason) == (
            "suspended",
            day("2025-06-02"),
            "A complaint is being looked into.",
        )
        assert held.scored.assessment.status == "suspended"
        assert held.scored.assessment.suspension is not None
        assert held.scored.assessment.suspension.until is None
    award = only(on("2025-09-01", one))
    assert (award.state, award.since) == ("active", day("2025-09-01"))
    assert award.reason == "The suspension has been lifted."
    assert (award.valid_until, award.scored.assessment.status) == (day("2027-03-03"), "reviewed")


def test_a_lifted_suspension_brings_no_award_back_that_has_ended_otherwise() -> None:
    late = {"suspension": {**LIFTED["suspension"], "until": "2027-06-01"}}
    assert states(on("2027-06-01", assessment("2024-03-04", **late)))["2024-03"] == ("expired", "2027-03-04")
    two = (assessment("2024-03-04", **LIFTED), assessment("2025-07-01"))
    assert states(on("2025-09-01", *two))["2024-03"] == ("superseded", "2025-07-01")


def test_lifted_and_later_withdrawn() -> None:
    one = assessment("2024-03-04", "withdrawn", **LIFTED, **WITHDRAWN)
    days = ("2025-06-01", "2025-06-02", "2025-09-01", "2025-11-13", "2025-11-14")
    assert [states(on(as_of, one))["2024-03"] for as_of in days] == [
        ("active", "2024-03-04"),
        ("suspended", "2025-06-02"),
        ("active", "2025-09-01"),
        ("active", "2025-09-01"),
        ("withdrawn", "2025-11-14"),
    ]


def test_the_state_on_any_day_is_the_last_change_up_to_it() -> None:
    """Day by day over five years: states change on the days above, and on no other."""
    two = (assessment("2024-02-29", "suspended", **SUSPENDED), assessment("2026-05-06"))
    seen: list[tuple[str, str, str]] = []
    current = day("2024-02-01")
    while current < day("2029-06-01"):
        for name, (state, since) in states(on(current, *two)).items():
            assert day(since) <= current
            if (name, state, since) not in seen:
                assert day(since) == current
                seen.append((name, state, since))
        current += DAY
    assert seen == [
        ("2024-02", "active", "2024-02-29"),
        ("2024-02", "suspended", "2025-06-02"),
        ("2026-05", "active", "2026-05-06"),
        ("2024-02", "superseded", "2026-05-06"),
        ("2026-05", "expired", "2029-05-06"),
    ]


# -- what is due ----------------------------------------------------------------------------------


def test_the_report_is_due_six_weeks_after_the_last_day_and_the_certificate_two_weeks_after_that() -> None:
    one = assessment(None, dates={"assessed": ["2025-03-05", "2025-03-04"]})
    assert due_dates(edition(), one) == (day("2025-04-16"), day("2025-04-30"))


def test_the_certificate_is_due_two_weeks_after_the_report_once_there_is_one() -> None:
    early = assessment(None, dates={"assessed": ["2025-03-04", "2025-03-05"], "reported": "2025-04-02"})
    assert due_dates(edition(), early) == (day("2025-04-16"), day("2025-04-16"))
    late = assessment(None, dates={"assessed": ["2025-03-04", "2025-03-05"], "reported": "2025-05-01"})
    assert due_dates(edition(), late) == (day("2025-04-16"), day("2025-05-15"))


def test_nothing_is_due_before_an_assessment() -> None:
    assert due_dates(edition(), assessment(None)) == (None, None)
    assert due_dates(edition(), assessment("2025-04-02")) == (None, day("2025-04-16"))


def test_the_periods_are_the_editions() -> None:
    other = edition(report_due_weeks=4, certificate_due_weeks=1)
    one = assessment(None, dates={"assessed": ["2024-02-01"]})
    assert due_dates(other, one) == (day("2024-02-29"), day("2024-03-07"))


def test_the_register_carries_the_due_dates() -> None:
    (scored,) = on("2026-01-01", assessment(None, dates={"assessed": ["2025-03-05"]})).assessments
    assert (scored.report_due, scored.certificate_due) == (day("2025-04-16"), day("2025-04-30"))


# -- which reports are public ---------------------------------------------------------------------

FINISHED = ("reviewed", "suspended", "withdrawn")
UNFINISHED = ("self", "draft", "assessed")
CHOICES = {
    statuses: list(product(statuses, ("public", "award", "unlisted", "private", None), ("public", "award", "private")))
    for statuses in (FINISHED, UNFINISHED)
}


def scored_with(status: str, own: str | None, organisations: str) -> Scored:
    fields: dict[str, Any] = {"visibility": own} if own else {}
    if own == "unlisted":
        fields["unlisted_token"] = "0" * 32
    one = assessment("2025-04-02", status, **fields)
    content = catalogue(organisation("acme", programme("graduates", one), visibility=organisations))
    return register(content, day("2026-01-01")).assessments[0]


@pytest.mark.parametrize(("status", "own", "organisations"), CHOICES[FINISHED])
def test_a_finished_report_follows_its_own_word_and_else_the_organisations(
    status: str, own: str | None, organisations: str
) -> None:
    scored = scored_with(status, own, organisations)
    assert (scored.public, scored.unlisted) == ((own or organisations) == "public", own == "unlisted")


@pytest.mark.parametrize(("status", "own", "organisations"), CHOICES[UNFINISHED])
def test_an_unfinished_report_is_public_on_its_own_word_only(status: str, own: str | None, organisations: str) -> None:
    scored = scored_with(status, own, organisations)
    assert (scored.public, scored.unlisted) == (own == "public", own == "unlisted")


def test_a_report_that_is_not_published_leaves_the_award_in_the_register() -> None:
    content = catalogue(organisation("acme", programme("graduates", assessment("2025-04-02")), visibility="award"))
    award = only(register(content, day("2026-01-01")))
    assert (award.level, award.state, award.scored.public) == ("gold", "active", False)
