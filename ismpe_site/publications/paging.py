"""A long list → pages that a browser can carry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

# Entries of a list that one page holds.
PAGE = 500

Entry = TypeVar("Entry")


@dataclass(frozen=True)
class Paging:
    """Where a page stands among those of its list: ``number`` and ``first`` count from 1.

    ``first`` and ``last`` number its entries, of ``total``; a page holds at most ``size``. ``addresses`` are those of
    all pages.
    """

    size: int
    number: int
    first: int
    last: int
    total: int
    addresses: tuple[str, ...]

    @property
    def before(self) -> str | None:
        """The address of the page before."""
        return self.addresses[self.number - 2] if self.number > 1 else None

    @property
    def after(self) -> str | None:
        """The address of the next page."""
        return self.addresses[self.number] if self.number < len(self.addresses) else None


def pages(
    entries: Sequence[Entry], address: Callable[[int], str], size: int = PAGE
) -> Iterator[tuple[Paging, Sequence[Entry]]]:
    """Each page with its entries, at most ``size``; a list without entries has one page."""
    starts = range(0, max(len(entries), 1), size)
    addresses = tuple(address(number) for number in range(1, len(starts) + 1))
    for number, start in enumerate(starts, 1):
        of_page = entries[start : start + size]
        yield Paging(size, number, start + 1, start + len(of_page), len(entries), addresses), of_page
