"""YAML with which nothing is wrong, as nearly all of it: text in, a tree out, as quickly as may be."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import yaml

MAX_BYTES = 1 << 20
MAX_DEPTH = 12
MAX_NODES = 50_000

# Characters that make a file read differently from what it says: direction overrides, controls, invisible joiners,
# and what is a line end to YAML but not to an editor (places would be wrong).
FORBIDDEN = re.compile(
    "[\u2028-\u202e\u2066-\u2069\u200b\u2060\ufeff\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
)

Tree = str | list["Tree"] | dict[str, "Tree"]

NODES = frozenset({yaml.ScalarEvent, yaml.SequenceStartEvent, yaml.MappingStartEvent})
ENDS = frozenset({yaml.SequenceEndEvent, yaml.MappingEndEvent})


def sound_tree(text: str) -> Tree | None:
    """The tree of a text with which nothing is wrong, else nothing: then it is read again, with care and places."""
    if FORBIDDEN.search(text):
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
