"""Is each term of a glossary one of the text, and given once?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ismpe_site.content.checks.common import Sources
from ismpe_site.model import Catalogue, Edition, whole_word, wordings
from ismpe_site.problems import Problem


def check_glossary(catalogue: Catalogue, sources: Sources) -> Iterator[Problem]:
    """Names and words given once; terms that stand in the text; a document where the basis is a source."""
    for edition in catalogue.editions:
        yield from _glossary(edition, sources)


def _glossary(edition: Edition, sources: Sources) -> Iterator[Problem]:
    source = sources.of(f"standards/{edition.id}/glossary.yaml")
    text = "\n".join(wordings(edition).values())
    names: set[str] = set()
    words: set[str] = set()
    for index, term in enumerate(edition.glossary):
        if term.id in names:
            yield Problem(
                source.place(index, "id"), "R511", f'the term "{term.id}" is given twice', "each has a name of its own"
            )
        names.add(term.id)
        forms = [word.casefold() for word in (term.term, *term.forms)]
        if again := [word for word in forms if word in words]:
            says = "a form belongs to one term; delete it at the other"
            yield Problem(source.place(index, "term"), "R512", f'"{again[0]}" is a form of another term too', says)
        words.update(forms)
        if not any(re.search(whole_word(form), text, re.IGNORECASE) for form in (term.term, *term.forms)):
            yield Problem(
                source.place(index, "term"),
                "R513",
                f'the text of the edition does not use "{term.term}"',
                "add the form it uses to forms:, or delete the term",
                severity="warning",
            )
        if term.basis == "source" and not term.document:
            says = "name it, or write basis: publisher's choice"
            yield Problem(source.place(index, "basis"), "R514", "the source document is not named", says)
