"""The register of awards: page, JSON and CSV."""

from __future__ import annotations

from collections.abc import Iterator

from ismpe_site.artefact import Artefact
from ismpe_site.publications import addresses
from ismpe_site.publications.certificates import AWARD_FIELDS, award_data
from ismpe_site.publications.site import canonical_json, data_file, plain_data, web_page
from ismpe_site.publications.tables import csv_bytes
from ismpe_site.publications.views import Scheme


def publish(scheme: Scheme) -> Iterator[Artefact]:
    """``/register/``."""
    yield web_page("register", addresses.REGISTER, scheme.site, as_of=scheme.as_of, awards=scheme.awards)
    rows = [award_data(award) for award in scheme.awards]
    yield data_file(addresses.REGISTER_JSON, canonical_json({"as_of": scheme.as_of, "awards": rows}))
    yield data_file(
        addresses.REGISTER_CSV, csv_bytes(AWARD_FIELDS, ([_text(value) for value in row.values()] for row in rows))
    )


def _text(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain_data(value)
