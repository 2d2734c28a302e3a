"""Files → ``output/public``: written beside the old site, checked, then put in its place as a whole."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ismpe_site.build.links import broken_links

MARKER, LOCK = ".ismpe-output", ".lock"
MARKER_TEXT = "This folder is made by `ismpe build`. Whatever is in it is replaced by the next build.\n"


class OutputError(Exception):
    """The output folder cannot be used; the message says why and what to do."""


class LockedError(Exception):
    """Another build is at work in the output folder; ``holder`` is its process."""

    def __init__(self, holder: str) -> None:
        self.holder = holder
        super().__init__(f"another build is at work here (process {holder}); wait for it, or name another --output")


class LinkError(Exception):
    """Links of the new site that lead nowhere; the old site stays."""

    def __init__(self, broken: list[str]) -> None:
        self.broken = broken
        super().__init__(f"{len(broken)} broken links")


def publish(
    files: Iterable[tuple[str, bytes]],
    output: Path,
    left_out: frozenset[str] = frozenset(),
    root: str = "/",
    published: Callable[[], None] | None = None,
) -> int:
    """Make ``output/public`` hold exactly ``files``; returns how many.

    Until everything is written and its links are checked the old site is untouched; after any failure it still is.
    ``left_out`` are paths of the site that were not asked for this time (links to them are not broken);
    ``root`` is the path under which the site will be served. ``published`` is called once the new site is in place,
    before another build may begin. Raises OutputError, LockedError or LinkError.
    """
    claim(output)
    with _lock(output):
        _heal(output)
        staging = output / f".next-{os.getpid()}"
        try:
            staging.mkdir()
            count = 0
            for path, data in files:
                target = staging / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
                count += 1
            if broken := broken_links(staging, left_out, root):
                raise LinkError(broken)
            _switch(staging, output / "public", output / f".previous-{os.getpid()}")
            if published:
                published()
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return count


@contextmanager
def _lock(output: Path) -> Iterator[None]:
    """One build at a time. The kernel frees the lock when its holder ends, however that ends."""
    with (output / LOCK).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            raise LockedError(file.read().strip() or "another process") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def claim(output: Path) -> None:
    """Use only a folder that is ours or empty."""
    try:
        output.mkdir(parents=True, exist_ok=True)
        marker = output / MARKER
        if not marker.exists():
            if any(output.iterdir()):
                raise OutputError(
                    f"{output} is not empty and was not made by ismpe; name an empty folder with --output"
                )
            marker.write_text(MARKER_TEXT, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{output} cannot be used: {error.strerror}; name another folder with --output") from error


def _heal(output: Path) -> None:
    """Put back the old site where a build was killed while switching, and remove what it left."""
    previous = next(iter(sorted(output.glob(".previous-*"))), None)
    if previous is not None and not (output / "public").exists():
        previous.rename(output / "public")
    for leftover in (*output.glob(".next-*"), *output.glob(".previous-*")):
        shutil.rmtree(leftover, ignore_errors=True)


def _switch(staging: Path, public: Path, previous: Path) -> None:
    if public.exists():
        public.rename(previous)
    try:
        staging.rename(public)
    except OSError:
        if previous.exists():
            previous.rename(public)
        raise
    shutil.rmtree(previous, ignore_errors=True)
