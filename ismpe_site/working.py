"""A score in words: the figures, the threshold that binds, what is missing for the next level."""

from __future__ import annotations

from collections.abc import Iterator

from ismpe_site.results import LevelResult, Score, exact_number, percent_down


def working(key: str, edition: str, status: str, score: Score) -> str:
    """The working of one assessment for a terminal, a line a fact."""
    unrated = [standard.number for standard in score.standards if standard.fraction is None and standard.unrated]
    lines = [
        f"{key}  (edition {edition}, {status})",
        *_standards(score),
        *(f"  {_level(level, unrated)}" for level in reversed(score.levels)),
    ]
    if not score.complete:
        lines.append(
            f"  incomplete: between {percent_down(score.lowest)} and {percent_down(score.highest)} % still possible"
        )
    indicative = f" (indicative: {score.indicative})" if score.indicative else ""
    lines.append(f"  award: {score.award or 'none' + indicative}")
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
        yield f"  core standard {row.number}  {row.points!s:>5} of {row.available!s:>4} points  {figure:>9}{remark}"
    if score.overall is not None:
        figure = f"{percent_down(score.overall)} %"
        points = f"{score.points!s:>5} of {score.available!s:>4} points"
        yield f"  overall          {points}  {figure:>9}  exactly {score.overall}"


def _level(level: LevelResult, unrated: list[int]) -> str:
    missing = []
    if level.points_short:
        missing.append(f"{level.points_short} point{'' if level.points_short == 1 else 's'} short")
    elif level.short:
        missing.append("overall score too low")
    minimum = exact_number(level.each_required * 100)
    missing += [f"core standard {number} below {minimum} %" for number in level.below_minimum]
    missing += [f"core standard {', '.join(map(str, unrated))} not rated"] if unrated else []
    result = "met" if level.met else f"not met: {' and '.join(missing)}"
    return f"{level.level:<8} asks for {exact_number(level.overall_required * 100)} %: {result}"
