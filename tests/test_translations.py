"""Editions in other languages: whole, bound to the wording they were made from, marked where it has changed since."""

import csv
import io
import json
from pathlib import Path

from lxml import html

from ismpe_site.model import wording_digest
from tests.conftest import ROOT, BuiltSite
from tests.test_other_standards import PURPOSE, built, project, shown, text
from tests.whole import load

TRANSLATION = "content/standards/2020/translations/fr.yaml"
PAGE = "standard/2020/fr/index.html"

FRENCH = f"""standing: unofficial
made: 2024-01-01
note: Traduction d’essai.
clauses:
  title: {{text: La norme, source: {wording_digest("The standard")}}}
  s1-heading: {{text: FINALITÉ, source: {wording_digest("PURPOSE")}}}
  o1.1: {{text: Tous connaissent la finalité, source: {wording_digest("Everybody knows the purpose")}}}
  "1.1": {{text: Il existe un *énoncé* de la finalité, source: {wording_digest("There is a statement of purpose")}}}
  "1.2": {{text: Les participants savent la dire, source: {wording_digest("Participants can say what it is")}}}
"""

# Another wording of a clause that was translated. (The next edition's crosswalk would call it unchanged.)
CHANGED: dict[str, str | bytes | None] = {
    PURPOSE: text(PURPOSE, ("There is a statement of purpose", "There is a printed statement of purpose")),
    "content/standards/2024-draft": None,
}


def page(public: Path, name: str = PAGE) -> html.HtmlElement:
    return html.fromstring((public / name).read_text(encoding="utf-8"))


def clause(public: Path, name: str, file: str = PAGE) -> html.HtmlElement:
    return page(public, file).get_element_by_id(name)


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_a_translation_is_a_page_in_its_own_language(tmp_path: Path) -> None:
    """Its words are French as its clauses are, on a site that speaks English."""
    public = built(project(tmp_path, {TRANSLATION: FRENCH}))
    tree = page(public)
    assert tree.xpath("/html/@lang") == ["fr"]
    banner = words(tree.xpath('//aside[@class="banner status"]')[0])
    assert banner == "Traduction non officielle. Seul le texte en anglais fait foi : Standard 2020."
    assert words(tree.xpath("//h1")[0]) == "La norme"
    assert words(clause(public, "c1.1")) == "1.1 Il existe un énoncé de la finalité"
    assert clause(public, "c1.1").xpath(".//*[@lang]") == []
    # The frame of the site stays in the site's language.
    assert tree.xpath('//a[@class="brand"]/span/@lang') == ["en"]
    assert page(public, "index.html").xpath("/html/@lang") == ["en"]


def test_its_clauses_stand_at_the_places_of_the_original(tmp_path: Path) -> None:
    public = built(project(tmp_path, {TRANSLATION: FRENCH}))
    places = '//*[@class="clause" or contains(@class, "core-heading")]/@id'
    assert page(public).xpath(places) == page(public, "standard/2020/index.html").xpath(places)
    assert page(public).xpath(places)[:3] == ["s1", "o1.1", "c1.1"]


def test_a_clause_whose_wording_has_changed_is_marked_and_shows_the_wording_of_today(tmp_path: Path) -> None:
    public = built(project(tmp_path, {TRANSLATION: FRENCH, **CHANGED}))
    stale = clause(public, "c1.1")
    assert "Le texte a changé depuis cette traduction." in words(stale)
    assert "Il existe un énoncé de la finalité" in words(stale)
    (today,) = stale.xpath('.//*[@class="changed"]/div[@lang="en"]')
    assert words(today) == "There is a printed statement of purpose"
    assert "Le texte de 1 passage a changé" in shown(public, PAGE)
    assert clause(public, "c1.2").xpath('.//*[@class="changed"]') == []
    # As the same translation says where nothing has changed.
    before = built(project(tmp_path / "before", {TRANSLATION: FRENCH}))
    assert "a changé" not in shown(before, PAGE)


def test_a_clause_that_nobody_has_translated_is_shown_in_the_original(tmp_path: Path) -> None:
    public = built(project(tmp_path, {TRANSLATION: FRENCH}))
    untranslated = clause(public, "c2.1")
    assert untranslated.xpath("./p/@lang") == ["en"]
    assert "Mentors are trained" in words(untranslated)
    assert "Non traduit\u00a0: texte en anglais." in untranslated.text_content()
    # Its number is a word of the page.
    assert untranslated.xpath('./p/a[@class="num"]/@lang') == ["fr"]


def test_a_clause_that_may_not_apply_says_so(tmp_path: Path) -> None:
    public = built(project(tmp_path, {TRANSLATION: FRENCH}))
    assert "sans objet" in words(clause(public, "c1.3"))
    assert "sans objet" not in words(clause(public, "c1.2"))


def test_original_and_translations_lead_to_one_another(tmp_path: Path) -> None:
    public = built(project(tmp_path, {TRANSLATION: FRENCH, TRANSLATION.replace("fr.yaml", "de.yaml"): FRENCH}))
    heads = []
    for file in ("standard/2020/index.html", PAGE, "standard/2020/de/index.html"):
        tree = page(public, file)
        links = tree.xpath('//link[@rel="alternate"][@hreflang]')
        heads.append([(link.get("hreflang"), link.get("href")) for link in links])
        nav = tree.xpath('//nav[@class="languages"]//a')
        own = {"standard/2020/index.html": "English", PAGE: "Français"}.get(file, "Deutsch")
        assert {words(link) for link in nav} == {"English", "Français", "Deutsch"} - {own}
        assert all(link.get("hreflang") for link in nav)
    assert heads[0] == heads[1] == heads[2]
    assert heads[0] == [
        ("en", "https://ismpe.example/standard/2020/"),
        ("de", "https://ismpe.example/standard/2020/de/"),
        ("fr", "https://ismpe.example/standard/2020/fr/"),
    ]
    core = page(public, "standard/2020/1/index.html").xpath('//nav[@class="languages"]//a/@href')
    assert core == ["../de/index.html#s1", "../fr/index.html#s1"]
    back = page(public).xpath('//section[@class="core-standard"]//a[@hreflang="en"]/@href')
    assert back == ["../1/index.html", "../2/index.html"]
    assert page(public, "standard/2024-draft/index.html").xpath('//nav[@class="languages"]') == []


def test_where_the_theme_lacks_the_language_the_words_are_those_of_the_site(tmp_path: Path) -> None:
    public = built(project(tmp_path, {TRANSLATION.replace("fr.yaml", "ar.yaml"): FRENCH}))
    file = "standard/2020/ar/index.html"
    assert page(public, file).xpath("/html/@lang") == ["en"]
    assert clause(public, "c1.1", file).xpath("./p/@lang") == ["ar"]
    assert "Unofficial translation. The text in English prevails" in shown(public, file)


def test_an_official_translation_is_called_so(tmp_path: Path) -> None:
    public = built(project(tmp_path, {TRANSLATION: FRENCH.replace("standing: unofficial", "standing: official")}))
    assert "Traduction officielle, de même valeur que l’original (anglais)" in shown(public, PAGE)
    assert "fait foi" not in shown(public, PAGE)
    assert "official translation" in shown(public, "standard/2020/index.html")


def test_a_translation_is_there_as_data(tmp_path: Path) -> None:
    public = built(project(tmp_path, {TRANSLATION: FRENCH, **CHANGED}))
    data = json.loads((public / "standard/2020/fr/ismpe-2020-fr.json").read_text(encoding="utf-8"))
    assert (data["edition"], data["language"], data["original_language"]) == ("2020", "fr", "en")
    assert (data["standing"], data["made"], data["note"]) == ("unofficial", "2024-01-01", "Traduction d’essai.")
    clauses = {item.pop("clause"): item for item in data["clauses"]}
    assert clauses["1.1"] == {
        "state": "stale",
        "text": "Il existe un *énoncé* de la finalité",
        "original": "There is a printed statement of purpose",
    }
    assert clauses["1.2"]["state"] == "translated"
    assert clauses["2.1"] == {"state": "untranslated", "text": None, "original": "Mentors are trained"}
    rows = list(csv.DictReader(io.StringIO((public / "standard/2020/fr/ismpe-2020-fr.csv").read_text("utf-8"))))
    assert [row["clause"] for row in rows] == list(clauses)
    assert rows[list(clauses).index("1.1")]["text"] == "Il existe un énoncé de la finalité"


def test_the_shipped_french_edition_is_whole_and_of_todays_wording(site: BuiltSite) -> None:
    data = json.loads(site.read("standard/2003/fr/ismpe-2003-fr.json"))
    assert data["standing"] == "unofficial"
    assert {item["state"] for item in data["clauses"]} == {"translated"}
    assert len(data["clauses"]) > 57 + 6 * 3
    shown_page = site.read("standard/2003/fr/index.html")
    assert "Traduction non officielle" in shown_page
    assert '<link rel="alternate" hreflang="fr" href="https://ismpe.example/standard/2003/fr/">' in site.read(
        "standard/2003/index.html"
    )


def test_the_shipped_french_edition_is_set_as_french_is() -> None:
    catalogue = load(ROOT / "content").catalogue
    assert catalogue is not None
    (french,) = catalogue.translations
    for name, translated in french.clauses.items():
        assert "'" not in translated.text, name
        for sign in ";!?":
            assert f" {sign}" not in translated.text, name
