"""The places and links of a page, as a browser finds them."""

from __future__ import annotations

import posixpath
import time
from urllib.parse import quote, urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ismpe_site.build.pages import read_page
from ismpe_site.publications import addresses

parts = st.lists(st.sampled_from(["a", "b", "ismpe-2003.pdf", "..", ".", "", "...", ".x", "é", "a b"]), max_size=6)
pages = st.lists(st.sampled_from("abc"), max_size=3).map(lambda folders: "/".join([*folders, "index.html"]))
FUZZ = settings(max_examples=500, derandomize=True, deadline=None, database=None)


@FUZZ
@given(pages, parts.map("/".join))
def test_a_link_leads_where_a_browser_goes(page: str, link: str) -> None:
    if link.startswith("/") or link.rpartition("/")[2] in (".", ".."):
        return  # from the root; a folder without its stroke, which no page writes
    _, links, refused = read_page(page, f'<a href="{quote(link)}">x</a>'.encode()).__dict__.values()
    there = urljoin(f"https://x.example/{page}", link).removeprefix("https://x.example/") if link else page
    if "//" in link or (link and posixpath.normpath(posixpath.join(posixpath.dirname(page), link)).startswith("..")):
        return  # a browser goes no higher than the root, and keeps empty names
    assert refused == ()
    assert links == (((f"{there}index.html" if not there or there.endswith("/") else there), ""),) if link else True


@FUZZ
@given(pages, st.lists(st.sampled_from("abc"), max_size=4).map(lambda names: "".join(f"{name}/" for name in names)))
def test_a_relative_link_is_the_shortest_way(here: str, there: str) -> None:
    here = here.removesuffix("index.html")
    link = addresses.relative(here, there)
    assert link == posixpath.relpath(f"{there}index.html", here or ".")
    assert read_page(f"{here}index.html", f'<a href="{link}">x</a>'.encode()).links == ((f"{there}index.html", ""),)


@pytest.mark.parametrize(
    ("html", "ids", "links"),
    [
        ('<p id="a">', {"a"}, ()),
        ("<p id='a&amp;b'>", {"a&b"}, ()),
        ("<p class=x id=a>", {"a"}, ()),
        ('<p\nid = "a">', {"a"}, ()),
        ('<p title="<a href=x>" id="a > b">', {"a > b"}, ()),
        ('<p title=\'id="x"\'>id="y"</p>', set(), ()),
        ("<a\thref='b/#c'>", set(), (("b/index.html", "c"),)),
        ('<a href="#c%20d">', set(), (("index.html", "c d"),)),
        ('<img src="x.svg" alt="a > b"><script src=y.js></script>', set(), (("x.svg", ""), ("y.js", ""))),
        ('<link rel="canonical" href="x/"><link rel="icon" href="y">', set(), (("y", ""),)),
        ('<a href="https://x.example/"><a href="mailto:a@b"><a href="/x?y#z">', set(), (("x", "z"),)),
        ("<a href>x</a> < a href=y> <p", set(), ()),
        ('<a id="a" href="#a"/><use href="#b"/>', {"a"}, (("index.html", "a"), ("index.html", "b"))),
        ('<a id="a" data-id="b">', {"a"}, ()),
    ],
)
def test_tags(html: str, ids: set[str], links: tuple[tuple[str, str], ...]) -> None:
    page = read_page("index.html", html.encode())
    assert (set(page.ids), page.links, page.refused) == (ids, links, ())


@pytest.mark.parametrize("link", ["javascript:x()", "//evil.example", "data:text/html,x"])
def test_schemes_that_are_refused(link: str) -> None:
    assert len(read_page("index.html", f'<a href="{link}">'.encode()).refused) == 1


@pytest.mark.parametrize("text", ["<a ", "<a '", '<a "', "<a b", "<", '<a href="', "../"])
def test_hostile_pages_are_read_quickly(text: str) -> None:
    began = time.process_time()
    read_page("index.html", (text * 50_000).encode())
    read_page("index.html", f'<a href="{text * 50_000}">'.encode())
    assert time.process_time() - began < 2
