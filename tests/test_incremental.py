"""What is taken from the store is what a clean build would have made: after any edit, byte for byte."""

import json
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from markupsafe import Markup

from ismpe_site import pipeline
from ismpe_site.build import incremental, store
from ismpe_site.fingerprint import Fingerprints
from tests.conftest import ROOT, ismpe
from tests.minimal_site import BASE

STEPS = 60


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@dataclass
class Workshop:
    """The small site with a theme of its own, a day, and every kind of edit that may befall them."""

    root: Path
    random: random.Random
    day: date = date(2025, 12, 1)
    count: int = 0
    done: list[str] = field(default_factory=list)

    def set_up(self) -> None:
        shutil.copytree(BASE, self.root)
        shutil.copytree(ROOT / "themes", self.root / "themes")
        shutil.copy(ROOT / "site.toml", self.root / "site.toml")

    def build(self, output: str) -> tuple[dict[str, bytes], set[str]]:
        """(the public tree, what was rendered anew)."""
        built = pipeline.build(pipeline.Project.at(self.root), self.root / output, self.day, html_only=True)
        return tree(self.root / output / "public"), {stale.artefact.path for stale in built.rendered}

    def clean(self) -> dict[str, bytes]:
        shutil.rmtree(self.root / "clean", ignore_errors=True)
        return self.build("clean")[0]

    def edit(self) -> None:
        """One random edit that leaves a valid site."""
        self.count += 1
        kind = self.random.choice(EDITS)
        self.done.append(kind.__name__)
        kind(self)

    def replace(self, file: str, old: str, new: str) -> None:
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def organisations(self) -> list[Path]:
        return sorted(path for path in (self.root / "content/assessments").iterdir())


ASSESSMENT = "content/assessments/brook-trust/starters/2024-05.yaml"


def rating(w: Workshop) -> None:
    value = w.random.choice([0, 2, 4])
    text = (w.root / ASSESSMENT).read_text(encoding="utf-8") if (w.root / ASSESSMENT).exists() else ""
    for old in (0, 2, 4):
        if f"  2.1: {old}\n" in text:
            w.replace(ASSESSMENT, f"  2.1: {old}\n", f"  2.1: {value}\n")


def finding(w: Workshop) -> None:
    for path in w.organisations():
        for file in path.glob("*/2*.yaml"):
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace("finding: ", f"finding: Seen {w.count} times. ", 1), encoding="utf-8")


def wording(w: Workshop) -> None:
    w.replace("content/standards/2020/edition.yaml", "introduction: ", f"introduction: ({w.count}) ")


def comment(w: Workshop) -> None:
    w.replace("content/standards/2020/edition.yaml", "title: ", f"# remark {w.count}\ntitle: ")


def new_organisation(w: Workshop) -> None:
    shutil.copytree(w.organisations()[0], w.root / f"content/assessments/copy-{w.count}")


def delete_organisation(w: Workshop) -> None:
    if len(w.organisations()) > 1:
        shutil.rmtree(w.organisations()[-1])


def rename_organisation(w: Workshop) -> None:
    last = w.organisations()[-1]
    if last.name != "brook-trust":
        last.rename(last.with_name(f"other-{w.count}"))


def organisation_name(w: Workshop) -> None:
    path = w.organisations()[-1] / "organisation.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("name: ", f"name: N{w.count} ", 1), encoding="utf-8")


def template(w: Workshop) -> None:
    w.replace("themes/ismpe/templates/web/base.html", "</footer>", f"<p>{w.count}</p></footer>")


def style(w: Workshop) -> None:
    w.replace("themes/ismpe/assets/site.css", "/* -- text -- */", f"/* {w.count} */\n/* -- text -- */")


def settings(w: Workshop) -> None:
    w.replace("site.toml", 'tagline = "', f'tagline = "{w.count} ')


def person(w: Workshop) -> None:
    w.replace("content/people/ada-sample.yaml", "name: ", f"name: A{w.count} ")


def page(w: Workshop) -> None:
    w.replace("content/pages/about/2022-01-01.md", "title: ", f"title: P{w.count} ")


def version_of_a_page(w: Workshop) -> None:
    text = f"---\ntitle: Later\nsummary: S.\nchanges: Number {w.count}.\n---\nText {w.count}.\n"
    (w.root / f"content/pages/about/202{w.count % 5 + 3}-02-01.md").write_text(text, encoding="utf-8")


def status(w: Workshop) -> None:
    w.replace(
        "content/standards/2024-draft/edition.yaml", "status: draft", f"status: draft\nstatus_note: Note {w.count}."
    )
    text = (w.root / "content/standards/2024-draft/edition.yaml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("status_note:")]
    lines.insert(3, f"status_note: Note {w.count}.\n")
    (w.root / "content/standards/2024-draft/edition.yaml").write_text("".join(lines), encoding="utf-8")


def another_day(w: Workshop) -> None:
    w.day += timedelta(days=w.random.randrange(-400, 400))


def tampered_object(w: Workshop) -> None:
    objects = sorted((w.root / "output/.store/objects").glob("*/*"))
    victim = w.random.choice(objects)
    victim.write_bytes(victim.read_bytes()[: w.random.randrange(20)] + b"x")


def deleted_object(w: Workshop) -> None:
    w.random.choice(sorted((w.root / "output/.store/objects").glob("*/*"))).unlink()


def truncated_index(w: Workshop) -> None:
    index = w.root / "output/.store/index.json"
    index.write_bytes(index.read_bytes()[: w.random.randrange(index.stat().st_size)])


def deleted_output(w: Workshop) -> None:
    w.random.choice([p for p in sorted((w.root / "output/public").rglob("*")) if p.is_file()]).unlink()


def tampered_output(w: Workshop) -> None:
    victim = w.random.choice([p for p in sorted((w.root / "output/public").rglob("*")) if p.is_file()])
    victim.write_bytes(b"tampered")


EDITS: tuple[Callable[[Workshop], None], ...] = (
    rating, finding, wording, comment, new_organisation, delete_organisation, rename_organisation, organisation_name,
    template, style, settings, person, page, version_of_a_page, status, another_day, tampered_object, deleted_object,
    truncated_index, deleted_output, tampered_output,
)  # fmt: skip


def random_walk(root: Path, seed: int, steps: int) -> tuple[int, list[str], set[str]]:
    """(first step that differs from a clean build or 0, the edits until there, the paths that differ)."""
    shop = Workshop(root, random.Random(seed))
    shop.set_up()
    shop.build("output")
    for step in range(1, steps + 1):
        shop.edit()
        made, clean = shop.build("output")[0], shop.clean()
        if made != clean:
            return step, shop.done, {path for path in made.keys() | clean.keys() if made.get(path) != clean.get(path)}
    return 0, shop.done, set()


@pytest.mark.slow
def test_after_any_edit_the_build_is_what_a_clean_one_gives(tmp_path: Path) -> None:
    step, edits, differs = random_walk(tmp_path / "site", seed=7, steps=STEPS)
    assert not step, f"after {edits}: {sorted(differs)[:5]}"
    assert len(set(edits)) > 15


def without(name: str) -> Callable[[store.Recipe, store.Recipe | None], str]:
    """A faulty engine: it does not look at one part of a recipe."""

    def differs(self: store.Recipe, before: store.Recipe | None) -> str:
        if before is None:
            return "new"
        parts = [part for part in ("tool", "render", "inputs", "theme") if part != name]
        return "" if all(getattr(self, part) == getattr(before, part) for part in parts) else "changed"

    return differs


@pytest.mark.slow
@pytest.mark.parametrize("part", ["inputs", "theme"])
def test_a_seeded_fault_in_what_counts_as_stale_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setattr(store.Recipe, "differs", without(part))
    assert random_walk(tmp_path / "site", seed=11, steps=STEPS)[0]


@pytest.mark.slow
def test_a_seeded_fault_in_the_trust_in_the_store_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def trusting(self: store.Store, path: str) -> bytes | None:
        return (
            self._object(self._before[path][1]).read_bytes() if self._object(self._before[path][1]).exists() else None
        )

    monkeypatch.setattr(store.Store, "get", trusting)
    assert random_walk(tmp_path / "site", seed=7, steps=STEPS)[0]


def test_only_what_an_edit_touches_is_rendered(tmp_path: Path) -> None:
    shop = Workshop(tmp_path / "site", random.Random(1))
    shop.set_up()
    assert len(shop.build("output")[1]) > 40
    assert shop.build("output")[1] == set()
    comment(shop)
    assert shop.build("output")[1] == set()
    finding(shop)
    assert shop.build("output")[1] == {"assessments/brook-trust/starters/2024-05/index.html"}


def test_the_command_says_why(tmp_path: Path) -> None:
    shop = Workshop(tmp_path / "site", random.Random(1))
    shop.set_up()
    arguments = ("build", "--only", "html", "--as-of", "2025-12-01", "-v")
    assert "rendered register/index.html: new\n" in ismpe(*arguments, cwd=shop.root).stderr
    finding(shop)
    run = ismpe(*arguments, cwd=shop.root)
    changed = [line for line in run.stderr.splitlines() if line.startswith("rendered")]
    assert changed == ["rendered assessments/brook-trust/starters/2024-05/index.html: its content changed"]
    assert "; 1 rendered anew" in run.stderr


def test_verify_compares_with_a_clean_build(tmp_path: Path) -> None:
    shop = Workshop(tmp_path / "site", random.Random(1))
    shop.set_up()
    arguments = ("build", "--only", "html", "--as-of", "2025-12-01", "--verify")
    run = ismpe(*arguments, cwd=shop.root)
    assert (run.returncode, run.stderr.splitlines()[-1]) == (0, "equal to a clean build")
    # A store that lies: one medal under the recipe of another. The build believes it, so --verify must not.
    index = shop.root / "output/.store/index.json"
    data = json.loads(index.read_bytes())
    data["files"]["medals/2020/gold.svg"][1] = data["files"]["medals/2020/bronze.svg"][1]
    index.write_text(json.dumps(data), encoding="utf-8")
    run = ismpe(*arguments, cwd=shop.root)
    assert (run.returncode, run.stderr.splitlines()[-1]) == (70, "differs from a clean build: medals/2020/gold.svg")


def test_html_only_in_between_keeps_the_printed_documents(tmp_path: Path) -> None:
    shop = Workshop(tmp_path / "site", random.Random(1))
    shop.set_up()
    project = pipeline.Project.at(shop.root)
    first = pipeline.build(project, shop.root / "output", shop.day)
    assert first.documents > 5
    pipeline.build(project, shop.root / "output", shop.day, html_only=True)
    again = pipeline.build(project, shop.root / "output", shop.day)
    assert again.rendered == ()
    assert again.documents == first.documents


@dataclass(frozen=True)
class Pair:
    one: object
    other: object


VALUES = [
    None, True, False, 0, 1, "1", "", b"1", Markup("1"), Fraction(1), Fraction(1, 2), date(2025, 1, 1), "2025-01-01",
    (), ("",), ("1", "2"), ("12",), (("1",), "2"), {"a": 1}, {"a": "1"}, {"a": 1, "b": 2}, {"b": 2, "a": 1},
    Pair(1, 2), Pair(2, 1), Pair("1", 2), [Pair(1, 2)], tree, random_walk,
]  # fmt: skip


def test_different_values_have_different_digests_and_equal_ones_the_same() -> None:
    digests = [Fingerprints().of(value) for value in VALUES]
    assert len(set(digests)) == len(VALUES)
    assert digests == [Fingerprints().of(value) for value in VALUES]
    assert Fingerprints().of([1, (2,)]) == Fingerprints().of((1, [2]))


@pytest.mark.parametrize("value", [1.5, {1, 2}, object(), date])
def test_what_is_no_plain_value_is_refused(value: object) -> None:
    if isinstance(value, type):
        assert Fingerprints().of(value)  # a class is named like a function
    else:
        with pytest.raises(TypeError, match="has no canonical form"):
            Fingerprints().of(value)


def test_every_artefact_of_the_real_site_has_a_recipe() -> None:
    project = pipeline.Project.at(ROOT)
    outcome = pipeline.planned(project, project.theme(), date(2026, 11, 22))
    made = incremental.Incremental(outcome.artefacts, project.theme(), store.Store(ROOT / "no-such-folder"), "tool")
    assert len(made.stale) == len(outcome.artefacts) > 150
