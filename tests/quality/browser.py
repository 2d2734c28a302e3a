"""A built site, opened in Chromium as its readers would: served on loopback under its own policy, then looked at."""

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypedDict
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

AXE = Path(__file__).parent / "node_modules/axe-core/axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_CHROMIUM_FLAGS = [
    "--no-sandbox",  # tests run as root in a container, where the sandbox cannot start
    "--disable-gpu",
    "--disable-dev-shm-usage",  # a container's shared memory may be too small for a page
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",  # no look-up of its own: the tests see only the page's requests
    "--disable-component-update",
    "--disable-sync",
]


class Violation(TypedDict):
    """One rule of axe that a page breaks, with the elements that break it."""

    id: str
    impact: str | None
    help: str
    nodes: list[str]


def headers_of(rules: str, path: str) -> dict[str, str]:
    """The headers of a path by a file of rules (``_headers``), as Cloudflare reads it.

    All rules that fit count, in their order: a header given twice is joined, one with ``!`` before it is taken away.
    """
    headers: dict[str, str] = {}
    fits = False
    for line in rules.splitlines():
        if line.startswith("/"):
            fits = path == line or (line.endswith("*") and path.startswith(line[:-1]))
        elif fits and line.strip().startswith("!"):
            headers.pop(line.strip()[1:].strip(), None)
        elif fits and ":" in line:
            name, value = (part.strip() for part in line.split(":", 1))
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


class _Handler(http.server.SimpleHTTPRequestHandler):
    rules = ""
    # Said here, so that the answer does not depend on the machine's own list of types.
    extensions_map = {  # noqa: RUF012 -- the base class declares it so
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".css": "text/css; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".mjs": "text/javascript; charset=utf-8",
        ".pdf": "application/pdf",
        ".svg": "image/svg+xml",
        ".wasm": "application/wasm",
        ".woff2": "font/woff2",
    }

    def end_headers(self) -> None:
        for name, value in headers_of(self.rules, urlsplit(self.path).path).items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing: what a test wants to know, it asks the browser."""


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a site on loopback with the headers of its own ``_headers``; gives the address, with a slash at its end."""
    handler = type("Handler", (_Handler,), {"rules": (folder / "_headers").read_text(encoding="utf-8")})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the machine's own Chromium without a window; raises RuntimeError where there is none."""
    executable = shutil.which("chromium")
    if executable is None:
        raise RuntimeError("there is no Chromium: install the Debian packages of the section [test]")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=_CHROMIUM_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watch:
    """What a page complained of and asked for, from :func:`watch` on."""

    console_errors: list[str] = field(default_factory=list)
    foreign_requests: list[str] = field(default_factory=list)


def watch(page: Page, home: str) -> Watch:
    """Collect a page's console errors and warnings, uncaught exceptions, and requests to hosts other than home's.

    Call it before ``page.goto``; breaches of the content security policy are console errors.
    """
    seen = Watch()

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            place = message.location
            seen.console_errors.append(f"{message.text} ({place['url']}:{place['lineNumber'] + 1})")

    def on_request(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.netloc != urlsplit(home).netloc:
            seen.foreign_requests.append(request.url)

    page.on("console", on_console)
    page.on("pageerror", lambda error: seen.console_errors.append(str(error)))
    page.on("request", on_request)
    return seen


def axe_violations(page: Page) -> list[Violation]:
    """List the rules of WCAG 2.2 AA, and axe's best practices, that an open page breaks: empty for a good one."""
    # Evaluated, and not added as a script, because the page's own policy would refuse that.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result: dict[str, Any] = page.evaluate("rules => axe.run(document, {runOnly: rules})", _RULES)
    return [
        {
            "id": found["id"],
            "impact": found["impact"],
            "help": found["help"],
            "nodes": [node["html"] for node in found["nodes"]],
        }
        for found in result["violations"]
    ]


def overflow(page: Page) -> bool:
    """Say whether an open page has to be scrolled sideways."""
    wide: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wide
