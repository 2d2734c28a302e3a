"""Where private keys are, and what opens them: files, never a value on a command line or in a setting."""

from __future__ import annotations

import getpass
import os
import re
from pathlib import Path

from ismpe_site.issuing.work import KeyFiles
from ismpe_site.trust.errors import TrustError

SEAL = re.compile(r"seal-([0-9]{4}[a-z]?)\.p12")
CREDENTIAL = re.compile(r"credential-([0-9]{4}[a-z]?)\.pem")


def key_files(folder: Path, passphrase: str) -> KeyFiles:
    """The newest seal and the newest credential key of a folder. Raises TrustError where one is missing."""
    if not folder.is_dir():
        raise TrustError(
            f"there is no folder {folder} with keys: make them with `ismpe keygen`, or name it with --keys"
        )
    seal, _ = _newest(folder, SEAL, "seal-<year>.p12")
    credential, year = _newest(folder, CREDENTIAL, "credential-<year>.pem")
    try:
        return KeyFiles(seal.read_bytes(), credential.read_bytes(), secret(passphrase, folder), f"key-{year}")
    except OSError as error:
        raise TrustError(f"{error.filename} cannot be read: {error.strerror}") from error


def _newest(folder: Path, named: re.Pattern[str], wanted: str) -> tuple[Path, str]:
    found = sorted((match[1], path) for path in folder.iterdir() if (match := named.fullmatch(path.name)))
    if not found:
        raise TrustError(
            f"{folder} holds no {wanted}: make keys with `ismpe keygen`, or name another folder with --keys"
        )
    return found[-1][1], found[-1][0]


def secret(source: str, folder: Path, *, twice: bool = False) -> bytes:
    """The passphrase out of ``env:NAME`` or ``file:PATH``; asked for where ``source`` is empty. Raises TrustError."""
    kind, _, name = source.partition(":")
    if kind == "env" and name:
        value = os.environb.get(name.encode())
        if not value:
            raise TrustError(f"the environment has no {name}, which is to hold the passphrase")
        return _text(value, name)
    if kind == "file" and name:
        return _first_line(Path(name))
    if source:
        raise TrustError(f"--passphrase {source!r} is neither env:NAME nor file:PATH; leave it away to be asked")
    return _asked(folder, twice=twice)


def _first_line(path: Path) -> bytes:
    try:
        return _text(path.read_bytes().split(b"\n")[0].rstrip(b"\r"), str(path))
    except OSError as error:
        raise TrustError(f"{path} cannot be read: {error.strerror}; it is to hold the passphrase") from error


def _text(value: bytes, source: str) -> bytes:
    try:
        value.decode()
    except UnicodeDecodeError:
        raise TrustError(f"the passphrase in {source} is not UTF-8 text") from None
    if not value:
        raise TrustError(f"{source} holds no passphrase")
    return value


def _asked(folder: Path, *, twice: bool) -> bytes:
    try:
        first = getpass.getpass(f"Passphrase of the keys in {folder}: ")
        if twice and getpass.getpass("The same again: ") != first:
            raise TrustError("the two passphrases differ; nothing was made")
    except (EOFError, OSError) as error:
        raise TrustError("nobody is there to be asked; give --passphrase env:NAME or file:PATH") from error
    if not first:
        raise TrustError("keys without a passphrase are not made and not used")
    return first.encode()
