"""Tasks one after the other in this very process: no worker, no limit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ismpe_site.build.executors import Lost, R, T


@dataclass(frozen=True)
class InProcess:
    """For few or small tasks, and for looking at them with a debugger."""

    def run(self, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[tuple[T, R | Lost]]:
        """As ``Executor.run``; nothing is ever Lost."""
        for task in tasks:
            yield task, work(task)
