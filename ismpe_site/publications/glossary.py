"""Where the terms of a glossary stand in a text, and in which clauses of an edition."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ismpe_site.model import Edition, Term, whole_word
from ismpe_site.publications import addresses, markup


@dataclass(frozen=True)
class Segment:
    """A piece of a text. ``term`` is the id of the entry that its words lead to; empty where they lead nowhere."""

    text: str
    term: str = ""


# The stretches of one clause, in order → each as its segments; joined they are the stretch again.
Finder = Callable[[Sequence[str]], list[list[Segment]]]


def finder(terms: Sequence[Term]) -> Finder:
    """What finds ``terms`` in a clause: the first use of each in any of its forms, whole words, whatever their case.

    Where several begin at the same place the longest is meant. Hyphens join words: "no-fault" does not use "fault".
    """
    forms = [(form, term.id) for term in terms for form in (term.term, *term.forms)]
    forms.sort(key=lambda form: -len(form[0]))
    pattern = re.compile("|".join(f"({whole_word(form)})" for form, _ in forms), re.IGNORECASE)

    def find(stretches: Sequence[str]) -> list[list[Segment]]:
        met: set[str] = set()
        return [list(divided(stretch, met)) for stretch in stretches] if forms else [[Segment(s)] for s in stretches]

    def divided(stretch: str, met: set[str]) -> Iterator[Segment]:
        end = 0
        for match in pattern.finditer(stretch):
            term = forms[(match.lastindex or 1) - 1][1]
            if term not in met:
                met.add(term)
                if end < match.start():
                    yield Segment(stretch[end : match.start()])
                yield Segment(match[0], term)
                end = match.end()
        if end < len(stretch):
            yield Segment(stretch[end:])

    return find


def links(edition: Edition) -> markup.Divide | None:
    """For ``markup``: the words of a clause of ``edition``, those of a term with the link to its entry."""
    if not edition.glossary:
        return None
    find = finder(edition.glossary)

    def divide(stretches: Sequence[str]) -> list[list[tuple[str, str]]]:
        return [
            [(one.text, f"/{addresses.term(edition.id, one.term)}" if one.term else "") for one in found]
            for found in find(stretches)
        ]

    return divide


@dataclass(frozen=True)
class Use:
    """A place of the normative text that uses a term. ``number`` is that of a criterion, an outcome or a core standard;
    empty at the introduction."""

    kind: Literal["introduction", "lead", "outcome", "criterion"]
    number: str
    address: str


def uses(edition: Edition) -> dict[str, tuple[Use, ...]]:
    """Id of a term → the places that lead to it, in the order of the text; every term of the glossary is there."""
    find = finder(edition.glossary)
    found: dict[str, tuple[Use, ...]] = {term.id: () for term in edition.glossary}
    for use, text in _places(edition):
        for segments in find(markup.stretches(text)):
            for segment in segments:
                if segment.term:
                    found[segment.term] += (use,)
    return found


def _places(edition: Edition) -> Iterator[tuple[Use, str]]:
    yield Use("introduction", "", addresses.edition(edition.id) + "#introduction"), edition.introduction
    for standard in edition.core_standards:
        number = str(standard.number)
        if standard.outcomes_lead:
            yield Use("lead", number, addresses.clause(edition.id, number) + "-outcomes"), standard.outcomes_lead
        for index, outcome in enumerate(standard.outcomes, 1):
            clause = f"{number}.{index}"
            yield Use("outcome", clause, addresses.clause(edition.id, f"o{clause}")), outcome
        for criterion in standard.criteria:
            yield Use("criterion", criterion.id, addresses.clause(edition.id, criterion.id)), criterion.text
