"""What a template may not do, seen in its source: pass text by unescaped, leave an attribute open, hold a program.

Templates are trusted code; these rules keep a slip of whoever writes one from becoming a hole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ismpe_site.project import Project
from ismpe_site.theme import Theme
from tests.conftest import ROOT, BuiltSite

TEMPLATES = {
    path.relative_to(ROOT / "themes").as_posix(): path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "themes").rglob("templates/**/*.*"))
}
# Where text that is markup already is put in as it is, and why that is safe.
UNESCAPED = {
    # The site's own logo, judged by config/files.py and written anew by an XML library.
    "ismpe/templates/badge/card_parts.svg": 1,
}
SAFE = re.compile(r"\|\s*safe\b|autoescape|\bMarkup\b|xmlattr")
OPEN_ATTRIBUTE = re.compile(r"""\s[\w:-]+=(?!["'])[^\s"'<>]*§""")
HANDLER = re.compile(r"\son[a-z]+\s*=", re.IGNORECASE)
PROGRAM = re.compile(r"<script(?![^>]*\ssrc=)|<script[^>]*>(?!</script>)|<style\b|javascript:", re.IGNORECASE)
STYLE = re.compile(r"\sstyle=", re.IGNORECASE)
ADDRESS = re.compile(r'\s(?:href|src|action|data|poster|srcset)="\s*\{\{\s*(?P<expression>[^}]*?)\s*\}\}')
# Expressions an address may begin with, beside ``to(…)``, which makes addresses of the site alone.
ADDRESSES = {
    "site.base_url": "a setting, checked to be one",
    "url": "made by to() where the sentence begins, as is looked at below",
    "sums_url": "made by to() where the sentence begins",
    "signature_url": "made by to() where the sentence begins",
    "here": "a place on the page, written out where the sentence begins",
    "rule": "a place on the page, written out where the sentence begins",
    "canonical": "the site's address and the page's own path",
    "mark": "a style in the address itself, of a printed document",
}
FORBIDDEN = re.compile(
    r"__\w+__|\bself\._|\.(?:mro|func_globals|gi_frame|cr_frame)\b|\|\s*attr\b|\blipsum\b|\bcycler\b"
)
# Words of the data that are addresses: each is of a type that can be nothing else.
TYPED = {"organisation.website", "report.organisation.website", "website", "link"}


def places(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    for match in pattern.finditer(text):
        yield f"line {text.count(chr(10), 0, match.start()) + 1}: {match[0].strip()[:80]}"


def faults(name: str, text: str) -> list[str]:
    """What is wrong with a template."""
    # What the engine puts in, as one sign; then what stands in quotes.
    drawn = re.sub(r"\{[{%#].*?[}%#]\}", lambda found: "§" + "\n" * found[0].count("\n"), text, flags=re.DOTALL)
    bare = re.sub(r'"[^"<>]*"', '""', drawn)
    found = [f"unescaped, {place}" for place in list(places(SAFE, text))[UNESCAPED.get(name, 0) :]]
    found += [f"attribute without quotes, {place}" for place in places(OPEN_ATTRIBUTE, bare)]
    found += [f"handler, {place}" for place in places(HANDLER, drawn)]
    found += [f"program or style in the page, {place}" for place in places(PROGRAM, text)]
    found += [f"reaches into Python, {place}" for place in places(FORBIDDEN, text)]
    if "/web/" in name:
        found += [f"style in an element, {place}" for place in places(STYLE, drawn)]
    for match in ADDRESS.finditer(text):
        first = re.split(r"[ ~|]", match["expression"])[0]
        if not match["expression"].startswith("to(") and first not in {*ADDRESSES, *TYPED}:
            found.append(f"an address that to() has not made: {match['expression']}")
    found += [
        f"an address in a sentence that to() has not made: {value}"
        for tag in re.findall(r"\{%-?\s*trans\b(.*?)%\}", text, re.DOTALL)
        for value in re.findall(
            r"\b(?:url|here|rule)=(?!to\(|\w*_url\b|\"#|\"https://|organisation\.website\b)([^,%]*)", tag
        )
    ]
    return found


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_keeps_the_rules(name: str) -> None:
    assert faults(name, TEMPLATES[name]) == []


@pytest.mark.parametrize(
    "text",
    [
        "{{ name | safe }}",
        "{{ name|safe }}",
        "{% autoescape false %}{{ name }}{% endautoescape %}",
        "<a title={{ name }}>x</a>",
        "<a class=x{{ name }}>x</a>",
        '<b onclick="x">y</b>',
        "<script>go()</script>",
        '<script src="x">go()</script>',
        "<style>p { color: red }</style>",
        '<p style="color: {{ colour }}">x</p>',
        '<a href="{{ programme.address }}">x</a>',
        '<a href="javascript:{{ x }}">x</a>',
        "{{ ''.__class__ }}",
        "{{ x | attr('y') }}",
        '{% trans url=award.link %}<a href="{{ url }}">x</a>{% endtrans %}',
        "<p{{ attributes | xmlattr }}>x</p>",
    ],
)
def test_a_template_that_breaks_a_rule_is_seen(text: str) -> None:
    assert faults("ismpe/templates/web/other.html", text)


@pytest.fixture(scope="module")
def theme() -> Theme:
    return Project.at(ROOT).theme()


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.xml", "a.html.j2", "a.txt"])
def test_every_kind_of_template_is_escaped(name: str, theme: Theme) -> None:
    """Also those that the engine leaves alone by itself."""
    own = replace(theme, templates={name: '<a title="{{ x }}">{{ x }}</a>'}, digest=name)
    assert own.render(name, {"x": "\"<'&"}) == '<a title="&#34;&lt;&#39;&amp;">&#34;&lt;&#39;&amp;</a>'


def test_templates_are_given_no_way_out(theme: Theme) -> None:
    """Neither the environment nor a module is among what every template may name."""
    for name in ("os", "sys", "env", "environ", "open", "import", "request", "config"):
        own = replace(theme, templates={"a.html": f"{{{{ {name} is defined }}}}"}, digest=f"way out {name}")
        assert own.render("a.html", {}) == "False"


def test_no_string_is_ever_made_a_template() -> None:
    """The engine stands in one file, loads templates by name alone, and escapes by default."""
    sources = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "ismpe_site").rglob("*.py"))}
    assert [path.name for path, text in sources.items() if "Environment(" in text] == ["theme.py"]
    for path, text in sources.items():
        assert "from_string" not in text, path
        assert "Template(" not in text, path
    assert "autoescape=True" in sources[ROOT / "ismpe_site/theme.py"]


def test_every_markup_of_the_program_says_why_it_is_safe() -> None:
    """Each place that calls text markup carries the mark by which the linter knows that somebody looked."""
    for path in sorted((ROOT / "ismpe_site").rglob("*.py")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if re.search(r"\bMarkup\((?![\"']|\"\")", line) and "class " not in line:
                assert "noqa: S704  #" in line, f"{path.name}: {line.strip()}"


def test_no_page_of_the_site_asks_another_host_or_holds_a_program(site: BuiltSite) -> None:
    """What is loaded by itself comes from the site; scripts and styles are files."""
    loaded = re.compile(
        r'<(?:script|img|iframe|source|embed|object|video|audio|link)\b[^>]*\s(?:src|href|data)="([^"]*)"'
    )
    for page in site.pages():
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"<script(?![^>]*\ssrc=)", text.replace('type="application/ld+json"', 'src=""')), page
        assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=\"", re.sub(r">[^<]*<", "><", text)), page
        for tag in re.finditer(loaded, text):
            if tag[0].startswith("<link") and re.search(r'rel="(?:canonical|alternate|license|author|me)', tag[0]):
                continue
            assert not re.match(r"[a-z][a-z0-9+.-]*:|//", tag[1]), (page, tag[0])


def test_templates_are_all_looked_at() -> None:
    assert len(TEMPLATES) > 35
    assert {Path(name).suffix for name in TEMPLATES} == {".html", ".svg", ".xml"}
