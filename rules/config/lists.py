"""The sheets with lists: today's contacts, birthdays, gifts; and on which days she works."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from rules.config.basics import Headings, Label, Model, Word, YesNo
from words import _


class TodayColumns(Model):
    """Headings of the sheet Today."""

    day: Headings = Field(description="the day for which the contact is planned")
    due: Headings = Field(description="since when it is due")
    name: Headings = Field(description="the client's name")
    phone: Headings = Field(description="her phone")
    group: Headings = Field(description="her group")
    classes: Headings = Field(description="her ABC and XYZ class, such as AX")
    reason: Headings = Field(description="why she is to be contacted")
    channel: Headings = Field(description="how: call, SMS, or what was agreed")
    done: Headings = Field(
        description="yours: a mark, a day or a kind of contact, once it is done; required"
    )
    result: Headings = Field(description="yours: what came of it; required")
    last_bought: Headings = Field(description="what she bought last")
    last_contact: Headings = Field(description="note and result of the last contact")
    wishes: Headings = Field(description="what she would like to have")
    gift: Headings = Field(description="the gift to prepare")
    client_id: Headings = Field(
        description="her ID, by which the contact is written down; required"
    )


class BirthdayColumns(Model):
    """Headings of the sheet Birthdays."""

    month: Headings = Field(description="the month of the birthday; required")
    day: Headings = Field(description="the day; required")
    name: Headings = Field(description="whose birthday it is; required")
    age: Headings = Field(description="how old she or he becomes, where the year is known")
    phone: Headings = Field(description="the client's phone")
    group: Headings = Field(description="the client's group")
    gift: Headings = Field(description="the gift for the birthday")
    budget: Headings = Field(description="what it may cost")
    post_by: Headings = Field(description="when it must be posted")
    client_id: Headings = Field(description="the client's ID")


class GiftColumns(Model):
    """Headings of the sheet Gifts."""

    occasion: Headings = Field(description="what the gifts are for; required")
    needed: Headings = Field(description="when the first of them is needed")
    item: Headings = Field(description="what is to be ordered; required")
    count: Headings = Field(description="how many; required")
    price: Headings = Field(description="what one costs")
    cost: Headings = Field(description="what all cost")
    clients: Headings = Field(description="for whom")


class Today(Model):
    """The sheet Today."""

    days_ahead: Annotated[int, Field(ge=0, le=60)] = Field(
        description="the list goes on with the contacts of so many days after today"
    )
    most: Annotated[int, Field(ge=1, le=100_000)] = Field(
        description="the list holds at most so many contacts, the most urgent ones"
    )
    marks: tuple[Word, ...] = Field(
        description="what in the column Done is a mere mark; any other text goes before the result"
    )


class FreeDay(NamedTuple):
    """A day, or that day of every year."""

    year: int | None
    month: int
    day: int


def _free_day(value: object) -> object:
    if isinstance(value, FreeDay):
        return value
    match = re.fullmatch(r"(?:(\d{4})-)?(\d\d)-(\d\d)", str(value))
    try:
        if match:
            year = int(match[1]) if match[1] else None
            dt.date(year or 2000, int(match[2]), int(match[3]))
            return FreeDay(year, int(match[2]), int(match[3]))
    except ValueError:
        pass
    raise PydanticCustomError(
        "free_day", _("expected a day such as 2026-12-30, or 12-30 for every year")
    )


_WEEKDAYS = (
    ("monday", "понедельник"),
    ("tuesday", "вторник"),
    ("wednesday", "среда"),
    ("thursday", "четверг"),
    ("friday", "пятница"),
    ("saturday", "суббота"),
    ("sunday", "воскресенье"),
)


def _weekday(value: object) -> object:
    for number, names in enumerate(_WEEKDAYS):
        if value == number or str(value).casefold() in names:
            return number
    raise PydanticCustomError("weekday", _("expected a day of the week, such as Saturday"))


def _capacity(value: object) -> object:
    if value is None or str(value).casefold() in {"off", "no", "нет"}:
        return None
    if str(value).isdecimal() and 1 <= int(str(value)) <= 1000:
        return int(str(value))
    raise PydanticCustomError("capacity", _("expected off, or a number from 1 to 1000"))


Capacity = Annotated[
    int | None,
    BeforeValidator(_capacity),
    WithJsonSchema({"anyOf": [{"enum": ["off", False]}, {"type": "integer", "minimum": 1}]}),
]
"""How many calls a day, or None for as many as are due."""
Weekday = Annotated[
    int,
    BeforeValidator(_weekday),
    WithJsonSchema(
        {
            "enum": [
                way(one) for names in _WEEKDAYS for one in names for way in (str, str.capitalize)
            ]
        }
    ),
]
"""A day of the week; Monday is 0."""
Free = Annotated[
    FreeDay,
    BeforeValidator(_free_day),
    WithJsonSchema({"type": "string", "pattern": r"^(\d{4}-)?\d\d-\d\d$"}),
]


def _not_all(days: tuple[int, ...]) -> tuple[int, ...]:
    if len(set(days)) > 6:
        raise PydanticCustomError(
            "all_week", _("at least one day of the week must be left to work")
        )
    return days


class WorkingDays(Model):
    """On which days she calls, where `contacts.capacity_per_day` levels the calls."""

    public_holidays: YesNo = Field(
        description="no: she works on the public holidays of her country, too"
    )
    weekend: Annotated[tuple[Weekday, ...], AfterValidator(_not_all)] = Field(
        description="the days of the week on which she doesn't call"
    )
    free_days: tuple[Free, ...] = Field(
        description="her own free days: 2026-12-30, or 12-30 for every year"
    )


class Birthdays(Model):
    """The sheet Birthdays."""

    months: Annotated[tuple[Label, ...], Field(min_length=12, max_length=12)] = Field(
        description="the names of the twelve months"
    )
