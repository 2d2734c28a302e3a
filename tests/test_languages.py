"""Interface languages: catalogues that are whole and fit their words, sites that speak them, lines from the right."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Literal, get_args, get_origin

import pytest
from babel.messages.catalog import Catalog, Message
from lxml import html
from playwright.sync_api import Browser
from pydantic import BaseModel

from ismpe_site import model, results
from ismpe_site.artefact import Artefact, PrintDocument
from ismpe_site.making import Options
from ismpe_site.model import Catalogue
from ismpe_site.pipeline import build
from ismpe_site.printing.press import press
from ismpe_site.project import Project
from ismpe_site.serve import HERE
from ismpe_site.theme import Theme
from ismpe_site.theme_folder import load_theme
from tests.conftest import AS_OF, ROOT
from tests.minimal_site import BASE
from tests.pseudo import arabic, greek, rewritten, speaking
from tests.published_text import pdf_text
from tests.quality.browser import axe_violations, chromium, overflow, serve
from tests.quality.messages import extracted, read, unfinished, updated
from tests.quality.pdf_validators import own_checks, page_validation, verapdf
from tests.test_other_standards import SHAPES, project
from tests.whole import load, planned

THEME = ROOT / "themes/ismpe"
CATALOGUES = sorted((THEME / "locale").glob("*.po"))
NAMES = [path.stem for path in CATALOGUES]


@cache
def words() -> Catalog:
    return extracted(THEME)


@cache
def theme() -> Theme:
    return load_theme(THEME)


def messages(language: str) -> list[Message]:
    """All messages of a catalogue but its head."""
    found = read((THEME / f"locale/{language}.po").read_text(encoding="utf-8"), language)
    return [message for message in found if message.id]


def forms(message: Message) -> list[tuple[str, str]]:
    """(English, translation) of a message, the plural's English beside every form that is not the first."""
    if isinstance(message.id, str):
        return [(message.id, message.string)]
    return [(message.id[min(index, 1)], form) for index, form in enumerate(message.string)]


# -- the catalogues --------------------------------------------------------------------------------


def test_french_is_there() -> None:
    assert "fr" in NAMES


@pytest.mark.parametrize("path", CATALOGUES, ids=NAMES)
def test_a_catalogue_is_whole_and_up_to_date(path: Path) -> None:
    """``make messages`` would change nothing in it, and nothing waits for a translator."""
    written = path.read_text(encoding="utf-8")
    assert unfinished(read(updated(written, path.stem, words()), path.stem)) == []
    assert updated(written, path.stem, words()) == written
    assert "#~" not in written


def test_what_is_new_or_changed_is_said_and_what_is_gone_is_taken_out() -> None:
    before = 'msgid ""\nmsgstr ""\n\nmsgid "The register of all awards"\nmsgstr "Le registre"\n\nmsgid "Gone"\nmsgstr "Parti"\n'
    now = Catalog()
    for word in ("The register of awards", "Something else entirely", ("%(num)s week", "%(num)s weeks")):
        now.add(word)
    after = updated(before, "fr", now)
    assert "Gone" not in after
    assert unfinished(read(after, "fr")) == ["%(num)s week", "Something else entirely", "The register of awards"]
    assert '#, fuzzy\nmsgid "The register of awards"\nmsgstr "Le registre"' in after
    assert updated(after, "fr", now) == after
    assert "Date" not in after


def named(text: str) -> set[str]:
    """The names of a text's placeholders, scripts' included; an error where a percent sign is none and not doubled."""
    fields = re.findall(r"%(?:\((\w+)\)s|%)", text)
    assert len(fields) == text.count("%") - text.count("%%"), text
    return {field for field in fields if field} | set(re.findall(r"\{\w+\}", text))


@pytest.mark.parametrize("language", NAMES)
def test_placeholders_and_markup_are_those_of_the_english(language: str) -> None:
    """A translation is put into pages as it is, and into attributes: it brings no mark of its own."""
    for message in messages(language):
        for english, theirs in forms(message):
            assert named(theirs) == named(english), theirs
            tags = [sorted(re.findall(r"<[^>]*>", text)) for text in (english, theirs)]
            assert tags[0] == tags[1], theirs
            bare = re.sub(r"<[^>]*>", "", theirs)
            assert '"' not in bare, theirs
            assert "<" not in bare, theirs
            assert sorted(re.findall(r"&\w*;?", theirs)) == sorted(re.findall(r"&\w*;?", english)), theirs


def test_french_is_set_as_french_is() -> None:
    """No-break spaces before what is two-part and inside quotation marks; apostrophes and quotes that are curved."""
    ordinary = re.compile(r"(?<!^)[^\u202f][;!?]|[^\u00a0]:|[^\u00a0]%%|[^\u00a0]»|«(?!\u00a0)|'|“|”|\.\.\.| {2}")
    for message in messages("fr"):
        for _, theirs in forms(message):
            bare = re.sub(r"<[^>]*>|&\w+;", "", theirs)
            assert not ordinary.search(bare), theirs


def test_the_terms_of_the_translated_standard_are_used() -> None:
    """One French word for one English term, in the interface as in the text of the standard."""
    terms = {
        r"core standards?\b": "norme", "criteri": "critère", "outcome": "résultat", "mentee": "mentoré",
        r"awards?\b": "distinction", "assessor": "évaluateur", "supervisory": "superviseur",
        "advisory board": "conseil consultatif", "certificate": "certificat", "evidence": "probant",
        "edition": "édition", "register": "registre", "withdrawn": "retiré", "suspended": "suspendu",
    }  # fmt: skip
    for message in messages("fr"):
        for english, theirs in forms(message):
            for term, word in terms.items():
                plain = re.sub(r"<[^>]*>|%\(\w+\)s", "", english).lower()
                if re.search(rf"\b{term}", plain):
                    assert word in theirs.lower(), (english, theirs)


# -- words of the data -----------------------------------------------------------------------------

# Words of the model that no page shows as they are.
NOT_SHOWN = {
    "self", "assessed", "reviewed",  # a report's status is told in sentences
    "public", "private",
    "criteria", "core-standards",  # pooling is told in sentences
    "organisation",  # the ordinary origin of a text, not mentioned
    "official", "unofficial",  # told in sentences
}  # fmt: skip


def literals(kind: Any) -> Iterator[str]:
    """Every word that a model allows in one of its fields."""
    if get_origin(kind) is Literal:
        yield from get_args(kind)
    for argument in get_args(kind):
        yield from literals(argument)


def test_every_word_of_the_data_can_be_translated() -> None:
    shown = {message.id for message in words() if message.context == "word"}
    models = [kind for kind in vars(model).values() if isinstance(kind, type) and issubclass(kind, BaseModel)]
    allowed = {word for kind in models for field in kind.model_fields.values() for word in literals(field.annotation)}
    allowed |= set(get_args(results.State))
    assert len(allowed) > 40
    assert allowed - shown == NOT_SHOWN
    levels = {level.level for edition in real_content().editions for level in edition.awards}
    assert levels <= shown


# -- whole sites in another language ---------------------------------------------------------------


@cache
def real_content() -> Catalogue:
    catalogue = load(ROOT / "content").catalogue
    assert catalogue is not None
    return catalogue


def in_greek(catalogue: Catalogue, theme: Theme) -> dict[str, Artefact]:
    """The site whose settings and content are in Greek letters too."""
    site = Project.at(ROOT).site()
    own = {name: greek(getattr(site, name)) for name in ("title", "short_title", "tagline", "publisher")}
    return planned(rewritten(catalogue, greek), AS_OF, replace(site, language="el", **own), theme)


# Attributes that people read or hear.
SAID = ("alt", "aria-label", "title", "placeholder", "content", "data-label", "data-foot", "data-running", "data-page")
# Kinds of files are called the same everywhere; numbers of evidence; addresses.
NO_WORDS = re.compile(r"\b(PDF|JSON|CSV|SVG|ISMPE|E\d+)\b|\bo\d\.\d+|https?://\S*|\S+@\S+|[\w.-]+\.(example|co\.uk)\S*")
TECHNICAL = ("viewport", "dcterms.created", "dcterms.modified")


def latin_words(text: bytes | str) -> set[str]:
    """What a page or drawing says in Latin letters: shown, or in an attribute that is read."""
    tree = html.fromstring(text)
    for element in tree.xpath('//code | //style | //script | //*[@class="address"] | //*[@hreflang]'):
        element.drop_tree()
    said = [str(part) for part in tree.xpath("//text()")]
    for element in tree.iter():
        if element.get("name") not in TECHNICAL and not element.get("http-equiv"):
            said += [element.get(name, "") for name in SAID]
    return {word for part in said for word in re.findall(r"[A-Za-z]{2,}.*", NO_WORDS.sub("", part))}


@pytest.mark.parametrize("shape", ["shipped", "weights", "the mean of the core standards", "a draft with nothing rated", "a self-assessment", "nothing assessed"])
def test_nothing_but_content_stays_english(tmp_path: Path, shape: str) -> None:
    """All words of templates and code, and all content, are written in Greek letters: no Latin one is left."""
    own = real_content() if shape == "shipped" else load(project(tmp_path, SHAPES[shape]).content).catalogue
    assert own is not None
    speaks = speaking(theme(), "el", greek)
    artefacts = in_greek(own, speaks)
    checked, left = 0, {}
    for path, artefact in artefacts.items():
        if not path.endswith((".html", ".svg", ".pdf")) or path.startswith("assets/"):
            continue
        made = artefact.render(artefact.inputs, speaks)
        found = latin_words(made.html if isinstance(made, PrintDocument) else made)
        left |= {path: found} if found else {}
        checked += 1
    assert left == {}
    assert checked > 15


@pytest.fixture(scope="module")
def french(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own content on a site whose language is French, as its owner would build it."""
    root = tmp_path_factory.mktemp("french")
    for name in ("content", "themes"):
        (root / name).symlink_to(ROOT / name)
    settings = (ROOT / "site.toml").read_text(encoding="utf-8").replace('language = "en"', 'language = "fr"')
    (root / "site.toml").write_text(settings, encoding="utf-8")
    build(Project.at(root), root / "output", Options(AS_OF, html_only=True), HERE)
    return root / "output/public"


def shown(public: Path, page: str) -> str:
    return " ".join(html.fromstring((public / page).read_text(encoding="utf-8")).text_content().split())


def test_a_french_site_speaks_french(french: Path) -> None:
    pages = sorted(french.rglob("*.html"))
    assert len(pages) > 50
    for page in pages:
        assert html.fromstring(page.read_text(encoding="utf-8")).xpath("/html/@lang") == ["fr"], page
    register = shown(french, "register/index.html")
    assert "Toutes les distinctions décernées, avec leur état au 22 novembre 2026." in register
    assert "Royaume-Uni" in register
    assert "13 juin 2025" in register
    report = shown(french, "assessments/aldermoss-college/early-career-lecturers/2025-06/index.html")
    assert "90,7 %" in report
    assert "Distinction Argent" in report
    badge = (french / "assessments/aldermoss-college/early-career-lecturers/2025-06/badge-light.svg").read_text("utf-8")
    assert "Distinction ISMPE de niveau argent" in badge


def test_texts_in_another_language_than_the_site_say_so(french: Path) -> None:
    home = html.fromstring((french / "standard/2003/index.html").read_text(encoding="utf-8"))
    assert home.xpath('//p[@class="normative"]/@lang')[0] == "en"
    footer = home.xpath('//footer//a[contains(@href, "process")]')
    assert [link.get("lang") for link in footer] == ["en"]


@pytest.mark.slow
def test_the_documents_of_an_organisation_are_printed_in_french(tmp_path: Path) -> None:
    site = project(tmp_path, {}, (('language = "en"', 'language = "fr"'),))
    found = {}
    artefacts = planned(load(site.content).catalogue, date(2025, 12, 1), site.site(), site.theme())
    for path, artefact in artefacts.items():
        if artefact.printed and "brook-trust" in path:
            made = artefact.render(artefact.inputs, site.theme())
            assert isinstance(made, PrintDocument)
            file = tmp_path / path.replace("/", "-")
            file.write_bytes(press(made, site.theme()))
            assert own_checks(file) == []
            found[path.split("/")[-1]] = pdf_text(file)
    assert len(found) >= 5
    assert "a obtenu, pour son programme" in found["certificate.pdf"]
    assert "Distinction Bronze" in found["certificate.pdf"]
    assert "Page 1 sur" in found["report.pdf"]
    assert "3 juin 2024" in found["report.pdf"]
    assert "75,0\u00a0%" in found["report.pdf"] or "75,0 %" in found["report.pdf"]


# -- lines from the right --------------------------------------------------------------------------

RIGHT = {
    "home": "",
    "translation": "standard/2003/fr/",
    "edition": "standard/2003/",
    "register": "register/",
    "organisation": "organisations/aldermoss-college/",
    "report": "assessments/aldermoss-college/early-career-lecturers/2025-06/",
}
VIEWS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}, "color_scheme": "light"},
}


@cache
def arabic_theme() -> Theme:
    return speaking(theme(), "ar", arabic)


@pytest.fixture(scope="module")
def from_the_right(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own content, which is English, on a site whose words are Arabic to the eye."""
    public = tmp_path_factory.mktemp("right")
    for path, artefact in site_in("ar", arabic_theme(), real_content()).items():
        if not artefact.printed:
            made = artefact.render(artefact.inputs, arabic_theme())
            assert isinstance(made, bytes)
            (public / path).parent.mkdir(parents=True, exist_ok=True)
            (public / path).write_bytes(made)
    return public


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def test_pages_from_the_right_say_so_and_keep_latin_names_apart(from_the_right: Path) -> None:
    page = html.fromstring((from_the_right / RIGHT["register"] / "index.html").read_text(encoding="utf-8"))
    assert page.xpath("/html/@dir") == ["rtl"]
    names = page.xpath("//tbody//th/a")
    assert [name.xpath("./bdi/@dir") for name in names] == [["ltr"]] * len(names)
    edition = html.fromstring((from_the_right / RIGHT["edition"] / "index.html").read_text(encoding="utf-8"))
    assert edition.xpath('//p[@class="normative"]/@dir')[0] in ("ltr", "auto")


@pytest.mark.browser
@pytest.mark.parametrize("kind", RIGHT)
def test_a_page_from_the_right_is_accessible_and_overflows_nowhere(
    browser: Browser, from_the_right: Path, kind: str
) -> None:
    with serve(from_the_right) as address:
        for view, options in VIEWS.items():
            context = browser.new_context(**options)
            page = context.new_page()
            page.goto(address + RIGHT[kind])
            page.evaluate("document.fonts.ready.then(() => true)")
            assert axe_violations(page) == [], view
            assert not overflow(page), view
            heading = page.locator("h1").bounding_box()
            assert heading is not None
            assert page.evaluate("getComputedStyle(document.querySelector('h1')).direction") in ("rtl", "ltr")
            context.close()


@pytest.mark.java
@pytest.mark.slow
def test_a_report_and_a_certificate_from_the_right_pass_both_validators(tmp_path: Path) -> None:
    artefacts = site_in("ar", arabic_theme(), load_base())
    files = []
    for name in ("report.pdf", "certificate.pdf"):
        artefact = artefacts[f"assessments/brook-trust/starters/2024-05/{name}"]
        made = artefact.render(artefact.inputs, arabic_theme())
        assert isinstance(made, PrintDocument)
        assert 'dir="rtl"' in made.html
        (tmp_path / name).write_bytes(press(made, arabic_theme()))
        files.append(tmp_path / name)
        assert own_checks(tmp_path / name) == []
    verdicts = [*verapdf(files, ("3a", "ua1")), *page_validation(files, ("3a", "ua1"))]
    assert [verdict for verdict in verdicts if verdict["compliant"] is not True] == []


def load_base() -> Catalogue:
    catalogue = load(BASE / "content").catalogue
    assert catalogue is not None
    return catalogue
