"""An address → the code a phone reads it from. The only home of segno."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import segno

# White modules around a code, without which readers do not find it (ISO/IEC 18004).
QUIET = 4


class AddressError(ValueError):
    """An address too long for any code."""


@dataclass(frozen=True)
class Code:
    """A square of ``size`` modules, its white edge included; ``path`` is SVG path data that fills the dark ones."""

    size: int
    path: str


@lru_cache(maxsize=64)
def code(address: str) -> Code:
    """The code of ``address``: readable with 15 % of it dirty or torn, more where that costs no room.

    Raises AddressError where it is too long.
    """
    try:
        symbol = segno.make(address, error="m", micro=False)
    except segno.DataOverflowError as error:
        raise AddressError(f"{address[:60]}… is too long for a QR code: shorten the names in it") from error
    path = []
    for y, row in enumerate(symbol.matrix, QUIET):
        x = QUIET
        for dark, run in groupby(row):
            width = sum(1 for _ in run)
            if dark:
                path.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return Code(len(symbol.matrix) + 2 * QUIET, "".join(path))
