"""The home page: what the standard is, its core standards, its awards, the latest of them."""

from __future__ import annotations

from collections.abc import Iterator

from ismpe_site.artefact import Artefact
from ismpe_site.publications import addresses
from ismpe_site.publications.scheme import levels_of
from ismpe_site.publications.site import web_page
from ismpe_site.publications.views import Scheme

LATEST = 4


def publish(scheme: Scheme) -> Iterator[Artefact]:
    """``/``."""
    latest = [award for award in scheme.awards if award.state == "active"][:LATEST]
    yield web_page(
        "home", addresses.HOME, scheme.site, edition=scheme.current, levels=levels_of(scheme.current), latest=latest
    )
