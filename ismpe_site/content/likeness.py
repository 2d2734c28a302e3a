"""Names as they look: scripts of their words, characters that are never seen, and names that are read as another.

By Unicode's security mechanisms (UTS 39). The only home of confusable_homoglyphs, which is loaded only for a name with
letters beyond ASCII: most names have none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

# What is never seen. A joiner (U+200C, U+200D) is part of the spelling in scripts whose letters join.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U000e0000-\U000e0fff]"
)
JOINERS = "\u200c\u200d"
WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f]*[^\W\d_]+)*")
NEUTRAL = frozenset({"COMMON", "INHERITED"})
# Scripts whose letters look like those of Latin, so that a word that mixes them was made to deceive.
ALIKE = frozenset({"CYRILLIC", "GREEK", "COPTIC", "CHEROKEE", "LISU", "ARMENIAN"})
# Scripts in which the words of one language are written together.
TOGETHER = (
    frozenset({"HAN", "HIRAGANA", "KATAKANA"}),
    frozenset({"HAN", "HANGUL"}),
    frozenset({"HAN", "BOPOMOFO"}),
)
# Scripts that join no letters.
UNJOINED = frozenset({"LATIN", "CYRILLIC", "GREEK", "COMMON", "HAN", "HIRAGANA", "KATAKANA", "HANGUL"})


def mixed_word(name: str) -> tuple[str, frozenset[str]] | None:
    """The first word whose letters are of scripts that no language writes together, with these; None where none is.

    Latin may stand beside one other script (UTS 39, "moderately restrictive"), but not beside one that looks like it.
    """
    if name.isascii():
        return None
    for word in WORD.findall(name):
        scripts = frozenset(_script(letter) for letter in word) - NEUTRAL
        others = scripts - {"LATIN"}
        together = len(others) <= 1 or any(others <= allowed for allowed in TOGETHER)
        if not together or ("LATIN" in scripts and others & ALIKE):
            return word, scripts
    return None


def invisible(name: str) -> str:
    """The first character of a name that is never seen and belongs to no spelling; empty where there is none."""
    if name.isascii():
        return ""
    for found in INVISIBLE.finditer(name):
        before = name[found.start() - 1 : found.start()]
        if found[0] not in JOINERS or not before or _script(before) in UNJOINED:
            return found[0]
    return ""


def lookalikes(names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Pairs of keys of ``names`` (key → name) whose names are written otherwise and read alike, the second the later.

    Of two names in ASCII nothing is said: which of its letters look alike is a matter of the font.
    """
    if all(name.isascii() for name in names.values()):
        return
    first: dict[tuple[str, bool], str] = {}
    for key in sorted(names, key=lambda key: (not names[key].isascii(), key)):
        name = names[key]
        # Capitals of two scripts are alike where their small letters are not.
        drawn = ((skeleton(name), False), (skeleton(name.upper()), True))
        others = [first.setdefault(one, key) for one in drawn]
        if not name.isascii() and (other := next((one for one in others if names[one] != name), None)):
            yield other, key


def skeleton(name: str) -> str:
    """What names that look alike have in common (UTS 39, section 4), whatever their capitals and spaces."""
    seen = INVISIBLE.sub("", unicodedata.normalize("NFKD", name))
    alike = _prototypes()
    drawn = unicodedata.normalize("NFD", seen.translate(alike).translate(alike))
    return "".join(drawn.casefold().split())


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    from confusable_homoglyphs import categories

    return str(categories.alias(letter))


@lru_cache(maxsize=1)
def _prototypes() -> dict[int, str]:
    """Each character that looks like another → the one that stands for all of them.

    The library lists for each character those like it, with no word on which is the prototype: the plainest is taken.
    """
    from confusable_homoglyphs.confusables import confusables_data

    alike = {}
    for character, likes in confusables_data.items():
        if len(character) == 1:
            several = (like["c"].strip("\u200e") for like in likes)
            alike[ord(character)] = min((character, *several), key=_plainness)
    return alike


def _plainness(text: str) -> tuple[bool, int, str]:
    """Letters of ASCII before others; ``rn`` before ``m``, as Unicode has it."""
    return not text.isascii(), -len(text) if text.isascii() else len(text), text
