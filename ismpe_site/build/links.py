"""A folder of HTML pages → every link in it that leads nowhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit


@dataclass
class _Page(HTMLParser):
    """The ids of a page and the links on it."""

    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if named.get("id"):
            self.ids.add(str(named["id"]))
        attribute = {"a": "href", "link": "href", "img": "src", "script": "src", "use": "href"}.get(tag)
        if attribute and named.get(attribute) and named.get("rel") != "canonical":
            self.links.append(str(named[attribute]))


def broken_links(folder: Path, left_out: frozenset[str] = frozenset(), root: str = "/") -> list[str]:
    """``page: link`` for each link to a file that is not in ``folder`` or a fragment that is not on its page.

    ``root`` is the path under which the folder will be served. ``left_out`` are paths
    that this build knows but was asked not to make. Links to other hosts are not followed.
    """
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    pages = {name: _read(path) for name, path in files.items() if name.endswith(".html")}
    broken = []
    for name, page in sorted(pages.items()):
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme in ("http", "https", "mailto"):
                continue
            if parts.scheme or parts.netloc:
                broken.append(f"{name}: a link may not begin with {link.partition(':')[0]}:")
                continue
            target = _target(name, unquote(parts.path), root)
            words = f"{name}: the link to /{target.removesuffix('index.html')}"
            if target not in files and target not in left_out:
                broken.append(f"{words} leads nowhere")
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].ids:
                broken.append(f"{words}#{parts.fragment}: no such place on that page")
    return broken


def _target(page: str, path: str, root: str) -> str:
    """The file a link on ``page`` means."""
    if not path:
        return page
    if path.startswith(root):
        below = path.removeprefix(root)
        return f"{below}index.html" if not below or below.endswith("/") else below
    return normpath(join(dirname(page), path))


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page
