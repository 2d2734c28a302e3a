"""A Picture → the bytes of a PNG, the same bytes every time. The only home of resvg."""

from __future__ import annotations

import re

import resvg_py

from ismpe_site.artefact import Picture

# No font is ever looked for, so words that are no outlines would be missing without a sound.
WORDS = re.compile(r"<(?:\w+:)?text[\s>]")
# The engine would read files of this machine.
ELSEWHERE = re.compile(r"href\s*=\s*[\"'](?!#|data:image/)([^\"']*)")


class PaintError(Exception):
    """A picture that cannot be painted; the message says why."""


def paint(picture: Picture) -> bytes:
    """The picture as PNG, as high as its drawing asks for. Raises PaintError."""
    if WORDS.search(picture.svg):
        raise PaintError("a picture has <text>, but no font: draw its words as outlines")
    if found := ELSEWHERE.search(picture.svg):
        raise PaintError(f"a picture may not fetch {found[1][:120]}: draw it into it")
    try:
        return resvg_py.svg_to_bytes(
            svg_string=picture.svg, width=picture.width, background=picture.ground or None, skip_system_fonts=True
        )
    except ValueError as error:
        raise PaintError(f"a picture cannot be painted: {error}") from error
    except BaseException as error:
        # What the engine raises where it gives up half-way is no Exception, and has no name that could be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise PaintError("a picture cannot be painted: the engine gave up on its numbers; draw it anew") from None
