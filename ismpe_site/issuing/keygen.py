"""New keys for the issuer, written so that nothing is overwritten and nobody else can read the private ones."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase

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
    """Make keys for the publisher of the site, named after ``year``: a root, a seal under it, a credential key.

    Where there are keys of that year they are named 2026b, 2026c and so on. The public halves are written last, so that
    none is published whose private half nobody has. Raises TrustError or OSError; nothing is ever overwritten.
    """
    issued = project.content / ISSUED
    secret_word = secret(passphrase, folder, twice=True)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with claimed(issued):
        label = _free(year, folder, issued / KEYS)
        made = make_keys(project.config.publisher.name, year, secret_word, test=test)
        private = {_named(name, year, label): data for name, data in made.private.items()}
        public = {_named(name, year, label): data for name, data in made.public.items()}
        for name, data in private.items():
            _write_private(folder / name, data)
        add_keys(issued, public)
    return Made(tuple(folder / name for name in private), tuple(issued / KEYS / name for name in public))


def _free(year: int, *folders: Path) -> str:
    """The first name that no key has."""
    for label in (str(year), *(f"{year}{letter}" for letter in ascii_lowercase[1:])):
        if not any(any(folder.glob(f"*-{label}.*")) for folder in folders):
            return label
    raise TrustError(f"there are 26 sets of keys of {year} already")


def _named(name: str, year: int, label: str) -> str:
    """``root.p12`` → ``root-2026b.p12``, ``seal-2026.crt`` → ``seal-2026b.crt``."""
    kind, dot, end = name.partition(".")
    return f"{kind.removesuffix(f'-{year}')}-{label}{dot}{end}"


def _write_private(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
