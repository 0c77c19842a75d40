"""Where the cells that a run filled are now, and which of them still hold what it wrote there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from batch.base import ClientBase, Place
from batch.book import Book
from batch.cells import CellValue, parse_address, to_serial
from batch.edits import Edit, Kind, Region
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
    """Which cells of a run still hold what it wrote there.

    On Clients they are looked for by the client's ID, wherever her row was moved to; those of rows
    that were no client's then, for want of an ID of their own, are found nowhere. On other tables
    they are looked for where they were.
    """
    found, clients = Restorable(), rows_of(base)
    on_clients, *others = base.places
    for sheet, columns in run.cells.items():
        key = next((key for key in others if base.places[key].sheet.name == sheet), on_clients)
        place, region = base.places[key], base.rows_of(key)
        for heading, cells in columns.items():
            is_added = heading in run.added
            written = [
                (clients.get(one.client) if key == on_clients else parse_address(at)[0], one)
                for at, one in cells.items()
                if not (is_added and one.new == heading)
            ]
            _compare(found, book, place, region, heading, written)
    return found


def _compare(
    found: Restorable,
    book: Book,
    place: Place,
    region: Region,
    heading: str,
    written: Iterable[tuple[int | None, Written]],
) -> None:
    """Add to *found* what was *written* in some rows below a heading of a table."""
    numbers = {fold(text): number for number, text in place.headings.items()}
    number, rows = numbers.get(fold(heading)), set(region.rows)
    standing: dict[int, CellValue] = {}
    if number is not None:
        read = book.columns(place.sheet, [number])
        standing = dict(zip(read.rows.tolist(), read.values[number].tolist(), strict=True))
    back: dict[Kind, dict[int, CellValue]] = {}
    for row, one in written:
        if number is None or row not in rows:
            found.gone += 1
        elif _is_odd(one.old) or _stored(one.new, book) != _stored(standing.get(row), book):
            found.kept += 1
        else:
            back.setdefault(_kind(one), {})[row] = one.old
    found.edits += [
        Edit(replace(region, rows=list(old)), heading, number, kind, list(old.values()))
        for kind, old in back.items()
    ]


def _is_odd(value: CellValue) -> bool:
    """What can't be written into a column: a truth value, an error."""
    return isinstance(value, bool) or value in _ERRORS


def rows_of(base: ClientBase) -> dict[str, int]:
    """The row of each client, by her ID as it is compared; the first one counts."""
    by_name = base.clients.is_keyed_by_name
    keys = read_keys(base.clients.column("id"), are_names=by_name).tolist()
    rows = dict(zip(reversed(keys), reversed(base.clients.rows.tolist()), strict=True))
    return {key: row for key, row in rows.items() if key}


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
