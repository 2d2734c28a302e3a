"""A PrintDocument → the bytes of a PDF that is PDF/A-3a and PDF/UA-1 at once, the same bytes every time."""

from __future__ import annotations

import hashlib
import logging
import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from ismpe_site.artefact import PrintDocument
from ismpe_site.printing.accelerator.switch import accelerated
from ismpe_site.printing.accelerator.trees import parsed
from ismpe_site.printing.conformance import apply_corrections, claim_accessible, finish
from ismpe_site.printing.seal_field import put_seal_field
from ismpe_site.theme import Theme

# Addresses below this one mean files of the theme's folder print/; nothing else is ever fetched.
THEME_URL = "https://theme.invalid/"
# Styles and drawings that stand in the address itself.
HELD = ("data:text/css,", "data:image/svg+xml,")


class PrintError(Exception):
    """A document the press could not make without a fault; the message says what the engine objected to."""


def press(document: PrintDocument, theme: Theme, *, accelerate: bool = True) -> bytes:
    """Print ``document`` with the styles and fonts of ``theme``. Raises PrintError on any warning of the engine.

    ``accelerate`` decides about time only: the bytes are the same.
    """
    apply_corrections()
    return accelerated(lambda fast: _printed(document, theme, fast), accelerate)


def _printed(document: PrintDocument, theme: Theme, fast: bool) -> bytes:
    styles, fonts, fetcher = _styles(theme, document.style)
    with _complaints() as complaints:
        try:
            read = parsed if fast else HTML
            laid_out = read(string=document.html, base_url=THEME_URL, url_fetcher=fetcher).render(
                stylesheets=[styles], font_config=fonts, pdf_tags=True
            )
            if document.pages not in (None, len(laid_out.pages)):
                raise PrintError(_too_long(document.pages, len(laid_out.pages)))
            pdf = written(laid_out, document, theme)
        except FatalURLFetchingError as error:
            raise PrintError(str(error)) from error
    if complaints:
        raise PrintError("; ".join(dict.fromkeys(complaints)))
    return pdf


def written(laid_out: Any, document: PrintDocument, theme: Theme) -> bytes:
    """A document that is laid out, as an accessible and archival PDF with its data attached, ready to be sealed."""

    def finished(laid_out: Any, pdf: Any) -> None:
        finish(laid_out, pdf)
        if document.seal_tooltip:
            put_seal_field(pdf, document.seal_tooltip)

    day = datetime.combine(document.day, time())
    claim_accessible(laid_out.metadata)
    laid_out.metadata.attachments = [
        Attachment(
            string=a.data, name=a.name, description=a.description, relationship="Source", created=day, modified=day
        )
        for a in sorted(document.attachments, key=lambda a: a.name)  # a name tree is read by halving it
    ]
    identifier = _identifier(document, theme)
    pdf = laid_out.write_pdf(pdf_variant="pdf/a-3a", pdf_tags=True, pdf_identifier=identifier, finisher=finished)
    return bytes(pdf)


def _too_long(wanted: int | None, pages: int) -> str:
    room = "one page" if wanted == 1 else f"{wanted} pages"
    return f"the text does not fit on {room} (it fills {pages}): shorten its longest text, most likely a name"


class _ThemeFetcher(URLFetcher):  # type: ignore[misc]  # weasyprint is untyped
    """Only files of the theme, and what an address holds itself: no network, no disk, no redirects."""

    # An address means the same file for as long as the fetcher lives: what is read may be kept.
    unchanging = True

    def __init__(self, theme: Theme) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._files = theme.print_files

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002  # the engine's signature
        if url.startswith(HELD):
            kind, _, text = url.removeprefix("data:").partition(",")
            return URLFetcherResponse(url, body=unquote_to_bytes(text), headers={"Content-Type": kind})
        name = url.removeprefix(THEME_URL)
        if url.startswith(THEME_URL) and name in self._files:
            kind = mimetypes.guess_type(name, strict=True)[0] or "application/octet-stream"
            return URLFetcherResponse(url, body=self._files[name], headers={"Content-Type": kind})
        raise FatalURLFetchingError(f"{url[:120]} is not a file of the theme's folder print/")


@lru_cache(maxsize=16)
def _styles(theme: Theme, style: str) -> tuple[CSS, FontConfiguration, _ThemeFetcher]:
    """Parsed once per process and style sheet: fonts are the costly part."""
    if style not in theme.print_files:
        raise PrintError(f"theme {theme.name} has no print/{style}")
    fonts, fetcher = FontConfiguration(), _ThemeFetcher(theme)
    with _complaints() as complaints:
        try:
            css = CSS(
                string=theme.print_files[style].decode(), base_url=THEME_URL, url_fetcher=fetcher, font_config=fonts
            )
        except FatalURLFetchingError as error:
            raise PrintError(f"print/{style}: {error}") from error
    if complaints:
        raise PrintError(f"print/{style}: " + "; ".join(dict.fromkeys(complaints)))
    return css, fonts, fetcher


def _identifier(document: PrintDocument, theme: Theme) -> bytes:
    """The file's identifier: from what is in it, so that the same document has the same one."""
    digest = hashlib.sha256(document.html.encode())
    for part in (
        document.style.encode(),
        theme.digest.encode(),
        *(attachment.data for attachment in document.attachments),
        *([document.seal_tooltip.encode()] if document.seal_tooltip else []),
    ):
        digest.update(b"\0" + part)
    return digest.hexdigest()[:32].encode()


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """Every warning of the engine: an unknown property, a missing font, an image without words are faults here."""
    complaints: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            complaints.append(record.getMessage())

    logger, collector = logging.getLogger("weasyprint"), Collector(logging.WARNING)
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(collector)
    try:
        yield complaints
    finally:
        logger.removeHandler(collector)
        logger.propagate = propagate
