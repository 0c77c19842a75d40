"""A sheet of cells, from whatever file it comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from batch.cells import CellRange, address
from batch.errors import OtherRefused
from batch.importing.texts import ToldOfFile

Cell = str | float | bool | dt.date | dt.time | None
"""What a cell holds; a datetime is a date here, too."""


class SourceError(OtherRefused):
    """A list that can't be read, or lacks a column that is needed."""


@dataclass
class SourceSheet:
    """A sheet of cells.

    rows: those in which anything stands, with cells from column A on; numbers: theirs on the sheet.
    merged: cells that are one; notes: comments by address; colours: the colour of a row, such as
    FFC0CB, by its number; no_years: cells, by row number and column (A is 0), that show their date
    without its year; uncalculated: formulas without a result, by row number and column. told: what
    was assumed in reading it. is_text: lines of a text, one cell each, that are no list. folder:
    where its file lies, if another one has the same name.
    """

    path: Path
    name: str
    rows: list[list[Cell]]
    numbers: list[int]
    merged: Sequence[CellRange] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    colours: Mapping[int, str] = field(default_factory=dict)
    no_years: frozenset[tuple[int, int]] = frozenset()
    uncalculated: frozenset[tuple[int, int]] = frozenset()
    told: Sequence[ToldOfFile] = ()
    is_hidden: bool = False
    is_text: bool = False
    is_address_book: bool = False
    folder: str = ""

    @property
    def title(self) -> str:
        """How it is named for her: the file, and the sheet where the file has any."""
        file = f"{self.folder}/{self.path.name}" if self.folder else self.path.name
        return f"{file} / {self.name}" if self.name else file

    @property
    def width(self) -> int:
        """How many columns it has."""
        return max(map(len, self.rows), default=0)

    def cell(self, at: int, column: int) -> Cell:
        """A cell of the row at a position."""
        row = self.rows[at]
        return row[column] if column < len(row) else None

    def address(self, at: int, column: int) -> str:
        """The address of a cell, such as B7."""
        return address(self.numbers[at], column + 1)


def is_blank(cell: Cell) -> bool:
    """Whether a cell holds nothing, or only blanks."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_of(cell: Cell) -> str:
    """A cell as text, in one line, '' for none."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    return " ".join(cell.split())
