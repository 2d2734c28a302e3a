"""No number that is withheld can be worked out from what is shown, by whoever knows the rule and every total."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, permutations, product
from math import gcd

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ismpe_site.publications.withholding import LEAST, Cell, Fewer, Spread, listed, row, spread, total

FUZZ = settings(max_examples=150, derandomize=True, deadline=None, database=None)
FIVE = (0, 1, 2, 3, 4)

Table = tuple[int, ...]


def tables(cells: int, whole: int) -> Iterator[Table]:
    """Every table of so many cells whose numbers add up to ``whole``."""
    if cells == 1:
        yield (whole,)
        return
    for first in range(whole + 1):
        for rest in tables(cells - 1, whole - first):
            yield (first, *rest)


def given_away(
    every: Iterable[Table], shown: Callable[[Table], tuple[Hashable, tuple[Cell, ...]]]
) -> list[tuple[Table, int]]:
    """(table, cell) of each number that is withheld and yet the same in all tables that look alike."""
    alike: dict[Hashable, list[Table]] = {}
    cells: dict[Hashable, tuple[Cell, ...]] = {}
    for table in every:
        look, cells_shown = shown(table)
        alike.setdefault(look, []).append(table)
        cells[look] = cells_shown
    return [
        (found[0], place)
        for look, found in alike.items()
        for place, cell in enumerate(cells[look])
        if isinstance(cell, Fewer) and len({table[place] for table in found}) == 1
    ]


def looks(scale: Table, *, conditional: bool) -> Callable[[Table], tuple[Hashable, tuple[Cell, ...]]]:
    def shown(table: Table) -> tuple[Hashable, tuple[Cell, ...]]:
        points, spared = (table[:-1], table[-1]) if conditional else (table, 0)
        found = spread(scale, points, spared)
        return found, (*found.points, found.not_applicable) if conditional else found.points

    return shown


SCALES = {"0 1": 24, "0 1 2": 20, "0 1 3": 20, "1 2 3 4": 16, "0 2 3 7": 14, "0 1 2 3 4": 12}


@pytest.mark.parametrize("conditional", [False, True], ids=["always applicable", "conditional"])
@pytest.mark.parametrize("scale", SCALES)
def test_no_table_of_ratings_gives_a_number_away(scale: str, conditional: bool) -> None:
    points = tuple(map(int, scale.split()))
    for programmes in range(LEAST, SCALES[scale] - 2 * conditional):
        every = tables(len(points) + conditional, programmes)
        assert given_away(every, looks(points, conditional=conditional)) == []


def members(numbers: Sequence[int], programmes: Sequence[int]) -> list[list[str]]:
    """Groups of so many members that belong to so many programmes, each group to programmes of its own."""
    return [
        [f"{group}/{member % of}" for member in range(number)]
        for group, (number, of) in enumerate(zip(numbers, programmes, strict=True))
    ]


@pytest.mark.parametrize(("cells", "most"), [(2, 24), (3, 17), (4, 14), (5, 12)])
def test_no_row_gives_a_number_away(cells: int, most: int) -> None:
    for whole in range(LEAST, most):

        def shown(table: Table) -> tuple[Hashable, tuple[Cell, ...]]:
            found = row(members(table, table))
            return found, found

        assert given_away(tables(cells, whole), shown) == []


def test_no_row_of_programmes_with_several_awards_gives_a_number_away() -> None:
    """Where a number rests on fewer programmes than it says: the programmes are no secret, the numbers are."""
    for whole in range(LEAST, 12):
        every = [
            table + programmes
            for table in tables(3, whole)
            for programmes in product(*(range(min(1, number), number + 1) for number in table))
        ]

        def shown(table: Table) -> tuple[Hashable, tuple[Cell, ...]]:
            found = row(members(table[:3], table[3:]))
            return found, found

        assert given_away([table for table in every if sum(table[3:]) >= LEAST], shown) == []


def test_no_list_of_named_groups_gives_a_number_away() -> None:
    for whole in range(LEAST, 17):

        def shown(table: Table) -> tuple[Hashable, tuple[Cell, ...]]:
            groups = {place: group for place, group in enumerate(members(table, table)) if group}
            named, others = listed(groups)
            # Of a group that is not named nothing is said; where there are no others it has no members.
            cells = [len(groups[place]) if place in named else Fewer() if others else 0 for place in range(len(table))]
            return (tuple(cells), len(others)), tuple(cells)

        assert given_away(tables(4, whole), shown) == []


def test_the_attack_finds_what_simpler_rules_give_away() -> None:
    """Small numbers alone; a cover that can be told from the small number; a mean beside two numbers withheld."""

    def only_small(table: Table) -> tuple[Hashable, tuple[Cell, ...]]:
        cells = tuple(Fewer(5) if 0 < number < LEAST else number for number in table)
        return cells, cells

    def told_apart(table: Table) -> tuple[Hashable, tuple[Cell, ...]]:
        cells = row(members(table, table))
        marked = tuple(
            Fewer(5 if number < LEAST else 1000) if isinstance(cell, Fewer) else cell
            for number, cell in zip(table, cells, strict=True)
        )
        return marked, marked

    def always_the_mean(table: Table) -> tuple[Hashable, tuple[Cell, ...]]:
        cells = row(members(table, table))
        return (cells, sum(map(int.__mul__, FIVE[:3], table))), cells

    for rule in (only_small, told_apart, always_the_mean):
        assert given_away(tables(3, 12), rule), rule.__name__


# -- larger tables, of which not all can be tried --

FEWER, SILENT = Fewer(5), Fewer()

counts = st.lists(st.one_of(st.integers(0, 6), st.integers(0, 400)), min_size=5, max_size=5).map(tuple)


def neighbours(table: Table, places: Sequence[int], scale: Table) -> Iterator[Table]:
    """Tables with the same sum that differ from ``table`` at ``places`` alone; first those with the same mean."""
    for i, j, k in combinations(places, 3):
        steps = (scale[k] - scale[j], scale[i] - scale[k], scale[j] - scale[i])
        for sign in (1, -1):
            yield _stepped(table, {i: steps[0], j: steps[1], k: steps[2]}, Fraction(sign, gcd(*steps)))
    for values in sorted(set(permutations(table[place] for place in places))):
        changed = dict(zip(places, values, strict=True))
        yield tuple(changed.get(place, number) for place, number in enumerate(table))
    for i, j in permutations(places, 2):
        yield _stepped(table, {i: 1, j: -1}, Fraction(1))


def _stepped(table: Table, steps: dict[int, int], times: Fraction) -> Table:
    return tuple(number + int(steps.get(place, 0) * times) for place, number in enumerate(table))


def open_cells(table: Table, shown: Callable[[Table], object], places: Sequence[int], scale: Table = FIVE) -> set[int]:
    """The places at which tables that look like ``table`` have another number: found by going from table to table."""
    look, found, todo = shown(table), {table}, [table]
    differing: set[int] = set()
    while todo and len(differing) < len(places) and len(found) < 300:
        for other in neighbours(todo.pop(0), places, scale):
            if min(other) >= 0 and other not in found and shown(other) == look:
                found.add(other)
                todo.append(other)
                differing |= {place for place in places if other[place] != table[place]}
    return differing


def withheld(cells: Sequence[Cell]) -> list[int]:
    return [place for place, cell in enumerate(cells) if isinstance(cell, Fewer)]


@settings(FUZZ, max_examples=60)
@given(counts)
def test_what_is_withheld_of_a_large_table_of_ratings_stays_open(table: Table) -> None:
    shown = spread(FIVE, table)
    places = withheld(shown.points)
    if sum(table) > LEAST and not shown.silent:
        assert open_cells(table, lambda other: spread(FIVE, other), places) == set(places)


@FUZZ
@given(st.integers(LEAST + 1, 10**6))
def test_where_nothing_is_shown_two_programmes_could_have_got_any_point_or_none(programmes: int) -> None:
    for few, many in permutations(range(5), 2):
        table = [0] * 5
        table[few], table[many] = 2, programmes - 2
        assert spread(FIVE, tuple(table)) == Spread((SILENT,) * 5, 0, None)


@FUZZ
@given(counts)
def test_what_is_withheld_of_a_large_row_stays_open(table: Table) -> None:
    def shown(other: Table) -> tuple[Cell, ...]:
        return row(members(other, other))

    places = withheld(shown(table))
    if sum(table) >= LEAST:
        assert open_cells(table, shown, places) == set(places)


@FUZZ
@given(counts, st.integers(0, 400))
def test_no_number_from_one_to_four_is_ever_shown_and_what_is_shown_is_true(table: Table, spared: int) -> None:
    shown = spread(FIVE, table, spared)
    for number, cell in zip((*table, spared), (*shown.points, shown.not_applicable), strict=True):
        if isinstance(cell, Fewer):
            assert cell.than is None or number < cell.than <= sum(table) + spared
        else:
            assert cell == number
            assert not 0 < cell < LEAST
    if shown.mean is not None:
        assert shown.mean == Fraction(sum(map(int.__mul__, FIVE, table)), sum(table))


# -- by hand --


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ((12, 7, 30), (12, 7, 30)),
        ((12, 0, 30), (12, 0, 30)),
        ((3, 1, 30), (FEWER, FEWER, 30)),
        ((3, 7, 30), (Fewer(10), Fewer(10), 30)),
        ((1, 1, 30, 40), (Fewer(50), Fewer(50), Fewer(50), 40)),
        ((3, 7, 7, 30), (Fewer(10), Fewer(10), Fewer(10), 30)),
        # "Fewer than 500" of 303 would say nothing.
        ((3, 0, 300), (SILENT, 0, SILENT)),
        ((4, 4), (SILENT, SILENT)),
        ((1, 1, 1, 1, 1), (SILENT,) * 5),
    ],
)
def test_rows_by_hand(numbers: Table, shown: tuple[Cell, ...]) -> None:
    assert row(members(numbers, numbers)) == shown


def test_six_awards_of_two_programmes_are_few() -> None:
    assert row(members((6, 9, 20), (2, 9, 9))) == (Fewer(10), Fewer(10), 20)
    assert total(["a", "a", "a", "b", "b", "c"]) == FEWER
    assert total(["a", "b", "c", "d", "e", "e"]) == 6
    assert total([]) == 0


@pytest.mark.parametrize(
    ("numbers", "spared", "shown"),
    [
        ((6, 0, 9, 20, 40), 0, Spread((6, 0, 9, 20, 40), 0, Fraction(238, 75))),
        ((0, 1, 6, 33, 60), 0, Spread((0, Fewer(50), Fewer(50), Fewer(50), 60), 0, Fraction(88, 25))),
        # All three that are not 0 are withheld, and the mean of a hard criterion is shown.
        ((20, 15, 3, 0, 0), 0, Spread((SILENT, SILENT, SILENT, 0, 0), 0, Fraction(21, 38))),
        # The mean would give these two away, whatever else is withheld.
        ((0, 0, 0, 2, 43), 0, Spread((SILENT,) * 5, 0, None)),
        ((0, 0, 0, 0, 30), 0, Spread((0, 0, 0, 0, 30), 0, Fraction(4))),
        ((0, 1, 2, 6, 40), 3, Spread((0, FEWER, FEWER, 6, 40), FEWER, None)),
        ((5, 6, 7, 8, 9), 20, Spread((5, 6, 7, 8, 9), 20, Fraction(16, 7))),
        ((0, 0, 0, 0, 0), 9, Spread((0, 0, 0, 0, 0), 9, None)),
    ],
)
def test_spreads_by_hand(numbers: Table, spared: int, shown: Spread) -> None:
    assert spread(FIVE, numbers, spared) == shown


def test_groups_are_named_where_they_rest_on_enough_programmes() -> None:
    def named(**numbers: int) -> tuple[set[str], int]:
        groups = {name: [f"{name}/{member}" for member in range(number)] for name, number in numbers.items()}
        found, others = listed(groups)
        return set(found), len(others)

    assert named(GB=30, NO=7) == ({"GB", "NO"}, 0)
    assert named(GB=30, NO=7, ZA=4, AU=2) == ({"GB", "NO"}, 6)
    assert named(GB=30, NO=7, ZA=4) == ({"GB"}, 11)
    assert named(GB=7, NO=7, ZA=4) == (set(), 18)
    assert named(GB=3, NO=3) == (set(), 6)
