"""Where a clause of one edition stands in the others: through the crosswalks alone, never by a number that looks alike.

Editions are joined by ``supersedes``; between two that are not neighbours the crosswalks are followed one after the
other. A clause that was dropped on the way, or an edition no crosswalk leads to, has no link.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ismpe_site.model import CrosswalkEntry, Edition
from ismpe_site.publications import addresses

# Edition's short title, clause there, address with anchor.
Elsewhere = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Lineage:
    """What a criterion is in another edition, and what the crosswalks say happened on the way, with their reasons."""

    criteria: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


def joined(editions: Sequence[Edition], edition: Edition, other: Edition) -> bool:
    """Whether crosswalks lead from one edition to the other."""
    return bool(_way(edition, other, {one.id: one for one in editions}))


def lineages(editions: Sequence[Edition], edition: Edition, other: Edition) -> dict[str, Lineage]:
    """Criterion of ``edition`` → what it is in ``other``: of no criteria where it was dropped or no crosswalk leads."""
    return _followed(edition, other, {one.id: one for one in editions})


def counterparts(editions: Sequence[Edition], edition: Edition) -> dict[str, tuple[Elsewhere, ...]]:
    """Clause → where it stands in the other editions; several clauses of one edition where it was split."""
    known = {other.id: other for other in editions}
    found: dict[str, tuple[Elsewhere, ...]] = {}
    for other in (other for other in editions if other.id != edition.id):
        there, back = _places(_followed(edition, other, known)), _places(_followed(other, edition, known))
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


def _followed(edition: Edition, other: Edition, known: Mapping[str, Edition]) -> dict[str, Lineage]:
    """Criterion → what it is in the other edition, in the order there."""
    way = _way(edition, other, known)
    followed: dict[str, Lineage] = {}
    for criterion in edition.criteria():
        found = {criterion.id} if way else set()
        entries: list[CrosswalkEntry] = []
        for here, there in pairwise(way):
            steps = [step for old in sorted(found) for step in _steps(here, old, there)]
            entries += [entry for entry, _ in steps]
            found = {new for _, led in steps for new in led}
        followed[criterion.id] = Lineage(
            tuple(one.id for one in other.criteria() if one.id in found),
            tuple(dict.fromkeys(entry.relation for entry in entries)),
            tuple(dict.fromkeys(entry.reason for entry in entries if entry.reason)),
        )
    return followed


def _places(followed: Mapping[str, Lineage]) -> dict[str, tuple[str, ...]]:
    return {criterion: lineage.criteria for criterion, lineage in followed.items()}


def _steps(here: Edition, criterion: str, there: Edition) -> Iterator[tuple[CrosswalkEntry, tuple[str, ...]]]:
    """Each entry of the crosswalk between two neighbours that speaks of the criterion, with where it leads."""
    if there.supersedes == here.id:
        # One entry for a criterion of the earlier edition: the checks ask for it.
        yield from ((entry, entry.new) for entry in there.crosswalk if entry.old == criterion)
    else:
        yield from ((entry, (entry.old,)) for entry in here.crosswalk if criterion in entry.new)


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
