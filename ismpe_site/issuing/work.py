"""The work on one certificate: documents rendered, sealed and signed. The same task gives the same bytes, anywhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from ismpe_site.artefact import Artefact, Attachment
from ismpe_site.content.issued import Record
from ismpe_site.content.load import Loaded
from ismpe_site.issuer import RECORD
from ismpe_site.late import paint, press
from ismpe_site.model import Assessment, assessed_parts
from ismpe_site.publications import Scheme, Site, scheme_of_commons, with_organisations
from ismpe_site.publications.assessments import report_document
from ismpe_site.publications.badges import STYLES, badge_inputs, render_badge
from ismpe_site.publications.cards import BadgePicture, render_badge_picture
from ismpe_site.publications.certificates import NAME, certificate
from ismpe_site.publications.views import IssueMark, PublicAward, Report
from ismpe_site.scoring.register import register
from ismpe_site.scoring.visibility import without_private
from ismpe_site.theme import Theme
from ismpe_site.trust.award import AwardFacts, LevelFacts, StandardFacts, award_credential
from ismpe_site.trust.bake import bake_png, bake_svg
from ismpe_site.trust.credential import canonical_digest, read, serialise, sign
from ismpe_site.trust.did import did_of
from ismpe_site.trust.keys import Keys, fingerprint, open_keys
from ismpe_site.trust.seal import seal

# Pixels across the badge that is handed out as PNG.
PNG_WIDTH = 512


@dataclass(frozen=True)
class KeyFiles:
    """The encrypted private keys as they are in their files, what opens them, and the name of the credential key."""

    seal: bytes
    credential: bytes
    passphrase: bytes
    key_id: str

    def __repr__(self) -> str:
        return f"KeyFiles({self.key_id})"


@lru_cache(maxsize=1)
def opened(files: KeyFiles) -> Keys:
    """The keys, opened once in a process: it takes half a second. Raises TrustError."""
    return open_keys(files.seal, files.credential, files.passphrase, files.key_id)


@dataclass(frozen=True)
class Task:
    """A certificate to be: of which assessment (its key), under which number and bit of the status list."""

    loaded: Loaded
    key: str
    number: str
    status_index: int

    @property
    def path(self) -> str:
        """What it is known by while it is made."""
        return f"{self.number} {self.key}"


@dataclass(frozen=True)
class IssueWork:
    """Task → (file name → bytes) of its certificate."""

    site: Site
    theme: Theme
    on: date
    keys: KeyFiles
    accelerate: bool

    def __call__(self, task: Task) -> dict[str, bytes] | str:
        """Everything of one certificate, or why it could not be made."""
        try:
            return self._made(task)
        except (OSError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001  # whatever fails is reported with its certificate
            return f"{type(error).__name__}: {error}" if not str(error).strip() else str(error)

    def _made(self, task: Task) -> dict[str, bytes]:
        scheme, report, award, assessment = self._views(task)
        keys = opened(self.keys)
        mark = IssueMark(task.number, self.on, fingerprint(keys.chain[-1]))
        sealed_report = self._sealed(report_document(scheme, report, mark), f"Assessment report {task.number}")
        credential = self._credential(task, report, award, sealed_report if award.report_public else None)
        carried = Attachment("credential.json", credential, "The award as an Open Badges 3.0 credential")
        document = certificate(scheme, award, NAME, mark, (carried,))
        picture = paint(render_badge_picture(BadgePicture(badge_inputs(scheme, award, "light"), PNG_WIDTH), self.theme))
        badges = {
            f"badge-{style}.svg": bake_svg(render_badge(badge_inputs(scheme, award, style), self.theme), credential)
            for style in STYLES
        }
        return {
            **badges,
            "badge.png": bake_png(picture, credential),
            "certificate.pdf": self._sealed(document, f"Certificate {task.number}"),
            "credential.json": credential,
            RECORD: self._record(task, assessment).as_bytes(),
            "report.pdf": sealed_report,
        }

    def _views(self, task: Task) -> tuple[Scheme, Report, PublicAward, Assessment]:
        """What the documents show, on the day of the issue; the report is seen here whoever else may see it."""
        catalogue = without_private(task.loaded.catalogue)
        known = register(catalogue, self.on)
        own = tuple(
            replace(one, public=True, unlisted=False) if one.key == task.key else one for one in known.assessments
        )
        commons = scheme_of_commons(catalogue, self.on, self.site)
        scheme = with_organisations(commons, catalogue, replace(known, assessments=own))
        found = next(award for award in scheme.awards if award.key == task.key)
        award = replace(found, certificate=task.number)
        report = replace(next(report for report in scheme.reports if report.key == task.key), award=award)
        assessment = next(one.assessment for one in known.assessments if one.key == task.key)
        return scheme, report, award, assessment

    def _record(self, task: Task, assessment: Assessment) -> Record:
        """Salted by what only the issuer can compute, and computes again."""
        salt = hashlib.sha256(opened(self.keys).sign_raw(f"record {task.number}".encode())).hexdigest()
        return Record(salt, assessed_parts(assessment, salt))

    def _sealed(self, artefact: Artefact, reason: str) -> bytes:
        printed = press(artefact.render(artefact.inputs, self.theme), self.theme, accelerate=self.accelerate)  # type: ignore[arg-type]
        return seal(printed, opened(self.keys), self.on, reason)

    def _credential(self, task: Task, report: Report, award: PublicAward, public_report: bytes | None) -> bytes:
        keys, base_url = opened(self.keys), self.site.base_url
        facts = facts_of(task, report, award, self.site, public_report)
        return serialise(sign(award_credential(facts, base_url), keys, did_of(base_url), self.on))


def facts_of(task: Task, report: Report, award: PublicAward, site: Site, public_report: bytes | None) -> AwardFacts:
    """What the credential says of an award: the scores and the days only where the report is public."""
    edition, score = report.edition, report.score
    titles = {standard.number: standard.title for standard in edition.core_standards}
    public = public_report is not None
    return AwardFacts(
        number=task.number,
        organisation=award.organisation.name,
        website=award.organisation.website,
        programme=award.programme.name,
        level=award.level,
        levels=tuple(LevelFacts(level.level, level.overall, level.each_core_standard) for level in edition.awards),
        edition=edition.id,
        edition_title=edition.short_title,
        scheme=site.short_title,
        overall=score.overall if public else None,
        core_standards=tuple(
            StandardFacts(standard.number, titles[standard.number], standard.fraction)
            for standard in score.standards
            if public and standard.fraction is not None
        ),
        assessed=report.assessed if public else (),
        awarded=award.awarded,
        valid_until=award.valid_until,
        status_index=task.status_index,
        report_sri=_sri(public_report) if public_report is not None else None,
        specimen=award.organisation.specimen,
        issuer=site.publisher,
        language=site.language,
    )


def _sri(data: bytes) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(data).digest()).decode()


def issued_event(task: Task, files: Mapping[str, bytes], award: Any, replaces: str | None) -> dict[str, Any]:
    """The entry of the ledger for what was made. ``award``: the register's (scoring) line of it."""
    scored = award.scored
    return {
        "event": "issued",
        "number": task.number,
        "replaces": replaces,
        "assessment": task.key,
        "organisation": scored.organisation.name,
        "programme": scored.programme.name,
        "specimen": scored.organisation.specimen,
        "edition": scored.edition.id,
        "level": award.level,
        "awarded": award.awarded,
        "valid_until": award.valid_until,
        "status_index": task.status_index,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())},
        "credential": canonical_digest(read(files["credential.json"])),
    }
