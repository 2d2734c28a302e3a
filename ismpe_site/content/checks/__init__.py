"""Cross-checks: each is a function (catalogue, sources) → problems. A new check is one function and one name here."""

from collections.abc import Callable, Iterator

from ismpe_site.content.checks.answers import check_answers
from ismpe_site.content.checks.changes import check_changes
from ismpe_site.content.checks.common import Sources
from ismpe_site.content.checks.documents import check_addresses, check_documents
from ismpe_site.content.checks.editions import check_editions
from ismpe_site.content.checks.errata import check_errata
from ismpe_site.content.checks.frozen import check_frozen
from ismpe_site.content.checks.glossary import check_glossary
from ismpe_site.content.checks.names import check_names, check_names_of_people
from ismpe_site.content.checks.people import check_people
from ismpe_site.content.checks.procedure import check_procedure
from ismpe_site.content.checks.specimens import check_specimens
from ismpe_site.content.checks.succession import check_succession
from ismpe_site.content.checks.translations import check_translations
from ismpe_site.content.checks.visibility import check_visibility
from ismpe_site.model import Catalogue
from ismpe_site.problems import Problem

Check = Callable[[Catalogue, Sources], Iterator[Problem]]

# Of what all organisations share, and of one organisation. Each takes a catalogue and looks at its part of it.
COMMON_CHECKS = (
    check_editions,
    check_errata,
    check_glossary,
    check_translations,
    check_succession,
    check_people,
    check_names_of_people,
    check_addresses,
    check_documents,
)
ORGANISATION_CHECKS = (
    check_documents,
    check_answers,
    check_procedure,
    check_changes,
    check_specimens,
    check_names,
    check_visibility,
    check_frozen,
)
