"""A verdict in words for a person, and as data for a program."""

from __future__ import annotations

from pathlib import Path

from ismpe_site.problems import printable
from ismpe_site.verifying.judge import Verdict

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


def as_data(path: Path, verdict: Verdict) -> dict[str, object]:
    """The same as plain data."""
    return {
        "file": path.as_posix(),
        "answer": verdict.answer,
        "genuine": verdict.genuine,
        "certificate": verdict.number or None,
        "reasons": list(verdict.words),
    }
