"""Days that are still to come, as people note them while phoning: "5.12", "+7", "через неделю",
"in 2 weeks", "tomorrow", "в понедельник".

What can mean one thing only is read: "next Monday" and "через день" mean two.
"""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
from numpy.typing import NDArray

from rules.config.settings import Dates
from rules.reading.cells import read_dates
from rules.reading.dates import add_months, as_date, date_or_none, day, days_on
from rules.reading.typed_dates import Doubt
from rules.reading.words import fold

_A_YEAR = 366
_NUMBERS = (
    "a an один одна одну one",
    "два две two",
    "три three",
    "четыре four",
    "пять five",
    "шесть six",
)
_COUNTS = {word: number for number, words in enumerate(_NUMBERS, 1) for word in words.split()}
_UNITS = {
    "day": "д дн день дня дней d day days",
    "week": "нед неделя неделю недели недель w wk week weeks",
    "month": "мес месяц месяца месяцев month months",
    "year": "год года лет year years",
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_FROM_NOW = re.compile(
    rf"""(?P<ahead> \+ | через\s | in\s )? \s*
        (?P<count> [0-9]{{1,3}} | (?:{"|".join(_COUNTS)})(?=\s) )? \s*
        (?P<unit> {"|".join(sorted(_UNIT_OF, key=len, reverse=True))} )? \.?""",
    re.VERBOSE,
)
_SOON = {
    "сегодня": 0,
    "today": 0,
    "завтра": 1,
    "tomorrow": 1,
    "послезавтра": 2,
    "day after tomorrow": 2,
    "the day after tomorrow": 2,
}
_WEEKDAYS = (
    "понедельник пн monday mon",
    "вторник вт tuesday tue tues",
    "среда среду ср wednesday wed",
    "четверг чт thursday thu thurs",
    "пятница пятницу пт friday fri",
    "суббота субботу сб saturday sat",
    "воскресенье вс sunday sun",
)
_WEEKDAY_OF = {word: number for number, words in enumerate(_WEEKDAYS) for word in words.split()}
_ON = re.compile(r"(?:(?:в|во|on)\s)?(?P<weekday>[^\W\d_]+)")


def coming_day(cell: object, after: dt.date, rule: Dates) -> dt.date | None:
    """The day that a cell names, noted on the day *after*; None where it can't be read.

    A day without a year is the next such one, *after* included; a weekday is the first behind it. A
    small number is so many days, for Excel makes 7 of +7. A time of day is none of it.
    """
    if isinstance(cell, float) and 1 <= cell <= _A_YEAR and cell.is_integer():
        return days_on(after, int(cell))
    if isinstance(cell, str):
        said = fold(cell).rstrip(" .!")
        found = _soon(said, after) or _from_now(said, after)
        if found is not None or ":" in said:
            return found
    read = read_dates(_column(cell), rule, day(after), lies_ahead=True)
    is_known = read.doubts[0] in {Doubt.NONE, Doubt.NO_YEAR} and not _has_time(cell)
    return date_or_none(read.dates[0]) if is_known else None


def _soon(said: str, after: dt.date) -> dt.date | None:
    if said in _SOON:
        return days_on(after, _SOON[said])
    on = _ON.fullmatch(said)
    weekday = _WEEKDAY_OF.get(on["weekday"]) if on else None
    return None if weekday is None else days_on(after, (weekday - after.weekday() - 1) % 7 + 1)


def _from_now(said: str, after: dt.date) -> dt.date | None:
    """So many days, weeks, months or years on; a plus alone counts days."""
    found = _FROM_NOW.fullmatch(said)
    if found is None or not (found["count"] or found["unit"]):
        return None
    count, unit = found["count"], _UNIT_OF.get(found["unit"] or "")
    if count is None and (unit == "day" or found["ahead"] in {None, "+"}):
        return None
    if unit is None:
        if found["ahead"] != "+" or not count.isdecimal():
            return None
        unit = "day"
    number = 1 if count is None else int(_COUNTS.get(count, count))
    if unit in {"day", "week"}:
        return days_on(after, number * (7 if unit == "week" else 1))
    months = number * (12 if unit == "year" else 1)
    return as_date(add_months(np.array([day(after)]), months)[0])


def _has_time(cell: object) -> bool:
    return isinstance(cell, dt.time) or (isinstance(cell, dt.datetime) and cell.time() != dt.time())


def _column(cell: object) -> NDArray[np.object_]:
    """A column of one cell."""
    return np.array([cell], dtype=object)
