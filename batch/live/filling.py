"""Cells of an open workbook as they stand, beside what they shall hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from batch.book import Sheet, Table
from batch.cells import CellRange
from batch.edits import Block, wanted
from batch.live.workbook import OpenWorkbook, is_formula


@dataclass(frozen=True)
class Column:
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

    sheet: Sheet
    header_row: int
    rows: Sequence[int]
    columns: list[Column]
    table: Table | None = None
    resized: CellRange | None = None
    like: int | None = None
    is_bold: bool = False

    @property
    def differing(self) -> Filling:
        """Without the columns that hold already what they shall hold."""
        return replace(self, columns=[one for one in self.columns if one.added or one.changed])


def filling_of(
    workbook: OpenWorkbook, block: Block, end: int = 0, exact: Collection[int] = ()
) -> Filling:
    """A block's columns as they stand and as they shall; new ones right of the column *end*."""
    region = block.region
    sheet, rows = workbook.sheet(region.sheet), region.rows
    standing = [one.column for one in block.columns if one.column]
    values: list[list[Any]] = []
    formulas: list[list[Any]] = []
    top = min(rows, default=0)
    if rows and standing:
        area = CellRange(top, min(standing), max(rows), max(standing))
        values, formulas = workbook.values(sheet, area), workbook.formulas(sheet, area)
    columns = []
    for one in block.columns:
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
            Column(
                one.heading,
                one.kind,
                one.width,
                one.column or end,
                old,
                list(wanted(one.kind, one.values, date1904=workbook.date1904).shown),
                kept,
                added=one.column is None,
                exact=one.column in exact,
            )
        )
    return Filling(sheet, region.header_row, rows, columns, like=region.like)


def same(old: object, new: object) -> bool:
    """Whether a cell holds what it shall hold; 1, "1" and TRUE are three things."""
    if isinstance(old, dt.datetime) and isinstance(new, dt.date):
        return old == dt.datetime.combine(new, dt.time())
    return type(old) is type(new) and old == new
