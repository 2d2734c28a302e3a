"""What the YAML parser says, in words for the person who must mend the file, at the place where mending begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import yaml

OTHER = "often a missing quote, a colon inside text, or wrong indentation: put the text into quotes or a block (|)"
TABS = "indent with spaces, not with tabs"
AFTER_QUOTE = (
    "after a closing quotation mark or bracket nothing follows; an apostrophe between ' and ' is written twice"
)
HARD_SPACE = "a no-break space (U+00A0) stands here or on the line before; type an ordinary space instead"


@dataclass(frozen=True)
class _Words:
    """``says`` is part of the parser's sentence.

    ``at`` tells which of its two places helps: where it gave up or where it began.
    """

    says: str
    message: str
    help: str
    at: Literal["end", "start"] = "end"


BEGINS = _Words("", 'text cannot begin with "{character}"', "put the text into quotes or a block (|)")

WORDS = (
    _Words(
        "mapping values are not allowed",
        "a colon stands where no field can begin",
        "text with a colon and a space in it goes into quotes or a block (|); "
        "a field is indented like the fields beside it",
    ),
    _Words(
        "found unexpected end of stream",
        "the quotation mark that opens here is never closed",
        "close it at the end of the text, or use a block (|)",
        "start",
    ),
    _Words(
        "found unknown escape character",
        "this backslash means nothing",
        "between \" and \" a backslash is written twice; between ' and ' it stands for itself",
    ),
    _Words(
        "did not find expected ',' or ']'",
        "the list that opens here lacks a comma or its closing ]",
        "text with a comma, a colon or a bracket in it goes into quotes",
        "start",
    ),
    _Words(
        "did not find expected ',' or '}'",
        "the group of fields that opens here lacks a comma or its closing }",
        "text with a comma, a colon or a bracket in it goes into quotes",
        "start",
    ),
    _Words(
        "could not find expected ':'",
        "this line is not a field",
        "a field is a name, a colon, a space and a value; text that goes on from the line before is indented",
        "start",
    ),
    _Words(
        "did not find expected key",
        "this does not fit what stands before it",
        "indent a field like the fields beside it; a list stands below a field of its own",
    ),
    _Words(
        "did not find expected '-' indicator",
        "this does not belong to the list above it",
        "every entry begins with a hyphen; the fields of an entry are indented alike",
    ),
    _Words(
        "block sequence entries are not allowed",
        "no list can begin here",
        "begin it on the next line; text that begins with a hyphen goes into quotes",
    ),
    _Words(
        "did not find expected comment or line break",
        "the text of a block begins on the next line",
        "after | or > the line ends; text that begins with one of them goes into quotes",
    ),
    _Words(
        "did not find expected <document start>",
        "this follows the end of the document",
        "one file holds one document: a group of fields or a list",
    ),
    _Words("did not find expected alphabetic or numeric character", BEGINS.message, BEGINS.help, "start"),
    _Words("found character that cannot start any token", BEGINS.message, BEGINS.help),
    _Words("did not find expected node content", BEGINS.message, BEGINS.help),
)


def in_words(error: yaml.MarkedYAMLError, text: str) -> tuple[int, int, str, str]:
    """(line, column, message, help) of a syntax error; line and column count from 0."""
    says = error.problem or "the file cannot be read"
    words = next((words for words in WORDS if words.says in says), None)
    mark = error.problem_mark or error.context_mark
    if words is not None and words.at == "start" and error.context_mark is not None:
        mark = error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.split("\n")
    rest = "".join(lines[line : line + 1])[column:] + "".join(lines[line + 1 :])
    if not rest.strip():
        return _at_the_end(text)
    here = lines[line]
    if "\t" in here[: len(here) - len(here.lstrip())] or here[column : column + 1] == "\t":
        return line, max(here.find("\t"), 0), "a tab stands where only spaces may", TABS
    message = words.message.replace("{character}", here[column : column + 1]) if words else says
    near = here + (lines[line - 1] if line else "")
    return line, column, f"not valid YAML: {message}", _hint(words, here[:column].strip(), near)


def _at_the_end(text: str) -> tuple[int, int, str, str]:
    before = text.rstrip().split("\n")
    says = "not valid YAML: the file ends where something must follow"
    return (
        len(before) - 1,
        max(len(before[-1]) - 1, 0),
        says,
        "close the bracket that is open, or write what is missing",
    )


def _hint(words: _Words | None, before: str, near: str) -> str:
    if "\u00a0" in near:
        return HARD_SPACE
    if words is not None and words.says == "did not find expected key" and before:
        return AFTER_QUOTE
    return words.help if words is not None else OTHER
