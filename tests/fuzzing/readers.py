"""Every reader of what others write, as a function of bytes that must give a value or words for a person."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from lxml import etree

from ismpe_site.artefact import Picture
from ismpe_site.config.files import drawing_problems
from ismpe_site.config.load import load_config
from ismpe_site.content import folders
from ismpe_site.content.files import Reading
from ismpe_site.content.hints import assessment_hints
from ismpe_site.content.links import judged_links
from ismpe_site.content.load import organisations
from ismpe_site.ledger import LedgerError, read_ledger, text_of
from ismpe_site.model import (
    CoreStandard,
    CrosswalkEntry,
    Document,
    Edition,
    Erratum,
    Organisation,
    Person,
    Programme,
    Term,
    Translation,
)
from ismpe_site.printing.painter import PaintError, paint
from ismpe_site.problems import ContentError, Problem, describe
from ismpe_site.project import Project
from ismpe_site.publications import markup
from ismpe_site.trust import bake, credential, seal
from ismpe_site.trust.errors import TrustError
from ismpe_site.verifying.judge import Known, judge
from ismpe_site.verifying.sources import known_of_project
from tests.conftest import ROOT
from tests.fuzzing.inputs import LONGEST
from tests.minimal_site import BASE

CONTENT = ROOT / "content"


@dataclass(frozen=True)
class Reader:
    """``read(folder, data)`` raises on a fault of ours; ``folder`` is an empty one to work in, kept between inputs."""

    read: Callable[[Path, bytes], None]
    corpus: Sequence[bytes]
    words: Sequence[bytes]
    longest: int = LONGEST


def _small(*patterns: str) -> tuple[bytes, ...]:
    found = sorted({path for root in (BASE, CONTENT) for pattern in patterns for path in root.rglob(pattern)})
    return tuple(data for path in found if len(data := path.read_bytes()) < 5000)


def _words(name: str) -> tuple[bytes, ...]:
    """The pieces a format is made of, one JSON string a line."""
    lines = (Path(__file__).parent / "words" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line).encode() for line in lines)


def _told(problems: Sequence[Problem]) -> None:
    """Each problem has a place and words, and can be printed."""
    for problem in problems:
        assert problem.place.line >= 1
        assert problem.place.column >= 1
        assert problem.message
        describe(problem, {}).encode()


# -- YAML ------------------------------------------------------------------------------------------

MODELS = (Organisation, Programme, Person, Edition, CoreStandard, Translation)
LISTS = (Erratum, CrosswalkEntry, Term)
NO_HINTS = assessment_hints((), ())
GIVEN: dict[type, dict[str, object]] = {
    Organisation: {"id": "x", "programmes": ()},
    Programme: {"id": "x"},
    Person: {"id": "x"},
    Edition: {"id": "x", "core_standards": (), "glossary": (), "errata": (), "crosswalk": ()},
    Translation: {"edition": "x", "language": "fr"},
}


def read_yaml_file(folder: Path, data: bytes) -> None:
    """A file as each thing it might be, with the places of all that is wrong."""
    file = folder / "2024-05.yaml"
    file.write_bytes(data)
    # Which model is asked depends on the input alone.
    turn = sum(data) % (len(MODELS) + len(LISTS) + 1)
    reading = Reading(folder)
    if turn < len(MODELS):
        reading.model(MODELS[turn], file, GIVEN.get(MODELS[turn], {}))  # type: ignore[type-var]
    elif turn < len(MODELS) + len(LISTS):
        reading.models(LISTS[turn - len(MODELS)], file)  # type: ignore[type-var]
    else:
        folders.assessment_file(reading, file, NO_HINTS)
    for source in reading.sources.values():
        source.place("ratings", "1.1")
    _told(reading.problems)


# -- Markdown --------------------------------------------------------------------------------------

TAGS = "p|h[2-6]|a|ul|ol|li|em|strong|s|code|pre|blockquote|br|hr|table|thead|tbody|tr|th|td"
# Every tag that a text may become, with every attribute; whatever else begins with < was not escaped.
TAG = re.compile(
    rf'<(?:/(?:{TAGS})|(?:{TAGS})(?: (?:id="[a-z0-9.-]+"|href="(?:https?://|mailto:|/|#)[^"<>\s]*"|scope="col"'
    r'|title="[^"<>]*"|start="\d+"|class="(?:prose-table|align-(?:left|right|center)|language-[^"<>]*)"))*)>',
    re.IGNORECASE,
)


def from_root(address: str) -> str:
    """A link as a page at the root has it."""
    return f"/{address}"


def read_markdown(folder: Path, data: bytes) -> None:
    """A page with its front matter; and its text, whatever it is, in each way in which texts are shown."""
    page = folder / "2024-05-01.md"
    page.write_bytes(data)
    reading = Reading(folder)
    documents: tuple[Document, ...] = reading.documents(folder)
    _told(reading.problems)
    text = documents[0].body if documents else data.decode("utf-8", "replace")
    problems, _ = judged_links("x.md", text)
    _told(problems)
    for html in (markup.block(text, from_root, prefix="x."), markup.inline(text, from_root)):
        rest = TAG.sub("", str(html))
        assert "<" not in rest, rest[rest.index("<") :][:80]
        assert len(html) <= 20 * len(text) + 10_000, f"{len(text)} characters become {len(html)}"
    markup.plain(text)
    markup.blocks(text)
    markup.stretches(text)


# -- names -----------------------------------------------------------------------------------------


def read_names(folder: Path, data: bytes) -> None:
    """A name as that of an organisation, a person, a page, a version and an assessment."""
    name = data.replace(b"/", b"").replace(b"\0", b"")[:200]
    if name in (b"", b".", b".."):
        return
    root = bytes(folder / "content")
    for made in (b"assessments/", b"people/", b"pages/", b"standards/"):
        (Path((root + b"/" + made).decode())).mkdir(parents=True, exist_ok=True)
    for made in (b"/assessments/", b"/pages/", b"/standards/"):
        os.makedirs(root + made + name)  # noqa: PTH103  # bytes that are no text
    for made in (b"/people/" + name + b".yaml", b"/pages/" + name + b"/" + name + b".md"):
        with open(root + made, "wb"):  # noqa: PTH123
            pass
    content = folder / "content"
    try:
        found, problems = organisations(content)
        reading = Reading(content)
        list(folders.people(reading, content / "people"))
        list(folders.pages(reading, content / "pages"))
        list(folders.editions(reading, content / "standards"))
        _told([*problems, *reading.problems])
        hidden = name.startswith((b".", b"#")) or name.endswith(b"~")
        assert hidden or found or problems, "neither taken nor told"
        for one in found:
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one, re.ASCII)
            assert len(one) <= 80
    finally:
        shutil.rmtree(root)


# -- drawings --------------------------------------------------------------------------------------


def read_drawing(folder: Path, data: bytes) -> None:
    """A logo; one that is taken can be painted."""
    (folder / "logo.svg").write_bytes(data)
    problems = list(drawing_problems(folder / "site.toml", 'logo = "logo.svg"', "logo", "logo.svg"))
    _told(problems)
    if not problems:
        for element in etree.fromstring(data).iter(etree.Element):
            assert etree.QName(element).localname.lower() not in ("script", "foreignobject", "a", "use", "image")
            for name, value in element.attrib.items():
                assert not etree.QName(name).localname.lower().startswith("on")
                assert "href" not in name or value.startswith("#")
        try:
            paint(Picture(data.decode(), 64))
        except PaintError as error:
            assert str(error)  # noqa: PT017  # words for a person are all that is asked for


# -- settings --------------------------------------------------------------------------------------


def read_settings(folder: Path, data: bytes) -> None:
    """``site.toml`` of a folder without themes."""
    file = folder / "site.toml"
    file.write_bytes(data)
    try:
        load_config(file)
    except ContentError as error:
        _told(error.problems)


# -- what was issued -------------------------------------------------------------------------------

ISSUED = CONTENT / "issued"
DAY = date(2026, 11, 22)


@cache
def _known() -> Known:
    known = known_of_project(Project.at(ROOT))
    assert not known.doubts
    return known


def read_ledger_text(_folder: Path, data: bytes) -> None:
    """A ledger is whole, or it is said which line is not."""
    text = data.decode("utf-8", "replace")
    try:
        ledger = read_ledger(text)
    except LedgerError as error:
        assert str(error)  # noqa: PT017
        assert 1 <= error.line <= text.count("\n") + 1  # noqa: PT017
    else:
        assert text_of(ledger) == text


def read_credential(_folder: Path, data: bytes) -> None:
    """A credential by itself: never signed unless it says what one of ours says; and as a file to be verified."""
    known = _known()
    try:
        document: object = credential.read(data)
    except TrustError as error:
        assert str(error)  # noqa: PT017
        document = None
    if document is not None:
        same = any(document == json.loads(good) for good in _issued("credential.json"))
        assert (credential.judge_credential(document, known.credential_keys) == "signed") <= same
    _verify(data)


def read_baked(_folder: Path, data: bytes) -> None:
    """A badge with a credential in it."""
    bake.baked(data)
    _verify(data)


def read_pdf(_folder: Path, data: bytes) -> None:
    """A sealed document and what it carries; whole only as it was issued."""
    judgement = seal.judge_seal(data, _known().roots)
    assert (judgement.state == "whole") <= (data in _issued("*.pdf"))
    seal.attachments(data)
    _verify(data)


def _verify(data: bytes) -> None:
    verdict = judge(data, _known(), DAY)
    assert verdict.genuine <= (hashlib.sha256(data).hexdigest() in _known().digests or _says_the_same(data))


def _says_the_same(data: bytes) -> bool:
    """Whether it is a credential of ours that is only written in another way, spaces and all."""
    try:
        return any(json.loads(data) == json.loads(good) for good in _issued("credential.json"))
    except (ValueError, RecursionError):
        return False


@cache
def _issued(pattern: str) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted(ISSUED.rglob(pattern)))


READERS = {
    "yaml": Reader(read_yaml_file, _small("*.yaml"), _words("yaml")),
    "markdown": Reader(read_markdown, _small("*.md"), _words("markdown"), 1200),
    "names": Reader(read_names, tuple(path.name.encode() for path in sorted(CONTENT.rglob("*"))), _words("names")),
    "drawing": Reader(
        read_drawing,
        tuple(data for path in sorted((ROOT / "themes").rglob("*.svg")) if b"{%" not in (data := path.read_bytes())),
        _words("drawing"),
    ),
    "settings": Reader(read_settings, ((ROOT / "site.toml").read_bytes(),), _words("settings")),
    "ledger": Reader(read_ledger_text, _issued("ledger.jsonl"), _words("ledger"), 8000),
    "credential": Reader(read_credential, _issued("credential.json"), _words("ledger"), 12_000),
    "baked": Reader(read_baked, (*_issued("badge-*.svg"), *_issued("badge.png")), _words("baked"), 60_000),
    "pdf": Reader(read_pdf, _issued("certificate.pdf"), _words("pdf"), 200_000),
}
