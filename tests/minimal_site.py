"""A small site to change at will, and cases: changes of it written down with the problems they must lead to.

The base (``tests/cases/base``) loads without a problem. A case is one Markdown file in ``tests/cases/content``;
``tests/cases/content/README.md`` says how it is written.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ismpe_site.problems import Problem, describe
from tests.whole import Whole, load

CASES = Path(__file__).parent / "cases"
BASE = CASES / "base"

BLOCK = re.compile(r"^(?P<fence>`{3,})(?P<info>[^`\n]*)\n(?P<text>.*?)^(?P=fence)[ \t]*$", re.DOTALL | re.MULTILINE)
ESCAPE = re.compile(r"\\x([0-9a-f]{2})|\\u([0-9a-f]{4})")


@dataclass(frozen=True)
class Change:
    """One change of the base: ``kind`` is the first word behind the fence, ``file`` the second."""

    kind: str
    file: str
    text: str

    def apply(self, site: Path) -> None:
        """Make the change in the copy of the base at ``site``."""
        path = site / (os.fsdecode(unescaped(self.file)) if self.kind == "escaped" else self.file)
        if self.kind == "remove":
            _remove(path)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.kind == "diff":
            path.write_bytes(self._changed(path.read_bytes().decode()).encode())
        elif self.kind == "escaped":
            path.write_bytes(unescaped(self.text))
        elif self.kind == "link":
            path.symlink_to(self.text.strip())
        else:
            path.write_bytes(self.text.encode())

    def _changed(self, text: str) -> str:
        """``text`` with each hunk's lines with ``-`` replaced by its lines with ``+``; ``@@`` begins another hunk."""
        for hunk in re.split(r"^@@.*\n", self.text, flags=re.MULTILINE):
            lines = hunk.splitlines(keepends=True)
            old = "".join(line[1:] or line for line in lines if line[0] != "+")
            new = "".join(line[1:] or line for line in lines if line[0] != "-")
            if text.count(old) != 1:
                raise ValueError(f"{self.file}: these lines are there {text.count(old)} times, not once:\n{old}")
            text = text.replace(old, new)
        return text


def unescaped(text: str) -> bytes:
    """The bytes meant by ``\\xNN`` (a byte) and ``\\uNNNN`` (a character); everything else stays."""

    def meant(match: re.Match[str]) -> str:
        return chr(int(match[2], 16)) if match[2] else bytes([int(match[1], 16)]).decode("utf-8", "surrogateescape")

    return ESCAPE.sub(meant, text).encode("utf-8", "surrogateescape")


@dataclass(frozen=True)
class Case:
    """A case as written: its changes and the problems expected of them."""

    path: Path
    changes: tuple[Change, ...]
    expected: str

    @classmethod
    def read(cls, path: Path) -> Case:
        """The case in the Markdown file ``path``."""
        changes, expected = [], ""
        for block in BLOCK.finditer(path.read_text(encoding="utf-8")):
            kind, _, file = block["info"].strip().partition(" ")
            if kind == "text":
                expected = block["text"].rstrip("\n")
            else:
                changes.append(Change(kind, file.strip(), block["text"]))
        return cls(path, tuple(changes), expected)

    def expect(self, found: str) -> None:
        """Write the problems found into the case as the problems expected."""
        text = self.path.read_text(encoding="utf-8")
        block = next(block for block in BLOCK.finditer(text) if block["info"].strip() == "text")
        start, end = block.span("text")
        self.path.write_text(text[:start] + found + "\n" + text[end:], encoding="utf-8")


def minimal_site(folder: Path, changes: Iterable[Change] = ()) -> Path:
    """A copy of the base in the new folder ``folder``, changed; returns its ``content``."""
    shutil.copytree(BASE, folder)
    for change in changes:
        change.apply(folder)
    return folder / "content"


def with_files(folder: Path, files: Mapping[str, str | bytes | None]) -> Path:
    """A copy of the base with ``files`` (name → text, bytes, or None to remove); returns its ``content``."""
    content = minimal_site(folder)
    for name, text in files.items():
        if text is None:
            _remove(folder / name)
            continue
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return content


def described(problems: Iterable[Problem], site: Path) -> str:
    """All problems as they are printed, one below the other."""
    problems = list(problems)
    paths = {problem.place.file: site / problem.place.file for problem in problems}
    lines = {
        file: path.read_text(encoding="utf-8", errors="replace").split("\n")
        for file, path in paths.items()
        if path.is_file() and not path.is_symlink()
    }
    return "\n\n".join(describe(problem, lines) for problem in problems)


def loaded(content: Path) -> tuple[Whole, str]:
    """The content folder as loaded, and its problems as printed."""
    outcome = load(content)
    return outcome, described(outcome.problems, content.parent)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
