"""Medals and badges: SVG, drawn from the award's data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from gettext import NullTranslations
from typing import Any

from ismpe_site.artefact import Artefact
from ismpe_site.language import DATA_WORD, day
from ismpe_site.model import Edition
from ismpe_site.publications import addresses
from ismpe_site.publications.lettering import Outline, fitted, outline, rows
from ismpe_site.publications.site import data_file
from ismpe_site.publications.views import PublicAward, Scheme
from ismpe_site.theme import Theme

STYLES = ("light", "dark", "mono")
BADGE_WIDTH = 410
# As PNG: the style, and how wide in pixels.
PNG_STYLE, PNG_WIDTHS = "light", (256, 512)
TEXT_WIDTH = 250

# What no XML file may hold, however it is written.
NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Medal:
    """A level's medal: ``rank`` counts from 1 for the lowest level."""

    level: str
    rank: int


@dataclass(frozen=True)
class MedalInputs:
    """A medal alone."""

    medal: Medal
    language: str


@dataclass(frozen=True)
class BadgeInputs:
    """Everything a badge says. ``mark`` (and the medal's level) is a word of the data: it is shown in ``language``."""

    style: str
    scheme_name: str
    medal: Medal
    organisation: str
    programme: str
    edition: str
    valid_until: date
    mark: str
    language: str


def publish_medals(scheme: Scheme) -> Iterator[Artefact]:
    """``/medals/<edition>/<level>.svg``."""
    for edition in scheme.editions:
        for level in edition.awards:
            inputs = MedalInputs(medal_view(edition, level.level), scheme.site.language)
            yield Artefact(addresses.medal(edition.id, level.level), render_medal, inputs)


def publish(scheme: Scheme) -> Iterator[Artefact]:
    """``/assessments/…/badge-<style>.svg`` for each active award."""
    frozen = {(number, name): data for number, name, data in scheme.frozen}
    for award in scheme.awards:
        if award.active:
            for style in STYLES:
                path, data = addresses.badge(award.key, style), frozen.get((award.certificate, f"badge-{style}.svg"))
                if data is None:
                    yield Artefact(path, render_badge, badge_inputs(scheme, award, style))
                else:
                    yield data_file(path, data)


def medal_view(edition: Edition, level: str) -> Medal:
    """The medal of a level: a higher rank carries more pips, so that levels differ by more than colour."""
    return Medal(level, [award.level for award in edition.awards].index(level) + 1)


def badge_inputs(scheme: Scheme, award: PublicAward, style: str) -> BadgeInputs:
    """What the badge of ``award`` says. Until it is issued it carries a mark, that of a specimen always."""
    return BadgeInputs(
        style=style,
        scheme_name=scheme.site.short_title,
        medal=medal_view(scheme.edition(award.edition), award.level),
        organisation=award.organisation.name,
        programme=award.programme.name,
        edition=award.edition_title,
        valid_until=award.valid_until,
        mark="specimen" if award.organisation.specimen else "" if award.certificate else "not issued",
        language=scheme.site.language,
    )


def badge_kit(scheme: Scheme, award: PublicAward) -> dict[str, Any]:
    """What a page needs to hand out a badge; its words are the templates' (``badge/words.html``)."""
    if not award.active:
        return {}
    return {"badge": badge_inputs(scheme, award, "light"), "badge_width": BADGE_WIDTH, "png_widths": PNG_WIDTHS}


def render_medal(inputs: MedalInputs, theme: Theme) -> bytes:
    """The medal alone, for lists and tables."""
    return NO_XML.sub("", theme.render("badge/medal.svg", {"medal": inputs.medal}, inputs.language)).encode()


def render_badge(badge: BadgeInputs, theme: Theme) -> bytes:
    """The badge with all its words as outlines."""
    fonts, words = theme.lettering, theme.words_of(badge.language)
    scheme = words.gettext("%(scheme)s mentoring programme award") % {"scheme": badge.scheme_name}
    level = words.pgettext(DATA_WORD, badge.medal.level).capitalize()
    until = day(badge.valid_until, badge.language)
    last = words.gettext("%(edition)s · valid to %(day)s") % {"edition": badge.edition, "day": until}
    mark = outline(fonts["strong"], marked(badge.mark, words), 10, tracking=1.2)
    context = {
        "badge": badge,
        "scheme_line": fitted(fonts["strong"], scheme, 13, TEXT_WIDTH),
        "level_lines": _level(fonts["display"], level, TEXT_WIDTH - mark.width - 26),
        "name_lines": fitted(fonts["strong"], NO_XML.sub("", badge.organisation), 16, TEXT_WIDTH, lines=2),
        "programme_lines": fitted(fonts["regular"], NO_XML.sub("", badge.programme), 13, TEXT_WIDTH),
        "last_line": fitted(fonts["regular"], last, 12.5, TEXT_WIDTH),
        "mark_line": mark,
    }
    return NO_XML.sub("", theme.render("badge/badge.svg", context, badge.language)).encode()


def marked(mark: str, words: NullTranslations) -> str:
    """The word of a mark as it stands on a badge; none where there is no mark."""
    return words.pgettext(DATA_WORD, mark).upper() if mark else ""


def _level(fonts: tuple[bytes, ...], level: str, width: float) -> tuple[Outline, ...]:
    """The level beside the mark: in one line as large as it may be, in two small ones where it is long."""
    if rows(fonts, level, 16, width) == 1:
        return fitted(fonts, level, 30, width, least=16 / 30)
    return fitted(fonts, level, 15, width, lines=2)
