"""The editions: list, whole edition, one page per core standard, PDF, JSON and CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ismpe_site.artefact import Artefact, Attachment
from ismpe_site.model import Edition, Erratum
from ismpe_site.publications import addresses
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
        "elsewhere": counterparts(scheme, edition),
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
    data = canonical_json(edition)
    attached = Attachment(f"ismpe-{edition.id}.json", data, "The text of this edition as data")
    yield printed(addresses.edition_file(edition.id, "pdf"), "standard", site, edition.published, (attached,), **view)
    yield data_file(addresses.edition_file(edition.id, "json"), data)
    yield data_file(addresses.edition_file(edition.id, "csv"), csv_bytes(CSV_HEADER, _csv_rows(edition)))


CSV_HEADER = ("edition", "core_standard", "core_standard_title", "kind", "id", "conditional", "weight", "text")


def _csv_rows(edition: Edition) -> Iterator[tuple[object, ...]]:
    for standard in edition.core_standards:
        start = (edition.id, standard.number, standard.title)
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


def counterparts(scheme: Scheme, edition: Edition) -> dict[str, tuple[tuple[str, str, str], ...]]:
    """Clause → where it stands in the other editions: (edition's short title, clause there, address with anchor)."""
    clauses = [criterion.id for criterion in edition.criteria()]
    clauses += [f"o{s.number}.{index}" for s in edition.core_standards for index in range(1, len(s.outcomes) + 1)]
    found: dict[str, tuple[tuple[str, str, str], ...]] = {}
    for clause in clauses:
        links = []
        for other in scheme.editions:
            if other.id != edition.id and (there := counterpart(edition, clause, other)) is not None:
                number = int(there.lstrip("o").split(".")[0])
                address = addresses.core_standard(other.id, number) + "#" + addresses.clause_anchor(there)
                links.append((other.short_title, there, address))
        found[clause] = tuple(links)
    return found


def counterpart(edition: Edition, clause: str, other: Edition) -> str | None:
    """The clause of ``other`` that corresponds to ``clause``: by the crosswalk, else by its number; or None."""
    if other.supersedes == edition.id and not clause.startswith("o"):
        entry = next((e for e in other.crosswalk if e.old == clause), None)
        return entry.new[0] if entry and entry.new else None
    if edition.supersedes == other.id and not clause.startswith("o"):
        return next((e.old for e in edition.crosswalk if clause in e.new), None)
    known = {c.id for c in other.criteria()} | {
        f"o{s.number}.{i}" for s in other.core_standards for i in range(1, len(s.outcomes) + 1)
    }
    return clause if clause in known else None
