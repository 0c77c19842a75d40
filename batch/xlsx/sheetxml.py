"""One worksheet part as bytes: where its rows and cells stand, and what columns hold.

The part is never turned into a tree and never written anew. Only cells that exist cost
anything: a formatted row near the sheet's end is one row.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from batch import errors
from batch.book import Bools, Ints, ReadColumns
from batch.cells import LAST_ROW, CellRange, CellValue
from batch.xlsx import xmlbytes
from batch.xlsx.cellarrays import ANY_COLUMN, CellArrays
from batch.xlsx.cellxml import CellReader
from batch.xlsx.package import FileLimits, check_tree_size, check_xml
from batch.xlsx.tags import TagReader
from batch.xlsx.xmlbytes import Element, UnusualXml, XmlError
from words import _


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

    ``head`` and ``tail`` are the elements before and after ``sheetData`` (*sheet_data*).
    """

    def __init__(
        self, path: Path, part: str, data: bytes, limits: FileLimits | None = None
    ) -> None:
        """Raises ``Damaged``, ``StrangeXml``, ``ForbiddenXml`` or ``TooLarge`` for what can't be
        read.
        """
        self.path = path
        self.part = part
        self.data = data
        self.most_cells = (limits or FileLimits()).cells
        if xmlbytes.declares_dtd(data):
            raise errors.ForbiddenXml(path, part)
        try:
            self.root = xmlbytes.root_tag(data)
            self.prefix = self.root.name.removesuffix(b"worksheet")
            self.sheet_data = self._sheet_data()
            cells = self.sheet_data
            check_tree_size(path, part, cells.opened + len(data) - cells.closing)
            check_xml(path, part, data[: cells.opened] + data[cells.closing :])
            self.head = list(xmlbytes.siblings(data, self.root.opened, cells.start))
            self.tail = list(xmlbytes.siblings(data, cells.stop, self.root.closing))
        except XmlError as error:
            raise self.refusal(error) from None
        self.reader = CellReader(self.prefix)
        self.tags = TagReader(self.sheet_data, self.reader)

    def refusal(self, error: XmlError) -> errors.WorkbookRefused:
        """What an error in this part's XML means for the workbook."""
        if isinstance(error, UnusualXml):
            return errors.StrangeXml(self.path, self.part, str(error))
        return errors.Damaged(self.path, str(error), self.part)

    def _sheet_data(self) -> Element:
        if self.root.local != "worksheet":
            raise XmlError(_("it is no worksheet but '{local}'").format(local=self.root.local))
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
        return next((e for e in (*self.head, *self.tail) if e.local == local), None)

    def layout(self) -> Layout:
        """All rows and cells.

        Raises ``Damaged`` where they don't ascend, ``TooLarge`` for more than may be.
        """
        pieces = []
        count = 0
        try:
            for block in self.tags.blocks():
                count += len(block.rows) + len(block.cells)
                if count > self.most_cells:
                    what = _("the number of cells in the part '{part}'").format(part=self.part)
                    raise errors.TooLarge(self.path, what, count, self.most_cells, "cells")
                columns, _after, named = self.tags.cell_columns(block)
                starts = block.tags[block.cells] + block.offset
                stops = block.cell_stops + block.offset
                row_starts = block.row_tags + block.offset
                cell_rows = block.cell_rows
                pieces.append((block.rows, row_starts, cell_rows, columns, starts, stops, named))
        except XmlError as error:
            raise self.refusal(error) from None
        if not pieces:
            none = np.empty(0, np.int64)
            return Layout(none, none, none, none, none, none, np.empty(0, np.bool_))
        return Layout(*(np.concatenate(arrays) for arrays in zip(*pieces, strict=True)))

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
        asked = np.zeros(ANY_COLUMN, np.bool_)
        asked[list(wanted)] = True
        return self._arrays(strings, asked, first_row, last_row).columns(wanted)

    def cells(
        self, strings: Sequence[str], first_row: int, last_row: int
    ) -> list[tuple[int, int, CellValue]]:
        """Row, column and value of every cell between two rows that isn't blank, in order."""
        asked = np.ones(ANY_COLUMN, np.bool_)
        return self._arrays(strings, asked, first_row, last_row).cells()

    def _arrays(
        self, strings: Sequence[str], asked: Bools, first_row: int, last_row: int
    ) -> CellArrays:
        try:
            return CellArrays(self.tags, strings, asked, first_row, last_row)
        except XmlError as error:
            raise self.refusal(error) from None

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
            raise self.refusal(XmlError(str(error))) from None
