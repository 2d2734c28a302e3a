"""The links of Markdown texts, found in the file's own lines so that each has its place."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import islice

from ismpe_site.anchors import Anchors, anchor
from ismpe_site.model import LINK_TARGET
from ismpe_site.problems import Place, Problem, did_you_mean

# [words](target) or [words](<target>), [name]: target on a line of its own, <scheme:target>
LINK = re.compile(
    r"(?<!\\)\]\([ \t]*(?:<(?P<angled>[^<>]*)>|(?P<inline>(?:[^()\s]|\([^()\s]*\))*))"
    r"|^[ \t]*\[[^\]]+\]:[ \t]*<?(?P<defined>[^\s<>]+)>?(?:[ \t]+[\"'(].*)?$"
    r"|<(?P<bare>[A-Za-z][A-Za-z0-9+.-]+:[^\s<>]*)>"
)
IMAGE = re.compile(r"(?<!\\)!\[[^\[\]]*+\](?:\((?:[^()]|\([^()]*+\))*+\)|\[[^\]]*+\])")
REFERENCE = re.compile(r"(?<![\\\]])\[(?P<words>[^\[\]]+)\]\[(?P<name>[^\[\]]*)\]")
DEFINITION = re.compile(r"^[ \t]*\[(?P<name>[^\[\]]+)\]:", re.MULTILINE)
# A heading with its words, in quotations and lists too; the line below a heading that is underlined.
HEADING = re.compile(r"^(?P<before>[ \t>*+.)0-9-]*+)(?P<marks>#{1,6})[ \t]+(?P<words>.*)$")
UNDERLINE = re.compile(r"^[ ]{0,3}(=+|-+)[ \t]*$")
# A heading that is underlined has no more lines than that: it would be as long as a page.
MOST_UNDERLINED = 100
FENCE = ("```", "~~~")

# Places of the page around a document, which no heading of its text takes.
PAGE_PLACES = ("main", "versions")
TARGETS = "https://…, mailto:…, a page of this site from its root like /process/, a place on the same page like #fee"
MOST_SHOWN = 12
# Of so many lost links a text may have it is guessed what was meant; to guess takes long.
MOST_GUESSED = 20


def judged_links(file: str, text: str) -> tuple[list[Problem], list[tuple[Place, str]]]:
    """What is wrong with the links, images and headings of the ``text`` of ``file``; its links to pages of the site.

    Whether these pages are there is known to the build alone.
    """
    problems: list[Problem] = []
    to_pages = []
    lines = list(_lines(file, text))
    defined = {_folded(match["name"]) for match in DEFINITION.finditer(text)}
    places = _places(text) if file.endswith(".md") else None
    for number, line in lines:
        for place, target in _links(file, number, line):
            near = places if places and len(problems) < MOST_GUESSED else ()
            if problem := _refused(place, target) or _lost(place, target, places, near):
                problems.append(problem)
            elif target.startswith("/"):
                to_pages.append((place, target))
        problems += _images(file, number, line)
        problems += _undefined(file, number, line, defined)
    problems += _headings(file, text, lines)
    return problems, to_pages


def _lines(file: str, text: str) -> Iterator[tuple[int, str]]:
    """The lines of Markdown with their numbers; code and the comments of YAML are left out."""
    markdown, fenced = file.endswith(".md"), False
    for number, line in enumerate(text.split("\n"), 1):
        start = line.lstrip()
        if markdown and start.startswith(FENCE):
            fenced = not fenced
        if not fenced and (markdown or not start.startswith("#")):
            yield number, line


def _links(file: str, number: int, line: str) -> Iterator[tuple[Place, str]]:
    if "](" not in line and "]:" not in line and "<" not in line:
        return
    images = [match.span() for match in IMAGE.finditer(line)]
    for match in LINK.finditer(line):
        before = bisect_right(images, match.start(), key=lambda span: span[0])
        in_image = before > 0 and match.start() < images[before - 1][1]
        if not in_image and not _in_code(line, match.start()):
            kind = str(match.lastgroup)
            yield Place(file, number, match.start(kind) + 1), match[kind]


def _in_code(line: str, at: int) -> bool:
    return bisect_left(_code_marks(line), at) % 2 == 1


@lru_cache(maxsize=1)
def _code_marks(line: str) -> list[int]:
    return [at for at, sign in enumerate(line) if sign == "`"] if "`" in line else []


def _refused(place: Place, target: str) -> Problem | None:
    """The problem of a link that the site would show as plain text, because it does not lead where links may."""
    if LINK_TARGET.match(target):
        return None
    says = f'the link to "{target}" is not allowed' if target else "the link has no target"
    if re.match("https?:", target, re.IGNORECASE):
        return Problem(
            place, "L502", f'the link to "{target}" has no plain host name', "write it like https://www.example.org/"
        )
    return Problem(place, "L502", says, f"allowed: {TARGETS}")


def _lost(place: Place, target: str, places: Collection[str] | None, near: Collection[str]) -> Problem | None:
    """The problem of a link to a place on the same page that its text does not have; None where nobody can tell yet.

    ``near``: among which places it is guessed what was meant.
    """
    if places is None or not target.startswith("#") or target[1:] in ("", *PAGE_PLACES, *places):
        return None
    shown = ", ".join(f"#{name}" for name in islice(places, MOST_SHOWN)) or "none; it has no headings"
    more = f" and {len(places) - MOST_SHOWN} more" if len(places) > MOST_SHOWN else ""
    meant = did_you_mean(target, [f"#{name}" for name in near])
    help_text = f"{meant}the headings of this text are its places: {shown}{more}"
    return Problem(place, "L506", f'this text has no place "{target}"', help_text)


def _images(file: str, number: int, line: str) -> Iterator[Problem]:
    for match in IMAGE.finditer(line):
        if not _in_code(line, match.start()):
            yield Problem(
                Place(file, number, match.start() + 1),
                "L503",
                "images are not shown in texts",
                "say in words what it shows, or link to it: [what it is](https://…)",
            )


def _undefined(file: str, number: int, line: str, defined: set[str]) -> Iterator[Problem]:
    """``[words][name]`` without ``[name]: target`` anywhere: it would be shown as it is written."""
    for match in REFERENCE.finditer(line):
        name = match["name"] or match["words"]
        an_image = line[: match.start()].endswith("!")
        if _folded(name) not in defined and not an_image and not _in_code(line, match.start()):
            yield Problem(
                Place(file, number, match.start("name") + 1),
                "L504",
                f'no target is given for "[{name}]"',
                f"write [{name}]: and the target on a line of its own, or the target at once: [words](/process/)",
            )


def _headings(file: str, text: str, lines: list[tuple[int, str]]) -> Iterator[Problem]:
    """A heading of the highest rank, which is the page's own."""
    front = _front_matter(text)
    for number, line in lines:
        if file.endswith(".md") and 0 < front < number and re.match(r"#[ \t]", line):
            yield Problem(
                Place(file, number, 1),
                "L505",
                "the heading of the whole page is its title",
                "begin headings in the text with ##",
                "warning",
            )


def _front_matter(text: str) -> int:
    """How many lines are not the text itself."""
    end = text.find("\n---", 3) if text.startswith("---\n") else -1
    return text.count("\n", 0, end + 1) + 1 if end > 0 else 0


def _places(text: str) -> dict[str, None]:
    """The places the headings of a text make, in order, as the site names them."""
    found: dict[str, None] = {}
    taken = Anchors(PAGE_PLACES)
    before: list[str] = []
    front = _front_matter(text)
    for number, line in _lines(".md", text):
        if number <= front:
            continue
        if heading := HEADING.match(line):
            found[taken.take(anchor(heading["words"]))] = None
            before = []
        elif UNDERLINE.match(line) and before:
            found[taken.take(anchor(" ".join(before)))] = None
            before = []
        else:
            before = [*before[-MOST_UNDERLINED:], line] if line.strip() else []
    return found


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
