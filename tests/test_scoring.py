"""Scoring: the written cases, a second implementation, exhaustive searches, and the published form of a score."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ismpe_site.model import Assessment, Edition
from ismpe_site.results import Score, contract, percent_down
from ismpe_site.scoring.score import score
from tests import scoring_by_hand as by_hand
from tests.scoring_by_hand import MILLION, NOT_APPLICABLE, Answers, Level, Rules
from tests.whole import load

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "cases" / "scoring"
CASE_FILES = sorted(CASES.glob("*.yaml"))
KEY = "acme/graduates/2025-03"


# -- between the two ways of writing it down ------------------------------------------------------


def edition_of(rules: Rules) -> Edition:
    """An edition with these rules and texts that do not matter."""
    return Edition.model_validate(
        {
            "id": "trial",
            "title": "Trial edition",
            "short_title": "Trial",
            "status": "draft",
            "published": "2003-01-01",
            "introduction": "None.",
            "rating_scale": [
                {"value": value, "label": f"Point {value}", "description": "A point."} for value in rules.scale
            ],
            "scoring": {"pooling": "core-standards" if rules.mean_of_standards else "criteria"},
            "awards": [
                {
                    "level": level.name,
                    "overall": Fraction(level.overall, MILLION),
                    "each_core_standard": Fraction(level.each, MILLION),
                }
                for level in rules.levels
            ],
            "process": {
                "days_on_site": 2,
                "report_due_weeks": 6,
                "certificate_due_weeks": 2,
                "validity_years": 3,
                "training_required_from": "2004-01-01",
            },
            "core_standards": [
                {
                    "number": number,
                    "title": f"Core standard {number}",
                    "heading": f"CORE STANDARD {number}",
                    "outcomes": ["An outcome"],
                    "criteria": [
                        {
                            "id": f"{number}.{place}",
                            "text": "Where appropriate, a criterion",
                            "weight": Fraction(weight, MILLION),
                        }
                        for place, weight in enumerate(weights, 1)
                    ],
                }
                for number, weights in enumerate(rules.weights, 1)
            ],
        }
    )


def assessment_of(answers: Answers, status: str = "reviewed", edition: str = "2003") -> Assessment:
    ratings: dict[str, dict[str, object]] = {}
    for number, given_answers in enumerate(answers, 1):
        for place, answer in enumerate(given_answers, 1):
            if answer == NOT_APPLICABLE:
                ratings[f"{number}.{place}"] = {"not_applicable": "It does not apply"}
            elif answer is not None:
                ratings[f"{number}.{place}"] = {"rating": answer}
    return Assessment.model_validate({"id": "2025-03", "edition": edition, "status": status, "ratings": ratings})


def rules_of(edition: Edition) -> Rules:
    return Rules(
        scale=tuple(point.value for point in edition.rating_scale),
        mean_of_standards=edition.scoring.pooling == "core-standards",
        levels=tuple(
            Level(a.level, int(a.overall * MILLION), int(a.each_core_standard * MILLION)) for a in edition.awards
        ),
        weights=tuple(tuple(int(c.weight * MILLION) for c in standard.criteria) for standard in edition.core_standards),
    )


@pytest.fixture(scope="module")
def published() -> Edition:
    """The 2003 edition as it stands in content/."""
    catalogue = load(ROOT / "content").catalogue
    assert catalogue is not None
    return catalogue.edition("2003")


# -- the written cases ----------------------------------------------------------------------------


def read_answers(ratings: dict[str, str]) -> Answers:
    """``8 × 4, 0`` is eight criteria rated 4 and one rated 0."""
    lines = []
    for line in ratings.values():
        answers: list[int | str | None] = []
        for item in line.split(", "):
            times, _, word = item.rpartition(" × ")
            answer = {NOT_APPLICABLE: NOT_APPLICABLE, "open": None}.get(word, word)
            answers += [int(answer) if answer and answer != NOT_APPLICABLE else answer] * int(times or 1)
        lines.append(tuple(answers))
    return tuple(lines)


def case_rules(changes: dict[str, Any], published: Edition) -> Rules:
    """The rules of the 2003 edition with what the case replaces."""
    rules = rules_of(published)
    sizes = [int(size) for size in changes.get("core_standards", [])] or [len(weights) for weights in rules.weights]
    weights = changes.get("weights", {})
    levels = rules.levels
    if "awards" in changes:
        thresholds = {name: both.split(" / ") for name, both in changes["awards"].items()}
        levels = tuple(
            Level(name, int(Fraction(overall) * MILLION), int(Fraction(each) * MILLION))
            for name, (overall, each) in thresholds.items()
        )
    return Rules(
        scale=tuple(int(value) for value in changes.get("scale", [])) or rules.scale,
        mean_of_standards=changes.get("pooling", "criteria") == "core-standards",
        levels=levels,
        weights=tuple(
            tuple(int(Fraction(weights.get(f"{number}.{place}", "1")) * MILLION) for place in range(1, size + 1))
            for number, size in enumerate(sizes, 1)
        ),
    )


def in_words(level: dict[str, Any], data: dict[str, Any]) -> str:
    """What keeps an assessment from a level, as the cases say it."""
    if level["met"]:
        return "met"
    says = [] if level["overall_short"] == "0 points" else [f"{level['overall_short']} short"]
    below = level["below_minimum"]
    if below:
        says.append(f"core standard{'s' if len(below) > 1 else ''} {', '.join(map(str, below))} below the minimum")
    if any(standard["fraction"] is None and standard["unrated"] for standard in data["core_standards"]):
        says.append("not every core standard rated")
    return "; ".join(says)


def as_expected(data: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    """A score in the words of the cases, as far as the case speaks of it."""
    overall, way = data["overall"], data["next_level"]
    changes = [f"{c['criterion']} from {c['from']} to {c['to']}" for c in way["changes"]] if way else []
    percents = {str(standard["number"]): standard["percent"] or "none" for standard in data["core_standards"]}
    shown = {
        "points": f"{overall['points']} of {overall['available']}",
        "exact": overall["fraction"] or "none",
        "percent": overall["percent"] or "none",
        "award": data["award"] or "none",
        "indicative": data["indicative"] or "none",
        "levels": {level["level"]: in_words(level, data) for level in data["levels"]},
        "next_level": way["level"] if way else "none",
        "raise": changes if isinstance(expected["raise"], list) else f"{len(changes)} changes",
    }
    if "core_standards" in expected:
        shown["core_standards"] = {number: percents[number] for number in expected["core_standards"]}
    if "bounds" in expected:
        shown["bounds"] = f"{data['bounds']['lowest']} to {data['bounds']['highest']}"
    return shown


@pytest.mark.parametrize("file", CASE_FILES, ids=lambda file: file.stem)
def test_case(file: Path, published: Edition) -> None:
    case = yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 (the loader that makes nothing but text)
    assert set(case) <= {"title", "why", "status", "edition", "ratings", "contract", "expected"}
    assert set(case.get("edition", {})) <= {"core_standards", "scale", "pooling", "weights", "awards"}
    changes, answers, expected = case.get("edition", {}), read_answers(case["ratings"]), case["expected"]
    rules = case_rules(changes, published)
    assert list(case["ratings"]) == [str(number) for number in range(1, len(rules.weights) + 1)]
    edition = edition_of(rules) if changes else published
    assessment = assessment_of(answers, case.get("status", "reviewed"))
    outcome = score(edition, assessment)
    data = contract(KEY, assessment, outcome)
    assert as_expected(data, expected) == expected
    if outcome.complete:
        assert "bounds" not in expected
        assert outcome.lowest == outcome.highest == outcome.overall
    agrees(outcome, rules, answers, assessment.status)
    if "contract" in case:
        canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
        assert canonical == (CASES / case["contract"]).read_text(encoding="utf-8")


def test_there_are_cases_and_every_golden_file_has_one() -> None:
    assert len(CASE_FILES) >= 20
    named = {
        line.removeprefix("contract: ")
        for file in CASE_FILES
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.startswith("contract: ")
    }
    assert named == {file.name for file in CASES.glob("*.json")}


# -- the second implementation --------------------------------------------------------------------


def agrees(outcome: Score, rules: Rules, answers: Answers, status: str) -> None:
    """Every figure of the package's score is the one worked out by hand."""
    tallies = by_hand.tally(rules, answers)
    assert [(int(s.points * MILLION), int(s.available * MILLION)) for s in outcome.standards] == tallies
    assert [s.number for s in outcome.standards] == list(range(1, len(answers) + 1))
    assert [s.not_applicable for s in outcome.standards] == [line.count(NOT_APPLICABLE) for line in answers]
    assert [s.unrated for s in outcome.standards] == [line.count(None) for line in answers]
    assert [s.rated + s.not_applicable + s.unrated for s in outcome.standards] == [len(line) for line in answers]
    assert outcome.points * MILLION == sum(part for part, _ in tallies)
    assert outcome.available * MILLION == sum(whole for _, whole in tallies)
    complete = not any(None in line for line in answers)
    assert outcome.complete is complete
    share = by_hand.overall(rules, answers)
    assert (outcome.overall is None) is (share is None)
    assert_share(outcome.overall or Fraction(), share)
    lowest = (outcome.lowest, [s.lowest for s in outcome.standards], min(rules.scale))
    highest = (outcome.highest, [s.highest for s in outcome.standards], max(rules.scale))
    for bound, bounds, value in (lowest, highest):
        completed = by_hand.filled(answers, value)
        assert_share(bound, by_hand.overall(rules, completed))
        for one, (part, whole) in zip(bounds, by_hand.tally(rules, completed), strict=True):
            # A core standard without anything applicable cannot be under any minimum.
            assert_share(one, (part, whole) if whole else (1, 1))
    for result, level in zip(outcome.levels, rules.levels, strict=True):
        assert result.level == level.name
        assert result.met is by_hand.meets(rules, answers, level)
        assert list(result.below_minimum) == by_hand.below_minimum(rules, answers, level)
        pooled = not rules.mean_of_standards and share is not None
        assert result.points_short == (by_hand.points_short(rules, answers, level) if pooled else None)
    rank = by_hand.rank(rules, answers)
    reached = rules.levels[rank - 1].name if rank else None
    assert outcome.indicative == reached
    assert outcome.award == by_hand.award(rules, answers, status)
    following = rules.levels[rank].name if rank < len(rules.levels) and complete and share is not None else None
    assert outcome.next_level == following
    assert bool(outcome.next_changes) is (following is not None)


def assert_share(figure: Fraction, share: by_hand.Share | None) -> None:
    part, whole = share or (0, 1)
    assert figure.numerator * whole == part * figure.denominator


def random_rules(chance: random.Random, standards: int = 4, criteria: int = 5, most: int = 20) -> Rules:
    """Rules of a small edition: each core standard has a criterion that counts, each level asks for no less."""
    sizes = [chance.randint(1, criteria) for _ in range(chance.randint(1, standards))]
    while sum(sizes) > most:
        sizes[sizes.index(max(sizes))] -= 1
    plain = chance.random() < 0.5
    weights = tuple(
        tuple(
            MILLION if plain else chance.choice((0, 1, 250_000, 500_000, MILLION, MILLION, 2 * MILLION, 59_900_000))
            for _ in range(size)
        )
        for size in sizes
    )
    names = ("bronze", "silver", "gold")[: chance.randint(1, 3)]
    # Thresholds that scores hit exactly now and then.
    overall = sorted(chance.choice((0, 50, 60, 66, 75, 80, 87, 87.5, 95, 100)) for _ in names)
    each = sorted(chance.choice((0, 25, 50, 60, 60, 60, 75, 100)) for _ in names)
    return Rules(
        scale=chance.choice(((0, 1, 2, 3, 4), (0, 1, 2, 3, 4), (1, 2, 3, 4, 5), (0, 1), (0, 5, 10), (0, 1, 3, 7))),
        mean_of_standards=chance.random() < 0.5,
        levels=tuple(
            Level(name, int(o * MILLION), int(e * MILLION)) for name, o, e in zip(names, overall, each, strict=True)
        ),
        weights=tuple(line if any(line) else (MILLION, *line[1:]) for line in weights),
    )


def random_answers(chance: random.Random, rules: Rules, *, incomplete: bool) -> Answers:
    """Answers that tend to the top of the scale, where the awards are."""
    lift = chance.choice((0, 0, 3, 8))
    pool: list[int | str | None] = [*rules.scale, *[rules.scale[-1]] * lift]
    if chance.random() < 0.5:
        pool += [NOT_APPLICABLE] * chance.randint(1, 3)
    if incomplete:
        pool += [None] * chance.randint(1, 4)
    return tuple(tuple(chance.choice(pool) for _ in line) for line in rules.weights)


@pytest.mark.slow
def test_both_implementations_agree_on_twenty_thousand_assessments() -> None:
    chance = random.Random(2003)
    editions = [(rules, edition_of(rules)) for rules in (random_rules(chance, 6, 5, 12) for _ in range(1_000))]
    reached: dict[str | None, int] = {}
    for _ in range(20_000):
        rules, edition = chance.choice(editions)
        answers = random_answers(chance, rules, incomplete=chance.random() < 0.3)
        status = chance.choice(("self", "draft", "assessed", *["reviewed"] * 4, "suspended", "withdrawn"))
        outcome = score(edition, assessment_of(answers, status))
        agrees(outcome, rules, answers, status)
        reached[outcome.award] = reached.get(outcome.award, 0) + 1
    # The assessments are not all of one kind.
    assert min(reached[award] for award in (None, "bronze", "silver", "gold")) > 500


def test_both_implementations_agree_on_the_published_edition(published: Edition) -> None:
    chance = random.Random(57)
    rules = rules_of(published)
    for _ in range(100):
        answers = random_answers(chance, rules, incomplete=chance.random() < 0.3)
        agrees(score(published, assessment_of(answers)), rules, answers, "reviewed")


def test_the_bounds_are_the_lowest_and_highest_of_all_ways_to_complete_a_draft() -> None:
    chance = random.Random(1)
    tried = 0
    while tried < 150:
        rules = random_rules(chance, 3, 3, 6)
        answers = random_answers(chance, rules, incomplete=True)
        if sum(line.count(None) for line in answers) not in (1, 2, 3, 4):
            continue
        outcome = score(edition_of(rules), assessment_of(answers, "draft"))
        shares = [by_hand.overall(rules, completed) for completed in by_hand.completions(rules, answers)]
        possible = [Fraction(*share) for share in shares if share is not None]
        assert outcome.lowest == min(possible)
        assert outcome.highest == max(possible)
        tried += 1


def test_raising_one_rating_lowers_nothing() -> None:
    chance = random.Random(95)
    compared = 0
    while compared < 2_000:
        rules = random_rules(chance)
        answers = random_answers(chance, rules, incomplete=chance.random() < 0.3)
        top = rules.scale[-1]
        can_rise = [
            (row, column, answer)
            for row, line in enumerate(answers)
            for column, answer in enumerate(line)
            if isinstance(answer, int) and answer < top
        ]
        if not can_rise:
            continue
        row, column, answer = chance.choice(can_rise)
        higher = chance.choice([value for value in rules.scale if value > answer])
        edition = edition_of(rules)
        before = score(edition, assessment_of(answers))
        after = score(edition, assessment_of(by_hand.replaced(answers, {(row, column): higher})))
        assert (after.overall or 0) >= (before.overall or 0)
        assert after.lowest >= before.lowest
        assert after.highest >= before.highest
        for one, other in zip(before.standards, after.standards, strict=True):
            assert (other.fraction or 0) >= (one.fraction or 0)
        order = [None, *(level.name for level in rules.levels)]
        assert order.index(after.award) >= order.index(before.award)
        assert order.index(after.indicative) >= order.index(before.indicative)
        compared += 1


# -- the way to the next level --------------------------------------------------------------------


def test_the_way_to_the_next_level_is_the_shortest_and_none_of_its_steps_can_be_smaller() -> None:
    chance = random.Random(8)
    sizes: set[int] = set()
    tried = 0
    while tried < 1_500:
        rules = random_rules(chance, 4, 8, 8)
        answers = random_answers(chance, rules, incomplete=False)
        outcome = score(edition_of(rules), assessment_of(answers))
        if outcome.next_level is None:
            continue
        goal = next(level for level in rules.levels if level.name == outcome.next_level)
        raised = {}
        for change in outcome.next_changes:
            row, column = (int(number) - 1 for number in change.criterion.split("."))
            assert answers[row][column] == change.before < change.after
            assert change.after in rules.scale
            raised[row, column] = change.after
        assert len(raised) == len(outcome.next_changes) == by_hand.fewest_changes(rules, answers, goal)
        assert by_hand.meets(rules, by_hand.replaced(answers, dict(raised)), goal)
        for place, value in raised.items():
            lower = rules.scale[rules.scale.index(value) - 1]
            assert not by_hand.meets(rules, by_hand.replaced(answers, {**raised, place: lower}), goal)
        sizes.add(len(raised))
        tried += 1
    assert {1, 2, 3, 4, 5, 6} <= sizes


def test_the_changes_are_listed_in_the_order_of_the_standard(published: Edition) -> None:
    answers = tuple((0,) * len(standard.criteria) for standard in published.core_standards)
    changes = [change.criterion for change in score(published, assessment_of(answers)).next_changes]
    assert changes == [criterion.id for criterion in published.criteria() if criterion.id in changes]


# -- figures as shown -----------------------------------------------------------------------------

SHARES = st.fractions(min_value=0, max_value=1, max_denominator=10**7)
TENTHS = st.integers(min_value=0, max_value=1000)


@settings(max_examples=1_000, deadline=None, database=None, derandomize=True)
@given(share=SHARES, tenths=TENTHS)
def test_a_percentage_shown_reaches_a_threshold_exactly_if_the_score_does(share: Fraction, tenths: int) -> None:
    shown = Fraction(percent_down(share))
    assert (shown >= Fraction(tenths, 10)) is (share * 100 >= Fraction(tenths, 10))


@settings(max_examples=500, deadline=None, database=None, derandomize=True)
@given(tenths=st.integers(min_value=1, max_value=1000), below=st.integers(min_value=1, max_value=10**12))
def test_a_percentage_just_under_a_threshold_is_shown_under_it(tenths: int, below: int) -> None:
    share = max(Fraction(), Fraction(tenths, 1000) - Fraction(1, below))
    assert Fraction(percent_down(share)) < Fraction(tenths, 10)


@settings(max_examples=500, deadline=None, database=None, derandomize=True)
@given(share=SHARES)
def test_a_percentage_shown_has_one_decimal_and_is_less_than_a_tenth_too_low(share: Fraction) -> None:
    shown = percent_down(share)
    whole, point, decimal = shown.partition(".")
    assert (whole.isdigit(), point, len(decimal)) == (True, ".", 1)
    assert 0 <= share * 100 - Fraction(shown) < Fraction(1, 10)


# -- the published form ---------------------------------------------------------------------------


def no_floats(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and no_floats(item) for key, item in value.items())
    if isinstance(value, list):
        return all(no_floats(item) for item in value)
    return value is None or isinstance(value, (str, int, bool))


def exact(text: str) -> Fraction:
    assert text == str(Fraction(text))
    return Fraction(text)


def test_the_published_form_holds_the_exact_figures_of_any_score() -> None:
    chance = random.Random(228)
    for _ in range(1_000):
        rules = random_rules(chance)
        answers = random_answers(chance, rules, incomplete=chance.random() < 0.3)
        assessment = assessment_of(answers)
        outcome = score(edition_of(rules), assessment)
        data: Any = contract(KEY, assessment, outcome)
        assert no_floats(data)
        assert json.loads(json.dumps(data)) == data
        assert Fraction(data["overall"]["points"]) == outcome.points
        assert Fraction(data["overall"]["available"]) == outcome.available
        assert (outcome.overall is None) is (data["overall"]["fraction"] is None)
        if outcome.overall is not None:
            assert exact(data["overall"]["fraction"]) == outcome.overall
            assert data["overall"]["percent"] == percent_down(outcome.overall)
        assert (exact(data["bounds"]["lowest"]), exact(data["bounds"]["highest"])) == (outcome.lowest, outcome.highest)
        for level, result in zip(data["levels"], outcome.levels, strict=True):
            assert Fraction(level["overall_required"]) == result.overall_required * 100
            assert Fraction(level["each_core_standard_required"]) == result.each_required * 100
            number, _, unit = level["overall_short"].partition(" ")
            if unit == "percentage points":
                assert 0 <= Fraction(number) - result.short * 100 < Fraction(1, 10)
            else:
                assert (int(number), unit) == (result.points_short, "point" if number == "1" else "points")
            assert (Fraction(number) == 0) is (result.short == 0)


def test_a_level_is_met_only_with_every_level_below_it() -> None:
    chance = random.Random(6)
    for _ in range(300):
        rules = random_rules(chance)
        outcome = score(edition_of(rules), assessment_of(random_answers(chance, rules, incomplete=False)))
        assert all(lower.met or not higher.met for lower, higher in pairwise(outcome.levels))
