"""Every way of carrying out tasks gives the same outcomes; what befalls a worker befalls no other task."""

import copy
import json
import os
import pickle
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ismpe_site.build.executors import Executor, ExecutorError, Limits, Lost, MissingExtraError
from ismpe_site.build.executors import dask_cluster as dask_module
from ismpe_site.build.executors.dask_cluster import DaskCluster
from ismpe_site.build.executors.in_process import InProcess
from ismpe_site.build.executors.processes import Processes, WorkerTracebackError
from ismpe_site.build.shared_objects import SharedObjects
from tests.conftest import ROOT
from tests.executor_work import (
    Trouble,
    Unreadable,
    double,
    eat,
    first_byte,
    kill_master,
    leak,
    master_of,
    process_of,
    slow_double,
)

# Small enough to be met soon, large enough for a busy machine.
SHORT = Limits(seconds=2, megabytes=256)

LOST = {
    "hang": "tried twice, and not done within 2 seconds: make it smaller, or allow it more time",
    "exit": "tried twice, and its process ended with code 3: please report what it is made from",
    "kill": "tried twice, and its process was killed from outside: where memory is short, try fewer jobs",
    "crash": "tried twice, and its process crashed (SIGSEGV): please report what it is made from",
    "eat": "tried twice, and it needed more than 256 MB of memory: make it smaller, or allow it more memory",
}


@dataclass
class Cluster:
    """A scheduler and two workers of a Dask cluster, as programs of their own on this machine."""

    folder: Path
    programs: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, workers: int, **settings: str) -> str:
        """The address of the scheduler."""
        file = self.folder / "scheduler.json"
        self.program("scheduler", "--port", "0", "--no-show", "--scheduler-file", str(file), **settings)
        for _ in range(workers):
            self.program("worker", "--nthreads", "1", "--scheduler-file", str(file), **settings)
        wait_for(file.exists)
        return json.loads(file.read_text(encoding="utf-8"))["address"]

    def program(self, name: str, *arguments: str, **settings: str) -> None:
        command = [sys.executable, "-m", f"distributed.cli.dask_{name}", "--host", "127.0.0.1", "--no-dashboard"]
        if name == "worker":
            command += ["--local-directory", str(self.folder)]
        with (self.folder / "log").open("ab") as log:
            program = subprocess.Popen(
                [*command, *arguments],
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.programs.append(program)

    def stop(self) -> None:
        for program in self.programs:
            end_group(program.pid)
            program.wait()


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "this takes too long"
        time.sleep(0.05)


def end_group(leader: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def group_is_gone(leader: int) -> bool:
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return True
    return False


def alive(process: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    cluster = Cluster(tmp_path_factory.mktemp("dask"))
    try:
        yield cluster.start(workers=2)
    finally:
        cluster.stop()


@pytest.fixture(params=["in process", "one process", "two processes", "dask"])
def executor(request: pytest.FixtureRequest) -> Executor:
    if request.param == "dask":
        return DaskCluster(request.getfixturevalue("scheduler"))
    return {"in process": InProcess(), "one process": Processes(1), "two processes": Processes(2)}[request.param]


@pytest.fixture(params=["two processes", "dask"])
def confined(request: pytest.FixtureRequest) -> Executor:
    """An executor whose tasks have limits."""
    return DaskCluster(request.getfixturevalue("scheduler"), SHORT) if request.param == "dask" else Processes(2, SHORT)


# -- what all have in common ------------------------------------------------------------------------


def test_every_task_comes_back_with_its_outcome(executor: Executor) -> None:
    outcomes = list(executor.run(slow_double, range(40)))
    assert sorted(outcomes) == [(number, 2 * number) for number in range(40)]


def test_no_task_is_no_trouble(executor: Executor) -> None:
    assert list(executor.run(double, [])) == []


def test_tasks_are_drawn_only_as_they_are_needed(executor: Executor) -> None:
    drawn: list[int] = []
    tasks = (drawn.append(number) or number for number in range(100))
    ahead = [len(drawn) - done for done, _ in enumerate(executor.run(double, tasks))]
    assert len(ahead) == 100
    assert max(ahead) <= 12


def test_large_tasks_are_never_held_all_at_once() -> None:
    tasks = (bytes([number]) * 1_000_000 for number in range(200))
    tracemalloc.start()
    try:
        results = sorted(result for _, result in Processes(2).run(first_byte, tasks))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert results == list(range(200))
    assert peak < 20_000_000


def test_what_escapes_the_work_is_raised_with_the_place_where_it_arose(executor: Executor, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^a fault of ours$") as caught:
        list(executor.run(Trouble({3: "raise"}, tmp_path), range(10)))
    if not isinstance(executor, InProcess):
        assert isinstance(caught.value.__cause__, WorkerTracebackError)
        assert "executor_work.py" in str(caught.value.__cause__)
        assert 'raise ValueError("a fault of ours")' in str(caught.value.__cause__)


@pytest.mark.parametrize(
    ("kind", "words"), [("unportable", "UnportableError: this and that"), ("leave", "SystemExit: 3")]
)
def test_an_error_that_cannot_travel_is_told_in_words(
    kind: str, words: str, confined: Executor, tmp_path: Path
) -> None:
    with pytest.raises(ExecutorError, match=f"^{words}$"):
        list(confined.run(Trouble({3: kind}, tmp_path), range(10)))


def test_work_that_the_worker_cannot_read_says_why(confined: Executor) -> None:
    with pytest.raises(pickle.UnpicklingError, match="invalid load key"):
        list(confined.run(Unreadable(), range(3)))


def test_an_executor_is_a_value_that_can_be_used_again() -> None:
    executor = Processes(2)
    assert [sorted(executor.run(double, range(3))) for _ in range(2)] == [[(0, 0), (1, 2), (2, 4)]] * 2


# -- what may befall a worker -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", LOST)
def test_a_task_that_always_fails_is_lost_after_two_tries_and_no_other_is(
    kind: str, confined: Executor, tmp_path: Path
) -> None:
    work = Trouble({3: kind}, tmp_path)
    outcomes = dict(confined.run(work, range(12)))
    assert outcomes.pop(3) == Lost(LOST[kind])
    assert outcomes == {number: 2 * number for number in range(12) if number != 3}
    assert work.tries(3) == 2


def test_a_task_that_fails_once_is_done_at_the_second_try(confined: Executor, tmp_path: Path) -> None:
    work = Trouble({1: "kill", 4: "eat", 6: "crash", 9: "hang"}, tmp_path, once=True)
    outcomes = dict(confined.run(work, range(12)))
    assert outcomes == {number: 2 * number for number in range(12)}
    assert [work.tries(number) for number in (1, 4, 6, 9)] == [2, 2, 2, 2]


def test_many_failures_cost_only_those_that_fail(tmp_path: Path) -> None:
    bad = {number: ("exit", "kill", "crash", "eat")[number % 4] for number in range(0, 60, 3)}
    outcomes = dict(Processes(2, SHORT).run(Trouble(bad, tmp_path), range(60)))
    lost = {number: Lost(LOST[kind]) for number, kind in bad.items()}
    assert outcomes == {number: 2 * number for number in range(60)} | lost


def test_a_worker_killed_from_outside_costs_nothing() -> None:
    """At any moment: while it works, and between two tasks."""
    killed, outcomes = set(), {}
    for number, process in Processes(2, SHORT).run(process_of, range(60)):
        outcomes[number] = process
        if number % 20 == 10:
            killed.add(process)
            os.kill(process, signal.SIGKILL)
    assert outcomes.keys() == set(range(60))
    assert len(killed) == 3
    assert not [outcome for outcome in outcomes.values() if isinstance(outcome, Lost)]


def test_a_task_may_take_all_the_memory_it_is_allowed() -> None:
    """The worker's own memory is not counted."""
    assert dict(Processes(1, SHORT).run(eat, [200, 300])) == {200: 200, 300: Lost(LOST["eat"])}


def test_a_worker_that_grows_is_replaced_before_it_is_too_large() -> None:
    """What tasks leave behind is bounded, and none of them pays for it."""
    workers = [process for _, process in Processes(1, SHORT).run(leak, [100] * 9)]
    assert all(isinstance(worker, int) for worker in workers)
    assert len(set(workers)) in (5, 6)


# -- how a run ends ---------------------------------------------------------------------------------


def test_a_run_that_is_given_up_leaves_no_process() -> None:
    run = Processes(2).run(process_of, range(1000))
    workers = {next(run)[1] for _ in range(10)}
    assert any(map(alive, workers))
    run.close()
    assert not any(map(alive, workers))


def test_a_run_that_is_over_leaves_no_process() -> None:
    workers = {process for _, process in Processes(2).run(process_of, range(10))}
    assert len(workers) == 2
    assert not any(map(alive, workers))


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_a_command_that_is_interrupted_or_killed_leaves_no_process(ending: signal.Signals, tmp_path: Path) -> None:
    """Though its workers hang, and Ctrl-C reaches all of them as well."""
    program = """
import sys
from pathlib import Path
from ismpe_site.build.executors.processes import Processes
from tests.executor_work import Trouble
# Whatever comes after the first two: which worker takes which task is not ours to say.
for _ in Processes(2).run(Trouble(dict.fromkeys(range(2, 10), "hang"), Path(sys.argv[1])), range(10)):
    print("one", flush=True)
"""
    command = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        wait_for(lambda: len(list(tmp_path.iterdir())) == 2)
        begun = time.monotonic()
        if ending == signal.SIGINT:
            os.killpg(command.pid, ending)
        else:
            command.kill()
        _, words = command.communicate(timeout=10)
        wait_for(lambda: group_is_gone(command.pid), 10)
        assert time.monotonic() - begun < 5
    finally:
        end_group(command.pid)
        command.wait()
    assert words.count("Traceback") == (ending == signal.SIGINT)


# -- a cluster --------------------------------------------------------------------------------------


def test_a_cluster_that_loses_a_worker_half_way_gives_the_same(scheduler: str) -> None:
    """The Dask worker itself is killed, with the process that works for it and the results it holds."""
    outcomes, victim = {}, 0
    for number, master in DaskCluster(scheduler).run(master_of, range(60)):
        outcomes[number] = master
        if len(outcomes) == 20:
            victim = master
            os.kill(victim, signal.SIGKILL)
    assert sorted(outcomes) == list(range(60))
    assert all(isinstance(master, int) for master in outcomes.values())
    assert len(set(outcomes.values())) >= 2, "both worked"


def test_a_cluster_keeps_no_process_of_a_run_that_was_given_up(scheduler: str) -> None:
    run = DaskCluster(scheduler).run(process_of, range(1000))
    workers = {next(run)[1] for _ in range(20)}
    assert any(map(alive, workers))
    run.close()
    wait_for(lambda: not any(map(alive, workers)))


def test_a_task_whose_cluster_worker_is_lost_again_and_again_is_lost(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path)
    try:
        address = cluster.start(workers=1, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="1")
        assert list(DaskCluster(address).run(kill_master, [1])) == [
            (1, Lost("tried on several workers of the cluster, each of which was lost: see the logs of the workers"))
        ]
    finally:
        cluster.stop()


def test_a_scheduler_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_module, "SECONDS_TO_CONNECT", 1)
    with pytest.raises(ExecutorError) as caught:
        list(DaskCluster("tcp://127.0.0.1:9").run(double, [1]))
    assert str(caught.value) == (
        "no Dask scheduler answers at tcp://127.0.0.1:9: start one with `dask scheduler`, or correct the address"
    )


def test_a_cluster_without_workers_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_module, "SECONDS_WITHOUT_WORKERS", 1)
    cluster = Cluster(tmp_path)
    try:
        address = cluster.start(workers=0)
        with pytest.raises(ExecutorError) as caught:
            list(DaskCluster(address).run(double, [1]))
    finally:
        cluster.stop()
    assert str(caught.value) == (
        f"the Dask cluster at {address} has no worker: start some with `dask worker {address}`"
    )


def test_what_a_missing_library_needs_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    # What Python itself takes for a module that is not there.
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(MissingExtraError, match=r"^to build on a Dask cluster, install ismpe-site\[dask\]$"):
        list(DaskCluster("tcp://127.0.0.1:9").run(double, [1]))
    with pytest.raises(MissingExtraError, match=r"^to keep objects at memory://x, install ismpe-site\[dask\]$"):
        SharedObjects("memory://x").put(b"")


def test_no_library_is_loaded_before_it_is_needed() -> None:
    program = """
import sys
import ismpe_site.build.executors.dask_cluster, ismpe_site.build.executors.in_process, ismpe_site.build.shared_objects
import ismpe_site.cli
print(sorted({"dask", "distributed", "fsspec", "pebble"} & set(sys.modules)))
"""
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


# -- objects that machines share --------------------------------------------------------------------


@pytest.fixture(params=["folder", "file address", "memory"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> SharedObjects:
    return SharedObjects(
        {
            "folder": str(tmp_path / "a store"),
            "file address": (tmp_path / "a store").as_uri(),
            "memory": f"memory://{tmp_path.name}/store",
        }[request.param]
    )


HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"


def test_an_object_is_found_by_its_digest(objects: SharedObjects) -> None:
    assert objects.put(b"hello") == HELLO
    assert objects.put(b"hello") == HELLO
    assert copy.copy(objects).get(HELLO) == b"hello"
    assert objects.get(objects.put(b"")) == b""


@pytest.mark.parametrize("digest", [HELLO, "", "../../etc/hostname", HELLO.upper()])
def test_an_object_that_is_not_there_is_a_missing_key(digest: str, objects: SharedObjects) -> None:
    objects.put(b"another")
    with pytest.raises(KeyError):
        objects.get(digest)


@pytest.mark.parametrize("damage", [b"", b"hell", b"hellO", b"hello\n"])
def test_a_damaged_object_is_missing_until_it_is_put_again(damage: bytes, tmp_path: Path) -> None:
    objects = SharedObjects(str(tmp_path))
    objects.put(b"hello")
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    file.write_bytes(damage)
    with pytest.raises(KeyError):
        objects.get(HELLO)
    objects.put(b"hello")
    assert objects.get(HELLO) == b"hello"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [file]


def test_writers_of_the_same_object_do_not_disturb_each_other(tmp_path: Path) -> None:
    objects = SharedObjects(str(tmp_path))
    digest = objects.put(b"hello" * 100_000)
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    stale = file.with_name(f".{file.name}.0")
    stale.write_bytes(b"hel")  # of a writer that was killed
    outcomes = list(Processes(4).run(objects.put, [b"hello" * 100_000] * 40))
    assert {outcome for _, outcome in outcomes} == {digest}
    assert objects.get(digest) == b"hello" * 100_000
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == [stale, file]


def test_an_address_that_nothing_knows_is_said() -> None:
    with pytest.raises(ExecutorError, match=r"^objects cannot be kept at nonsense://x: Protocol not known: nonsense$"):
        SharedObjects("nonsense://x").put(b"hello")


def test_a_library_that_an_address_needs_is_said() -> None:
    with pytest.raises(MissingExtraError, match=r"^to keep objects at s3://bucket/x: Install s3fs to access S3$"):
        SharedObjects("s3://bucket/x").put(b"hello")
