"""The artefacts of one unit, and what is remembered of it → its files: kept where nothing that matters has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ismpe_site.artefact import Artefact, Bundle, Picture, PrintDocument, made_late
from ismpe_site.build.pages import Page, read_page
from ismpe_site.build.store import File, Record, Store
from ismpe_site.fingerprint import Fingerprints
from ismpe_site.theme import Theme


class RenderError(Exception):
    """Files that could not be made: path → why."""

    def __init__(self, failures: Mapping[str, str]) -> None:
        self.failures = dict(failures)
        super().__init__(f"{len(failures)} documents failed")


@dataclass(frozen=True, slots=True)
class Stale:
    """A file that must be made, and why."""

    path: str
    reason: str


@dataclass(frozen=True)
class Workplace:
    """What every file is made with: ``tool`` is the program's digest, ``root`` the path the site is served under."""

    store: Store
    theme: Theme
    tool: str
    root: str


@dataclass
class Made:
    """A unit's files, in the order of its artefacts. Those printed or painted are left to be made late.

    ``pages`` are its HTML pages by path; ``failures`` says for each file that could not be made why.
    """

    files: list[File] = field(default_factory=list)
    stale: list[Stale] = field(default_factory=list)
    pages: dict[str, Page] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


def recipe(artefact: Artefact | Bundle, fingerprints: Fingerprints) -> str:
    """What it is made from, besides program and theme: its render function and the value it reads."""
    return fingerprints.of((artefact.render, artefact.inputs)).hex()


def make_unit(
    artefacts: Iterable[Artefact],
    before: Record | None,
    place: Workplace,
    fingerprints: Fingerprints,
    *,
    only_plan: bool = False,
) -> Made:
    """Make every page that is stale. What is made late is only found to be stale; with ``only_plan`` all is."""
    made = Made()
    known = {file.path: file for file in before.files} if before else {}
    changed = changed_workplace(before, place)
    for artefact in artefacts:
        file = File(artefact.path, recipe(artefact, fingerprints))
        reason = why_stale(file, known.get(file.path), changed)
        kept, data = None if reason else kept_file(known[file.path], place.store), None
        if kept is None:
            made.stale.append(Stale(file.path, reason or "its stored copy is damaged or gone"))
            if not (made_late(artefact.path) or only_plan):
                data = _rendered(artefact, place.theme, made.failures)
                kept = None if data is None else place.store.put(file.path, file.recipe, data)
        made.files.append(kept or file)
        if kept is not None and kept.path.endswith(".html"):
            made.pages[kept.path] = read_page(kept.path, data or place.store.get(kept), place.root)
    return made


def changed_workplace(before: Record | None, place: Workplace) -> str:
    """Why everything of a unit must be made again; empty where nothing says so."""
    if before is None:
        return ""
    if before.tool != place.tool:
        return "the program changed"
    return "the theme changed" if before.theme != place.theme.digest else ""


def why_stale(file: File, before: File | None, changed: str) -> str:
    """Why ``file`` must be made, in a few words; empty where what was made before will do."""
    if before is None:
        return "new"
    if changed:
        return changed
    if before.recipe != file.recipe:
        return "its content changed"
    return "" if before.made else "not made before"


def kept_file(file: File, store: Store) -> File | None:
    """``file`` as it is in the store, whatever its object looks like; nothing where it is damaged or gone."""
    return file if store.intact(file) else store.whole(file)


def _rendered(artefact: Artefact, theme: Theme, failures: dict[str, str]) -> bytes | None:
    try:
        data = artefact.render(artefact.inputs, theme)
        if isinstance(data, PrintDocument | Picture):
            raise TypeError(f"{artefact.path} is to be printed or painted, but its name does not end in .pdf or .png")
    except (OSError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001  # whatever fails is reported with its file
        failures[artefact.path] = str(error) or type(error).__name__
        return None
    return data


@dataclass(frozen=True, slots=True)
class Away:
    """A link of a page that leads out of its unit: to be judged when all files are known."""

    page: str
    file: str
    fragment: str


def judge_links(
    pages: Mapping[str, Page], anchors: Mapping[str, frozenset[str] | None], own: Sequence[str]
) -> tuple[list[str], list[Away]]:
    """(links that lead nowhere, in words; links that lead away) of a unit's pages.

    ``anchors``: files outside the unit that are known already, with their places (None where those are not known);
    ``own``: the paths of the unit itself.
    """
    known: dict[str, frozenset[str] | None] = dict(anchors)
    known |= dict.fromkeys(own)
    known |= {path: page.ids for path, page in pages.items()}
    broken: list[str] = []
    away: dict[tuple[str, str], Away] = {}
    for path, page in pages.items():
        broken += [f"{path}: a link may not begin with {scheme}:" for scheme in page.refused]
        for file, fragment in page.links:
            if file not in known or (fragment and file in anchors and anchors[file] is None):
                away.setdefault((file, fragment), Away(path, file, fragment))
                continue
            ids = known[file]
            if fragment and ids is not None and fragment not in ids:
                broken.append(no_such_place(path, file, fragment))
    return broken, list(away.values())


def judge_away(
    away: Sequence[Away], known: set[str], files: Callable[[], Iterable[File]], place: Workplace
) -> Iterator[str]:
    """Links from unit to unit that lead nowhere, in words. ``known``: every path; ``files()``: every file made."""
    sought = {link.file for link in away if link.fragment and link.file in known}
    places = {
        file.path: read_page(file.path, place.store.get(file), place.root).ids
        for file in (files() if sought else ())
        if file.path in sought and file.path.endswith(".html")
    }
    for link in away:
        if link.file not in known:
            yield leads_nowhere(link.page, link.file)
        elif link.fragment and link.file in places and link.fragment not in places[link.file]:
            yield no_such_place(link.page, link.file, link.fragment)


def no_such_place(page: str, file: str, fragment: str) -> str:
    """A link to a place that is not on its page, in words."""
    return f"{page}: the link to /{file.removesuffix('index.html')}#{fragment}: no such place on that page"


def leads_nowhere(page: str, file: str) -> str:
    """A link to no file of the site, in words."""
    return f"{page}: the link to /{file.removesuffix('index.html')} leads nowhere"
