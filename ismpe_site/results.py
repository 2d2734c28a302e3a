"""What scoring says: Score, Award, Register; and a Score as the published data contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from ismpe_site.model import Assessment, Edition, Organisation, Programme

State = Literal["active", "superseded", "suspended", "withdrawn", "expired"]


@dataclass(frozen=True)
class StandardScore:
    """One core standard: weighted points, points available over its applicable rated criteria, and the bounds.

    ``fraction`` is points ÷ available (in lowest terms), or None where nothing is rated yet.
    ``lowest`` and ``highest`` are the scores still possible; both equal ``fraction`` when complete.
    """

    number: int
    points: Fraction
    available: Fraction
    rated: int
    not_applicable: int
    unrated: int
    lowest: Fraction
    highest: Fraction

    @property
    def fraction(self) -> Fraction | None:
        """Points ÷ points available."""
        return self.points / self.available if self.available else None


@dataclass(frozen=True)
class LevelResult:
    """Whether a level's conditions hold, and what is missing.

    ``short`` is the missing share of the overall score (0 where it is reached); ``points_short`` the same in whole
    points where scores are pooled over criteria, None otherwise and while nothing is rated. ``below_minimum`` numbers
    the core standards under their minimum.
    """

    level: str
    met: bool
    overall_required: Fraction
    each_required: Fraction
    short: Fraction
    points_short: int | None
    below_minimum: tuple[int, ...]


@dataclass(frozen=True)
class Change:
    """One rating raised: ``before`` and ``after`` are points of the edition's scale."""

    criterion: str
    before: int
    after: int


@dataclass(frozen=True)
class Score:
    """What the ratings of one assessment add up to. ``overall`` is None while nothing is rated.

    ``indicative`` is the level the figures would give; ``award`` is None as well while the assessment
    is incomplete or not signed off (``self``, ``draft``, ``assessed``). ``next_changes`` is the shortest list of
    rating changes that reaches ``next_level``; both are empty at the highest level and for incomplete assessments.
    ``points`` and ``available`` are sums over all core standards; where the edition says ``pooling: core-standards``,
    ``overall`` is the mean of the core standards' scores and not their quotient.
    """

    complete: bool
    points: Fraction
    available: Fraction
    overall: Fraction | None
    lowest: Fraction
    highest: Fraction
    standards: tuple[StandardScore, ...]
    levels: tuple[LevelResult, ...]
    indicative: str | None
    award: str | None
    next_level: str | None
    next_changes: tuple[Change, ...]


def percent_down(share: Fraction) -> str:
    """A share as a percentage with one decimal, rounded **down**, so that no figure shown contradicts an award.

    >>> percent_down(Fraction(54, 57))
    '94.7'
    """
    tenths = share.numerator * 1000 // share.denominator
    return f"{tenths // 10}.{tenths % 10}"


@dataclass(frozen=True)
class Scored:
    """An assessment as it was on a day, with everything that belongs to it.

    ``key`` is ``organisation/programme/assessment``; ``public`` says whether its report is published on that day,
    ``unlisted`` whether that is so at a secret address only.
    """

    key: str
    organisation: Organisation
    programme: Programme
    assessment: Assessment
    edition: Edition
    score: Score
    report_due: date | None
    certificate_due: date | None
    public: bool
    unlisted: bool = False

    def contract(self) -> dict[str, object]:
        """The score as plain data."""
        return contract(self.key, self.assessment, self.score)


@dataclass(frozen=True)
class Award:
    """One line of the register: an award earned, its days and its state. ``reason`` explains a change of state."""

    scored: Scored
    level: str
    awarded: date
    valid_until: date
    state: State
    since: date
    reason: str


@dataclass(frozen=True)
class Register:
    """Every scored assessment, oldest first, and every award, newest first, as on the day ``as_of``."""

    as_of: date
    assessments: tuple[Scored, ...]
    awards: tuple[Award, ...]


def contract(key: str, assessment: Assessment, score: Score) -> dict[str, object]:
    """What ``ismpe score --json`` prints and ``result.json`` holds.

    ``key`` is ``organisation/programme/assessment``. ``fraction`` is in lowest terms, ``percent`` is rounded down
    to one decimal; ``award`` is null when none is earned, the assessment is incomplete or not signed off
    (``self``, ``draft``, ``assessed``); ``indicative`` is the level the figures would give. ``points`` and
    ``available`` of ``overall`` are sums; its ``fraction`` is their quotient, or with ``pooling: core-standards`` the
    mean of the fractions of the core standards.
    """
    return {
        "assessment": key,
        "edition": assessment.edition,
        "status": assessment.status,
        "complete": score.complete,
        "award": score.award,
        "indicative": score.indicative,
        "overall": _share(score.points, score.available, score.overall),
        "core_standards": [
            {
                "number": s.number,
                **_share(s.points, s.available, s.fraction),
                "rated": s.rated,
                "not_applicable": s.not_applicable,
                "unrated": s.unrated,
            }
            for s in score.standards
        ],
        "levels": [
            {
                "level": level.level,
                "met": level.met,
                "overall_required": exact_number(level.overall_required * 100),
                "each_core_standard_required": exact_number(level.each_required * 100),
                "overall_short": _short(level.short, level.points_short),
                "below_minimum": list(level.below_minimum),
            }
            for level in score.levels
        ],
        "bounds": {"lowest": str(score.lowest), "highest": str(score.highest)},
        "next_level": None
        if score.next_level is None
        else {
            "level": score.next_level,
            "changes": [{"criterion": c.criterion, "from": c.before, "to": c.after} for c in score.next_changes],
        },
    }


def _share(points: Fraction, available: Fraction, fraction: Fraction | None) -> dict[str, object]:
    return {
        "points": exact_number(points),
        "available": exact_number(available),
        "fraction": None if fraction is None else str(fraction),
        "percent": None if fraction is None else percent_down(fraction),
    }


def _short(short: Fraction, points: int | None) -> str:
    """What is missing of the overall score: whole points, or percentage points rounded up."""
    if points is not None:
        return f"{points} point{'' if points == 1 else 's'}"
    tenths = -(-short.numerator * 1000 // short.denominator)
    return f"{tenths // 10}.{tenths % 10} percentage points"


def exact_number(value: Fraction) -> str:
    """An exact number as text: 228, 2.5, or 1/3 where decimals would not be exact."""
    if value.denominator == 1:
        return str(value.numerator)
    for digits in range(1, 7):
        if 10**digits % value.denominator == 0:
            text = f"{value.numerator * 10**digits // value.denominator:0{digits + 1}d}"
            return f"{text[:-digits]}.{text[-digits:]}"
    return str(value)
