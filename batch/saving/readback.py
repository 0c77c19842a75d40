"""Cells read by python-calamine, which shares no code with this program: lists that come from
elsewhere, and what was written, for comparing.
"""

import contextlib
import datetime as dt
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import python_calamine

from batch.book import Place
from batch.cells import LAST_ROW, address, to_serial
from batch.errors import NotVerified
from batch.xlsx.workbook import open_book
from rules.reading.cells import CellError
from rules.reading.words import fold
from words import _

_SECOND: Final = 1.5 / 86_400
_BLANK: Final = (None, "")
_PANIC: Final = "PanicException"
"""What a panic of its Rust code becomes: no Exception, and of a class that can't be imported."""

_AT_ONCE: Final = 1_000
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
    cells: Iterable[tuple[int, int, object]],
    *,
    date1904: bool = False,
    before: Path | None = None,
    area: int = 0,
) -> None:
    """Compare cells (row, column, value), column by column, with what python-calamine reads from
    the file.

    python-calamine shares no code with this program. Dates are compared as dates, numbers
    exactly (to the second where the cell shows them as a date), a blank is nothing or an empty
    text. ``date1904``: the workbook's date system. ``before``: the workbook as it was; where
    python-calamine can't read even that one (it doesn't know macro sheets, for example), our own
    reader compares; so it does where the rectangle around all cells, of *area* cells, is so large
    that python-calamine, which keeps all of it in memory, could fill that. Raises ``NotVerified``
    naming the first cell that differs.
    """
    wanted = list(_by_column(cells))
    read = _read(path, sheet, wanted, before, area)
    differing = list(_differing(read, wanted, date1904=date1904))
    if differing:
        row, column, value, was = differing[0]
        facts = {"sheet": sheet, "cell": address(row, column), "found": was, "wanted": value}
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
    wanted = list(_by_column((*place, heading) for place, heading in headings.items()))
    for column, rows, named, found in list(
        _found(_read(path, sheet, wanted, before, area), wanted)
    ):
        for row, heading, was in zip(rows, named, found, strict=True):
            if fold(str(was or "")) != fold(str(heading)):
                detail = _(
                    "sheet '{sheet}', heading cell {cell} says {found!r}, and the column "
                    "'{heading}' was filled below it"
                )
                cell = address(row, column)
                facts = {"sheet": sheet, "cell": cell, "found": was, "heading": heading}
                raise NotVerified(path, detail.format(**facts))


class _Expected(NamedTuple):
    """What the cells of a column in some rows, ascending, shall hold."""

    number: int
    rows: npt.NDArray[np.int64]
    values: list[object]


class _Rows(NamedTuple):
    """The rows before *stop* that weren't read yet; holds: what their cells in a column hold, None
    for nothing.
    """

    stop: int
    holds: Callable[[list[int], int], list[object]]


def _by_column(cells: Iterable[tuple[int, int, object]]) -> Iterator[_Expected]:
    for column, ones in groupby(cells, itemgetter(1)):
        numbers, _, values = zip(*ones, strict=True)
        rows = np.array(numbers, np.int64)
        order = np.argsort(rows, kind="stable")
        yield _Expected(column, rows[order], [values[place] for place in order.tolist()])


def _read_by_calamine(path: Path, sheet: str) -> Iterator[_Rows]:
    """The rows some at a time, since as objects of Python they take up much memory."""
    with opened(path) as book:
        values = book.get_sheet_by_name(sheet)
        left, rows, first = (values.start or (0, 0))[1] + 1, iter(values.iter_rows()), 1
        while some := list(islice(rows, _AT_ONCE)):

            def holds(
                numbers: list[int],
                column: int,
                some: Sequence[Sequence[object]] = some,
                first: int = first,
            ) -> list[object]:
                at = column - left
                if not 0 <= at < len(some[0]):
                    return [None] * len(numbers)
                return [some[number - first][at] for number in numbers]

            first += len(some)
            yield _Rows(first, holds)


def _is_readable(path: Path, sheet: str) -> bool:
    try:
        with opened(path) as book:
            deque(book.get_sheet_by_name(sheet).iter_rows(), maxlen=0)
    except Unreadable:
        return False
    return True


def _read_by_ourselves(path: Path, sheet: str, wanted: Sequence[_Expected]) -> Iterator[_Rows]:
    ends = [row for one in wanted for row in (int(one.rows[0]), int(one.rows[-1]))]
    columns = sorted({one.number for one in wanted})
    book = open_book(path)
    read = book.columns(book.sheet(sheet), columns, min(ends, default=1), max(ends, default=1))
    found = {column: read.by_row(column) for column in columns}
    yield _Rows(LAST_ROW + 1, lambda rows, column: [found[column].get(row) for row in rows])


def _read(
    path: Path, sheet: str, wanted: Sequence[_Expected], before: Path | None, area: int
) -> Iterator[_Rows]:
    """The rows of a sheet, as `read_back` reads them."""
    try:
        if area <= MOST_CELLS:
            yield from _read_by_calamine(path, sheet)
            return
    except Unreadable as error:
        if before is None or _is_readable(before, sheet):
            found = _("another reader can't open it ({error})")
            raise NotVerified(path, found.format(error=error)) from error
    yield from _read_by_ourselves(path, sheet, wanted)


def _differing(
    read: Iterable[_Rows], wanted: Sequence[_Expected], *, date1904: bool
) -> Iterator[tuple[int, int, object, object]]:
    """Row, column, what was to be written and what was found."""
    for column, rows, values, found in _found(read, wanted):
        if found == values and list(map(type, found)) == list(map(type, values)):
            continue
        for row, was, one in zip(rows, found, values, strict=True):
            is_same = type(was) is type(one) and was == one
            if not is_same and not _agrees(was, one, date1904=date1904):
                yield row, column, one, was


def _found(
    read: Iterable[_Rows], wanted: Sequence[_Expected]
) -> Iterator[tuple[int, list[int], list[object], list[object]]]:
    """Columns, some of their rows, what these were to hold and what they do."""
    nothing = _Rows(sys.maxsize, lambda rows, _column: [None] * len(rows))
    done = [0] * len(wanted)
    for stop, holds in chain(read, [nothing]):
        for place, (column, rows, values) in enumerate(wanted):
            start, done[place] = done[place], int(np.searchsorted(rows, stop))
            here = rows[start : done[place]].tolist()
            yield column, here, values[start : done[place]], holds(here, column)


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
