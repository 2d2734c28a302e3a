"""In how many lines a page sets a text, never fewer than it does; and as much of a text as some lines hold."""

from __future__ import annotations

from functools import lru_cache

from ismpe_site.publications.lettering import advance, direction

Fonts = tuple[bytes, ...]

# Of a line only this much is counted on: kerning between words is not measured. Arabic is set in heavier letters than
# those it is measured in.
SLACK, SLACK_HEAVIER = 0.985, 0.93

# No letter is wider, in its own size; no text longer than this fits anywhere.
WIDEST, LONGEST = 1.2, 6000


def lines(fonts: Fonts, text: str, width: float) -> int:
    """In how many lines of ``width``, in the size of the text, a page sets it; words wider than a line are divided."""
    return sum(_broken(fonts, line, width * _slack(text)) for line in text.split("\n"))


def _slack(text: str) -> float:
    return SLACK_HEAVIER if direction(text) else SLACK


def fitting(fonts: Fonts, text: str, width: float, most: int) -> bool:
    """Whether ``text`` goes into ``most`` lines with no word divided."""
    if len(text) > LONGEST:
        return False
    widest = max((advance(fonts, word) for word in _words(text)), default=0)
    return widest <= width * _slack(text) and lines(fonts, text, width) <= most


def cut(fonts: Fonts, text: str, width: float, most: int) -> str:
    """As much of ``text`` as goes into ``most`` lines, long words divided, and "…" where that is not all."""
    if len(text) <= LONGEST and lines(fonts, text, width) <= most:
        return text
    low, high = 0, min(len(text), LONGEST)
    while high - low > 1:
        middle = (low + high) // 2
        enough = lines(fonts, text[:middle].rstrip() + "…", width) <= most
        low, high = (middle, high) if enough else (low, middle)
    kept = text[:low].rstrip()
    whole = kept.rpartition(" ")[0]
    # At the end of a word, where one is near.
    return (whole if len(whole) > len(kept) - 25 else kept).rstrip(" ,;:·") + "…"


def _broken(fonts: Fonts, line: str, width: float) -> int:
    count, filled, space = 1, 0.0, advance(fonts, " ")
    for word in _words(line):
        wide = advance(fonts, word)
        if wide > width:
            count += int(wide / max(width - WIDEST, 0.5)) + (1 if filled else 0)
            filled = width
        elif filled and filled + space + wide > width:
            count, filled = count + 1, wide
        else:
            filled += (space if filled else 0) + wide
    return count


@lru_cache(maxsize=1024)
def _words(line: str) -> tuple[str, ...]:
    # At no other white space: what keeps words together on a page keeps them together here.
    return tuple(word for word in line.split(" ") if word)
