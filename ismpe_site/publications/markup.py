"""Markdown of the content → safe HTML. The only home of markdown-it-py.

Raw HTML is shown as text, images are not taken, links may lead to https, mailto and pages of the site (the content
room reports others, with their place); headings
are moved so that they continue the page's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

from markupsafe import Markup, escape

from ismpe_site.anchors import Anchors, anchor
from ismpe_site.model import LINK_TARGET
from ismpe_site.publications import easy_text

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

Resolve = Callable[[str], str]
# The stretches of a text, in order → each as pieces of (words, their link or nothing). A root link is resolved.
Divide = Callable[[Sequence[str]], Sequence[Sequence[tuple[str, str]]]]


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    # Only here, because it takes longer to load than many a command takes otherwise.
    from markdown_it import MarkdownIt

    parser = MarkdownIt("js-default", {"html": False, "linkify": False, "typographer": False, "breaks": False})
    parser.validateLink = lambda url: bool(LINK_TARGET.match(url))  # type: ignore[method-assign]
    return parser


def block(
    text: str,
    resolve: Resolve,
    first_heading: int = 2,
    *,
    prefix: str = "",
    taken: Collection[str] = (),
    divide: Divide | None = None,
) -> Markup:
    """``text`` as HTML blocks. ``resolve`` turns a root link (``/process/``) into the page's own;
    the highest heading becomes ``<h{first_heading}>`` and each gets an id from its words.

    Where several texts stand on a page each has a ``prefix`` of its own, with a stop at its end, which no id from
    words has. The one text of a page has none, so that its ids are addresses; ``taken`` are the ids that the page
    uses itself. ``divide`` makes links of words; see ``stretches``.
    """
    if divide is not None:
        return _block(text, resolve, first_heading, prefix, taken, divide)
    if (easy := easy_text.blocks(text)) is not None:
        return Markup(easy)  # noqa: S704  # escaped
    known = _anywhere(text, first_heading, prefix, tuple(taken))
    return known if known is not None else _block(text, resolve, first_heading, prefix, taken)


@lru_cache(maxsize=1024)
def _anywhere(text: str, first_heading: int, prefix: str, taken: tuple[str, ...]) -> Markup | None:
    """``block``, where it is the same on every page: where it has no link that begins at the site's root."""
    links: list[str] = []

    def note(link: str) -> str:
        links.append(link)
        return link

    html = _block(text, note, first_heading, prefix, taken)
    return None if links else html


def _block(
    text: str,
    resolve: Resolve,
    first_heading: int,
    prefix: str,
    taken: Collection[str],
    divide: Divide | None = None,
) -> Markup:
    tokens = _parser().parse(text)
    if divide is not None:
        _link_words(tokens, divide)
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    shift = first_heading - min(levels, default=first_heading)
    previous, places = first_heading - 1, Anchors(taken)
    for token, following in zip_longest(tokens, tokens[1:]):
        if token.type == "heading_open":
            # No level is skipped, whatever the author wrote.
            level = min(int(token.tag[1]) + shift, previous + 1, 6)
            previous, token.tag = level, f"h{level}"
            token.attrSet("id", places.take(prefix + anchor(following.content if following else "")))
        elif token.type == "heading_close":
            token.tag = f"h{previous}"
    _mend(tokens, resolve)
    return Markup(_parser().renderer.render(tokens, _parser().options, {}))  # noqa: S704  # built from escaped parts


def inline(text: str, resolve: Resolve, divide: Divide | None = None) -> Markup:
    """``text`` as HTML without a paragraph around it, for wording inside a sentence or a heading.

    ``divide`` makes links of words; see ``stretches``.
    """
    if divide is None and easy_text.PARAGRAPH.fullmatch(text):
        return Markup(easy_text.marked(text))  # noqa: S704  # escaped
    tokens = _parser().parseInline(text)
    if divide is not None:
        _link_words(tokens, divide)
    _mend(tokens, resolve)
    return Markup(_parser().renderer.render(tokens, _parser().options, {}))  # noqa: S704  # built from escaped parts


def whole(text: str) -> Markup:
    """``text``, or HTML, with each word that a line might break at a hyphen or a slash in an element of its own."""

    def kept(word: re.Match[str]) -> str:
        divided = "<" not in word[0] and ("-" in word[0] or "/" in word[0])
        return f'<span class="whole">{word[0]}</span>' if divided else word[0]

    # What is between < and > is one tag, spaces and all.
    return Markup(re.sub(r"(?:<[^>]*>|[^ <])+", kept, escape(text)))  # noqa: S704  # built from escaped parts


def isolated(text: str, direction: str) -> Markup:
    """A name inside other words: kept from running into them where it has a direction of its own."""
    return Markup('<bdi dir="{}">{}</bdi>').format(direction, text) if direction else escape(text)


def plain(text: str) -> str:
    """``text`` without any markup, on one line."""
    words: list[str] = []
    for token in _parser().parse(text):
        words += [_words(child) for child in token.children or ()]
        words += [" "] if token.type in ("paragraph_close", "heading_close", "th_close", "td_close") else []
    return " ".join("".join(words).split())


@dataclass(frozen=True)
class Block:
    """One block of a text, without markup: what is measured or compared of it.

    ``words`` hold a line end only where the text breaks its line there; ``depth`` says in how many lists and quotations
    the block stands; ``level`` is that of a heading; ``cells`` are those of a row of a table; ``strong`` says whether
    some of its words are heavier than others.
    """

    kind: Literal["heading", "paragraph", "item", "row", "code", "rule"]
    words: str
    depth: int = 0
    level: int = 0
    cells: tuple[str, ...] = ()
    strong: bool = False


@lru_cache(maxsize=64)
def blocks(text: str) -> tuple[Block, ...]:
    """``text`` as its blocks, in order; an item is the first paragraph of an item of a list."""
    return tuple(_blocks(text))


def _blocks(text: str) -> Iterator[Block]:
    depth, level, item = 0, 0, False
    cells: list[str] | None = None
    for token in _parser().parse(text):
        if token.type in ("bullet_list_open", "ordered_list_open", "blockquote_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close", "blockquote_close"):
            depth -= 1
        elif token.type == "list_item_open":
            item = True
        elif token.type == "list_item_close":
            if item:
                yield Block("item", "", depth)
            item = False
        elif token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            yield Block("row", " · ".join(cells or ()), depth, cells=tuple(cells or ()))
            cells = None
        elif token.type == "inline":
            children = token.children or ()
            words, strong = _shown(children), any(child.type == "strong_open" for child in children)
            if cells is not None:
                cells.append(words)
            elif level:
                yield Block("heading", words, depth, level)
                level = 0
            else:
                yield Block("item" if item else "paragraph", words, depth, strong=strong)
                item = False
        elif token.type in ("fence", "code_block"):
            yield Block("code", token.content.rstrip("\n"), depth)
        elif token.type == "hr":
            yield Block("rule", "", depth)


def _shown(tokens: Sequence[Token]) -> str:
    """The words that ``block`` shows for ``tokens``: white space folded as a page folds it."""
    parts = []
    for token in tokens:
        if token.type == "image":
            parts.append(f"![{token.content}]({token.attrs.get('src', '')})")
        else:
            parts.append("\n" if token.type == "hardbreak" else _words(token))
    lines = "".join(parts).split("\n")
    return "\n".join(re.sub(r"[ \t\r\f]+", " ", line).strip(" ") for line in lines)


def _words(token: Token) -> str:
    if token.type in ("text", "code_inline"):
        return token.content
    if token.type == "image":
        return "".join(_words(child) for child in token.children or ())
    return " " if token.type.endswith("break") else ""


def stretches(text: str) -> list[str]:
    """The words of ``text`` that may become links: not those of its headings, links and code.

    A stretch runs from one piece of markup to the next, over the ends of lines.
    """
    return [token.content for sentence in _sentences(_parser().parse(text)) for token in _unlinked(sentence)]


def _link_words(tokens: Sequence[Token], divide: Divide) -> None:
    sentences = _sentences(tokens)
    unlinked = [token for sentence in sentences for token in _unlinked(sentence)]
    divided = zip(unlinked, divide([token.content for token in unlinked]), strict=True)
    linked = {id(token): [new for piece in pieces for new in _piece(*piece)] for token, pieces in divided}
    for sentence in sentences:
        sentence.children = [new for token in sentence.children or () for new in linked.get(id(token), [token])]


def _piece(words: str, link: str) -> list[Token]:
    from markdown_it.token import Token

    text = Token("text", "", 0, content=words)
    if not link:
        return [text]
    return [Token("link_open", "a", 1, attrs={"class": "term", "href": link}), text, Token("link_close", "a", -1)]


def _sentences(tokens: Sequence[Token]) -> list[Token]:
    """What holds the words of each block but headings; words that only the end of a line parts are one token there."""
    sentences = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "inline" and not (before and before.type == "heading_open"):
            token.children = _joined(token.children or ())
            sentences.append(token)
    return sentences


def _joined(tokens: Sequence[Token]) -> list[Token]:
    joined: list[Token] = []
    for token in tokens:
        words = "\n" if token.type == "softbreak" else token.content
        if token.type in ("text", "softbreak") and joined and joined[-1].type == "text":
            joined[-1].content += words
        else:
            joined.append(token)
    return joined


def _unlinked(sentence: Token) -> Iterator[Token]:
    depth = 0
    for token in sentence.children or ():
        depth += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type == "text" and not depth:
            yield token


def _mend(tokens: Sequence[Token], resolve: Resolve) -> None:
    """Links lead from this page; an image is shown as it was written; tables say what they head, by classes alone."""
    for token in tokens:
        if token.type == "link_open":
            target = str(token.attrs.get("href", ""))
            if target.startswith("/"):
                token.attrSet("href", resolve(target[1:]))
            elif not target:  # the content room reports it
                del token.attrs["href"]
        elif token.type == "image":
            token.type, token.content = "text", f"![{token.content}]({token.attrs.get('src', '')})"
            token.children = None
        elif token.type == "table_open":
            token.attrSet("class", "prose-table")
        elif token.type in ("th_open", "td_open"):
            if align := str(token.attrs.pop("style", "")).removeprefix("text-align:"):
                token.attrSet("class", f"align-{align}")
            if token.type == "th_open":
                token.attrSet("scope", "col")
        _mend(token.children or (), resolve)
