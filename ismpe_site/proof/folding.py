"""A text in whatever spelling → its letters and digits alone, so that no disguise makes two of one text."""

from __future__ import annotations

import re
import string
import unicodedata
from functools import lru_cache

NOT_ASCII = re.compile(rb"[\x80-\xff]+")
ASCII, HIGH = bytes(range(128)), bytes(range(128, 256))
KEPT = (string.ascii_letters + string.digits).encode()
DROPPED = bytes(code for code in range(128) if code not in KEPT)
SMALL = bytes.maketrans(string.ascii_uppercase.encode(), string.ascii_lowercase.encode())
# Whatever is neither a letter nor a digit parts two words.
PARTED = bytes.maketrans(DROPPED + string.ascii_uppercase.encode(), b" " * len(DROPPED) + SMALL[65:91])
# Letters of other alphabets than ours are replaced one by one in so many kinds.
FEW = 16


def folded(data: bytes) -> bytes:
    """UTF-8 text without accents and what Unicode calls compatible.

    Of what is not ASCII only letters and digits are left, small.
    """
    if data.isascii():
        return data
    letters = {
        character: plain
        for character in set(data.translate(None, ASCII).decode("utf-8", "replace"))
        if (plain := _fold(character.encode("utf-8", "replace"))).strip()
    }
    if len(letters) > FEW or not all(plain.isascii() for plain in letters.values()):
        return NOT_ASCII.sub(_folded, data)
    # Most pages have dashes, quotes and a few accents only: then this is four times as fast.
    for character, plain in letters.items():
        data = data.replace(character.encode(), plain)
    return data.translate(None, HIGH)


def tight(data: bytes) -> bytes:
    """The small letters and digits of UTF-8 text; nothing parts the words."""
    return folded(data).translate(SMALL, DROPPED)


def ascii_tight(data: bytes) -> bytes:
    """The small letters and digits that are ASCII, of bytes that are no text."""
    return data.translate(SMALL, DROPPED + HIGH)


def words(data: bytes) -> list[bytes]:
    """The same as ``tight``, word by word."""
    return NOT_ASCII.sub(_folded, data).translate(PARTED).split()


def _folded(run: re.Match[bytes]) -> bytes:
    return _fold(run[0])


@lru_cache(maxsize=4096)
def _fold(run: bytes) -> bytes:
    """Small letters and digits; a space where something else stands for itself, nothing where it is unseen."""
    text = unicodedata.normalize("NFKD", run.decode("utf-8", "replace")).casefold()
    return "".join(map(_kept, text)).encode()


def _kept(character: str) -> str:
    kind = unicodedata.category(character)
    if kind[0] in "LN":
        return character
    # Accents; soft hyphens, joiners, changes of direction.
    return "" if kind[0] == "M" or kind == "Cf" else " "
