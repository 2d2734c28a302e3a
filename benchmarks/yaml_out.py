"""Text as YAML: quoted on one line, or as a block. Every YAML reader takes it for text, ours and others'."""

from __future__ import annotations


def quoted(text: str) -> str:
    """``text``, which has one line, in double quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def block(paragraphs: list[list[str]], indent: str) -> list[str]:
    """The lines of a block scalar, to follow ``|``: a sentence a line, a blank line between paragraphs."""
    lines: list[str] = []
    for paragraph in paragraphs:
        lines += [""] * bool(lines) + [indent + sentence for sentence in paragraph]
    return lines
