"""Badges and medals: what they say, that the words fit, and that they look the same everywhere."""

from dataclasses import replace
from datetime import date

import pytest
from lxml import etree

from ismpe_site.publications.badges import STYLES, BadgeInputs, Medal, MedalInputs, render_badge, render_medal
from ismpe_site.publications.lettering import LetterError, _turned, fitted, outline
from ismpe_site.theme import Theme
from ismpe_site.theme_folder import load_theme
from tests.conftest import ROOT, BuiltSite

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def theme() -> Theme:
    return load_theme(ROOT / "themes/ismpe")


def badge(
    organisation: str = "Larkhaven Rail", style: str = "light", mark: str = "specimen", level: str = "bronze"
) -> BadgeInputs:
    medal = Medal(level, 1)
    return BadgeInputs(
        style, "ISMPE", medal, organisation, "Women in Operations", "ISMPE 2003", date(2028, 10, 20), mark, "en"
    )


def test_the_text_says_level_holder_programme_edition_end_and_mark(theme: Theme) -> None:
    assert etree.fromstring(render_badge(badge(), theme)).findtext(f"{SVG}desc") == (
        "ISMPE bronze award, Larkhaven Rail, Women in Operations, assessed against ISMPE 2003, "
        "valid to 20 October 2028 (specimen)"
    )


@pytest.mark.parametrize("style", STYLES)
def test_a_badge_is_a_picture_with_title_and_description_and_nothing_foreign(theme: Theme, style: str) -> None:
    root = etree.fromstring(render_badge(badge(style=style), theme))
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "ISMPE bronze award"
    assert root.findtext(f"{SVG}desc")
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "rect", "g", "path", "circle"}
    assert not [name for element in root.iter() for name in element.attrib if "href" in name or name.startswith("on")]


def test_a_badge_and_a_medal_speak_the_language_of_the_site(theme: Theme) -> None:
    catalogue = """
msgctxt "word"
msgid "bronze"
msgstr "Bronze"

msgctxt "word"
msgid "specimen"
msgstr "Muster"

msgid "%(level)s award"
msgstr "Auszeichnung in %(level)s"

msgid "%(scheme)s %(level)s award"
msgstr "%(scheme)s-Auszeichnung in %(level)s"

msgid ""
"%(scheme)s %(level)s award, %(organisation)s, %(programme)s, assessed against %(edition)s, valid to %(day)s (%(mark)s)"
msgstr "%(organisation)s: %(level)s nach %(edition)s, gültig bis %(day)s (%(mark)s)"
"""
    german = replace(theme, words={"de": catalogue}, digest="german")
    inputs = replace(badge("Brook's <B> & Co."), language="de")
    root = etree.fromstring(render_badge(inputs, german))
    assert root.findtext(f"{SVG}title") == "ISMPE-Auszeichnung in Bronze"
    said = root.findtext(f"{SVG}desc")
    assert said == "Brook's <B> & Co.: Bronze nach ISMPE 2003, gültig bis 20. Oktober 2028 (Muster)"
    english = etree.fromstring(render_badge(inputs, theme))
    marks = [drawing.findall(f"{SVG}g/{SVG}path")[-1].get("d", "") for drawing in (root, english)]
    assert len(marks[0]) < len(marks[1])
    medal = etree.fromstring(render_medal(MedalInputs(Medal("bronze", 1), "de"), german))
    assert medal.findtext(f"{SVG}title") == "Auszeichnung in Bronze"


def test_a_higher_rank_carries_more_pips(theme: Theme) -> None:
    circles = [
        len(etree.fromstring(render_medal(MedalInputs(Medal(level, rank), "en"), theme)).findall(f".//{SVG}circle"))
        for rank, level in enumerate(("bronze", "silver", "gold"), 1)
    ]
    assert circles[1] == circles[0] + 1
    assert circles[2] == circles[1] + 1


@pytest.mark.parametrize(
    "name",
    [
        "X",
        "The Association of Associations of Very Long Names in Mentoring and Employment of the Northern Provinces",
        "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikantenverband",
        "Ångström & <Søn> “Œuvre”",
        "شركة ABC للتأمين (السعودية) 2020",
        "no\ufffech\uffffaracters",
    ],
)
def test_any_name_fits_into_two_lines(theme: Theme, name: str) -> None:
    if name.isprintable():
        lines = fitted(theme.lettering["strong"], name, 16, 250, lines=2)
        assert 1 <= len(lines) <= 2
        assert all(line.width <= 250 for line in lines)
    etree.fromstring(render_badge(badge(name), theme))


@pytest.mark.parametrize("level", ["bronze", "platinum with honours", "platinum with the very highest of distinctions"])
def test_any_level_fits_beside_the_mark(theme: Theme, level: str) -> None:
    """The level's lines stand at 142 and the mark's box begins left of 340."""
    from fontTools.svgLib.path import parse_path

    root = etree.fromstring(render_badge(badge(level=level, mark="not issued"), theme))
    box = root.findall(f"{SVG}g")[-1].get("transform", "")
    left = float(box.removeprefix("translate(").split()[0])
    places = []
    for path in root.findall(f"{SVG}path"):
        move, scale = path.get("transform", "").split(") scale(")
        x, y = (float(number) for number in move.removeprefix("translate(").split())
        if 29 < y <= 63:
            pen = _Right()
            parse_path(path.get("d"), pen)
            places.append(x + pen.right * float(scale.rstrip(")")))
    assert 1 <= len(places) <= 2
    assert max(places) < left


class _Right:
    """A pen that remembers how far to the right it was."""

    right = 0.0

    def moveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802  # the pen protocol's names
        self.right = max(self.right, *(x for x, _ in points), 0)

    lineTo = qCurveTo = curveTo = moveTo  # noqa: N815

    def closePath(self) -> None:  # noqa: N802
        pass

    endPath = closePath  # noqa: N815


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Larkhaven Rail", ["Larkhaven Rail"]),
        ("ABC (שלום) 12", ["ABC (", "<שלום", ") 12"]),
        ("שלום ABC (x) 12", ["ABC (x) 12", "<שלום "]),
        ("شركة ABC (x) 2020", ["ABC (x) 2020", "<شركة "]),
        (
            "شركة ABC للتأمين (السعودية) 2020",
            ["2020", "< للتأمين (السعودية) ", "ABC", "<شركة "],
        ),
    ],
)
def test_parts_of_a_line_stand_in_the_order_in_which_they_are_seen(text: str, parts: list[str]) -> None:
    """From left to right; ``<`` marks a part whose letters run to the left."""
    rtl = parts[-1].startswith("<")
    assert [f"{'<' * backwards}{part}" for backwards, part in _turned(text, rtl=rtl)] == parts


def test_a_space_between_two_scripts_is_kept(theme: Theme) -> None:
    font = theme.lettering["strong"]
    assert outline(font, "شركة ABC", 16).width > outline(font, "شركةABC", 16).width + 2


def test_a_bracket_turns_with_its_text(theme: Theme) -> None:
    font = theme.lettering["strong"]
    assert outline(font, "(", 16, rtl=True).path == outline(font, ")", 16, rtl=False).path


def test_what_is_never_seen_needs_no_glyph_but_shapes_its_neighbours(theme: Theme) -> None:
    font = theme.lettering["strong"]
    assert outline(font, "A\u200eB", 16).width == pytest.approx(outline(font, "AB", 16).width, abs=0.5)
    assert outline(font, "مه", 16).path != outline(font, "م\u200cه", 16).path


def test_a_letter_that_no_font_has_is_named(theme: Theme) -> None:
    with pytest.raises(LetterError, match=r'no font of the theme has "中" \(U\+4E2D\) in "中 Bank"'):
        outline(theme.lettering["strong"], "中 Bank", 16)


def test_letters_become_outlines_in_whole_font_units(theme: Theme) -> None:
    shape = outline(theme.lettering["strong"], "Il", 10)
    assert shape.path.startswith("M")
    assert "." not in shape.path
    assert 0 < shape.width < 10


def test_letters_are_kerned(theme: Theme) -> None:
    font = theme.lettering["display"]
    apart = outline(font, "A", 100).width + outline(font, "V", 100).width
    assert outline(font, "AV", 100).width < apart


def test_the_embed_code_on_the_page_shows_the_badge_with_its_words(site: BuiltSite) -> None:
    from lxml import html

    key = "larkhaven-rail/women-in-operations/2025-09"
    page = html.fromstring(site.read(f"assessments/{key}/index.html"))
    code = html.fragment_fromstring(page.xpath("//pre/code")[0].text_content())
    image = code.find("img")
    assert code.get("href") == f"https://ismpe.example/assessments/{key}/"
    assert image is not None
    assert image.get("src") == f"https://ismpe.example/assessments/{key}/badge-light.svg"
    assert image.get("alt") == etree.fromstring(site.read(f"assessments/{key}/badge-light.svg").encode()).findtext(
        f"{SVG}desc"
    )


def test_a_withdrawn_award_has_neither_badge_nor_card_nor_certificate(site: BuiltSite) -> None:
    folder = site.public / "assessments/kestrelwyn-engineering/apprentices/2024-04"
    assert {path.name for path in folder.iterdir()} == {"index.html", "report.pdf", "result.json", "award.jsonld"}
