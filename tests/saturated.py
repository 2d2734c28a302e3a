"""A catalogue in which every field that holds words holds the words of a test: new fields are found by themselves."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic.fields import FieldInfo  # noqa: TC002  # as our own models

from ismpe_site.model import Catalogue, Value
from ismpe_site.model.scalars import Markdown, Text

V = TypeVar("V", bound=Value)
Kind = Literal["line", "markdown"]
# (model.field, kind, how many were asked for before) → words
Words = Callable[[str, Kind, int], str]
# What says that something is not so: filled in everywhere, it would leave nothing to award.
IF_THERE = {"Rating.not_applicable"}
VALIDATORS: dict[Any, Kind] = {Text.__metadata__[0]: "line", Markdown.__metadata__[0]: "markdown"}  # type: ignore[attr-defined]


def kind_of(annotation: Any, metadata: tuple[Any, ...] | list[Any] = ()) -> Kind | None:
    """Whether a field holds a line of words or Markdown, alone or several; None where it holds something else."""
    for one in metadata:
        if one in VALIDATORS:
            return VALIDATORS[one]
    if get_origin(annotation) is Annotated:
        return kind_of(get_args(annotation)[0], get_args(annotation)[1:])
    if get_origin(annotation) in (Union, types.UnionType, tuple):
        kinds = (kind_of(part) for part in get_args(annotation) if part not in (type(None), Ellipsis))
        return next((kind for kind in kinds if kind), None)
    return None


def word_fields(model: type[Value], seen: set[type] | None = None) -> Iterator[tuple[str, Kind]]:
    """(model.field, kind) of every field that holds words, here and in all models it is made of."""
    seen = set() if seen is None else seen
    if model in seen:
        return
    seen.add(model)
    for name, field in model.model_fields.items():
        if kind := kind_of(field.annotation, field.metadata):
            yield f"{model.__name__}.{name}", kind
        for inner in _models(field.annotation):
            yield from word_fields(inner, seen)


def _models(annotation: Any) -> Iterator[type[Value]]:
    if isinstance(annotation, type) and issubclass(annotation, Value):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


class Saturation:
    """One saturated copy: ``count`` is how many words were given out."""

    def __init__(self, words: Words) -> None:
        self._words, self.count = words, 0

    def catalogue(self, catalogue: Catalogue) -> Catalogue:
        """The whole catalogue."""
        return self._value(catalogue)

    def _value(self, value: V) -> V:
        update = {name: self._field(value, name, field) for name, field in type(value).model_fields.items()}
        return value.model_copy(update=update)

    def _field(self, value: Value, name: str, field: FieldInfo) -> Any:
        held = getattr(value, name)
        kind = kind_of(field.annotation, field.metadata)
        if kind is None:
            return self._inner(held)
        if held is None and f"{type(value).__name__}.{name}" in IF_THERE:
            return None
        if isinstance(held, tuple):
            return tuple(self._next(value, name, kind) for _ in held or (None,))
        return self._next(value, name, kind)

    def _next(self, value: Value, name: str, kind: Kind) -> str:
        self.count += 1
        return self._words(f"{type(value).__name__}.{name}", kind, self.count)

    def _inner(self, held: Any) -> Any:
        if isinstance(held, Value):
            return self._value(held)
        if isinstance(held, tuple):
            return tuple(self._inner(one) for one in held)
        if isinstance(held, dict):
            return {key: self._inner(one) for key, one in held.items()}
        return held
