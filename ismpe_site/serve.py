"""A preview on this machine: pages rebuilt at every change, the browser reloaded. The only home of livereload.

The last good site stays while the content has problems; they are shown over the page until they are mended.
"""

from __future__ import annotations

import html
import logging
import socket
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

from livereload import Server, handlers
from tornado.web import HTTPError, RequestHandler

from ismpe_site.build.executors.in_process import InProcess
from ismpe_site.build.generation import claim
from ismpe_site.build.store import write_whole
from ismpe_site.late import Workers
from ismpe_site.making import Options
from ismpe_site.pipeline import build
from ismpe_site.project import Project
from ismpe_site.terminal import EXPLAINED, apology, explained

FIRST_PORT, PORTS_TRIED = 8000, 20
# The port browsers leave out of a host's name.
HTTP_PORT = 80
Say = Callable[[str], None]
HERE = Workers(InProcess(), InProcess())


class PortTakenError(Exception):
    """The port asked for is in use."""


class QuietServer(Server):  # type: ignore[misc]  # livereload has no types
    """livereload's server without its log: what there is to say, ``Preview`` says."""

    def _setup_logging(self) -> None:
        for name in ("livereload", "tornado"):
            log = logging.getLogger(name)
            log.addHandler(logging.NullHandler())
            log.propagate = False


def serve_site(project: Project, as_of: date, port: int | None, say: Say) -> None:
    """Build, serve on loopback, watch; ends on interruption."""
    port = free_port(port)
    with tempfile.TemporaryDirectory(prefix="ismpe-preview-") as folder:
        preview = Preview(project, Path(folder), as_of, say)
        preview.rebuild()
        guard(port)
        server = QuietServer()
        for part in ("content", "themes"):
            server.watch(str(project.root / part), preview.rebuild)
        server.watch(str(project.root / "site.toml"), preview.rebuild)
        say(f"serving http://127.0.0.1:{port}/  (PDFs and PNGs are left out; stop with Ctrl-C)")
        server.serve(root=str(preview.public), port=port, host="127.0.0.1", open_url_delay=None)


class Preview:
    """The folder that is served, and how it is brought up to date."""

    def __init__(self, project: Project, folder: Path, as_of: date, say: Say) -> None:
        self._root, self._output, self._as_of, self._say = project.root, folder / "output", as_of, say
        self.public = self._output / "public"
        claim(self._output)

    def rebuild(self) -> None:
        """Build the pages; where that fails, say why here and over every page of the last good site."""
        try:
            built = build(Project.at(self._root), self._output, Options(self._as_of, html_only=True), HERE)
            self._say(f"{built.files} files")
        except Exception as error:  # noqa: BLE001  # whatever it is, the preview goes on
            words = explained(error, self._root)[0] if isinstance(error, EXPLAINED) else apology(error)
            self._say(words)
            with suppress(OSError):
                self._show(words)

    def _show(self, problems: str) -> None:
        """Put the problems over every page; the next good build replaces the pages and so removes them."""
        overlay = (
            '<div style="position:fixed;inset:0;z-index:9;overflow:auto;background:#12171df2;color:#fff;padding:2rem">'
            f"<h1>Not built</h1><p>The page below is the last good one.</p><pre>{html.escape(problems)}</pre></div>"
        )
        if not self.public.exists():
            # None was built yet. The next good build puts its link in the place of this folder.
            self.public.unlink(missing_ok=True)
            self.public.mkdir(parents=True)
            (self.public / "index.html").write_text(
                "<!doctype html><html lang=en><title>Not built</title><body></body></html>", encoding="utf-8"
            )
        for page in self.public.resolve().rglob("*.html"):
            text = page.read_text(encoding="utf-8").partition("<!-- not built -->")[0]
            text = text.replace("</body>", "").replace("</html>", "") + f"<!-- not built -->{overlay}</body></html>\n"
            # A new file in its place: the page itself is the store's, and other generations' too.
            write_whole(page, text.encode(), page.parent)


def free_port(wanted: int | None) -> int:
    """``wanted``, or the first free port from 8000; raises PortTakenError."""
    for port in [wanted] if wanted is not None else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    which = f"port {wanted} is" if wanted is not None else f"ports {FIRST_PORT} to {FIRST_PORT + PORTS_TRIED - 1} are"
    raise PortTakenError(f"{which} in use; choose another with --port")


def own_hosts(port: int) -> set[str]:
    """What browsers call this machine's preview."""
    names = {"localhost", "127.0.0.1", "[::1]"}
    return {f"{name}:{port}" for name in names} | (names if port == HTTP_PORT else set())


def guard(port: int) -> None:
    """Answer only this machine's own names and pages: no other site may read a preview through the browser."""
    hosts = own_hosts(port)

    def own(origin: str) -> bool:
        return origin.partition("://")[2].lower() in hosts

    def prepare(self: RequestHandler) -> None:
        if [host.lower() for host in self.request.headers.get_list("Host")] not in [[host] for host in hosts]:
            raise HTTPError(421, reason="unknown host name")
        if "%00" in self.request.path:
            raise HTTPError(404)
        origin = self.request.headers.get("Origin")
        if origin is not None and not own(origin):
            raise HTTPError(403)
        if (
            self.request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")
            and self.request.headers.get("Sec-Fetch-Mode") != "navigate"
        ):
            raise HTTPError(403)
        for name, value in HEADERS.items():
            self.set_header(name, value)

    RequestHandler.prepare = prepare  # type: ignore[method-assign]  # every handler of this process

    def check_origin(self: RequestHandler, origin: str) -> bool:  # noqa: ARG001  # the handler's signature
        return own(origin)

    handlers.LiveReloadHandler.check_origin = check_origin
    # livereload drops a change that comes within three seconds of a reload; the last save must always show.
    handlers.LiveReloadHandler.DEFAULT_RELOAD_TIME = 0


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "X-Robots-Tag": "noindex",
}
