"""The index of the whole site: what can be found on it, and the search room that makes it findable."""

from __future__ import annotations

from ismpe_site.artefact import Bundle
from ismpe_site.build.bundle import make_bundle
from ismpe_site.build.unit import Made, Workplace
from ismpe_site.publications import SEARCH_INDEX, Scheme, findables
from ismpe_site.search.index import index
from ismpe_site.theme import Theme

# The name of its unit.
SEARCH = "search"


def make_index(scheme: Scheme, place: Workplace, *, only_plan: bool = False) -> Made:
    """The files of the index, made where anything that can be found has changed; with ``only_plan`` not even then."""
    return make_bundle(SEARCH, index_of(scheme, place.theme), place, only_plan=only_plan)


def index_of(scheme: Scheme, theme: Theme) -> Bundle:
    """The index to be."""
    language = scheme.site.language
    return Bundle(SEARCH_INDEX, index, (language, tuple(findables(scheme, theme.words_of(language)))))
