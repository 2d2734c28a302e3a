"""The register and the public reports in numbers: counted rightly, and from nothing that is private."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from lxml import html

from ismpe_site.model import Assessment, Catalogue, Organisation, Rating
from ismpe_site.project import Project
from ismpe_site.publications import addresses, scheme_of
from ismpe_site.publications.outline import Outline, outlines_of, scheme_of_all
from ismpe_site.publications.ratings import points_of
from ismpe_site.publications.tallies import award_figures, rating_figures
from ismpe_site.publications.views import Scheme
from ismpe_site.publications.withholding import Fewer
from ismpe_site.scoring.register import register
from tests.conftest import AS_OF, ROOT
from tests.many_awards import commons, many_awards, outline
from tests.whole import planned

PAGE, DATA = f"{addresses.STATISTICS}index.html", addresses.STATISTICS_JSON
PRIVATE, PUBLIC = "northmarrow-insurance", "quillmere-health-partnership"


def scheme(catalogue: Catalogue, as_of: date = AS_OF) -> Scheme:
    return scheme_of(catalogue, register(catalogue, as_of), Project.at(ROOT).site())


def changed(catalogue: Catalogue, organisation: str, change: Callable[[Assessment], Assessment]) -> Catalogue:
    """The catalogue with every assessment of an organisation changed."""

    def mended(one: Organisation) -> Organisation:
        programmes = tuple(
            programme.model_copy(update={"assessments": tuple(map(change, programme.assessments))})
            for programme in one.programmes
        )
        return one.model_copy(update={"programmes": programmes})

    organisations = tuple(mended(one) if one.id == organisation else one for one in catalogue.organisations)
    return catalogue.model_copy(update={"organisations": organisations})


def turned(assessment: Assessment) -> Assessment:
    """The ratings of each core standard dealt out anew: its score, and the award, stay what they were."""
    points: dict[str, list[int | None]] = {}
    for criterion, answer in assessment.ratings.items():
        points.setdefault(criterion.split(".")[0], []).append(answer.rating)
    dealt = {number: iter(sorted(p for p in found if p is not None)) for number, found in points.items()}
    ratings = {
        criterion: answer if answer.rating is None else Rating(rating=next(dealt[criterion.split(".")[0]]))
        for criterion, answer in assessment.ratings.items()
    }
    return assessment.model_copy(update={"ratings": ratings})


def statistics(catalogue: Catalogue) -> tuple[bytes, ...]:
    """The page and the data."""
    project = Project.at(ROOT)
    theme = project.theme()
    artefacts = planned(catalogue, AS_OF, project.site(), theme)
    return tuple(bytes(artefacts[path].render(artefacts[path].inputs, theme)) for path in (PAGE, DATA))


def test_the_ratings_of_a_private_report_move_no_byte(catalogue: Catalogue) -> None:
    before = statistics(catalogue)
    other = changed(catalogue, PRIVATE, turned)
    assert other != catalogue
    assert [a.level for a in scheme(other).awards] == [a.level for a in scheme(catalogue).awards]
    assert statistics(other) == before
    # The same change of a public report is seen.
    assert statistics(changed(catalogue, PUBLIC, turned)) != before


def test_a_private_report_takes_the_place_of_no_public_one(catalogue: Catalogue) -> None:
    """The earlier report of a programme counts where the later is private; a later public one counts instead."""

    def hidden(assessment: Assessment) -> Assessment:
        return assessment.model_copy(update={"visibility": "private"}) if assessment.id == "2025-06" else assessment

    def counted(found: Scheme) -> tuple[int | None, ...]:
        (ratings,) = (r for r in found.ratings if r.programme == "aldermoss-college/early-career-lecturers")
        return points_of(ratings)

    reports = {report.key[-7:]: report for report in scheme(catalogue).reports if "aldermoss" in report.key}
    given = {
        name: tuple(answer.points for _, answers in report.answers for answer in answers)
        for name, report in reports.items()
    }
    assert given["2022-05"] != given["2025-06"]
    assert counted(scheme(catalogue)) == given["2025-06"]
    assert counted(scheme(changed(catalogue, "aldermoss-college", hidden))) == given["2022-05"]


def test_only_reviewed_public_reports_count_each_programme_once(catalogue: Catalogue) -> None:
    programmes = [ratings.programme for ratings in scheme(catalogue).ratings]
    assert programmes == [
        "aldermoss-college/early-career-lecturers",
        "corrievale-council/graduate-trainees",
        "kestrelwyn-engineering/apprentices",
        "larkhaven-rail/women-in-operations",
        "quillmere-health-partnership/new-managers",
    ]
    # Before its report a draft, and after it a report: counted from its day.
    early = scheme(catalogue, date(2025, 4, 1))
    assert "quillmere-health-partnership/new-managers" not in [ratings.programme for ratings in early.ratings]


def test_outlines_carry_the_ratings_there_and_back(catalogue: Catalogue) -> None:
    whole = scheme(catalogue)
    outlines = list(outlines_of(whole))
    back = [Outline.from_json(json.loads(json.dumps(each.as_json()))) for each in outlines]
    assert back == outlines
    assert scheme_of_all(replace(whole, organisations=(), awards=(), ratings=()), back).ratings == whole.ratings
    # Ten thousand of them stay small.
    assert all(len(ratings.points) < 2 * 57 for ratings in whole.ratings)


# -- counted by other means --


@pytest.fixture(scope="module")
def many() -> Scheme:
    return many_awards(700)


def test_awards_are_counted_by_year_and_level_state_sector_and_country(many: Scheme) -> None:
    figures = award_figures(many)
    years = Counter(award.awarded.year for award in many.awards)
    assert figures.awards == len(many.awards)
    assert figures.levels == ("bronze", "silver", "gold")
    assert [(year.year, year.awards) for year in figures.years] == sorted(years.items(), reverse=True)
    for year in figures.years:
        found = Counter(award.level for award in many.awards if award.awarded.year == year.year)
        assert year.levels == tuple(found[level] for level in figures.levels)
    assert dict(figures.states) == Counter(award.state for award in many.awards)
    assert dict(figures.sectors) == Counter(award.organisation.sector for award in many.awards)
    assert dict(figures.countries) == Counter(award.organisation.country for award in many.awards)


def test_ratings_are_counted_by_criterion_and_the_hardest_have_the_lowest_means(many: Scheme) -> None:
    (figures,) = rating_figures(many)
    assert (figures.edition, figures.programmes) == ("2003", 700)
    columns = list(zip(*(ratings.points.split() for ratings in many.ratings), strict=True))
    means = []
    criteria = [each for _, _, of_standard in figures.standards for each in of_standard]
    for each, column in zip(criteria, columns, strict=True):
        found = Counter(map(int, column))
        assert each.spread.mean is not None
        assert each.spread.mean == Fraction(sum(map(int, column)), 700)
        assert [cell for cell in each.spread.points if isinstance(cell, Fewer)] or each.spread.points == tuple(
            found[point] for point in range(5)
        )
        means.append((each.spread.mean, len(means), each.criterion.id))
    assert [each.criterion.id for each in figures.hardest] == [name for _, _, name in sorted(means)[:5]]


@pytest.mark.parametrize(("count", "told"), [(0, False), (4, False), (5, True)])
def test_nothing_is_counted_from_fewer_than_five_programmes(count: int, told: bool) -> None:
    few = many_awards(count)
    awards, ratings = award_figures(few), rating_figures(few)
    assert bool(awards.states) is told
    assert awards.awards == (count if told or not count else Fewer(5))
    assert [bool(each.standards) for each in ratings] == ([told] if count else [])


def test_five_awards_of_four_programmes_are_few() -> None:
    first = outline(0)
    again = replace(first.awards[0], key="org-0/starters/2019-01", awarded=date(2019, 1, 2))
    renewed = replace(first, awards=(*first.awards, again))
    figures = award_figures(scheme_of_all(commons(), (renewed, outline(1), outline(2), outline(3))))
    assert figures.awards == Fewer(5)


# -- as published --


def numbers(data: Any) -> list[int]:
    if isinstance(data, dict):
        return [
            n
            for key, value in data.items()
            if key not in ("year", "least", "fewer_than", "specimens")
            for n in numbers(value)
        ]
    if isinstance(data, list):
        return [n for value in data for n in numbers(value)]
    return [data] if isinstance(data, int) else []


def test_real_organisations_are_counted_alone_and_invented_ones_are_called_so(catalogue: Catalogue) -> None:
    """The organisations that come with the project are all invented: six awards, five public reports."""
    page, data = statistics(catalogue)
    assert json.loads(data)["specimens"] is True
    assert "these numbers are of invented ones" in page.decode()
    assert json.loads(data)["awards"]["total"] == 6
    real = tuple(
        one.model_copy(update={"specimen": False}) if one.id == PUBLIC else one for one in catalogue.organisations
    )
    page, data = statistics(catalogue.model_copy(update={"organisations": real}))
    assert json.loads(data)["specimens"] is False
    assert "invented ones" not in page.decode()
    assert json.loads(data)["awards"]["total"] == {"fewer_than": 5}


@pytest.mark.parametrize("count", [0, 3, 6, 40, 400])
def test_page_and_data_say_the_same_and_no_number_below_five(count: int) -> None:
    from ismpe_site.publications.statistics import publish

    theme = Project.at(ROOT).theme()
    page, data = (artefact.render(artefact.inputs, theme) for artefact in publish(many_awards(count)))
    assert isinstance(page, bytes)
    assert isinstance(data, bytes)
    found = json.loads(data)
    assert [number for number in numbers(found) if 0 < number < 5] == []
    tree = html.fromstring(page.decode())
    said = {}
    for row in tree.xpath('//table[contains(@class, "spreads")]/tbody/tr'):
        cells = [" ".join(cell.text_content().split()) for cell in row.xpath("./td")]
        said[row.xpath('string(.//a[@class="num"])')] = cells
    for edition in found["ratings"]:
        for criterion in edition["criteria"]:
            points = [criterion["points"][point] for point in "01234"]
            if criterion["mean"] is None and not any(isinstance(point, int) for point in points):
                assert criterion["criterion"] not in said
                continue
            cells = said.pop(criterion["criterion"])
            assert cells[:5] == [in_words(point) for point in points]
            mean = Fraction(criterion["mean"]) if criterion["mean"] else None
            assert mean is None or cells[-2].startswith(f"{mean.numerator * 100 // mean.denominator / 100:.2f}")
    assert said == {}


def in_words(cell: Any) -> str:
    if isinstance(cell, int):
        return str(cell)
    return f"fewer than {cell['fewer_than']}" if cell["fewer_than"] else "–not shown"


def test_the_bars_are_as_long_as_their_numbers() -> None:
    from ismpe_site.publications.statistics import pieces

    assert pieces((10, 0, 30), Fraction(1, 40), 40) == ((0, "0.0", "25.0"), (2, "25.0", "75.0"))
    assert pieces((Fewer(5), 30), Fraction(1, 40), 40) == ((1, "0.0", "75.0"), (-1, "75.0", "25.0"))
