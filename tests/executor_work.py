"""Work for the executors' tests: module-level, so that worker processes find it by its name."""

import mmap
import multiprocessing
import os
import pickle
import signal
import time
from dataclasses import dataclass
from pathlib import Path


def double(number: int) -> int:
    return 2 * number


def slow_double(number: int) -> int:
    time.sleep(0.02)
    return 2 * number


def process_of(_: int) -> int:
    time.sleep(0.05)
    return os.getpid()


def master_of(_: int) -> int:
    """The process that started the one this runs in."""
    time.sleep(0.05)
    master = multiprocessing.parent_process()
    assert master is not None
    assert master.pid is not None
    return master.pid


def kill_master(number: int) -> int:
    """What no confinement helps against."""
    os.kill(master_of(number), signal.SIGKILL)
    time.sleep(3600)
    return number


def first_byte(data: bytes) -> int:
    return data[0]


class UnportableError(Exception):
    """Cannot be made again from what pickle keeps of it."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(f"{one} and {two}")


@dataclass(frozen=True)
class Trouble:
    """Work that goes wrong at some of its numbers, and doubles the others.

    ``kinds``: number → what befalls it. With ``once``, a number that left its mark in ``folder`` is well.
    """

    kinds: dict[int, str]
    folder: Path
    once: bool = False

    def __call__(self, number: int) -> int:
        kind = self.kinds.get(number)
        if kind:
            with (self.folder / str(number)).open("a", encoding="ascii") as marks:
                marks.write(f"{os.getpid()}\n")
            if not self.once or self.tries(number) == 1:
                self.befall(kind)
        return 2 * number

    def tries(self, number: int) -> int:
        return len((self.folder / str(number)).read_text(encoding="ascii").splitlines())

    def befall(self, kind: str) -> None:
        if kind == "hang":
            time.sleep(3600)
        if kind == "exit":
            os._exit(3)
        if kind == "leave":
            raise SystemExit(3)
        if kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if kind == "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        if kind == "eat":
            eat(1024)
        if kind == "raise":
            raise ValueError("a fault of ours")
        if kind == "unportable":
            raise UnportableError("this", "that")


def eat(megabytes: int) -> int:
    """Ask for memory without touching it, so that the machine is none the worse."""
    try:
        mmap.mmap(-1, megabytes * 1024**2).close()
    except OSError as error:
        raise MemoryError from error
    return megabytes


kept: list[mmap.mmap] = []


def leak(megabytes: int) -> int:
    """Never give back what was taken."""
    try:
        kept.append(mmap.mmap(-1, megabytes * 1024**2))
    except OSError as error:
        raise MemoryError from error
    return os.getpid()


class Unreadable:
    """Is written, but cannot be read in the worker."""

    def __reduce__(self) -> tuple[object, ...]:
        return pickle.loads, (b"no pickle",)

    def __call__(self, number: int) -> int:
        return number
