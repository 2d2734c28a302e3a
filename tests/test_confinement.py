"""Nothing a document says makes the press read a file or call the network: each way is tried, and watched from outside.

An audit hook notes every file opened, every connection and every program started by the interpreter while our own press
is at work. What its C libraries do is not seen there; they are given bytes and the theme's fonts, no names of files.
"""

from __future__ import annotations

import http.server
import os
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import weasyprint

from ismpe_site.artefact import PrintDocument
from ismpe_site.printing.press import PrintError, press
from ismpe_site.project import Project
from ismpe_site.theme import Theme
from tests.conftest import ROOT

# Where the engine may read: its own package and libraries, the fonts that it unpacked, and what Python is made of.
LIBRARIES = (Path(weasyprint.__file__).parents[1], Path(sys.base_prefix) / "lib", Path(sys.prefix))
REACHES_OUT = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "subprocess.Popen", "os.system",
               "os.exec", "os.posix_spawn", "os.fork", "ctypes.dlopen", "urllib.Request")  # fmt: skip
SVG = 'xmlns="http://www.w3.org/2000/svg"'
# ``FILE`` is the address of a file that is there, ``HOST`` that of a server that answers.
VECTORS = {
    "img file:": '<img alt="x" src="FILE">',
    "img FILE: in capitals": '<img alt="x" src="UPPER">',
    "img http": '<img alt="x" src="HOST/img">',
    "img redirect": '<img alt="x" src="HOST/redirect">',
    "img without a scheme": '<img alt="x" src="//BARE/img">',
    "img beside the theme": '<img alt="x" src="../../../../../../../../PATH">',
    "img below the theme's own address": '<img alt="x" src="https://theme.invalid/../PATH">',
    "img data: of a drawing that names a file": (
        f'<img alt="x" src=\'data:image/svg+xml,<svg {SVG}><image href="FILE" width="9" height="9"/></svg>\'>'
    ),
    "img data: of a drawing with an entity": (
        '<img alt="x" src=\'data:image/svg+xml,<!DOCTYPE s [<!ENTITY e SYSTEM "FILE">]>'
        f"<svg {SVG}><text>&e;</text></svg>'>"
    ),
    "img data: of PostScript": '<img alt="x" src="data:application/postscript,%!PS">',
    "svg image": f'<svg {SVG}><image href="FILE" width="9" height="9"/></svg>',
    "svg use": f'<svg {SVG}><use href="FILE#a"/></svg>',
    "svg @import": f"<svg {SVG}><style>@import url(HOST/svg);</style></svg>",
    "svg mask": f'<svg {SVG}><rect width="9" height="9" mask="url(FILE#m)"/></svg>',
    "svg fill": f'<svg {SVG}><rect width="9" height="9" fill="url(FILE#m)"/></svg>',
    "link stylesheet": '<link rel="stylesheet" href="HOST/link"><p>x</p>',
    "style @import": "<style>@import url(HOST/import);</style><p>x</p>",
    "style @import from data:": '<style>@import url("data:text/css,@import%20url(FILE);");</style><p>x</p>',
    "background": '<p style="background: url(FILE)">x</p>',
    "list-style-image": '<ul style="list-style-image: url(HOST/list)"><li>x</ul>',
    "border-image": '<p style="border: 5px solid; border-image: url(HOST/border) 3">x</p>',
    "content": "<style>p::before { content: url(HOST/content) }</style><p>x</p>",
    "font-face": ("<style>@font-face { font-family: X; src: url(HOST/font) } p { font-family: X }</style><p>x</p>"),
    "font-face local": (
        "<style>@font-face { font-family: X; src: local('DejaVu Sans') } p { font-family: X }</style><p>x</p>"
    ),
    "color-profile": "<style>@color-profile --x { src: url(HOST/icc) } p { color: color(--x 1 0 0) }</style><p>x</p>",
    "link attachment": '<link rel="attachment" href="FILE"><p>x</p>',
    "a attachment": '<a rel="attachment" href="FILE">x</a>',
    "object": '<object data="FILE"></object>',
    "embed": '<embed src="FILE">',
    "iframe": '<iframe src="FILE"></iframe>',
    "base": '<base href="HOST/base/"><img alt="x" src="relative">',
    "input": '<input type="image" src="HOST/input">',
    "picture": '<picture><source srcset="HOST/set"><img alt="x" src="HOST/picture"></picture>',
    "target-counter": "<style>a::after { content: target-counter(url(FILE#a), page) }</style><a>x</a>",
}


@dataclass
class Watch:
    """What the interpreter opens, and whom it speaks to, while ``on``. A hook stays for as long as the process does."""

    on: bool = False
    seen: list[str] = field(default_factory=list)
    thread: int = 0

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.on or threading.get_ident() != self.thread:
            return
        if event == "open" and isinstance(arguments[0], str | bytes):
            self.seen.append(os.fsdecode(arguments[0]))
        elif event in REACHES_OUT:
            self.seen.append(f"{event} {arguments[1:]!r}")

    def stray(self) -> list[str]:
        """What was opened outside the allowed roots, and every attempt to reach out."""
        return [seen for seen in self.seen if not Path(seen).is_relative_to("/") or not _allowed(Path(seen))]


def _allowed(path: Path) -> bool:
    return any(path.resolve().is_relative_to(root.resolve()) for root in LIBRARIES)


WATCH = Watch()
sys.addaudithook(WATCH)


@dataclass
class Bait:
    """A file that must not be read, and a server that must not be asked."""

    file: Path
    host: str
    asked: list[str]

    def hung(self, vector: str) -> str:
        """The vector with the bait on it."""
        address = self.file.as_uri()
        for name, value in {"FILE": address, "UPPER": address.replace("file", "FILE"), "PATH": str(self.file),
                            "BARE": self.host.removeprefix("http://"), "HOST": self.host}.items():  # fmt: skip
            vector = vector.replace(name, value)
        return vector


@pytest.fixture(scope="module")
def bait(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bait]:
    file = tmp_path_factory.mktemp("bait") / "canary-zq7file.svg"
    file.write_text(f'<svg {SVG} width="9" height="9"><g id="a"><rect width="9" height="9"/></g></svg>', "utf-8")
    asked: list[str] = []

    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(302 if self.path == "/redirect" else 200)
            self.send_header("Location", "/target")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Bait(file, f"http://127.0.0.1:{server.server_port}", asked)
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def theme() -> Theme:
    theme = Project.at(ROOT).theme()
    # The fonts are unpacked, and the libraries loaded, with the first document.
    press(document("<p>x</p>"), theme)
    press(document("<p>x</p>"), theme, accelerate=False)
    return theme


def document(body: str) -> PrintDocument:
    page = f'<!DOCTYPE html><html lang="en"><head><title>T</title></head><body><h1>T</h1>{body}</body></html>'
    return PrintDocument(page, "document.css", date(2026, 11, 22))


def watched(html: str, theme: Theme, *, accelerate: bool) -> str:
    """What the press says of a document; nothing where it prints it."""
    WATCH.seen, WATCH.thread, WATCH.on = [], threading.get_ident(), True
    try:
        pdf = press(document(html), theme, accelerate=accelerate)
    except PrintError as error:
        return str(error)
    finally:
        WATCH.on = False
    assert b"canary-zq7" not in pdf
    return ""


@pytest.mark.parametrize("accelerate", [True, False], ids=["accelerated", "plain"])
@pytest.mark.parametrize("name", VECTORS)
def test_no_vector_reads_or_connects(name: str, theme: Theme, bait: Bait, accelerate: bool) -> None:
    """It is refused, with words that do not hold what is in the file, or it is printed as if it were not there."""
    bait.asked.clear()
    said = watched(bait.hung(VECTORS[name]), theme, accelerate=accelerate)
    assert WATCH.stray() == []
    assert bait.asked == []
    assert "<rect" not in said


@pytest.mark.usefixtures("theme")
def test_the_watch_sees_what_a_press_without_our_fetcher_does(bait: Bait) -> None:
    """Most vectors are real: the engine's own fetcher falls for them, and the watch and the server tell."""
    fell = 0
    for vector in VECTORS.values():
        bait.asked.clear()
        WATCH.seen, WATCH.thread, WATCH.on = [], threading.get_ident(), True
        try:
            weasyprint.HTML(string=bait.hung(vector), base_url="https://theme.invalid/").write_pdf()
        except Exception:  # noqa: BLE001, S110  # whatever it says: what it did is looked at
            pass
        finally:
            WATCH.on = False
        fell += bool(bait.asked) or any("canary-zq7" in seen for seen in WATCH.seen)
    assert fell >= 20


def test_the_watch_sees_a_file_a_connection_and_a_program(bait: Bait) -> None:
    WATCH.seen, WATCH.thread, WATCH.on = [], threading.get_ident(), True
    bait.file.read_bytes()
    with socket.socket() as probe:
        probe.connect(("127.0.0.1", int(bait.host.rpartition(":")[2])))
    WATCH.on = False
    assert [seen.partition(" ")[0] for seen in WATCH.stray()] == [str(bait.file), "socket.connect"]
