"""The feed of the register against the rules of RFC 4287, and against the register."""

import re
from dataclasses import replace
from datetime import date, datetime
from urllib.parse import urlsplit

import pytest
from lxml import etree

from ismpe_site.project import Project
from ismpe_site.publications import addresses
from ismpe_site.publications.feed import LATEST, latest_events, publish
from ismpe_site.publications.outline import Outline, scheme_of_all
from ismpe_site.publications.views import Scheme
from tests.conftest import ROOT, BuiltSite
from tests.many_awards import commons, many_awards, outline

ATOM = "{http://www.w3.org/2005/Atom}"
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}-\d\d:[a-z0-9/._-]+")


def feed_of(scheme: Scheme) -> etree._Element:
    (artefact,) = publish(scheme)
    assert artefact.path == addresses.REGISTER_ATOM
    data = artefact.render(artefact.inputs, Project.at(ROOT).theme())
    assert isinstance(data, bytes)
    return etree.fromstring(data)


def texts(element: etree._Element, name: str) -> list[str]:
    return [found.text or "" for found in element.findall(ATOM + name)]


def links(element: etree._Element, rel: str) -> list[etree._Element]:
    return [link for link in element.findall(f"{ATOM}link") if link.get("rel", "alternate") == rel]


def complaints(feed: etree._Element) -> list[str]:
    """What RFC 4287 asks for and the feed lacks, as far as it can be checked without asking anybody."""
    found = [] if feed.tag == f"{ATOM}feed" else ["4.1.1: the root is no feed"]
    entries = feed.findall(f"{ATOM}entry")
    for element in (feed, *entries):
        found += [f"4.1: {element.tag} needs one {name}" for name in ("id", "title", "updated")
                  if [bool(text.strip()) for text in texts(element, name)] != [True]]  # fmt: skip
        found += [f"3.3: {text} is no date" for name in ("updated", "published") for text in texts(element, name)
                  if not DATE.fullmatch(text) or not datetime.fromisoformat(text).tzinfo]  # fmt: skip
        found += [f"4.2.6: {text} is no absolute IRI" for text in texts(element, "id") if not urlsplit(text).scheme]
        kinds = [(link.get("type"), link.get("hreflang")) for link in links(element, "alternate")]
        if len(kinds) != len(set(kinds)):
            found.append("4.1: two alternate links of one type")
        if any(not link.get("href") for link in element.findall(f"{ATOM}link")):
            found.append("4.2.7.1: a link without href")
        if any(not category.get("term") for category in element.findall(f"{ATOM}category")):
            found.append("4.2.2.1: a category without term")
        if any(text.get("type", "text") not in ("text", "html", "xhtml") or len(text)
               for text in element.findall(f"{ATOM}title") + element.findall(f"{ATOM}summary")):  # fmt: skip
            found.append("3.1: a text that is none")
    for entry in entries:
        if not links(entry, "alternate") and entry.find(f"{ATOM}content") is None:
            found.append("4.1.2: an entry with neither content nor alternate link")
        if not texts(feed, "author") and not texts(entry, "author"):
            found.append("4.1.1: nobody is the author")
        if texts(entry, "published") > texts(entry, "updated"):
            found.append("4.2.9: published after its last change")
    if any(not texts(author, "name") for author in feed.iter(f"{ATOM}author")):
        found.append("3.2.1: a person without name")
    ids = [text for element in (feed, *entries) for text in texts(element, "id")]
    if len(ids) != len(set(ids)):
        found.append("4.1.1: an id that is there twice")
    if len(links(feed, "self")) != 1:
        found.append("4.1.1: the feed does not say where it is")
    order = [child.tag == f"{ATOM}entry" for child in feed]
    return found + ([] if order == sorted(order) else ["4.1.1: metadata behind entries"])


@pytest.mark.parametrize("count", [0, 1, 300])
def test_the_feed_keeps_the_rules(count: int) -> None:
    assert complaints(feed_of(many_awards(count))) == []


def test_the_published_feed_keeps_the_rules_and_names_pages_of_the_site(site: BuiltSite) -> None:
    feed = etree.fromstring(site.read("register/register.atom").encode())
    assert complaints(feed) == []
    for entry in feed.findall(f"{ATOM}entry"):
        (link,) = links(entry, "alternate")
        assert (site.public / link.get("href", "").removeprefix("https://ismpe.example/") / "index.html").is_file()
    assert len(feed.findall(f"{ATOM}entry")) == 8
    for page in ("index.html", "register/index.html"):
        assert 'rel="alternate" type="application/atom+xml"' in site.read(page)
    assert "register.atom\n  Content-Type: application/atom+xml" in site.read("_headers")


def test_the_check_sees_faults() -> None:
    faults = {
        "updated": "4.1",
        "id": "4.1",
        "title": "4.1",
        "link": "4.1.2",
    }
    for name, rule in faults.items():
        feed = feed_of(many_awards(3))
        entry = feed.findall(f"{ATOM}entry")[0]
        for element in entry.findall(ATOM + name):
            entry.remove(element)
        assert any(complaint.startswith(rule) for complaint in complaints(feed)), name
    feed = feed_of(many_awards(3))
    one, other, *_ = feed.findall(f"{ATOM}entry")
    one.find(f"{ATOM}id").text = other.findtext(f"{ATOM}id")
    other.find(f"{ATOM}updated").text = "4 March 2025"
    assert {complaint.split(":")[0] for complaint in complaints(feed)} == {"3.3", "4.1.1"}


def test_the_feed_holds_the_latest_and_is_as_old_as_the_newest_of_them() -> None:
    scheme = many_awards(300)
    feed = feed_of(scheme)
    updated = [texts(entry, "updated")[0] for entry in feed.findall(f"{ATOM}entry")]
    days = [award.awarded for award in scheme.awards]
    days += [award.since for award in scheme.awards if award.state != "active"]
    assert updated == [f"{day}T00:00:00Z" for day in sorted(days, reverse=True)[:LATEST]]
    assert texts(feed, "updated") == updated[:1]
    # An empty register has nothing newer than its standard.
    assert texts(feed_of(many_awards(0)), "updated") == ["2003-01-01T00:00:00Z"]


def standing(number: int, state: str, since: date, reason: str = "") -> Outline:
    one = outline(number)
    return replace(one, awards=(replace(one.awards[0], state=state, since=since, reason=reason),))


def test_an_id_stays_whatever_becomes_of_an_award_and_each_change_has_its_own() -> None:
    award = outline(1).awards[0]
    ids = {}
    for state, since in (
        ("active", award.awarded),
        ("suspended", date(2026, 2, 1)),
        ("active", date(2026, 3, 1)),
        ("withdrawn", date(2026, 4, 1)),
    ):
        feed = feed_of(scheme_of_all(commons(), [standing(1, state, since, "It was so & not <otherwise>.")]))
        ids[state, since] = [texts(entry, "id")[0] for entry in feed.findall(f"{ATOM}entry")]
        assert all(TAG.fullmatch(each) for each in ids[state, since])
        if since != award.awarded:
            assert "It was so & not <otherwise>." in texts(feed.findall(f"{ATOM}entry")[0], "summary")[0]
    first, suspended, lifted, withdrawn = ids.values()
    assert first == suspended[1:] == lifted[1:] == withdrawn[1:]
    assert len({suspended[0], lifted[0], withdrawn[0], *first}) == 4
    assert first == [f"tag:ismpe.example,{award.key[-7:]}:assessments/{award.key}/awarded"]


def test_the_feed_does_not_know_what_day_it_is() -> None:
    scheme = many_awards(20)
    assert etree.tostring(feed_of(scheme)) == etree.tostring(feed_of(replace(scheme, as_of=date(2031, 1, 1))))


def test_names_of_every_kind_of_letter() -> None:
    one = outline(1)
    organisation = replace(one.organisation, name='مؤسسة <الجدول> & "Brook" \' ]]>')
    named = replace(one, organisation=organisation, awards=(replace(one.awards[0], organisation=organisation),))
    feed = feed_of(scheme_of_all(commons(), [named]))
    assert complaints(feed) == []
    assert '<الجدول> & "Brook" \' ]]>' in texts(feed.findall(f"{ATOM}entry")[0], "title")[0]


def test_a_site_under_a_path_of_a_host_with_letters_of_its_own() -> None:
    there = replace(commons(), site=replace(commons().site, base_url="https://bücher.example:8443/mentoring/"))
    (event,) = latest_events(scheme_of_all(there, [outline(1)]))
    feed = feed_of(scheme_of_all(there, [outline(1)]))
    assert texts(feed.findall(f"{ATOM}entry")[0], "id") == [
        f"tag:xn--bcher-kva.example,{event.award.key[-7:]}:mentoring/assessments/{event.award.key}/awarded"
    ]
    assert links(feed, "self")[0].get("href") == "https://bücher.example:8443/mentoring/register/register.atom"
