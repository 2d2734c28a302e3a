"""The 2003 edition against the published texts, word for word; and the draft edition against the 2003 edition."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ismpe_site.model import Catalogue, Edition
from tests.source_text import (
    LEAFLET_FILE,
    STANDARDS_FILE,
    both_texts,
    one_line,
    plain_words,
    read_leaflet,
    read_standards,
)
from tests.whole import load

CONTENT = Path(__file__).parent.parent / "content"
CRITERIA = [f"{number}.{place}" for number, many in enumerate((9, 17, 8, 9, 5, 9), 1) for place in range(1, many + 1)]


@pytest.fixture(scope="module")
def content() -> Catalogue:
    catalogue = load(CONTENT).catalogue
    assert catalogue is not None
    return catalogue


@pytest.fixture(scope="module")
def edition(content: Catalogue) -> Edition:
    return content.edition("2003")


@pytest.fixture(scope="module")
def draft(content: Catalogue) -> Edition:
    return content.edition("2026-draft")


def outcomes(edition: Edition) -> dict[str, str]:
    return {f"o{s.number}.{place}": text for s in edition.core_standards for place, text in enumerate(s.outcomes, 1)}


def criteria(edition: Edition) -> dict[str, str]:
    return {criterion.id: criterion.text for criterion in edition.criteria()}


# -- the reader of the source itself --------------------------------------------------------------


def test_the_source_has_57_criteria_and_16_outcomes() -> None:
    assert list(read_standards().criteria()) == CRITERIA
    assert len(CRITERIA) == 57
    assert len(read_standards().outcomes()) == 16


def test_what_is_hard_to_read_in_the_source_is_read_rightly() -> None:
    source = read_standards()
    assert source.criteria()["2.10"].startswith("Other stakeholders (such as line managers")
    assert "beyond the immediate requirements of the training" in source.criteria()["2.14"]
    assert source.criteria()["2.14"].endswith("developmental dynamics")
    assert source.criteria()["3.8"].endswith("a high experience gap)")
    assert source.outcomes()["o4.2"].endswith("apart from 4.3 below (see comments) there is nothing to measure this.")
    assert source.address[-2:] == ("E: info@clutterbuckassociates.co.uk", "www.clutterbuckassociates.co.uk")


def test_the_parts_read_are_the_whole_source() -> None:
    """Put together again in order, the parts are the document without its markup, nothing lost and nothing added."""
    source = read_standards()
    parts = [source.title, source.introduction, *(standard.short_title for standard in source.core_standards)]
    for standard in source.core_standards:
        parts += [
            f"# {standard.number}. {standard.heading}",
            standard.lead or "",
            *standard.outcomes,
            "Performance criteria:",
        ]
        parts += [f"{number}. {text}" for number, text in standard.criteria]
    assert plain_words("\n".join([*parts, *source.address])) == whole_source()


def whole_source() -> str:
    text = STANDARDS_FILE.read_text(encoding="utf-8")
    # The opening list has a list point and a number; the number of 2.10 lacks its full stop.
    text = re.sub(r"(?m)^- \d\. ", "- ", text).replace("\n2.10 Other", "\n2.10. Other")
    return plain_words(text)


# -- the 2003 edition -----------------------------------------------------------------------------


@pytest.mark.parametrize("number", CRITERIA)
def test_a_criterion_is_word_for_word_that_of_the_source(number: str, edition: Edition) -> None:
    assert criteria(edition)[number] == read_standards().criteria()[number]


@pytest.mark.parametrize("number", list(read_standards().outcomes()))
def test_an_outcome_is_word_for_word_that_of_the_source(number: str, edition: Edition) -> None:
    assert outcomes(edition)[number] == read_standards().outcomes()[number]


def test_titles_headings_and_address_are_those_of_the_source(edition: Edition) -> None:
    source = read_standards()
    assert (edition.title, edition.introduction, edition.publisher_address) == (
        source.title,
        source.introduction,
        source.address,
    )
    assert [(s.number, s.title, s.heading, s.outcomes_lead) for s in edition.core_standards] == [
        (s.number, s.short_title, s.heading, s.lead) for s in source.core_standards
    ]


def test_nothing_else_is_in_the_editions_text(edition: Edition) -> None:
    """The normative text of the edition, put together in order, is the whole source document without its markup."""
    parts = [edition.title, edition.introduction, *(standard.title for standard in edition.core_standards)]
    for standard in edition.core_standards:
        parts += [
            f"# {standard.number}. {standard.heading}",
            standard.outcomes_lead or "",
            *standard.outcomes,
            "Performance criteria:",
        ]
        parts += [f"{criterion.id}. {criterion.text}" for criterion in standard.criteria]
    assert plain_words("\n".join([*parts, *edition.publisher_address])) == whole_source()


def test_the_text_has_no_markup_of_its_own(edition: Edition) -> None:
    texts = [*criteria(edition).values(), *outcomes(edition).values(), edition.introduction]
    assert [text for text in texts if text != plain_words(text) or set("<>[]`\\") & set(text)] == []


def test_conditional_is_set_exactly_where_the_text_says_where_appropriate(edition: Edition) -> None:
    conditional = [criterion.id for criterion in edition.criteria() if criterion.conditional]
    assert conditional == [
        number for number, text in read_standards().criteria().items() if "where appropriate" in text.lower()
    ]
    assert conditional == ["1.4", "1.8", "6.4", "6.5"]


def test_every_criterion_has_the_weight_1(edition: Edition) -> None:
    assert {criterion.weight for criterion in edition.criteria()} == {1}


def test_rules_said_to_be_of_the_source_stand_there_and_the_others_do_not(edition: Edition, draft: Edition) -> None:
    texts = {
        "ISMPE leaflet": one_line(LEAFLET_FILE.read_text(encoding="utf-8")),
        "ISMPE standards": one_line(STANDARDS_FILE.read_text(encoding="utf-8")),
    }
    for rule in (*edition.rule_sources, *draft.rule_sources):
        if rule.basis == "source":
            assert rule.document is not None, rule.rule
            assert one_line(rule.statement) in texts[rule.document], rule.rule
        else:
            assert rule.document is None, rule.rule
            assert one_line(rule.statement) not in both_texts(), rule.rule


def test_the_thresholds_are_those_of_the_leaflet(edition: Edition) -> None:
    leaflet = " ".join(read_leaflet())
    bronze = re.search(
        r"overall score of (\d+)% to achieve the bronze standard, with (\d+)% minimum in each segment", leaflet
    )
    higher = re.search(r"For silver and gold awards you will need to score (\d+)% and (\d+)% respectively", leaflet)
    assert bronze is not None
    assert higher is not None
    assert [(a.level, str(a.overall), str(a.each_core_standard)) for a in edition.awards] == [
        ("bronze", bronze[1], bronze[2]),
        ("silver", higher[1], bronze[2]),
        ("gold", higher[2], bronze[2]),
    ]


# -- errata ---------------------------------------------------------------------------------------


def clause_texts(edition: Edition) -> dict[str, str]:
    """Clause → its text, for the clauses that are one passage; free of markup, as the edition has it."""
    address = {"address": " ".join(edition.publisher_address), "title": edition.title}
    headings = {str(s.number): f"{s.heading} {s.outcomes_lead or ''}" for s in edition.core_standards}
    return criteria(edition) | outcomes(edition) | address | headings


def test_what_an_erratum_calls_published_stands_in_a_source_text(edition: Edition) -> None:
    assert edition.errata
    assert [erratum.id for erratum in edition.errata if one_line(erratum.published) not in both_texts()] == []


def test_what_an_erratum_calls_published_stands_in_its_clause(edition: Edition) -> None:
    texts = {clause: f"{clause}. {text} {clause} {text}" for clause, text in clause_texts(edition).items()}
    for erratum in edition.errata:
        named = [texts[clause] for clause in erratum.clause if clause in texts]
        # Of the marks of the source file, which are errata too, the edition's text is free.
        assert not named or any(plain_words(erratum.published) in text for text in named), erratum.id


def test_an_erratum_of_several_clauses_names_exactly_those_its_note_speaks_of(edition: Edition) -> None:
    several = {erratum.id: erratum.clause for erratum in edition.errata if len(erratum.clause) > 1}
    text = clause_texts(edition)
    assert several["semicolons-before-and"] == tuple(clause for clause in in_order(edition) if "; and" in text[clause])
    assert several["who-whom"] == tuple(clause for clause in in_order(edition) if " who they " in text[clause])
    assert several["opportunity-article"] == tuple(
        clause for clause in in_order(edition) if "opportunity" in text[clause]
    )
    for name, clauses in several.items():
        note = next(erratum.note for erratum in edition.errata if erratum.id == name)
        assert sorted(clauses) == sorted(set(re.findall(r"o?\d\.\d{1,2}", note))), name


def in_order(edition: Edition) -> list[str]:
    """Outcomes and criteria as they follow each other in the text."""
    clauses: list[str] = []
    for standard in edition.core_standards:
        clauses += [f"o{standard.number}.{place}" for place in range(1, len(standard.outcomes) + 1)]
        clauses += [criterion.id for criterion in standard.criteria]
    return clauses


def test_a_correction_differs_from_what_was_published_and_says_where_it_belongs(edition: Edition) -> None:
    for erratum in edition.errata:
        assert erratum.correction != erratum.published, erratum.id
    assert len({erratum.id for erratum in edition.errata}) == len(edition.errata)


# -- the leaflet ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pages(content: Catalogue) -> dict[str, str]:
    return {page.id: plain_words(version.body) for page in content.pages for version in page.versions}


@pytest.mark.parametrize("sentence", read_leaflet())
def test_a_sentence_of_the_leaflet_stands_on_a_page(sentence: str, pages: dict[str, str]) -> None:
    assert [page for page, text in pages.items() if sentence in text]


def test_the_sentences_are_the_whole_leaflet() -> None:
    assert plain_words(" ".join(read_leaflet())) == plain_words(LEAFLET_FILE.read_text(encoding="utf-8"))


# -- the draft of the next edition ----------------------------------------------------------------


def test_the_draft_differs_in_exactly_the_criteria_its_crosswalk_says_are_reworded(
    edition: Edition, draft: Edition
) -> None:
    old, new = criteria(edition), criteria(draft)
    assert list(new) == list(old) == [entry.old for entry in draft.crosswalk]
    assert all(entry.new == (entry.old,) for entry in draft.crosswalk)
    assert {entry.relation for entry in draft.crosswalk} == {"unchanged", "reworded"}
    reworded = [entry.old for entry in draft.crosswalk if entry.relation == "reworded"]
    assert reworded == [number for number in old if old[number] != new[number]]


def test_the_draft_is_the_2003_text_with_the_corrections_of_its_errata(edition: Edition, draft: Edition) -> None:
    old, new = criteria(edition) | outcomes(edition), criteria(draft) | outcomes(draft)
    assert list(old) == list(new)
    for number, text in old.items():
        corrected = text
        errata = [e for e in edition.errata if number in e.clause and e.correction is not None]
        # The numbers of criteria are errata of their own and not part of the wording; long passages come first.
        for erratum in sorted(errata, key=lambda e: -len(e.published)):
            corrected = corrected.replace(one_line(erratum.published), one_line(erratum.correction or ""))
        assert new[number] == corrected, number


def test_a_reworded_criterion_names_every_correction_applied_to_it(edition: Edition, draft: Edition) -> None:
    for entry in draft.crosswalk:
        named = set(re.findall(r"\b\d-\d{1,2}-[a-z-]+", entry.reason or ""))
        known = {
            e.id
            for e in edition.errata
            if entry.old in e.clause and e.correction is not None and e.published in criteria(edition)[entry.old]
        }
        assert named == known, entry.old


def test_nothing_but_wording_is_changed_in_the_draft(edition: Edition, draft: Edition) -> None:
    assert (draft.status, draft.supersedes) == ("draft", "2003")
    for field in ("rating_scale", "scoring", "awards", "process", "title", "introduction", "publisher_address"):
        assert getattr(draft, field) == getattr(edition, field), field
    assert [(c.conditional, c.weight) for c in draft.criteria()] == [
        (c.conditional, c.weight) for c in edition.criteria()
    ]


def test_the_draft_has_one_title_for_each_core_standard(draft: Edition) -> None:
    assert [s.heading.casefold() for s in draft.core_standards] == [s.title.casefold() for s in draft.core_standards]
