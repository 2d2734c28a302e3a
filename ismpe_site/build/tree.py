"""A folder, brought to hold exactly the files it should: each another name (hard link) of its object in the store."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from ismpe_site.build.store import File, Store


def fill(folder: Path, files: Iterable[File], store: Store) -> None:
    """Make ``folder`` hold exactly ``files``. What is there already and unharmed stays, so that a folder which held
    nearly the same before costs little. Raises OSError, FileNotFoundError where an object is missing.
    """
    base = f"{folder}/"
    there = set(paths_below(base))
    folders = {""}
    for file in files:
        if file.path in there:
            there.discard(file.path)
            if same(base + file.path, file):
                continue
            os.unlink(base + file.path)  # noqa: PTH108  # once per file of the site: every microsecond counts
        parent = file.path.rpartition("/")[0]
        if parent not in folders:
            os.makedirs(base + parent, exist_ok=True)  # noqa: PTH103
            folders.add(parent)
        _link(store.object(file.digest), base + file.path)
    for path in there:
        os.unlink(base + path)  # noqa: PTH108
        _remove_empty(base, path.rpartition("/")[0])


def same(path: str, file: File) -> bool:
    """Whether what is at ``path`` looks as the object of ``file`` does."""
    try:
        status = os.lstat(path)
    except OSError:
        return False
    return status.st_size == file.size and status.st_mtime_ns == file.time


def holds(folder: Path, files: Iterable[File]) -> bool:
    """Whether ``folder`` holds exactly ``files``, unharmed."""
    base, count = f"{folder}/", 0
    for file in files:
        if not same(base + file.path, file):
            return False
        count += 1
    return count == sum(1 for _ in paths_below(base))


def paths_below(base: str, prefix: str = "") -> Iterator[str]:
    """The path of everything below the folder ``base`` that is no folder itself."""
    with os.scandir(base + prefix) as entries:
        for entry in entries:
            path = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                yield from paths_below(base, f"{path}/")
            else:
                yield path


def _link(source: Path, target: str) -> None:
    """A copy with the same time where the disk has no hard links, or no more of them."""
    try:
        os.link(source, target)
    except (FileNotFoundError, FileExistsError, NotADirectoryError):
        raise
    except OSError:
        shutil.copy2(source, target)


def _remove_empty(base: str, path: str) -> None:
    """Remove a folder, and those above it, as far as nothing is in them."""
    with suppress(OSError):
        while path:
            os.rmdir(base + path)  # noqa: PTH106
            path = path.rpartition("/")[0]
