"""Bounded memories for the levers, and one call that empties them all."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TypeVar
from weakref import WeakSet

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_all: WeakSet[Bounded[object, object]] = WeakSet()


class Bounded(dict[Key, Value]):
    """A dict that is emptied when it is full.

    Emptying everything needs no bookkeeping at each hit, and the common things are back after one document. Whoever
    keeps a value outside must not rely on its being here.
    """

    def __init__(self, bound: int) -> None:
        super().__init__()
        self.bound = bound
        _all.add(self)  # type: ignore[arg-type]  # only emptied there, whatever it holds

    __hash__ = object.__hash__  # type: ignore[assignment]  # each cache is itself, not its content

    def __eq__(self, other: object) -> bool:
        return self is other

    def __setitem__(self, key: Key, value: Value) -> None:
        if len(self) >= self.bound and key not in self:
            self.clear()
        super().__setitem__(key, value)


def forget() -> None:
    """Empty every cache."""
    for cache in tuple(_all):
        cache.clear()
