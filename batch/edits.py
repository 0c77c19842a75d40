"""What is to be written into a workbook, and what that changes: for closed and open ones alike."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from numbers import Real
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np

from batch.cells import CellRange, CellValue, StoredValue, address, is_nothing, to_serial
from words import _

HOLDS_FORMULA: Final = "holds a formula"
IS_MERGED: Final = "is part of merged cells"
IN_ARRAY: Final = "belongs to an array formula or a spilled formula"
"""Why cells are kept."""

_NOT_IN_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TEXT_UNITS: Final = 32_767

FilledValue: TypeAlias = str | float | Decimal | dt.date | None
"""What a cell shall hold; None, NaN, NaT and empty text make it blank."""

Kind: TypeAlias = Literal["text", "number", "date"]


@dataclass(frozen=True)
class Region:
    """The rows to be written.

    ``rows``: numbers of the data rows, in any order, none twice. ``header_row``: number of the
    row with the headings. ``table``: the Excel table around them (``Table.part``), which grows
    where one of the rows lies below its last one; None for a sheet without a table, or where the
    rows lie outside of it. ``like``: number of the row whose formats new cells take, None for
    those that their own row or column gives.
    """

    sheet: str
    header_row: int
    rows: Sequence[int]
    table: str | None = None
    like: int | None = None


@dataclass(frozen=True)
class Edit:
    """Cells of one column to be written: ``values`` in the order of ``region.rows``.

    ``column``: its number (A is 1), None for a column that is to be added at the right end.
    ``kind``: "text" (values are written as text whatever they look like), "number" or "date".
    ``width``: width in characters for an added column, None for a fitting one. ``exact``: none of
    the cells may be left as it is, even where it is merged with others.
    """

    region: Region
    heading: str
    column: int | None
    kind: Kind
    values: Sequence[FilledValue]
    width: float | None = None
    exact: bool = False


class Change(NamedTuple):
    """A cell that gets another content; dates are given as dates, None is blank."""

    row: int
    column: int
    heading: str
    old: CellValue
    new: CellValue

    @property
    def cell(self) -> str:
        """The cell's address."""
        return address(self.row, self.column)


class Kept(NamedTuple):
    """A cell that is not written, and why, as the end of 'left as it is: it …'."""

    sheet: str
    row: int
    column: int
    heading: str
    reason: str

    @property
    def cell(self) -> str:
        """The cell's address."""
        return address(self.row, self.column)


class CellMark(NamedTuple):
    """The look of cells for which a formula holds, which is that of the first one.

    fill, letters, edges: the colours of the cell, of its letters and of its lines, such as
    #F2F2F2; '' as they are.
    """

    formula: str
    fill: str
    edges: str
    letters: str = ""
    is_bold: bool = False


class Marked(NamedTuple):
    """Cells, and the looks that they get, the most important one first."""

    area: CellRange
    marks: tuple[CellMark, ...]


@dataclass
class Effect:
    """What edits do: the cells that differ by sheet, those that are kept as they are, and the
    headings of new columns.
    """

    changes: dict[str, list[Change]] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)
    added: list[str] = field(default_factory=list)

    def add(self, more: "Effect") -> None:
        """Add what further edits do."""
        for sheet, changes in more.changes.items():
            self.changes.setdefault(sheet, []).extend(changes)
        self.kept += more.kept
        self.added += more.added


# Values as cells hold them ------------------------------------------------------------------


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


def _texts(values: Sequence[FilledValue]) -> Wanted:
    different = {value for value in values if type(value) is str}
    known = {value: storable(value) or None for value in different}
    texts = [known[value] if type(value) is str else _text(value) for value in values]
    return Wanted(texts, texts)


def _text(value: FilledValue) -> str | None:
    return None if is_nothing(value) else storable(str(value)) or None


def _numbers(values: Sequence[FilledValue]) -> Wanted:
    numbers = np.array(
        [value if type(value) is float else _number(value) for value in values], np.float64
    )
    infinite = np.flatnonzero(np.isinf(numbers)).tolist()
    found = numbers.astype(np.object_)
    found[~np.isfinite(numbers)] = None
    stored = found.tolist()
    return Wanted(stored, stored, dict.fromkeys(infinite, _("can't hold an infinite number")))


def _number(value: FilledValue) -> float | None:
    if is_nothing(value):
        return None
    if not isinstance(value, (Real, Decimal)):
        message = f"{value!r} is no number"
        raise TypeError(message)
    return float(value)


def _dates(values: Sequence[FilledValue], *, date1904: bool) -> Wanted:
    days = [value if type(value) is dt.date else _day(value) for value in values]
    different = {day for day in days if type(day) is dt.date}
    known = {day: to_serial(day, date1904=date1904) for day in different}
    stored: list[StoredValue] = [None] * len(days)
    shown: list[CellValue] = [None] * len(days)
    refused = {}
    for place, day in enumerate(days):
        if day is None:
            continue
        plain = type(day) is dt.date
        serial = known[day] if plain else to_serial(day, date1904=date1904)
        if serial < 0:
            refused[place] = _("can't hold {day}, which is before Excel's first day").format(
                day=f"{day:%d.%m.%Y}"
            )
        else:
            stored[place], shown[place] = serial, plain_date(day)
    return Wanted(stored, shown, refused)


def _day(value: FilledValue) -> dt.date | None:
    if is_nothing(value):
        return None
    if not isinstance(value, dt.date):
        message = f"{value!r} is no date"
        raise TypeError(message)
    return value


def storable(text: str) -> str:
    """The part of a text that a cell can hold.

    Control characters other than tab, line feed and carriage return are dropped, and the text
    is cut after 32,767 UTF-16 units. A carriage return becomes a line feed, as XML would.
    """
    clean = _NOT_IN_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(clean) * 2 <= _TEXT_UNITS:
        return clean
    units = clean.encode("utf-16-le")[: 2 * _TEXT_UNITS]
    return units.decode("utf-16-le", "ignore")
