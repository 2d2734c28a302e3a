"""Input files → a mark of how they look on disk (quick) and a digest of what they hold (sure)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

# A file written this shortly before a build may be written again without its time showing it.
UNSURE = 2_000_000_000


def files_below(*roots: Path) -> list[str]:
    """Every file, link and folder below ``roots``, themselves included, sorted; links are not followed."""
    found: list[str] = []
    for root in roots:
        found.append(str(root))
        if root.is_dir() and not root.is_symlink():
            found += _below(str(root))
    return sorted(found)


def _below(folder: str) -> list[str]:
    found, folders = [], [folder]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                found.append(entry.path)
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
    return found


def look(paths: Sequence[str], now: int) -> str:
    """A mark of name, size, time and identity of ``paths``; empty where one of them changed so shortly before ``now``
    (nanoseconds, as the disk counts) that it may change again unseen.
    """
    marks = []
    for path in paths:
        try:
            status = os.lstat(path)
        except OSError:
            marks.append(f"{path}\0gone")
            continue
        if status.st_mtime_ns > now - UNSURE:
            return ""
        marks.append(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\0{status.st_ino}\0{status.st_mode}")
    return hashlib.sha256("\n".join(marks).encode("utf-8", "surrogateescape")).hexdigest()


def digest(paths: Sequence[str], root: Path) -> str:
    """What the files at ``paths`` hold, by their names below ``root``: nothing of where the folder is or how old."""
    total, base = hashlib.sha256(), str(root)
    for path in paths:
        name = path.removeprefix(base).encode("utf-8", "surrogateescape")
        total.update(len(name).to_bytes(8, "big") + name + _content(path))
    return total.hexdigest()


def _content(path: str) -> bytes:
    """32 bytes that stand for what is at ``path``."""
    try:
        if os.path.islink(path):  # noqa: PTH114  # plain text paths: this is asked for every file of the content
            return hashlib.sha256(b"link" + os.fsencode(os.readlink(path))).digest()  # noqa: PTH115
        if os.path.isdir(path):  # noqa: PTH112
            return hashlib.sha256(b"folder").digest()
        with open(path, "rb") as file:  # noqa: PTH123
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        return hashlib.sha256(f"unreadable {error.errno}".encode()).digest()
