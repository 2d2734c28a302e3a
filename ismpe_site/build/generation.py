"""Files of the store → ``output/public``: a complete new generation beside the old, put in its place by one rename.

``output/public`` is a link to the newest folder of ``output/.generations``; whoever reads the site while it is
switched sees the old or the new one, whole.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ismpe_site.build.store import File, Store
from ismpe_site.build.tree import fill, holds

MARKER, LOCK, PUBLIC, GENERATIONS, STORE = ".ismpe-output", ".lock", "public", ".generations", ".store"
MARKER_TEXT = "This folder is made by `ismpe build`. Whatever is in it is replaced by the next build.\n"
MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
KEPT = 3


class OutputError(Exception):
    """The output folder cannot be used; the message says why and what to do."""


class LockedError(Exception):
    """Another build (or whatever ``work`` says) is at work in the folder; ``holder`` is its process."""

    def __init__(self, holder: str, work: str = "build") -> None:
        self.holder = holder
        todo = "wait for it, or name another --output" if work == "build" else "wait for it"
        super().__init__(f"another {work} is at work here (process {holder}); {todo}")


class LinkError(Exception):
    """Links of the new site that lead nowhere; the old site stays."""

    def __init__(self, broken: list[str]) -> None:
        self.broken = broken
        super().__init__(f"{len(broken)} broken links")


class CollisionError(Exception):
    """Two things want the same path, or paths that differ only in capitals; the message names them."""


def apart(output: Path, *sources: Path) -> None:
    """Raises OutputError where ``output`` is in one of the folders the site is made from."""
    for source in sources:
        if output.resolve().is_relative_to(source.resolve()):
            raise OutputError(f"{output} is in {source}, which the site is made from; name another --output")


@contextmanager
def claimed(output: Path) -> Iterator[int]:
    """Use only a folder that is ours or empty, one build at a time; gives the time of the disk, in nanoseconds.

    The kernel frees the lock when its holder ends, however that ends. Raises OutputError or LockedError.
    """
    # A site is for everybody: how private the builder's other files are says nothing of it.
    before = os.umask(0o022)
    try:
        with _locked(output) as now:
            yield now
    finally:
        os.umask(before)


@contextmanager
def _locked(output: Path) -> Iterator[int]:
    claim(output)
    with (output / LOCK).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            raise LockedError(file.read().strip() or "another process") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        heal(output)
        yield os.fstat(file.fileno()).st_mtime_ns


def claim(output: Path) -> None:
    """Mark an empty folder as ours. Raises OutputError where it is another's or cannot be used."""
    try:
        output.mkdir(parents=True, exist_ok=True)
        marker = output / MARKER
        if not marker.exists():
            if any(output.iterdir()):
                raise OutputError(
                    f"{output} is not empty and was not made by ismpe; name an empty folder with --output"
                )
            marker.write_text(MARKER_TEXT, encoding="utf-8")
        if not os.access(output, os.W_OK):
            raise PermissionError(13, "you may not write there")
    except OSError as error:
        raise OutputError(f"{output} cannot be used: {error.strerror}; name another folder with --output") from error


def heal(output: Path) -> None:
    """Remove what a build that was killed left half-made."""
    for leftover in (output / GENERATIONS).glob("next-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    for leftover in output.glob(f".{PUBLIC}-*"):
        leftover.unlink(missing_ok=True)


def last_time(output: Path) -> int:
    """When the last build into ``output`` began, in nanoseconds of the disk; 0 where there was none."""
    try:
        return (output / LOCK).stat().st_mtime_ns
    except OSError:
        return 0


def generations(output: Path) -> list[Path]:
    """The generations, oldest first."""
    found = [path for path in (output / GENERATIONS).glob("*") if path.name.isdigit()]
    return sorted(found, key=lambda path: int(path.name))


def manifest(listed: Sequence[tuple[str, str, int]]) -> bytes:
    """Every file (path, digest, size in bytes; sorted) as JSON, one line each."""
    lines = (f'{json.dumps(path)}: {{"bytes": {size}, "sha256": "{digest}"}}' for path, digest, size in listed)
    return ('{"files": {\n' + ",\n".join(lines) + "\n}}\n").encode()


def sums(listed: Sequence[tuple[str, str, int]]) -> bytes:
    """The digests as ``sha256sum --check`` reads them."""
    return "".join(f"{digest}  {path}\n" for path, digest, _ in listed).encode()


def one_path_each(paths: Iterable[str]) -> None:
    """Raises CollisionError where two files would share a path on any disk: one that knows no capitals, or one form of
    each letter alone.
    """
    taken: dict[str, str] = {}
    for path in paths:
        key = path.lower() if path.isascii() else unicodedata.normalize("NFKC", path).casefold()
        if key in taken:
            raise CollisionError(f"two files want one path: {taken[key]} and {path}")
        taken[key] = path


def publish(files: Callable[[], Iterable[File]], store: Store, output: Path) -> Path:
    """Make ``output/public`` hold exactly the files that ``files()`` gives; returns the folder of the new generation.

    The oldest generation is brought up to date where there are enough of them: that takes as long as the edits were
    many, not as long as the site is large. Raises OSError; until the one rename at the end the old site is untouched.
    """
    folder = output / GENERATIONS
    folder.mkdir(exist_ok=True)
    before = generations(output)
    live = (output / PUBLIC).resolve().name
    spare = [path for path in before[: 1 - KEPT] if path.name != live]
    staging = folder / f"next-{os.getpid()}"
    try:
        if spare:
            spare.pop(0).rename(staging)
        else:
            staging.mkdir()
        _fill(staging, files, store)
        generation = folder / str(int(before[-1].name) + 1 if before else 1)
        staging.rename(generation)
        _point(output, generation)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    for old in spare:
        shutil.rmtree(old, ignore_errors=True)
    return generation


def _fill(staging: Path, files: Callable[[], Iterable[File]], store: Store) -> None:
    try:
        fill(staging, files(), store)
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        # Something stands where a file or a folder belongs.
        shutil.rmtree(staging)
        staging.mkdir()
        fill(staging, files(), store)


def _point(output: Path, generation: Path) -> None:
    """Let ``public`` lead to ``generation``: one rename, so that there is always a site."""
    link = output / f".{PUBLIC}-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(f"{GENERATIONS}/{generation.name}")
    public = output / PUBLIC
    if public.is_dir() and not public.is_symlink():
        # Not a link of ours: whatever it is, its place is in the folder that is replaced by every build.
        aside = output / GENERATIONS / "next-replaced"
        public.rename(aside)
        link.replace(public)
        shutil.rmtree(aside, ignore_errors=True)
    else:
        link.replace(public)


def read_published(store: Store, project: Path, path: str) -> bytes | None:
    """What the last build published at ``path``; nothing where it did not, or where the output is not in ``project``.

    Elsewhere it may show another state, or another project.
    """
    output = store.folder.resolve().parent
    try:
        return (output / PUBLIC / path).read_bytes() if output.is_relative_to(project.resolve()) else None
    except OSError:
        return None


def stands(files: Iterable[File], output: Path) -> bool:
    """Whether ``output/public`` holds exactly ``files`` already, unharmed."""
    public = output / PUBLIC
    return public.is_symlink() and public.is_dir() and holds(public.resolve(), files)
