"""Lever ``trees``: expat, which is written in C, reads well-formed documents in place of the HTML5 parser.

*Speeds up:* 4 % of a report, up to a quarter of a certificate.
*Safe:* only for a document that the HTML5 parser would read as it is written. That parser moves, closes and adds
elements; so everything it could do so with is refused: unknown elements, a paragraph with blocks in it, cells without
a row, text between rows, links in links, comments, processing instructions, ``/>`` on an element that is no void one,
and whatever expat itself refuses. ``tests/test_accelerator.py`` compares the two trees node by node.
"""

from __future__ import annotations

import re
from html.entities import html5
from typing import Any
from xml.etree import ElementTree as ET

import cssselect2
import weasyprint

SVG = "{http://www.w3.org/2000/svg}"

VOID = frozenset({"br", "col", "hr", "img", "link", "meta", "wbr"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# What ends a paragraph that is open. A table does so too.
BLOCKS = HEADINGS | {
    "address", "article", "aside", "blockquote", "details", "div", "dl", "fieldset", "figcaption", "figure", "footer",
    "header", "hr", "li", "dt", "dd", "main", "nav", "ol", "p", "section", "summary", "table", "ul",
}  # fmt: skip
PHRASES = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "data", "del", "dfn", "em", "i", "img", "ins", "kbd", "mark",
    "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
})  # fmt: skip
DRAWN = frozenset({
    "circle", "defs", "desc", "ellipse", "g", "line", "path", "polygon", "polyline", "rect", "svg", "text", "title",
    "tspan", "use",
})  # fmt: skip
# An element that stands in these parents only, and the parents that hold such elements and white space only.
PARENTS = {
    "head": {"html"}, "body": {"html"}, "title": {"head"}, "meta": {"head"}, "link": {"head"},
    "li": {"ul", "ol"}, "dt": {"dl"}, "dd": {"dl"},
    "caption": {"table"}, "colgroup": {"table"}, "col": {"colgroup"},
    "thead": {"table"}, "tbody": {"table"}, "tfoot": {"table"},
    "tr": {"thead", "tbody", "tfoot"}, "th": {"tr"}, "td": {"tr"},
}  # fmt: skip
STRICT = frozenset({"html", "head", "colgroup", "table", "thead", "tbody", "tfoot", "tr"})
KNOWN = BLOCKS | PHRASES | PARENTS.keys()

DOCTYPE = re.compile(r"\s*<!doctype html>\s*", re.IGNORECASE)
# Comments, sections, instructions; a tag over several lines (XML would join an attribute's lines).
DEMANDING = re.compile(r"<[!?]|<[^<>]*[\n\r\t]|\r|&#")
OPENED = re.compile(r"<([A-Za-z][^\s/>]*)([^<>]*?)(/?)>")
ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*;)")
XML_ENTITIES = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
# markupsafe writes quotes so.
QUOTES = {"&#34;": "&quot;", "&#39;": "&apos;"}


class _Unlike(Exception):  # noqa: N818  # not an error: the HTML5 parser reads the document
    """The HTML5 parser might read this otherwise."""


class ReadyHTML(weasyprint.HTML):  # type: ignore[misc]  # weasyprint is untyped
    """The engine's HTML document from a tree that is there already."""

    def __init__(self, root: ET.Element, base_url: str, url_fetcher: Any) -> None:
        self.base_url = base_url
        self.url_fetcher = url_fetcher
        self.media_type = "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element


def parsed(string: str, base_url: str, url_fetcher: Any) -> Any:
    """The document, read by expat if the outcome is that of the HTML5 parser, by the latter otherwise."""
    root = tree(string)
    if root is None:
        return weasyprint.HTML(string=string, base_url=base_url, url_fetcher=url_fetcher)
    return ReadyHTML(root, base_url, url_fetcher)


def tree(text: str) -> ET.Element | None:
    """The tree that the HTML5 parser would make of ``text``, or None where that is not certain."""
    begin = DOCTYPE.match(text)
    if begin is None:
        return None
    body = text[begin.end() :]
    for written, meant in QUOTES.items():
        body = body.replace(written, meant)
    if DEMANDING.search(body):
        return None
    try:
        end = len(body.rstrip())
        root = ET.fromstring(OPENED.sub(_closed, ENTITY.sub(_character, body[:end])))  # noqa: S314  # our templates
        _examine(root, None, paragraph=False, link=False)
        _trim(root, body[end:])
    except (_Unlike, ET.ParseError):
        return None
    return root


def _character(match: re.Match[str]) -> str:
    name = match[1]
    if name in XML_ENTITIES:
        return match[0]
    if name not in html5:
        raise _Unlike
    return html5[name]


def _closed(match: re.Match[str]) -> str:
    """A start tag as XML: void elements closed. ``/>`` means nothing to HTML elsewhere, except in drawings."""
    name, attributes, slash = match.groups()
    if name in VOID:
        return f"<{name}{attributes}/>"
    if slash and name not in DRAWN:
        raise _Unlike
    return match[0]


def _examine(element: ET.Element, parent: ET.Element | None, *, paragraph: bool, link: bool) -> None:
    """Raise _Unlike where the HTML5 parser would not leave ``element`` as it is."""
    tag = element.tag
    if tag.startswith(SVG):
        _examine_drawing(element)
        return
    if tag not in KNOWN and parent is not None:
        raise _Unlike
    above = parent.tag if parent is not None else ""
    if (tag in PARENTS or above in STRICT) and above not in PARENTS.get(tag, ()):
        raise _Unlike
    if (paragraph and tag in BLOCKS) or (link and tag == "a") or (tag in HEADINGS and above in HEADINGS):
        raise _Unlike
    _examine_attributes(element)
    if tag in STRICT and (_inked(element.text) or any(_inked(child.tail) for child in element)):
        raise _Unlike
    if parent is None and (tag != "html" or [child.tag for child in element] != ["head", "body"]):
        raise _Unlike
    paragraph, link = paragraph or tag == "p", link or tag == "a"
    for child in element:
        _examine(child, element, paragraph=paragraph, link=link)


def _examine_drawing(element: ET.Element) -> None:
    name = element.tag.removeprefix(SVG)
    # The HTML5 parser notes the namespace, which it needs no declaration for, as an attribute.
    if name not in DRAWN or (name in ("title", "desc") and len(element)):
        raise _Unlike
    _examine_attributes(element)
    for child in element:
        if not child.tag.startswith(SVG):
            raise _Unlike
        _examine_drawing(child)


def _examine_attributes(element: ET.Element) -> None:
    for name, value in element.attrib.items():
        # Names are in lower case (but viewBox in drawings) and without prefix; ``>`` would hide a line's end.
        if ">" in value or not (name == "viewBox" or (name.islower() and name.isascii() and ":" not in name)):
            raise _Unlike
        if "{" in name:
            raise _Unlike


def _inked(text: str | None) -> bool:
    return bool(text and text.strip(" \n\f\t"))


def _trim(root: ET.Element, end: str) -> None:
    """White space round head and body, as the HTML5 parser puts it: before the head nowhere, after the body in it."""
    _, body = root
    root.text = None
    rest = (body.tail or "") + end
    body.tail = None
    if rest and len(body):
        body[-1].tail = (body[-1].tail or "") + rest
    elif rest:
        body.text = (body.text or "") + rest
