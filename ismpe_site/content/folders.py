"""The folders of the content, each file by file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

from ismpe_site.content.files import DEEPEST, Reading, is_folder
from ismpe_site.content.hints import Hint
from ismpe_site.model import (
    Assessment,
    CoreStandard,
    CrosswalkEntry,
    Document,
    Edition,
    Erratum,
    Organisation,
    Page,
    Person,
    Programme,
    Term,
    Translation,
    Value,
)

V = TypeVar("V", bound=Value)

ASSESSMENT_FILE = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])\.yaml")
TRANSLATIONS = "translations"
EDITION_FILES = ("edition.yaml", "errata.yaml", "crosswalk.yaml", "glossary.yaml", TRANSLATIONS)
TRANSLATION_FILE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\.yaml")
CORE_STANDARD_FILE = re.compile(r"[1-9]-[a-z0-9-]+\.yaml")
DOCUMENT_FOLDERS = ("purpose", "values", "code-of-conduct")

# An address may be so long that a file can be named after it.
LONGEST_ADDRESS = 200

# What stands in for a field of an assessment that must be there, while its other fields are looked at.
STAND_INS = {"edition": "missing", "status": "draft"}


def stand_in(model: type[V], **given: Any) -> V:
    """A value of which only the ``given`` fields will be looked at; never part of a catalogue that is used."""
    return cast("V", model.model_construct(**given))


def editions(reading: Reading, folder: Path) -> Iterator[Edition]:
    """Editions of which every criterion could be read; half an edition makes problems of all that names the rest."""
    for path in reading.folders(folder, "one folder per edition"):
        files = [file for file in reading.entries(path) if file.name not in EDITION_FILES]
        chapters = [file for file in files if CORE_STANDARD_FILE.fullmatch(file.name)]
        reading.unexpected(
            (file for file in files if file not in chapters),
            f"{', '.join(EDITION_FILES)} and core standards like 1-clarity-of-purpose.yaml",
            EDITION_FILES,
        )
        so_far = len(reading.problems)
        standards = [reading.model(CoreStandard, file) for file in chapters]
        crosswalk = reading.models(CrosswalkEntry, path / "crosswalk.yaml")
        whole = len(reading.problems) == so_far
        parts = {
            "core_standards": tuple(standard for standard in standards if standard is not None),
            "glossary": reading.models(Term, path / "glossary.yaml"),
            "errata": reading.models(Erratum, path / "errata.yaml"),
            "crosswalk": crosswalk,
        }
        edition = reading.model(Edition, path / "edition.yaml", {"id": path.name, **parts})
        if edition is not None and whole:
            yield edition


def translations(reading: Reading, folder: Path) -> Iterator[Translation]:
    """The editions in other languages, one file each."""
    for edition in reading.folders(folder):
        path = edition / TRANSLATIONS
        if edition in reading.closed or path.is_symlink() or not path.exists():
            continue
        files = reading.entries(path) if is_folder(path) else [path]
        named = [file for file in files if TRANSLATION_FILE.fullmatch(file.name)]
        reading.unexpected(
            (file for file in files if file not in named), "one file per language, named by its code like fr.yaml"
        )
        for file in named:
            given = {"edition": edition.name, "language": file.stem}
            if (translation := reading.model(Translation, file, given)) is not None:
                yield translation


def people(reading: Reading, folder: Path) -> Iterator[Person]:
    """Everybody whose file could be read."""
    files = reading.entries(folder) if is_folder(folder) else []
    reading.unexpected(
        (file for file in files if file.suffix != ".yaml"), "one file per person, like jane-specimen.yaml"
    )
    for file in files:
        if file.suffix == ".yaml" and (person := reading.model(Person, file, {"id": file.stem})) is not None:
            yield person


def organisation(reading: Reading, path: Path, hint: Hint) -> Organisation:
    """An organisation with its programmes, as much of it as could be read."""
    reading.unexpected(
        (file for file in reading.entries(path) if file.is_file() and file.name != "organisation.yaml"),
        "organisation.yaml and one folder per programme",
        ("organisation.yaml",),
    )
    programmes = tuple(_programmes(reading, path, hint))
    given: dict[str, object] = {"id": path.name, "programmes": programmes}
    organisation = reading.model(Organisation, path / "organisation.yaml", given)
    # A stand-in lets the checks look at its assessments as well.
    return organisation or stand_in(Organisation, **given, name=path.name, specimen=True, website=None)


def assessment_file(reading: Reading, file: Path, hint: Hint) -> Assessment | None:
    """An assessment, or what is sound of it."""
    return reading.as_far_as_sound(Assessment, file, {"id": file.stem}, hint, STAND_INS)


def _programmes(reading: Reading, folder: Path, hint: Hint) -> Iterator[Programme]:
    for path in reading.folders(folder):
        entries = reading.entries(path)
        assessments = [file for file in entries if ASSESSMENT_FILE.fullmatch(file.name)]
        expected = {"programme.yaml", *DOCUMENT_FOLDERS, *(file.name for file in assessments)}
        reading.unexpected(
            (file for file in entries if file.name not in expected),
            "programme.yaml, assessments named by their month like 2025-03.yaml, "
            "and the folders purpose, values and code-of-conduct",
            ("programme.yaml", *DOCUMENT_FOLDERS),
            named="month",
        )
        reading.unexpected(
            (file for file in entries if file.name in DOCUMENT_FOLDERS and not file.is_dir()),
            "a folder of this name, with one file for each version",
        )
        loaded = [assessment_file(reading, file, hint) for file in assessments]
        given: dict[str, object] = {
            "id": path.name,
            "assessments": tuple(assessment for assessment in loaded if assessment is not None),
        }
        given |= {name.replace("-", "_"): reading.documents(path / name) for name in DOCUMENT_FOLDERS}
        programme = reading.model(Programme, path / "programme.yaml", given)
        yield programme or stand_in(Programme, **given)


def pages(reading: Reading, folder: Path, address: str = "") -> Iterator[Page]:
    """The pages of a folder and of the folders in it."""
    for path in reading.folders(folder, "" if address else "one folder per page"):
        page_id = f"{address}{path.name}"
        if page_id.count("/") >= DEEPEST:
            reading.too_deep(path)
            continue
        if len(page_id) > LONGEST_ADDRESS:
            says = f"the address of this page is longer than {LONGEST_ADDRESS} characters"
            reading.problem(path, "C105", says, "shorten the names of the folders it consists of")
            continue
        versions: tuple[Document, ...] = reading.documents(path, folders_too=True)
        if versions:
            yield Page(id=page_id, versions=versions)
        yield from pages(reading, path, f"{page_id}/")
