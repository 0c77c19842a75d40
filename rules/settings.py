"""The types of `config.yaml`: what may stand there, and what each entry means.

Every number and word of the rules comes from the file; nothing here has a default of its own.
The field descriptions go into the JSON Schema, where an editor shows them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal, NamedTuple, Self, get_args

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
        if not number.is_finite():
            raise PydanticCustomError(
                "plain_number",
                "expected a number such as 36000 or 1.5 (digits without blanks, and a point)",
            )
        if abs(number) > Decimal(10) ** 12 or number != round(number, 12):
            raise PydanticCustomError(
                "plain_number", "this number is too large, or has too many decimals"
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
    if value == "birthday":
        return value
    try:
        return _month_day(value)
    except PydanticCustomError as error:
        raise PydanticCustomError(
            "occasion_day", "expected birthday, or month-day, such as 12-31 for 31 December"
        ) from error


def _as_list(value: object) -> object:
    if isinstance(value, str):
        return [value]
    if isinstance(value, (list, tuple)):
        return value
    raise PydanticCustomError("headings", "expected a heading, or a list of headings: [a, b]")


def _not_blank(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("blank_text", "this can't be empty")
    return value


_DAYS_OF_MONTHS = (
    r"(0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|[12]\d)"
)
_MONTH_DAY_SCHEMA = {
    "type": "string",
    "pattern": f"^({_DAYS_OF_MONTHS})$",
    "examples": ["12-31", "03-08"],
}
_OCCASION_SCHEMA = {"anyOf": [{"const": "birthday"}, _MONTH_DAY_SCHEMA]}
# An editor reads a bare 2024 as a number and true as a yes/no; here they are words.
_SCALAR_SCHEMA: dict[str, object] = {"type": ["string", "number", "boolean"]}
_WORD_SCHEMA = _SCALAR_SCHEMA | {"pattern": r"\S"}
_LABEL_SCHEMA = _WORD_SCHEMA | {"maxLength": 255}
_ANY_CASE = "|".join(
    "".join(f"[{letter}{letter.upper()}]" for letter in word) for word in sorted(YES | NO)
)
_YES_NO_SCHEMA = {
    "anyOf": [
        {"enum": ["yes", "no"]},
        {"type": "boolean"},
        {"type": "string", "pattern": f"^({_ANY_CASE})$"},
    ]
}

Text = Annotated[
    str, BeforeValidator(_word), WithJsonSchema({"type": ["string", "number", "boolean", "null"]})
]
Phrase = Annotated[str, WithJsonSchema(_SCALAR_SCHEMA)]
Word = Annotated[str, Field(min_length=1), AfterValidator(_not_blank), WithJsonSchema(_WORD_SCHEMA)]
Label = Annotated[
    str,
    Field(min_length=1, max_length=255),
    AfterValidator(_not_blank),
    WithJsonSchema(_LABEL_SCHEMA),
]
YesNo = Annotated[bool, BeforeValidator(_yes_no), WithJsonSchema(_YES_NO_SCHEMA)]
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
    tuple[Label, ...],
    BeforeValidator(_as_list),
    Field(min_length=1),
    WithJsonSchema(
        {"anyOf": [_LABEL_SCHEMA, {"type": "array", "items": _LABEL_SCHEMA, "minItems": 1}]}
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


class Comparing(Model):
    """A block of which at least one entry is needed; several all hold."""

    @model_validator(mode="after")
    def _compares_something(self) -> Self:
        if all(value is None or value == {} for value in dict(self).values()):
            raise PydanticCustomError(
                "no_comparison",
                "nothing to compare with; write at least one of: {allowed}",
                {"allowed": ", ".join(self.allowed_keys())},
            )
        return self


AT_LEAST = "this number or more"
AT_MOST = "this number or less"
ABOVE = "more than this number"
BELOW = "less than this number"
WITHIN_MONTHS = "at most so many months ago: date + N months is today or later"
OLDER_THAN_MONTHS = "more than so many months ago: date + N months is before today"
MonthsAgo = Annotated[int, Field(ge=0, le=600)]


class NumberTest(Comparing):
    """Compares a number; a client without the number never fits."""

    at_least: Number | None = Field(None, description=AT_LEAST)
    at_most: Number | None = Field(None, description=AT_MOST)
    above: Number | None = Field(None, description=ABOVE)
    below: Number | None = Field(None, description=BELOW)
    is_: Number | None = Field(None, alias="is", description="exactly this number")
    in_: tuple[Number, ...] | None = Field(
        None, alias="in", min_length=1, description="one of these numbers: [1, 2]"
    )


class DateTest(Comparing):
    """Compares a date with today, by calendar months; a client without the date never fits."""

    within_months: MonthsAgo | None = Field(None, description=WITHIN_MONTHS)
    older_than_months: MonthsAgo | None = Field(None, description=OLDER_THAN_MONTHS)


class YesNoTest(Comparing):
    """Compares a yes/no fact; where it is unknown the condition holds for nobody."""

    is_: YesNo | None = Field(None, alias="is", description="yes or no")


class TextTest(Comparing):
    """Compares a word, without regard to case and blanks."""

    is_: Word | None = Field(None, alias="is", description="this word")
    in_: tuple[Word, ...] | None = Field(
        None, alias="in", min_length=1, description="one of these words: [A, B]"
    )


class ColumnTest(Comparing):
    """Compares one of her own columns: as number, date or text, as the comparison asks."""

    at_least: Number | None = Field(None, description=AT_LEAST)
    at_most: Number | None = Field(None, description=AT_MOST)
    above: Number | None = Field(None, description=ABOVE)
    below: Number | None = Field(None, description=BELOW)
    is_: Word | None = Field(None, alias="is", description="this word")
    in_: tuple[Word, ...] | None = Field(
        None, alias="in", min_length=1, description="one of these words: [dry, oily]"
    )
    within_months: MonthsAgo | None = Field(None, description=WITHIN_MONTHS)
    older_than_months: MonthsAgo | None = Field(None, description=OLDER_THAN_MONTHS)
    filled: YesNo | None = Field(
        None, description="yes: the cell holds something other than a word of no_words"
    )


class When(Comparing):
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

    clients: Label = Field(description="the sheet with one row a client")
    purchases: Label = Field(description="the sheet with one row a purchase line")
    contacts: Label = Field(
        description="the sheet with one row a contact; may be missing in the workbook"
    )


class ClientColumns(Model):
    """Headings of the Clients table that she types."""

    id: Headings = Field(description="what tells a client from all others; required")
    name: Headings = Field(description="the client's name; required")
    birthday: Headings = Field(description="the birthday; only day and month count")
    phone: Headings = Field(description="the phone number; kept, not used by the rules")
    email: Headings = Field(description="the e-mail address; kept, not used by the rules")
    city: Headings = Field(description="the city; gifts to another city than home_city are posted")
    address: Headings = Field(description="the address; kept, not used by the rules")
    class_date: Headings = Field(description="when she was, or will be, at a class")
    source: Headings = Field(description="where the client came from; kept, not used by the rules")
    hostess: Headings = Field(description="at whose class she was; kept, not used by the rules")
    organisation: Headings = Field(description="where she works; kept, not used by the rules")
    segment: Headings = Field(description="your own segment; kept, not used by the rules")
    referred_by: Headings = Field(description="who recommended her; kept, not used by the rules")
    consultant: Headings = Field(description="who serves her; kept, not used by the rules")
    spouse: Headings = Field(description="the spouse's name; kept, not used by the rules")
    spouse_birthday: Headings = Field(
        description="the spouse's birthday; kept, not used by the rules"
    )
    children: Headings = Field(description="the children; kept, not used by the rules")
    preferences: Headings = Field(description="what she likes; kept, not used by the rules")
    wishes: Headings = Field(description="what she would like to have; kept, not used by the rules")
    mailing: Headings = Field(description="which mailings she gets; kept, not used by the rules")
    do_not_contact: Headings = Field(
        description="anything but a word of no_words: she gets no reminders and no gift"
    )
    notes: Headings = Field(description="notes; kept, not used by the rules")


class PurchaseColumns(Model):
    """Headings of the Purchases table."""

    date: Headings = Field(description="the day of the purchase; required")
    client_id: Headings = Field(
        description="who bought: the same as in the clients' id column; required"
    )
    product: Headings = Field(description="what was bought; kept, not used by the rules")
    quantity: Headings = Field(description="how many; kept, not used by the rules")
    amount: Headings = Field(description="the money of the line, below zero for a return; required")
    order: Headings = Field(description="the number of the order; kept, not used by the rules")
    consultant: Headings = Field(description="who sold it; kept, not used by the rules")


class ContactColumns(Model):
    """Headings of the Contacts table."""

    date: Headings = Field(description="the day of the contact; required")
    client_id: Headings = Field(
        description="with whom: the same as in the clients' id column; required"
    )
    kind: Headings = Field(description="how: a word of 'kinds', such as call")
    consultant: Headings = Field(description="who contacted her; kept, not used by the rules")
    note: Headings = Field(description="what was said; kept, not used by the rules")
    result: Headings = Field(description="what came of it; kept, not used by the rules")
    next_date: Headings = Field(description="the day agreed on for the next contact")
    next_kind: Headings = Field(description="how the next contact is agreed, such as meeting")


class FilledColumns(Model):
    """Headings of the columns that the program fills on Clients."""

    group: Headings = Field(description="the group by the rules under 'groups'")
    abc: Headings = Field(description="the class by turnover in the year")
    xyz: Headings = Field(description="the class by how evenly she buys")
    stage: Headings = Field(description="new, permanent, lost, restored or potential")
    folder: Headings = Field(description="the folder of the card file")
    turnover: Headings = Field(description="what she bought for in the year")
    last_purchase: Headings = Field(description="the last day she bought")
    next_contact: Headings = Field(description="when to contact her next")
    contact_reason: Headings = Field(description="why then")
    channel: Headings = Field(description="how: call, SMS, or what was agreed")
    gift: Headings = Field(description="what to give her")
    gift_budget: Headings = Field(description="what the gift may cost")
    gift_for: Headings = Field(description="the occasion of the gift")
    gift_date: Headings = Field(description="when the gift is due, or must be posted")


class Columns(Model):
    """Which heading holds what: one heading, or a list of accepted ones."""

    clients: ClientColumns = Field(description="the columns of the clients' sheet that you type")
    purchases: PurchaseColumns = Field(description="the columns of the purchases' sheet")
    contacts: ContactColumns = Field(description="the columns of the contacts' sheet")
    filled: FilledColumns = Field(
        description="the columns that the program fills on the clients' sheet"
    )


def _known_format(text_format: str) -> str:
    parts = re.findall(r"yyyy|mm|dd|\w", text_format)
    if sorted(parts) not in (["dd", "mm"], ["dd", "mm", "yyyy"]):
        raise PydanticCustomError(
            "date_format", "expected a form of dates made of dd, mm and yyyy, such as dd.mm.yyyy"
        )
    return text_format


DateFormat = Annotated[str, AfterValidator(_known_format)]


class Dates(Model):
    """How dates that were typed as text are read."""

    text_formats: tuple[DateFormat, ...] = Field(
        min_length=1,
        description="forms of dates, tried in this order; dd is the day, mm the month, yyyy the "
        "year; one without yyyy is for birthdays whose year isn't known",
    )


class Numbers(Model):
    """How amounts that were typed as text are read, and money is counted."""

    decimal: Literal[",", "."] = Field(description="the decimal sign in amounts typed as text")
    currency: tuple[Label, ...] = Field(description="currency words that may stand at an amount")
    minor_units: Annotated[int, Field(ge=0, le=4)] = Field(
        description="decimals of the currency: 2 for kopecks and cents"
    )


class Year(Model):
    """What 'in the year' means."""

    basis: Literal["trailing", "calendar", "seminar"] = Field(
        description="trailing: the 12 months that end today; calendar: since 1 January; "
        "seminar: since seminar_start"
    )
    seminar_start: DayOfYear = Field(
        description="the first day of the direct-sales year (month-day), for basis: seminar"
    )


# --- classes ----------------------------------------------------------------------------------

Bounds = Annotated[
    tuple[Percent, Percent],
    WithJsonSchema(
        {
            "type": "array",
            "items": {"type": "number", "exclusiveMinimum": 0},
            "minItems": 2,
            "maxItems": 2,
        }
    ),
]


def _ascending(bounds: tuple[Decimal, Decimal]) -> tuple[Decimal, Decimal]:
    if bounds[0] >= bounds[1]:
        raise PydanticCustomError(
            "bounds",
            "the first bound must be below the second; found {first} and {second}",
            {"first": str(bounds[0]), "second": str(bounds[1])},
        )
    return bounds


AscendingBounds = Annotated[Bounds, AfterValidator(_ascending)]
ThreeNames = tuple[Label, Label, Label]


class GroupRule(Model):
    """One group rule; without `when` it fits everybody."""

    name: Label = Field(description="the group's name, as it will stand in the cells")
    when: When | None = Field(
        None, description="who belongs to the group; without it everybody who is left"
    )


class Abc(Model):
    """ABC classes by turnover in the year."""

    line: Literal["crossing", "inclusive"] = Field(
        description="crossing: the client on the line gets the higher class; "
        "inclusive: the share with the client decides"
    )
    bounds: AscendingBounds = Field(
        description="percent of the whole turnover that end the first and the second class"
    )
    names: ThreeNames = Field(description="the names of the three classes, the best first")


class Xyz(Model):
    """XYZ classes by how evenly she buys."""

    period_months: Annotated[int, Field(ge=1, le=12)] = Field(description="months in a period")
    months: Months = Field(description="months looked back over, without the month of today")
    bounds: AscendingBounds = Field(
        description="percent of deviation that end the first and the second class"
    )
    min_periods: Annotated[int, Field(ge=2, le=600)] = Field(
        description="with fewer periods since the first purchase the class stays blank"
    )
    deviation: Literal["population", "sample"] = Field(
        description="population or sample standard deviation"
    )
    names: ThreeNames = Field(description="the names of the three classes, the steadiest first")

    @model_validator(mode="after")
    def _periods_fit(self) -> Self:
        if self.months % self.period_months:
            raise PydanticCustomError(
                "xyz_periods",
                "'months' ({months}) can't be divided into periods of 'period_months' ({period})",
                {"months": self.months, "period": self.period_months},
            )
        if self.months // self.period_months < self.min_periods:
            raise PydanticCustomError(
                "xyz_periods",
                "{months} months hold only {count} periods of {period} months, but 'min_periods' "
                "asks for {least}",
                {
                    "months": self.months,
                    "count": self.months // self.period_months,
                    "period": self.period_months,
                    "least": self.min_periods,
                },
            )
        return self


class StageNames(Model):
    """The words for the five stages."""

    potential: Label = Field(description="never bought")
    new: Label = Field(description="bought for the first time within the period")
    lost: Label = Field(description="bought, but not within the period")
    restored: Label = Field(description="came back within the period after a longer pause")
    permanent: Label = Field(description="all others who bought")


class Stage(Model):
    """Client stages."""

    period_months: Months = Field(
        description="the period in months; it should fit how often clients buy"
    )
    names: StageNames = Field(description="the words for the five stages")


class FolderNames(Model):
    """The words for the two folders."""

    green: Label = Field(
        description="a purchase this calendar year or in the years_back years before"
    )
    black: Label = Field(description="bought, but longer ago")


class Folder(Model):
    """The two folders of the card file."""

    years_back: Annotated[int, Field(ge=0, le=50)] = Field(
        description="1: a purchase this calendar year or last keeps her in the green folder"
    )
    names: FolderNames = Field(description="the words for the two folders")


# --- contacts ---------------------------------------------------------------------------------


class Weights(Model):
    """How personal a contact must be."""

    unknown: Weight = Field(description="weight of a kind that isn't listed, or is blank")
    personal: Weight = Field(description="from this weight on a contact is a personal touch")


class ChannelRule(Model):
    """A channel for clients who meet the condition."""

    channel: Label = Field(description="a kind of contact, such as call")
    when: When = Field(description="for which clients")


class SeriesDate(Model):
    """One date of a series: so many days or months after its start."""

    days: Days | None = Field(None, description="so many days after the start")
    months: Months | None = Field(None, description="so many months after the start")
    reason: Label = Field(description="what stands in the cell as the reason")

    @model_validator(mode="after")
    def _one_distance(self) -> Self:
        if (self.days is None) == (self.months is None):
            raise PydanticCustomError("series_date", "expected one of 'days' and 'months'")
        return self


class ContactRule(Model):
    """What every contact rule has."""

    when: When | None = Field(None, description="only for clients who meet this condition")
    channel: Label = Field(
        description="a kind of contact, such as call; only a contact that weighs as much counts"
    )
    channels: tuple[ChannelRule, ...] = Field(
        (), description="other channels for some clients; the first that fits counts"
    )


class Agreed(ContactRule):
    """The date agreed on in the newest contact that has one."""

    rule: Literal["agreed"] = Field(
        description="the date agreed on in the newest contact that has one"
    )
    reason: Label = Field(description="what stands in the cell as the reason")
    reason_with_kind: Annotated[Label, Field(pattern=r"\{kind\}")] = Field(
        description="the reason where a kind was agreed on too; {kind} stands for it"
    )
    max_days: Days = Field(
        description="a date more than so many days after its contact is taken for a slip"
    )


class Birthday(ContactRule):
    """Her birthday."""

    rule: Literal["birthday"] = Field(description="the client's birthday")
    reason: Label = Field(description="what stands in the cell as the reason")
    early_days: Days = Field(description="a contact from so many days before counts")
    late_days: Annotated[int, Field(ge=0, le=180)] = Field(
        description="so many days after it is too late, and the next year's stands"
    )


class AfterPurchase(ContactRule):
    """A series of dates after the last purchase."""

    rule: Literal["after_purchase"] = Field(description="dates after the last purchase")
    dates: Annotated[tuple[SeriesDate, ...], Field(min_length=1)] = Field(
        description="the dates after the purchase, each with its reason"
    )
    grace_days: Days = Field(description="a contact up to so many days before the date counts")
    expires_days: Days = Field(description="so many days after the date it is dropped")


class ClassAhead(ContactRule):
    """Before a class that she is going to attend."""

    rule: Literal["class_ahead"] = Field(description="before a class that lies ahead")
    reason: Label = Field(description="what stands in the cell as the reason")
    days_before: Annotated[int, Field(ge=1, le=60)] = Field(
        description="so many days before the class"
    )


class AfterClass(ContactRule):
    """A series of dates after a class, while she hasn't bought since."""

    rule: Literal["after_class"] = Field(
        description="dates after a class, while she hasn't bought since"
    )
    dates: Annotated[tuple[SeriesDate, ...], Field(min_length=1)] = Field(
        description="the dates after the class, each with its reason"
    )
    grace_days: Days = Field(description="a contact up to so many days before the date counts")
    expires_days: Days = Field(description="so many days after the date it is dropped")


class Reorder(ContactRule):
    """When by her own rhythm the next order is due."""

    rule: Literal["reorder"] = Field(description="the usual pause between her purchases is over")
    reason: Label = Field(description="what stands in the cell as the reason")
    min_days: Annotated[int, Field(ge=1, le=3660)] = Field(
        description="the pause is taken as at least so many days"
    )
    min_purchase_days: Annotated[int, Field(ge=2, le=1000)] = Field(
        description="only for clients who bought on so many days"
    )
    grace_days: Days = Field(description="a contact up to so many days before the date counts")
    expires_days: Days = Field(description="so many days after the date it is dropped")


class HolidayRule(ContactRule):
    """Greetings on the dates under `holidays`."""

    rule: Literal["holiday"] = Field(description="the days under 'holidays'")
    early_days: Days = Field(description="a contact from so many days before counts")
    late_days: Annotated[int, Field(ge=0, le=180)] = Field(
        description="so many days after it is too late, and the next year's stands"
    )


class BeforeBirthday(ContactRule):
    """Some days before the birthday, until the day before it."""

    rule: Literal["before_birthday"] = Field(description="some time before the birthday")
    reason: Label = Field(description="what stands in the cell as the reason")
    days_before: Annotated[int, Field(ge=1, le=180)] = Field(
        description="so many days before the birthday"
    )
    grace_days: Days = Field(description="a contact up to so many days before the date counts")


class Rhythm(ContactRule):
    """Regular contact, by group."""

    rule: Literal["rhythm"] = Field(description="regular contact after the last touch")
    reason: Label = Field(description="what stands in the cell as the reason")
    months: dict[Label, Months] = Field(
        description="for each group, months between contacts; a group that isn't named gets none"
    )


class FirstContact(ContactRule):
    """For those who were never in touch."""

    rule: Literal["first_contact"] = Field(description="clients with whom there was no contact yet")
    reason: Label = Field(description="what stands in the cell as the reason")


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

    rules: tuple[AnyContactRule, ...] = Field(
        description="the rules; their order is their priority"
    )


class Holiday(Model):
    """A day of every year on which clients are greeted."""

    day: DayOfYear = Field(description="month-day, such as 12-31 for 31 December")
    name: Label = Field(description="what stands in the cell as the reason")
    when: When | None = Field(None, description="only for clients who meet this condition")


# --- gifts ------------------------------------------------------------------------------------


class Occasion(Model):
    """What gifts are given for: `birthday`, or a day of every year."""

    day: OccasionDay = Field(description="birthday, or month-day, such as 12-31 for 31 December")
    name: Label = Field(description="what stands in the cell")


class Multiplier(Model):
    """Raises (or lowers) the gift budget of clients who meet the condition."""

    when: When = Field(description="for which clients")
    times: NotNegative = Field(description="the budget is multiplied by this")


class GiftItem(Model):
    """An entry of the gift list."""

    name: Label = Field(description="what stands in the cell")
    price: NotNegative = Field(description="what it costs")
    can_be_posted: YesNo = Field(default=True, description="no: never for clients in another city")
    groups: tuple[Label, ...] | None = Field(None, description="only for these groups")
    occasions: tuple[Label, ...] | None = Field(
        None, description="only for these occasions, by name"
    )


class Gifts(Model):
    """Gifts: what for, how dear, which, and when."""

    occasions: tuple[Occasion, ...] = Field(description="what gifts are for; the nearest counts")
    horizon_days: Days = Field(
        description="occasions further ahead than so many days don't count yet"
    )
    merge_days: Annotated[int, Field(ge=0, le=180)] = Field(
        description="occasions up to so many days after the nearest share its gift"
    )
    kind: Label = Field(description="a contact of this kind closes the next occasion")
    closed_days: Annotated[int, Field(ge=0, le=180)] = Field(
        description="how many days ahead that occasion may lie at most"
    )
    percent: NotNegative = Field(
        description="percent of the turnover in the year that a gift may cost"
    )
    multipliers: tuple[Multiplier, ...] = Field(
        description="raise or lower the budget of some clients; all that fit apply"
    )
    card_only_after_months: Months = Field(
        description="a last purchase longer ago than so many months: only the card"
    )
    list: tuple[GiftItem, ...] = Field(
        description="the gifts; the dearest that fits the budget is given"
    )
    token: Label = Field(description="given where nothing on the list fits the budget")
    card: Label = Field(description="goes with every gift")
    joiner: Phrase = Field(description="stands between the gift and the card")
    occasion_joiner: Phrase = Field(description="stands between occasions that share a gift")
    post_days: Days = Field(description="a gift for another city is posted so many days before")


class Limits(Model):
    """Sizes beyond which a file is taken for a mistake."""

    clients: Annotated[int, Field(ge=1, le=1_048_575)] = Field(
        description="more clients than this are taken for a mistake"
    )


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
    "word_yes",
    "word_no",
    "fact_turnover_in_year",
    "fact_purchase_days_in_year",
    "fact_purchase_days",
    "fact_first_purchase",
    "fact_last_purchase",
    "fact_days_since_last_purchase",
    "fact_months_since_last_purchase",
    "fact_longest_gap_days",
    "fact_usual_interval_days",
    "fact_bought",
    "fact_attended_class",
    "why_left_out",
    "why_never_bought",
    "why_do_not_contact",
    "why_group",
    "why_group_none",
    "why_abc",
    "why_abc_none",
    "why_xyz",
    "why_xyz_few",
    "why_xyz_stage",
    "why_xyz_mean",
    "why_stage",
    "why_stage_never",
    "why_folder",
    "why_turnover",
    "why_turnover_none",
    "why_last_purchase",
    "why_contact",
    "why_contact_none",
    "why_gift",
    "why_gift_card",
    "why_gift_none",
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
    "fact_turnover_in_year": frozenset({"value"}),
    "fact_purchase_days_in_year": frozenset({"value"}),
    "fact_purchase_days": frozenset({"value"}),
    "fact_first_purchase": frozenset({"value"}),
    "fact_last_purchase": frozenset({"value"}),
    "fact_days_since_last_purchase": frozenset({"value"}),
    "fact_months_since_last_purchase": frozenset({"value"}),
    "fact_longest_gap_days": frozenset({"value"}),
    "fact_usual_interval_days": frozenset({"value"}),
    "fact_bought": frozenset({"value"}),
    "fact_attended_class": frozenset({"value"}),
    "why_group": frozenset({"facts", "name", "rule"}),
    "why_group_none": frozenset({"facts"}),
    "why_abc": frozenset({"before", "including", "name"}),
    "why_xyz": frozenset({"amounts", "name", "variation"}),
    "why_xyz_few": frozenset({"needed", "periods"}),
    "why_xyz_stage": frozenset({"stage"}),
    "why_stage": frozenset({"first", "last", "months", "name"}),
    "why_stage_never": frozenset({"name"}),
    "why_folder": frozenset({"last", "name"}),
    "why_turnover": frozenset({"amount", "start"}),
    "why_last_purchase": frozenset({"last"}),
    "why_contact": frozenset({"date", "open"}),
    "why_gift": frozenset({"budget", "date", "gift", "occasion"}),
    "why_gift_card": frozenset({"date", "gift", "months", "occasion"}),
    "why_gift_none": frozenset({"days"}),
}
"""The words in braces that each message may use."""


def _message_schema(name: str) -> dict[str, object]:
    words = ", ".join(f"{{{word}}}" for word in sorted(MESSAGE_WORDS.get(name, ())))
    return _SCALAR_SCHEMA | {"description": f"may use {words}" if words else "a fixed sentence"}


_MESSAGES_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {name: _message_schema(name) for name in get_args(MESSAGE_NAMES)},
}


class Config(Model):
    """All rules of a client base, as read from `config.yaml`."""

    based_on: Literal["en", "ru"] = Field(
        description="which shipped file fills in what this one leaves out: en or ru"
    )
    sheets: Sheets = Field(description="the names of the three sheets")
    columns: Columns = Field(description="your headings: one, or a list of accepted ones")
    no_words: tuple[Word, ...] = Field(
        description="a yes/no cell with one of these words counts as blank"
    )
    dates: Dates = Field(description="how dates that were typed as text are read")
    numbers: Numbers = Field(description="how amounts that were typed as text are read")
    year: Year = Field(description="what 'in the year' means")
    home_city: Text = Field(
        description="your city; gifts to clients in another city are posted; "
        "empty: nothing is posted"
    )
    groups: Annotated[tuple[GroupRule, ...], Field(min_length=1)] = Field(
        description="the group rules, tried from the top; the first that fits names the group"
    )
    abc: Abc = Field(description="ABC classes by turnover in the year")
    xyz: Xyz = Field(description="XYZ classes by how evenly she buys")
    stage: Stage = Field(description="client stages")
    folder: Folder = Field(description="the two folders of the card file")
    kinds: dict[Label, Weight] = Field(
        description="how personal each kind of contact is: a word and a weight from 0 to 100"
    )
    weights: Weights = Field(description="weights of contacts that 'kinds' doesn't settle")
    contacts: Contacts = Field(description="the rules that propose the next contact")
    holidays: tuple[Holiday, ...] = Field(description="days on which clients are greeted")
    reason_joiner: Phrase = Field(description="stands between several reasons in one cell")
    gifts: Gifts = Field(description="what gifts are for, how dear, which, and when")
    limits: Limits = Field(description="sizes beyond which a file is taken for a mistake")
    messages: Annotated[dict[MESSAGE_NAMES, str], WithJsonSchema(_MESSAGES_SCHEMA)] = Field(
        description="what the program says; words in braces are filled in"
    )

    def group_names(self) -> list[str]:
        """The groups in the order of their first rule, each once."""
        return list(dict.fromkeys(rule.name for rule in self.groups))
