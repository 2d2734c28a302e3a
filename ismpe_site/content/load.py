"""A content folder → a Catalogue: the folder structure, file by file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from ismpe_site.content.checks import COMMON_CHECKS, ORGANISATION_CHECKS, Check
from ismpe_site.content.checks.answers import check_answers
from ismpe_site.content.checks.common import Sources
from ismpe_site.content.files import Reading
from ismpe_site.content.yaml_text import Source
from ismpe_site.model import (
    Assessment,
    Catalogue,
    CoreStandard,
    CrosswalkEntry,
    Document,
    Edition,
    Erratum,
    Organisation,
    Page,
    Person,
    Programme,
    Value,
)
from ismpe_site.problems import ContentError, Place, Problem

V = TypeVar("V", bound=Value)

ASSESSMENT_FILE = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])\.yaml")
CORE_STANDARD_FILE = re.compile(r"[1-9]-[a-z0-9-]+\.yaml")
FOLDERS = ("standards", "people", "assessments", "pages")
DOCUMENT_FOLDERS = ("purpose", "values", "code-of-conduct")


@dataclass(frozen=True)
class Loaded:
    """A reading's outcome: the catalogue is whole only when no problem is an error.

    ``links``: every link of a text that is written from the site's root, with its place. ``files``: the names of the
    files that were read, whole or not; ``complete``: no folder is missing, or most checks would miss what was in it.
    """

    catalogue: Catalogue
    problems: tuple[Problem, ...]
    links: tuple[tuple[Place, str], ...]
    files: frozenset[str]
    complete: bool = True

    @property
    def failed(self) -> bool:
        """Whether a problem is an error."""
        return any(problem.severity == "error" for problem in self.problems)


def load_commons(root: Path) -> Loaded:
    """What all organisations share: editions, people and pages of the content folder ``root``."""
    reading = Reading(root)
    missing = [folder for folder in FOLDERS if not (root / folder).is_dir()]
    for folder in missing:
        reading.problem(
            root / folder,
            "C104",
            "the folder is missing",
            "make it; content/ holds standards, people, assessments and pages",
        )
    reading.unexpected(
        (path for path in (reading.entries(root) if root.is_dir() else []) if path.name not in FOLDERS),
        "the folders standards, people, assessments and pages",
        FOLDERS,
    )
    catalogue = Catalogue.model_construct(
        editions=tuple(_editions(reading, root / "standards")),
        people=tuple(_people(reading, root / "people")),
        organisations=(),
        pages=tuple(_pages(reading, root / "pages")),
    )
    return _checked(reading, catalogue, COMMON_CHECKS, complete=not missing)


def organisations(root: Path) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """The names of the organisations' folders, sorted, and what is wrong beside them."""
    reading = Reading(root)
    folders = reading.folders(root / "assessments", "one folder per organisation")
    return tuple(path.name for path in folders), tuple(reading.problems)


def load_organisation(root: Path, name: str, commons: Loaded) -> Loaded:
    """One organisation with its programmes and their assessments, together with what all share."""
    reading = Reading(root)
    organisation = _organisation(reading, root / "assessments" / name)
    catalogue = commons.catalogue.model_copy(update={"organisations": (organisation,)})
    return _checked(reading, catalogue, ORGANISATION_CHECKS, commons.files, complete=commons.complete)


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
    return Loaded(catalogue, tuple(sorted({*reading.problems, *found})), tuple(reading.links), files, complete)


def load_assessment(root: Path, file: Path, edition: str | None = None) -> tuple[str, Assessment, Edition]:
    """One assessment file, wherever it lies, with the edition to score it by; the rest of the content is not looked at.

    ``edition`` replaces the one the file names. Returns (key, assessment, edition); raises ContentError with
    every problem that stands in the way of a score: those of the file and of its edition, and those of the other
    editions only where there is no such edition.
    """
    reading = Reading(root)
    editions = tuple(_editions(reading, root / "standards"))
    assessment = reading.model(Assessment, file, {"id": file.stem})
    if assessment is not None and edition is not None:
        assessment = assessment.model_copy(update={"edition": edition})
    if assessment is not None:
        reading.problems += _answers_alone(reading, editions, file, assessment)
    wanted = edition if assessment is None else assessment.edition
    errors = [problem for problem in reading.problems if problem.severity == "error"]
    if assessment is None or wanted in [path.name for path in reading.folders(root / "standards")]:
        own, folder = reading.name(file), f"{root.name}/standards/{wanted}/"
        errors = [p for p in errors if p.place.file == own or p.place.file.startswith(folder)]
    if errors or assessment is None:
        raise ContentError(errors)
    return _key(reading, file), assessment, next(e for e in editions if e.id == assessment.edition)


def _answers_alone(
    reading: Reading, editions: tuple[Edition, ...], file: Path, assessment: Assessment
) -> Iterator[Problem]:
    """What is wrong with the answers of an assessment that belongs to no catalogue."""
    programme = _stand_in(Programme, id="", assessments=(assessment,))
    organisation = _stand_in(Organisation, id="", programmes=(programme,))
    catalogue = Catalogue.model_construct(editions=editions, people=(), organisations=(organisation,), pages=())
    name = reading.root.name
    alone = {f"{name}/assessments///{assessment.id}.yaml": reading.sources[reading.name(file)]}
    return check_answers(catalogue, Sources(name, {**reading.sources, **alone}))


def _key(reading: Reading, file: Path) -> str:
    """``organisation/programme/assessment`` of a file in its place, the name of one that lies elsewhere."""
    parts = reading.name(file).removesuffix(".yaml").split("/")
    in_place = parts[:2] == [reading.root.name, "assessments"] and len(parts) == 5
    return "/".join(parts[-3:]) if in_place else file.stem


def _stand_in(model: type[V], **given: Any) -> V:
    """A value of which only the ``given`` fields will be looked at; never part of a catalogue that is used."""
    return cast("V", model.model_construct(**given))


def _editions(reading: Reading, folder: Path) -> Iterator[Edition]:
    """Editions of which every criterion could be read; half an edition makes problems of all that names the rest."""
    for path in reading.folders(folder, "one folder per edition"):
        files = [
            file for file in reading.entries(path) if file.name not in ("edition.yaml", "errata.yaml", "crosswalk.yaml")
        ]
        chapters = [file for file in files if CORE_STANDARD_FILE.fullmatch(file.name)]
        reading.unexpected(
            (file for file in files if file not in chapters),
            "edition.yaml, errata.yaml, crosswalk.yaml and core standards like 1-clarity-of-purpose.yaml",
            ("edition.yaml", "errata.yaml", "crosswalk.yaml"),
        )
        so_far = len(reading.problems)
        standards = [reading.model(CoreStandard, file) for file in chapters]
        crosswalk = reading.models(CrosswalkEntry, path / "crosswalk.yaml")
        whole = len(reading.problems) == so_far
        parts = {
            "core_standards": tuple(standard for standard in standards if standard is not None),
            "errata": reading.models(Erratum, path / "errata.yaml"),
            "crosswalk": crosswalk,
        }
        edition = reading.model(Edition, path / "edition.yaml", {"id": path.name, **parts})
        if edition is not None and whole:
            yield edition


def _people(reading: Reading, folder: Path) -> Iterator[Person]:
    files = reading.entries(folder) if folder.is_dir() else []
    reading.unexpected(
        (file for file in files if file.suffix != ".yaml"), "one file per person, like jane-specimen.yaml"
    )
    for file in files:
        if file.suffix == ".yaml" and (person := reading.model(Person, file, {"id": file.stem})) is not None:
            yield person


def _organisation(reading: Reading, path: Path) -> Organisation:
    reading.unexpected(
        (file for file in reading.entries(path) if file.is_file() and file.name != "organisation.yaml"),
        "organisation.yaml and one folder per programme",
        ("organisation.yaml",),
    )
    programmes = tuple(_programmes(reading, path))
    given: dict[str, object] = {"id": path.name, "programmes": programmes}
    organisation = reading.model(Organisation, path / "organisation.yaml", given)
    # A stand-in lets the checks look at its assessments as well.
    return organisation or _stand_in(Organisation, **given, name=path.name, specimen=True, website=None)


def _programmes(reading: Reading, folder: Path) -> Iterator[Programme]:
    for path in reading.folders(folder):
        entries = reading.entries(path)
        assessments = [file for file in entries if ASSESSMENT_FILE.fullmatch(file.name)]
        expected = {"programme.yaml", *DOCUMENT_FOLDERS, *(file.name for file in assessments)}
        reading.unexpected(
            (file for file in entries if file.name not in expected),
            "programme.yaml, assessments named by their month like 2025-03.yaml, "
            "and the folders purpose, values and code-of-conduct",
            ("programme.yaml", *DOCUMENT_FOLDERS),
        )
        reading.unexpected(
            (file for file in entries if file.name in DOCUMENT_FOLDERS and not file.is_dir()),
            "a folder of this name, with one file for each version",
        )
        loaded = [reading.model(Assessment, file, {"id": file.stem}) for file in assessments]
        given: dict[str, object] = {
            "id": path.name,
            "assessments": tuple(assessment for assessment in loaded if assessment is not None),
        }
        given |= {name.replace("-", "_"): reading.documents(path / name) for name in DOCUMENT_FOLDERS}
        programme = reading.model(Programme, path / "programme.yaml", given)
        yield programme or _stand_in(Programme, **given)


def _pages(reading: Reading, folder: Path, address: str = "") -> Iterator[Page]:
    for path in reading.folders(folder, "" if address else "one folder per page"):
        page_id = f"{address}{path.name}"
        versions: tuple[Document, ...] = reading.documents(path, folders_too=True)
        if versions:
            yield Page(id=page_id, versions=versions)
        yield from _pages(reading, path, f"{page_id}/")
