"""The words that stand for each picture, compared with the data the picture was drawn from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from lxml import etree, html

from ismpe_site.content.issued import load_issued
from ismpe_site.language import day
from tests.conftest import ROOT, BuiltSite

SVG = "{http://www.w3.org/2000/svg}"
STYLES = ("light", "dark", "mono")
EDITIONS = {"2003": "ISMPE 2003"}
NEEDS = ("each_core_standard_required", "overall_required")


@pytest.fixture(scope="module")
def awards(site: BuiltSite) -> dict[str, dict[str, Any]]:
    """Key → the award's row of the register, where it is in force."""
    rows = json.loads(site.read("register/register.json"))["awards"]
    return {row["assessment"]: row for row in rows if row["state"] == "active"}


def in_words(row: dict[str, Any]) -> str:
    """The award as its badge and its card have to say it."""
    end = day(date.fromisoformat(row["valid_until"]))
    return (
        f"ISMPE {row['level']} award, {row['organisation']}, {row['programme']}, assessed against "
        f"{EDITIONS[row['edition']]}, valid to {end} ({'specimen' if row['specimen'] else 'not issued'})"
    )


ISSUED = {one.issued.assessment: one.number for one in load_issued(ROOT / "content").ledger.certificates()}
NOT_ISSUED = "larkhaven-rail/women-in-operations/2025-09"


def test_badges_on_disk_on_pages_and_in_embed_codes(site: BuiltSite, awards: dict[str, dict[str, Any]]) -> None:
    assert len(awards) == 4
    for key, row in awards.items():
        folder = f"assessments/{key}"
        for style in STYLES:
            badge = etree.fromstring(site.read(f"{folder}/badge-{style}.svg").encode())
            assert badge.findtext(f"{SVG}title") == f"ISMPE {row['level']} award"
            assert badge.findtext(f"{SVG}desc") == in_words(row)
        page = html.fromstring(site.read(f"{folder}/index.html"))
        shown = page.xpath("//div[@class='badges']//img")
        # Of what is issued the page of the certificate hands out the rest.
        handed_out = STYLES if key == NOT_ISSUED else ("light",)
        assert [image.get("src") for image in shown] == [f"badge-{style}.svg" for style in handed_out]
        assert {image.get("alt") for image in shown} == {in_words(row)}
        if key != NOT_ISSUED:
            page = html.fromstring(site.read(f"certificates/{ISSUED[key]}/index.html"))
            kit = page.xpath("//div[@class='badges']//img")
            # Its own page is asked for by its number, so the number is in the words.
            words, _, mark = in_words(row).rpartition(" (")
            assert {image.get("alt") for image in kit} == {f"{words}, certificate {ISSUED[key]} ({mark}"}
            assert len(kit) == len(STYLES)
        code = html.fragment_fromstring(page.xpath("//pre/code[contains(., '<img')]")[0].text_content())
        said = page.xpath("//div[@class='badges']//img/@alt")[0]
        assert code.find("img").get("alt") == said  # type: ignore[union-attr]


def test_cards_beside_links(site: BuiltSite, awards: dict[str, dict[str, Any]]) -> None:
    for key, row in awards.items():
        page = html.fromstring(site.read(f"assessments/{key}/index.html"))
        said = {meta.get("property"): meta.get("content") for meta in page.xpath("//head/meta[@property]")}
        assert said["og:image"] == f"https://ismpe.example/assessments/{key}/card.png"
        assert said["og:image:alt"] == in_words(row)


def test_medals_have_a_title_and_on_pages_the_level_stands_beside_them(site: BuiltSite) -> None:
    for medal in sorted(site.public.glob("medals/*/*.svg")):
        assert etree.fromstring(medal.read_bytes()).findtext(f"{SVG}title") == f"{medal.stem.capitalize()} award"
    seen = 0
    for page in site.pages():
        for image in html.fromstring(page.read_bytes()).xpath("//img[contains(@class, 'medal')]"):
            level = image.get("src").rpartition("/")[2].removesuffix(".svg")
            assert image.get("alt") == "", page
            beside = image.getparent().text_content() or image.getparent().getnext().text_content()
            assert level in beside.casefold(), (page, level)
            seen += 1
    assert seen > 20


def test_other_pictures_on_pages_have_words_or_are_hidden(site: BuiltSite) -> None:
    """An image without words is one whose words stand beside it; a drawing in a page is hidden from readers."""
    for page in site.pages():
        tree = html.fromstring(page.read_bytes())
        for image in tree.iter("img"):
            assert image.get("alt") is not None, page
            decorative = image.get("class") in ("logo", "medal")
            assert (image.get("alt") == "") is decorative, (page, image.get("src"))
        assert {drawing.get("aria-hidden") for drawing in tree.iter("svg")} <= {"true"}, page


def reports(site: BuiltSite) -> Iterator[tuple[dict[str, Any], html.HtmlElement]]:
    """Every report's data and page."""
    for report in sorted(site.public.glob("assessments/*/*/*/result.json")):
        yield json.loads(report.read_bytes()), html.fromstring(report.with_name("index.html").read_bytes())


def bar(row: html.HtmlElement, kind: str, side: str = "width") -> list[str]:
    """The lengths (or places) of the parts of this kind of the bar in a row."""
    return [str(value) for value in row.xpath(f".//*[local-name()='svg']//*[@class='{kind}']/@{side}")]


def test_the_bars_of_a_report_are_as_long_as_its_scores_say_and_the_scores_stand_beside_them(site: BuiltSite) -> None:
    compared = 0
    for result, page in reports(site):
        (table,) = page.xpath("//section[@aria-labelledby='scores']//table")
        rows = [*table.xpath("tbody/tr"), *table.xpath("tfoot/tr")]
        ticks = [{Fraction(level[need]) for level in result["levels"]} for need in NEEDS]
        for score, row in zip([*result["core_standards"], result["overall"]], rows, strict=True):
            if score["percent"] is None:
                assert bar(row, "fill") == []
                continue
            assert bar(row, "fill") == [score["percent"]]
            assert {Fraction(place) for place in bar(row, "tick", "x")} == ticks[row.getparent().tag == "tfoot"]
            assert f"{score['percent']} %" in row.text_content()
            compared += 1
        caption = table.findtext("caption") or ""
        assert [need for needs in ticks for need in needs if f"{need} %" not in caption] == []
    assert compared > 40


def test_the_bars_of_a_comparison_are_those_of_the_numbers_beside_them(site: BuiltSite) -> None:
    compared = 0
    for _, page in reports(site):
        for row in page.xpath("//table[contains(@class, 'compare')]//tr[td]"):
            then, now = (cell.text_content().strip().removesuffix(" %") for cell in row.xpath("td")[:2])
            assert bar(row, "fill") == [now]
            assert bar(row, "then") in ([then], [])
            compared += bar(row, "then") == [then]
    assert compared >= 7


def test_the_picture_of_a_rating_is_that_of_the_points_beside_it(site: BuiltSite) -> None:
    compared = 0
    for _, page in reports(site):
        for use in page.iter("use"):
            points = use.get("href").removeprefix("#r")
            (symbol,) = page.xpath(f"//*[local-name()='symbol'][@id='r{points}']")
            assert len(symbol.xpath("*[@class='cell-full']")) == int(points)
            assert use.getparent().getparent().text_content().split()[0] == points
            compared += 1
    assert compared > 300


def test_the_bars_of_the_statistics_are_parts_of_the_numbers_beside_them(site: BuiltSite) -> None:
    """Where all numbers of a row are told. What is withheld is drawn as one piece, which says nothing of its parts."""
    page = html.fromstring(site.read("register/statistics/index.html"))
    compared = 0
    for row in page.xpath("//tr[td[@class='bar-cell']]"):
        pieces = row.xpath(".//*[local-name()='svg'][@class='bar pieces']/*")
        told = [cell.text_content() for cell in row.xpath("td[@class='n']")]
        widths = [float(piece.get("width")) for piece in pieces]
        assert sum(widths) <= 100.05
        if not row.find_class("withheld") and not row.find_class("fewer"):
            numbers = [int(text) for text in told if text.isdigit()]
            whole = sum(numbers)
            shares = [number * 100 / whole for number in numbers if number]
            assert widths[: len(shares)] == pytest.approx(shares[: len(widths)], abs=0.15), told
            compared += 1
    assert compared
