"""Rows → CSV that a spreadsheet opens without obeying it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

# What a spreadsheet takes for the beginning of a formula, in forms of double width too, and behind spaces.
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with a header line; what a spreadsheet would take for a formula is kept as text by an apostrophe.

    A number is a number, below nought too, where it is given as one.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    if isinstance(value, int | Fraction):
        return text
    return f"'{text}" if FORMULA.match(text) else text
