"""An organisation → its texts, each with its place: those of values, and those of anything made from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from ismpe_site.model import Organisation, Programme

Path = tuple[str | int, ...]
# Words of a list everybody knows; what the public is told of elsewhere.
NO_TEXT = ("country", "language", "edition", "assessor", "supervisory_assessor", "started")
NO_WORDS = frozenset({int, bool, date, Fraction})
DOCUMENTS = {"purpose": "purpose", "values": "values", "code_of_conduct": "code-of-conduct"}


@dataclass(frozen=True)
class Secret:
    """A text of an organisation: its file (below the organisation's folder) and its fields there.

    A ``name`` counts as a whole: the name or address of a person, a token.
    """

    file: str
    path: Path
    text: str
    name: bool = False


def texts(organisation: Organisation) -> Iterator[Secret]:
    """Every text of an organisation, its programmes and its assessments."""
    yield from _of_file("organisation.yaml", organisation, ("programmes",), (("contact",), ("name",), ("id",)))
    for programme in organisation.programmes:
        yield from _of_programme(programme)


def _of_programme(programme: Programme) -> Iterator[Secret]:
    names = (("contacts",), ("name",), ("id",))
    yield from _of_file(f"{programme.id}/programme.yaml", programme, ("assessments", *DOCUMENTS), names)
    for field, folder in DOCUMENTS.items():
        for document in getattr(programme, field):
            yield from _of_file(f"{programme.id}/{folder}/{document.effective}.md", document)
    for assessment in programme.assessments:
        file = f"{programme.id}/{assessment.id}.yaml"
        yield from _of_file(file, assessment, ("id",), (("unlisted_token",),))


def _of_file(
    file: str, value: BaseModel, leave_out: tuple[str, ...] = (), names: tuple[Path, ...] = ()
) -> Iterator[Secret]:
    found: list[tuple[Path, str]] = []
    for field in _fields_with_text(type(value)):
        if field not in leave_out:
            _collect(getattr(value, field), (field,), found)
    return (Secret(file, path, text, path[:1] in names) for path, text in found)


def _collect(value: object, path: Path, found: list[tuple[Path, str]]) -> None:
    kind = type(value)
    if kind is str:
        found.append((path, str(value)))
    elif value is None or kind in NO_WORDS:
        return
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            _collect(item, (*path, number), found)
    elif isinstance(value, dict):
        for key, item in value.items():
            found.append(((*path, key), str(key)))
            _collect(item, (*path, key), found)
    elif isinstance(value, BaseModel):
        for name in _fields_with_text(type(value)):
            _collect(getattr(value, name), (*path, name), found)


@lru_cache(maxsize=64)
def _fields_with_text(model: type[BaseModel]) -> tuple[str, ...]:
    """The fields that are written freely: a word of a closed list gives nobody away."""
    free = (name for name, field in model.model_fields.items() if not _closed(field.annotation))
    return tuple(name for name in free if name not in NO_TEXT)


def _closed(annotation: Any) -> bool:
    parts = [part for part in get_args(annotation) if part is not type(None)]
    return get_origin(annotation) is Literal or (bool(parts) and all(get_origin(part) is Literal for part in parts))


def shown_texts(*values: object, leave_out: frozenset[type] = frozenset()) -> set[str]:
    """Every text in public views, however deep; ``leave_out``: kinds of values that are not looked into."""
    found: set[str] = set()
    for value in values:
        _show(value, found.add, leave_out | NO_WORDS)
    return found


def _show(value: Any, add: Callable[[str], None], leave_out: frozenset[type]) -> None:
    kind = type(value)
    if kind is str:
        add(value)
    elif value is None or kind in leave_out:
        return
    elif kind is tuple or kind is list:
        for item in value:
            _show(item, add, leave_out)
    elif isinstance(value, Mapping):
        for item in (*value.keys(), *value.values()):
            _show(item, add, leave_out)
    else:
        for name in _names(kind):  # type: ignore[arg-type]  # mypy takes a class for one of its instances
            _show(getattr(value, name), add, leave_out)


@lru_cache(maxsize=128)
def _names(kind: Any) -> tuple[str, ...]:
    """The fields of a model or a dataclass; of anything else none."""
    if issubclass(kind, BaseModel):
        return tuple(kind.model_fields)
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
