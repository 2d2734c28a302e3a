"""The publications room: Catalogue + Register → Artefacts. One file per thing we publish."""

from ismpe_site.publications.addresses import LEDGER, SEARCH_INDEX, listed
from ismpe_site.publications.handover import handed_over, plan_handover, with_open_evidence
from ismpe_site.publications.outline import Outline, award_changes, outlines_of, scheme_of_all
from ismpe_site.publications.plan import LIST_FILES, LISTS, plan_commons, plan_lists, plan_organisation
from ismpe_site.publications.scheme import scheme_of, scheme_of_commons, with_organisations
from ismpe_site.publications.search import findables
from ismpe_site.publications.site import Contact, Site
from ismpe_site.publications.views import Scheme, Trust

__all__ = [
    "LEDGER",
    "LISTS",
    "LIST_FILES",
    "SEARCH_INDEX",
    "Contact",
    "Outline",
    "Scheme",
    "Site",
    "Trust",
    "award_changes",
    "findables",
    "handed_over",
    "listed",
    "outlines_of",
    "plan_commons",
    "plan_handover",
    "plan_lists",
    "plan_organisation",
    "scheme_of",
    "scheme_of_all",
    "scheme_of_commons",
    "with_open_evidence",
    "with_organisations",
]
