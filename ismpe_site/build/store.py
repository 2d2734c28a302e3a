"""What was made before: objects by the digest of their bytes, and a record of what each unit was made from and into.

Everything here may be deleted at any time; what is missing, truncated or altered is only made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VERSION = 2
# The unit that stands for the whole build.
STAMP = "stamp"


@dataclass(frozen=True, slots=True)
class File:
    """One output file: ``recipe`` is what it is made from, ``digest`` its bytes; both as hexadecimal text.

    ``size`` (bytes) and ``time`` (nanoseconds) are those of its object when that was last known to be whole. A file
    with an empty digest is known, but not made yet.
    """

    path: str
    recipe: str
    digest: str = ""
    size: int = 0
    time: int = 0

    @property
    def made(self) -> bool:
        """Whether its bytes exist."""
        return bool(self.digest)


@dataclass(frozen=True)
class Record:
    """What one unit was made from and into.

    ``key`` stands for everything it was made from, ``seen`` for how its input files looked on disk (empty where that
    proves nothing), ``tool`` and ``theme`` for what it was made with. ``about`` is plain data of the maker's own.
    """

    key: str
    seen: str
    tool: str
    theme: str
    files: tuple[File, ...]
    about: dict[str, Any]

    def encoded(self) -> bytes:
        """As bytes whose first line is the digest of the rest."""
        files = [[file.path, file.recipe, file.digest, file.size, file.time] for file in self.files]
        data = [VERSION, self.key, self.seen, self.tool, self.theme, files, self.about]
        body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        return hashlib.sha256(body).hexdigest().encode() + b"\n" + body

    @classmethod
    def decoded(cls, data: bytes) -> Record | None:
        """The record, or nothing where the bytes are not exactly those that were written."""
        digest, _, body = data.partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != digest:
            return None
        version, key, seen, tool, theme, files, about = json.loads(body)
        return cls(key, seen, tool, theme, tuple(File(*file) for file in files), about) if version == VERSION else None


class Store:
    """A folder with ``objects/`` and ``units/``; what is being written is in ``new/`` until it is whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._objects, self._units, self._new = folder / "objects", folder / "units", folder / "new"

    def record(self, unit: str) -> Record | None:
        """What is known of a unit; nothing where the record is gone or damaged."""
        try:
            return Record.decoded((self._units / f"{unit}.json").read_bytes())
        except (OSError, ValueError, TypeError):
            return None

    def remember(self, unit: str, record: Record) -> None:
        """Keep the record of a unit in place of the one before."""
        target = self._units / f"{unit}.json"
        self._write(target, record.encoded())

    def put(self, path: str, recipe: str, data: bytes) -> File:
        """Keep the bytes of ``path``."""
        digest = hashlib.sha256(data).hexdigest()
        target = self.object(digest)
        if not _holds(target, data):
            self._write(target, data)
        return File(path, recipe, digest, len(data), _time_of_its_own(target, digest))

    def object(self, digest: str) -> Path:
        """Where the bytes with this digest are."""
        return self._objects / digest[:2] / digest[2:]

    def intact(self, file: File) -> bool:
        """Whether the object of ``file`` still looks as it did when it was written."""
        try:
            status = os.stat(self.object(file.digest))  # noqa: PTH116  # once per file of the site: every microsecond counts
        except OSError:
            return False
        return status.st_size == file.size and status.st_mtime_ns == file.time

    def whole(self, file: File) -> File | None:
        """``file`` with its object read and found whole, or nothing."""
        target = self.object(file.digest)
        try:
            data = target.read_bytes()
            if hashlib.sha256(data).hexdigest() != file.digest:
                return None
            return File(file.path, file.recipe, file.digest, len(data), _time_of_its_own(target, file.digest))
        except OSError:
            return None

    def get(self, file: File) -> bytes:
        """The bytes of ``file``; raises OSError where they are gone."""
        return self.object(file.digest).read_bytes()

    def _write(self, target: Path, data: bytes) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        self._new.mkdir(exist_ok=True)
        write_whole(target, data, self._new)

    def heal(self) -> None:
        """Remove what was being written when a build was killed."""
        shutil.rmtree(self._new, ignore_errors=True)

    def units(self) -> Iterator[str]:
        """The names of all units that have a record."""
        for path in sorted(self._units.rglob("*.json")):
            yield path.relative_to(self._units).as_posix().removesuffix(".json")

    def forget_others(self, units: Iterable[str]) -> None:
        """Forget every unit but these."""
        for unit in set(self.units()).difference(units, [STAMP]):
            (self._units / f"{unit}.json").unlink(missing_ok=True)

    def prune(self, files: Iterable[File]) -> None:
        """Delete every object that neither a unit nor ``files`` need any more."""
        wanted = {file.digest for file in files}
        for unit in self.units():
            if (record := self.record(unit)) is not None:
                wanted.update(file.digest for file in record.files)
        for path in self._objects.glob("*/*"):
            if path.parent.name + path.name not in wanted:
                path.unlink(missing_ok=True)


def _time_of_its_own(target: Path, digest: str) -> int:
    """The time of an object, whose fraction of a second is made from its digest: without that, two objects of one size
    that were written or touched in the same moment could be taken for each other in a generation.
    """
    second, fraction = divmod(target.stat().st_mtime_ns, 10**9)
    own = int(digest[:8], 16) % 10**9
    if fraction != own:
        os.utime(target, ns=(second * 10**9 + own,) * 2)
    return target.stat().st_mtime_ns


def _holds(target: Path, data: bytes) -> bool:
    try:
        return target.read_bytes() == data
    except OSError:
        return False


def write_whole(target: Path, data: bytes, folder: Path) -> None:
    """Write into ``folder`` (of the same disk), then rename: nobody ever sees half a file.

    Everybody may read it, whoever wrote it.
    """
    beside = folder / f".{target.name}.{os.getpid()}"
    try:
        beside.write_bytes(data)
        beside.chmod(0o644)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
