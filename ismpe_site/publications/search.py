"""The search page, and what can be found with it: clauses, terms, organisations, pages and people; never a report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from gettext import NullTranslations

from ismpe_site.artefact import Artefact
from ismpe_site.findable import Findable
from ismpe_site.language import DATA_WORD, country
from ismpe_site.model import Edition, Person, wordings
from ismpe_site.publications import addresses
from ismpe_site.publications.markup import plain
from ismpe_site.publications.people import assessors, seated
from ismpe_site.publications.scheme import in_force
from ismpe_site.publications.site import web_page
from ismpe_site.publications.views import PublicOrganisation, Scheme

BETWEEN = " · "


def publish(scheme: Scheme) -> Iterator[Artefact]:
    """``/search/``: the form, and the lists for readers without a script."""
    yield web_page("search", addresses.SEARCH, scheme.site)


def findables(scheme: Scheme, words: NullTranslations) -> Iterator[Findable]:
    """What can be found on the whole site; titles in the words of its language.

    Of organisations it is what the lists show of them, so that the index does not grow with their reports.
    """
    language = scheme.site.language
    for edition in scheme.editions:
        foreign = "" if edition.language == language else edition.language
        pages = {s.number: addresses.core_standard(edition.id, s.number) for s in edition.core_standards}
        yield from _clauses(edition, wordings(edition), pages, words, foreign)
        yield from _terms(edition, foreign)
    for translation in scheme.translations:
        # One in another language than the site's would only be found beside the clause it translates.
        if translation.language == language:
            edition = scheme.edition(translation.edition)
            texts = {clause: translated.text for clause, translated in translation.clauses.items()}
            pages = {s.number: addresses.translation(edition.id, language) for s in edition.core_standards}
            yield from _clauses(edition, texts, pages, words, "")
    for organisation in scheme.organisations:
        yield _organisation(organisation, words, language)
    for page in scheme.pages:
        document = in_force(page.versions, scheme.as_of)
        foreign = "" if document.language == language else document.language
        text = f"{document.summary} {plain(document.body)}"
        yield Findable(_file(addresses.page(page.id)), "page", document.title, text, language=foreign)
    # As the page of the assessors tells them apart: nobody is called accredited who is not.
    roles = ("Accredited assessors", "From a later day", "No longer accredited")
    for role, group in zip(roles, assessors(scheme), strict=True):
        for person in group:
            yield _person(person, addresses.ASSESSORS, words.gettext(role), language)
    for person in seated(scheme):
        yield _person(person, addresses.ADVISORY_BOARD, words.gettext("Advisory Board"), language)


def _clauses(
    edition: Edition, texts: Mapping[str, str], pages: Mapping[int, str], words: NullTranslations, language: str
) -> Iterator[Findable]:
    """Core standards, outcomes and criteria, each by its number as the standard cites it.

    ``texts``: clause → its words in ``language``, as ``wordings`` names them, as far as they are known; ``pages``: the
    address of each core standard.
    """
    for standard in edition.core_standards:
        number = standard.number
        opening = dict.fromkeys(texts.get(f"s{number}-{part}", "") for part in ("title", "heading", "lead"))
        clauses = {
            str(number): ("Core standard %(number)s", BETWEEN.join(filter(None, opening))),
            **{f"o{number}.{n}": ("Outcome %(number)s", "") for n in range(1, len(standard.outcomes) + 1)},
            **{criterion.id: ("Criterion %(number)s", "") for criterion in standard.criteria},
        }
        for clause, (title, heading) in clauses.items():
            if text := heading or texts.get(clause):
                yield Findable(
                    f"{_file(pages[number])}#{addresses.clause_anchor(clause)}",
                    "clause",
                    words.gettext(title) % {"number": clause.removeprefix("o")},
                    plain(text),
                    edition=edition.id,
                    status=edition.status,
                    language=language,
                )


def _terms(edition: Edition, language: str) -> Iterator[Findable]:
    for term in edition.glossary:
        page, _, place = addresses.term(edition.id, term.id).partition("#")
        yield Findable(
            f"{_file(page)}#{place}",
            "term",
            term.term,
            plain(term.definition),
            edition=edition.id,
            status=edition.status,
            language=language,
        )


def _organisation(organisation: PublicOrganisation, words: NullTranslations, language: str) -> Findable:
    programmes = (programme.name for programme in organisation.programmes)
    sector = words.pgettext(DATA_WORD, organisation.sector)
    return Findable(
        _file(addresses.organisation(organisation.id)),
        "organisation",
        organisation.name,
        BETWEEN.join((country(organisation.country, language), sector, *programmes)),
        specimen=organisation.specimen,
    )


def _person(person: Person, page: str, role: str, language: str) -> Findable:
    # What is found is in one language; of what a person says in another one the page tells.
    about = plain(person.about or "") if person.language == language else ""
    text = BETWEEN.join(filter(None, (role, country(person.country, language), about)))
    return Findable(f"{_file(page)}#{person.id}", "person", person.name, text, specimen=person.specimen)


def _file(address: str) -> str:
    return addresses.file_of(address)
