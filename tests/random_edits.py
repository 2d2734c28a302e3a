"""A small site, and every kind of edit and damage that may befall it between two builds; all drawn from one seed."""

from __future__ import annotations

import hashlib
import os
import pickle
import random
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ismpe_site import late, making, pipeline
from ismpe_site.artefact import PrintDocument
from ismpe_site.build import inputs
from ismpe_site.build.executors.in_process import InProcess
from ismpe_site.build.generation import CollisionError, LinkError
from ismpe_site.build.unit import RenderError
from ismpe_site.problems import ContentError
from ismpe_site.project import tool_digest
from ismpe_site.theme import Theme, ThemeError
from tests.conftest import ROOT
from tests.minimal_site import BASE
from tests.public_tree import tree

if TYPE_CHECKING:
    import pytest

HERE = late.Workers(InProcess(), InProcess())
# What a build says of a site that cannot be built. Anything else that is raised is a fault of the program.
SAID = (ContentError, LinkError, CollisionError, RenderError, ThemeError)
NAMES = ("alder-trust", "cedar-trust", "hazel-trust", "maple-trust")
MOST_ORGANISATIONS = MOST_ASSESSMENTS = 3
# Of the theme only what an edit may change is remembered for its undoing; its fonts are large.
EDITED = ("content/**/*", "site.toml", "themes/ismpe/templates/**/*", "themes/ismpe/assets/*", "themes/ismpe/*.toml",
          "themes/ismpe/print/*.css")  # fmt: skip
# The two seconds during which a file's time proves nothing, made so short that files grow old within a walk.
UNSURE = 30_000_000

ASSESSMENT = re.compile(r"\d{4}-\d{2}\.yaml")


@dataclass(frozen=True)
class Result:
    """What a build gave: the public tree, or what it said instead."""

    tree: dict[str, bytes]
    words: str = ""


@dataclass
class Walk:
    """The site at ``root``, which goes from one state to the next."""

    root: Path
    random: random.Random
    prints: float = 0.06
    day: date = date(2025, 12, 1)
    tool: int = 0
    count: int = 0
    html_only: bool = True
    done: list[str] = field(default_factory=list)
    past: list[tuple[dict[str, bytes], date, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        shutil.copytree(BASE, self.root)
        shutil.copytree(ROOT / "themes", self.root / "themes")
        shutil.copy(ROOT / "site.toml", self.root / "site.toml")

    # -- steps --

    def step(self) -> str:
        """One random edit, or damage, or both; gives their names. What it was before is kept, to return to."""
        self.past = [*self.past[-5:], (self.files(), self.day, self.tool)]
        self.count += 1
        self.html_only = self.random.random() > self.prints
        # A site without its organisations shows little, so it does not stay so for long.
        shown = "publish_specimens = true" in (self.root / "site.toml").read_text(encoding="utf-8")
        kinds = [self.random.choice((*EDITS, *DAMAGE) if shown else HIDDEN)]
        # Of a site that looks as it did nothing is read, so damage is often met by an edit.
        if kinds[0] in DAMAGE and self.random.random() < 0.5:
            kinds.append(self.random.choice(EDITS))
        for kind in kinds:
            kind(self)
            self.done.append(kind.__name__)
        return " and ".join(kind.__name__ for kind in kinds)

    def undo(self) -> None:
        """Back to what was there before the last step."""
        before, self.day, self.tool = self.past[-1]
        self.restore(before)

    def build(self, output: str) -> Result:
        """Build as the command does; of a site with faults, what is said of them."""
        options = making.Options(self.day, html_only=self.html_only)
        try:
            pipeline.build(pipeline.Project.at(self.root), self.root / output, options, HERE)
        except SAID as error:
            return Result({}, f"{type(error).__name__}: {vars(error)}")
        return Result(tree(self.root / output / "public"))

    def clean(self) -> Result:
        """What a build from nothing gives."""
        shutil.rmtree(self.root / "clean", ignore_errors=True)
        return self.build("clean")

    # -- the files of the site --

    def files(self) -> dict[str, bytes]:
        """Everything that an edit may change."""
        found = (path for pattern in EDITED for path in self.root.glob(pattern) if path.is_file())
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in found}

    def restore(self, before: dict[str, bytes]) -> None:
        """The files of another time again; those that are the same are not touched."""
        now = self.files()
        for name in now.keys() - before.keys():
            (self.root / name).unlink()
        for name, data in before.items():
            if now.get(name) != data:
                (self.root / name).parent.mkdir(parents=True, exist_ok=True)
                (self.root / name).write_bytes(data)
        for folder in sorted((self.root / "content").rglob("*"), reverse=True):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()

    def sub(self, path: Path | str, pattern: str, new: str) -> None:
        """Replace what ``pattern`` finds first; the same file is written, as many editors do."""
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(pattern, lambda _: new, text, count=1, flags=re.MULTILINE), encoding="utf-8")

    def one(self, paths: list[Path]) -> Path:
        """Any of ``paths``."""
        return self.random.choice(sorted(paths))

    def organisations(self) -> list[Path]:
        return sorted((self.root / "content/assessments").iterdir())

    def programme(self) -> Path:
        return self.one(list((self.root / "content/assessments").glob("*/*/programme.yaml"))).parent

    def assessment(self) -> Path:
        found = (self.root / "content/assessments").glob("*/*/*.yaml")
        return self.one([path for path in found if ASSESSMENT.fullmatch(path.name)])

    def room(self) -> bool:
        """Whether one more assessment keeps the site small, and so the walk fast."""
        found = (self.root / "content/assessments").glob("*/*/20*.yaml")
        return len(list(found)) <= MOST_ASSESSMENTS

    def free_name(self) -> str | None:
        taken = {path.name for path in self.organisations()}
        free = [name for name in NAMES if name not in taken]
        return self.random.choice(free) if free and len(taken) < MOST_ORGANISATIONS and self.room() else None


# -- edits of assessments and organisations --


def rating(w: Walk) -> None:
    w.sub(w.assessment(), r"2\.1: [024]$", f"2.1: {w.random.choice([0, 2, 4])}")


def rating_with_a_finding(w: Walk) -> None:
    w.sub(w.assessment(), r"1\.1: \{rating: [024]", f"1.1: {{rating: {w.random.choice([0, 2, 4])}")


def finding(w: Walk) -> None:
    w.sub(w.assessment(), r"finding: [^,]*,", f"finding: Seen {w.count} times.,")


def quiet_rating(w: Walk) -> None:
    """As large as before, at the same second, its time put back: only reading it shows the change."""
    path = w.assessment()
    before = path.stat()
    rating(w) if w.random.random() < 0.5 else w.sub(path, r"2\.1: [024]$", f"2.1: {w.random.choice([0, 2, 4])}")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def assessment_status(w: Walk) -> None:
    path = w.assessment()
    if re.search(r"^status: reviewed$", path.read_text(encoding="utf-8"), re.MULTILINE):
        w.sub(path, r"^status: .*$", "status: withdrawn\nwithdrawn: {on: 2025-06-01, reason: It no longer holds.}")
    else:
        w.sub(path, r"^status: withdrawn\nwithdrawn: .*$", "status: reviewed")


def order(w: Walk) -> None:
    """The same words in another order."""
    path = w.assessment()
    now = "[The leaflet, The talk]" in path.read_text(encoding="utf-8")
    words = "[The talk, The leaflet]" if now else "[The leaflet, The talk]"
    w.sub(path, r"strengths: .*?\]", f"strengths: {words}")


def comment(w: Walk) -> None:
    path = w.random.choice([w.assessment(), w.programme() / "programme.yaml", w.root / "content/people/bo-sample.yaml"])
    w.sub(path, r"(?m)(\s*# remark \d+)?\Z", f"\n# remark {w.count}")


def new_organisation(w: Walk) -> None:
    if name := w.free_name():
        shutil.copytree(BASE / "content/assessments/brook-trust", w.root / "content/assessments" / name)
        w.sub(f"content/assessments/{name}/organisation.yaml", r"^name: .*$", f"name: {name.title()}")


def delete_organisation(w: Walk) -> None:
    if len(w.organisations()) > 1:
        shutil.rmtree(w.one(w.organisations()))


def rename_organisation(w: Walk) -> None:
    path = w.one(w.organisations())
    if name := w.random.choice([name for name in NAMES if name not in {p.name for p in w.organisations()}] or [""]):
        path.rename(path.with_name(name))


def swap_organisations(w: Walk) -> None:
    one, other = w.one(w.organisations()), w.one(w.organisations())
    if one != other:
        one.rename(w.root / "aside")
        other.rename(one)
        (w.root / "aside").rename(other)


def organisation_name(w: Walk) -> None:
    w.sub(w.one(w.organisations()) / "organisation.yaml", r"^name: .*$", f"name: Trust {w.count}")


def organisation_text(w: Walk) -> None:
    w.sub(w.one(w.organisations()) / "organisation.yaml", r"^about: .*$", f"about: It looks after {w.count} brooks.")


def named_and_gone(w: Walk) -> None:
    """One organisation's text leads to another; the next time, that other one is gone and the first is as it was."""
    texts = {path: (path / "organisation.yaml").read_text(encoding="utf-8") for path in w.organisations()}
    named = [path for path in texts if any(f"/{path.name}/" in text for one, text in texts.items() if one != path)]
    if named:
        shutil.rmtree(w.one(named))
    elif len(texts) > 1:
        one, other = w.random.sample(sorted(texts), 2)
        w.sub(one / "organisation.yaml", r"^about: .*$", f"about: As [others](/organisations/{other.name}/) do.")
    else:
        new_organisation(w)


def visibility(w: Walk) -> None:
    value = w.random.choice(["public", "public", "public", "award"])
    w.sub(w.one(w.organisations()) / "organisation.yaml", r"^visibility: .*$", f"visibility: {value}")


def programme_text(w: Walk) -> None:
    w.sub(w.programme() / "programme.yaml", r"^audience: .*$", f"audience: Staff of {w.count} years")


def programme_document(w: Walk) -> None:
    path = w.programme() / f"purpose/202{w.random.randrange(2, 5)}-01-01.md"
    text = f"---\ntitle: Purpose\nsummary: S.\nchanges: C.\n---\nTo meet {w.count} times.\n"
    path.unlink() if path.exists() else path.write_text(text, encoding="utf-8")


def second_programme(w: Walk) -> None:
    path = w.programme()
    other = path.with_name("leavers" if path.name == "starters" else "starters")
    if other.exists():
        shutil.rmtree(path)
    elif w.room():
        shutil.copytree(path, other)


def second_assessment(w: Walk) -> None:
    path = w.assessment()
    year = w.random.randrange(2023, 2026)
    text = re.sub(r"20\d\d(?=-0[567]-\d\d)", str(year), path.read_text(encoding="utf-8"))
    if w.room():
        path.with_name(f"{year}-05.yaml").write_text(text, encoding="utf-8")


def delete_assessment(w: Walk) -> None:
    path = w.assessment()
    if len(list(path.parent.glob("20*.yaml"))) > 1:
        path.unlink()


def rename_assessment(w: Walk) -> None:
    path = w.assessment()
    month = "06" if path.stem.endswith("05") else "05"
    if not path.with_name(f"{path.stem[:4]}-{month}.yaml").exists():
        path.rename(path.with_name(f"{path.stem[:4]}-{month}.yaml"))


# -- edits of what all share --


def wording(w: Walk) -> None:
    edition = w.random.choice(["2020", "2024-draft"])
    w.sub(f"content/standards/{edition}/edition.yaml", r"^introduction: .*$", f"introduction: Number {w.count}.")


def criterion(w: Walk) -> None:
    for edition in ("2020", "2024-draft"):
        w.sub(
            f"content/standards/{edition}/2-people.yaml", r"Mentors are .*$", f"Mentors are trained for {w.count} days"
        )


def edition_status(w: Walk) -> None:
    path = "content/standards/2024-draft/edition.yaml"
    if "status_note" in (w.root / path).read_text(encoding="utf-8"):
        w.sub(path, r"^status_note: .*\n", "")
    else:
        w.sub(path, r"^status: draft$", f"status: draft\nstatus_note: Note {w.count}.")


def validity(w: Walk) -> None:
    path = "content/standards/2020/edition.yaml"
    w.sub(path, r"validity_years: \d", f"validity_years: {w.random.randrange(1, 5)}")


def threshold(w: Walk) -> None:
    w.sub(
        "content/standards/2020/edition.yaml",
        r"bronze, overall: \d\d",
        f"bronze, overall: {w.random.choice([50, 60, 70])}",
    )


def person(w: Walk) -> None:
    who = w.random.choice(["ada", "bo", "sam"])
    w.sub(f"content/people/{who}-sample.yaml", r"^name: .*$", f"name: {who.title()} Sample {w.count}")


def people(w: Walk) -> None:
    path = w.root / "content/people/new-sample.yaml"
    path.unlink() if path.exists() else shutil.copy(w.root / "content/people/bo-sample.yaml", path)


def page(w: Walk) -> None:
    """Sometimes with a link to an organisation, which may be gone later."""
    where = w.random.choice([f"/organisations/{w.one(w.organisations()).name}/", "/register/", "/people/nowhere/"])
    text = w.random.choice([f"This is standard {w.count}.", f"See [there]({where})."])
    w.sub("content/pages/about/2022-01-01.md", r"^(This is|See) .*$", text)


def page_title(w: Walk) -> None:
    w.sub("content/pages/about/2022-01-01.md", r"^title: .*$", f"title: About {w.count}")


def another_page(w: Walk) -> None:
    path = w.root / "content/pages/help"
    if path.exists():
        shutil.rmtree(path)
    else:
        path.mkdir()
        shutil.copy(BASE / "content/pages/about/2022-01-01.md", path / "2022-01-01.md")
        w.sub(path / "2022-01-01.md", r"^title: .*$", "title: Help")


def page_version(w: Walk) -> None:
    path = w.root / f"content/pages/about/202{w.random.randrange(3, 7)}-02-01.md"
    text = f"---\ntitle: Later\nsummary: S.\nchanges: Number {w.count}.\n---\nText {w.count}.\n"
    path.unlink() if path.exists() else path.write_text(text, encoding="utf-8")


def tagline(w: Walk) -> None:
    w.sub("site.toml", r"^tagline = .*$", f'tagline = "Number {w.count}"')


def address(w: Walk) -> None:
    where = w.random.choice(["https://ismpe.example/", "https://ismpe.example/sub/", "http://other.example/"])
    w.sub("site.toml", r"^base_url = .*$", f'base_url = "{where}"')


def specimens(w: Walk) -> None:
    shown = "publish_specimens = true" in (w.root / "site.toml").read_text(encoding="utf-8")
    w.sub("site.toml", r"^publish_specimens = .*$", f"publish_specimens = {'false' if shown else 'true'}")


def another_day(w: Walk) -> None:
    w.day = date(w.random.randrange(2024, 2030), w.random.randrange(1, 13), 1)


def another_program(w: Walk) -> None:
    w.tool += 1


# -- edits of the theme --


def template(w: Walk) -> None:
    """One that all pages are made from."""
    w.sub(
        "themes/ismpe/templates/web/base.html", r"<footer class=\"[^\"]*\"", f'<footer class="site-footer n{w.count}"'
    )


def print_template(w: Walk) -> None:
    w.sub("themes/ismpe/templates/print/head.html", r"(<!-- \d+ -->)?\n?\Z", f"<!-- {w.count} -->\n")


def style(w: Walk) -> None:
    w.sub("themes/ismpe/assets/site.css", r"(/\* \d+ \*/)?\n?\Z", f"/* {w.count} */\n")


def print_style(w: Walk) -> None:
    w.sub("themes/ismpe/print/base.css", r"(/\* \d+ \*/)?\n?\Z", f"/* {w.count} */\n")


def image(w: Walk) -> None:
    w.sub("themes/ismpe/assets/favicon.svg", r"(<!-- \d+ -->)?\n?\Z", f"<!-- {w.count} -->\n")


def another_asset(w: Walk) -> None:
    path = w.root / "themes/ismpe/assets/mark.png"
    path.unlink() if path.exists() else path.write_bytes(b"\x89PNG" + bytes([w.count % 256]))


def theme_settings(w: Walk) -> None:
    w.sub("themes/ismpe/theme.toml", r"(\n# remark \d+)?\n?\Z", f"\n# remark {w.count}\n")


# -- neither here nor there --


def nothing(w: Walk) -> None:
    del w


def touched(w: Walk) -> None:
    for path in (w.root / w.random.choice(["content", "themes/ismpe/templates"])).rglob("*"):
        if path.is_file() and w.random.random() < 0.5:
            path.touch()


def reverted(w: Walk) -> None:
    w.restore(w.random.choice(w.past)[0])


def backup_file(w: Walk) -> None:
    path = w.assessment().with_name(".2024-05.yaml.swp")
    path.unlink() if path.exists() else path.write_text(str(w.count), encoding="utf-8")


# -- damage to the output --


def objects(w: Walk) -> list[Path]:
    return [path for path in (w.root / "output/.store/objects").glob("*/*") if path.is_file()]


def records(w: Walk) -> list[Path]:
    return [path for path in (w.root / "output/.store/units").rglob("*.json") if path.is_file()]


def published(w: Walk) -> list[Path]:
    public = w.root / "output/public"
    return [path for path in public.resolve().rglob("*") if path.is_file()] if public.exists() else []


def some_of(kind: Callable[[Walk], list[Path]], w: Walk) -> list[Path]:
    """A few of the files, so that what matters is met."""
    found = sorted(kind(w))
    return w.random.sample(found, min(len(found), w.random.choice([1, 5, len(found)])))


def truncated_objects(w: Walk) -> None:
    for path in some_of(objects, w):
        os.truncate(path, w.random.randrange(path.stat().st_size + 1))


def tampered_objects(w: Walk) -> None:
    """As large as before."""
    for path in some_of(objects, w):
        data = bytearray(path.read_bytes())
        data[w.random.randrange(len(data))] ^= 1
        path.write_bytes(data)


def deleted_objects(w: Walk) -> None:
    for path in some_of(objects, w):
        path.unlink()


def touched_objects(w: Walk) -> None:
    for path in some_of(objects, w):
        path.touch()


def truncated_records(w: Walk) -> None:
    for path in some_of(records, w):
        os.truncate(path, w.random.randrange(path.stat().st_size))


def tampered_records(w: Walk) -> None:
    """Still JSON: one file given out for another, or other words for a name."""
    for path in some_of(records, w):
        data = path.read_bytes()
        if w.random.random() < 0.5:
            path.write_bytes(data.replace(b"Trust", b"Thrst").replace(b"Sample", b"Simple"))
            continue
        found = re.findall(rb'"[0-9a-f]{64}",\d+,\d+\]', data)
        if len(found) > 1:
            one, other = w.random.sample(found, 2)
            path.write_bytes(data.replace(one, b"\0").replace(other, one).replace(b"\0", other))


def deleted_records(w: Walk) -> None:
    for path in some_of(records, w):
        path.unlink()


def deleted_store(w: Walk) -> None:
    shutil.rmtree(w.root / "output/.store")


def deleted_output(w: Walk) -> None:
    for path in some_of(published, w):
        path.unlink()


def tampered_output(w: Walk) -> None:
    """Written to where it is: the store's object is the same file."""
    for path in some_of(published, w):
        path.write_bytes(b"tampered")


def replaced_output(w: Walk) -> None:
    """Another file in its place: the store's object is unharmed."""
    for path in some_of(published, w):
        path.unlink()
        path.write_bytes(b"replaced")


def stray_output(w: Walk) -> None:
    public = w.root / "output/public"
    if public.exists():
        kind = w.random.randrange(3)
        where = public.resolve() / w.random.choice([f"stray-{w.count}", f"register/stray-{w.count}"])
        if kind == 0:
            where.mkdir(parents=True)
        elif kind == 1:
            where.parent.mkdir(exist_ok=True)
            where.write_text("stray", encoding="utf-8")
        else:
            where.parent.mkdir(exist_ok=True)
            where.symlink_to("/etc")


def public_folder(w: Walk) -> None:
    """A folder where the link belongs."""
    public = w.root / "output/public"
    if public.is_symlink():
        generation = public.resolve()
        public.unlink()
        shutil.copytree(generation, public)


def public_gone(w: Walk) -> None:
    (w.root / "output/public").unlink(missing_ok=True) if (w.root / "output/public").is_symlink() else None


def older_generation(w: Walk) -> None:
    """Somebody let the link lead to an older one."""
    found = sorted(path for path in (w.root / "output/.generations").iterdir() if path.name.isdigit())
    public = w.root / "output/public"
    if found and public.is_symlink():
        public.unlink()
        public.symlink_to(f".generations/{w.one(found).name}")


def damaged_generation(w: Walk) -> None:
    """The one that the next build may bring up to date."""
    for path in some_of(lambda w: [p for p in (w.root / "output/.generations").rglob("*") if p.is_file()], w):
        path.unlink()
        path.write_bytes(b"damaged")


EDITS: tuple[Callable[[Walk], None], ...] = (
    rating, rating, rating_with_a_finding, finding, quiet_rating, quiet_rating, assessment_status, order, order,
    comment, new_organisation, new_organisation, delete_organisation, delete_organisation, rename_organisation,
    swap_organisations, organisation_name, organisation_text, named_and_gone, named_and_gone, named_and_gone,
    visibility, programme_text,
    programme_document,
    second_programme, second_assessment, delete_assessment, rename_assessment,
    wording, criterion, edition_status, validity, threshold, person, people, page, page_title, another_page,
    page_version, tagline, address, specimens, another_day, another_day, another_program, another_program,
    template, template, print_template, style, print_style, image, another_asset, theme_settings,
    nothing, touched, reverted, reverted, backup_file,
)  # fmt: skip

DAMAGE: tuple[Callable[[Walk], None], ...] = (
    truncated_objects, tampered_objects, tampered_objects, deleted_objects, touched_objects,
    truncated_records, tampered_records, tampered_records, deleted_records, deleted_store,
    deleted_output, tampered_output, replaced_output, stray_output, public_folder, public_gone, older_generation,
    damaged_generation,
)  # fmt: skip

# While organisations are hidden. No link is made that leads nowhere: they could then never be shown again.
HIDDEN: tuple[Callable[[Walk], None], ...] = (specimens, rating, organisation_text, address, truncated_objects)

KINDS = {kind.__name__ for kind in (*EDITS, *DAMAGE)}


@contextmanager
def surroundings(walk: Walk, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Where the walk's number of the program counts as the program: another one gives other pages.

    A document is printed once for each print file and text, and a picture painted once: press and painter are pure
    functions, which ``tests/test_reproducible.py`` shows, so that the walk need not do again what it has done before.
    """
    press, render, memory = late.press, Theme.render, {}

    def remembering(document: PrintDocument, theme: Theme, *, accelerate: bool = True) -> bytes:
        theme_part = hashlib.sha256(pickle.dumps(sorted(theme.print_files.items()))).hexdigest()
        key = pickle.dumps(document), theme_part
        if key not in memory:
            memory[key] = press(document, theme, accelerate=accelerate)
        return memory[key]

    def marked(theme: Theme, name: str, context: dict[str, object], *language: str) -> str:
        text = render(theme, name, context, *language)
        return f"{text}<!-- program {walk.tool} -->\n" if name.endswith(".html") and walk.tool else text

    with patch.context() as patched:
        patched.setattr(inputs, "UNSURE", UNSURE)
        patched.setattr(late, "press", remembering)
        patched.setattr(late, "paint", cache(late.paint))
        patched.setattr(Theme, "render", marked)
        for module in (making, pipeline):
            patched.setattr(module, "tool_digest", lambda: f"{tool_digest()}-{walk.tool}")
        yield
