"""Calculated columns put into one worksheet, nothing else changed.

Only cells whose content really differs are written, so that a second run with the same values
changes nothing. A cell that holds a formula, lies in an array or spilled range, or is covered
by a merged range is never written; it is reported instead.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Final

import numpy as np

from batch import errors
from batch.book import NO_STYLE, Bools, Ints, Table
from batch.cells import LAST_COLUMN, CellRange, CellValue, address, column_letters, from_serial
from batch.edits import (
    HOLDS_FORMULA,
    IN_ARRAY,
    IS_MERGED,
    Change,
    Edit,
    Kept,
    Region,
    Wanted,
    plain_date,
    storable,
    wanted,
)
from batch.xlsx import tablexml
from batch.xlsx.patch import SheetPatch
from batch.xlsx.standing import ColumnCells, StandingCells
from batch.xlsx.styles import Styles
from batch.xlsx.usualcells import style_of
from batch.xlsx.workbook import Workbook
from batch.xlsx.xmlbytes import XmlError

_WIDTHS: Final = {"text": 16.0, "number": 12.0, "date": 12.0}
_MANAGED_KINDS: Final = {"queryTable": "a query", "xml": "an XML map"}


@dataclass(frozen=True)
class Filling:
    """What a fill would change; nothing is written yet.

    ``parts``: new bytes of the parts that differ, empty when nothing does.
    ``columns``: number of each filled column by heading, added ones included. ``area``: how many
    cells the rectangle around all of the sheet's cells has.
    """

    changes: list[Change] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    parts: dict[str, bytes] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)
    area: int = 0

    @property
    def expected(self) -> list[tuple[int, int, CellValue]]:
        """Row, column and new value of the changed cells: what a reader must find there."""
        return [(change.row, change.column, change.new) for change in self.changes]


def fill(
    workbook: Workbook,
    target: Region,
    columns: Sequence[Edit],
    beside: Sequence[tuple[Sequence[int], Edit]] = (),
) -> Filling:
    """Work out which cells differ and what the changed parts look like.

    ``beside``: further cells of the sheet, each time rows and a column with its number.

    Raises ``SheetNotFound``, ``CellsTaken`` or ``TableNotExtendable`` when the columns can't be
    put there, ``Damaged`` or ``StrangeXml`` when the sheet can't be read for certain.
    """
    return _Filler(workbook, target, columns).filling(beside)


class _Filler:
    """The work of one call of ``fill``."""

    def __init__(self, workbook: Workbook, target: Region, columns: Sequence[Edit]) -> None:
        self.workbook = workbook
        self.target = target
        self.sheet = workbook.sheet(target.sheet)
        self.xml = workbook.xml(self.sheet)
        self.cells = StandingCells(workbook, self.sheet)
        self.patch = SheetPatch(self.cells)
        self.tables = workbook.tables(self.sheet)
        self.table = self._find_table()
        self.merged = self.xml.merged()
        self.arrays = self.xml.array_ranges()
        self.order, self.rows = _sorted(target.rows)
        self.columns = columns
        self.added = [column for column in columns if column.column is None]
        self.result = Filling(area=self.cells.area)
        self._styles: Styles | None = None

    def filling(self, beside: Sequence[tuple[Sequence[int], Edit]]) -> Filling:
        try:
            first_added = self._first_added()
            for column in self.columns:
                number = column.column
                if number is None:
                    number = first_added + len(
                        [one for one in self.added if one.heading in self.result.columns]
                    )
                    self._put_heading(column, number, first_added - 1)
                if number in self.result.columns.values():
                    message = f"column {column_letters(number)} is named twice"
                    raise ValueError(message)
                self.result.columns[column.heading] = number
                self._fill_column(column, number)
            for rows, column in beside:
                self.order, self.rows = _sorted(rows)
                self._fill_column(column, column.column or 1)
            self._collect_parts()
        except XmlError as error:
            raise self.xml.refusal(error) from None
        return self.result

    def _find_table(self) -> Table | None:
        """The table to be filled, None for a sheet without one."""
        if self.target.table is None:
            return None
        for table in self.tables:
            if table.part == self.target.table:
                return table
        message = f"sheet '{self.sheet.name}' has no table in the part '{self.target.table}'"
        raise ValueError(message)

    # Added columns ----------------------------------------------------------------------

    def _first_added(self) -> int:
        """Where the first added column goes. Raises when there is no room for all."""
        if self.table is not None:
            last_column = self.table.ref.last_column
        else:
            header = CellRange(self.target.header_row, 1, self.target.header_row, LAST_COLUMN)
            last_column = max((cell[1] for cell in self._occupied(header)), default=0)
        if self.added:
            self._check_room(last_column)
        return last_column + 1

    def _check_room(self, last_column: int) -> None:
        """Raise unless the cells to the right are free."""
        headings = [column.heading for column in self.added]
        if self.table is not None and self.table.kind in _MANAGED_KINDS:
            kind = _MANAGED_KINDS[self.table.kind]
            raise errors.TableNotExtendable(self.sheet.name, self.table.name, kind, headings)
        self._check_headings(headings)
        top, bottom = self.target.header_row, max(self.rows, default=self.target.header_row)
        if self.table is not None:
            top, bottom = self.table.ref.first_row, self.table.ref.last_row
        stop = last_column + len(headings)
        if stop > LAST_COLUMN:
            cells = [address(top, LAST_COLUMN)]
            raise self._taken(cells, "the sheet ends there", headings)
        area = CellRange(top, last_column + 1, int(bottom), stop)
        taken = [address(*cell) for cell in self._occupied(area)]
        if taken:
            raise self._taken(taken, "there is something in these cells already", headings)
        merged = [str(one) for one in self.merged if one.overlaps(area)]
        if merged:
            raise self._taken(merged, "cells are merged there", headings)
        arrays = [str(one) for one in self.arrays if one.overlaps(area)]
        if arrays:
            raise self._taken(arrays, "a formula spills there", headings)
        tables = [
            f"{one.name}, {one.ref}"
            for one in self.tables
            if one.part != self.target.table and one.ref.overlaps(area)
        ]
        if tables:
            raise self._taken(tables, "another table stands there", headings)

    def _taken(self, cells: list[str], found: str, headings: list[str]) -> errors.CellsTaken:
        return errors.CellsTaken(self.sheet.name, cells, found, headings)

    def _check_headings(self, headings: Sequence[str]) -> None:
        """Raise for a heading that the table has already: the caller must have seen it."""
        known = [name.casefold() for name in self.table.columns] if self.table else []
        for heading in headings:
            if heading.casefold() in known or not storable(heading).strip():
                message = f"the heading '{heading}' can't be added to sheet '{self.sheet.name}'"
                raise ValueError(message)
            known.append(heading.casefold())

    def _occupied(self, area: CellRange) -> list[tuple[int, int]]:
        """Row and column of the cells of an area that hold a value or a formula."""
        occupied = []
        layout = self.cells.layout
        for index in self.cells.inside(area):
            cell = self.cells.cell(index)
            if cell.formula is not None or self.cells.value(cell) is not None:
                occupied.append((int(layout.cell_rows[index]), int(layout.cell_columns[index])))
        return occupied

    def _put_heading(self, column: Edit, number: int, like: int) -> None:
        """Write an added column's heading, in the style of the one in the column *like*."""
        self.patch.widen_column(number, column.width or _WIDTHS[column.kind])
        if self.table is not None and self.table.header_row is None:
            return
        row = self.target.header_row if self.table is None else self.table.ref.first_row
        heading = storable(column.heading)
        style = self._style_at(row, like)
        self.patch.put(number, np.array([row]), np.array([style]), [heading])
        self.result.changes.append(Change(row, number, column.heading, None, heading))

    def _style_at(self, row: int, column: int) -> int:
        """Style of a cell that stands there, or would."""
        if column < 1:
            return NO_STYLE
        rows = np.array([row], np.int64)
        index = int(self.cells.indexes(rows, column)[0])
        if index >= 0:
            return style_of(self.cells.cell(index))
        return int(self.cells.given_styles(rows, column)[0])

    # Cells ------------------------------------------------------------------------------

    def _fill_column(self, column: Edit, number: int) -> None:
        """Put the cells of a column that differ, and report those that are kept."""
        if len(column.values) != len(self.rows):
            message = f"{column.heading}: {len(column.values)} values for {len(self.rows)} rows"
            raise ValueError(message)
        values = [column.values[place] for place in self.order.tolist()]
        new = wanted(column.kind, values, date1904=self.workbook.date1904)
        old = self.cells.column(self.rows, number)
        kept = {**new.refused, **self._covered(number)}
        for place, cell in old.odd.items():
            if cell.formula is not None:
                kept[place] = HOLDS_FORMULA
            elif place not in kept:
                old.values[place] = self.cells.value(cell)
        for place in sorted(kept):
            cell_ = address(int(self.rows[place]), number)
            self.result.kept.append(Kept(cell_, column.heading, kept[place]))
        writable = np.ones(len(self.rows), np.bool_)
        writable[list(kept)] = False
        put = writable & _differing(old, new)
        if column.kind == "date":
            put |= self._shown_as_numbers(old, new, writable)
        self._put(column, number, old, new, np.flatnonzero(put))

    def _covered(self, column: int) -> dict[int, str]:
        """Places of the rows whose cell can't be written because of a range over it, and why."""
        covered: dict[int, str] = {}
        for ranges, reason in (
            (self.merged, IS_MERGED),
            (self.arrays, IN_ARRAY),
        ):
            for one in ranges:
                if one.first_column <= column <= one.last_column:
                    first = int(np.searchsorted(self.rows, one.first_row))
                    stop = int(np.searchsorted(self.rows, one.last_row, side="right"))
                    for place in range(first, stop):
                        cell = (int(self.rows[place]), column)
                        is_corner = cell == (one.first_row, one.first_column)
                        if ranges is self.arrays or not is_corner:
                            covered[place] = reason
        return covered

    def _shown_as_numbers(self, old: ColumnCells, new: Wanted, writable: Bools) -> Bools:
        """Where a date shall stand in a cell whose format shows it as a number."""
        dates = writable & np.array([value is not None for value in new.stored], np.bool_)
        styles = np.unique(old.styles[dates]).tolist()
        plain = [style for style in styles if not self.styles.is_date(max(style, 0))]
        return dates & np.isin(old.styles, plain)

    def _put(self, column: Edit, number: int, old: ColumnCells, new: Wanted, places: Ints) -> None:
        """Put the cells at these places; one that didn't stand there gets its row's style."""
        rows, styles = self.rows[places], old.styles[places]
        missing = old.stands[places] < 0
        styles[missing] = self.cells.given_styles(rows[missing], number)
        if self.target.like is not None:
            styles[missing] = self._style_at(self.target.like, number)
        before = [old.values[place] for place in places.tolist()]
        stored = [new.stored[place] for place in places.tolist()]
        shown = [new.shown[place] for place in places.tolist()]
        if column.kind == "date":
            shows_date = {one: self.styles.is_date(max(one, 0)) for one in set(styles.tolist())}
            for one, (style, serial) in enumerate(zip(styles.tolist(), stored, strict=True)):
                if shows_date[style]:
                    before[one] = self._as_date(before[one])
                if serial is not None:
                    styles[one] = self.styles.as_date(max(style, 0))
        elif column.kind == "number":
            numbers = np.array([value is not None for value in stored], np.bool_) & (styles >= 0)
            for style in np.unique(styles[numbers]).tolist():
                styles[numbers & (styles == style)] = self.styles.as_number(style)
        self.patch.put(number, rows, styles, stored)
        self.result.changes.extend(
            map(Change, rows.tolist(), repeat(number), repeat(column.heading), before, shown)
        )

    def _as_date(self, old: CellValue) -> CellValue:
        """A cell's former number as a date, if it can be one."""
        if type(old) is not float:
            return old
        moment = from_serial(old, date1904=self.workbook.date1904)
        return old if moment is None else plain_date(moment)

    # Parts ------------------------------------------------------------------------------

    @property
    def styles(self) -> Styles:
        """The workbook's cell formats. Raises ``StrangeXml`` when it has none."""
        if self._styles is None:
            self._styles = self.workbook.styles()
        return self._styles

    def _collect_parts(self) -> None:
        parts = self.result.parts
        data = self.patch.data()
        if data != self.xml.data:
            parts[self.xml.part] = data
        if self.table is not None and self.added:
            headings = [storable(column.heading) for column in self.added]
            table = self.workbook.package.read(self.table.part)
            parts[self.table.part] = tablexml.widened(table, headings)
        styles = self.workbook.part_of("styles")
        if styles is not None and self._styles is not None and self._styles.has_additions:
            parts[styles] = self._styles.data


def _sorted(rows: Sequence[int]) -> tuple[Ints, Ints]:
    """The order of the rows, and the rows in it. Raises ValueError for one that is named twice."""
    order = np.argsort(np.array(rows, np.int64), kind="stable")
    ascending = np.array(rows, np.int64)[order]
    twice = np.flatnonzero(np.diff(ascending) == 0)
    if len(twice):
        message = f"row {ascending[twice[0]]} is named twice"
        raise ValueError(message)
    return order, ascending


def _differing(old: ColumnCells, new: Wanted) -> Bools:
    """Where a cell doesn't hold the value already; 1, "1" and TRUE are three things."""
    differing = [
        (was != now or type(was) is not type(now)) and not (isinstance(was, dt.date) and was == day)
        for was, now, day in zip(old.values, new.stored, new.shown, strict=True)
    ]
    return np.array(differing, np.bool_)
