"""load → score → plan → make → print → publish: the only file that knows the order."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ismpe_site.build import generation
from ismpe_site.build.executors import Executor
from ismpe_site.build.inputs import files_below, look
from ismpe_site.build.stamp import Stamp
from ismpe_site.build.store import Store
from ismpe_site.build.unit import Stale
from ismpe_site.content.load import load_assessment, organisations
from ismpe_site.late import Workers
from ismpe_site.making import Making, Options
from ismpe_site.model import Assessment
from ismpe_site.private_proof import Moved, PrivateProof
from ismpe_site.problems import ContentError, Problem
from ismpe_site.project import Project, tool_digest
from ismpe_site.results import Score
from ismpe_site.scoring.score import score

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Built:
    """What a build did: of its files, ``documents`` are PDFs and ``pictures`` PNGs.

    ``switched`` is false where the old site was right already.
    """

    files: int
    documents: int
    pictures: int
    rendered: tuple[Stale, ...]
    warnings: tuple[Problem, ...]
    switched: bool


def check(project: Project, output: Path, options: Options, executor: Executor) -> tuple[Problem, ...]:
    """Every problem of the content. What ``output`` remembers of unchanged organisations is not read again."""
    now = generation.last_time(output)
    making = Making(project, Store(output / generation.STORE), options, now, only_plan=True)
    making.commons()
    making.organisations(executor)
    return making.problems()


# Private changes that are made where it is not said how many: each place once, and no fewer than these.
CHANGES = 200


@dataclass(frozen=True)
class Proved:
    """``changes`` made, one at a time, of ``changed`` among all private ``places``, and what of them was seen."""

    changes: int
    changed: int
    places: int
    moved: tuple[Moved, ...]


def private_proof(
    project: Project, output: Path, options: Options, count: int | None = None, advance: Progress | None = None
) -> Proved:
    """Change ``count`` private things; where none is given, every private place. The content has no error."""
    making = Making(project, Store(output / generation.STORE), options, generation.last_time(output), only_plan=True)
    making.commons()
    names, _ = organisations(project.content)
    # Of very many organisations no more are read than changes are asked for.
    some = sorted(names, key=lambda name: hashlib.sha256(name.encode()).digest())[:count]
    proof = PrivateProof(making.work, tuple(sorted(some)))
    total = max(CHANGES, proof.places) if count is None else count
    changed, found, done = set(), [], 0
    for done, (perturbation, moved) in enumerate(proof.run(total), 1):
        changed.add(perturbation.place)
        if advance:
            advance(perturbation.place, done, total)
        if moved:
            found.append(moved)
    return Proved(done, len(changed), proof.places, tuple(found))


@dataclass(frozen=True)
class Planned:
    """What a build would make, and why; what would become of awards, in words."""

    stale: tuple[Stale, ...]
    awards: tuple[str, ...]


def plan(project: Project, output: Path, options: Options, executor: Executor) -> Planned:
    """What a build into ``output`` would do. Raises ContentError."""
    now = generation.last_time(output)
    making = Making(project, Store(output / generation.STORE), options, now, only_plan=True)
    making.commons()
    making.organisations(executor)
    _refuse(making.problems(), options)
    making.lists()
    return Planned(making.stale(), tuple(sorted(making.award_changes)))


def build(
    project: Project, output: Path, options: Options, workers: Workers, progress: Progress | None = None
) -> Built:
    """Build the whole public site into ``output/public``.

    Raises ContentError, ThemeError, RenderError, LinkError or OutputError; the old site stays in each case.
    """
    # Workers may have another working directory.
    output = output.resolve()
    generation.apart(output, project.content, project.root / "themes")
    with generation.claimed(output) as now:
        store = Store(output / generation.STORE)
        store.heal()
        stamp = _stamp(project, options, store, output, now)
        if (said := stamp.recall()) is not None:
            known = tuple(Problem.from_json(problem) for problem in said["warnings"])
            return Built(said["files"], said["documents"], said["pictures"], (), known, switched=False)
        making = Making(project, store, options, now, progress=progress)
        making.commons()
        making.organisations(workers.pages)
        problems = making.problems()
        _refuse(problems, options)
        making.lists()
        making.late_files(workers)
        making.refuse_failures()
        making.prove()
        files = making.site_files()
        switched = not generation.stands(making.files(files), output)
        number = int(generation.publish(lambda: making.files(files), store, output).name) if switched else 0
        # The site is in place; what cannot be tidied or remembered only makes the next build longer.
        with suppress(OSError):
            if switched:
                store.forget_others(making.units())
                if number % PRUNE_EVERY == 0:
                    store.prune(files)
            warnings = [problem.as_json() for problem in problems]
            counts = {"files": making.count, "documents": making.documents, "pictures": making.pictures}
            stamp.keep({**counts, "warnings": warnings})
        return Built(making.count, making.documents, making.pictures, making.stale(), problems, switched)


def _stamp(project: Project, options: Options, store: Store, output: Path, now: int) -> Stamp:
    """All that a build depends on. The settings are those that were read, whatever their file says by now."""
    key = "\n".join((tool_digest(), project.config.model_dump_json(), repr(options)))
    return Stamp(
        store, output / generation.PUBLIC, key, look(files_below(*(p.resolve() for p in project.own_files())), now)
    )


# Looking for what the store no longer needs takes longer than a small edit; now and then is enough.
PRUNE_EVERY = 8


def _refuse(problems: Iterable[Problem], options: Options) -> None:
    if any(problem.severity == "error" or options.strict for problem in problems):
        raise ContentError(problems)


def differences(project: Project, output: Path, options: Options, workers: Workers) -> list[str]:
    """Build once more beside, from nothing; the paths of ``output/public`` that a clean build gives otherwise."""
    with tempfile.TemporaryDirectory(prefix="ismpe-verify-") as folder:
        clean = Path(folder) / "output"
        build(project, clean, options, workers)
        ours, theirs = _digests(output / "public"), _digests(clean / "public")
    return sorted(path for path in ours.keys() | theirs.keys() if ours.get(path) != theirs.get(path))


def _digests(folder: Path) -> dict[str, str]:
    folder = folder.resolve()
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@dataclass(frozen=True)
class FileScore:
    """One assessment file with its score."""

    key: str
    assessment: Assessment
    score: Score


def score_files(project: Project, files: list[Path], edition: str | None = None) -> list[FileScore]:
    """Score assessment files, by the rules of ``edition`` where given. Raises ContentError with all their problems."""
    scores, problems = [], []
    for file in files:
        try:
            key, assessment, rules = load_assessment(project.content, file, edition)
            scores.append(FileScore(key, assessment, score(rules, assessment)))
        except ContentError as error:
            problems += error.problems
    if problems:
        raise ContentError(problems)
    return scores
