"""The bytes of a file → every text in them, however it is packed or spelt. Bounded: a packed bomb costs no more."""

from __future__ import annotations

import base64
import binascii
import html
import io
import re
import string
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import product
from typing import IO
from urllib.parse import unquote_to_bytes

from ismpe_site.proof.folding import ascii_tight, folded, tight

# How much of one packed file is looked at, in bytes, and how deep packed files are looked for in packed files.
MOST, DEEPEST = 64 * 2**20, 4
# How much is unpacked at a time.
STEP = 2**14
# From so many bytes on a file that is no text is only looked through for ASCII.
LARGE = 2**16

TAG = re.compile(rb"<[^<>]*+>")
ENTITY = re.compile(rb"&(?:#[xX]?[0-9a-fA-F]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});?")
PERCENT = re.compile(rb"%[0-9A-Fa-f]{2}")
JSON_ESCAPE = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([bfnrtv0]))")
CSS_ESCAPE = re.compile(rb"\\([0-9a-fA-F]{1,6})[ \t\n]?")
# What bytes are written with in base64 and in hexadecimal digits. A shorter run could not hold a canary.
LETTERS = (string.ascii_letters + string.digits + "+/-_").encode()
IN_RUN = bytes(ord("x") if code in LETTERS else ord(" ") for code in range(256))
SHORTEST = 16
STANDARD = bytes.maketrans(b"-_", b"+/")
HEXADECIMAL = re.compile(rb"(?:[0-9A-Fa-f]{2})+")
ZLIB_HEADS = (b"x\x01", b"x\x5e", b"x\x9c", b"x\xda")
PACKED = (b"%PDF-", b"\x1f\x8b", b"PK\3\4", *ZLIB_HEADS)
# Why a member of an archive cannot be read, or not to its end.
UNREADABLE = (zipfile.BadZipFile, tarfile.TarError, zlib.error, OSError, EOFError, RuntimeError, ValueError)
PNG = b"\x89PNG\r\n\x1a\n"


def unwrap(data: bytes, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """(how it is packed, the bytes) of ``data`` and of everything in it; the first is ``data`` itself."""
    yield "", data
    if depth >= DEEPEST:
        return
    for kind, inner in _packed(data):
        for deeper, found in unwrap(inner, depth + 1):
            yield f"{kind} {deeper}".rstrip(), found


def _packed(data: bytes) -> Iterator[tuple[str, bytes]]:
    if data.startswith(b"%PDF-"):
        # Its libraries take a tenth of a second to load, and pages need none.
        from ismpe_site.proof.pdf import parts_of_pdf

        yield from parts_of_pdf(data)
    elif data.startswith(b"\x1f\x8b"):
        yield from _inflated("gzip", data, 31)
    elif data.startswith(ZLIB_HEADS):
        yield from _inflated("zlib", data, 15)
    elif data.startswith(PNG):
        yield from _chunks(data)
    elif data.startswith(b"PK\3\4"):
        yield from _zip_members(data)
    elif data[257:262] == b"ustar":
        yield from _tar_members(data)
    else:
        yield from _written_as_letters(data)


def _inflated(kind: str, data: bytes, window: int) -> Iterator[tuple[str, bytes]]:
    """What comes out of a packed text, and of those that are appended to it, as other readers unpack them too.

    Of a damaged one it is whatever stands before the damage.
    """
    while data:
        whole, data = _one_inflated(data, window)
        if whole:
            yield kind, whole


def _one_inflated(data: bytes, window: int) -> tuple[bytes, bytes]:
    """(what comes out of the first packed text, what is appended to it)"""
    inflater, whole = zlib.decompressobj(window), bytearray()
    for at in range(0, len(data), STEP):
        before, step = inflater.copy(), data[at : at + STEP]
        try:
            whole += inflater.decompress(step, MOST - len(whole))
        except zlib.error:
            # The step with the damage in it, byte by byte.
            with suppress(zlib.error):
                for byte in step:
                    whole += before.decompress(bytes((byte,)))
            break
        if inflater.eof:
            return bytes(whole), inflater.unused_data + data[at + STEP :]
        if len(whole) >= MOST:
            break
    return bytes(whole), b""


def _chunks(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The text chunks of a PNG that are packed; the others can be read as they are."""
    at = len(PNG)
    while at + 8 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + size]
        if kind in (b"zTXt", b"iTXt", b"iCCP"):
            for head in range(len(body)):
                if body.startswith(ZLIB_HEADS, head):
                    yield from _inflated(kind.decode(), body[head:], 15)
        at += 12 + size


def _zip_members(data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError):
        # No archive after all: its bytes are read as they are.
        return
    with archive:
        for member in archive.infolist():
            yield "zip name", member.filename.encode("utf-8", "replace")
            # One that is locked, damaged or packed in an unknown way keeps nobody from reading the others.
            with suppress(*UNREADABLE), archive.open(member) as file:
                yield "zip", _as_far_as(file)


def _as_far_as(file: IO[bytes]) -> bytes:
    """What can be read of a member of an archive before its first damage."""
    whole = bytearray()
    with suppress(*UNREADABLE):
        while len(whole) < MOST and (part := file.read(STEP)):
            whole += part
    return bytes(whole)


def _tar_members(data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in archive:
                file = archive.extractfile(member) if member.isfile() else None
                if file is not None:
                    yield "tar", _as_far_as(file)
    except (tarfile.TarError, OSError, ValueError):
        return


def _written_as_letters(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Bytes written as base64 or hexadecimal digits in a text."""
    texts: list[bytes] = []
    for run in _runs(data):
        if run.isalnum() and HEXADECIMAL.fullmatch(run):
            texts.append(binascii.unhexlify(run))
        # Base64 of words has letters of both kinds; addresses have not, and drawings.
        if run.islower() or run.isupper() or run.isdigit():
            continue
        letters = run.translate(STANDARD)
        # What stands before it may look like a part of the run: then each of four places is another reading.
        texts += (_decoded(letters[start:]) for start in range(4 if len(letters) < 4096 else 1))
    yield from (("base64", text) for text in texts if text.startswith(PACKED))
    if texts:
        yield "base64", b"\0".join(texts)


def _runs(data: bytes) -> Iterator[bytes]:
    """Every longest run of letters of base64 that is long enough."""
    map_of_runs, at = data.translate(IN_RUN), 0
    while (at := map_of_runs.find(b"x" * SHORTEST, at)) >= 0:
        end = map_of_runs.find(b" ", at)
        end = len(data) if end < 0 else end
        yield data[at:end]
        at = end


def _decoded(letters: bytes) -> bytes:
    # One letter too many cannot be decoded.
    letters = letters[:-1] if len(letters) % 4 == 1 else letters
    return base64.b64decode(letters + b"=" * (-len(letters) % 4))


def readings(data: bytes) -> Iterator[bytes]:
    """``data`` read in each way a text can be spelt, with nothing left but letters and digits."""
    if b"\0" in data[:4096]:
        yield from _in_wide_letters(data)
        if len(data) > LARGE:
            # Of a large file that is no text only what is ASCII: its other bytes are noise.
            yield ascii_tight(data)
            return
    data = folded(data)
    yield tight(_unescaped(data))
    if b"<" in data:
        yield tight(_unescaped(TAG.sub(b"", data)))
    if b"%" in data and PERCENT.search(data):
        yield tight(unquote_to_bytes(data))
    if b"\\" in data:
        yield tight(JSON_ESCAPE.sub(_of_json, data))
        yield tight(CSS_ESCAPE.sub(_of_css, data))


def _in_wide_letters(data: bytes) -> Iterator[bytes]:
    """UTF-16, whichever way round: where hardly any byte is zero its letters are ASCII or it is none."""
    yield ascii_tight(data)
    if data.count(0) * 4 > len(data):
        for encoding, start in product(("utf-16-le", "utf-16-be"), (0, 1)):
            yield tight(data[start:].decode(encoding, "replace").encode("utf-8", "replace"))


def _unescaped(data: bytes) -> bytes:
    return ENTITY.sub(_of_html, data) if b"&" in data else data


def _of_html(escape: re.Match[bytes]) -> bytes:
    return _entity(escape[0])


@lru_cache(maxsize=1024)
def _entity(escape: bytes) -> bytes:
    return html.unescape(escape.decode("ascii")).encode("utf-8", "replace")


def _of_json(escape: re.Match[bytes]) -> bytes:
    digits = escape[1] or escape[2]
    return chr(int(digits, 16)).encode("utf-8", "replace") if digits else b" "


def _of_css(escape: re.Match[bytes]) -> bytes:
    return chr(min(int(escape[1], 16), 0x10FFFF)).encode("utf-8", "replace")
