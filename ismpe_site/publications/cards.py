"""Pictures for places that take no SVG: badges as PNG, and the cards that other sites show beside a link."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from xml.etree import ElementTree as ET

from ismpe_site.artefact import Artefact, Picture
from ismpe_site.language import DATA_WORD, day
from ismpe_site.publications import addresses
from ismpe_site.publications.badges import (
    NO_XML,
    PNG_STYLE,
    PNG_WIDTHS,
    BadgeInputs,
    badge_inputs,
    marked,
    render_badge,
)
from ismpe_site.publications.lettering import UNITS, Outline, fitted, outline, rows
from ismpe_site.publications.views import Scheme
from ismpe_site.theme import Theme, ThemeError

# What the sites that show cards ask for, in pixels.
CARD_WIDTH, CARD_HEIGHT = 1200, 630
# How wide the words of an award may be, and those of the site.
AWARD_WORDS, SITE_WORDS = 680, 1056
LEADING = 1.2
LOGO = "logo.svg"


@dataclass(frozen=True)
class BadgePicture:
    """A badge, ``width`` pixels wide."""

    badge: BadgeInputs
    width: int


@dataclass(frozen=True)
class SiteCard:
    """What the site's own card says."""

    title: str
    tagline: str
    language: str


@dataclass(frozen=True)
class AwardCard:
    """What the card of an award says: what its badge does, and the whole name of the site."""

    badge: BadgeInputs
    title: str


def publish_site_card(scheme: Scheme) -> Iterator[Artefact]:
    """``/card.png``."""
    site = scheme.site
    yield Artefact(addresses.CARD, render_site_card, SiteCard(site.title, site.tagline, site.language))


def publish(scheme: Scheme) -> Iterator[Artefact]:
    """``/assessments/…/badge-light-<width>.png`` and ``card.png`` for each active award."""
    for award in scheme.awards:
        if award.active:
            badge = badge_inputs(scheme, award, PNG_STYLE)
            for width in PNG_WIDTHS:
                path = addresses.badge_picture(award.key, PNG_STYLE, width)
                yield Artefact(path, render_badge_picture, BadgePicture(badge, width))
            yield Artefact(addresses.award_card(award.key), render_award_card, AwardCard(badge, scheme.site.title))


def render_badge_picture(inputs: BadgePicture, theme: Theme) -> Picture:
    """The badge as it is as SVG."""
    return Picture(render_badge(inputs.badge, theme).decode(), inputs.width)


def render_site_card(card: SiteCard, theme: Theme) -> Picture:
    """The site's logo, title and tagline."""
    fonts = theme.lettering
    context = {
        "title_lines": fitted(fonts["display"], card.title, 62, SITE_WORDS, lines=3),
        "tagline_lines": fitted(fonts["regular"], card.tagline, 32, SITE_WORDS, lines=2),
    }
    return _card("badge/site_card.svg", context, card.language, theme)


def render_award_card(card: AwardCard, theme: Theme) -> Picture:
    """The medal and the words of the badge, large."""
    badge, fonts, words = card.badge, theme.lettering, theme.words_of(card.badge.language)
    level = words.gettext("%(level)s award") % {"level": words.pgettext(DATA_WORD, badge.medal.level).capitalize()}
    end = {"edition": badge.edition, "day": day(badge.valid_until, badge.language)}

    def lines(font: str, text: str, size: float, most: int = 1) -> tuple[Outline, ...]:
        return fitted(fonts[font], NO_XML.sub("", text), size, AWARD_WORDS, lines=most)

    context = {
        "medal": badge.medal,
        "scheme_lines": lines("strong", badge.scheme_name, 40),
        "title_lines": lines("regular", card.title, 23),
        "level_lines": _level(fonts["display"], level),
        "name_lines": lines("strong", badge.organisation, 42, 3),
        "programme_lines": lines("regular", badge.programme, 32),
        "last_lines": lines("regular", words.gettext("%(edition)s · valid to %(day)s") % end, 28),
        "mark": outline(fonts["strong"], marked(badge.mark, words), 21, tracking=2.4),
    }
    return _card("badge/award_card.svg", context, badge.language, theme)


def _card(template: str, context: Mapping[str, object], language: str, theme: Theme) -> Picture:
    frame = {"width": CARD_WIDTH, "height": CARD_HEIGHT, "logo": _logo(theme), "leading": _leading}
    return Picture(theme.render(template, {**frame, **context}, language), CARD_WIDTH)


def _level(fonts: tuple[bytes, ...], level: str) -> tuple[Outline, ...]:
    """In one line as large as it may be; in two small ones where it is long."""
    if rows(fonts, level, 44, AWARD_WORDS) == 1:
        return fitted(fonts, level, 68, AWARD_WORDS, least=44 / 68)
    return fitted(fonts, level, 44, AWARD_WORDS, lines=2)


def _leading(lines: tuple[Outline, ...]) -> float:
    """How far below each other the lines of a text stand."""
    return lines[0].scale * UNITS * LEADING if lines else 0


def _logo(theme: Theme) -> Callable[..., str] | None:
    """What draws the theme's (or the site's own) logo at a place in a card.

    One with words that are no outlines is left out: they would be missing.
    """
    drawing = theme.assets.get(LOGO, b"").decode()
    return partial(_placed, drawing) if drawing and not re.search(r"<(\w+:)?text\b", drawing) else None


@lru_cache(maxsize=4)
def _placed(drawing: str, x: str, y: int, width: int, height: int, align: str) -> str:
    """``drawing`` as a part of another one; a picture in it would take 20 ms to paint. Raises ThemeError."""
    # A site's own logo has no entities: its settings refuse them.
    try:
        root = ET.fromstring(drawing)  # noqa: S314
    except ET.ParseError as error:
        raise ThemeError(f"the logo is no SVG: {error}; save it as plain SVG") from error
    own = " ".join(root.get(side, "100").removesuffix("px") for side in ("width", "height"))
    root.attrib = {"viewBox": f"0 0 {own}"} | root.attrib
    root.attrib |= {"x": x, "y": str(y), "width": str(width), "height": str(height), "preserveAspectRatio": align}
    return ET.tostring(root, encoding="unicode")
