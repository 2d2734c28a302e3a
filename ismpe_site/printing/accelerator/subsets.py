"""Lever ``subsets``: a font is cut down once for each set of glyphs.

*Speeds up:* certificates and short documents, whose running words need the same glyphs of a font again.
*Safe:* the subset is a function of the font file, the glyphs and whether hints are kept. A font with missing glyphs
is left to the engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from weasyprint.pdf import fonts

from ismpe_site.printing.accelerator.caches import Bounded
from ismpe_site.printing.accelerator.patches import Patch, patch

BOUND = 200

# (font file, face in it, glyphs, hints) → the subset
_subsets: Bounded[tuple[bytes, int, frozenset[int], bool], bytes] = Bounded(BOUND)


def patches() -> Iterator[Patch]:
    """For ``pdf.fonts.Font._harfbuzz_subset``."""
    plain = fonts.Font._harfbuzz_subset

    def subset(self: Any, to_unicode: Any, hinting: bool) -> None:
        if self.missing:
            plain(self, to_unicode, hinting)
            return
        # The bytes of a font keep their hash, and are one object per font and document at most: see glyphs.Face.
        key = (self.file_content, self.index, frozenset(to_unicode), hinting)
        if (known := _subsets.get(key)) is not None:
            self.file_content = known
        else:
            plain(self, to_unicode, hinting)
            _subsets[key] = self.file_content

    yield patch(fonts.Font, "_harfbuzz_subset", subset)
