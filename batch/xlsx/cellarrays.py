"""Cells of some columns as arrays.

Cells written the usual way are read by array arithmetic, all others one by one.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from batch.book import NO_STYLE, Bools, ColumnArray, Floats, Ints, ReadColumns
from batch.cells import CellValue
from batch.xlsx.cellxml import shared_text
from batch.xlsx.tags import TagBlock, TagReader, check_reference
from batch.xlsx.usualcells import BLANK, NUMERIC, OBJECT, ODD, SHARED, UsualReader, style_of

ANY_COLUMN: Final = 26 + 26**2 + 26**3 + 1


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
        self._rows: list[Ints] = []
        self._columns: list[Ints] = []
        self._kinds: list[npt.NDArray[np.uint8]] = []
        self._numbers: list[Floats] = []
        self._styles: list[Ints] = []
        self._objects: dict[int, CellValue] = {}
        self._count = 0
        self._uncalculated: list[tuple[int, int]] = []
        for block in tags.blocks():
            if block.rows[0] > last_row:
                break
            if block.rows[-1] >= first_row:
                inside = (block.cell_rows >= first_row) & (block.cell_rows <= last_row)
                self._read(block, *tags.cell_columns(block), inside)

    def cells(self) -> list[tuple[int, int, CellValue]]:
        """Row, column and value of every cell that isn't blank."""
        cells: list[tuple[int, int, CellValue]] = []
        arrays = (self._rows, self._columns, self._kinds, self._numbers)
        lists = (np.concatenate(one).tolist() if one else [] for one in arrays)
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
        if not self._count:
            nothing: dict[int, ColumnArray] = {column: np.empty(0, np.float64) for column in wanted}
            none = {column: np.empty(0, np.int64) for column in wanted}
            return ReadColumns(np.empty(0, np.int64), nothing, self._uncalculated, none)
        cell_rows, columns = np.concatenate(self._rows), np.concatenate(self._columns)
        kinds, values = np.concatenate(self._kinds), np.concatenate(self._numbers)
        strings = _as_array(self._strings)
        empty = [index for index, text in enumerate(self._strings) if not text]
        if empty:
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
        styles = np.concatenate(self._styles)
        found: dict[int, ColumnArray] = {}
        found_styles: dict[int, Ints] = {}
        for column in wanted:
            here = filled_columns == column
            mine, places = filled[here], row_places[here]
            found[column] = _one_column(
                len(rows), places, kinds[mine], values[mine], strings, objects[mine]
            )
            found_styles[column] = np.full(len(rows), NO_STYLE)
            found_styles[column][places] = styles[mine]
        return ReadColumns(rows, found, self._uncalculated, found_styles)

    def _read(
        self, block: TagBlock, columns: Ints, digits_at: Ints, usual: Bools, inside: Bools
    ) -> None:
        """Add the asked cells of one block."""
        index = np.flatnonzero(self._asked[columns] & inside)
        cell_rows, columns, usual = block.cell_rows[index], columns[index], usual[index]
        found = self._usual.read(
            block.data, block.raw, digits_at[index], block.cell_stops[index], cell_rows, usual
        )
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
        self._rows.append(cell_rows)
        self._columns.append(columns)
        self._kinds.append(kinds)
        self._numbers.append(values)
        self._styles.append(found.styles)
        self._count += len(index)


def _as_array(strings: Sequence[str]) -> npt.NDArray[np.object_]:
    texts = np.empty(len(strings), np.object_)
    texts[:] = strings
    return texts


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
