"""Is each edition whole and consistent, and can it be told from the others?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ismpe_site.content.checks.common import Sources, absent_standards
from ismpe_site.content.yaml_text import Source
from ismpe_site.model import Catalogue, CoreStandard, Edition
from ismpe_site.problems import Place, Problem
from ismpe_site.results import exact_number


def check_editions(catalogue: Catalogue, sources: Sources) -> Iterator[Problem]:
    """Exactly one current edition; titles, numbers, scale and awards in order."""
    current = [edition for edition in catalogue.editions if edition.status == "current"]
    unread = sum(name.endswith("/edition.yaml") for name in sources.by_name) - len(catalogue.editions)
    if len(current) != 1 and (current or not unread):
        named = ", ".join(edition.id for edition in current) or "none"
        place = (
            sources.of(f"standards/{current[1].id}/edition.yaml").place("status")
            if current
            else Place(f"{sources.root}/standards")
        )
        yield Problem(
            place,
            "R470",
            f"exactly one edition is current; now: {named}",
            "set status: current in one edition.yaml, superseded or draft in the others",
        )
    for edition in catalogue.editions:
        yield from check_edition(edition, sources)
        yield from _title(catalogue, edition, sources)


def check_edition(edition: Edition, sources: Sources) -> Iterator[Problem]:
    """What an edition needs by itself, so that an assessment can be scored by it."""
    yield from _numbers(edition, sources)
    yield from _scale_and_awards(edition, sources)


def _title(catalogue: Catalogue, edition: Edition, sources: Sources) -> Iterator[Problem]:
    """Readers and banners know an edition by its short title alone."""
    before = catalogue.editions[: catalogue.editions.index(edition)]
    twin = next((other for other in before if other.short_title == edition.short_title), None)
    if twin is not None:
        yield Problem(
            sources.of(f"standards/{edition.id}/edition.yaml").place("short_title"),
            "R490",
            f'edition {twin.id} has the short title "{edition.short_title}" already',
            "lists, banners and links name an edition by it; give each its own, such as ISMPE 2003",
        )


def _numbers(edition: Edition, sources: Sources) -> Iterator[Problem]:
    numbers = [standard.number for standard in edition.core_standards]
    files = sources.core_standards(edition)
    misnamed = False
    for standard, source in zip(edition.core_standards, files, strict=True):
        name = source.file.rpartition("/")[2]
        if not name.startswith(f"{standard.number}-"):
            misnamed = True
            yield Problem(
                source.place("number"),
                "R471",
                f"core standard {standard.number} is in the file {name}",
                "the file's name begins with the number; change one of the two",
            )
        else:
            yield from _criteria(edition, standard, source)
    absent = absent_standards(edition)
    if not misnamed and (absent or numbers != list(range(1, max(len(numbers), 1) + 1))):
        named = ", ".join(map(str, numbers))
        missing = ", ".join(map(str, sorted(absent)))
        says = f"core standards {named}, but not {missing}" if missing else f"core standards {named}"
        # At the folder, so that it stands before what follows from it.
        yield Problem(
            Place(f"{sources.root}/standards/{edition.id}"),
            "R471",
            f"edition {edition.id} has {says if numbers else 'no core standards'}",
            "one file for each, numbered 1, 2, 3, … without gaps, like 1-clarity-of-purpose.yaml",
        )


def _criteria(edition: Edition, standard: CoreStandard, source: Source) -> Iterator[Problem]:
    expected = [f"{standard.number}.{index}" for index in range(1, len(standard.criteria) + 1)]
    ids = [criterion.id for criterion in standard.criteria]
    wrong = next(
        (index for index, (found, wanted) in enumerate(zip(ids, expected, strict=True)) if found != wanted), None
    )
    if wrong is not None:
        message = f'criterion "{ids[wrong]}" stands where "{expected[wrong]}" should'
        yield Problem(
            source.place("criteria", wrong, "id"),
            "R472",
            message,
            "criteria are numbered in order, without gaps, under their core standard's number",
        )
    for index, criterion in enumerate(standard.criteria):
        says_so = "where appropriate" in " ".join(criterion.text.lower().split())
        if criterion.conditional and not says_so and edition.language.startswith("en"):
            yield Problem(
                source.place("criteria", index, "conditional"),
                "R473",
                f'criterion {criterion.id} is conditional, but its text does not say "where appropriate"',
                "delete conditional:, or mend the text",
            )
    if all(not criterion.weight for criterion in standard.criteria):
        yield Problem(
            source.place("criteria"),
            "R474",
            f"core standard {standard.number} has no criterion with a weight above 0",
            "give one of them a weight, or it can never be scored",
        )


def _scale_and_awards(edition: Edition, sources: Sources) -> Iterator[Problem]:
    source = sources.of(f"standards/{edition.id}/edition.yaml")
    if len(edition.rating_scale) < 2:
        yield Problem(
            source.place("rating_scale"), "R475", "a rating scale needs at least two points", "list them lowest first"
        )
    for index, (lower, higher) in enumerate(pairwise(edition.rating_scale), 1):
        if higher.value <= lower.value:
            yield Problem(
                source.place("rating_scale", index, "value"),
                "R475",
                f"{higher.value} does not come after {lower.value}",
                "list the scale lowest first, each value once",
            )
    if not edition.awards:
        yield Problem(
            source.place("awards"), "R477", "an edition needs at least one level of award", "list them lowest first"
        )
    for index, level in enumerate(edition.awards):
        for field in ("overall", "each_core_standard"):
            if getattr(level, field) > 100:
                yield Problem(
                    source.place("awards", index, field),
                    "R476",
                    f"{exact_number(getattr(level, field))} is more than 100 percent",
                    "allowed: 0 to 100",
                )
    for index, (below, above) in enumerate(pairwise(edition.awards), 1):
        if above.overall < below.overall or above.each_core_standard < below.each_core_standard:
            yield Problem(
                source.place("awards", index),
                "R477",
                f"{above.level} asks for less than {below.level}",
                "list the levels lowest first; a higher level never asks for less",
            )
        if above.level in [level.level for level in edition.awards[:index]]:
            yield Problem(
                source.place("awards", index, "level"), "R477", f"{above.level} is listed twice", "each level once"
            )
