"""YAML with which nothing is wrong, as nearly all of it: text in, a tree out, as quickly as may be."""

from __future__ import annotations

import unicodedata
from typing import Any

import yaml

from ismpe_site.model import DECEPTIVE

MAX_BYTES = 1 << 20
MAX_DEPTH = 12
MAX_NODES = 50_000

Tree = str | list["Tree"] | dict[str, "Tree"]

NODES = frozenset({yaml.ScalarEvent, yaml.SequenceStartEvent, yaml.MappingStartEvent})
ENDS = frozenset({yaml.SequenceEndEvent, yaml.MappingEndEvent})


def sound_tree(text: str) -> Tree | None:
    """The tree of a text with which nothing is wrong, else nothing: then it is read again, with care and places."""
    if DECEPTIVE.search(text):
        return None
    root: list[Tree] = []
    parent: list[Tree] | dict[str, Tree] = root
    around: list[list[Tree] | dict[str, Tree]] = []
    key, nodes = None, 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            kind = type(event)
            if kind in ENDS:
                parent, key = around.pop(), None
                continue
            if kind not in NODES:
                if kind is yaml.AliasEvent or (kind is yaml.DocumentStartEvent and root):
                    return None
                continue
            nodes += 1
            node: Any = event
            if nodes > MAX_NODES or node.anchor is not None or node.tag not in (None, "!"):
                return None
            value: Tree = node.value if kind is yaml.ScalarEvent else {} if kind is yaml.MappingStartEvent else []
            if isinstance(parent, list):
                parent.append(value)
            elif key is None:
                if not isinstance(value, str):
                    return None
                key = value if value.isascii() else unicodedata.normalize("NFC", value)
                if key in parent or key == "<<":
                    return None
                continue
            else:
                parent[key], key = value, None
            if not isinstance(value, str):
                if len(around) >= MAX_DEPTH:
                    return None
                around.append(parent)
                parent = value
    except yaml.YAMLError:
        return None
    return root[0] if root else ""
