"""Where the cells that a run filled are now, and which of them still hold what it wrote there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Final

from batch.base import ClientBase
from batch.book import Book
from batch.cells import CellValue, to_serial
from batch.edits import Edit, Kind
from batch.history.receipts import Receipt, Written
from rules.reading.cells import read_keys
from rules.reading.words import fold

_ERRORS: Final = frozenset(
    ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!")
)


@dataclass
class Restorable:
    """edits: what is to be brought back. kept, gone: how many cells hold something else now, or
    can't be brought back as they were; and how many are no longer there.
    """

    edits: list[Edit] = field(default_factory=list)
    kept: int = 0
    gone: int = 0


def find(run: Receipt, book: Book, base: ClientBase) -> Restorable:
    """Which cells of a run still hold what it wrote there, wherever they were moved to.

    Those of rows that were no client's then, for want of an ID of their own, are found nowhere.
    """
    rows = rows_of(base)
    numbers = {fold(heading): number for number, heading in base.headings.items()}
    found = Restorable()
    for heading, written in _by_heading(run).items():
        number = numbers.get(fold(heading))
        if number is None:
            found.gone += len(written)
            continue
        read = book.columns(book.sheet(base.region.sheet), [number])
        values = read.values[number].tolist()
        standing = dict(zip(read.rows.tolist(), values, strict=True))
        back: dict[Kind, dict[int, CellValue]] = {}
        for one in written:
            row = rows.get(one.client)
            if not one.client or row is None:
                found.gone += 1
            elif _is_odd(one.old) or not _is_there(one.new, standing.get(row), book):
                found.kept += 1
            else:
                back.setdefault(_kind(one), {})[row] = one.old
        found.edits += [
            Edit(replace(base.region, rows=list(old)), heading, number, kind, list(old.values()))
            for kind, old in back.items()
        ]
    return found


def _by_heading(run: Receipt) -> dict[str, list[Written]]:
    """The cells of each column, without the headings of those that the run added."""
    found: dict[str, list[Written]] = {}
    for columns in run.cells.values():
        for heading, written in columns.items():
            is_added = heading in run.added
            found[heading] = [
                one for one in written.values() if not (is_added and one.new == heading)
            ]
    return found


def _is_odd(value: CellValue) -> bool:
    """What can't be written into a column: a truth value, an error."""
    return isinstance(value, bool) or value in _ERRORS


def rows_of(base: ClientBase) -> dict[str, int]:
    """The row of each client, by her ID as it is compared; the first one counts."""
    keys = read_keys(base.clients.column("id")).tolist()
    return dict(zip(reversed(keys), reversed(base.clients.rows.tolist()), strict=True))


def _is_there(value: CellValue, found: CellValue, book: Book) -> bool:
    return _stored(value, book) == _stored(found, book)


def _stored(value: CellValue, book: Book) -> CellValue:
    """A value as a cell stores it: dates as serials, blank as None."""
    if isinstance(value, dt.date):
        return to_serial(value, date1904=book.date1904)
    return None if value != value else value  # noqa: PLR0124 — NaN is blank


def _kind(one: Written) -> Kind:
    """What the cell held before; a blank goes by what the run wrote."""
    value = one.new if one.old is None else one.old
    if isinstance(value, dt.date):
        return "date"
    return "number" if isinstance(value, (int, float)) else "text"
