"""A workbook as it is read and written here: a closed file (`batch.xlsx`) or an open one
(`batch.live`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from batch.cells import CellRange

Ints: TypeAlias = npt.NDArray[np.int64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Floats: TypeAlias = npt.NDArray[np.float64]
Column: TypeAlias = Floats | npt.NDArray[np.object_]

NO_STYLE: Final = -1
"""The style of a cell that has none."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: its name, its part and whether it is visible, hidden or veryHidden."""

    name: str
    part: str
    state: str


@dataclass(frozen=True, slots=True)
class Table:
    """An Excel table. *kind* is "worksheet", or "queryTable" or "xml" for outside data."""

    part: str
    name: str
    ref: CellRange
    header_rows: int
    totals_rows: int
    columns: tuple[str, ...]
    """Headings from left to right, as the heading cells show them."""
    kind: str

    @property
    def header_row(self) -> int | None:
        """Number of the heading row, None for a table without one."""
        return self.ref.first_row if self.header_rows else None

    @property
    def first_row(self) -> int:
        """Number of the first data row."""
        return self.ref.first_row + self.header_rows

    @property
    def last_row(self) -> int:
        """Number of the last data row; below ``first_row`` if there is none."""
        return self.ref.last_row - self.totals_rows


@dataclass(frozen=True)
class Columns:
    """Cells of some columns.

    ``rows``: ascending numbers of the n rows in which at least one of the columns isn't blank.
    ``values``: per column (A is 1) an array of n: float64 with NaN for blank where all cells
    that aren't blank hold numbers, else objects (float, str, bool, CellError, date, datetime,
    None for blank). Empty text counts as blank.
    ``uncalculated``: (row, column) of formulas without a stored result; they read as blank.
    ``styles``: per column the n styles of the cells, ``NO_STYLE`` where there is none.
    """

    rows: Ints
    values: dict[int, Column]
    uncalculated: list[tuple[int, int]]
    styles: dict[int, Ints]


class Book(Protocol):
    """A workbook, closed or open."""

    @property
    def path(self) -> Path:
        """The file, also of a workbook that was never saved."""

    @property
    def date1904(self) -> bool:
        """Whether its dates are counted from 1904."""

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name, in whatever case. Raises SheetNotFound."""

    def tables(self, sheet: Sheet) -> list[Table]:
        """The Excel tables of a sheet."""

    def top_rows(self, sheet: Sheet, count: int) -> dict[int, dict[int, str]]:
        """The texts in its first rows: row, column, text."""

    def columns(
        self, sheet: Sheet, wanted: Sequence[int], first_row: int, last_row: int
    ) -> Columns:
        """The cells of some columns between two rows."""

    def is_bare(self, sheet: Sheet) -> bool:
        """Whether nothing stands on a sheet, or is drawn there."""

    def shows_dates(self, styles: Ints) -> Bools:
        """Which cells, given by their *styles*, show a number as a date."""
