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
        "publish_specimens, printing, publisher"
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


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ('language = "fr"', '1:12 S316 theme ismpe does not speak "fr" = allowed: en'),
        ('language = "en-"', '1:12 S314 "language" must be a language code, such as "en" or "fr" = '),
        ('logo = "brand.svg"', "1:8 S317 brand.svg cannot be read: No such file or directory = "),
        ('logo = "../brand.svg"', '1:8 S314 "logo" must be the path of an SVG file beside site.toml'),
        (
            'logo_dark = "bad.svg"',
            "1:13 S317 bad.svg holds '<script', which a drawing of the site may not = save it as plain SVG",
        ),
        (
            'logo = "far.svg"',
            "1:8 S317 far.svg holds 'href=\"', which a drawing of the site may not = save it as plain SVG",
        ),
        ('logo = "none.svg"', "1:8 S317 none.svg is no drawing: syntax error: line 1, column 0 = save it as plain SVG"),
        ('icon = "half.svg"', "1:8 S317 half.svg is no drawing: no element found: line 1, column 5 = save"),
        (
            'logo = "bare.svg"',
            '1:8 S317 bare.svg is no drawing: it does not begin with <svg xmlns="http://www.w3.org/2000/svg">',
        ),
        (
            'logo = "sizeless.svg"',
            "1:8 S317 sizeless.svg is no drawing: its <svg> has no viewBox, so that its size is not",
        ),
        ('logo = "large.svg"', "1:8 S317 large.svg is larger than 100 kB = save it as plain SVG"),
        (
            'colours = {accent = "#ffee00"}',
            "1:11 S318 the colour accent #ffee00 cannot be read on #ffffff: its contrast is 1.2 and must be 4.5 or more",
        ),
        ('colours = {acent = "#0b4f8a"}', "1:11 S318 theme ismpe has no colour acent to change = allowed: accent"),
        ('colours = {accent = "blue"}', '1:11 S314 "colours.accent" must be a colour in quotes: # and six digits of 0'),
        ('contact = {email = "office"}', '1:11 S314 "contact.email" must be an e-mail address in quotes'),
        ('contact = {address = "Street"}', '1:11 S314 "contact.address" must be a list of lines, such as'),
    ],
)
def test_language_logo_colours_and_contact(tmp_path: Path, more: str, problem: str) -> None:
    (tmp_path / "bad.svg").write_text("<svg><script>1</script></svg>", encoding="utf-8")
    (tmp_path / "far.svg").write_text('<svg><a href="https://x.example"/></svg>', encoding="utf-8")
    (tmp_path / "none.svg").write_text("nothing drawn", encoding="utf-8")
    (tmp_path / "half.svg").write_text("<svg>", encoding="utf-8")
    (tmp_path / "bare.svg").write_text('<svg viewBox="0 0 1 1"/>', encoding="utf-8")
    (tmp_path / "sizeless.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    (tmp_path / "large.svg").write_text(f"<svg>{' ' * 100_000}</svg>", encoding="utf-8")
    (tmp_path / "themes/ismpe").mkdir(parents=True)
    colour = '[colours.accent]\nvalue = "#0b4f8a"\non = ["#ffffff"]\n'
    (tmp_path / "themes/ismpe/theme.toml").write_text(colour, encoding="utf-8")
    found = problems(tmp_path, f"{more}\n{GOOD}")
    assert len(found) == 1
    assert found[0].startswith(problem)
