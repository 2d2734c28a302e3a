"""Everything of the content folder, loaded and checked."""

from __future__ import annotations

from ismpe_site.model.assessments import Organisation
from ismpe_site.model.certificates import Certificate
from ismpe_site.model.documents import Page
from ismpe_site.model.people import Person
from ismpe_site.model.scalars import Value
from ismpe_site.model.standard import Edition
from ismpe_site.model.translations import Translation


class Catalogue(Value):
    """Everything in content/, loaded and checked."""

    editions: tuple[Edition, ...]
    people: tuple[Person, ...]
    organisations: tuple[Organisation, ...]
    pages: tuple[Page, ...]
    translations: tuple[Translation, ...] = ()
    certificates: tuple[Certificate, ...] = ()

    def edition(self, edition_id: str) -> Edition:
        """The edition with this id."""
        return next(edition for edition in self.editions if edition.id == edition_id)
