"""An edition in another language, clause by clause, each bound to the wording it was made from."""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from ismpe_site.model.scalars import Day, Language, Markdown, Slug, Text, Value
from ismpe_site.model.standard import Edition

# So much of a digest tells wordings apart and can still be typed.
DIGEST_LENGTH = 12


def wording_digest(text: str) -> str:
    """What a translation says it was made from: of the words alone, however their lines are broken."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:DIGEST_LENGTH]


def wordings(edition: Edition) -> dict[str, str]:
    """Everything of an edition that is translated, in its order: name → wording.

    ``title``, ``introduction``; of core standard 4 ``s4-title``, ``s4-heading``, ``s4-lead`` (the words before its
    outcomes); outcomes as ``o4.1``, criteria as ``4.1``.
    """
    named = {"title": edition.title, "introduction": edition.introduction}
    for standard in edition.core_standards:
        start = f"s{standard.number}"
        named |= {f"{start}-title": standard.title, f"{start}-heading": standard.heading}
        if standard.outcomes_lead:
            named[f"{start}-lead"] = standard.outcomes_lead
        named |= {f"o{standard.number}.{index}": text for index, text in enumerate(standard.outcomes, 1)}
        named |= {criterion.id: criterion.text for criterion in standard.criteria}
    return named


def _short_form(value: object) -> object:
    """``1.1: words`` is short for ``1.1: {text: words}``."""
    return {"text": value} if isinstance(value, str) else value


class TranslatedClause(Value):
    """A clause in another language."""

    text: Markdown = Field(description="The clause in this language")
    source: Text | None = Field(
        default=None, description="Digest of the wording it was translated from; ismpe check says it"
    )


class Translation(Value):
    """An edition in another language."""

    edition: Slug = Field(description="The edition")
    language: Language = Field(description="The language of the translation")
    standing: Literal["official", "unofficial"] = Field(
        description="official: as valid as the original; unofficial: the original prevails"
    )
    made: Day = Field(description="Day of the translation")
    note: Markdown | None = Field(default=None, description="Translator's note, in this language")
    clauses: dict[Text, Annotated[TranslatedClause, BeforeValidator(_short_form)]] = Field(
        description="Clause → its words in this language"
    )

    def is_stale(self, clause: str, wording: str) -> bool:
        """Whether the wording is no longer the one that was translated."""
        return self.clauses[clause].source != wording_digest(wording)
