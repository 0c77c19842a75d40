"""Cells of some columns as arrays.

Cells written the usual way are read by array arithmetic, all others one by one.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from batch.book import NO_STYLE, Bools, ColumnArray, Floats, Ints, ReadColumns
from batch.cells import CellValue
from batch.xlsx.cellxml import shared_text
from batch.xlsx.tags import CellPlaces, TagBlock, TagReader, check_reference
from batch.xlsx.usualcells import BLANK, NUMERIC, OBJECT, ODD, SHARED, UsualReader, style_of

ANY_COLUMN: Final = 26 + 26**2 + 26**3 + 1
_NONE: Final = np.empty(0, np.int64)


class _Piece(NamedTuple):
    """The asked cells of some rows: what `usualcells` tells of each, and where it stands."""

    rows: Ints
    columns: Ints
    kinds: npt.NDArray[np.uint8]
    numbers: Floats
    styles: Ints


class CellArrays:
    """The cells of the asked columns between two rows, both inside, in order.

    ``asked``: for every column number whether it is wanted. ``strings``: the workbook's shared
    texts. Raises XmlError for cells that can't be read for certain.
    """

    def __init__(
        self, tags: TagReader, strings: Sequence[str], asked: Bools, first_row: int, last_row: int
    ) -> None:
        self._reader = tags.reader
        self._usual = UsualReader(tags.prefix)
        self._strings = strings
        self._asked = asked
        self._pieces = [_Piece(_NONE, _NONE, _NONE.astype(np.uint8), np.empty(0), _NONE)]
        self._objects: dict[int, CellValue] = {}
        self._count = 0
        self._uncalculated: list[tuple[int, int]] = []
        for block in tags.blocks():
            if block.rows[0] > last_row:
                break
            if block.rows[-1] >= first_row:
                inside = (block.cell_rows >= first_row) & (block.cell_rows <= last_row)
                self._read(block, tags.cell_columns(block), inside)

    def cells(self) -> list[tuple[int, int, CellValue]]:
        """Row, column and value of every cell that isn't blank."""
        cells: list[tuple[int, int, CellValue]] = []
        found = self._joined()
        lists = (one.tolist() for one in (found.rows, found.columns, found.kinds, found.numbers))
        for index, (row, column, kind, value) in enumerate(zip(*lists, strict=True)):
            if kind == OBJECT:
                cells.append((row, column, self._objects[index]))
            elif kind == NUMERIC:
                cells.append((row, column, value))
            elif kind == SHARED and self._strings[int(value)]:
                cells.append((row, column, self._strings[int(value)]))
        return cells

    def columns(self, wanted: Sequence[int]) -> ReadColumns:
        """The cells sorted into columns."""
        cell_rows, columns, kinds, values, cell_styles = self._joined()
        strings = np.empty(len(self._strings), np.object_)
        strings[:] = self._strings
        if "" in self._strings:
            empty = [index for index, text in enumerate(self._strings) if not text]
            kinds = np.where((kinds == SHARED) & np.isin(values, empty), BLANK, kinds)
        objects = np.empty(len(kinds), np.object_)
        for index, value in self._objects.items():
            objects[index] = value
        filled = np.flatnonzero(kinds != BLANK)
        filled_rows = cell_rows[filled]
        begins = np.diff(filled_rows, prepend=0) > 0
        rows = filled_rows[begins]
        row_places = np.cumsum(begins) - 1
        filled_columns = columns[filled]
        styles = cell_styles[filled]
        found: dict[int, ColumnArray] = {}
        found_styles: dict[int, Ints] = {}
        for column in wanted:
            here = filled_columns == column
            mine, places = filled[here], row_places[here]
            found[column] = _one_column(
                len(rows), places, kinds[mine], values[mine], strings, objects[mine]
            )
            found_styles[column] = np.full(len(rows), NO_STYLE)
            found_styles[column][places] = styles[here]
        return ReadColumns(rows, found, self._uncalculated, found_styles)

    def _joined(self) -> _Piece:
        """The asked cells of all blocks."""
        return _Piece(*(np.concatenate(one) for one in zip(*self._pieces, strict=True)))

    def _read(self, block: TagBlock, places: CellPlaces, inside: Bools) -> None:
        """Add the asked cells of one block."""
        index = np.flatnonzero(self._asked[places.columns] & inside)
        cell_rows, stops = block.cell_rows[index], block.cell_stops[index]
        columns, after = places.columns[index], places.after[index]
        usual, bare = places.usual[index], places.bare[index]
        found = self._usual.read(block.data, block.raw, after, stops, cell_rows, usual, bare)
        kinds, values = found.kinds, found.numbers
        for place, text in found.texts.items():
            self._objects[self._count + place] = text
        for place in np.flatnonzero(kinds == ODD).tolist():
            kinds[place] = BLANK
            cell = self._reader.read(block.cell(int(index[place])))
            where = (int(cell_rows[place]), int(columns[place]))
            check_reference(cell.reference, where)
            found.styles[place] = style_of(cell)
            value = self._reader.value(cell, self._strings)
            if value is not None:
                kinds[place] = OBJECT
                self._objects[self._count + place] = value
            elif cell.formula is not None and not cell.value and cell.kind != b"str":
                self._uncalculated.append(where)
        indexes = values[kinds == SHARED]
        impossible = indexes[(indexes >= len(self._strings)) | (indexes < 0) | (indexes % 1 != 0)]
        if impossible.size:
            shared_text(b"%g" % impossible[0], self._strings)
        self._pieces.append(_Piece(cell_rows, columns, kinds, values, found.styles))
        self._count += len(index)


def _one_column(
    count: int,
    places: Ints,
    kinds: npt.NDArray[np.uint8],
    values: Floats,
    strings: npt.NDArray[np.object_],
    objects: npt.NDArray[np.object_],
) -> ColumnArray:
    """One column of *count* values: its cells that aren't blank, each at its place.

    *values* are numbers, and of shared texts their places among the *strings*.
    """
    shared, single = kinds == SHARED, kinds == OBJECT
    if not shared.any() and all(type(value) is float for value in objects[single]):
        numeric = np.full(count, np.nan)
        numeric[places] = values
        numeric[places[single]] = objects[single].astype(np.float64)
        return numeric
    column = np.empty(count, np.object_)
    numeric = ~shared & ~single
    column[places[shared]] = strings[values[shared].astype(np.int64)]
    column[places[single]] = objects[single]
    column[places[numeric]] = values[numeric]
    return column
