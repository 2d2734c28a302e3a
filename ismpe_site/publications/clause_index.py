"""The index of an edition, for finding a clause without a script: by number and first words, and by term."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ismpe_site.artefact import Artefact
from ismpe_site.model import CoreStandard, Edition, Term
from ismpe_site.publications import addresses, glossary
from ismpe_site.publications.markup import plain
from ismpe_site.publications.site import web_page
from ismpe_site.publications.views import Scheme

# As much of a clause as tells it from the others; a few words more are not worth a cut.
WORDS, FEW = 14, 5


@dataclass(frozen=True)
class Entry:
    """A clause in the index: its number as a clause id (``o1.2`` for an outcome), where it is, its first words."""

    clause: str
    address: str
    opening: str


def publish(scheme: Scheme) -> Iterator[Artefact]:
    """``/standard/<edition>/clauses/``."""
    for edition in scheme.editions:
        clauses = tuple((standard, tuple(_entries(edition, standard))) for standard in edition.core_standards)
        yield web_page(
            "clause_index",
            addresses.clause_index(edition.id),
            scheme.site,
            edition=edition,
            clauses=clauses,
            terms=tuple(_occurrences(edition)),
        )


def _texts(standard: CoreStandard) -> Iterator[tuple[str, str]]:
    """(clause, its text) of a core standard, in order."""
    for index, outcome in enumerate(standard.outcomes, 1):
        yield f"o{standard.number}.{index}", plain(outcome)
    for criterion in standard.criteria:
        yield criterion.id, plain(criterion.text)


def _entries(edition: Edition, standard: CoreStandard) -> Iterator[Entry]:
    for clause, text in _texts(standard):
        yield Entry(clause, addresses.clause(edition.id, clause), opening(text))


def opening(text: str) -> str:
    """The first words of ``text``, and a sign where there are more."""
    words = text.split()
    return text if len(words) <= WORDS + FEW else f"{' '.join(words[:WORDS]).rstrip(',;:.')}\u00a0…"


def _occurrences(edition: Edition) -> Iterator[tuple[Term, tuple[tuple[str, str], ...]]]:
    """(term, (clause, its address) for each that uses it), by the alphabet."""
    uses = glossary.uses(edition)
    for term in sorted(edition.glossary, key=lambda term: term.term.casefold()):
        clauses = (use for use in uses[term.id] if use.kind in ("outcome", "criterion"))
        yield term, tuple((f"o{use.number}" if use.kind == "outcome" else use.number, use.address) for use in clauses)
