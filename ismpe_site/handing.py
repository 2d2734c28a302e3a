"""What is handed to organisations: a plan of its own, made apart from the public site, each in a bag of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ismpe_site.artefact import Artefact, Picture, PrintDocument
from ismpe_site.build import generation
from ismpe_site.build.bag import bag
from ismpe_site.build.executors import Executor, Lost
from ismpe_site.build.generation import OutputError
from ismpe_site.build.unit import RenderError
from ismpe_site.content.load import Loaded, load_commons, load_organisation, organisations
from ismpe_site.late import paint, press
from ismpe_site.leaks import problems_of
from ismpe_site.making import Options
from ismpe_site.model import Organisation
from ismpe_site.problems import ContentError, Place, Problem, allowed, did_you_mean
from ismpe_site.project import Project
from ismpe_site.proof.canaries import canaries
from ismpe_site.proof.scan import leaks
from ismpe_site.proof.secrets import texts
from ismpe_site.publications import (
    Scheme,
    handed_over,
    plan_handover,
    scheme_of_commons,
    with_open_evidence,
    with_organisations,
)
from ismpe_site.scoring.register import register
from ismpe_site.scoring.visibility import visibility
from ismpe_site.theme import Theme

PRIVATE = "private"
# For the owner alone: a folder, a file.
FOLDER_MODE, FILE_MODE = 0o700, 0o600
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Handed:
    """What was made for one organisation, and where it lies."""

    organisation: str
    folder: Path
    files: int


@dataclass(frozen=True)
class HandoverWork:
    """A file to be handed over → its bytes, or why it could not be made."""

    theme: Theme
    accelerate: bool = True

    def __call__(self, artefact: Artefact) -> bytes | str:
        """One file."""
        try:
            made = artefact.render(artefact.inputs, self.theme)
            if isinstance(made, Picture):
                return paint(made)
            return press(made, self.theme, accelerate=self.accelerate) if isinstance(made, PrintDocument) else made
        except (OSError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001  # whatever fails is reported with its file
            return str(error) or type(error).__name__


def handover(
    project: Project,
    output: Path,
    target: Path,
    names: list[str],
    options: Options,
    executor: Executor,
    progress: Progress | None = None,
) -> list[Handed]:
    """Make ``target/<organisation>`` for each of ``names``, or for all where there is none.

    ``output`` is where the public site is built: neither may lie in the other's folder. Raises ContentError,
    RenderError or OutputError; a folder that was there before stays until the new one is whole.
    """
    apart(project, output, target)
    commons = load_commons(project.content)
    known, beside = organisations(project.content)
    loaded = [load_organisation(project.content, name, commons) for name in _wanted(project, known, names)]
    problems = [*commons.problems, *beside, *(problem for one in loaded for problem in one.problems)]
    if any(problem.severity == "error" for problem in problems):
        raise ContentError(problem for problem in problems if problem.severity == "error")
    theme = project.theme()
    scheme = scheme_of_commons(commons.catalogue, options.as_of, project.site(), bleed=False)
    work = HandoverWork(theme, project.config.printing.accelerator)
    handed = []
    for one in loaded:
        for organisation in one.catalogue.organisations:
            files = _made(_plan(scheme, one, organisation, options), work, executor, progress)
            if files:
                _refuse_notes(project, organisation, files)
                packed = bag(files, project.config.publisher.name, organisation.name, options.as_of)
                put(target / organisation.id, packed)
                handed.append(Handed(organisation.id, target / organisation.id, len(files)))
    return handed


def apart(project: Project, output: Path, target: Path) -> None:
    """Raises OutputError where what is private would come to lie in what is published, or the other way round."""
    private = target.resolve()
    generation.apart(target, project.content, project.root / "themes")
    for folder in (output / generation.PUBLIC, output / generation.GENERATIONS, output / generation.STORE):
        public = folder.resolve()
        if private.is_relative_to(public) or public.is_relative_to(private):
            raise OutputError(
                f"{target} and {folder}, which is published, lie in each other; name another folder with --to"
            )


def _wanted(project: Project, known: tuple[str, ...], names: list[str]) -> list[str]:
    for name in names:
        if name not in known:
            place = Place(f"{project.content.name}/assessments")
            raise ContentError(
                [Problem(place, "P711", f"there is no organisation {name}", did_you_mean(name, known) + allowed(known))]
            )
    return list(dict.fromkeys(names)) or list(known)


def _plan(commons: Scheme, loaded: Loaded, organisation: Organisation, options: Options) -> tuple[Artefact, ...]:
    """The private plan: its scheme is built from everything that is signed off, and is handed to nothing else."""
    catalogue = handed_over(loaded.catalogue.model_copy(update={"organisations": (organisation,)}))
    scheme = with_organisations(commons, catalogue, register(catalogue, options.as_of))
    closed = {
        f"{organisation.id}/{programme.id}/{assessment.id}": word == "private"
        for programme in organisation.programmes
        for assessment in programme.assessments
        if (word := visibility(assessment, organisation)) in ("award", "private")
    }
    return plan_handover(scheme, closed)


def _made(
    plan: tuple[Artefact, ...], work: HandoverWork, executor: Executor, progress: Progress | None
) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    failures: dict[str, str] = {}
    for done, (artefact, outcome) in enumerate(executor.run(work, plan), 1):
        if progress:
            progress(artefact.path, done, len(plan))
        if isinstance(outcome, bytes):
            files[artefact.path] = outcome
        else:
            failures[artefact.path] = outcome.reason if isinstance(outcome, Lost) else outcome
    if failures:
        raise RenderError(failures)
    return files


def _refuse_notes(project: Project, organisation: Organisation, files: dict[str, bytes]) -> None:
    """The assessors' notes and the contacts are for nobody, the organisation itself among them."""
    # To the organisation all of it is open as a public report is, so what is no text of such a report stays private.
    everything = list(texts(_open(organisation), lambda _: "public"))
    shown = {text.text for text in everything if text.readers == "all"}
    secret = canaries((text for text in everything if text.readers == "nobody"), shown, ())
    found = [(organisation.id, leak) for path, data in sorted(files.items()) for leak in leaks(path, data, secret)]
    if found:
        raise ContentError(problems_of(project.content, found))


def _open(organisation: Organisation) -> Organisation:
    """With the private evidence open, which the organisation may see; with everything else as it is written."""
    opened = (
        programme.model_copy(update={"assessments": tuple(map(with_open_evidence, programme.assessments))})
        for programme in organisation.programmes
    )
    return organisation.model_copy(update={"programmes": tuple(opened)})


def put(folder: Path, files: dict[str, bytes]) -> None:
    """Write the bag at ``folder``: made beside it and put in its place whole. Raises OutputError."""
    if folder.exists() and not (folder / "bagit.txt").is_file():
        raise OutputError(f"{folder} was not made by ismpe handover; move it away, or name another folder with --to")
    beside, old = (folder.with_name(f".{folder.name}-{word}-{os.getpid()}") for word in ("new", "old"))
    before = os.umask(0o077)
    try:
        folder.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        folder.parent.chmod(FOLDER_MODE)
        for path, data in files.items():
            (beside / path).parent.mkdir(parents=True, exist_ok=True)
            (beside / path).write_bytes(data)
        if folder.exists():
            folder.rename(old)
        beside.rename(folder)
    except OSError as error:
        with suppress(OSError):
            if old.exists() and not folder.exists():
                old.rename(folder)
        raise OutputError(f"{folder} cannot be written: {error.strerror}; name another folder with --to") from error
    finally:
        os.umask(before)
        for rest in (beside, old):
            shutil.rmtree(rest, ignore_errors=True)
