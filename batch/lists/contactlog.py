"""Rows put below the last one of a log: where they go, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from batch.base import Place
from batch.book import Book
from batch.cells import LAST_ROW, CellRange
from batch.edits import Edit, Kind, Region
from rules.model.entries import NewContact, NewPurchase
from rules.model.raw import RawTable
from rules.reading.cells import is_blank, read_key

_MOST_BELOW = 1000
"""Rows below a plain range that are looked at, in case they should belong to it."""
_ALWAYS = {"date", "client_id", "kind", "note", "result"}
"""The columns that are written even where none of the new rows has anything there; where there is
none for IDs, one for names stands in its place.
"""
_KINDS: Mapping[str, Kind] = {"date": "date", "next_date": "date", "amount": "number"}
"""What the cells of a new row hold by column, where that isn't text."""


@dataclass(frozen=True)
class NewRows:
    """Rows of a log from the row *first* on: *columns* has their cells by column.

    like: the row whose formats they take, None where there is none; ids and names: the cells with
    these, as they stand on Clients.
    """

    place: Place
    first: int
    columns: Mapping[str, Sequence[Any]]
    ids: Sequence[Any]
    names: Sequence[str | None]
    like: int | None

    def __len__(self) -> int:
        return len(self.columns["date"])

    @property
    def last(self) -> int:
        """The last of the rows."""
        return self.first + len(self) - 1

    def edits(self) -> list[Edit]:
        """The cells to be written; an ID is the number or the text that it is on Clients."""
        rows = self._region(range(self.first, self.last + 1))
        edits = [
            self._edit(rows, key, _KINDS.get(key, "text"), cells)
            for key, cells in self.columns.items()
        ]
        if "client_id" not in self.place.columns:
            return [*edits, self._edit(rows, "name", "text", self.names)]
        kinds: tuple[Kind, Kind] = ("text", "number")
        for kind in kinds:
            is_number = [isinstance(one, float) == (kind == "number") for one in self.ids]
            own = [row for row, fits in zip(rows.rows, is_number, strict=True) if fits]
            cells = [one for one, fits in zip(self.ids, is_number, strict=True) if fits]
            if cells:
                edits.append(self._edit(self._region(own), "client_id", kind, cells))
        return edits

    def names_beside(self) -> list[Edit]:
        """The names beside the IDs; a formula that stands there already stays."""
        if not {"client_id", "name"} <= self.place.columns.keys():
            return []
        rows = self._region(range(self.first, self.last + 1))
        return [replace(self._edit(rows, "name", "text", list(self.names)), exact=False)]

    def _region(self, rows: Sequence[int]) -> Region:
        place = self.place
        return Region(place.sheet.name, place.header_row, rows, place.part, self.like)

    def _edit(self, region: Region, key: str, kind: Kind, cells: Sequence[Any]) -> Edit:
        number = self.place.columns[key]
        return Edit(region, self.place.headings[number], number, kind, cells, exact=True)

    def added_to(self, table: RawTable) -> RawTable:
        """The table as it is with these rows."""
        rows = np.arange(self.first, self.last + 1, dtype=np.int64)
        new = {**self.columns, "client_id": self.ids, "name": self.names}
        none = [None] * len(self)
        return replace(
            table,
            rows=np.concatenate([table.rows, rows]),
            cells={key: _longer(cells, new.get(key, none)) for key, cells in table.cells.items()},
            details={
                key: _longer(cells, new.get(key, none)) for key, cells in table.details.items()
            },
            shown_as_dates={
                key: np.append(shown, np.ones(len(rows), np.bool_))
                for key, shown in table.shown_as_dates.items()
            },
        )


def _longer(cells: NDArray[Any], more: Sequence[Any]) -> NDArray[np.object_]:
    """A column with more cells at its end."""
    longer = np.empty(len(cells) + len(more), dtype=object)
    longer[: len(cells)] = cells
    longer[: len(cells)][is_blank(cells)] = None
    longer[len(cells) :] = more
    return longer


def new_rows(
    workbook: Book,
    place: Place,
    entries: Sequence[NewContact] | Sequence[NewPurchase],
    clients: RawTable,
) -> NewRows | None:
    """Room for the *entries* below the last row of the log at *place*; None where there is none.

    Rows of the table in which nothing stands are used first. Then it grows, where the rows below it
    are free, and neither a totals row nor a query keeps it from that.
    """
    columns = {
        key: [getattr(one, key) or None for one in entries]
        for key in type(entries[0])._fields
        if key in place.columns and key != "client_id"
    }
    columns = {key: cells for key, cells in columns.items() if key in _ALWAYS or any(cells)}
    key = "client_id" if "client_id" in place.columns else "name"
    written = {place.columns[one] for one in (*columns, key)}
    found = room_below(workbook, place, len(entries), written)
    if found is None:
        return None
    ids, names = _ids(entries, clients), _names(entries, clients)
    return NewRows(place, found.first, columns, ids, names, found.like)


class RoomBelow(NamedTuple):
    """Free rows below a table: the first of them, and the row whose formats they take, if any."""

    first: int
    like: int | None


def room_below(
    workbook: Book, place: Place, count: int, written: Iterable[int]
) -> RoomBelow | None:
    """Room for so many rows below the last one of a table, in which these columns are *written*;
    None where there is none.
    """
    known = dict(place.columns)
    if "client_id" in known:
        known.pop("name", None)  # formulas that look it up may stand ready below
    last_used = _last_used(workbook, place, sorted(known.values()))
    first = max(last_used + 1, place.first_row)
    last = first + count - 1
    grows = place.part is not None and last > place.last_row
    if last > LAST_ROW or (grows and not _can_grow(workbook, place, last)):
        return None
    below = workbook.columns(place.sheet, sorted(written), first, last)
    if len(below.rows) or below.uncalculated:
        return None
    return RoomBelow(first, last_used if last_used >= place.first_row else None)


def _last_used(workbook: Book, place: Place, known: Sequence[int]) -> int:
    """The last row in which a column that the rules know holds anything; below a plain range also
    those right below its last ID.
    """
    last = place.last_row if place.part else min(place.last_row + _MOST_BELOW, LAST_ROW)
    used = workbook.columns(place.sheet, known, place.first_row, last).rows.tolist()
    if place.part:
        return used[-1] if used else place.header_row
    below = {row for row in used if row > place.last_row}
    row = place.last_row
    while row + 1 in below:
        row += 1
    return row


def _can_grow(workbook: Book, place: Place, last_row: int) -> bool:
    for table in workbook.tables(place.sheet):
        if table.part == place.part:
            if table.totals_rows or table.kind != "worksheet":
                return False
            continue
        ref = CellRange(place.last_row + 1, min(place.headings), last_row, max(place.headings))
        if table.ref.overlaps(ref):
            return False
    first, last = min(place.headings), max(place.headings)
    every = list(range(first, last + 1))
    below = workbook.columns(place.sheet, every, place.last_row + 1, last_row)
    return not len(below.rows) and not below.uncalculated


def _ids(entries: Sequence[NewContact] | Sequence[NewPurchase], clients: RawTable) -> list[Any]:
    """The cells with the IDs as they stand on Clients; a name where that is the key."""
    cells = clients.column("id").tolist()
    typed: Mapping[str, Any] = {read_key(cell): cell for cell in reversed(cells)}
    return [typed.get(read_key(one.client_id), one.client_id) for one in entries]


def _names(
    entries: Sequence[NewContact] | Sequence[NewPurchase], clients: RawTable
) -> list[str | None]:
    """The cells with the names."""
    ids, names = clients.column("id").tolist(), clients.texts("name").tolist()
    known = {read_key(key): name for key, name in zip(reversed(ids), reversed(names), strict=True)}
    return [known.get(read_key(one.client_id)) or None for one in entries]
