"""Each reader of what others write gives a value or words for a person, whatever it is fed. ``make soak`` feeds more.

``FUZZ`` is how many inputs each reader gets, ``FUZZ_SEED`` what they are drawn from.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ismpe_site.content.links import judged_links
from ismpe_site.model.scalars import LONGEST_TEXT
from ismpe_site.model.sizes import MORE, TIMES, swollen
from ismpe_site.publications import markup
from tests.conftest import ROOT
from tests.fuzzing import __main__ as fuzzing
from tests.fuzzing.inputs import LONGEST, inputs
from tests.fuzzing.readers import READERS, Reader

COUNT = os.environ.get("FUZZ", "10000")
SEED = os.environ.get("FUZZ_SEED", "1")


@pytest.mark.parametrize("name", READERS)
def test_a_reader_gives_a_value_or_words(name: str) -> None:
    """No traceback, no crash, no second of the processor for one input, no more memory than a build may have."""
    command = [sys.executable, "-m", "tests.fuzzing", name, "--count", COUNT, "--seed", SEED]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False)
    assert run.returncode == 0, f"{run.stdout[-6000:]}\n{run.stderr[-3000:]}"
    assert f"{name}: {COUNT} inputs, 0 faults" in run.stdout


def test_the_same_seed_gives_the_same_inputs() -> None:
    reader = READERS["yaml"]
    one, same, other = (list(inputs(seed, 200, reader.corpus, reader.words)) for seed in (1, 1, 2))
    assert one == same != other
    assert max(map(len, one)) <= LONGEST
    assert all(reader.corpus for reader in READERS.values())


def _raises(_folder: Path, _data: bytes) -> None:
    raise KeyError("a fault of ours")


def _hangs(_folder: Path, _data: bytes) -> None:
    try:
        while True:
            pass
    except Exception:  # noqa: BLE001  # a reader that takes everything for a fault of its input
        time.sleep(0)


@pytest.mark.parametrize(("read", "words"), [(_raises, "KeyError"), (_hangs, "TooSlowError")])
def test_the_harness_sees_a_fault(read: object, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzzing, "SECONDS", 0.1)
    before = signal.signal(signal.SIGPROF, fuzzing.too_slow)
    try:
        fed = fuzzing.feed(Reader(read, (b"x",), (b"y",)), 1, 2, tmp_path)  # type: ignore[arg-type]
    finally:
        signal.signal(signal.SIGPROF, before)
    assert len(fed.faults) == 2
    assert all(words in said for _, said in fed.faults)


# -- texts as long as they may be ----------------------------------------------------------------------------------

PIECES = [
    "[", "]", "](", "![", "![](", "[a](", "<", "<a:", "&amp;", "*", "**", "_", "*a ", "`", "``a", "~~", "\\", "> ",
    "- ",
    "# a\n", "a\n=\n", "a\n", "[a]", "[a][", "[a](#b) ", "[a]: /b\n", "|", "|a", "<!--", "<?", "![a](b)", "`a` ", "\t",
    "# # # ", "#", " #\t",
]  # fmt: skip
LONG = {piece: (piece * LONGEST_TEXT)[:LONGEST_TEXT] for piece in PIECES} | {
    "quotations in quotations": "> " * 5000 + "a\n",
    "lists in lists": "".join(" " * (2 * depth) + "- a\n" for depth in range(220)),
    "emphasis": ("a**b" + "c* " * LONGEST_TEXT)[:LONGEST_TEXT],
    "longer and longer code": "".join("e" + "`" * length for length in range(310)),
    "places that are not there": "".join(f"# a{number}\n" for number in range(3000)) + "[a](#zz)\n" * 2500,
}


@pytest.mark.parametrize("name", LONG)
def test_a_text_as_long_as_it_may_be_is_judged_and_shown(name: str) -> None:
    """In time: a careless pattern takes minutes for some of these, the parser a few seconds at most."""
    text = LONG[name]
    assert len(text) <= LONGEST_TEXT
    began = time.process_time()
    judged_links("x.md", text)
    assert time.process_time() - began < 5
    assert not swollen(text)
    assert len(markup.block(text, str)) <= TIMES * len(text) + MORE


SWOLLEN = {
    "one target": "[a]: /" + "b" * 20_000 + "\n\n" + "[a] " * 7000,
    "a title of many lines": '[a]: /b "' + "c\n" * 9000 + '"\n\n' + "[a] " * 7000,
    "one wide table": "|" + "a|" * 2000 + "\n|" + "-|" * 2000 + "\n" + "|\n" * 20_000,
    "many tables": ("|" + "a|" * 100 + "\n|" + "-|" * 100 + "\n" + "|\n" * 500 + "\n") * 30,
    "a table in a quotation": "> |" + "a|" * 2000 + "\n> |" + "-|" * 2000 + "\n" + "> |\n" * 10_000,
    "a table with colons": "a|" * 2000 + "\n" + ":-|" * 2000 + "\n" + "|\n" * 20_000,
}


@pytest.mark.parametrize("name", SWOLLEN)
def test_a_text_that_would_become_a_huge_page_is_refused(name: str) -> None:
    assert swollen(SWOLLEN[name])


def test_no_text_of_the_project_is_near_the_bounds() -> None:
    for path in sorted(path for path in (ROOT / "content").rglob("*.*") if path.suffix in (".md", ".yaml")):
        text = path.read_text(encoding="utf-8")
        assert not swollen(text), path
        assert path.suffix != ".md" or len(text) < LONGEST_TEXT / 4
