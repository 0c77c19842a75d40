"""Fresh results of the figures on the first sheet and under the charts of a closed file.

Only a formula that reads as `batch.formulas.figures` words it gets a result; one that she changed
is left to Excel. So are all of them in a workbook whose clients stand in no Excel table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from batch.base import ClientBase
from batch.book import Book, Sheet
from batch.cells import column_number
from batch.edits import Kept
from batch.formulas.figures import Figures, ShownTable, day_number
from batch.formulas.functions import Renewed
from rules.config.settings import Config
from rules.model.declarations import Column
from rules.model.result import Result
from rules.reading.cells import CellError

_FUNCTIONS = ("TODAY", "COUNTA", "COUNTIF", "COUNTIFS", "SUMIF", "IF", "IFERROR")
_DAYS_TO_1904 = 1462


def renew_figures(book: Book, base: ClientBase, result: Result, kept: Iterable[Kept]) -> Renewed:
    """Renew the figures of *book*, in which *result* is staged, but for *kept* cells of the
    filled columns.

    The changes are headed by the formula. A workbook without the two sheets costs nothing. Raises
    a kind of WorkbookRefused where a part is damaged.
    """
    hers = {one.heading: one.column for one in kept if one.sheet == base.region.sheet}
    return _renewed(book, base, result.config, lambda: _shown(book, base, result, hers))


def renew_standing_figures(book: Book, base: ClientBase, config: Config, today: dt.date) -> Renewed:
    """Renew the figures of *book* from its columns as they stand, as `renew_figures`."""
    return _renewed(book, base, config, lambda: _shown_there(book, base, config, today))


def _renewed(
    book: Book, base: ClientBase, config: Config, look: Callable[[], ShownTable]
) -> Renewed:
    found = {sheet: book.formulas(sheet, _FUNCTIONS) for sheet in _sheets(book, config)}
    table = _table_name(book, base)
    if table is None or not any(one.cells for one in found.values()):
        return Renewed()
    known = {figure.formula: figure for figure in Figures(config, table, _headings(base))}
    shown = look()
    changes = {}
    for sheet, formulas in found.items():
        figures = {one.place: known[one.formula] for one in formulas.cells if one.formula in known}
        results = {place: figure.value(shown) for place, figure in figures.items()}
        headings = {place: figure.formula for place, figure in figures.items()}
        changed = book.renew(sheet, results, headings)
        if changed:
            changes[sheet.name] = changed
    return Renewed(changes)


def _sheets(book: Book, config: Config) -> list[Sheet]:
    names = {name.casefold() for name in (config.sheet("start"), config.sheet("charts"))}
    return [sheet for sheet in book.sheets if sheet.name.strip().casefold() in names]


def _table_name(book: Book, base: ClientBase) -> str | None:
    """What formulas call the table of the clients."""
    tables = book.tables(book.sheet(base.region.sheet))
    return next((table.name for table in tables if table.part == base.region.table), None)


def _headings(base: ClientBase) -> dict[str, str]:
    """The headings of the workbook, by the key of the column."""
    columns = dict(base.filled)
    if "id" in base.clients.letters:
        columns["id"] = column_number(base.clients.letters["id"])
    return {key: base.headings[column] for key, column in columns.items()}


# What the cells hold ------------------------------------------------------------------------


def _shown(book: Book, base: ClientBase, result: Result, hers: Mapping[str, int]) -> ShownTable:
    """The results, and in columns with cells of hers, by heading, what stands there."""
    headings = _headings(base)
    cells = {}
    for column in result.declared:
        number = hers.get(headings.get(column.key, ""))
        if number is None:
            cells[column.key] = _decided(result.filled[column.key], column)
        else:
            cells[column.key] = _there(book, base, number, column)
    return ShownTable(result.today, _clients(base), cells)


def _shown_there(book: Book, base: ClientBase, config: Config, today: dt.date) -> ShownTable:
    """What stands in the columns; one that isn't there is blank."""
    cells = {
        column.key: _there(book, base, base.filled.get(column.key), column)
        for column in config.rooms.columns.values()
    }
    return ShownTable(today, _clients(base), cells)


def _clients(base: ClientBase) -> int:
    """How many cells with IDs there are."""
    ids = base.clients.column("id").tolist()
    return sum(cell is not None and cell == cell for cell in ids)  # noqa: PLR0124 — NaN is blank


def _there(
    book: Book, base: ClientBase, number: int | None, column: Column
) -> NDArray[np.object_] | NDArray[np.float64]:
    """The cells of the column of that number as formulas see them."""
    by_row: dict[int, object] = {}
    if number is not None:
        read = book.columns(book.sheet(base.region.sheet), [number])
        by_row = dict(zip(read.rows.tolist(), read.values[number].tolist(), strict=True))
    standing = [by_row.get(row) for row in base.clients.rows.tolist()]
    return _standing(standing, column, date1904=book.date1904)


def _decided(cells: NDArray[Any], column: Column) -> NDArray[np.object_] | NDArray[np.float64]:
    """A column of the result as formulas see it."""
    if column.kind == "text":
        return np.array([text.lower() for text in cells.tolist()], object)
    if column.kind == "number":
        return cells.astype(np.float64)
    dates = cells.astype("datetime64[D]").tolist()
    return np.array([np.nan if date is None else day_number(date) for date in dates], np.float64)


def _standing(
    values: Sequence[object], column: Column, *, date1904: bool
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
