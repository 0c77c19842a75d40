"""Puts the filled columns into the open workbook.

Each column that differs is written in one call for each stretch of cells without a formula, read
back, and put back as it was when anything goes wrong.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import xlwings as xw

from batch.live.plan import Column, Filling, same, table_of
from batch.live.workbook import Opened
from batch.xlsx.refs import CellRange, address
from rules.cells import CellError
from rules.config.messages import Messages
from rules.errors import ClientBaseError

SHORT_DATE = "m/d/yyyy"
"""Excel's short date: shown as the computer's country writes it."""
_WHOLE = "#,##0"
_GREY = "#D9D9D9"
_SURELY_TEXT = re.compile(r"(?!(?:true|false|истина|ложь)$)[^\W\d_][^\W\d_ ,;()+]*", re.IGNORECASE)
"""A single word can't be taken for a number, a date or a formula."""

_IN_BRACKETS_OR_QUOTES = re.compile(r"\[[^\]]*\]|\"[^\"]*\"")


class WriteRefusedError(ClientBaseError, RuntimeError):
    """Excel doesn't let the program write; the columns are as they were."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        super().__init__(
            f"Excel doesn't let the program write on the sheet '{sheet}'; it is as it was. "
            "If the sheet is protected, switch that off (Review, Unprotect Sheet); if a cell is "
            "being edited, finish it; then click again."
        )

    def told(self, say: Messages) -> str:
        """The sentence in the words of *say*."""
        return say.error_write_refused.format(sheet=self.sheet)


class HalfWrittenError(ClientBaseError, RuntimeError):
    """Excel stopped the program in the middle, and doesn't let it put the cells back."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        super().__init__(
            f"Excel stopped the program while it wrote on the sheet '{sheet}', and some grey cells "
            "may be wrong now. Undo what hinders it (a protected sheet, a cell being edited) and "
            "click again: that writes them anew. Or close the workbook without saving."
        )

    def told(self, say: Messages) -> str:
        """The sentence in the words of *say*."""
        return say.error_half_written.format(sheet=self.sheet)


def write(opened: Opened, filling: Filling) -> list[str]:
    """Write the columns of *filling*, and read them back.

    Gives the addresses of cells that can't be filled because they are merged with others. Raises
    WriteRefusedError, and then every cell is as it was; HalfWrittenError where Excel doesn't let
    them be put back.
    """
    writer = _Writer(opened, filling)
    try:
        writer.add_columns()
        for column in filling.columns:
            writer.put(column)
    except Exception as error:
        try:
            writer.put_back()
        except Exception:  # noqa: BLE001 — each engine has an error of its own
            raise HalfWrittenError(filling.sheet.name) from error
        raise WriteRefusedError(filling.sheet.name) from error
    return writer.merged


class _Writer:
    """Writes on the clients' sheet of an open workbook."""

    def __init__(self, opened: Opened, filling: Filling) -> None:
        self.workbook = opened.workbook
        self.opened = opened
        self.sheet = filling.sheet
        self.live = opened.workbook.live(filling.sheet)
        self.rows = list(filling.rows)
        self.table = table_of(opened, filling.sheet)
        self.added = [column for column in filling.columns if column.added]
        self.merged: list[str] = []
        self._done: list[Column] = []
        self._formats: list[tuple[Any, str | None]] = []

    def add_columns(self) -> None:
        """Widen the table and write the headings of the columns that don't stand there yet."""
        if not self.added:
            return
        header_row, last = self.opened.base.region.header_row, self.added[-1].number
        if self.table is not None:
            self._resize(last)
        headings = self.live.range((header_row, self.added[0].number), (header_row, last))
        headings.value = [[typed(column.heading) for column in self.added]]
        headings.color = _GREY
        for column in self.added:
            self.live.range((header_row, column.number)).column_width = column.described.width

    def put(self, column: Column) -> None:
        """Write a column and read it back; cells with a formula stay, so do merged ones.

        Raises ValueError where Excel makes something else of it.
        """
        self._done.append(column)
        for places in _stretches(self.rows, column.formulas):
            self._show_as(column.described.kind, self._cells(column, places))
        wrong = self._put(column, column.new)
        merged = [place for place in wrong if self._is_merged(column, place)]
        self.merged += [self._address(column, place) for place in merged]
        self._check(column, set(wrong) - set(merged))

    def put_back(self) -> None:
        """Write what stood there before; added columns go. Raises where that fails, too."""
        for cells, number_format in reversed(self._formats):
            cells.number_format = number_format
        for column in self._done:
            self._check(column, self._put(column, column.old))
        if self.added:
            if self.table is not None:
                self._resize(self.table.ref.last_column)
            header_row = self.opened.base.region.header_row
            first, last = self.added[0].number, self.added[-1].number
            self.live.range((header_row, first), (header_row, last)).clear_contents()

    def _put(self, column: Column, cells: Sequence[Any]) -> list[int]:
        """Write a column; the places of cells that don't hold it then.

        Under a filter Excel writes a block wrongly: its first value into each cell that shows, and
        nothing into the others. What doesn't stand there is written again, cell by cell.
        """
        self._write(column, cells, _stretches(self.rows, column.formulas))
        wrong = self._wrong(column, cells)
        if wrong:
            self._write(column, cells, [range(place, place + 1) for place in wrong])
            wrong = self._wrong(column, cells)
        return wrong

    def _check(self, column: Column, wrong: Collection[int]) -> None:
        if wrong:
            message = f"{self._address(column, min(wrong))} doesn't hold what was written"
            raise ValueError(message)

    def _address(self, column: Column, place: int) -> str:
        return address(self.rows[place], column.number)

    def _is_merged(self, column: Column, place: int) -> bool:
        with suppress(NotImplementedError):
            return bool(self.live.range((self.rows[place], column.number)).merge_cells)
        return False

    def _resize(self, last_column: int) -> None:
        """Let the table end with the column *last_column*."""
        if self.table is not None:
            ref = self.table.ref
            corners = (ref.first_row, ref.first_column), (ref.last_row, last_column)
            self.live.tables[self.table.name].resize(self.live.range(*corners))

    def _write(self, column: Column, cells: Sequence[Any], stretches: Iterable[range]) -> None:
        for places in stretches:
            self._cells(column, places).value = [[typed(cells[place])] for place in places]

    def _cells(self, column: Column, places: range) -> xw.Range:
        first, last = self.rows[places.start], self.rows[places.stop - 1]
        return self.live.range((first, column.number), (last, column.number))

    def _show_as(self, kind: str, cells: xw.Range) -> None:
        """Give cells a format that shows what they get, where they haven't one."""
        number_format: str | None = cells.number_format
        if number_format is None and cells.shape[0] > 1:  # the cells have different ones
            half = cells.shape[0] // 2
            self._show_as(kind, cells[:half, :])
            self._show_as(kind, cells[half:, :])
            return
        needed = _format_needed(kind, number_format)
        if needed:
            self._formats.append((cells, number_format))
            cells.number_format = needed

    def _wrong(self, column: Column, cells: Sequence[Any]) -> list[int]:
        """The places of cells that don't hold what was written."""
        top = min(self.rows)
        whole = CellRange(top, column.number, max(self.rows), column.number)
        found = self.workbook.values(self.sheet, whole)
        return [
            place
            for place, row in enumerate(self.rows)
            if not column.formulas[place] and not same(found[row - top][0], cells[place])
        ]


def _stretches(rows: Sequence[int], kept: Sequence[bool]) -> Iterator[range]:
    """Places of neighbouring rows that aren't *kept*, stretch by stretch."""
    start = None
    for place, row in enumerate(rows):
        if kept[place]:
            if start is not None:
                yield range(start, place)
            start = None
        elif start is None:
            start = place
        elif row != rows[place - 1] + 1:
            yield range(start, place)
            start = place
    if start is not None:
        yield range(start, len(rows))


def typed(value: object) -> object:
    """*value* as it has to be handed to Excel, which reads text as if it were typed: "8 March"
    would become a date and "=A1" a formula, did no apostrophe keep them text.
    """
    if isinstance(value, CellError):
        return str(value)
    if isinstance(value, str) and not _SURELY_TEXT.fullmatch(value):
        return f"'{value}"
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime.combine(value, dt.time())
    return value


def _format_needed(kind: str, number_format: str | None) -> str | None:
    """A format for cells that would show dates as numbers, or numbers as dates or text."""
    signs = _IN_BRACKETS_OR_QUOTES.sub("", number_format or "").casefold()
    shows_date = "d" in signs or "y" in signs
    if kind == "date" and not shows_date:
        return SHORT_DATE
    if kind == "number" and (shows_date or "@" in signs):
        return _WHOLE
    return None
