"""The theme: contrast of its colours in both schemes, templates that fail loudly, a theme as a folder."""

import re
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from ismpe_site.language import country, day, known, language_name, month, number, text_direction
from ismpe_site.look import Look, contrast
from ismpe_site.theme import ThemeError
from ismpe_site.theme_folder import load_theme
from tests.conftest import ROOT

STYLE = (ROOT / "themes/ismpe/assets/site.css").read_text(encoding="utf-8")

FONT = ROOT / "themes/ismpe/print/fonts/SourceSans3_400Regular.ttf"

# (foreground, background, least contrast): WCAG 2.2 AA; body text is held to AAA.
PAIRS = [
    *product(["fg"], ["bg", "panel"], [7]),
    *product(["muted", "link", "visited"], ["bg", "panel"], [4.5]),
    # What is said of a certificate: its sign and its headline, then words.
    *[(f"{name}-fg", f"{name}-bg", 7) for name in ("notice", "good", "bad")],
    *product(["fg"], ["notice-bg", "good-bg", "bad-bg"], [7]),
    # The sign stands out of the panel too.
    *product(["notice-fg", "good-fg", "bad-fg"], ["panel", "bg"], [4.5]),
    ("specimen-fg", "specimen-bg", 7),
    ("on-accent", "accent", 4.5),
    ("bar", "bg", 3),
    ("bar", "track", 3),
    ("tick", "track", 3),
    ("tick", "bg", 3),
    ("then", "bg", 3),
    ("then", "track", 3),
    # Both are told by their place and by the words beside them; they need only look different.
    ("then", "bar", 1.8),
    ("accent", "panel", 3),
    # Lines only part what stands apart anyway: they are to be seen, and to be quiet.
    *product(["rule"], ["bg", "panel"], [1.4]),
    # Words that a new version added.
    ("fg", "track", 7),
]
# The ring of the focus has two colours, one of which is seen on whatever lies around it (WCAG technique C40).
RING, AROUND = ("focus", "fg"), ("bg", "panel", "notice-bg", "good-bg", "bad-bg", "specimen-bg")


def tokens(scheme: str) -> dict[str, str]:
    """The colours of ``:root``, with those of the dark scheme over them."""
    blocks = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", blocks[0]))
    return found | (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", blocks[1])) if scheme == "dark" else {})


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_contrast_of_the_colours(scheme: str, front: str, back: str, least: float) -> None:
    colours = tokens(scheme)
    assert contrast(colours[front], colours[back]) >= least


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("around", AROUND)
def test_the_ring_of_the_focus_is_seen_on_every_ground(scheme: str, around: str) -> None:
    colours = tokens(scheme)
    assert max(contrast(colours[one], colours[around]) for one in RING) >= 4.5


def test_no_colour_is_without_a_pair() -> None:
    judged = {name for front, back, _ in PAIRS for name in (front, back)} | {*RING, *AROUND}
    named = set(re.findall(r"--([a-z-]+):[^;]*#[0-9a-fA-F]{3,8}\b", STYLE))
    assert judged == named
    assert named == set(tokens("light"))


@pytest.mark.parametrize(
    ("one", "other", "known"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#0b4f8a", "#0B4F8A", 1)]
)
def test_contrast_is_that_of_the_guidelines(one: str, other: str, known: float) -> None:
    assert contrast(one, other) == pytest.approx(known, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


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


LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path fill="#0b4f8a" d="M0 0h1v1z"/></svg>'


def test_a_site_may_change_the_colours_the_theme_names_wherever_they_stand() -> None:
    folder = ROOT / "themes/ismpe"
    plain, own = load_theme(folder), load_theme(folder, Look({"accent": "#7a1f3d", "accent_dark": "#ff9fb8"}, LOGO))
    for theme, accent, other in ((plain, b"#0b4f8a", b"#7a1f3d"), (own, b"#7a1f3d", b"#0b4f8a")):
        drawn = {
            name: data
            for name, data in {**theme.assets, **theme.print_files}.items()
            if name.endswith((".css", ".svg")) and not name.startswith("logo")
        }
        assert other not in b"".join(drawn.values()).lower()
        assert {"site.css", "favicon.svg", "report.css"} <= {name for name in drawn if accent in drawn[name]}
    assert plain.digest != own.digest
    assert own.assets["logo.svg"] == own.assets["logo-dark.svg"] == LOGO
    assert load_theme(folder, Look(icon=LOGO)).assets["favicon.svg"] == LOGO


@pytest.mark.parametrize(
    ("look", "message"),
    [
        (
            Look({"accent": "#ffee00"}),
            (
                "site.toml: the colour accent #ffee00 cannot be read on #ffffff: its contrast is 1.2 and must be 4.5 "
                "or more; take a darker one"
            ),
        ),
        (
            Look({"accent_dark": "#0b4f8a"}),
            (
                "site.toml: the colour accent_dark #0b4f8a cannot be read on #12171d: its contrast is 2.1 and must be "
                "4.5 or more; take a lighter one"
            ),
        ),
        (
            Look({"acent": "#0b4f8a"}),
            "site.toml: theme ismpe has no colour acent to change; allowed: accent, accent_dark",
        ),
    ],
)
def test_a_look_that_does_not_suit_the_theme_is_refused(look: Look, message: str) -> None:
    with pytest.raises(ThemeError) as raised:
        load_theme(ROOT / "themes/ismpe", look)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("colours = 3", 'theme plain: theme.toml: [colours.…] needs value = "#rrggbb"'),
        ("[colours]\naccent = '#0b4f8a'", 'theme plain: theme.toml: [colours.accent] needs value = "#rrggbb"'),
        ("[colours.accent]\non = ['#ffffff']", 'theme plain: theme.toml: [colours.accent] needs value = "#rrggbb"'),
        ("[colours.accent]\nvalue = '#0b4f8a'\non = ['white']", "theme plain: theme.toml: [colours.accent] needs"),
        ("logo = 'logo.svg'", "theme plain: theme.toml: [logo] may have files, dark_files and icon_files"),
        ("[logo]\nfiles = 'logo.svg'", "theme plain: theme.toml: [logo] may have files, dark_files and icon_files"),
    ],
)
def test_a_theme_that_misdescribes_its_colours_or_logo_is_told(tmp_path: Path, more: str, message: str) -> None:
    folder = minimal(tmp_path / "plain", "text")
    settings = (folder / "theme.toml").read_text(encoding="utf-8")
    (folder / "theme.toml").write_text(f"{more}\n{settings}", encoding="utf-8")
    with pytest.raises(ThemeError) as raised:
        load_theme(folder, Look({"accent": "#0b4f8a"}, LOGO))
    assert str(raised.value).startswith(message)


def test_a_theme_without_a_place_for_a_logo_says_so(tmp_path: Path) -> None:
    with pytest.raises(ThemeError, match="theme plain has no place for a logo"):
        load_theme(minimal(tmp_path / "plain", "text"), Look(logo=LOGO))


def test_words_are_those_of_the_themes_catalogue(tmp_path: Path) -> None:
    folder = minimal(tmp_path / "plain", '{{ _("Register") }} {{ state | word }} {{ language }} {{ direction }}')
    (folder / "locale").mkdir()
    words = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    words += 'msgid "Register"\nmsgstr "سجل"\n\nmsgctxt "word"\nmsgid "active"\nmsgstr "نشط"\n'
    (folder / "locale/ar.po").write_text(words, encoding="utf-8")
    theme = load_theme(folder)
    assert theme.render("web/page.html", {"state": "active"}, "ar") == "سجل نشط ar rtl"
    assert theme.render("web/page.html", {"state": "active"}) == "Register active en ltr"
    assert theme.render("web/page.html", {"state": "active"}, "fr") == "Register active fr ltr"
    (folder / "locale/ar.po").write_text('msgid "half\n', encoding="utf-8")
    with pytest.raises(ThemeError, match=r"theme plain: locale/ar\.po: "):
        load_theme(folder).render("web/page.html", {"state": "active"}, "ar")


def test_dates_and_countries_in_words() -> None:
    assert day(date(2025, 3, 4)) == "4 March 2025"
    assert day(date(2025, 3, 4), "fr") == "4 mars 2025"
    assert country("NO") == "Norway"
    assert (number("94.7"), number("94.7", "fr")) == ("94.7", "94,7")
    assert (language_name("fr"), language_name("fr", "fr"), language_name("ar", "en")) == (
        "French",
        "français",
        "Arabic",
    )
    assert (text_direction("ar"), text_direction("fr")) == ("rtl", "ltr")
    assert month("2021-09", "fr") == "septembre 2021"
    assert not known("xx-nowhere")
