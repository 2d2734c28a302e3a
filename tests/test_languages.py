"""Sites in another language than English: nothing stays English, lines run from the right where they should."""

import re
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from lxml import html
from playwright.sync_api import Browser

from ismpe_site.artefact import Artefact, PrintDocument
from ismpe_site.making import Options
from ismpe_site.model import Catalogue, wording_digest
from ismpe_site.pipeline import build
from ismpe_site.printing.press import press
from ismpe_site.project import Project
from ismpe_site.serve import HERE
from ismpe_site.theme import Theme
from ismpe_site.theme_folder import load_theme
from tests.conftest import AS_OF, ROOT
from tests.pseudo import arabic, greek, rewritten, speaking
from tests.published_text import pdf_text
from tests.quality.browser import axe_violations, overflow, serve
from tests.quality.nu_checker import nu_errors
from tests.quality.pdf_validators import own_checks, page_validation, verapdf
from tests.quality.weight import weight
from tests.test_other_standards import DAY, SHAPES, project
from tests.whole import load, planned


@cache
def theme() -> Theme:
    return load_theme(ROOT / "themes/ismpe")


def content(folder: Path) -> Catalogue:
    catalogue = load(folder).catalogue
    assert catalogue is not None
    return catalogue


# -- nothing stays English -------------------------------------------------------------------------


def in_greek(catalogue: Catalogue, theme: Theme) -> dict[str, Artefact]:
    """The site whose settings and content are in Greek letters too."""
    site = replace(Project.at(ROOT).site(), language="el", **greek_settings())
    return planned(rewritten(catalogue, greek), AS_OF, site, theme)


def greek_settings() -> dict[str, Any]:
    site = Project.at(ROOT).site()
    return {name: greek(getattr(site, name)) for name in ("title", "short_title", "tagline", "publisher")}


# Attributes that people read or hear.
SAID = ("alt", "aria-label", "title", "placeholder", "content", "data-label", "data-foot", "data-running", "data-page")
# Kinds of files are called the same everywhere, and files; numbers of certificates and of evidence; addresses.
NO_WORDS = re.compile(
    r"ISMPE-\d{4}-\d+-\w|SHA-?256(SUMS)?(\.minisig)?|ISO 7064 MOD 37,36|JSON-LD|JSON Lines|"
    r"[a-z0-9.-]+\.(pdf|json|svg|png|crt|pub)\b|"
    r"\{\w+\}|\b(PDF|JSON|CSV|SVG|PNG|Atom|E\d+)\b|\bo\d\.\d+|https?://\S*|\S+@\S+|[\w.-]+\.(example|co\.uk)\S*"
)
TECHNICAL = {
    "viewport", "dcterms.created", "dcterms.modified",
    "og:type", "og:url", "og:locale", "og:image", "twitter:card",
}  # fmt: skip


def latin_words(text: bytes | str) -> set[str]:
    """What a page or drawing says in Latin letters: shown, or in an attribute that is read."""
    tree = html.fromstring(text)
    for element in tree.xpath('//code | //style | //script | //id | //uri | //*[@class="address"] | //*[@hreflang]'):
        element.drop_tree()
    said = [str(part) for part in tree.xpath("//text()")]
    for element in tree.iter():
        if not TECHNICAL & {element.get("name"), element.get("property")} and not element.get("http-equiv"):
            said += [element.get(name, "") for name in SAID]
            # Sentences that a script will say.
            said += [
                text
                for name, text in element.items()
                if name.startswith("data-") and re.search("[.{…]", text) and " " in text
            ]
    return {word for part in said for word in re.findall(r"[A-Za-z]{2,}.*", NO_WORDS.sub("", part))}


@pytest.mark.parametrize(
    "shape",
    [
        "shipped",
        "weights",
        "the mean of the core standards",
        "a draft with nothing rated",
        "a self-assessment",
        "nothing assessed",
    ],
)
def test_nothing_but_content_stays_english(tmp_path: Path, shape: str) -> None:
    """All words of templates and code, and all content, are written in Greek letters: no Latin one is left."""
    own = content(ROOT / "content" if shape == "shipped" else project(tmp_path, SHAPES[shape]).content)
    speaks = speaking(theme(), "el", greek)
    artefacts = in_greek(own, speaks)
    checked, left = 0, {}
    for path, artefact in artefacts.items():
        if not path.endswith((".html", ".svg", ".atom", ".pdf")) or path.startswith("assets/"):
            continue
        made = artefact.render(artefact.inputs, speaks)
        found = latin_words(made.html if isinstance(made, PrintDocument) else made)
        left |= {path: found} if found else {}
        checked += 1
    assert left == {}
    assert checked > 15


def test_a_text_in_another_language_than_the_page_says_so() -> None:
    """The site's words and titles are in Greek letters, the content is as it is written: all but names is marked."""
    speaks, own = speaking(theme(), "el", greek), content(ROOT / "content")
    names = {name for o in own.organisations for name in (o.name, *(programme.name for programme in o.programmes))}
    names |= {person.name for person in own.people} | {edition.short_title for edition in own.editions}
    proper = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))
    site = replace(Project.at(ROOT).site(), language="el", **greek_settings())
    unmarked: dict[str, list[str]] = {}
    for path, artefact in planned(own, AS_OF, site, speaks).items():
        if not path.endswith((".html", ".pdf")):
            continue
        made = artefact.render(artefact.inputs, speaks)
        tree = html.fromstring(made.html if isinstance(made, PrintDocument) else made)
        # Attributes and what stands for them cannot say it.
        for element in tree.xpath('//head | //code | //svg | //*[@class="address"] | //*[@hreflang]'):
            element.drop_tree()
        for text in tree.xpath("//*[not(@lang) or @lang='el'][not(ancestor-or-self::*[@lang][1][@lang!='el'])]/text()"):
            if re.search("[A-Za-z]{3,}", NO_WORDS.sub("", proper.sub("", str(text)))):
                unmarked.setdefault(path, []).append(str(text))
    assert unmarked == {}


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
    assert "Distinction « Argent »" in report
    badge = (french / "assessments/aldermoss-college/early-career-lecturers/2025-06/badge-light.svg").read_text("utf-8")
    assert "Distinction ISMPE de niveau argent" in badge


def test_texts_in_another_language_than_the_site_say_so(french: Path) -> None:
    home = html.fromstring((french / "standard/2003/index.html").read_text(encoding="utf-8"))
    assert home.xpath('//p[@class="normative"]/@lang')[0] == "en"
    footer = home.xpath('//footer//a[contains(@href, "process")]')
    assert [link.get("lang") for link in footer] == ["en"]


@pytest.mark.browser
def test_all_that_a_browser_loads_for_a_french_report_weighs_little(french: Path, browser: Browser) -> None:
    reports = [data.parent.relative_to(french).as_posix() for data in french.glob("assessments/*/*/*/result.json")]
    assert len(reports) == 7
    with serve(french) as address:
        for report in sorted(reports):
            found = weight(browser, french, address, f"{report}/")
            assert sum(found.values()) <= 100_000, found


@pytest.mark.java
@pytest.mark.slow
def test_the_nu_checker_finds_nothing_on_a_french_site(french: Path) -> None:
    assert nu_errors(french) == []


@pytest.mark.slow
def test_the_documents_of_an_organisation_are_printed_in_french(tmp_path: Path) -> None:
    site = project(tmp_path, {}, (('language = "en"', 'language = "fr"'),))
    found = {}
    artefacts = planned(load(site.content).catalogue, date(2025, 12, 1), site.site(), site.theme())
    for path, artefact in artefacts.items():
        if path.endswith(".pdf") and "brook-trust" in path:
            made = artefact.render(artefact.inputs, site.theme())
            assert isinstance(made, PrintDocument)
            file = tmp_path / path.replace("/", "-")
            file.write_bytes(press(made, site.theme()))
            assert own_checks(file) == []
            found[path.split("/")[-1]] = pdf_text(file)
    assert len(found) >= 5
    assert "a obtenu, pour son programme" in found["certificate.pdf"]
    assert "Distinction « Bronze »" in found["certificate.pdf"]
    assert "Page 1 sur" in found["report.pdf"]
    assert "3 juin 2024" in found["report.pdf"]
    assert "75,0\u00a0%" in found["report.pdf"] or "75,0 %" in found["report.pdf"]


# -- lines from the right --------------------------------------------------------------------------

ARABIC_EDITION = f"""standing: unofficial
made: 2024-01-01
clauses:
  title: "المعيار"
  "1.1": {{text: "يوجد بيان (published) للغرض", source: {wording_digest("There is a statement of purpose")}}}
  "1.2": "قديم"
"""
PAGES = {
    "home": "",
    "edition": "standard/2020/",
    "translation": "standard/2020/ar/",
    "register": "register/",
    "organisation": "organisations/brook-trust/",
    "report": "assessments/brook-trust/starters/2024-05/",
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
def right_artefacts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Artefact]:
    """The small site, whose content is English, with words that are Arabic to the eye."""
    root = tmp_path_factory.mktemp("artefacts")
    site = project(root, {"content/standards/2020/translations/ar.yaml": ARABIC_EDITION})
    return planned(content(site.content), DAY, replace(site.site(), language="ar"), arabic_theme())


@pytest.fixture(scope="module")
def from_the_right(right_artefacts: dict[str, Artefact], tmp_path_factory: pytest.TempPathFactory) -> Path:
    public = tmp_path_factory.mktemp("right")
    for path, artefact in right_artefacts.items():
        made = artefact.render(artefact.inputs, arabic_theme())
        if isinstance(made, bytes):
            (public / path).parent.mkdir(parents=True, exist_ok=True)
            (public / path).write_bytes(made)
    return public


def test_pages_from_the_right_say_so_and_keep_latin_names_apart(from_the_right: Path) -> None:
    for page in sorted(from_the_right.rglob("*.html")):
        assert html.fromstring(page.read_text(encoding="utf-8")).xpath("/html/@dir") == ["rtl"], page
    register = html.fromstring((from_the_right / "register/index.html").read_text(encoding="utf-8"))
    assert register.xpath("//tbody//th/a/bdi/@dir") == ["ltr"]
    edition = html.fromstring((from_the_right / "standard/2020/index.html").read_text(encoding="utf-8"))
    assert set(edition.xpath('//p[@class="normative"]/@dir')) <= {"ltr", "auto"}
    translation = html.fromstring((from_the_right / "standard/2020/ar/index.html").read_text(encoding="utf-8"))
    assert translation.get_element_by_id("c1.1").xpath("./p/@lang") == []
    assert translation.get_element_by_id("c1.3").xpath("./p/@lang") == ["en"]


@pytest.mark.java
def test_the_nu_checker_finds_nothing_on_a_site_from_the_right(from_the_right: Path) -> None:
    assert nu_errors(from_the_right) == []


@pytest.mark.browser
@pytest.mark.parametrize("kind", PAGES)
def test_a_page_from_the_right_is_accessible_and_overflows_nowhere(
    browser: Browser, from_the_right: Path, kind: str
) -> None:
    with serve(from_the_right) as address:
        for view, options in VIEWS.items():
            context = browser.new_context(**options)
            page = context.new_page()
            page.goto(address + PAGES[kind])
            page.evaluate("document.fonts.ready.then(() => true)")
            assert axe_violations(page) == [], view
            assert not overflow(page), view
            if view == "light":
                logo, menu = page.locator(".brand").bounding_box(), page.locator("header nav").bounding_box()
                assert logo is not None
                assert menu is not None
                assert logo["x"] > menu["x"]
            context.close()


@pytest.mark.java
@pytest.mark.slow
def test_a_report_and_a_certificate_from_the_right_pass_both_validators(
    right_artefacts: dict[str, Artefact], tmp_path: Path
) -> None:
    files = [tmp_path / "report.pdf", tmp_path / "certificate.pdf"]
    for file in files:
        artefact = right_artefacts[f"assessments/brook-trust/starters/2024-05/{file.name}"]
        made = artefact.render(artefact.inputs, arabic_theme())
        assert isinstance(made, PrintDocument)
        assert 'dir="rtl"' in made.html
        assert '<bdi dir="ltr">Brook Trust</bdi>' in made.html
        file.write_bytes(press(made, arabic_theme()))
        assert own_checks(file) == []
    verdicts = [*verapdf(files, ("3a", "ua1")), *page_validation(files, ("3a", "ua1"))]
    assert [verdict for verdict in verdicts if verdict["compliant"] is not True] == []


def test_what_is_not_issued_says_so_across_the_page_in_the_language_of_the_site(
    right_artefacts: dict[str, Artefact], tmp_path: Path
) -> None:
    """The mark is drawn from the words, not shipped: in each language another drawing."""
    path = "assessments/brook-trust/starters/2024-05/report.pdf"
    site = project(tmp_path, {})
    english = planned(content(site.content), DAY, site.site(), theme())[path]
    marks = set()
    for artefact, speaks in ((english, theme()), (right_artefacts[path], arabic_theme())):
        made = artefact.render(artefact.inputs, speaks)
        assert isinstance(made, PrintDocument)
        (sheet,) = html.fromstring(made.html).xpath('//link[starts-with(@href, "data:text/css,")]/@href')
        drawing = unquote(unquote(sheet))
        assert "@page { background-image: url(" in drawing
        marks.add(re.findall(r' d="(M[^"]+)"', drawing)[0])
    assert len(marks) == 2
