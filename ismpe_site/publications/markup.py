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

from ismpe_site.model import LINK_TARGET

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

Resolve = Callable[[str], str]


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    # Only here, because it takes longer to load than many a command takes otherwise.
    from markdown_it import MarkdownIt

    parser = MarkdownIt("js-default", {"html": False, "linkify": False, "typographer": False, "breaks": False})
    parser.validateLink = lambda url: bool(LINK_TARGET.match(url))  # type: ignore[method-assign]
    return parser


# Easy text, which is most of it, needs no parser: paragraphs and lists of single lines, in which no sign means anything
# but *a word*, **a word** and `a word` between spaces. A line begins with a letter, so that it is no other block.
_SIGN = r"[^\s\0\\`*_\[\]<>&!~|]"
_WORDS = rf"[^\W_](?:(?:{_SIGN}| )*[^\W_])?"
_MARK = rf"(?<![^\s(“‘])(?:`[\w.-]+`|\*\*{_WORDS}\*\*|\*{_WORDS}\*)(?=[\s.,;:)”’]|\Z)"
_LINE = rf"(?=[^\W\d_]|[“‘(*`])(?:(?:{_SIGN}| )++|{_MARK})++(?<! )"
PARAGRAPH = re.compile(rf"{_LINE}(?:\n{_LINE})*+")
LIST = re.compile(rf"- {_LINE}(?:\n- {_LINE})*+")
MARKS = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*")


def _easy(text: str) -> str | None:
    """The blocks of easy text as HTML; nothing where the text is not easy. The tests compare it with the parser."""
    html = []
    for part in text.removesuffix("\n").split("\n\n"):
        if PARAGRAPH.fullmatch(part):
            html.append(f"<p>{_marked(part)}</p>\n")
        elif LIST.fullmatch(part) and not (html and html[-1].startswith("<ul>")):
            items = "".join(f"<li>{_marked(line[2:])}</li>\n" for line in part.split("\n"))
            html.append(f"<ul>\n{items}</ul>\n")
        else:
            return None
    return "".join(html)


def _marked(text: str) -> str:
    """Easy text in HTML: one sign is left in it to be escaped."""
    return MARKS.sub(_mark, text.replace('"', "&quot;"))


def _mark(match: re.Match[str]) -> str:
    tag = ("code", "strong", "em")[(match.lastindex or 1) - 1]
    return f"<{tag}>{match[match.lastindex or 1]}</{tag}>"


def block(
    text: str, resolve: Resolve, first_heading: int = 2, *, prefix: str = "", taken: Collection[str] = ()
) -> Markup:
    """``text`` as HTML blocks. ``resolve`` turns a root link (``/process/``) into the page's own;
    the highest heading becomes ``<h{first_heading}>`` and each gets an id from its words.

    Where several texts stand on a page each has a ``prefix`` of its own, with a stop at its end, which no id from
    words has. The one text of a page has none, so that its ids are addresses; ``taken`` are the ids that the page
    uses itself.
    """
    if (easy := _easy(text)) is not None:
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


def _block(text: str, resolve: Resolve, first_heading: int, prefix: str, taken: Collection[str]) -> Markup:
    tokens = _parser().parse(text)
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    shift = first_heading - min(levels, default=first_heading)
    previous, seen = first_heading - 1, set(taken)
    for token, following in zip_longest(tokens, tokens[1:]):
        if token.type == "heading_open":
            # No level is skipped, whatever the author wrote.
            level = min(int(token.tag[1]) + shift, previous + 1, 6)
            previous, token.tag = level, f"h{level}"
            anchor = _unique(prefix + slug(following.content if following else ""), seen)
            token.attrSet("id", anchor)
        elif token.type == "heading_close":
            token.tag = f"h{previous}"
    _mend(tokens, resolve)
    return Markup(_parser().renderer.render(tokens, _parser().options, {}))  # noqa: S704  # built from escaped parts


def inline(text: str, resolve: Resolve) -> Markup:
    """``text`` as HTML without a paragraph around it, for wording inside a sentence or a heading."""
    if PARAGRAPH.fullmatch(text):
        return Markup(_marked(text))  # noqa: S704  # escaped
    tokens = _parser().parseInline(text)
    _mend(tokens, resolve)
    return Markup(_parser().renderer.render(tokens, _parser().options, {}))  # noqa: S704  # built from escaped parts


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


def slug(text: str) -> str:
    """Words joined by hyphens, for an id."""
    return "-".join(re.findall(r"[a-z0-9]+", text.lower())) or "section"


def _unique(anchor: str, seen: set[str]) -> str:
    number, candidate = 1, anchor
    while candidate in seen:
        number += 1
        candidate = f"{anchor}-{number}"
    seen.add(candidate)
    return candidate


def _mend(tokens: Sequence[Token], resolve: Resolve) -> None:
    """Links lead from this page; an image is shown as it was written; tables say what they head, by classes alone."""
    for token in tokens:
        if token.type == "link_open":
            target = str(token.attrs.get("href", ""))
            if target.startswith("/"):
                token.attrSet("href", resolve(target[1:]))
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
