"""Bytes by their digest at an address that several machines reach: a folder, an object store."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from ismpe_site.build.executors import ExecutorError, MissingExtraError

DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class SharedObjects:
    """``address``: an absolute path, ``file://…``, or whatever fsspec knows, such as ``s3://bucket/folder``.

    Only the address travels when this is pickled. Deleting objects is never wrong: they are made again.
    """

    address: str

    def put(self, data: bytes) -> str:
        """Keep ``data``; returns its sha256. Writing again does no harm, and mends an object that was damaged."""
        digest = hashlib.sha256(data).hexdigest()
        folder = self._folder()
        if folder is not None:
            _write_whole(folder / _path(digest), data)
        else:
            files, root = self._files()
            path = f"{root}/{_path(digest)}"
            files.makedirs(path.rpartition("/")[0], exist_ok=True)
            # An object store shows an object when it is whole; elsewhere `get` takes half a file for none.
            files.pipe_file(path, data)
        return digest

    def get(self, digest: str) -> bytes:
        """Raises KeyError where there is no such object, or it is no longer what its name says."""
        if not DIGEST.fullmatch(digest):
            raise KeyError(digest)
        folder = self._folder()
        try:
            if folder is not None:
                data = (folder / _path(digest)).read_bytes()
            else:
                files, root = self._files()
                data = bytes(files.cat_file(f"{root}/{_path(digest)}"))
        except FileNotFoundError:
            raise KeyError(digest) from None
        if hashlib.sha256(data).hexdigest() != digest:
            raise KeyError(digest)
        return data

    def _folder(self) -> Path | None:
        """The folder that the address names: nothing else is needed for it than Python."""
        if "://" not in self.address:
            return Path(self.address)
        parts = urlsplit(self.address)
        return Path(unquote(parts.path)) if parts.scheme == "file" else None

    def _files(self) -> tuple[Any, str]:
        """(fsspec's file system, the path in it)"""
        try:
            from fsspec.core import url_to_fs
        except ImportError:
            raise MissingExtraError(f"to keep objects at {self.address}, install ismpe-site[dask]") from None
        try:
            files, root = url_to_fs(self.address)
        except ImportError as error:
            raise MissingExtraError(f"to keep objects at {self.address}: {error}") from None
        except ValueError as error:
            raise ExecutorError(f"objects cannot be kept at {self.address}: {error}") from None
        return files, root.rstrip("/")


def _path(digest: str) -> str:
    return f"{digest[:2]}/{digest[2:]}"


def _write_whole(target: Path, data: bytes) -> None:
    """Write beside, then rename. The name beside is one that no process of any machine has taken."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for number in count():
        beside = target.with_name(f".{target.name}.{number}")
        with suppress(FileExistsError), beside.open("xb") as file:
            try:
                file.write(data)
                file.close()
                beside.replace(target)
            except BaseException:
                beside.unlink(missing_ok=True)
                raise
            return
