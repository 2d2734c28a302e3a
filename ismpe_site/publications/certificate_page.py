"""The page of each certificate, and the one that explains their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ismpe_site.artefact import Artefact
from ismpe_site.model.certificates import SUCCEEDED
from ismpe_site.publications import addresses
from ismpe_site.publications.badges import BADGE_WIDTH, STYLES
from ismpe_site.publications.issued import REPORT
from ismpe_site.publications.keys_page import key_names
from ismpe_site.publications.site import web_page
from ismpe_site.publications.views import PublicCertificate, Scheme

FIRST = ("certificate.pdf", "report.pdf", "credential.json")


def publish(scheme: Scheme) -> Iterator[Artefact]:
    """``/certificates/<number>/``."""
    for certificate in scheme.certificates:
        yield web_page(
            "certificate",
            addresses.certificate(certificate.number),
            scheme.site,
            certificate=certificate,
            standing=standing(certificate),
            history=_history(scheme, certificate),
            files=_files(certificate),
            assessed=any(award.key == certificate.key for award in scheme.awards),
            key_names=key_names(scheme.trust),
            test=scheme.trust.test,
            succeeded=SUCCEEDED,
            **_kit(scheme, certificate),
        )


def publish_guide(scheme: Scheme) -> Iterator[Artefact]:
    """``/certificates/``: what a number says, and where to check it."""
    latest = scheme.certificates[0] if scheme.certificates else None
    yield web_page(
        "certificates",
        addresses.CERTIFICATES,
        scheme.site,
        latest=latest,
        recorded=bool(scheme.records),
        test=scheme.trust.test,
    )


def standing(certificate: PublicCertificate) -> tuple[str, Any, str, str]:
    """The change a certificate stands in; four empty places where it is as it was issued, or is so again."""
    if certificate.changes and certificate.changes[-1][0] != "reinstated":
        return certificate.changes[-1]
    return ("", None, "", "")


def _history(scheme: Scheme, certificate: PublicCertificate) -> tuple[tuple[PublicCertificate, str], ...]:
    """Every certificate of the same programme, in the order of ``scheme``, and the change it stands in."""
    programme = certificate.key.rpartition("/")[0]
    return tuple((each, standing(each)[0]) for each in scheme.certificates if each.key.rpartition("/")[0] == programme)


def _files(certificate: PublicCertificate) -> tuple[tuple[str, str], ...]:
    """(name, SHA-256) of the files that are published, the certificate first and the badges last."""
    shown = [(name, digest) for name, digest in certificate.files if name != REPORT or certificate.report_public]
    return tuple(sorted(shown, key=lambda file: (FIRST.index(file[0]) if file[0] in FIRST else len(FIRST), file[0])))


def _kit(scheme: Scheme, certificate: PublicCertificate) -> Mapping[str, Any]:
    """What the page needs to hand out the badge: only while the award is in force, for only then it is served."""
    in_force = any(award.active and award.certificate == certificate.number for award in scheme.awards)
    if not in_force or standing(certificate)[0]:
        return {"badge_styles": ()}
    return {"badge_styles": STYLES, "badge_width": BADGE_WIDTH}
