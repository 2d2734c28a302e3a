"""One making of the site: commons, organisations, lists, late files. All of it goes into the store, little is held."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from ismpe_site.artefact import Artefact, made_late
from ismpe_site.build.executors import Executor, Lost
from ismpe_site.build.executors.in_process import InProcess
from ismpe_site.build.generation import MANIFEST, SUMS, LinkError, manifest, one_path_each, read_published, sums
from ismpe_site.build.store import File, Record, Store
from ismpe_site.build.unit import (
    Away,
    RenderError,
    Stale,
    Workplace,
    judge_away,
    judge_links,
    make_unit,
)
from ismpe_site.content.issued import holders_gone
from ismpe_site.content.load import load_commons, organisations
from ismpe_site.dead_links import dead_links
from ismpe_site.fingerprint import Fingerprints
from ismpe_site.late import COMMONS, LateFiles, Workers, still_to_make
from ismpe_site.leaks import problems_of
from ismpe_site.like_names import like_names
from ismpe_site.problems import ContentError, Place, Problem
from ismpe_site.project import Project, tool_digest
from ismpe_site.proof.scan import Leak
from ismpe_site.proving import PROOF, Suspects, shared_leaks
from ismpe_site.publications import (
    LEDGER,
    LISTS,
    Outline,
    listed,
    plan_commons,
    plan_lists,
    scheme_of_all,
    scheme_of_commons,
)
from ismpe_site.searching import SEARCH, make_index
from ismpe_site.secret_addresses import used_twice
from ismpe_site.trusting import problems_of_trust, records_of, trust_of
from ismpe_site.workshop import (
    ORGANISATIONS,
    Anchors,
    OrganisationWork,
    Outcome,
    awards_gone,
    chunks,
    kept_outcome,
    shared_digest,
)

LISTS_UNIT = "lists"
FEW = 20


@dataclass(frozen=True)
class Options:
    """What to build: as on which day, with crop marks too, without what is made late, taking warnings for errors."""

    as_of: date
    bleed: bool = False
    html_only: bool = False
    strict: bool = False


class Making:
    """Its methods are called in the order of the pipeline.

    ``now`` is the time of the disk (nanoseconds); with ``only_plan`` nothing is made or kept.
    """

    def __init__(
        self,
        project: Project,
        store: Store,
        options: Options,
        now: int,
        *,
        only_plan: bool = False,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> None:
        self._project, self._store, self._options = project, store, options
        self._now, self._only_plan, self._progress = now, only_plan, progress
        root = urlsplit(project.config.base_url).path
        self._place = Workplace(store, project.theme(), tool_digest(), root)
        self._names: tuple[str, ...] = ()
        self._stale: list[Stale] = []
        self.award_changes: list[str] = []
        self._broken: list[str] = []
        self._failures: dict[str, str] = {}
        self._problems: list[Problem] = []
        self._outlines: dict[str, tuple[Outline, ...]] = {}
        self._links: list[tuple[Place, str]] = []
        self._tokens: list[tuple[Place, str]] = []
        self._leaked: list[tuple[str, Leak]] = []
        self._samples: dict[str, tuple[str, str]] = {}
        self._away: list[Away] = []
        self._paths: list[str] = []
        self._pending: dict[str, int] = {}
        self.count = self.documents = self.pictures = 0

    def commons(self) -> None:
        """What all organisations share: editions, people, pages, the theme's files."""
        options, project = self._options, self._project
        loaded = load_commons(project.content)
        self._problems += loaded.problems
        self._links += loaded.links
        self._issued = loaded.issued
        trust = trust_of(loaded.issued, project.config.base_url)
        self._problems += problems_of_trust(
            loaded.issued, trust, project.config, read_published(self._store, project.root, LEDGER)
        )
        self._commons_artefacts: tuple[Artefact, ...] = ()
        anchors: Anchors = dict.fromkeys(f"{address}index.html" for address in LISTS)
        if not loaded.failed:
            self._scheme = scheme_of_commons(
                loaded.catalogue, options.as_of, project.site(), bleed=options.bleed, trust=trust
            )
            self._commons_artefacts = plan_commons(self._scheme, self._place.theme)
            anchors |= self._unit(COMMONS, self._commons_artefacts, anchors)
        shared = shared_digest(
            loaded, project.site(), options.as_of, bleed=options.bleed, place=self._place, trust=trust
        )
        self.work = OrganisationWork(
            project.content, loaded, project.site(), options.as_of, options.bleed, self._place, anchors, shared,
            self._now, self._only_plan, trust,
        )  # fmt: skip

    def _unit(self, unit: str, artefacts: tuple[Artefact, ...], anchors: Anchors) -> Anchors:
        """Make a unit of the site's own; gives its files with their places."""
        made = make_unit(artefacts, self._store.record(unit), self._place, Fingerprints(), only_plan=self._only_plan)
        own = [artefact.path for artefact in artefacts]
        broken, away = judge_links(made.pages, anchors, own)
        self._stale += made.stale
        self._failures |= made.failures
        self._broken += broken
        self._away += away
        self._paths += own
        if not (self._only_plan or made.failures):
            record = Record("", "", self._place.tool, self._place.theme.digest, tuple(made.files), {})
            self._store.remember(unit, record)
            if pending := sum(still_to_make(file) for file in made.files):
                self._pending[unit] = pending
        return dict.fromkeys(own) | {path: page.ids for path, page in made.pages.items()}

    def organisations(self, executor: Executor) -> None:
        """Each organisation: kept where nothing has changed, else made by the workers."""
        self._names, problems = organisations(self._project.content)
        self._problems += problems
        self._problems += holders_gone(self._issued, frozenset(self._names), self._project.content.name)
        changed = []
        for name in self._names:
            record = self.work.kept(name)
            if record is None:
                changed.append(name)
            else:
                self._take(kept_outcome(name, record))
        # To start workers takes longer than to make a few pages.
        near = executor if len(changed) > FEW else InProcess()
        for done, outcome in enumerate(self._made(near, changed), 1):
            self._take(outcome)
            self._advance(outcome.name, done, len(changed))

    def _made(self, executor: Executor, names: list[str]) -> Iterator[Outcome]:
        """The outcome of each organisation. Those whose worker was lost are tried one by one, so that only the one
        at fault is blamed. Raises RenderError in the end where one was lost again: without it nothing can be judged.
        """
        again: list[str] = []
        for chunk, outcomes in executor.run(self.work, chunks(names)):
            if isinstance(outcomes, Lost):
                again += chunk
            else:
                yield from outcomes
        lost = {}
        for (name,), outcomes in executor.run(self.work, ((name,) for name in again)):
            if isinstance(outcomes, Lost):
                lost[f"content/assessments/{name}"] = outcomes.reason
            else:
                yield from outcomes
        if lost:
            raise RenderError(lost)

    def _take(self, outcome: Outcome) -> None:
        self._problems += outcome.problems
        self._stale += outcome.stale
        self.award_changes += outcome.awards
        self._broken += outcome.broken
        self._failures |= dict(outcome.failures)
        if outcome.about is None:
            return
        self._outlines[outcome.name] = outcome.about.outlines
        self._paths += outcome.paths
        self._away += outcome.about.away
        self._tokens += outcome.about.tokens
        self._samples[outcome.name] = (outcome.about.guard, outcome.about.canaries)
        if outcome.about.outlines:
            # Of an organisation that is not published nothing is built, so its links lead nowhere yet.
            self._links += outcome.about.links
        if outcome.pending and not (outcome.failures or outcome.broken):
            self._pending[ORGANISATIONS + outcome.name] = outcome.pending

    def _advance(self, words: str, done: int, total: int) -> None:
        if self._progress:
            self._progress(words, done, total)

    def problems(self) -> tuple[Problem, ...]:
        """Every problem of the content so far; links are judged only where all files are known."""
        self._problems += used_twice(self._tokens)
        if not any(problem.severity == "error" for problem in self._problems):
            self._problems += [
                *dead_links(self._links, self._paths),
                *like_names(self._project.content, self._outlines),
            ]
        return tuple(sorted(set(self._problems)))

    def lists(self) -> None:
        """The files that speak of all organisations; with them every link of the site can be judged."""
        outlines = (outline for name in sorted(self._outlines) for outline in self._outlines[name])
        records = records_of(self._issued, self._project.config.base_url)
        scheme = scheme_of_all(self._scheme, outlines, records, self._issued.ledger)
        artefacts = plan_lists(scheme, self._paths)
        anchors: Anchors = dict.fromkeys(self._paths)
        self._unit(LISTS_UNIT, artefacts, anchors)
        self._advance(SEARCH, 0, 1)
        found = make_index(scheme, self._place, only_plan=self._only_plan)
        self._stale += found.stale
        self._failures |= found.failures
        self._paths += (file.path for file in found.files)
        one_path_each((*self._paths, MANIFEST, SUMS))
        if self._only_plan:
            self.award_changes += awards_gone(self._store, self.units())
        else:
            self._broken += judge_away(self._away, set(self._paths), self._all_files, self._place)
        # Links to what could not be made say nothing of their own.
        if self._broken and not self._failures:
            raise LinkError(sorted(self._broken))

    def late_files(self, workers: Workers) -> None:
        """Print and paint what is to be."""
        if not self._options.html_only:
            fast = self._project.config.printing.accelerator
            late = LateFiles(self._place, self._commons_artefacts, self.work, self._pending, accelerate=fast)
            self._failures |= late.run(workers, self._advance)
            self._leaked += late.leaked

    def prove(self) -> None:
        """Raises ContentError where anything private is in a document, or in a file that organisations share."""
        parts = {unit: list(self._of_unit(unit)) for unit in (COMMONS, LISTS_UNIT, SEARCH)}
        suspects = Suspects(self._samples, self.work.guard, self._outlines.values())
        self._leaked += shared_leaks(parts, suspects, self._store)
        if self._leaked:
            raise ContentError(problems_of(self._project.content, self._leaked))

    def refuse_failures(self) -> None:
        """Raises RenderError where anything could not be made; everything else is kept for the next build."""
        if self._failures:
            raise RenderError(self._failures)

    def units(self) -> list[str]:
        """The names of all units of the site."""
        return [COMMONS, LISTS_UNIT, SEARCH, PROOF, *(ORGANISATIONS + name for name in self._names)]

    def _all_files(self) -> Iterator[File]:
        """Every file made, read from the store unit by unit."""
        for unit in self.units():
            yield from self._of_unit(unit)

    def _of_unit(self, unit: str) -> Iterator[File]:
        record = self._store.record(unit)
        for file in record.files if record is not None else ():
            if file.made and not (self._options.html_only and made_late(file.path)):
                yield file

    def files(self, more: Iterable[File] = ()) -> Iterator[File]:
        """Every file to be published."""
        yield from self._all_files()
        yield from more

    def site_files(self) -> tuple[File, File]:
        """The manifest of all files but the unlisted, and the digests of these and the manifest."""
        files = sorted((file.path, file.digest, file.size) for file in self.files())
        self.count = len(files) + 2
        self.documents, self.pictures = (sum(path.endswith(end) for path, _, _ in files) for end in (".pdf", ".png"))
        named = [file for file in files if listed(file[0])]
        first = self._store.put(MANIFEST, "", manifest(named))
        second = self._store.put(SUMS, "", sums(sorted([*named, (first.path, first.digest, first.size)])))
        return first, second

    def stale(self) -> tuple[Stale, ...]:
        """What was made, or would be, and why."""
        asked = (s for s in self._stale if not (self._options.html_only and made_late(s.path)))
        return tuple(sorted(asked, key=lambda stale: stale.path))
