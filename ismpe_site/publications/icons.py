"""The site's icon as PNG and the manifest that names it: what telephones show for a site kept on their screens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ismpe_site.artefact import Artefact, Picture
from ismpe_site.language import text_direction
from ismpe_site.publications import addresses
from ismpe_site.publications.site import Site, canonical_json
from ismpe_site.theme import Theme

DRAWING = "favicon.svg"
TOUCH_WIDTH, WIDTHS = 180, (192, 512)
GROUND = "#ffffff"


@dataclass(frozen=True)
class ManifestInputs:
    """What the manifest says of the site."""

    title: str
    short_title: str
    tagline: str
    language: str


def publish(site: Site, theme: Theme) -> Iterator[Artefact]:
    """The icons, where the theme has a drawing for them, and ``/site.webmanifest``."""
    if DRAWING in theme.assets:
        yield Artefact(addresses.TOUCH_ICON, render_touch_icon, TOUCH_WIDTH)
        for width in WIDTHS:
            yield Artefact(addresses.icon(width), render_icon, width)
    inputs = ManifestInputs(site.title, site.short_title, site.tagline, site.language)
    yield Artefact(addresses.WEB_MANIFEST, render_manifest, inputs)


def render_icon(width: int, theme: Theme) -> Picture:
    """The drawing as it is."""
    return Picture(theme.assets[DRAWING].decode(), width)


def render_touch_icon(width: int, theme: Theme) -> Picture:
    """The drawing on a ground: a telephone cuts the corners itself, and shows black where there is nothing."""
    return Picture(theme.assets[DRAWING].decode(), width, _colour(theme))


def render_manifest(inputs: ManifestInputs, theme: Theme) -> bytes:
    """Its addresses are relative to its own."""
    sizes = WIDTHS if DRAWING in theme.assets else ()
    return canonical_json(
        {
            "name": inputs.title,
            "short_name": inputs.short_title,
            "description": inputs.tagline,
            "lang": inputs.language,
            "dir": text_direction(inputs.language),
            "start_url": "./",
            "display": "browser",
            "icons": [
                {"src": addresses.icon(width), "sizes": f"{width}x{width}", "type": "image/png"} for width in sizes
            ],
            "theme_color": _colour(theme),
            "background_color": GROUND,
        }
    )


def _colour(theme: Theme) -> str:
    """The site's accent, where the theme has one of that name."""
    return theme.colours.get("accent", GROUND)
