"""Public files → the canaries found in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ismpe_site.proof.canaries import Canaries, Finder
from ismpe_site.proof.secrets import Secret
from ismpe_site.proof.unwrap import readings, unwrap

NAME = "the file's name"


LONG = 4


@dataclass(frozen=True)
class Leak:
    """A private text in a public file. ``packed`` says in what it is there; empty where it can be read as it stands."""

    path: str
    secret: Secret
    packed: str = ""


class Found(NamedTuple):
    """Where a piece is: in what it is packed, and whether it stands there as words of its own."""

    packed: str
    alone: bool


def leaks(path: str, data: bytes, canaries: Canaries) -> tuple[Leak, ...]:
    """What of ``canaries`` is in the name or the bytes of the file at ``path``, each secret once.

    Five words of a long text may stand in a public one by chance ("4 mentors and 5 mentees"), six hardly ever: so of a
    text of ``LONG`` pieces and more two must be there. The last word of a piece may be the beginning of another one in
    public: so a piece that does not stand alone counts only if another one is there too, or if there is no other.
    """
    if not canaries:
        return ()
    of_secret: dict[int, list[Found]] = {}
    for number, found in found_in(path, data, canaries.finder).items():
        of_secret.setdefault(canaries.owners[number], []).append(found)
    return tuple(
        Leak(path, canaries.secrets[owner], found[0].packed)
        for owner, found in sorted(of_secret.items())
        if len(found) > 1 or (pieces := canaries.owners.count(owner)) == 1 or (found[0].alone and pieces < LONG)
    )


def found_in(path: str, data: bytes, finder: Finder) -> dict[int, Found]:
    """The numbers of the pieces in the name or the bytes of the file, each with where it is."""
    found: dict[int, Found] = {}
    _seek(NAME, path.encode("utf-8", "surrogatepass"), finder, found)
    for packed, layer in unwrap(data):
        _seek(packed, layer, finder, found)
    return found


def _seek(packed: str, layer: bytes, finder: Finder, found: dict[int, Found]) -> None:
    here: set[int] = set()
    for text in readings(layer):
        here |= finder.among(text)
    for number in sorted(here):
        if number in found and found[number].alone:
            continue
        alone = finder.stands_alone(number, layer)
        if alone or (number not in found and not finder.is_short(number)):
            found[number] = Found(packed, alone)
