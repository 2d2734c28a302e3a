"""One making of the site in awkward moments: what is remembered is never more than what was made."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from ismpe_site import pipeline
from ismpe_site.build.executors import Lost
from ismpe_site.build.executors.in_process import InProcess
from ismpe_site.build.generation import STORE, CollisionError, one_path_each
from ismpe_site.build.store import Store
from ismpe_site.build.unit import RenderError
from ismpe_site.late import Workers
from ismpe_site.making import Options
from ismpe_site.pipeline import build, differences
from ismpe_site.problems import ContentError
from ismpe_site.project import Project
from tests.forge import DAY
from tests.test_publication import small_site, spoil

T = TypeVar("T")
R = TypeVar("R")
HERE = Workers(InProcess(), InProcess())
HTML, ALL = Options(DAY, html_only=True), Options(DAY)
PURPOSE = "content/assessments/brook-trust/starters/purpose/2021-09-01.md"
NAME = "content/assessments/brook-trust/organisation.yaml"
UNIT = "organisations/brook-trust"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_site(tmp_path / "site")


def test_a_document_is_never_kept_under_what_it_was_not_made_from(root: Path, tmp_path: Path) -> None:
    """An edit whose badges fail writes no record; its documents must not go into the record of the text before."""
    output = tmp_path / "output"
    build(Project.at(root), output, HTML, HERE)
    before = {file: (root / file).read_text(encoding="utf-8") for file in (PURPOSE, NAME)}
    (root / PURPOSE).write_text(before[PURPOSE] + "\nAn addition.\n", encoding="utf-8")
    spoil(root / NAME, "name: Brook Trust", "name: 株式")
    with pytest.raises(RenderError, match="documents failed"):
        build(Project.at(root), output, ALL, HERE)
    for file, text in before.items():
        (root / file).write_text(text, encoding="utf-8")
    build(Project.at(root), output, ALL, HERE)
    assert differences(Project.at(root), output, ALL, HERE) == []


class Meddling:
    """Somebody saves a file when the first document is printed."""

    def __init__(self, file: Path, text: str) -> None:
        self.file, self.text = file, text

    def run(self, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[tuple[T, R | Lost]]:
        for task in tasks:
            self.file.write_text(self.text, encoding="utf-8")
            yield task, work(task)


@pytest.mark.parametrize("words", ["An addition.\n", "---\n"], ids=["other words", "half saved"])
def test_a_text_that_changes_while_documents_are_printed_is_told(root: Path, tmp_path: Path, words: str) -> None:
    output, text = tmp_path / "output", (root / PURPOSE).read_text(encoding="utf-8")
    meddled = text + words if words.startswith("An") else words
    with pytest.raises(RenderError) as raised:
        build(Project.at(root), output, ALL, Workers(InProcess(), Meddling(root / PURPOSE, meddled)))
    assert set(raised.value.failures.values()) == {"its content changed while the site was built; build again"}
    assert all(
        path.startswith("organisations/brook-trust/") or "assessments/" in path for path in raised.value.failures
    )
    assert not (output / "public").exists()
    (root / PURPOSE).write_text(text, encoding="utf-8")
    build(Project.at(root), output, ALL, HERE)
    assert differences(Project.at(root), output, ALL, HERE) == []


class Losing:
    """Loses a worker at every chunk that holds one organisation."""

    def __init__(self, name: str) -> None:
        self.name = name

    def run(self, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[tuple[T, R | Lost]]:
        for task in tasks:
            lost = isinstance(task, tuple) and self.name in task
            yield task, Lost("its process crashed") if lost else work(task)


def test_only_the_organisation_that_costs_its_worker_is_blamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = small_site(tmp_path / "site", "Ash Trust", "Elm Trust")
    monkeypatch.setattr("ismpe_site.making.FEW", 0)
    for act in (pipeline.check, pipeline.plan):
        with pytest.raises(RenderError) as raised:
            act(Project.at(root), tmp_path / "output", HTML, Losing("elm-trust"))  # type: ignore[arg-type]
        assert raised.value.failures == {"content/assessments/elm-trust": "its process crashed"}


def test_plan_tells_the_awards_of_an_organisation_that_is_gone(tmp_path: Path) -> None:
    root, output = small_site(tmp_path / "site", "Ash Trust"), tmp_path / "output"
    build(Project.at(root), output, HTML, HERE)
    shutil.rmtree(root / "content/assessments/ash-trust")
    awards = pipeline.plan(Project.at(root), output, HTML, InProcess()).awards
    assert awards == ("ash-trust/starters/2024-05: bronze, active → no award",)
    build(Project.at(root), output, HTML, HERE)
    assert pipeline.plan(Project.at(root), output, HTML, InProcess()).awards == ()


def test_the_links_of_an_organisation_that_is_kept_are_judged_again(tmp_path: Path) -> None:
    root, output = small_site(tmp_path / "site", "Ash Trust"), tmp_path / "output"
    text = (root / PURPOSE).read_text(encoding="utf-8")
    (root / PURPOSE).write_text(f"{text}\nLike [Ash Trust](/organisations/ash-trust/).\n", encoding="utf-8")
    build(Project.at(root), output, HTML, HERE)
    shutil.rmtree(root / "content/assessments/ash-trust")
    with pytest.raises(ContentError) as raised:
        build(Project.at(root), output, HTML, HERE)
    assert [problem.message for problem in raised.value.problems] == [
        "the link to /organisations/ash-trust/ leads nowhere"
    ]


def test_what_another_version_remembered_is_no_obstacle(root: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    build(Project.at(root), output, HTML, HERE)
    store = Store(output / STORE)
    record = store.record(UNIT)
    assert record is not None
    store.remember(UNIT, replace(record, key="old", tool="old", about={"outlines": [{"of": "old"}]}))
    assert pipeline.plan(Project.at(root), output, HTML, InProcess()).stale
    assert build(Project.at(root), output, HTML, HERE).rendered


def test_the_looks_of_files_are_remembered_anew_where_they_hold_the_same(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "output"
    build(Project.at(root), output, HTML, HERE)
    store = Store(output / STORE)
    first = store.record(UNIT)
    assert first is not None
    assert first.seen == ""
    monkeypatch.setattr("ismpe_site.build.inputs.UNSURE", -(10**18))
    spoil(root / "content/pages/about/2022-01-01.md", "title: ", "title: X")
    spoil(root / "content/pages/about/2022-01-01.md", "title: X", "title: ")
    (root / "site.toml").touch()
    build(Project.at(root), output, HTML, HERE)
    again = store.record(UNIT)
    assert again is not None
    assert (again.key, bool(again.seen)) == (first.key, True)


def test_texts_may_link_to_the_register_as_data(root: Path, tmp_path: Path) -> None:
    page = root / "content/pages/about/2022-01-01.md"
    text = page.read_text(encoding="utf-8") + "\nSee [the register](/register/register.json), [all](/sitemap.xml).\n"
    page.write_text(text, encoding="utf-8")
    build(Project.at(root), tmp_path / "output", HTML, HERE)


@pytest.mark.parametrize("paths", [("a/b", "a/b"), ("a/b", "A/b")])
def test_two_files_never_share_a_path(paths: tuple[str, ...]) -> None:
    with pytest.raises(CollisionError, match="two files want one path"):
        one_path_each(paths)
