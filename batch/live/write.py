"""Puts into the open workbook what was staged.

Each column that differs is written in one call for each stretch of cells without a formula, and
read back. When anything goes wrong, all of it is put back as it was.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import xlwings as xw

from batch.cells import CellRange, address
from batch.edits import IS_MERGED, Kept
from batch.live.errors import HalfMovedError, HalfWrittenError, WriteRefusedError
from batch.live.filling import ColumnToFill, Filling, same
from batch.live.workbook import OpenBook
from rules.reading.cells import CellError

SHORT_DATE = "m/d/yyyy"
"""Excel's short date: shown as the computer's country writes it."""
_WHOLE = "#,##0"
_GENERAL, _TEXT = "General", "@"
_GREY = "#D9D9D9"
_SURELY_TEXT = re.compile(r"(?!(?:true|false|истина|ложь)$)[^\W\d_][^\W\d_ ,;()+]*", re.IGNORECASE)
"""A single word can't be taken for a number, a date or a formula."""

_IN_BRACKETS_OR_QUOTES = re.compile(r"\[[^\]]*\]|\"[^\"]*\"")


def write(workbook: OpenBook, moved_from: str = "", moved_to: Sequence[str] = ()) -> list[Kept]:
    """Write what was staged, and read it back.

    *moved_from*, *moved_to*: sheets between which entries of hers move, if any: where the first
    can't be put back, the others aren't either, so that they stand there rather twice than never.

    Gives the cells that can't be filled because they are merged with others. Raises
    WriteRefusedError, and then every cell is as it was; HalfWrittenError or HalfMovedError where
    Excel doesn't let them be put back.
    """
    staged, workbook.staged = workbook.staged, []
    writers: list[_Writer] = []
    for filling in staged:
        try:
            writers.append(_Writer(workbook, filling))
            writers[-1].write()
        except Exception as error:
            _put_back(writers, moved_from, moved_to, error)
            raise WriteRefusedError(filling.sheet.name) from error
    return [cell for one in writers for cell in one.merged]


def _put_back(
    writers: Sequence[_Writer], moved_from: str, moved_to: Sequence[str], cause: Exception
) -> None:
    """Put everything back, the last first.

    Raises HalfWrittenError, or HalfMovedError where that concerns entries that move.
    """
    failed: list[str] = []
    for writer in reversed(writers):
        sheet = writer.filling.sheet.name
        if sheet in moved_to and moved_from in failed:
            continue
        try:
            writer.put_back()
        except Exception:  # noqa: BLE001 — each engine has an error of its own
            failed.append(sheet)
    if moved_to and {*moved_to, moved_from} & set(failed):
        raise HalfMovedError(failed[0], ", ".join(moved_to)) from cause
    if failed:
        raise HalfWrittenError(failed[0]) from cause


class _Writer:
    """Writes on a sheet of an open workbook."""

    def __init__(self, workbook: OpenBook, filling: Filling) -> None:
        self.workbook = workbook
        self.filling = filling
        self.live = workbook.live(filling.sheet)
        self.rows = list(filling.rows)
        self.added = [column for column in filling.columns if column.added]
        self.merged: list[Kept] = []
        self._done: list[ColumnToFill] = []
        self._formats: list[tuple[xw.Range, str | None]] = []
        self._looks: list[tuple[Any, bool]] = []

    def write(self) -> None:
        """Fit the table, write the headings of columns that don't stand there yet, then cells."""
        if self.filling.resized:
            self._resize(self.filling.resized)
        if self.added:
            self._add_headings()
        for column in self.filling.columns:
            self._fill(column)

    def _add_headings(self) -> None:
        headings = self.workbook.block(self.filling.sheet, self._headings)
        headings.value = [[typed(column.heading) for column in self.added]]
        first = headings[0, 0]
        self._looks.append((first.color, bool(first.font.bold)))
        headings.color = _GREY
        if self.filling.is_bold:
            headings.font.bold = True
        for column in self.added:
            cell = self.live.range((self.filling.header_row, column.number))
            if column.width is not None:
                cell.column_width = column.width

    @property
    def _headings(self) -> CellRange:
        """The cells of the added headings."""
        row, columns = self.filling.header_row, self.added
        return CellRange(row, columns[0].number, row, columns[-1].number)

    def _fill(self, column: ColumnToFill) -> None:
        """Write a column and read it back; cells with a formula stay, so do merged ones.

        Raises ValueError where Excel makes something else of it.
        """
        self._done.append(column)
        like = self._format_above(column)
        for places in self._stretches(column):
            self._show_as(column.kind, self._cells(column, places), like)
        wrong = self._put(column, column.new)
        merged = [place for place in wrong if not column.exact and self._is_merged(column, place)]
        sheet, number = self.filling.sheet.name, column.number
        self.merged += [
            Kept(sheet, self.rows[place], number, column.heading, IS_MERGED) for place in merged
        ]
        self._check(column, set(wrong) - set(merged))

    def put_back(self) -> None:
        """Write what stood there before; what was added goes. Raises where that fails, too.

        What is as it was isn't touched: a protected sheet would refuse even that.
        """
        for cells, number_format in reversed(self._formats):
            if number_format is not None and cells.number_format != number_format:
                cells.number_format = number_format
        for column in self._done:
            if self._wrong(column, column.old):
                self._check(column, self._put(column, column.old))
        self._take_back_size()
        if self.added:
            self._clear(self._headings)
        for color, is_bold in self._looks:
            headings = self.workbook.block(self.filling.sheet, self._headings)
            headings.color, headings.font.bold = color, is_bold

    def _take_back_size(self) -> None:
        """Give the table its size again, before what it leaves is cleared: a table renames its
        headings, it never blanks them.
        """
        table, resized = self.filling.table, self.filling.resized
        if table is None or resized is None:
            return
        tables = self.workbook.tables(self.filling.sheet)
        if next(one.ref for one in tables if one.name == table.name) != table.ref:
            self._resize(table.ref)
        if resized.last_row > table.ref.last_row:
            # The columns of a table that calculate have filled the new rows as well.
            below = replace(resized, first_row=table.ref.last_row + 1)
            self._clear(below)

    def _clear(self, area: CellRange) -> None:
        """Empty the cells, where anything stands in them."""
        if any(map(any, self.workbook.formulas_of(self.filling.sheet, area))):
            self.workbook.block(self.filling.sheet, area).clear_contents()

    def _put(self, column: ColumnToFill, cells: Sequence[Any]) -> list[int]:
        """Write a column; the places of cells that don't hold it then.

        Under a filter Excel writes a block wrongly: its first value into each cell that shows, and
        nothing into the others. What doesn't stand there is written again, cell by cell.
        """
        for places in self._stretches(column):
            self._cells(column, places).value = [[typed(cells[place])] for place in places]
        wrong = self._wrong(column, cells)
        if wrong:
            for place in wrong:
                self._put_alone(column, place, cells[place])
            wrong = self._wrong(column, cells)
        return wrong

    def _put_alone(self, column: ColumnToFill, place: int, value: object) -> None:
        """Write one cell; where cells are formatted as text an apostrophe may be part of it."""
        cell = self.live.range((self.rows[place], column.number))
        is_plain = isinstance(value, str) and cell.number_format == _TEXT
        cell.value = value if is_plain else typed(value)

    def _check(self, column: ColumnToFill, wrong: Collection[int]) -> None:
        if wrong:
            message = f"{self._address(column, min(wrong))} doesn't hold what was written"
            raise ValueError(message)

    def _address(self, column: ColumnToFill, place: int) -> str:
        return address(self.rows[place], column.number)

    def _is_merged(self, column: ColumnToFill, place: int) -> bool:
        with suppress(NotImplementedError):
            return bool(self.live.range((self.rows[place], column.number)).merge_cells)
        return False

    def _resize(self, ref: CellRange) -> None:
        """Lay the table over the cells *ref*."""
        if self.filling.table is not None:
            cells = self.workbook.block(self.filling.sheet, ref)
            self.live.tables[self.filling.table.name].resize(cells)

    def _stretches(self, column: ColumnToFill) -> Iterator[range]:
        """The places to be written, stretch by stretch: from the first cell that differs to the
        last, without those that stay.
        """
        changed = column.changed
        if column.added:
            yield from _stretches(self.rows, column.formulas)
        elif changed:
            outside = [not changed[0] <= at <= changed[-1] for at in range(len(self.rows))]
            kept = [any(pair) for pair in zip(column.formulas, outside, strict=True)]
            yield from _stretches(self.rows, kept)

    def _cells(self, column: ColumnToFill, places: range) -> xw.Range:
        first, last = self.rows[places.start], self.rows[places.stop - 1]
        return self.live.range((first, column.number), (last, column.number))

    def _format_above(self, column: ColumnToFill) -> str | None:
        """The number format that new rows take from the row above; None where there is none."""
        row = self.filling.like
        return self.live.range((row, column.number)).number_format if row else None

    def _show_as(self, kind: str, cells: xw.Range, like: str | None) -> None:
        """Give cells a format that shows what they get, where they haven't one."""
        number_format: str | None = cells.number_format
        if number_format is None and cells.shape[0] > 1:  # the cells have different ones
            half = cells.shape[0] // 2
            self._show_as(kind, cells[:half, :], like)
            self._show_as(kind, cells[half:, :], like)
            return
        wished = like if like and number_format == _GENERAL else number_format
        needed = _format_needed(kind, wished) or wished
        if needed and needed != number_format:
            self._formats.append((cells, number_format))
            cells.number_format = needed

    def _wrong(self, column: ColumnToFill, cells: Sequence[Any]) -> list[int]:
        """The places of cells that don't hold what was written."""
        if not self.rows:
            return []
        top = min(self.rows)
        whole = CellRange(top, column.number, max(self.rows), column.number)
        found = self.workbook.values(self.filling.sheet, whole)
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
