"""What has to be written into the open workbook: all of it is worked out before the first write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from batch.live.workbook import Opened
from batch.xlsx.errors import CellsTaken
from batch.xlsx.refs import CellRange, address
from batch.xlsx.workbook import Sheet, Table
from batch.xlsx.xmlbytes import storable
from rules.columns import FILLED
from rules.columns import FilledColumn as Described
from rules.recalculation import Cell


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
            at for at, (old, new, kept) in enumerate(triples) if not kept and not same(old, new)
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
        sum(len(column.changed) + column.added for column in columns),
        sum(sum(column.formulas) for column in columns),
    )


def _columns(opened: Opened, sheet: Sheet) -> Iterator[Column]:
    """The filled columns: those that stand there, then those to be added at the right end."""
    base, config = opened.base, opened.rules.config
    standing = base.filled
    rows = base.region.rows
    block = CellRange(
        min(rows), min(standing.values(), default=1), max(rows), max(standing.values(), default=1)
    )
    values = opened.workbook.values(sheet, block)
    formulas = opened.workbook.formulas(sheet, block)
    next_free = _right_end(opened, sheet) + 1
    for described in FILLED:
        new = [_kept(cell) for cell in opened.result.cells(described.key)]
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
            [_is_formula(formulas[place][at], values[place][at]) for place in places],
            added=False,
        )


def _kept(cell: Cell) -> Cell:
    """What Excel keeps of a cell: of a text only what files can hold."""
    return storable(cell) or None if isinstance(cell, str) else cell


def _is_formula(formula: object, value: object) -> bool:
    """Whether a cell calculates; a text that begins with "=" is its own formula."""
    return isinstance(formula, str) and formula.startswith("=") and formula != value


def same(old: object, new: object) -> bool:
    """Whether a cell holds what it shall hold; 1, "1" and TRUE are three things."""
    if isinstance(old, dt.datetime) and isinstance(new, dt.date):
        return old == dt.datetime.combine(new, dt.time())
    return type(old) is type(new) and old == new


def table_of(opened: Opened, sheet: Sheet) -> Table | None:
    """The Excel table of the clients; None where they stand on a plain sheet."""
    name = opened.base.region.table
    return next((one for one in opened.workbook.tables(sheet) if one.part == name), None)


def _right_end(opened: Opened, sheet: Sheet) -> int:
    """The last column of the table, or of the headings."""
    table = table_of(opened, sheet)
    return table.ref.last_column if table else max(opened.base.headings)


def _check_room(opened: Opened, sheet: Sheet, added: Sequence[Column]) -> None:
    if not added:
        return
    region, table = opened.base.region, table_of(opened, sheet)
    last_row = table.ref.last_row if table else max(region.rows)
    area = CellRange(region.header_row, added[0].number, last_row, added[-1].number)
    taken = [
        address(area.first_row + row, area.first_column + column)
        for row, cells in enumerate(opened.workbook.formulas(sheet, area))
        for column, cell in enumerate(cells)
        if cell is not None and cell != ""
    ]
    if taken:
        headings = [column.heading for column in added]
        found = "there is something in these cells already"
        raise CellsTaken(sheet.name, taken, found, headings)
