"""``python -m tests.fuzzing READER --count 10000 --seed 1``: feed a reader; exit 1 with each fault.

An input may take a second of the processor and ``MEGABYTES`` more memory than the program had before; a longer one is
interrupted, a larger one ends in a MemoryError, and both are faults as a traceback is. It is a process of its own, so
that a crash of a C library is seen too.
"""

from __future__ import annotations

import argparse
import resource
import signal
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from tests.fuzzing.inputs import inputs
from tests.fuzzing.readers import READERS, Reader

SECONDS = 1.0
MEGABYTES = 512
MOST_FAULTS = 20


class TooSlowError(BaseException):
    """An input took longer than it may; no reader takes this for a problem of the input."""


@dataclass
class Fed:
    """What came of feeding a reader: ``faults`` are (input, words)."""

    count: int = 0
    slowest: float = 0.0
    slowest_input: bytes = b""
    faults: list[tuple[bytes, str]] = field(default_factory=list)


def feed(reader: Reader, seed: int, count: int, folder: Path) -> Fed:
    """Every input in turn, until there are too many faults to be worth going on."""
    fed = Fed()
    for data in inputs(seed, count, reader.corpus, reader.words, reader.longest):
        if len(fed.faults) >= MOST_FAULTS:
            break
        fed.count += 1
        began = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            reader.read(folder, data)
        except (Exception, TooSlowError):  # noqa: BLE001  # that is what is looked for
            signal.setitimer(signal.ITIMER_PROF, 0)
            fed.faults.append((data, "".join(traceback.format_exc(limit=-4))))
        signal.setitimer(signal.ITIMER_PROF, 0)
        took = time.process_time() - began
        if took > fed.slowest:
            fed.slowest, fed.slowest_input = took, data
        if took > SECONDS and not (fed.faults and fed.faults[-1][0] is data):
            fed.faults.append((data, f"took {took:.2f} s of the processor"))
    return fed


def too_slow(_signal: int, _frame: FrameType | None) -> None:
    """What the timer does."""
    raise TooSlowError(f"more than {SECONDS} s of the processor")


def main() -> int:
    """Say what came of it."""
    words = argparse.ArgumentParser(prog="python -m tests.fuzzing")
    words.add_argument("reader", choices=READERS)
    words.add_argument("--count", type=int, default=10_000)
    words.add_argument("--seed", type=int, default=1)
    asked = words.parse_args()
    reader = READERS[asked.reader]
    signal.signal(signal.SIGPROF, too_slow)
    with tempfile.TemporaryDirectory() as folder:
        # Everything is loaded before memory is counted.
        reader.read(Path(folder), reader.corpus[0])
        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + (MEGABYTES << 20),) * 2)
        began = time.process_time()
        fed = feed(reader, asked.seed, asked.count, Path(folder))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    sys.stdout.write(
        f"{asked.reader}: {fed.count} inputs, {len(fed.faults)} faults, {time.process_time() - began:.1f} s, "
        f"slowest {fed.slowest * 1000:.0f} ms, {megabytes} MB\n"
    )
    for data, fault in fed.faults:
        sys.stdout.write(f"\n{data!r}\n{fault}\n")
    return int(bool(fed.faults))


if __name__ == "__main__":
    sys.exit(main())
