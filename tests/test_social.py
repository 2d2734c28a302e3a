"""What other programs are told of each page in its head, and the sitemaps: whole, true and of one host."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from lxml import etree, html
from PIL import Image

from ismpe_site.language import locale_of
from ismpe_site.project import Project
from ismpe_site.publications.operations import SITEMAP_PAGES, sitemaps
from ismpe_site.publications.scheme import scheme_of_commons
from tests.conftest import ROOT, BuiltSite
from tests.quality.browser import chromium, serve, watch
from tests.test_quality import PAGES as VIEWED
from tests.whole import load

BASE = "https://ismpe.example/"
# A page with a question is the same file.
# The redirect is nothing to share: what it leads to is.
PAGES = {kind: address for kind, address in VIEWED.items() if "?" not in address and kind != "redirect"}
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ARTICLES = {
    "edition", "core standard", "draft core standard", "page", "page with a table", "earlier version",
    "programme document", "report", "report in progress", "report without award", "withdrawn award",
}  # fmt: skip
WITH_CARD = {"report", "award only", "certificate"}


def head(site: BuiltSite, address: str) -> dict[str, str]:
    """What the head of a page says: title, and the content of each meta element and link by its name."""
    tree = html.fromstring(site.read(f"{address}index.html" if not address or address.endswith("/") else address))
    found = {"title": tree.findtext("head/title") or ""}
    for meta in tree.xpath("//head/meta[@content]"):
        name = meta.get("property") or meta.get("name")
        assert name not in found, f"{name} twice"
        found[name] = meta.get("content")
    return found | {link.get("rel"): link.get("href") for link in tree.xpath("//head/link") if link.get("rel")}


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_of_each_kind_says_what_it_is(site: BuiltSite, kind: str) -> None:
    said = head(site, PAGES[kind])
    assert said["og:title"] == said["title"].removesuffix(" · ISMPE")
    assert said["og:description"] == said["description"]
    assert said["og:url"] == said["canonical"] == BASE + PAGES[kind]
    assert said["og:type"] == ("article" if kind in ARTICLES else "website")
    assert said["og:locale"] == ("fr_FR" if kind == "translation" else "en_GB")
    assert said["og:site_name"] == "International Standards for Mentoring Programmes in Employment"
    assert said["twitter:card"] == "summary_large_image"
    card = f"{PAGES[kind]}card.png" if kind in WITH_CARD else "card.png"
    if kind == "certificate":
        card = "assessments/aldermoss-college/early-career-lecturers/2025-06/card.png"
    assert said["og:image"] == BASE + card
    with Image.open(site.public / card) as image:
        assert image.size == (1200, 630)
    assert said["og:image:alt"].strip()
    assert (said["og:image:alt"].startswith("International Standards")) is (kind not in WITH_CARD)


def test_every_page_has_all_of_it_once(site: BuiltSite) -> None:
    for page in site.pages():
        text = page.read_text(encoding="utf-8")
        if "http-equiv" in text:
            continue  # the page that only leads on
        for name in ("title", "description", "url", "type", "locale", "site_name", "image", "image:alt"):
            assert text.count(f'<meta property="og:{name}" content="') == 1, (page, name)


@pytest.mark.parametrize(
    ("language", "locale"),
    [("en", "en_GB"), ("fr", "fr_FR"), ("de-AT", "de_AT"), ("ar", "ar_EG"), ("zh-Hant", "zh_TW"), ("sw", "sw_TZ")],
)
def test_a_language_with_its_likely_country(language: str, locale: str) -> None:
    assert locale_of(language) == locale


def test_the_manifest_names_icons_of_the_sizes_they_have(site: BuiltSite) -> None:
    manifest = json.loads(site.read("site.webmanifest"))
    assert (manifest["short_name"], manifest["lang"], manifest["dir"]) == ("ISMPE", "en", "ltr")
    assert manifest["theme_color"] == "#0b4f8a"
    assert not re.search(r'"/|:/', json.dumps(manifest)), "an address that works below no path"
    for icon in manifest["icons"]:
        with Image.open(site.public / icon["src"]) as image:
            assert icon["sizes"] == "{}x{}".format(*image.size)
            assert icon["type"] == Image.MIME[image.format or ""]
    assert len(manifest["icons"]) == 2


@pytest.mark.browser
def test_a_browser_reads_the_manifest_under_the_policy_and_asks_for_no_picture_of_others(site: BuiltSite) -> None:
    """The first page asks one host, no more often than it needs, and for nothing that is meant for other sites."""
    with chromium() as browser, serve(site.public) as address:
        page = browser.new_page()
        seen = watch(page, address)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url.removeprefix(address)))
        page.goto(address)
        page.wait_for_load_state("networkidle")
        manifest = page.context.new_cdp_session(page).send("Page.getAppManifest")
        assert manifest["url"] == f"{address}site.webmanifest"
        assert manifest["errors"] == []
        assert json.loads(manifest["data"])["short_name"] == "ISMPE"
        assert (seen.foreign_requests, seen.console_errors) == ([], [])
        assert not [url for url in asked if url.endswith((".jsonld", "card.png", "touch-icon.png"))]
        assert len(asked) <= 12, asked


def test_a_sitemap_names_every_page_and_no_day(site: BuiltSite) -> None:
    tree = etree.parse(site.public / "sitemap.xml")
    named = {location.text for location in tree.iter(f"{SITEMAP}loc")}
    canonical = set()
    for page in site.pages():
        if page.name == "index.html":
            canonical.add(html.fromstring(page.read_bytes()).xpath("//head/link[@rel='canonical']/@href")[0])
    assert named == canonical
    assert tree.find(f".//{SITEMAP}lastmod") is None


def test_a_site_of_very_many_pages_has_several_sitemaps() -> None:
    project = Project.at(ROOT)
    catalogue = load(ROOT / "content").catalogue
    assert catalogue is not None
    scheme = scheme_of_commons(catalogue, date(2026, 11, 22), project.site())
    paths = [f"organisations/{number:06}/index.html" for number in range(SITEMAP_PAGES)]
    assert [artefact.path for artefact in sitemaps(scheme, paths)] == ["sitemap.xml"]
    index, *parts = sitemaps(scheme, ["index.html", *paths])
    tree = etree.fromstring(index.inputs)
    assert tree.tag == f"{SITEMAP}sitemapindex"
    assert [loc.text for loc in tree.iter(f"{SITEMAP}loc")] == [BASE + part.path for part in parts]
    counts = [part.inputs.count(b"<loc>") for part in parts]
    assert counts == [SITEMAP_PAGES, 1]
    assert all(len(part.inputs) < 50 * 1024 * 1024 for part in parts)


def test_robots_names_the_sitemap(site: BuiltSite) -> None:
    assert site.read("robots.txt").endswith(f"Sitemap: {BASE}sitemap.xml\n")


def test_every_head_leads_to_files(site: BuiltSite) -> None:
    for address in PAGES.values():
        folder = Path(f"{address}x").parent
        for name, link in head(site, address).items():
            if name in ("icon", "apple-touch-icon", "manifest", "stylesheet", "alternate"):
                there = link.removeprefix(BASE) if link.startswith(BASE) else str(folder / link).lstrip("/")
                file = site.public / (f"{there}index.html" if there.endswith("/") else there)
                assert file.resolve().is_file(), (address, name, link)
