"""The year of days that lack it: from the rows around, else from a title, else the latest one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from batch.importing.reading import Day


def with_years(days: Sequence[Day | None], titled: int, today: dt.date) -> list[dt.date | None]:
    """The days, each with the year that brings it nearest to the dated row before it, else after
    it; without such rows in the *titled* year (0: none), else the latest that isn't ahead.
    """
    after: list[dt.date | None] = []
    following = None
    for day in reversed(days):
        after.append(following)
        following = day.date if day is not None and day.has_year else following
    after.reverse()
    found: list[dt.date | None] = []
    before = None
    for day, following in zip(days, after, strict=True):
        if day is None:
            found.append(None)
            continue
        date = day.date if day.has_year else _dated(day.date, before or following, titled, today)
        before = date
        found.append(date)
    return found


def _dated(day: dt.date, near: dt.date | None, titled: int, today: dt.date) -> dt.date:
    year = near.year if near else titled or today.year
    choices = [one for one in (_in_year(day, year + step) for step in (-1, 0, 1)) if one <= today]
    if near is not None and choices:
        return min(choices, key=lambda one: abs(one - near))
    if titled and _in_year(day, titled) <= today:
        return _in_year(day, titled)
    return max(choices, default=_in_year(day, year - 1))


def _in_year(day: dt.date, year: int) -> dt.date:
    try:
        return day.replace(year=year)
    except ValueError:
        return dt.date(year, 2, 28)
