"""An award as an Open Badges 3.0 credential, before it is signed: a plain document in the words of the standard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from ismpe_site.results import exact_number, percent_down
from ismpe_site.trust import places
from ismpe_site.trust.did import did_of
from ismpe_site.trust.errors import TrustError
from ismpe_site.trust.status_list import BITS

CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
)
SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"

Thing = dict[str, object]


@dataclass(frozen=True)
class LevelFacts:
    """A level of award and what the edition asks for it, in percent: overall, and in every core standard."""

    level: str
    overall: Fraction
    each_core_standard: Fraction


@dataclass(frozen=True)
class StandardFacts:
    """What was reached in one core standard, as a share (0 to 1)."""

    number: int
    title: str
    share: Fraction


@dataclass(frozen=True)
class AwardFacts:
    """What a credential says. Everything in it will be public for ever: hand over what may be, leave out the rest.

    ``levels`` are those of the edition, the lowest first. ``overall`` is a share (0 to 1), None where the score is
    not public; ``core_standards`` is empty then. ``assessed``: the days on site, empty where they are not public.
    ``valid_until`` is the last day, inclusive. ``status_index`` is the certificate's place in the status list.
    ``report_sri`` is the digest of the published report as in Subresource Integrity (``sha256-…``), None where the
    report is not public. ``issuer`` is the publisher's name, the scheme's where it is empty.
    """

    number: str
    organisation: str
    website: str | None
    programme: str
    level: str
    levels: tuple[LevelFacts, ...]
    edition: str
    edition_title: str
    scheme: str
    overall: Fraction | None
    core_standards: tuple[StandardFacts, ...]
    assessed: tuple[date, ...]
    awarded: date
    valid_until: date
    status_index: int
    report_sri: str | None = None
    specimen: bool = False
    issuer: str = ""
    language: str = "en"


def award_credential(facts: AwardFacts, base_url: str) -> Thing:
    """The credential of one award, for ``sign``. ``base_url`` ends with a slash. Raises TrustError.

    There is ONE status entry, because the official schema refuses a list: so it has one purpose, revocation.
    """
    _check(facts)
    did = did_of(base_url)
    here = places.certificate(base_url, facts.number)
    achievement = _achievement(facts, base_url, did)
    evidence: Thing = {}
    if facts.report_sri is not None:
        report = places.certificate(base_url, facts.number, "report.pdf")
        evidence = {
            "evidence": [
                {"id": here, "type": ["Evidence"], "name": "Assessment report", "genre": "assessment report"},
            ],
            # Binds the published report to what is signed; the certificate cannot be, for it holds the credential.
            "relatedResource": [{"id": report, "mediaType": "application/pdf", "digestSRI": facts.report_sri}],
        }
    status = places.status_list(base_url)
    return {
        "@context": list(CONTEXTS),
        "id": places.certificate(base_url, facts.number, "credential.json"),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{achievement['name']}: {facts.organisation}, {facts.programme}",
        "issuer": {"id": did, "type": ["Profile"], "name": facts.issuer or facts.scheme, "url": base_url},
        "awardedDate": _midnight(facts.awarded),
        "validFrom": _midnight(facts.awarded),
        "validUntil": _midnight(facts.valid_until + timedelta(days=1)),
        "credentialSubject": _subject(facts, here, achievement),
        **evidence,
        "credentialStatus": {
            "id": places.status_list(base_url, facts.status_index),
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(facts.status_index),
            "statusListCredential": status,
        },
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }


def _check(facts: AwardFacts) -> None:
    if facts.level not in [one.level for one in facts.levels]:
        raise TrustError(f"{facts.number}: the edition has no level {facts.level}")
    if facts.valid_until < facts.awarded:
        raise TrustError(f"{facts.number}: the award ends before it begins")
    if not 0 <= facts.status_index < BITS:
        raise TrustError(f"{facts.number}: place {facts.status_index} is outside the status list, which has {BITS}")


def _subject(facts: AwardFacts, here: str, achievement: Thing) -> Thing:
    """The organisation: by its website where it has one, else by its certificate's page, and by its name."""
    name = {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": facts.organisation,
        "identityType": "name",
        "salt": "not-used",
    }
    days: Thing = {}
    if facts.assessed:
        days = {
            "activityStartDate": _midnight(min(facts.assessed)),
            "activityEndDate": _midnight(max(facts.assessed)),
        }
    return {
        "id": facts.website or f"{here}#organisation",
        "type": ["AchievementSubject"],
        "licenseNumber": facts.number,
        "identifier": [name],
        **days,
        "achievement": achievement,
        "result": _results(facts, str(achievement["id"])),
    }


def _achievement(facts: AwardFacts, base_url: str, did: str) -> Thing:
    here = places.edition(base_url, facts.edition, f"award-{facts.level}")
    wanted = next(level for level in facts.levels if level.level == facts.level)
    overall, each = exact_number(wanted.overall), exact_number(wanted.each_core_standard)
    unreal = "Specimen: the organisation is invented and this is no award. " if facts.specimen else ""
    return {
        "id": here,
        "type": ["Achievement"],
        "achievementType": "QualityAssuranceCredential",
        "version": facts.edition,
        "inLanguage": facts.language,
        "name": f"{'SPECIMEN: ' if facts.specimen else ''}{facts.scheme} {facts.level.capitalize()} Award",
        "creator": {"id": did, "type": ["Profile"], "name": facts.issuer or facts.scheme, "url": base_url},
        "description": f"{unreal}A programme assessed against {facts.edition_title}.",
        "criteria": {
            "id": places.edition(base_url, facts.edition),
            "narrative": f"At least {overall}% overall and {each}% in each core standard.",
        },
        "image": {
            "id": places.certificate(base_url, facts.number, "badge-light.svg"),
            "type": "Image",
            "caption": f"Badge: {facts.scheme} {facts.level.capitalize()} Award",
        },
        "resultDescription": _result_descriptions(facts, here, overall, each),
    }


def _result_descriptions(facts: AwardFacts, award: str, overall: str, each: str) -> list[Thing]:
    percent: Thing = {"type": ["ResultDescription"], "resultType": "Percent", "valueMin": "0", "valueMax": "100"}
    described: list[Thing] = []
    if facts.overall is not None:
        described.append({"id": f"{award}-overall", **percent, "name": "Overall score", "requiredValue": overall})
    described.extend(
        {"id": f"{award}-core-{one.number}", **percent, "name": f"{one.number} {one.title}", "requiredValue": each}
        for one in facts.core_standards
    )
    levels = [
        {
            "id": f"{award}-level-{level.level}",
            "type": ["RubricCriterionLevel"],
            "name": level.level.capitalize(),
            "level": str(rank),
        }
        for rank, level in enumerate(facts.levels, 1)
    ]
    described.append(
        {
            "id": f"{award}-level",
            "type": ["ResultDescription"],
            "name": "Level of award",
            "resultType": "RubricCriterionLevel",
            "rubricCriterionLevel": levels,
            "requiredLevel": f"{award}-level-{facts.level}",
        }
    )
    return described


def _results(facts: AwardFacts, award: str) -> list[Thing]:
    """Each figure rounded down, so that none contradicts the award."""
    result: Thing = {"type": ["Result"]}
    found: list[Thing] = []
    if facts.overall is not None:
        found.append({**result, "resultDescription": f"{award}-overall", "value": percent_down(facts.overall)})
    found.extend(
        {**result, "resultDescription": f"{award}-core-{one.number}", "value": percent_down(one.share)}
        for one in facts.core_standards
    )
    found.append({**result, "resultDescription": f"{award}-level", "achievedLevel": f"{award}-level-{facts.level}"})
    return found


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
