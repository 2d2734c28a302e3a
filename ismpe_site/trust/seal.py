"""Seals of PDFs: made with the issuer's key, and judged by its certificate.

A seal is a certification signature (PAdES B-B, DocMDP "no changes allowed") in the empty field that the printing room
left in the document. Nothing here imports pyHanko, which takes a second and more, until a document is sealed or judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from ismpe_site.trust.errors import TrustError
from ismpe_site.trust.judgement import SealJudgement, SealState
from ismpe_site.trust.keys import Keys

__all__ = ["SealJudgement", "SealState", "attachments", "judge_seal", "seal"]

# Nothing this program makes comes near; more is not read at all.
LARGEST_PDF = 50_000_000


def seal(pdf: bytes, keys: Keys, on: date, reason: str) -> bytes:
    """``pdf`` with its empty field signed at 12:00 UTC of ``on``: the same bytes every time.

    The file must not be touched afterwards. Raises TrustError where ``on`` is outside the validity of the seal's
    certificate (readers would call the seal invalid), or where ``pdf`` has no such field or is sealed already.
    """
    moment = datetime.combine(on, time(12), UTC)
    if not keys.valid_from <= moment <= keys.valid_until:
        raise TrustError(
            f"the seal's certificate is valid from {keys.valid_from:%Y-%m-%d} to {keys.valid_until:%Y-%m-%d}, and "
            f"{on} is outside: issue with a date within, or make a new seal key with `ismpe keygen`"
        )
    from ismpe_site.trust.seal_writer import sealed

    return sealed(pdf, keys, moment, reason)


def judge_seal(pdf: bytes, roots: Sequence[bytes]) -> SealJudgement:
    """Whether ``pdf`` is sealed by a key under one of ``roots`` (certificates in PEM) and unchanged.

    Never raises for what is in ``pdf``; TrustError where a root is no certificate. The answer depends on no clock:
    certificates are judged as of the moment of the seal.
    """
    if len(pdf) > LARGEST_PDF:
        return SealJudgement("absent", f"The file is larger than {LARGEST_PDF // 1_000_000} MB: it was not read.")
    from ismpe_site.trust.seal_reader import judged

    return judged(pdf, roots)


def attachments(pdf: bytes) -> dict[str, bytes]:
    """The files carried in ``pdf`` by their names; empty where it carries none or cannot be read. Never raises.

    They are what the file says: only a whole seal makes them the issuer's.
    """
    if len(pdf) > LARGEST_PDF:
        return {}
    from ismpe_site.trust.carried_files import carried

    return carried(pdf)
