"""Tasks → outcomes: what every executor promises, whether it works here, in processes or on many machines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class ExecutorError(Exception):
    """Tasks cannot be carried out at all; its words say what to do."""


class MissingExtraError(ExecutorError):
    """A library that the base installation does not bring is needed."""


@dataclass(frozen=True)
class Lost:
    """A task that was given up; ``reason``: words for a person, saying what to do."""

    reason: str


@dataclass(frozen=True)
class Limits:
    """Of one task."""

    seconds: int = 300
    megabytes: int = 4096


class Executor(Protocol):
    """One way of carrying out tasks."""

    def run(self, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[tuple[T, R | Lost]]:
        """Every task with its outcome, in any order, as soon as it is done.

        ``work`` is picklable and is sent to each worker once per run; tasks are drawn lazily, so that only a bounded
        number is ever held. A task whose worker dies, hangs or takes too much memory is tried once more, then Lost.

        ``work`` returns what is a document's own fault as its result. What escapes it is our fault and is raised here,
        save MemoryError: that one it must let through, or the limit of memory cannot be told from any other fault.
        """
        ...
