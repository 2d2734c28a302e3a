"""A folder of a built site in, broken links out: every relative address resolves to a file, every fragment to an id."""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_ADDRESSES = frozenset({"action", "data", "formaction", "href", "poster", "src", "xlink:href"})
_WITH_IDS = frozenset({".html", ".svg"})
_REFRESH = re.compile(r"\s*\d+\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"'\s]+)", re.IGNORECASE)


@dataclass
class _Page(HTMLParser):
    """The ids of one page, and its addresses with the line of each."""

    ids: Counter[str] = field(default_factory=Counter)
    names: set[str] = field(default_factory=set)
    addresses: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        line, _ = self.getpos()
        if "id" in given:
            self.ids[given["id"]] += 1
        if tag == "a" and "name" in given:
            self.names.add(given["name"])
        found = [value for name, value in given.items() if name in _ADDRESSES]
        found += [candidate.split()[0] for candidate in given.get("srcset", "").split(",") if candidate.strip()]
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            found += _REFRESH.findall(given.get("content", ""))
        self.addresses += [(line, address.strip()) for address in found]


def broken_links(folder: Path) -> list[str]:
    """List the links of a built site that lead nowhere, and ids given twice, as ``file:line: what``: empty if none.

    Addresses of other hosts are not followed. One that begins with a slash counts from the folder; a folder's
    address means the index.html in it.
    """
    root = folder.resolve()

    @cache
    def read(file: Path) -> _Page:
        page = _Page()
        page.feed(file.read_text(encoding="utf-8"))
        page.close()
        return page

    def fault(file: Path, address: str) -> str | None:
        """Say what is wrong with one address on one page."""
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            return None
        path = unquote(parts.path)
        target = root / path.lstrip("/") if path.startswith("/") else file.parent / path if path else file
        target = target.resolve()
        if not target.is_relative_to(root):
            return "leads out of the site"
        if target.is_dir():
            if path and not path.endswith(("/", ".")):
                return "is a folder and lacks the slash at its end"
            target /= "index.html"
        if not target.is_file():
            return "leads to no file"
        fragment = unquote(parts.fragment)
        if not fragment or fragment == "top" or fragment.startswith(":~:") or target.suffix not in _WITH_IDS:
            return None
        page = read(target)
        return None if fragment in page.ids or fragment in page.names else "names an id that is not there"

    faults = []
    for file in sorted(root.rglob("*.html")):
        page, name = read(file), file.relative_to(root).as_posix()
        faults += [f"{name}: the id “{id_}” is given {count} times" for id_, count in page.ids.items() if count > 1]
        for line, address in page.addresses:
            if problem := fault(file, address):
                faults.append(f"{name}:{line}: “{address}” {problem}")
    return faults
