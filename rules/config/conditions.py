"""Conditions over facts and over her own columns, as they are written under `when`, and examples of
clients with the group or class that the consultant expects for them.

The examples are checked by `clientbase check`, so that a changed rule that moves the wrong people
is seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from rules.config.basics import Label, Model, NamedEntry, Number, Word, Words, YesNo
from rules.config.yaml_text import Path
from words import _


class Comparing(Model):
    """A block of which at least one entry is needed; several all hold."""

    goes_whole = True

    @model_validator(mode="after")
    def _compares_something(self) -> Self:
        if all(value is None or value == {} for value in dict(self).values()):
            raise PydanticCustomError(
                "no_comparison",
                _("nothing to compare with; write at least one of: {allowed}"),
                {"allowed": ", ".join(self.allowed_keys())},
            )
        return self


MonthsAgo = Annotated[int, Field(ge=0, le=600)]


class Bounds(Comparing):
    """Between what a number lies."""

    at_least: Number | None = None
    """This number or more."""
    at_most: Number | None = None
    """This number or less."""
    above: Number | None = None
    """More than this number."""
    below: Number | None = None
    """Less than this number."""


class Age(Comparing):
    """How long ago a day lies."""

    within_months: MonthsAgo | None = None
    """At most so many months ago: date + N months is today or later."""
    older_than_months: MonthsAgo | None = None
    """More than so many months ago: date + N months is before today."""


class Spelling(Comparing):
    """What a word is."""

    is_: Word | None = Field(None, alias="is")
    """This word."""
    in_: tuple[Word, ...] | None = Field(None, alias="in", min_length=1)
    """One of these words: [A, B]."""


class NumberTest(Bounds):
    """Compares a number; a client without the number never fits."""

    is_: Number | None = Field(None, alias="is")
    """Exactly this number."""
    in_: tuple[Number, ...] | None = Field(None, alias="in", min_length=1)
    """One of these numbers: [1, 2]."""


class DateTest(Age):
    """Compares a date with today, by calendar months; a client without the date never fits."""


class YesNoTest(Comparing):
    """Compares a yes/no fact; where it is unknown the condition holds for nobody."""

    is_: YesNo | None = Field(None, alias="is")
    """Yes or no."""


class TextTest(Spelling):
    """Compares a word, without regard to case and blanks."""


class ColumnTest(Age, Spelling, Bounds):
    """Compares one of her own columns: as number, date or text, as the comparison asks."""

    filled: YesNo | None = None
    """Yes: the cell holds something other than a word of no_words."""


class When(Comparing):
    """Conditions on facts; all of them hold, and of `any` at least one alternative."""

    goes_whole = False

    turnover_in_year: NumberTest | None = None
    """Money bought for in the year, returns taken off."""
    purchase_days_in_year: NumberTest | None = None
    """Days in the year on which she bought."""
    purchase_days: NumberTest | None = None
    """Days ever on which she bought."""
    first_purchase: DateTest | None = None
    """The first day she ever bought."""
    last_purchase: DateTest | None = None
    """The last day she bought."""
    days_since_last_purchase: NumberTest | None = None
    """Whole days from the last purchase to today."""
    months_since_last_purchase: NumberTest | None = None
    """Whole months from the last purchase to today."""
    longest_gap_days: NumberTest | None = None
    """Longest pause between purchases in the year, up to today."""
    usual_interval_days: NumberTest | None = None
    """The usual (median) number of days between purchases."""
    bought: YesNoTest | None = None
    """Has she ever bought?"""
    attended_class: YesNoTest | None = None
    """Was she at a class? (Class date filled, not after today)."""
    group: TextTest | None = None
    """Her group (not inside the group rules)."""
    abc: TextTest | None = None
    """Her ABC class."""
    xyz: TextTest | None = None
    """Her XYZ class."""
    stage: TextTest | None = None
    """Her stage."""
    folder: TextTest | None = None
    """Her folder."""
    columns: Words[ColumnTest] | None = None
    """Conditions on your own columns of Clients, by heading."""
    any_: tuple[When, ...] | None = Field(None, alias="any", min_length=1)
    """Alternatives, of which one must hold."""


def conditions_in(node: object, path: Path = ()) -> Iterator[tuple[Path, When]]:
    """Every condition anywhere under *node*, which stands at *path*, with its path in the file."""
    if isinstance(node, When):
        yield path, node
    if isinstance(node, Model):
        for name, field in type(node).model_fields.items():
            yield from conditions_in(getattr(node, name), (*path, field.alias or name))
    elif isinstance(node, tuple):
        for number, item in enumerate(node):
            yield from conditions_in(item, (*path, number))


Count = Annotated[int, Field(ge=0, le=1_000_000)]


class Ago(Model):
    """A day that lies so long before today; both together: months first, then days more."""

    goes_whole = True

    months_ago: Annotated[int, Field(ge=0, le=600)] | None = None
    """The earliest day that is at most so many months ago."""
    days_ago: Annotated[int, Field(ge=0, le=20_000)] | None = None
    """So many days ago, or so many days before that of months_ago."""

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        if self.months_ago is None and self.days_ago is None:
            raise ValueError(
                _("say how long ago: months_ago, days_ago, or both, such as {months_ago: 5}")
            )
        return self


class ExampleFacts(Model):
    """What is known of a client who doesn't exist; what isn't given is unknown."""

    turnover_in_year: Number | None = None
    """Money bought for in the year."""
    purchase_days_in_year: Count | None = None
    """Days in the year on which she bought."""
    purchase_days: Count | None = None
    """Days ever on which she bought."""
    longest_gap_days: Count | None = None
    """Longest pause between purchases in the year, up to today."""
    usual_interval_days: Count | None = None
    """The usual (median) number of days between purchases."""
    first_purchase: Ago | None = None
    """The first day she ever bought."""
    last_purchase: Ago | None = None
    """The last day she bought."""
    bought: YesNo | None = None
    """Has she ever bought? Follows from a purchase that is given."""
    attended_class: YesNo | None = None
    """Was she at a class?"""
    abc: Word | None = None
    """Her ABC class."""
    xyz: Word | None = None
    """Her XYZ class."""
    stage: Word | None = None
    """Her stage, where the dates don't decide it."""
    folder: Word | None = None
    """Her folder, where the dates don't decide it."""
    columns: Words[Word] | None = None
    """What stands in your own columns, by heading."""

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

    group: Word | None = None
    """The group."""
    abc: Word | None = None
    """The ABC class; only for a client of the workbook."""
    xyz: Word | None = None
    """The XYZ class; only for a client of the workbook."""
    stage: Word | None = None
    """The stage; with facts only where first_purchase and last_purchase say it."""
    folder: Word | None = None
    """The folder; with facts only where last_purchase says it."""

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        if not self.given():
            allowed = ", ".join(self.allowed_keys())
            found = _("nothing is expected; write at least one of: {allowed}")
            raise ValueError(found.format(allowed=allowed))
        return self

    def given(self) -> dict[str, str]:
        """What is expected, by column."""
        return {column: word for column, word in dict(self).items() if word is not None}


class Example(NamedEntry):
    """A client of the workbook, or facts alone, and what is expected for her."""

    name: Label | None = None
    """What it is called where it comes out differently."""
    client: Label | None = None
    """A client's ID in the workbook."""
    facts: ExampleFacts | None = None
    """A client of these facts alone."""
    expect: Expected
    """What should come out."""

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if (self.client is None) == (self.facts is None):
            raise ValueError(_("give either 'client' or 'facts', one of them"))
        return self
