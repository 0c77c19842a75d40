"""Cells of a workbook: what they are called, what they hold, how they keep dates.

Rows and columns are counted from 1 everywhere, as Excel shows them.

A date is kept as its serial number, which counts days; its fraction is the time of day. System
1900 says that 1 is 1 January 1900 and believes in 29 February 1900 (serial 60); system 1904 says
that 0 is 1 January 1904.
"""

import datetime as dt
import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Final, Self, TypeAlias

from words import _

LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384

CellValue: TypeAlias = float | str | bool | dt.date | None
"""A number, text, a truth value, a date of an ISO cell; None is a blank cell.

An error such as #N/A is an ``CellError``, a date with a time a ``datetime``.
"""

StoredValue: TypeAlias = str | float | None
"""What a cell stores: text, a number or a date's serial; None is blank."""

_EPOCH_1900: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook knows no time zones
_EPOCH_1904: Final = dt.datetime(1904, 1, 1)  # noqa: DTZ001
DAYS_TO_1904: Final = 1462
_FALSE_LEAP_DAY: Final = 60
_DAY_SECONDS: Final = 86_400
_QUOTED: Final = re.compile(r'"[^"]*"|\\.')
_CELL: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


@cache
def column_letters(column: int) -> str:
    """Letters of a column: 1 gives A, 28 gives AB. Below 1 raises ValueError."""
    if column < 1:
        message = f"there is no column {column}"
        raise ValueError(message)
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Number of a column: A gives 1, AB gives 28."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def address(row: int, column: int) -> str:
    """A cell's address: row 7, column 2 gives B7."""
    return f"{column_letters(column)}{row}"


def shows_percent(code: str) -> bool:
    """Whether a number format shows percents."""
    return "%" in _QUOTED.sub("", code)


def parse_address(text: str) -> tuple[int, int]:
    """Row and column of an address such as B7 or $B$7. Anything else raises ValueError."""
    match = _CELL.fullmatch(text)
    if match:
        row, column = int(match[2]), column_number(match[1])
        if 1 <= row <= LAST_ROW and column <= LAST_COLUMN:
            return row, column
    raise ValueError(_("'{text}' is not a cell address").format(text=text[:40]))


@dataclass(frozen=True, slots=True)
class CellRange:
    """A rectangle of cells, both corners inside."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read A1:C9 or a single A1. Anything else raises ValueError."""
        first, _, last = text.partition(":")
        row, column = parse_address(first)
        last_row, last_column = parse_address(last) if last else (row, column)
        return cls(
            min(row, last_row),
            min(column, last_column),
            max(row, last_row),
            max(column, last_column),
        )

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return self.last_row - self.first_row + 1

    @property
    def columns(self) -> int:
        """How many columns it has."""
        return self.last_column - self.first_column + 1

    @property
    def size(self) -> int:
        """How many cells it has."""
        return self.rows * self.columns

    def __str__(self) -> str:
        """A1:C9, or A1 for one cell."""
        first = address(self.first_row, self.first_column)
        last = address(self.last_row, self.last_column)
        return first if first == last else f"{first}:{last}"

    def __contains__(self, cell: tuple[int, int]) -> bool:
        """Whether (row, column) lies inside."""
        return self.overlaps(CellRange(*cell, *cell))

    def overlaps(self, other: "CellRange") -> bool:
        """Whether the two rectangles share a cell."""
        return (
            self.first_row <= other.last_row
            and other.first_row <= self.last_row
            and self.first_column <= other.last_column
            and other.first_column <= self.last_column
        )


# Values -------------------------------------------------------------------------------------


def shown(value: CellValue) -> str:
    """A cell's value as a short text: 3.0 gives 3."""
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() else repr(value)
    return str(value)


def is_nothing(value: object) -> bool:
    """Whether a value is None, NaN or NaT."""
    return value is None or value != value  # noqa: PLR0124 — NaN and NaT are like nothing else


def to_serial(value: dt.date, *, date1904: bool) -> float:
    """Serial number of a date or a date with a time; whole for a plain date.

    Days before the system's first day give a negative number, which Excel shows as ####.
    """
    moment = (
        value.replace(tzinfo=None)
        if isinstance(value, dt.datetime)
        else dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001
    )
    distance = moment - (_EPOCH_1904 if date1904 else _EPOCH_1900)
    days = distance.days if date1904 or distance.days > _FALSE_LEAP_DAY else distance.days - 1
    seconds = distance.seconds + distance.microseconds / 1_000_000
    return days + seconds / _DAY_SECONDS


def from_serial(serial: float, *, date1904: bool) -> dt.datetime | None:
    """Date with time that a serial number stands for, to the second.

    None where Excel itself shows no date: negative, not finite, after 31.12.9999, and the
    29 February 1900 that never was.
    """
    if not math.isfinite(serial) or serial < 0:
        return None
    days, rest = divmod(round(serial * _DAY_SECONDS), _DAY_SECONDS)
    if not date1904:
        if days == _FALSE_LEAP_DAY:
            return None
        days += days < _FALSE_LEAP_DAY
    try:
        return (_EPOCH_1904 if date1904 else _EPOCH_1900) + dt.timedelta(days=days, seconds=rest)
    except OverflowError:
        return None
