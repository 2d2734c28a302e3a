"""Two versions of a text → what was added and what was removed, block by block and word by word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby
from typing import Literal

from ismpe_site.model import Document
from ismpe_site.publications.markup import Block, blocks

Mark = Literal["same", "removed", "added", "left out"]

# Blocks that share less than this of their words are two blocks, not two versions of one.
ALIKE = 0.4

# More pairs of blocks, or of words, than these are not compared one by one: no reader would follow such a comparison.
MOST_BLOCKS, MOST_WORDS = 40_000, 100_000

# Of a long unchanged stretch so many words are shown beside a change.
SHOWN = 10


@dataclass(frozen=True)
class Part:
    """Words of one kind; ``left out`` stands for words that are the same and not shown."""

    mark: Mark
    words: str


@dataclass(frozen=True)
class Compared:
    """A block of either version or of both; ``kind`` is that of ``markup.Block``, or ``left out`` for whole blocks."""

    kind: str
    parts: tuple[Part, ...]

    @property
    def changed(self) -> bool:
        """Whether anything of it was added or removed."""
        return any(part.mark in ("added", "removed") for part in self.parts)


@lru_cache(maxsize=64)
def between(old: Document, new: Document) -> tuple[Compared, ...]:
    """The differences between two versions of a document: of its title, where that is another, and its text."""
    titles = ([], []) if old.title == new.title else ([Block("heading", old.title)], [Block("heading", new.title)])
    return _of_blocks([*titles[0], *_worded(old.body)], [*titles[1], *_worded(new.body)])


def differences(old: str, new: str) -> tuple[Compared, ...]:
    """All of both texts (Markdown), in order: without what was added it is the old one, without what was removed the
    new one. Nothing where their words are the same, whatever became of their markup.
    """
    return _of_blocks(_worded(old), _worded(new))


def shortened(compared: Sequence[Compared]) -> tuple[Compared, ...]:
    """What a reader needs of it: changes with the words beside them and the heading they stand under."""
    shown: list[Compared] = []
    for at, block in enumerate(compared):
        if block.changed:
            shown.append(replace(block, parts=tuple(_short(block.parts))))
        elif block.kind == "heading" and _heads_a_change(compared[at + 1 :]):
            shown.append(block)
        elif not (shown and shown[-1].kind == "left out"):
            shown.append(Compared("left out", ()))
    return tuple(shown)


def groups(compared: Sequence[Compared]) -> Iterator[tuple[str, tuple[Compared, ...]]]:
    """Blocks of one kind that follow each other, as a page sets them together."""
    for kind, following in groupby(compared, lambda block: block.kind):
        yield kind, tuple(following)


def _worded(text: str) -> list[Block]:
    """The blocks of a text that hold words, as far as they are compared."""
    return [Block(block.kind, " ".join(block.words.split())) for block in blocks(text) if block.words.strip()]


def _of_blocks(old: list[Block], new: list[Block]) -> tuple[Compared, ...]:
    compared = tuple(_compared(old, new))
    return compared if any(block.changed for block in compared) else ()


def _compared(old: list[Block], new: list[Block]) -> Iterator[Compared]:
    for tag, first, last, begin, end in _opcodes(old, new):
        if tag == "equal":
            yield from (Compared(block.kind, (Part("same", block.words),)) for block in old[first:last])
        else:
            yield from _replaced(old[first:last], new[begin:end])


def _replaced(old: list[Block], new: list[Block]) -> Iterator[Compared]:
    """Blocks in place of others: those that are versions of each other side by side."""
    at = begin = 0
    for mine, yours in (*_pairs(old, new), (len(old), len(new))):
        yield from (Compared(block.kind, (Part("removed", block.words),)) for block in old[at:mine])
        yield from (Compared(block.kind, (Part("added", block.words),)) for block in new[begin:yours])
        if mine < len(old):
            yield Compared(old[mine].kind, tuple(_parts(old[mine].words.split(" "), new[yours].words.split(" "))))
        at, begin = mine + 1, yours + 1


def _pairs(old: list[Block], new: list[Block]) -> list[tuple[int, int]]:
    """The pairs of places that make the most of what is alike, in the order of both."""
    if len(old) * len(new) > MOST_BLOCKS:
        return []
    ours, theirs = ([Counter(block.words.split(" ")) for block in side] for side in (old, new))
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for at in reversed(range(len(old))):
        for begin in reversed(range(len(new))):
            alike = _alike(old[at], new[begin], ours[at], theirs[begin])
            best[at][begin] = max(best[at + 1][begin], best[at][begin + 1], alike + best[at + 1][begin + 1])
    pairs, at, begin = [], 0, 0
    while at < len(old) and begin < len(new):
        if best[at][begin] == best[at + 1][begin]:
            at += 1
        elif best[at][begin] == best[at][begin + 1]:
            begin += 1
        else:
            pairs.append((at, begin))
            at, begin = at + 1, begin + 1
    return pairs


def _alike(old: Block, new: Block, ours: Counter[str], theirs: Counter[str]) -> float:
    """0 where they are two blocks, else the share of their words that both have."""
    if old.kind != new.kind:
        return 0.0
    share = 2 * (ours & theirs).total() / (ours.total() + theirs.total())
    return share if share >= ALIKE else 0.0


def _parts(old: list[str], new: list[str]) -> Iterator[Part]:
    """The words of two versions of a block: what is the same, removed, added."""
    for tag, first, last, begin, end in _joined(_opcodes(old, new)):
        if tag == "equal":
            yield Part("same", " ".join(old[first:last]))
            continue
        if first < last:
            yield Part("removed", " ".join(old[first:last]))
        if begin < end:
            yield Part("added", " ".join(new[begin:end]))


Opcode = tuple[str, int, int, int, int]


def _joined(opcodes: list[Opcode]) -> list[Opcode]:
    """One or two words that stayed between changes are changed with them: they are read in one go."""
    joined: list[Opcode] = []
    for at, opcode in enumerate(opcodes):
        tag, first, last, begin, end = opcode
        between = tag == "equal" and last - first <= 2 and 0 < at < len(opcodes) - 1
        if joined and (between or (tag != "equal" and joined[-1][0] != "equal")):
            _, before, _, start, _ = joined.pop()
            tag, first, begin = "replace", before, start
        joined.append((tag, first, last, begin, end))
    return joined


def _opcodes(old: Sequence[object], new: Sequence[object]) -> list[Opcode]:
    """As difflib's, where that does not take long; else one replacement between what begins and what ends both."""
    same = next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), None)
    if same is None:
        same = min(len(old), len(new))
    tail = 0
    while tail < min(len(old), len(new)) - same and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    last, end = len(old) - tail, len(new) - tail
    middle: list[Opcode] = [("replace", same, last, same, end)] if same < last or same < end else []
    if middle and (last - same) * (end - same) <= MOST_WORDS:
        matcher = SequenceMatcher(None, old[same:last], new[same:end], autojunk=False)
        middle = [(tag, a + same, b + same, c + same, d + same) for tag, a, b, c, d in matcher.get_opcodes()]
    return [
        *([("equal", 0, same, 0, same)] if same else []),
        *middle,
        *([("equal", last, len(old), end, len(new))] if tail else []),
    ]


def _heads_a_change(following: Sequence[Compared]) -> bool:
    """Whether something changed between a heading and the next."""
    for block in following:
        if block.kind == "heading":
            return False
        if block.changed:
            return True
    return False


def _short(parts: tuple[Part, ...]) -> Iterator[Part]:
    """``parts`` without the middle of long stretches that are the same."""
    for at, part in enumerate(parts):
        words = part.words.split(" ")
        before, after = SHOWN if at else 0, SHOWN if at < len(parts) - 1 else 0
        if part.mark != "same" or len(words) <= before + after + SHOWN:
            yield part
            continue
        yield from (Part("same", " ".join(kept)) for kept in [words[:before]] if kept)
        yield Part("left out", "")
        yield from (Part("same", " ".join(kept)) for kept in [words[len(words) - after :]] if kept)
