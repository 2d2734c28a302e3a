"""The nouns of the domain: frozen values without behaviour other than look-ups.

Field descriptions are the schema: editors show them, and the error messages quote them.
"""

from ismpe_site.model.assessed import assessed_parts
from ismpe_site.model.assessments import (
    Assessment,
    AssessmentDates,
    Contact,
    CoreStandardReview,
    Evidence,
    Organisation,
    Programme,
    ProgrammeNumbers,
    Rating,
    StateChange,
    Suspension,
    Visibility,
)
from ismpe_site.model.catalogue import Catalogue
from ismpe_site.model.certificates import (
    Certificate,
    Ledger,
    certificate_number,
    is_number,
)
from ismpe_site.model.documents import Document, Page
from ismpe_site.model.people import BoardSeat, Period, Person
from ismpe_site.model.scalars import DECEPTIVE, DEVICE, LINK_TARGET, LONGEST_NAME, Value, day_meant
from ismpe_site.model.sealed import sealed_clauses
from ismpe_site.model.standard import (
    AwardLevel,
    CoreStandard,
    Criterion,
    CrosswalkEntry,
    Edition,
    Erratum,
    Process,
    RatingPoint,
    RuleSource,
    Scoring,
    Term,
    whole_word,
)
from ismpe_site.model.translations import TranslatedClause, Translation, wording_digest, wordings

__all__ = [
    "DECEPTIVE",
    "DEVICE",
    "LINK_TARGET",
    "LONGEST_NAME",
    "Assessment",
    "AssessmentDates",
    "AwardLevel",
    "BoardSeat",
    "Catalogue",
    "Certificate",
    "Contact",
    "CoreStandard",
    "CoreStandardReview",
    "Criterion",
    "CrosswalkEntry",
    "Document",
    "Edition",
    "Erratum",
    "Evidence",
    "Ledger",
    "Organisation",
    "Page",
    "Period",
    "Person",
    "Process",
    "Programme",
    "ProgrammeNumbers",
    "Rating",
    "RatingPoint",
    "RuleSource",
    "Scoring",
    "StateChange",
    "Suspension",
    "Term",
    "TranslatedClause",
    "Translation",
    "Value",
    "Visibility",
    "assessed_parts",
    "certificate_number",
    "day_meant",
    "is_number",
    "sealed_clauses",
    "whole_word",
    "wording_digest",
    "wordings",
]
