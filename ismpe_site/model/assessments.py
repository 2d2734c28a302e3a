"""The nouns of the award: organisations, their programmes, and the assessments of these."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from ismpe_site.model.documents import Document
from ismpe_site.model.scalars import (
    Country,
    CriterionId,
    Day,
    Email,
    EvidenceId,
    Flag,
    Language,
    Markdown,
    Month,
    Role,
    Slug,
    Text,
    Token,
    Value,
    Website,
    Whole,
)

AssessmentStatus = Literal["self", "draft", "assessed", "reviewed", "suspended", "withdrawn"]
# What the public gets of an assessment: report and award; the award alone; the award, and the report at an address
# that only who is told it finds; nothing at all.
Visibility = Literal["public", "award", "unlisted", "private"]


class Evidence(Value):
    """Something the assessor saw or heard."""

    kind: Literal[
        "document", "policy", "publicity", "training", "attendance", "measurement", "interview", "observation", "system"
    ]
    title: Text
    dated: Text | None = Field(default=None, description="Its date or period, as it says itself")
    visibility: Literal["public", "private"] = Field(
        default="public", description="private: neither title nor kind is published"
    )


class Rating(Value):
    """One answer to one criterion."""

    rating: Whole | None = Field(default=None, description="A point of the edition's scale")
    not_applicable: Text | None = Field(
        default=None, description="Why the criterion does not apply (conditional criteria only)"
    )
    departure: Text | None = Field(default=None, description="Reason of a deliberate departure, rated on its merits")
    finding: Markdown | None = Field(default=None, description="What the assessor found")
    evidence: tuple[EvidenceId, ...] = Field(default=(), description="Numbers of the evidence list")
    recommendation: Markdown | None = Field(default=None, description="What the programme might do next")
    private_note: Markdown | None = Field(default=None, description="For the assessors only; never published")


def _short_rating(value: Any) -> Any:
    """``1.2: 3`` is short for ``1.2: {rating: 3}``."""
    return {"rating": value} if isinstance(value, str) else value


Answer = Annotated[Rating, BeforeValidator(_short_rating)]


class CoreStandardReview(Value):
    """What the assessor says of one core standard as a whole."""

    summary: Markdown | None = None
    strengths: tuple[Markdown, ...] = ()
    improvements: tuple[Markdown, ...] = ()


class AssessmentDates(Value):
    """The days of an assessment, in the order of the process."""

    assessed: tuple[Day, ...] = Field(default=(), description="Days on site")
    feedback: Day | None = Field(default=None, description="Immediate verbal feedback")
    reviewed: Day | None = Field(default=None, description="Signed off by the supervisory assessor")
    reported: Day | None = Field(default=None, description="Full written report, with scores and award")


class StateChange(Value):
    """An award suspended or withdrawn."""

    on: Day = Field(description="From this day")
    reason: Text = Field(description="Public reason")


class Suspension(StateChange):
    """An award suspended for the time being."""

    until: Day | None = Field(
        default=None, description="Day the suspension was lifted: from it on the award is in force again"
    )


class Assessment(Value):
    """One programme against one edition."""

    id: str = Field(description="File name: year-month of the assessment")
    edition: Slug
    status: AssessmentStatus
    visibility: Visibility | None = Field(
        default=None, description="How much of it is published; the organisation's choice unless given"
    )
    unlisted_token: Token | None = Field(
        default=None, description="Last part of the report's address, with visibility: unlisted only"
    )
    assessor: Slug | None = Field(default=None, description="An accredited assessor (content/people)")
    supervisory_assessor: Slug | None = Field(default=None, description="Another person, accredited as such")
    dates: AssessmentDates = AssessmentDates()
    days_reason: Text | None = Field(
        default=None, description="Why the assessment took other than the days the edition asks for"
    )
    interviews: dict[Role, Whole] = Field(default={}, description="Role → number of people; roles only, never names")
    evidence: dict[EvidenceId, Evidence] = Field(default={}, description="Number → what was seen or heard")
    ratings: dict[CriterionId, Answer] = Field(default={}, description="Criterion → answer")
    core_standards: dict[str, CoreStandardReview] = Field(
        default={}, description="Number of the core standard → what the assessor says of it"
    )
    summary: Markdown | None = None
    private_note: Markdown | None = Field(default=None, description="For the assessors only; never published")
    withdrawal: StateChange | None = None
    suspension: Suspension | None = None

    @property
    def may_be_incomplete(self) -> bool:
        """In-house or begun: criteria may be open, and no award follows."""
        return self.status in ("self", "draft")

    @property
    def signed_off(self) -> bool:
        """Reviewed by the supervisory assessor, whatever became of the award since."""
        return self.status in ("reviewed", "suspended", "withdrawn")


class Contact(Value):
    """Private: whom the scheme's administrator writes to."""

    name: Text
    email: Email


class ProgrammeNumbers(Value):
    """Size of a programme."""

    mentors: Whole
    mentees: Whole


class Programme(Value):
    """A mentoring programme: what is assessed."""

    id: str
    name: Text
    audience: Text = Field(description="Who it is for")
    started: Month = Field(description="Year or month it began")
    about: Markdown | None = None
    numbers: ProgrammeNumbers | None = None
    contacts: tuple[Contact, ...] = Field(default=(), description="Never published")
    purpose: tuple[Document, ...] = Field(default=(), description="Versions, oldest first")
    values: tuple[Document, ...] = Field(default=(), description="Versions, oldest first")
    code_of_conduct: tuple[Document, ...] = Field(default=(), description="Versions, oldest first")
    assessments: tuple[Assessment, ...] = Field(default=(), description="Oldest first")


class Organisation(Value):
    """It runs one or more mentoring programmes."""

    id: str
    name: Text
    country: Country
    sector: Literal["public sector", "private sector", "education", "health", "charity"]
    website: Website | None = None
    specimen: Flag = Field(default=False, description="true for an invented organisation")
    visibility: Literal["public", "award", "private"] = Field(
        description="How much of its assessments is published: reports and awards, awards alone, or nothing"
    )
    language: Language = "en"
    about: Markdown | None = None
    contact: Contact | None = Field(default=None, description="Never published")
    programmes: tuple[Programme, ...] = ()
