"""Calendar arithmetic on whole columns of dates.

Dates are numpy `datetime64[D]`, a missing date is NaT and stays NaT. "N months" is calendar
arithmetic: the same day N months on, or the last day of a shorter month. Source: the conventions
that stand behind all rules; it is how people count months.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from rules.config.basics import MonthDay
from rules.config.settings import Year

Days = NDArray[np.datetime64]
"""A column of dates: `datetime64[D]`, NaT where unknown."""

NAT = np.datetime64("NaT", "D")
FIRST_YEAR, LAST_YEAR = 1900, 9999
_LAST_DAY = np.datetime64("9999-12-31", "D")


def day(date: dt.date) -> np.datetime64:
    """*date* as one `datetime64[D]`."""
    return np.datetime64(date, "D")


def shown_date(date: dt.date | None, text_format: str) -> str:
    """*date* as text in *text_format* (made of dd, mm and yyyy); '–' for none."""
    if date is None:
        return "–"
    year, month, day_of_month = date.isoformat().split("-")
    text = text_format.replace("yyyy", year)
    return text.replace("mm", month).replace("dd", day_of_month)


def days_on(date: dt.date, days: int) -> dt.date:
    """The day *days* after *date*, or the last one of the calendar."""
    return date + dt.timedelta(min(days, (dt.date.max - date).days))


def no_days(count: int) -> Days:
    """A column of *count* unknown dates."""
    return np.full(count, NAT)


def latest(client: NDArray[np.intp], date: Days, count: int) -> Days:
    """The latest date of each of *count* clients; NaT for none."""
    last = no_days(count)
    np.fmax.at(last, client, date)
    return last


def newest_rows(client: NDArray[np.intp], date: Days, count: int) -> NDArray[np.intp]:
    """The newest row of each client, of one day the one further down; -1 for none."""
    newest = np.full(count, -1, np.intp)
    order = np.argsort(date, kind="stable")
    newest[client[order]] = order
    return newest


def as_date(value: np.datetime64) -> dt.date:
    """A known day as a Python date."""
    return dt.date.fromisoformat(str(value.astype("datetime64[D]")))


def date_or_none(value: np.datetime64) -> dt.date | None:
    """One element of a column as a Python date; NaT gives None."""
    found = value.astype("datetime64[D]").item()
    return found if isinstance(found, dt.date) else None


def add_months(dates: Days, months: int | NDArray[np.int64]) -> Days:
    """Each date *months* calendar months later (earlier when negative), clamped to month ends."""
    first = dates.astype("datetime64[M]")
    day_in_month = dates - first.astype("datetime64[D]")
    month = first + np.asarray(months).astype("timedelta64[M]")
    last_day = (month + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    clamped: Days = np.minimum(month.astype("datetime64[D]") + day_in_month, last_day)
    return clamped


def months_since(dates: Days, today: np.datetime64) -> NDArray[np.float64]:
    """Whole months from each date to *today*: the largest N with date + N months ≤ today.

    NaN where the date is unknown.
    """
    known = ~np.isnat(dates)
    filled = np.where(known, dates, today)
    months = (today.astype("datetime64[M]") - filled.astype("datetime64[M]")).astype(np.int64)
    months -= add_months(filled, months) > today
    return np.where(known, months, np.nan)


def within_months(dates: Days, months: int, today: np.datetime64) -> NDArray[np.bool_]:
    """Does each date lie at most *months* months ago: date + months ≥ today? NaT: no."""
    return np.asarray(add_months(dates, months) >= today)


def older_than_months(dates: Days, months: int, today: np.datetime64) -> NDArray[np.bool_]:
    """Does each date lie more than *months* months ago: date + months < today? NaT: no."""
    return np.asarray(add_months(dates, months) < today)


def year_start(today: dt.date, year: Year) -> np.datetime64:
    """The first day that counts as "in the year" that ends with *today*."""
    if year.basis == "calendar":
        return day(dt.date(today.year, 1, 1))
    if year.basis == "seminar":
        this = _in_year(year.seminar_start, today.year)
        return day(this if this <= today else _in_year(year.seminar_start, today.year - 1))
    a_year_ago: np.datetime64 = add_months(np.array([day(today)]), -12)[0]
    return a_year_ago + np.timedelta64(1, "D")


def _in_year(month_day: MonthDay, year: int) -> dt.date:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    is_29_february = month_day == (2, 29)
    return dt.date(year, month_day.month, 28 if is_29_february and not leap else month_day.day)


def next_anniversary(days_of_year: Days, since: Days | np.datetime64) -> Days:
    """The first return of each day and month on or after *since*; the year of the date is ignored.

    29 February returns on the 28th in common years. NaT gives NaT, as does the end of the calendar.
    """
    known = ~np.isnat(days_of_year) & ~np.isnat(since)
    origin = np.where(known, days_of_year, np.datetime64("2000-01-01"))
    start = np.where(known, since, np.datetime64("2000-01-01"))
    month = origin.astype("datetime64[M]").astype(np.int64) % 12
    day_in_month = origin - origin.astype("datetime64[M]").astype("datetime64[D]")
    first_try = _on(start.astype("datetime64[Y]"), month, day_in_month)
    second_try = _on(start.astype("datetime64[Y]") + 1, month, day_in_month)
    found = np.where(first_try >= start, first_try, second_try)
    return in_calendar(np.where(known, found, NAT))


def in_calendar(dates: Days) -> Days:
    """*dates*, NaT where one lies behind the last day that a cell can hold."""
    return np.where(dates <= _LAST_DAY, dates, NAT)


def _on(
    year: NDArray[np.datetime64], month: NDArray[np.int64], day_in_month: NDArray[np.timedelta64]
) -> Days:
    first = year.astype("datetime64[M]") + month
    last_day = (first + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    return np.minimum(first.astype("datetime64[D]") + day_in_month, last_day)


def every_year(month_day: MonthDay, count: int) -> Days:
    """A column of *count* times the same day of the year, for `next_anniversary`."""
    return np.full(count, np.datetime64(dt.date(2000, month_day.month, month_day.day), "D"))


def from_serials(serials: NDArray[np.float64], *, epoch_1904: bool = False) -> Days:
    """Excel's serial numbers as dates; the time of day is cut off.

    NaT for NaN, for numbers outside the calendar, and for serial 60 of the 1900 system, the
    29 February 1900 that never was.
    """
    whole = np.floor(serials)
    if epoch_1904:
        usable = (whole >= 0) & (whole <= 2957003)  # 9999-12-31
        start = np.datetime64("1904-01-01", "D")
        offset = np.where(usable, whole, 0)
    else:
        usable = (whole >= 1) & (whole <= 2958465) & (whole != 60)  # 9999-12-31
        start = np.datetime64("1899-12-30", "D")
        offset = np.where(usable, whole + (whole < 60), 0)
    return np.where(usable, start + offset.astype(np.int64).astype("timedelta64[D]"), NAT)


def from_texts(
    texts: Iterable[str], formats: tuple[str, ...], *, without_year: bool = False
) -> Days:
    """Dates that were typed as text, read by the first of *formats* that fits.

    n texts in, n dates out. *formats* are made of dd, mm and yyyy. One without yyyy is tried
    only *without_year* (a birthday) and gives a date in the leap year 2000. NaT where nothing
    fits or there is no such day.
    """
    stripped = [text.strip() for text in texts]
    found = no_days(len(stripped))
    for text_format in formats:
        has_year = "yyyy" in text_format
        if not has_year and not without_year:
            continue
        pattern = re.compile(_pattern(text_format))
        matches = [pattern.search(text) for text in stripped]
        year, month, day_ = (
            np.array([float(match[name]) if match else np.nan for match in matches])
            if has_year or name != "y"
            else np.full(len(matches), 2000.0)
            for name in ("y", "m", "d")
        )
        found = np.where(np.isnat(found), _from_parts(year, month, day_), found)
    return found


def _pattern(text_format: str) -> str:
    """A format as a regular expression; next to a separator a day or month may be one digit."""
    one_or_two = "[0-9]{1,2}" if len(re.findall(r"[a-z]+", text_format)) > 1 else "[0-9]{2}"
    pattern = re.escape(text_format.strip()).replace("yyyy", "(?P<y>[0-9]{4})")
    pattern = pattern.replace("dd", f"(?P<d>{one_or_two})").replace("mm", f"(?P<m>{one_or_two})")
    return f"^{pattern}$"


def _from_parts(
    year: NDArray[np.float64], month: NDArray[np.float64], day_: NDArray[np.float64]
) -> Days:
    usable = (year >= FIRST_YEAR) & (year <= LAST_YEAR) & (month >= 1) & (month <= 12)
    usable &= (day_ >= 1) & (day_ <= 31)
    y, m, d = (np.where(usable, part, 1).astype(np.int64) for part in (year, month, day_))
    months = np.where(usable, (y - 1970) * 12 + m - 1, 0).astype("datetime64[M]")
    dates = months.astype("datetime64[D]") + (d - 1)
    return np.where(usable & (dates.astype("datetime64[M]") == months), dates, NAT)
