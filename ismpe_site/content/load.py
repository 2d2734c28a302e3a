"""A content folder → a Catalogue: the folder structure, file by file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from ismpe_site.content import folders
from ismpe_site.content.checks import COMMON_CHECKS, ORGANISATION_CHECKS, Check
from ismpe_site.content.checks.answers import check_answers
from ismpe_site.content.checks.common import Sources
from ismpe_site.content.checks.editions import check_edition
from ismpe_site.content.checks.frozen import check_editions_sealed
from ismpe_site.content.checks.visibility import tokens
from ismpe_site.content.files import DEEPEST, Reading, is_folder
from ismpe_site.content.hints import assessment_hints
from ismpe_site.content.issued import ISSUED, Issued, changed, load_issued, with_changes, with_files
from ismpe_site.content.yaml_text import Source
from ismpe_site.model import (
    Assessment,
    Catalogue,
    Edition,
    Organisation,
    Programme,
    Value,
)
from ismpe_site.problems import ContentError, Place, Problem

V = TypeVar("V", bound=Value)

FOLDERS = ("standards", "people", "assessments", "pages")

# Problems that stay what they are when other parts of the file are mended, with the fields they depend on.
INDEPENDENT: dict[str, frozenset[str]] = {
    **dict.fromkeys(("R401", "R402", "R403", "R404", "R408", "R435", "R436"), frozenset({"edition"})),
    **dict.fromkeys(("R405", "R410", "R413", "R421", "R422", "R461"), frozenset()),
    **dict.fromkeys(("R423", "R424", "R425", "R426", "R427", "R428", "R430"), frozenset()),
    "R409": frozenset({"evidence"}),
}


@dataclass(frozen=True)
class Loaded:
    """A reading's outcome: the catalogue is whole only when no problem is an error.

    ``links``: every link of a text that is written from the site's root, with its place. ``files``: the names of the
    files that were read, whole or not; ``complete``: no folder is missing, or most checks would miss what was in it.
    ``issued``: what was ever issued, of which each organisation's part is its own.
    ``tokens``: those of secret addresses, with their places.
    """

    catalogue: Catalogue
    problems: tuple[Problem, ...]
    links: tuple[tuple[Place, str], ...]
    files: frozenset[str]
    complete: bool = True
    issued: Issued = field(default_factory=Issued)
    tokens: tuple[tuple[Place, str], ...] = ()

    @property
    def failed(self) -> bool:
        """Whether a problem is an error."""
        return any(problem.severity == "error" for problem in self.problems)


def load_commons(root: Path) -> Loaded:
    """What all organisations share: editions, people and pages of the content folder ``root``."""
    reading = Reading(root)
    entries = reading.entries(root) if is_folder(root) else []
    missing = [] if root in reading.closed else [folder for folder in FOLDERS if not (root / folder).is_dir()]
    for folder in missing:
        reading.problem(
            root / folder,
            "C104",
            "the folder is missing",
            "make it; content/ holds standards, people, assessments and pages",
        )
    reading.unexpected(
        (path for path in entries if path.name not in (*FOLDERS, ISSUED)),
        "the folders standards, people, assessments, pages and issued",
        (*FOLDERS, ISSUED),
    )
    catalogue = Catalogue.model_construct(
        editions=tuple(folders.editions(reading, root / "standards")),
        people=tuple(folders.people(reading, root / "people")),
        organisations=(),
        pages=tuple(folders.pages(reading, root / "pages")),
        translations=tuple(folders.translations(reading, root / "standards")),
    )
    whole = not missing and reading.closed.isdisjoint((root, *(root / folder for folder in FOLDERS)))
    issued = load_issued(root)
    reading.problems += issued.problems
    sources, published = Sources(root.name, reading.sources), issued.ledger.editions()
    reading.problems += check_editions_sealed(catalogue.editions, published, sources)
    return replace(_checked(reading, catalogue, COMMON_CHECKS, complete=whole), issued=issued)


def organisations(root: Path) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """The names of the organisations' folders, sorted, and what is wrong beside them."""
    reading = Reading(root)
    folders = reading.folders(root / "assessments", "one folder per organisation")
    return tuple(path.name for path in folders), tuple(reading.problems)


def load_organisation(root: Path, name: str, commons: Loaded) -> Loaded:
    """One organisation with its programmes and their assessments, together with what all share."""
    reading = Reading(root)
    if not reading.can_be_walked(root / "assessments" / name, DEEPEST):
        return Loaded(commons.catalogue, tuple(sorted(set(reading.problems))), (), frozenset(), commons.complete)
    hint = assessment_hints(commons.catalogue.editions, commons.catalogue.people)
    organisation = folders.organisation(reading, root / "assessments" / name, hint)
    certificates = tuple(with_files(reading, certificate) for certificate in commons.issued.of(name))
    update: dict[str, object] = {"organisations": (organisation,), "certificates": certificates}
    catalogue = commons.catalogue.model_copy(update=update)
    loaded = _checked(reading, catalogue, ORGANISATION_CHECKS, commons.files, complete=commons.complete)
    if not certificates:
        return loaded
    changed = (with_changes(organisation, certificates),)
    return replace(loaded, catalogue=catalogue.model_copy(update={"organisations": changed}))


def _checked(
    reading: Reading,
    catalogue: Catalogue,
    checks: Sequence[Check],
    shared: frozenset[str] = frozenset(),
    *,
    complete: bool,
) -> Loaded:
    files = frozenset(reading.sources)
    by_name = dict.fromkeys(shared, Source("")) | reading.sources
    sources = Sources(reading.root.name, by_name)
    found = [problem for check in checks for problem in check(catalogue, sources)] if complete else []
    found = [problem for problem in found if _stays(problem, reading)]
    problems = tuple(sorted({*reading.problems, *found}))
    secrets = tuple(tokens(catalogue, sources))
    return Loaded(catalogue, problems, tuple(reading.links), files, complete, tokens=secrets)


def _stays(problem: Problem, reading: Reading) -> bool:
    """Whether it is there whatever becomes of the other problems of its file."""
    concerned = reading.sound_parts.get(problem.place.file)
    if concerned is None:
        return True
    return problem.code in INDEPENDENT and INDEPENDENT[problem.code].isdisjoint(concerned)


def load_assessment(root: Path, file: Path, edition: str | None = None) -> tuple[str, Assessment, Edition]:
    """One assessment file, wherever it lies, with the edition to score it by; the rest of the content is not looked at.

    ``edition`` replaces the one the file names. Returns (key, assessment, edition); raises ContentError with
    every problem that stands in the way of a score: those of the file and of its edition, and those of the other
    editions only where there is no such edition.
    """
    reading = Reading(root)
    editions = tuple(folders.editions(reading, root / "standards"))
    assessment = folders.assessment_file(reading, file, assessment_hints(editions, ()))
    if assessment is not None and edition is not None:
        assessment = assessment.model_copy(update={"edition": edition})
    wanted = edition if assessment is None else assessment.edition
    for rules in editions:
        if rules.id == wanted:
            reading.problems += check_edition(rules, Sources(root.name, reading.sources))
    if assessment is not None:
        reading.problems += [p for p in _answers_alone(reading, editions, file, assessment) if _stays(p, reading)]
    errors = [problem for problem in reading.problems if problem.severity == "error"]
    if assessment is None or wanted in [path.name for path in reading.folders(root / "standards")]:
        own, folder = reading.name(file), f"{root.name}/standards/{wanted}/"
        errors = [p for p in errors if p.place.file == own or p.place.file.startswith(folder)]
    if errors or assessment is None:
        raise ContentError(errors)
    key = _key(reading, file)
    issued = (one for one in load_issued(root).ledger.certificates() if one.issued.assessment == key)
    for certificate in issued:
        assessment = changed(assessment, certificate)
    return key, assessment, next(e for e in editions if e.id == assessment.edition)


def _answers_alone(
    reading: Reading, editions: tuple[Edition, ...], file: Path, assessment: Assessment
) -> Iterator[Problem]:
    """What is wrong with the answers of an assessment that belongs to no catalogue."""
    programme = folders.stand_in(Programme, id="", assessments=(assessment,))
    organisation = folders.stand_in(Organisation, id="", programmes=(programme,))
    catalogue = Catalogue.model_construct(
        editions=editions, people=(), organisations=(organisation,), pages=(), translations=()
    )
    name = reading.root.name
    alone = {f"{name}/assessments///{assessment.id}.yaml": reading.sources[reading.name(file)]}
    return check_answers(catalogue, Sources(name, {**reading.sources, **alone}))


def _key(reading: Reading, file: Path) -> str:
    """``organisation/programme/assessment`` of a file in its place, the name of one that lies elsewhere."""
    parts = reading.name(file).removesuffix(".yaml").split("/")
    in_place = parts[:2] == [reading.root.name, "assessments"] and len(parts) == 5
    return "/".join(parts[-3:]) if in_place else file.stem
