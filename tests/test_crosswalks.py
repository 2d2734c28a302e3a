"""Links from a clause to the same clause of other editions: they follow the crosswalks, or there is none."""

from __future__ import annotations

from ismpe_site.model import CrosswalkEntry, Edition
from ismpe_site.publications.crosswalks import counterparts
from tests.scoring_by_hand import MILLION, Level, Rules
from tests.test_scoring import edition_of


def edition(name: str, sizes: tuple[int, ...], supersedes: str | None = None, **crosswalk: str) -> Edition:
    """An edition with so many criteria in each core standard; ``c1_2="2.1 2.2"``: 1.2 of the one before went there."""
    rules = Rules((0, 4), False, (Level("bronze", 0, 0),), tuple((MILLION,) * size for size in sizes))
    entries = tuple(
        CrosswalkEntry.model_validate(
            {"old": old[1:].replace("_", "."), "new": new.split(), "relation": "moved" if new else "dropped"}
        )
        for old, new in crosswalk.items()
    )
    given = {"id": name, "short_title": name.upper(), "supersedes": supersedes, "crosswalk": entries}
    return edition_of(rules).model_copy(update=given)


# 1.1 stays, 1.2 is split, 1.3 moves to core standard 2, 2.1 is dropped; then the two halves of 1.2 are merged again.
FIRST = edition("first", (3, 1))
SECOND = edition("second", (3, 1), "first", c1_1="1.1", c1_2="1.2 1.3", c1_3="2.1", c2_1="")
THIRD = edition("third", (2, 2), "second", c1_1="1.2", c1_2="1.1", c1_3="1.1", c2_1="2.2")
BESIDE = edition("beside", (2, 2), "first", c1_1="1.1", c1_2="1.2", c1_3="2.2", c2_1="2.1")
ALONE = edition("alone", (3, 1))
ALL = (FIRST, SECOND, THIRD, BESIDE, ALONE)


def there(here: Edition, other: Edition) -> dict[str, str]:
    """Clause → the clauses it is linked to in the other edition."""
    return {
        clause: " ".join(to for title, to, _ in links if title == other.short_title)
        for clause, links in counterparts(ALL, here).items()
    }


def test_a_split_criterion_leads_to_each_of_its_parts_and_back() -> None:
    assert there(FIRST, SECOND) == {
        "1.1": "1.1", "1.2": "1.2 1.3", "1.3": "2.1", "2.1": "", "o1.1": "", "o2.1": "",
    }  # fmt: skip
    assert there(SECOND, FIRST) == {
        "1.1": "1.1", "1.2": "1.2", "1.3": "1.2", "2.1": "1.3", "o1.1": "", "o2.1": "",
    }  # fmt: skip


def test_editions_that_are_no_neighbours_are_joined_through_those_between() -> None:
    assert there(FIRST, THIRD) == {
        "1.1": "1.2", "1.2": "1.1", "1.3": "2.2", "2.1": "", "o1.1": "", "o2.1": "",
    }  # fmt: skip
    assert there(THIRD, FIRST) == {
        "1.1": "1.2", "1.2": "1.1", "2.1": "", "2.2": "1.3", "o1.1": "", "o2.1": "",
    }  # fmt: skip


def test_two_editions_that_follow_the_same_one_are_joined_through_it() -> None:
    assert there(BESIDE, THIRD) == {
        "1.1": "1.2", "1.2": "1.1", "2.1": "", "2.2": "2.2", "o1.1": "o1.1", "o2.1": "o2.1",
    }  # fmt: skip


def test_an_edition_no_crosswalk_leads_to_has_no_link_even_where_the_numbers_are_the_same() -> None:
    assert set(there(FIRST, ALONE).values()) == set(there(ALONE, FIRST).values()) == {""}


def test_an_outcome_is_linked_only_where_its_core_standard_is_the_same_and_has_as_many() -> None:
    one, same = edition("one", (1,)), edition("same", (1,), "one", c1_1="1.1")
    standard = same.core_standards[0]
    more = same.model_copy(
        update={"core_standards": (standard.model_copy(update={"outcomes": ("An outcome", "Another")}),)}
    )
    assert [link[1] for link in counterparts((one, same), one)["o1.1"]] == ["o1.1"]
    assert counterparts((one, more), one)["o1.1"] == ()


def test_the_address_is_that_of_the_clause_in_the_other_edition() -> None:
    assert counterparts((FIRST, SECOND), FIRST)["1.3"] == (("SECOND", "2.1", "standard/second/2/#c2.1"),)
