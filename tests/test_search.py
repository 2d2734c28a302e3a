"""The search index, and what becomes of it from build to build."""

import gzip
import json
import os
import pickle
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from gettext import NullTranslations
from pathlib import Path

import pytest

from ismpe_site import pipeline
from ismpe_site.build.executors.in_process import InProcess
from ismpe_site.build.unit import RenderError
from ismpe_site.findable import Findable
from ismpe_site.late import Workers
from ismpe_site.making import Options
from ismpe_site.model import Period
from ismpe_site.pipeline import build, differences
from ismpe_site.project import Project
from ismpe_site.publications import findables, scheme_of
from ismpe_site.scoring.register import register
from ismpe_site.search import indexer
from ismpe_site.search.index import FACTS, index
from ismpe_site.search.indexer import SearchError
from tests.conftest import AS_OF, ROOT
from tests.forge import DAY
from tests.many_awards import many_awards
from tests.public_tree import complaint, tree
from tests.test_publication import small_site, spoil
from tests.whole import load

HERE = Workers(InProcess(), InProcess())
HTML = Options(DAY, html_only=True)
ASSESSMENT = "content/assessments/brook-trust/starters/2024-05.yaml"
ORGANISATION = "content/assessments/brook-trust/organisation.yaml"
SOME = (
    Findable("a/index.html#c1.1", "clause", "Criterion 1.1", "Mentors are trained", edition="2003"),
    Findable("b/index.html#c1.1", "clause", "Criterion 1.1", "Mentors are taught", edition="next", status="draft"),
    Findable("c/index.html", "organisation", "Brook Trust", "Kenya · charity · Starters"),
    Findable("d/index.html", "page", "About", "Was sie sind", language="de"),
    Findable("e/index.html#bo", "person", "Bo Sample", "Accredited assessors · Kenya", specimen=True),
)


def fragments(files: dict[str, bytes]) -> dict[str, dict[str, object]]:
    """Address → all that pagefind hands out of it, and its id."""
    found = {}
    for path, data in files.items():
        if path.endswith(".pf_fragment"):
            one = json.loads(gzip.decompress(data).removeprefix(b"pagefind_dcd"))
            found[one["url"]] = {**one, "id": Path(path).stem}
    return found


def indexed(public: Path) -> dict[str, bytes]:
    folder = public / "pagefind"
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


# -- the index --


def test_the_same_makes_the_same_in_every_process() -> None:
    """Chance would show: five facts in one filter would have a hundred and twenty orders."""
    program = """
import pickle, sys
from ismpe_site.search.index import index
sys.stdout.buffer.write(pickle.dumps(index(pickle.load(sys.stdin.buffer))))
"""
    given, first = pickle.dumps(("en", SOME)), index(("en", SOME))
    for seed in ("0", "1"):
        run = subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, input=given, capture_output=True, check=True,
        )  # fmt: skip
        assert pickle.loads(run.stdout) == first  # noqa: S301  # our own bytes
    assert all(index(("en", SOME)) == first for _ in range(10))


def test_the_facts_name_all_but_what_is_usual() -> None:
    files = index(("en", SOME))
    known, found = json.loads(files[FACTS]), fragments(files)
    facts = {address: known.get(one["id"], []) for address, one in found.items()}
    assert facts == {
        "a/index.html#c1.1": ["clause", "current", "edition 2003"],
        "b/index.html#c1.1": ["clause", "draft", "edition next"],
        "c/index.html": [],
        "d/index.html": ["page", "current", "language de"],
        "e/index.html#bo": ["person", "current", "specimen"],
    }
    assert found["a/index.html#c1.1"]["content"] == "Mentors are trained"
    assert all(not one["filters"] and set(one["meta"]) == {"title"} for one in found.values())  # type: ignore[call-overload]


def test_only_what_the_page_needs_is_made() -> None:
    names = {path.split("/")[0] for path in index(("en", SOME)) if not path.endswith(".pf_meta")}
    assert names == {
        "facts.json", "fragment", "index", "pagefind-entry.json", "pagefind.js", "wasm.en.pagefind",
        "wasm.unknown.pagefind",
    }  # fmt: skip


@pytest.mark.parametrize("language", ["en-GB", "ar", "sw"])
def test_every_language_has_an_index(language: str) -> None:
    entry = json.loads(index((language, SOME))["pagefind-entry.json"])
    assert {name: one["page_count"] for name, one in entry["languages"].items()} == {language.lower(): len(SOME)}


# -- its program --


def gone(process: int) -> bool:
    for _ in range(100):
        with suppress(ProcessLookupError):
            os.kill(process, 0)
            time.sleep(0.05)
            continue
        return True
    return False


def test_no_process_is_left_of_a_program_that_is_killed() -> None:
    code = """
from ismpe_site.search.indexer import indexer
import time
with indexer() as program:
    program.ask("NewIndex", config=None)
    print(program.process, flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as asking:
        assert asking.stdout is not None
        child = int(asking.stdout.readline())
        assert not Path(f"/proc/{child}/environ").read_bytes()
        asking.kill()
    assert gone(child)


def test_no_process_is_left_where_something_else_fails() -> None:
    with suppress(ZeroDivisionError), indexer.indexer() as program:
        program.ask("NewIndex", config=None)
        raise ZeroDivisionError
    assert gone(program.process)


def instead(path: Path, script: str, patch: pytest.MonkeyPatch) -> None:
    """Another program in pagefind's place."""
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    patch.setattr(indexer, "get_executable", lambda: path)


@pytest.mark.parametrize(
    ("script", "patience", "words"),
    [
        ("echo out of ideas >&2; exit 3", 60, "pagefind ended too early: out of ideas; build again"),
        ("exit 3", 60, "pagefind ended too early (exit code 3); build again"),
        ("exec sleep 60", 0.3, "pagefind was not done within 0.3 seconds; build where less is at work"),
    ],
)
def test_a_program_that_fails_is_told(
    script: str, patience: float, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    instead(tmp_path / "pagefind", script, monkeypatch)
    monkeypatch.setattr(indexer, "PATIENCE", patience)
    with pytest.raises(SearchError) as raised:
        index(("en", SOME))
    assert str(raised.value) == words


def test_a_program_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexer, "get_executable", lambda: tmp_path / "pagefind")
    with pytest.raises(SearchError, match=r"^pagefind cannot be started: .*; install the requirements again$"):
        index(("en", SOME))


def test_what_the_program_refuses_is_told() -> None:
    with pytest.raises(SearchError, match=r"^pagefind says: ."), indexer.indexer() as program:
        program.ask("NoSuchQuestion")


# -- from build to build --


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_site(tmp_path / "site", "Ash Trust")


def rendered(root: Path, output: Path) -> dict[str, str]:
    planned = {one.path: one.reason for one in pipeline.plan(Project.at(root), output, HTML, InProcess()).stale}
    made = {one.path: one.reason for one in build(Project.at(root), output, HTML, HERE).rendered}
    assert planned == made
    assert complaint(tree(output / "public")) == ""
    return made


def test_the_index_is_made_where_what_can_be_found_changes_and_only_then(root: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    assert rendered(root, output)["pagefind/"] == "new"
    assert "pagefind/pagefind.js" in json.loads((output / "public/manifest.json").read_text(encoding="utf-8"))["files"]
    before = indexed(output / "public")
    spoil(root / ASSESSMENT, "2.1: ", "2.1:  ")
    spoil(root / ORGANISATION, "about: ", "about: Truly. ")
    spoil(root / ASSESSMENT, "finding: ", "finding: Indeed. ")
    made = rendered(root, output)
    assert made
    assert "pagefind/" not in made
    assert indexed(output / "public") == before
    spoil(root / ORGANISATION, "name: Brook Trust", "name: Burn Trust")
    assert rendered(root, output)["pagefind/"] == "its content changed"
    assert indexed(output / "public") != before
    assert differences(Project.at(root), output, HTML, HERE) == []


def test_the_index_is_made_again_where_a_file_of_it_is_harmed_but_not_where_it_was_touched(
    root: Path, tmp_path: Path
) -> None:
    output = tmp_path / "output"
    rendered(root, output)
    clean = tree(output / "public")
    name = next(path for path in clean if path.endswith(".pf_index"))
    (stored,) = (
        path for path in (output / ".store/objects").rglob("*") if path.is_file() and path.read_bytes() == clean[name]
    )
    os.utime(stored)
    assert "pagefind/" not in rendered(root, output)
    stored.write_bytes(b"x")
    assert rendered(root, output)["pagefind/"] == "a stored copy is damaged or gone"
    assert tree(output / "public") == clean


def test_an_index_that_cannot_be_made_leaves_the_old_site(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "output"
    rendered(root, output)
    old = tree(output / "public")
    spoil(root / ORGANISATION, "name: Brook Trust", "name: Burn Trust")
    instead(tmp_path / "pagefind", "exit 3", monkeypatch)
    with pytest.raises(RenderError) as raised:
        build(Project.at(root), output, HTML, HERE)
    assert raised.value.failures == {"pagefind/": "pagefind ended too early (exit code 3); build again"}
    assert tree(output / "public") == old
    monkeypatch.undo()
    assert rendered(root, output)["pagefind/"] == "its content changed"


def test_another_report_moves_no_byte_of_the_index(root: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    rendered(root, output)
    before = indexed(output / "public")
    report = (root / ASSESSMENT).read_text(encoding="utf-8")
    for year in ("2022", "2023", "2025"):
        added = (root / ASSESSMENT).with_name(f"{year}-05.yaml")
        added.write_text(report.replace("2024-", f"{year}-"), encoding="utf-8")
    made = rendered(root, output)
    assert {f"assessments/brook-trust/starters/{year}-05/index.html" for year in ("2022", "2023", "2025")} <= set(made)
    assert indexed(output / "public") == before


def test_the_index_grows_no_faster_than_the_organisations() -> None:
    words = Project.at(ROOT).theme().words_of("en")

    def made(count: int) -> tuple[int, int]:
        files = index(("en", tuple(findables(many_awards(count), words))))
        return len(files), sum(map(len, files.values()))

    none, some, twice = made(0), made(200), made(400)
    for all_of_none, all_of_some, all_of_twice in zip(none, some, twice, strict=True):
        assert 0 < all_of_twice - all_of_none <= 2 * (all_of_some - all_of_none)
    assert some[0] - none[0] <= 200 + 2


def test_another_day_may_change_who_can_be_found(root: Path, tmp_path: Path) -> None:
    """A page in force from a later day is found in its later words."""
    page = root / "content/pages/about/2030-01-01.md"
    page.write_text("---\ntitle: Later\nsummary: S.\nchanges: C.\n---\nLater words.\n", encoding="utf-8")
    output = tmp_path / "output"
    rendered(root, output)
    now = fragments(indexed(output / "public"))["about/index.html"]["meta"]
    build(Project.at(root), output, Options(DAY.replace(year=2031), html_only=True), HERE)
    later = fragments(indexed(output / "public"))["about/index.html"]["meta"]
    assert (now != later, later) == (True, {"title": "Later"})


# -- what is in it --


@pytest.fixture(scope="module", params=[True, False], ids=["with specimens", "without"])
def own(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[bool, Path]]:
    """The project's own content, with and without its specimens."""
    project = Project.at(ROOT)
    config = project.config.model_copy(update={"publish_specimens": request.param})
    output = tmp_path_factory.mktemp("own") / "output"
    build(Project(ROOT, config), output, Options(AS_OF, html_only=True), HERE)
    yield request.param, output / "public"
    shutil.rmtree(output)


def test_nothing_of_a_report_and_of_no_specimen_where_there_are_none(own: tuple[bool, Path]) -> None:
    specimens, public = own
    found = fragments(indexed(public))
    text = "\n".join(f"{one['meta']} {one['content']}" for one in found.values())
    assert not [address for address in found if address.startswith("assessments/")]
    for assessment in (ROOT / "content/assessments").glob("*/*/*.yaml"):
        for line in assessment.read_text(encoding="utf-8").splitlines():
            if assessment.name != "programme.yaml" and len(line.split()) > 6:
                assert line.strip() not in text, assessment
    assert "@" not in "".join(str(one) for address, one in found.items() if address.startswith("organisations/"))
    names = ["Northmarrow Insurance", "Hestwick Housing Trust", "Amara Muster"]
    assert [name in text for name in names] == [specimens] * 3
    assert ("specimen" in (public / "pagefind/facts.json").read_text(encoding="utf-8")) == specimens


def test_every_clause_can_be_found_and_is_where_the_index_says(own: tuple[bool, Path]) -> None:
    _, public = own
    found = fragments(indexed(public))
    assert found["standard/2003/2/index.html#c2.3"]["meta"] == {"title": "Criterion 2.3"}
    assert found["standard/2003/2/index.html#o2.3"]["meta"] == {"title": "Outcome 2.3"}
    assert found["standard/2003/4/index.html#s4"] | {"id": ""} == {
        "url": "standard/2003/4/index.html#s4",
        "content": "Processes for measurement and review · EFFECTIVE PROCESSES FOR MEASUREMENT AND REVIEW · "
        "The programme is measured sufficiently frequently and appropriately to:",
        "word_count": found["standard/2003/4/index.html#s4"]["word_count"],
        "filters": {},
        "meta": {"title": "Core standard 4"},
        "anchors": [],
        "id": "",
    }
    assert sum(address.startswith("standard/2003/") and "#c" in address for address in found) == 57
    for address in found:
        file, _, place = address.partition("#")
        page = (public / file).read_text(encoding="utf-8")
        assert not place or f'id="{place}"' in page, address


def test_a_translation_is_found_where_it_is_in_the_language_of_the_site() -> None:
    project = Project.at(ROOT)
    theme, catalogue = project.theme(), load(project.content).catalogue
    assert catalogue is not None
    for language, titles in (("en", {"Criterion 2.3"}), ("fr", {"Critère 2.3"})):
        site = replace(project.site(), language=language)
        scheme = scheme_of(catalogue, register(catalogue, AS_OF), site)
        found = {one.address: one for one in findables(scheme, theme.words_of(language))}
        assert len(found) == sum(1 for _ in findables(scheme, theme.words_of(language)))
        clauses = {address: one for address, one in found.items() if address.endswith("#c2.3")}
        assert {one.title for one in clauses.values()} == titles
        assert ("standard/2003/fr/index.html#c2.3" in clauses) == (language == "fr")
        assert clauses["standard/2003/2/index.html#c2.3"].language == ("en" if language == "fr" else "")


def test_nobody_is_called_accredited_who_is_not(root: Path) -> None:
    """What can be found of an assessor accredited from 2020 to 2026 says so on the days between, and only then."""
    catalogue = load(root / "content").catalogue
    assert catalogue is not None
    people = tuple(
        person.model_copy(update={"accreditation": Period.model_validate({"from": "2020-01-01", "to": "2026-01-01"})})
        if person.id == "bo-sample"
        else person
        for person in catalogue.people
    )
    catalogue = catalogue.model_copy(update={"people": people})

    def said(day: date) -> str:
        scheme = scheme_of(catalogue, register(catalogue, day), Project.at(root).site())
        found = findables(scheme, NullTranslations())
        return next(one.text for one in found if one.address.endswith("people/assessors/index.html#bo-sample"))

    assert said(date(2019, 6, 1)).startswith("From a later day · ")
    assert said(date(2023, 6, 1)).startswith("Accredited assessors · ")
    assert said(date(2026, 6, 1)).startswith("No longer accredited · ")


def test_the_clause_index_lists_every_clause_once_and_the_terms_where_they_are_used(own: tuple[bool, Path]) -> None:
    _, public = own
    page = (public / "standard/2003/clauses/index.html").read_text(encoding="utf-8")
    clauses, terms = page.split('<h2 id="terms">')
    assert clauses.count(">Criterion ") == 57
    assert clauses.count('href="../2/index.html#c2.3">Criterion 2.3</a>') == 1
    line = next(line for line in terms.splitlines() if ">no-fault divorce<" in line)
    assert line.count("<a ") == 2
    assert 'href="../glossary/index.html#dfn-no-fault-divorce"' in line
    assert 'href="../3/index.html#c3.5">3.5</a>' in line


def test_without_a_glossary_the_index_has_no_terms(root: Path, tmp_path: Path) -> None:
    build(Project.at(root), tmp_path / "output", HTML, HERE)
    page = (tmp_path / "output/public/standard/2020/clauses/index.html").read_text(encoding="utf-8")
    assert 'id="terms"' not in page
