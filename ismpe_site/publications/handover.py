"""What is handed to one organisation: its reports whatever their visibility, its certificates and badges.

It has a scheme of its own (``handed_over``), which the public plan never sees; templates are handed the same views.
Paths are below the folder that is handed over: ``<programme>/<assessment>/``.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ismpe_site.artefact import Artefact
from ismpe_site.model import Assessment, Catalogue, Organisation, Programme
from ismpe_site.publications import addresses, badges, cards, certificates
from ismpe_site.publications.assessments import issued_on, report_document, report_view
from ismpe_site.publications.badges import BADGE_WIDTH, PNG_STYLE, MedalInputs, medal_view, render_medal
from ismpe_site.publications.issued import RECORD
from ismpe_site.publications.site import Site, canonical_json, data_file, page_context
from ismpe_site.publications.views import PublicAward, Report, Scheme
from ismpe_site.theme import Theme

STYLE = "assets/site.css"
FONT = re.compile(r'url\("(fonts/[^"]+)"\)')
REPORT_PAGE = "report.html"


@dataclass(frozen=True)
class Confidential:
    """Who is handed a report that is not public, and when. ``secret``: not even its award is public."""

    recipient: str
    day: date
    secret: bool


@dataclass(frozen=True)
class HandedInputs:
    """A report as one file. ``local``: (address, path from this file) of what is handed over with it."""

    here: str
    site: Site
    view: Mapping[str, Any]
    medals: tuple[tuple[str, MedalInputs], ...]
    local: tuple[tuple[str, str], ...]


def handed_over(catalogue: Catalogue) -> Catalogue:
    """The organisations with every assessment that is signed off, open to its reader but for the assessors' notes."""
    organisations = tuple(map(_organisation, catalogue.organisations))
    return catalogue.model_copy(update={"organisations": organisations})


def _organisation(organisation: Organisation) -> Organisation:
    programmes = tuple(map(_programme, organisation.programmes))
    return organisation.model_copy(update={"programmes": programmes, "visibility": "public", "contact": None})


def _programme(programme: Programme) -> Programme:
    assessments = tuple(_assessment(one) for one in programme.assessments if one.signed_off)
    return programme.model_copy(update={"assessments": assessments, "contacts": ()})


def _assessment(assessment: Assessment) -> Assessment:
    plain = {"visibility": "public", "unlisted_token": None, "private_note": None}
    ratings = {c: one.model_copy(update={"private_note": None}) for c, one in assessment.ratings.items()}
    return with_open_evidence(assessment).model_copy(update={**plain, "ratings": ratings})


def with_open_evidence(assessment: Assessment) -> Assessment:
    """The assessment with every piece of its evidence open: what was seen there the organisation knows."""
    opened = {number: item.model_copy(update={"visibility": "public"}) for number, item in assessment.evidence.items()}
    return assessment.model_copy(update={"evidence": opened})


def plan_handover(scheme: Scheme, closed: Mapping[str, bool]) -> tuple[Artefact, ...]:
    """The files for the organisations of ``scheme`` (usually one).

    ``closed``: the keys of the assessments whose reports are not public, with whether their awards are not either.
    """
    frozen = {(number, name): data for number, name, data in scheme.frozen}
    files = [one for report in scheme.reports for one in _of_report(scheme, report, frozen, closed)]
    files += (one for award in scheme.awards if award.active for one in _of_award(scheme, award, frozen, closed))
    # What is issued replaces what would be made, and never the other way round.
    return tuple({one.path: one for one in files}.values())


def _of_report(
    scheme: Scheme, report: Report, frozen: Mapping[tuple[str, str], bytes], closed: Mapping[str, bool]
) -> Iterator[Artefact]:
    mark = _mark(scheme, report.key, report.organisation.name, closed)
    folder = folder_of(report.key)
    yield Artefact(f"{folder}{REPORT_PAGE}", render_handed, _page(scheme, report, mark))
    yield data_file(f"{folder}result.json", canonical_json(dict(report.contract)))
    number = report.award.certificate if report.award else ""
    data = frozen.get((number, "report.pdf"))
    made = report_document(scheme, report, **mark) if data is None else data_file("", data)
    yield replace(made, path=f"{folder}report.pdf")
    for name, extra in issued_files(number, frozen):
        yield data_file(folder + name, extra)


def issued_files(number: str, frozen: Mapping[tuple[str, str], bytes]) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of what was issued under a number, as it was issued; the record of it stays with the scheme."""
    for (issued, name), data in sorted(frozen.items()):
        if number and issued == number and name != RECORD:
            yield name, data


def _of_award(
    scheme: Scheme, award: PublicAward, frozen: Mapping[tuple[str, str], bytes], closed: Mapping[str, bool]
) -> Iterator[Artefact]:
    """Certificate and badges while the award is in force; those that are issued are there already."""
    folder, mark = folder_of(award.key), _mark(scheme, award.key, award.organisation.name, closed)
    if (award.certificate, "certificate.pdf") not in frozen:
        made = certificates.certificate(scheme, award, certificates.NAME, **mark)
        yield replace(made, path=f"{folder}certificate.pdf")
    own = replace(scheme, awards=(award,))
    for one in (*badges.publish(own), *cards.publish(own)):
        name = one.path.rpartition("/")[2]
        if (award.certificate, name) not in frozen:
            yield replace(one, path=folder + name)
    if not closed.get(award.key, False):
        yield data_file(f"{folder}embed.txt", _embed_code(scheme, award).encode())


def _embed_code(scheme: Scheme, award: PublicAward) -> str:
    """HTML for a page that shows the badge; the picture and what it leads to are on the public site."""
    base = scheme.site.base_url
    page = addresses.certificate(award.certificate) if award.certificate else addresses.assessment(award.key)
    name = award.organisation.name.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    picture = f'<img src="{base}{addresses.badge(award.key, PNG_STYLE)}" alt="{name}" width="{BADGE_WIDTH}">'
    return f'<a href="{base}{page}">\n  {picture}\n</a>\n'


def folder_of(key: str) -> str:
    """Where the files of an assessment are, below the organisation's folder."""
    _, _, rest = key.partition("/")
    return f"{rest}/"


def _mark(scheme: Scheme, key: str, recipient: str, closed: Mapping[str, bool]) -> dict[str, Any]:
    """What the view of a report that is not public says in addition."""
    return {"confidential": Confidential(recipient, scheme.as_of, closed[key])} if key in closed else {}


def _page(scheme: Scheme, report: Report, mark: Mapping[str, Any]) -> HandedInputs:
    view = {**report_view(report, scheme.editions), "overdue": (), "issued_on": issued_on(scheme, report), **mark}
    level = report.award.level if report.award else ""
    medals = ((addresses.medal(report.edition.id, level), _medal(scheme, report, level)),) if level else ()
    folder = folder_of(report.key)
    local = [(f"{report.address}{name}", name) for name in ("report.pdf", "result.json", "certificate.pdf")]
    if report.award and report.award.certificate:
        local.append((addresses.certificate_file(report.award.certificate, "certificate.pdf"), "certificate.pdf"))
    if report.earlier:
        there = folder_of(report.earlier.key) + REPORT_PAGE
        local.append((addresses.assessment(report.earlier.key), addresses.relative(folder, there)))
    return HandedInputs(report.address, scheme.site, view, medals, tuple(local))


def _medal(scheme: Scheme, report: Report, level: str) -> MedalInputs:
    return MedalInputs(medal_view(report.edition, level), scheme.site.language)


def render_handed(inputs: HandedInputs, theme: Theme) -> bytes:
    """One HTML file that needs no other: style, fonts and pictures are in it, its links are full addresses."""
    base, known = inputs.site.base_url, dict(inputs.local)
    known |= {address: _data("image/svg+xml", render_medal(medal, theme)) for address, medal in inputs.medals}

    def to(there: str) -> str:
        page, hash_sign, fragment = there.partition("#")
        if page in ("", inputs.here) and hash_sign:
            return f"#{fragment}"
        return (known[page] + hash_sign + fragment) if page in known else base + there

    language = inputs.site.language
    context = page_context(inputs.site, inputs.here, to, language, theme)
    html = theme.render("web/handed_report.html", {**context, **inputs.view}, language)
    link = f'<link rel="stylesheet" href="{to(STYLE)}">'
    return html.replace(link, f"<style>{_style(theme)}</style>").encode()


def _style(theme: Theme) -> str:
    """The site's style with its fonts in it."""
    style = theme.assets[STYLE.removeprefix("assets/")].decode()
    return FONT.sub(lambda font: f'url("{_data("font/woff2", theme.assets[font[1]])}")', style)


def _data(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
