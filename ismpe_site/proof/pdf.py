"""A PDF → what is in it: every stream unpacked, every string, name and key, and its text as a reader sees it."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator

import pikepdf
import pypdfium2

STREAM = re.compile(rb"stream\r?\n(.*?)(?:endstream|\Z)", re.DOTALL)
# How much of one packed stream is looked at, in bytes.
MOST = 64 * 2**20


def parts_of_pdf(data: bytes) -> Iterator[tuple[str, bytes]]:
    """(what it is, its bytes); of a file that is no PDF to the library whatever can be unpacked of it."""
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            strings: list[str] = []
            for item in (*document.objects, document.trailer):
                _collect(item, strings)
                if isinstance(item, pikepdf.Stream):
                    yield "stream", _read(item)
            yield "strings", "\n".join(strings).encode("utf-8", "replace")
    except pikepdf.PdfError:
        yield from _streams(data)
    yield from _pages(data)


def _collect(item: object, strings: list[str]) -> None:
    """The strings, names and keys of an object; what it refers to comes by itself."""
    if isinstance(item, pikepdf.String):
        strings.append(str(item))
        strings.append(bytes(item).decode("utf-8", "replace"))
    elif isinstance(item, pikepdf.Name):
        strings.append(str(item))
    elif isinstance(item, pikepdf.Array):
        for part in item.as_list():
            if not part_of_its_own(part):
                _collect(part, strings)
    elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        for key in item.keys():  # noqa: SIM118  # a stream is no mapping
            strings.append(key)
            value = item.get(key)
            if not part_of_its_own(value):
                _collect(value, strings)


def part_of_its_own(part: object) -> bool:
    """Whether an object is referred to: then it is among the document's objects."""
    return isinstance(part, pikepdf.Object) and part.is_indirect


def _read(stream: pikepdf.Stream) -> bytes:
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:
        return stream.read_raw_bytes()


def _streams(data: bytes) -> Iterator[tuple[str, bytes]]:
    for stream in STREAM.finditer(data):
        try:
            yield "stream", zlib.decompressobj().decompress(stream[1], MOST)
        except zlib.error:
            continue


def _pages(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The text of all pages, one after the other: a sentence may run from one to the next."""
    try:
        with pypdfium2.PdfDocument(data) as document:
            text = []
            for page in document:
                layer = page.get_textpage()
                text.append(layer.get_text_range())
                layer.close()
                page.close()
    except pypdfium2.PdfiumError:
        return
    yield "text", "\n".join(text).encode("utf-8", "replace")
