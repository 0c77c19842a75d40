"""Dates as people type them: "16.10.26", "5 марта", "Oct 16, 2026", "2026-10-01T10:00:00Z".

What can mean one thing only is read; all else is in doubt, and the doubt says what was nearly
meant. Source: domain, "Reading what she typed".
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from enum import IntEnum
from typing import Literal, NamedTuple
from unicodedata import category

FIRST_YEAR = 1900
ANY_YEAR = 2000
"""The leap year of a birthday whose own isn't known."""


class Doubt(IntEnum):
    """Why a date can't be read."""

    NONE = 0
    UNREADABLE = 1
    NO_YEAR = 2
    OTHER_ORDER = 3
    BARE_NUMBER = 4


class TypedDate(NamedTuple):
    """A text read as a date: the date that it is, or with a doubt the one that it nearly is.

    yearless: the year wasn't typed.
    """

    date: dt.date | None
    doubt: Doubt = Doubt.NONE
    yearless: bool = False


class _Parts(NamedTuple):
    """What stands in a text: the year as typed, '' for none."""

    year: str
    month: int
    day: int


_UNREADABLE = TypedDate(None, Doubt.UNREADABLE)
_APART = r"(?:\s*[./\-‐‑–—−]\s*|\s+)"
_MONTH = r"(?P<name>[^\W\d_]{3,})\.?"
_DAY, _YEAR = "(?P<day>[0-9]{1,2})", "(?P<year>[0-9]{4}|[0-9]{2})"
_FORMS = [
    re.compile(form.replace("~", _APART))
    for form in (
        "(?P<first>[0-9]{1,2})~(?P<second>[0-9]{1,2})(?:~(?P<year>[0-9]{4}|[0-9]{2}))?",
        "(?P<year>[0-9]{4})~(?P<month>[0-9]{1,2})~(?P<day>[0-9]{1,2})",
        "--(?P<month>[0-9]{2})-?(?P<day>[0-9]{2})",
        rf"{_DAY}~{_MONTH}(?:(?:~|\s*,\s*){_YEAR})?",
        rf"{_MONTH}~{_DAY}(?:(?:~|\s*,\s*){_YEAR})?",
        rf"(?P<year>[0-9]{{4}})~{_MONTH}~{_DAY}",
        rf"(?P<year>[0-9]{{4}})~{_DAY}~{_MONTH}",
    )
]
_END = re.compile(r"\s*(?:г\.?|года\.?|\.)?\s*$", re.IGNORECASE)
_TIME = re.compile(
    r"""(?: [T,] \s* | \s+ )
        (?:[01]?[0-9]|2[0-4]) : [0-5][0-9] (?: : [0-5][0-9] (?:[.,][0-9]+)? )?
        (?: \s* [ap] \.? m \.? )?
        (?: \s* (?: [A-ZА-Я]{1,5} )? \s* (?: [+\-−] [0-9]{1,2} :? (?:[0-9]{2})? )? )?
        \s* $""",
    re.IGNORECASE | re.VERBOSE,
)
_NAMES = (
    "январь января january",
    "февраль февраля february",
    "март марта march",
    "апрель апреля april",
    "май мая may",
    "июнь июня june",
    "июль июля july",
    "август августа august",
    "сентябрь сентября september",
    "октябрь октября october",
    "ноябрь ноября november",
    "декабрь декабря december",
)
_MONTHS = {
    name[:length]: number
    for number, names in enumerate(_NAMES, 1)
    for name in names.split()
    for length in range(3, len(name) + 1)
}
"""Months by their names, or the first three letters or more."""


def month_of(word: str) -> int:
    """The number of a month by its name or the first three letters or more; 0 for other words."""
    return _MONTHS.get(word.casefold(), 0)


class DateReader:
    """Reads dates in one order of day and month, as they are meant on the day *today*.

    *ages*: the youngest and the oldest that a person can be, of birthdays; these may lack a year.
    *lies_ahead*: a day without a year is the coming one, and not the last.
    """

    def __init__(
        self,
        order: Literal["dmy", "mdy"],
        today: dt.date,
        ages: tuple[int, int] | None = None,
        *,
        lies_ahead: bool = False,
    ) -> None:
        self._day_first = order == "dmy"
        self._today = today
        self._ages = ages
        self._lies_ahead = lies_ahead

    def read(self, text: str) -> TypedDate:
        """The date that a text is."""
        parts = self._parts(_bare(text))
        if parts is None:
            return _UNREADABLE
        if not parts.year and self._ages is None:
            return self._without_year(parts)
        date = self._date(parts)
        if date is not None:
            return TypedDate(date, yearless=not parts.year)
        swapped = self._date(parts._replace(month=parts.day, day=parts.month))
        if swapped is not None:
            return TypedDate(swapped, Doubt.OTHER_ORDER, yearless=not parts.year)
        return _UNREADABLE

    def _parts(self, text: str) -> _Parts | None:
        for form in _FORMS:
            found = form.fullmatch(text)
            if found is None:
                continue
            at = found.groupdict(default="")
            if "first" in at:
                first, second = int(at["first"]), int(at["second"])
                month, day = (second, first) if self._day_first else (first, second)
            else:
                day = int(at["day"])
                month = month_of(at["name"]) if "name" in at else int(at["month"])
            # a month by its name can't be the day
            return _Parts(at.get("year", ""), month, day) if month else None
        return None

    def _date(self, parts: _Parts) -> dt.date | None:
        """The day in the year that was typed, or in that which was meant by two digits of it."""
        if not parts.year:
            return _day(ANY_YEAR, parts)
        if len(parts.year) == 4:
            return _day(int(parts.year), parts)
        every = (_day(century + int(parts.year), parts) for century in (1900, 2000, 2100))
        days = [one for one in every if one is not None]
        return (self._born(days) if self._ages else self._nearest(days)) if days else None

    def _nearest(self, days: Iterable[dt.date]) -> dt.date:
        return min(days, key=lambda one: abs(one - self._today))

    def _born(self, days: list[dt.date]) -> dt.date:
        """The latest that gives a possible age; without one the latest that isn't ahead."""
        youngest, oldest = self._ages or (0, 0)
        past = [one for one in days if one <= self._today] or days[:1]
        possible = [one for one in past if youngest <= self._age(one) <= oldest]
        return max(possible or past)

    def _age(self, born: dt.date) -> int:
        today = self._today
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))

    def _without_year(self, parts: _Parts) -> TypedDate:
        """A day that needs a year: the latest of them that isn't ahead is proposed, or the first
        that isn't past.
        """
        this, today = self._today.year, self._today
        years = range(this, this + 9) if self._lies_ahead else range(this, this - 9, -1)
        every = (_day(year, parts) for year in years)
        days = (one for one in every if one and (one == today or (one > today) == self._lies_ahead))
        date = next(days, None)
        return TypedDate(date, Doubt.NO_YEAR, yearless=True) if date else _UNREADABLE


def _bare(text: str) -> str:
    """A text without signs that nobody sees, the time of day, and what may follow a year."""
    if not text.isascii():
        text = "".join(sign for sign in text if category(sign) != "Cf")
    return _END.sub("", _TIME.sub("", text.strip()))


def _day(year: int, parts: _Parts) -> dt.date | None:
    if year < FIRST_YEAR:
        return None
    try:
        return dt.date(year, parts.month, parts.day)
    except ValueError:
        return None
