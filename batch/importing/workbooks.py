"""Workbooks of Excel's own format, with what their looks say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path

from batch.cells import CellRange
from batch.importing.formulas import calculated
from batch.importing.sheets import Cell, SourceSheet
from batch.xlsx.looks import looked_sheets
from rules.config.settings import Limits


def sheets(path: Path, limits: Limits) -> Iterator[SourceSheet]:
    """The sheets of a workbook. Raises a kind of WorkbookRefused."""
    for one in looked_sheets(path, limits):
        sheet = SourceSheet(
            path,
            one.name,
            [[_plain(cell) for cell in row] for row in one.rows],
            one.numbers,
            merged=one.merged,
            notes=one.notes,
            colours=one.colours,
            no_years=one.no_years,
            is_hidden=one.is_hidden,
        )
        yield calculated(sheet, one.formulas) if one.formulas else sheet


def _plain(cell: object) -> Cell:
    return cell if isinstance(cell, (str, float, bool, dt.date)) or cell is None else str(cell)


def ranges(found: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> list[CellRange]:
    """Merged cells as python-calamine tells them, from row and column 0 on."""
    return [
        CellRange(first[0] + 1, first[1] + 1, last[0] + 1, last[1] + 1) for first, last in found
    ]
