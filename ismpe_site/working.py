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
        points = f"{exact_number(score.points):>5} of {exact_number(score.available):>4} points"
        yield f"  overall          {points}  {figure:>9}  exactly {score.overall}"


def _level(level: LevelResult, score: Score) -> str:
    missing = []
    if level.points_short:
        missing.append(f"{level.points_short} point{'' if level.points_short == 1 else 's'} short")
    elif level.short:
        missing.append("overall score too low")
    minimum = exact_number(level.each_required * 100)
    missing += [f"core standard {number} below {minimum} %" for number in level.below_minimum]
    unrated = [str(standard.number) for standard in score.standards if standard.fraction is None and standard.unrated]
    missing += [f"core standard {', '.join(unrated)} not rated"] if unrated else []
    so_far = "" if score.complete else " so far"
    result = f"met{so_far}" if level.met else f"not met{so_far}: {' and '.join(missing)}"
    return f"{level.level:<8} asks for {exact_number(level.overall_required * 100)} %: {result}"


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
