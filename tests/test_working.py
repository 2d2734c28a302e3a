"""A score in the words of a terminal: an incomplete one promises nothing, and every figure is exact."""

from __future__ import annotations

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
        "  gold     asks for 90 %: not met so far: 2 points short",
        "  bronze   asks for 60 %: met so far",
        "  incomplete: 1 criterion still open, between 63.8 and 86.1 % still possible",
        "  award: none (indicative: bronze on what is rated so far; it may still change)",
    ]


def test_a_core_standard_without_any_rating_is_named() -> None:
    assert lines(((3, None), (None,)), "draft")[-4:] == [
        "  gold     asks for 90 %: not met so far: 2 points short and core standard 2 not rated",
        "  bronze   asks for 60 %: not met so far: core standard 2 not rated",
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
