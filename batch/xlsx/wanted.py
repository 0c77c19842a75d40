"""Values as cells hold them: text, numbers, serials of dates."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from numbers import Real
from typing import Literal, TypeAlias

import numpy as np

from batch.xlsx import serials
from batch.xlsx.cellwriter import StoredValue
from batch.xlsx.cellxml import CellValue
from batch.xlsx.xmlbytes import storable

FilledValue: TypeAlias = str | float | Decimal | dt.date | None
"""What a cell shall hold; None, NaN, NaT and empty text make it blank."""

Kind: TypeAlias = Literal["text", "number", "date"]


@dataclass(frozen=True)
class Wanted:
    """What the n cells of a column shall hold.

    ``stored``: as they store it. ``shown``: the same, with dates as dates. ``refused``: why a
    cell can't hold its value, by the places of such values; they are blank in the lists.
    """

    stored: Sequence[StoredValue]
    shown: Sequence[CellValue]
    refused: dict[int, str] = field(default_factory=dict)


def wanted(kind: Kind, values: Sequence[FilledValue], *, date1904: bool) -> Wanted:
    """The values as cells hold them, ``date1904`` being the workbook's date system.

    Raises TypeError for a value that isn't of that kind.
    """
    if kind == "text":
        return _texts(values)
    return _numbers(values) if kind == "number" else _dates(values, date1904=date1904)


def plain_date(value: dt.date) -> dt.date:
    """A date; with its time only where that isn't midnight."""
    if not isinstance(value, dt.datetime):
        return value
    moment = value.replace(tzinfo=None)
    return moment.date() if moment.time() == dt.time() else moment


def _is_blank(value: FilledValue) -> bool:
    return value is None or value != value  # noqa: PLR0124 - NaN and NaT are blank


def _texts(values: Sequence[FilledValue]) -> Wanted:
    different = {value for value in values if type(value) is str}
    known = {value: storable(value) or None for value in different}
    texts = [known[value] if type(value) is str else _text(value) for value in values]
    return Wanted(texts, texts)


def _text(value: FilledValue) -> str | None:
    return None if _is_blank(value) else storable(str(value)) or None


def _numbers(values: Sequence[FilledValue]) -> Wanted:
    numbers = np.array(
        [value if type(value) is float else _number(value) for value in values], np.float64
    )
    infinite = np.flatnonzero(np.isinf(numbers)).tolist()
    found = numbers.astype(np.object_)
    found[~np.isfinite(numbers)] = None
    stored = found.tolist()
    return Wanted(stored, stored, dict.fromkeys(infinite, "can't hold an infinite number"))


def _number(value: FilledValue) -> float | None:
    if _is_blank(value):
        return None
    if not isinstance(value, (Real, Decimal)):
        message = f"{value!r} is no number"
        raise TypeError(message)
    return float(value)


def _dates(values: Sequence[FilledValue], *, date1904: bool) -> Wanted:
    days = [value if type(value) is dt.date else _day(value) for value in values]
    different = {day for day in days if type(day) is dt.date}
    known = {day: serials.to_serial(day, date1904=date1904) for day in different}
    stored: list[StoredValue] = [None] * len(days)
    shown: list[CellValue] = [None] * len(days)
    refused = {}
    for place, day in enumerate(days):
        if day is None:
            continue
        plain = type(day) is dt.date
        serial = known[day] if plain else serials.to_serial(day, date1904=date1904)
        if serial < 0:
            refused[place] = f"can't hold {day:%d.%m.%Y}, which is before Excel's first day"
        else:
            stored[place], shown[place] = serial, plain_date(day)
    return Wanted(stored, shown, refused)


def _day(value: FilledValue) -> dt.date | None:
    if _is_blank(value):
        return None
    if not isinstance(value, dt.date):
        message = f"{value!r} is no date"
        raise TypeError(message)
    return value
