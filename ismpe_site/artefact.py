"""One output file to be: its path, a pure render function and the plain value it reads; or many made in one go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ismpe_site.theme import Theme

# The signature field of a sealed document: the press makes it, the issuer's key fills it.
SEAL_FIELD = "IssuerSeal"


@dataclass(frozen=True)
class Attachment:
    """A file carried inside a PDF: the data the document was made from."""

    name: str
    data: bytes
    description: str


@dataclass(frozen=True)
class PrintDocument:
    """A document ready for the press: complete HTML, the name of its style sheet in the theme, its data.

    ``day`` is the date written into the file's metadata: a date of the content, never the clock. ``pages`` is how many
    the document must fill; None where any number will do. ``seal_tooltip``: the words for the field that a seal is put
    into; none, and no field, where it is not sealed.
    """

    html: str
    style: str
    day: date
    attachments: tuple[Attachment, ...] = ()
    pages: int | None = None
    seal_tooltip: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture ready for the painter: complete SVG whose words are outlines, and the pixels it will be wide.

    ``ground``: a colour (``#rrggbb``) behind what is transparent; empty where that stays so.
    """

    svg: str
    width: int
    ground: str = ""


@dataclass(frozen=True)
class Artefact:
    """``render(inputs, theme)`` gives the bytes of ``path``, or what the printing room makes into them."""

    path: str
    render: Callable[[Any, Theme], bytes | PrintDocument | Picture]
    inputs: Any


@dataclass(frozen=True)
class Bundle:
    """Files that are made in one go, and whose names are known only then.

    ``render(inputs)`` gives their bytes by their paths in ``folder``, which ends with a slash and holds nothing else.
    """

    folder: str
    render: Callable[[Any], Mapping[str, bytes]]
    inputs: Any


# The folder of the theme's own files for the web: its pictures are there already.
ASSETS = "assets/"
# The folder of what was issued: its documents and pictures are there already as well.
FROZEN = "certificates/"


def made_late(path: str) -> bool:
    """Whether a file is printed or painted: the slow kinds, made when all pages are, left out by ``--only html``."""
    return path.endswith((".pdf", ".png")) and not path.startswith((ASSETS, FROZEN))
