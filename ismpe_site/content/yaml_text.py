"""YAML as written: text in, a tree of text, lists and mappings out, with the place of everything.

No scalar is typed here: ``2.10``, ``NO`` and ``2025-03-04`` stay the text they are until the schema
gives them a meaning. What YAML allows but nobody needs (anchors, aliases, merge keys, tags, several
documents) is refused, and sizes are bounded, so that a hostile file is an error and not a hang.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from ismpe_site.content.yaml_tree import MAX_BYTES, MAX_DEPTH, MAX_NODES, Tree, sound_tree
from ismpe_site.content.yaml_words import in_words
from ismpe_site.model import DECEPTIVE
from ismpe_site.problems import Place, Problem

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_NODES", "Source", "Tree", "forbidden_characters", "read_yaml"]

Path = tuple[str | int, ...]


@dataclass
class Source:
    """One file as read: its tree, and where every key and value of it stands.

    Places are wanted only where something is wrong. Until one is asked for there is just the ``text`` to find them in,
    which begins on ``first_line``.
    """

    file: str
    tree: Tree = ""
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    text: str | None = None
    first_line: int = 1

    def _find_places(self) -> None:
        if self.text is not None:
            found = _read(self.text, self.file, self.first_line)[0]
            self.keys, self.values, self.text = found.keys, found.values | self.values, None

    def entries(self) -> list[Source]:
        """The entries of a list, each as if it were a file of its own."""
        self._find_places()
        entries = [Source(self.file, tree) for tree in (self.tree if isinstance(self.tree, list) else ())]
        for path, place in self.keys.items():
            entries[int(path[0])].keys[path[1:]] = place
        for path, place in self.values.items():
            if path:
                entries[int(path[0])].values[path[1:]] = place
        return entries

    def place(self, *path: str | int) -> Place:
        """The value at ``path``, or the nearest thing around it that exists."""
        self._find_places()
        return self._nearest(self.values, path)

    def key(self, *path: str | int) -> Place:
        """The key at ``path``, or the nearest thing around it that exists."""
        self._find_places()
        return self.keys[path] if path in self.keys else self._nearest(self.values, path)

    def _nearest(self, places: dict[Path, Place], path: Path) -> Place:
        for length in range(len(path), -1, -1):
            if path[:length] in self.keys and length < len(path) and not self._is_text(path[:length]):
                return self.keys[path[:length]]
            if path[:length] in places:
                return places[path[:length]]
        return Place(self.file)

    def _is_text(self, path: Path) -> bool:
        tree = self.tree
        for part in path:
            try:
                tree = tree[part]  # type: ignore[index]
            except (KeyError, IndexError, TypeError):
                return False  # the file was not read to its end
        return isinstance(tree, str) and tree != ""


def forbidden_characters(text: str, file: str, first_line: int = 1) -> Iterator[Problem]:
    """A problem for each line with a character that could deceive a reader."""
    if not DECEPTIVE.search(text):
        return
    for number, line in enumerate(text.split("\n"), first_line):
        if found := DECEPTIVE.search(line):
            name = unicodedata.name(found[0], "a control character")
            line_end = found[0] in "\r\x85\u2028\u2029"
            yield Problem(
                Place(file, number, found.start() + 1),
                "Y206",
                f"character U+{ord(found[0]):04X} ({name}) is not allowed",
                "it ends a line for some programs and not for others; put an ordinary line end in its place"
                if line_end
                else "it can make the text read differently from what it says; delete it",
            )


def read_yaml(text: str, file: str, first_line: int = 1) -> tuple[Source, list[Problem]]:
    """Parse ``text``; ``first_line`` is where it begins in ``file`` (front matter begins on line 2)."""
    tree = sound_tree(text)
    if tree is not None:
        return Source(file, tree, text=text, first_line=first_line), []
    return _read(text, file, first_line)


def _read(text: str, file: str, first_line: int) -> tuple[Source, list[Problem]]:
    reader = _Reader(file, first_line)
    problems = list(forbidden_characters(text, file, first_line))
    if problems:
        return reader.source, problems
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            reader.take(event)
    except _TooMuchError:
        pass
    except yaml.MarkedYAMLError as error:
        reader.syntax_error(error, text)
    except yaml.YAMLError as error:
        reader.problems.append(
            Problem(Place(file, first_line), "Y201", f"not valid YAML: {str(error).splitlines()[0]}")
        )
    return reader.source, reader.problems


class _TooMuchError(Exception):
    """A bound was passed: the file is not read further."""


class _Reader:
    """Builds the tree from parser events without recursion."""

    def __init__(self, file: str, first_line: int) -> None:
        self.source = Source(file)
        self.problems: list[Problem] = []
        self._first_line = first_line
        self._stack: list[tuple[Path, list[Tree] | dict[str, Tree], list[str | None]]] = []
        self._nodes = self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """Add what one event says to the tree."""
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents == 2:
                self._problem(
                    event,
                    "Y207",
                    "a second document begins here",
                    "one file holds one document; delete this line, or move what follows to a file of its own",
                )
                raise _TooMuchError
        elif isinstance(event, yaml.AliasEvent):
            self._problem(
                event,
                "Y203",
                "aliases (*) are not allowed",
                "write the value out; text that begins with * goes into quotes",
            )
            self._add("", event)
        elif isinstance(event, yaml.NodeEvent):
            self._node(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._stack.pop()

    def syntax_error(self, error: yaml.MarkedYAMLError, text: str) -> None:
        """Note where the text stopped being YAML."""
        line, column, message, hint = in_words(error, text)
        self.problems.append(
            Problem(Place(self.source.file, self._first_line + line, column + 1), "Y201", message, hint)
        )

    def _node(self, event: yaml.NodeEvent) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._problem(event, "Y205", f"more than {MAX_NODES} values", "split the file")
            raise _TooMuchError
        if event.anchor is not None:
            self._problem(
                event,
                "Y203",
                "anchors (&) are not allowed",
                "write the value out where it is needed; text that begins with & goes into quotes",
            )
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            tag = tag.replace("tag:yaml.org,2002:", "!!")
            self._problem(
                event,
                "Y204",
                f"tags ({tag}) are not allowed",
                "delete it, the field decides the type; text that begins with ! goes into quotes",
            )
        if isinstance(event, yaml.ScalarEvent):
            self._add(event.value, event)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._open([], event)
        else:
            self._open({}, event)

    def _open(self, tree: list[Tree] | dict[str, Tree], event: yaml.Event) -> None:
        if len(self._stack) >= MAX_DEPTH:
            self._problem(
                event,
                "Y205",
                f"nested more than {MAX_DEPTH} deep",
                "no field needs this depth; close the brackets earlier",
            )
            raise _TooMuchError
        if self._stack and isinstance(self._stack[-1][1], dict) and self._stack[-1][2][0] is None:
            self._problem(
                event,
                "Y209",
                "a key must be plain text",
                "a list or a group of fields cannot be a key; text that begins with a bracket goes into quotes",
            )
            raise _TooMuchError
        path = self._add(tree, event)
        self._stack.append((path, tree, [None]))

    def _add(self, tree: Tree, event: yaml.Event) -> Path:
        """Put a value where it belongs; returns its path. A mapping's first scalar is a key, the next its value."""
        if not self._stack:
            self.source.tree = tree
            self.source.values[()] = self._place(event)
            return ()
        parent_path, parent, pending = self._stack[-1]
        if isinstance(parent, list):
            path = (*parent_path, len(parent))
            parent.append(tree)
        elif pending[0] is None:
            self._key(str(tree), event, parent_path, parent, pending)
            return parent_path
        else:
            path = (*parent_path, pending[0])
            if pending[0] not in parent:
                parent[pending[0]] = tree
            pending[0] = None
        self.source.values.setdefault(path, self._place(event))
        return path

    def _key(self, key: str, event: yaml.Event, path: Path, parent: dict[str, Tree], pending: list[str | None]) -> None:
        key = unicodedata.normalize("NFC", key)
        if key == "<<":
            self._problem(event, "Y208", "merge keys (<<) are not allowed", "write the fields out")
        elif key in parent:
            first = self.source.keys[(*path, key)].line
            self._problem(event, "Y202", f'"{key}" is given twice', f"first given on line {first}; keep one of the two")
        else:
            self.source.keys[(*path, key)] = self._place(event)
        pending[0] = key

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        return Place(self.source.file, self._first_line + line, column + 1)

    def _problem(self, event: yaml.Event, code: str, message: str, help_text: str) -> None:
        self.problems.append(Problem(self._place(event), code, message, help_text))
