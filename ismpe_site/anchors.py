"""Headings → the places on a page that links name: the same for who judges a link and for who makes the page."""

from __future__ import annotations

import re
from collections.abc import Iterable


def anchor(words: str) -> str:
    """The place a heading makes: its words joined by hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", words.lower())) or "section"


class Anchors:
    """The places of a page, in order; ``taken`` are those it has of its own."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        # Each with the last number tried: the first that is free lies behind it.
        self._tried = dict.fromkeys(taken, 1)

    def take(self, name: str) -> str:
        """``name``, with a number where it is taken."""
        number, candidate = self._tried.get(name, 1), name
        while candidate in self._tried:
            number += 1
            candidate = f"{name}-{number}"
        self._tried[candidate] = 1
        self._tried[name] = number
        return candidate
