"""Terms of a glossary: where they stand in a text, the links in the standard's words, and the page they lead to."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from ismpe_site.model import Catalogue, Term
from ismpe_site.publications import glossary, markup
from ismpe_site.publications.glossary import Segment, finder
from tests.conftest import BuiltSite
from tests.quality.links import broken_links
from tests.test_other_standards import built, project
from tests.whole import load

FUZZ = settings(max_examples=400, derandomize=True, deadline=None, database=None)
EDITIONS = ("2003", "2026-draft")


def term(words: str, *forms: str) -> Term:
    return Term(
        id="-".join(re.findall(r"\w+", words.lower())),
        term=words,
        forms=forms,
        definition="what it means",
        basis="publisher's choice",
    )


TERMS = (
    term("mentor", "mentors"),
    term("mentoring"),
    term("mentoring programme", "mentoring programmes"),
    term("programme coordinator", "coordinators"),
    term("no-fault divorce"),
    term("C++"),
)


def found(*stretches: str) -> str:
    """The stretches with the words of terms in brackets, each with its entry."""
    shown = (
        "".join(f"[{one.text}|{one.term}]" if one.term else one.text for one in segments)
        for segments in finder(TERMS)(stretches)
    )
    return " / ".join(shown)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("A mentor is here", "A [mentor|mentor] is here"),
        ("MENTORS meet", "[MENTORS|mentor] meet"),
        ("a mentor, then a mentor, then mentors", "a [mentor|mentor], then a mentor, then mentors"),
        ("mentoring programme", "[mentoring programme|mentoring-programme]"),
        (
            "a mentoring programme, and mentoring",
            "a [mentoring programme|mentoring-programme], and [mentoring|mentoring]",
        ),
        ("mentoring\n  programmes", "[mentoring\n  programmes|mentoring-programme]"),
        ("mentoring programmers", "[mentoring|mentoring] programmers"),
        ("mentoring programme coordinator", "[mentoring programme|mentoring-programme] coordinator"),
        ("mentorship, mentorings, xmentor, mentor_", "mentorship, mentorings, xmentor, mentor_"),
        ("non-mentor, mentor-like, mentor\u2010like", "non-mentor, mentor-like, mentor\u2010like"),
        ("mentor/coach (mentor's)", "[mentor|mentor]/coach (mentor's)"),
        ("mentor\u0301 is another word", "mentor\u0301 is another word"),
        ('"no-fault divorce"', '"[no-fault divorce|no-fault-divorce]"'),
        ("a fault divorce", "a fault divorce"),
        ("in C++, not C", "in [C++|c], not C"),
        ("", ""),
    ],
)
def test_the_first_use_of_each_term_is_found_in_any_form_longest_first(text: str, marked: str) -> None:
    assert found(text) == marked


def test_the_stretches_of_a_clause_are_one_text() -> None:
    assert found("mentors and", "mentoring, mentor") == "[mentors|mentor] and / [mentoring|mentoring], mentor"


def test_without_terms_nothing_is_found() -> None:
    assert finder(())(["a mentor", ""]) == [[Segment("a mentor")], [Segment("")]]


WORDS = st.sampled_from([
    "mentor", "Mentors", "mentoring", "programme", "mentoring programme", "coordinators", "no-fault divorce", "c++",
    " ", " ", " ", "\n", "-", "'", ".", "é", "\u0301", "ß", "İ", "x", "",
])  # fmt: skip
SIGNS = st.sampled_from([
    "*", "**", "`", "[", "](/process/)", "](https://a.example/)", "![", "<b>", "&", "&amp;", "\\", '"', "\n\n",
    "# ", "- ", "> ", "\\\n", "  \n", "<https://a.example/>", "|", "1. ",
])  # fmt: skip
TEXTS = st.lists(WORDS, max_size=12).map("".join)
MARKDOWN = st.lists(st.one_of(WORDS, WORDS, SIGNS), max_size=20).map("".join)


@FUZZ
@given(st.lists(st.one_of(TEXTS, st.text(max_size=20)), max_size=4))
def test_no_letter_of_a_text_changes_and_each_term_is_met_once_as_a_whole_word(stretches: list[str]) -> None:
    forms = {form.casefold(): one.id for one in TERMS for form in (one.term, *one.forms)}
    segments = finder(TERMS)(stretches)
    assert ["".join(one.text for one in pieces) for pieces in segments] == stretches
    met = [one for pieces in segments for one in pieces if one.term]
    assert len({one.term for one in met}) == len(met)
    for one in met:
        assert forms[" ".join(one.text.casefold().split())] == one.term
    for pieces in segments:
        for before, after in pairwise(pieces):
            assert not (re.search(r"[\w-]\Z", before.text) and re.match(r"[\w-]", after.text))


LINK = re.compile(r'<a class="term" href="/g#[a-z0-9-]+">([^<]*)</a>')


def divide(stretches: list[str]) -> list[list[tuple[str, str]]]:
    return [[(s.text, f"/g#{s.term}" if s.term else "") for s in pieces] for pieces in finder(TERMS)(stretches)]


def root(address: str) -> str:
    return f"/{address}"


@FUZZ
@given(MARKDOWN)
def test_without_the_links_of_terms_the_html_is_byte_for_byte_what_it_was(text: str) -> None:
    line, blocks = markup.inline(text, root, divide), markup.block(text, root, divide=divide)
    assert LINK.sub(r"\1", line) == markup.inline(text, root)
    assert LINK.sub(r"\1", blocks) == markup.block(text, root)
    for page in (line, blocks):
        tree = html.fromstring(f"<div>{page}</div>")
        assert tree.xpath("//a//a | //code//a | //h1//a[@class] | //h2//a[@class]") == []


@pytest.mark.parametrize(
    "text",
    ["[a mentor](/process/)", "`mentor`", "![mentor](https://a.example/x.png)", "<https://a.example/mentor>"],
)
def test_links_code_and_what_is_shown_as_written_have_no_links_of_terms(text: str) -> None:
    assert markup.inline(text, root, divide) == markup.inline(text, root)
    assert markup.stretches(text) in ([], ["!"])


def test_a_term_is_found_over_the_end_of_a_line_and_beside_markup() -> None:
    shown = markup.inline("A *mentoring* and mentoring\nprogramme & [x](/y/) mentor", root, divide)
    assert LINK.findall(shown) == ["mentoring", "mentoring\nprogramme", "mentor"]
    assert "</a> &amp; <a href" in shown


# -- the real editions ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def public(site: BuiltSite) -> Path:
    return site.public


def page(public: Path, address: str) -> html.HtmlElement:
    return html.fromstring((public / address / "index.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", EDITIONS)
def test_the_glossary_holds_every_term_in_the_order_of_the_alphabet(
    public: Path, catalogue: Catalogue, name: str
) -> None:
    edition = catalogue.edition(name)
    entries = page(public, f"standard/{name}/glossary").xpath('//dl/div[@class="entry"]')
    shown = [entry.xpath("string(dt/dfn)") for entry in entries]
    assert shown == sorted((one.term for one in edition.glossary), key=str.casefold)
    for one in edition.glossary:
        entry = entries[shown.index(one.term)]
        said = " ".join(entry.text_content().split())
        assert entry.get("id") == f"dfn-{one.id}"
        assert markup.plain(one.definition) in said
        assert ("the publisher’s explanation" in said) == (one.basis == "publisher's choice")
        assert (one.document or "") in said
        assert all(form in said for form in one.forms)


def test_every_link_and_place_resolves(public: Path) -> None:
    late = (".pdf", ".png")  # made for print, and left out here
    assert [fault for fault in broken_links(public) if not any(suffix in fault for suffix in late)] == []


@pytest.mark.parametrize("name", EDITIONS)
def test_where_an_entry_says_it_is_used_there_is_a_link_to_it_and_nowhere_else(
    public: Path, catalogue: Catalogue, name: str
) -> None:
    edition = catalogue.edition(name)
    linked = set()
    for standard in edition.core_standards:
        tree = page(public, f"standard/{name}/{standard.number}")
        for link in tree.xpath('//a[@class="term"]'):
            clause = link.xpath("ancestor::div[@class='clause']/@id") or [f"s{standard.number}-outcomes"]
            linked.add((link.get("href").partition("#dfn-")[2], f"../{standard.number}/index.html#{clause[0]}"))
    whole = page(public, f"standard/{name}")
    for link in whole.xpath('//section[@aria-labelledby="introduction"]//a[@class="term"]'):
        linked.add((link.get("href").partition("#dfn-")[2], "../index.html#introduction"))
    said = {
        (entry.get("id").removeprefix("dfn-"), link)
        for entry in page(public, f"standard/{name}/glossary").xpath('//div[@class="entry"]')
        for link in entry.xpath('.//dd[contains(@class, "uses")]/a/@href')
    }
    assert said == linked
    assert {one for one, _ in said} == {one.id for one in edition.glossary}


@pytest.mark.parametrize("name", EDITIONS)
def test_only_words_of_the_standard_lead_to_the_glossary_and_none_of_them_changes(
    public: Path, catalogue: Catalogue, name: str
) -> None:
    edition = catalogue.edition(name)
    wordings = {criterion.id: criterion.text for criterion in edition.criteria()}
    wordings |= {f"o{s.number}.{n}": text for s in edition.core_standards for n, text in enumerate(s.outcomes, 1)}
    whole = page(public, f"standard/{name}")
    for clause, text in wordings.items():
        pages = [whole, page(public, f"standard/{name}/{clause.lstrip('o').split('.')[0]}")]
        for tree in pages:
            words = tree.get_element_by_id(clause if clause[0] == "o" else f"c{clause}").xpath("p/span")[0]
            assert words.text_content() == markup.plain(text)
            links = words.xpath('.//a[@class="term"]/@href')
            assert len(links) == len(set(links))
    assert whole.xpath('//a[@class="term"][not(ancestor::*[contains(@class, "normative")])]') == []
    assert len(whole.xpath('//a[@class="term"]')) > 50


def test_an_edition_without_a_glossary_has_no_page_and_no_link_to_one(tmp_path: Path) -> None:
    public = built(project(tmp_path, {}))
    assert not (public / "standard/2020/glossary").exists()
    for address in ("standard/2020", "standard/2020/1"):
        assert "glossary" not in (public / address / "index.html").read_text(encoding="utf-8")


def test_a_term_of_a_small_standard_leads_to_its_entry(tmp_path: Path) -> None:
    terms = "- {term: purpose, id: main, definition: what it is for, basis: source, document: The book}\n"
    public = built(project(tmp_path, {"content/standards/2020/glossary.yaml": terms}))
    entry = page(public, "standard/2020/glossary").get_element_by_id("dfn-main")
    assert "Basis: The book" in entry.text_content()
    assert glossary.uses(load(tmp_path / "site/content").catalogue.edition("2020"))  # type: ignore[union-attr]
    links = page(public, "standard/2020/1").xpath('//a[@class="term"]/@href')
    assert set(links) == {"../glossary/index.html#dfn-main"}
