"""Calculated columns put into one worksheet, cell by cell, nothing else changed.

Only cells whose content really differs are written, so that a second run with the same values
changes nothing. A cell that holds a formula, lies in an array or spilled range, or is covered
by a merged range is never written; it is reported instead.
"""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from numbers import Real
from typing import Final, Literal, TypeAlias

import numpy as np

from batch.xlsx import errors, refs, serials, tablexml
from batch.xlsx.cellxml import CellValue, RawCell
from batch.xlsx.patch import NewCell, SheetPatch
from batch.xlsx.refs import CellRange
from batch.xlsx.styles import Styles
from batch.xlsx.workbook import Table, Workbook
from batch.xlsx.xmlbytes import UnusualXml, XmlError, storable, whole_number

FilledValue: TypeAlias = str | float | Decimal | dt.date | None
"""What a cell shall hold; None, NaN, NaT and empty text make it blank."""

_WIDTHS: Final = {"text": 16.0, "number": 12.0, "date": 12.0}
_MANAGED_KINDS: Final = {"queryTable": "a query", "xml": "an XML map"}


@dataclass(frozen=True)
class Region:
    """The rows to be filled.

    ``rows``: numbers of the data rows, in any order, none twice. ``header_row``: number of the
    row with the headings. ``table``: name of the Excel table's part, None for a sheet without
    a table.
    """

    sheet: str
    header_row: int
    rows: Sequence[int]
    table: str | None = None


@dataclass(frozen=True)
class FilledColumn:
    """One column: ``values`` in the order of ``Region.rows``.

    ``column``: its number (A is 1), None for a column that is to be added at the right end.
    ``kind``: "text" (values are written as text whatever they look like), "number" or "date".
    ``width``: width in characters for an added column, None for a fitting one.
    """

    heading: str
    column: int | None
    kind: Literal["text", "number", "date"]
    values: Sequence[FilledValue]
    width: float | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that gets another content; dates are given as dates, None is blank."""

    cell: str
    heading: str
    old: CellValue
    new: CellValue


@dataclass(frozen=True, slots=True)
class Kept:
    """A cell that was not written, and why, as the end of 'left as it is: it …'."""

    cell: str
    heading: str
    reason: str


@dataclass(frozen=True)
class Filling:
    """What a fill would change; nothing is written yet.

    ``parts``: new bytes of the parts that differ, empty when nothing does.
    ``columns``: number of each filled column by heading, added ones included.
    """

    changes: list[Change] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    parts: dict[str, bytes] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)

    @property
    def expected(self) -> dict[str, CellValue]:
        """The changed cells' addresses and what a reader must find there."""
        return {change.cell: change.new for change in self.changes}


def fill(workbook: Workbook, target: Region, columns: Sequence[FilledColumn]) -> Filling:
    """Work out which cells differ and what the changed parts look like.

    Raises ``SheetNotFound``, ``CellsTaken`` or ``TableNotExtendable`` when the columns can't be
    put there, ``Damaged`` or ``StrangeXml`` when the sheet can't be read for certain.
    """
    return _Filler(workbook, target, columns).filling()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A value as a cell would hold it: text, a number or a date's serial; None is blank."""

    stored: str | float | None
    shown: CellValue


class _Filler:
    """The work of one call of ``fill``."""

    def __init__(self, workbook: Workbook, target: Region, columns: Sequence[FilledColumn]) -> None:
        self.workbook = workbook
        self.target = target
        self.sheet = workbook.sheet(target.sheet)
        self.xml = workbook.xml(self.sheet)
        self.patch = SheetPatch(self.xml)
        self.tables = workbook.tables(self.sheet)
        self.table = self._find_table()
        self.merged = self.xml.merged()
        self.arrays = self.xml.array_ranges()
        self.order = np.argsort(np.array(target.rows, np.int64), kind="stable")
        self.rows = np.array(target.rows, np.int64)[self.order]
        if (np.diff(self.rows) == 0).any():
            message = f"row {self.rows[:-1][np.diff(self.rows) == 0][0]} is named twice"
            raise ValueError(message)
        self.columns = columns
        self.added = [column for column in columns if column.column is None]
        self.result = Filling()
        self._styles: Styles | None = None

    def filling(self) -> Filling:
        try:
            first_added = self._first_added()
            for column in self.columns:
                number = column.column
                if number is None:
                    number = first_added + len(
                        [one for one in self.added if one.heading in self.result.columns]
                    )
                    self._put_heading(column, number)
                if number in self.result.columns.values():
                    message = f"column {refs.column_letters(number)} is named twice"
                    raise ValueError(message)
                self.result.columns[column.heading] = number
                self._fill_column(column, number)
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
            header = CellRange(self.target.header_row, 1, self.target.header_row, refs.LAST_COLUMN)
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
        if stop > refs.LAST_COLUMN:
            cells = [refs.address(top, refs.LAST_COLUMN)]
            raise self._taken(cells, "the sheet ends there", headings)
        area = CellRange(top, last_column + 1, int(bottom), stop)
        taken = [refs.address(*cell) for cell in self._occupied(area)]
        if taken:
            raise self._taken(taken, "there is something in these cells already", headings)
        merged = [str(one) for one in self.merged if one.overlaps(area)]
        if merged:
            raise self._taken(merged, "cells are merged there", headings)
        arrays = [str(one) for one in self.arrays if one.overlaps(area)]
        if arrays:
            raise self._taken(arrays, "a formula spills there", headings)
        tables = [
            f"table {one.name}, {one.ref}"
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
        for index in self.patch.inside(area):
            cell = self.patch.cell(index)
            if cell.formula is not None or self._value(cell) is not None:
                row = int(self.patch.layout.cell_rows[index])
                occupied.append((row, int(self.patch.layout.cell_columns[index])))
        return occupied

    def _put_heading(self, column: FilledColumn, number: int) -> None:
        """Write an added column's heading, in the style of the one to its left."""
        self.patch.widen_column(number, column.width or _WIDTHS[column.kind])
        if self.table is not None and self.table.header_row is None:
            return
        row = self.target.header_row if self.table is None else self.table.ref.first_row
        heading = storable(column.heading)
        style = self._style_at(row, number - 1) if number > 1 else None
        self.patch.put(NewCell(row, number, style, heading))
        self.result.changes.append(Change(refs.address(row, number), column.heading, None, heading))

    def _style_at(self, row: int, column: int) -> int | None:
        """Style of a cell, put already or standing there."""
        put = self.patch.put_cell(row, column)
        if put is not None:
            return put.style
        index = int(self.patch.indexes(np.array([row], np.int64), column)[0])
        return _style(self.patch.cell(index)) if index >= 0 else self.patch.given_style(row, column)

    # Cells ------------------------------------------------------------------------------

    def _fill_column(self, column: FilledColumn, number: int) -> None:
        if len(column.values) != len(self.rows):
            message = f"{column.heading}: {len(column.values)} values for {len(self.rows)} rows"
            raise ValueError(message)
        covered = self._covered(number)
        indexes = self.patch.indexes(self.rows, number).tolist()
        for row, index, place in zip(self.rows.tolist(), indexes, self.order.tolist(), strict=True):
            reason = covered.get(row)
            cell = self.patch.cell(index) if index >= 0 else None
            wanted, problem = self._wanted(column.kind, column.values[place])
            if cell is not None and cell.formula is not None:
                reason = "holds a formula"
            reason = reason or problem
            if reason:
                self.result.kept.append(Kept(refs.address(row, number), column.heading, reason))
            elif wanted is not None:
                self._fill_cell(column, row, number, cell, wanted)

    def _covered(self, column: int) -> dict[int, str]:
        """Rows in which the column's cell can't be written because of a range over it."""
        covered: dict[int, str] = {}
        for ranges, reason in (
            (self.merged, "is part of merged cells"),
            (self.arrays, "belongs to an array formula or a spilled formula"),
        ):
            for one in ranges:
                if one.first_column <= column <= one.last_column:
                    first = int(np.searchsorted(self.rows, one.first_row))
                    stop = int(np.searchsorted(self.rows, one.last_row, side="right"))
                    for row in self.rows[first:stop].tolist():
                        is_corner = (row, column) == (one.first_row, one.first_column)
                        if ranges is self.arrays or not is_corner:
                            covered[row] = reason
        return covered

    def _fill_cell(
        self, column: FilledColumn, row: int, number: int, cell: RawCell | None, wanted: _Wanted
    ) -> None:
        """Put the cell unless it holds the value already."""
        old = None if cell is None else self._value(cell)
        is_date = column.kind == "date" and wanted.stored is not None
        style = self.patch.given_style(row, number) if cell is None else _style(cell)
        if _same(old, wanted, is_date=is_date) and not (is_date and not self._shows_date(style)):
            return
        if is_date:
            style = self._styled_as_date(style)
            old = self._as_date(old, style)
        self.patch.put(NewCell(row, number, style, wanted.stored))
        self.result.changes.append(
            Change(refs.address(row, number), column.heading, old, wanted.shown)
        )

    def _wanted(self, kind: str, value: FilledValue) -> tuple[_Wanted | None, str | None]:
        """The value as a cell holds it, or why no cell can."""
        if value is None or value != value:  # noqa: PLR0124 - NaN and NaT are blank
            return _Wanted(None, None), None
        if kind == "text":
            text = storable(str(value))
            return _Wanted(text or None, text or None), None
        if kind == "number" and isinstance(value, (Real, Decimal)):
            number = float(value)
            if not math.isfinite(number):
                return None, "can't hold an infinite number"
            return _Wanted(number, number), None
        if kind == "date" and isinstance(value, dt.date):
            serial = serials.to_serial(value, date1904=self.workbook.date1904)
            if serial < 0:
                return None, f"can't hold {value:%d.%m.%Y}, which is before Excel's first day"
            return _Wanted(serial, _plain_date(value)), None
        message = f"{value!r} is no {kind}"
        raise TypeError(message)

    def _value(self, cell: RawCell) -> CellValue:
        strings = self.workbook.shared_strings if cell.kind == b"s" else ()
        return self.xml.reader.value(cell, strings)

    # Styles -----------------------------------------------------------------------------

    @property
    def styles(self) -> Styles:
        """The workbook's cell formats. Raises ``StrangeXml`` when it has none."""
        if self._styles is None:
            part = self.workbook.part_of("styles")
            if part is None:
                raise errors.StrangeXml(self.workbook.path, "styles", "no cell formats for dates")
            try:
                self._styles = Styles(self.workbook.package.read(part))
            except UnusualXml as error:
                raise errors.StrangeXml(self.workbook.path, part, str(error)) from None
            except XmlError as error:
                raise errors.Damaged(self.workbook.path, str(error), part) from None
        return self._styles

    def _shows_date(self, style: int | None) -> bool:
        return self.styles.is_date(style or 0)

    def _styled_as_date(self, style: int | None) -> int:
        return self.styles.as_date(style or 0)

    def _as_date(self, old: CellValue, style: int | None) -> CellValue:
        """A date cell's former number as a date, if it can be one."""
        if type(old) is not float or not self._shows_date(style):
            return old
        moment = serials.from_serial(old, date1904=self.workbook.date1904)
        return old if moment is None else _plain_date(moment)

    # Parts ------------------------------------------------------------------------------

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


def _style(cell: RawCell) -> int | None:
    return whole_number(cell.style)


def _same(old: CellValue, wanted: _Wanted, *, is_date: bool) -> bool:
    """Whether a cell holds the value already; 1, "1" and TRUE are three things."""
    if is_date and isinstance(old, dt.date):
        return old == wanted.shown
    return type(old) is type(wanted.stored) and old == wanted.stored


def _plain_date(value: dt.date) -> dt.date:
    """A date; with its time only where that isn't midnight."""
    if not isinstance(value, dt.datetime):
        return value
    moment = value.replace(tzinfo=None)
    return moment.date() if moment.time() == dt.time() else moment
