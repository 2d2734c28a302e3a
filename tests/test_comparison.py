"""A report compared with the earlier one: what is compared, what is not, and why."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ismpe_site.model import Assessment, Catalogue, CrosswalkEntry, Edition
from ismpe_site.publications.assessments import points_apart
from ismpe_site.publications.comparison import Comparison, Side, compare
from ismpe_site.scoring.score import score
from tests.conftest import ROOT
from tests.scoring_by_hand import MILLION, NOT_APPLICABLE, Answer, Answers, Level, Rules
from tests.test_scoring import assessment_of, edition_of
from tests.whole import load

FUZZ = settings(max_examples=100, derandomize=True, deadline=None, database=None)
Words = tuple[tuple[str, ...], ...]
Weights = tuple[tuple[int, ...], ...]


def edition(
    name: str,
    words: Words,
    supersedes: str | None = None,
    crosswalk: tuple[tuple[str, str, str], ...] = (),
    *,
    scale: tuple[int, ...] = (0, 1, 2, 3, 4),
    weights: Weights = (),
    mean: bool = False,
) -> Edition:
    """An edition of these criteria, core standard by core standard; its crosswalk as (old, new ones, relation)."""
    weights = weights or tuple((1,) * len(each) for each in words)
    levels = (Level("bronze", 60 * MILLION, 50 * MILLION),)
    rules = Rules(scale, mean, levels, tuple(tuple(weight * MILLION for weight in each) for each in weights))
    made = edition_of(rules)
    standards = tuple(
        standard.model_copy(
            update={
                "criteria": tuple(
                    c.model_copy(update={"text": t}) for c, t in zip(standard.criteria, texts, strict=True)
                )
            }
        )
        for standard, texts in zip(made.core_standards, words, strict=True)
    )
    entries = tuple(
        CrosswalkEntry.model_validate(
            {"old": old, "new": new.split(), "relation": relation, "reason": f"Because {old}"}
        )
        for old, new, relation in crosswalk
    )
    return made.model_copy(
        update={"id": name, "supersedes": supersedes, "core_standards": standards, "crosswalk": entries}
    )


def side(edition: Edition, answers: Answers) -> Side:
    assessment: Assessment = assessment_of(answers, edition=edition.id)
    ratings = {criterion: rating.rating for criterion, rating in assessment.ratings.items()}
    return Side(edition, ratings, score(edition, assessment))


def compared(old: Edition, then: Answers, new: Edition, now: Answers, *between: Edition) -> Comparison:
    return compare(side(old, then), side(new, now), (old, new, *between))


def changes(comparison: Comparison) -> dict[str, int | str]:
    """Criterion → how many points more, or what stands against saying so."""
    return {row.criterion or f"({row.earlier[0]})": row.obstacle or row.difference or 0 for row in comparison.criteria}


def shares(comparison: Comparison) -> list[Fraction | str]:
    """Of each core standard, then overall: the difference, or what stands against it."""
    return [part.obstacle or part.difference or Fraction() for part in (*comparison.standards, comparison)]


OLD = edition("old", (("a", "b", "c"), ("d", "e")))
SAME = tuple((criterion.id, criterion.id, "unchanged") for criterion in OLD.criteria())
THEN: Answers = ((4, 3, 2), (1, 2))
NOW: Answers = ((4, 2, 4), (2, 2))


def test_two_assessments_of_one_edition() -> None:
    found = compared(OLD, THEN, OLD, NOW)
    assert changes(found) == {"1.1": 0, "1.2": -1, "1.3": 2, "2.1": 1, "2.2": 0}
    assert shares(found) == [Fraction(1, 12), Fraction(1, 8), Fraction(2, 20)]
    assert [part.then for part in found.standards] == [Fraction(9, 12), Fraction(3, 8)]
    assert [row.verdict for row in found.criteria] == ["unchanged", "declined", "improved", "improved", "unchanged"]
    assert [found.standards[0].count(verdict) for verdict in ("improved", "declined", "unchanged")] == [1, 1, 1]
    assert found.count("unchanged") == 2


@pytest.mark.parametrize(
    ("then", "now", "obstacle", "share"),
    [
        (NOT_APPLICABLE, 3, "not applicable then", "criteria"),
        (3, NOT_APPLICABLE, "not applicable now", "criteria"),
        (3, None, "not rated now", "criteria"),
        (None, 3, "not rated then", "criteria"),
        # It is in neither share, so that these can be compared.
        (NOT_APPLICABLE, NOT_APPLICABLE, "not applicable", ""),
    ],
)
def test_what_was_not_rated_both_times_is_not_compared(then: Answer, now: Answer, obstacle: str, share: str) -> None:
    found = compared(OLD, ((4, 3, then), (1, 2)), OLD, ((4, 3, now), (1, 4)))
    assert changes(found) == {"1.1": 0, "1.2": 0, "1.3": obstacle, "2.1": 0, "2.2": 2}
    assert [part.obstacle for part in (*found.standards, found)] == [share, "", share]
    assert found.standards[1].difference == Fraction(2, 8)


def test_only_what_the_crosswalk_leaves_unchanged_is_compared() -> None:
    """1.1 stays, 1.2 is reworded, 1.3 goes to core standard 2 as it is, 2.1 is split, 2.2 is dropped; 1.3 is new."""
    crosswalk = (
        ("1.1", "1.1", "unchanged"),
        ("1.2", "1.2", "reworded"),
        ("1.3", "2.1", "moved"),
        ("2.1", "2.2 2.3", "split"),
        ("2.2", "", "dropped"),
    )
    new = edition("new", (("a", "B", "new"), ("c", "d1", "d2")), "old", crosswalk)
    found = compared(OLD, THEN, new, ((3, 3, 4), (4, 1, 1)))
    assert changes(found) == {
        "1.1": -1, "1.2": "reworded", "1.3": "new", "2.1": 2, "2.2": "split", "2.3": "split", "(2.2)": "dropped",
    }  # fmt: skip
    rows = {row.criterion: row for row in found.criteria}
    assert (rows["1.2"].then, rows["1.2"].now, rows["1.2"].reasons) == ((3,), 3, ("Because 1.2",))
    assert (rows["2.1"].earlier, rows["2.2"].earlier) == (("1.3",), ("2.1",))
    assert shares(found) == ["criteria", "criteria", "criteria"]
    back = compared(new, ((3, 3, 4), (4, 1, 1)), OLD, THEN)
    assert changes(back) == {
        "1.1": 1, "1.2": "reworded", "1.3": -2, "2.1": "merged", "2.2": "new", "(1.3)": "dropped",
    }  # fmt: skip
    assert next(row for row in back.criteria if row.obstacle == "merged").then == (1, 1)


def test_a_criterion_that_only_moved_is_compared_its_core_standards_are_not() -> None:
    words: Words = (("a", "b"), ("c", "d", "e"))
    crosswalk = (*SAME[:2], ("1.3", "2.1", "moved"), ("2.1", "2.2", "moved"), ("2.2", "2.3", "moved"))
    now: Answers = ((4, 2), (4, 2, 2))
    found = compared(OLD, THEN, edition("new", words, "old", crosswalk), now)
    assert changes(found) == {"1.1": 0, "1.2": -1, "2.1": 2, "2.2": 1, "2.3": 0}
    # All criteria together are the same ones, so that the overall score can be compared.
    assert shares(found) == ["membership", "membership", Fraction(2, 20)]
    mean = edition("old", (("a", "b", "c"), ("d", "e")), mean=True)
    assert shares(compared(mean, THEN, edition("new", words, "old", crosswalk, mean=True), now))[-1] == "membership"


def test_one_that_moved_and_has_other_words_is_not_compared_and_what_was_dropped_spoils_every_share() -> None:
    crosswalk = (*SAME[:2], ("1.3", "2.1", "moved"), ("2.1", "2.2", "moved"), ("2.2", "", "dropped"))
    new = edition("new", (("a", "b"), ("C", "d")), "old", crosswalk)
    found = compared(OLD, THEN, new, ((4, 2), (4, 2)))
    assert changes(found) == {"1.1": 0, "1.2": -1, "2.1": "reworded", "2.2": 1, "(2.2)": "dropped"}
    shorter = edition("new", (("a", "b", "c"), ("d",)), "old", (*SAME[:4], ("2.2", "", "dropped")))
    found = compared(OLD, THEN, shorter, ((4, 2, 4), (2,)))
    assert changes(found) == {"1.1": 0, "1.2": -1, "1.3": 2, "2.1": 1, "(2.2)": "dropped"}
    assert shares(found) == [Fraction(1, 12), "membership", "criteria"]


def test_other_weights_other_pooling_another_scale() -> None:
    words: Words = (("a", "b", "c"), ("d", "e"))
    heavier = edition("new", words, "old", SAME, weights=((1, 1, 1), (1, 2)))
    assert shares(compared(OLD, THEN, heavier, NOW)) == [Fraction(1, 12), "weights", "weights"]
    mean = edition("new", words, "old", SAME, mean=True)
    assert shares(compared(OLD, THEN, mean, NOW)) == [Fraction(1, 12), Fraction(1, 8), "pooling"]
    scale = edition("new", words, "old", SAME, scale=(0, 2, 4))
    found = compared(OLD, THEN, scale, ((4, 2, 4), (2, 2)))
    assert set(changes(found).values()) == {"scale"}
    easier = OLD.rating_scale[4].model_copy(update={"description": "Easier."})
    described = OLD.model_copy(update={"rating_scale": (*OLD.rating_scale[:4], easier)})
    assert set(changes(compared(described, THEN, edition("new", words, "old", SAME), NOW)).values()) == {"scale"}


def test_editions_that_are_no_neighbours_are_compared_over_those_between() -> None:
    words: Words = (("a", "b", "c"), ("d", "e"))
    between = edition(
        "between", (("a", "b2", "c"), ("d", "e")), "old", (SAME[0], ("1.2", "1.2", "reworded"), *SAME[2:])
    )
    last = edition("last", words, "between", (SAME[0], ("1.2", "1.2", "reworded"), *SAME[2:]))
    # The words are those of the first again, but crosswalks say that they changed, and when.
    assert changes(compared(OLD, THEN, last, NOW, between)) == {
        "1.1": 0,
        "1.2": "reworded",
        "1.3": 2,
        "2.1": 1,
        "2.2": 0,
    }


def test_without_a_crosswalk_nothing_is_compared_whatever_the_numbers() -> None:
    found = compared(OLD, THEN, edition("alone", (("a", "b", "c"), ("d", "e"))), NOW)
    assert set(changes(found).values()) == {"unlinked"}
    assert [part.then for part in found.standards] == [None, None]
    assert found.difference is None


def test_the_published_editions() -> None:
    """The draft changes the words of 20 criteria and says so; the other 37 are compared."""
    catalogue = load(ROOT / "content").catalogue
    assert isinstance(catalogue, Catalogue)
    first, draft = catalogue.edition("2003"), catalogue.edition("2026-draft")
    answers: Answers = tuple((3,) * len(standard.criteria) for standard in first.core_standards)
    found = compare(side(first, answers), side(draft, answers), catalogue.editions)
    assert Counter(row.obstacle for row in found.criteria) == {"": 37, "reworded": 20}
    assert set(changes(found).values()) == {0, "reworded"}
    assert all(row.reasons for row in found.criteria if row.obstacle)


@pytest.mark.parametrize(
    ("difference", "shown"),
    [
        ("1/6", "16.6"),
        ("-1/6", "16.7"),
        ("1/12", "8.3"),
        ("0", "0.0"),
        ("1/3000", "0.0"),
        ("-1/3000", "0.1"),
        ("1", "100.0"),
    ],
)
def test_a_difference_never_looks_better_than_it_is(difference: str, shown: str) -> None:
    assert points_apart(Fraction(difference)) == shown


# -- whatever is compared ---------------------------------------------------------------------------------------------

ANSWERS = st.sampled_from([0, 1, 2, 3, 4, NOT_APPLICABLE, None])
SIZES = st.lists(st.integers(1, 3), min_size=2, max_size=2)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Edition, Answers, Edition, Answers]:
    """Two editions joined by a crosswalk that may do anything to a criterion, and answers to each."""
    mean, old_sizes, new_sizes = draw(st.booleans()), draw(SIZES), draw(SIZES)

    def made(name: str, sizes: list[int], *more: object) -> Edition:
        words = tuple(tuple(draw(st.sampled_from("ab")) for _ in range(size)) for size in sizes)
        weights = tuple(tuple(draw(st.sampled_from([1, 1, 1, 2])) for _ in range(size)) for size in sizes)
        return edition(name, words, *more, weights=weights, mean=mean)  # type: ignore[arg-type]  # the two that follow

    old = made("old", old_sizes)
    new_ids = [f"{number}.{place}" for number, size in enumerate(new_sizes, 1) for place in range(1, size + 1)]
    straight, anywhere = draw(st.booleans()), st.lists(st.sampled_from(new_ids), max_size=2, unique=True)
    entries = tuple(
        (
            criterion.id,
            criterion.id if straight and criterion.id in new_ids else " ".join(draw(anywhere)),
            draw(st.sampled_from(["unchanged", "unchanged", "unchanged", "moved", "reworded"])),
        )
        for criterion in old.criteria()
    )
    new = made("new", new_sizes, "old", entries)
    then, now = (tuple(tuple(draw(ANSWERS) for _ in range(size)) for size in sizes) for sizes in (old_sizes, new_sizes))
    return old, then, new, now


@FUZZ
@given(pairs())
def test_compared_with_itself_nothing_has_changed(pair: tuple[Edition, Answers, Edition, Answers]) -> None:
    _, _, new, now = pair
    found = compared(new, now, new, now, pair[0])
    assert {row.difference for row in found.criteria} <= {0, None}
    assert {part.difference for part in (*found.standards, found)} <= {0, None}
    rated = {criterion for criterion, points in side(new, now).ratings.items() if points is not None}
    assert {row.criterion for row in found.criteria if row.verdict == "unchanged"} == rated
    assert found.dropped == ()


@FUZZ
@given(pairs())
def test_the_other_way_round_every_sign_is_the_other(pair: tuple[Edition, Answers, Edition, Answers]) -> None:
    old, then, new, now = pair
    there, back = compared(old, then, new, now), compared(new, now, old, then)
    forth = {(row.earlier[0], row.criterion): row.difference for row in there.criteria if row.difference is not None}
    assert {(row.criterion, row.earlier[0]): row.difference for row in back.criteria if row.difference is not None} == {
        ids: -difference for ids, difference in forth.items()
    }
    assert (there.difference is None) == (back.difference is None)
    assert there.difference is None or there.difference == -(back.difference or 0)
    assert sorted(part.difference for part in there.standards if part.difference is not None) == sorted(
        -part.difference for part in back.standards if part.difference is not None
    )


@FUZZ
@given(pairs())
def test_a_change_of_a_share_is_made_of_the_changes_of_its_criteria(
    pair: tuple[Edition, Answers, Edition, Answers],
) -> None:
    old, then, new, now = pair
    weights = {criterion.id: criterion.weight for criterion in new.criteria()}
    found = compared(old, then, new, now)
    parts = [*found.standards] if new.scoring.pooling == "core-standards" else [*found.standards, found]
    for part in parts:
        if part.difference is not None:
            rows = [row for row in part.criteria if row.difference is not None]
            gained = sum(weights[row.criterion] * (row.difference or 0) for row in rows)
            assert part.difference == gained / (4 * sum(weights[row.criterion] for row in rows))
