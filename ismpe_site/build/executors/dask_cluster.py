"""Tasks on the machines of a Dask cluster, each within its limits, confined as on this machine.

On a Dask worker a task runs in a process of its own, from the same crew as ``Processes``: Dask itself cannot end a
task that hangs, and a task that crashes would take the Dask worker and its neighbours' results with it. So Dask has
only to replace whole workers that are lost, and it does.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import pickle
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Generic

from ismpe_site.build.executors import ExecutorError, Limits, Lost, MissingExtraError, R, T
from ismpe_site.build.executors.processes import Crew, StoppedError, opened
from ismpe_site.build.executors.worker import Reply

if TYPE_CHECKING:
    from distributed import Client, Future

# How long to wait for the scheduler, for its first worker, for any news while it has none, and for a goodbye.
SECONDS_TO_CONNECT = 10
SECONDS_WITHOUT_WORKERS = 30
SECONDS_TO_LEAVE = 10
# Tasks held for each thread of the cluster: enough to bridge the way there and back.
DEPTH = 4


@dataclass(frozen=True)
class DaskCluster:
    """``address``: of the scheduler, such as ``tcp://192.0.2.1:8786``; its workers need the same installation."""

    address: str
    limits: Limits = Limits()

    def run(self, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[tuple[T, R | Lost]]:
        """As ``Executor.run``. Raises MissingExtraError, or ExecutorError where there is no cluster."""
        source = iter(tasks)
        first = list(islice(source, 1))
        if not first:
            return
        pickled = pickle.dumps(work)
        client = self._connect()
        batch: Batch[T] = Batch(client, pickled, self)
        try:
            for task, outcome in batch.run(chain(first, source)):
                yield task, opened(outcome)
        finally:
            batch.leave()
            client.close()

    def _connect(self) -> Client:
        try:
            from distributed import Client
        except ImportError:
            raise MissingExtraError("to build on a Dask cluster, install ismpe-site[dask]") from None
        try:
            client = Client(self.address, timeout=SECONDS_TO_CONNECT, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ExecutorError(
                f"no Dask scheduler answers at {self.address}: start one with `dask scheduler`, or correct the address"
            ) from error
        try:
            client.wait_for_workers(1, timeout=SECONDS_WITHOUT_WORKERS)
        except TimeoutError as error:
            client.close()
            raise ExecutorError(self.deserted()) from error
        except BaseException:
            client.close()
            raise
        return client

    def deserted(self) -> str:
        """What to do where nobody works."""
        return f"the Dask cluster at {self.address} has no worker: start some with `dask worker {self.address}`"


class Batch(Generic[T]):
    """One run on a cluster."""

    def __init__(self, client: Client, work: bytes, cluster: DaskCluster) -> None:
        self._client, self._cluster = client, cluster
        # Two builds on one cluster never take each other's processes for their own.
        self._key: str = client.id
        self._news: SimpleQueue[Future[Any]] = SimpleQueue()
        self._held: dict[object, tuple[T, Future[Any]]] = {}
        # The result of a task, not scattered data: when its last copy is lost with a worker, it is made again.
        self._work = client.submit(bytes, work, pure=False)

    def run(self, tasks: Iterator[T]) -> Iterator[tuple[T, Reply | Lost]]:
        """Every task with its outcome, as soon as it is done."""
        self._broadcast()
        window, left = 0, 0
        while True:
            if left <= 0:
                # The cluster may grow and shrink meanwhile.
                left = window = max(1, self._threads()) * DEPTH
            for task in islice(tasks, max(0, window - len(self._held))):
                self._submit(task)
            if not self._held:
                return
            task, future = self._held.pop(self._next().key)
            yield task, self._outcome(future)
            left -= 1

    def _broadcast(self) -> None:
        """The work to every worker at once, each of which would fetch it with its first task otherwise."""
        try:
            self._work.result()
            self._client.replicate([self._work])
        except Exception as error:
            raise self._failed(error) from error

    def _threads(self) -> int:
        return sum(self._client.nthreads().values())

    def _submit(self, task: T) -> None:
        future = self._client.submit(
            perform_there, self._key, self._work, pickle.dumps(task), self._cluster.limits, pure=False
        )
        self._held[future.key] = (task, future)
        future.add_done_callback(self._news.put)

    def _next(self) -> Future[Any]:
        while True:
            try:
                return self._news.get(timeout=SECONDS_WITHOUT_WORKERS)
            except Empty:
                if not self._threads():
                    raise ExecutorError(self._cluster.deserted()) from None

    def _outcome(self, future: Future[Any]) -> Reply | Lost:
        from distributed.scheduler import KilledWorker

        try:
            outcome: Reply | Lost = future.result()
        except KilledWorker:
            return Lost("tried on several workers of the cluster, each of which was lost: see the logs of the workers")
        except Exception as error:
            raise self._failed(error) from error
        return outcome

    def _failed(self, error: Exception) -> ExecutorError:
        """What is neither the work's doing nor a lost worker's: the cluster's."""
        return ExecutorError(
            f"the Dask cluster at {self._cluster.address} failed ({type(error).__name__}: {error}): "
            "see that its scheduler runs and that every worker has the same ismpe-site[dask] installed"
        )

    def leave(self) -> None:
        """Take back what is not done and let the workers' own processes go, as far as they can still be reached."""
        self._client.cancel([future for _, future in self._held.values()])
        # Beside: a worker that is frozen would hold the command for minutes.
        goodbye = threading.Thread(target=self._say_goodbye, daemon=True)
        goodbye.start()
        goodbye.join(SECONDS_TO_LEAVE)

    def _say_goodbye(self) -> None:
        # Where they cannot be reached, the next run's work takes their place.
        with suppress(Exception):
            self._client.run(let_go, self._key, on_error="ignore")


# On a Dask worker: for each of its threads the crew of one, with the run it is equipped for; the last runs given up.
_crews: dict[int, tuple[str, Crew[None]]] = {}
_given_up: deque[str] = deque(maxlen=100)
_lock = threading.Lock()


def perform_there(key: str, work: bytes, task: bytes, limits: Limits) -> Reply | Lost:
    """One task, in the process that belongs to this thread of the Dask worker."""
    crew = _crew(key, work, limits)
    if crew is not None:
        try:
            for _, outcome in crew.run([(None, task)]):
                return outcome
        except StoppedError:
            # What this thread may have started in the same moment.
            crew.stop()
    return Lost("the run was given up")


def _crew(key: str, work: bytes, limits: Limits) -> Crew[None] | None:
    """This thread's crew, unless its run was given up."""
    # A worker's nanny forbids it children, lest they outlive it; ours end with it.
    if multiprocessing.current_process().daemon:
        multiprocessing.current_process().daemon = False
    me = threading.get_ident()
    with _lock:
        owner, crew = _crews.get(me, ("", None))
        if owner == key and crew is not None:
            return crew
        if key in _given_up:
            return None
        new: Crew[None] = Crew(work, 1, limits)
        _crews[me] = key, new
    if crew is not None:
        crew.stop()
    return new


async def let_go(key: str) -> None:
    """End the processes that were equipped for this run."""
    with _lock:
        _given_up.append(key)
        ours = [thread for thread, (owner, _) in _crews.items() if owner == key]
        crews = [_crews.pop(thread)[1] for thread in ours]
    for crew in crews:
        await asyncio.to_thread(crew.stop)
