"""A score in words: the figures, the threshold that binds, what is missing for the next level."""

from __future__ import annotations

from collections.abc import Iterator

from ismpe_site.results import LevelResult, Score, exact_number, percent_down


def working(key: str, edition: str, status: str, score: Score) -> str:
    """The working of one assessment for a terminal, a line a fact."""
    lines = [
        f"{key}  (edition {edition}, {status})",
        *_standards(score),
        *(f"  {_level(level, score)}" for level in reversed(score.levels)),
    ]
    if not score.complete:
        bounds = f"between {percent_down(score.lowest)} and {percent_down(score.highest)} % still possible"
        lines.append(f"  incomplete: {_open(score)}, {bounds}")
    lines.append(f"  award: {_award(status, score)}")
    if score.next_level:
        steps = ", ".join(f"{change.criterion} from {change.before} to {change.after}" for change in score.next_changes)
        lines.append(f"  a shortest way to {score.next_level}: {steps}")
    return "\n".join(lines)


def _standards(score: Score) -> Iterator[str]:
    for row in score.standards:
        figure = "not rated" if row.fraction is None else f"{percent_down(row.fraction)} %"
        notes = [f"{row.unrated} still open"] if row.unrated else []
        notes += [f"{row.not_applicable} not applicable"] if row.not_applicable else []
        remark = f"  ({', '.join(notes)})" if notes else ""
        points = f"{exact_number(row.points):>5} of {exact_number(row.available):>4} points"
        yield f"  core standard {row.number}  {points}  {figure:>9}{remark}"
    if score.overall is not None:
        figure = f"{percent_down(score.overall)} %"
        # Where the score is the mean of the core standards, the points of the whole say nothing about it.
        pooled = all(level.points_short is not None for level in score.levels)
        points = f"{exact_number(score.points):>5} of {exact_number(score.available):>4} points"
        how = points if pooled else "mean of the above"
        yield f"  overall          {how:<20}  {figure:>9}  exactly {score.overall}"


def _level(level: LevelResult, score: Score) -> str:
    asks = f"{level.level:<8} asks for {exact_number(level.overall_required * 100)} %"
    if not score.complete:
        return f"{asks}: {_so_far(level, score)}"
    missing = []
    if level.points_short:
        missing.append(f"{level.points_short} point{'' if level.points_short == 1 else 's'} short")
    elif level.short:
        missing.append("overall score too low")
    minimum = exact_number(level.each_required * 100)
    missing += [f"core standard {number} below {minimum} %" for number in level.below_minimum]
    return f"{asks}: met" if level.met else f"{asks}: not met: {' and '.join(missing)}"


def _so_far(level: LevelResult, score: Score) -> str:
    """While criteria are open nothing is short of anything yet: only what can no longer be reached is said."""
    lost = [s.number for s in score.standards if s.highest < level.each_required]
    if score.highest < level.overall_required:
        return f"out of reach: at most {percent_down(score.highest)} % is still possible"
    if lost:
        minimum = exact_number(level.each_required * 100)
        return f"out of reach: core standard {', '.join(map(str, lost))} stays below {minimum} %"
    return "met so far" if level.met else "not met so far, still possible"


def _open(score: Score) -> str:
    number = sum(standard.unrated for standard in score.standards)
    return f"{number} criteri{'on' if number == 1 else 'a'} still open"


def _award(status: str, score: Score) -> str:
    """The award, or why there is none; what the figures indicate is never said without what it hangs on."""
    if score.award or not score.indicative:
        return score.award or "none"
    if not score.complete:
        return f"none (indicative: {score.indicative} on what is rated so far; it may still change)"
    return f"none with status {status} (indicative: {score.indicative}; an award is earned when it is reviewed)"
