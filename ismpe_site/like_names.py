"""The names of all organisations → a problem for each that reads as another's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ismpe_site.content.files import Reading
from ismpe_site.content.likeness import lookalikes
from ismpe_site.problems import Problem
from ismpe_site.publications import Outline


def like_names(content: Path, outlines: Mapping[str, Sequence[Outline]]) -> Iterator[Problem]:
    """``outlines`` by the folder of their organisation. Only the files that are at fault are read again."""
    names = {folder: found[0].organisation.name for folder, found in outlines.items() if found}
    for first, second in lookalikes(names):
        source = Reading(content).yaml(content / "assessments" / second / "organisation.yaml")
        if source is not None:
            says = f'the name "{names[second]}" looks like that of {first}, "{names[first]}", in other letters'
            todo = (
                "no two organisations of the register may be taken for each other: mend the name of one, or add to it"
            )
            yield Problem(source.place("name"), "R522", says, todo)
