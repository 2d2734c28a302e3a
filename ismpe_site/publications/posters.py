"""Posters: a programme's purpose, values or code of conduct for a wall, with a code that leads to its page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ismpe_site.artefact import Artefact, Attachment, PrintDocument
from ismpe_site.model import Document
from ismpe_site.publications import addresses
from ismpe_site.publications.poster_layout import poster_layout
from ismpe_site.publications.qr import code
from ismpe_site.publications.site import PrintInputs, canonical_json, printed, render_print
from ismpe_site.publications.views import PublicOrganisation, PublicProgramme, Scheme
from ismpe_site.theme import Theme

PAPERS = ("a4", "a3")


@dataclass(frozen=True)
class Owner:
    """Whose text it is: so little that an edit elsewhere in the organisation prints no poster anew."""

    organisation: str
    programme: str
    specimen: bool


def posters(
    scheme: Scheme, address: str, document: Document, organisation: PublicOrganisation, programme: PublicProgramme
) -> Iterator[Artefact]:
    """``document``, which is in force at ``address``, on each paper."""
    attached = Attachment("document.json", canonical_json(document), "The text of this poster as data")
    owner = Owner(organisation.name, programme.name, organisation.specimen)
    for paper in PAPERS:
        sheet = printed(
            addresses.poster(address, paper), "poster", scheme.site, document.effective, (attached,),
            style=f"poster-{paper}", pages=1, document=document, owner=owner, paper=paper, address=address,
        )  # fmt: skip
        yield replace(sheet, render=render_poster)


def render_poster(inputs: PrintInputs, theme: Theme) -> PrintDocument:
    """HTML for the press, its words as large as the sheet allows."""
    view = inputs.view
    document, owner = view["document"], view["owner"]
    layout = poster_layout(
        owner.organisation, owner.programme, document.title, document.summary, document.body, view["paper"],
        theme.lettering,
    )  # fmt: skip
    measured = {"layout": layout, "code": code(inputs.site.base_url + view["address"])}
    return render_print(replace(inputs, view={**view, **measured}), theme)
