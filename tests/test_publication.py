"""Whatever befalls a build, the public tree is one whole generation, and the next build puts everything right."""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from ismpe_site import late, pipeline
from ismpe_site.build import generation
from ismpe_site.build.executors import Limits
from ismpe_site.build.executors.in_process import InProcess
from ismpe_site.build.executors.processes import Processes
from ismpe_site.build.generation import OutputError
from ismpe_site.build.store import File, Store
from ismpe_site.build.tree import fill, holds
from ismpe_site.build.unit import RenderError
from ismpe_site.late import Workers
from ismpe_site.making import Options
from ismpe_site.pipeline import Project, build
from tests import hostile_press
from tests.conftest import ROOT, ismpe
from tests.forge import DAY, NO_SPACE, Forge
from tests.minimal_site import BASE
from tests.public_tree import complaint, tree
from tests.test_second_theme import FONTS

HERE = Workers(InProcess(), InProcess())
HTML = Options(DAY, html_only=True)
# `make soak` kills more often.
KILLS = int(os.environ.get("KILLS", "300"))


@pytest.fixture(scope="module")
def forge() -> Iterator[Forge]:
    running = Forge()
    yield running
    running.stop()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_site(tmp_path / "site")


def small_site(folder: Path, *organisations: str) -> Path:
    """The small site, and organisations like its own under other names."""
    shutil.copytree(BASE, folder)
    (folder / "themes").symlink_to(ROOT / "themes")
    shutil.copy(ROOT / "site.toml", folder)
    for name in organisations:
        path = folder / "content/assessments" / name.lower().replace(" ", "-")
        shutil.copytree(BASE / "content/assessments/brook-trust", path)
        spoil(path / "organisation.yaml", "name: Brook Trust", f"name: {name}")
    return folder


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """Fewer files, so that a build has fewer operations at which to be killed: one edition, the small theme."""
    root = tmp_path / "site"
    shutil.copytree(BASE, root)
    shutil.copytree(ROOT / "tests/themes/slate", root / "themes/slate")
    (root / "themes/slate/print/fonts").mkdir()
    for font in FONTS:
        shutil.copy(ROOT / "themes/ismpe/print/fonts" / font, root / "themes/slate/print/fonts")
    settings = (ROOT / "site.toml").read_text(encoding="utf-8")
    (root / "site.toml").write_text(settings.replace('theme = "ismpe"', 'theme = "slate"'), encoding="utf-8")
    shutil.rmtree(root / "content/standards/2024-draft")
    return root


def spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def retitled(root: Path, title: object) -> None:
    """An edit that every page shows."""
    page = root / "content/pages/about/2022-01-01.md"
    text = re.sub(r"^title: .*$", f"title: About {title}", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    page.write_text(text, encoding="utf-8")


def built(root: Path, output: Path) -> dict[str, bytes]:
    build(Project.at(root), output, HTML, HERE)
    return tree(output / "public")


def copied(before: Path, output: Path) -> None:
    """``output`` as it was, links and all."""
    shutil.rmtree(output, ignore_errors=True)
    if before.exists():
        subprocess.run(["cp", "-a", before, output], check=True)


def leftovers(output: Path) -> list[str]:
    """What no build that ended well leaves."""
    wanted = {".generations", ".ismpe-output", ".lock", ".store", "public"}
    kept = [path.name for path in (output / ".generations").iterdir()]
    found = [path.name for path in output.iterdir() if path.name not in wanted]
    found += [name for name in kept if not name.isdigit()] + sorted(kept)[: -generation.KEPT]
    return found + [str(path) for path in (output / ".store").rglob("*") if path.is_file() and path.name[0] == "."]


def whole(output: Path, *allowed: dict[str, bytes] | None) -> str:
    """Why ``output`` does not show one of the sites allowed (None: none at all), whole."""
    public = output / "public"
    if not public.exists():
        return "" if None in allowed else "there is no public tree"
    found = tree(public)
    return complaint(found) or ("" if found in allowed else "neither the old site nor the new one")


# -- killed --


def first(root: Path, output: Path) -> None:
    """The first build of all."""


def second(root: Path, output: Path) -> None:
    """One site is there, and a page is edited."""
    built(root, output)
    retitled(root, "us")


def eighth(root: Path, output: Path) -> None:
    """An old generation is brought up to date, and what is no longer needed is removed from the store."""
    shutil.copytree(root / "content/assessments/brook-trust", root / "content/assessments/other-trust")
    for number in range(7):
        retitled(root, number)
        built(root, output)
    shutil.rmtree(root / "content/assessments/other-trust")
    retitled(root, "us")


def replaced(root: Path, output: Path) -> None:
    """Somebody put a folder where the link belongs."""
    built(root, output)
    old = (output / "public").resolve()
    (output / "public").unlink()
    shutil.copytree(old, output / "public")
    retitled(root, "us")


@pytest.mark.slow
@pytest.mark.parametrize("state", [first, second, eighth])
def test_a_build_killed_at_any_file_operation_leaves_one_whole_site(
    state: Callable[[Path, Path], None], tiny: Path, tmp_path: Path, forge: Forge
) -> None:
    root, before, output = tiny, tmp_path / "before", tmp_path / "output"
    state(root, before)
    old = tree(before / "public") if before.exists() else None
    copied(before, output)
    code, operations = forge.build(root, output, watch=True)
    new = tree(output / "public")
    assert code == 0
    assert {"open", "write", "os.rename", "os.mkdir", "os.link", "os.symlink"} <= set(operations)
    assert state is not eighth or {"os.remove", "os.rmdir"} <= set(operations)
    assert len(operations) > 30
    for strike in range(len(operations)):
        copied(before, output)
        assert forge.build(root, output, strike=strike)[0] == -signal.SIGKILL
        assert not whole(output, old, new), f"killed before {operations[strike]}, {strike}"
        assert forge.build(root, output)[0] == 0
        assert tree(output / "public") == new, f"killed before {operations[strike]}, {strike}"
        assert leftovers(output) == [], f"killed before {operations[strike]}, {strike}"


@pytest.mark.slow
def test_builds_killed_at_random_times_leave_one_whole_site(tiny: Path, tmp_path: Path, forge: Forge) -> None:
    """Killed again and again, with no build in between that ends well but a few."""
    root, output, sites = tiny, tmp_path / "output", []
    for number in range(3):
        retitled(root, number)
        sites.append(built(root, tmp_path / f"clean-{number}"))
    assert forge.build(root, output)[0] == 0
    retitled(root, 0)
    begun = time.monotonic()
    assert forge.build(root, output)[0] == 0
    seconds, drawn, killed, number = time.monotonic() - begun, random.Random(1), 0, 0
    while killed < KILLS:
        number += 1
        assert number < 10 * KILLS, "most builds end before they are killed"
        retitled(root, number % 3)
        if number % 25 == 0:
            shutil.rmtree(output / ".store")
        old = tree(output / "public")
        code, _ = forge.build(root, output, after=drawn.uniform(0, seconds))
        killed += code == -signal.SIGKILL
        assert not whole(output, old, sites[number % 3]), f"killed for the {killed}th time"
        if number % 5 == 0:
            assert forge.build(root, output)[0] == 0
            assert tree(output / "public") == sites[number % 3]
            assert leftovers(output) == []


def test_a_generation_that_is_shown_is_never_worked_on(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two builds were killed between making a generation and showing it; the output is named as from its folder."""
    monkeypatch.chdir(tmp_path)
    output = Path("output")
    for number in range(3):
        retitled(root, number)
        built(root, output)
    (output / "public").unlink()
    (output / "public").symlink_to(".generations/1")
    old = tree(output / "public")
    retitled(root, "us")
    fill_tree = generation.fill

    def looking(*arguments: object) -> None:
        fill_tree(*arguments)  # type: ignore[arg-type]
        assert tree(output / "public") == old

    monkeypatch.setattr(generation, "fill", looking)
    assert built(root, output) != old


def test_a_folder_in_the_place_of_the_link_goes_only_when_the_new_site_is_there(root: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    replaced(root, output)
    old = tree(output / "public")
    spoil(root / "content/assessments/brook-trust/starters/2024-05.yaml", "ada-sample", "nobody")
    with pytest.raises(pipeline.ContentError):
        built(root, output)
    assert tree(output / "public") == old
    spoil(root / "content/assessments/brook-trust/starters/2024-05.yaml", "nobody", "ada-sample")
    assert complaint(built(root, output)) == ""
    assert (output / "public").is_symlink()
    assert leftovers(output) == []


def test_objects_of_one_size_and_time_are_not_taken_for_each_other(tmp_path: Path) -> None:
    store, folder = Store(tmp_path / "store"), tmp_path / "tree"
    one, other = store.put("a", "", b"one"), store.put("b", "", b"two")
    for file in (one, other):
        os.utime(store.object(file.digest), ns=(10**18, 10**18))
    one, other = (store.whole(file) for file in (one, other))  # type: ignore[assignment]
    folder.mkdir()
    fill(folder, [one, other], store)
    swapped = [File("a", "", other.digest, 3, other.time), File("b", "", one.digest, 3, one.time)]
    assert not holds(folder, swapped)
    fill(folder, swapped, store)
    assert tree(folder) == {"a": b"two", "b": b"one"}


def test_a_build_that_has_nothing_to_do_switches_nothing(root: Path, tmp_path: Path) -> None:
    """Not even after the store's garbage was collected."""
    output = tmp_path / "output"
    for number in range(8):
        retitled(root, number)
        built(root, output)
    assert (output / "public").resolve().name == "8"
    assert not build(Project.at(root), output, HTML, HERE).switched


# -- no room, no permission --


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path | None]:
    """A small disk of its own, where one may be had."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", folder]
    mounted = not os.geteuid() and subprocess.run(command, check=False, capture_output=True).returncode == 0
    yield folder if mounted else None
    if mounted:
        subprocess.run(["umount", "--lazy", folder], check=True)


def free(folder: Path) -> int:
    status = os.statvfs(folder)
    return status.f_bavail * status.f_bsize


@pytest.mark.slow
def test_a_full_disk_leaves_the_old_site_at_twenty_sizes(
    root: Path, tmp_path: Path, disk: Path | None, forge: Forge
) -> None:
    if disk is None:
        # No disk to fill: the same error at twenty operations.
        output = tmp_path / "output"
        old = built(root, output)
        retitled(root, "us")
        copied(output, tmp_path / "before")
        _, operations = forge.build(root, output, watch=True)
        for part in range(20):
            copied(tmp_path / "before", output)
            code, _ = forge.build(root, output, strike=part * len(operations) // 20, blow="full")
            assert (code, tree(output / "public")) == (NO_SPACE, old)
        return
    output, ballast = disk / "output", disk / "ballast"
    old = built(root, output)
    room = free(disk)
    retitled(root, "us")
    new = built(root, output)
    needed = room - free(disk)
    for part in range(20):
        shutil.rmtree(output)
        retitled(root, "them")
        old = built(root, output)
        with ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, free(disk) - needed * part // 20 // 4096 * 4096)
        retitled(root, "us")
        code, _ = forge.build(root, output)
        assert (code, tree(output / "public")) == (NO_SPACE, old), f"{part} of 20"
        if part == 10:
            run = ismpe("build", "--only", "html", "--as-of", str(DAY), "--output", str(output), cwd=root)
            assert run.returncode == 2
            assert run.stderr == (
                "the disk is full; free some room, or name another --output\nthe site was not replaced\n"
            )
        ballast.unlink()
        assert built(root, output) == new
        assert leftovers(output) == []


def test_an_output_that_cannot_be_written_is_said(root: Path, tmp_path: Path, disk: Path | None) -> None:
    output = (disk or tmp_path) / "output"
    old = built(root, output)
    retitled(root, "us")
    if disk:
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    else:
        output.chmod(0o555)
    with pytest.raises(OutputError, match=re.escape(f"{output} cannot be used: ")):
        built(root, output)
    assert tree(output / "public") == old
    output.chmod(0o755) if not disk else None


def test_a_folder_of_somebody_else_is_left_alone(root: Path, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters/one.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(OutputError, match="is not empty and was not made by ismpe"):
        built(root, tmp_path / "letters")
    assert tree(tmp_path / "letters") == {"one.txt": b"keep"}


def test_a_file_where_the_output_belongs_is_left_alone(root: Path, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("keep", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be used: File exists"):
        built(root, tmp_path / "letter")
    assert (tmp_path / "letter").read_text(encoding="utf-8") == "keep"


@pytest.mark.parametrize("where", ["content/out", "content/pages/out", "themes/out", "content/../content/out"])
def test_an_output_among_what_the_site_is_made_from_is_refused(where: str, root: Path) -> None:
    before = tree(root / "content")
    with pytest.raises(OutputError, match="which the site is made from; name another --output"):
        built(root, root / where)
    assert tree(root / "content") == before
    assert not (root / "themes/out").exists()


def test_a_second_build_is_told_who_is_at_work(root: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    old = built(root, output)
    retitled(root, "us")
    with generation.claimed(output):
        run = ismpe("build", "--only", "html", "--output", str(output), cwd=root)
    words = f"another build is at work here (process {os.getpid()}); wait for it, or name another --output"
    assert (run.returncode, run.stderr) == (4, f"{words}\nthe site was not replaced\n")
    assert tree(output / "public") == old


# -- workers in trouble --


@pytest.mark.slow
def test_trouble_with_some_documents_costs_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("Crash Trust", "Hang Trust", "Eater Trust", "Error Trust")
    root, output = small_site(tmp_path / "site", *names), tmp_path / "output"
    old = built(root, output)
    monkeypatch.setattr(late, "press", hostile_press.press)
    limits = Limits(seconds=6, megabytes=2048)
    with pytest.raises(RenderError) as raised:
        build(Project.at(root), output, Options(DAY), Workers(InProcess(), Processes(2, limits)))
    assert tree(output / "public") == old
    why = {
        "crash": "tried twice, and its process crashed (SIGSEGV): please report what it is made from",
        "hang": "tried twice, and not done within 6 seconds: make it smaller, or allow it more time",
        "eater": "tried twice, and it needed more than 2048 MB of memory: make it smaller, or allow it more memory",
        "error": "this cannot be printed",
    }
    failed = raised.value.failures
    assert {path.split("/")[1] for path in failed} == {name.lower().replace(" ", "-") for name in names}
    for path, reason in failed.items():
        assert reason == why[path.split("/")[1].removesuffix("-trust")], path
    monkeypatch.undo()
    # Everything else was printed, and is not printed again.
    mended = build(Project.at(root), output, Options(DAY), Workers(InProcess(), Processes(2)))
    assert {stale.path for stale in mended.rendered} == failed.keys()
    assert complaint(tree(output / "public")) == ""


# -- ended --


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ending", "code", "words"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "ended")]
)
def test_a_build_that_is_ended_leaves_the_old_site_and_no_process(
    ending: signal.Signals, code: int, words: str, tmp_path: Path
) -> None:
    root, output = small_site(tmp_path / "site", "One Trust", "Two Trust", "Three Trust"), tmp_path / "output"
    old = built(root, output)
    command = [sys.executable, "-m", "ismpe_site", "build", "--jobs", "2", "--as-of", str(DAY)]
    program = subprocess.Popen(
        [*command, "--output", output], cwd=root, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    end, store = time.monotonic() + 60, len(list((output / ".store/objects").glob("*/*")))
    while len(list((output / ".store/objects").glob("*/*"))) == store:
        assert time.monotonic() < end, "nothing is printed"
        time.sleep(0.02)
    # At a terminal Ctrl-C reaches every process there.
    os.killpg(program.pid, ending) if ending == signal.SIGINT else program.send_signal(ending)
    _, said = program.communicate(timeout=30)
    assert (program.returncode, said) == (code, f"{words}\nthe site was not replaced\n")
    for _ in range(100):
        with suppress(ProcessLookupError):
            os.killpg(program.pid, 0)
            time.sleep(0.05)
            continue
        break
    else:
        pytest.fail("a process is left")
    assert tree(output / "public") == old
    build(Project.at(root), output, HTML, HERE)
    assert leftovers(output) == []


@pytest.mark.parametrize("library", ["typer", "pydantic", "ismpe_site.pipeline"])
def test_interruption_while_the_program_is_being_loaded_is_no_traceback(library: str) -> None:
    program = f"""
import os, signal, sys
class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == {library!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
from ismpe_site.__main__ import main
main()
"""
    command = [sys.executable, "-c", program]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (130, "", "interrupted\n")
