"""A patch: one name of one module or class of the engine, with what stands there and what shall stand there instead."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Patch:
    """``owner.name`` is ``old`` and becomes ``new`` while the patch is in place."""

    owner: Any
    name: str
    old: Any
    new: Any


def patch(owner: Any, name: str, new: Any) -> Patch:
    """For one name of a module or class, which must define it itself."""
    return Patch(owner, name, vars(owner)[name], new)


def everywhere(old: Any, new: Any) -> Iterator[Patch]:
    """For a function of the engine, in each of its modules that knows it by name."""
    for name, module in sorted(sys.modules.items()):
        if name.split(".")[0] == "weasyprint":
            for attribute, value in list(vars(module).items()):
                if value is old:
                    yield Patch(module, attribute, old, new)


def checked(patches: Iterable[Patch]) -> tuple[Patch, ...]:
    """The patches; two for one place would undo each other, so that is an error."""
    listed = tuple(patches)
    if len({(id(one.owner), one.name) for one in listed}) != len(listed):
        raise ValueError("two levers replace the same function of the engine")
    return listed


@contextmanager
def in_place(patches: tuple[Patch, ...]) -> Iterator[None]:
    """The patches are in place inside the block, and nowhere else."""
    for one in patches:
        setattr(one.owner, one.name, one.new)
    try:
        yield
    finally:
        for one in patches:
            setattr(one.owner, one.name, one.old)
