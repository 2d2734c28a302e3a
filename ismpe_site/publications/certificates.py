"""Certificates: one per active award. Until it is issued it carries a watermark and no number; then it is frozen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ismpe_site.artefact import Artefact, Attachment
from ismpe_site.publications import addresses
from ismpe_site.publications.badges import medal_view
from ismpe_site.publications.qr import code
from ismpe_site.publications.site import canonical_json, data_file, printed
from ismpe_site.publications.views import IssueMark, PublicAward, Scheme

NAME, BLEED = "certificate", "certificate-bleed"


def publish(scheme: Scheme) -> Iterator[Artefact]:
    """``/assessments/…/certificate.pdf``, and ``certificate-bleed.pdf`` for a print shop where asked for."""
    frozen = {(number, name): data for number, name, data in scheme.frozen}
    issued = {certificate.number: certificate for certificate in scheme.certificates}
    for award in scheme.awards:
        if not award.active:
            continue
        data = frozen.get((award.certificate, f"{NAME}.pdf"))
        if data is None:
            yield certificate(scheme, award, NAME)
        else:
            yield data_file(f"{addresses.assessment(award.key)}{NAME}.pdf", data)
        if scheme.bleed:
            one = issued.get(award.certificate)
            yield certificate(scheme, award, BLEED, IssueMark(one.number, one.issued, "") if one else None)


def certificate(
    scheme: Scheme,
    award: PublicAward,
    name: str,
    issue: IssueMark | None = None,
    attachments: tuple[Attachment, ...] = (),
    **more: Any,
) -> Artefact:
    """The certificate of one award, with the award's data attached; ``name`` is its file and its style.

    ``issue``: what it says where it is issued; then it has the field that its seal is put into, but for a print shop,
    which writes the file anew. ``more``: what its template is handed in addition.
    """
    edition = scheme.edition(award.edition)
    attached = Attachment("award.json", canonical_json(award_data(award)), "The award as data")
    return printed(
        f"{addresses.assessment(award.key)}{name}.pdf",
        "certificate",
        scheme.site,
        award.awarded,
        (attached, *attachments),
        style=name,
        pages=1,
        sealed=issue is not None and name == NAME,
        award=award,
        edition=edition,
        medal=medal_view(edition, award.level),
        issue=issue,
        code=code(scheme.site.base_url + addresses.certificate(issue.number)) if issue else None,
        **more,
    )


AWARD_FIELDS = (
    "assessment",
    "organisation",
    "country",
    "sector",
    "programme",
    "specimen",
    "edition",
    "level",
    "awarded",
    "valid_until",
    "state",
    "since",
    "reason",
)


def award_data(award: PublicAward) -> dict[str, object]:
    """An award as plain data: what the register's JSON and the certificate's attachment hold."""
    values = (
        award.key,
        award.organisation.name,
        award.organisation.country,
        award.organisation.sector,
        award.programme.name,
        award.organisation.specimen,
        award.edition,
        award.level,
        award.awarded,
        award.valid_until,
        award.state,
        award.since,
        award.reason or None,
    )
    return dict(zip(AWARD_FIELDS, values, strict=True))
