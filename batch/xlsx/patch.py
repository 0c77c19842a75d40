"""Cells put into a worksheet part by edits of its bytes.

Unchanged means: every byte outside the cells that are put stays, except that a row's ``spans``
and the sheet's ``dimension`` grow where a new cell lies outside of them, that a row or
``sheetData`` written as ``<row/>`` gets an end tag when it gets its first cell, and that
``cols`` gets widths for new columns, and what `batch.xlsx.conditions` says.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt

from batch.book import Bools, Ints
from batch.cells import CellRange, StoredValue
from batch.xlsx.cellxml import blank_cell, cell_ends, decimals, whole_cells
from batch.xlsx.sheetxml import StandingCells, cell_keys
from batch.xlsx.xmlbytes import Splice, attribute_places, edited

_SPANS: Final = re.compile(rb' spans="([0-9]{1,9}):([0-9]{1,9})"')

_AT_ONCE: Final = 10_000
"""Of how many cells side by side the bytes are made at once."""
_NUMBER: Final = re.compile(rb"[0-9]{1,9}")


@dataclass(frozen=True)
class PutColumn:
    """Cells of a column that are put: n rows, styles, values as they are stored, cells as they are
    written: whole, or what follows the row's number.
    """

    column: int
    rows: Ints
    styles: Ints
    stored: Sequence[StoredValue]
    written: Sequence[bytes]


@dataclass(frozen=True)
class _Put:
    """All cells that are put, in order: nothing is written where a cell becomes nothing."""

    rows: Ints
    columns: Ints
    written: npt.NDArray[np.object_]

    def of(self, chosen: Bools | slice) -> "_Put":
        """Those that are chosen."""
        return _Put(self.rows[chosen], self.columns[chosen], self.written[chosen])


class SheetPatch:
    """Collects the cells to be put among those that stand in a part, a column at a time."""

    def __init__(self, cells: StandingCells) -> None:
        self.cells = cells
        self.xml = cells.xml
        self.layout = cells.layout
        self.puts: list[PutColumn] = []
        self._widths: dict[int, float] = {}
        self.around: list[Splice] = []
        """Edits outside of the cells."""

    def put(
        self,
        column: int,
        rows: Ints,
        styles: Ints,
        stored: Sequence[StoredValue],
        written: Sequence[bytes] | None = None,
    ) -> None:
        """Have cells of a column written, in the place of those that stand there.

        ``NO_STYLE`` writes no style, the value None makes a cell blank. ``written``: the cells as
        they are written, None for cells without a formula.
        """
        if written is None:
            written = cell_ends(self.xml.prefix, styles.tolist(), stored)
        if written:
            self.puts.append(PutColumn(column, rows, styles, stored, written))

    def widen_column(self, column: int, width: float) -> None:
        """Give a column a width (in characters), unless the sheet says something about it."""
        if not any(one.first <= column <= one.last for one in self.cells.spans):
            self._widths[column] = width

    def data(self) -> bytes:
        """The part with all cells put, which are forgotten then: so many take up much memory."""
        edits: list[tuple[int, int, bytes]] = [*self._width_edits(), *self.around]
        if self.puts:
            put = self._sorted()
            self.puts.clear()
            lasting = put.of(put.written != b"")
            edits += self._spans_edits(lasting)
            edits += self._cell_edits(put)
            edits += self._dimension_edit(lasting)
            del put, lasting
        return edited(self.xml.data, edits)

    def _sorted(self) -> _Put:
        """The cells by rows and columns; of a cell put twice, the last."""
        rows = np.concatenate([one.rows for one in self.puts])
        columns = np.concatenate([np.full(len(one.rows), one.column) for one in self.puts])
        written = np.empty(len(rows), np.object_)
        written[:] = list(chain.from_iterable(one.written for one in self.puts))
        keys = cell_keys(rows, columns)
        order = np.argsort(keys, kind="stable")
        order = order[np.append(np.diff(keys[order]) > 0, True)]
        return _Put(rows[order], columns[order], written[order])

    # Cells ------------------------------------------------------------------------------

    def _cell_edits(self, put: _Put) -> list[Splice]:
        """Replacements, and insertions before the next or behind the last cell of the row."""
        keys = cell_keys(put.rows, put.columns)
        places = np.searchsorted(self.cells.keys, keys)
        if not len(self.cells.keys):
            return self._bare_row_edits(put)
        is_inside = places < len(self.cells.keys)
        stands = is_inside & (_taken(self.cells.keys, places) == keys)
        is_next = is_inside & (_taken(self.layout.cell_rows, places) == put.rows)
        before = _taken(self.layout.cell_rows, places - 1)
        is_last = ~is_next & (places > 0) & (before == put.rows)
        starts, stops = self.layout.cell_starts, self.layout.cell_stops
        at = np.where(is_next, _taken(starts, places), _taken(stops, places - 1))
        to = np.where(stands, _taken(stops, places), at)
        self._keep_implied(put, places, stands)
        beside = is_next | is_last
        edits = self._joined(at[beside], to[beside], put.of(beside))
        return [*edits, *self._bare_row_edits(put.of(~beside))]

    def _joined(self, at: Ints, to: Ints, put: _Put) -> list[Splice]:
        """Cells put in the place of the bytes *at* … *to*; those side by side in one."""
        begins = np.flatnonzero(np.append(True, at[1:] != to[:-1])[: len(at)])
        stops = np.append(begins[1:], len(at))
        edits: list[Splice] = []
        for some in range(0, len(begins), _AT_ONCE):
            firsts, lasts = begins[some : some + _AT_ONCE], stops[some : some + _AT_ONCE]
            start = int(firsts[0])
            written = self._whole(put.of(slice(start, int(lasts[-1]))))
            places = zip(at[firsts].tolist(), to[lasts - 1].tolist(), strict=True)
            bounds = zip((firsts - start).tolist(), (lasts - start).tolist(), strict=True)
            edits += [
                Splice(*place, b"".join(written[first:stop]))
                for place, (first, stop) in zip(places, bounds, strict=True)
            ]
        return edits

    def _whole(self, put: _Put) -> list[bytes]:
        """The cells, whole."""
        facts = put.rows.tolist(), put.columns.tolist(), put.written.tolist()
        return whole_cells(self.xml.prefix, *facts)

    def _keep_implied(self, put: _Put, places: Ints, stands: Bools) -> None:
        """Write blank cells instead of nothing where the next cell's place depends on them.

        It does where the next cell has no reference of its own.
        """
        cell_rows, named = np.append(self.layout.cell_rows, 0), self.layout.cell_named
        vanishing = np.flatnonzero(stands & (put.written == b""))
        following = places[vanishing] + 1
        beside = cell_rows[following] == put.rows[vanishing]
        for place, index in zip(vanishing[beside], following[beside], strict=True):
            if not named[index] and not self.cells.cell(int(index)).reference:
                row, column = int(put.rows[place]), int(put.columns[place])
                put.written[place] = blank_cell(self.xml.prefix, row, column)

    # Rows -------------------------------------------------------------------------------

    def _bare_row_edits(self, put: _Put) -> list[Splice]:
        """The edits for rows that have no cells so far, or that don't exist."""
        rows: dict[int, bytes] = {}
        for row, written in zip(put.rows.tolist(), self._whole(put), strict=True):
            rows[row] = rows.get(row, b"") + written
        places = np.searchsorted(self.layout.rows, np.array(list(rows), np.int64)).tolist()
        edits: list[Splice] = []
        new_rows: list[Splice] = []
        for (row, inner), place in zip(rows.items(), places, strict=True):
            if not inner:
                continue
            if place < len(self.layout.rows) and self.layout.rows[place] == row:
                edits.append(self._bare_row_edit(place, inner))
            else:
                new_rows.append(self._new_row(place, row, inner))
        return [*edits, *self._in_sheet_data(new_rows)]

    def _bare_row_edit(self, place: int, inner: bytes) -> Splice:
        """Put cells into a row that has none."""
        tag, start = self.cells.row_tag(place)
        stop = start + len(tag)
        if tag.endswith(b"/>"):
            return Splice(stop - 2, stop, b">%b</%brow>" % (inner, self.xml.prefix))
        return Splice(stop, stop, inner)

    def _new_row(self, place: int, row: int, inner: bytes) -> Splice:
        at = self.xml.sheet_data.closing
        if place < len(self.layout.rows):
            at = int(self.layout.row_starts[place])
        name = self.xml.prefix + b"row"
        return Splice(at, at, b'<%b r="%d">%b</%b>' % (name, row, inner, name))

    def _in_sheet_data(self, new_rows: list[Splice]) -> list[Splice]:
        """The new rows' edits; ``<sheetData/>`` is opened for them."""
        sheet_data = self.xml.sheet_data
        if not new_rows or not sheet_data.is_empty:
            return new_rows
        slash = self.xml.data.rindex(b"/", sheet_data.start, sheet_data.stop)
        rows = b"".join(edit.new for edit in new_rows)
        return [Splice(slash, sheet_data.stop, b">" + rows + b"</" + sheet_data.name + b">")]

    def _spans_edits(self, put: _Put) -> list[Splice]:
        """Widen the ``spans`` of the rows that have them, where a cell lies outside."""
        begins = np.flatnonzero(np.diff(put.rows, prepend=0))
        ends = np.append(begins[1:], len(put.rows)) - 1
        rows = put.rows[begins]
        places = np.searchsorted(self.layout.rows, rows)
        exist = np.append(self.layout.rows, 0)[places] == rows
        firsts, lasts = put.columns[begins][exist], put.columns[ends[: len(begins)]][exist]
        edits: list[Splice] = []
        for index, first, last in zip(
            places[exist].tolist(), firsts.tolist(), lasts.tolist(), strict=True
        ):
            tag, start = self.cells.row_tag(index)
            at, stop, low, high = _spans(tag)
            if at and (first < low or last > high):
                new = b"%d:%d" % (min(first, low), max(last, high))
                edits.append(Splice(start + at, start + stop, new))
        return edits

    # Sheet ------------------------------------------------------------------------------

    def _dimension_edit(self, put: _Put) -> list[Splice]:
        """Widen the sheet's ``dimension`` where it has one and a cell lies outside."""
        element = self.xml.element("dimension")
        if element is None or "ref" not in element.places or not put.rows.size:
            return []
        try:
            old = CellRange.parse(element.get("ref") or "")
        except ValueError:
            return []
        new = CellRange(
            min(old.first_row, int(put.rows.min())),
            min(old.first_column, int(put.columns.min())),
            max(old.last_row, int(put.rows.max())),
            max(old.last_column, int(put.columns.max())),
        )
        return [] if new == old else [Splice(*element.places["ref"], str(new).encode())]

    def _width_edits(self) -> list[Splice]:
        """Insert ``col`` elements for the new widths, in order; ``cols`` too if it is missing."""
        if not self._widths:
            return []
        p = self.xml.prefix
        new = {
            column: b'<%bcol min="%d" max="%d" width="%b" customWidth="1"/>'
            % (p, column, column, decimals(width))
            for column, width in sorted(self._widths.items())
        }
        cols = self.xml.element("cols")
        if cols is None or cols.is_empty:
            start, stop = (cols.start, cols.stop) if cols else (self.xml.sheet_data.start,) * 2
            inner = b"".join(new.values())
            return [Splice(start, stop, b"<%bcols>%b</%bcols>" % (p, inner, p))]
        edits = []
        spans = self.cells.spans
        for column, written in new.items():
            at = next((one.start for one in spans if one.first > column), cols.closing)
            edits.append(Splice(at, at, written))
        return edits


def _taken(facts: Ints, places: Ints) -> Ints:
    """What is known of the cells at some places, before the first and behind the last of any."""
    return facts.take(places, mode="clip")


def _spans(tag: bytes) -> tuple[int, int, int, int]:
    """Where the value of ``spans`` stands in a row's start tag, and the first and the last column
    that it names; zeros for none.
    """
    usual = None if b"'" in tag else _SPANS.search(tag)
    if usual:
        return usual.start(1), usual.end(2), int(usual[1]), int(usual[2])
    at, stop = attribute_places(tag, 0, len(tag)).get("spans", (0, 0))
    numbers = [int(one) for one in _NUMBER.findall(tag, at, stop)]
    return (at, stop, min(numbers), max(numbers)) if numbers else (0, 0, 0, 0)
