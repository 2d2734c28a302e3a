"""JSON as it can be understood in one way only, and the one way in which we write what is digested."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NoReturn


def read_exactly(text: str) -> Any:
    """The value that ``text`` is. Raises ValueError where two readers could understand it in two ways.

    That is where a name stands twice in one object, or where a number is none (NaN, Infinity); also where it is too
    deeply nested to be read at all.
    """
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def compact(value: object) -> str:
    """``value`` in one line: names in order, no white space."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(value: object, salt: str = "") -> str:
    """SHA-256 of ``salt`` and of what ``value`` says, however it is written, in hexadecimal digits."""
    return hashlib.sha256(f"{salt}{compact(value)}".encode("utf-8", "surrogatepass")).hexdigest()
