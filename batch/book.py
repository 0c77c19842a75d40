"""A workbook as it is read and written here: a closed file (`batch.xlsx`) or an open one
(`batch.live`).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from batch.cells import LAST_ROW, CellRange, CellValue, is_nothing
from batch.edits import Change, Edit, Effect, Marked

Ints: TypeAlias = npt.NDArray[np.int64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Floats: TypeAlias = npt.NDArray[np.float64]
ColumnArray: TypeAlias = Floats | npt.NDArray[np.object_]

Place: TypeAlias = tuple[int, int]
"""Row and column of a cell."""

NO_STYLE: Final = -1
"""The style of a cell that has none."""


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A worksheet: its name, its part and whether it is visible, hidden or veryHidden."""

    name: str
    part: str
    state: str


@dataclass(frozen=True, slots=True)
class ExcelTable:
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
class ReadColumns:
    """Cells of some columns.

    ``rows``: ascending numbers of the n rows in which at least one of the columns isn't blank.
    ``values``: per column (A is 1) an array of n: float64 with NaN for blank where all cells
    that aren't blank hold numbers, else objects (float, str, bool, CellError, date, datetime,
    None for blank). Empty text counts as blank.
    ``uncalculated``: (row, column) of formulas without a stored result; they read as blank.
    ``styles``: per column the n styles of the cells, ``NO_STYLE`` where there is none.
    """

    rows: Ints
    values: dict[int, ColumnArray]
    uncalculated: list[tuple[int, int]]
    styles: dict[int, Ints]

    def by_row(self, column: int) -> dict[int, object]:
        """The cells of a column that aren't blank, by their rows."""
        cells = zip(self.rows.tolist(), self.values[column].tolist(), strict=True)
        return {row: value for row, value in cells if not is_nothing(value)}


@dataclass(frozen=True, slots=True)
class FormulaCell:
    """A cell with a formula.

    ``formula``: its text, without the equals sign, as it stands in the cell *origin*; that is
    another cell where a formula is shared. ``area``: the cells that an array formula fills, None
    for any other. ``spills``: whether Excel itself finds out how many cells they are.
    """

    place: Place
    formula: str
    origin: Place
    area: CellRange | None = None
    spills: bool = False


class Formulas(NamedTuple):
    """Cells of a sheet with certain formulas, and how many of these can't be read for certain."""

    cells: Sequence[FormulaCell] = ()
    unread: int = 0


class TableRows(NamedTuple):
    """The rows of a table: how many they are, and the cells of its columns from left to right, the
    first one in row 2; of a column without cells none.
    """

    number: int
    columns: Sequence[Sequence[object]]


class Book(Protocol):
    """A workbook, closed or open: read as it stands, with what was staged; written later, whole.

    Of an open one, which calculates by itself, no formulas are found and no results renewed.
    """

    @property
    def path(self) -> Path:
        """The file, also of a workbook that was never saved."""

    @property
    def date1904(self) -> bool:
        """Whether its dates are counted from 1904."""

    @property
    def sheets(self) -> Sequence[Worksheet]:
        """Its worksheets, in their order."""

    def sheet(self, name: str) -> Worksheet:
        """The sheet of that name, in whatever case. Raises SheetNotFound."""

    def tables(self, sheet: Worksheet) -> list[ExcelTable]:
        """The Excel tables of a sheet."""

    def named(self, name: str) -> tuple[Worksheet, int, int] | None:
        """Sheet, row and column of the cell of that name; None where the workbook has none."""

    def top_rows(self, sheet: Worksheet, count: int) -> dict[int, dict[int, str]]:
        """The texts in its first rows: row, column, text."""

    def columns(
        self, sheet: Worksheet, wanted: Sequence[int], first_row: int = 1, last_row: int = LAST_ROW
    ) -> ReadColumns:
        """The cells of some columns between two rows."""

    def last_row(self, sheet: Worksheet) -> int:
        """The last row of a sheet that is in use, 0 for none."""

    def is_bare(self, sheet: Worksheet) -> bool:
        """Whether nothing stands on a sheet, or is drawn there."""

    def shows_dates(self, styles: Ints) -> Bools:
        """Which cells, given by their *styles*, show a number as a date."""

    def shows_moments(self, styles: Ints) -> Bools:
        """Which cells, given by their *styles*, show a number as a date or a time."""

    def shows_percent(self, sheet: Worksheet, row: int, column: int) -> bool:
        """Whether a cell shows its number as percents."""

    def forget(self, sheet: Worksheet) -> None:
        """Free what was read of a sheet, where that takes up memory."""

    def compare(self, edits: Sequence[Edit]) -> Effect:
        """What the edits of existing columns would do; nothing is staged."""

    def stage(self, edits: Sequence[Edit]) -> Effect:
        """Have the edits written when the workbook is.

        Raises SheetNotFound, and CellsTaken or TableNotExtendable where new columns have no room.
        """

    def formulas(self, sheet: Worksheet, functions: Collection[str]) -> Formulas:
        """The cells of a sheet whose formulas may use the functions, named in capitals."""

    def renew(
        self, sheet: Worksheet, results: Mapping[Place, CellValue], headings: Mapping[Place, str]
    ) -> list[Change]:
        """Have these results of formulas written; those that differ, under their *headings*."""


class WrittenCells(NamedTuple):
    """Cells of a sheet that differ in a new file; ``area``: how many cells the rectangle around
    all cells of the sheet has.
    """

    sheet: str
    changes: Sequence[Change]
    area: int

    @property
    def expected(self) -> Iterator[tuple[int, int, CellValue]]:
        """Row, column and new value of each, column by column; of one that was put twice the last.

        Only those of one column are in memory.
        """
        by_column = attrgetter("column")
        for column, ones in groupby(sorted(self.changes, key=by_column), by_column):
            last = {one.row: one.new for one in ones}
            yield from ((row, column, value) for row, value in last.items())


class Original(Protocol):
    """The file of a closed book as it was read; never changed in place."""

    @property
    def path(self) -> Path:
        """The file."""

    @property
    def content(self) -> bytes:
        """Its bytes."""

    @property
    def sha256(self) -> str:
        """Their hash."""

    def copy_with(self, replacements: Mapping[str, bytes]) -> bytes:
        """The bytes of a file in which only these parts differ. Raises NotVerified and kinds of
        WorkbookRefused.
        """

    def check_copy(self, copy: Path, replacements: Mapping[str, bytes]) -> None:
        """Raise NotVerified unless the *copy* holds these parts and all else byte for byte."""


class ClosedBook(Book, Protocol):
    """A workbook in a file."""

    @property
    def package(self) -> Original:
        """Its file."""

    @property
    def has_macros(self) -> bool:
        """Whether it has macros."""

    def read_ahead(self, *names: str) -> None:
        """Begin to unpack these sheets, which goes on while others are read."""

    def link(self, sheet: Worksheet, links: Mapping[Place, tuple[str, str]]) -> list[Change]:
        """Have cells of ours written, each with a formula that leads somewhere and the text that it
        shows, or nothing for two empty texts; those that differ.
        """

    def mark(self, sheet: Worksheet, marked: Sequence[Marked]) -> Sequence[Marked]:
        """Give columns their looks, beside the conditional formats that stand there: the columns
        that have none of them so far, which it gives. Once for a sheet.
        """

    def unmark(self, sheet: Worksheet, marked: Sequence[Marked]) -> bool:
        """Take away looks that stand as they were given; whether there are any."""

    @property
    def marked(self) -> Mapping[str, Sequence[Marked]]:
        """The looks that were given, by the sheet's name."""

    def parts(self) -> dict[str, bytes]:
        """New bytes of the parts that differ by what was staged."""

    @property
    def written(self) -> Sequence[WrittenCells]:
        """The cells that were staged and differ, a sheet each."""

    @property
    def lengthened(self) -> Mapping[str, int]:
        """The last row of each table that gets rows, by its part."""


def numbers_or_objects(cells: npt.NDArray[np.object_]) -> ColumnArray:
    """A column as numbers where all of its cells are, NaN for blank; else as they are."""
    if all(cell is None or type(cell) is float for cell in cells):
        return cells.astype(np.float64)
    return cells
