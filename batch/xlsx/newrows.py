"""The rows of the tables in a new workbook, put below their headings all at once.

XlsxWriter keeps all cells in memory, and writes them one by one.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Final

from batch.book import NO_STYLE, TableRows, Worksheet
from batch.cells import CellRange, column_letters, to_serial
from batch.edits import storable
from batch.xlsx.cellxml import decimals, text_element
from batch.xlsx.sheetxml import StandingCells
from batch.xlsx.tables import grown
from batch.xlsx.workbook import open_book
from batch.xlsx.xmlbytes import Splice, edited, root_tag

if TYPE_CHECKING:
    from batch.xlsx.workbook import Workbook

_FIRST: Final = 2
_AT_ONCE: Final = 10_000
_ENDS: Final = 1 << 16
"""How many cells of a column are remembered, as many hold the same."""


def with_rows(path: Path, tables: Mapping[str, TableRows]) -> bytes:
    """The workbook at *path* with these rows below the headings in row 1, by the name of the sheet.

    Real dates and numbers are written as such, everything else as text, each in the format that its
    column has. Blank cells take it by themselves.
    """
    book = open_book(path)
    texts = _Texts(book)
    parts = {}
    for name, rows in tables.items():
        if rows.number:
            sheet = book.sheet(name)
            parts[sheet.part] = _with_rows(book, sheet, rows, texts)
            [table] = book.tables(sheet)
            last = table.first_row - 1 + rows.number
            parts[table.part] = grown(book.package.read(table.part), last_row=last)
    return book.package.copy_with({**parts, **texts.parts()})


class _Texts:
    """The texts that the cells of a workbook share."""

    def __init__(self, book: Workbook) -> None:
        self.part = book.part_of("sharedStrings") or ""
        self.standing = book.package.read(self.part)
        known = book.shared_strings
        self.numbers = {text: number for number, text in enumerate(known)}
        self.count = len(known)
        self.added = bytearray()

    def number(self, text: str) -> int:
        """The number of a text, a new one where no cell had it."""
        if text not in self.numbers:
            self.numbers[text] = self.count
            self.count += 1
            self.added += b"<si>%b</si>" % text_element(b"t", text)
        return self.numbers[text]

    def parts(self) -> dict[str, bytes]:
        """The part with the texts, where it has more than before."""
        if not self.added:
            return {}
        root = root_tag(self.standing)
        edits = [Splice(root.closing, root.closing, bytes(self.added))]
        edits += [
            Splice(*root.places[name], b"%d" % self.count) for name in ("count", "uniqueCount")
        ]
        return {self.part: edited(self.standing, edits)}


def _with_rows(book: Workbook, sheet: Worksheet, rows: TableRows, texts: _Texts) -> bytes:
    """The part of a sheet with the rows."""
    xml, cells = book.xml(sheet), StandingCells(book, sheet)
    styles = [cells.given_style(_FIRST, column) for column in range(1, len(rows.columns) + 1)]
    at = xml.sheet_data.closing
    edits = [Splice(at, at, block) for block in _blocks(rows, styles, texts)]
    dimension = xml.element("dimension")
    if dimension is not None:
        reach = CellRange(1, 1, _FIRST - 1 + rows.number, len(rows.columns))
        edits.append(Splice(*dimension.places["ref"], str(reach).encode()))
    return edited(xml.data, edits)


def _blocks(rows: TableRows, styles: Sequence[int], texts: _Texts) -> Iterator[bytes]:
    """The rows, some at a time."""
    numbers = range(1, len(rows.columns) + 1)
    starts = [b'<c r="%b' % column_letters(number).encode() for number in numbers]
    ends = [lru_cache(_ENDS, typed=True)(partial(_end, style, texts)) for style in styles]
    for at in range(0, rows.number, _AT_ONCE):
        first = at + _FIRST
        written = [
            [
                b"" if cell is None else b"%b%d%b" % (start, row, end(cell))
                for row, cell in enumerate(column[at : at + _AT_ONCE], first)
            ]
            for column, start, end in zip(rows.columns, starts, ends, strict=True)
        ]
        cells = map(b"".join, zip_longest(*written, fillvalue=b""))
        yield b"".join(
            b'<row r="%d">%b</row>' % (row, one) for row, one in enumerate(cells, first) if one
        )


def _end(style: int, texts: _Texts, cell: object) -> bytes:
    """A cell's bytes from the end of its reference on."""
    start = b'"' if style == NO_STYLE else b'" s="%d"' % style
    if isinstance(cell, bool):
        return b'%b t="b"><v>%d</v></c>' % (start, cell)
    if isinstance(cell, dt.date) and cell.year >= 1900:
        cell = to_serial(cell, date1904=False)
    if isinstance(cell, (int, float)) and math.isfinite(cell):
        return b"%b><v>%b</v></c>" % (start, decimals(cell))
    text = cell.isoformat() if isinstance(cell, dt.date) else str(cell)
    return b'%b t="s"><v>%d</v></c>' % (start, texts.number(storable(text)))
