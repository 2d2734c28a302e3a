"""Where a setting stands in the text of ``site.toml``: the parser does not say."""

from __future__ import annotations

import re

from ismpe_site.problems import Place

SECTION = re.compile(r"[ \t]*\[[ \t]*(?P<name>[^\[\]#]+?)[ \t]*\][ \t]*(#.*)?$")
SETTING = re.compile(r"[ \t]*(?P<key>\"[^\"]*\"|'[^']*'|[A-Za-z0-9_.-]+)[ \t]*=[ \t]*")


def place_of(file: str, text: str, loc: tuple[str, ...], *, of_key: bool = False) -> Place:
    """Where a setting's value stands, or its name; the nearest thing around it where it is not written alone."""
    section: tuple[str, ...] = ()
    found: dict[tuple[str, ...], Place] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if header := SECTION.match(line):
            section = tuple(part.strip(" \t\"'") for part in header["name"].split("."))
            found.setdefault(section, Place(file, number, header.start("name") + 1))
        elif setting := SETTING.match(line):
            key = setting["key"]
            path = (*section, *([key[1:-1]] if key[0] in "\"'" else key.split(".")))
            found.setdefault(path, Place(file, number, (setting.start("key") if of_key else setting.end()) + 1))
    return next((found[loc[:length]] for length in range(len(loc), 0, -1) if loc[:length] in found), Place(file))
