"""Judges seals and takes out what PDFs carry. Whatever it reads may have been made to do harm.

No byte reaches the PDF parser before a signature under one of our roots is found to cover all of it: the signature is
cut out by its ``/ByteRange``, and its certificate, its digest and its spelling are judged first. So a hostile file
costs a search for that word, and what the parser then reads is what we wrote ourselves.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from asn1crypto import cms, pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import CertificateValidator, ValidationContext

from ismpe_site.trust.errors import TrustError
from ismpe_site.trust.judgement import SealJudgement
from ismpe_site.trust.manners import be_quiet, result

if TYPE_CHECKING:
    from pyhanko_certvalidator.path import ValidationPath

RANGE = re.compile(rb"/ByteRange\s{0,9}\[\s{0,9}(\d{1,9})\s{1,9}(\d{1,9})\s{1,9}(\d{1,9})\s{1,9}(\d{1,9})\s{0,99}\]")
# Ours has one; others may have a few.
MOST_SIGNATURES = 10
# Ours takes 8 kB, one with revocation lists in it seldom more than 100.
LARGEST_SIGNATURE = 500_000
MOST_CERTIFICATES = 10

ABSENT = SealJudgement("absent", "The file carries no seal.")
STRANGER = SealJudgement("stranger", "The file is signed, but not by this issuer.")
BROKEN = SealJudgement("broken", "The file was changed after it was sealed.")
FORGED = SealJudgement("broken", "The file carries a seal in the issuer's name that does not hold.")
DAMAGED = SealJudgement("broken", "The file carries a seal that cannot be read.")


@dataclass(frozen=True)
class _Signature:
    """A signature as it stands in the file: the spans of bytes it says it covers, and what is in the gap."""

    covers_all: bool
    covered: bytes
    spelling: bytes
    content: cms.ContentInfo

    @property
    def data(self) -> cms.SignedData:
        return self.content["content"]

    @property
    def signer(self) -> x509.Certificate:
        """The certificate the signature names. Raises an error where it is not there."""
        (information,) = self.data["signer_infos"]
        named = information["sid"].chosen
        issuer, number = named["issuer"], named["serial_number"].native
        return next(c for c in self.certificates if c.issuer == issuer and c.serial_number == number)

    @property
    def certificates(self) -> list[x509.Certificate]:
        found = [choice.chosen for choice in self.data["certificates"]]
        if len(found) > MOST_CERTIFICATES:
            raise ValueError("too many certificates")
        return found


def judged(pdf: bytes, roots: Sequence[bytes]) -> SealJudgement:
    """As ``seal.judge_seal``. Raises TrustError where a root is no certificate, never for what is in ``pdf``."""
    be_quiet()
    trusted = [_root(certificate) for certificate in roots]
    found = [tuple(map(int, match.groups())) for match in RANGE.finditer(pdf)]
    if not found:
        return ABSENT
    spans = [span for span in found if _has_gap(pdf, span)]
    if len(spans) > MOST_SIGNATURES:
        return STRANGER
    signatures = [signature for span in spans if (signature := _cut_out(pdf, span))]
    paths = [(signature, path) for signature in signatures if (path := _path(signature, trusted))]
    if not paths:
        return _unproved(signatures, trusted)
    signature, path = paths[0]
    try:
        whole = len(signatures) == 1 and signature.covers_all and _as_we_spell(signature, path)
        moment = _moment(pdf, signature, trusted) if whole else None
    except Exception:  # noqa: BLE001  # a parser of hostile bytes may raise anything
        return BROKEN
    if moment is None:
        return BROKEN
    return SealJudgement("whole", "The seal is whole: not one byte was changed since.", moment.date())


def _unproved(signatures: Sequence[_Signature], roots: Sequence[x509.Certificate]) -> SealJudgement:
    """Where no signature leads to a root: one that names a root is damaged or forged, others are strangers'."""
    names = {root.subject.dump() for root in roots}
    if any(certificate.issuer.dump() in names for one in signatures for certificate in one.certificates):
        return FORGED
    return STRANGER if signatures else DAMAGED


def _root(certificate_pem: bytes) -> x509.Certificate:
    try:
        certificate = x509.Certificate.load(pem.unarmor(certificate_pem)[2])
        certificate.native  # noqa: B018  # reads it whole, or raises
    except (ValueError, TypeError) as error:
        raise TrustError("a root certificate cannot be read: PEM (-----BEGIN CERTIFICATE-----) is wanted") from error
    return certificate


def _has_gap(pdf: bytes, span: tuple[int, ...]) -> bool:
    """Whether a signature may stand between two spans of bytes; a text may hold the word too."""
    start, length, resume, _ = span
    gap = resume - length
    return not start and 2 < gap < LARGEST_SIGNATURE and pdf[length : length + 1] + pdf[resume - 1 : resume] == b"<>"


def _cut_out(pdf: bytes, span: tuple[int, ...]) -> _Signature | None:
    """The signature in the gap between two spans of bytes; None where it cannot be read."""
    _, length, resume, rest = span
    spelling = pdf[length:resume]
    try:
        content = cms.ContentInfo.load(bytes.fromhex(spelling.strip(b"<>").decode("ascii")))
        signature = _Signature(resume + rest == len(pdf), pdf[:length] + pdf[resume:], spelling, content)
        signature.signer.native  # noqa: B018  # reads it whole, or raises
    except Exception:  # noqa: BLE001  # a parser of hostile bytes may raise anything
        return None
    return signature


def _path(signature: _Signature, roots: Sequence[x509.Certificate]) -> ValidationPath | None:
    """The way from the signature's certificate to one of ``roots``; None where there is none."""
    try:
        signer = signature.signer
        validator = CertificateValidator(
            signer, signature.certificates, validation_context=_context(roots, signer.not_valid_before)
        )
        return result(validator.async_validate_path())
    except Exception:  # noqa: BLE001  # a parser of hostile bytes may raise anything
        return None


def _as_we_spell(signature: _Signature, path: ValidationPath) -> bool:
    """Whether what no signature covers, its own wrapping, is as we write it: nothing of others in or beside it."""
    on_the_way = {certificate.dump() for certificate in path}
    if not {certificate.dump() for certificate in signature.certificates} <= on_the_way:
        return False
    digits = _wrapped_anew(signature).dump().hex().upper().encode()
    wanted: bytes = b"<" + digits.ljust(len(signature.spelling) - 2, b"0") + b">"
    return signature.spelling == wanted


def _wrapped_anew(signature: _Signature) -> cms.ContentInfo:
    """What is signed, the signature and its certificates, in the wrapping that ``seal_writer`` gives them."""
    (information,) = signature.data["signer_infos"]
    signer, sha256 = signature.signer, {"algorithm": "sha256"}
    named = {"issuer": signer.issuer, "serial_number": signer.serial_number}
    signed = {
        "version": "v1",
        "sid": cms.SignerIdentifier("issuer_and_serial_number", cms.IssuerAndSerialNumber(named)),
        "digest_algorithm": sha256,
        "signed_attrs": information["signed_attrs"],
        "signature_algorithm": information["signature_algorithm"],
        "signature": information["signature"],
    }
    data = {
        "version": "v1",
        "digest_algorithms": [sha256],
        "encap_content_info": {"content_type": "data"},
        "certificates": signature.data["certificates"],
        "signer_infos": [signed],
    }
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)})


def _moment(pdf: bytes, signature: _Signature, roots: Sequence[x509.Certificate]) -> datetime | None:
    """When the seal says it was made, where it is whole; None where it is not. May raise anything."""
    begins = _context(roots, signature.signer.not_valid_before)
    detached = result(async_validate_detached_cms(signature.covered, signature.data, begins))
    if not detached.bottom_line:
        return None
    (embedded,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    moment: datetime | None = embedded.self_reported_timestamp
    if moment is None:
        return None
    status = result(async_validate_pdf_signature(embedded, _context(roots, moment)))
    whole = (
        status.bottom_line
        and status.coverage is SignatureCoverageLevel.ENTIRE_FILE
        and embedded.docmdp_level is MDPPerm.NO_CHANGES
    )
    return moment if whole else None


def _context(roots: Sequence[x509.Certificate], moment: datetime) -> ValidationContext:
    """What may be trusted as of ``moment``: the roots alone, and nothing is fetched."""
    return ValidationContext(trust_roots=list(roots), allow_fetching=False, moment=moment)
