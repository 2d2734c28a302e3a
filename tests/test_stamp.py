"""A build of which nothing has changed ends at once; whatever has changed is seen."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ismpe_site import pipeline
from ismpe_site.build import inputs
from ismpe_site.build.executors.in_process import InProcess
from ismpe_site.late import Workers
from ismpe_site.making import Options
from ismpe_site.pipeline import Built
from ismpe_site.project import Project
from tests.conftest import ROOT
from tests.minimal_site import BASE

OPTIONS = Options(date(2026, 11, 24), html_only=True)
WORKERS = Workers(InProcess(), InProcess())


class Site:
    """A small site that was built some time after its last edit."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(BASE, root)
        shutil.copytree(ROOT / "themes", root / "themes")
        shutil.copy(ROOT / "site.toml", root / "site.toml")

    def build(self, options: Options = OPTIONS) -> Built:
        time.sleep(0.05)
        return pipeline.build(Project.at(self.root), self.root / "output", options, WORKERS)

    @property
    def public(self) -> Path:
        return self.root / "output/public"


@pytest.fixture(autouse=True)
def soon_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is taken for unchanging a moment after it was written, not two seconds."""
    monkeypatch.setattr(inputs, "UNSURE", 20_000_000)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "site")


@pytest.fixture
def makings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one with each build that looks further than the stamp."""
    counted: list[int] = []
    commons = pipeline.Making.commons

    def count(making: pipeline.Making) -> None:
        counted.append(1)
        commons(making)

    monkeypatch.setattr(pipeline.Making, "commons", count)
    return counted


def test_an_unchanged_site_is_recognised(site: Site, makings: list[int]) -> None:
    first = site.build()
    again = site.build()
    assert len(makings) == 1
    assert again == replace(first, rendered=(), switched=False)
    assert first.files == sum(path.is_file() for path in site.public.resolve().rglob("*"))


def edit(site: Site) -> None:
    with next((site.root / "content/pages").rglob("*.md")).open("a", encoding="utf-8") as file:
        file.write("\nOne more paragraph.\n")


def edit_the_theme(site: Site) -> None:
    with (site.root / "themes/ismpe/assets/site.css").open("a", encoding="utf-8") as file:
        file.write("\n")


def edit_the_settings(site: Site) -> None:
    file = site.root / "site.toml"
    file.write_text(file.read_text("utf-8").replace('tagline = "', 'tagline = "x'), encoding="utf-8")


def touch_a_page(site: Site) -> None:
    page = site.public / "index.html"
    data = page.read_bytes()
    page.unlink()
    page.write_bytes(b"x" * len(data))


def harm_a_page_in_place(site: Site) -> None:
    page = site.public / "index.html"
    page.write_bytes(b"x" * page.stat().st_size)


def delete_a_page(site: Site) -> None:
    (site.public / "robots.txt").unlink()


def add_a_page(site: Site) -> None:
    (site.public / "extra.html").write_text("x", encoding="utf-8")


def add_a_backup(site: Site) -> None:
    (site.root / "content/pages/x.md~").write_text("x", encoding="utf-8")


def point_elsewhere(site: Site) -> None:
    copy = site.root / "output/copy"
    shutil.copytree(site.public.resolve(), copy)
    site.public.unlink()
    site.public.symlink_to("copy")


def lose_the_store(site: Site) -> None:
    shutil.rmtree(site.root / "output/.store")


def spoil_the_stamp(site: Site) -> None:
    stamp = site.root / "output/.store/units/stamp.json"
    stamp.write_bytes(stamp.read_bytes().replace(b'"files":', b'"filed":'))


@pytest.mark.parametrize(
    "change",
    [
        edit, edit_the_theme, edit_the_settings, touch_a_page, harm_a_page_in_place, delete_a_page, add_a_page,
        add_a_backup, point_elsewhere, lose_the_store, spoil_the_stamp,
    ],
)  # fmt: skip
def test_a_change_is_seen(site: Site, makings: list[int], change: Callable[[Site], None]) -> None:
    site.build()
    change(site)
    site.build()
    assert len(makings) == 2
    clean = site.root / "clean"
    pipeline.build(Project.at(site.root), clean, OPTIONS, WORKERS)
    assert tree(site.public) == tree(clean / "public")


def tree(folder: Path) -> dict[str, bytes]:
    folder = folder.resolve()
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "options", [replace(OPTIONS, as_of=date(2026, 11, 25)), replace(OPTIONS, bleed=True), replace(OPTIONS, strict=True)]
)
def test_another_day_or_option_is_another_build(site: Site, makings: list[int], options: Options) -> None:
    site.build()
    site.build(options)
    assert len(makings) == 2


def test_another_program_is_another_build(site: Site, makings: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    site.build()
    monkeypatch.setattr(pipeline, "tool_digest", lambda: "another")
    site.build()
    assert len(makings) == 2


def test_a_file_that_changed_just_now_proves_nothing(
    site: Site, makings: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "UNSURE", 60_000_000_000)
    site.build()
    site.build()
    assert len(makings) == 2


def test_content_behind_a_link_is_looked_at(site: Site, makings: list[int]) -> None:
    elsewhere = site.root / "elsewhere"
    elsewhere.mkdir()
    (site.root / "content").rename(elsewhere / "content")
    (site.root / "content").symlink_to("elsewhere/content")
    site.build()
    site.build()
    assert len(makings) == 1
    edit(site)
    site.build()
    assert len(makings) == 2
