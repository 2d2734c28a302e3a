"""Tasks in worker processes of this machine, each within its limits of time and memory."""

from __future__ import annotations

import multiprocessing
import pickle
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import forkserver, resource_tracker
from multiprocessing.context import ForkServerContext
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Generic

from ismpe_site.build.executors import ExecutorError, Limits, Lost, R, T
from ismpe_site.build.executors.worker import OUT_OF_MEMORY, Reply, equip, perform

if TYPE_CHECKING:
    from pebble import ProcessPool

TRIES = 2
# One task under way and one ready behind it: a worker never waits for the command, and few tasks are held.
DEPTH = 2
# A worker that says nothing for so long beyond its limit will never say anything.
GRACE_SECONDS = 60


class WorkerTracebackError(Exception):
    """Where in a worker an error arose, in words; the cause of the error raised here."""


class StoppedError(ExecutorError):
    """Somebody stopped a crew that had work."""


@dataclass(frozen=True)
class Processes:
    """``count`` warm workers on this machine."""

    count: int
    limits: Limits = Limits()

    def run(self, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[tuple[T, R | Lost]]:
        """As ``Executor.run``. However it ends, no worker is left."""
        crew: Crew[T] = Crew(pickle.dumps(work), self.count, self.limits)
        try:
            for task, outcome in crew.run((task, pickle.dumps(task)) for task in tasks):
                yield task, opened(outcome)
        finally:
            crew.stop()


def opened(outcome: Reply | Lost) -> Any:
    """The result that a worker replied, or Lost; raises the error that escaped the work."""
    if isinstance(outcome, Lost):
        return outcome
    how, data = outcome
    value = pickle.loads(data)  # noqa: S301  # from our own worker
    if how == "raised":
        error, words = value
        raise error from WorkerTracebackError(words)
    return value


@dataclass(eq=False)
class Attempt(Generic[T]):
    """A task on its way."""

    task: T
    data: bytes
    failures: int = 0


class Crew(Generic[T]):
    """Workers equipped with one piece of work, kept warm between runs."""

    def __init__(self, work: bytes, count: int, limits: Limits) -> None:
        self._limits = limits
        # Which post has news; None where somebody stopped the crew.
        self._news: SimpleQueue[tuple[Post[T], Future[Reply]] | None] = SimpleQueue()
        self._posts = [Post(work, limits, self._news) for _ in range(max(1, count))]

    def run(self, tasks: Iterable[tuple[T, bytes]]) -> Iterator[tuple[T, Reply | Lost]]:
        """Every task, given with its pickled form, with its outcome, as soon as it is done."""
        source = iter(tasks)
        self._fill(source)
        while any(post.attempts for post in self._posts):
            yield from self._settled()
            self._fill(source)

    def _fill(self, source: Iterator[tuple[T, bytes]]) -> None:
        """Tasks for whoever has least to do. A post without a task starts no process."""
        while len((post := min(self._posts, key=lambda post: len(post.attempts))).attempts) < DEPTH:
            if (pair := next(source, None)) is None:
                return
            post.start(Attempt(*pair))

    def _settled(self) -> Iterator[tuple[T, Reply | Lost]]:
        """Wait for news; the tasks it settles."""
        try:
            news = self._news.get(timeout=self._limits.seconds + GRACE_SECONDS)
        except Empty:
            # Whoever works should have been ended by its limit: these can no longer be reached.
            for post in self._posts:
                if post.attempts:
                    yield from post.renew()
            return
        if news is None:
            raise StoppedError("the workers were stopped while they had work")
        post, future = news
        yield from post.settle(future)

    def stop(self) -> None:
        """End every worker at once, whatever it does."""
        self._news.put(None)
        pools = [pool for post in self._posts if (pool := post.leave()) is not None]
        for pool in pools:
            pool.stop()
        for pool in pools:
            pool.join()


class Post(Generic[T]):
    """One worker in a pool of its own: it shares no pipe and no lock, so what befalls it befalls its own tasks only."""

    def __init__(self, work: bytes, limits: Limits, news: SimpleQueue[tuple[Post[T], Future[Reply]] | None]) -> None:
        self._work, self._limits, self._news = work, limits, news
        self._pool: ProcessPool | None = None
        # In the order in which the worker takes them.
        self.attempts: dict[Future[Reply], Attempt[T]] = {}

    def start(self, attempt: Attempt[T]) -> None:
        """Hand a task to the worker."""
        try:
            future = self._schedule(attempt.data)
        except RuntimeError:
            # Its worker died while it had nothing to do, which is no task's fault.
            before = list(self.attempts.values())
            self._close()
            for earlier in before:
                self.start(earlier)
            future = self._schedule(attempt.data)
        self.attempts[future] = attempt
        future.add_done_callback(lambda future: self._news.put((self, future)))

    def _schedule(self, data: bytes) -> Future[Reply]:
        if self._pool is None:
            from pebble import ProcessPool

            self._pool = ProcessPool(1, 0, equip, [self._work, self._limits.megabytes], _context())
            try:
                return self._pool.schedule(perform, [data], timeout=self._limits.seconds)
            except BrokenProcessPool as error:
                why = error.__cause__ or error
                raise ExecutorError(f"no worker process can be started ({why}); try fewer jobs") from error
        return self._pool.schedule(perform, [data], timeout=self._limits.seconds)

    def settle(self, future: Future[Reply]) -> Iterator[tuple[T, Reply | Lost]]:
        """The task that ``future`` settles, if it does: a first failure is tried again."""
        if future not in self.attempts:
            return  # of a pool that is gone
        error = future.exception()
        if error is None:
            yield self.attempts.pop(future).task, future.result()
        elif isinstance(error, BrokenProcessPool):
            yield from self.renew()
        else:
            yield from self._again(self.attempts.pop(future), error)

    def renew(self) -> Iterator[tuple[T, Lost]]:
        """Another worker after one that died without a word. Its first task is to blame, being the one it had."""
        first, *others = self.attempts.values()
        self._close()
        for attempt in others:
            self.start(attempt)
        yield from self._again(first, None)

    def _again(self, attempt: Attempt[T], error: BaseException | None) -> Iterator[tuple[T, Lost]]:
        """Here, not elsewhere: this post's worker is a fresh one now."""
        attempt.failures += 1
        if attempt.failures < TRIES:
            self.start(attempt)
        else:
            yield attempt.task, Lost(_words(error, self._limits))

    def leave(self) -> ProcessPool | None:
        """The pool to be stopped, with all it was doing forgotten."""
        pool, self._pool = self._pool, None
        self.attempts = {}
        return pool

    def _close(self) -> None:
        pool = self.leave()
        if pool is not None:
            pool.stop()
            pool.join()


def _context() -> ForkServerContext:
    """Where workers come from: a small process that Ctrl-C does not reach, nor those that start from it."""
    # First, because starting it would unblock what is blocked below.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return multiprocessing.get_context("forkserver")


def _words(error: BaseException | None, limits: Limits) -> str:
    """Why a task was given up."""
    if isinstance(error, TimeoutError):
        return f"tried twice, and not done within {limits.seconds} seconds: make it smaller, or allow it more time"
    code = getattr(error, "exitcode", None)
    if code == OUT_OF_MEMORY:
        return (
            f"tried twice, and it needed more than {limits.megabytes} MB of memory: "
            "make it smaller, or allow it more memory"
        )
    if code == -signal.SIGKILL:
        return "tried twice, and its process was killed from outside: where memory is short, try fewer jobs"
    if isinstance(code, int) and code < 0:
        return (
            f"tried twice, and its process crashed ({signal.Signals(-code).name}): please report what it is made from"
        )
    if code is not None:
        return f"tried twice, and its process ended with code {code}: please report what it is made from"
    return "tried twice, and its process was gone without a word: where memory is short, try fewer jobs"
