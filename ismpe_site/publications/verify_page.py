"""The page that checks a file or a number in the reader's browser, and the list of certificates it checks against."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ismpe_site.artefact import Artefact
from ismpe_site.publications import addresses
from ismpe_site.publications.keys_page import key_names
from ismpe_site.publications.register_page import levels_in_order
from ismpe_site.publications.site import data_file, web_page
from ismpe_site.publications.views import PublicCertificate, Scheme

# What the script must be able to read; another form of the list has another number.
FORM = 1
# A larger file is none of ours, and might be too much for the memory of a telephone.
MOST_MEGABYTES = 50


def publish(scheme: Scheme) -> Iterator[Artefact]:
    """``/verify/`` and ``/verify/issued.js``."""
    yield web_page(
        "verify",
        addresses.VERIFY,
        scheme.site,
        levels=levels_in_order(scheme.editions),
        test=scheme.trust.test,
        key_names=key_names(scheme.trust),
        issued=bool(scheme.certificates),
        most_megabytes=MOST_MEGABYTES,
    )
    yield data_file(addresses.VERIFY_DATA, issued_script(scheme))


def issued_script(scheme: Scheme) -> bytes:
    """Every certificate, as a script that browsers also load where the site lies in a folder on disk.

    Compact, for it is loaded whole: so nobody learns which certificate was asked for.
    """
    data = {
        "form": FORM,
        "test": scheme.trust.test,
        "page": addresses.relative(addresses.VERIFY, addresses.certificate("{number}")),
        "certificates": [_entry(certificate) for certificate in scheme.certificates],
    }
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"globalThis.ismpeIssued={text};\n".encode()


def _entry(certificate: PublicCertificate) -> dict[str, object]:
    """What the answers need; what is empty is left out."""
    changes = [[event, str(on), reason, by] for event, on, reason, by in certificate.changes]
    entry = {
        "number": certificate.number,
        "organisation": certificate.organisation,
        "programme": certificate.programme,
        "specimen": certificate.specimen,
        "edition": certificate.edition_title,
        "level": certificate.level,
        "awarded": str(certificate.awarded),
        "until": str(certificate.valid_until),
        "changes": changes,
        "replaces": certificate.replaces,
        "files": dict(certificate.files),
        "credential": certificate.credential,
    }
    return {name: value for name, value in entry.items() if value}
