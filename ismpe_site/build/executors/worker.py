"""What runs inside a worker process: its confinement, and one task after the other."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from ismpe_site.build.executors import ExecutorError

# (how it ended, the pickled result) or (…, the pickled pair of the error and its traceback in words)
Reply = tuple[Literal["done", "raised"], bytes]

# The exit code of a worker that ran out of the memory it may take.
OUT_OF_MEMORY = 77

_equipment: bytes
_work: Callable[[Any], Any] | None = None


def equip(work: bytes, megabytes: int) -> None:
    """What a worker keeps between tasks: sent once, not with every one of them."""
    global _equipment, _work  # noqa: PLW0603  # a worker process has no other place
    # Ctrl-C is for the command, which ends its workers itself; and when it does, they have nothing to tidy up.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(OSError):
        # Where the whole machine runs out of memory, a worker goes first, not the command.
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
    _equipment = work
    # What cannot be read here is read again with the first task, which tells the command why.
    with suppress(Exception):
        _work = pickle.loads(work)  # noqa: S301  # the command's own bytes
    _limit(megabytes)


def perform(task: bytes) -> Reply:
    """One task. Ends the process where memory runs out: what is left of it then is not to be trusted."""
    try:
        work = _work or pickle.loads(_equipment)  # noqa: S301  # the command's own bytes
        result = work(pickle.loads(task))  # noqa: S301
        return "done", pickle.dumps(result)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except BaseException as error:  # noqa: BLE001  # whatever it is, the command raises it
        return "raised", _portable(error)


def _portable(error: BaseException) -> bytes:
    """The error as itself where it survives the journey, and its traceback in words."""
    words = "".join(traceback.format_exception(error))
    if isinstance(error, Exception):
        with suppress(Exception):
            data = pickle.dumps((error, words))
            pickle.loads(data)  # noqa: S301
            return data
    return pickle.dumps((ExecutorError(f"{type(error).__name__}: {error}"), words))


def _end_with_parent() -> None:
    """A command killed outright cannot end its workers, and one that hangs would never notice."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGKILL)


def _limit(megabytes: int) -> None:
    """Let the worker grow by so much over what it is before its first task.

    The base is the worker's, not each task's: so what tasks leave behind counts as well, and the worker's memory is
    bounded however many it does. A worker that has grown fat over many tasks only costs one of them its first try.
    Address space is what a process can be denied; it is more than the memory in use by what is only reserved.
    """
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return  # no Linux: such a system grants no limit either
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = pages * resource.getpagesize() + megabytes * 1024**2
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
    # A crash of a worker leaves no picture of its memory on the disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
