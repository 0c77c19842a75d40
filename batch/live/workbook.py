"""A workbook that is open in Excel, read through xlwings as a closed file is read.

The only adapter between Excel and this program: the button and the worksheet functions share it.
What is read is what stands on the screen, saved or not; each table in one call.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xlwings as xw

from batch.book import (
    NO_STYLE,
    Bools,
    ExcelTable,
    Formulas,
    Ints,
    Place,
    ReadColumns,
    Worksheet,
    numbers_or_objects,
)
from batch.cells import LAST_ROW, CellRange, CellValue, shown, shows_percent
from batch.edits import Change, Edit, Effect
from batch.errors import SheetNotFound
from batch.live import cloud
from batch.live.filling import Filling, fillings, merged
from rules.reading.cells import CellError
from rules.reading.words import fold

_ERRORS = frozenset(
    ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"]
)
_TOO_LARGE = CellError("####")
"""What Excel shows for a date that it has no day for."""
_FIRST_ERROR_CODE, _LAST_ERROR_CODE = -2146826288, -2146826230
"""How Excel hands over errors that xlwings doesn't know by name."""


def as_rows(platform: str) -> dict[str, Any]:
    """How a block is asked for: row by row, errors as text.

    xlwings on macOS fails for a block that is asked for errors as text; there they read as blank.
    """
    return {"ndim": 2} if platform == "darwin" else {"ndim": 2, "err_to_str": True}


_AS_ROWS = as_rows(sys.platform)


class OpenBook:
    """An open *book*, as a `batch.book.Book`; it calculates by itself."""

    def __init__(self, book: xw.Book) -> None:
        self.book = book
        self.staged: list[Filling] = []

    @cached_property
    def path(self) -> Path:
        """The file; its bare name where no folder is known."""
        return self.folder / self.book.name if self.folder else Path(self.book.name)

    @cached_property
    def folder(self) -> Path | None:
        """Where the file lies; None while it was never saved, or on a cloud drive whose folder on
        this computer can't be told.
        """
        if self.address:
            file = cloud.here(self.address)
            return None if file is None else file.parent
        with suppress(Exception):
            path = Path(self.book.fullname)
            return path.parent if path.is_absolute() else None
        return None

    @cached_property
    def address(self) -> str:
        """The web address of a workbook that lies on OneDrive; '' of any other."""
        name = ""
        with suppress(Exception):
            name = str(self.book.api.FullName)
        if not name:
            with suppress(Exception):
                name = str(self.book.api.full_name.get())
        return name if cloud.is_address(name) else ""

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

    @property
    def sheets(self) -> list[Worksheet]:
        """Its worksheets, in their order."""
        return [Worksheet(name, "", "visible") for name in self.sheet_names]

    def sheet(self, name: str) -> Worksheet:
        """The sheet of that name, in whatever case. Raises SheetNotFound."""
        for found in self.sheets:
            if fold(found.name) == fold(name):
                return found
        raise SheetNotFound(self.path, name, self.sheet_names)

    def named(self, name: str) -> tuple[Worksheet, int, int] | None:
        """Sheet, row and column of the cell that the workbook calls *name*; None where it has no
        such name, or it broke.
        """
        for defined in self.book.names:
            if defined.name == name:
                try:
                    cell = defined.refers_to_range
                except Exception:  # noqa: BLE001 — each engine has its own error for #REF!
                    return None
                return self.sheet(cell.sheet.name), cell.row, cell.column
        return None

    def tables(self, sheet: Worksheet) -> list[ExcelTable]:
        """The Excel tables of a sheet, from top to bottom, then from left to right."""
        tables = [_table(table) for table in self.live(sheet).tables]
        return sorted(tables, key=lambda table: (table.ref.first_row, table.ref.first_column))

    def top_rows(self, sheet: Worksheet, count: int) -> dict[int, dict[int, str]]:
        """The texts in its first rows: row, column, text."""
        last = self._last_cell(sheet)
        block = self.values(sheet, CellRange(1, 1, min(count, last[0]), last[1]))
        rows = {
            number: {column: shown(cell) for column, cell in enumerate(row, 1) if cell is not None}
            for number, row in enumerate(block, 1)
        }
        return {number: row for number, row in rows.items() if row}

    def columns(
        self, sheet: Worksheet, wanted: Sequence[int], first_row: int = 1, last_row: int = LAST_ROW
    ) -> ReadColumns:
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
            column: numbers_or_objects(chosen[filled, number])
            for number, column in enumerate(wanted)
        }
        styles = dict.fromkeys(wanted, np.full(len(rows), NO_STYLE))
        return ReadColumns(rows, values, [], styles)

    def is_bare(self, sheet: Worksheet) -> bool:
        """Whether nothing stands on a sheet, or is drawn there."""
        with suppress(Exception):  # not every engine knows of shapes
            if len(self.live(sheet).shapes):
                return False
        formulas = self.formulas_of(sheet, CellRange(1, 1, *self._last_cell(sheet)))
        return not any(cell not in {None, ""} for row in formulas for cell in row)

    def shows_dates(self, styles: Ints) -> Bools:
        """None: what Excel shows as a date has come as a date."""
        return np.zeros(len(styles), np.bool_)

    def shows_moments(self, styles: Ints) -> Bools:
        """None: what Excel shows as a time has come as one."""
        return np.zeros(len(styles), np.bool_)

    def shows_percent(self, sheet: Worksheet, row: int, column: int) -> bool:
        """Whether a cell shows its number as percents."""
        code = self.live(sheet).range((row, column)).number_format
        return shows_percent(code or "")

    def last_row(self, sheet: Worksheet) -> int:
        """The last row of a sheet that is in use."""
        return self._last_cell(sheet)[0]

    def width(self, sheet: Worksheet, row: int) -> int:
        """The last column in which a row holds anything, 0 for none."""
        (cells,) = self.values(sheet, CellRange(row, 1, row, self._last_cell(sheet)[1]))
        return max((number for number, cell in enumerate(cells, 1) if cell is not None), default=0)

    def forget(self, sheet: Worksheet) -> None:
        """Nothing: of an open workbook nothing is kept."""

    # Edits ------------------------------------------------------------------------------

    def compare(self, edits: Sequence[Edit]) -> Effect:
        """What the edits of existing columns would do; nothing is staged."""
        effect = Effect()
        for filling in fillings(self, edits):
            effect.add(filling.effect())
            effect.kept += merged(self, filling)
        return effect

    def stage(self, edits: Sequence[Edit]) -> Effect:
        """Have the edits written by `batch.live.write`. Raises CellsTaken, and SheetNotFound."""
        effect = Effect()
        for filling in list(fillings(self, edits)):
            effect.add(filling.effect())
            differing = filling.differing
            if differing.columns or differing.resized:
                self.staged.append(differing)
        return effect

    def formulas(self, _sheet: Worksheet, _functions: Collection[str]) -> Formulas:
        """None: Excel calculates them."""
        return Formulas()

    def renew(
        self, _sheet: Worksheet, _results: Mapping[Place, CellValue], _headings: Mapping[Place, str]
    ) -> list[Change]:
        """Nothing: Excel calculates them."""
        return []

    # Cells ------------------------------------------------------------------------------

    def live(self, sheet: Worksheet) -> xw.Sheet:
        """The sheet in Excel."""
        return self.book.sheets[sheet.name]

    def values(self, sheet: Worksheet, cells: CellRange) -> list[list[Any]]:
        """The values of a block in one call; None where blank, errors as CellError."""
        return [[cell_of(value) for value in row] for row in _rows(self.block(sheet, cells))]

    def formulas_of(self, sheet: Worksheet, cells: CellRange) -> list[list[Any]]:
        """The formulas of a block in one call; of a cell without one its value, as typed."""
        found = self.block(sheet, cells).formula
        return [list(row) for row in found] if cells.size > 1 else [[found]]

    def block(self, sheet: Worksheet, cells: CellRange) -> xw.Range:
        """A block of cells in Excel."""
        first = (cells.first_row, cells.first_column)
        return self.live(sheet).range(first, (cells.last_row, cells.last_column))

    def _last_cell(self, sheet: Worksheet) -> tuple[int, int]:
        last = self.live(sheet).used_range.last_cell
        return last.row, last.column


def _table(table: Any) -> ExcelTable:  # noqa: ANN401 — xlwings gives its tables no public type
    area = table.range
    rows, columns = area.shape
    ref = CellRange(area.row, area.column, area.row + rows - 1, area.column + columns - 1)
    headings = table.header_row_range
    texts = headings.options(ndim=1).value if headings is not None else []
    return ExcelTable(
        table.name,
        table.name,
        ref,
        int(headings is not None),
        int(bool(table.show_totals)),
        tuple("" if text is None else str(text) for text in texts),
        "worksheet",
    )


def _rows(block: xw.Range) -> list[list[Any]]:
    """The values of a block row by row.

    Excel refuses a whole block for one cell whose date it can't hand over (12052026 in a date
    column is beyond its calendar). Then the halves are asked, down to that cell: an error.
    """
    try:
        found: list[list[Any]] = block.options(**_AS_ROWS).value
    except Exception:  # noqa: BLE001 — each engine has an error of its own
        rows, columns = block.shape
        if rows > 1:
            half = rows // 2
            return _rows(block[:half, :]) + _rows(block[half:, :])
        if columns > 1:
            half = columns // 2
            return [_rows(block[:, :half])[0] + _rows(block[:, half:])[0]]
        return [[_TOO_LARGE]]
    return found


def cell_of(value: Any) -> Any:  # noqa: ANN401 — whatever Excel hands over
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
