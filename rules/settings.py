"""The types of `config.yaml`: what may stand there, and what each entry means.

Every number and word of the rules comes from the file; nothing here has a default of its own.
The field descriptions go into the JSON Schema, where an editor shows them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

YES = frozenset({"yes", "true", "on", "да"})
NO = frozenset({"no", "false", "off", "нет"})


class MonthDay(NamedTuple):
    """A day of every year, such as 12-31."""

    month: int
    day: int


def _word(value: object) -> object:
    return "" if value is None else value


def _yes_no(value: object) -> object:
    if isinstance(value, str) and value.casefold() in YES | NO:
        return value.casefold() in YES
    if isinstance(value, bool):
        return value
    raise PydanticCustomError("yes_no", "expected yes or no")


def _decimal(value: object) -> object:
    if isinstance(value, str):
        try:
            number = Decimal(value.strip())
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) > Decimal(10) ** 12:
            raise PydanticCustomError(
                "plain_number", "expected a number such as 36000 or 1.5 (no blanks, a point)"
            )
        return number
    return value


def _month_day(value: object) -> object:
    if isinstance(value, MonthDay):
        return value
    match = re.fullmatch(r"(\d\d)-(\d\d)", value) if isinstance(value, str) else None
    try:
        if match:
            dt.date(2000, int(match[1]), int(match[2]))  # a leap year: 02-29 is a day
            return MonthDay(int(match[1]), int(match[2]))
    except ValueError:
        pass
    raise PydanticCustomError("month_day", "expected month-day, such as 12-31 for 31 December")


def _occasion_day(value: object) -> object:
    return value if value == "birthday" else _month_day(value)


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _no_blank(value: tuple[str, ...]) -> tuple[str, ...]:
    if any(not heading.strip() for heading in value):
        raise PydanticCustomError("blank_text", "a heading can't be empty")
    return value


MONTH_DAY_PATTERN = r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
_MONTH_DAY_SCHEMA = {"type": "string", "pattern": MONTH_DAY_PATTERN, "examples": ["12-31"]}
_OCCASION_SCHEMA = {"anyOf": [{"const": "birthday"}, _MONTH_DAY_SCHEMA]}
_SCALAR_SCHEMA = {"type": ["string", "number", "boolean"]}

Text = Annotated[
    str, BeforeValidator(_word), WithJsonSchema({"type": ["string", "number", "boolean", "null"]})
]
Label = Annotated[str, Field(min_length=1, max_length=255)]
Word = Annotated[str, Field(min_length=1), WithJsonSchema(_SCALAR_SCHEMA)]
YesNo = Annotated[
    bool,
    BeforeValidator(_yes_no),
    WithJsonSchema({"anyOf": [{"type": "boolean"}, {"enum": sorted(YES | NO)}]}),
]
Number = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    PlainSerializer(str),
    WithJsonSchema({"type": "number"}),
]
NotNegative = Annotated[Number, Field(ge=0), WithJsonSchema({"type": "number", "minimum": 0})]
Percent = Annotated[
    Number, Field(gt=0, lt=1000), WithJsonSchema({"type": "number", "exclusiveMinimum": 0})
]
Days = Annotated[int, Field(ge=0, le=3660)]
Months = Annotated[int, Field(ge=1, le=600)]
Weight = Annotated[int, Field(ge=0, le=100)]
DayOfYear = Annotated[MonthDay, BeforeValidator(_month_day), WithJsonSchema(_MONTH_DAY_SCHEMA)]
OccasionDay = Annotated[
    MonthDay | Literal["birthday"],
    BeforeValidator(_occasion_day),
    WithJsonSchema(_OCCASION_SCHEMA),
]
Headings = Annotated[
    tuple[str, ...],
    BeforeValidator(_as_list),
    AfterValidator(_no_blank),
    Field(min_length=1),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ]
        }
    ),
]


class Model(BaseModel):
    """A block of the file: fixed keys, frozen once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _note_place(cls, data: object, info: ValidationInfo) -> object:
        """Remember which block of the file this type reads, so that a report can name its keys."""
        if isinstance(info.context, dict) and isinstance(data, dict):
            info.context[id(data)] = cls
        return data

    @classmethod
    def allowed_keys(cls) -> list[str]:
        """The keys that may stand in this block."""
        return [field.alias or name for name, field in cls.model_fields.items()]


# --- conditions -------------------------------------------------------------------------------


class Test(Model):
    """At least one comparison with a fact; several all hold."""

    @model_validator(mode="after")
    def _compares_something(self) -> Self:
        if all(value is None for value in dict(self).values()):
            raise PydanticCustomError(
                "no_comparison",
                "expected a comparison: {allowed}",
                {"allowed": ", ".join(self.allowed_keys())},
            )
        return self


class NumberTest(Test):
    """Compares a number; a client without the number never fits."""

    at_least: Number | None = None
    at_most: Number | None = None
    above: Number | None = None
    below: Number | None = None
    is_: Number | None = Field(None, alias="is")
    in_: tuple[Number, ...] | None = Field(None, alias="in")


class DateTest(Test):
    """Compares a date with today, by calendar months; a client without the date never fits."""

    within_months: Annotated[int, Field(ge=0, le=600)] | None = Field(
        None, description="at most so many months ago: date + N months is today or later"
    )
    older_than_months: Annotated[int, Field(ge=0, le=600)] | None = Field(
        None, description="more than so many months ago: date + N months is before today"
    )


class YesNoTest(Test):
    """Compares a yes/no fact; where it is unknown the condition holds for nobody."""

    is_: YesNo | None = Field(None, alias="is")


class TextTest(Test):
    """Compares a word, without regard to case and blanks."""

    is_: Word | None = Field(None, alias="is")
    in_: tuple[Word, ...] | None = Field(None, alias="in")


class ColumnTest(Test):
    """Compares one of her own columns: as number, date or text, as the comparison asks."""

    at_least: Number | None = None
    at_most: Number | None = None
    above: Number | None = None
    below: Number | None = None
    is_: Word | None = Field(None, alias="is")
    in_: tuple[Word, ...] | None = Field(None, alias="in")
    within_months: Annotated[int, Field(ge=0, le=600)] | None = None
    older_than_months: Annotated[int, Field(ge=0, le=600)] | None = None
    filled: YesNo | None = Field(
        None, description="yes: the cell holds something other than a word of no_words"
    )


class When(Model):
    """Conditions on facts; all of them hold, and of `any` at least one alternative."""

    turnover_in_year: NumberTest | None = Field(
        None, description="money bought for in the year, returns taken off"
    )
    purchase_days_in_year: NumberTest | None = Field(
        None, description="days in the year on which she bought"
    )
    purchase_days: NumberTest | None = Field(None, description="days ever on which she bought")
    first_purchase: DateTest | None = Field(None, description="the first day she ever bought")
    last_purchase: DateTest | None = Field(None, description="the last day she bought")
    days_since_last_purchase: NumberTest | None = Field(
        None, description="whole days from the last purchase to today"
    )
    months_since_last_purchase: NumberTest | None = Field(
        None, description="whole months from the last purchase to today"
    )
    longest_gap_days: NumberTest | None = Field(
        None, description="longest pause between purchases in the year, up to today"
    )
    usual_interval_days: NumberTest | None = Field(
        None, description="the usual (median) number of days between purchases"
    )
    bought: YesNoTest | None = Field(None, description="has she ever bought?")
    attended_class: YesNoTest | None = Field(
        None, description="was she at a class? (Class date filled, not after today)"
    )
    group: TextTest | None = Field(None, description="her group (not inside the group rules)")
    abc: TextTest | None = Field(None, description="her ABC class")
    xyz: TextTest | None = Field(None, description="her XYZ class")
    stage: TextTest | None = Field(None, description="her stage")
    folder: TextTest | None = Field(None, description="her folder")
    columns: dict[Label, ColumnTest] | None = Field(
        None, description="conditions on your own columns of Clients, by heading"
    )
    any_: tuple[When, ...] | None = Field(
        None, alias="any", min_length=1, description="alternatives, of which one must hold"
    )


# --- what stands in the workbook --------------------------------------------------------------


class Sheets(Model):
    """The names of the three sheets."""

    clients: Label
    purchases: Label
    contacts: Label


class ClientColumns(Model):
    """Headings of the Clients table that she types."""

    id: Headings
    name: Headings
    birthday: Headings
    phone: Headings
    email: Headings
    city: Headings
    address: Headings
    class_date: Headings
    source: Headings
    hostess: Headings
    organisation: Headings
    segment: Headings
    referred_by: Headings
    consultant: Headings
    spouse: Headings
    spouse_birthday: Headings
    children: Headings
    preferences: Headings
    wishes: Headings
    mailing: Headings
    do_not_contact: Headings
    notes: Headings


class PurchaseColumns(Model):
    """Headings of the Purchases table."""

    date: Headings
    client_id: Headings
    product: Headings
    quantity: Headings
    amount: Headings
    order: Headings
    consultant: Headings


class ContactColumns(Model):
    """Headings of the Contacts table."""

    date: Headings
    client_id: Headings
    kind: Headings
    consultant: Headings
    note: Headings
    result: Headings
    next_date: Headings
    next_kind: Headings


class FilledColumns(Model):
    """Headings of the columns that the program fills on Clients."""

    group: Headings
    abc: Headings
    xyz: Headings
    stage: Headings
    folder: Headings
    turnover: Headings
    last_purchase: Headings
    next_contact: Headings
    contact_reason: Headings
    channel: Headings
    gift: Headings
    gift_budget: Headings
    gift_for: Headings
    gift_date: Headings


class Columns(Model):
    """Which heading holds what: one heading, or a list of accepted ones."""

    clients: ClientColumns
    purchases: PurchaseColumns
    contacts: ContactColumns
    filled: FilledColumns


class Dates(Model):
    """How dates that were typed as text are read."""

    text_formats: Annotated[tuple[str, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _formats_are_known(self) -> Self:
        for text_format in self.text_formats:
            parts = re.findall(r"yyyy|mm|dd|\w", text_format)
            if sorted(parts) not in (["dd", "mm"], ["dd", "mm", "yyyy"]):
                raise PydanticCustomError(
                    "date_format",
                    "'{found}' is no date format; use dd, mm and yyyy, such as dd.mm.yyyy",
                    {"found": text_format},
                )
        return self


class Numbers(Model):
    """How amounts that were typed as text are read, and money is counted."""

    decimal: Literal[",", "."] = Field(description="the decimal sign in amounts typed as text")
    currency: tuple[Label, ...] = Field(description="currency words that may stand at an amount")
    minor_units: Annotated[int, Field(ge=0, le=4)] = Field(
        description="decimals of the currency: 2 for kopecks and cents"
    )


class Year(Model):
    """What 'in the year' means."""

    basis: Literal["trailing", "calendar", "seminar"]
    seminar_start: DayOfYear


# --- classes ----------------------------------------------------------------------------------

Bounds = Annotated[
    tuple[Percent, Percent],
    WithJsonSchema({"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}),
]


def _ascending(bounds: tuple[Decimal, Decimal]) -> tuple[Decimal, Decimal]:
    if bounds[0] >= bounds[1]:
        raise PydanticCustomError("bounds", "the first bound must be below the second")
    return bounds


AscendingBounds = Annotated[Bounds, AfterValidator(_ascending)]
ThreeNames = tuple[Label, Label, Label]


class GroupRule(Model):
    """One group rule; without `when` it fits everybody."""

    name: Label
    when: When | None = None


class Abc(Model):
    """ABC classes by turnover in the year."""

    line: Literal["crossing", "inclusive"]
    bounds: AscendingBounds
    names: ThreeNames


class Xyz(Model):
    """XYZ classes by how evenly she buys."""

    period_months: Annotated[int, Field(ge=1, le=12)]
    months: Months
    bounds: AscendingBounds
    min_periods: Annotated[int, Field(ge=2, le=600)]
    deviation: Literal["population", "sample"]
    names: ThreeNames

    @model_validator(mode="after")
    def _periods_fit(self) -> Self:
        if self.months % self.period_months or self.months // self.period_months < self.min_periods:
            raise PydanticCustomError(
                "xyz_periods",
                "'months' must be a multiple of 'period_months' that gives at least 'min_periods'",
            )
        return self


class StageNames(Model):
    """The words for the five stages."""

    potential: Label
    new: Label
    lost: Label
    restored: Label
    permanent: Label


class Stage(Model):
    """Client stages."""

    period_months: Months
    names: StageNames


class FolderNames(Model):
    """The words for the two folders."""

    green: Label
    black: Label


class Folder(Model):
    """The two folders of the card file."""

    years_back: Annotated[int, Field(ge=0, le=50)] = Field(
        description="1: a purchase this calendar year or last keeps her in the green folder"
    )
    names: FolderNames


# --- contacts ---------------------------------------------------------------------------------


class Weights(Model):
    """How personal a contact must be."""

    unknown: Weight = Field(description="weight of a kind that isn't listed, or is blank")
    personal: Weight = Field(description="from this weight on a contact is a personal touch")


class ChannelRule(Model):
    """A channel for clients who meet the condition."""

    channel: Label
    when: When


class SeriesDate(Model):
    """One date of a series: so many days or months after its start."""

    days: Days | None = None
    months: Months | None = None
    reason: Label

    @model_validator(mode="after")
    def _one_distance(self) -> Self:
        if (self.days is None) == (self.months is None):
            raise PydanticCustomError("series_date", "expected either 'days' or 'months'")
        return self


class ContactRule(Model):
    """What every contact rule has."""

    when: When | None = Field(None, description="only for clients who meet this condition")
    channel: Label
    channels: tuple[ChannelRule, ...] = Field(
        (), description="other channels for some clients; the first that fits counts"
    )


class Agreed(ContactRule):
    """The date agreed on in the newest contact that has one."""

    rule: Literal["agreed"]
    reason: Label
    reason_with_kind: Annotated[Label, Field(pattern=r"\{kind\}")]
    max_days: Days


class Birthday(ContactRule):
    """Her birthday."""

    rule: Literal["birthday"]
    reason: Label
    early_days: Days
    late_days: Annotated[int, Field(ge=0, le=180)]


class AfterPurchase(ContactRule):
    """A series of dates after the last purchase."""

    rule: Literal["after_purchase"]
    dates: Annotated[tuple[SeriesDate, ...], Field(min_length=1)]
    grace_days: Days
    expires_days: Days


class ClassAhead(ContactRule):
    """Before a class that she is going to attend."""

    rule: Literal["class_ahead"]
    reason: Label
    days_before: Annotated[int, Field(ge=1, le=60)]


class AfterClass(ContactRule):
    """A series of dates after a class, while she hasn't bought since."""

    rule: Literal["after_class"]
    dates: Annotated[tuple[SeriesDate, ...], Field(min_length=1)]
    grace_days: Days
    expires_days: Days


class Reorder(ContactRule):
    """When by her own rhythm the next order is due."""

    rule: Literal["reorder"]
    reason: Label
    min_days: Annotated[int, Field(ge=1, le=3660)]
    min_purchase_days: Annotated[int, Field(ge=2, le=1000)]
    grace_days: Days
    expires_days: Days


class HolidayRule(ContactRule):
    """Greetings on the dates under `holidays`."""

    rule: Literal["holiday"]
    early_days: Days
    late_days: Annotated[int, Field(ge=0, le=180)]


class BeforeBirthday(ContactRule):
    """Some days before the birthday, until the day before it."""

    rule: Literal["before_birthday"]
    reason: Label
    days_before: Annotated[int, Field(ge=1, le=180)]
    grace_days: Days


class Rhythm(ContactRule):
    """Regular contact, by group."""

    rule: Literal["rhythm"]
    reason: Label
    months: dict[Label, Months]


class FirstContact(ContactRule):
    """For those who were never in touch."""

    rule: Literal["first_contact"]
    reason: Label


AnyContactRule = Annotated[
    Agreed
    | Birthday
    | AfterPurchase
    | ClassAhead
    | AfterClass
    | Reorder
    | HolidayRule
    | BeforeBirthday
    | Rhythm
    | FirstContact,
    Field(discriminator="rule"),
]


class Contacts(Model):
    """The rules that propose the next contact; their order is their priority."""

    rules: tuple[AnyContactRule, ...]


class Holiday(Model):
    """A day of every year on which clients are greeted."""

    day: DayOfYear
    name: Label
    when: When | None = None


# --- gifts ------------------------------------------------------------------------------------


class Occasion(Model):
    """What gifts are given for: `birthday`, or a day of every year."""

    day: OccasionDay
    name: Label


class Multiplier(Model):
    """Raises (or lowers) the gift budget of clients who meet the condition."""

    when: When
    times: NotNegative


class GiftItem(Model):
    """An entry of the gift list."""

    name: Label
    price: NotNegative
    can_be_posted: YesNo = True
    groups: tuple[Label, ...] | None = None
    occasions: tuple[Label, ...] | None = None


class Gifts(Model):
    """Gifts: what for, how dear, which, and when."""

    occasions: tuple[Occasion, ...]
    horizon_days: Days
    merge_days: Annotated[int, Field(ge=0, le=180)]
    kind: Label
    closed_days: Annotated[int, Field(ge=0, le=180)]
    percent: NotNegative
    multipliers: tuple[Multiplier, ...]
    card_only_after_months: Months
    list: tuple[GiftItem, ...]
    token: Label
    card: Label
    joiner: str
    occasion_joiner: str
    post_days: Days


class Limits(Model):
    """Sizes beyond which a file is taken for a mistake."""

    clients: Annotated[int, Field(ge=1, le=1_048_575)]


MESSAGE_NAMES = Literal[
    "no_id",
    "duplicate_id",
    "no_date",
    "bad_date",
    "no_client",
    "unknown_client",
    "no_amount",
    "bad_amount",
    "uncalculated",
    "formulas_kept",
    "bad_birthday",
    "bad_class_date",
    "bad_next_date",
    "next_date_before",
    "next_date_too_far",
    "cell_kept",
    "future_rows",
    "attendance_unknown",
    "column_missing",
    "no_contacts_sheet",
    "potential_buyers",
    "period_too_short",
    "summary_title",
    "summary_blank",
    "summary_due",
    "summary_changed",
    "summary_unchanged",
    "summary_dry_run",
    "summary_saved",
    "summary_backup",
    "summary_problems",
    "summary_more",
    "summary_no_problems",
    "step_read",
    "step_compute",
    "step_fill",
    "step_write",
]

MESSAGE_WORDS: Mapping[str, frozenset[str]] = {
    "no_id": frozenset({"found"}),
    "duplicate_id": frozenset({"found", "first"}),
    "bad_date": frozenset({"found", "formats"}),
    "unknown_client": frozenset({"found", "sheet"}),
    "bad_amount": frozenset({"found"}),
    "formulas_kept": frozenset({"count"}),
    "bad_birthday": frozenset({"found", "formats"}),
    "bad_class_date": frozenset({"found", "formats"}),
    "bad_next_date": frozenset({"found", "formats"}),
    "next_date_before": frozenset({"found"}),
    "next_date_too_far": frozenset({"found", "days"}),
    "cell_kept": frozenset({"found"}),
    "future_rows": frozenset({"sheet", "count"}),
    "column_missing": frozenset({"column", "sheet"}),
    "no_contacts_sheet": frozenset({"sheet"}),
    "potential_buyers": frozenset({"count", "group"}),
    "period_too_short": frozenset({"days", "months"}),
    "summary_title": frozenset({"file", "date", "count"}),
    "summary_due": frozenset({"overdue", "today"}),
    "summary_changed": frozenset({"count"}),
    "summary_dry_run": frozenset({"count"}),
    "summary_saved": frozenset({"file"}),
    "summary_backup": frozenset({"file"}),
    "summary_problems": frozenset({"count"}),
    "summary_more": frozenset({"count", "file"}),
}
"""The words in braces that each message may use."""


class Config(Model):
    """All rules of a client base, as read from `config.yaml`."""

    based_on: Literal["en", "ru"]
    sheets: Sheets
    columns: Columns
    no_words: tuple[Text, ...]
    dates: Dates
    numbers: Numbers
    year: Year
    home_city: Text
    groups: Annotated[tuple[GroupRule, ...], Field(min_length=1)]
    abc: Abc
    xyz: Xyz
    stage: Stage
    folder: Folder
    kinds: dict[Label, Weight]
    weights: Weights
    contacts: Contacts
    holidays: tuple[Holiday, ...]
    reason_joiner: str
    gifts: Gifts
    limits: Limits
    messages: dict[MESSAGE_NAMES, str]

    def group_names(self) -> list[str]:
        """The groups in the order of their first rule, each once."""
        return list(dict.fromkeys(rule.name for rule in self.groups))
