"""On which days she works."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from rules.config.basics import Model, YesNo
from words import _


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
