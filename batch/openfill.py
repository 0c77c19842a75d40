"""Puts the filled columns into the open workbook: all of it is worked out before the first write.

Each column that differs is written in one call for each stretch of cells without a formula, read
back, and put back as it was when anything goes wrong.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from batch.opened import Opened
from batch.xlsx.errors import CellsTaken
from batch.xlsx.refs import CellRange, address
from batch.xlsx.workbook import Sheet, Table
from rules.columns import FILLED
from rules.columns import FilledColumn as Described
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


@dataclass(frozen=True)
class Column:
    """A filled column over the rows of the clients.

    number: of the column in the sheet (A is 1); old and new: its cells; formulas: which of them
    hold a formula, and so stay; added: it doesn't stand there yet.
    """

    described: Described
    heading: str
    number: int
    old: list[Any]
    new: list[Any]
    formulas: list[bool]
    added: bool

    @property
    def changed(self) -> list[int]:
        """The places of the cells that differ."""
        triples = zip(self.old, self.new, self.formulas, strict=True)
        return [
            at for at, (old, new, kept) in enumerate(triples) if not kept and not _same(old, new)
        ]


@dataclass(frozen=True)
class Filling:
    """What is to be written: the clients' sheet, the rows, and the columns that differ."""

    sheet: Sheet
    rows: Sequence[int]
    columns: list[Column]
    changes: int
    formulas: int


def plan(opened: Opened) -> Filling:
    """What has to be written. Raises CellsTaken where missing columns have no room."""
    region = opened.base.region
    sheet = opened.workbook.sheet(region.sheet)
    columns = list(_columns(opened, sheet))
    _check_room(opened, sheet, [column for column in columns if column.added])
    differing = [column for column in columns if column.added or column.changed]
    return Filling(
        sheet,
        region.rows,
        differing,
        sum(len(column.changed) for column in columns),
        sum(sum(column.formulas) for column in columns),
    )


def write(opened: Opened, filling: Filling) -> None:
    """Write the columns of *filling*, and read them back.

    Raises WriteRefusedError, and then every cell is as it was.
    """
    writer = _Writer(opened, filling)
    done: list[Column] = []
    try:
        writer.add_columns()
        for column in filling.columns:
            done.append(column)
            writer.put(column, column.new)
    except Exception as error:
        with suppress(Exception):  # nothing can be written any more; the first error is told
            writer.put_back(done)
        raise WriteRefusedError(filling.sheet.name) from error


def _columns(opened: Opened, sheet: Sheet) -> Iterator[Column]:
    """The filled columns: those that stand there, then those to be added at the right end."""
    base, config = opened.base, opened.rules.config
    standing = base.filled
    rows = base.region.rows
    block = CellRange(
        min(rows), min(standing.values(), default=1), max(rows), max(standing.values(), default=1)
    )
    values = opened.workbook.values(sheet, block)
    formulas = opened.workbook.block(sheet, block).options(ndim=2).formula
    next_free = _right_end(opened, sheet) + 1
    for described in FILLED:
        new = _new_cells(opened, described)
        number = standing.get(described.key)
        if number is None:
            heading = getattr(config.columns.filled, described.key)[0]
            blank, none = [None] * len(rows), [False] * len(rows)
            yield Column(described, heading, next_free, blank, new, none, added=True)
            next_free += 1
            continue
        at = number - block.first_column
        places = [row - block.first_row for row in rows]
        yield Column(
            described,
            base.headings[number],
            number,
            [values[place][at] for place in places],
            new,
            [_is_formula(formulas[place][at]) for place in places],
            added=False,
        )


def _new_cells(opened: Opened, described: Described) -> list[Any]:
    series = opened.result.columns[described.key]
    if described.kind == "date":
        return list(series.to_numpy().astype("datetime64[D]").tolist())
    if described.kind == "number":
        return [None if np.isnan(number) else float(number) for number in series]
    return [text or None for text in series]


def _is_formula(text: object) -> bool:
    return isinstance(text, str) and text.startswith("=")


def _same(old: object, new: object) -> bool:
    if isinstance(old, dt.datetime) and isinstance(new, dt.date):
        return old == dt.datetime.combine(new, dt.time())
    return type(old) is type(new) and old == new


def _table(opened: Opened, sheet: Sheet) -> Table | None:
    """The Excel table of the clients; None where they stand on a plain sheet."""
    name = opened.base.region.table
    return next((one for one in opened.workbook.tables(sheet) if one.part == name), None)


def _right_end(opened: Opened, sheet: Sheet) -> int:
    """The last column of the table, or of the headings."""
    table = _table(opened, sheet)
    return table.ref.last_column if table else max(opened.base.headings)


def _check_room(opened: Opened, sheet: Sheet, added: Sequence[Column]) -> None:
    if not added:
        return
    region, table = opened.base.region, _table(opened, sheet)
    last_row = table.ref.last_row if table else max(region.rows)
    area = CellRange(region.header_row, added[0].number, last_row, added[-1].number)
    taken = [
        address(area.first_row + row, area.first_column + column)
        for row, cells in enumerate(opened.workbook.values(sheet, area))
        for column, cell in enumerate(cells)
        if cell is not None
    ]
    if taken:
        headings = [column.heading for column in added]
        found = "there is something in these cells already"
        raise CellsTaken(sheet.name, taken, found, headings)


class _Writer:
    """Writes on the clients' sheet of an open workbook."""

    def __init__(self, opened: Opened, filling: Filling) -> None:
        self.workbook = opened.workbook
        self.opened = opened
        self.sheet = filling.sheet
        self.live = opened.workbook.live(filling.sheet)
        self.rows = list(filling.rows)
        self.table = _table(opened, filling.sheet)
        self.added = [column for column in filling.columns if column.added]

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

    def put(self, column: Column, cells: Sequence[Any]) -> None:
        """Write a column and read it back; cells with a formula stay.

        What doesn't stand there then (Excel may pass over rows that a filter hides) is written
        again by itself. Raises ValueError where Excel still makes something else of it.
        """
        self._write(column, cells, column.formulas)
        wrong = self._wrong(column, cells)
        if any(wrong):
            self._write(column, cells, [not one for one in wrong])
            wrong = self._wrong(column, cells)
        if any(wrong):
            cell = address(self.rows[wrong.index(True)], column.number)
            message = f"{cell} doesn't hold what was written"
            raise ValueError(message)

    def put_back(self, columns: Iterable[Column]) -> None:
        """Write what stood there before; added columns go."""
        for column in columns:
            self._write(column, column.old, column.formulas)
        if self.added:
            if self.table is not None:
                self._resize(self.table.ref.last_column)
            header_row = self.opened.base.region.header_row
            first, last = self.added[0].number, self.added[-1].number
            self.live.range((header_row, first), (header_row, last)).clear_contents()

    def _resize(self, last_column: int) -> None:
        """Let the table end with the column *last_column*."""
        if self.table is not None:
            ref = self.table.ref
            corners = (ref.first_row, ref.first_column), (ref.last_row, last_column)
            self.live.tables[self.table.name].resize(self.live.range(*corners))

    def _write(self, column: Column, cells: Sequence[Any], kept: Sequence[bool]) -> None:
        for places in _stretches(self.rows, kept):
            first, last = self.rows[places.start], self.rows[places.stop - 1]
            target = self.live.range((first, column.number), (last, column.number))
            target.value = [[typed(cells[place])] for place in places]
            number_format = _format_needed(column.described.kind, target.number_format)
            if number_format:
                target.number_format = number_format

    def _wrong(self, column: Column, cells: Sequence[Any]) -> list[bool]:
        """Which cells don't hold what was written."""
        top = min(self.rows)
        whole = CellRange(top, column.number, max(self.rows), column.number)
        found = self.workbook.values(self.sheet, whole)
        return [
            not column.formulas[place] and not _same(found[row - top][0], cells[place])
            for place, row in enumerate(self.rows)
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
    if isinstance(value, str) and not _SURELY_TEXT.fullmatch(value):
        return f"'{value}"
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime.combine(value, dt.time())
    return value


def _format_needed(kind: str, number_format: str | None) -> str | None:
    """A format for cells that would show dates as numbers, or numbers as dates."""
    signs = _IN_BRACKETS_OR_QUOTES.sub("", number_format or "").casefold()
    shows_date = "d" in signs or "y" in signs
    if kind == "date" and not shows_date:
        return SHORT_DATE
    if kind == "number" and shows_date:
        return _WHOLE
    return None
