"""Writing ``content/issued/``: whatever is added is there wholly or not at all, whenever the program is killed.

The ledger decides: a folder it does not name is not issued, whatever is in it. So all new files are written beside,
complete and on the disk, and put in their places; then the new ledger takes the place of the old by one rename. What an
interrupted issue left is removed by the next one, and its numbers are given again: nobody has seen them.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from ismpe_site.build.generation import LockedError
from ismpe_site.content.issued import KEYS, LEDGER, NEW, SIGNED, begun_issue
from ismpe_site.ledger import text_of
from ismpe_site.model import Ledger

LOCK = ".lock"


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """One writer at a time. Raises LockedError, or OSError where the folder cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            raise LockedError(file.read().strip() or "another process", "issue") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def sweep(folder: Path, ledger: Ledger) -> None:
    """Remove what an interrupted issue left: all that it meant to add, and that ``ledger`` does not name."""
    issued = {certificate.number for certificate in ledger.certificates()}
    for number in begun_issue(folder) - issued:
        shutil.rmtree(folder / number, ignore_errors=True)
    shutil.rmtree(folder / NEW, ignore_errors=True)
    for path in (folder / SIGNED).glob("*"):
        if path.name != str(len(ledger.entries)):
            shutil.rmtree(path)


def add(
    folder: Path, ledger: Ledger, certificates: Mapping[str, Mapping[str, bytes]], signed: Mapping[str, bytes]
) -> None:
    """Put new certificates (number → files) and what is signed anew in their places; then ``ledger``, in one step.

    Raises OSError; until the last step nothing has happened.
    """
    new = folder / NEW
    for number, files in certificates.items():
        _write(new / number, files)
    _write(new / SIGNED, signed)
    _write(new, {LEDGER: text_of(ledger).encode()})
    (folder / SIGNED).mkdir(exist_ok=True)
    for number in certificates:
        (new / number).rename(folder / number)
    (new / SIGNED).rename(folder / SIGNED / str(len(ledger.entries)))
    _sync(folder / SIGNED)
    _sync(folder)
    (new / LEDGER).replace(folder / LEDGER)
    # It is issued; what cannot be tidied is for the next one.
    with suppress(OSError):
        _sync(folder)
        sweep(folder, ledger)


def add_keys(folder: Path, keys: Mapping[str, bytes]) -> None:
    """Put public keys beside those that are there. Raises FileExistsError where one has the same name."""
    for name in keys:
        if (folder / KEYS / name).exists():
            raise FileExistsError(17, "there is one of this name already", str(folder / KEYS / name))
    _write(folder / KEYS, keys)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Files that are on the disk, not only on their way there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        with (folder / name).open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    _sync(folder)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
