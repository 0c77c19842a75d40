"""What the cells of one sheet of a closed file hold, in a form that two files can be compared by.

The numbers of shared texts and of formats mean nothing outside of their own file: here stand the
texts themselves, and dates as serial numbers of the 1900 system.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from batch.book import Bools, Floats, Ints, Worksheet
from batch.cells import DAYS_TO_1904, LAST_COLUMN, address, from_serial, to_serial
from batch.edits import plain_date
from batch.xlsx.workbook import Workbook
from batch.xlsx.xmlbytes import attributes, unescaped

_KEY: Final = LAST_COLUMN + 1

Objects = npt.NDArray[np.object_]
CellContent = float | str | bool | dt.date | None
"""What a cell shows: a number, text, a truth value, a date; an error is a `CellError`."""


@dataclass(frozen=True)
class Cells:
    """n cells that aren't blank, or some places of which a few are.

    keys: their places as numbers that ascend from left to right, then from row to row. numbers:
    NaN for what is none. others: texts, errors and truth values; None for a number or a blank.
    dates: which numbers are shown as dates.
    """

    keys: Ints
    numbers: Floats
    others: Objects
    dates: Bools

    def on(self, keys: Ints) -> Cells:
        """What stands at other *keys*, which hold all of these."""
        at = np.searchsorted(keys, self.keys)
        numbers, others = np.full(len(keys), np.nan), np.full(len(keys), None, object)
        dates = np.zeros(len(keys), np.bool_)
        numbers[at], others[at], dates[at] = self.numbers, self.others, self.dates
        return Cells(keys, numbers, others, dates)

    def only(self, keys: Ints) -> Cells:
        """What stands at *keys*, some of which may be blank."""
        at = np.isin(self.keys, keys, assume_unique=True)
        return Cells(self.keys[at], self.numbers[at], self.others[at], self.dates[at]).on(keys)

    def differs(self, other: Cells) -> Bools:
        """Where another content stands; both have the same keys."""
        a, b = self.numbers, other.numbers
        same: Bools = (a == b) | (np.isnan(a) & np.isnan(b))
        pairs = zip(self.others.tolist(), other.others.tolist(), strict=True)
        same &= np.array([x is y or (type(x) is type(y) and x == y) for x, y in pairs], np.bool_)
        return ~same

    def content(self, index: int) -> CellContent:
        """What one of them shows."""
        value: CellContent = self.others[index]
        number = float(self.numbers[index])
        if value is not None or np.isnan(number):
            return value
        moment = from_serial(number, date1904=False) if self.dates[index] else None
        if moment is None:
            return number
        return plain_date(moment)


NO_CELLS: Final = Cells(
    np.empty(0, np.int64), np.empty(0), np.empty(0, np.object_), np.empty(0, np.bool_)
)


def place(number: int) -> tuple[int, int]:
    """Row and column of a key."""
    return divmod(number, _KEY)


def read_cells(workbook: Workbook, sheet: Worksheet) -> Cells:
    """All cells of a sheet that aren't blank. Raises a kind of WorkbookRefused."""
    columns = np.unique(workbook.xml(sheet).layout().cell_columns).tolist()
    read = workbook.columns(sheet, columns)
    pieces = []
    for column in columns:
        numbers, others, is_date = _taken_apart(read.values[column])
        stands = np.flatnonzero(~np.isnan(numbers) | (others != None))  # noqa: E711 - of an array
        keys = read.rows[stands].astype(np.int64) * _KEY + column
        styles = read.styles[column][stands]
        pieces.append((keys, numbers[stands], others[stands], is_date[stands], styles))
    if not pieces:
        return NO_CELLS
    keys, numbers, others, is_date, styles = (
        np.concatenate(one) for one in zip(*pieces, strict=True)
    )
    dates = workbook.shows_dates(styles)
    if workbook.date1904:
        numbers = numbers + DAYS_TO_1904 * dates
    order = np.argsort(keys)
    return Cells(keys[order], numbers[order], others[order], (dates | is_date)[order])


def _taken_apart(values: Floats | Objects) -> tuple[Floats, Objects, Bools]:
    """Numbers, what is none, and which numbers are days of an ISO date."""
    others = np.full(len(values), None, object)
    is_date = np.zeros(len(values), np.bool_)
    if values.dtype == np.float64:
        return values.astype(np.float64), others, is_date
    numbers = np.full(len(values), np.nan)
    for at, value in enumerate(values.tolist()):
        if isinstance(value, dt.date):
            numbers[at], is_date[at] = to_serial(value, date1904=False), True
        elif type(value) is float:
            numbers[at] = value
        else:
            others[at] = value
    return numbers, others, is_date


# Formulas ---------------------------------------------------------------------------------------


class _Formula(NamedTuple):
    """A formula as it is written in the cell *origin*; others may share it from there."""

    origin: int
    text: str


class SheetFormulas:
    """The formulas of a sheet by their keys. Raises a kind of WorkbookRefused.

    written: the bytes of each one's element; where a sheet has the same ones as another, so are
    its formulas.
    """

    def __init__(self, workbook: Workbook, sheet: Worksheet) -> None:
        self._xml = workbook.xml(sheet)
        name = re.escape(self._xml.prefix + b"f")
        element = re.compile(rb"<%b(?=[\s/>])([^<>]*?)(?:/>|>([^<]*)</%b\s*>)" % (name, name))
        inside = self._xml.sheet_data
        found = list(element.finditer(self._xml.data, inside.opened, inside.closing))
        matches = dict(zip(self._keys([match.start() for match in found]), found, strict=True))
        self.written = {one: match[0] for one, match in matches.items()}
        self._given = {one: (match[1], match[2] or b"") for one, match in matches.items()}
        self._shared = {
            group: _Formula(one, self._text(text))
            for one, (tag, text) in self._given.items()
            if text and (group := attributes(tag).get(b"si")) is not None
        }

    def _keys(self, starts: list[int]) -> list[int]:
        """The keys of the cells in which formulas stand that begin at these bytes."""
        if not starts:
            return []
        layout = self._xml.layout()
        at = np.searchsorted(layout.cell_starts, np.array(starts), side="right") - 1
        rows = layout.cell_rows[at].astype(np.int64)
        found: list[int] = (rows * _KEY + layout.cell_columns[at]).tolist()
        return found

    def source(self, number: int) -> tuple[str, int, int] | None:
        """What tells formulas apart at one place, without working out a shared one: its text, and
        how far from here that is written. None where there is no formula.
        """
        formula = self._formula(number)
        if formula is None:
            return None
        (row, column), (origin_row, origin_column) = place(number), place(formula.origin)
        return formula.text, row - origin_row, column - origin_column

    def at(self, number: int) -> str | None:
        """A cell's formula as Excel shows it, None where there is none."""
        formula = self._formula(number)
        if formula is None or formula.origin == number:
            return None if formula is None else formula.text
        from openpyxl.formula.translate import Translator  # noqa: PLC0415 - few files need it

        written = Translator(formula.text, address(*place(formula.origin)))
        return str(written.translate_formula(address(*place(number))))

    def _formula(self, number: int) -> _Formula | None:
        if number not in self._given:
            return None
        tag, text = self._given[number]
        given = attributes(tag)
        if given.get(b"t") == b"shared" and not text:
            return self._shared.get(given.get(b"si", b""))
        if given.get(b"t") == b"array":
            return _Formula(number, f"{{{self._text(text)}}}")
        return _Formula(number, self._text(text))

    def _text(self, raw: bytes) -> str:
        with self._xml.refused():
            return f"={unescaped(raw)}"
