"""Editions in other languages: each translation whole on one page, as JSON and as a table."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from ismpe_site.artefact import Artefact
from ismpe_site.language import SOURCE
from ismpe_site.model import Edition, Translation, wordings
from ismpe_site.publications import addresses
from ismpe_site.publications.markup import plain
from ismpe_site.publications.site import canonical_json, data_file, web_page
from ismpe_site.publications.tables import csv_bytes
from ismpe_site.publications.views import Scheme

State = Literal["translated", "stale", "untranslated"]

CSV_HEADER = ("edition", "language", "clause", "state", "text", "original")


@dataclass(frozen=True, slots=True)
class ShownClause:
    """A clause as a reader of the translation sees it.

    ``text`` is in ``language``: that of the translation, or of the edition where nobody has translated it.
    ``original`` is the wording of the edition as it is now; a ``stale`` text was made from another.
    """

    text: str
    language: str
    state: State
    original: str


def publish(scheme: Scheme, spoken: Collection[str]) -> Iterator[Artefact]:
    """``/standard/<edition>/<language>/``, with the words of that language where the theme has them (``spoken``)."""
    for translation in scheme.translations:
        edition = scheme.edition(translation.edition)
        name, language = edition.id, translation.language
        clauses = shown_clauses(edition, translation)
        yield web_page(
            "translation",
            addresses.translation(name, language),
            scheme.site,
            language=language if language in {SOURCE, *spoken} else "",
            edition=edition,
            translation=translation,
            clauses=clauses,
            stale=[clause for clause, shown in clauses.items() if shown.state == "stale"],
            untranslated=[clause for clause, shown in clauses.items() if shown.state == "untranslated"],
        )
        yield data_file(
            addresses.translation_file(name, language, "json"), canonical_json(_data(edition, translation, clauses))
        )
        rows = (
            (name, language, clause, shown.state, plain(shown.text), plain(shown.original))
            for clause, shown in clauses.items()
        )
        yield data_file(addresses.translation_file(name, language, "csv"), csv_bytes(CSV_HEADER, rows))


def shown_clauses(edition: Edition, translation: Translation) -> dict[str, ShownClause]:
    """Every clause of the edition by the name that ``wordings`` gives it, in its order."""
    shown = {}
    for clause, original in wordings(edition).items():
        if clause not in translation.clauses:
            shown[clause] = ShownClause(original, edition.language, "untranslated", original)
            continue
        state: State = "stale" if translation.is_stale(clause, original) else "translated"
        shown[clause] = ShownClause(translation.clauses[clause].text, translation.language, state, original)
    return shown


def _data(edition: Edition, translation: Translation, clauses: dict[str, ShownClause]) -> dict[str, object]:
    return {
        "edition": edition.id,
        "language": translation.language,
        "original_language": edition.language,
        "standing": translation.standing,
        "made": translation.made,
        "note": translation.note,
        "clauses": [
            {
                "clause": clause,
                "state": shown.state,
                "text": None if shown.state == "untranslated" else shown.text,
                "original": shown.original,
            }
            for clause, shown in clauses.items()
        ],
    }
