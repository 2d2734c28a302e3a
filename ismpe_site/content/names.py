"""What a file with a name that does not fit should be called."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Literal

from ismpe_site.model import day_meant

Named = Literal["month", "day", "freely"]

SUFFIXES = {".yml": ".yaml", ".markdown": ".md", ".mdown": ".md"}
MONTH = re.compile(r"([0-9]{4})[-_. ]?([0-9]{1,2})([-_. ][0-9]{1,2})?")


def better_name(name: str, named: Named) -> str:
    """``rename it 2026-03.yaml; `` where it is plain what was meant; empty otherwise.

    ``named``: what the files of the folder are named by.
    """
    stem, suffix = PurePath(name).stem, PurePath(name).suffix
    right = SUFFIXES.get(suffix.lower(), suffix.lower())
    why = f" ({right}, not {suffix})" if right != suffix else ""
    if named == "month" and (match := MONTH.fullmatch(stem)):
        month = int(match[2])
        if not 1 <= month <= 12:
            return f"there is no month {match[2]}; "
        stem = f"{match[1]}-{month:02d}"
    elif named == "day":
        stem = str(day_meant(stem) or stem)
    return f"rename it {stem}{right}{why}; " if f"{stem}{right}" != name else ""
