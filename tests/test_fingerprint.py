"""Equal values have equal digests, and other values others."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from ismpe_site.fingerprint import Fingerprints
from ismpe_site.model import AwardLevel, Period

plain = st.none() | st.booleans() | st.integers() | st.text() | st.binary() | st.dates() | st.fractions()
values = st.recursive(
    plain | st.text().map(Markup),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@dataclass(frozen=True)
class One:
    first: Any
    second: Any = None


@dataclass(frozen=True)
class Other:
    first: Any
    second: Any = None


DIFFERENT = [
    *(1, "1", True, "True", b"1", None, "None", Fraction(1), Markup("1"), Fraction(1, 2), "1/2"),
    *(date(2025, 3, 4), "2025-03-04", (), "", b"", {}, ("",), ((),), ("a", "b"), ("b", "a"), ("ab",), (("a",), "b")),
    *({"a": "b"}, ("a", "b", ""), (("a", "b"),), {"a": 1, "b": 2}, {"b": 2, "a": 1}, {"a": {"b": 1}}),
    *(One("a", "b"), Other("a", "b"), One("b", "a"), One("a"), One("a", ""), (One("a"),), One(One("a")), One, Other),
    *(pytest.fixture, "a\0b", "str 1:a", ("str 1:a",), ("a", "str 1:b"), "list 1:", b"list 1:"),
    AwardLevel(level="gold", overall=Fraction(95), each_core_standard=Fraction(60)),
    AwardLevel(level="gold", overall=Fraction(60), each_core_standard=Fraction(95)),
]


def test_different_values_differ() -> None:
    digests = [Fingerprints().of(value) for value in DIFFERENT]
    assert len(set(digests)) == len(DIFFERENT)


def test_a_list_is_a_tuple() -> None:
    assert Fingerprints().of([1, (2,)]) == Fingerprints().of((1, [2]))


def look(value: Any) -> object:
    """The value with its types, for comparison."""
    if isinstance(value, list):
        return [look(item) for item in value]
    if isinstance(value, dict):
        return [(key, look(item)) for key, item in value.items()], dict
    return type(value), value


@settings(max_examples=400, derandomize=True, deadline=None, database=None)
@given(values, values)
def test_digests_are_equal_where_values_are(one: Any, other: Any) -> None:
    assert (Fingerprints().of(one) == Fingerprints().of(other)) == (look(one) == look(other))
    assert Fingerprints().of(One(one)) == Fingerprints().of(One(pickle.loads(pickle.dumps(one))))  # noqa: S301


def test_what_is_remembered_changes_no_digest() -> None:
    shared = One("text", Period.model_validate({"from": "2025-01-01"}))
    value = (shared, One(shared, [shared]), shared)
    known = Fingerprints()
    known.of(shared)
    assert Fingerprints(known).of(value) == known.of(value) == Fingerprints().of(value)


def test_what_is_remembered_by_one_is_not_remembered_by_another() -> None:
    known = Fingerprints()
    began = Fingerprints(known)
    began.of(One("text"))
    assert not known._known


def test_a_stranger_in_the_place_of_what_is_remembered() -> None:
    fingerprints = Fingerprints()
    # As where an object is gone and another has got its place in memory.
    value, stranger = One("value"), One("stranger")
    fingerprints.of(stranger)
    fingerprints._known[id(value)] = fingerprints._known[id(stranger)]
    assert fingerprints.of(value) == Fingerprints().of(value)


@pytest.mark.parametrize("value", [object(), {1, 2}, iter(()), 1.5])
def test_what_has_no_value_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="has no canonical form"):
        Fingerprints().of((value,))
