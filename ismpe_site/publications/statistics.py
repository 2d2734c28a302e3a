"""The register and the public reports in numbers: a page, and the same numbers as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from ismpe_site.artefact import Artefact
from ismpe_site.publications import addresses
from ismpe_site.publications.assessments import bar
from ismpe_site.publications.site import canonical_json, data_file, web_page
from ismpe_site.publications.tallies import (
    AwardFigures,
    CriterionFigures,
    EditionFigures,
    award_figures,
    rating_figures,
)
from ismpe_site.publications.views import Scheme
from ismpe_site.publications.withholding import LEAST, Cell, Fewer

Piece = tuple[int, str, str]


def publish(scheme: Scheme) -> Iterator[Artefact]:
    """``/register/statistics/``."""
    counted, specimens = real(scheme)
    awards, ratings = award_figures(counted), rating_figures(counted)
    yield web_page(
        "statistics",
        addresses.STATISTICS,
        scheme.site,
        as_of=scheme.as_of,
        least=LEAST,
        specimens=specimens,
        awards=awards,
        ratings=ratings,
        year_bars=_year_bars(awards),
        criterion_bar=criterion_bar,
        hundredths=hundredths,
    )
    data = {
        "as_of": scheme.as_of,
        "least": LEAST,
        "specimens": specimens,
        "awards": _award_data(awards),
        "ratings": [_edition_data(edition) for edition in ratings],
    }
    yield data_file(addresses.STATISTICS_JSON, canonical_json(data))


def real(scheme: Scheme) -> tuple[Scheme, bool]:
    """What is counted: the real organisations. Where none has an award, the invented ones, and that it is these."""
    invented = {organisation.id for organisation in scheme.organisations if organisation.specimen}
    awards = tuple(award for award in scheme.awards if award.organisation.id not in invented)
    if not awards:
        return scheme, bool(scheme.awards)
    ratings = tuple(one for one in scheme.ratings if one.programme.partition("/")[0] not in invented)
    return replace(scheme, awards=awards, ratings=ratings), False


def _year_bars(awards: AwardFigures) -> tuple[tuple[Piece, ...], ...]:
    """For each year its bar; the longest fills the width."""
    totals = [year.awards for year in awards.years if isinstance(year.awards, int)]
    return tuple(pieces(year.levels, Fraction(1, max(totals)), year.awards) for year in awards.years)


def pieces(cells: Sequence[Cell], unit: Fraction, whole: Cell) -> tuple[Piece, ...]:
    """The pieces of a bar 100 wide: (which cell, or -1 for all that are not shown, where it begins, how wide it is).

    ``unit`` is the share of the width that one programme takes, ``whole`` the sum of all cells.
    """
    shown = [(place, cell) for place, cell in enumerate(cells) if isinstance(cell, int)]
    rest = whole - sum(cell for _, cell in shown) if isinstance(whole, int) else 0
    found, before = [], 0
    for place, cell in (*shown, (-1, rest)):
        if cell:
            found.append((place, bar(before * unit, 100), bar(cell * unit, 100)))
        before += cell
    return tuple(found)


def criterion_bar(edition: EditionFigures, figures: CriterionFigures) -> tuple[Piece, ...]:
    """The bar of a criterion: all whom it applies to fill the width, or all, where how many that are is not shown."""
    spared = figures.spread.not_applicable
    told = any(isinstance(cell, int) and cell for cell in figures.spread.points)
    if not told or isinstance(edition.programmes, Fewer):
        return ()
    rated = edition.programmes - (spared if isinstance(spared, int) else 0)
    return pieces(figures.spread.points, Fraction(1, max(rated, 1)), rated)


def hundredths(mean: Fraction) -> str:
    """A mean with two decimals, rounded down."""
    whole = mean.numerator * 100 // mean.denominator
    return f"{whole // 100}.{whole % 100:02d}"


def _award_data(awards: AwardFigures) -> Mapping[str, object]:
    return {
        "total": _cell(awards.awards),
        "by_year": [
            {
                "year": year.year,
                "awards": _cell(year.awards),
                "levels": _cells(zip(awards.levels, year.levels, strict=True)),
            }
            for year in awards.years
        ],
        "by_state": _cells(awards.states),
        "by_sector": _cells(awards.sectors),
        "by_country": [{"country": code, "awards": _cell(cell)} for code, cell in awards.countries],
    }


def _edition_data(edition: EditionFigures) -> Mapping[str, object]:
    return {
        "edition": edition.edition,
        "programmes": _cell(edition.programmes),
        "criteria": [
            _criterion_data(edition.scale, figures) for _, _, criteria in edition.standards for figures in criteria
        ],
        "hardest": [figures.criterion.id for figures in edition.hardest],
    }


def _criterion_data(scale: tuple[int, ...], figures: CriterionFigures) -> Mapping[str, object]:
    spread = figures.spread
    return {
        "criterion": figures.criterion.id,
        "points": _cells(zip(map(str, scale), spread.points, strict=True)),
        "not_applicable": _cell(spread.not_applicable),
        "mean": None if spread.mean is None else str(spread.mean),
    }


def _cells(cells: Iterable[tuple[str, Cell]]) -> Mapping[str, object]:
    return {name: _cell(cell) for name, cell in cells}


def _cell(cell: Cell) -> object:
    return {"fewer_than": cell.than} if isinstance(cell, Fewer) else cell
