"""Badges, cards and icons as PNG: painted as drawn, the same in any process, and no card spills over."""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image, ImageChops

from ismpe_site.artefact import Picture, made_late
from ismpe_site.look import Look
from ismpe_site.printing.painter import PaintError, paint
from ismpe_site.publications.badges import BadgeInputs, Medal
from ismpe_site.publications.cards import AwardCard, SiteCard, render_award_card, render_site_card
from ismpe_site.publications.icons import render_icon, render_touch_icon
from ismpe_site.theme import Theme, ThemeError
from ismpe_site.theme_folder import load_theme
from tests.conftest import ROOT, BuiltSite

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2"><path fill="#0b4f8a" d="M0 0h2v2h-2z"/></svg>'
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><path fill="#0f0" d="M0 0h20v10h-20z"/></svg>'

LONG = "The Association of Associations of Very Long Names in Mentoring and Employment of the Northern Provinces"
TITLE = "International Standards for Mentoring Programmes in Employment"


@pytest.fixture(scope="module")
def theme() -> Theme:
    return load_theme(ROOT / "themes/ismpe")


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    assert image.format == "PNG"
    return image.convert("RGBA")


def pixel(image: Image.Image, x: int, y: int) -> tuple[int, ...]:
    found = image.getpixel((x, y))
    assert isinstance(found, tuple)
    return found


def inked(image: Image.Image, box: tuple[int, int, int, int]) -> tuple[int, int, int, int] | None:
    """Where in ``box`` something else than white is; nothing where all of it is white."""
    part = image.convert("RGB").crop(box)
    return ImageChops.difference(part, Image.new("RGB", part.size, "#ffffff")).getbbox()


def card(theme: Theme, level: str = "bronze", **words: str) -> Image.Image:
    rank = {"bronze": 1, "silver": 2, "gold": 3}.get(level, 4)
    badge = BadgeInputs(
        "light", "ISMPE", Medal(level, rank), "Larkhaven Rail", "Women in Operations", "ISMPE 2003", date(2028, 10, 20),
        "specimen", "en",
    )  # fmt: skip
    return opened(paint(render_award_card(AwardCard(replace(badge, **words), TITLE), theme)))


def test_a_picture_is_as_wide_as_asked_and_as_high_as_drawn() -> None:
    image = opened(paint(Picture(DRAWING, 100)))
    assert image.size == (100, 50)
    assert pixel(image, 10, 10) == (0x0B, 0x4F, 0x8A, 255)
    assert pixel(image, 90, 10)[3] == 0
    assert pixel(opened(paint(Picture(DRAWING, 100, "#123456"))), 90, 10) == (0x12, 0x34, 0x56, 255)


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ("<text>Silent</text>", "has <text>, but no font"),
        ('<svg:text xmlns:svg="http://www.w3.org/2000/svg">Silent</svg:text>', "has <text>, but no font"),
        ('<image href="/etc/hostname"/>', "may not fetch /etc/hostname"),
        ("<image xlink:href = 'https://example.org/a.png'/>", "may not fetch https://example.org/a.png"),
        ("<g>", "cannot be painted"),
    ],
)
def test_what_would_be_missing_or_come_from_elsewhere_is_refused(inside: str, message: str) -> None:
    with pytest.raises(PaintError, match=message):
        paint(Picture(DRAWING.replace("</svg>", f"{inside}</svg>"), 10))


def test_the_theme_s_own_pictures_are_not_made_late() -> None:
    paths = ("a/report.pdf", "a/card.png", "assets/photograph.png", "a/index.html", "a/badge.svg")
    assert [made_late(path) for path in paths] == [True, True, False, False, False]


def test_a_badge_as_png_is_its_svg_painted_at_two_widths(site: BuiltSite) -> None:
    badges = sorted(site.public.glob("assessments/*/*/*/badge-light.svg"))
    assert len(badges) == 4
    for badge in badges:
        drawing = badge.read_text(encoding="utf-8")
        high = int(etree.fromstring(drawing.encode()).get("height", "0"))
        for width in (256, 512):
            data = badge.with_name(f"badge-light-{width}.png").read_bytes()
            assert data == paint(Picture(drawing, width))
            assert opened(data).size == (width, -(-high * width // 410))
            assert len(opened(data).getcolors(1 << 20) or ()) > 100


def test_another_process_paints_the_same_bytes(site: BuiltSite) -> None:
    """The site's own were painted by workers; here is a third process, of another hash seed."""
    file = next(site.public.glob("assessments/larkhaven-rail/*/*/badge-light.svg"))
    code = (
        "import sys, hashlib\nfrom ismpe_site.printing.painter import paint\nfrom ismpe_site.artefact import Picture\n"
        "print(hashlib.sha256(paint(Picture(sys.stdin.read(), 512))).hexdigest())"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], input=file.read_text(encoding="utf-8"), capture_output=True, text=True, cwd=ROOT,
        env={"PYTHONHASHSEED": "4711", "PYTHONPATH": str(ROOT)}, check=True, timeout=60,
    )  # fmt: skip
    assert run.stdout.strip() == hashlib.sha256(file.with_name("badge-light-512.png").read_bytes()).hexdigest()


def test_each_award_in_force_has_a_card_and_the_site_has_one(site: BuiltSite) -> None:
    cards = sorted(site.public.rglob("card.png"))
    with_certificate = {path.parent for path in site.public.glob("assessments/**/certificate.pdf")}
    assert len(with_certificate) == 4
    assert {path.parent for path in cards} == {site.public, *with_certificate}
    for path in cards:
        assert opened(path.read_bytes()).size == (1200, 630)
    assert len({path.read_bytes() for path in cards}) == len(cards)


MARGINS = ((0, 0, 60, 616), (1140, 0, 1200, 616), (0, 0, 1200, 55), (0, 596, 1200, 616))
# The logo, the name, the title, the mark; the medal; the level, the names, the programme, edition and end.
PARTS = ((60, 55, 170, 130), (180, 55, 320, 95), (180, 98, 900, 130), (960, 55, 1140, 110), (60, 190, 410, 530))


@pytest.mark.parametrize("level", ["bronze", "silver", "gold", "platinum with the very highest of distinctions"])
@pytest.mark.parametrize("name", ["X", LONG, f"{LONG} {LONG}", "شركة ABC للتأمين (السعودية) 2020"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_card_holds_any_name_and_nothing_spills_over(theme: Theme, level: str, name: str, language: str) -> None:
    image = card(theme, level, organisation=name, programme=name, language=language)
    assert [box for box in MARGINS if inked(image, box)] == []
    if language == "ar":
        parts = [(1200 - right, top, 1200 - left, bottom) for left, top, right, bottom in PARTS]
        words, beside = (72, 160, 752, 596), (752, 130, 784, 596)
    else:
        parts, words, beside = list(PARTS), (448, 160, 1128, 596), (416, 130, 448, 596)
    assert [box for box in parts if not inked(image, box)] == []
    assert inked(image, beside) is None
    found = inked(image, words)
    assert found is not None
    # In the middle of the medal's height.
    assert abs((found[1] + found[3]) / 2 + 160 - 360) < 30


def test_the_medals_of_cards_differ_by_colour_and_by_pips(theme: Theme) -> None:
    images = {level: card(theme, level) for level in ("bronze", "silver", "gold")}
    faces = {level: pixel(image, 234, 270) for level, image in images.items()}
    assert faces["bronze"][:3] == (0xA9, 0x71, 0x3A)
    assert len(set(faces.values())) == 3
    # A row through the pips, in the light colour of each medal.
    pips = []
    for image in images.values():
        row = [sum(pixel(image, x, 433)[:3]) > 660 for x in range(150, 320)]
        pips.append(sum(now and not before for before, now in pairwise(row)))
    assert pips == [1, 2, 3]


def test_cards_are_in_the_site_s_own_colour_and_show_its_logo() -> None:
    own = load_theme(ROOT / "themes/ismpe", Look({"accent": "#7a1f3d"}, LOGO))
    image = card(own)
    assert pixel(image, 600, 625)[:3] == (0x7A, 0x1F, 0x3D)
    assert pixel(image, 100, 88)[:3] == (0, 255, 0)
    site = opened(paint(render_site_card(SiteCard(TITLE, "A tagline.", "en"), own)))
    assert pixel(site, 100, 104)[:3] == (0, 255, 0)
    assert [box for box in MARGINS if inked(site, box)] == []


def test_a_logo_with_words_is_left_out_and_one_that_is_no_svg_is_named(theme: Theme) -> None:
    def dressed(logo: bytes) -> Theme:
        return replace(theme, assets={**theme.assets, "logo.svg": logo}, digest=hashlib.sha256(logo).hexdigest())

    without = card(dressed(LOGO.replace(b"</svg>", b"<text>Words</text></svg>")))
    # The name begins at the margin.
    assert inked(without, (60, 55, 170, 95)) is not None
    assert (0, 255, 0) not in {colour[:3] for _, colour in without.getcolors(1 << 20) or ()}  # type: ignore[index]
    with pytest.raises(ThemeError, match="the logo is no SVG: not well-formed"):
        card(dressed(b"<svg <"))


def test_icons_are_those_of_the_theme_and_the_touch_icon_has_no_hole(site: BuiltSite, theme: Theme) -> None:
    for name, width, opaque in (("apple-touch-icon", 180, True), ("icon-192", 192, False), ("icon-512", 512, False)):
        image = opened((site.public / f"{name}.png").read_bytes())
        assert image.size == (width, width)
        assert (image.getextrema()[3][0] == 255) is opaque  # type: ignore[index]
        assert pixel(image, width // 2, width // 2) == (255, 255, 255, 255)
    own = load_theme(ROOT / "themes/ismpe", Look({"accent": "#7a1f3d"}))
    assert pixel(opened(paint(render_touch_icon(180, own))), 0, 0) == (0x7A, 0x1F, 0x3D, 255)
    assert pixel(opened(paint(render_icon(192, own))), 96, 8) == (0x7A, 0x1F, 0x3D, 255)
    assert pixel(opened(paint(render_icon(192, theme))), 96, 8) == (0x0B, 0x4F, 0x8A, 255)


def test_the_command_counts_what_it_made(site: BuiltSite) -> None:
    counted = re.search(r"built (\d+) files \((\d+) PDFs, (\d+) PNGs\)", site.words)
    assert counted is not None
    files = [path for path in site.public.rglob("*") if path.is_file()]
    kinds = [sum(path.suffix == kind for path in files) for kind in (".pdf", ".png")]
    assert [int(number) for number in counted.groups()] == [len(files), *kinds]
    issued = len(list(site.public.glob("certificates/*/badge.png")))
    assert issued == 5
    assert kinds[1] == 4 * 3 + 4 + issued


def test_a_build_of_pages_alone_makes_no_picture_but_keeps_the_theme_s(tmp_path: Path) -> None:
    import shutil

    from ismpe_site.build.executors.in_process import InProcess
    from ismpe_site.late import Workers
    from ismpe_site.making import Options
    from ismpe_site.pipeline import build
    from ismpe_site.project import Project
    from tests.forge import DAY
    from tests.test_publication import small_site

    root, here = small_site(tmp_path / "site"), Workers(InProcess(), InProcess())
    (root / "themes").unlink()
    shutil.copytree(ROOT / "themes", root / "themes")
    (root / "themes/ismpe/assets/photograph.png").write_bytes(paint(Picture(DRAWING, 8)))
    for html_only, pictures in ((True, 1), (False, 8), (True, 1)):
        built = build(Project.at(root), tmp_path / "output", Options(DAY, html_only=html_only), here)
        there = sorted(path.name for path in (tmp_path / "output/public").resolve().rglob("*.png"))
        assert (built.pictures, len(there)) == (pictures, pictures)
        assert "photograph.png" in there
        assert (built.documents == 0) is html_only
