"""When the accelerator runs: where it is wanted, on the releases it was proved on, and only while a function is run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from typing import TypeVar

from ismpe_site.printing.accelerator import (
    collection,
    drawing,
    figures,
    geometry,
    glyphs,
    lines,
    pictures,
    sheets,
    shortcuts,
    styles,
    subsets,
    writing,
)
from ismpe_site.printing.accelerator.caches import forget
from ismpe_site.printing.accelerator.patches import Patch, checked, in_place

Made = TypeVar("Made")

# Every library whose functions are replaced or imitated, in the releases for which the digests were compared.
PROVED: Mapping[str, tuple[str, ...]] = {
    "weasyprint": ("70.0",),
    "pydyf": ("0.13.0",),
    "cssselect2": ("0.10.1",),
    "tinyhtml5": ("2.1.0",),
}

LEVERS: Mapping[str, Callable[[], Iterable[Patch]]] = {
    "drawing": drawing.patches,
    "figures": figures.patches,
    "geometry": geometry.patches,
    "glyphs": glyphs.patches,
    "lines": lines.patches,
    "pictures": pictures.patches,
    "sheets": sheets.patches,
    "shortcuts": shortcuts.patches,
    "styles": styles.patches,
    "subsets": subsets.patches,
    "writing": writing.patches,
}


def accelerated(make: Callable[[bool], Made], wanted: bool = True) -> Made:
    """``make(True)`` with the levers in place, or ``make(False)`` by the plain engine.

    Python's collector rests in both cases: that concerns no release of the engine. Any exception empties the caches:
    whoever comes next shall meet the same one, not what is left of it.
    """
    with collection.resting():
        if not (wanted and proved()):
            return make(False)
        try:
            with in_place(_patches()):
                try:
                    return make(True)
                except styles.Refused:
                    return make(True)
        except BaseException:
            forget()
            raise


def proved() -> bool:
    """Whether the accelerator was proved on all that is installed."""
    return all(installed(library) in releases for library, releases in PROVED.items())


@lru_cache
def installed(library: str) -> str:
    """The release of a library, empty where there is none."""
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


@lru_cache(maxsize=1)
def _patches() -> tuple[Patch, ...]:
    """Made at the first document: by then ``conformance`` has put its corrections in place, which the levers keep."""
    return checked(chain.from_iterable(patches() for patches in LEVERS.values()))
