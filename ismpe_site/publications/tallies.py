"""Awards and ratings → counts, of which only what may be shown is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar, get_args

from ismpe_site.model import Criterion, Edition, Organisation
from ismpe_site.publications.ratings import points_of
from ismpe_site.publications.register_page import STATES, levels_in_order
from ismpe_site.publications.views import PublicAward, PublicRatings, Scheme
from ismpe_site.publications.withholding import Cell, Fewer, Spread, listed, row, spread, total

SECTORS: tuple[str, ...] = get_args(Organisation.model_fields["sector"].annotation)
HARDEST = 5

Key = TypeVar("Key", bound=Hashable)
Members = tuple[str, ...]


@dataclass(frozen=True)
class Year:
    """The awards of a year, or of all years that are not named (None); ``levels`` in the order of the table."""

    year: int | None
    awards: Cell
    levels: tuple[Cell, ...]


@dataclass(frozen=True)
class AwardFigures:
    """The register in numbers. Of countries without a name (None): all that are not named.

    Where there are too few programmes for anything, all but ``awards`` is empty.
    """

    awards: Cell
    levels: tuple[str, ...]
    years: tuple[Year, ...] = ()
    states: tuple[tuple[str, Cell], ...] = ()
    sectors: tuple[tuple[str, Cell], ...] = ()
    countries: tuple[tuple[str | None, Cell], ...] = ()


@dataclass(frozen=True)
class CriterionFigures:
    """One criterion: how it was rated."""

    criterion: Criterion
    spread: Spread


@dataclass(frozen=True)
class EditionFigures:
    """How programmes were rated against an edition: one latest report each.

    ``standards`` is (number, title, criteria) of each core standard; ``hardest``: those with the lowest means.
    """

    edition: str
    title: str
    scale: tuple[int, ...]
    programmes: Cell
    standards: tuple[tuple[int, str, tuple[CriterionFigures, ...]], ...] = ()
    hardest: tuple[CriterionFigures, ...] = ()


def award_figures(scheme: Scheme) -> AwardFigures:
    """The awards of the register, all of which are public."""
    awards, levels = scheme.awards, levels_in_order(scheme.editions)
    everybody = tuple(map(_programme, awards))
    if isinstance(total(everybody), Fewer) or not awards:
        return AwardFigures(total(everybody), levels)
    of_countries = _grouped(awards, lambda award: award.organisation.country)
    countries, elsewhere = listed(of_countries)
    named = sorted(countries, key=lambda code: (-len(of_countries[code]), code))
    return AwardFigures(
        total(everybody),
        levels,
        years=_years(awards, levels),
        states=_fixed(awards, STATES, lambda award: award.state),
        sectors=_fixed(awards, SECTORS, lambda award: award.organisation.sector),
        countries=(
            *((code, total(of_countries[code])) for code in named),
            *(((None, total(elsewhere)),) if elsewhere else ()),
        ),
    )


def _years(awards: Sequence[PublicAward], levels: tuple[str, ...]) -> tuple[Year, ...]:
    """Newest first; then the years that are not named, together."""
    named, _ = listed(_grouped(awards, lambda award: award.awarded.year))

    def year(award: PublicAward) -> int | None:
        return award.awarded.year if award.awarded.year in named else None

    of_years: dict[int | None, list[PublicAward]] = {each: [] for each in (*sorted(named, reverse=True), None)}
    for award in awards:
        of_years[year(award)].append(award)
    return tuple(
        Year(each, total(tuple(map(_programme, found))), tuple(cell for _, cell in _fixed(found, levels, _level)))
        for each, found in of_years.items()
        if found
    )


def _fixed(
    awards: Iterable[PublicAward], names: tuple[str, ...], name: Callable[[PublicAward], str]
) -> tuple[tuple[str, Cell], ...]:
    """The awards of each of ``names``: all there can be."""
    found = _grouped(awards, name)
    return tuple(zip(names, row([found.get(each, ()) for each in names]), strict=True))


def _grouped(awards: Iterable[PublicAward], key: Callable[[PublicAward], Key]) -> Mapping[Key, Members]:
    """The programme of each award, by what ``key`` says of it."""
    found: dict[Key, list[str]] = {}
    for award in awards:
        found.setdefault(key(award), []).append(_programme(award))
    return {each: tuple(members) for each, members in found.items()}


def _programme(award: PublicAward) -> str:
    return f"{award.organisation.id}/{award.programme.id}"


def _level(award: PublicAward) -> str:
    return award.level


def rating_figures(scheme: Scheme) -> tuple[EditionFigures, ...]:
    """Of each edition against which a public report was made."""
    found = ((edition, [r for r in scheme.ratings if r.edition == edition.id]) for edition in scheme.editions)
    return tuple(_edition(edition, ratings) for edition, ratings in found if ratings)


def _edition(edition: Edition, ratings: Sequence[PublicRatings]) -> EditionFigures:
    scale = tuple(point.value for point in edition.rating_scale)
    programmes = total([rating.programme for rating in ratings])
    if isinstance(programmes, Fewer):
        return EditionFigures(edition.id, edition.short_title, scale, programmes)
    columns = zip(*(points_of(rating) for rating in ratings), strict=True)
    figures = {
        criterion.id: CriterionFigures(criterion, _spread(scale, column))
        for criterion, column in zip(edition.criteria(), columns, strict=True)
    }
    told = [each for each in figures.values() if each.spread.mean is not None]
    return EditionFigures(
        edition.id,
        edition.short_title,
        scale,
        programmes,
        standards=tuple(
            (standard.number, standard.title, tuple(figures[criterion.id] for criterion in standard.criteria))
            for standard in edition.core_standards
        ),
        hardest=tuple(sorted(told, key=lambda each: each.spread.mean or Fraction(0))[:HARDEST]),
    )


def _spread(scale: tuple[int, ...], points: Sequence[int | None]) -> Spread:
    counts = Counter(points)
    return spread(scale, tuple(counts[point] for point in scale), counts[None])
