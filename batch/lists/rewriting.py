"""Cells put into the parts of a closed workbook, one block after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from batch.book import NO_STYLE
from batch.cells import CellValue
from batch.edits import Block, Change, Edit, Kept, Region
from batch.lists.contactlog import NewRows
from batch.xlsx.cellwriter import formula_cell
from batch.xlsx.fill import fill
from batch.xlsx.patch import SheetPatch
from batch.xlsx.standing import StandingCells
from batch.xlsx.tablexml import calculated, lengthened
from batch.xlsx.usualcells import style_of
from batch.xlsx.workbook import Workbook


@dataclass
class Rewritten:
    """What was put: new bytes of parts, cells that differ by sheet, and cells that were kept.

    workbook: as it is with them. areas: how many cells the rectangle around all cells of a sheet
    has. lengthened: the last row of each table that got rows, by its part.
    """

    workbook: Workbook
    parts: dict[str, bytes] = field(default_factory=dict)
    changes: dict[str, list[Change]] = field(default_factory=dict)
    areas: dict[str, int] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)
    lengthened: dict[str, int] = field(default_factory=dict)

    @property
    def expected(self) -> dict[str, list[tuple[int, int, CellValue]]]:
        """Row, column and value of every cell that differs, by sheet."""
        return {
            sheet: [(one.row, one.column, one.new) for one in changes]
            for sheet, changes in self.changes.items()
        }

    def put(self, blocks: Sequence[Block]) -> None:
        """Put the cells of *blocks* that stand on one sheet. Raises like `fill`."""
        main, *others = blocks
        beside = [(one.region.rows, column) for one in others for column in one.columns]
        filling = fill(self.workbook, main.region, main.columns, beside)
        sheet = self.workbook.sheet(main.region.sheet).name
        self._put_parts(filling.parts)
        if filling.changes:
            self.changes.setdefault(sheet, []).extend(filling.changes)
        self.areas[sheet] = max(self.areas.get(sheet, 0), filling.area)
        self.kept += filling.kept

    def put_rows(self, rows: NewRows) -> None:
        """Put new rows, the table around them lengthened where that is needed."""
        self.put(rows.blocks())
        part = rows.place.part
        if rows.grows and part is not None:
            table = self.workbook.package.read(part)
            self._put_formulas(rows, calculated(table))
            self._put_parts({part: lengthened(table, rows.last)})
            self.lengthened[part] = rows.last

    def _put_formulas(self, rows: NewRows, formulas: Mapping[int, bytes]) -> None:
        """Put the formulas of calculated columns into the rows that the table gets; Excel works
        them out. Those of hers that show nothing there are kept.
        """
        place, left = rows.place, min(rows.place.headings)
        columns = sorted({left + at for at in formulas} - rows.columns)
        if not columns:
            return
        sheet = self.workbook.sheet(place.sheet.name)
        new = np.arange(max(rows.first, place.last_row + 1), rows.last + 1)
        blank = [None] * len(new)
        region = Region(sheet.name, place.header_row, new.tolist())
        blanks = [Edit(place.headings[one], one, "text", blank) for one in columns]
        self.put([Block(region, blanks)])
        cells = StandingCells(self.workbook, sheet)
        patch = SheetPatch(cells)
        for column in columns:
            style = NO_STYLE
            if rows.like is not None:
                (index,) = cells.indexes(np.array([rows.like]), column).tolist()
                style = style_of(cells.cell(index)) if index >= 0 else NO_STYLE
            formula = formulas[column - left]
            written = [
                formula_cell(cells.xml.prefix, row, column, style, formula) for row in new.tolist()
            ]
            patch.put_written(new, np.full(len(new), column), written)
            heading = place.headings[column]
            self.changes.setdefault(sheet.name, []).extend(
                Change(row, column, heading, None, None) for row in new.tolist()
            )
        self._put_parts({sheet.part: patch.data()})

    def _put_parts(self, parts: dict[str, bytes]) -> None:
        self.parts |= parts
        self.workbook = self.workbook.with_parts(parts)
