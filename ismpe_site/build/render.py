"""Artefacts → (path, bytes): pages here, printed documents in worker processes."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from ismpe_site.artefact import Artefact, PrintDocument
from ismpe_site.theme import Theme

Press = Callable[[PrintDocument, Theme], bytes]


class RenderError(Exception):
    """Documents that could not be made: path → why."""

    def __init__(self, failures: dict[str, str]) -> None:
        self.failures = failures
        super().__init__(f"{len(failures)} documents failed")


def render_all(artefacts: Sequence[Artefact], theme: Theme, press: Press, jobs: int) -> Iterator[tuple[str, bytes]]:
    """Every artefact as it is done. One failure does not stop the others; all are raised together at the end."""
    failures: dict[str, str] = {}
    for artefact in artefacts:
        if not artefact.printed:
            try:
                yield artefact.path, _render(artefact, theme, press)
            except Exception as error:  # noqa: BLE001  # whatever fails is reported with its document
                failures[artefact.path] = _reason(error)
    printed = [artefact for artefact in artefacts if artefact.printed]
    for path, outcome in _print_all(printed, theme, press, jobs):
        if isinstance(outcome, bytes):
            yield path, outcome
        else:
            failures[path] = outcome
    if failures:
        raise RenderError(failures)


def _print_all(
    artefacts: Sequence[Artefact], theme: Theme, press: Press, jobs: int
) -> Iterator[tuple[str, bytes | str]]:
    """(path, bytes) or (path, reason of failure) for each, in any order."""
    if jobs == 1 or len(artefacts) < 2:
        for artefact in artefacts:
            yield artefact.path, _attempt(artefact, theme, press)
        return
    context = multiprocessing.get_context("forkserver")
    pool = ProcessPoolExecutor(min(jobs, len(artefacts)), context, _equip, (theme, press))
    try:
        waiting = {pool.submit(_work, artefact): artefact.path for artefact in artefacts}
        for done in as_completed(waiting):
            try:
                yield waiting[done], done.result()
            except BrokenProcessPool:
                yield waiting[done], "the process that printed it was ended from outside (out of memory?); try --jobs 1"
    except BaseException:
        # Interrupted: nobody wants what is still queued, and no process may be left behind.
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in multiprocessing.active_children():
            worker.kill()
        raise
    pool.shutdown()


_equipment: tuple[Theme, Press]


def _equip(theme: Theme, press: Press) -> None:
    """What a worker keeps between documents: sent once, not with every one of them."""
    global _equipment  # noqa: PLW0603  # a worker process has no other place
    # Ctrl-C is for the command, which ends its workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _equipment = (theme, press)


def _work(artefact: Artefact) -> bytes | str:
    return _attempt(artefact, *_equipment)


def _attempt(artefact: Artefact, theme: Theme, press: Press) -> bytes | str:
    try:
        return _render(artefact, theme, press)
    except Exception as error:  # noqa: BLE001  # whatever fails is reported with its document
        return _reason(error)


def _render(artefact: Artefact, theme: Theme, press: Press) -> bytes:
    made = artefact.render(artefact.inputs, theme)
    return press(made, theme) if isinstance(made, PrintDocument) else made


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
