"""The editions: list, whole edition, one page per core standard, PDF, JSON and CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ismpe_site.artefact import Artefact, Attachment
from ismpe_site.model import Edition, Erratum
from ismpe_site.publications import addresses, glossary
from ismpe_site.publications.crosswalks import counterparts
from ismpe_site.publications.markup import plain
from ismpe_site.publications.scheme import levels_of
from ismpe_site.publications.site import canonical_json, data_file, printed, web_page
from ismpe_site.publications.tables import csv_bytes
from ismpe_site.publications.views import Scheme
from ismpe_site.results import exact_number


def publish(scheme: Scheme) -> Iterator[Artefact]:
    """``/standard/`` and everything below it."""
    yield web_page("editions", addresses.STANDARDS, scheme.site, editions=scheme.editions)
    yield web_page(
        "redirect",
        addresses.CURRENT_STANDARD,
        scheme.site,
        target=addresses.edition(scheme.current.id),
        title="Current edition",
    )
    for edition in scheme.editions:
        yield from _edition(scheme, edition)


def _edition(scheme: Scheme, edition: Edition) -> Iterator[Artefact]:
    site = scheme.site
    view: dict[str, Any] = {
        "edition": edition,
        "errata": errata_by_clause(edition),
        "elsewhere": counterparts(scheme.editions, edition),
        "levels": levels_of(edition),
    }
    yield web_page("edition", addresses.edition(edition.id), site, **view)
    for index, standard in enumerate(edition.core_standards):
        before = edition.core_standards[index - 1] if index else None
        after = edition.core_standards[index + 1] if index + 1 < len(edition.core_standards) else None
        yield web_page(
            "core_standard",
            addresses.core_standard(edition.id, standard.number),
            site,
            standard=standard,
            before=before,
            after=after,
            **view,
        )
    if edition.glossary:
        yield _glossary(scheme, edition)
    data = canonical_json(edition)
    attached = Attachment(f"ismpe-{edition.id}.json", data, "The text of this edition as data")
    yield printed(addresses.edition_file(edition.id, "pdf"), "standard", site, edition.published, (attached,), **view)
    yield data_file(addresses.edition_file(edition.id, "json"), data)
    yield data_file(addresses.edition_file(edition.id, "csv"), csv_bytes(CSV_HEADER, _csv_rows(edition)))


def _glossary(scheme: Scheme, edition: Edition) -> Artefact:
    return web_page(
        "glossary",
        addresses.glossary(edition.id),
        scheme.site,
        edition=edition,
        terms=tuple(sorted(edition.glossary, key=lambda term: (term.term.casefold(), term.id))),
        uses=glossary.uses(edition),
        glossaries={other.id: addresses.glossary(other.id) for other in scheme.editions if other.glossary},
    )


CSV_HEADER = ("edition", "core_standard", "core_standard_title", "kind", "id", "conditional", "weight", "text")


def _csv_rows(edition: Edition) -> Iterator[tuple[object, ...]]:
    for standard in edition.core_standards:
        start = (edition.id, standard.number, standard.title)
        if standard.outcomes_lead:
            yield (*start, "lead", "", "", "", plain(standard.outcomes_lead))
        for index, outcome in enumerate(standard.outcomes, 1):
            yield (*start, "outcome", f"o{standard.number}.{index}", "", "", plain(outcome))
        for criterion in standard.criteria:
            conditional = "yes" if criterion.conditional else "no"
            yield (
                *start,
                "criterion",
                criterion.id,
                conditional,
                exact_number(criterion.weight),
                plain(criterion.text),
            )


def errata_by_clause(edition: Edition) -> dict[str, tuple[Erratum, ...]]:
    """Clause → the errata recorded for it; one that concerns several clauses is at each of them."""
    clauses = dict.fromkeys(clause for erratum in edition.errata for clause in erratum.clause)
    return {clause: tuple(e for e in edition.errata if clause in e.clause) for clause in clauses}
