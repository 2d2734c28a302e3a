"""The ledger and the numbers: nothing can be put in, taken out, changed or dated back without being seen."""

import json
import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ismpe_site.ledger import LedgerError, continued, digest_of, line_of, read_ledger, text_of
from ismpe_site.model import Ledger, certificate_number, is_number
from ismpe_site.model.certificates import check_character

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NONE = "a" * 64


def issued(number: str, index: int, **more: object) -> dict[str, object]:
    return {
        "event": "issued",
        "number": number,
        "replaces": None,
        "assessment": f"trust-{index}/starters/2024-05",
        "organisation": "Brook Trust",
        "programme": "Starters",
        "specimen": True,
        "edition": "2020",
        "level": "gold",
        "awarded": date(2024, 6, 3),
        "valid_until": date(2027, 6, 2),
        "status_index": index,
        "files": {"certificate.pdf": NONE},
        "credential": NONE,
        **more,
    }


ONE, TWO, THREE = (certificate_number(2024, serial) for serial in (1, 2, 3))
DAY = date(2024, 6, 10)


@pytest.fixture
def ledger() -> Ledger:
    ledger = continued(Ledger(), DAY, {"event": "edition published", "edition": "2020", "clauses": {"1.1": NONE}})
    ledger = continued(ledger, DAY, issued(ONE, 0), issued(TWO, 1))
    ledger = continued(ledger, DAY + timedelta(9), {"event": "suspended", "number": ONE, "reason": "A complaint."})
    return continued(ledger, DAY + timedelta(20), {"event": "reinstated", "number": ONE, "reason": "It was unfounded."})


# -- numbers --


def test_the_check_character_is_that_of_the_published_example() -> None:
    """GRid standard, annex: A1-2425G-ABC1234002-M."""
    assert check_character("A12425GABC1234002") == "M"
    assert certificate_number(2026, 1) == "ISMPE-2026-0001-9"


@given(st.integers(2000, 2999), st.integers(1, 999_999), st.data())
def test_one_wrong_character_is_found(year: int, serial: int, data: st.DataObject) -> None:
    number = certificate_number(year, serial)
    assert is_number(number)
    stem = number[:-2]
    at = data.draw(st.sampled_from([at for at, character in enumerate(stem) if character in ALPHABET]))
    wrong = data.draw(st.sampled_from([c for c in ALPHABET if c != stem[at]]))
    assert check_character(stem[:at] + wrong + stem[at + 1 :]) != number[-1]


def test_nearly_every_exchange_of_two_is_found() -> None:
    """ISO 7064's hybrid systems let a few pass: one in two thousand here."""
    missed = tried = 0
    for year in (2024, 2026, 2031):
        for serial in range(1, 2000):
            number = certificate_number(year, serial)
            for at in (*range(6, 9), *range(11, 14)):
                one, other = number[at : at + 2]
                if one != other:
                    tried += 1
                    missed += check_character(number[:at] + other + one + number[at + 2 : -2]) == number[-1]
    assert tried > 20_000
    assert missed * 1000 < tried


@pytest.mark.parametrize(
    "text", ["", "ISMPE-2026-0001", "ISMPE-2026-0001-8", "ismpe-2026-0001-9", "ISMPE-2026-0001-9 ", "ISMPE-2026-1-Y"]
)
def test_what_is_no_number(text: str) -> None:
    assert not is_number(text)


# -- the chain --


def test_a_ledger_reads_as_it_was_written(ledger: Ledger) -> None:
    assert read_ledger(text_of(ledger)) == ledger
    assert ledger.head == digest_of(text_of(ledger).splitlines()[-1])
    assert read_ledger("") == Ledger()


def test_every_changed_bit_is_seen(ledger: Ledger) -> None:
    """In every line but the last, which only the signed digest guards: there a change must at least be no other entry
    of the same form, or leave the chain of what follows broken."""
    text = text_of(ledger)
    end = text.rindex("\n", 0, -1) + 1
    drawn = random.Random(4)
    for at in [*range(0, end, 7), *(drawn.randrange(end) for _ in range(300))]:
        changed = text[:at] + chr(ord(text[at]) ^ 1 << drawn.randrange(7)) + text[at + 1 :]
        with pytest.raises(LedgerError):
            read_ledger(changed)


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[1:],
        lambda lines: lines[:1] + lines[2:],
        lambda lines: [lines[1], lines[0], *lines[2:]],
        lambda lines: [*lines[:2], lines[1], *lines[2:]],
        lambda lines: [lines[0], "", *lines[1:]],
        lambda lines: [*lines[:2], lines[2].replace("Brook", "Other"), *lines[3:]],
        lambda lines: [*lines, "{}"],
        lambda lines: [*lines, "null"],
        lambda lines: [*lines, "[" * 5000],
        lambda lines: [*lines, lines[-1].replace('"number"', '"number":1,"number"')],
    ],
    ids=[
        "first gone",
        "one gone",
        "exchanged",
        "twice",
        "empty line",
        "changed",
        "nothing",
        "null",
        "deep",
        "twice a field",
    ],
)
def test_a_line_out_of_place_is_seen(ledger: Ledger, change: object) -> None:
    lines = text_of(ledger).splitlines()
    with pytest.raises(LedgerError):
        read_ledger("".join(f"{line}\n" for line in change(lines)))  # type: ignore[operator]


def test_a_line_cut_off_is_seen(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="not complete"):
        read_ledger(text_of(ledger)[:-1])


def test_an_entry_is_written_in_one_way_only(ledger: Ledger) -> None:
    """Whoever spaces it otherwise changes its digest, and so the chain; the last line has no chain to break yet."""
    *before, last = text_of(ledger).splitlines()
    spaced = json.dumps(json.loads(last), sort_keys=True)
    with pytest.raises(LedgerError, match="not written as entries are"):
        read_ledger("".join(f"{line}\n" for line in [*before, spaced]))


# -- what may follow what --


@pytest.mark.parametrize(
    ("event", "says"),
    [
        (issued(ONE, 2), "not the next number"),
        (issued(certificate_number(2024, 4), 2), "ends in 0003"),
        (issued(THREE, 1), "its bit of the status list is 1, not 2"),
        (issued("ISMPE-2024-00003-" + check_character("ISMPE-2024-00003"), 2), "not the next number"),
        (issued(THREE, 2, edition="2031"), "was not published before it"),
        (issued(THREE, 2, files={}), "has no files"),
        (issued(THREE, 2, replaces=certificate_number(2024, 9)), "never issued"),
        (issued(THREE, 2, assessment="trust-0/starters/2024-05"), "issued upon the same assessment"),
        ({"event": "withdrawn", "number": TWO, "reason": ""}, "reason"),
        (issued(THREE, 2, valid_until=date(2024, 6, 2)), "ends before it begins"),
        (issued(certificate_number(2023, 1), 2), "not a number of 2024"),
        ({"event": "withdrawn", "number": THREE, "reason": "x"}, "never issued"),
        ({"event": "reinstated", "number": TWO, "reason": "x"}, "is active"),
        ({"event": "superseded", "number": TWO, "reason": "x", "by": THREE}, "never issued"),
        ({"event": "edition published", "edition": "2020", "clauses": {}}, "published before"),
    ],
)
def test_an_entry_that_cannot_follow_is_refused(ledger: Ledger, event: dict[str, object], says: str) -> None:
    with pytest.raises(LedgerError, match=says):
        continued(ledger, date(2024, 12, 1), event)


def test_history_is_not_written_afterwards(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="history is not written afterwards"):
        continued(ledger, DAY + timedelta(19), {"event": "withdrawn", "number": ONE, "reason": "x"})


def test_what_is_withdrawn_stays_so(ledger: Ledger) -> None:
    ended = continued(ledger, date(2024, 9, 1), {"event": "withdrawn", "number": ONE, "reason": "x"})
    for event in ("reinstated", "suspended", "withdrawn", "superseded"):
        with pytest.raises(LedgerError, match="is withdrawn"):
            continued(ended, date(2024, 9, 2), {"event": event, "number": ONE, "reason": "x"})


def test_numbers_go_on_in_their_year(ledger: Ledger) -> None:
    assert ledger.next_number(2024) == THREE
    assert ledger.next_number(2025) == certificate_number(2025, 1)
    assert ledger.next_index() == 2


# -- the state of a certificate on a day --


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2024, 6, 2), "not yet valid"),
        (DAY - timedelta(1), "not yet valid"),
        (DAY, "active"),
        (DAY + timedelta(8), "active"),
        (DAY + timedelta(9), "suspended"),
        (DAY + timedelta(19), "suspended"),
        (DAY + timedelta(20), "active"),
        (date(2027, 6, 2), "active"),
        (date(2027, 6, 3), "expired"),
    ],
)
def test_the_state_on_a_day(ledger: Ledger, day: date, state: str) -> None:
    certificate = ledger.certificates()[0]
    assert certificate.number == ONE
    assert certificate.issued.awarded < DAY == certificate.issued.on
    assert certificate.state(day) == state


def test_ten_thousand_entries_are_one_chain() -> None:
    """Read in one go; how long it takes is measured in the benchmarks."""
    edition = {"event": "edition published", "edition": "2020", "clauses": {}}
    ledger = continued(Ledger(), DAY, edition, *(issued(certificate_number(2024, n), n - 1) for n in range(1, 10_001)))
    text = text_of(ledger)
    assert read_ledger(text).head == ledger.head
    middle = text.index("Brook Trust", len(text) // 2)
    with pytest.raises(LedgerError):
        read_ledger(text[:middle] + "B" + text[middle + 1 :].replace("rook Trust", "ruck Trust", 1))
    assert line_of(ledger.entries[-1]) == text.splitlines()[-1]
