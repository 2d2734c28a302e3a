"""Where a score stands among an edition's thresholds, in the edition's own terms: no grade is made up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import takewhile

from ismpe_site.model import AwardLevel, Edition
from ismpe_site.results import Score


@dataclass(frozen=True, slots=True)
class Standing:
    """The highest level whose threshold, like those below it, is reached; else the lowest, not reached.

    ``threshold`` is in percent.
    """

    level: str
    threshold: Fraction
    reached: bool


def of_standards(edition: Edition, score: Score) -> dict[int, Standing]:
    """Core standard → how it stands to the minima; only where all its criteria are answered and some are rated."""
    return {
        standard.number: _standing(edition, standard.fraction, lambda level: level.each_core_standard)
        for standard in score.standards
        if standard.fraction is not None and not standard.unrated
    }


def of_all(edition: Edition, score: Score) -> Standing | None:
    """How the overall score stands to the thresholds; None while it is not complete."""
    if score.overall is None or not score.complete:
        return None
    return _standing(edition, score.overall, lambda level: level.overall)


def minima(edition: Edition) -> tuple[Fraction, ...]:
    """The different minima of a core standard, in percent, lowest first."""
    return tuple(sorted({level.each_core_standard for level in edition.awards}))


def _standing(edition: Edition, share: Fraction, threshold: Callable[[AwardLevel], Fraction]) -> Standing:
    reached = tuple(takewhile(lambda level: share * 100 >= threshold(level), edition.awards))
    level = reached[-1] if reached else edition.awards[0]
    return Standing(level.level, threshold(level), bool(reached))
