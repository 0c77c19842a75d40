"""Fresh results of the figures on the first sheet and under the charts of a closed file.

Only a formula that reads as `batch.figures` words it gets a result; one that she changed is left
to Excel. So are all of them in a workbook whose clients stand in no Excel table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from batch.base import ClientBase
from batch.book import Sheet
from batch.cells import column_number
from batch.errors import WorkbookRefused
from batch.figures import Figures, Shown, day_number
from batch.functioncells import Refreshed
from batch.xlsx.fill import Filling
from batch.xlsx.formulas import FormulaFinder
from batch.xlsx.standing import StandingCells
from batch.xlsx.workbook import Workbook
from batch.xlsx.xmlbytes import XmlError
from rules.cells import CellError
from rules.columns import FILLED, FilledColumn
from rules.config.settings import Config
from rules.recalculation import Result

_FUNCTIONS = ("TODAY", "COUNTA", "COUNTIF", "COUNTIFS", "SUMIF", "IF", "IFERROR")
_DAYS_TO_1904 = 1462


def refresh_figures(
    workbook: Workbook, base: ClientBase, result: Result, filled: Filling
) -> Refreshed:
    """Work out the figures of *workbook*, in which *result* is *filled* in already.

    The changes are headed by the formula. A workbook without the two sheets costs nothing. Raises
    a kind of WorkbookRefused where a part is damaged.
    """
    return _refreshed(workbook, base, result.config, lambda: _shown(workbook, base, result, filled))


def standing_figures(
    workbook: Workbook, base: ClientBase, config: Config, today: dt.date
) -> Refreshed:
    """Work out the figures of *workbook* from its columns as they stand, as `refresh_figures`."""
    return _refreshed(workbook, base, config, lambda: _shown_there(workbook, base, today))


def _refreshed(
    workbook: Workbook, base: ClientBase, config: Config, look: Callable[[], Shown]
) -> Refreshed:
    sheets = _sheets(workbook, config)
    table = _table_name(workbook, base)
    if not sheets or table is None:
        return Refreshed()
    figures = Figures(config, table, _headings(base))
    known = {figure.formula: figure for figure in figures}
    shown = look()
    finder = FormulaFinder(_FUNCTIONS)
    refreshed = Refreshed()
    for sheet in sheets:
        try:
            cells = StandingCells(workbook, sheet)
            formulas = finder.formulas(cells)
        except (WorkbookRefused, XmlError):
            continue
        found = {one.place: known[one.formula] for one in formulas if one.formula in known}
        results = {place: figure.value(shown) for place, figure in found.items()}
        headings = {place: figure.formula for place, figure in found.items()}
        refreshed.renew(sheet.name, cells, results, headings)
    return refreshed


def _sheets(workbook: Workbook, config: Config) -> list[Sheet]:
    names = {name.casefold() for name in (config.sheets.start, config.sheets.charts)}
    return [sheet for sheet in workbook.sheets if sheet.name.strip().casefold() in names]


def _table_name(workbook: Workbook, base: ClientBase) -> str | None:
    """What formulas call the table of the clients."""
    tables = workbook.tables(base.region.sheet)
    return next((table.name for table in tables if table.part == base.region.table), None)


def _headings(base: ClientBase) -> dict[str, str]:
    """The headings of the workbook, by the key of the column."""
    columns = dict(base.filled)
    if "id" in base.clients.letters:
        columns["id"] = column_number(base.clients.letters["id"])
    return {key: base.headings[column] for key, column in columns.items()}


# What the cells hold ------------------------------------------------------------------------


def _shown(workbook: Workbook, base: ClientBase, result: Result, filled: Filling) -> Shown:
    """The results, and where cells of hers were kept what stands in their column."""
    kept = {one.heading for one in filled.kept}
    numbers = {heading: column for heading, column in filled.columns.items() if heading in kept}
    headings = _headings(base)
    cells = {}
    for column in FILLED:
        number = numbers.get(headings.get(column.key, ""))
        if number is None:
            cells[column.key] = _decided(result.filled[column.key], column)
        else:
            cells[column.key] = _there(workbook, base, number, column)
    return Shown(result.today, _clients(base), cells)


def _shown_there(workbook: Workbook, base: ClientBase, today: dt.date) -> Shown:
    """What stands in the columns; one that isn't there is blank."""
    cells = {
        column.key: _there(workbook, base, base.filled.get(column.key), column) for column in FILLED
    }
    return Shown(today, _clients(base), cells)


def _clients(base: ClientBase) -> int:
    """How many cells with IDs there are."""
    ids = base.clients.column("id").tolist()
    return sum(cell is not None and cell == cell for cell in ids)  # noqa: PLR0124 — NaN is blank


def _there(
    workbook: Workbook, base: ClientBase, number: int | None, column: FilledColumn
) -> NDArray[np.object_] | NDArray[np.float64]:
    """The cells of the column of that number as formulas see them."""
    by_row: dict[int, object] = {}
    if number is not None:
        read = workbook.columns(base.region.sheet, [number])
        by_row = dict(zip(read.rows.tolist(), read.values[number].tolist(), strict=True))
    standing = [by_row.get(row) for row in base.clients.rows.tolist()]
    return _standing(standing, column, date1904=workbook.date1904)


def _decided(
    cells: NDArray[Any], column: FilledColumn
) -> NDArray[np.object_] | NDArray[np.float64]:
    """A column of the result as formulas see it."""
    if column.kind == "text":
        return np.array([text.lower() for text in cells.tolist()], object)
    if column.kind == "number":
        return cells.astype(np.float64)
    dates = cells.astype("datetime64[D]").tolist()
    return np.array([np.nan if date is None else day_number(date) for date in dates], np.float64)


def _standing(
    values: Sequence[object], column: FilledColumn, *, date1904: bool
) -> NDArray[np.object_] | NDArray[np.float64]:
    """The cells of a column as formulas see them: a text in place of a number is none."""
    if column.kind == "text":
        return _lower(values)
    numbers = [cell if isinstance(cell, float) else np.nan for cell in values]
    later = _DAYS_TO_1904 if date1904 and column.kind == "date" else 0
    return np.array(numbers, np.float64) + later


def _lower(cells: Sequence[object]) -> NDArray[np.object_]:
    is_text = [isinstance(cell, str) and not isinstance(cell, CellError) for cell in cells]
    texts = [str(cell).lower() if text else "" for cell, text in zip(cells, is_text, strict=True)]
    return np.array(texts, object)
