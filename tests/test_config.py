"""``site.toml``: every mistake in it has its place, says what is allowed and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from ismpe_site.config import load_config
from ismpe_site.problems import ContentError

GOOD = """\
title = "The standards"
short_title = "ISMPE"
tagline = "A benchmark."
base_url = "https://ismpe.example/"

[publisher]
name = "ISMPE"
"""


def problems(folder: Path, text: str | bytes) -> list[str]:
    """Line, column, code, message and help of each problem of a ``site.toml`` beside one theme."""
    (folder / "themes/ismpe/templates").mkdir(parents=True)
    (folder / "site.toml").write_bytes(text.encode() if isinstance(text, str) else text)
    try:
        load_config(folder / "site.toml")
    except ContentError as error:
        return [f"{p.place.line}:{p.place.column} {p.code} {p.message} = {p.help}" for p in error.problems]
    return []


def test_a_setting_in_the_wrong_section_is_told_where_it_belongs(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, f'{GOOD}\nlogo = "brand.svg"\n')
    assert found.startswith(
        '9:1 S312 unknown setting "publisher.logo" = logo stands at the top, before the first [section]'
    )


def test_good_settings(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            '"ISMPE"\ntagline',
            '""\ntagline',
            (
                '2:15 S314 "short_title" must be one line of text in quotes, such as "ISMPE", without '
                "control characters = Name in headers and badges"
            ),
        ),
        (
            'name = "ISMPE"',
            '  name = "ISM\\u200bPE"',
            (
                '7:10 S314 "publisher.name" must be one line of text in quotes, such as "ISMPE", without '
                "control characters = Who publishes the standard"
            ),
        ),
        (
            '"https://ismpe.example/"',
            "3",
            (
                '4:12 S314 "base_url" must be a complete address in quotes that ends with /, such as '
                '"https://example.org/" or "https://example.org/ismpe/" = Where the site will be served, '
                "with a trailing slash"
            ),
        ),
        (
            "\n[publisher]",
            'publish_specimens = "true"\n[publisher]',
            (
                '5:21 S314 "publish_specimens" must be true or false, without quotes '
                "= Whether invented organisations are built"
            ),
        ),
        (
            "\n[publisher]",
            '"theme" = "ismpo"\n[publisher]',
            '5:11 S315 there is no theme "ismpo" = did you mean "ismpe"? allowed: ismpe',
        ),
        ("\n[publisher]", "themes = 3\n[publisher]", None),
        (
            "\n[publisher]",
            "[printing]\nseconds_per_document = 0\n[publisher]",
            (
                '6:24 S314 "printing.seconds_per_document" must be a whole number, 1 or more, without quotes = '
                "Longest a PDF may take, in seconds"
            ),
        ),
        (
            'title = "The',
            "title = The",
            (
                '1:9 S311 not valid TOML: invalid value = text stands in quotation marks: theme = "ismpe"; '
                "true, false and numbers do not"
            ),
        ),
        (
            'name = "ISMPE"',
            'name = "ISMPE',
            "7:14 S311 not valid TOML: illegal character '\\n' = close the quotation mark on the same line",
        ),
        (
            "\n[publisher]",
            'title = "Twice"\n[publisher]',
            "5:16 S311 not valid TOML: cannot overwrite a value = each setting once; keep one of the two",
        ),
        (
            "\n[publisher]",
            f"\nx = {'[' * 5000}\n[publisher]",
            "6:5 S311 nested too deep = no setting needs brackets in brackets; delete it",
        ),
        (
            "\n[publisher]",
            f"x = {'1' * 5000}\n[publisher]",
            "5:5 S311 a number is too long = no setting needs such a number; delete it",
        ),
    ],
)
def test_a_mistake_has_its_place_and_words(tmp_path: Path, old: str, new: str, problem: str | None) -> None:
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    known = (
        "title, short_title, tagline, base_url, language, theme, logo, logo_dark, icon, colours, contact, "
        "publish_specimens, printing, keys, publisher"
    )
    unknown = f'5:1 S312 unknown setting "themes" = did you mean "theme"? allowed: {known}'
    assert problems(tmp_path, text) == [problem or unknown]


def test_what_is_missing_and_what_is_no_section(tmp_path: Path) -> None:
    assert problems(tmp_path, 'title = "A"\nshort_title = "B"\ntagline = "C"\npublisher = "ISMPE"\n') == [
        '1:1 S313 the setting "base_url" is missing = Where the site will be served, with a trailing slash',
        (
            '4:13 S314 "publisher" must be a section of its own = Who publishes the standard: [publisher] and below it '
            'name = "…"'
        ),
    ]


def test_another_encoding(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD.encode().replace(b"A benchmark", b"A b\xe9nchmark")) == [
        "3:15 S310 not UTF-8 text = save the file in the encoding UTF-8"
    ]


DRAWINGS = {
    "script": "<script>1</script>",
    "hidden": "<g><s:script>1</s:script></g>",
    "far": '<a href="https://x.example"/>',
    "on": '<g onload="1"/>',
    "style": '<style>@import "https://x.example/x.css";</style>',
    "escape": '<g style="fill:u\\72l(https://x.example)"/>',
    "deep": f"{'<g>' * 60}{'</g>' * 60}",
    "large": " " * 100_000,
}
NO_DRAWINGS = {
    "none": "nothing drawn",
    "half": '<svg xmlns="http://www.w3.org/2000/svg">',
    "bare": '<svg viewBox="0 0 1 1"/>',
    "sizeless": '<svg xmlns="http://www.w3.org/2000/svg" width="50mm" height="20mm"/>',
    "bomb": '<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">&a;</svg>',
}
TAKEN = "cannot be taken: "


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ('language = "fr"', '1:12 S316 theme ismpe does not speak "fr" = allowed: en'),
        ('language = "en-"', '1:12 S314 "language" must be a language code, such as "en" or "fr" = '),
        ('logo = "brand.svg"', "1:8 S317 brand.svg cannot be read: No such file or directory = "),
        ('logo = "../brand.svg"', '1:8 S314 "logo" must be the path of an SVG file beside site.toml'),
        ('logo_dark = "script.svg"', f"1:13 S317 script.svg {TAKEN}it holds <script> = save it as plain SVG"),
        ('logo = "hidden.svg"', f"1:8 S317 hidden.svg {TAKEN}it holds <script> = save it as plain SVG"),
        ('logo = "far.svg"', f"1:8 S317 far.svg {TAKEN}it holds <a> = save it as plain SVG"),
        ('logo = "on.svg"', f'1:8 S317 on.svg {TAKEN}it holds onload="1" = save'),
        ('logo = "style.svg"', f"1:8 S317 style.svg {TAKEN}its style holds @import = save"),
        ('logo = "escape.svg"', f'1:8 S317 escape.svg {TAKEN}it holds style="fill:u'),
        ('logo = "deep.svg"', f"1:8 S317 deep.svg {TAKEN}it is nested more than 50 deep = save"),
        ('logo = "bomb.svg"', f"1:8 S317 bomb.svg {TAKEN}it holds <!DOCTYPE = save"),
        ('logo = "none.svg"', f"1:8 S317 none.svg {TAKEN}syntax error: line 1, column 0 = save it as plain SVG"),
        ('icon = "half.svg"', f"1:8 S317 half.svg {TAKEN}no element found: line 1, column "),
        ('logo = "bare.svg"', f'1:8 S317 bare.svg {TAKEN}it does not begin with <svg xmlns="http://www.w3.org/2000'),
        ('logo = "sizeless.svg"', f"1:8 S317 sizeless.svg {TAKEN}its <svg> has no viewBox, so that its size"),
        ('logo = "large.svg"', "1:8 S317 large.svg is larger than 100 kB = save it as plain SVG"),
        ('colours = {accent = "blue"}', '1:11 S314 "colours.accent" must be a colour in quotes: # and six digits of 0'),
        (
            'colours = {accent = "#ffee00"}',
            "1:11 S318 the colour accent #ffee00 cannot be read on #ffffff: its contrast is 1.2 and must be 4.5 or",
        ),
        ('colours = {acent = "#0b4f8a"}', "1:11 S318 theme ismpe has no colour acent to change = allowed: accent"),
        ('contact = {email = "office"}', '1:11 S314 "contact.email" must be an e-mail address in quotes'),
        ('contact = {email = "a@b.example?cc=c"}', '1:11 S314 "contact.email" must be an e-mail address in quotes'),
        ('contact = {telephone = "0800 MENTOR"}', '1:11 S314 "contact.telephone" must be a number in quotes, such as'),
        ('contact = {address = "Street"}', '1:11 S314 "contact.address" must be a list of lines, such as'),
    ],
)
def test_language_logo_colours_and_contact(tmp_path: Path, more: str, problem: str) -> None:
    begin = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:s="http://www.w3.org/2000/svg" viewBox="0 0 1 1">'
    drawings = {name: f"{begin}{inner}</svg>" for name, inner in DRAWINGS.items()}
    for name, drawing in {**drawings, **NO_DRAWINGS}.items():
        (tmp_path / f"{name}.svg").write_text(drawing, encoding="utf-8")
    (tmp_path / "themes/ismpe").mkdir(parents=True)
    colour = '[colours.accent]\nvalue = "#0b4f8a"\non = ["#ffffff"]\n'
    (tmp_path / "themes/ismpe/theme.toml").write_text(colour, encoding="utf-8")
    found = problems(tmp_path, f"{more}\n{GOOD}")
    assert len(found) == 1
    assert found[0].startswith(problem)


@pytest.mark.parametrize(
    ("host", "good"),
    [
        ("x.example:8443", True),
        ("localhost:8000", True),
        ("a..b.example", False),
        ("-a.example", False),
        (f"{'a' * 64}.example", False),
        ("-", False),
    ],
)
def test_the_host_of_a_site_is_one_there_can_be(tmp_path: Path, host: str, good: bool) -> None:
    found = problems(tmp_path, GOOD.replace("ismpe.example", host))
    assert [problem.startswith('4:12 S314 "base_url" must be a complete') for problem in found] == [True] * (not good)
