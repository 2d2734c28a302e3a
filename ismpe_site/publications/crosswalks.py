"""Where a clause of one edition stands in the others: through the crosswalks alone, never by a number that looks alike.

Editions are joined by ``supersedes``; between two that are not neighbours the crosswalks are followed one after the
other. A clause that was dropped on the way, or an edition no crosswalk leads to, has no link.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from ismpe_site.model import Edition
from ismpe_site.publications import addresses

# Edition's short title, clause there, address with anchor.
Elsewhere = tuple[str, str, str]


def counterparts(editions: Sequence[Edition], edition: Edition) -> dict[str, tuple[Elsewhere, ...]]:
    """Clause → where it stands in the other editions; several clauses of one edition where it was split."""
    known = {other.id: other for other in editions}
    found: dict[str, tuple[Elsewhere, ...]] = {}
    for other in (other for other in editions if other.id != edition.id):
        there, back = _followed(edition, other, known), _followed(other, edition, known)
        for clause, clauses in {**there, **_outcomes(edition, other, there, back)}.items():
            found[clause] = found.get(clause, ()) + tuple(_link(other, one) for one in clauses)
    return found


def _link(other: Edition, clause: str) -> Elsewhere:
    return other.short_title, clause, addresses.clause(other.id, clause)


def _line(edition: Edition, known: Mapping[str, Edition]) -> list[Edition]:
    """The edition and those before it, newest first."""
    line = [edition]
    while (before := known.get(line[-1].supersedes or "")) is not None:
        line.append(before)
    return line


def _way(edition: Edition, other: Edition, known: Mapping[str, Edition]) -> list[Edition]:
    """From one edition to the other, neighbour by neighbour, over the latest edition both come from; or nothing."""
    down, up = _line(edition, known), _line(other, known)
    meeting = next((old for old in down if old in up), None)
    if meeting is None:
        return []
    return down[: down.index(meeting) + 1] + up[: up.index(meeting)][::-1]


def _followed(edition: Edition, other: Edition, known: Mapping[str, Edition]) -> dict[str, tuple[str, ...]]:
    """Criterion → what it is in the other edition, in the order there."""
    way = _way(edition, other, known)
    followed: dict[str, tuple[str, ...]] = {}
    for criterion in edition.criteria():
        found = {criterion.id} if way else set()
        for here, there in pairwise(way):
            found = {new for old in found for new in _step(here, old, there)}
        followed[criterion.id] = tuple(one.id for one in other.criteria() if one.id in found)
    return followed


def _step(here: Edition, criterion: str, there: Edition) -> Iterable[str]:
    if there.supersedes == here.id:
        return next((entry.new for entry in there.crosswalk if entry.old == criterion), ())
    return [entry.old for entry in here.crosswalk if criterion in entry.new]


def _outcomes(
    edition: Edition, other: Edition, there: Mapping[str, tuple[str, ...]], back: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Outcomes have no crosswalk: one is followed by its number only where its core standard stayed what it was,
    with as many outcomes, and no criterion moved out of it or into it."""
    lengths = {standard.number: len(standard.outcomes) for standard in other.core_standards}
    found: dict[str, tuple[str, ...]] = {}
    for standard in edition.core_standards:
        number = str(standard.number)
        led = [new for clauses in (there, back) for old in clauses if _number(old) == number for new in clauses[old]]
        stayed = {_number(new) for new in led} == {number} and lengths.get(standard.number) == len(standard.outcomes)
        for index in range(1, len(standard.outcomes) + 1):
            clause = f"o{number}.{index}"
            found[clause] = (clause,) if stayed else ()
    return found


def _number(clause: str) -> str:
    """The core standard of a criterion or an outcome."""
    return clause.lstrip("o").split(".")[0]
