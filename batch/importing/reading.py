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
from rules.reading.cells import in_units, read_amounts, read_dates, read_numbers

_PIECE: Final = re.compile(r"[-+\u2212]?\s?\d[\d\s\u00a0\u202f.,']*\d|\d")
_NO_YEAR: Final = 2000
"""The year of a day that was typed without one."""


@dataclass(frozen=True)
class Day:
    """A day; has_year: whether its year stood there."""

    date: dt.date
    has_year: bool = True


def _column(cells: Sequence[Cell]) -> np.ndarray[Any, Any]:
    column = np.empty(len(cells), dtype=object)
    column[:] = [None if isinstance(cell, dt.time) else cell for cell in cells]
    return column


def days(cells: Sequence[Cell], config: Config, *, birthdays: bool = False) -> list[Day | None]:
    """The day in each cell, also one without a year; None where there is none."""
    del birthdays
    column, formats = _column(cells), config.dates.text_formats
    whole = read_dates(column, formats).dates.tolist()
    bare = read_dates(column, formats, without_year=True).dates.tolist()
    found: list[Day | None] = []
    for day, other in zip(whole, bare, strict=True):
        if day is not None:
            found.append(Day(day))
        elif other is not None and other.year == _NO_YEAR:
            found.append(Day(other, has_year=False))
        else:
            found.append(None)
    return found


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
