"""Birthdays as they are in the sheet: which of them tell the year of birth."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from rules.config.settings import Config
from rules.model.raw import RawTable
from rules.reading.cells import read_dates
from rules.reading.dates import day, months_since


def birth_years(
    table: RawTable, config: Config, today: dt.date, key: str = "birthday"
) -> NDArray[np.int64]:
    """The year of birth of each client; 0 where it isn't known.

    n rows in, n years out. Unknown are a blank cell, one that can't be read, a birthday typed
    without its year (dd.mm), and a year that makes her younger than `dates.youngest_age` or older
    than `dates.oldest_age` on *today*: Excel makes a date of the current year of a typed 12.05.
    *key* is the column, also `spouse_birthday` where that was read. Unit: calendar years.
    """
    cells = table.shown(key)
    dates = read_dates(cells, config.dates.text_formats, epoch_1904=table.epoch_1904).dates
    age = months_since(dates, day(today)) // 12
    plausible = (age >= config.dates.youngest_age) & (age <= config.dates.oldest_age)
    years = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    return np.where(plausible, years, 0)
