"""The accredited assessors and the Advisory Board."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ismpe_site.artefact import Artefact
from ismpe_site.model import Person
from ismpe_site.publications import addresses
from ismpe_site.publications.site import web_page
from ismpe_site.publications.views import Scheme


def publish(scheme: Scheme) -> Iterator[Artefact]:
    """``/people/assessors/`` and ``/people/advisory-board/``: who is in office on the day."""
    accredited, coming, former = assessors(scheme)
    supervisory = tuple(p.id for p in scheme.people if p.supervisory and p.supervisory.includes(scheme.as_of))
    view: dict[str, Any] = {"accredited": accredited, "coming": coming, "former": former, "supervisory": supervisory}
    yield web_page("assessors", addresses.ASSESSORS, scheme.site, **view)
    yield web_page("advisory_board", addresses.ADVISORY_BOARD, scheme.site, seated=seated(scheme))


def assessors(scheme: Scheme) -> tuple[tuple[Person, ...], tuple[Person, ...], tuple[Person, ...]]:
    """The assessors accredited on the day, those who will be, and those who were."""
    day = scheme.as_of
    ever = tuple(p for p in scheme.people if p.accreditation)
    accredited = tuple(p for p in ever if p.accreditation and p.accreditation.includes(day))
    coming = tuple(p for p in ever if p.accreditation and p.accreditation.start > day)
    return accredited, coming, tuple(p for p in ever if p not in accredited + coming)


def seated(scheme: Scheme) -> tuple[Person, ...]:
    """The members of the Advisory Board on the day."""
    return tuple(p for p in scheme.people if p.advisory_board and p.advisory_board.term.includes(scheme.as_of))
