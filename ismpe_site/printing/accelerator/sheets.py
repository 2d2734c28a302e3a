"""Lever ``sheets``: a style sheet that documents link to is read once.

*Speeds up:* the sheets that mark drafts and specimens are linked from each document and parsed for each; and
``styles`` can only share between documents whose sheets are the same objects.
*Safe:* only for a fetcher that says its files never change (``unchanging``), and only where reading the sheet leaves
nothing behind but its rules: no layer, counter style or colour profile. (Fonts it may bring: they belong to the font
configuration, which is part of the key.) A cached sheet keeps its page rules to itself, where the engine puts those
of all linked sheets into one list and applies them again for each sheet; the last one wins in both cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from weasyprint import css

from ismpe_site.printing.accelerator.caches import Bounded
from ismpe_site.printing.accelerator.patches import Patch, patch

BOUND = 50

# None: this sheet must be read for each document.
_sheets: Bounded[tuple[str, Any, Any, str], Any] = Bounded(BOUND)


def patches() -> Iterator[Patch]:
    """For the name ``CSS`` as ``css`` knows it, where linked and imported sheets are read."""
    yield patch(css, "CSS", _css(css.CSS))


def _css(plain: Callable[..., Any]) -> Callable[..., Any]:
    def linked(**arguments: Any) -> Any:
        fetcher = arguments.get("url_fetcher")
        # Only linked sheets are asked for their type; an imported one shares its matcher with the sheet it is in.
        if not arguments.get("_check_mime_type") or not getattr(fetcher, "unchanging", False):
            return plain(**arguments)
        key = (arguments["url"], fetcher, arguments["font_config"], arguments["media_type"])
        if key not in _sheets:
            _sheets[key] = _alone(plain, arguments)
        return _sheets[key] or plain(**arguments)

    return linked


def _alone(plain: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    """The sheet with rules of its own, or None where it leaves more behind than those."""
    counters, profiles, layers = dict(arguments["counter_style"]), dict(arguments["color_profiles"]), []  # type: ignore[var-annotated]
    sheet = plain(**{**arguments, "page_rules": [], "layers": layers})
    unchanged = counters == arguments["counter_style"] and profiles == arguments["color_profiles"]
    return sheet if unchanged and not layers and not arguments["layers"] else None
