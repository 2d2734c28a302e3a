"""The bytes of an HTML page → its places (ids) and the files and places its links lead to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

# A tag that has attributes, with what stands in it. Once read, nothing of it is tried in another way.
TAG = re.compile(r"<([a-zA-Z][^\s>/]*+)(?=\s)((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
ATTRIBUTE = re.compile(r"\s(id|href|src|rel)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
# A path of steps upwards and then plain names, as all pages write them.
UPWARDS = re.compile(r"((?:\.\./)*)((?:[^./][^/]*/)*[^./][^/]*/?)")
LINKING = {"a": "href", "link": "href", "img": "src", "script": "src", "use": "href"}
ELSEWHERE = ("http", "https", "mailto", "tel")


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
    for tag in dict.fromkeys(TAG.findall(data.decode("utf-8"))):
        place, link = _read_tag(*tag)
        if place:
            ids.add(place)
        if link.startswith("#"):
            links[path, unquote(link[1:])] = None
        elif link:
            parts = urlsplit(link)
            if parts.scheme in ELSEWHERE:
                continue
            if parts.scheme or parts.netloc:
                refused.append(link.partition(":")[0])
            else:
                links[_target(path, unquote(parts.path), root), unquote(parts.fragment)] = None
    return Page(frozenset(ids), tuple(links), tuple(refused))


@lru_cache(maxsize=4096)
def _read_tag(tag: str, inside: str) -> tuple[str, str]:
    """(the place a tag is, what it links to); empty where it is none and does not. Pages have most tags in common."""
    attributes = {name: unescape(a or b or c) for name, a, b, c in ATTRIBUTE.findall(inside)}
    link = attributes.get(LINKING.get(tag, ""), "")
    return attributes.get("id", ""), "" if attributes.get("rel") == "canonical" else link


def _target(page: str, path: str, root: str) -> str:
    """The file a link on ``page`` means."""
    if not path:
        return page
    if path.startswith(root):
        below = path.removeprefix(root)
    elif (way := UPWARDS.fullmatch(path)) and (up := len(way[1]) // 3) <= page.count("/"):
        below = "/".join((*page.split("/")[: -1 - up], way[2]))
    else:
        below = normpath(join(dirname(page), path)) + ("/" if path.endswith("/") else "")
        below = "" if below == "./" else below
    return f"{below}index.html" if not below or below.endswith("/") else below
