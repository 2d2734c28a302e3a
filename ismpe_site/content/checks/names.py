"""Can each name be read as what it is?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from ismpe_site.content.checks.common import Sources
from ismpe_site.content.likeness import invisible, mixed_word
from ismpe_site.model import Catalogue
from ismpe_site.problems import Problem


def check_names_of_people(catalogue: Catalogue, sources: Sources) -> Iterator[Problem]:
    """No invisible character, no word in letters of two scripts that look alike."""
    for person in catalogue.people:
        yield from _problems(sources, f"people/{person.id}.yaml", person.name)


def check_names(catalogue: Catalogue, sources: Sources) -> Iterator[Problem]:
    """The same of organisations and their programmes."""
    for organisation in catalogue.organisations:
        folder = f"assessments/{organisation.id}"
        yield from _problems(sources, f"{folder}/organisation.yaml", organisation.name)
        for programme in organisation.programmes:
            # One that could not be read has no name.
            name = getattr(programme, "name", "")
            yield from _problems(sources, f"{folder}/{programme.id}/programme.yaml", name)


def _problems(sources: Sources, file: str, name: str) -> Iterator[Problem]:
    if name.isascii():
        return
    place = sources.of(file).place("name")
    if hidden := invisible(name):
        words = unicodedata.name(hidden, "no name").lower()
        says = f'the name "{name}" holds U+{ord(hidden):04X} ({words}), which nobody sees'
        yield Problem(place, "R520", says, "delete it; write the name anew where it was copied from elsewhere")
    if mixed := mixed_word(name):
        word, scripts = mixed
        letters = "".join(f"{letter} is {unicodedata.name(letter, 'unnamed')}; " for letter in _strange(word))
        says = f'the word "{word}" mixes letters of {" and ".join(sorted(script.capitalize() for script in scripts))}'
        yield Problem(place, "R521", says, f"{letters}write the word in letters of one script")


def _strange(word: str) -> list[str]:
    """The letters of the word beyond ASCII, the first three of them."""
    return [letter for letter in dict.fromkeys(word) if not letter.isascii()][:3]
