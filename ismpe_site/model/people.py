"""The people of the scheme: accredited assessors and members of the Advisory Board."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from ismpe_site.model.scalars import Country, Day, Flag, Language, Markdown, Slug, Text, Value


class Period(Value):
    """A span of days; open where no end is given."""

    start: Day = Field(alias="from", description="First day")
    end: Day | None = Field(default=None, alias="to", description="Last day; open when left out")

    def includes(self, day: date) -> bool:
        """Whether ``day`` lies within; both ends do."""
        return self.start <= day and (self.end is None or day <= self.end)


class BoardSeat(Value):
    """A seat on the Advisory Board."""

    region: Literal["Europe", "North America", "Asia-Pacific", "Southern Africa"] = Field(
        description="Region the member is drawn from"
    )
    term: Period = Field(description="Days of membership")


class Person(Value):
    """An accredited assessor or a member of the Advisory Board."""

    id: Slug
    name: Text
    country: Country
    specimen: Flag = Field(default=False, description="true for an invented person")
    about: Markdown | None = Field(default=None, description="A few sentences for the people pages")
    language: Language = Field(default="en", description="Language of these sentences")
    accreditation: Period | None = Field(default=None, description="Accredited as an assessor")
    trained: Day | None = Field(default=None, description="Day the assessor training was passed")
    supervisory: Period | None = Field(default=None, description="Appointed as a supervisory assessor")
    advisory_board: BoardSeat | None = None
