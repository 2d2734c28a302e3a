"""What was rendered before: objects by the digest of their bytes, and an index of what each path was made from.

Everything here may be deleted at any time; what is missing, truncated or altered is only rendered again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

VERSION = 1


@dataclass(frozen=True)
class Recipe:
    """What a file is made from, as digests: the program, the render function, its inputs, the theme."""

    tool: str
    render: str
    inputs: str
    theme: str

    def differs(self, before: Recipe | None) -> str:
        """Why a file of this recipe must be made again, in a few words; empty where it need not."""
        if before is None:
            return "new"
        for name, words in REASONS.items():
            if getattr(self, name) != getattr(before, name):
                return words
        return ""


REASONS = {
    "tool": "the program changed",
    "render": "the program changed",
    "theme": "the theme changed",
    "inputs": "its content changed",
}


class Store:
    """A folder with ``objects/`` and ``index.json``."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._objects = folder, folder / "objects"
        self._before = self._read()

    def _read(self) -> dict[str, tuple[Recipe, str]]:
        try:
            data = json.loads((self._folder / "index.json").read_bytes())
            if data["version"] != VERSION:
                return {}
            return {path: (Recipe(*recipe), str(digest)) for path, (recipe, digest) in data["files"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def recipe(self, path: str) -> Recipe | None:
        """What ``path`` was made from last time."""
        return self._before[path][0] if path in self._before else None

    def get(self, path: str) -> bytes | None:
        """What was made at ``path`` last time; nothing where it is gone or no longer what it was."""
        _, digest = self._before[path]
        try:
            data = self._object(digest).read_bytes()
        except OSError:
            return None
        return data if hashlib.sha256(data).hexdigest() == digest else None

    def put(self, data: bytes) -> str:
        """Keep ``data``; returns its digest."""
        digest = hashlib.sha256(data).hexdigest()
        target = self._object(digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, data)
        return digest

    def remember(self, made: Mapping[str, tuple[Recipe, str]], left_out: Iterable[str] = ()) -> None:
        """Replace the index as a whole, and delete the objects nothing needs any more.

        Of the paths ``left_out`` what was known before stays.
        """
        files = {path: self._before[path] for path in left_out if path in self._before} | dict(made)
        entries = {path: [list(vars(recipe).values()), digest] for path, (recipe, digest) in sorted(files.items())}
        self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._folder / "index.json", json.dumps({"version": VERSION, "files": entries}).encode())
        self._prune({digest for _, digest in files.values()})

    def kept(self, path: str) -> str:
        """The digest of what was made at ``path`` last time."""
        return self._before[path][1]

    def _prune(self, wanted: Iterable[str]) -> None:
        keep = set(wanted)
        for path in self._objects.glob("*/*"):
            if path.parent.name + path.name not in keep:
                path.unlink(missing_ok=True)

    def _object(self, digest: str) -> Path:
        return self._objects / digest[:2] / digest[2:]


def write_whole(target: Path, data: bytes) -> None:
    """Write beside, then rename: nobody ever sees half a file."""
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        beside.write_bytes(data)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
