"""Does a translation translate clauses that are there, in the wording they have?"""

from __future__ import annotations

from collections.abc import Iterator

from ismpe_site.content.checks.common import Sources, shortened
from ismpe_site.language import known
from ismpe_site.model import Catalogue, Edition, Translation, wording_digest, wordings
from ismpe_site.problems import Problem, did_you_mean


def check_translations(catalogue: Catalogue, sources: Sources) -> Iterator[Problem]:
    """Clauses known, wordings those that were translated, none left out."""
    editions = {edition.id: edition for edition in catalogue.editions}
    for translation in catalogue.translations:
        if (edition := editions.get(translation.edition)) is not None:
            yield from _translation(translation, edition, sources)


def _translation(translation: Translation, edition: Edition, sources: Sources) -> Iterator[Problem]:
    source = sources.of(f"standards/{edition.id}/translations/{translation.language}.yaml")
    clauses = wordings(edition)
    if not known(translation.language):
        says = "name the file by the code of a language (BCP 47), such as fr.yaml or pt-BR.yaml"
        yield Problem(source.place(), "R505", f'the language "{translation.language}" is not known', says)
    if translation.language == edition.language:
        yield Problem(
            source.place(), "R501", f"edition {edition.id} is written in this language", "name the file by another one"
        )
    for clause, translated in translation.clauses.items():
        if clause not in clauses:
            says = "allowed: title, introduction, s1-title, s1-heading, s1-lead, outcomes (o1.1) and criteria (1.1)"
            yield Problem(
                source.key("clauses", clause),
                "R502",
                f'edition {edition.id} has no clause "{clause}"',
                f"{did_you_mean(clause, clauses)}{says}",
            )
        elif translation.is_stale(clause, clauses[clause]):
            digest = wording_digest(clauses[clause])
            changed = "has changed since it was translated" if translated.source else "is not named by its digest"
            yield Problem(
                source.place("clauses", clause, "source") if translated.source else source.key("clauses", clause),
                "R503",
                f"the wording of {clause} {changed}",
                f"compare the two, mend the translation, then write source: {digest}"
                if translated.source
                else f'compare the two, then write it as "{clause}": {{source: {digest}, text: …}}',
                severity="warning",
            )
    if missing := [clause for clause in clauses if clause not in translation.clauses]:
        yield Problem(
            source.key("clauses"),
            "R504",
            f"not translated: {shortened(missing)}",
            "they are shown in the language of the edition",
            severity="warning",
        )
