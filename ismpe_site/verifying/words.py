"""A verdict in words for a person, and as data for a program."""

from __future__ import annotations

from pathlib import Path

from ismpe_site.problems import printable
from ismpe_site.verifying.judge import Known, Verdict

SAID = {
    "active": "genuine and active",
    "superseded": "genuine, but superseded",
    "suspended": "genuine, but suspended",
    "withdrawn": "genuine, but withdrawn",
    "expired": "genuine, but expired",
    "not yet valid": "genuine, but not yet valid",
    "altered": "ALTERED: this is not what was issued",
    "not ours": "NOT OURS: nothing like this was ever issued",
    "unknown": "cannot tell",
}


def in_words(path: Path, verdict: Verdict) -> str:
    """The answer first, then whose it is, then what it rests on."""
    lines = [f"{printable(path.as_posix(), 400)}: {SAID[verdict.answer]}"]
    if verdict.certificate is not None:
        issued = verdict.certificate.issued
        specimen = " (specimen)" if issued.specimen else ""
        lines.append(f"  {issued.number}: {issued.level} award of {issued.organisation}, {issued.programme}{specimen}")
        lines.append(f"  issued on {issued.on}, valid from {issued.awarded} to {issued.valid_until}")
        lines += [
            f"  {c.event} on {c.on}: {c.reason}{f' See {c.by}.' if c.by else ''}" for c in verdict.certificate.changes
        ]
    return "\n".join([*lines, *(f"  - {words}" for words in verdict.words)])


def basis(known: Known, *, copy: bool) -> str:
    """What the answers rest on: the ledger that was read, and the roots that seals lead to."""
    entries = known.ledger.entries
    lines = [f"checked by a ledger of {len(entries)} entries, the last of {entries[-1].on}" if entries else "no ledger"]
    lines += [f"root certificate, SHA-256 {print_}" for print_ in known.fingerprints]
    if known.test:
        lines.append("TEST keys: whatever they say proves nothing")
    if copy:
        lines.append(
            "this is as good as the copy of the site: compare the fingerprint with one you have from elsewhere"
        )
    return "\n".join(lines)


def as_data(path: Path, verdict: Verdict, known: Known) -> dict[str, object]:
    """The same as plain data."""
    return {
        "test": known.test,
        "file": path.as_posix(),
        "answer": verdict.answer,
        "genuine": verdict.genuine,
        "certificate": verdict.number or None,
        "reasons": list(verdict.words),
    }
