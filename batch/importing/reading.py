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
from rules.reading.cells import in_units, read_amounts, read_dates, read_numbers
from rules.reading.dates import date_or_none, shown_date
from rules.reading.typed_dates import Doubt

_BRACKETS: Final = re.compile(r"\([^\d()]*\)")
_LETTERS: Final = re.compile(r"[^\W\d_]+\.?")
_TIMES: Final = re.compile(r"(\d{1,3})\s*[xх*×]\s*(\d[\d .,]*)", re.IGNORECASE)
_NO_DAY: Final = re.compile(r"0+(?:[./-]0+)+")
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
    read = read_dates(_column(cells), config.dates, _moment(today), is_birthday=birthdays)
    found: list[Day | None] = []
    columns = (read.dates.tolist(), read.doubts.tolist(), read.yearless.tolist())
    for date, doubt, is_yearless in zip(*columns, strict=True):
        is_known = date is not None and doubt in {Doubt.NONE, Doubt.NO_YEAR}
        found.append(Day(date, not is_yearless and doubt == Doubt.NONE) if is_known else None)
    return found


def _moment(today: dt.date) -> np.datetime64:
    return np.datetime64(today, "D")


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
    if not text or plain(text) in words("nothing") or set(text) <= set("-–—_.?*"):
        return True
    return bool(_NO_DAY.fullmatch(text))


def meant(cell: Cell, config: Config) -> int | None:
    """What an amount among words may mean, such as -600 for "возврат 600"; None where that can't
    be told.
    """
    text = _BRACKETS.sub(" ", text_of(cell))
    times = _TIMES.fullmatch(text.strip())
    if times is not None:
        each = amounts([times[2]], config)[0]
        return None if each is None else int(times[1]) * each
    pieces = _PIECE.findall(text)
    minor = amounts([_LETTERS.sub(" ", text).strip(" .,:;")], config)[0]
    if minor is None and len(pieces) == 1:
        minor = amounts([pieces[0].strip()], config)[0]
    said = set(plain(_PIECE.sub(" ", text)).split())
    is_return = bool(said & words("returns"))
    return None if minor is None else -abs(minor) if is_return else minor


def number(cell: Cell, config: Config) -> float | None:
    """A number as it is, or as text; None for another cell."""
    found = float(read_numbers(_column([cell]), config.numbers)[0])
    return None if math.isnan(found) else found


def shown_day(day: dt.date | None, config: Config) -> str:
    """A day as the rules write it."""
    return shown_date(day, config.dates.written)


def yearless(day: dt.date, config: Config) -> str:
    """A birthday without its year, as the rules read it."""
    return shown_date(day, without_year(config.dates.written))


def meant_day(cell: Cell, config: Config, today: dt.date) -> dt.date | None:
    """The day that a cell nearly means: in the other order of day and month, for example."""
    read = read_dates(_column([cell]), config.dates, _moment(today))
    if read.doubts[0] == Doubt.OTHER_ORDER:
        return date_or_none(read.dates[0])
    (other,) = days([text_of(cell).replace(",", ".")], config, today)
    return other.date if other is not None and other.has_year else None
