"""Values of the model → the same with one thing in them changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from ismpe_site.model import Organisation, Programme
from ismpe_site.proof.secrets import DOCUMENTS, Path


def written_in(organisation: Organisation, file: str) -> BaseModel:
    """What is written in a file of the organisation."""
    folder, _, rest = file.partition("/")
    if not rest:
        return organisation
    programme = next(one for one in organisation.programmes if one.id == folder)
    kind, _, day = rest.partition("/")
    if day:
        versions = getattr(programme, next(name for name, made in DOCUMENTS.items() if made == kind))
        return next(one for one in versions if f"{one.effective}.md" == day)  # type: ignore[no-any-return]
    if kind == "programme.yaml":
        return programme
    return next(one for one in programme.assessments if f"{one.id}.yaml" == kind)


def edited(organisation: Organisation, file: str, change: Callable[[Any], Any]) -> Organisation:
    """The organisation with what is written in ``file`` changed."""
    old = written_in(organisation, file)

    def put(value: Any) -> Any:
        if value is old:
            return change(value)
        if isinstance(value, tuple):
            return tuple(map(put, value))
        if isinstance(value, Organisation | Programme):
            names = ("programmes",) if isinstance(value, Organisation) else ("assessments", *DOCUMENTS)
            return value.model_copy(update={name: put(getattr(value, name)) for name in names})
        return value

    result: Organisation = put(organisation)
    return result


def value_at(value: object, path: Path) -> object:
    """What stands at ``path`` in ``value``."""
    for step in path:
        value = getattr(value, str(step)) if isinstance(value, BaseModel) else value[step]  # type: ignore[index]
    return value


def with_value(value: Any, path: Path, new: object) -> Any:
    """``value`` with ``new`` at ``path``."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(value, BaseModel):
        return value.model_copy(update={str(step): with_value(getattr(value, str(step)), rest, new)})
    if isinstance(value, dict):
        return {key: with_value(item, rest, new) if key == step else item for key, item in value.items()}
    return tuple(with_value(item, rest, new) if at == step else item for at, item in enumerate(value))


def may_be_left_out(value: object, path: Path) -> bool:
    """Whether the field at ``path`` may be missing."""
    holder = value_at(value, path[:-1])
    return isinstance(holder, BaseModel) and not type(holder).model_fields[str(path[-1])].is_required()
