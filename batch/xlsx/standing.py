"""The cells that stand in a worksheet part, looked up by row and column."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from batch.book import NO_STYLE, Ints, Sheet
from batch.cells import LAST_COLUMN, CellRange, CellValue, column_letters
from batch.xlsx.cellxml import RawCell
from batch.xlsx.usualcells import NUMERIC, ODD, SHARED, UsualReader, style_of
from batch.xlsx.xmlbytes import Element, attributes, whole_number

if TYPE_CHECKING:
    from batch.xlsx.workbook import Workbook

_KEY: Final = LAST_COLUMN + 1
_REFERENCE_AT: Final = len('<c r="')


def cell_keys(rows: Ints, columns: Ints | int) -> Ints:
    """One number for each cell, ascending from left to right and from row to row."""
    return rows * _KEY + columns


@dataclass(frozen=True, slots=True)
class ColumnSpan:
    """What a ``col`` element says about the columns first to last."""

    first: int
    last: int
    style: int | None
    start: int


@dataclass(frozen=True)
class ColumnCells:
    """The cells of one column in n rows.

    ``stands``: n indexes of cells in the layout, -1 where there is none. ``styles``: their n
    styles, ``NO_STYLE`` for none. ``values``: what they hold, n. ``odd``: the cells that were
    only taken apart, by their places among the n; their ``values`` are None so far.
    """

    stands: Ints
    styles: Ints
    values: list[CellValue]
    odd: dict[int, RawCell]


class StandingCells:
    """Looks up the cells of one sheet. Raises XmlError for what can't be a cell."""

    def __init__(self, workbook: "Workbook", sheet: Sheet) -> None:
        self.workbook = workbook
        self.xml = workbook.xml(sheet)
        self.layout = self.xml.layout()
        self.keys = cell_keys(self.layout.cell_rows, self.layout.cell_columns)
        self._bytes = np.frombuffer(self.xml.data, np.uint8)
        self._usual = UsualReader(self.xml.prefix)
        self._row_styles: dict[int, int | None] = {}
        cols = self.xml.element("cols")
        self.spans = [] if cols is None else [_span(one) for one in cols.children()]

    def indexes(self, rows: Ints, columns: Ints | int) -> Ints:
        """Index of the cell in each row, in one column or in one for each; -1 for none."""
        wanted = cell_keys(rows, columns)
        places = np.searchsorted(self.keys, wanted)
        found = np.append(self.keys, 0)[places] == wanted
        return np.where(found, places, -1)

    def cell(self, index: int) -> RawCell:
        """A cell taken apart."""
        return self.xml.reader.read(self.bytes_of(index))

    def bytes_of(self, index: int) -> bytes:
        """A cell as it is written."""
        start, stop = self.layout.cell_starts[index], self.layout.cell_stops[index]
        return self.xml.data[int(start) : int(stop)]

    def value(self, cell: RawCell) -> CellValue:
        """What a cell holds."""
        strings = self.workbook.shared_strings if cell.kind == b"s" else ()
        return self.xml.reader.value(cell, strings)

    def column(self, rows: Ints, column: int) -> ColumnCells:
        """The cells of one column in these rows."""
        stands = self.indexes(rows, column)
        places = np.flatnonzero(stands >= 0)
        index = stands[places]
        layout = self.layout
        letters = len(column_letters(column))
        digits_at = layout.cell_starts[index] + len(self.xml.prefix) + _REFERENCE_AT + letters
        # Cells without a reference of the usual kind may be shorter than one.
        named = layout.cell_named[index]
        digits_at = np.where(named, digits_at, layout.cell_starts[index])
        usual = self._usual.read(
            self._bytes, self.xml.data, digits_at, layout.cell_stops[index], rows[places], named
        )
        cells = ColumnCells(stands, np.full(len(rows), NO_STYLE), [None] * len(rows), {})
        cells.styles[places] = usual.styles
        for kind, place, number in zip(
            usual.kinds.tolist(), places.tolist(), usual.numbers.tolist(), strict=True
        ):
            if kind == NUMERIC:
                cells.values[place] = number
            elif kind == SHARED and number.is_integer() and 0 <= number < self._text_count:
                cells.values[place] = self.workbook.shared_strings[int(number)] or None
            elif kind in (SHARED, ODD):
                cells.odd[place] = self.cell(int(stands[place]))
                cells.styles[place] = style_of(cells.odd[place])
        for one, text in usual.texts.items():
            cells.values[int(places[one])] = text
        return cells

    @cached_property
    def _text_count(self) -> int:
        return len(self.workbook.shared_strings)

    def inside(self, area: CellRange) -> list[int]:
        """Indexes of the cells that stand in an area."""
        rows, columns = self.layout.cell_rows, self.layout.cell_columns
        here = (rows >= area.first_row) & (rows <= area.last_row)
        here &= (columns >= area.first_column) & (columns <= area.last_column)
        return [int(index) for index in np.flatnonzero(here)]

    def row_tag(self, place: int) -> tuple[bytes, int]:
        """The start tag of a row, *place* being its index in the layout, and where it begins."""
        start = int(self.layout.row_starts[place])
        return self.xml.data[start : self.xml.data.index(b">", start) + 1], start

    # Styles -----------------------------------------------------------------------------

    def given_styles(self, rows: Ints, column: int) -> Ints:
        """The styles that new cells get from their rows, else from ``cols``."""
        span = next((one for one in self.spans if one.first <= column <= one.last), None)
        style = None if span is None else span.style
        styles = np.full(len(rows), NO_STYLE if style is None else style)
        for place in np.flatnonzero(np.isin(rows, self._formatted_rows)).tolist():
            row_style = self._row_style(int(rows[place]))
            if row_style is not None:
                styles[place] = row_style
        return styles

    @cached_property
    def _formatted_rows(self) -> Ints:
        """Numbers of the rows that may give their cells a style."""
        tag = re.compile(rb"<" + re.escape(self.xml.prefix) + rb"row\s[^<>]*?customFormat")
        sheet_data = self.xml.sheet_data
        found = tag.finditer(self.xml.data, sheet_data.opened, sheet_data.closing)
        starts = np.array([match.start() for match in found], np.int64)
        return self.layout.rows[np.isin(self.layout.row_starts, starts)]

    def _row_style(self, row: int) -> int | None:
        if row not in self._row_styles:
            tag, _ = self.row_tag(int(np.searchsorted(self.layout.rows, row)))
            found = attributes(tag)
            is_formatted = found.get(b"customFormat") in (b"1", b"true")
            self._row_styles[row] = whole_number(found.get(b"s", b"0")) if is_formatted else None
        return self._row_styles[row]


def _span(element: Element) -> ColumnSpan:
    first, last = (whole_number(element.get(name) or "") or 0 for name in ("min", "max"))
    return ColumnSpan(first, last, whole_number(element.get("style") or ""), element.start)
