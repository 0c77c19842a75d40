"""The edits of one sheet of a closed file, whatever they are for: collected, then put in one go.

Only cells whose content really differs are written, so that a second run with the same values
changes nothing. A cell that holds a formula, lies in an array or spilled range, or is covered
by a merged range is never written; it is reported instead.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, repeat
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from batch.book import (
    NO_STYLE,
    Bools,
    ColumnArray,
    ExcelTable,
    Ints,
    Place,
    ReadColumns,
    Worksheet,
    numbers_or_objects,
)
from batch.cells import CellValue, StoredValue, from_serial
from batch.edits import (
    HOLDS_FORMULA,
    IN_ARRAY,
    IS_MERGED,
    Change,
    Edit,
    Effect,
    Kept,
    Marked,
    Region,
    Wanted,
    plain_date,
    storable,
    wanted,
)
from batch.xlsx import conditions, tables, xmlbytes
from batch.xlsx.cellxml import formula_cell
from batch.xlsx.formulas import NO_LINK, formula_text, fresh_results, is_link
from batch.xlsx.patch import SheetPatch
from batch.xlsx.sheetxml import ColumnCells, StandingCells
from batch.xlsx.trees import refused
from batch.xlsx.usualcells import style_of
from rules.reading.cells import is_blank

if TYPE_CHECKING:
    from batch.xlsx.workbook import Workbook

T = TypeVar("T")

_WIDTHS = {"text": 16.0, "number": 12.0, "date": 12.0}


@dataclass(frozen=True)
class _Look:
    """A column as it stands in some rows and as it shall: places that are kept, and why; places
    that are to be put.
    """

    old: ColumnCells
    new: Wanted
    kept: Mapping[int, str]
    put: Ints


class SheetEdits:
    """The edits of one sheet. Raises XmlError for a sheet that can't be read for certain."""

    def __init__(self, workbook: "Workbook", sheet: Worksheet) -> None:
        self.workbook = workbook
        self.sheet = sheet
        self.xml = workbook.xml(sheet)
        self.cells = StandingCells(workbook, sheet)
        self.patch = SheetPatch(self.cells)
        self.merged = self.xml.merged()
        self.arrays = self.xml.array_ranges()
        self.changes: list[Change] = []
        self.formulas: dict[Place, bytes] = {}
        """The formulas that were put, as they are written."""
        self.last_rows: dict[str, int] = {}
        """The last row of each table that got rows, by its part."""
        self._headings: dict[str, list[str]] = {}
        self._made: dict[Place, bytes] = {}
        self._standing_tables = workbook.tables(sheet)

    # What stands there then -------------------------------------------------------------

    @property
    def tables(self) -> list[ExcelTable]:
        """The tables as they will be."""
        return [self._as_it_will_be(table) for table in self._standing_tables]

    def table(self, part: str | None) -> ExcelTable | None:
        """The table of a region, None for a sheet without one."""
        return next((one for one in self.tables if one.part == part), None)

    def _as_it_will_be(self, table: ExcelTable) -> ExcelTable:
        added = self._headings.get(table.part, [])
        if not added and table.part not in self.last_rows:
            return table
        ref = replace(
            table.ref,
            last_column=table.ref.last_column + len(added),
            last_row=self.last_rows.get(table.part, table.ref.last_row),
        )
        return replace(table, ref=ref, columns=(*table.columns, *added))

    @property
    def last_row(self) -> int:
        """The last row that is in use, 0 for none."""
        puts = self.patch.puts
        lasts = [rows[-1:] for rows in (self.cells.layout.rows, *(one.rows for one in puts))]
        return int(np.concatenate(lasts).max(initial=0))

    @property
    def area(self) -> int:
        """How many cells the rectangle around all cells has, blank ones counted."""
        layout, puts = self.cells.layout, self.patch.puts
        rows = np.concatenate([layout.cell_rows, *(one.rows for one in puts)])
        columns = np.array([one.column for one in puts], np.int64)
        columns = np.concatenate([layout.cell_columns, columns])
        if not len(rows):
            return 0
        return int((rows.max() - rows.min() + 1) * (columns.max() - columns.min() + 1))

    def over(self, read: ReadColumns, first_row: int, last_row: int) -> ReadColumns:
        """What was *read* between two rows, with what was put since."""
        puts = [one for one in self.patch.puts if one.column in read.values]
        if not puts:
            return read
        rows = np.unique(np.concatenate([read.rows, *(one.rows for one in puts)]))
        rows = rows[(rows >= first_row) & (rows <= last_row)]
        stood = np.searchsorted(rows, read.rows)
        values: dict[int, npt.NDArray[np.object_]] = {}
        styles: dict[int, Ints] = {}
        for column, cells in read.values.items():
            values[column] = np.full(len(rows), None, np.object_)
            values[column][stood] = cells
            values[column][is_blank(values[column])] = None
            styles[column] = np.full(len(rows), NO_STYLE)
            styles[column][stood] = read.styles[column]
        for one in puts:
            inside = (one.rows >= first_row) & (one.rows <= last_row)
            at = np.searchsorted(rows, one.rows[inside])
            stored = np.empty(len(one.rows), np.object_)
            stored[:] = one.stored
            values[one.column][at], styles[one.column][at] = stored[inside], one.styles[inside]
        filled = np.logical_or.reduce([~is_blank(cells) for cells in values.values()])
        found: dict[int, ColumnArray] = {
            column: numbers_or_objects(cells[filled]) for column, cells in values.items()
        }
        known = {(int(row), one.column) for one in puts for row in one.rows}
        return ReadColumns(
            rows[filled],
            found,
            [place for place in read.uncalculated if place not in known],
            {column: cells[filled] for column, cells in styles.items()},
        )

    # Edits ------------------------------------------------------------------------------

    def effect(self, edits: Sequence[Edit], *, staged: bool) -> Effect:
        """What the edits do; *staged*: they are put, too.

        Raises ``CellsTaken`` or ``TableNotExtendable`` when new columns can't be put there,
        ``Damaged`` or ``StrangeXml`` when the sheet can't be read for certain.
        """
        work = _Work(self, staged=staged)
        with self.xml.refused():
            for region, ones in groupby(edits, attrgetter("region")):
                work.write(region, list(ones))
            for table in self.tables:
                work.grow(table, [one for one in edits if one.region.table == table.part])
        if staged:
            self.changes += work.changes
        changes = {self.sheet.name: work.changes} if work.changes else {}
        return Effect(changes, work.kept, work.added)

    def put_formula(self, column: int, rows: Ints, style: int, formula: bytes) -> None:
        """Have a formula written into cells of a column; Excel works them out."""
        written = [
            formula_cell(self.xml.prefix, row, column, style, formula) for row in rows.tolist()
        ]
        blank = [None] * len(rows)
        self.patch.put(column, rows, np.full(len(rows), style), blank, written)
        for row, cell in zip(rows.tolist(), written, strict=True):
            self.formulas[row, column] = formula
            self._made[row, column] = cell

    def widen(self, table: ExcelTable, heading: str) -> None:
        """Let a table have one more column."""
        self._headings.setdefault(table.part, []).append(heading)

    def style_at(self, row: int, column: int) -> int:
        """Style of a cell that stands there, or would."""
        if column < 1:
            return NO_STYLE
        rows = np.array([row], np.int64)
        index = int(self.cells.indexes(rows, column)[0])
        if index >= 0:
            return style_of(self.cells.cell(index))
        return self.cells.given_style(row, column)

    def renew(
        self, results: Mapping[Place, CellValue], headings: Mapping[Place, str]
    ) -> list[Change]:
        """Put these results of formulas; those that differ. Raises like ``effect``."""
        with self.xml.refused():
            fresh = fresh_results(self.cells, results, self._made)
        by_column = attrgetter("column")
        for number, ones in groupby(sorted(fresh, key=by_column), by_column):
            rows, styles, stored, written = zip(
                *((one.row, one.style, one.stored, one.written) for one in ones), strict=True
            )
            self.patch.put(
                number, np.array(rows, np.int64), np.array(styles, np.int64), stored, written
            )
        changes = [
            Change(one.row, one.column, headings[one.row, one.column], one.old, one.new)
            for one in fresh
        ]
        self.changes += changes
        return changes

    def link(self, links: Mapping[Place, tuple[str, str]]) -> list[Change]:
        """Put formulas of ours that lead somewhere, with what they show; those that differ.

        A cell whose link goes keeps a formula, which shows nothing: one without it would have to
        leave the workbook's order of calculation. A formula of hers stays. Raises like ``effect``.
        """
        results: dict[Place, CellValue] = {}
        with self.xml.refused():
            for (row, column), (link, shown) in links.items():
                at = np.array([row], np.int64)
                index = int(self.cells.indexes(at, column)[0])
                standing = None if index < 0 else formula_text(self.cells.cell(index))
                if (standing is None and not link) or not is_link(standing):
                    continue
                formula = link or NO_LINK
                if standing != formula:
                    style = self.style_at(row, column)
                    self.put_formula(column, at, style, xmlbytes.escaped(formula))
                results[row, column] = shown or None
        return self.renew(results, dict.fromkeys(results, ""))

    def mark(self, marked: Sequence[Marked]) -> list[Marked]:
        """Put the looks of columns that have none of them yet; those that were put. Raises like
        ``effect``.
        """
        with self.xml.refused():
            standing = list(conditions.standing(self.xml))
            new = [one for one in marked if not conditions.is_marked(standing, one)]
            styles = self.workbook.styles
            numbers = {
                mark: styles.difference(conditions.difference(styles.prefix, mark))
                for one in new
                for mark in one.marks
            }
            if new:
                self.patch.around.append(conditions.inserted(self.xml, new, numbers))
        return new

    def unmark(self, marked: Sequence[Marked]) -> bool:
        """Take away the looks that stand as they were put; whether there are any. Raises like
        ``effect``.
        """
        with self.xml.refused():
            gone = list(conditions.removed(self.xml, marked))
        self.patch.around += gone
        return bool(gone)

    # Parts ------------------------------------------------------------------------------

    def parts(self) -> dict[str, bytes]:
        """New bytes of the sheet's part and of its tables, where they differ."""
        with self.xml.refused():
            data = self.patch.data()
            parts = {} if data == self.xml.data else {self.xml.part: data}
        for part in {**self._headings, **self.last_rows}:
            table = self.workbook.package.read(part)
            added = self._headings.get(part, [])
            with refused(self.workbook.path, part):
                parts[part] = tables.grown(table, added, self.last_rows.get(part))
        return parts


class _Work:
    """The work of one call of ``SheetEdits.effect``."""

    def __init__(self, sheet: SheetEdits, *, staged: bool) -> None:
        self.sheet = sheet
        self.cells = sheet.cells
        self.workbook = sheet.workbook
        self.staged = staged
        self.changes: list[Change] = []
        self.kept: list[Kept] = []
        self.added: list[str] = []

    def write(self, region: Region, edits: Sequence[Edit]) -> None:
        """Write columns in the rows of a region, new ones at the right end."""
        order, rows = _sorted(region.rows)
        numbers = rows.tolist()
        new = [edit for edit in edits if edit.column is None]
        last_column = tables.last_column(self.sheet, region, rows, new) if new else 0
        for edit in edits:
            number = edit.column or last_column + 1 + len(self.added)
            if edit.column is None:
                self._add_heading(region, edit, number, last_column)
            look = self._look(edit, number, order, rows)
            self._keep(edit.heading, number, rows, look)
            self._put(edit, number, rows, numbers, look)

    def grow(self, table: ExcelTable, edits: Sequence[Edit]) -> None:
        """Lengthen the table where rows lie below it: what its other columns calculate they
        calculate there, too. Formulas of hers that show nothing there are kept.
        """
        regions = {id(edit.region): edit.region for edit in edits}.values()
        rows = [row for region in regions for row in region.rows]
        if max(rows, default=0) <= table.last_row:
            return
        last, like = max(rows), edits[0].region.like
        new = np.arange(max(min(rows), table.last_row + 1), last + 1)
        left, written = table.ref.first_column, {edit.column for edit in edits}
        data = self.workbook.package.read(table.part)
        with refused(self.workbook.path, table.part):
            formulas = tables.calculated(data)
        region = replace(edits[0].region, rows=new.tolist())
        for place, formula in formulas.items():
            number, heading = left + place, table.columns[place]
            if number in written:
                continue
            blank = Edit(region, heading, number, "text", [None] * len(new))
            self._keep(heading, number, new, self._look(blank, number, np.arange(len(new)), new))
            self.changes.extend(Change(row, number, heading, None, None) for row in region.rows)
            if self.staged:
                index = -1 if like is None else self.cells.indexes(np.array([like]), number)[0]
                style = NO_STYLE if index < 0 else style_of(self.cells.cell(int(index)))
                self.sheet.put_formula(number, new, style, formula)
        if self.staged:
            self.sheet.last_rows[table.part] = last

    def _add_heading(self, region: Region, edit: Edit, number: int, like: int) -> None:
        """Write an added column's heading, in the style of the one in the column *like*."""
        heading = storable(edit.heading)
        table = self.sheet.table(region.table)
        self.added.append(edit.heading)
        if self.staged:
            self.sheet.patch.widen_column(number, edit.width or _WIDTHS[edit.kind])
            if table is not None:
                self.sheet.widen(table, heading)
        if table is not None and table.header_row is None:
            return
        row = region.header_row if table is None else table.ref.first_row
        self.changes.append(Change(row, number, edit.heading, None, heading))
        if self.staged:
            style = self.sheet.style_at(row, like)
            self.sheet.patch.put(number, np.array([row]), np.array([style]), [heading])

    # Cells ------------------------------------------------------------------------------

    def _look(self, edit: Edit, number: int, order: Ints, rows: Ints) -> _Look:
        """What stands in a column, and where that differs."""
        if len(edit.values) != len(rows):
            message = f"{edit.heading}: {len(edit.values)} values for {len(rows)} rows"
            raise ValueError(message)
        values = [edit.values[place] for place in order.tolist()]
        new = wanted(edit.kind, values, date1904=self.workbook.date1904)
        old = self.cells.column(rows, number)
        kept = {**new.refused, **self._covered(number, rows)}
        for place, cell in old.odd.items():
            if cell.formula is not None:
                kept[place] = HOLDS_FORMULA
            elif place not in kept:
                old.values[place] = self.cells.value(cell)
        writable = np.ones(len(rows), np.bool_)
        writable[list(kept)] = False
        put = writable & _differing(old, new)
        if edit.kind == "date":
            put |= self._shown_as_numbers(old, new, writable)
        return _Look(old, new, kept, np.flatnonzero(put))

    def _covered(self, column: int, rows: Ints) -> dict[int, str]:
        """Places of the rows whose cell can't be written because of a range over it, and why."""
        covered: dict[int, str] = {}
        for ranges, reason in ((self.sheet.merged, IS_MERGED), (self.sheet.arrays, IN_ARRAY)):
            for one in ranges:
                if one.first_column <= column <= one.last_column:
                    first = int(np.searchsorted(rows, one.first_row))
                    stop = int(np.searchsorted(rows, one.last_row, side="right"))
                    for place in range(first, stop):
                        is_corner = (int(rows[place]), column) == (one.first_row, one.first_column)
                        if reason == IN_ARRAY or not is_corner:
                            covered[place] = reason
        return covered

    def _shown_as_numbers(self, old: ColumnCells, new: Wanted, writable: Bools) -> Bools:
        """Where a date shall stand in a cell whose format shows it as a number."""
        dates = writable & np.array([value is not None for value in new.stored], np.bool_)
        return dates & ~self._show_dates(old.styles)

    def _show_dates(self, styles: Ints) -> Bools:
        """Which styles show dates; a cell without one looks like the first."""
        formats = self.workbook.styles
        dates = [one for one in np.unique(styles).tolist() if formats.is_date(max(one, 0))]
        return np.isin(styles, dates)

    def _keep(self, heading: str, number: int, rows: Ints, look: _Look) -> None:
        """Take down the cells that are kept."""
        sheet = self.sheet.sheet.name
        self.kept += [
            Kept(sheet, int(rows[place]), number, heading, look.kept[place])
            for place in sorted(look.kept)
        ]

    def _put(
        self, edit: Edit, number: int, rows: Ints, numbers: Sequence[int], look: _Look
    ) -> None:
        """Take down the cells that differ, and put them; one that didn't stand there gets its
        row's style. *numbers*: those of the rows, which all columns share.
        """
        places = look.put
        rows, styles = rows[places], look.old.styles[places]
        missing = look.old.stands[places] < 0
        styles[missing] = self.cells.given_styles(rows[missing], number)
        if edit.region.like is not None:
            styles[missing] = self.sheet.style_at(edit.region.like, number)
        before, stored = _at(look.old.values, places), _at(look.new.stored, places)
        shown, numbers = _at(look.new.shown, places), _at(numbers, places)
        if edit.kind == "date":
            for place in np.flatnonzero(self._show_dates(styles)).tolist():
                before[place] = self._as_date(before[place])
        if self.staged:
            self.sheet.patch.put(number, rows, self._fitting(edit, styles, stored), stored)
        self.changes.extend(
            map(Change, numbers, repeat(number), repeat(edit.heading), before, shown)
        )

    def _fitting(self, edit: Edit, styles: Ints, stored: Sequence[StoredValue]) -> Ints:
        """Styles that show dates as dates and numbers as numbers."""
        if edit.kind == "text":
            return styles
        formats = self.workbook.styles
        holds = np.array([value is not None for value in stored], np.bool_)
        if edit.kind == "number":
            holds &= styles >= 0
        fitting = styles.copy()
        for style in np.unique(styles[holds]).tolist():
            one = (
                formats.as_date(max(style, 0)) if edit.kind == "date" else formats.as_number(style)
            )
            fitting[holds & (styles == style)] = one
        return fitting

    def _as_date(self, old: CellValue) -> CellValue:
        """A cell's former number as a date, if it can be one."""
        if type(old) is not float:
            return old
        moment = from_serial(old, date1904=self.workbook.date1904)
        return old if moment is None else plain_date(moment)


def _at(cells: Sequence[T], places: Ints) -> list[T]:
    """The cells at these places, which ascend."""
    if len(places) == len(cells):
        return list(cells)
    return [cells[place] for place in places.tolist()]


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
