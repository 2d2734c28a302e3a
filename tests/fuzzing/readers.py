"""Every reader of what others write, as a function of bytes that must give a value or words for a person."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from ismpe_site.artefact import Picture
from ismpe_site.config.files import drawing_problems
from ismpe_site.config.load import load_config
from ismpe_site.content import folders
from ismpe_site.content.files import Reading
from ismpe_site.content.hints import assessment_hints
from ismpe_site.content.links import judged_links
from ismpe_site.content.load import organisations
from ismpe_site.model import (
    CoreStandard,
    CrosswalkEntry,
    Document,
    Edition,
    Erratum,
    Organisation,
    Person,
    Programme,
    Term,
    Translation,
)
from ismpe_site.printing.painter import PaintError, paint
from ismpe_site.problems import ContentError, Problem, describe
from ismpe_site.publications import markup
from tests.conftest import ROOT
from tests.fuzzing.inputs import LONGEST
from tests.minimal_site import BASE

CONTENT = ROOT / "content"


@dataclass(frozen=True)
class Reader:
    """``read(folder, data)`` raises on a fault of ours; ``folder`` is an empty one to work in, kept between inputs."""

    read: Callable[[Path, bytes], None]
    corpus: Sequence[bytes]
    words: Sequence[bytes]
    longest: int = LONGEST


def _small(*patterns: str) -> tuple[bytes, ...]:
    found = sorted({path for root in (BASE, CONTENT) for pattern in patterns for path in root.rglob(pattern)})
    return tuple(data for path in found if len(data := path.read_bytes()) < 5000)


def _told(problems: Sequence[Problem]) -> None:
    """Each problem has a place and words, and can be printed."""
    for problem in problems:
        assert problem.place.line >= 1
        assert problem.place.column >= 1
        assert problem.message
        describe(problem, {}).encode()


# -- YAML ------------------------------------------------------------------------------------------

MODELS = (Organisation, Programme, Person, Edition, CoreStandard, Translation)
LISTS = (Erratum, CrosswalkEntry, Term)
NO_HINTS = assessment_hints((), ())
GIVEN: dict[type, dict[str, object]] = {
    Organisation: {"id": "x", "programmes": ()},
    Programme: {"id": "x"},
    Person: {"id": "x"},
    Edition: {"id": "x", "core_standards": (), "glossary": (), "errata": (), "crosswalk": ()},
    Translation: {"edition": "x", "language": "fr"},
}


def read_yaml_file(folder: Path, data: bytes) -> None:
    """A file as each thing it might be, with the places of all that is wrong."""
    file = folder / "2024-05.yaml"
    file.write_bytes(data)
    # Which model is asked depends on the input alone.
    turn = sum(data) % (len(MODELS) + len(LISTS) + 1)
    reading = Reading(folder)
    if turn < len(MODELS):
        reading.model(MODELS[turn], file, GIVEN.get(MODELS[turn], {}))  # type: ignore[type-var]
    elif turn < len(MODELS) + len(LISTS):
        reading.models(LISTS[turn - len(MODELS)], file)  # type: ignore[type-var]
    else:
        folders.assessment_file(reading, file, NO_HINTS)
    for source in reading.sources.values():
        source.place("ratings", "1.1")
    _told(reading.problems)


# -- Markdown --------------------------------------------------------------------------------------

TAGS = "p|h[2-6]|a|ul|ol|li|em|strong|s|code|pre|blockquote|br|hr|table|thead|tbody|tr|th|td"
# Every tag that a text may become, with every attribute; whatever else begins with < was not escaped.
TAG = re.compile(
    rf'<(?:/(?:{TAGS})|(?:{TAGS})(?: (?:id="[a-z0-9.-]+"|href="(?:https?://|mailto:|/|#)[^"<>\s]*"|scope="col"'
    r'|title="[^"<>]*"|start="\d+"|class="(?:prose-table|align-(?:left|right|center)|language-[^"<>]*)"))*)>',
    re.IGNORECASE,
)


def from_root(address: str) -> str:
    """A link as a page at the root has it."""
    return f"/{address}"


def read_markdown(folder: Path, data: bytes) -> None:
    """A page with its front matter; and its text, whatever it is, in each way in which texts are shown."""
    page = folder / "2024-05-01.md"
    page.write_bytes(data)
    reading = Reading(folder)
    documents: tuple[Document, ...] = reading.documents(folder)
    _told(reading.problems)
    text = documents[0].body if documents else data.decode("utf-8", "replace")
    problems, _ = judged_links("x.md", text)
    _told(problems)
    for html in (markup.block(text, from_root, prefix="x."), markup.inline(text, from_root)):
        rest = TAG.sub("", str(html))
        assert "<" not in rest, rest[rest.index("<") :][:80]
        assert len(html) <= 20 * len(text) + 10_000, f"{len(text)} characters become {len(html)}"
    markup.plain(text)
    markup.blocks(text)
    markup.stretches(text)


# -- names -----------------------------------------------------------------------------------------


def read_names(folder: Path, data: bytes) -> None:
    """A name as that of an organisation, a person, a page, a version and an assessment."""
    name = data.replace(b"/", b"").replace(b"\0", b"")[:200]
    if name in (b"", b".", b".."):
        return
    root = bytes(folder / "content")
    for made in (b"assessments/", b"people/", b"pages/", b"standards/"):
        (Path((root + b"/" + made).decode())).mkdir(parents=True, exist_ok=True)
    import os

    for made in (b"/assessments/", b"/pages/", b"/standards/"):
        os.makedirs(root + made + name)  # noqa: PTH103  # bytes that are no text
    for made in (b"/people/" + name + b".yaml", b"/pages/" + name + b"/" + name + b".md"):
        with open(root + made, "wb"):  # noqa: PTH123
            pass
    content = folder / "content"
    try:
        found, problems = organisations(content)
        reading = Reading(content)
        list(folders.people(reading, content / "people"))
        list(folders.pages(reading, content / "pages"))
        list(folders.editions(reading, content / "standards"))
        _told([*problems, *reading.problems])
        hidden = name.startswith((b".", b"#")) or name.endswith(b"~")
        assert hidden or found or problems, "neither taken nor told"
        for one in found:
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one, re.ASCII)
            assert len(one) <= 80
    finally:
        shutil.rmtree(root)


# -- drawings --------------------------------------------------------------------------------------


def read_drawing(folder: Path, data: bytes) -> None:
    """A logo; one that is taken can be painted."""
    (folder / "logo.svg").write_bytes(data)
    problems = list(drawing_problems(folder / "site.toml", 'logo = "logo.svg"', "logo", "logo.svg"))
    _told(problems)
    if not problems:
        for element in etree.fromstring(data).iter(etree.Element):
            assert etree.QName(element).localname.lower() not in ("script", "foreignobject", "a", "use", "image")
            for name, value in element.attrib.items():
                assert not etree.QName(name).localname.lower().startswith("on")
                assert "href" not in name or value.startswith("#")
        try:
            paint(Picture(data.decode(), 64))
        except PaintError as error:
            assert str(error)  # noqa: PT017  # words for a person are all that is asked for


# -- settings --------------------------------------------------------------------------------------


def read_settings(folder: Path, data: bytes) -> None:
    """``site.toml`` of a folder without themes."""
    file = folder / "site.toml"
    file.write_bytes(data)
    try:
        load_config(file)
    except ContentError as error:
        _told(error.problems)


YAML_WORDS = tuple(
    word.encode()
    for word in (
        "a: ", "- ", "  ", "\n", "\n  ", "\n- ", "[", "]", "{", "}", ", ", ": ", "? ", "&a ", "*a", "!x ", "!!int ", "<<: ",
        "|\n  x\n", ">-\n  x\n", "'", '"', "#x\n", "---\n", "...\n", "%YAML 1.2\n", "name: x\n", "country: GB\n",
        "ratings:\n", "  1.1: 3\n", "  1.2:\n    rating: 4\n", "edition: 2020\n", "status: draft\n", "evidence: [E1]\n",
        "dates: {assessed: [2024-05-01]}\n", "clause: 1.1\n", "text: y\n", "null", "~", "true", "2024-05-01", "1.10", "é",
    )
)  # fmt: skip
MARKDOWN_WORDS = tuple(
    word.encode()
    for word in (
        "a ", "\n", "\n\n", "# ", "## ", "> ", "- ", "1. ", "    ", "\t", "*", "**", "_", "__", "`", "```\n", "~~~\n", "~~",
        "[", "]", "(", ")", "](", "[a](b)", "![a](b)", "[a]: /b\n", "[a]", "<", ">", "<a href=x>", "<!--", "-->", "</",
        "<https://a.example>", "<javascript:x>", "&amp;", "&#0;", "&#x41;", "|", "|-|-|\n", "|a|b|\n", "\\", "---\n", "===\n",
        "https://a.example/", "javascript:", "data:", "title: x\nsummary: y\n", '"', "'", "(/process/)", "<b onclick=x>",
        "[a](<b c>)", '[a](/b "c")', "***", "* * *\n", "é", "\u00a0", "<![CDATA[", "<?x", "&Tab;", "&colon;",
    )
)  # fmt: skip
NAME_WORDS = tuple(
    word.encode()
    for word in (
        "a", "b-c", "-", "--", ".", "..", "~", "#", "%2e", "%2f", "CON", "con", "nul", "com1", "index", "A", "é", "e\u0301",
        "ａ", "ﬁ", "ı", "K", "ſ", "\u202e", "\u200b", "\u0430", "٣", "²", " ", "\n", "\t", "\\", ":", "*", "?", '"', "<", ">",
        "|", "2024-05", ".yaml", ".yml", ".md", "x" * 79, "aux.txt", "assets", "404", "$(id)", ";", "&", "'", "`id`",
    )
)  # fmt: skip
DRAWING_WORDS = tuple(
    word.encode()
    for word in (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>", "</svg>", "<g>", "</g>", "<path d='M0 0h9v9z'/>", "<a>",
        "<defs>", "</defs>", "<linearGradient id='a' href='#a'>", "</linearGradient>", "<style>", "</style>", "*{fill:url(#a)}",
        "<script>x</script>", "<!DOCTYPE s [<!ENTITY e 'x'>]>", "&e;", "<![CDATA[", "]]>", "<?x y?>", "<!--", "-->",
        "<filter id='f'><feGaussianBlur stdDeviation='9e9'/></filter>", "<pattern id='a' width='0.001' height='0.001'>",
        "</pattern>", "<mask id='a' mask='url(#a)'>", "</mask>", "<rect width='9' height='9' fill='url(#a)'/>", "<clipPath id='a'>",
        "</clipPath>", " onload='x'", " href='#a'", " width='1e99'", " height='-1'", " viewBox='0 0 0 0'", "<use href='#a'/>",
        "<image href='x'/>", "<text>x</text>", "<x:script xmlns:x='http://www.w3.org/2000/svg'/>", "url(\\68ttp:x)", "@import 'x';",
        " xlink:href='file:x'", " transform='scale(1e30)'", "<g transform='scale(99999 1e-9)'>", "<g transform='translate(99999)'>", " filter='url(#f)'", " stroke-dasharray='1e-9'", "<switch>",
        "<foreignObject/>", "<marker id='a'>", "</marker>", " marker-mid='url(#a)'", " style='fill:url(#a)'", "<symbol id='a'>",
    )
)  # fmt: skip
TOML_WORDS = tuple(
    word.encode()
    for word in (
        'title = "x"\n', "title", " = ", '"', "'", '"""', "'''", "[", "]", "[[", "]]", "{", "}", ", ", ".", "\n", "#", "[publisher]\n",
        '[publisher]\nname = "x"\n', "[colours]\n", 'accent = "#000000"\n', "[printing]\n", "accelerator = true\n", 'language = "en"\n',
        'base_url = "https://a.example/"\n', 'base_url = "https://a.example:99999/"\n', 'theme = "../x"\n', 'logo = "../x.svg"\n',
        "1979-05-27T07:32:00Z", "0x1f", "1_000", "inf", "\\u0000", "\\UFFFFFFFF", '"\\u202e"', 'logo = "x/./y.svg"\n', "true", "[contact]\n",
        'email = "a@b"\n', 'address = ["a"]\n', 'telephone = "+44 20"\n', 'short_title = "x"\n', 'tagline = "x"\n', "a.b.c = 1\n",
    )
)  # fmt: skip

READERS = {
    "yaml": Reader(read_yaml_file, _small("*.yaml"), YAML_WORDS),
    "markdown": Reader(read_markdown, _small("*.md"), MARKDOWN_WORDS, 1200),
    "names": Reader(read_names, tuple(path.name.encode() for path in sorted(CONTENT.rglob("*"))), NAME_WORDS),
    "drawing": Reader(
        read_drawing,
        tuple(data for path in sorted((ROOT / "themes").rglob("*.svg")) if b"{%" not in (data := path.read_bytes())),
        DRAWING_WORDS,
    ),
    "settings": Reader(read_settings, ((ROOT / "site.toml").read_bytes(),), TOML_WORDS),
}
