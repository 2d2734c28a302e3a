"""The register of awards: pages, JSON and CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import get_args

from ismpe_site.artefact import Artefact
from ismpe_site.language import country
from ismpe_site.model import Edition
from ismpe_site.publications import addresses
from ismpe_site.publications.certificates import AWARD_FIELDS, award_data
from ismpe_site.publications.paging import pages
from ismpe_site.publications.site import canonical_json, data_file, plain_data, web_page
from ismpe_site.publications.tables import csv_bytes
from ismpe_site.publications.views import Scheme, alphabetical
from ismpe_site.results import State

STATES: tuple[str, ...] = get_args(State)


@dataclass(frozen=True)
class Choices:
    """What the register can be filtered by: what its awards have, in the order in which it is sorted too.

    ``countries`` and ``editions`` are (code, name).
    """

    levels: tuple[str, ...]
    states: tuple[str, ...]
    countries: tuple[tuple[str, str], ...]
    sectors: tuple[str, ...]
    editions: tuple[tuple[str, str], ...]
    years: tuple[int, ...]


def publish(scheme: Scheme) -> Iterator[Artefact]:
    """``/register/``."""
    choices = choices_of(scheme)
    for paging, awards in pages(scheme.awards, addresses.register_page):
        address = addresses.register_page(paging.number)
        yield web_page(
            "register", address, scheme.site, as_of=scheme.as_of, awards=awards, paging=paging, choices=choices
        )
    rows = [award_data(award) for award in scheme.awards]
    yield data_file(addresses.REGISTER_JSON, canonical_json({"as_of": scheme.as_of, "awards": rows}))
    yield data_file(
        addresses.REGISTER_CSV, csv_bytes(AWARD_FIELDS, ([_text(value) for value in row.values()] for row in rows))
    )


def choices_of(scheme: Scheme) -> Choices:
    """What the awards of ``scheme`` have."""
    awards = scheme.awards
    editions = {award.edition for award in awards}
    countries = {award.organisation.country for award in awards}
    named = ((code, country(code, scheme.site.language)) for code in countries)
    return Choices(
        levels=_there(levels_in_order(scheme.editions), (award.level for award in awards)),
        states=_there(STATES, (award.state for award in awards)),
        countries=tuple(sorted(named, key=lambda pair: alphabetical(pair[1]))),
        sectors=tuple(sorted({award.organisation.sector for award in awards})),
        editions=tuple((e.id, e.short_title) for e in reversed(scheme.editions) if e.id in editions),
        years=tuple(sorted({award.awarded.year for award in awards}, reverse=True)),
    )


def levels_in_order(editions: Iterable[Edition]) -> tuple[str, ...]:
    """The levels of all editions, lowest first."""
    return tuple(dict.fromkeys(level.level for edition in editions for level in edition.awards))


def _there(order: Iterable[str], found: Iterable[str]) -> tuple[str, ...]:
    there = set(found)
    return tuple(name for name in order if name in there)


def _text(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain_data(value)
