"""The links of Markdown texts, found in the file's own lines so that each has its place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ismpe_site.model import LINK_TARGET
from ismpe_site.problems import Place, Problem

# [words](target) or [words](<target>), [name]: target on a line of its own, <scheme:target>
LINK = re.compile(
    r"(?<!\\)\]\([ \t]*(?:<(?P<angled>[^<>]*)>|(?P<inline>(?:[^()\s]|\([^()\s]*\))*))"
    r"|^[ \t]*\[[^\]]+\]:[ \t]*<?(?P<defined>[^\s<>]+)>?(?:[ \t]+[\"'(].*)?$"
    r"|<(?P<bare>[A-Za-z][A-Za-z0-9+.-]+:[^\s<>]*)>"
)
FENCE = ("```", "~~~")


def links(file: str, text: str) -> Iterator[tuple[Place, str]]:
    """Every link target of the ``text`` of ``file``, with its place; code and the comments of YAML have none."""
    markdown, fenced = file.endswith(".md"), False
    for number, line in enumerate(text.split("\n"), 1):
        start = line.lstrip()
        if markdown and start.startswith(FENCE):
            fenced = not fenced
        if fenced or (start.startswith("#") and not markdown):
            continue
        if "](" not in line and "]:" not in line and "<" not in line:
            continue
        for match in LINK.finditer(line):
            if line.count("`", 0, match.start()) % 2 == 0:
                kind = str(match.lastgroup)
                yield Place(file, number, match.start(kind) + 1), match[kind]


def refused(place: Place, target: str) -> Problem | None:
    """The problem of a link that the site would show as plain text, because it does not lead where links may."""
    if LINK_TARGET.match(target):
        return None
    says = f'the link to "{target}" is not allowed' if target else "the link has no target"
    kinds = "https://…, mailto:…, a page of this site from its root like /process/, a place on the same page like #fee"
    return Problem(place, "L502", says, f"allowed: {kinds}")
