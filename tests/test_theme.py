"""The theme: contrast of its colours in both schemes, templates that fail loudly, a theme as a folder."""

import re
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from ismpe_site.language import country, day
from ismpe_site.theme import ThemeError, load_theme
from tests.conftest import ROOT

STYLE = (ROOT / "themes/ismpe/assets/site.css").read_text(encoding="utf-8")

FONT = ROOT / "themes/ismpe/print/fonts/SourceSans3_400Regular.ttf"

# (foreground, background, least contrast): WCAG 2.2 AA; body text is held to AAA.
PAIRS = [
    *product(["fg"], ["bg", "panel"], [7]),
    *product(["muted", "link", "visited"], ["bg", "panel"], [4.5]),
    ("notice-fg", "notice-bg", 7),
    ("specimen-fg", "specimen-bg", 7),
    ("on-accent", "accent", 4.5),
    ("bar", "bg", 3),
    ("bar", "track", 3),
    ("tick", "track", 3),
    ("accent", "panel", 3),
]


def tokens(scheme: str) -> dict[str, str]:
    """The colours of ``:root``, with those of the dark scheme over them."""
    blocks = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", blocks[0]))
    return found | (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", blocks[1])) if scheme == "dark" else {})


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_contrast_of_the_colours(scheme: str, front: str, back: str, least: float) -> None:
    colours = tokens(scheme)
    light, dark = sorted((luminance(colours[front]), luminance(colours[back])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= least


def test_both_schemes_name_the_same_colours() -> None:
    blocks = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    light, dark = (set(re.findall(r"--([a-z-]+): #", block)) for block in blocks[:2])
    assert dark - light == set()
    assert light - dark <= {"focus"}


def minimal(folder: Path, template: str) -> Path:
    (folder / "templates/web").mkdir(parents=True)
    (folder / "templates/web/page.html").write_text(template, encoding="utf-8")
    (folder / "print").mkdir()
    (folder / "print/font.ttf").write_bytes(FONT.read_bytes())
    roles = "".join(f'{role} = "font.ttf"\n' for role in ("display", "strong", "regular"))
    (folder / "theme.toml").write_text(f"[lettering]\n{roles}", encoding="utf-8")
    return folder


def test_an_undefined_name_in_a_template_is_an_error_with_its_place(tmp_path: Path) -> None:
    theme = load_theme(minimal(tmp_path / "plain", "one\n{{ nothing }}\n"))
    with pytest.raises(ThemeError, match=r"theme plain: .*web/page\.html.*nothing"):
        theme.render("web/page.html", {})


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("one\n{{ 1/0 }}\n", "theme plain: web/page.html, line 2: division by zero (ZeroDivisionError)"),
        ("one\n\n{{ nothing }}", "theme plain: web/page.html, line 3: 'nothing' is undefined"),
        ("{% if %}", "theme plain: web/page.html, line 1: Expected an expression, got 'end of statement block'"),
        ('\n{% extends "web/base.html" %}', "theme plain: web/page.html, line 2: there is no template web/base.html"),
    ],
)
def test_a_fault_in_a_template_is_told_with_template_and_line(tmp_path: Path, template: str, message: str) -> None:
    theme = load_theme(minimal(tmp_path / "plain", template))
    with pytest.raises(ThemeError) as raised:
        theme.render("web/page.html", {})
    assert str(raised.value) == message


def test_a_missing_template_is_named(tmp_path: Path) -> None:
    theme = load_theme(minimal(tmp_path / "plain", "text"))
    with pytest.raises(ThemeError) as raised:
        theme.render("web/report.html", {})
    assert str(raised.value) == "theme plain: web/report.html: there is no template web/report.html"


@pytest.mark.parametrize("name", ["print/font.ttf", "assets/fonts/font.woff2"])
@pytest.mark.parametrize("part", ["garbage", "half"])
def test_a_file_that_is_no_font_is_refused_when_the_theme_is_read(tmp_path: Path, name: str, part: str) -> None:
    folder = minimal(tmp_path / "plain", "text")
    packed = ROOT / "themes/ismpe/assets/fonts/source-sans-3-latin-wght-normal.woff2"
    whole = (packed if name.endswith("woff2") else FONT).read_bytes()
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(whole)
    load_theme(folder)
    path.write_bytes(b"garbage" if part == "garbage" else whole[: len(whole) // 2])
    with pytest.raises(ThemeError, match=f"theme plain: {name} is not a font"):
        load_theme(folder)


def test_values_are_escaped(tmp_path: Path) -> None:
    theme = load_theme(minimal(tmp_path / "plain", "{{ name }}"))
    assert theme.render("web/page.html", {"name": "<script>"}) == "&lt;script&gt;"


def test_the_digest_follows_every_file(tmp_path: Path) -> None:
    folder = minimal(tmp_path / "plain", "text")
    before = load_theme(folder).digest
    (folder / "print/plain.css").write_bytes(b"p { color: red }")
    assert load_theme(folder).digest != before


def test_a_folder_without_lettering_is_no_theme(tmp_path: Path) -> None:
    folder = minimal(tmp_path / "plain", "text")
    (folder / "theme.toml").write_text("", encoding="utf-8")
    with pytest.raises(ThemeError, match=r"theme\.toml needs \[lettering\]"):
        load_theme(folder)


def test_dates_and_countries_in_words() -> None:
    assert day(date(2025, 3, 4)) == "4 March 2025"
    assert day(date(2025, 3, 4), "fr") == "4 mars 2025"
    assert country("NO") == "Norway"
