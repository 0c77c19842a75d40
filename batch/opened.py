"""A workbook that is open in Excel, read through xlwings as a closed file is read.

The only adapter between Excel and this program: the button and the worksheet functions share it.
What is read is what stands on the screen, saved or not; each table in one call.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xlwings as xw

from batch.base import ClientBase, read_base
from batch.configuration import Rules, find_beside, read
from batch.xlsx.cellarrays import Columns
from batch.xlsx.errors import SheetNotFound
from batch.xlsx.refs import CellRange
from batch.xlsx.usualcells import NO_STYLE
from batch.xlsx.workbook import Sheet, Table
from rules.answers import Answers
from rules.cells import CellError
from rules.recalculation import Result, recalculate
from rules.words import fold

_ERRORS = frozenset(
    ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"]
)
_FIRST_ERROR_CODE, _LAST_ERROR_CODE = -2146826288, -2146826230
"""How Excel hands over errors that xlwings doesn't know by name."""


@dataclass(frozen=True)
class Opened:
    """An open client base, recalculated: its rules, its tables, and what was found."""

    workbook: OpenWorkbook
    rules: Rules
    base: ClientBase
    result: Result

    def answers(self) -> Answers:
        """What the worksheet functions answer."""
        logs = [table for table in (self.base.purchases, self.base.contacts) if table is not None]
        return Answers(self.result, self.base.clients, logs)


def calculate(book: xw.Book, today: dt.date) -> Opened:
    """Read and calculate the client base in the open *book*, as of *today*; write nothing.

    Raises a ClientBaseError for what the consultant can put right: rules, sheets, headings.
    """
    workbook = OpenWorkbook(book)
    rules = read(find_beside(workbook.path, workbook.sheet_names))
    base = read_base(workbook, rules.config)
    result = recalculate(base.clients, base.purchases, base.contacts, rules.config, today)
    return Opened(workbook, rules, base, result)


class OpenWorkbook:
    """An open *book*, as `batch.base.Workbook`."""

    def __init__(self, book: xw.Book) -> None:
        self.book = book

    @cached_property
    def path(self) -> Path:
        """The file; its bare name while it was never saved, or lies where no folder is known."""
        with suppress(Exception):  # xlwings can't tell the folder of every cloud drive
            return Path(self.book.fullname)
        return Path(self.book.name)

    @cached_property
    def date1904(self) -> bool:
        """Whether bare numbers in date columns are counted from 1904."""
        with suppress(Exception):
            return bool(self.book.api.Date1904)
        with suppress(Exception):
            return bool(self.book.api.date_1904.get())
        return False

    @cached_property
    def sheet_names(self) -> list[str]:
        """The names of the sheets."""
        return [sheet.name for sheet in self.book.sheets]

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name, in whatever case. Raises SheetNotFound."""
        for found in self.sheet_names:
            if fold(found) == fold(name):
                return Sheet(found, "", "visible")
        raise SheetNotFound(self.path, name, self.sheet_names)

    def tables(self, sheet: Sheet) -> list[Table]:
        """The Excel tables of a sheet, from top to bottom, then from left to right."""
        tables = [_table(table) for table in self.live(sheet).tables]
        return sorted(tables, key=lambda table: (table.ref.first_row, table.ref.first_column))

    def top_rows(self, sheet: Sheet, count: int) -> dict[int, dict[int, str]]:
        """The texts in its first rows: row, column, text."""
        last = self._last_cell(sheet)
        block = self.values(sheet, CellRange(1, 1, min(count, last[0]), last[1]))
        rows = {
            number: {column: str(cell) for column, cell in enumerate(row, 1) if cell is not None}
            for number, row in enumerate(block, 1)
        }
        return {number: row for number, row in rows.items() if row}

    def columns(
        self, sheet: Sheet, wanted: Sequence[int], first_row: int, last_row: int
    ) -> Columns:
        """The cells of some columns between two rows, read as one block."""
        left, right = min(wanted), max(wanted)
        last_row = min(last_row, self._last_cell(sheet)[0])
        block: list[list[Any]] = []
        if last_row >= first_row:
            block = self.values(sheet, CellRange(first_row, left, last_row, right))
        cells = np.empty((len(block), right - left + 1), dtype=object)
        for number, row in enumerate(block):
            cells[number, :] = row
        chosen = cells[:, [column - left for column in wanted]]
        filled = pd.notna(chosen).any(axis=1)
        rows = np.flatnonzero(filled) + first_row
        values = {
            column: _numbers_or_objects(chosen[filled, number])
            for number, column in enumerate(wanted)
        }
        styles = dict.fromkeys(wanted, np.full(len(rows), NO_STYLE))
        return Columns(rows, values, [], styles)

    def date_styles(self, styles: Sequence[int]) -> list[int]:
        """Styles aren't looked at: what Excel shows as a date comes as a date."""
        del styles
        return []

    def live(self, sheet: Sheet) -> xw.Sheet:
        """The sheet in Excel."""
        return self.book.sheets[sheet.name]

    def values(self, sheet: Sheet, cells: CellRange) -> list[list[Any]]:
        """The values of a block in one call; None where blank, errors as CellError."""
        block = self.block(sheet, cells).options(ndim=2, err_to_str=True).value
        return [[_cell(value) for value in row] for row in block]

    def block(self, sheet: Sheet, cells: CellRange) -> xw.Range:
        """A block of cells in Excel."""
        first = (cells.first_row, cells.first_column)
        return self.live(sheet).range(first, (cells.last_row, cells.last_column))

    def _last_cell(self, sheet: Sheet) -> tuple[int, int]:
        last = self.live(sheet).used_range.last_cell
        return last.row, last.column


def _table(table: Any) -> Table:  # noqa: ANN401 — xlwings gives its tables no public type
    area = table.range
    rows, columns = area.shape
    ref = CellRange(area.row, area.column, area.row + rows - 1, area.column + columns - 1)
    headings = table.header_row_range
    texts = headings.options(ndim=1).value if headings is not None else []
    return Table(
        table.name,
        table.name,
        ref,
        int(headings is not None),
        int(bool(table.show_totals)),
        tuple("" if text is None else str(text) for text in texts),
        "worksheet",
    )


def _cell(value: Any) -> Any:  # noqa: ANN401 — whatever Excel hands over
    """A cell as the rules read it."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return CellError(value) if value in _ERRORS else value
    if isinstance(value, (bool, dt.date)):
        return value
    if isinstance(value, int) and _FIRST_ERROR_CODE <= value <= _LAST_ERROR_CODE:
        return CellError("#ERROR")
    if isinstance(value, (int, Decimal)):
        return float(value)
    return value


def _numbers_or_objects(cells: np.ndarray) -> np.ndarray:
    """A column as numbers where all of its cells are, NaN for blank; else as they are."""
    if all(cell is None or type(cell) is float for cell in cells):
        return cells.astype(np.float64)
    return cells
