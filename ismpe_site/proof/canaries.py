"""Texts that may not be published, and texts that are → canaries: pieces that may be found in no public file.

A text is cut into every five words that follow one another; a shorter one, a name, an address of a person or a token
is a canary as a whole. Canaries are letters and digits alone (``folding.tight``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache

from ahocorasick_rs import BytesAhoCorasick

from ismpe_site.proof.folding import folded, tight, words
from ismpe_site.proof.secrets import Secret

WINDOW = 5
# The end of one sentence and the beginning of the next may meet by chance in two texts: no piece has both.
SENTENCE_END = re.compile(rb"(?<=[.!?:;])\s+|\n\s*(?:[-*+#>]|[0-9]+[.)]|\n)\s*")
# Where a link leads on the site itself is an address of the site, and no secret.
LOCAL_LINK = re.compile(rb"\]\([/#][^)\s]*\)")
# A shorter piece is found by chance: it counts only where it stands alone, as the words of a name do.
LEAST, LEAST_NAME = 12, 5
# So few pieces are sought sooner one by one.
FEW = 40
# How much of one organisation's canaries is kept for files that speak of all, in bytes.
SAMPLE = 1000


@dataclass(frozen=True)
class Canaries:
    """Pieces (tight texts), each with the number of its secret in ``secrets``."""

    pieces: tuple[bytes, ...]
    owners: tuple[int, ...]
    secrets: tuple[Secret, ...]

    def __bool__(self) -> bool:
        return bool(self.pieces)

    def __getstate__(self) -> dict[str, object]:
        """For the journey to a worker: what finds them is made anew there."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @cached_property
    def finder(self) -> Finder:
        """What finds them."""
        return Finder(self.pieces)

    @cached_property
    def digest(self) -> str:
        """16 hexadecimal digits that stand for all of them; empty where there is none."""
        return hashlib.sha256(b"\n".join(self.pieces)).hexdigest()[:16] if self.pieces else ""

    def sample(self) -> bytes:
        """One piece of as many secrets as there is room for in ``SAMPLE`` bytes, names first; each on a line."""
        best: dict[int, bytes] = {}
        for piece, owner in zip(self.pieces, self.owners, strict=True):
            if len(piece) > len(best.get(owner, b"")):
                best[owner] = piece
        order = sorted(best, key=lambda owner: (not self.secrets[owner].name, owner))
        names = sum(self.secrets[owner].name for owner in order)
        room = max(1, (SAMPLE - sum(len(best[owner]) for owner in order[:names])) // 32)
        step = max(1, -(-(len(order) - names) // room))
        kept = order[:names] + order[names::step]
        return b"\n".join(best[owner] for owner in kept)


NONE = Canaries((), (), ())


class Finder:
    """Many pieces sought in one go."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = tuple(pieces)
        self._automaton = BytesAhoCorasick(self._pieces)

    def among(self, text: bytes) -> set[int]:
        """The numbers of the pieces in the tight ``text``."""
        return {number for number, _, _ in self._automaton.find_matches_as_indexes(text, overlapping=True)}

    def is_short(self, number: int) -> bool:
        """Whether a piece is so short that it is found by chance in longer words."""
        return len(self._pieces[number]) < LEAST

    def stands_alone(self, number: int, layer: bytes) -> bool:
        """Whether a piece stands in ``layer`` (no tight text) as words of its own, not in the middle of longer ones."""
        return _alone(self._pieces[number]).search(folded(layer).lower()) is not None


@lru_cache(maxsize=256)
def _alone(piece: bytes) -> re.Pattern[bytes]:
    letters = rb"(?:<[^<>]*>|&[a-z]+;|[^a-z0-9\x80-\xff])*".join(
        re.escape(piece[at : at + 1]) for at in range(len(piece))
    )
    return re.compile(rb"(?<![a-z0-9\x80-\xff])" + letters + rb"(?![a-z0-9\x80-\xff])")


def joined(texts: Iterable[str]) -> bytes:
    """Texts to be searched in one go."""
    return b"\n".join(tight(text.encode("utf-8", "surrogatepass")) for text in texts)


def canaries(texts: Iterable[Secret], shown: Collection[str], public: Iterable[bytes]) -> Canaries:
    """The canaries of those ``texts`` that are not published.

    What is ``shown`` is no secret, nor is a part of it, nor what stands in ``public`` (see ``joined``).
    """
    secrets = tuple(secret for secret in texts if secret.text not in shown)
    owner: dict[bytes, int] = {}
    for number, secret in enumerate(secrets):
        for piece in _pieces(secret):
            owner.setdefault(piece, number)
    pieces = tuple(owner)
    if not pieces:
        return NONE
    known = _known(pieces, (joined(shown), *public))
    kept = [(piece, owner[piece]) for number, piece in enumerate(pieces) if number not in known]
    left = sorted({number for _, number in kept})
    place = {number: at for at, number in enumerate(left)}
    return Canaries(
        tuple(piece for piece, _ in kept),
        tuple(place[number] for _, number in kept),
        tuple(secrets[number] for number in left),
    )


def _known(pieces: tuple[bytes, ...], public: Iterable[bytes]) -> set[int]:
    """The numbers of the pieces that stand in a public text."""
    if len(pieces) < FEW:
        return {number for number, piece in enumerate(pieces) if any(piece in text for text in public)}
    finder = Finder(pieces)
    return set().union(*map(finder.among, public))


def _pieces(secret: Secret) -> Iterator[bytes]:
    data = secret.text.encode("utf-8", "surrogatepass")
    if secret.name:
        if len(whole := tight(data)) >= LEAST_NAME:
            yield whole
        return
    for sentence in SENTENCE_END.split(LOCAL_LINK.sub(b"]", data)):
        parts = words(sentence)
        for at in range(max(1, len(parts) - WINDOW + 1)):
            piece = b"".join(parts[at : at + WINDOW])
            if len(piece) >= LEAST:
                yield piece
