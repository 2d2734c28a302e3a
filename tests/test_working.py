"""A score in the words of a terminal: an incomplete one promises nothing, and every figure is exact."""

from __future__ import annotations

from dataclasses import replace

from ismpe_site.scoring.score import score
from ismpe_site.working import working
from tests.scoring_by_hand import MILLION, Answers, Level, Rules
from tests.test_scoring import assessment_of, edition_of

# Two core standards; 1.1 counts two and a half times.
RULES = Rules(
    scale=(0, 1, 2, 3, 4),
    mean_of_standards=False,
    levels=(Level("bronze", 60 * MILLION, 50 * MILLION), Level("gold", 90 * MILLION, 50 * MILLION)),
    weights=((MILLION * 5 // 2, MILLION), (MILLION,)),
)


def lines(answers: Answers, status: str) -> list[str]:
    words = working("acme/2025-03", "trial", status, score(edition_of(RULES), assessment_of(answers, status)))
    return words.splitlines()


def test_an_incomplete_draft_says_so_far_wherever_something_may_change() -> None:
    assert lines(((3, None), (4,)), "draft") == [
        "acme/2025-03  (edition trial, draft)",
        "  core standard 1    7.5 of   10 points     75.0 %  (1 still open)",
        "  core standard 2      4 of    4 points    100.0 %",
        "  overall           11.5 of   14 points     82.1 %  exactly 23/28",
        "  gold     asks for 90 %: out of reach: at most 86.1 % is still possible",
        "  bronze   asks for 60 %: met so far",
        "  incomplete: 1 criterion still open, between 63.8 and 86.1 % still possible",
        "  award: none (indicative: bronze on what is rated so far; it may still change)",
    ]


def test_nothing_is_short_of_anything_while_criteria_are_open() -> None:
    assert lines(((4, None), (3,)), "draft")[3:7] == [
        "  overall             13 of   14 points     92.8 %  exactly 13/14",
        "  gold     asks for 90 %: met so far",
        "  bronze   asks for 60 %: met so far",
        "  incomplete: 1 criterion still open, between 72.2 and 94.4 % still possible",
    ]
    assert lines(((None, 3), (4,)), "draft")[4:6] == [
        "  gold     asks for 90 %: not met so far, still possible",
        "  bronze   asks for 60 %: met so far",
    ]
    assert lines(((0, None), (4,)), "draft")[4:6] == [
        "  gold     asks for 90 %: out of reach: at most 44.4 % is still possible",
        "  bronze   asks for 60 %: out of reach: at most 44.4 % is still possible",
    ]
    assert lines(((None, 4), (1,)), "draft")[4:6] == [
        "  gold     asks for 90 %: out of reach: at most 83.3 % is still possible",
        "  bronze   asks for 60 %: out of reach: core standard 2 stays below 50 %",
    ]


def test_the_mean_of_the_core_standards_is_not_told_in_points() -> None:
    mean = replace(RULES, mean_of_standards=True)
    words = working(
        "acme/2025-03", "trial", "assessed", score(edition_of(mean), assessment_of(((3, 3), (4,)), "assessed"))
    )
    assert words.splitlines()[1:5] == [
        "  core standard 1   10.5 of   14 points     75.0 %",
        "  core standard 2      4 of    4 points    100.0 %",
        "  overall          mean of the above        87.5 %  exactly 7/8",
        "  gold     asks for 90 %: not met: overall score too low",
    ]


def test_a_core_standard_without_any_rating_is_named() -> None:
    assert lines(((3, None), (None,)), "draft")[-4:] == [
        "  gold     asks for 90 %: out of reach: at most 86.1 % is still possible",
        "  bronze   asks for 60 %: not met so far, still possible",
        "  incomplete: 2 criteria still open, between 41.6 and 86.1 % still possible",
        "  award: none",
    ]


def test_a_complete_assessment_that_is_not_signed_off_says_what_the_award_waits_for() -> None:
    assert lines(((3, 3), (4,)), "assessed")[-3:] == [
        "  bronze   asks for 60 %: met",
        "  award: none with status assessed (indicative: bronze; an award is earned when it is reviewed)",
        "  a shortest way to gold: 1.1 from 3 to 4",
    ]


def test_a_reviewed_one_has_its_award() -> None:
    assert lines(((3, 3), (4,)), "reviewed")[-2:] == [
        "  award: bronze",
        "  a shortest way to gold: 1.1 from 3 to 4",
    ]
