"""The page that checks a file or a number in the reader's browser, and the list of certificates it checks against."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from ismpe_site.artefact import Artefact
from ismpe_site.exact_json import compact
from ismpe_site.model.certificates import SUCCEEDED
from ismpe_site.publications import addresses
from ismpe_site.publications.keys_page import key_files, key_names
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
        copied=copied(scheme),
        folders=len([part for part in urlsplit(scheme.site.base_url).path.split("/") if part]),
        succeeded=SUCCEEDED,
        most_megabytes=MOST_MEGABYTES,
    )
    yield data_file(addresses.VERIFY_DATA, issued_script(scheme))


def copied(scheme: Scheme) -> tuple[str, ...]:
    """The addresses of what ``ismpe verify --site`` reads of a copy of the site; none where nothing was ever issued."""
    if not scheme.records:
        return ()
    return (*(address for address, _ in scheme.records), *map(addresses.key_file, sorted(key_files(scheme.trust))))


def issued_script(scheme: Scheme) -> bytes:
    """Every certificate ever issued, as a script that browsers also load where the site lies in a folder on disk.

    Those that the site does not show are among them: what is ours is never said not to be.
    Compact, for it is loaded whole: so nobody learns which certificate was asked for.
    """
    shown = {certificate.number for certificate in scheme.certificates}
    data = {
        "form": FORM,
        "test": scheme.trust.test,
        "succeeded": SUCCEEDED,
        "page": addresses.relative(addresses.VERIFY, addresses.certificate("{number}")),
        "certificates": [_entry(one, scheme.site.language, one.number in shown) for one in scheme.ledger],
    }
    text = compact(data)
    return f"globalThis.ismpeIssued={text};\n".encode()


def _entry(certificate: PublicCertificate, language: str, shown: bool) -> dict[str, object]:
    """What the answers need; what is empty is left out, and the language where it is that of the site."""
    changes = [[event, str(on), reason, by] for event, on, reason, by in certificate.changes]
    entry = {
        "number": certificate.number,
        "organisation": certificate.organisation,
        "programme": certificate.programme,
        "specimen": certificate.specimen,
        "edition": certificate.edition_title,
        "level": certificate.level,
        "issued": str(certificate.issued),
        "awarded": str(certificate.awarded),
        "until": str(certificate.valid_until),
        "changes": changes,
        "replaces": certificate.replaces,
        "files": dict(certificate.files),
        "credential": certificate.credential,
        "hidden": not shown,
        "language": certificate.language if certificate.language != language else "",
    }
    return {name: value for name, value in entry.items() if value}
