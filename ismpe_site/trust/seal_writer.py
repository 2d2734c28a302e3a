"""The seal itself, by pyHanko: the same bytes every time, and metadata left as the press wrote them.

pyHanko has no option for any of the three: it draws a random file identifier, writes the time of the clock, and
rewrites the metadata, which PDF/A validators then refuse. Three small subclasses mend that.
"""

from __future__ import annotations

import hashlib
import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

from asn1crypto import pem, x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from ismpe_site.artefact import SEAL_FIELD
from ismpe_site.trust.errors import TrustError
from ismpe_site.trust.keys import Keys
from ismpe_site.trust.manners import be_quiet, result

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader

# Hexadecimal digits kept for the signature: given, so that pyHanko makes no trial signature to find out.
RESERVED = 8192


def sealed(pdf: bytes, keys: Keys, moment: datetime, reason: str) -> bytes:
    """``pdf`` with its field signed at ``moment``. Raises TrustError."""
    be_quiet()
    metadata = signers.PdfSignatureMetadata(
        field_name=SEAL_FIELD,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
    )
    signer = _DatedSigner(metadata, signer=_KeySigner(keys), moment=moment)
    written = io.BytesIO()
    try:
        writer = _StableWriter(io.BytesIO(pdf))
        result(signer.async_sign_pdf(writer, output=written, bytes_reserved=RESERVED, existing_fields_only=True))
    except (SigningError, PdfError) as error:
        raise TrustError(f"the document cannot be sealed: {error}") from error
    return written.getvalue()


class _StableWriter(IncrementalPdfFileWriter):
    """The second half of the identifier is the digest of the file; Info and XMP are left alone."""

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> generic.ArrayObject:
        first = prev.trailer["/ID"][0]
        if isinstance(first, generic.TextStringObject):
            first = generic.ByteStringObject(first.original_bytes)
        prev.stream.seek(0)
        digest = hashlib.sha256(prev.stream.read()).digest()
        return generic.ArrayObject([first, generic.ByteStringObject(digest[:16])])

    def _update_meta(self) -> None:
        pass


class _KeySigner(signers.Signer):
    """Signs by the opened key: pyHanko's own signer parses and checks the RSA key again for every signature."""

    def __init__(self, keys: Keys) -> None:
        registry = SimpleCertificateStore()
        registry.register_multiple(map(_certificate, keys.chain))
        super().__init__(signing_cert=_certificate(keys.seal_certificate), cert_registry=registry)
        self._keys = keys

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: ARG002
        if digest_algorithm != "sha256":
            raise SigningError(f"the seal is made with SHA-256, not {digest_algorithm}")
        return self._keys.sign_seal(data)


class _DatedSigner(signers.PdfSigner):
    """Claims the moment it is given instead of the clock's."""

    def __init__(self, *arguments: Any, moment: datetime, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._moment = moment

    def init_signing_session(self, *arguments: Any, **options: Any) -> Any:
        session = super().init_signing_session(*arguments, **options)
        session.system_time = self._moment
        return session


def _certificate(certificate_pem: bytes) -> x509.Certificate:
    return x509.Certificate.load(pem.unarmor(certificate_pem)[2])
