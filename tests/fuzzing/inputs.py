"""Hostile inputs, drawn from a seed: damaged real files, words of a format in any order, nests of them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

# What breaks readers of all kinds: ends of ranges, characters of odd widths, halves of them, other line ends.
ANYWHERE = (
    b"\x00", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\n\n", b"\t", b"\x1b[2J", b"\x7f", b"\xc2\x85",
    b"\xe2\x80\xa8", b"\xe2\x80\xae", b"\xe2\x80\x8b", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\xcc\x81" * 9,
    b"\xc0\xaf",
    b"-1", b"0", b"1e999", b"99999999999999999999", b"NaN", b"0x10", b"9999-12-31", b"0000-00-00", b"2024-02-30",
    b"<script>", b"javascript:alert(1)", b"../../etc/passwd", b"{{7*7}}", b"${7*7}", b"%s%n", b"'", b'"', b"\\", b"`",
)  # fmt: skip
LONGEST = 4000


def inputs(
    seed: int, count: int, corpus: Sequence[bytes], words: Sequence[bytes], longest: int = LONGEST
) -> Iterator[bytes]:
    """``count`` inputs of at most ``longest`` bytes. ``corpus``: good files; ``words``: pieces of the format."""
    chance = random.Random(seed)
    pieces = (*words, *ANYWHERE)
    for _ in range(count):
        kind = chance.random()
        if kind < 0.6:
            made = damaged(chance, chance.choice(corpus)[:longest], corpus, pieces)
        elif kind < 0.85:
            made = b"".join(chance.choices(words if chance.random() < 0.7 else pieces, k=chance.randrange(1, 60)))
        elif kind < 0.95:
            made = nested(chance, words)
        else:
            made = chance.randbytes(chance.randrange(200))
        yield made[:longest]


def damaged(chance: random.Random, good: bytes, corpus: Sequence[bytes], pieces: Sequence[bytes]) -> bytes:
    """A good file with one to six things wrong."""
    made = bytearray(good)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        at = chance.randrange(len(made) + 1)
        end = min(len(made), at + int(chance.expovariate(1 / 12)) + 1)
        kind = chance.randrange(9)
        if kind == 0:
            del made[at:end]
        elif kind == 1:
            made[at:at] = made[at:end] * chance.choice((1, 2, 40))
        elif kind == 2:
            made[at:at] = chance.choice(pieces)
        elif kind == 3:
            made[at:end] = chance.choice(pieces)
        elif kind == 4 and at < len(made):
            made[at] ^= 1 << chance.randrange(8)
        elif kind == 5:
            del made[at:]
        elif kind == 6:
            made[at:at] = chance.choice(pieces) * chance.randrange(1, 300)
        elif kind == 7:
            other = chance.choice(corpus)
            start = chance.randrange(len(other) + 1)
            made[at:end] = other[start : start + chance.randrange(400)]
        else:
            lines = bytes(made).split(b"\n")
            chance.shuffle(lines)
            made = bytearray(b"\n".join(lines))
    return bytes(made)


def nested(chance: random.Random, words: Sequence[bytes]) -> bytes:
    """One to three pieces again and again, or around each other: what takes square time in a careless reader."""
    few = [chance.choice(words) for _ in range(chance.randrange(1, 4))]
    times = chance.choice((10, 100, 1000))
    middle = chance.choice(words) if chance.random() < 0.5 else b""
    after = b"".join(reversed(few)) * times if chance.random() < 0.5 else b""
    return b"".join(few) * times + middle + after
