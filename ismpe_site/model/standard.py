"""The nouns of the standard: an edition with its core standards, criteria, rules and errata."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from ismpe_site.model.scalars import CriterionId, Day, Exact, Flag, Language, Markdown, Slug, Span, Text, Value, Whole

EditionStatus = Literal["draft", "current", "superseded", "withdrawn"]


class RatingPoint(Value):
    """One point of an edition's rating scale."""

    value: Whole = Field(description="Points this answer is worth")
    label: Text = Field(description="The words an assessor uses")
    description: Text = Field(description="When this point is the right one")


class Scoring(Value):
    """How ratings become an overall score. The sources are silent on pooling: publisher's choice."""

    pooling: Literal["criteria", "core-standards"] = Field(
        description="criteria: points over points available, together; core-standards: the mean of the core standards"
    )


class AwardLevel(Value):
    """A level of award and what it takes, in percent."""

    level: Slug = Field(description="Name of the level: bronze, silver, gold")
    overall: Exact = Field(description="Lowest overall score, percent")
    each_core_standard: Exact = Field(description="Lowest score in every core standard, percent")


class Process(Value):
    """The periods of the award process."""

    days_on_site: Span = Field(description="Days an assessment takes")
    report_due_weeks: Span = Field(description="Weeks from the last day of the assessment to the written report")
    certificate_due_weeks: Span = Field(description="Weeks from the written report to the certificate")
    validity_years: Span = Field(description="Years an award is valid, from the day of the written report")
    training_required_from: Day = Field(description="From this day an assessor must have passed the training")


class RuleSource(Value):
    """Where a rule of the edition comes from, so that choice and source are never confused."""

    rule: Text = Field(description="The rule, in a few words")
    basis: Literal["source", "publisher's choice"] = Field(description="Whether a published text says so")
    statement: Text = Field(description="The sentence of the source, or why the publisher chose this")
    document: Text | None = Field(default=None, description="The source document, when there is one")


# What makes a longer word of the word it stands beside: letters, their accents, hyphens.
_JOINED = r"[\w\u00ad\u0300-\u036f\u2010\u2011-]"


def whole_word(form: str) -> str:
    """A regular expression for a form of a term: whole words, between which a line may end. Hyphens join words."""
    return rf"(?<!{_JOINED})" + r"\s+".join(map(re.escape, form.split())) + rf"(?!{_JOINED})"


class Term(Value):
    """A term of the standard, explained. Not part of the standard's text."""

    id: Slug = Field(description="A name that never changes: its place in the glossary")
    term: Text = Field(description="The term, as a dictionary would list it")
    forms: tuple[Text, ...] = Field(default=(), description="Its other forms in the text, such as the plural")
    definition: Markdown = Field(description="What it means, in a phrase that could stand in its place")
    basis: Literal["source", "publisher's choice"] = Field(description="Whether a published text says so")
    document: Text | None = Field(default=None, description="The source document, when there is one")


class Criterion(Value):
    """A performance criterion."""

    id: CriterionId = Field(description="Its number, such as 2.10")
    text: Markdown = Field(description="Normative wording")
    conditional: Flag = Field(
        default=False, description='true where the text says "where appropriate": may be rated not applicable'
    )
    weight: Exact = Field(default=Fraction(1), description="Weight in the score; 1 unless given")
    guidance: Markdown | None = Field(default=None, description="Publisher's guidance, not part of the standard's text")
    evidence_hints: tuple[Text, ...] = Field(default=(), description="What an assessor might look at")
    note: Markdown | None = Field(default=None, description="Editor's note")


class CoreStandard(Value):
    """One of the core standards (the leaflet: "segments")."""

    number: Whole = Field(description="1 to 6")
    title: Text = Field(description="Short title, as in the opening list")
    heading: Text = Field(description="Section heading, as published")
    outcomes_lead: Markdown | None = Field(
        default=None, description="Words before the list of outcomes, where there are any"
    )
    outcomes: tuple[Markdown, ...] = Field(description="The outcomes, in order")
    criteria: tuple[Criterion, ...] = Field(description="The performance criteria, in order")


def _one_or_several(value: Any) -> Any:
    """``clause: "1.6"`` is short for ``clause: ["1.6"]``."""
    return [value] if isinstance(value, str) else value


class Erratum(Value):
    """A known oddity of the published text: kept as published, shown at each clause it concerns."""

    id: Slug = Field(description="A name that never changes")
    clause: Annotated[tuple[Text, ...], BeforeValidator(_one_or_several)] = Field(
        description="One or several of: criterion (1.6), outcome (o4.2), core standard (4), title, introduction, "
        "address, general, leaflet"
    )
    kind: Literal["spelling", "wording", "punctuation", "cross-reference", "inconsistency", "transcription"] = Field(
        description="What sort of oddity"
    )
    published: Text = Field(description="As published")
    correction: Text | None = Field(default=None, description="What it should read, where that is clear")
    note: Markdown = Field(description="What is odd and how to read it")
    recorded: Day = Field(description="Day it was recorded")
    wording: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")] | None = Field(
        default=None, description="Of a slip of transcription mended after publication: the mark `ismpe check` names"
    )


class CrosswalkEntry(Value):
    """What became of one criterion of the edition before."""

    old: CriterionId = Field(description="Criterion of the earlier edition")
    new: tuple[CriterionId, ...] = Field(description="Criteria of this edition; none where it was dropped")
    relation: Literal["unchanged", "reworded", "split", "merged", "moved", "dropped"] = Field(
        description="What happened to it"
    )
    reason: Text | None = Field(default=None, description="Why; needed unless unchanged")


class Edition(Value):
    """One dated issue of the standard."""

    id: Slug = Field(description="Folder name and address")
    title: Text = Field(description="Full title")
    short_title: Text = Field(description="Title for headers and lists, such as ISMPE 2003")
    status: EditionStatus = Field(description="Where it is in its life")
    status_note: Text | None = Field(default=None, description="Words for the banner of an edition that is not current")
    published: Day = Field(description="Day of publication")
    published_note: Text | None = Field(default=None, description="What is known of that day")
    supersedes: Slug | None = Field(default=None, description="The edition before")
    language: Language = Field(default="en", description="Language of the text")
    introduction: Markdown = Field(description="Front matter")
    publisher_address: tuple[Text, ...] = Field(default=(), description="The publisher's address block, line by line")
    note: Markdown | None = Field(default=None, description="Editor's note on this edition")
    rating_scale: tuple[RatingPoint, ...] = Field(description="The scale, lowest first")
    scoring: Scoring
    awards: tuple[AwardLevel, ...] = Field(description="Levels, lowest first")
    process: Process
    rule_sources: tuple[RuleSource, ...] = Field(default=(), description="Which rule comes from which source")
    core_standards: tuple[CoreStandard, ...]
    glossary: tuple[Term, ...] = ()
    errata: tuple[Erratum, ...] = ()
    crosswalk: tuple[CrosswalkEntry, ...] = ()

    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria, in order."""
        return tuple(criterion for standard in self.core_standards for criterion in standard.criteria)
