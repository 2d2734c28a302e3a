"""A credential inside a badge (Open Badges 3.0, section 5.3.2): an element of the SVG, a text chunk of the PNG."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from ismpe_site.trust.errors import TrustError

NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
ROOT_TAG = re.compile(rb"<svg\b[^>]*(?<!/)>")
# What no XML holds, and what would end the section the credential stands in. In JSON they occur in strings alone.
TO_ESCAPE = re.compile("]]>|[\ufffe\uffff]")
PNG_BEGINS = b"\x89PNG\r\n\x1a\n"
# Keyword, not compressed, no language, no translated keyword.
CHUNK_HEAD = b"openbadgecredential\0\0\0\0\0"
LARGEST_BADGE = 5_000_000
LARGEST_CREDENTIAL = 500_000
MOST_CHUNKS = 10_000


def bake_svg(svg: bytes, credential: bytes) -> bytes:
    """``svg`` with the credential (JSON) as its first child. Raises TrustError where it cannot be."""
    tag = ROOT_TAG.search(svg)
    if tag is None or b"openbadges:" in svg:
        raise TrustError("the badge has no <svg> tag, or holds a credential already")
    text = TO_ESCAPE.sub(lambda found: found[0][:-1] + f"\\u{ord(found[0][-1]):04x}", _json(credential))
    element = f"<openbadges:credential><![CDATA[{text}]]></openbadges:credential>"
    start = f'{tag[0].decode()[:-1]} xmlns:openbadges="{NAMESPACE}">{element}'
    return _readable(svg[: tag.start()] + start.encode() + svg[tag.end() :])


def bake_png(png: bytes, credential: bytes) -> bytes:
    """``png`` with the credential (JSON) as its last chunk but one. Raises TrustError where it cannot be."""
    try:
        chunks = list(_chunks(png))
    except ValueError as error:
        raise TrustError(f"the badge is no whole PNG: {error}") from error
    if any(_is_credential(kind, data) for _, kind, data in chunks):
        raise TrustError("the badge holds a credential already")
    data = CHUNK_HEAD + _json(credential).encode()
    chunk = len(data).to_bytes(4, "big") + b"iTXt" + data + zlib.crc32(b"iTXt" + data).to_bytes(4, "big")
    end = chunks[-1][0]
    return _readable(png[:end] + chunk + png[end:])


def baked(data: bytes) -> bytes | None:
    """The credential in an SVG or PNG, as it stands there; None where there is none, or more than one. Never raises."""
    if len(data) > LARGEST_BADGE:
        return None
    try:
        found = _in_png(data) if data.startswith(PNG_BEGINS) else _in_svg(data)
    except (ValueError, expat.ExpatError):
        return None
    return found[0] if len(found) == 1 and len(found[0]) <= LARGEST_CREDENTIAL else None


def _readable(badge: bytes) -> bytes:
    if baked(badge) is None:
        raise TrustError("the badge is too large, or is not one that a credential can be read out of again")
    return badge


def _json(credential: bytes) -> str:
    try:
        json.loads(credential)
        return credential.decode()
    except (ValueError, RecursionError) as error:
        raise TrustError("what is baked into a badge must be JSON") from error


def _chunks(png: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Where each chunk begins, its kind and its data, to the last. Raises ValueError."""
    if not png.startswith(PNG_BEGINS):
        raise ValueError("it does not begin like one")
    place = len(PNG_BEGINS)
    for _ in range(MOST_CHUNKS):
        length = int.from_bytes(png[place : place + 4], "big")
        kind, data = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        if len(data) != length or place + 12 + length > len(png):
            raise ValueError("it is cut off")
        yield place, kind, data
        place += 12 + length
        if kind == b"IEND":
            return
    raise ValueError("it has too many chunks")


def _is_credential(kind: bytes, data: bytes) -> bool:
    return kind == b"iTXt" and data.startswith(b"openbadgecredential\0")


def _in_png(png: bytes) -> list[bytes]:
    texts = [data for _, kind, data in _chunks(png) if _is_credential(kind, data)]
    return [text.removeprefix(CHUNK_HEAD) for text in texts if text.startswith(CHUNK_HEAD)]


@dataclass
class _Listener:
    """Hears an SVG and keeps the texts of credentials right under its root."""

    depth: int = 0
    inside: bool = False
    texts: list[list[str]] = field(default_factory=list)

    def start(self, name: str, attributes: object) -> None:  # noqa: ARG002  # the parser's signature
        self.depth += 1
        if self.depth == 1 and name != "http://www.w3.org/2000/svg svg":
            raise ValueError("no SVG")
        if self.depth == 2 and name == f"{NAMESPACE} credential":
            self.inside = True
            self.texts.append([])

    def end(self, name: str) -> None:  # noqa: ARG002
        self.depth -= 1
        self.inside = self.inside and self.depth > 1

    def text(self, data: str) -> None:
        if self.inside:
            self.texts[-1].append(data)


def _in_svg(svg: bytes) -> list[bytes]:
    def refuse(*_: object) -> None:
        raise ValueError("a document type can make an XML file grow without end")

    listener = _Listener()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = listener.start
    parser.EndElementHandler = listener.end
    parser.CharacterDataHandler = listener.text
    parser.Parse(svg, True)
    return ["".join(parts).encode() for parts in listener.texts]
