"""(Edition, Assessment) → Score: exact fractions, the levels reached, the working, the way to the next level.

The rules are the edition's data. The sources fix the thresholds ("You need an overall score of 80% to
achieve the bronze standard, with 60% minimum in each segment. For silver and gold awards you will need to
score 87% and 95% respectively.", ISMPE leaflet, step 3); what they leave open is marked in the edition as the
publisher's choice. Nothing here rounds: percentages are rounded, downwards, only where they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, lcm

from ismpe_site.model import Assessment, AwardLevel, Criterion, Edition
from ismpe_site.results import Change, LevelResult, Score, StandardScore


def score(edition: Edition, assessment: Assessment) -> Score:
    """The score of ``assessment`` under the rules of ``edition``.

    Ratings of criteria the edition does not have are ignored; the content room reports them.
    """
    ratings = _ratings(assessment)
    standards = tuple(
        _standard_score(edition, standard.number, standard.criteria, ratings) for standard in edition.core_standards
    )
    complete = not any(standard.unrated for standard in standards)
    overall = _pooled(edition, standards)
    levels = tuple(_level(edition, level, standards, overall) for level in edition.awards)
    indicative = next((level.level for level in reversed(levels) if level.met), None) if overall is not None else None
    # An incomplete assessment indicates a level only on what is rated so far; it never earns one, and a complete
    # one only once it is signed off.
    award = indicative if complete and assessment.signed_off else None
    goal = _next_goal(edition, indicative) if complete and overall is not None else None
    return Score(
        complete=complete,
        points=sum((standard.points for standard in standards), Fraction()),
        available=sum((standard.available for standard in standards), Fraction()),
        overall=overall,
        lowest=_bound(edition, ratings, _scale_bottom(edition)),
        highest=_bound(edition, ratings, _scale_top(edition)),
        standards=standards,
        levels=levels,
        indicative=indicative,
        award=award,
        next_level=goal.level if goal else None,
        next_changes=_shortest_way(edition, standards, ratings, goal) if goal else (),
    )


NOT_APPLICABLE = "not applicable"
Ratings = Mapping[str, int | str]


def _ratings(assessment: Assessment) -> dict[str, int | str]:
    ratings: dict[str, int | str] = {}
    for criterion, answer in assessment.ratings.items():
        if answer.not_applicable is not None:
            ratings[criterion] = NOT_APPLICABLE
        elif answer.rating is not None:
            ratings[criterion] = answer.rating
    return ratings


def _scale_top(edition: Edition) -> int:
    return max(point.value for point in edition.rating_scale)


def _scale_bottom(edition: Edition) -> int:
    return min(point.value for point in edition.rating_scale)


def _standard_score(edition: Edition, number: int, criteria: tuple[Criterion, ...], ratings: Ratings) -> StandardScore:
    top, bottom = _scale_top(edition), _scale_bottom(edition)
    # Whole numbers of the largest unit that all weights are made of: exact, and quicker than fractions.
    unit = lcm(*(criterion.weight.denominator for criterion in criteria))
    points_units = weight_units = open_units = 0
    rated = not_applicable = unrated = 0
    for criterion in criteria:
        units = criterion.weight.numerator * (unit // criterion.weight.denominator)
        answer = ratings.get(criterion.id)
        if answer == NOT_APPLICABLE:
            not_applicable += 1
        elif isinstance(answer, int):
            rated += 1
            points_units += units * answer
            weight_units += units
        else:
            unrated += 1
            open_units += units
    points, weight, open_weight = (Fraction(units, unit) for units in (points_units, weight_units, open_units))
    available, possible = weight * top, (weight + open_weight) * top
    low, high = points + open_weight * bottom, points + open_weight * top
    if not possible:
        low = high = possible = Fraction(1)
    return StandardScore(number, points, available, rated, not_applicable, unrated, low / possible, high / possible)


def _pooled(edition: Edition, standards: tuple[StandardScore, ...]) -> Fraction | None:
    """The overall score: points over points available, or the mean of the core standards that have a score."""
    scored = [standard for standard in standards if standard.available]
    if not scored:
        return None
    if edition.scoring.pooling == "core-standards":
        return sum((standard.points / standard.available for standard in scored), Fraction()) / len(scored)
    return sum((s.points for s in scored), Fraction()) / sum((s.available for s in scored), Fraction())


def _bound(edition: Edition, ratings: Ratings, fill: int) -> Fraction:
    """The overall score if every criterion still open were rated ``fill``."""
    filled = {criterion.id: fill for criterion in edition.criteria()} | dict(ratings)
    standards = tuple(
        _standard_score(edition, standard.number, standard.criteria, filled) for standard in edition.core_standards
    )
    return _pooled(edition, standards) or Fraction()


def _level(
    edition: Edition, level: AwardLevel, standards: tuple[StandardScore, ...], overall: Fraction | None
) -> LevelResult:
    required, each = level.overall / 100, level.each_core_standard / 100
    below = tuple(s.number for s in standards if s.fraction is not None and s.fraction < each)
    unscored = any(s.fraction is None and s.unrated for s in standards)
    short = max(Fraction(), required - (overall or 0))
    points_short = None
    if edition.scoring.pooling == "criteria" and overall is not None:
        points_short = ceil(short * sum((s.available for s in standards), Fraction()))
    met = overall is not None and not short and not below and not unscored
    return LevelResult(level.level, met, required, each, short, points_short, below)


def _next_goal(edition: Edition, reached: str | None) -> AwardLevel | None:
    names = [level.level for level in edition.awards]
    following = edition.awards[names.index(reached) + 1 :] if reached else edition.awards
    return following[0] if following else None


def _shortest_way(
    edition: Edition, standards: tuple[StandardScore, ...], ratings: Ratings, goal: AwardLevel
) -> tuple[Change, ...]:
    """The fewest ratings to raise so that ``goal`` is met, each raised only as far as needed.

    First every core standard under its minimum takes its largest gains until it is there; then the largest gains
    left anywhere, until the overall score is there. Within a standard larger gains are never worse, and across
    standards only the gain counts, so no shorter list exists (the tests compare with an exhaustive search).
    """
    top = _scale_top(edition)
    current = {criterion: answer for criterion, answer in ratings.items() if isinstance(answer, int)}
    home = {criterion.id: standard.number for standard in edition.core_standards for criterion in standard.criteria}
    available = {standard.number: standard.available for standard in standards}
    scored = sum(1 for standard in standards if standard.available)
    pooled = sum(available.values(), Fraction())
    # What is missing of each minimum, in points, and of the overall score, as a share; below zero it is to spare.
    missing = {
        standard.number: standard.available * goal.each_core_standard / 100 - standard.points for standard in standards
    }
    short = goal.overall / 100 - (_pooled(edition, standards) or 0)

    def points(criterion: Criterion) -> Fraction:
        """What raising it to the top adds to its core standard."""
        return criterion.weight * (top - current[criterion.id])

    def share(criterion: Criterion, added: Fraction) -> Fraction:
        """What ``added`` points add to the overall score."""
        if edition.scoring.pooling == "core-standards":
            return added / available[home[criterion.id]] / scored
        return added / pooled

    def gain(criterion: Criterion) -> Fraction:
        return share(criterion, points(criterion))

    can_rise = [c for c in edition.criteria() if c.weight and current.get(c.id, top) < top]
    by_gain = sorted(can_rise, key=gain, reverse=True)
    chosen: dict[str, Criterion] = {}
    for criterion in by_gain:
        if missing[home[criterion.id]] > 0:
            chosen[criterion.id] = criterion
            missing[home[criterion.id]] -= points(criterion)
            short -= gain(criterion)
    for criterion in by_gain:
        if short > 0 and criterion.id not in chosen:
            chosen[criterion.id] = criterion
            missing[home[criterion.id]] -= points(criterion)
            short -= gain(criterion)
    targets = {}
    for criterion in sorted(chosen.values(), key=gain):
        number, before = home[criterion.id], current[criterion.id]
        for value in sorted(point.value for point in edition.rating_scale if point.value > before):
            spared = criterion.weight * (top - value)
            if missing[number] + spared <= 0 and short + share(criterion, spared) <= 0:
                targets[criterion.id] = value
                missing[number] += spared
                short += share(criterion, spared)
                break
    return tuple(Change(c.id, current[c.id], targets[c.id]) for c in edition.criteria() if c.id in targets)
