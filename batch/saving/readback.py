"""Cells read by python-calamine, which shares no code with this program: lists that come from
elsewhere, and what was written, for comparing.
"""

import contextlib
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final, TypeAlias

import python_calamine

from batch.book import Place
from batch.cells import address, to_serial
from batch.errors import NotVerified
from batch.xlsx.workbook import open_book
from rules.reading.cells import CellError
from rules.reading.words import fold
from words import _

_SECOND: Final = 1.5 / 86_400
_BLANK: Final = (None, "")
_PANIC: Final = "PanicException"
"""What a panic of its Rust code becomes: no Exception, and of a class that can't be imported."""

MOST_CELLS: Final = 30_000_000
"""It makes a place in memory for each cell of the rectangle around all cells of a sheet."""


class Unreadable(ValueError):  # noqa: N818 — named for what is wrong
    """What python-calamine says of a file that it can't read."""


@contextlib.contextmanager
def opened(path: Path) -> Iterator[python_calamine.CalamineWorkbook]:
    """The workbook at *path*. Raises Unreadable, also for what is read of it."""
    try:
        with python_calamine.CalamineWorkbook.from_path(str(path)) as workbook:
            yield workbook
    except (python_calamine.CalamineError, ValueError, OverflowError) as error:
        raise Unreadable(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != _PANIC:
            raise
        raise Unreadable(_("it gave up")) from error


# Written cells, read back ---------------------------------------------------------------------


def read_back(
    path: Path,
    sheet: str,
    cells: Sequence[tuple[int, int, object]],
    *,
    date1904: bool = False,
    before: Path | None = None,
    area: int = 0,
) -> None:
    """Compare cells (row, column, value) with what python-calamine reads from the file.

    python-calamine shares no code with this program. Dates are compared as dates, numbers
    exactly (to the second where the cell shows them as a date), a blank is nothing or an empty
    text. ``date1904``: the workbook's date system. ``before``: the workbook as it was; where
    python-calamine can't read even that one (it doesn't know macro sheets, for example), our own
    reader compares; so it does where the rectangle around all cells, of *area* cells, is so large
    that python-calamine, which keeps all of it in memory, could fill that. Raises ``NotVerified``
    naming the first cell that differs.
    """
    holds = _read(path, sheet, cells, before, area)
    differing = list(_differing(holds, cells, date1904=date1904))
    if differing:
        row, column, wanted, was = differing[0]
        facts = {"sheet": sheet, "cell": address(row, column), "found": was, "wanted": wanted}
        detail = _(
            "sheet '{sheet}', cell {cell} holds {found!r} instead of {wanted!r} "
            "({differing} cells differ)"
        )
        raise NotVerified(path, detail.format(**facts, differing=len(differing)))


def check_headings(
    path: Path, sheet: str, headings: Mapping[Place, str], before: Path, area: int
) -> None:
    """Compare the heading cells of filled columns, by their places, with the columns' headings, as
    `read_back` reads them. Raises ``NotVerified`` for the first that is another one.
    """
    holds = _read(path, sheet, [(*place, "") for place in headings], before, area)
    for place, heading in headings.items():
        found = holds(*place)
        if fold(str(found or "")) != fold(heading):
            detail = _(
                "sheet '{sheet}', heading cell {cell} says {found!r}, and the column '{heading}' "
                "was filled below it"
            )
            facts = {"sheet": sheet, "cell": address(*place), "found": found, "heading": heading}
            raise NotVerified(path, detail.format(**facts))


_Holds: TypeAlias = Callable[[int, int], object]
"""What the cell in a row and column holds, None for nothing."""


def _read(
    path: Path,
    sheet: str,
    cells: Sequence[tuple[int, int, object]],
    before: Path | None,
    area: int,
) -> _Holds:
    try:
        if area <= MOST_CELLS:
            return _read_by_calamine(path, sheet)
    except Unreadable as error:
        if before is None or _is_readable(before, sheet):
            found = _("another reader can't open it ({error})")
            raise NotVerified(path, found.format(error=error)) from error
    return _read_by_ourselves(path, sheet, cells)


def _read_by_calamine(path: Path, sheet: str) -> _Holds:
    with opened(path) as book:
        values = book.get_sheet_by_name(sheet)
        first_row, first_column = values.start or (0, 0)
        rows = values.to_python(skip_empty_area=True)

    def holds(row: int, column: int) -> object:
        row, column = row - 1 - first_row, column - 1 - first_column
        inside = 0 <= row < len(rows) and 0 <= column < len(rows[row])
        return rows[row][column] if inside else None

    return holds


def _is_readable(path: Path, sheet: str) -> bool:
    try:
        _read_by_calamine(path, sheet)
    except Unreadable:
        return False
    return True


def _read_by_ourselves(path: Path, sheet: str, cells: Sequence[tuple[int, int, object]]) -> _Holds:
    rows, wanted = {row for row, _, _ in cells}, sorted({column for _, column, _ in cells})
    book = open_book(path)
    read = book.columns(book.sheet(sheet), wanted, min(rows, default=1), max(rows, default=1))
    found = {column: read.by_row(column) for column in wanted}
    return lambda row, column: found[column].get(row)


def _differing(
    holds: _Holds, cells: Iterable[tuple[int, int, object]], *, date1904: bool
) -> Iterator[tuple[int, int, object, object]]:
    """Row, column, what was written and what was found."""
    for column, ones in groupby(cells, itemgetter(1)):
        numbers, _, wanted = zip(*ones, strict=True)
        found = [holds(number, column) for number in numbers]
        if found == list(wanted) and list(map(type, found)) == list(map(type, wanted)):
            continue
        for number, was, one in zip(numbers, found, wanted, strict=True):
            is_same = type(was) is type(one) and was == one
            if not is_same and not _agrees(was, one, date1904=date1904):
                yield number, column, one, was


def _agrees(found: object, wanted: object, *, date1904: bool) -> bool:
    """Whether calamine's value is the one that was written; it reads an error as blank."""
    if wanted in _BLANK or found in _BLANK:
        return found in _BLANK and (wanted in _BLANK or isinstance(wanted, CellError))
    if isinstance(wanted, dt.datetime):
        return isinstance(found, dt.datetime) and abs(found - wanted) < dt.timedelta(seconds=1)
    if isinstance(wanted, dt.date):
        return _serial(found, date1904=date1904) == to_serial(wanted, date1904=date1904)
    if isinstance(wanted, (int, float)):
        if isinstance(found, (int, float)):
            return found == wanted
        serial = _serial(found, date1904=date1904)
        return serial is not None and abs(serial - wanted) < _SECOND
    return isinstance(found, str) and found == wanted


def _serial(found: object, *, date1904: bool) -> float | None:
    """The number behind a cell, also where calamine takes it for a date, a time or a duration."""
    if isinstance(found, dt.date):
        return to_serial(found, date1904=date1904)
    if isinstance(found, dt.time):
        found = dt.timedelta(hours=found.hour, minutes=found.minute, seconds=found.second)
    if isinstance(found, dt.timedelta):
        return found / dt.timedelta(days=1)
    return found if isinstance(found, float) else None
