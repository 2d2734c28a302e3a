"""The bytes of an HTML page → its places (ids) and the files and places its links lead to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

# A tag with what stands in it. Every template escapes < and > in values, as HTML asks.
TAG = re.compile(r"<([a-zA-Z][^\s>/]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
ATTRIBUTE = re.compile(r"\s(id|href|src|rel)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
LINKING = {"a": "href", "link": "href", "img": "src", "script": "src", "use": "href"}
ELSEWHERE = ("http", "https", "mailto")


@dataclass(frozen=True)
class Page:
    """``ids``: the places of a page. ``links``: (file, place on it or empty) of each of its links within the site.

    ``refused``: links whose scheme has no business on a page.
    """

    ids: frozenset[str]
    links: tuple[tuple[str, str], ...]
    refused: tuple[str, ...]


def read_page(path: str, data: bytes, root: str = "/") -> Page:
    """The page at ``path``; ``root`` is the path under which the site will be served."""
    ids: set[str] = set()
    links: dict[tuple[str, str], None] = {}
    refused: list[str] = []
    for tag, inside in TAG.findall(data.decode("utf-8")):
        if "=" not in inside:
            continue
        attributes = {name: unescape(a or b or c) for name, a, b, c in ATTRIBUTE.findall(inside)}
        if attributes.get("id"):
            ids.add(attributes["id"])
        link = attributes.get(LINKING.get(tag, ""))
        if not link or attributes.get("rel") == "canonical":
            continue
        parts = urlsplit(link)
        if parts.scheme in ELSEWHERE:
            continue
        if parts.scheme or parts.netloc:
            refused.append(link.partition(":")[0])
        else:
            links[_target(path, unquote(parts.path), root), unquote(parts.fragment)] = None
    return Page(frozenset(ids), tuple(links), tuple(refused))


def _target(page: str, path: str, root: str) -> str:
    """The file a link on ``page`` means."""
    if not path:
        return page
    if path.startswith(root):
        below = path.removeprefix(root)
    else:
        below = normpath(join(dirname(page), path)) + ("/" if path.endswith("/") else "")
        below = "" if below == "./" else below
    return f"{below}index.html" if not below or below.endswith("/") else below
