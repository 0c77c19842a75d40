"""Cells put into a worksheet part by edits of its bytes.

Unchanged means: every byte outside the cells that are put stays, except that a row's ``spans``
and the sheet's ``dimension`` grow where a new cell lies outside of them, that a row or
``sheetData`` written as ``<row/>`` gets an end tag when it gets its first cell, and that
``cols`` gets widths for new columns.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from batch.xlsx import refs
from batch.xlsx.cellxml import RawCell
from batch.xlsx.refs import CellRange
from batch.xlsx.sheetxml import Layout, SheetXml
from batch.xlsx.xmlbytes import (
    Edit,
    Element,
    attribute_places,
    attributes,
    coded,
    edited,
    escaped,
    whole_number,
)

_KEY: Final = refs.LAST_COLUMN + 1


@dataclass(frozen=True, slots=True)
class NewCell:
    """What a cell shall hold; *style* None writes no style, *value* None makes it blank."""

    row: int
    column: int
    style: int | None
    value: str | float | None


@dataclass(frozen=True, slots=True)
class _Span:
    """What a ``col`` element says about the columns first to last."""

    first: int
    last: int
    style: int | None
    start: int


class SheetPatch:
    """Looks up cells of a part and collects those to be put."""

    def __init__(self, xml: SheetXml) -> None:
        self.xml = xml
        self.layout: Layout = xml.layout()
        self._keys = self.layout.cell_rows * _KEY + self.layout.cell_columns
        self._cells: dict[tuple[int, int], NewCell] = {}
        self._widths: dict[int, float] = {}
        self._row_styles: dict[int, int | None] = {}
        cols = xml.element("cols")
        self._spans = [] if cols is None else [_span(one) for one in cols.children()]

    def indexes(self, rows: npt.NDArray[np.int64], column: int) -> npt.NDArray[np.int64]:
        """Index of the cell in each row of one column, -1 where there is none."""
        wanted = rows * _KEY + column
        places = np.searchsorted(self._keys, wanted)
        if not len(self._keys):
            return np.full(len(rows), -1)
        found = self._keys[np.minimum(places, len(self._keys) - 1)] == wanted
        return np.where(found, places, -1)

    def raw(self, index: int) -> bytes:
        """The bytes of a cell."""
        start, stop = self.layout.cell_starts[index], self.layout.cell_stops[index]
        return self.xml.data[int(start) : int(stop)]

    def cell(self, index: int) -> RawCell:
        """A cell taken apart. Raises XmlError."""
        return self.xml.reader.read(self.raw(index))

    def inside(self, area: CellRange) -> list[int]:
        """Indexes of the cells that stand in an area."""
        rows, columns = self.layout.cell_rows, self.layout.cell_columns
        here = (rows >= area.first_row) & (rows <= area.last_row)
        here &= (columns >= area.first_column) & (columns <= area.last_column)
        return [int(index) for index in np.flatnonzero(here)]

    def given_style(self, row: int, column: int) -> int | None:
        """The style that a new cell gets from its row, else from ``cols``; None for neither."""
        if row not in self._row_styles:
            self._row_styles[row] = self._row_style(row)
        style = self._row_styles[row]
        if style is not None:
            return style
        return next((one.style for one in self._spans if one.first <= column <= one.last), None)

    def _row_style(self, row: int) -> int | None:
        place = int(np.searchsorted(self.layout.rows, row))
        if place == len(self.layout.rows) or self.layout.rows[place] != row:
            return None
        found = attributes(self._row_tag(place)[0])
        if found.get(b"customFormat") not in (b"1", b"true"):
            return None
        return whole_number(found.get(b"s", b"0"))

    def put(self, cell: NewCell) -> None:
        """Have a cell written, in the place of the one that stands there."""
        self._cells[cell.row, cell.column] = cell

    def put_cell(self, row: int, column: int) -> NewCell | None:
        """The cell that was put there, None if none was."""
        return self._cells.get((row, column))

    def widen_column(self, column: int, width: float) -> None:
        """Give a column a width (in characters), unless the sheet says something about it."""
        if not any(one.first <= column <= one.last for one in self._spans):
            self._widths[column] = width

    def data(self) -> bytes:
        """The part with all cells put."""
        by_row: dict[int, list[NewCell]] = {}
        for _, cell in sorted(self._cells.items()):
            by_row.setdefault(cell.row, []).append(cell)
        edits = self._width_edits()
        places = np.searchsorted(self.layout.rows, np.array(list(by_row), np.int64))
        new_rows: list[Edit] = []
        for (row, cells), place in zip(by_row.items(), places.tolist(), strict=True):
            if place < len(self.layout.rows) and self.layout.rows[place] == row:
                edits += self._row_edits(place, cells)
            else:
                new_rows += self._new_row(place, row, cells)
        edits += self._in_sheet_data(new_rows)
        edits += self._dimension_edit()
        return edited(self.xml.data, edits)

    # Rows -------------------------------------------------------------------------------

    def _row_tag(self, place: int) -> tuple[bytes, int]:
        """A row's start tag and where it begins."""
        start = int(self.layout.row_starts[place])
        return self.xml.data[start : self.xml.data.index(b">", start) + 1], start

    def _row_edits(self, place: int, cells: Sequence[NewCell]) -> list[Edit]:
        tag, start = self._row_tag(place)
        row = int(self.layout.rows[place])
        edits = self._spans_edit(tag, start, cells)
        if tag.endswith(b"/>"):
            inner = b"".join(self._written(cell) for cell in cells)
            if inner:
                stop = start + len(tag)
                edits.append(Edit(stop - 2, stop, b">%b</%brow>" % (inner, self.xml.prefix)))
            return edits
        wanted = np.array([row * _KEY + cell.column for cell in cells], np.int64)
        for cell, index in zip(cells, np.searchsorted(self._keys, wanted).tolist(), strict=True):
            if index < len(self._keys) and self._keys[index] == row * _KEY + cell.column:
                edits.append(self._replacement(index, cell))
            elif index < len(self._keys) and self.layout.cell_rows[index] == row:
                at = int(self.layout.cell_starts[index])
                edits.append(Edit(at, at, self._written(cell)))
            elif index and self.layout.cell_rows[index - 1] == row:
                at = int(self.layout.cell_stops[index - 1])
                edits.append(Edit(at, at, self._written(cell)))
            else:
                at = start + len(tag)
                edits.append(Edit(at, at, self._written(cell)))
        return edits

    def _replacement(self, index: int, cell: NewCell) -> Edit:
        start, stop = int(self.layout.cell_starts[index]), int(self.layout.cell_stops[index])
        new = self._written(cell)
        if not new and self._next_is_implied(index):
            new = self._written(cell, keep_blank=True)
        return Edit(start, stop, new)

    def _next_is_implied(self, index: int) -> bool:
        """Whether the next cell stands where it does only because this one is there."""
        following = index + 1
        return (
            following < len(self._keys)
            and self.layout.cell_rows[following] == self.layout.cell_rows[index]
            and not self.cell(following).reference
        )

    def _spans_edit(self, tag: bytes, start: int, cells: Sequence[NewCell]) -> list[Edit]:
        """Widen the row's ``spans`` where it has one and a cell lies outside."""
        place = attribute_places(tag, 0, len(tag)).get("spans")
        kept = [cell.column for cell in cells if not _vanishes(cell)]
        if place is None or not kept:
            return []
        written = tag[slice(*place)]
        numbers = [int(number) for number in re.findall(rb"[0-9]{1,9}", written)]
        if not numbers or (min(kept) >= min(numbers) and max(kept) <= max(numbers)):
            return []
        first, last = min(*kept, *numbers), max(*kept, *numbers)
        return [Edit(start + place[0], start + place[1], b"%d:%d" % (first, last))]

    def _new_row(self, place: int, row: int, cells: Sequence[NewCell]) -> list[Edit]:
        inner = b"".join(self._written(cell) for cell in cells)
        if not inner:
            return []
        at = self.xml.sheet_data.closing
        if place < len(self.layout.rows):
            at = int(self.layout.row_starts[place])
        name = self.xml.prefix + b"row"
        return [Edit(at, at, b'<%b r="%d">%b</%b>' % (name, row, inner, name))]

    def _in_sheet_data(self, new_rows: list[Edit]) -> list[Edit]:
        """The new rows' edits; ``<sheetData/>`` is opened for them."""
        sheet_data = self.xml.sheet_data
        if not new_rows or not sheet_data.is_empty:
            return new_rows
        slash = self.xml.data.rindex(b"/", sheet_data.start, sheet_data.stop)
        rows = b"".join(edit.new for edit in new_rows)
        return [Edit(slash, sheet_data.stop, b">" + rows + b"</" + sheet_data.name + b">")]

    # Cells ------------------------------------------------------------------------------

    def _written(self, cell: NewCell, *, keep_blank: bool = False) -> bytes:
        """A cell's bytes; nothing for one that is blank and has no style."""
        if _vanishes(cell) and not keep_blank:
            return b""
        p = self.xml.prefix
        reference = refs.address(cell.row, cell.column).encode()
        style = b"" if cell.style is None else b' s="%d"' % cell.style
        start = b'<%bc r="%b"%b' % (p, reference, style)
        if cell.value is None:
            return start + b"/>"
        if not isinstance(cell.value, str):
            return b"%b><%bv>%b</%bv></%bc>" % (start, p, decimals(cell.value), p, p)
        text = escaped(coded(cell.value))
        space = b' xml:space="preserve"' if _keeps_space(cell.value) else b""
        inner = b"<%bis><%bt%b>%b</%bt></%bis>" % (p, p, space, text, p, p)
        return b'%b t="inlineStr">%b</%bc>' % (start, inner, p)

    # Sheet ------------------------------------------------------------------------------

    def _dimension_edit(self) -> list[Edit]:
        """Widen the sheet's ``dimension`` where it has one and a cell lies outside."""
        element = self.xml.element("dimension")
        cells = [(cell.row, cell.column) for cell in self._cells.values() if not _vanishes(cell)]
        if element is None or "ref" not in element.places or not cells:
            return []
        try:
            old = CellRange.parse(element.get("ref") or "")
        except ValueError:
            return []
        rows, columns = zip(*cells, strict=True)
        new = CellRange(
            min(old.first_row, *rows),
            min(old.first_column, *columns),
            max(old.last_row, *rows),
            max(old.last_column, *columns),
        )
        return [] if new == old else [Edit(*element.places["ref"], str(new).encode())]

    def _width_edits(self) -> list[Edit]:
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
            return [Edit(start, stop, b"<%bcols>%b</%bcols>" % (p, inner, p))]
        edits = []
        for column, written in new.items():
            at = next((one.start for one in self._spans if one.first > column), cols.closing)
            edits.append(Edit(at, at, written))
        return edits


def _vanishes(cell: NewCell) -> bool:
    """Whether a cell is written as nothing at all."""
    return cell.value is None and cell.style is None


def _span(element: Element) -> _Span:
    first, last = (whole_number(element.get(name) or "") or 0 for name in ("min", "max"))
    return _Span(first, last, whole_number(element.get("style") or ""), element.start)


def decimals(value: float) -> bytes:
    """The shortest decimal that is read as the same number: 3.0 gives 3."""
    if float(value).is_integer() and abs(value) < 1e15:
        return b"%d" % int(value)
    return repr(float(value)).encode()


def _keeps_space(text: str) -> bool:
    return text != text.strip() or "\n" in text or "\t" in text or "  " in text
