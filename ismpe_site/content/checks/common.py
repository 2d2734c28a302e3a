"""What every check uses: where a thing stands, and a walk over the assessments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ismpe_site.content.yaml_text import Source
from ismpe_site.model import Assessment, Catalogue, Edition, Organisation, Period, Programme


@dataclass(frozen=True)
class Sources:
    """The files as read, by name; ``root`` is the content folder's own name."""

    root: str
    by_name: Mapping[str, Source]

    def of(self, name: str) -> Source:
        """The file ``name`` below the content folder (an empty source where it was not read)."""
        file = f"{self.root}/{name}"
        return self.by_name.get(file, Source(file))

    def has(self, name: str) -> bool:
        """Whether the file is there, even if it has problems of its own (then others need not repeat them)."""
        return f"{self.root}/{name}" in self.by_name

    def core_standards(self, edition: Edition) -> list[Source]:
        """The files of the core standards, in order: each begins with its number, the rest of its name is free."""
        folder = f"{self.root}/standards/{edition.id}/"
        return [
            source for file, source in self.by_name.items() if file.startswith(folder) and file[len(folder)].isdigit()
        ]


@dataclass(frozen=True)
class Located:
    """An assessment with what it belongs to, its edition (None where unknown) and its file."""

    organisation: Organisation
    programme: Programme
    assessment: Assessment
    edition: Edition | None
    source: Source


def assessments(catalogue: Catalogue, sources: Sources) -> Iterator[Located]:
    """Every assessment of the catalogue."""
    editions = {edition.id: edition for edition in catalogue.editions}
    for organisation in catalogue.organisations:
        for programme in organisation.programmes:
            for assessment in programme.assessments:
                source = sources.of(f"assessments/{organisation.id}/{programme.id}/{assessment.id}.yaml")
                yield Located(organisation, programme, assessment, editions.get(assessment.edition), source)


def shortened(criteria: Sequence[str]) -> str:
    """The first dozen of a list, and how many more there are."""
    return ", ".join(criteria[:12]) + (f" and {len(criteria) - 12} more" if len(criteria) > 12 else "")


def absent_standards(edition: Edition) -> set[int]:
    """Numbers left out among the core standards, a problem of the edition: what names them need not be one again.

    The last ones are missed where several of the edition's own errata and crosswalk entries name them.
    """
    numbers = {standard.number for standard in edition.core_standards}
    named = [clause.removeprefix("o") for erratum in edition.errata for clause in set(erratum.clause)]
    named += [new for entry in edition.crosswalk for new in entry.new]
    count = Counter(clause.partition(".")[0] for clause in named)
    last = max(numbers, default=0)
    while count[str(last + 1)] > 1:
        last += 1
    return set(range(1, last + 1)) - numbers


def of_no_standard(edition: Edition, criteria: Iterable[str]) -> dict[str, list[str]]:
    """Numbers of core standards the edition does not have, each with those of ``criteria`` that would belong to it."""
    known = {str(standard.number) for standard in edition.core_standards}
    found: dict[str, list[str]] = {}
    for criterion in criteria:
        number = criterion.partition(".")[0]
        if number not in known:
            found.setdefault(number, []).append(criterion)
    return found


def standards_there_are(edition: Edition) -> str:
    """What to do where a core standard is named that is not there."""
    return (
        f"core standards are {', '.join(str(s.number) for s in edition.core_standards)}; "
        f"mend the numbers, or add the file to content/standards/{edition.id}/"
    )


def numbers_near(edition: Edition, criterion: str) -> str:
    """What the criteria of the core standard are that ``criterion`` seems to belong to."""
    standard = next((s for s in edition.core_standards if criterion.startswith(f"{s.number}.")), None)
    if standard is None:
        return f"core standards are 1 to {len(edition.core_standards)}"
    numbers = [c.id for c in standard.criteria]
    return (
        f"core standard {standard.number} has the criteria {numbers[0]} to {numbers[-1]}"
        if numbers
        else f"core standard {standard.number} has no criteria"
    )


def runs_backwards(period: Period) -> bool:
    """Whether it ends before it begins: a problem of its own, so that others need not follow from it."""
    return period.end is not None and period.end < period.start
