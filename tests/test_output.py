"""The public folder: one build at a time, the old or the new site and never a mixture, nothing of others touched."""

import multiprocessing
import multiprocessing.synchronize
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ismpe_site.build.output import LinkError, LockedError, OutputError, publish

PAGE = b"<!doctype html><title>t</title><a href='other.html'>x</a>"


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def site(number: int) -> dict[str, bytes]:
    return {"index.html": PAGE, "other.html": b"<!doctype html><title>t</title>", "n.txt": str(number).encode()}


def test_it_holds_exactly_the_files(tmp_path: Path) -> None:
    assert publish(site(1).items(), tmp_path / "out") == 3
    publish({"a/b.txt": b"x"}.items(), tmp_path / "out")
    assert tree(tmp_path / "out/public") == {"a/b.txt": b"x"}


def test_a_broken_link_leaves_the_old_site(tmp_path: Path) -> None:
    publish(site(1).items(), tmp_path / "out")
    with pytest.raises(LinkError) as raised:
        publish({"index.html": PAGE}.items(), tmp_path / "out")
    assert raised.value.broken == ["index.html: the link to /other.html leads nowhere"]
    assert tree(tmp_path / "out/public") == site(1)


def test_a_failure_half_way_leaves_the_old_site(tmp_path: Path) -> None:
    publish(site(1).items(), tmp_path / "out")

    def failing() -> Iterator[tuple[str, bytes]]:
        yield "index.html", PAGE
        raise RuntimeError

    with pytest.raises(RuntimeError):
        publish(failing(), tmp_path / "out")
    assert tree(tmp_path / "out/public") == site(1)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [".ismpe-output", ".lock", "public"]


def slowly(output: Path, ready: "multiprocessing.synchronize.Event") -> None:
    def files() -> Iterator[tuple[str, bytes]]:
        yield "index.html", PAGE
        ready.set()
        time.sleep(60)
        yield "other.html", b""

    publish(files(), output)


def test_a_second_build_is_told_who_is_at_work_and_a_killed_one_leaves_no_trace(tmp_path: Path) -> None:
    output = tmp_path / "out"
    publish(site(1).items(), output)
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    other = context.Process(target=slowly, args=(output, ready))
    other.start()
    assert ready.wait(30)
    with pytest.raises(LockedError, match=f"process {other.pid}"):
        publish(site(2).items(), output)
    assert tree(output / "public") == site(1)
    assert other.pid is not None
    os.kill(other.pid, signal.SIGKILL)
    other.join(10)
    assert tree(output / "public") == site(1)
    publish(site(3).items(), output)
    assert tree(output / "public") == site(3)
    assert sorted(path.name for path in output.iterdir()) == [".ismpe-output", ".lock", "public"]


def test_a_build_killed_while_switching_is_put_right(tmp_path: Path) -> None:
    output = tmp_path / "out"
    publish(site(1).items(), output)
    (output / "public").rename(output / ".previous-1")
    with pytest.raises(LinkError):
        publish({"index.html": PAGE}.items(), output)
    assert tree(output / "public") == site(1)


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(OutputError, match="is not empty and was not made by ismpe"):
        publish(site(1).items(), tmp_path)
    assert tree(tmp_path) == {"letter.txt": b"keep"}


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("keep", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be used"):
        publish(site(1).items(), tmp_path / "out")
