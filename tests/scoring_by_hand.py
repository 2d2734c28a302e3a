"""The score of an assessment worked out a second time, by another way, to compare with the package's.

Whole numbers only: weights and thresholds are counted in millionths, a share is a pair (part, whole), and shares are
compared by multiplying crosswise. Nothing is taken from the package. What the package derives, is found here by
trying out: the bounds by every way to complete the answers, the way to the next level by every subset of criteria.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from math import prod

MILLION = 10**6
NOT_APPLICABLE = "n/a"

Answer = int | str | None  # a point of the scale, "n/a", or None where it is open
Answers = tuple[tuple[Answer, ...], ...]  # core standard by core standard
Share = tuple[int, int]


@dataclass(frozen=True)
class Level:
    """A level with its thresholds in millionths of a percent."""

    name: str
    overall: int
    each: int


@dataclass(frozen=True)
class Rules:
    """What of an edition bears on a score. Weights in millionths, core standard by core standard."""

    scale: tuple[int, ...]
    mean_of_standards: bool
    levels: tuple[Level, ...]
    weights: tuple[tuple[int, ...], ...]


def tally(rules: Rules, answers: Answers) -> list[Share]:
    """Points, in millionths, of points available: for each core standard."""
    tallies = []
    for weights, given in zip(rules.weights, answers, strict=True):
        rated = [(weight, answer) for weight, answer in zip(weights, given, strict=True) if isinstance(answer, int)]
        tallies.append(
            (sum(weight * answer for weight, answer in rated), max(rules.scale) * sum(weight for weight, _ in rated))
        )
    return tallies


def overall(rules: Rules, answers: Answers) -> Share | None:
    """The overall score, or None where nothing counts yet."""
    counted = [(part, whole) for part, whole in tally(rules, answers) if whole]
    if not counted:
        return None
    if not rules.mean_of_standards:
        return sum(part for part, _ in counted), sum(whole for _, whole in counted)
    common = prod(whole for _, whole in counted)
    return sum(part * (common // whole) for part, whole in counted), common * len(counted)


def reaches(share: Share, threshold: int) -> bool:
    return share[0] * 100 * MILLION >= threshold * share[1]


def below_minimum(rules: Rules, answers: Answers, level: Level) -> list[int]:
    """Numbers of the core standards that have a score and are under the level's minimum."""
    return [
        number for number, share in enumerate(tally(rules, answers), 1) if share[1] and not reaches(share, level.each)
    ]


def waits_for_ratings(rules: Rules, answers: Answers) -> bool:
    """Whether a core standard has open criteria and no score yet."""
    return any(not whole and None in given for (_, whole), given in zip(tally(rules, answers), answers, strict=True))


def meets(rules: Rules, answers: Answers, level: Level) -> bool:
    share = overall(rules, answers)
    if share is None or waits_for_ratings(rules, answers):
        return False
    return reaches(share, level.overall) and not below_minimum(rules, answers, level)


def rank(rules: Rules, answers: Answers) -> int:
    """How many levels up the figures reach: 0 is none."""
    return max((place for place, level in enumerate(rules.levels, 1) if meets(rules, answers, level)), default=0)


def award(rules: Rules, answers: Answers, status: str) -> str | None:
    """The level earned: nothing while an answer is open, and nothing before the supervisory assessor's signature."""
    finished = not any(None in given for given in answers)
    place = rank(rules, answers) if finished and status in ("reviewed", "suspended", "withdrawn") else 0
    return rules.levels[place - 1].name if place else None


def points_short(rules: Rules, answers: Answers, level: Level) -> int:
    """The fewest whole points that, added to those there are, reach the level's overall score."""
    part, whole = overall(rules, answers) or (0, 0)
    wanting = level.overall * whole - 100 * MILLION * part
    return max(0, -(-wanting // (100 * MILLION * MILLION)))


def replaced(answers: Answers, changes: dict[tuple[int, int], Answer]) -> Answers:
    """The answers with those at (core standard, criterion), counted from 0, replaced."""
    return tuple(
        tuple(changes.get((row, column), answer) for column, answer in enumerate(given))
        for row, given in enumerate(answers)
    )


def filled(answers: Answers, value: int) -> Answers:
    return tuple(tuple(value if answer is None else answer for answer in given) for given in answers)


def completions(rules: Rules, answers: Answers) -> Iterator[Answers]:
    """Every way to answer what is open, "not applicable" included."""
    places = [
        (row, column) for row, given in enumerate(answers) for column, answer in enumerate(given) if answer is None
    ]
    possible: list[Answer] = [*rules.scale, NOT_APPLICABLE]
    for choice in product(possible, repeat=len(places)):
        yield replaced(answers, dict(zip(places, choice, strict=True)))


def fewest_changes(rules: Rules, answers: Answers, level: Level) -> int | None:
    """The size of the smallest set of ratings which, raised to the top of the scale, reach the level."""
    top = max(rules.scale)
    places = [
        (row, column)
        for row, given in enumerate(answers)
        for column, answer in enumerate(given)
        if isinstance(answer, int) and answer < top
    ]
    for size in range(len(places) + 1):
        for subset in combinations(places, size):
            if meets(rules, replaced(answers, dict.fromkeys(subset, top)), level):
                return size
    return None
