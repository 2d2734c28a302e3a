"""Does each edition follow an earlier one, and does its crosswalk account for every criterion of it?"""

from __future__ import annotations

from collections.abc import Iterator

from ismpe_site.content.checks.common import (
    Sources,
    absent_standards,
    numbers_near,
    of_no_standard,
    shortened,
    standards_there_are,
)
from ismpe_site.content.yaml_text import Source
from ismpe_site.model import Catalogue, CrosswalkEntry, Edition
from ismpe_site.problems import Problem, allowed, did_you_mean


def check_succession(catalogue: Catalogue, sources: Sources) -> Iterator[Problem]:
    """The earlier edition exists and lies before; a crosswalk leads from it."""
    for edition in catalogue.editions:
        yield from _succession(catalogue, edition, sources)


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
    if edition.published < before.published:
        yield Problem(
            source.place("published"),
            "R491",
            f"edition {edition.id} was published on {edition.published}, before {before.id} ({before.published}), "
            "which it supersedes",
            "an edition comes after the one it supersedes; mend one of the dates, or supersedes:",
            "warning",
        )
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
    yield from _unknown_standards(before, edition, source)
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


def _unknown_standards(before: Edition, edition: Edition, source: Source) -> Iterator[Problem]:
    """Core standards that are named and not there, each once; a gap among them is a problem of its edition already."""
    olds = [entry.old for entry in edition.crosswalk]
    news = [new for entry in edition.crosswalk for new in entry.new]
    for owner, field, criteria in ((before, "old", olds), (edition, "new", news)):
        absent = absent_standards(owner)
        for standard, named in of_no_standard(owner, criteria).items():
            if int(standard) not in absent:
                first = next(
                    index
                    for index, entry in enumerate(edition.crosswalk)
                    if named[0] in ((entry.old,) if field == "old" else entry.new)
                )
                says = f"edition {owner.id} has no core standard {standard}; named under {field}: {shortened(named)}"
                yield Problem(source.place(first, field), "R482", says, standards_there_are(owner))


def _known_criteria(
    before: Edition, edition: Edition, entry: CrosswalkEntry, source: Source, index: int
) -> Iterator[Problem]:
    """Both ends of an entry exist."""
    ends = [(before, entry.old, ("old",)), *((edition, new, ("new", i)) for i, new in enumerate(entry.new))]
    for owner, criterion, path in ends:
        known = {known.id for known in owner.criteria()}
        if criterion not in known and not of_no_standard(owner, (criterion,)):
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
