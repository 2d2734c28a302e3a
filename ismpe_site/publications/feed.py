"""The register's latest changes as a feed (Atom 1.0, RFC 4287)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from ismpe_site.artefact import Artefact
from ismpe_site.publications import addresses
from ismpe_site.publications.site import WebInputs, render_feed
from ismpe_site.publications.views import PublicAward, Scheme

LATEST = 50


@dataclass(frozen=True)
class Event:
    """Something that happened to an award: ``what`` is awarded, reinstated, or the state it came to."""

    award: PublicAward
    what: str
    day: date


def publish(scheme: Scheme) -> Iterator[Artefact]:
    """``/register/register.atom``."""
    events = latest_events(scheme)
    updated = events[0].day if events else scheme.current.published
    entries = tuple((event_id(scheme.site.base_url, event), event) for event in events)
    view = {"updated": updated, "entries": entries}
    inputs = WebInputs("register_feed", addresses.REGISTER_ATOM, scheme.site, view)
    yield Artefact(addresses.REGISTER_ATOM, render_feed, inputs)


def latest_events(scheme: Scheme, most: int = LATEST) -> tuple[Event, ...]:
    """Awards made, and how they stand now where that is otherwise; newest first."""
    events = [event for award in scheme.awards for event in _events(award)]
    events.sort(key=lambda event: (event.award.key, event.what))
    events.sort(key=lambda event: event.day, reverse=True)
    return tuple(events[:most])


def _events(award: PublicAward) -> Iterator[Event]:
    yield Event(award, "awarded", award.awarded)
    if award.state != "active":
        yield Event(award, award.state, award.since)
    elif award.since != award.awarded:
        yield Event(award, "reinstated", award.since)


def event_id(base_url: str, event: Event) -> str:
    """A name that never changes (RFC 4151). Its date is the month an assessment is called by: part of its key."""
    site = urlsplit(base_url)
    host = (site.hostname or "").encode("idna").decode()
    month = event.award.key.rpartition("/")[2]
    return f"tag:{host},{month}:{site.path.removeprefix('/')}{addresses.assessment(event.award.key)}{event.what}"
