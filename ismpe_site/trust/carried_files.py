"""The files carried in a PDF that may have been made to do harm: each count and size is bounded."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pyhanko.pdf_utils.decode_limits import (
    DecodeLimits,
    DecodePurpose,
    DocumentDecodeBudget,
    StreamDecodeLimits,
)
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader

from ismpe_site.trust.manners import be_quiet

if TYPE_CHECKING:
    from pyhanko.pdf_utils import generic

MB = 1_000_000
MOST_FILES = 50
MOST_BRANCHES = 100
# The parser asks byte by byte: this and the budget bound its time. Our largest report takes a twentieth of either.
MOST_READS = 300_000
LIMITS = DecodeLimits(
    per_stream=StreamDecodeLimits(max_output_size=4 * MB),
    per_purpose={DecodePurpose.OBJECT_STREAM: StreamDecodeLimits(max_output_size=4 * MB)},
    document_budget=DocumentDecodeBudget(base_allowance=8 * MB, max_ratio=0),
)


def carried(pdf: bytes) -> dict[str, bytes]:
    """As ``seal.attachments``."""
    be_quiet()
    try:
        reader = PdfFileReader(_Patient(pdf), decode_limits=LIMITS)
        names = reader.root["/Names"]["/EmbeddedFiles"]
        files: dict[str, bytes] = {}
        for name, description in _leaves(names):
            if name in files or len(files) == MOST_FILES:
                raise PdfReadError("too many files, or two of one name")
            files[name] = bytes(description["/EF"]["/F"].data)
    except Exception:  # noqa: BLE001  # a parser of hostile bytes may raise anything
        return {}
    return files


class _Patient(io.BytesIO):
    """Bytes that may be asked for so often and no more."""

    reads = 0

    def read(self, size: int | None = -1) -> bytes:
        self.reads += 1
        if self.reads > MOST_READS:
            raise PdfReadError("the file is too hard to read")
        return super().read(size)


def _leaves(tree: generic.DictionaryObject) -> Iterator[tuple[str, generic.DictionaryObject]]:
    """Each name of a name tree with its file specification."""
    waiting, branches = [tree], 0
    while waiting:
        branch = waiting.pop()
        branches += 1
        if branches > MOST_BRANCHES:
            raise PdfReadError("too many branches")
        kids, pairs = branch.get("/Kids", ()), branch.get("/Names", ())
        # By their places, for what is taken out of a list in passing is only a reference.
        waiting.extend(kids[place] for place in range(len(kids)))
        for place in range(0, len(pairs), 2):
            description = pairs[place + 1]
            name = description.get("/UF", description.get("/F", pairs[place]))
            yield str(name), description
