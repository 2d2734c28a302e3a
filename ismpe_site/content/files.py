"""Files of a content folder → text, with a problem for everything that cannot be read or has no place there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from ismpe_site.content.hints import Hint
from ismpe_site.content.links import judged_links
from ismpe_site.content.names import Named, better_name
from ismpe_site.content.schema import sound_part, validate
from ismpe_site.content.yaml_text import MAX_BYTES, Source, forbidden_characters, read_yaml
from ismpe_site.model import DEVICE, LONGEST_NAME, Document, Value
from ismpe_site.problems import Place, Problem, did_you_mean

V = TypeVar("V", bound=Value)

EACCES = 13
# Folders of content may be nested so deep.
DEEPEST = 8
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
DOCUMENT_FILE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\.md")
FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)---[ \t]*(?:\n|$)", re.DOTALL)


def is_slug(name: str) -> bool:
    """Whether a name is fit for an address, and for a file on every system."""
    return bool(SLUG.fullmatch(name)) and len(name) <= LONGEST_NAME and not DEVICE.fullmatch(name)


def is_folder(path: Path) -> bool:
    """Whether there is a folder, as far as one may know."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _shown(name: str) -> str:
    """A name of the file system with ``\\xff`` for each byte that is not UTF-8."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


class Reading:
    """One reading of the content folder: collects sources (for places) and problems on the way.

    ``sound_parts``: files of which only a part could be taken, with the fields that have problems; ``closed``:
    folders that could not be read.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.closed: set[Path] = set()
        self.sound_parts: dict[str, frozenset[str]] = {}
        self.sources: dict[str, Source] = {}
        self.problems: list[Problem] = []
        self.links: list[tuple[Place, str]] = []

    def name(self, path: Path) -> str:
        """The name a person knows the file by: ``content/…`` with forward slashes; a file elsewhere as it was named."""
        try:
            below = path.relative_to(self.root)
        except ValueError:
            try:
                below = (path.parent.resolve() / path.name).relative_to(self.root.resolve())
            except (ValueError, OSError):
                return _shown(path.as_posix())
        return _shown((self.root.name / below).as_posix())

    def problem(self, path: Path, code: str, message: str, help_text: str = "") -> None:
        """Note a problem of the file as a whole."""
        self.problems.append(Problem(Place(self.name(path)), code, message, help_text))

    def entries(self, folder: Path) -> list[Path]:
        """What is in a folder, sorted; hidden and backup files are passed over, links are refused."""
        found = []
        for path in sorted(folder / name for name, _ in self._inside(folder)):
            if path.name.startswith((".", "#")) or path.name.endswith("~"):
                continue
            if _shown(path.name) != path.name:
                self.problem(
                    path, "C107", "the name is not UTF-8 text", "rename it in small letters, digits and hyphens"
                )
            elif path.is_symlink():
                self.problem(path, "C103", "symbolic links are not followed", "put the file or folder itself here")
            else:
                found.append(path)
        return found

    def _inside(self, folder: Path) -> list[tuple[str, bool]]:
        """What is in a folder, and whether it is one itself (no link); nothing, and a problem, where it cannot be read
        or what is in it not be reached.
        """
        try:
            with os.scandir(folder) as entries:
                inside = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
            if not os.access(folder, os.X_OK, effective_ids=os.access in os.supports_effective_ids):
                raise PermissionError(EACCES, os.strerror(EACCES))
        except OSError as error:
            self.closed.add(folder)
            self.problem(folder, "C101", f"the folder cannot be read: {error.strerror}", "see that you may read it")
            return []
        return inside

    def can_be_walked(self, folder: Path, deepest: int) -> bool:
        """Whether every folder below, hidden ones too, can be read, and none is nested more than ``deepest`` deep."""
        if deepest < 1:
            self.too_deep(folder)
            return False
        inner = [name for name, is_one in self._inside(folder) if is_one]
        walked = [self.can_be_walked(folder / name, deepest - 1) for name in inner]
        return all(walked) and folder not in self.closed

    def too_deep(self, folder: Path) -> None:
        """A problem of a folder that lies deeper than any content."""
        self.problem(folder, "C108", f"folders are nested more than {DEEPEST} deep", "move the folder up, or delete it")

    def folders(self, folder: Path, only: str = "") -> list[Path]:
        """The folders in ``folder`` (none where it is missing); each name must be fit for an address.

        ``only`` says what they are where nothing else may stand beside them.
        """
        if not is_folder(folder):
            return []
        entries = self.entries(folder)
        found = [path for path in entries if path.is_dir()]
        if only:
            folders = set(found)
            self.unexpected((path for path in entries if path not in folders), only)
        for path in found:
            if not SLUG.fullmatch(path.name):
                self.problem(
                    path,
                    "C105",
                    f'"{path.name}" cannot be part of an address',
                    "use small letters, digits and single hyphens",
                )
            elif len(path.name) > LONGEST_NAME:
                self.problem(path, "C105", f"the name is longer than {LONGEST_NAME} characters", "shorten it")
            elif DEVICE.fullmatch(path.name):
                self.problem(path, "C105", f'"{path.name}" is the name of a device on Windows', "take another name")
        return [path for path in found if is_slug(path.name)]

    def unexpected(
        self, paths: Iterable[Path], allowed: str, names: Iterable[str] = (), named: Named = "freely"
    ) -> None:
        """A problem for each file that has no place where it is. ``named``: what files are named by here."""
        for path in paths:
            meant = better_name(path.name, named) if path.is_file() else ""
            self.problem(
                path,
                "C102",
                f'"{path.name}" has no place here',
                f"{meant or did_you_mean(path.name, names)}allowed: {allowed}",
            )

    def text(self, path: Path) -> str | None:
        """The file's text, with line ends as ``\\n``."""
        if path.parent in self.closed:
            return None
        try:
            if path.exists() and not (path.is_file() or path.is_dir()):
                self.problem(path, "C101", "this is no ordinary file", "put an ordinary file in its place")
                return None
            data = path.read_bytes()
        except FileNotFoundError:
            left_behind = path.parent.is_dir() and not any(path.parent.iterdir())
            more = "; or delete the folder, which is empty" if left_behind else ""
            self.problem(path, "C104", "the file is missing", f"write it, or mend its name{more}")
            return None
        except IsADirectoryError:
            self.problem(path, "C101", "a folder stands where a file belongs", "rename the folder, or remove it")
            return None
        except OSError as error:
            self.problem(
                path, "C101", f"cannot be read: {error.strerror}", "check that it is a file and that you may read it"
            )
            return None
        if len(data) > MAX_BYTES:
            self.problem(path, "C101", f"larger than {MAX_BYTES // 1024} KiB", "split it")
            return None
        try:
            text = data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            before = data[: error.start]
            place = Place(self.name(path), before.count(b"\n") + 1, error.start - before.rfind(b"\n"))
            self.problems.append(Problem(place, "C101", "not UTF-8 text", "save the file in the encoding UTF-8"))
            return None
        problems, to_pages = judged_links(self.name(path), text)
        self.problems += problems
        self.links += to_pages
        return text

    def yaml(self, path: Path, first_line: int = 1, text: str | None = None) -> Source | None:
        """The file as a tree, or nothing where it has a problem of its own."""
        self.sources[self.name(path)] = Source(self.name(path))
        text = self.text(path) if text is None else text
        if text is None:
            return None
        source, problems = read_yaml(text, self.name(path), first_line)
        self.sources[self.name(path)] = source
        self.problems += problems
        return None if problems else source

    def model(self, model: type[V], path: Path, given: Mapping[str, object] | None = None) -> V | None:
        """The file as a ``model``; ``given`` fields follow from its name and folder."""
        source = self.yaml(path)
        if source is None:
            return None
        value, problems = validate(model, source, given or {})
        self.problems += problems
        return value

    def as_far_as_sound(
        self, model: type[V], path: Path, given: Mapping[str, object], hint: Hint, stand_ins: Mapping[str, str]
    ) -> V | None:
        """The same; where parts of the file do not fit, the rest of it, so that its own problems are found too."""
        source = self.yaml(path)
        if source is None:
            return None
        value, problems = validate(model, source, given, hint)
        self.problems += problems
        if value is None:
            value, self.sound_parts[source.file] = sound_part(model, source, given, stand_ins)
        return value

    def models(self, model: type[V], path: Path) -> tuple[V, ...]:
        """A file that is a list of ``model``; a missing file is an empty list."""
        if path.parent in self.closed or not path.exists():
            return ()
        source = self.yaml(path)
        if source is None:
            return ()
        if not isinstance(source.tree, list):
            says = "the file must be a list" if source.tree else "no entry is written here"
            self.problems.append(
                Problem(
                    source.place(), "S305", says, "begin each entry with a hyphen; delete the file where there is none"
                )
            )
            return ()
        values = []
        for entry in source.entries():
            value, problems = validate(model, entry, {})
            self.problems += problems
            values += [value] if value is not None else []
        return tuple(values)

    def documents(self, folder: Path, folders_too: bool = False) -> tuple[Document, ...]:
        """The versions of a document, oldest first: one Markdown file per version, named by the day it takes effect.

        ``folders_too``: whether folders may stand beside them, as with pages.
        """
        if not is_folder(folder):
            return ()
        files = [path for path in self.entries(folder) if not (folders_too and path.is_dir())]
        dated = [path for path in files if DOCUMENT_FILE.fullmatch(path.name)]
        self.unexpected(
            (path for path in files if path not in dated),
            "files named by the day they take effect, like 2025-06-01.md",
            named="day",
        )
        return tuple(document for path in dated if (document := self._document(path)) is not None)

    def _document(self, path: Path) -> Document | None:
        text = self.text(path)
        if text is None:
            return None
        forbidden = list(forbidden_characters(text, self.name(path)))
        self.problems += forbidden
        match = FRONT_MATTER.match(text)
        if match is None:
            says = (
                "the front matter is not closed"
                if text.startswith("---\n")
                else "the file does not begin with front matter"
            )
            self.problem(
                path, "C106", says, "first a line ---, then title: and summary:, then a line --- again, then the text"
            )
            return None
        source = self.yaml(path, first_line=2, text=match[1])
        if source is None:
            return None
        body = text[match.end() :]
        source.values["body",] = Place(source.file, match[1].count("\n") + 2)
        value, problems = validate(Document, source, {"effective": path.stem, "body": body})
        self.problems += problems
        return None if forbidden else value
