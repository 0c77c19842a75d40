"""On which days she works: the public holidays of her country, her weekend, her own free days."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING

from rules.config.settings import Config
from rules.model.declarations import IsWorkingDay

if TYPE_CHECKING:
    from holidays import HolidayBase


def working_days(config: Config, today: dt.date | None = None) -> IsWorkingDay:
    """Tells whether she works on a day; every day where no limit of calls asks for it.

    Public holidays, and the Saturdays on which her country works instead, are those of the package
    `holidays`; a country that it doesn't know has none. *today* is no weekend: she looks at her
    list.
    """
    if config.contacts.capacity_per_day is None:
        return lambda _day: True
    rule = config.working_days

    @cache
    def public_holidays() -> HolidayBase:
        # a quarter of a second that only a limit of calls is worth
        import holidays  # noqa: PLC0415

        known = rule.public_holidays and config.country in holidays.list_supported_countries()
        return holidays.country_holidays(config.country) if known else holidays.HolidayBase()

    @cache
    def is_working_day(day: dt.date) -> bool:
        if any(span.holds(day) for span in rule.free_days):
            return False
        public = public_holidays()
        is_holiday = day in public
        if day.weekday() in rule.weekend and day != today:
            return not is_holiday and day in public.weekend_workdays
        return not is_holiday

    return is_working_day
