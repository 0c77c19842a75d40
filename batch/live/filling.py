"""Edits of an open workbook: cells as they stand, beside what they shall hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from batch.book import ExcelTable, Worksheet
from batch.cells import CellRange, address
from batch.edits import HOLDS_FORMULA, IS_MERGED, Change, Edit, Effect, Kept, Region, wanted
from batch.errors import CellsTaken
from words import marked

if TYPE_CHECKING:
    from batch.live.workbook import OpenBook


@dataclass(frozen=True)
class ColumnToFill:
    """A column of cells over some rows of a sheet.

    number: of the column in the sheet (A is 1); kind: what its cells hold; width: of an added one,
    in characters; old and new: its cells; formulas: which of them hold a formula, and so stay;
    added: it doesn't stand there yet; exact: none of its cells may miss what it shall hold, even
    where it is merged with others.
    """

    heading: str
    kind: str
    width: float | None
    number: int
    old: list[Any]
    new: list[Any]
    formulas: list[bool]
    added: bool
    exact: bool

    @property
    def changed(self) -> list[int]:
        """The places of the cells that differ."""
        triples = zip(self.old, self.new, self.formulas, strict=True)
        return [
            at for at, (old, new, kept) in enumerate(triples) if not kept and not same(old, new)
        ]


@dataclass(frozen=True)
class Filling:
    """What is to be written on a sheet: its rows, and the columns that differ.

    table: the Excel table around them, None where that keeps its size, and the range that it gets.
    like: the row whose formats cells without one take. is_bold: whether added headings are.
    """

    sheet: Worksheet
    header_row: int
    rows: Sequence[int]
    columns: list[ColumnToFill]
    table: ExcelTable | None = None
    resized: CellRange | None = None
    like: int | None = None
    is_bold: bool = False

    @property
    def differing(self) -> Filling:
        """Without the columns that hold already what they shall hold."""
        return replace(self, columns=[one for one in self.columns if one.added or one.changed])

    def effect(self) -> Effect:
        """What it does to the cells."""
        changes, kept, name = [], [], self.sheet.name
        for one in self.columns:
            if one.added:
                heading = one.heading
                changes.append(Change(self.header_row, one.number, heading, None, heading))
            changes += [
                Change(self.rows[at], one.number, one.heading, one.old[at], one.new[at])
                for at in one.changed
            ]
            kept += [
                Kept(name, row, one.number, one.heading, HOLDS_FORMULA)
                for row, is_kept in zip(self.rows, one.formulas, strict=True)
                if is_kept
            ]
        added = [one.heading for one in self.columns if one.added]
        return Effect({name: changes} if changes else {}, kept, added)


def fillings(workbook: OpenBook, edits: Sequence[Edit]) -> Iterator[Filling]:
    """The edits beside what stands there; a table that has to grow does so with the first of its
    rows. Raises CellsTaken where missing columns have no room.
    """
    grown: set[str] = set()
    for region, ones in groupby(edits, attrgetter("region")):
        filling = _filling(workbook, region, list(ones))
        table = _table(workbook, region)
        if table is not None and table.part not in grown:
            regions = {id(one.region): one.region for one in edits}.values()
            last = max(
                (row for one in regions if one.table == table.part for row in one.rows), default=0
            )
            if last > table.last_row:
                grown.add(table.part)
                filling = replace(filling, table=table, resized=replace(table.ref, last_row=last))
        yield filling


def _filling(workbook: OpenBook, region: Region, edits: Sequence[Edit]) -> Filling:
    """The columns of a region: those that stand there, then those to be added at the right end."""
    sheet, rows = workbook.sheet(region.sheet), region.rows
    standing = [one.column for one in edits if one.column]
    values: list[list[Any]] = []
    formulas: list[list[Any]] = []
    top = min(rows, default=0)
    if rows and standing:
        area = CellRange(top, min(standing), max(rows), max(standing))
        values, formulas = workbook.values(sheet, area), workbook.formulas_of(sheet, area)
    end = last = 0
    table = None
    if len(standing) < len(edits):
        table = _table(workbook, region)
        end = last = table.ref.last_column if table else workbook.width(sheet, region.header_row)
    columns = []
    for one in edits:
        old: list[Any] = [None] * len(rows)
        kept = [False] * len(rows)
        if one.column:
            at = one.column - min(standing)
            pairs = [(values[row - top][at], formulas[row - top][at]) for row in rows]
            old = [value for value, _ in pairs]
            kept = [is_formula(formula, value) for value, formula in pairs]
        else:
            end += 1
        columns.append(
            ColumnToFill(
                one.heading,
                one.kind,
                one.width,
                one.column or end,
                old,
                list(wanted(one.kind, one.values, date1904=workbook.date1904).shown),
                kept,
                added=one.column is None,
                exact=one.exact,
            )
        )
    filling = Filling(sheet, region.header_row, rows, columns, like=region.like, is_bold=last == 0)
    if end == last:
        return filling
    _check_room(
        workbook, filling, table.ref.last_row if table else max(rows, default=region.header_row)
    )
    if table is None:
        return filling
    return replace(filling, table=table, resized=replace(table.ref, last_column=end))


def _table(workbook: OpenBook, region: Region) -> ExcelTable | None:
    """The Excel table of the region; None where it stands on a plain sheet."""
    tables = workbook.tables(workbook.sheet(region.sheet)) if region.table else []
    return next((one for one in tables if one.part == region.table), None)


def _check_room(workbook: OpenBook, filling: Filling, last_row: int) -> None:
    """Raise CellsTaken unless the cells of the added columns are free."""
    added = [one for one in filling.columns if one.added]
    area = CellRange(filling.header_row, added[0].number, last_row, added[-1].number)
    taken = [
        address(area.first_row + row, area.first_column + column)
        for row, cells in enumerate(workbook.formulas_of(filling.sheet, area))
        for column, cell in enumerate(cells)
        if cell is not None and cell != ""
    ]
    if taken:
        headings = [column.heading for column in added]
        found = marked("there is something in these cells already")
        raise CellsTaken(filling.sheet.name, taken, found, headings)


def merged(workbook: OpenBook, filling: Filling) -> list[Kept]:
    """The first of the cells that may not be left as they are, where any of them is merged with
    others.
    """
    exact = [one for one in filling.columns if one.exact]
    if not exact or not filling.rows:
        return []
    rows, numbers = filling.rows, [one.number for one in exact]
    area = CellRange(min(rows), min(numbers), max(rows), max(numbers))
    with suppress(NotImplementedError):
        if workbook.block(filling.sheet, area).merge_cells is not False:
            one = exact[0]
            return [Kept(filling.sheet.name, min(rows), one.number, one.heading, IS_MERGED)]
    return []


def is_formula(formula: object, value: object) -> bool:
    """Whether a cell calculates; a text that begins with "=" is its own formula."""
    return isinstance(formula, str) and formula.startswith("=") and formula != value


def same(old: object, new: object) -> bool:
    """Whether a cell holds what it shall hold; 1, "1" and TRUE are three things."""
    if isinstance(old, dt.datetime) and isinstance(new, dt.date):
        return old == dt.datetime.combine(new, dt.time())
    return type(old) is type(new) and old == new
