"""Pagefind's program, asked through its pipes: what it makes is handed over in memory, and it ends with whoever asks.

Pagefind's own Python client asks the same questions, but waits a tenth of a second for each answer and cannot take more
than two megabytes of them.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, cast

from pagefind_bin import get_executable

# Longest an index may take, in seconds: a hundred times what 10,000 organisations take.
PATIENCE = 600
_CHUNK = 1 << 20


class SearchError(Exception):
    """The index cannot be made; the message says why and what to do."""


class Indexer:
    """The program at work: question by question, each answered before the next."""

    def __init__(self, program: subprocess.Popen[bytes]) -> None:
        self.process = program.pid
        self._questions, self._answers = cast("IO[bytes]", program.stdin), cast("IO[bytes]", program.stdout)
        self._count = 0

    def ask(self, question: str, **details: Any) -> Mapping[str, Any]:
        """Its answer. Raises SearchError where it refuses, BrokenPipeError where it has ended."""
        self._count += 1
        asked = {"message_id": self._count, "payload": {"type": question, **details}}
        self._questions.write(base64.b64encode(json.dumps(asked).encode()) + b",")
        self._questions.flush()
        answer: Mapping[str, Any] = json.loads(base64.b64decode(self._answer()))["payload"]
        if answer["type"] == "Error":
            raise SearchError(f"pagefind says: {answer['message']}")
        return answer

    def _answer(self) -> bytes:
        """Up to the comma at its end, after which nothing follows until it is asked again."""
        parts = [b""]
        while not parts[-1].endswith(b","):
            part = os.read(self._answers.fileno(), _CHUNK)
            if not part:
                raise BrokenPipeError
            parts.append(part)
        return b"".join(parts)[:-1]


@contextmanager
def indexer() -> Iterator[Indexer]:
    """Start it, and see that it has ended. Raises SearchError where it cannot be started, or ends too early.

    It is told nothing of the surroundings, and finds no settings of its own: neither may change what it makes. It ends
    by itself when its input does, even where this program was killed.
    """
    # A file takes whatever it complains of; a pipe that nobody reads would fill up and stop it.
    with tempfile.TemporaryFile() as complaints:
        try:
            path = get_executable()
            program = subprocess.Popen(  # noqa: S603  # the program that pagefind's package brings
                [path, "--service"],
                cwd=Path(path).parent, env={}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints,
            )  # fmt: skip
        except OSError as error:
            raise SearchError(f"pagefind cannot be started: {error}; install the requirements again") from error
        late = threading.Event()

        def give_up() -> None:
            late.set()
            program.kill()

        guard = threading.Timer(PATIENCE, give_up)
        guard.daemon = True
        guard.start()
        try:
            yield Indexer(program)
        except BrokenPipeError:
            if late.is_set():
                why = f"pagefind was not done within {PATIENCE} seconds; build where less is at work"
                raise SearchError(why) from None
            raise SearchError(f"pagefind ended too early{_last_words(program, complaints)}; build again") from None
        finally:
            guard.cancel()
            _end(program)


def _end(program: subprocess.Popen[bytes]) -> None:
    program.kill()
    for pipe in (program.stdin, program.stdout):
        # What was still meant for it is not wanted any more.
        with suppress(BrokenPipeError):
            cast("IO[bytes]", pipe).close()
    program.wait()


def _last_words(program: subprocess.Popen[bytes], complaints: IO[bytes]) -> str:
    program.kill()
    complaints.seek(0)
    words = complaints.read().decode(errors="replace").strip()
    return f": {words}" if words else f" (exit code {program.wait()})"
