"""(Catalogue, Register, site) → every Artefact of the public website, in the order of their paths."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ismpe_site.artefact import Artefact
from ismpe_site.model import Catalogue
from ismpe_site.publications import (
    assessments,
    assets,
    badges,
    certificates,
    home,
    operations,
    organisations,
    pages,
    people,
    register_page,
    standard,
)
from ismpe_site.publications.scheme import scheme_of
from ismpe_site.publications.site import Site
from ismpe_site.publications.views import Scheme
from ismpe_site.results import Register
from ismpe_site.theme import Theme

Publication = Callable[[Scheme], Iterable[Artefact]]

PUBLICATIONS: tuple[Publication, ...] = (
    home.publish,
    standard.publish,
    pages.publish,
    people.publish,
    organisations.publish,
    assessments.publish,
    certificates.publish,
    badges.publish,
    register_page.publish,
)


class CollisionError(Exception):
    """Two things want the same path, or paths that differ only in capitals; the message names them."""


def plan(catalogue: Catalogue, register: Register, site: Site, theme: Theme) -> tuple[Artefact, ...]:
    """Every file of the public website. Raises CollisionError where two would share a path."""
    scheme = scheme_of(catalogue, register, site)
    artefacts = [artefact for publication in PUBLICATIONS for artefact in publication(scheme)]
    artefacts += assets.publish(theme)
    artefacts += operations.publish(scheme, tuple(artefact.path for artefact in artefacts))
    taken: dict[str, str] = {}
    for artefact in artefacts:
        key = artefact.path.casefold()
        if key in taken:
            raise CollisionError(f"two files want one path: {taken[key]} and {artefact.path}")
        taken[key] = artefact.path
    return tuple(sorted(artefacts, key=lambda artefact: artefact.path))
