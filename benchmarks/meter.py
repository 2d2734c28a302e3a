"""Runs one command and says what it took: ``python -m benchmarks.meter [--memory] COMMAND…`` prints JSON.

Wall time to the end of the command; processor time of the command and of every process it started, whoever waited
for them; with ``--memory`` the highest memory of all of them together, sampled (which costs time: not for timing).
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

EVERY = 0.05
LAST_WAIT = 10.0
SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER: who is left behind by the command becomes our child and is counted


def run(command: list[str], *, memory: bool) -> dict[str, float]:
    """Run ``command``; raises SystemExit with its words where it fails."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    peak, done = [0], threading.Event()
    sampler = threading.Thread(target=_sample, args=(peak, done))
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        if memory:
            sampler.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        done.set()
        if memory:
            sampler.join()
        cpu = _cpu(usage) + _left_behind()
        if process.returncode != 0:
            said.seek(0)
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}\n{said.read().decode()}")
    return {"wall": wall, "cpu": cpu, "peak": peak[0]}


def _cpu(usage: resource.struct_rusage) -> float:
    return usage.ru_utime + usage.ru_stime


def _left_behind() -> float:
    """Processor time of processes that outlived the command, such as those that start others for it."""
    total, until = 0.0, time.monotonic() + LAST_WAIT
    while time.monotonic() < until:
        try:
            pid, _, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if pid == 0:
            time.sleep(0.005)
        else:
            total += _cpu(usage)
    return total


def _sample(peak: list[int], done: threading.Event) -> None:
    while not done.is_set():
        peak[0] = max(peak[0], sum(map(_memory, _descendants(os.getpid()))))
        done.wait(EVERY)


def _descendants(root: int) -> list[int]:
    """Every process below ``root``."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        own = children.get(waiting.pop(), [])
        found += own
        waiting += own
    return found


def _memory(pid: int) -> int:
    """Bytes of a process; what it shares with others counts by its part (PSS)."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:  # it has just ended
        pass
    return 0


def main() -> None:
    """Take the command line as it is."""
    memory = sys.argv[1:2] == ["--memory"]
    sys.stdout.write(json.dumps(run(sys.argv[2 if memory else 1 :], memory=memory)) + "\n")


if __name__ == "__main__":
    main()
