"""The nouns of what is issued: the number of a certificate, the entries of the ledger, a certificate and its state."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from ismpe_site.model.scalars import Day, Flag, Slug, Text, Value, Whole

# ISO 7064 MOD 37,36: digits and capital letters, the last of them a check character.
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NUMBER = re.compile(r"ISMPE-[12][0-9]{3}-[0-9]{4,6}-[0-9A-Z]")

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
FileName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,79}$")]
# The reason that is entered where nobody has to give one.
SUCCEEDED = "A later assessment of the same programme."
Change = Literal["superseded", "suspended", "reinstated", "withdrawn"]


def check_character(stem: str) -> str:
    """The check character of the letters and digits in ``stem``, by ISO 7064 MOD 37,36.

    It finds every single wrong character, and of exchanges of two side by side all but one in two thousand.

    >>> check_character("A12425GABC1234002")  # the example of the GRid standard
    'M'
    """
    product = 36
    for character in stem:
        if character in _ALPHABET:
            total = (product + _ALPHABET.index(character)) % 36 or 36
            product = total * 2 % 37
    return _ALPHABET[(37 - product) % 36]


def certificate_number(year: int, serial: int) -> str:
    """The number of the ``serial``-th certificate (from 1) of a year.

    >>> certificate_number(2026, 1)
    'ISMPE-2026-0001-9'
    """
    stem = f"ISMPE-{year}-{serial:04d}"
    return f"{stem}-{check_character(stem)}"


def is_number(text: str) -> bool:
    """Whether ``text`` is written like a number of ours, and its check character is right."""
    return bool(NUMBER.fullmatch(text)) and check_character(text[:-2]) == text[-1]


def _number(text: str) -> str:
    if not is_number(text):
        raise ValueError("is not a certificate number with the right check character")
    return text


Number = Annotated[str, AfterValidator(_number)]


class Entry(Value):
    """One line of the ledger. ``previous`` is the SHA-256 of the line before it, 64 zeros for the first."""

    sequence: Whole = Field(description="1, 2, 3 …")
    on: Day = Field(description="Day it was entered; never before that of the entry before")
    previous: Digest


class EditionPublished(Entry):
    """From now on the text of an edition does not change: clause → SHA-256 of its wording, rules among them."""

    event: Literal["edition published"]
    edition: Slug
    clauses: dict[str, Digest]


class AwardIssued(Entry):
    """A certificate: whose, for what, and the digests of its files. ``credential``: that of what it says."""

    event: Literal["issued"]
    number: Number
    replaces: Number | None = Field(description="The certificate of the same assessment that this one stands for")
    assessment: str = Field(pattern=r"^[a-z0-9-]+/[a-z0-9-]+/[0-9]{4}-[0-9]{2}$", description="Its key")
    organisation: Text
    programme: Text
    specimen: Flag
    edition: Slug
    level: Slug
    awarded: Day
    valid_until: Day = Field(description="Last day on which the award is valid")
    status_index: Whole = Field(description="Its bit in the status list")
    files: dict[FileName, Digest]
    credential: Digest


class StateChanged(Entry):
    """A certificate superseded, suspended, reinstated or withdrawn, with the public reason."""

    event: Change
    number: Number
    reason: Text
    by: Number | None = Field(default=None, description="The certificate that supersedes it")


class SignedAnew(Entry):
    """From now on another key signs: what stands above was compared by a person, since the key before may be lost."""

    event: Literal["signed anew"]
    key: str = Field(pattern=r"^key-[0-9]{4}[a-z]?$")
    reason: Text


LedgerEntry = Annotated[EditionPublished | AwardIssued | StateChanged | SignedAnew, Field(discriminator="event")]


class Certificate(Value):
    """A certificate with what became of it since, oldest first; ``frozen``: its files, where they are at hand."""

    issued: AwardIssued
    changes: tuple[StateChanged, ...] = ()
    frozen: tuple[tuple[str, bytes], ...] = Field(default=(), repr=False)

    @property
    def number(self) -> str:
        """Its number."""
        return self.issued.number

    @property
    def organisation(self) -> str:
        """The id of the organisation."""
        return self.issued.assessment.partition("/")[0]

    @property
    def withdrawn(self) -> bool:
        """Whether it was taken back, whenever: what it was issued upon is free then."""
        return any(change.event == "withdrawn" for change in self.changes)

    def standing(self, day: date) -> StateChanged | None:
        """The change it stands in on ``day``; none where it is as it was issued, or is so again."""
        known = [change for change in self.changes if change.on <= day]
        return known[-1] if known and known[-1].event != "reinstated" else None

    def state(self, day: date) -> str:
        """How it stands on ``day``: what is entered prevails over dates. It begins on no day before its issue."""
        if (change := self.standing(day)) is not None:
            return change.event
        if day < max(self.issued.awarded, self.issued.on):
            return "not yet valid"
        return "active" if day <= self.issued.valid_until else "expired"


class Ledger(Value):
    """What was entered, oldest first."""

    entries: tuple[LedgerEntry, ...] = ()
    head: Digest = Field(default="0" * 64, description="SHA-256 of the last line")

    def certificates(self) -> tuple[Certificate, ...]:
        """Every certificate, in the order of issue, each with its changes."""
        changes: dict[str, list[StateChanged]] = {}
        for entry in self.entries:
            if isinstance(entry, StateChanged):
                changes.setdefault(entry.number, []).append(entry)
        issued = (entry for entry in self.entries if isinstance(entry, AwardIssued))
        return tuple(Certificate(issued=one, changes=tuple(changes.get(one.number, ()))) for one in issued)

    def editions(self) -> dict[str, EditionPublished]:
        """The editions published, by their ids."""
        return {entry.edition: entry for entry in self.entries if isinstance(entry, EditionPublished)}

    def next_number(self, year: int) -> str:
        """The number after the last one of ``year``: none is left out, none is given twice."""
        given = (e.number.split("-") for e in self.entries if isinstance(e, AwardIssued))
        serials = (int(serial) for _, of, serial, _ in given if int(of) == year)
        return certificate_number(year, 1 + max(serials, default=0))

    def next_index(self) -> int:
        """The next free bit of the status list."""
        return sum(isinstance(entry, AwardIssued) for entry in self.entries)
