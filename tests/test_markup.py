"""Markdown in, safe HTML out."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ismpe_site.publications import addresses, easy_text, markup
from ismpe_site.publications.markup import block, inline, plain
from ismpe_site.publications.tables import csv_bytes
from tests.conftest import ROOT


def resolve(there: str) -> str:
    return addresses.relative("about/value/", there)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a *b* **c**", "<p>a <em>b</em> <strong>c</strong></p>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[x](data:text/html,x)", "<p>[x](data:text/html,x)</p>\n"),
        ("[x](//evil.example/)", "<p>[x](//evil.example/)</p>\n"),
        ("[x](/process/)", '<p><a href="../../process/index.html">x</a></p>\n'),
        ("[x](/standard/2003/#c1.4)", '<p><a href="../../standard/2003/index.html#c1.4">x</a></p>\n'),
        ("[x](https://a.example/)", '<p><a href="https://a.example/">x</a></p>\n'),
        ("https://a.example/", "<p>https://a.example/</p>\n"),
        ('"quotes" -- and ...', "<p>&quot;quotes&quot; -- and ...</p>\n"),
    ],
)
def test_blocks(text: str, html: str) -> None:
    assert block(text, resolve) == html


@pytest.mark.parametrize(
    "link", ["[x](/about/value/javascript:alert(1))", "[x][r]\n\n[r]: /about/value/javascript:alert(1)"]
)
def test_a_root_link_never_becomes_a_scheme(link: str) -> None:
    assert 'href="./javascript:alert(1)"' in block(link, resolve)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("![x](https://a.example/x.png)", "<p>![x](https://a.example/x.png)</p>\n"),
        ("![*x*][r]\n\n[r]: https://a.example/x.png", "<p>![*x*](https://a.example/x.png)</p>\n"),
        ("![[a](https://b.example/)](https://c.example/)", "<p>![[a](https://b.example/)](https://c.example/)</p>\n"),
        ("![x](javascript:alert(1))", "<p>![x](javascript:alert(1))</p>\n"),
    ],
)
def test_an_image_becomes_neither_image_nor_link(text: str, html: str) -> None:
    assert block(text, resolve) == html
    assert "<a" not in inline(text.partition("\n")[0], resolve)
    assert "<" not in plain(text)


def test_the_words_of_an_image_are_its_plain_text() -> None:
    assert plain("a ![*big* picture](https://a.example/x.png)") == "a big picture"


def test_a_link_without_a_target_is_no_link_to_the_page_itself() -> None:
    assert block("[words]()", resolve) == "<p><a>words</a></p>\n"
    assert inline("[a][b]\n\n[b]: <>", resolve).count("href") == 0


def test_many_headings_of_one_name_are_numbered_as_before() -> None:
    html = block("# a\n\n# a-2\n\n# a\n\n# a\n", resolve)
    assert re.findall('id="([^"]*)"', html) == ["a", "a-2", "a-3", "a-4"]


def test_words_that_stay_whole_are_found_between_tags_alone() -> None:
    text = inline('well-known [and/or](https://a.example/b-c "d-e f-g") a&b-c', resolve)
    assert markup.whole(text) == (
        '<span class="whole">well-known</span> <a href="https://a.example/b-c" title="d-e f-g">and/or</a> '
        '<span class="whole">a&amp;b-c</span>'
    )
    assert markup.whole("<b-c>") == '<span class="whole">&lt;b-c&gt;</span>'


def test_a_text_of_definitions_alone_is_empty() -> None:
    assert block("[x]: /process/\n", resolve) == ""


def test_headings_continue_the_page_and_skip_no_level() -> None:
    html = block("## One\n\n#### Two\n\n## One\n", resolve, first_heading=3)
    assert '<h3 id="one">One</h3>' in html
    assert '<h4 id="two">Two</h4>' in html
    assert '<h3 id="one-2">One</h3>' in html


def test_equal_headings_of_two_texts_have_two_addresses() -> None:
    first, second = (
        block("## What we saw", resolve, 4, prefix=prefix) for prefix in ("c1.1.finding.", "c1.2.finding.")
    )
    assert '<h4 id="c1.1.finding.what-we-saw">' in first
    assert '<h4 id="c1.2.finding.what-we-saw">' in second


def test_the_text_of_a_page_has_plain_addresses_but_never_one_of_the_page_itself() -> None:
    html = block("## Versions\n\n## Scope\n\n## Main\n\n## Versions\n", resolve, taken=("main", "versions"))
    assert re.findall(r'id="([^"]*)"', html) == ["versions-2", "scope", "main-2", "versions-3"]


def test_every_text_in_a_template_says_how_its_addresses_are_kept_apart() -> None:
    calls = [
        (path.name, call)
        for path in sorted((ROOT / "themes").rglob("templates/**/*.html"))
        for call in re.findall(r"\bmd\((?:[^()]|\([^()]*\))*\)", path.read_text(encoding="utf-8"))
    ]
    assert len(calls) > 10
    kept = re.compile(r'^md\([^,]+, \d, (taken=|"|[a-z_.]+ ~ "|prefix\))')
    assert [(name, call) for name, call in calls if not kept.match(call)] == []


def test_the_ids_a_page_takes_for_itself_are_those_of_its_template() -> None:
    own = set()
    for name in ("base", "document"):
        text = (ROOT / f"themes/ismpe/templates/web/{name}.html").read_text(encoding="utf-8")
        own |= set(re.findall(r'\bid="([^"{]*)"', text))
    assert own == {"main", "versions"}


def test_inline_makes_no_paragraph() -> None:
    assert inline("mentors/ *mentees*", resolve) == "mentors/ <em>mentees</em>"


def test_plain_takes_the_markup_away() -> None:
    assert plain("a *b*\n[c](/x/) `d`") == "a b c d"


def test_columns_are_aligned_by_classes_for_the_policy_forbids_styles() -> None:
    html = block("|a|b|c|d|\n|:-|-:|:-:|-|\n|1|2|3|4|\n", resolve)
    assert "style" not in html
    assert '<th class="align-left" scope="col">a</th>' in html
    assert '<td class="align-right">2</td>' in html
    assert '<td class="align-center">3</td>' in html
    assert "<td>4</td>" in html


def test_table_headers_have_a_scope() -> None:
    assert '<th scope="col">' in block("|a|b|\n|-|-|\n|1|2|\n", resolve)


@pytest.mark.parametrize(
    ("here", "there", "link"),
    [
        ("", "", "index.html"),
        ("", "standard/", "standard/index.html"),
        ("standard/2003/4/", "standard/2003/#c1.4", "../index.html#c1.4"),
        ("standard/2003/", "standard/2003/#c1.4", "#c1.4"),
        ("404.html", "assets/site.css", "assets/site.css"),
        ("a/b/", "a/b/report.pdf", "report.pdf"),
    ],
)
def test_relative_links(here: str, there: str, link: str) -> None:
    assert addresses.relative(here, there) == link


def test_csv_is_never_obeyed_by_a_spreadsheet() -> None:
    rows = [("=1+1", "@x", "-1", "plain, with comma"), (None, "", "\tx", "+44")]
    text = csv_bytes(("a", "b", "c", "d"), rows).decode()
    assert text == "a,b,c,d\r\n'=1+1,'@x,'-1,\"plain, with comma\"\r\n,,'\tx,'+44\r\n"


# -- the short way for plain text ---------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        *("mentors", "Café", "It’s", "“so”", "a", "1", "1.", "2)", "-", "–", "+", "=", "==", "#", ":", ":-", "x:"),
        *("(c)", "...", "é", " ", "  ", "\n", "\n\n", "\t", "\\", "`", "*", "_", "[x]", "(/y)", "<", "&", "&amp;"),
        *(
            "!",
            "~~",
            '"',
            "'",
            "|",
            "\xa0",
            "\x0c",
            "\x1f",
            "\u2028",
            "\u3000",
            "\ud7ff",
            "٣",
            "ª",
            "https://a.example",
        ),
        *("a@b.example", "\r", "\x00", "$", "%", "{", "^"),
    ]
)
PARTS = [
    "*a*",
    "**b c**",
    "`d`",
    "`e.f`",
    "*“g”*",
    "word",
    "words,",
    " ",
    " ",
    "\n",
    "\n\n",
    "- ",
    "\n- ",
    "(",
    ")",
    ".",
    "*",
    "`",
]
EASY = st.lists(st.sampled_from(PARTS), max_size=12).map("".join)
TEXTS = st.lists(WORDS, max_size=10).map("".join) | st.text(max_size=30) | st.text('abc .,-\n1(“"', max_size=20)
WRITTEN = [path for path in (ROOT / "content").rglob("*.*") if path.suffix in (".md", ".yaml")]
REAL = sorted(
    {part.strip("\n") for path in WRITTEN for part in path.read_text("utf-8").split("\n\n")}
    | {line.strip(" ->|") for path in WRITTEN for line in path.read_text("utf-8").split("\n")}
)


def by_the_parser(text: str) -> tuple[str, str]:
    tokens = markup._parser().parseInline(text)
    markup._mend(tokens, resolve)
    inner = markup._parser().renderer.render(tokens, markup._parser().options, {})
    return str(markup._block(text, resolve, 2, "", ())), inner


@settings(max_examples=8000, derandomize=True, deadline=None, database=None)
@given(TEXTS | EASY)
def test_any_text_is_as_the_parser_gives_it(text: str) -> None:
    assert (block(text, resolve), inline(text, resolve)) == by_the_parser(text)


def test_real_texts_are_as_the_parser_gives_them() -> None:
    assert len(REAL) > 1000
    for text in REAL:
        assert (block(text, resolve), inline(text, resolve)) == by_the_parser(text)
    assert sum(easy_text.blocks(text) is not None for text in REAL) > len(REAL) // 4


def test_what_is_remembered_of_a_text_is_the_same_on_every_page() -> None:
    for text in ("*a* [x](/process/)", "*a* [x](https://a.example/)", "*a* <https://a.example/>", "*a*\n\n# b"):
        for folder in ("x/", "x/y/"):
            assert block(text, lambda there, folder=folder: folder + there) == markup._block(
                text, lambda there, folder=folder: folder + there, 2, "", ()
            )
