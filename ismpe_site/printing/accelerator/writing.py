"""Lever ``writing``: each object of a PDF is turned into bytes once.

*Speeds up:* a PDF with an identifier is written twice, the second time only to be digested: every stream is
compressed again, every dictionary of the tag tree put into words again (a tenth of a report). And whoever looks up
the reference of one page gets those of all pages made anew.
*Safe:* nothing changes an object while ``PDF.write`` runs; its bytes are asked for by the same code as before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pydyf

from ismpe_site.printing.accelerator.patches import Patch, patch


def patches() -> Iterator[Patch]:
    """For ``pydyf.PDF.write`` and ``pydyf.PDF.page_references``."""
    yield patch(pydyf.PDF, "write", _write(pydyf.PDF.write))
    yield patch(pydyf.PDF, "page_references", property(_page_references(pydyf.PDF.page_references.fget)))


@dataclass
class Written:
    """A PDF object whose bytes are known, for ``PDF.write`` to handle like any other."""

    number: int
    generation: int
    free: str
    compressible: bool
    data: bytes
    offset: int = 0

    @property
    def indirect(self) -> bytes:
        """As ``pydyf.Object.indirect``."""
        return b"%d %d obj\n%b\nendobj" % (self.number, self.generation, self.data)


def _write(plain: Callable[..., None]) -> Callable[..., None]:
    def write(self: Any, *arguments: Any, **named: Any) -> None:
        objects = self.objects
        self.objects = [
            one if one.free == "f" else Written(one.number, one.generation, one.free, one.compressible, one.data)
            for one in objects
        ]
        try:
            plain(self, *arguments, **named)
        finally:
            self.objects = objects

    return write


def _page_references(plain: Callable[[Any], tuple[bytes, ...]]) -> Callable[[Any], tuple[bytes, ...]]:
    """Pages are only ever added: as long as there are as many, their references are the same."""

    def page_references(self: Any) -> tuple[bytes, ...]:
        count = len(self.pages["Kids"])
        known: tuple[int, tuple[bytes, ...]] | None = self.__dict__.get("_references")
        if known is None or known[0] != count:
            known = self.__dict__["_references"] = count, plain(self)
        return known[1]

    return page_references
