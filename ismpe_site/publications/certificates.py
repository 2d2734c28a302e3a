"""Certificates: one per active award. Not issued yet, so each carries a watermark and no number."""

from __future__ import annotations

from collections.abc import Iterator

from ismpe_site.artefact import Artefact, Attachment
from ismpe_site.publications import addresses
from ismpe_site.publications.badges import medal_view
from ismpe_site.publications.site import canonical_json, printed
from ismpe_site.publications.views import PublicAward, Scheme


def publish(scheme: Scheme) -> Iterator[Artefact]:
    """``/assessments/…/certificate.pdf``, and ``certificate-bleed.pdf`` for a print shop where asked for."""
    for award in scheme.awards:
        if award.active:
            yield certificate(scheme, award, "certificate")
            if scheme.bleed:
                yield certificate(scheme, award, "certificate-bleed")


def certificate(scheme: Scheme, award: PublicAward, name: str) -> Artefact:
    """The certificate of one award, with the award's data attached; ``name`` is its file and its style."""
    edition = scheme.edition(award.edition)
    attached = Attachment("award.json", canonical_json(award_data(award)), "The award as data")
    return printed(
        f"{addresses.assessment(award.key)}{name}.pdf",
        "certificate",
        scheme.site,
        award.awarded,
        (attached,),
        style=name,
        pages=1,
        award=award,
        edition=edition,
        medal=medal_view(edition, award.level),
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
