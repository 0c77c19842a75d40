"""Examples of clients with the group or class that the consultant expects for them.

They are checked by `clientbase check`, so that a changed rule that moves the wrong people is seen.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from rules.config.basics import Label, Model, Number, Word, Words, YesNo
from words import _

Count = Annotated[int, Field(ge=0, le=1_000_000)]


class Ago(Model):
    """A day that lies so long before today; both together: months first, then days more."""

    months_ago: Annotated[int, Field(ge=0, le=600)] | None = Field(
        None, description="the earliest day that is at most so many months ago"
    )
    days_ago: Annotated[int, Field(ge=0, le=20_000)] | None = Field(
        None, description="so many days ago, or so many days before that of months_ago"
    )

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        if self.months_ago is None and self.days_ago is None:
            raise PydanticCustomError(
                "ago", _("say how long ago: months_ago, days_ago, or both, such as {months_ago: 5}")
            )
        return self


class ExampleFacts(Model):
    """What is known of a client who doesn't exist; what isn't given is unknown."""

    turnover_in_year: Number | None = Field(None, description="money bought for in the year")
    purchase_days_in_year: Count | None = Field(
        None, description="days in the year on which she bought"
    )
    purchase_days: Count | None = Field(None, description="days ever on which she bought")
    longest_gap_days: Count | None = Field(
        None, description="longest pause between purchases in the year, up to today"
    )
    usual_interval_days: Count | None = Field(
        None, description="the usual (median) number of days between purchases"
    )
    first_purchase: Ago | None = Field(None, description="the first day she ever bought")
    last_purchase: Ago | None = Field(None, description="the last day she bought")
    bought: YesNo | None = Field(
        None, description="has she ever bought? Follows from a purchase that is given"
    )
    attended_class: YesNo | None = Field(None, description="was she at a class?")
    abc: Word | None = Field(None, description="her ABC class")
    xyz: Word | None = Field(None, description="her XYZ class")
    stage: Word | None = Field(None, description="her stage, where the dates don't decide it")
    folder: Word | None = Field(None, description="her folder, where the dates don't decide it")
    columns: Words[Word] | None = Field(
        None, description="what stands in your own columns, by heading"
    )

    @property
    def has_bought(self) -> bool | None:
        """Whether she ever bought, as far as that is given; None: unknown."""
        if self.bought is not None:
            return self.bought
        return True if self._tells_of_a_purchase else None

    @property
    def contradicts_itself(self) -> bool:
        """Whether she never bought, and yet bought."""
        return self.bought is False and self._tells_of_a_purchase

    @property
    def _tells_of_a_purchase(self) -> bool:
        days = (self.purchase_days or 0) + (self.purchase_days_in_year or 0)
        dates = self.first_purchase or self.last_purchase
        return bool(days or dates or (self.turnover_in_year or 0) > 0)


class Expected(Model):
    """What the consultant expects; at least one."""

    group: Word | None = Field(None, description="the group")
    abc: Word | None = Field(None, description="the ABC class; only for a client of the workbook")
    xyz: Word | None = Field(None, description="the XYZ class; only for a client of the workbook")
    stage: Word | None = Field(
        None, description="the stage; with facts only where first_purchase and last_purchase say it"
    )
    folder: Word | None = Field(
        None, description="the folder; with facts only where last_purchase says it"
    )

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        if not self.given():
            raise PydanticCustomError(
                "expected", _("nothing is expected; write at least one of: {allowed}"),
                {"allowed": ", ".join(self.allowed_keys())},
            )  # fmt: skip
        return self

    def given(self) -> dict[str, str]:
        """What is expected, by column."""
        return {column: word for column, word in dict(self).items() if word is not None}


class Example(Model):
    """A client of the workbook, or facts alone, and what is expected for her."""

    client: Label | None = Field(None, description="a client's ID in the workbook")
    facts: ExampleFacts | None = Field(None, description="a client of these facts alone")
    expect: Expected = Field(description="what should come out")

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if (self.client is None) == (self.facts is None):
            raise PydanticCustomError("example", _("give either 'client' or 'facts', one of them"))
        return self
