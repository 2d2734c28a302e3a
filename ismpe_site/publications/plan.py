"""Scheme → every Artefact of the public website, in three parts: common, of one organisation, of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ismpe_site.artefact import Artefact
from ismpe_site.publications import (
    addresses,
    assessments,
    assets,
    badges,
    cards,
    certificate_page,
    certificates,
    clause_index,
    feed,
    home,
    icons,
    issued,
    keys_page,
    linked_data,
    operations,
    organisations,
    pages,
    people,
    register_page,
    search,
    standard,
    statistics,
    translations,
    verify_page,
)
from ismpe_site.publications.views import Scheme
from ismpe_site.theme import Theme

Publication = Callable[[Scheme], Iterable[Artefact]]

# What all organisations share; what belongs to one organisation; what speaks of all of them.
COMMON: tuple[Publication, ...] = (
    standard.publish,
    clause_index.publish,
    pages.publish,
    people.publish,
    search.publish,
    badges.publish_medals,
    cards.publish_site_card,
    linked_data.publish_commons,
)
OF_ORGANISATION: tuple[Publication, ...] = (
    organisations.publish,
    assessments.publish,
    certificates.publish,
    certificate_page.publish,
    issued.publish,
    badges.publish,
    cards.publish,
    linked_data.publish,
)
OF_ALL: tuple[Publication, ...] = (
    home.publish,
    organisations.publish_list,
    register_page.publish,
    feed.publish,
    statistics.publish,
    certificate_page.publish_guide,
    verify_page.publish,
    keys_page.publish,
    issued.publish_records,
)

# The pages every other page may lead to before they are made.
LISTS = (
    addresses.HOME,
    addresses.ORGANISATIONS,
    addresses.REGISTER,
    addresses.STATISTICS,
    addresses.CERTIFICATES,
    addresses.VERIFY,
    addresses.KEYS,
)
LIST_FILES = (
    addresses.REGISTER_JSON,
    addresses.REGISTER_CSV,
    addresses.REGISTER_ATOM,
    addresses.STATISTICS_JSON,
    addresses.SITEMAP,
)


def plan_commons(scheme: Scheme, theme: Theme) -> tuple[Artefact, ...]:
    """The files that do not depend on any organisation."""
    return (
        *_planned(COMMON, scheme),
        *translations.publish(scheme, theme.words),
        *assets.publish(theme),
        *icons.publish(scheme.site, theme),
        *operations.publish(scheme),
    )


def plan_organisation(scheme: Scheme) -> tuple[Artefact, ...]:
    """The files of the organisations of ``scheme`` (usually one)."""
    return _planned(OF_ORGANISATION, scheme)


def plan_lists(scheme: Scheme, paths: Iterable[str]) -> tuple[Artefact, ...]:
    """The files that speak of all organisations; ``paths`` are those of every other file."""
    lists = _planned(OF_ALL, scheme)
    return (*lists, *operations.sitemaps(scheme, (*paths, *(artefact.path for artefact in lists))))


def _planned(publications: tuple[Publication, ...], scheme: Scheme) -> tuple[Artefact, ...]:
    return tuple(artefact for publication in publications for artefact in publication(scheme))
