"""An organisation → its texts, each with its place and with who may read it.

What may be published is told here a second time, apart from the views that templates are handed: whatever gets into a
view by mistake is a secret still, and so is every field of the model that is not named here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal, NamedTuple, get_args, get_origin

from pydantic import BaseModel

from ismpe_site.model import (
    Assessment,
    CoreStandardReview,
    Document,
    Evidence,
    Organisation,
    Programme,
    ProgrammeNumbers,
    Rating,
    StateChange,
    Suspension,
    Visibility,
)

Path = tuple[str | int, ...]
# Everybody; who knows the secret address of a report; nobody.
Readers = Literal["all", "told", "nobody"]

# The fields with words that may be published, if anything of the thing may be.
PUBLIC: dict[type[BaseModel], tuple[str, ...]] = {
    Organisation: ("id", "name", "website", "about"),
    Programme: ("id", "name", "audience", "about", "numbers"),
    ProgrammeNumbers: (),
    Document: ("title", "summary", "origin_note", "changes", "body"),
    Assessment: (
        "days_reason", "interviews", "evidence", "ratings", "core_standards", "summary", "withdrawal", "suspension",
    ),
    Rating: ("not_applicable", "departure", "finding", "recommendation"),
    Evidence: ("title", "dated"),
    CoreStandardReview: ("summary", "strengths", "improvements"),
    StateChange: ("reason",),
    Suspension: ("reason",),
}  # fmt: skip
# What of an assessment is told with the award, where its report is not published.
OF_AWARD = ("withdrawal", "suspension")
# Names of other things, and figures.
NO_TEXT = ("country", "language", "edition", "assessor", "supervisory_assessor", "started")
NO_WORDS = frozenset({int, bool, date, Fraction})
DOCUMENTS = {"purpose": "purpose", "values": "values", "code_of_conduct": "code-of-conduct"}
NAMES = frozenset({"contact", "contacts", "name", "id", "unlisted_token"})

# What the public gets of an assessment on the day.
Shown = Callable[[Assessment], Visibility]


class Secret(NamedTuple):
    """A text of an organisation: its file (below the organisation's folder), its fields there, and who may read it.

    A ``name`` counts as a whole: the name or address of a person, a token.
    """

    file: str
    path: Path
    text: str
    name: bool = False
    readers: Readers = "nobody"


def texts(organisation: Organisation, shown: Shown) -> Iterator[Secret]:
    """Every text of an organisation, its programmes and its assessments."""
    closed = organisation.visibility == "private"
    open_ones = [any(shown(a) != "private" for a in programme.assessments) for programme in organisation.programmes]
    readers: Readers = "nobody" if closed and not any(open_ones) else "all"
    yield from _of_file("organisation.yaml", organisation, readers, ("programmes",))
    for programme, is_open in zip(organisation.programmes, open_ones, strict=True):
        yield from _of_programme(programme, "nobody" if closed and not is_open else "all", shown)


def _of_programme(programme: Programme, readers: Readers, shown: Shown) -> Iterator[Secret]:
    yield from _of_file(f"{programme.id}/programme.yaml", programme, readers, ("assessments", *DOCUMENTS))
    for field, folder in DOCUMENTS.items():
        for document in getattr(programme, field):
            yield from _of_file(f"{programme.id}/{folder}/{document.effective}.md", document, readers)
    for assessment in programme.assessments:
        yield from _of_assessment(f"{programme.id}/{assessment.id}.yaml", assessment, shown(assessment))


def _of_assessment(file: str, assessment: Assessment, shown: Visibility) -> Iterator[Secret]:
    readers: dict[Visibility, Readers] = {"public": "all", "unlisted": "told"}
    yield from _of_file(file, assessment, readers.get(shown, "nobody"), ("id", *OF_AWARD))
    rest = tuple(field for field in Assessment.model_fields if field not in OF_AWARD)
    yield from _of_file(file, assessment, "nobody" if shown == "private" else "all", rest)


def _of_file(file: str, value: BaseModel, readers: Readers, leave_out: tuple[str, ...] = ()) -> Iterator[Secret]:
    found: list[Secret] = []
    _collect(value, Secret(file, (), "", False, readers), found, leave_out)
    return iter(found)


def _collect(value: object, at: Secret, found: list[Secret], leave_out: tuple[str, ...] = ()) -> None:
    """``at`` is the place, without a text yet."""
    kind, path = type(value), at.path
    if kind is str:
        found.append(Secret(at.file, path, str(value), path[0] in NAMES, at.readers))
    elif value is None or kind in NO_WORDS:
        return
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            _collect(item, Secret(at.file, (*path, number), "", False, at.readers), found)
    elif isinstance(value, dict):
        for key, item in value.items():
            place = Secret(at.file, (*path, key), str(key), False, at.readers)
            found.append(place)
            _collect(item, place, found)
    elif isinstance(value, BaseModel):
        hidden = isinstance(value, Evidence) and value.visibility == "private"
        for name, public in _fields_with_text(type(value)):
            if name not in leave_out:
                readers = at.readers if public and not hidden else "nobody"
                _collect(getattr(value, name), Secret(at.file, (*path, name), "", False, readers), found)


@lru_cache(maxsize=64)
def _fields_with_text(model: type[BaseModel]) -> tuple[tuple[str, bool], ...]:
    """(name, whether it may be published) of the fields that are written freely: a word of a list names nobody."""
    free = (name for name, field in model.model_fields.items() if not _closed(field.annotation))
    # A rating names its evidence by number only.
    left_out = (*NO_TEXT, "evidence") if model is Rating else NO_TEXT
    return tuple((name, name in PUBLIC.get(model, ())) for name in free if name not in left_out)


def _closed(annotation: Any) -> bool:
    parts = [part for part in get_args(annotation) if part is not type(None)]
    return get_origin(annotation) is Literal or (bool(parts) and all(get_origin(part) is Literal for part in parts))


def shown_texts(*values: object) -> set[str]:
    """Every text in views of what is public whoever writes it, however deep."""
    found: set[str] = set()
    for value in values:
        _show(value, found.add)
    return found


def _show(value: Any, add: Callable[[str], None]) -> None:
    kind = type(value)
    if kind is str:
        add(value)
    elif value is None or kind in NO_WORDS:
        return
    elif kind is tuple or kind is list:
        for item in value:
            _show(item, add)
    elif isinstance(value, Mapping):
        for item in (*value.keys(), *value.values()):
            _show(item, add)
    else:
        for name in _names(kind):  # type: ignore[arg-type]  # mypy takes a class for one of its instances
            _show(getattr(value, name), add)


@lru_cache(maxsize=128)
def _names(kind: Any) -> tuple[str, ...]:
    """The fields of a model or a dataclass; of anything else none."""
    if issubclass(kind, BaseModel):
        return tuple(kind.model_fields)
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
