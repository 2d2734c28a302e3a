"""Public files → the canaries found in them."""

from __future__ import annotations

from dataclasses import dataclass

from ismpe_site.proof.canaries import Canaries, Finder
from ismpe_site.proof.secrets import Secret
from ismpe_site.proof.unwrap import readings, unwrap

NAME = "the file's name"


@dataclass(frozen=True)
class Leak:
    """A private text in a public file. ``packed`` says in what it is there; empty where it can be read as it stands."""

    path: str
    secret: Secret
    packed: str = ""


def leaks(path: str, data: bytes, canaries: Canaries) -> tuple[Leak, ...]:
    """What of ``canaries`` is in the name or the bytes of the file at ``path``, each secret once."""
    if not canaries:
        return ()
    found: dict[int, str] = {}
    for number, packed in found_in(path, data, canaries.finder).items():
        found.setdefault(canaries.owners[number], packed)
    return tuple(Leak(path, canaries.secrets[owner], packed) for owner, packed in sorted(found.items()))


def found_in(path: str, data: bytes, finder: Finder) -> dict[int, str]:
    """The numbers of the pieces in the name or the bytes of the file, with what they are packed in."""
    found = dict.fromkeys(_among(path.encode("utf-8", "surrogatepass"), finder), NAME)
    for packed, layer in unwrap(data):
        for number in _among(layer, finder):
            found.setdefault(number, packed)
    return found


def _among(layer: bytes, finder: Finder) -> set[int]:
    found: set[int] = set()
    for text in readings(layer):
        found |= finder.among(text)
    return {number for number in found if finder.stands_alone(number, layer)} if found else found
