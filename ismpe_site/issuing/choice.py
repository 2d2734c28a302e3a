"""Which assessments a certificate can be issued upon, and why not upon others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ismpe_site.content.issued import Issued
from ismpe_site.content.load import Loaded, load_organisation
from ismpe_site.model import Certificate
from ismpe_site.problems import ContentError, Place, Problem
from ismpe_site.results import Award, Scored
from ismpe_site.scoring.register import register
from ismpe_site.scoring.visibility import visibility, without_private


@dataclass(frozen=True)
class Wanted:
    """An assessment to be issued: where it stands, what scoring says of it, the certificate it is to stand for."""

    place: Place
    loaded: Loaded
    award: Award
    replaces: Certificate | None

    @property
    def key(self) -> str:
        """organisation/programme/assessment."""
        return self.award.scored.key


def choose(
    content: Path, on: date, commons: Loaded, keys: Sequence[str], replaced: Mapping[str, tuple[Certificate, str]]
) -> list[Wanted]:
    """What is to be issued: each assessment of ``keys``.

    ``replaced``: by key, the certificate it is to stand for, and why. Raises ContentError with all problems.
    """
    loaded = {name: load_organisation(content, name, commons) for name in {k.split("/")[0] for k in keys}}
    problems: list[Problem] = []
    wanted = []
    for key in keys:
        one = loaded[key.split("/")[0]]
        place = Place(f"content/assessments/{key}.yaml")
        # A certificate that is to be replaced differs from its assessment: that is why.
        errors = [p for p in one.problems if p.severity == "error" and not (key in replaced and p.code == "I605")]
        known = register(without_private(one.catalogue), on)
        award = next((award for award in known.awards if award.scored.key == key), None)
        scored = next((s for s in register(one.catalogue, on).assessments if s.key == key), None)
        standing = None if key in replaced else standing_for(commons.issued, key, on)
        if errors:
            problems += errors
        elif award is None or (fault := _fault(award, standing, on)):
            problems.append(Problem(place, "I623", fault if award else _no_award(scored, on), ISSUABLE))
        else:
            wanted.append(Wanted(place, one, award, replaced[key][0] if key in replaced else None))
    if problems:
        raise ContentError(problems)
    return wanted


# The states in which a certificate stands for its assessment.
STANDING = ("active", "suspended", "expired", "not yet valid")
ISSUABLE = "issued is what was reviewed, reported and earned, and is in force; `ismpe score` shows the working"


def standing_for(issued: Issued, key: str, day: date) -> Certificate | None:
    """The certificate that stands for an assessment."""
    held = (one for one in issued.of(key.split("/", maxsplit=1)[0]) if one.issued.assessment == key)
    return next((one for one in held if one.state(day) in STANDING), None)


def _no_award(scored: Scored | None, on: date) -> str:
    if scored is not None and visibility(scored.assessment, scored.organisation) == "private" and scored.score.award:
        return "the assessment is private, and a certificate is there to be checked by everybody"
    if scored is None or scored.score.indicative is None:
        return "no award follows from this assessment"
    if not scored.assessment.signed_off:
        return f"the assessment is {scored.assessment.status}, not reviewed"
    return f"its report is not dated, or dated after {on}"


def _fault(award: Award, standing: Certificate | None, on: date) -> str:
    """Why no certificate can be issued for an award; empty where one can."""
    if standing is not None:
        return f"{standing.number} is issued already; `ismpe supersede {standing.number}` issues it anew"
    if award.state != "active":
        return f"the award is {award.state} on {on}"
    return ""
