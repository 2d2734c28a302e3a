"""What changed between versions: from it both can be read again; it is short, and it is shown."""

import re
import time
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from ismpe_site.model import Document
from ismpe_site.publications.differences import Compared, Part, between, differences, groups, shortened
from ismpe_site.publications.markup import blocks
from tests.conftest import BuiltSite

FUZZ = settings(max_examples=400, derandomize=True, deadline=None, database=None)
Said = list[tuple[str, str]]


def words(least: int, most: int) -> st.SearchStrategy[str]:
    some = [
        "the",
        "mentee",
        "mentor",
        "decides",
        "never",
        "*asks*",
        "**twice**",
        "in",
        "confidence",
        "[here](/a/)",
        "2024",
    ]
    return st.lists(st.sampled_from(some), min_size=least, max_size=most).map(" ".join)


paragraphs = st.one_of(
    words(1, 40),
    words(1, 4).map(lambda text: f"## {text}"),
    st.lists(words(1, 8), min_size=1, max_size=4).map(lambda items: "\n".join(f"- {item}" for item in items)),
    words(1, 5).map(lambda text: f"| a | b |\n|---|---|\n| {text} | {text} |"),
    words(1, 5).map(lambda text: f"> {text}"),
    st.sampled_from(["---", "```\nas it is\n  written\n```"]),
)
texts = st.lists(paragraphs, max_size=9).map("\n\n".join)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str]:
    """A text and one made out of it: paragraphs left out, moved, put in, words changed."""
    old = draw(st.lists(paragraphs, min_size=1, max_size=12))
    new = list(old)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(new)))
        what = draw(st.sampled_from(["in", "out", "words", "move"]))
        if what == "in":
            new.insert(at, draw(paragraphs))
        elif new and what == "out":
            del new[at % len(new)]
        elif new and what == "move":
            new.append(new.pop(at % len(new)))
        elif new:
            new[at % len(new)] = new[at % len(new)].replace("mentee", draw(words(1, 3)), 1)
    return "\n\n".join(old), "\n\n".join(new)


def said(text: str) -> Said:
    """The words of a text, block by block."""
    return [(block.kind, " ".join(block.words.split())) for block in blocks(text) if block.words.strip()]


def without(mark: str, compared: tuple[Compared, ...]) -> Said:
    """The text that is left when the words with ``mark`` are dropped."""
    kept = [(block.kind, " ".join(part.words for part in block.parts if part.mark != mark)) for block in compared]
    return [(kind, text) for kind, text in kept if text]


@FUZZ
@given(st.one_of(st.tuples(texts, texts), edited()))
def test_without_what_was_removed_it_is_the_new_text_and_without_what_was_added_the_old(pair: tuple[str, str]) -> None:
    old, new = pair
    compared = differences(old, new)
    if said(old) == said(new):
        assert compared == ()
        return
    assert without("removed", compared) == said(new)
    assert without("added", compared) == said(old)
    assert any(part.mark in ("added", "removed") for block in compared for part in block.parts)
    for block in compared:
        assert all(part.words for part in block.parts)
        marks = [part.mark for part in block.parts]
        assert all(one != other for one, other in pairwise(marks))


@FUZZ
@given(edited())
def test_what_is_shortened_has_lost_nothing_that_changed(pair: tuple[str, str]) -> None:
    compared = differences(*pair)
    short = shortened(compared)

    def changes(found: tuple[Compared, ...]) -> list[Part]:
        return [part for block in found for part in block.parts if part.mark in ("added", "removed")]

    assert changes(short) == changes(compared)
    whole = [" ".join(part.words for part in block.parts) for block in compared]
    for block in short:
        for part in block.parts:
            assert any(part.words in text for text in whole)
            assert part.mark != "same" or block.kind == "heading" or len(part.words.split()) <= 30
    kinds = [block.kind for block in short]
    assert not [kind for kind, following in pairwise(kinds) if kind == following == "left out"]
    assert [block for _, following in groups(short) for block in following] == list(short)


def marked(compared: tuple[Compared, ...]) -> str:
    """As wdiff writes it."""
    signs = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}", "left out": "…"}
    lines = (" ".join(signs[part.mark].format(part.words) for part in block.parts) for block in compared)
    return "\n".join(line or "…" for line in lines)


OLD = """
## Confidence

What is said stays in the pair.

## Meetings

Pairs meet every four weeks.

- Keep appointments, or give a day's notice.
- Keep to the role.

## Breaches

Tell the coordinator, who answers within thirty working days, hears both sides, and never keeps a record of what was
said on the file of anybody at all.
"""


def test_a_change_is_shown_word_by_word_under_its_heading() -> None:
    new = OLD.replace("four weeks", "*two* weeks").replace("thirty", "ten").replace("- Keep to the role.\n", "")
    assert marked(shortened(differences(OLD, new))) == (
        "…\n"
        "Meetings\n"
        "Pairs meet every [-four-] {+two+} weeks.\n"
        "…\n"
        "[-Keep to the role.-]\n"
        "Breaches\n"
        "Tell the coordinator, who answers within [-thirty-] {+ten+} "
        "working days, hears both sides, and never keeps a record …"
    )


def test_a_rewritten_sentence_is_not_a_patchwork() -> None:
    """One or two words that stayed by chance are read with what was changed around them."""
    old = "A mentor keeps what is said to himself and tells nobody at all."
    new = "A mentor keeps what is heard to herself and informs nobody at all."
    assert marked(differences(old, new)) == (
        "A mentor keeps what is [-said to himself and tells-] {+heard to herself and informs+} nobody at all."
    )


def test_other_blocks_are_not_taken_for_versions_of_each_other() -> None:
    compared = differences("## Old heading\n\nOne thing.", "A new beginning.\n\n- another matter entirely")
    assert [[part.mark for part in block.parts] for block in compared] == [
        ["removed"],
        ["removed"],
        ["added"],
        ["added"],
    ]


def test_a_new_title_is_a_difference_and_new_markup_none() -> None:
    old = Document(effective=date(2024, 1, 1), title="Values", summary="x", body="**One** thing")
    assert between(old, old.model_copy(update={"body": "One [thing](/a/)", "summary": "y"})) == ()
    *titles, text = between(old, old.model_copy(update={"title": "Our principles"}))
    assert [(title.kind, title.changed) for title in titles] == [("heading", True)] * 2
    assert not text.changed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a " * 30_000, "b " * 30_000),
        ("a b " * 4_000, "b a " * 4_100),
        ("\n\n".join(f"one two {n}" for n in range(2_000)), "\n\n".join(f"one three {n}" for n in range(2_000))),
        ("same\n\n" * 2_000, "same\n\n" * 1_999 + "other"),
        ("x " * 480, "y " + "x y " * 250),
    ],
    ids=["words", "turned words", "blocks", "equal blocks", "few different words"],
)
def test_long_and_hostile_texts_are_compared_quickly(old: str, new: str) -> None:
    blocks(old), blocks(new)
    began = time.process_time()
    compared = differences(old, new)
    assert time.process_time() - began < 4
    assert without("removed", compared) == said(new)


# -- on the page --------------------------------------------------------------------------------------------

PAGE = "organisations/quillmere-health-partnership/new-managers/values/"


def test_the_page_shows_what_changed_in_words_and_by_elements(site: BuiltSite) -> None:
    tree = html.fromstring(site.read(f"{PAGE}index.html"))
    (section,) = tree.xpath('//details[@class="differences"]')
    assert section.xpath("string(summary)") == "What changed from the version of 1 April 2021"
    assert section.get("open") is None
    body = section.xpath('./div[contains(@class, "prose")]')[0]
    removed, added = (
        [" ".join(found.text_content().split()) for found in body.xpath(f".//{tag}")] for tag in ("del", "ins")
    )
    assert removed[1] == "removed: tells the other what helps"
    assert added[1] == "added: names one thing for the other to keep and one to try differently"
    assert len(removed) == len(added) == 3
    hidden = set(body.xpath('.//*[@class="visually-hidden"]/text()'))
    assert {word.strip() for word in hidden} == {"removed:", "added:"}
    assert body.xpath("string(h3)") == "Terms of reference"


def test_the_first_version_has_no_section_and_each_later_one_compares_with_the_one_before(site: BuiltSite) -> None:
    compared = {}
    for page in [*site.public.glob("organisations/*/*/*/**/index.html"), *site.public.glob("about/**/index.html")]:
        text = page.read_text(encoding="utf-8")
        own = re.search(r"<strong>([^<]*)</strong> \(this version\)", text)
        versions = re.findall(r"<li>(?:<strong>|<a [^>]*>)(\d+ \w+ \d{4})<", text)
        found = re.findall(r"<summary>What changed from the version of ([^<]*)</summary>", text)
        assert own is not None, page
        before = versions[versions.index(own[1]) + 1 :][:1]
        assert found == before, page
        compared[page.relative_to(site.public).as_posix()] = found
    assert compared["about/code-of-conduct/index.html"] == ["1 June 2026"]
    assert compared["about/code-of-conduct/2026-06-01/index.html"] == []
    assert sum(map(len, compared.values())) == 7


def test_a_participants_page_says_whose_it_is_and_where_to_turn(site: BuiltSite) -> None:
    tree = html.fromstring(site.read(f"{PAGE}index.html"))
    main = tree.xpath("//main")[0]
    order = [main.xpath(f"string({path})") for path in ("h1", 'p[@class="lead"]', 'p[@class="standfirst"]')]
    assert order == [
        "Statement of values and terms of reference",
        "New Managers Mentoring Programme, Quillmere Health Partnership",
        "What we mean by mentoring, the five values the programme is run by, and what each pair may expect.",
    ]
    links = [(link.text_content(), link.get("href")) for link in main.xpath('.//section[@class="around"]//a')]
    assert links == [
        ("Programme purpose", "../purpose/index.html"),
        ("Code of conduct", "../code-of-conduct/index.html"),
        ("Quillmere Health Partnership", "../../index.html"),
        ("quillmere.example", "https://quillmere.example"),
        ("contact", "../../../../about/contact/index.html"),
    ]
