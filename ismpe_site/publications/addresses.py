"""Every address of the site, in one place.

An address is written from the site's root without a leading slash. One that ends in ``/`` (or is empty) is a
page and lives in the ``index.html`` of that folder; links name the file, so that they work from a folder on disk.
"""

from __future__ import annotations

HOME = ""
STANDARDS = "standard/"
CURRENT_STANDARD = "standard/current/"
ORGANISATIONS = "organisations/"
REGISTER = "register/"
REGISTER_JSON = "register/register.json"
REGISTER_CSV = "register/register.csv"
REGISTER_ATOM = "register/register.atom"
STATISTICS = "register/statistics/"
STATISTICS_JSON = "register/statistics/statistics.json"
LEDGER = "register/ledger.jsonl"
CERTIFICATES = "certificates/"
CERTIFICATE_SUMS = "certificates/SHA256SUMS"
CERTIFICATE_SUMS_SIGNATURE = "certificates/SHA256SUMS.minisig"
VERIFY = "verify/"
VERIFY_DATA = "verify/issued.js"
KEYS = "keys/"
STATUS_LIST = "status/revocation.json"
ASSESSORS = "people/assessors/"
ADVISORY_BOARD = "people/advisory-board/"
NOT_FOUND = "404.html"
SEARCH = "search/"
# Its files have names of pagefind's making, but for these.
SEARCH_INDEX = "pagefind/"
SEARCH_PROGRAM = "pagefind/pagefind.js"
SEARCH_FACTS = "pagefind/facts.json"

# Pages of the content that others link to, where they are there.
ABOUT = "about/"
ABOUT_ASSESSORS = "about/assessors/"
ABOUT_BOARD = "about/advisory-board/"
BADGE_RULES = "badges/"
CONTACT = "about/contact/"
PROCESS = "process/"
SITEMAP = "sitemap.xml"
UNLISTED = "unlisted/"
ROBOTS = "robots.txt"

# The site to other programs: what stands beside a link to it, on a telephone's screen, in an index.
CARD = "card.png"
TOUCH_ICON = "apple-touch-icon.png"
WEB_MANIFEST = "site.webmanifest"
SITE_DATA = "site.jsonld"


def edition(edition_id: str) -> str:
    """The whole edition on one page."""
    return f"standard/{edition_id}/"


def edition_file(edition_id: str, suffix: str) -> str:
    """The whole edition as ``pdf``, ``json`` or ``csv``."""
    return f"standard/{edition_id}/ismpe-{edition_id}.{suffix}"


def core_standard(edition_id: str, number: int) -> str:
    """One core standard of an edition."""
    return f"standard/{edition_id}/{number}/"


def glossary(edition_id: str) -> str:
    """The terms of an edition, explained. No language has this name."""
    return f"standard/{edition_id}/glossary/"


def term(edition_id: str, term_id: str) -> str:
    """One term; what stands before its name keeps it from the other places of the page."""
    return f"{glossary(edition_id)}#dfn-{term_id}"


def clause(edition_id: str, clause: str) -> str:
    """The one address a clause (or a core standard) is cited by: the page of its core standard, at its place."""
    page = core_standard(edition_id, int(clause.lstrip("o").split(".")[0]))
    return f"{page}#{clause_anchor(clause)}"


def translation(edition_id: str, language: str) -> str:
    """The whole edition in another language on one page."""
    return f"standard/{edition_id}/{language}/"


def translation_file(edition_id: str, language: str, suffix: str) -> str:
    """The translation as ``json`` or ``csv``."""
    return f"standard/{edition_id}/{language}/ismpe-{edition_id}-{language}.{suffix}"


def clause_index(edition_id: str) -> str:
    """The clauses of an edition by number, and its terms."""
    return f"standard/{edition_id}/clauses/"


def clause_anchor(clause: str) -> str:
    """``c1.4`` for a criterion, ``o1.2`` for an outcome, ``s4`` for a core standard."""
    if clause.startswith("o"):
        return clause
    return f"c{clause}" if "." in clause else f"s{clause}"


def register_page(number: int) -> str:
    """A page of the register, counted from 1."""
    return REGISTER if number == 1 else f"{REGISTER}{number}/"


def organisations_page(number: int) -> str:
    """A page of the list of organisations, counted from 1. No organisation can be called ``-``."""
    return ORGANISATIONS if number == 1 else f"{ORGANISATIONS}-/{number}/"


def organisation(organisation_id: str) -> str:
    """An organisation's profile."""
    return f"organisations/{organisation_id}/"


def programme_document(organisation_id: str, programme_id: str, kind: str) -> str:
    """``kind`` is purpose, values or code-of-conduct."""
    return f"organisations/{organisation_id}/{programme_id}/{kind}/"


def assessment(key: str) -> str:
    """``key`` is ``organisation/programme/assessment``."""
    return f"assessments/{key}/"


def unlisted(token: str) -> str:
    """A report that nothing leads to."""
    return f"{UNLISTED}{token}/"


def listed(path: str) -> bool:
    """Whether anything may name the file at ``path``."""
    return not path.startswith(UNLISTED)


def page(page_id: str) -> str:
    """A page of ``content/pages``."""
    return f"{page_id}/"


def version(address: str, effective: str) -> str:
    """An earlier version of a document."""
    return f"{address}{effective}/"


def pdf(address: str) -> str:
    """The PDF of a document page: named after the page, so that a saved copy says what it is."""
    parts = address.rstrip("/").split("/")
    named = [part for part in parts if part not in ("organisations", "about")] or parts
    return f"{address}{'-'.join(named)}.pdf"


def poster(address: str, paper: str) -> str:
    """The poster of a document page on ``paper`` (``a4``, ``a3``)."""
    return f"{pdf(address).removesuffix('.pdf')}-poster-{paper}.pdf"


def file_of(address: str) -> str:
    """The file that serves an address."""
    return f"{address}index.html" if address == "" or address.endswith("/") else address


def relative(here: str, there: str) -> str:
    """The link from the page at ``here`` to ``there``, which may carry a fragment."""
    there, hash_sign, fragment = there.partition("#")
    if there == here and hash_sign:
        return f"#{fragment}"
    ours, theirs = file_of(here).split("/")[:-1], file_of(there).split("/")
    shared = 0
    # Not its last part: that is the file.
    for one, other in zip(ours, theirs[:-1], strict=False):
        if one != other:
            break
        shared += 1
    link = "../" * (len(ours) - shared) + "/".join(theirs[shared:])
    # A colon in the first part would make a scheme of it, such as javascript:
    return ("./" if ":" in link.split("/")[0] else "") + link + hash_sign + fragment


def medal(edition_id: str, level: str) -> str:
    """The medal of a level of an edition."""
    return f"medals/{edition_id}/{level}.svg"


def badge(key: str, style: str) -> str:
    """``style`` is light, dark or mono."""
    return f"assessments/{key}/badge-{style}.svg"


def badge_picture(key: str, style: str, width: int) -> str:
    """A badge as PNG, ``width`` pixels wide."""
    return f"assessments/{key}/badge-{style}-{width}.png"


def award_card(key: str) -> str:
    """The picture that stands beside a link to an award."""
    return f"assessments/{key}/card.png"


def sitemap_part(number: int) -> str:
    """One of the sitemaps of a site too large for a single one."""
    return f"sitemap-{number}.xml"


def icon(width: int) -> str:
    """The site's icon as PNG."""
    return f"icon-{width}.png"


def award_data(key: str) -> str:
    """An award as linked data."""
    return f"assessments/{key}/award.jsonld"


def organisation_data(organisation_id: str) -> str:
    """An organisation as linked data."""
    return f"organisations/{organisation_id}/organisation.jsonld"


def edition_data(edition_id: str) -> str:
    """An edition as linked data."""
    return f"standard/{edition_id}/edition.jsonld"


def certificate(number: str) -> str:
    """A certificate's page; its files stand below."""
    return f"certificates/{number}/"


def certificate_file(number: str, name: str) -> str:
    """A file of a certificate, as it was issued."""
    return f"{certificate(number)}{name}"


def key_file(name: str) -> str:
    """One of the issuer's public keys."""
    return f"keys/{name}"
