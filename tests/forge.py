"""Builds in processes that may be killed: this program has everything loaded, and forks a child for each build.

Each line of its input is a request, each line of its output the answer; ``Forge`` is how a test speaks to it.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ismpe_site import pipeline
from ismpe_site.build.executors.in_process import InProcess
from ismpe_site.late import Workers
from ismpe_site.making import Options

DAY = date(2025, 12, 1)
OPERATIONS = {"os.mkdir", "os.link", "os.rename", "os.symlink", "os.remove", "os.rmdir", "os.chmod", "os.utime",
              "os.truncate"}  # fmt: skip
FAILED, NO_SPACE = 1, 28


class Forge:
    """The program, running."""

    def __init__(self) -> None:
        root = Path(__file__).parents[1]
        self._program = subprocess.Popen(
            [sys.executable, "-m", "tests.forge"],
            cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def build(self, root: Path, output: Path, **how: Any) -> tuple[int, list[str]]:
        """(exit code, negative where a signal ended it; file operations in their order).

        ``strike``: how many operations are done before ``blow`` (kill, or full: the disk is) falls; ``after``: kill
        it after so many seconds.
        """
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.write(json.dumps({"root": str(root), "output": str(output), **how}) + "\n")
        self._program.stdin.flush()
        answer = json.loads(self._program.stdout.readline())
        return answer["code"], answer["operations"]

    def stop(self) -> None:
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.close()
        self._program.wait(30)
        self._program.stdout.close()


@dataclass
class Watch:
    """Counts the file operations of this process, and lets the blow fall before the next one."""

    strike: int | None
    blow: str
    pipe: int

    def __post_init__(self) -> None:
        self.count = 0
        sys.addaudithook(self._audit)
        Path.write_bytes = self._halves(Path.write_bytes)  # type: ignore[method-assign]

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in OPERATIONS or (event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)):
            self.operation(event)

    def operation(self, name: str) -> None:
        if self.strike is not None and self.count >= self.strike:
            if self.blow == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            if name in ("open", "write", "os.mkdir", "os.link", "os.symlink"):
                raise OSError(errno.ENOSPC, "No space left on device")
        self.count += 1
        os.write(self.pipe, f"{name}\n".encode())

    def _halves(self, write: Any) -> Any:
        def write_bytes(path: Path, data: bytes) -> int:
            """In two halves, between which the blow may fall."""
            count: int = write(path, data[: len(data) // 2])
            self.operation("write")
            with path.open("r+b") as file:
                file.seek(count)
                return count + file.write(data[count:])

        return write_bytes


def build(request: dict[str, Any], pipe: int) -> int:
    """What a child does: one build, of the pages."""
    here = Workers(InProcess(), InProcess())
    if request.get("watch") or "strike" in request:
        Watch(request.get("strike"), request.get("blow", "kill"), pipe)
    try:
        project = pipeline.Project.at(Path(request["root"]))
        pipeline.build(project, Path(request["output"]), Options(DAY, html_only=True), here)
    except OSError as error:
        return NO_SPACE if error.errno == errno.ENOSPC else FAILED
    except Exception:  # noqa: BLE001  # the test looks at the code
        return FAILED
    return 0


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Have a child do it, and kill it where asked."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os._exit(build(request, writing))
    os.close(writing)
    if "after" in request:
        time.sleep(request["after"])
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading, encoding="utf-8") as operations:
        done = operations.read().split()
    return {"code": os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), "operations": done}


def main() -> None:
    """Answer until the input ends. A site is built here once, so that its children find its templates at hand."""
    known = set()
    for line in sys.stdin:
        request = json.loads(line)
        if request["root"] not in known:
            known.add(request["root"])
            with tempfile.TemporaryDirectory() as folder:
                build({"root": request["root"], "output": folder}, 2)
        sys.stdout.write(json.dumps(answer(request)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
