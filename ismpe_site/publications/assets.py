"""The theme's assets for the web."""

from __future__ import annotations

from ismpe_site.artefact import ASSETS, Artefact
from ismpe_site.publications.site import data_file
from ismpe_site.theme import Theme


def publish(theme: Theme) -> list[Artefact]:
    """``/assets/…``: style sheets, fonts, icons, as they are in the theme."""
    return [data_file(f"{ASSETS}{name}", data) for name, data in theme.assets.items()]
