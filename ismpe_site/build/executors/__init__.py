"""Where work is done: here, in processes, on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Lost:
    """A task that was given up; ``reason``: words for a person."""

    reason: str


class Executor(Protocol):
    """Does work."""

    def run(self, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[tuple[T, R | Lost]]:
        """Every task with its outcome."""


class InProcess:
    """Here."""

    def run(self, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[tuple[T, R | Lost]]:
        """Every task with its outcome."""
        for task in tasks:
            yield task, work(task)
