"""A report and the same programme's earlier one, criterion by criterion and core standard by core standard.

Points are compared only where they mean the same both times: one criterion, its wording unchanged by the crosswalks,
rated on the same scale. Shares are compared only where they are made up of the same criteria with the same weights.
Everything else is shown, with what stands against comparing it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ismpe_site.model import CoreStandard, Criterion, Edition
from ismpe_site.publications.crosswalks import Lineage, joined, lineages
from ismpe_site.publications.views import Report
from ismpe_site.results import Score

# What stands against comparing the points of a criterion. "not applicable": it was not, both times.
Obstacle = Literal[
    "", "unlinked", "new", "dropped", "merged", "split", "reworded", "scale",
    "not rated then", "not rated now", "not applicable", "not applicable then", "not applicable now",
]  # fmt: skip
Verdict = Literal["improved", "declined", "unchanged", "not comparable", "not applicable"]
# What stands against comparing shares: some criteria are not comparable; criteria came from elsewhere or went there;
# weights differ; the way to the overall score differs.
ShareObstacle = Literal["", "criteria", "membership", "weights", "pooling"]


@dataclass(frozen=True, slots=True)
class Side:
    """One of two assessments. ``ratings``: criterion → points, None where not applicable; unrated ones are absent."""

    edition: Edition
    ratings: Mapping[str, int | None]
    score: Score

    def share(self, number: int) -> Fraction | None:
        """The score of a core standard."""
        return next(standard.fraction for standard in self.score.standards if standard.number == number)


@dataclass(frozen=True, slots=True)
class CriterionComparison:
    """A criterion then and now.

    ``criterion`` is its number now, empty where it was dropped; ``earlier`` what it was then, ``then`` the points of
    each of these. ``reasons`` are those the crosswalks give.
    """

    criterion: str
    text: str
    earlier: tuple[str, ...]
    then: tuple[int | None, ...]
    now: int | None
    obstacle: Obstacle
    reasons: tuple[str, ...] = ()

    @property
    def difference(self) -> int | None:
        """Points now less points then; None where they are not comparable."""
        if self.obstacle or self.now is None or self.then[0] is None:
            return None
        return self.now - self.then[0]

    @property
    def verdict(self) -> Verdict:
        """What became of it."""
        if self.difference is None:
            return "not applicable" if self.obstacle == "not applicable" else "not comparable"
        return "improved" if self.difference > 0 else "declined" if self.difference < 0 else "unchanged"


@dataclass(frozen=True, slots=True)
class StandardComparison:
    """A core standard then and now; ``then`` is None where no single core standard of then is its counterpart."""

    number: int
    then: Fraction | None
    now: Fraction | None
    obstacle: ShareObstacle
    criteria: tuple[CriterionComparison, ...]

    @property
    def difference(self) -> Fraction | None:
        """The share now less the share then; None where they are not comparable."""
        return None if self.obstacle or self.then is None or self.now is None else self.now - self.then

    def count(self, verdict: Verdict) -> int:
        """How many of its criteria have become so."""
        return sum(row.verdict == verdict for row in self.criteria)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything then and now; ``dropped`` are the criteria of then that are in no core standard now."""

    then: Fraction | None
    now: Fraction | None
    obstacle: ShareObstacle
    standards: tuple[StandardComparison, ...]
    dropped: tuple[CriterionComparison, ...]

    @property
    def difference(self) -> Fraction | None:
        """The overall score now less that of then; None where they are not comparable."""
        return None if self.obstacle or self.then is None or self.now is None else self.now - self.then

    @property
    def criteria(self) -> tuple[CriterionComparison, ...]:
        """Every criterion of now, in order, then those that were dropped."""
        return (*(row for standard in self.standards for row in standard.criteria), *self.dropped)

    def count(self, verdict: Verdict) -> int:
        """How many of all criteria have become so."""
        return sum(row.verdict == verdict for row in self.criteria)


def with_earlier(report: Report, editions: Sequence[Edition]) -> Comparison | None:
    """The report compared with its programme's earlier one, where there is one."""
    earlier = report.earlier
    if earlier is None:
        return None
    ratings = {
        answer.criterion.id: answer.points
        for _, answers in report.answers
        for answer in answers
        if answer.points is not None or answer.not_applicable is not None
    }
    edition = next(one for one in editions if one.id == earlier.edition)
    then = Side(edition, dict(earlier.ratings), earlier.score)
    return compare(then, Side(report.edition, ratings, report.score), editions)


def compare(then: Side, now: Side, editions: Sequence[Edition]) -> Comparison:
    """Two assessments compared; ``editions``: all that crosswalks between theirs may lead over."""
    forth, back = lineages(editions, then.edition, now.edition), lineages(editions, now.edition, then.edition)
    linked = joined(editions, now.edition, then.edition)
    pairs = _Pairs(then, now, forth, back, linked)
    standards = tuple(_standard(pairs, standard) for standard in now.edition.core_standards)
    gone = (criterion for criterion in then.edition.criteria() if linked and not forth[criterion.id].criteria)
    dropped = tuple(
        CriterionComparison(
            "", one.text, (one.id,), (then.ratings.get(one.id),), None, "dropped", forth[one.id].reasons
        )
        for one in gone
    )
    return Comparison(
        then.score.overall, now.score.overall, _obstacle_of_all(pairs, standards, dropped), standards, dropped
    )


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Both sides, and which criterion of one is which of the other."""

    then: Side
    now: Side
    forth: Mapping[str, Lineage]
    back: Mapping[str, Lineage]
    linked: bool

    def before(self, criterion: str) -> Criterion:
        """A criterion of then."""
        return next(one for one in self.then.edition.criteria() if one.id == criterion)


def _criterion(pairs: _Pairs, criterion: Criterion) -> CriterionComparison:
    lineage = pairs.back[criterion.id]
    return CriterionComparison(
        criterion.id,
        criterion.text,
        lineage.criteria,
        tuple(pairs.then.ratings.get(old) for old in lineage.criteria),
        pairs.now.ratings.get(criterion.id),
        _text_obstacle(pairs, criterion) or _rating_obstacle(pairs, criterion.id, lineage.criteria[0]),
        lineage.reasons,
    )


def _text_obstacle(pairs: _Pairs, criterion: Criterion) -> Obstacle:
    """What keeps it from being the same criterion, measured in the same way."""
    lineage = pairs.back[criterion.id]
    if not pairs.linked:
        return "unlinked"
    if len(lineage.criteria) != 1:
        return "merged" if lineage.criteria else "new"
    (old,) = lineage.criteria
    if len(pairs.forth[old].criteria) > 1:
        return "split"
    same_words = pairs.before(old).text.split() == criterion.text.split()
    if not same_words or not {"unchanged", "moved"}.issuperset(lineage.relations):
        return "reworded"
    return "" if pairs.then.edition.rating_scale == pairs.now.edition.rating_scale else "scale"


def _rating_obstacle(pairs: _Pairs, criterion: str, old: str) -> Obstacle:
    """What keeps the two answers from being points both."""
    if old not in pairs.then.ratings:
        return "not rated then"
    if criterion not in pairs.now.ratings:
        return "not rated now"
    then, now = pairs.then.ratings[old], pairs.now.ratings[criterion]
    if then is None:
        return "not applicable" if now is None else "not applicable then"
    return "not applicable now" if now is None else ""


def _standard(pairs: _Pairs, standard: CoreStandard) -> StandardComparison:
    rows = tuple(_criterion(pairs, criterion) for criterion in standard.criteria)
    olds = {old for row in rows for old in row.earlier}
    homes = [home for home in pairs.then.edition.core_standards if any(one.id in olds for one in home.criteria)]
    home = homes[0] if len(homes) == 1 else None
    then = pairs.then.share(home.number) if home else None
    obstacle: ShareObstacle = ""
    if _spoilt(rows):
        obstacle = "criteria"
    elif home is None or olds != {one.id for one in home.criteria}:
        obstacle = "membership"
    elif _weighed_otherwise(pairs, rows):
        obstacle = "weights"
    return StandardComparison(standard.number, then, pairs.now.share(standard.number), obstacle, rows)


def _obstacle_of_all(
    pairs: _Pairs, standards: Sequence[StandardComparison], dropped: Sequence[CriterionComparison]
) -> ShareObstacle:
    rows = [row for standard in standards for row in standard.criteria]
    if dropped or _spoilt(rows):
        return "criteria"
    if pairs.then.edition.scoring.pooling != pairs.now.edition.scoring.pooling:
        return "pooling"
    by_standards = pairs.now.edition.scoring.pooling == "core-standards"
    if by_standards and any(standard.obstacle == "membership" for standard in standards):
        return "membership"
    return "weights" if _weighed_otherwise(pairs, rows) else ""


def _spoilt(rows: Sequence[CriterionComparison]) -> bool:
    """Whether shares of these criteria cannot be compared; what applied neither time is in neither share."""
    return any(row.obstacle not in ("", "not applicable") for row in rows)


def _weighed_otherwise(pairs: _Pairs, rows: Sequence[CriterionComparison]) -> bool:
    weights = {criterion.id: criterion.weight for criterion in pairs.now.edition.criteria()}
    return any(not row.obstacle and weights[row.criterion] != pairs.before(row.earlier[0]).weight for row in rows)
