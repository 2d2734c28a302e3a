"""Where what is issued will be found: addresses that are signed, and so can never change.

The site's own list of addresses names the same places; a test compares the two.
"""

from __future__ import annotations

STATUS_LIST = "status/revocation.json"


def certificate(base_url: str, number: str, file: str = "") -> str:
    """The page of a certificate, or one of its files."""
    return f"{base_url}certificates/{number}/{file}"


def edition(base_url: str, edition_id: str, fragment: str = "") -> str:
    """The page of an edition, or a name below it."""
    return f"{base_url}standard/{edition_id}/{'#' if fragment else ''}{fragment}"


def status_list(base_url: str, index: int | None = None) -> str:
    """The list of what was withdrawn, or one entry of it."""
    return f"{base_url}{STATUS_LIST}" + ("" if index is None else f"#{index}")
