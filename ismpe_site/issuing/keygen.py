"""New keys for the issuer, written so that nothing is overwritten and nobody else can read the private ones."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ismpe_site.content.issued import ISSUED, KEYS
from ismpe_site.issuing.folder import add_keys, claimed
from ismpe_site.issuing.key_files import secret
from ismpe_site.project import Project
from ismpe_site.trust.errors import TrustError
from ismpe_site.trust.keys import make_keys


@dataclass(frozen=True)
class Made:
    """The files that were made."""

    private: tuple[Path, ...]
    public: tuple[Path, ...]


def new_keys(project: Project, folder: Path, passphrase: str, year: int, *, test: bool) -> Made:
    """Make keys for the publisher of the site, named after ``year``. Raises TrustError where there are such already."""
    public = project.content / ISSUED / KEYS
    taken = [path for place in (folder, public) for path in place.glob(f"*-{year}.*")]
    if taken:
        raise TrustError(f"{taken[0]} is there already: keys of {year} are made once; another year has new ones")
    made = make_keys(project.config.publisher.name, year, secret(passphrase, folder, twice=True), test=test)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, data in made.private.items():
        _write_private(folder / name, data)
    with claimed(project.content / ISSUED):
        add_keys(project.content / ISSUED, made.public)
    return Made(tuple(folder / name for name in made.private), tuple(public / name for name in made.public))


def _write_private(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
