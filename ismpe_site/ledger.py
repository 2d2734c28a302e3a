"""The ledger as text: one line of JSON for each entry, each with the digest of the line before it.

Nothing is ever changed or taken out: a change is a new line. So whoever has kept one line, or its digest, knows whether
all that went before is still as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ismpe_site.exact_json import compact, read_exactly
from ismpe_site.model.certificates import (
    AwardIssued,
    EditionPublished,
    Ledger,
    LedgerEntry,
    StateChanged,
    certificate_number,
)

START = "0" * 64
MAX_LINE = 100_000
_ENTRY: TypeAdapter[LedgerEntry] = TypeAdapter(LedgerEntry)


class LedgerError(Exception):
    """A ledger that is not whole: ``line`` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        super().__init__(message)


def read_ledger(text: str) -> Ledger:
    """The ledger, where it is whole: every line well-formed, chained to the one before, and possible after it.

    Raises LedgerError at the first line that is not; what comes after it proves nothing.
    """
    entries: list[LedgerEntry] = []
    head, course = START, _Course()
    lines = text.split("\n")
    if lines.pop():
        raise LedgerError(len(lines) + 1, "the last line is not complete")
    for number, line in enumerate(lines, 1):
        entry = _entry(line, number)
        if entry.previous != head:
            raise LedgerError(number, "the entry before it is not the one it was written after")
        if entry.sequence != number:
            raise LedgerError(number, f"its sequence is {entry.sequence}, not {number}")
        if fault := course.fault(entry):
            raise LedgerError(number, fault)
        entries.append(entry)
        head = digest_of(line)
    return Ledger(entries=tuple(entries), head=head)


def _entry(line: str, number: int) -> LedgerEntry:
    try:
        if len(line) > MAX_LINE:
            raise ValueError("it is too long")
        entry = _possible(read_exactly(line), number)
    except ValueError as error:
        raise LedgerError(number, f"it is no entry: {error}") from None
    if line_of(entry) != line:
        raise LedgerError(number, "it is not written as entries are")
    return entry


def _possible(data: Mapping[str, Any], number: int) -> LedgerEntry:
    try:
        return _ENTRY.validate_python(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"][1:]))
        raise LedgerError(number, f"{where or 'the entry'}: {first['msg']}") from None


def digest_of(line: str) -> str:
    """SHA-256 of a line, without its end."""
    return hashlib.sha256(line.encode("utf-8", "surrogatepass")).hexdigest()


def line_of(entry: LedgerEntry) -> str:
    """The one way an entry is written: keys in order, no white space, UTF-8."""
    return compact(entry.model_dump(mode="json"))


def text_of(ledger: Ledger) -> str:
    """The whole ledger as it stands in its file."""
    return "".join(f"{line_of(entry)}\n" for entry in ledger.entries)


def continued(ledger: Ledger, on: date, *events: Mapping[str, Any]) -> Ledger:
    """``ledger`` with more entries, all of the day ``on``. Raises LedgerError where one cannot follow."""
    entries, head, course = list(ledger.entries), ledger.head, _Course()
    for earlier in entries:
        course.fault(earlier)
    for event in events:
        place = {"sequence": len(entries) + 1, "on": on, "previous": head}
        entry = _possible({**event, **place}, len(entries) + 1)
        if fault := course.fault(entry):
            raise LedgerError(entry.sequence, fault)
        entries.append(entry)
        head = digest_of(line_of(entry))
    return Ledger(entries=tuple(entries), head=head)


class _Course:
    """What has been entered so far, as far as it decides what may follow."""

    def __init__(self) -> None:
        self._day = date.min
        self._states: dict[str, str] = {}
        self._serials: dict[str, int] = {}
        self._editions: set[str] = set()
        self._assessments: dict[str, str] = {}

    def fault(self, entry: LedgerEntry) -> str:
        """Why ``entry`` cannot follow, empty where it can; then it is taken to have followed."""
        if entry.on < self._day:
            return f"it is dated {entry.on}, the entry before it {self._day}; history is not written afterwards"
        if isinstance(entry, EditionPublished):
            fault = f"edition {entry.edition} was published before" if entry.edition in self._editions else ""
            self._editions.add(entry.edition)
        elif isinstance(entry, AwardIssued):
            fault = self._issued(entry)
        else:
            fault = self._changed(entry) if isinstance(entry, StateChanged) else ""
        self._day = entry.on
        return fault

    def _issued(self, entry: AwardIssued) -> str:
        year = entry.number.split("-")[1]
        expected = self._serials.get(year, 0) + 1
        if entry.number != certificate_number(int(year), expected):
            return f"{entry.number} is not the next number of {year}: that ends in {expected:04d}"
        if year != f"{entry.on:%Y}":
            return f"{entry.number} is not a number of {entry.on:%Y}, when it was issued"
        if entry.status_index != len(self._states):
            return f"its bit of the status list is {entry.status_index}, not {len(self._states)}"
        if entry.edition not in self._editions:
            return f"edition {entry.edition} was not published before it"
        if not entry.files:
            return "it has no files"
        if entry.replaces is not None and entry.replaces not in self._states:
            return f"it replaces {entry.replaces}, which was never issued"
        before = self._assessments.get(entry.assessment)
        if before != entry.replaces and self._states.get(before or "") in ("active", "suspended"):
            return f"{before} is issued upon the same assessment, and it does not replace it"
        if not entry.awarded <= entry.valid_until:
            return "its validity ends before it begins"
        self._serials[year] = expected
        self._states[entry.number] = "active"
        self._assessments[entry.assessment] = entry.number
        return ""

    def _changed(self, entry: StateChanged) -> str:
        state = self._states.get(entry.number)
        may = {
            "active": ("superseded", "suspended", "withdrawn"),
            "suspended": ("superseded", "reinstated", "withdrawn"),
        }
        if state is None:
            return f"{entry.number} was never issued"
        if entry.event not in may.get(state, ()):
            return f"{entry.number} is {state}, so it cannot be {entry.event}"
        if entry.by is not None and (entry.by not in self._states or entry.by == entry.number):
            return f"{entry.by}, which supersedes it, was never issued"
        self._states[entry.number] = "active" if entry.event == "reinstated" else entry.event
        return ""
