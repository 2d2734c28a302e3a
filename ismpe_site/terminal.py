"""Words to a person at a terminal: problems, progress, and every failure as a message and an exit code."""

from __future__ import annotations

import errno
import os
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import typer

from ismpe_site import __version__
from ismpe_site.build.executors import ExecutorError
from ismpe_site.build.generation import CollisionError, LinkError, LockedError, OutputError
from ismpe_site.build.unit import RenderError
from ismpe_site.problems import FOR_GOOD, ContentError, Problem, describe, summary
from ismpe_site.theme import ThemeError
from ismpe_site.trust.errors import TrustError

EXIT_CONTENT, EXIT_USAGE, EXIT_RENDER, EXIT_LOCKED, EXIT_PUBLISHED = 1, 2, 3, 4, 5
EXIT_BUG, EXIT_INTERRUPTED, EXIT_ENDED = 70, 130, 143
EXPLAINED = (
    ContentError,
    LinkError,
    CollisionError,
    RenderError,
    OutputError,
    LockedError,
    TrustError,
    ThemeError,
    ExecutorError,
    OSError,
)


class EndedError(KeyboardInterrupt):
    """Somebody asked the program to end (SIGTERM): it tidies up as after Ctrl-C."""


def say(words: str) -> None:
    """Words for a person; data goes to standard output instead."""
    typer.echo(words, err=True)


def described(problems: Iterable[Problem], root: Path) -> str:
    """Problems in words, each with the line it stands on."""
    problems = list(problems)
    lines: dict[str, list[str]] = {}
    for file in {problem.place.file for problem in problems}:
        path = root / file
        with suppress(OSError):
            # A line of the ledger is no line for people.
            if path.is_file() and not path.is_symlink() and path.suffix != ".jsonl":
                lines[file] = path.read_text(encoding="utf-8", errors="replace").split("\n")
    return "\n\n".join(describe(problem, lines) for problem in problems)


def report(problems: Iterable[Problem], root: Path) -> None:
    """Print problems, if there are any."""
    if words := described(problems, root):
        say(words + "\n")


@contextmanager
def progress(*, quiet: bool, doing: str = "building") -> Iterator[Callable[[str, int, int], None] | None]:
    """A progress bar on a terminal; nothing elsewhere."""
    if quiet:
        yield None
        return
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True) as bars:
        task = bars.add_task("", total=None)

        def advance(path: str, done: int, total: int) -> None:
            bars.update(task, completed=done, total=total, description=path[-60:])

        yield advance


@contextmanager
def failures(root: Path, outcome: str = "") -> Iterator[None]:
    """Turn what can go wrong into words and an exit code; never a traceback. ``outcome``: what became of it."""
    try:
        yield
    except EXPLAINED as error:
        words, code = explained(error, root)
        say(f"{words}\n{outcome}" if outcome else words)
        raise SystemExit(code) from None
    except KeyboardInterrupt as error:
        words, code = ("ended", EXIT_ENDED) if isinstance(error, EndedError) else ("interrupted", EXIT_INTERRUPTED)
        say(f"{words}\n{outcome}" if outcome else words)
        raise SystemExit(code) from None
    except Exception as error:
        # typer's own exceptions (usage errors, --help) know best how to print themselves.
        if type(error).__module__.partition(".")[0] in ("click", "typer"):
            raise
        raise SystemExit(_apologise(error)) from None


def explained(error: Exception, root: Path) -> tuple[str, int]:
    """(what is wrong and what to do, exit code) for each of ``EXPLAINED``."""
    if isinstance(error, ContentError):
        settings = all(problem.place.file == "site.toml" for problem in error.problems)
        where = "site.toml" if settings else "content"
        words = f"{described(error.problems, root)}\n\n{where}: {summary(error.problems)}"
        return words, EXIT_USAGE if settings else exit_of(error.problems)
    if isinstance(error, LinkError):
        links = "\n".join(error.broken)
        return f"{links}\nmend these links in the content (or the theme) that makes the pages", EXIT_CONTENT
    if isinstance(error, CollisionError):
        return f"{error}; rename one of the two in content/", EXIT_CONTENT
    if isinstance(error, RenderError):
        return f"{_failed(error.failures)}\nthese documents could not be made", EXIT_RENDER
    if isinstance(error, LockedError):
        return str(error), EXIT_LOCKED
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "the disk is full; free some room, or name another --output", EXIT_USAGE
    return str(error), EXIT_USAGE


def exit_of(problems: Iterable[Problem]) -> int:
    """The exit code of content that is wrong: another one where it would change what is published for good."""
    published = any(problem.severity == "error" and problem.code.startswith(FOR_GOOD) for problem in problems)
    return EXIT_PUBLISHED if published else EXIT_CONTENT


def _failed(failures: Mapping[str, str]) -> str:
    """Each file with its reason; many with one reason are counted."""
    files: dict[str, list[str]] = {}
    for path, reason in sorted(failures.items()):
        files.setdefault(reason, []).append(path)
    return "\n".join(
        f"{paths[0]}{f' and {len(paths) - 1} more' if len(paths) > 1 else ''}: {reason}"
        for reason, paths in files.items()
    )


def apology(error: Exception) -> str:
    """Our own fault, said shortly."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"Sorry: this is a fault of ismpe {__version__}, not of your content: {type(error).__name__}: {error}\n"
        f"It happened in {Path(where.filename).name}, line {where.lineno}. Please report it with the command you ran."
    )


def _apologise(error: Exception) -> int:
    """Say so; ``ISMPE_DEBUG=1`` shows where."""
    say(apology(error))
    if os.environ.get("ISMPE_DEBUG"):
        traceback.print_exc()
    return EXIT_BUG
