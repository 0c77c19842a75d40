"""One worksheet part as bytes: where its rows and cells stand, what columns hold, single cells.

The part is never turned into a tree and never written anew. Only cells that exist cost
anything: a formatted row near the sheet's end is one row.
"""

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from batch import errors
from batch.book import NO_STYLE, Bools, Ints, Place, ReadColumns, Worksheet
from batch.cells import LAST_COLUMN, LAST_ROW, CellRange, CellValue, column_letters
from batch.xlsx import xmlbytes
from batch.xlsx.cellarrays import ANY_COLUMN, CellArrays
from batch.xlsx.cellxml import CellReader, RawCell
from batch.xlsx.package import USUAL_LIMITS, FileLimits
from batch.xlsx.tags import TagReader
from batch.xlsx.trees import check_tree_size, check_xml, refused
from batch.xlsx.usualcells import NUMERIC, ODD, SHARED, UsualReader, style_of
from batch.xlsx.xmlbytes import Element, XmlError, attributes, whole_number
from words import _

if TYPE_CHECKING:
    from batch.xlsx.workbook import Workbook

_KEY: Final = LAST_COLUMN + 1
_REFERENCE_AT: Final = len('<c r="')


@dataclass(frozen=True)
class Layout:
    """Where rows and cells stand, ascending; places count from the part's first byte."""

    rows: Ints
    """Numbers of the rows."""
    row_starts: Ints
    cell_rows: Ints
    """Row number of each cell."""
    cell_columns: Ints
    cell_starts: Ints
    cell_stops: Ints
    """The byte after each cell."""
    cell_named: Bools
    """Whether its start tag begins with its reference: ``<c r="B7"``."""


class SheetXml:
    """A worksheet part; ``data`` are its bytes, ``prefix`` stands before its elements' names.

    ``others`` are the elements before and after ``sheetData`` (*sheet_data*).
    """

    def __init__(
        self, path: Path, part: str, data: bytes, limits: FileLimits = USUAL_LIMITS
    ) -> None:
        """Raises ``Damaged``, ``StrangeXml``, ``ForbiddenXml`` or ``TooLarge`` for what can't be
        read.
        """
        self.path = path
        self.part = part
        self.data = data
        self.most_cells = limits.cells
        if xmlbytes.declares_dtd(data):
            raise errors.ForbiddenXml(path, part)
        with self.refused():
            self.root = xmlbytes.root_tag(data)
            self.prefix = self.root.name.removesuffix(b"worksheet")
            self.sheet_data = self._sheet_data()
            cells = self.sheet_data
            check_tree_size(path, part, cells.opened + len(data) - cells.closing)
            check_xml(path, part, data[: cells.opened] + data[cells.closing :])
            self.others = [
                *xmlbytes.siblings(data, self.root.opened, cells.start),
                *xmlbytes.siblings(data, cells.stop, self.root.closing),
            ]
        self.reader = CellReader(self.prefix)
        self.tags = TagReader(self.sheet_data, self.reader)

    def refused(self) -> AbstractContextManager[None]:
        """What is wrong with this part's XML, told of the workbook."""
        return refused(self.path, self.part)

    def _sheet_data(self) -> Element:
        if self.root.local != "worksheet":
            raise XmlError(_("it is no worksheet but '{local}'"), local=self.root.local)
        name = self.prefix + b"sheetData"
        start_tag = re.compile(rb"<" + re.escape(name) + rb"(?:\s[^<>]*?)?(/?)>")
        found = start_tag.search(self.data, self.root.opened)
        if found is None:
            raise XmlError(_("it holds no cells at all (no sheetData)"))
        start, opened = found.span()
        if found[1]:
            return Element(self.data, name, start, opened, opened, opened)
        if self.data.find(b"<" + name, opened) >= 0:
            raise XmlError(_("it holds its cells twice (two sheetData)"))
        closing = self.data.rfind(b"</" + name, opened)
        stop = self.data.find(b">", closing) + 1
        if closing < 0 or stop == 0:
            raise XmlError(_("its cells have no end (sheetData isn't closed)"))
        return Element(self.data, name, start, opened, closing, stop)

    def element(self, local: str) -> Element | None:
        """The worksheet's direct child of that name, None if there is none."""
        return next((one for one in self.others if one.local == local), None)

    def layout(self) -> Layout:
        """All rows and cells.

        Raises ``Damaged`` where they don't ascend, ``TooLarge`` for more than may be.
        """
        none = np.empty(0, np.int64)
        pieces = [(none, none, none, none, none, none, np.empty(0, np.bool_))]
        count = 0
        with self.refused():
            for block in self.tags.blocks():
                count += len(block.rows) + len(block.cells)
                if count > self.most_cells:
                    what = _("the number of cells in the part '{part}'").format(part=self.part)
                    raise errors.TooLarge(self.path, what, count, self.most_cells, "cells")
                places = self.tags.cell_columns(block)
                columns, named = places.columns, places.usual
                starts = block.tags[block.cells] + block.offset
                stops = block.cell_stops + block.offset
                row_starts = block.row_tags + block.offset
                cell_rows = block.cell_rows
                pieces.append((block.rows, row_starts, cell_rows, columns, starts, stops, named))
        return Layout(*(np.concatenate(arrays) for arrays in zip(*pieces, strict=True)))

    @property
    def last_row(self) -> int:
        """The number of the last row, 0 for none. Raises like ``layout``."""
        row = b"<" + self.prefix + b"row"
        at = self.data.rfind(row, self.sheet_data.opened, self.sheet_data.closing)
        tag = self.data[at : self.data.find(b">", at)] if at >= 0 else b""
        number = xmlbytes.whole_number(xmlbytes.attributes(tag).get(b"r", b""))
        return number or int(self.layout().rows[-1:].max(initial=0))

    def columns(
        self,
        wanted: Sequence[int],
        strings: Sequence[str],
        first_row: int = 1,
        last_row: int = LAST_ROW,
    ) -> ReadColumns:
        """The cells of the wanted columns (A is 1), *strings* being the shared texts.

        Raises ``Damaged`` or ``StrangeXml`` for cells that can't be read for certain.
        """
        return self._arrays(strings, first_row, last_row, wanted).columns(wanted)

    def cells(
        self, strings: Sequence[str], first_row: int, last_row: int
    ) -> list[tuple[int, int, CellValue]]:
        """Row, column and value of every cell between two rows that isn't blank, in order."""
        return self._arrays(strings, first_row, last_row).cells()

    def _arrays(
        self,
        strings: Sequence[str],
        first_row: int,
        last_row: int,
        wanted: Sequence[int] | None = None,
    ) -> CellArrays:
        """The cells of the wanted columns, by default of all."""
        asked = np.full(ANY_COLUMN, wanted is None)
        asked[list(wanted or ())] = True
        with self.refused():
            return CellArrays(self.tags, strings, asked, first_row, last_row)

    def array_ranges(self) -> list[CellRange]:
        """Cells that belong to an array formula, a spilled formula or a data table."""
        tag = re.compile(rb"<" + re.escape(self.prefix) + rb"f\s[^<>]*>")
        ranges = []
        for match in tag.finditer(self.data, self.sheet_data.opened, self.sheet_data.closing):
            found = xmlbytes.attributes(match[0])
            if found.get(b"t") in (b"array", b"dataTable") and b"ref" in found:
                ranges.append(self._range(found[b"ref"].decode("latin-1")))
        return ranges

    def merged(self) -> list[CellRange]:
        """The merged ranges."""
        merged = self.element("mergeCells")
        if merged is None:
            return []
        return [self._range(one.get("ref") or "") for one in merged.children()]

    def _range(self, text: str) -> CellRange:
        try:
            return CellRange.parse(text)
        except ValueError as error:
            raise errors.Damaged(self.path, str(error), self.part) from None


# Single cells ---------------------------------------------------------------------------------


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

    def __init__(self, workbook: "Workbook", sheet: Worksheet) -> None:
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
        """A cell as it is written; nothing for the index -1."""
        if index < 0:
            return b""
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

    def occupied(self, area: CellRange) -> list[Place]:
        """Row and column of the cells of an area that hold a value or a formula."""
        rows, columns = self.layout.cell_rows, self.layout.cell_columns
        here = (rows >= area.first_row) & (rows <= area.last_row)
        here &= (columns >= area.first_column) & (columns <= area.last_column)
        occupied = []
        for index in np.flatnonzero(here).tolist():
            cell = self.cell(index)
            if cell.formula is not None or self.value(cell) is not None:
                occupied.append((int(rows[index]), int(columns[index])))
        return occupied

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

    def given_style(self, row: int, column: int) -> int:
        """The style that a new cell gets."""
        return int(self.given_styles(np.array([row], np.int64), column)[0])

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
    first, last = element.number("min") or 0, element.number("max") or 0
    return ColumnSpan(first, last, element.number("style"), element.start)
