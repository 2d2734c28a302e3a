"""Does each erratum name a clause of its edition, and quote what stands there?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ismpe_site.content.checks.common import Sources, absent_standards
from ismpe_site.content.yaml_text import Source
from ismpe_site.model import Catalogue, Edition, Erratum
from ismpe_site.problems import Problem, did_you_mean

# Marks of headings, emphasis, list points and links, which an erratum may quote from the source file.
MARKS = re.compile(r"[*#]+|^[ \t]*- |\[([^\]]*)\]\([^)]*\)", re.MULTILINE)
EXCERPT = 240


def check_errata(catalogue: Catalogue, sources: Sources) -> Iterator[Problem]:
    """Clauses known, words found, names given once."""
    for edition in catalogue.editions:
        source, known, seen = sources.of(f"standards/{edition.id}/errata.yaml"), clauses(edition), set()
        for index, erratum in enumerate(edition.errata):
            yield from _clauses_of(erratum, edition, known, source, index)
            if all(clause in known for clause in erratum.clause) and not _stands(erratum, known):
                yield Problem(
                    source.place(index, "published"),
                    "R489",
                    f'clause {", ".join(erratum.clause)} does not say "{" ".join(erratum.published.split())}"',
                    _where(erratum, known),
                )
            if erratum.id in seen:
                yield Problem(
                    source.place(index, "id"),
                    "R479",
                    f'the erratum "{erratum.id}" is given twice',
                    "each erratum has a name of its own",
                )
            seen.add(erratum.id)


def _clauses_of(
    erratum: Erratum, edition: Edition, known: Mapping[str, str], source: Source, index: int
) -> Iterator[Problem]:
    kinds = "a criterion (1.6), an outcome (o4.2), a core standard (4), title, introduction, address, general, leaflet"
    if not erratum.clause:
        yield Problem(source.place(index, "clause"), "R478", "the erratum names no clause", f"allowed: {kinds}")
    absent = {str(number) for number in absent_standards(edition)}
    for position, clause in enumerate(erratum.clause):
        if clause not in known and clause.removeprefix("o").partition(".")[0] not in absent:
            yield Problem(
                source.place(index, "clause", position),
                "R478",
                f'edition {edition.id} has no clause "{clause}"',
                f"{did_you_mean(clause, known)}allowed: {kinds}",
            )


def _stands(erratum: Erratum, known: Mapping[str, str]) -> bool:
    """Whether its words stand in one of its clauses at least, or cannot be looked up there."""
    words = _folded(erratum.published)
    return not erratum.clause or any(not known[clause] or words in _folded(known[clause]) for clause in erratum.clause)


def clauses(edition: Edition) -> dict[str, str]:
    """Every clause an erratum can name, with its text as published, its number included.

    The opening list of the core standards belongs to the introduction. ``general`` speaks of the text as a whole,
    ``leaflet`` of another document: neither has a text of its own.
    """
    opening = [f"{standard.number}. {standard.title}" for standard in edition.core_standards]
    named = {
        "title": edition.title,
        "introduction": "\n".join([edition.introduction, *opening]),
        "address": "\n".join(edition.publisher_address),
        "general": "",
        "leaflet": "",
    }
    for standard in edition.core_standards:
        parts = (standard.title, f"{standard.number}. {standard.heading}", standard.outcomes_lead or "")
        named[str(standard.number)] = "\n".join(parts)
        named |= {f"o{standard.number}.{index}": text for index, text in enumerate(standard.outcomes, 1)}
        named |= {criterion.id: f"{criterion.id} {criterion.text}" for criterion in standard.criteria}
    return named


def _folded(text: str) -> str:
    """The words alone: no marks, white space folded."""
    return " ".join(MARKS.sub(lambda match: match[1] or "", text).split())


def _where(erratum: Erratum, known: Mapping[str, str]) -> str:
    """Where the words do stand, or what is near to them in the clause, or else what the clause says."""
    words = _folded(erratum.published)
    if elsewhere := [clause for clause, text in known.items() if words in _folded(text)]:
        return f"these words stand in {', '.join(elsewhere)}; mend clause:"
    says = " ".join(_folded(known[clause]) for clause in erratum.clause).split()
    length = len(words.split())
    stretches = [" ".join(says[start : start + length]) for start in range(max(1, len(says) - length + 1))]
    if near := did_you_mean(words, stretches):
        return f"{near}copy the words as they are published"
    excerpt = " ".join(says)
    return f"it says: {excerpt[:EXCERPT]}{'…' if len(excerpt) > EXCERPT else ''}"
