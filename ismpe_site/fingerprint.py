"""A value → its digest: equal values have equal digests in every process, on every day, on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from operator import attrgetter
from typing import Any

from pydantic import BaseModel

PLAIN = (int, bool, date, Fraction)
Put = Callable[[bytes], object]
Values = Callable[[object], tuple[object, ...]]


class Fingerprints:
    """Digests of plain values: text, numbers, days, bytes, lists, mappings, frozen dataclasses and models.

    The digest of a frozen object is remembered for as long as this lives, since thousands of artefacts share one
    edition or one site. ``known``: others whose memory this one begins with.
    """

    def __init__(self, known: Fingerprints | None = None) -> None:
        self._known: dict[int, tuple[object, bytes]] = dict(known._known) if known else {}

    def of(self, value: object) -> bytes:
        """32 bytes that stand for ``value``; its type is part of it: 1, "1" and True differ.

        Raises TypeError for anything whose meaning is not its value.
        """
        parts: list[bytes] = []
        self._write(value, parts.append)
        return hashlib.sha256(b"".join(parts)).digest()

    def _write(self, value: Any, put: Put) -> None:
        """The canonical form: each part with its kind and its length, so that no two values run together."""
        kind = type(value)
        if kind is str:
            data = value.encode("utf-8", "surrogatepass")
            put(b"str %d:%b" % (len(data), data))
        elif value is None or kind in PLAIN:
            data = str(value).encode()
            put(b"%b %d:%b" % (kind.__name__.encode(), len(data), data))
        elif kind is tuple or kind is list:
            put(b"list %d:" % len(value))
            for item in value:
                self._write(item, put)
        elif (form := _form(kind)) is not None:  # type: ignore[arg-type]  # mypy takes a class for one of its instances
            put(b"object:%b" % self._of_object(value, *form))
        elif isinstance(value, Mapping):
            # The order is part of a mapping: pages show entries in it.
            put(b"mapping %d:" % len(value))
            for key, item in value.items():
                self._write(key, put)
                self._write(item, put)
        elif isinstance(value, str | bytes):
            # Markup is another kind than text: it needs no escaping.
            data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
            put(b"%b %d:%b" % (kind.__name__.encode(), len(data), data))
        elif callable(value) and hasattr(value, "__qualname__"):
            name = f"{value.__module__}.{value.__qualname__}".encode()
            put(b"function %d:%b" % (len(name), name))
        else:
            raise TypeError(f"{kind.__name__} has no canonical form; give artefacts plain values")

    def _of_object(self, value: object, head: bytes, values: Values) -> bytes:
        known = self._known.get(id(value))
        if known is not None and known[0] is value:
            return known[1]
        parts = [head]
        for item in values(value):
            self._write(item, parts.append)
        digest = hashlib.sha256(b"".join(parts)).digest()
        self._known[id(value)] = (value, digest)
        return digest


@lru_cache(maxsize=512)
def _form(kind: type) -> tuple[bytes, Values] | None:
    """(the type's name and the names of its fields, what gives their values in that order); of objects alone"""
    if issubclass(kind, BaseModel):
        names = list(kind.model_fields)
    elif is_dataclass(kind):
        names = [field.name for field in fields(kind)]
    else:
        return None
    head = f"{kind.__module__}.{kind.__qualname__} {' '.join(names)}:".encode()
    # Of one name alone attrgetter would give the value itself.
    get = attrgetter(*names) if len(names) > 1 else lambda value: tuple(getattr(value, name) for name in names)
    return head, get
