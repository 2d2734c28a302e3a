"""Easy text → HTML without a parser, which takes longer. What is not easy is left to ``markup``."""

from __future__ import annotations

import re

# Easy text, which is most of it, needs no parser: paragraphs and lists of single lines, in which no sign means anything
# but *a word*, **a word** and `a word` between spaces. A line begins with a letter, so that it is no other block.
_SIGN = r"[^\s\0\\`*_\[\]<>&!~|]"
_WORDS = rf"[^\W_](?:(?:{_SIGN}| )*[^\W_])?"
_MARK = rf"(?<![^\s(“‘])(?:`[\w.-]+`|\*\*{_WORDS}\*\*|\*{_WORDS}\*)(?=[\s.,;:)”’]|\Z)"
_LINE = rf"(?=[^\W\d_]|[“‘(*`])(?:(?:{_SIGN}| )++|{_MARK})++(?<! )"
PARAGRAPH = re.compile(rf"{_LINE}(?:\n{_LINE})*+")
LIST = re.compile(rf"- {_LINE}(?:\n- {_LINE})*+")
MARKS = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*")


def blocks(text: str) -> str | None:
    """The blocks of easy text as HTML; nothing where the text is not easy. The tests compare it with the parser."""
    html = []
    for part in text.removesuffix("\n").split("\n\n"):
        if PARAGRAPH.fullmatch(part):
            html.append(f"<p>{marked(part)}</p>\n")
        elif LIST.fullmatch(part) and not (html and html[-1].startswith("<ul>")):
            items = "".join(f"<li>{marked(line[2:])}</li>\n" for line in part.split("\n"))
            html.append(f"<ul>\n{items}</ul>\n")
        else:
            return None
    return "".join(html)


def marked(text: str) -> str:
    """Easy text in HTML: one sign is left in it to be escaped."""
    return MARKS.sub(_mark, text.replace('"', "&quot;"))


def _mark(match: re.Match[str]) -> str:
    tag = ("code", "strong", "em")[(match.lastindex or 1) - 1]
    return f"<{tag}>{match[match.lastindex or 1]}</{tag}>"
