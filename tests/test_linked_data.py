"""Linked data says what the register and the pages say, by full addresses that are files of the site, and no more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from ismpe_site.publications.site import canonical_json
from tests.conftest import BuiltSite

BASE = "https://ismpe.example/"
# Members whose value is an address.
ADDRESSES = {"@id", "url", "identifier", "image", "contentUrl", "mainEntityOfPage"}


@pytest.fixture(scope="module")
def documents(site: BuiltSite) -> dict[str, dict[str, Any]]:
    """Path → the document."""
    found = sorted(site.public.rglob("*.jsonld"))
    return {path.relative_to(site.public).as_posix(): json.loads(path.read_bytes()) for path in found}


@pytest.fixture(scope="module")
def rows(site: BuiltSite) -> dict[str, dict[str, Any]]:
    """Key → row of the register."""
    return {row["assessment"]: row for row in json.loads(site.read("register/register.json"))["awards"]}


def members(value: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Every (name, value) of a document that is no list or object itself."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from members(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from members(item, name)
    else:
        yield name, value


def file_of(public: Path, address: str) -> Path:
    path = address.removeprefix(BASE).partition("#")[0]
    return public / (f"{path}index.html" if not path or path.endswith("/") else path)


def test_there_is_one_for_each_award_organisation_and_edition_and_one_for_the_site(
    site: BuiltSite, documents: dict[str, Any], rows: dict[str, Any]
) -> None:
    organisations = {row.split("/")[0] for row in rows} | {"corrievale-council", "hestwick-housing-trust"}
    assert set(documents) == {
        "site.jsonld",
        *(f"assessments/{key}/award.jsonld" for key in rows),
        *(f"organisations/{name}/organisation.jsonld" for name in organisations),
        *(f"standard/{edition}/edition.jsonld" for edition in ("2003", "2026-draft")),
    }
    for path, document in documents.items():
        assert (site.public / path).read_bytes() == canonical_json(document)
        assert document["@context"] == "https://schema.org"


def test_every_address_is_full_and_a_file_of_the_site(site: BuiltSite, documents: dict[str, Any]) -> None:
    checked = 0
    for path, document in documents.items():
        for name, value in members(document):
            # An organisation's address on the web is its own.
            if name in ADDRESSES and not (name == "url" and path.startswith("organisations/")):
                assert isinstance(value, str)
                assert value.startswith(BASE), (path, name, value)
                assert file_of(site.public, value).is_file(), (path, name, value)
                checked += 1
    assert checked > 100


def test_a_place_on_a_page_is_there(site: BuiltSite, documents: dict[str, Any]) -> None:
    places = {v for d in documents.values() for name, v in members(d) if name == "@id" and isinstance(v, str)}
    on_pages = {place for place in places if "#p-" in place}
    assert len(on_pages) == 5
    for place in on_pages:
        page = html.fromstring(file_of(site.public, place).read_bytes())
        assert page.get_element_by_id(place.partition("#")[2]) is not None


def issued_numbers(site: BuiltSite) -> set[str]:
    return {path.parent.name for path in site.public.glob("certificates/ISMPE-*/index.html")}


def test_pages_name_their_data_and_the_data_their_page(site: BuiltSite, documents: dict[str, Any]) -> None:
    named: dict[str, str] = {}
    for page in site.pages():
        tree = html.fromstring(page.read_bytes())
        for link in tree.xpath("//head/link[@rel='alternate'][@type='application/ld+json']/@href"):
            path = (page.parent / link).resolve().relative_to(site.public.resolve()).as_posix()
            named[path] = tree.xpath("//head/link[@rel='canonical']/@href")[0]
    credentials = {path for path in named if path.startswith("certificates/")}
    assert credentials == {f"certificates/{number}/credential.json" for number in issued_numbers(site)}
    for path in credentials:
        assert named.pop(path) == BASE + path.removesuffix("credential.json")
    assert set(named) == set(documents)
    assert named.pop("site.jsonld") == BASE
    assert named == {path: document["url"] for path, document in documents.items() if path in named} | {
        path: documents[path]["mainEntityOfPage"] for path in named if path.startswith("organisations/")
    }


def test_awards_say_what_the_register_says(documents: dict[str, Any], rows: dict[str, Any]) -> None:
    assert len(rows) == 6
    for key, row in rows.items():
        award = documents[f"assessments/{key}/award.jsonld"]
        assert award["@type"] == "EducationalOccupationalCredential"
        assert award["name"] == f"ISMPE {row['level']} award"
        said = (
            award["credentialCategory"],
            award["creativeWorkStatus"],
            award["dateCreated"],
            award["expires"],
            award["dateModified"],
            award["about"]["name"],
            award["about"]["provider"]["name"],
            award["isBasedOn"]["@id"],
        )
        assert said == (
            row["level"],
            row["state"],
            row["awarded"],
            row["valid_until"],
            row["since"],
            row["programme"],
            row["organisation"],
            f"{BASE}standard/{row['edition']}/",
        )
        assert award["keywords"] == ["specimen" if row["specimen"] else "not issued"]
        assert ("image" in award) is (row["state"] == "active")
        assert award["publisher"] == {"@type": "Organization", "@id": f"{BASE}#publisher", "name": "ISMPE"}
        assert award["recognizedBy"] == {"@id": f"{BASE}#publisher"}


def test_an_organisation_holds_its_awards_in_force_and_gives_no_contact(
    documents: dict[str, Any], rows: dict[str, Any]
) -> None:
    for path, document in documents.items():
        if path.startswith("organisations/"):
            name = path.split("/")[1]
            held = [key for key, row in rows.items() if key.startswith(f"{name}/") and row["state"] == "active"]
            assert [award["@id"] for award in document["hasCredential"]] == [f"{BASE}assessments/{k}/" for k in held]
            assert document["keywords"] == ["specimen"]
            assert {"email", "telephone", "contactPoint"}.isdisjoint(document)


def test_an_edition_names_its_parts_and_files(documents: dict[str, Any]) -> None:
    edition, draft = (documents[f"standard/{name}/edition.jsonld"] for name in ("2003", "2026-draft"))
    assert (edition["creativeWorkStatus"], draft["creativeWorkStatus"]) == ("current", "draft")
    assert [part["position"] for part in edition["hasPart"]] == [1, 2, 3, 4, 5, 6]
    assert edition["hasPart"][3]["@id"] == f"{BASE}standard/2003/4/"
    assert {file["encodingFormat"] for file in edition["encoding"]} == {
        "application/pdf", "application/json", "text/csv",
    }  # fmt: skip
    assert draft["isBasedOn"] == {"@id": f"{BASE}standard/2003/"}
    assert "isBasedOn" not in edition


def test_the_site_says_who_publishes_it_and_where_to_turn_to() -> None:
    from ismpe_site.publications.linked_data import SiteInputs, render_site
    from ismpe_site.publications.site import Contact, Imprint
    from tests.test_pictures import ROOT, load_theme

    contact = Contact("office@ismpe.example", "+44 20 7946 0000", ("1 Sample Street", "Exampleton"))
    imprint = Imprint("The Title", "Short", BASE, "en", "The Publisher", contact=contact)
    data = json.loads(render_site(SiteInputs(imprint, "A tagline."), load_theme(ROOT / "themes/ismpe")))
    publisher, website = data["@graph"]
    assert (publisher["@type"], publisher["name"]) == ("Organization", "The Publisher")
    assert (publisher["email"], publisher["telephone"]) == ("office@ismpe.example", "+44 20 7946 0000")
    assert publisher["address"] == "1 Sample Street, Exampleton"
    assert (website["@type"], website["name"], website["description"], website["publisher"]["@id"]) == (
        "WebSite", "The Title", "A tagline.", publisher["@id"],
    )  # fmt: skip
