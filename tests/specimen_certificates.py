"""Certificates in every state with files of every kind, made up: what their pages show, and bytes to check there.

The files are not sealed by anybody; they carry what the page looks for: a number in plain bytes, a credential.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from ismpe_site.artefact import made_late
from ismpe_site.model.certificates import SUCCEEDED, certificate_number
from ismpe_site.project import Project
from ismpe_site.publications import addresses, plan_commons, plan_lists, plan_organisation
from ismpe_site.publications.site import render_data
from ismpe_site.publications.views import (
    PublicAward,
    PublicCertificate,
    PublicOrganisation,
    PublicProgramme,
    Scheme,
    Trust,
)
from tests.conftest import ROOT
from tests.many_awards import commons

TODAY = date(2026, 11, 24)
STYLES = ("light", "dark", "mono")
NUMBERS = tuple(certificate_number(2026, serial) for serial in range(1, 8))
ACTIVE, SUPERSEDED, SUSPENDED, WITHDRAWN, EXPIRED, NOT_YET, REINSTATED = NUMBERS
STATES = dict(
    zip(
        NUMBERS,
        ("active", "superseded", "suspended", "withdrawn", "expired", "not yet valid", "active"),
        strict=True,
    )
)
RECORDS = (
    addresses.LEDGER,
    addresses.CERTIFICATE_SUMS,
    addresses.CERTIFICATE_SUMS_SIGNATURE,
    addresses.STATUS_LIST,
    ".well-known/did.json",
)
KEYS = (
    ("root-2026.crt", b"-----BEGIN CERTIFICATE-----\nAAECAwQ=\n-----END CERTIFICATE-----\n"),
    ("seal-2026.crt", b"-----BEGIN CERTIFICATE-----\nBAMCAQA=\n-----END CERTIFICATE-----\n"),
    ("credential-2026.pub", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
    ("credential-2025.compromised.pub", b"-----BEGIN PUBLIC KEY-----\nBBBB\n-----END PUBLIC KEY-----\n"),
)
MINISIGN = (("minisign-2026.pub", "untrusted comment: minisign public key\nRWQAAAA\n"),)
TRUST = Trust(
    keys=KEYS,
    test=True,
    fingerprints=tuple(
        (name, hashlib.sha256(name.encode()).digest().hex(":").upper()) for name, _ in (*KEYS, *MINISIGN)
    ),
    did="did:web:ismpe.example",
    did_document=".well-known/did.json",
    minisign=MINISIGN,
)


@dataclass(frozen=True)
class Issued:
    """A certificate as the pages see it, and its files."""

    view: PublicCertificate
    files: dict[str, bytes]


def credential(number: str, organisation: str) -> dict[str, object]:
    """What a credential might say, with letters of several alphabets, nested, with numbers."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "credentialSubject": {"achievement": {"name": f"Gold · {organisation}"}, "licenseNumber": number, "is": [3, 1]},
        "id": f"https://ismpe.example/certificates/{number}/credential.json",
        "name": 'Zoë “Ωmega” \u2028 العربية "quoted" \\ \t 𝔸',
        "proof": {"proofValue": "z" + hashlib.sha256(number.encode()).hexdigest(), "type": "DataIntegrityProof"},
    }


def canonical(value: object) -> str:
    """The form that is digested."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def files_of(number: str, organisation: str) -> dict[str, bytes]:
    """The files of a certificate: each kind with its number, or its credential, where the real ones have it."""
    said = json.dumps(credential(number, organisation), ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    badges = {f"badge-{style}.svg": _svg(style, said) for style in STYLES}
    return {
        "certificate.pdf": _pdf(number, "certificate"),
        "report.pdf": _pdf(number, "report"),
        "credential.json": said.encode(),
        **badges,
        "badge.png": _png(said),
    }


def _pdf(number: str, kind: str) -> bytes:
    packed = zlib.compress(f"{kind} of {number} ".encode() * 40)
    xmp = f"<x:xmpmeta><dc:title>{kind} {number}</dc:title></x:xmpmeta>"
    return b"%%PDF-1.7\n%%\xe2\xe3\xcf\xd3\n%b\nstream\n%b\nendstream\n%%%%EOF\n" % (xmp.encode(), packed)


def _svg(style: str, said: str) -> bytes:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'
        ' viewBox="0 0 410 140" width="410" height="140">'
        f"<openbadges:credential><![CDATA[{said}]]></openbadges:credential><title>{style}</title>"
        '<rect width="410" height="140" rx="10" fill="#888"/></svg>\n'
    ).encode()


def _png(said: str) -> bytes:
    def piece(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    text = b"openbadgecredential\0\0\0\0\0" + said.encode()
    pixels = zlib.compress(b"\0\x80\x80\x80" * 4)
    head = struct.pack(">IIBBBBB", 1, 4, 8, 2, 0, 0, 0)
    pieces = piece(b"IHDR", head) + piece(b"iTXt", text) + piece(b"IDAT", pixels) + piece(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + pieces


@cache
def issued() -> tuple[Issued, ...]:
    """One certificate for each state, newest first; the first takes the place of the second."""
    changes = {
        SUPERSEDED: (("superseded", date(2026, 11, 3), SUCCEEDED, ACTIVE),),
        SUSPENDED: (("suspended", date(2026, 10, 1), "The yearly figures were not handed in.", ""),),
        WITHDRAWN: (("withdrawn", date(2026, 9, 1), "The programme was closed & its “records” lost <all>.", ""),),
        REINSTATED: (
            ("suspended", date(2026, 8, 1), "A question was open.", ""),
            ("reinstated", date(2026, 8, 20), "The question was answered.", ""),
        ),
    }
    organisations = {ACTIVE: "Quill & Mere", SUPERSEDED: "Quill & Mere", WITHDRAWN: "مؤسسة المثال"}
    made = []
    for number in NUMBERS:
        name = organisations.get(number, f"Specimen Trust {number[-6:-2]}")
        slug = "quill" if name == "Quill & Mere" else f"org-{number[-6:-2]}"
        awarded, until = date(2026, 1, 12), date(2029, 1, 11)
        if number == EXPIRED:
            awarded, until = date(2023, 5, 2), date(2026, 5, 1)
        if number == NOT_YET:
            awarded, until = date(2027, 1, 1), date(2030, 1, 1)
        files = files_of(number, name)
        view = PublicCertificate(
            number=number,
            key=f"{slug}/starters/2026-{NUMBERS.index(number) + 1:02d}",
            organisation_id=slug,
            organisation=name,
            programme="Programme for starters",
            specimen=number != ACTIVE,
            edition="2003",
            edition_title="ISMPE 2003",
            level="gold" if number == ACTIVE else "silver",
            issued=date(2026, 1, 20),
            awarded=awarded,
            valid_until=until,
            changes=changes.get(number, ()),
            replaces=SUPERSEDED if number == ACTIVE else "",
            files=tuple((file, hashlib.sha256(data).hexdigest()) for file, data in files.items()),
            report_public=number != SUSPENDED,
            credential=hashlib.sha256(canonical(credential(number, name)).encode()).hexdigest(),
            language="cy" if number == SUSPENDED else "en",
        )
        made.append(Issued(view, files))
    return tuple(made)


def scheme(trust: Trust = TRUST, hidden: frozenset[str] = frozenset()) -> Scheme:
    """Organisations that hold these certificates, with their awards on ``TODAY``; ``hidden``: what is not shown."""
    everything = tuple(one.view for one in issued())
    certificates = tuple(view for view in everything if view.number not in hidden)
    organisations = {view.organisation_id: _organisation(view) for view in certificates}
    awards = tuple(_award(view, organisations[view.organisation_id]) for view in certificates if view.number != NOT_YET)
    return replace(
        commons(),
        as_of=TODAY,
        organisations=tuple(organisations.values()),
        awards=awards,
        certificates=certificates,
        ledger=everything,
        frozen=tuple((view.number, *file) for view in certificates for file in _files(view.number)),
        records=tuple((address, b"") for address in RECORDS),
        trust=trust,
    )


def _files(number: str) -> Iterator[tuple[str, bytes]]:
    (found,) = (one for one in issued() if one.view.number == number)
    yield from found.files.items()


def _organisation(view: PublicCertificate) -> PublicOrganisation:
    programme = PublicProgramme("starters", view.programme, "Everybody", "2020", None, None, None, ())
    return PublicOrganisation(
        id=view.organisation_id,
        name=view.organisation,
        country="GB",
        sector="charity",
        website=None,
        specimen=view.specimen,
        language="en",
        about=None,
        programmes=(programme,),
    )


def _award(view: PublicCertificate, organisation: PublicOrganisation) -> PublicAward:
    return PublicAward(
        key=view.key,
        organisation=organisation,
        programme=organisation.programmes[0],
        edition=view.edition,
        edition_title=view.edition_title,
        level=view.level,
        awarded=view.awarded,
        valid_until=view.valid_until,
        state=STATES[view.number],
        since=view.changes[-1][1] if view.changes else view.awarded,
        reason=view.changes[-1][2] if view.changes else "",
        report_public=False,
        certificate=view.number,
    )


def write_site(folder: Path, seen: Scheme) -> Iterator[str]:
    """Write the site of ``seen``, but for what would have to be printed or painted; gives the paths."""
    theme = Project.at(ROOT).theme()
    for artefact in (*plan_commons(commons(), theme), *plan_organisation(seen), *plan_lists(seen, ())):
        if made_late(artefact.path) and artefact.render is not render_data:
            continue
        path = folder / artefact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        data = artefact.render(artefact.inputs, theme)
        assert isinstance(data, bytes)
        path.write_bytes(data)
        yield artefact.path
