"""What a reader may find by searching, as plain values: what publications hand to the search room."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Findable:
    """One thing that can be found.

    ``address``: where it is, from the site's root, with its place on the page; no two share one. ``kind``: clause,
    term, organisation, page or person. ``title`` and ``text``, without markup, are what is searched and shown.
    ``edition``: the id of a clause's or term's edition, and ``status`` its status; current for all that belongs to
    none. ``language``: that of the text, where it is not the site's.
    """

    address: str
    kind: str
    title: str
    text: str
    edition: str = ""
    status: str = "current"
    language: str = ""
    specimen: bool = False

    @property
    def facts(self) -> tuple[str, ...]:
        """What results are narrowed by, and what is said beside them: ``clause``, ``draft``, ``edition 2003`` …"""
        edition = f"edition {self.edition}" if self.edition else ""
        language = f"language {self.language}" if self.language else ""
        specimen = "specimen" if self.specimen else ""
        return tuple(fact for fact in (self.kind, self.status, edition, language, specimen) if fact)
