"""Which numbers of a statistic are shown.

A number that rests on one to four programmes is not; nor are numbers that would give it away. It is taken for granted
that a reader knows every total and this rule. What is shown must therefore be the same for at least two different
values of each number withheld; ``tests/test_withholding.py`` tries all tables of a size.

Numbers withheld side by side all look the same: ``Fewer(than)``. If the small one and the one that covers it could be
told apart, 0 + 5 of 5 would say what both are.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from math import gcd
from typing import TypeVar

# Programmes a number must rest on to be shown.
LEAST = 5

Numbers = tuple[int, ...]
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Fewer:
    """A number that is not shown, only that it is below ``than``; None where that would say nothing."""

    than: int | None = None


Cell = int | Fewer


@dataclass(frozen=True, slots=True)
class Spread:
    """How many programmes got each point of a scale, for how many a criterion did not apply, and the mean of points.

    ``mean`` is None where it is not shown, or nobody was rated.
    """

    points: tuple[Cell, ...]
    not_applicable: Cell
    mean: Fraction | None

    @property
    def silent(self) -> bool:
        """Whether nothing of it is shown."""
        return self.mean is None and all(isinstance(cell, Fewer) for cell in self.points)


def total(members: Sequence[str]) -> Cell:
    """How many there are; ``members`` names the programme of each."""
    return len(members) if not members or len(set(members)) >= LEAST else Fewer(LEAST)


def row(members: Sequence[Sequence[str]]) -> tuple[Cell, ...]:
    """How many there are in each group, where all groups are listed and their total is shown.

    ``members`` names the programme of each member of each group.
    """
    numbers = tuple(map(len, members))
    small = frozenset(place for place, group in enumerate(members) if 0 < len(set(group)) < LEAST)
    return _shown(numbers, *_withheld(numbers, small))


def listed(groups: Mapping[Key, Sequence[str]]) -> tuple[tuple[Key, ...], tuple[str, ...]]:
    """(groups that may be named, members of all others together): for groups of which there are any number.

    The others rest on enough programmes, or there are none; all together must rest on enough.
    """
    named = [key for key, members in groups.items() if len(set(members)) >= LEAST]

    def others() -> tuple[str, ...]:
        return tuple(member for key, members in groups.items() if key not in named for member in members)

    if named and 0 < len(set(others())) < LEAST:
        least = min(len(groups[key]) for key in named)
        named = [key for key in named if len(groups[key]) > least]
    return tuple(named), others()


def spread(scale: Numbers, programmes: Numbers, not_applicable: int = 0) -> Spread:
    """``programmes`` got the points of ``scale`` (in its order); all of them together are known.

    With the mean two things are known of the numbers withheld: their sum, and the sum of their points. So at least
    three are withheld then, the smallest, and more where that is not enough; if need be all of them, and the mean.
    Then it looks as if two points had been given, whichever, one of them to few.
    """
    rated = sum(programmes)
    points = sum(point * number for point, number in zip(scale, programmes, strict=True))
    mean = Fraction(points, rated) if rated else None
    numbers = (*programmes, not_applicable) if not_applicable else programmes
    places, bound = _withheld(numbers, _small(numbers))
    if not places:
        return Spread(programmes, not_applicable, mean)
    if not_applicable:
        *cells, spared = _shown(numbers, places, bound)
        return Spread(tuple(cells), spared, None)
    for least in range(3, len(scale) + 1):
        if _keeps(scale, programmes, least):
            return Spread(_shown(programmes, *_widened(programmes, least)), 0, mean)
    return Spread((Fewer(),) * len(scale), 0, None)


def _shown(numbers: Numbers, places: frozenset[int], bound: int) -> tuple[Cell, ...]:
    withheld = Fewer(bound if bound <= sum(numbers) else None)
    return tuple(withheld if place in places else number for place, number in enumerate(numbers))


def _small(numbers: Numbers) -> frozenset[int]:
    return frozenset(place for place, number in enumerate(numbers) if 0 < number < LEAST)


def _withheld(numbers: Numbers, small: frozenset[int]) -> tuple[frozenset[int], int]:
    """The places withheld beside a known total, and what all numbers there are below.

    Their numbers could change places, or one pass a unit to another, and the same would be shown.
    """
    if not small:
        return small, 0
    if sum(numbers) <= len(numbers):
        return frozenset(range(len(numbers))), _round_above(sum(numbers))
    values = {numbers[place] for place in small}
    bound = _round_above(max(values))
    if len(small) > 1 and values not in ({1}, {bound - 1}):
        return small, bound
    large = {place: number for place, number in enumerate(numbers) if number and place not in small}
    if not large:
        return small, _round_above(bound)
    least = min(large.values())
    covers = {place for place, number in large.items() if number == least}
    return small | covers, _round_above(max(least, *values))


@lru_cache(maxsize=1 << 16)
def _widened(numbers: Numbers, least: int) -> tuple[frozenset[int], int]:
    """As ``_withheld``, with the next smallest numbers until there are ``least``; fewer where the rest is 0."""
    places, bound = _withheld(numbers, _small(numbers))
    while places and len(places) < least:
        rest = {place: number for place, number in enumerate(numbers) if number and place not in places}
        if not rest:
            break
        next_smallest = min(rest.values())
        places |= {place for place, number in rest.items() if number == next_smallest}
        bound = max(bound, _round_above(next_smallest))
    return places, bound


@lru_cache(maxsize=1 << 16)
def _keeps(scale: Numbers, numbers: Numbers, least: int) -> bool:
    """Whether the mean and all but ``least`` numbers may be shown, where no smaller ``least`` will do.

    That is so where other tables look the same and come to the same end: same sum, same mean, no smaller ``least``.
    """
    places, bound = _widened(numbers, least)
    if len(places) < least:
        return False
    found, todo = {numbers}, [numbers]
    while todo:
        for other in _neighbours(scale, todo.pop(), places):
            if (
                other not in found
                and _widened(other, least) == (places, bound)
                and not any(_keeps(scale, other, fewer) for fewer in range(3, least))
            ):
                found.add(other)
                todo.append(other)
        if all(len({each[place] for each in found}) > 1 for place in places):
            return True
    return False


def _neighbours(scale: Numbers, numbers: Numbers, places: frozenset[int]) -> Iterator[Numbers]:
    """``numbers`` changed at three places so that neither their sum nor the sum of their points changes."""
    for i, j, k in combinations(sorted(places), 3):
        steps = (scale[k] - scale[j], scale[i] - scale[k], scale[j] - scale[i])
        shared = gcd(*steps)
        for sign in (1, -1):
            changed = list(numbers)
            for place, step in zip((i, j, k), steps, strict=True):
                changed[place] += sign * step // shared
            if min(changed) >= 0:
                yield tuple(changed)


def _round_above(number: int) -> int:
    """The next of 5, 10, 20, 50, 100 … above ``number``."""
    five = 5
    while number >= 4 * five:
        five *= 10
    return next(step for step in (five, 2 * five, 4 * five) if step > number)
