"""Long lists come in pages: everything once, in order, linked, and never too much for one page."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from ismpe_site.build.pages import read_page
from ismpe_site.project import Project
from ismpe_site.publications import addresses, register_page
from ismpe_site.publications.paging import PAGE, pages
from tests.conftest import ROOT
from tests.many_awards import many_awards, written

FUZZ = settings(max_examples=200, derandomize=True, deadline=None, database=None)
LISTS = {"register": addresses.register_page, "organisations": addresses.organisations_page}
COUNT = 2 * PAGE + 7


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("lists")
    list(written(many_awards(COUNT), where))
    return where


@FUZZ
@given(st.lists(st.integers(), max_size=40), st.integers(1, 12))
def test_pages_hold_everything_once_and_in_order(entries: list[int], size: int) -> None:
    found = list(pages(entries, addresses.register_page, size))
    assert [entry for _, of_page in found for entry in of_page] == entries
    assert all(len(of_page) <= size for _, of_page in found)
    assert [len(of_page) for _, of_page in found[:-1]] == [size] * (len(found) - 1)
    for number, (paging, of_page) in enumerate(found, 1):
        assert (paging.number, paging.total) == (number, len(entries))
        assert list(entries[paging.first - 1 : paging.last]) == list(of_page)
    assert found[-1][0].last == len(entries)
    assert found[0][0].before is None
    assert found[-1][0].after is None
    for (one, _), (next_one, _) in pairwise(found):
        assert (one.after, next_one.before) == (next_one.addresses[one.number], one.addresses[one.number - 1])


def test_no_page_of_the_list_can_be_an_organisation() -> None:
    import re

    from ismpe_site.model.scalars import LONGEST_NAME

    assert addresses.organisations_page(2) == "organisations/-/2/"
    assert not re.fullmatch(rf"(?=.{{1,{LONGEST_NAME}}}$)[a-z0-9]+(-[a-z0-9]+)*", "-")


def page_of(folder: Path, address: str) -> html.HtmlElement:
    return html.fromstring((folder / addresses.file_of(address)).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", LISTS)
def test_every_page_is_linked_from_every_other_and_in_the_sitemap(folder: Path, name: str) -> None:
    every = [LISTS[name](number) for number in (1, 2, 3)]
    sitemap = (folder / addresses.SITEMAP).read_text(encoding="utf-8")
    for address in every:
        assert f"<loc>https://ismpe.example/{address}</loc>" in sitemap
        path = addresses.file_of(address)
        linked = {file for file, _ in read_page(path, (folder / path).read_bytes()).links}
        assert linked >= {addresses.file_of(other) for other in every}
        tree = page_of(folder, address)
        assert tree.xpath('//nav[@class="pages"]//a[@aria-current="page"]/text()') == [str(every.index(address) + 1)]
        assert (f", page {every.index(address) + 1}" in tree.findtext(".//title")) == (address != every[0])
    assert not (folder / addresses.file_of(LISTS[name](4))).exists()


def shown(folder: Path, name: str, expression: str) -> list[Sequence[str]]:
    return [page_of(folder, LISTS[name](number)).xpath(expression) for number in (1, 2, 3)]


def test_the_register_lists_every_award_once_newest_first(folder: Path) -> None:
    rows = shown(folder, "register", '//table[@class="register"]/tbody/tr/@data-awarded')
    assert [len(of_page) for of_page in rows] == [PAGE, PAGE, 7]
    days = [day for of_page in rows for day in of_page]
    assert days == sorted(days, reverse=True)
    links = shown(folder, "register", '//td[@class="level"]/a/@href')
    where = [link.rpartition("assessments/")[2] for of_page in links for link in of_page]
    assert where == [addresses.file_of(f"{award.key}/") for award in many_awards(COUNT).awards]


def test_organisations_are_listed_once_and_their_initials_lead_to_the_first_of_each(folder: Path) -> None:
    names = shown(folder, "organisations", '//ul[@class="award-list"]/li//a/text()')
    assert [len(of_page) for of_page in names] == [PAGE, PAGE, 7]
    listed = [name for of_page in names for name in of_page]
    assert sorted(listed) == sorted(each.name for each in many_awards(COUNT).organisations)
    # É is an E with an accent.
    assert [name[0] for name in dict.fromkeys(name[0] for name in listed)] == list("ABCÉFGHIJLMO")
    for number in (1, 2, 3):
        address = addresses.organisations_page(number)
        path = addresses.file_of(address)
        initials = page_of(folder, address).xpath('//nav[@class="initials"]//a')
        assert [link.text for link in initials] == list("ABCEFGHIJLMO")
        links = read_page(path, (folder / path).read_bytes()).links
        jumps = [(file, place) for file, place in links if place.startswith("o-")]
        assert len(jumps) == len(initials)
        for file, place in jumps:
            assert place in read_page(file, (folder / file).read_bytes()).ids


def test_a_short_list_has_one_page_and_no_initials(tmp_path: Path) -> None:
    list(written(many_awards(9), tmp_path))
    for address in LISTS.values():
        assert page_of(tmp_path, address(1)).xpath('//nav[@class="pages" or @class="initials"]') == []
        assert not (tmp_path / addresses.file_of(address(2))).exists()


def test_no_page_is_heavy(folder: Path) -> None:
    assert max(path.stat().st_size for path in folder.rglob("*.html")) < 450_000


def test_what_the_filter_asks_for_stands_in_the_rows_whatever_the_language() -> None:
    """The values compared are not words: in French too each choice is met by a row."""
    scheme = many_awards(60)
    french = replace(scheme, site=replace(scheme.site, language="fr"))
    page = next(iter(register_page.publish(french)))
    made = page.render(page.inputs, Project.at(ROOT).theme())
    assert isinstance(made, bytes)
    tree = html.fromstring(made.decode())
    assert "Secteur public" in tree.xpath('//select[@name="sector"]/option/text()')
    for name in ("level", "state", "country", "sector", "edition"):
        asked = set(tree.xpath(f'//select[@name="{name}"]/option/@value')) - {""}
        assert asked == set(tree.xpath(f"//tbody/tr/@data-{name}")), name
    years = {day[:4] for day in tree.xpath("//tbody/tr/@data-awarded")}
    assert set(tree.xpath('//select[@name="year"]/option/@value')) - {""} == years
    columns = set(tree.xpath("//thead//@data-sort"))
    assert {value.lstrip("-") for value in tree.xpath('//select[@name="sort"]/option/@value')} == {"", *columns}
