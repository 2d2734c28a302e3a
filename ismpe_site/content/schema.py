"""A tree of text against the model: the value, or a problem with its place for everything that does not fit."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails  # noqa: TC002  # its type is read when running

from ismpe_site.content.hints import Hint
from ismpe_site.content.yaml_text import Path, Source, Tree
from ismpe_site.model import Value
from ismpe_site.problems import Problem, allowed, did_you_mean

V = TypeVar("V", bound=Value)

# pydantic's names for "this should have been …"
KINDS = {
    "model_type": "a group of fields",
    "model_attributes_type": "a group of fields",
    "dict_type": "a group of fields",
    "tuple_type": "a list",
}

# What to do, where the message does not say it.
TO_DO = {
    "text": "write words, not a list and not a group of fields",
    "empty": "write it, or delete the field where it may be left out",
}

COMMA = "; between { and } a comma begins another field: put text with a comma into quotes"

# What follows from the file's name or stands below the front matter, in words.
GIVEN = {"id": "the name of the file", "effective": "the name of the file", "body": "the text below the front matter"}


def validate(
    model: type[V], source: Source, given: Mapping[str, object], hint: Hint | None = None
) -> tuple[V | None, list[Problem]]:
    """``source`` as a ``model``.

    ``given`` are the fields that follow from the file's name and folder; writing them in the file is an error.
    ``hint`` knows more than the schema of what is allowed.
    """
    tree = source.tree
    if not isinstance(tree, dict):
        says = "the file must be a group of fields" if tree else "no field is written here"
        return None, [
            Problem(source.place(), "S305", says, _listed(field for field in _fields(model) if field not in given))
        ]
    problems = [
        Problem(
            source.key(name),
            "S302",
            f'"{name}" is not written here',
            "it follows from the name of the file or folder; delete the line",
        )
        for name in given
        if name in tree
    ]
    try:
        value = model.model_validate({**tree, **given})
    except ValidationError as error:
        problems += [_problem(model, source, given, details, hint) for details in error.errors(include_url=False)]
        return None, problems
    return (None if problems else value), problems


# Parts of a file are left out again and again until the rest fits; what needs more rounds is not worth it.
ROUNDS = 6


def sound_part(
    model: type[V], source: Source, given: Mapping[str, object], stand_ins: Mapping[str, str]
) -> tuple[V | None, frozenset[str]]:
    """What is left of a file that is no ``model`` without the values that do not fit, and the fields concerned.

    ``stand_ins``: values for fields that must be there.
    """
    if not isinstance(source.tree, dict):
        return None, frozenset()
    tree: dict[str, Tree] = {name: deepcopy(part) for name, part in source.tree.items() if name not in given}
    concerned: set[str] = set()
    for _ in range(ROUNDS):
        tree = {**{name: stand_ins[name] for name in stand_ins if name not in tree}, **tree}
        try:
            return model.model_validate({**tree, **given}), frozenset(concerned)
        except ValidationError as error:
            for details in error.errors(include_url=False, include_input=False):
                loc = details["loc"]
                concerned.add(str(loc[0]))
                _leave_out(tree, loc[:-1] if details["type"] == "missing" or loc[-1] == "[key]" else loc)
    return None, frozenset()


def _leave_out(tree: dict[str, Tree], loc: Path) -> None:
    """Take out what stands at ``loc``: of a list all of it, of a value in short form nothing but the value."""
    for depth, part in enumerate(loc):
        inner = tree.get(str(part))
        if depth == len(loc) - 1 or isinstance(inner, list):
            tree.pop(str(part), None)
            return
        if not isinstance(inner, dict):
            tree[str(part)] = {}
            return
        tree = inner


def _problem(
    model: type[Value], source: Source, given: Mapping[str, object], details: ErrorDetails, hint: Hint | None
) -> Problem:
    kind = details["type"]
    in_key = kind != "extra_forbidden" and details["loc"][-1:] == ("[key]",)
    loc = details["loc"][:-1] if in_key else details["loc"]
    name = GIVEN[str(loc[0])] if loc and loc[0] in given else _name(loc)
    fields = _fields_at(model, loc[:-1])
    description = fields.get(str(loc[-1]), "") if loc else ""
    if kind == "missing":
        return Problem(
            source.place(*loc[:-1]),
            "S301",
            f'"{loc[-1]}" is missing{_inside(loc)}',
            f"add it: {description}" if description else "add it",
        )
    if kind == "extra_forbidden":
        known = [field for field in fields if len(loc) > 1 or field not in given]
        return Problem(
            source.key(*loc),
            "S302",
            f'unknown field "{loc[-1]}"{_inside(loc)}',
            did_you_mean(str(loc[-1]), known) + allowed(known) + (COMMA if " " in str(loc[-1]) else ""),
        )
    if kind == "literal_error":
        words = [word.strip().strip("'") for word in details["ctx"]["expected"].replace(" or ", ", ").split(", ")]
        words = [word.replace("\\'", "'").strip('"') for word in words]
        return _not_one_of(source, loc, name, details["input"], words)
    if kind in KINDS:
        written = details["input"]
        wanted = f" is empty; it must be {KINDS[kind]}" if written == "" else f" must be {KINDS[kind]}"
        help_text = description or _listed(_fields_at(model, loc))
        if kind == "tuple_type" and isinstance(written, str) and 0 < len(written) <= 40:
            help_text += f"{'; ' if help_text else ''}write [{written}]"
        return Problem(source.place(*loc), "S305", f"{name}{wanted}", help_text)
    place = source.key(*loc) if in_key else source.place(*loc)
    says = " " if kind in ("text", "empty", "character", "long", "swollen") else ": "
    todo = TO_DO.get(kind, "") or str(details.get("ctx", {}).get("todo", ""))
    if loc and loc[0] in given:
        empty_body = "write it" if kind == "empty" else todo
        todo = empty_body if loc[0] == "body" else "rename the file"
    better = hint(source.tree, loc, details["input"]) if hint and not in_key and kind != "empty" else ""
    help_text = better or "; ".join(part for part in (description, todo) if part)
    return Problem(place, "S304", f"{name}{says}{details['msg']}", help_text)


def _not_one_of(source: Source, loc: tuple[str | int, ...], name: str, written: object, words: list[str]) -> Problem:
    if not isinstance(written, str):
        return Problem(source.place(*loc), "S304", f"{name} must be text", allowed(words))
    says = f'{name} cannot be "{written}"' if written.strip() else f"{name} is empty"
    return Problem(source.place(*loc), "S303", says, did_you_mean(written, words) + allowed(words))


def _listed(fields: Iterable[str]) -> str:
    shown = ", ".join(fields)
    return f"fields: {shown}" if shown else ""


def _name(loc: tuple[str | int, ...]) -> str:
    if not loc:
        return "the file"
    if isinstance(loc[-1], int):
        return f'item {loc[-1] + 1} of "{loc[-2]}"' if len(loc) > 1 else f"item {loc[-1] + 1}"
    return f'"{loc[-1]}"{_inside(loc)}'


def _inside(loc: tuple[str | int, ...]) -> str:
    around = [part if isinstance(part, str) else f"item {part + 1}" for part in loc[:-1]]
    return f" in {' → '.join(around)}" if around else ""


def _fields(model: type[Value]) -> dict[str, str]:
    return {field.alias or name: field.description or "" for name, field in model.model_fields.items()}


def _fields_at(annotation: Any, loc: tuple[str | int, ...]) -> dict[str, str]:
    """Fields (and their descriptions) of the model that sits at ``loc`` below ``annotation``."""
    annotation = _bare(annotation)
    if not loc:
        return _fields(annotation) if isinstance(annotation, type) and issubclass(annotation, Value) else {}
    if isinstance(annotation, type) and issubclass(annotation, Value):
        for name, field in annotation.model_fields.items():
            if loc[0] in (name, field.alias):
                return _fields_at(field.annotation, loc[1:])
        return {}
    arguments = get_args(annotation)
    if get_origin(annotation) is dict:
        return _fields_at(arguments[1], loc[1:])
    if get_origin(annotation) is tuple:
        return _fields_at(arguments[0], loc[1:])
    return {}


def _bare(annotation: Any) -> Any:
    """Without ``Annotated`` and without ``| None``."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, types.UnionType):
            annotation = next(part for part in get_args(annotation) if part is not type(None))
        else:
            return annotation
