"""What is in a public folder, and whether it is exactly what its own manifest says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

FOLDER = b"(a folder)"


def tree(folder: Path) -> dict[str, bytes]:
    """Path → bytes of everything below ``folder``; a folder counts too, so that an empty one is seen."""
    base = folder.resolve()
    return {path.relative_to(base).as_posix(): _bytes(path) for path in _below(base)} if base.is_dir() else {}


def _below(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        yield path
        if path.is_dir() and not path.is_symlink():
            yield from _below(path)


def _bytes(path: Path) -> bytes:
    if path.is_symlink():
        return b"link to " + bytes(path.readlink())
    return FOLDER if path.is_dir() else path.read_bytes()


def complaint(found: dict[str, bytes]) -> str:
    """Why a tree is no whole generation: something missing, too much or altered; empty where it is one."""
    files = {path: data for path, data in found.items() if data != FOLDER}
    folders = set(found) - set(files)
    if "manifest.json" not in files or "SHA256SUMS" not in files:
        return "no manifest"
    listed = json.loads(files["manifest.json"])["files"]
    if listed.keys() != files.keys() - {"manifest.json", "SHA256SUMS"}:
        return f"manifest.json and the tree differ: {sorted(listed.keys() ^ files.keys())[:5]}"
    digests = {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}
    for path, entry in listed.items():
        if entry != {"bytes": len(files[path]), "sha256": digests[path]}:
            return f"{path} is not what manifest.json says"
    sums = "".join(f"{digests[path]}  {path}\n" for path in sorted(files.keys() - {"SHA256SUMS"}))
    if files["SHA256SUMS"].decode() != sums:
        return "SHA256SUMS is not that of the tree"
    needed = {path.rsplit("/", depth)[0] for path in files for depth in range(1, path.count("/") + 1)}
    return f"empty folders: {sorted(folders - needed)}" if folders != needed else ""
