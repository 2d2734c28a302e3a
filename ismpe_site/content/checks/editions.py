"""Is each edition whole and consistent, and does its crosswalk account for every criterion?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ismpe_site.content.checks.common import Sources, numbers_near, shortened
from ismpe_site.content.yaml_text import Source
from ismpe_site.model import Catalogue, CoreStandard, CrosswalkEntry, Edition
from ismpe_site.problems import Place, Problem, allowed, did_you_mean
from ismpe_site.results import exact_number


def check_editions(catalogue: Catalogue, sources: Sources) -> Iterator[Problem]:
    """Exactly one current edition; numbers, scale, awards, errata and crosswalk in order."""
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
        yield from _numbers(edition, sources)
        yield from _scale_and_awards(edition, sources)
        yield from _errata(edition, sources)
        yield from _succession(catalogue, edition, sources)


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
    if not misnamed and numbers != list(range(1, max(len(numbers), 1) + 1)):
        place = sources.of(f"standards/{edition.id}/edition.yaml").place()
        named = ", ".join(map(str, numbers)) or "no core standards"
        yield Problem(
            place,
            "R471",
            f"edition {edition.id} has {'core standards ' if numbers else ''}{named}",
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


def clauses(edition: Edition) -> dict[str, str]:
    """Every clause an erratum can name, with its text as published."""
    named = {
        "title": edition.title,
        "introduction": edition.introduction,
        "address": "\n".join(edition.publisher_address),
        "general": "",
        "leaflet": "",
    }
    for standard in edition.core_standards:
        named[str(standard.number)] = f"{standard.title}\n{standard.heading}\n{standard.outcomes_lead or ''}"
        named |= {f"o{standard.number}.{index}": text for index, text in enumerate(standard.outcomes, 1)}
        named |= {criterion.id: criterion.text for criterion in standard.criteria}
    return named


def _errata(edition: Edition, sources: Sources) -> Iterator[Problem]:
    source, known, seen = sources.of(f"standards/{edition.id}/errata.yaml"), clauses(edition), set()
    for index, erratum in enumerate(edition.errata):
        kinds = "a criterion (1.6), an outcome (o4.2), a core standard (4)"
        kinds += ", title, introduction, address, general, leaflet"
        if not erratum.clause:
            yield Problem(source.place(index, "clause"), "R478", "the erratum names no clause", f"allowed: {kinds}")
        for position, clause in enumerate(erratum.clause):
            if clause not in known:
                yield Problem(
                    source.place(index, "clause", position),
                    "R478",
                    f'edition {edition.id} has no clause "{clause}"',
                    f"{did_you_mean(clause, known)}allowed: {kinds}",
                )
        if erratum.id in seen:
            yield Problem(
                source.place(index, "id"),
                "R479",
                f'the erratum "{erratum.id}" is given twice',
                "each erratum has a name of its own",
            )
        seen.add(erratum.id)


def _succession(catalogue: Catalogue, edition: Edition, sources: Sources) -> Iterator[Problem]:
    source = sources.of(f"standards/{edition.id}/edition.yaml")
    if edition.supersedes is None:
        if edition.crosswalk:
            yield Problem(
                source.place(),
                "R480",
                "there is a crosswalk, but no earlier edition",
                "name it in supersedes:, or delete crosswalk.yaml",
            )
        return
    before = next((other for other in catalogue.editions if other.id == edition.supersedes), None)
    if (
        before is None
        and edition.supersedes != edition.id
        and sources.has(f"standards/{edition.supersedes}/edition.yaml")
    ):
        return  # it is there, with problems of its own
    if before is None or before.id == edition.id:
        known = [other.id for other in catalogue.editions if other.id != edition.id]
        yield Problem(
            source.place("supersedes"),
            "R481",
            f'there is no other edition "{edition.supersedes}"',
            did_you_mean(edition.supersedes, known) + allowed(known or ["none; there is no other"]),
        )
        return
    if _in_a_circle(catalogue, edition):
        yield Problem(
            source.place("supersedes"),
            "R488",
            f"edition {edition.id} supersedes itself by way of {edition.supersedes}",
            "an edition supersedes an earlier one; mend supersedes: in one of them",
        )
        return
    yield from _crosswalk(before, edition, sources)


def _in_a_circle(catalogue: Catalogue, edition: Edition) -> bool:
    earlier = {other.id: other.supersedes for other in catalogue.editions}
    seen, now = {edition.id}, edition.supersedes
    while now is not None and now not in seen:
        seen.add(now)
        now = earlier.get(now)
    return now == edition.id


def _crosswalk(before: Edition, edition: Edition, sources: Sources) -> Iterator[Problem]:
    """Every old criterion goes somewhere, every new one that is not new comes from there, and "unchanged" is true."""
    source = sources.of(f"standards/{edition.id}/crosswalk.yaml")
    seen: set[str] = set()
    for index, entry in enumerate(edition.crosswalk):
        if entry.old in seen:
            yield Problem(
                source.place(index, "old"),
                "R483",
                f"criterion {entry.old} is listed twice",
                "one entry per criterion of the earlier edition",
            )
        seen.add(entry.old)
        yield from _known_criteria(before, edition, entry, source, index)
        yield from _relation(before, edition, entry, source, index)
    missing = [criterion.id for criterion in before.criteria() if criterion.id not in seen]
    if missing:
        there = sources.has(f"standards/{edition.id}/crosswalk.yaml")
        place = source.place() if there else sources.of(f"standards/{edition.id}/edition.yaml").place("supersedes")
        where = "" if there else f" in content/standards/{edition.id}/crosswalk.yaml, which is missing"
        says = f"criteria of edition {before.id} are not accounted for: {shortened(missing)}"
        yield Problem(place, "R487", says, f"one entry for each{where}")


def _known_criteria(
    before: Edition, edition: Edition, entry: CrosswalkEntry, source: Source, index: int
) -> Iterator[Problem]:
    """Both ends of an entry exist."""
    ends = [(before, entry.old, ("old",)), *((edition, new, ("new", i)) for i, new in enumerate(entry.new))]
    for owner, criterion, path in ends:
        if criterion not in {known.id for known in owner.criteria()}:
            says = f'edition {owner.id} has no criterion "{criterion}"'
            yield Problem(source.place(index, *path), "R482", says, numbers_near(owner, criterion))


def _relation(
    before: Edition, edition: Edition, entry: CrosswalkEntry, source: Source, index: int
) -> Iterator[Problem]:
    """What an entry says happened did happen."""
    old = {criterion.id: criterion.text for criterion in before.criteria()}.get(entry.old)
    new = {c.id: c.text for c in edition.criteria()}.get(entry.new[0]) if len(entry.new) == 1 else None
    if old is not None and new is not None and entry.relation == ("reworded" if old == new else "unchanged"):
        says, other = (
            ("reworded, but the wording is the same", "unchanged")
            if old == new
            else ("unchanged, but the wording differs", "reworded, with a reason")
        )
        yield Problem(
            source.place(index, "relation"),
            "R484",
            f"criterion {entry.old} is {says}",
            f"compare the two texts; set relation: {other}, or mend the text",
        )
    if bool(entry.new) == (entry.relation == "dropped"):
        leads = f"to {', '.join(entry.new)}" if entry.new else "nowhere"
        yield Problem(
            source.place(index, "new"),
            "R485",
            f"criterion {entry.old} is {entry.relation}, but leads {leads}",
            "what is dropped leads nowhere, everything else somewhere; mend relation or new",
        )
    if entry.reason is None and entry.relation != "unchanged":
        says = f"criterion {entry.old} was {entry.relation} without a reason"
        yield Problem(source.place(index), "R486", says, "say why in reason:")
