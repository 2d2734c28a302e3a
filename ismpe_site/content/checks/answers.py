"""Are the answers of each assessment answers to its edition's criteria?"""

from __future__ import annotations

from collections.abc import Iterator

from ismpe_site.content.checks.common import (
    Located,
    Sources,
    absent_standards,
    assessments,
    numbers_near,
    of_no_standard,
    shortened,
    standards_there_are,
)
from ismpe_site.model import Catalogue, Edition, Rating
from ismpe_site.problems import Problem, allowed, did_you_mean

# What is written in the place of a reason by those who take it for a yes or no.
NO_REASONS = (
    "true",
    "false",
    "yes",
    "no",
    "y",
    "n",
    "x",
    "-",
    "n/a",
    "na",
    "none",
    "not applicable",
    "tbc",
    "tbd",
    "?",
    "…",
    "...",
)


def check_answers(catalogue: Catalogue, sources: Sources) -> Iterator[Problem]:
    """Criteria known, ratings on the scale, "not applicable" where allowed, evidence listed, nothing left out."""
    for located in assessments(catalogue, sources):
        if located.edition is None:
            known = [edition.id for edition in catalogue.editions]
            written = located.assessment.edition
            if not sources.has(f"standards/{written}/edition.yaml"):
                yield Problem(
                    located.source.place("edition"),
                    "R401",
                    f'there is no edition "{written}"',
                    did_you_mean(written, known) + allowed(known or ["none; there is no edition"]),
                )
            continue
        yield from _unknown(located, located.edition)
        for criterion, rating in located.assessment.ratings.items():
            yield from _answer(located, located.edition, criterion, rating)
        yield from _evidence(located)
        yield from _missing(located, located.edition)
        yield from _bare(located)


def _bare(located: Located) -> Iterator[Problem]:
    ratings = located.assessment.ratings
    if located.assessment.signed_off and ratings and not any(rating.finding for rating in ratings.values()):
        yield Problem(
            located.source.key("ratings"),
            "R414",
            "no finding is written for any criterion",
            "a report says what the assessor found, above all where a rating is low",
            "warning",
        )


def _unknown(located: Located, edition: Edition) -> Iterator[Problem]:
    known = [criterion.id for criterion in edition.criteria()]
    strangers = of_no_standard(edition, located.assessment.ratings)
    numbers = [str(standard.number) for standard in edition.core_standards]
    absent = absent_standards(edition) if strangers or located.assessment.core_standards.keys() - set(numbers) else ()
    for standard, criteria in strangers.items():
        if int(standard) not in absent:
            yield Problem(
                located.source.key("ratings", criteria[0]),
                "R402",
                f"edition {edition.id} has no core standard {standard}; answered: {shortened(criteria)}",
                standards_there_are(edition),
            )
    for criterion in located.assessment.ratings:
        if criterion not in known and criterion.partition(".")[0] not in strangers:
            place = located.source.key("ratings", criterion)
            yield Problem(
                place, "R402", f'edition {edition.id} has no criterion "{criterion}"', numbers_near(edition, criterion)
            )
    for number in located.assessment.core_standards:
        if number not in numbers and number not in (*map(str, absent), *strangers):
            place = located.source.key("core_standards", number)
            yield Problem(place, "R403", f'edition {edition.id} has no core standard "{number}"', allowed(numbers))


def _answer(located: Located, edition: Edition, criterion: str, rating: Rating) -> Iterator[Problem]:
    source, path = located.source, ("ratings", criterion)
    values = [point.value for point in edition.rating_scale]
    if rating.rating is not None and rating.rating not in values:
        yield Problem(
            source.place(*path, "rating"),
            "R404",
            f"criterion {criterion}: {rating.rating} is not on the scale of edition {edition.id}",
            allowed(values),
        )
    if rating.departure is not None and rating.rating is None:
        yield Problem(
            source.key(*path, "departure"),
            "R407",
            f"criterion {criterion}: a departure is rated on its merits",
            "give a rating",
        )
    elif rating.rating is None and rating.not_applicable is None:
        help_text = "give a rating, or the reason in not_applicable; leave the criterion out while it is still open"
        yield Problem(
            source.key(*path), "R406", f"criterion {criterion} is neither rated nor not applicable", help_text
        )
    if rating.not_applicable is not None:
        yield from _not_applicable(located, edition, criterion, rating)


def _not_applicable(located: Located, edition: Edition, criterion: str, rating: Rating) -> Iterator[Problem]:
    source, path = located.source, ("ratings", criterion, "not_applicable")
    known = {c.id: c for c in edition.criteria()}.get(criterion)
    if known is not None and not known.conditional:
        conditional = ", ".join(c.id for c in edition.criteria() if c.conditional) or "there are none"
        mend = (
            "rate it, with departure: where that was deliberate"
            if rating.rating is None
            else "it is rated, delete not_applicable"
        )
        help_text = f'only conditional criteria ("where appropriate") may be: {conditional}; {mend}'
        yield Problem(source.key(*path), "R408", f"criterion {criterion} cannot be not applicable", help_text)
    elif rating.rating is not None:
        yield Problem(
            source.key(*path), "R405", f"criterion {criterion} is both rated and not applicable", "keep one of the two"
        )
    elif str(rating.not_applicable).strip().lower() in NO_REASONS:
        yield Problem(
            source.place(*path),
            "R413",
            f'"{rating.not_applicable}" is no reason',
            f"say why criterion {criterion} does not apply; the report prints it",
        )


def _evidence(located: Located) -> Iterator[Problem]:
    listed, source = located.assessment.evidence, located.source
    cited = set()
    for criterion, rating in located.assessment.ratings.items():
        for index, item in enumerate(rating.evidence):
            cited.add(item)
            if item not in listed:
                place = source.place("ratings", criterion, "evidence", index)
                yield Problem(
                    place,
                    "R409",
                    f'criterion {criterion} cites evidence "{item}", which is not listed',
                    f"list it under evidence:, or mend the number; listed: {', '.join(listed) or 'nothing'}",
                )
            elif item in rating.evidence[:index]:
                yield Problem(
                    source.place("ratings", criterion, "evidence", index),
                    "R410",
                    f'criterion {criterion} cites "{item}" twice',
                    "once is enough; delete one of them",
                )
    for item in listed:
        if item not in cited and not located.assessment.may_be_incomplete:
            yield Problem(
                source.key("evidence", item),
                "R411",
                f'evidence "{item}" is listed but never cited',
                "cite it at the criteria it supports, or delete it",
                "warning",
            )


def _missing(located: Located, edition: Edition) -> Iterator[Problem]:
    status = located.assessment.status
    if located.assessment.may_be_incomplete:
        return
    ratings, known = located.assessment.ratings, [criterion.id for criterion in edition.criteria()]
    missing = [criterion for criterion in known if criterion not in ratings]
    if len(missing) > len(ratings.keys() - set(known)):  # otherwise their numbers are mistyped
        word = "an answer is" if len(missing) == 1 else f"{len(missing)} answers are"
        yield Problem(
            located.source.key("ratings"),
            "R412",
            f"{word} missing: {shortened(missing)}",
            f"with status: {status} every criterion is answered; with status: draft some may be open",
        )
