"""YAML as written: text stays text, everything has its place, nothing raises and nothing hangs."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ismpe_site.content.yaml_text import MAX_BYTES, MAX_DEPTH, MAX_NODES, Source, Tree, _read, read_yaml
from ismpe_site.content.yaml_tree import sound_tree
from ismpe_site.problems import Place
from tests.minimal_site import BASE

FUZZ = settings(
    max_examples=300, derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)


def tree_of(text: str) -> Tree:
    source, problems = read_yaml(text, "f.yaml")
    assert problems == []
    return source.tree


def codes_of(text: str) -> list[str]:
    return [problem.code for problem in read_yaml(text, "f.yaml")[1]]


# -- values as written -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        *("2.10", "1.0", "007", "0o7", "0x1F", "1e3", "1_000", "+1", "-0", ".5", "12:30", "190:20:30", ".inf", ".nan"),
        *(
            "NO",
            "no",
            "on",
            "Off",
            "y",
            "true",
            "False",
            "~",
            "null",
            "Null",
            "=",
            "2025-03-04",
            "2025-03-04T10:00:00Z",
        ),
        *("80 %", "50%", "line managers", "a - b", "a:b", "C#", "it's", "“quoted”", "→", "café", "😀"),
    ],
)
def test_a_value_is_the_text_that_was_written(written: str) -> None:
    assert tree_of(f"key: {written}\n") == {"key": written}
    assert tree_of(f"- {written}\n") == [written]
    assert tree_of(f"{written}: value\n") == {written: "value"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('key: "2.10"\n', "2.10"),
        ("key: 'it''s'\n", "it's"),
        ('key: "a\\tb\\n\\u00e9"\n', "a\tb\né"),
        ("key:\n", ""),
        ("key: # nothing but a comment\n", ""),
        ('key: ""\n', ""),
        ("key: one # comment\n", "one"),
        ("key: one\n  two\n\n  three\n", "one two\nthree"),
        ("key: |\n  one\n    two\n\n  three\n", "one\n  two\n\nthree\n"),
        ("key: |-\n  one\n", "one"),
        ("key: |+\n  one\n\n", "one\n\n"),
        ("key: >-\n  one\n  two\n\n  three\n", "one two\nthree"),
        ("key: ! one\n", "one"),
    ],
)
def test_quotes_blocks_and_folding(text: str, value: str) -> None:
    assert tree_of(text) == {"key": value}


def test_lists_and_groups() -> None:
    text = "a: [1, {b: 2}, []]\nc:\n  - d: 3\n    e: {}\n  -\n    - 4\n"
    assert tree_of(text) == {"a": ["1", {"b": "2"}, []], "c": [{"d": "3", "e": {}}, ["4"]]}


def test_keys_are_compared_as_they_look() -> None:
    composed, decomposed = "caf\u00e9", "cafe\u0301"
    assert tree_of(f"{decomposed}: 1\n") == {composed: "1"}
    assert codes_of(f"{composed}: 1\n{decomposed}: 2\n") == ["Y202"]


def test_an_empty_file_is_empty_text() -> None:
    for text in ("", "\n\n", "# a comment\n", "---\n"):
        assert tree_of(text) == ""


# -- places ----------------------------------------------------------------------------------------

NESTED = """\
name: Ada
list:
  - one
  - key: two
    other: [three, {inner: four}]
block: |
  text
"""


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        ((), (1, 1), (1, 1)),
        (("name",), (1, 1), (1, 7)),
        (("list",), (2, 1), (3, 3)),
        (("list", 0), (3, 5), (3, 5)),
        (("list", 1), (4, 5), (4, 5)),
        (("list", 1, "key"), (4, 5), (4, 10)),
        (("list", 1, "other"), (5, 5), (5, 12)),
        (("list", 1, "other", 0), (5, 13), (5, 13)),
        (("list", 1, "other", 1, "inner"), (5, 21), (5, 28)),
        (("block",), (6, 1), (6, 8)),
    ],
)
@pytest.mark.parametrize("first_line", [1, 2, 40])
def test_places(path: tuple[str | int, ...], key: tuple[int, int], value: tuple[int, int], first_line: int) -> None:
    source, problems = read_yaml(NESTED, "f.yaml", first_line)
    assert problems == []
    offset = first_line - 1
    assert source.key(*path) == Place("f.yaml", key[0] + offset, key[1])
    assert source.place(*path) == Place("f.yaml", value[0] + offset, value[1])


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("missing",), (1, 1)),
        (("list", 1, "missing"), (4, 5)),
        (("list", 7), (2, 1)),
        (("list", 1, "other", 1, "missing"), (5, 20)),
        (("name", "part of it"), (1, 7)),
        (("name", 0, "part of it"), (1, 7)),
    ],
)
def test_what_is_not_there_stands_at_the_nearest_thing_around_it(
    path: tuple[str | int, ...], place: tuple[int, int]
) -> None:
    source, _ = read_yaml(NESTED, "f.yaml")
    assert source.place(*path) == Place("f.yaml", *place)
    assert source.key(*path) == Place("f.yaml", *place)


def test_columns_count_characters() -> None:
    source, _ = read_yaml("é😀: {ñ: x}\n", "f.yaml")
    assert source.key("é😀", "ñ") == Place("f.yaml", 1, 6)
    assert source.place("é😀", "ñ") == Place("f.yaml", 1, 9)


def test_a_file_that_was_not_read_has_its_first_place() -> None:
    assert Source("f.yaml").place("a", 1, "b") == Source("f.yaml").key("a") == Place("f.yaml", 1, 1)


@pytest.mark.parametrize(
    "text", ["ratings:\n*a", "ratings: &a\n1.1: [", "? ratings\n: {1.1", "ratings: a\nratings: {b"]
)
def test_a_file_that_was_not_read_to_its_end_has_places(text: str) -> None:
    source, problems = read_yaml(text, "f.yaml")
    assert problems
    assert source.place("ratings", "1.1").line >= 1


def test_entries_of_a_list_are_files_of_their_own() -> None:
    source, _ = read_yaml("- a: 1\n- x\n- b:\n    - 2\n", "f.yaml")
    first, second, third = source.entries()
    assert (first.tree, second.tree, third.tree) == ({"a": "1"}, "x", {"b": ["2"]})
    assert first.key("a") == Place("f.yaml", 1, 3)
    assert second.place() == Place("f.yaml", 2, 3)
    assert third.place("b", 0) == Place("f.yaml", 4, 7)


@pytest.mark.parametrize("first_line", [1, 2])
@pytest.mark.parametrize(
    ("text", "place"),
    [("a: 1\nb: {\n", (2, 4)), ("a: 1\na: 2\n", (2, 1)), ("a: 1\nb: x\u202e\n", (2, 5)), ("a: 1\nb: &c d\n", (2, 4))],
)
def test_problems_are_placed_from_the_first_line(text: str, place: tuple[int, int], first_line: int) -> None:
    (problem,) = read_yaml(text, "f.md", first_line)[1]
    assert problem.place == Place("f.md", place[0] + first_line - 1, place[1])


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "character",
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u2060\ufeff\u2028\u2029\x85\x00\x1b\x7f\r\x0b\x0c\x9b",
)
def test_characters_that_deceive(character: str) -> None:
    assert codes_of(f"a: b{character}c\n") == ["Y206"]


@pytest.mark.parametrize("character", "\t\u00a0\u200c\u200d\u00ad–’\U0001f600")
def test_characters_that_are_text(character: str) -> None:
    assert tree_of(f'a: "b{character}c"\n') == {"a": f"b{character}c"}


def test_every_line_with_a_deceiving_character_is_named() -> None:
    _, problems = read_yaml("a: \u202eb\nc: d\ne: \u200bf\n", "f.yaml")
    assert [(problem.code, problem.place.line) for problem in problems] == [("Y206", 1), ("Y206", 3)]


def test_reading_goes_on_after_what_is_refused() -> None:
    assert codes_of("a: &x 1\nb: *x\nc: !t 2\nc: 3\nd: {<<: e}\n") == ["Y203", "Y203", "Y204", "Y202", "Y208"]


# -- bounds ----------------------------------------------------------------------------------------


def nested(depth: int, opening: str, closing: str) -> str:
    return opening * depth + "x" + closing * depth


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("- ", "")])
def test_depth(opening: str, closing: str) -> None:
    assert codes_of(nested(MAX_DEPTH, opening, closing)) == []
    assert codes_of(nested(MAX_DEPTH + 1, opening, closing)) == ["Y205"]


HOSTILE = {
    "lists": "[" * 100_000,
    "groups": "{a: " * 50_000,
    "entries on one line": "- " * 100_000,
    "entries": "- x\n" * 100_000,
    "fields": "".join(f"k{number}: x\n" for number in range(60_000)),
    "one field again and again": "a: x\n" * 100_000,
    "anchors": "".join(f"a{number}: &a{number} [*a{number}, *a{number}]\n" for number in range(20_000)),
    "one long text": "a: " + "x" * MAX_BYTES,
    "one long key": "x" * MAX_BYTES + ": a",
    "quotation marks": "'" * (MAX_BYTES - 1),
    "brackets that close": "]" * 100_000,
    "colons": ": " * 100_000,
    "question marks": "? " * 100_000,
    "documents": "---\n" * 100_000,
    "line ends": "\n" * MAX_BYTES,
    "spaces": " " * MAX_BYTES,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_huge_input_is_quick(name: str) -> None:
    began = time.perf_counter()
    _, problems = read_yaml(HOSTILE[name], "f.yaml")
    assert time.perf_counter() - began < 10
    if name not in ("one long text", "line ends", "spaces"):
        assert problems


def test_number_of_values() -> None:
    assert codes_of("- x\n" * (MAX_NODES - 1)) == []
    assert codes_of("- x\n" * MAX_NODES) == ["Y205"]


# -- anything at all -------------------------------------------------------------------------------

# Text that YAML can carry between double quotes and that is not refused when it stands there unescaped.
texts = st.text(st.characters(codec="utf-8"), max_size=12)
keys = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=6).filter(
    lambda key: key != "<<" and key.isascii()
)
trees = st.recursive(
    texts, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
).filter(lambda tree: depth_of(tree) <= MAX_DEPTH)


def depth_of(tree: Tree) -> int:
    inner = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else None
    return 0 if inner is None else 1 + max((depth_of(part) for part in inner), default=0)


@FUZZ
@given(trees)
@example({"a": ["2.10", {"NO": "~"}, [], {}], "": ""})
def test_what_is_dumped_is_read_again(tree: Tree) -> None:
    text = yaml.safe_dump(tree, default_style='"', allow_unicode=False, sort_keys=False)
    assert tree_of(text) == tree


@FUZZ
@given(st.text(max_size=80))
def test_any_text_gives_a_tree_or_problems(text: str) -> None:
    source, problems = read_yaml(text, "f.yaml")
    assert isinstance(source.tree, str | list | dict)
    for problem in problems:
        assert problem.place.line >= 1
        assert problem.place.column >= 1
        assert problem.message
        assert problem.help


SIGNS = st.text(st.sampled_from("ab:-[]{},&*!|>'\"%@`#?~<\\ \n\t"), max_size=60)


@FUZZ
@given(SIGNS)
@example("\t")
@example("a: *")
@example("%")
@example("? [a]: b")
@example("{*a : b, *a : c}")
@example("<<: a\n<<: b")
@example('"\\ud800": x')
def test_any_signs_of_yaml_give_a_tree_or_problems(text: str) -> None:
    _, problems = read_yaml(text, "f.yaml")
    assert all(problem.place.line <= text.count("\n") + 1 for problem in problems)


REAL = [path.read_text(encoding="utf-8") for path in sorted(BASE.rglob("*.yaml"))] + [
    path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).parents[1] / "content" / "standards").rglob("*.yaml"))
]


@FUZZ
@given(st.sampled_from(REAL), st.integers(0, 4000), st.integers(0, 30), SIGNS)
def test_mutated_files_give_a_tree_or_problems(text: str, cut: int, length: int, put: str) -> None:
    source, problems = read_yaml(text[:cut] + put + text[cut + length :], "f.yaml")
    assert problems or isinstance(source.tree, str | list | dict)


# -- the quick way ---------------------------------------------------------------------------------


@FUZZ
@given(SIGNS | st.text(max_size=80) | st.sampled_from(REAL))
@example("a: b\n---\nc: d")
@example("é: a\ne\u0301: b")
@example("a: !x b")
@example("a: ! b")
@example("a: &x b")
@example("[a]: b")
@example("---")
@example("[" * MAX_DEPTH + "]" * MAX_DEPTH)
@example("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))
def test_what_is_read_quickly_is_what_is_read_with_care(text: str) -> None:
    tree = sound_tree(text)
    source, problems = _read(text, "f.yaml", 1)
    assert (tree is None) == bool(problems)
    assert tree is None or tree == source.tree


def test_places_are_found_when_they_are_asked_for() -> None:
    for text in REAL:
        source, careful = read_yaml(text, "f.yaml")[0], _read(text, "f.yaml", 1)[0]
        assert source.keys == {}
        for path, place in careful.keys.items():
            assert source.key(*path) == place
        assert (source.keys, source.values) == (careful.keys, careful.values)
