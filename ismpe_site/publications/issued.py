"""What is issued, byte for byte: the files of each certificate, and what is published of all of them together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from ismpe_site.artefact import Artefact
from ismpe_site.model import Catalogue, Certificate, Edition, Ledger
from ismpe_site.publications import addresses
from ismpe_site.publications.site import data_file
from ismpe_site.publications.views import PublicCertificate, Scheme, newest_first

# It stays with the scheme: digests of short answers could be guessed from.
RECORD = "record.json"
REPORT = "report.pdf"


def publish(scheme: Scheme) -> Iterator[Artefact]:
    """``/certificates/<number>/``: the files of each certificate, its report only where that is public."""
    shown = {certificate.number: certificate for certificate in scheme.certificates}
    for number, name, data in scheme.frozen:
        if name in dict(shown[number].files) and (name != REPORT or shown[number].report_public):
            yield data_file(addresses.certificate(number) + name, data)


def publish_records(scheme: Scheme) -> Iterator[Artefact]:
    """The ledger, the list of revoked bits, the signed digests, the issuer's keys."""
    for address, data in scheme.records:
        yield data_file(address, data)
    for name, data in scheme.trust.keys:
        yield data_file(addresses.key_file(name), data)
    for name, text in scheme.trust.minisign:
        yield data_file(addresses.key_file(name), text.encode())


def certificate_views(
    catalogue: Catalogue, day: date, shown: frozenset[str], public: frozenset[str]
) -> tuple[PublicCertificate, ...]:
    """The certificates of ``catalogue`` as they were on ``day``, newest first.

    ``shown``: the ids of the organisations that are published; ``public``: the keys of the reports that are.
    """
    editions = {edition.id: edition for edition in catalogue.editions}
    languages = {organisation.id: organisation.language for organisation in catalogue.organisations}
    return newest_first(
        _view(certificate, day, editions, languages, certificate.issued.assessment in public)
        for certificate in catalogue.certificates
        if certificate.issued.on <= day and certificate.organisation in shown
    )


def ledger_views(
    ledger: Ledger, editions: Iterable[Edition], languages: Mapping[str, str]
) -> tuple[PublicCertificate, ...]:
    """Every certificate of ``ledger`` with every change of it, newest first, whether this site shows it or not.

    ``languages``: those of the organisations that are known here.
    """
    known = {edition.id: edition for edition in editions}
    return newest_first(_view(one, date.max, known, languages, public=False) for one in ledger.certificates())


def _view(
    certificate: Certificate, day: date, editions: Mapping[str, Edition], languages: Mapping[str, str], public: bool
) -> PublicCertificate:
    issued = certificate.issued
    return PublicCertificate(
        number=issued.number,
        key=issued.assessment,
        organisation_id=certificate.organisation,
        organisation=issued.organisation,
        programme=issued.programme,
        specimen=issued.specimen,
        edition=issued.edition,
        edition_title=editions[issued.edition].short_title,
        level=issued.level,
        issued=issued.on,
        awarded=issued.awarded,
        valid_until=issued.valid_until,
        changes=tuple((c.event, c.on, c.reason, c.by or "") for c in certificate.changes if c.on <= day),
        replaces=issued.replaces or "",
        files=tuple((name, digest) for name, digest in sorted(issued.files.items()) if name != RECORD),
        report_public=public,
        credential=issued.credential,
        language=languages.get(certificate.organisation, ""),
    )


def standing_numbers(certificates: tuple[PublicCertificate, ...]) -> dict[str, str]:
    """The key of each award → the number of the certificate that stands for it: the last one issued."""
    return {certificate.key: certificate.number for certificate in reversed(certificates)}


def frozen_files(catalogue: Catalogue, day: date) -> tuple[tuple[str, str, bytes], ...]:
    """(number, name, bytes) of all that was issued by ``day``."""
    issued = (certificate for certificate in catalogue.certificates if certificate.issued.on <= day)
    return tuple((one.number, name, data) for one in issued for name, data in one.frozen)
