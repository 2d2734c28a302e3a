"""What of an edition never changes once it is published: each clause, and the rules by which it is scored."""

from __future__ import annotations

from ismpe_site.exact_json import digest
from ismpe_site.model.standard import Edition


def sealed_clauses(edition: Edition) -> dict[str, str]:
    """Clause (``2.10``, ``o4.2``, ``4``, ``title``, ``introduction``) or rule (``rule awards`` …) → SHA-256 of it.

    Guidance, hints, notes and errata are the editor's, not the standard's, and may be mended.
    """
    return {name: digest(value) for name, value in _parts(edition).items()}


def _parts(edition: Edition) -> dict[str, object]:
    process = edition.process
    parts: dict[str, object] = {
        "title": edition.title,
        "introduction": edition.introduction,
        "rule scale": [[point.value, point.label] for point in edition.rating_scale],
        "rule pooling": edition.scoring.pooling,
        "rule awards": [[a.level, str(a.overall), str(a.each_core_standard)] for a in edition.awards],
        "rule process": [process.report_due_weeks, process.certificate_due_weeks, process.validity_years],
    }
    for standard in edition.core_standards:
        parts[str(standard.number)] = [standard.title, standard.heading, standard.outcomes_lead]
        parts |= {f"o{standard.number}.{index}": text for index, text in enumerate(standard.outcomes, 1)}
        parts |= {c.id: [c.text, c.conditional, str(c.weight)] for c in standard.criteria}
    return parts
