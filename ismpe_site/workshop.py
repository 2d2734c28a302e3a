"""The work that is done on each organisation: read, checked, scored, planned, and its pages made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from ismpe_site.artefact import Artefact
from ismpe_site.build.inputs import digest, files_below, look
from ismpe_site.build.store import Record, Store
from ismpe_site.build.unit import Away, Made, Stale, Workplace, judge_links, make_unit
from ismpe_site.content.issued import ISSUED
from ismpe_site.content.load import Loaded, load_organisation
from ismpe_site.fingerprint import Fingerprints
from ismpe_site.leaks import Guard, guard_of, problems_of, public_words
from ismpe_site.model import Catalogue
from ismpe_site.problems import Place, Problem
from ismpe_site.proof.canaries import joined
from ismpe_site.proof.scan import Leak
from ismpe_site.proof.secrets import shown_texts
from ismpe_site.publications import (
    Outline,
    Scheme,
    Site,
    Trust,
    award_changes,
    outlines_of,
    plan_organisation,
    scheme_of_commons,
    with_organisations,
)
from ismpe_site.scoring.register import register
from ismpe_site.scoring.visibility import without_private
from ismpe_site.trusting import awarded_otherwise

# Organisations a worker is handed at once: enough to make the handing over cheap.
CHUNK = 10
Anchors = dict[str, frozenset[str] | None]
ORGANISATIONS = "organisations/"
NO_TRUST = Trust()


@dataclass(frozen=True)
class About:
    """What the rest of the site needs to know of a unit: it is kept with the unit's record.

    ``links`` are those of its texts, ``away`` those of its pages that lead out of it; ``tokens`` those of its secret
    addresses; ``canaries`` pieces of its private texts, ``guard`` stands for all of them.
    """

    outlines: tuple[Outline, ...]
    problems: tuple[Problem, ...]
    links: tuple[tuple[Place, str], ...]
    away: tuple[Away, ...]
    tokens: tuple[tuple[Place, str], ...] = ()
    canaries: str = ""
    guard: str = ""

    def as_json(self) -> dict[str, Any]:
        """As plain data that JSON can hold."""
        return {
            "outlines": [outline.as_json() for outline in self.outlines],
            "problems": [problem.as_json() for problem in self.problems],
            "links": _placed(self.links),
            "away": [[away.page, away.file, away.fragment] for away in self.away],
            "tokens": _placed(self.tokens),
            "canaries": self.canaries,
            "guard": self.guard,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> About:
        """What ``as_json`` gave."""
        return cls(
            tuple(Outline.from_json(outline) for outline in data["outlines"]),
            tuple(Problem.from_json(problem) for problem in data["problems"]),
            _with_places(data["links"]),
            tuple(Away(*away) for away in data["away"]),
            _with_places(data["tokens"]),
            data["canaries"],
            data["guard"],
        )


def _placed(texts: tuple[tuple[Place, str], ...]) -> list[list[object]]:
    return [[place.file, place.line, place.column, text] for place, text in texts]


def _with_places(data: list[Any]) -> tuple[tuple[Place, str], ...]:
    return tuple((Place(file, line, column), text) for file, line, column, text in data)


def outlines_in(record: Record | None) -> tuple[Outline, ...]:
    """The outlines a record holds; none where another version of this program wrote it in another form."""
    try:
        return About.from_json(record.about).outlines if record else ()
    except (ValueError, TypeError, KeyError, AttributeError):
        return ()


def awards_gone(store: Store, units: Iterable[str]) -> Iterator[str]:
    """The awards of organisations that are not among ``units`` any more, in words."""
    gone = {unit for unit in store.units() if unit.startswith(ORGANISATIONS)}
    for unit in sorted(gone.difference(units)):
        yield from award_changes(outlines_in(store.record(unit)), ())


@dataclass(frozen=True)
class Outcome:
    """What became of one organisation.

    ``about`` is there only where its content has no error. ``pending`` counts the files left to be made late,
    ``awards`` says what became of its awards since the record was written,
    ``broken`` names links of its pages that lead nowhere, ``failures`` files that could not be made, each with why.
    """

    name: str
    problems: tuple[Problem, ...]
    about: About | None = None
    paths: tuple[str, ...] = ()
    pending: int = 0
    stale: tuple[Stale, ...] = ()
    awards: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    failures: tuple[tuple[str, str], ...] = ()


def kept_outcome(name: str, record: Record) -> Outcome:
    """An organisation that is as it was; some of its late files may not have been asked for yet."""
    about = About.from_json(record.about)
    unmade = tuple(Stale(file.path, "not made before") for file in record.files if not file.made)
    paths = tuple(file.path for file in record.files)
    return Outcome(name, about.problems, about, paths, len(unmade), unmade)


@dataclass(frozen=True)
class OrganisationWork:
    """Names of organisations → their outcomes: read, checked, scored, planned, and the pages made.

    ``anchors`` are the files all organisations may link to; ``shared`` is the digest of all that they have in common;
    ``now`` is the time of the disk in nanoseconds. With ``only_plan`` nothing is made or kept.
    """

    content: Path
    commons: Loaded
    site: Site
    as_of: date
    bleed: bool
    place: Workplace
    anchors: Anchors
    shared: str
    now: int
    only_plan: bool = False
    trust: Trust = NO_TRUST

    def __call__(self, names: tuple[str, ...]) -> list[Outcome]:
        """Each organisation, one after the other."""
        return [self.make(name) for name in names]

    def __getstate__(self) -> dict[str, Any]:
        """For the journey to a worker: what is made once and kept is made there anew."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @cached_property
    def scheme(self) -> Scheme:
        """The public views of what all organisations share."""
        shared = self.commons.catalogue
        return scheme_of_commons(shared, self.as_of, self.site, bleed=self.bleed, trust=self.trust)

    @cached_property
    def _fingerprints(self) -> Fingerprints:
        """Those of what all organisations share: most of what a page reads."""
        fingerprints = Fingerprints()
        fingerprints.of(self.scheme)
        return fingerprints

    def kept(self, name: str) -> Record | None:
        """What is known of an organisation, where nothing it was made from has changed and nothing is harmed."""
        record = self.place.store.record(ORGANISATIONS + name)
        if record is None or not record.key.startswith(self._shared_with(name)):
            return None
        paths = self._paths(name)
        same = bool(record.seen) and record.seen == look(paths, self.now)
        if not same and record.key != self._key(name, paths):
            return None
        if not same and not self.only_plan and (seen := look(paths, self.now)):
            # Its files look otherwise and hold the same: next time the look is enough.
            record = replace(record, seen=seen)
            self.place.store.remember(ORGANISATIONS + name, record)
        return record if all(self.place.store.intact(file) for file in record.files if file.made) else None

    def fingerprints(self) -> Fingerprints:
        """For the files of one organisation: what all share is known already."""
        return Fingerprints(self._fingerprints)

    def plan(self, name: str) -> tuple[tuple[Artefact, ...], Guard]:
        """The files of an organisation without problems, and what must not be in them."""
        loaded, scheme = self._read(name)
        return (plan_organisation(scheme), self._guard(name, loaded)) if scheme else ((), Guard(name))

    def guard(self, name: str, public: bytes = b"") -> Guard:
        """What of an organisation must not be published; ``public``: what is no secret either."""
        return self._guard(name, load_organisation(self.content, name, self.commons), public)

    @cached_property
    def _public(self) -> tuple[bytes, ...]:
        """Texts that are no secret, whatever an organisation writes: those of all, and the words of the templates."""
        scheme, theme = self.scheme, self.place.theme
        common = (scheme.site, scheme.editions, scheme.people, scheme.pages, scheme.translations)
        return (joined(shown_texts(*common)), public_words(theme, scheme.site.language))

    def _guard(self, name: str, loaded: Loaded, public: bytes = b"") -> Guard:
        return guard_of(name, loaded.catalogue.organisations, self.as_of, (*self._public, public))

    def make(self, name: str) -> Outcome:
        """One organisation; its record is kept in the store."""
        paths = self._paths(name)
        seen, key = look(paths, self.now), self._key(name, paths)
        loaded, scheme = self._read(name)
        if scheme is None:
            return Outcome(name, loaded.problems)
        unit, artefacts = ORGANISATIONS + name, plan_organisation(scheme)
        before = self.place.store.record(unit)
        made = make_unit(artefacts, before, self.place, self.fingerprints(), only_plan=self.only_plan)
        own = tuple(artefact.path for artefact in artefacts)
        broken, away = judge_links(made.pages, self.anchors, own)
        guard = Guard(name) if self.only_plan else self._guard(name, loaded)
        leaked = () if self.only_plan else tuple(self._leaked(guard, before, made))
        problems = (*loaded.problems, *problems_of(self.content, ((name, leak) for leak in leaked)))
        sample, outlines = guard.listed.sample().decode(), tuple(outlines_of(scheme))
        about = About(outlines, problems, loaded.links, tuple(away), loaded.tokens, sample, guard.digest)
        if not (self.only_plan or broken or made.failures or leaked):
            record = Record(key, seen, self.place.tool, self.place.theme.digest, tuple(made.files), about.as_json())
            self.place.store.remember(unit, record)
        awards = tuple(award_changes(outlines_in(before), about.outlines)) if self.only_plan else ()
        return Outcome(
            name, problems, about, own, sum(not file.made for file in made.files),
            tuple(made.stale), awards, tuple(broken), tuple(made.failures.items()),
        )  # fmt: skip

    def _leaked(self, guard: Guard, before: Record | None, made: Made) -> Iterator[Leak]:
        """What is private in the unit's files. What is kept was looked at when it was made, with the same canaries."""
        fresh = {stale.path for stale in made.stale}
        same = before is not None and before.about.get("guard") == guard.digest
        for file in made.files:
            if file.made and not (same and file.path not in fresh):
                yield from guard.leaks(file.path, self.place.store.get(file))

    def _paths(self, name: str) -> list[str]:
        """The organisation's own files, and those that were issued to it."""
        issued = (self.content / ISSUED / certificate.number for certificate in self.commons.issued.of(name))
        return files_below(self.content / "assessments" / name, *issued)

    def _shared_with(self, name: str) -> str:
        """What its key begins with: what all share, and what the ledger says of this one."""
        return f"{self.shared}:{Fingerprints().of(self.commons.issued.of(name)).hex()}"

    def _key(self, name: str, paths: list[str]) -> str:
        return f"{self._shared_with(name)}:{digest(paths, self.content)}"

    def _read(self, name: str) -> tuple[Loaded, Scheme | None]:
        """The organisation, and what the public may know of it where no problem is an error."""
        loaded = load_organisation(self.content, name, self.commons)
        if loaded.failed or self.commons.failed:
            return loaded, None
        public = without_private(loaded.catalogue)
        known = register(public, self.as_of)
        if wrong := tuple(awarded_otherwise(public, known)):
            return replace(loaded, problems=tuple(sorted((*loaded.problems, *wrong)))), None
        return loaded, with_organisations(self.scheme, public, known)

    def scheme_of(self, catalogue: Catalogue) -> Scheme:
        """What the public may know of the organisations of ``catalogue``."""
        public = without_private(catalogue)
        return with_organisations(self.scheme, public, register(public, self.as_of))


def shared_digest(
    commons: Loaded, site: Site, as_of: date, *, bleed: bool, place: Workplace, trust: Trust = NO_TRUST
) -> str:
    """A digest of everything that all organisations have in common."""
    files = tuple(sorted(commons.files))
    value = (commons.catalogue, files, site, as_of, bleed, place.root, place.theme.digest, place.tool, trust)
    return Fingerprints().of(value).hex()


def chunks(names: list[str]) -> Iterator[tuple[str, ...]]:
    """The names in parts that are each handed to a worker."""
    rest = iter(names)
    while chunk := tuple(islice(rest, CHUNK)):
        yield chunk
