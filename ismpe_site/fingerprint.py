"""A value → its digest: equal values have equal digests in every process, on every day, on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction

from pydantic import BaseModel

PLAIN = (int, bool, date, Fraction)


class Fingerprints:
    """Digests of plain values: text, numbers, days, bytes, lists, mappings, frozen dataclasses and models.

    The digest of a frozen object is remembered for as long as this lives, since thousands of artefacts share one
    edition or one site.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, bytes]] = {}

    def of(self, value: object) -> bytes:
        """32 bytes that stand for ``value``; its type is part of it: 1, "1" and True differ.

        Raises TypeError for anything whose meaning is not its value.
        """
        known = self._known.get(id(value))
        if known is not None:
            return known[1]
        kind = type(value).__name__.encode()
        if value is None or type(value) in PLAIN:
            return _hash(kind, str(value).encode())
        if isinstance(value, str):
            # Markup is another kind than text: it needs no escaping.
            return _hash(kind, value.encode("utf-8", "surrogatepass"))
        if isinstance(value, bytes):
            return _hash(kind, value)
        if isinstance(value, tuple | list):
            return _hash(b"list", *(self.of(item) for item in value))
        if isinstance(value, Mapping):
            # The order is part of a mapping: pages show entries in it.
            return _hash(b"mapping", *(self.of(part) for item in value.items() for part in item))
        if callable(value) and hasattr(value, "__qualname__"):
            return _hash(b"function", f"{value.__module__}.{value.__qualname__}".encode())
        return self._of_object(value)

    def _of_object(self, value: object) -> bytes:
        if isinstance(value, BaseModel):
            names = list(type(value).model_fields)
        elif is_dataclass(value):
            names = [field.name for field in fields(value)]
        else:
            raise TypeError(f"{type(value).__name__} has no canonical form; give artefacts plain values")
        kind = f"{type(value).__module__}.{type(value).__qualname__}".encode()
        parts = (part for name in names for part in (name.encode(), self.of(getattr(value, name))))
        digest = _hash(kind, *parts)
        self._known[id(value)] = (value, digest)
        return digest


def _hash(*parts: bytes) -> bytes:
    """Each part with its length, so that no two lists of parts run together."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()
