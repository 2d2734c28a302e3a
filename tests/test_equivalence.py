"""After any edit and any damage, a build gives byte for byte what a clean build gives."""

import os
import random
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from ismpe_site import making, workshop
from ismpe_site.artefact import Artefact
from ismpe_site.build import bundle, generation, inputs, store, tree, unit
from ismpe_site.build.store import File, Record, Store
from tests.public_tree import complaint
from tests.public_tree import tree as public_tree
from tests.random_edits import KINDS, Walk, surroundings

# `make soak` walks further: STEPS in all, over more seeds rather than longer.
STEPS = int(os.environ.get("STEPS", "1000"))
SEEDS = max(10, STEPS // 500)


def walked(walk: Walk, steps: int, patch: pytest.MonkeyPatch, fault: "Fault | None" = None) -> str:
    """The first difference from a clean build on a walk of so many steps, with what led to it; empty where none is."""
    with surroundings(walk, patch):
        walk.build("output")
        for number in range(1, steps + 1):
            kind = walk.step()
            before = public_tree(walk.root / "output/public")
            with patch.context() as harmed:
                if fault is not None:
                    fault(harmed)
                try:
                    result = walk.build("output")
                except Exception as error:
                    if fault is None:
                        raise
                    return f"step {number}: {kind}: {error!r}"
            clean = walk.clean()
            wrong = differing(result.tree, clean.tree) if result.words == clean.words else f"{result} is not {clean}"
            if not wrong and clean.words and public_tree(walk.root / "output/public") != before:
                wrong = "a build that failed changed the public tree"
            if wrong := wrong or (complaint(result.tree) if not clean.words else ""):
                return f"step {number}: after {walk.done[-5:]}, the last {'html' if walk.html_only else 'all'}: {wrong}"
            if clean.words:
                walk.undo()
    return ""


def differing(ours: Mapping[str, bytes], theirs: Mapping[str, bytes]) -> str:
    return ", ".join(sorted(path for path in ours.keys() | theirs.keys() if ours.get(path) != theirs.get(path))[:9])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEEDS))
def test_after_any_edit_a_build_gives_what_a_clean_one_gives(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = Walk(tmp_path / "site", random.Random(seed))
    assert not walked(walk, STEPS // SEEDS, monkeypatch)
    # Drawn at random, but a hundred steps meet most of the kinds, and ten seeds all of them.
    assert len(set(walk.done)) > min(len(walk.done), len(KINDS)) / 2


# -- faults in the engine, each of which must be found --

Fault = Callable[[pytest.MonkeyPatch], None]


def instead(owner: Any, name: str, made: Callable[[Any], Any]) -> Callable[[], Fault]:
    """What is at ``name``, replaced by what ``made`` makes of it."""

    def fault() -> Fault:
        return lambda patch: patch.setattr(owner, name, made(getattr(owner, name)))

    return fault


def shared(**forgotten: Callable[[Any], Any]) -> Callable[[], Fault]:
    """What all organisations have in common, as if a part of it never changed."""

    def made(digest: Any) -> Any:
        def forgetful(commons: Any, site: Any, as_of: Any, *, bleed: bool, place: Any) -> str:
            given = {"commons": commons, "site": site, "as_of": as_of, "place": place}
            return digest(**given | {name: forget(given[name]) for name, forget in forgotten.items()}, bleed=bleed)

        return forgetful

    return instead(making, "shared_digest", made)


def plain(value: object, *, ordered: bool = True, but: str = "") -> object:
    """A value as text, made by other means than the engine's; without order, or without a field, where asked."""
    again = {"ordered": ordered, "but": but}
    if isinstance(value, BaseModel) or (is_dataclass(value) and not isinstance(value, type)):
        names = list(type(value).model_fields) if isinstance(value, BaseModel) else [f.name for f in fields(value)]
        return [(name, plain(getattr(value, name), **again)) for name in names if name != but]
    if isinstance(value, Mapping):
        return [(plain(k, **again), plain(v, **again)) for k, v in value.items() if k != but]
    if isinstance(value, tuple | list):
        parts = [plain(part, **again) for part in value]
        return parts if ordered else sorted(parts, key=repr)
    return value.__qualname__ if callable(value) else value


def recipes(**how: Any) -> Callable[[], Fault]:
    """Recipes made without something."""

    def recipe(artefact: Artefact, _: object) -> str:
        return sha256(repr(plain((artefact.render, artefact.inputs), **how)).encode()).hexdigest()

    return instead(unit, "recipe", lambda _: recipe)


def trusting(cls: type[Record], data: bytes) -> Record | None:
    """A record taken for what it says."""
    _, key, seen, tool, theme, files, about = store.json.loads(data.partition(b"\n")[2])
    return cls(key, seen, tool, theme, tuple(File(*file) for file in files), about)


def first_outlines() -> Fault:
    """The outline of an organisation as it was first seen."""
    first: dict[str, Any] = {}
    take = making.Making._take

    def stale(self: making.Making, outcome: Any) -> None:
        take(self, outcome)
        if outcome.name in self._outlines:
            self._outlines[outcome.name] = first.setdefault(outcome.name, self._outlines[outcome.name])

    return lambda patch: patch.setattr(making.Making, "_take", stale)


def unjudged(kept: Any) -> Any:
    """Links of organisations that were kept are taken to lead where they led."""

    def outcome(name: str, record: Record) -> Any:
        found = kept(name, record)
        return replace(found, about=replace(found.about, links=(), away=()))

    return outcome


def content_only(paths: list[str], _: Path) -> str:
    """A digest that does not ask which file holds what."""
    return sha256(b"".join(inputs._content(path) for path in paths)).hexdigest()


def names_only(paths: list[str], _: int) -> str:
    return sha256("\n".join(paths).encode()).hexdigest()


def without_changes(paths: list[str], now: int) -> str:
    """Files as they look to whoever trusts the time that is written into them."""
    looks = [os.lstat(path) for path in paths if os.path.lexists(path)]
    if any(look.st_mtime_ns > now - inputs.UNSURE for look in looks):
        return ""
    marks = [(look.st_size, look.st_mtime_ns, look.st_ino) for look in looks]
    return sha256(repr((paths, marks)).encode()).hexdigest()


def plain_put(self: Store, path: str, recipe: str, data: bytes) -> File:
    """An object that is there is not read again."""
    digest = sha256(data).hexdigest()
    target = self.object(digest)
    if not target.exists():
        return PUT(self, path, recipe, data)
    return File(path, recipe, digest, len(data), target.stat().st_mtime_ns)


def existing(self: Store, file: File) -> bool:
    """An object that is there is taken for intact."""
    return self.object(file.digest).exists()


def unread(self: Store, file: File) -> File | None:
    """An object that is there is taken for whole."""
    target = self.object(file.digest)
    return replace(file, time=target.stat().st_mtime_ns) if target.exists() else None


PUT = Store.put

# What is wrong → the fault.
FAULTS: dict[str, Callable[[], Fault]] = {
    "the key forgets the theme": shared(place=lambda p: replace(p, theme=replace(p.theme, digest=""))),
    "the key forgets the program": shared(place=lambda place: replace(place, tool="")),
    "the key forgets the day": shared(as_of=lambda _: None),
    "the key forgets the commons": shared(commons=lambda c: replace(c, catalogue=None, files=())),
    "the key forgets the settings": shared(site=lambda _: None),
    "the key forgets the names of files": instead(workshop, "digest", lambda _: content_only),
    "files are known by name alone": instead(workshop, "look", lambda _: names_only),
    "files are known by name, size and time": instead(workshop, "look", lambda _: without_changes),
    "recipes forget the order": recipes(ordered=False),
    "recipes forget a field": recipes(but="finding"),
    "recipes are not compared": instead(
        unit, "why_stale", lambda why: lambda new, was, changed: why(was or new, was, changed)
    ),
    "bundles are not compared": instead(
        bundle, "_kept", lambda kept: lambda was, key, place: kept(was and replace(was, key=key), key, place)
    ),
    "the workplace is not compared": instead(unit, "changed_workplace", lambda _: lambda *_: ""),
    "objects are always intact": instead(Store, "intact", lambda _: existing),
    "objects are not read where they look harmed": instead(Store, "whole", lambda _: unread),
    "objects that are there are not written again": instead(Store, "put", lambda _: plain_put),
    "records are not compared with their digest": instead(Record, "decoded", lambda _: classmethod(trusting)),
    "the public tree always stands": instead(
        generation, "stands", lambda _: lambda _, output: (output / "public").exists()
    ),
    "generations are not compared": instead(tree, "same", lambda _: lambda *_: True),
    "what is too much is not seen": instead(
        generation, "holds", lambda _: lambda at, fs: all(tree.same(f"{at}/{f.path}", f) for f in fs)
    ),
    "links are not judged again": instead(making, "kept_outcome", unjudged),
    "outlines are not refreshed": first_outlines,
}
# Walks that a fault must not survive, and their length.
WALKS, LENGTH = 3, 100


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_the_engine_is_found(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    walks = (Walk(tmp_path / f"site-{seed}", random.Random(seed), prints=0) for seed in range(WALKS))
    found = next(filter(None, (walked(walk, LENGTH, monkeypatch, FAULTS[name]()) for walk in walks)), "")
    assert found, f"not found in {WALKS} walks of {LENGTH} steps"
