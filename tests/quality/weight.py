"""A page as a host sends it: the bytes of all that Chromium loads for it."""

import gzip
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser

# The level of compression that hosts use unless told otherwise.
LEVEL = 6
TEXTS = {".css", ".html", ".js", ".json", ".svg", ".webmanifest"}


def loaded(browser: Browser, address: str, page: str) -> set[str]:
    """The paths of all that a page of the site at ``address`` loads with nothing at hand, its icon among them."""
    context = browser.new_context()
    opened = context.new_page()
    asked: set[str] = set()
    opened.on("request", lambda request: asked.add(request.url))
    opened.goto(address + page, wait_until="load")
    # A browser without windows asks for no icon; one with windows does.
    asked.add(opened.locator('link[rel=icon][type="image/svg+xml"]').evaluate("link => link.href"))
    context.close()
    paths = {unquote(urlsplit(url).path).removeprefix("/") for url in asked}
    return {path + "index.html" if path.endswith("/") else path for path in paths}


def sent(file: Path) -> int:
    """The bytes a host sends for a file: texts compressed, all else as it is."""
    data = file.read_bytes()
    return len(gzip.compress(data, LEVEL)) if file.suffix in TEXTS else len(data)


def weight(browser: Browser, public: Path, address: str, page: str) -> dict[str, int]:
    """Path → bytes sent, of all that a page of the site in ``public`` loads, except fonts."""
    return {
        path: sent(public / path) for path in sorted(loaded(browser, address, page)) if Path(path).suffix != ".woff2"
    }
