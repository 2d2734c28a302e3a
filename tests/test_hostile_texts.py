"""Hostile words in every field that holds words: on no page do they become more than words.

The project's own content is filled with them, field by field, and every page, printed document, feed and data file made
of it is read as a browser reads it. Which fields there are is asked of the model, so a new one is tried as well.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import pytest
import tinyhtml5
from lxml import etree

from ismpe_site.artefact import PrintDocument
from ismpe_site.model import Catalogue, Programme
from ismpe_site.model.assessments import StateChange, Suspension
from ismpe_site.project import Project
from ismpe_site.publications import markup
from tests import hostile
from tests.conftest import AS_OF, ROOT
from tests.saturated import Saturation, Words, word_fields
from tests.whole import load, planned

STRINGS = (*hostile.markup(), *hostile.TEMPLATES, *hostile.FORMULAS)
# Letters of double width are in none of the fonts, which is an error of its own.
ON_PAGES = tuple(string for string in STRINGS if not re.search("[\uff00-\uffef]", string))
FIELDS = dict(word_fields(Catalogue))
# What no page shows: it is private, or says only what a text was made from.
NEVER_SHOWN = {"Assessment.private_note", "Contact.name", "Rating.private_note", "TranslatedClause.source"}
# Words of the ledger: they were a catalogue's before they were issued.
ISSUED = {"AwardIssued.organisation", "AwardIssued.programme", "StateChanged.reason"}
# What names another thing, so that a page cannot be made without it.
NAMING = {"Erratum.clause"}
READ = (".html", ".pdf", ".xml", ".json", ".csv", ".webmanifest")

URLS = {"href", "src", "action", "formaction", "data", "poster", "srcset", "xlink:href", "ping", "cite", "background"}
URL = re.compile(
    r"(?:https?://|mailto:|tel:|data:(?:text/css|image/svg\+xml),|(?![a-z][a-z0-9+.-]*:|//|\\))", re.IGNORECASE
)
IN_TEXTS = {"p", "h2", "h3", "h4", "h5", "h6", "a", "ul", "ol", "li", "em", "strong", "s", "code", "pre", "blockquote",
            "br", "hr", "table", "thead", "tbody", "tr", "th", "td"}  # fmt: skip

Shape = list[tuple[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Site:
    """What was made of a saturated catalogue: path → text; of a printed document its HTML."""

    texts: Mapping[str, str]

    def shapes(self) -> Iterator[tuple[str, Shape]]:
        """Each page and document as a browser reads it: its elements in order, each with the names of its attributes.

        What keeps a word on one line is left out, and classes: they depend on hyphens and on the length of words.
        """
        for path, text in self.texts.items():
            if path.endswith((".html", ".pdf")):
                found = (element for element in elements(text) if element.get("class") != "whole")
                yield path, [(element.tag, tuple(sorted({*map(str, element.attrib)} - {"class"}))) for element in found]


def elements(text: str) -> Iterator[etree.Element]:
    """Every element of a page as HTML 5 has it."""
    for element in tinyhtml5.parse(text, namespace_html_elements=False).iter():
        if isinstance(element.tag, str):
            yield element


@cache
def content() -> Catalogue:
    """The project's own content, one award of it suspended and one withdrawn."""
    catalogue = load(ROOT / "content").catalogue
    assert catalogue is not None
    changes = iter((
        {"status": "suspended", "suspension": Suspension(on=AS_OF, reason="x")},
        {"status": "withdrawn", "withdrawal": StateChange(on=AS_OF, reason="x")},
    ))  # fmt: skip

    def changed(programme: Programme) -> Programme:
        *earlier, last = programme.assessments or (None,)
        if last is None or last.status != "reviewed":
            return programme
        return programme.model_copy(update={"assessments": (*earlier, last.model_copy(update=next(changes, {})))})

    everyone = tuple(
        organisation.model_copy(update={"programmes": tuple(map(changed, organisation.programmes))})
        for organisation in catalogue.organisations
    )
    return catalogue.model_copy(update={"organisations": everyone})


def made(words: Words) -> Site:
    """Everything that is made of the content when its words are these."""
    project = Project.at(ROOT)
    theme = project.theme()
    texts = {}
    for path, artefact in planned(Saturation(words).catalogue(content()), AS_OF, project.site(), theme).items():
        if path.endswith(READ):
            found = artefact.render(artefact.inputs, theme)
            texts[path] = found.html if isinstance(found, PrintDocument) else bytes(found).decode()  # type: ignore[arg-type]
    return Site(texts)


def plain(field: str, kind: str, number: int) -> str:
    """Words that mean nothing to anybody; as others do, they begin with a number, which keeps lists in their order."""
    return content_of(field, kind, number) or f"{number:06} zq7{field.replace('.', '')}q"


def content_of(field: str, kind: str, number: int) -> str:
    """What a field must hold for its page to be made."""
    del kind, number
    return "1.1" if field in NAMING else ""


@cache
def shares() -> dict[str, int]:
    """How often each field is there: so many share all the strings among them."""
    count: Counter[str] = Counter()

    def note(field: str, _kind: str, _number: int) -> str:
        count[field] += 1
        return "x"

    Saturation(note).catalogue(content())
    return dict(count)


class Hostile:
    """Every string in every field; where there are several of a field, each has a part of them."""

    def __init__(self, *kinds: str) -> None:
        self._kinds, self._at = kinds, Counter[str]()

    def __call__(self, field: str, kind: str, number: int) -> str:
        if kind not in self._kinds or field in NAMING:
            return plain(field, kind, number)
        at = self._at[field]
        self._at[field] += 1
        size = -(-len(ON_PAGES) // shares()[field])
        some = ON_PAGES[at * size : (at + 1) * size] or ON_PAGES[at % len(ON_PAGES) :][:1]
        return ("\n\n" if kind == "markdown" else " ").join((f"{number:06}", *some))


@pytest.fixture(scope="module")
def harmless() -> Site:
    return made(plain)


@pytest.fixture(scope="module")
def all_hostile() -> Site:
    return made(Hostile("line", "markdown"))


def test_there_are_enough_strings_and_every_field_gets_each() -> None:
    assert len(set(hostile.markup())) >= 200
    assert len(hostile.TEMPLATES) >= 22
    given: dict[str, str] = {}
    words = Hostile("line", "markdown")

    def note(field: str, kind: str, number: int) -> str:
        given[field] = given.get(field, "") + "\n" + words(field, kind, number)  # type: ignore[arg-type]
        return "x"

    Saturation(note).catalogue(content())
    assert given.keys() == FIELDS.keys() - ISSUED
    for field, text in given.items():
        assert field in NAMING or all(string in text for string in ON_PAGES), field


def test_every_field_that_is_tried_is_shown(harmless: Site) -> None:
    shown = "".join(harmless.texts.values())
    missing = {field for field in FIELDS if f"zq7{field.replace('.', '')}q" not in shown}
    assert missing - NAMING - ISSUED == NEVER_SHOWN


def test_words_of_a_line_never_change_the_elements_of_a_page(harmless: Site) -> None:
    """Not one element, not one attribute, on any page or in any printed document."""
    before = dict(harmless.shapes())
    compared = 0
    for path, shape in made(Hostile("line")).shapes():
        # A page that marks what changed between two versions has other elements where other words changed.
        if not any(tag in ("ins", "del") for tag, _ in (*shape, *before[path])):
            assert shape == before[path], path
            compared += 1
    assert compared > 100


def test_no_text_becomes_a_script_a_handler_or_a_way_to_elsewhere(harmless: Site, all_hostile: Site) -> None:
    known: dict[str, set[str]] = {tag: {"id", "href", "title", "class", "scope", "start"} for tag in IN_TEXTS}
    scripts: Counter[str] = Counter()
    for path, shape in harmless.shapes():
        for tag, attributes in shape:
            known.setdefault(tag, {"class"}).update(attributes)
        scripts[path] = sum(tag == "script" for tag, _ in shape)
    for path, text in all_hostile.texts.items():
        if not path.endswith((".html", ".pdf")):
            continue
        found = list(elements(text))
        assert sum(element.tag == "script" for element in found) == scripts[path], path
        for element in found:
            assert element.tag in known, (path, element.tag)
            for name, value in element.attrib.items():
                assert name in known[element.tag], (path, element.tag, name)
                assert not str(name).lower().startswith("on")
                assert name not in URLS or URL.match(value), (path, name, value)
    # What is looked for would be seen.
    assert any("onmouseover" in text for text in all_hostile.texts.values())


def test_a_template_in_a_text_is_words(all_hostile: Site) -> None:
    """Each probe stands in the pages as it was written, and nothing that it would give."""
    shown = " ".join("".join(one.itertext()) for one in _bodies(all_hostile))
    for probe in hostile.TEMPLATES:
        assert " ".join(probe.split()) in shown, probe
    assert "<class '" not in shown
    assert "uid=" not in shown


def _bodies(site: Site) -> Iterator[etree.Element]:
    for path, text in site.texts.items():
        if path.startswith("organisations/") and path.endswith(".html"):
            yield tinyhtml5.parse(text, namespace_html_elements=False)


def test_data_and_feeds_are_still_what_they_were(harmless: Site, all_hostile: Site) -> None:
    """JSON is JSON of the same form, XML has the same elements."""
    for path, text in all_hostile.texts.items():
        if path.endswith((".json", ".webmanifest")):
            assert _form(json.loads(text)) == _form(json.loads(harmless.texts[path])), path
        elif path.endswith(".xml"):
            now, before = (etree.fromstring(one.encode()) for one in (text, harmless.texts[path]))
            assert [element.tag for element in now.iter()] == [element.tag for element in before.iter()], path


def _form(data: object) -> object:
    if isinstance(data, dict):
        return {key: _form(value) for key, value in data.items()}
    return [_form(value) for value in data] if isinstance(data, list) else type(data)


@pytest.mark.parametrize("string", STRINGS)
def test_a_string_alone_is_safe_in_each_way_a_text_is_shown(string: str) -> None:
    around = (
        string,
        f"a {string} b",
        f"- {string}",
        f"> {string}",
        f"| a |\n|-|\n| {string} |",
        f"*{string}*",
        f"# {string}",
    )
    for text in around:
        for shown in (markup.block(text, lambda to: f"/{to}"), markup.inline(text, lambda to: f"/{to}")):
            for element in elements(f"<!DOCTYPE html><html><head><title>t</title></head><body>{shown}</body></html>"):
                assert element.tag in IN_TEXTS | {"html", "head", "title", "body"}, (text, element.tag)
                for name, value in element.attrib.items():
                    assert name in ("id", "href", "title", "class", "scope", "start"), (text, name)
                    assert name != "href" or re.match(r"https?://|mailto:|/(?!/)|#", value, re.IGNORECASE), (
                        text,
                        value,
                    )


def test_names_in_badges_are_outlines_and_escaped_words() -> None:
    """An SVG that is opened by itself is a page: what a badge says of a name is in its description, as words."""
    project = Project.at(ROOT)
    theme = project.theme()
    names = [
        "</text><script>alert(1)</script>",
        '" onload="alert(1)',
        "]]><script>",
        "<a href='javascript:x'>",
        "&lt;script&gt;",
    ]

    def words(field: str, kind: str, number: int) -> str:
        return (
            names[number % len(names)]
            if field in ("Organisation.name", "Programme.name")
            else plain(field, kind, number)
        )

    drawn = 0
    for path, artefact in planned(Saturation(words).catalogue(content()), AS_OF, project.site(), theme).items():
        if path.endswith(".svg") and path.startswith("assessments/"):
            text = bytes(artefact.render(artefact.inputs, theme)).decode()  # type: ignore[arg-type]
            drawn += 1
            for element in etree.fromstring(text.encode()).iter():
                local = etree.QName(element).localname
                assert local in ("svg", "title", "desc", "g", "path", "rect", "circle", "defs", "clipPath", "style"), (
                    path,
                    local,
                )
                assert not any(name.startswith("on") or name.endswith("href") for name in map(str, element.attrib))
            assert any(html.escape(name, quote=False)[:8] in text for name in names)
    assert drawn >= 4
