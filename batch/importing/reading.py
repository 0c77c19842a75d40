"""Dates and amounts of a list, read by the one reader; what its cells can't say goes to her."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from batch.importing.dictionary import plain, words
from batch.importing.sheets import Cell, text_of
from rules.config.settings import Config
from rules.reading.advice import without_year
from rules.reading.cells import Cells, in_units, read_amounts, read_dates, read_numbers
from rules.reading.dates import date_or_none, shown_date
from rules.reading.typed_dates import ANY_YEAR, Doubt

_PIECE: Final = re.compile(r"[-+\u2212]?\s?\d[\d\s\u00a0\u202f.,']*\d|\d")


@dataclass(frozen=True)
class Day:
    """A day; has_year: whether its year stood there."""

    date: dt.date
    has_year: bool = True


def _column(cells: Sequence[Cell]) -> np.ndarray[Any, Any]:
    column = np.empty(len(cells), dtype=object)
    column[:] = [None if isinstance(cell, dt.time) else cell for cell in cells]
    return column


def days(
    cells: Sequence[Cell], config: Config, today: dt.date, *, birthdays: bool = False
) -> list[Day | None]:
    """The day in each cell, also one without a year; None where there is none."""
    read = read_dates(_column(cells), config.dates, np.datetime64(today), is_birthday=birthdays)
    rows = zip(read.dates.tolist(), read.doubts.tolist(), read.yearless.tolist(), strict=True)
    return [
        Day(day.replace(year=ANY_YEAR) if yearless else day, not yearless)
        if day is not None and doubt in {Doubt.NONE, Doubt.NO_YEAR}
        else None
        for day, doubt, yearless in rows
    ]


def amounts(cells: Sequence[Cell], config: Config) -> list[int | None]:
    """The money in each cell in minor units; None where it is blank or can't be read."""
    read = read_amounts(_column(cells), config.numbers)
    is_none = read.blank | read.unreadable
    return [
        None if none else int(minor)
        for minor, none in zip(read.minor.tolist(), is_none.tolist(), strict=True)
    ]


def units(minor: int, config: Config) -> float:
    """Money in minor units as a cell holds it."""
    return float(in_units(np.array([minor], np.int64), config.numbers.minor_units)[0])


def is_nothing(cell: Cell) -> bool:
    """Whether a cell holds nothing, or a word or sign that says so."""
    text = text_of(cell).strip().casefold()
    return not text or plain(text) in words("nothing") or set(text) <= set("-–—_.?*")


def meant(cell: Cell, config: Config) -> int | None:
    """What an amount among words may mean, such as -600 for "возврат 600"; None where that can't
    be told.
    """
    text = text_of(cell)
    pieces = _PIECE.findall(text)
    if len(pieces) != 1:
        return None
    minor = amounts([pieces[0].strip()], config)[0]
    said = set(plain(_PIECE.sub(" ", text)).split())
    is_return = bool(said & words("returns"))
    return None if minor is None else -abs(minor) if is_return else minor


def number(cell: Cell, config: Config) -> float | None:
    """A number as it is, or as text; None for another cell."""
    found = float(read_numbers(_column([cell]), config.numbers)[0])
    return None if math.isnan(found) else found


def days_of(
    column: Cells,
    config: Config,
    today: dt.date,
    epoch_1904: bool,  # noqa: FBT001
) -> list[dt.date | None]:
    """The days in a column of a base; None where there is none."""
    read = read_dates(column, config.dates, np.datetime64(today), epoch_1904=epoch_1904)
    return [date_or_none(np.datetime64(one, "D")) for one in read.known]


def shown_day(day: dt.date | None, config: Config) -> str:
    """A day as the rules write it."""
    return shown_date(day, config.dates.written)


def yearless(day: dt.date, config: Config) -> str:
    """A birthday without its year, as the rules read it."""
    return shown_date(day, without_year(config.dates.written))


def meant_day(cell: Cell, config: Config, today: dt.date) -> dt.date | None:
    """The day that a cell nearly means: in the other order of day and month, for example."""
    read = read_dates(_column([cell]), config.dates, np.datetime64(today))
    return date_or_none(read.dates[0]) if read.doubts[0] == Doubt.OTHER_ORDER else None
