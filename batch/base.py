"""A client base in a workbook: where its tables stand, and their cells."""

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from batch.book import Book, ExcelTable, ReadColumns, Worksheet
from batch.cells import LAST_ROW, column_letters
from batch.edits import Region
from batch.errors import HeadingsDisagree, SheetNotFound
from batch.recalculation.completion import completed
from rules.config.conditions import conditions_in
from rules.config.settings import FILLED, Config
from rules.errors import ClientBaseError
from rules.model.declarations import Room, Table
from rules.model.problem import Problem
from rules.model.raw import RawTable
from rules.reading.cells import CellError, Cells, is_blank, read_text
from rules.reading.dates import from_serials
from rules.reading.whose import Filled
from rules.reading.words import (
    DoubleHeadingError,
    MissingHeadingError,
    fold,
    match_headings,
)
from words import _, marked

_MOST_NEW = 1000
"""So many new clients are looked for below the last ID of a sheet without an Excel table."""
_WORD = re.compile(r"\W")
TOP_ROWS = 20
"""In a sheet without an Excel table the headings stand in one of its first rows."""


class NoClientsError(ClientBaseError, ValueError):
    """The Clients sheet has headings but no client."""

    path: Path
    sheet: str
    says = marked(
        "'{file}': the sheet '{sheet}' has no clients yet, so there is nothing to "
        "fill. Type your clients (ID and name) below the headings, and try again."
    )


class TooManyClientsError(ClientBaseError, ValueError):
    """More rows on Clients than anyone has clients."""

    path: Path
    sheet: str
    found: int
    most: int
    says = marked(
        "'{file}': the sheet '{sheet}' has {found} rows with clients, at most {most} "
        "are taken for a client base. Delete rows that were filled down by mistake, "
        "or raise limits.clients in config.yaml."
    )


@dataclass(frozen=True)
class Place:
    """Where a table stands: its sheet, headings by column number, and rows from first to last.

    named: the headings of an Excel table by what that says of itself, where its cells say
    otherwise: Excel keeps the two alike, other programs don't always.
    """

    sheet: Worksheet
    header_row: int
    headings: Mapping[int, str]
    first_row: int
    last_row: int
    part: str | None
    columns: Mapping[str, int]
    totals_rows: int = 0
    named: Mapping[int, str] | None = None

    @property
    def disagreeing(self) -> list[str]:
        """The heading cells that say another thing than their Excel table."""
        named = self.named or {}
        columns = sorted(named.keys() | self.headings.keys()) if named else []
        return [
            f"{column_letters(one)}{self.header_row}"
            for one in columns
            if fold(named.get(one, "")) != fold(self.headings.get(one, ""))
        ]


@dataclass(frozen=True)
class ClientBase:
    """The raw tables of a workbook, and where the filled columns belong.

    tables and places: of those that it has, by key. region: the rows of Clients, filled: the column
    number of each of its filled columns that exists; problems are those of reading, before any
    rule. completed: which cells of hers were blank, and follow from the rest of their row.
    """

    tables: Mapping[str, RawTable]
    places: Mapping[str, Place]
    filled: Mapping[str, int]
    problems: tuple[Problem, ...]
    completed: tuple[Filled, ...] = ()

    @cached_property
    def region(self) -> Region:
        """The rows of Clients."""
        return self.rows_of(next(iter(self.tables)))

    @property
    def headings(self) -> Mapping[int, str]:
        """The headings of Clients by column number."""
        return next(iter(self.places.values())).headings

    @property
    def clients(self) -> RawTable:
        """The clients."""
        return next(iter(self.tables.values()))

    def rows_of(self, key: str) -> Region:
        """The rows of a table."""
        place = self.places[key]
        rows = self.tables[key].rows.tolist()
        return Region(place.sheet.name, place.header_row, rows, place.part)


def read_base(
    workbook: Book,
    config: Config,
    *,
    detailed: bool = False,
    may_be_empty: bool = False,
    as_typed: bool = False,
) -> ClientBase:
    """The tables of *workbook*; *detailed*: with the columns that no rule decides by, too;
    *may_be_empty*: one without clients will do; *as_typed*: nothing follows in blank cells.

    Raises SheetNotFound, MissingHeadingError, DoubleHeadingError, NoClientsError,
    TooManyClientsError and what reading a broken file raises.
    """
    reader = _Reader(workbook, config, detailed=detailed)
    tables: dict[str, RawTable] = {}
    places: dict[str, Place] = {}
    alone = {
        one.key for room in config.rooms if room.key in config.rooms_off for one in room.tables
    }
    for key, table in config.rooms.tables.items():
        place = reader.place(table) if key not in alone else None
        if place is not None:
            tables[key], places[key] = reader.table(table, place), place
            reader.report_disagreement(place)
        if table is config.rooms.clients:
            _count(workbook, tables[key], config, may_be_empty=may_be_empty)
    place = places[config.rooms.clients.key]
    filled = _filled_columns(place, config, [*config.rooms.on(tables, config)])
    problems = tuple(reader.problems)
    if as_typed:
        return ClientBase(tables, places, filled, problems)
    whole = completed(workbook, tables, places, config)
    return ClientBase(whole.tables, places, filled, problems, whole.filled)


def _filled_columns(place: Place, config: Config, on: Collection[Room]) -> dict[str, int]:
    """Where the grey columns stand on Clients. In a base that hasn't the room, two columns of hers
    may have a heading of it; both are hers then.
    """
    name, names = place.sheet.name, config.headings(FILLED)
    sure = {one.key: names[one.key] for room in on for one in room.columns}
    found = match_headings(name, FILLED, place.headings, sure)
    for key in names.keys() - sure.keys():
        with suppress(DoubleHeadingError):
            found |= match_headings(name, FILLED, place.headings, {key: names[key]})
    return found


def _count(workbook: Book, clients: RawTable, config: Config, *, may_be_empty: bool) -> None:
    """Raise where there are no clients, or far too many."""
    count, most = len(clients.rows), config.limits.clients
    if not count and not may_be_empty:
        raise NoClientsError(workbook.path, clients.sheet)
    if count > most:
        raise TooManyClientsError(workbook.path, clients.sheet, count, most)


def _own_columns(place: Place, config: Config) -> dict[str, int]:
    """The columns of hers that conditions ask for, by folded heading.

    A condition may name a column by the heading in the workbook or by any that is accepted.
    """
    by_heading = {fold(text): column for column, text in place.headings.items()}
    for key, accepted in config.headings(config.rooms.clients.key).items():
        if key in place.columns:
            by_heading |= dict.fromkeys(map(fold, accepted), place.columns[key])
    asked = {fold(name) for _, when in conditions_in(config) for name in when.columns or {}}
    return {name: by_heading[name] for name in asked if name in by_heading}


def _locate(workbook: Book, table: Table, config: Config) -> Place:
    """Where *table* stands on its sheet: the first Excel table with the required headings, else
    below the first of the top rows that holds them.
    """
    sheet, accepted = workbook.sheet(config.sheet(table.key)), config.headings(table.key)
    best: MissingHeadingError | None = None
    for place in chain(_tables(workbook, sheet), _plain_ranges(workbook, sheet)):
        try:
            required = _required(place, table, accepted)
            found = match_headings(sheet.name, table.key, place.headings, accepted, required)
        except MissingHeadingError as error:
            _check_named(place, table, accepted)
            if best is None or len(error.found) > len(best.found):
                best = error
            continue
        if place.part is not None:
            return replace(place, columns=found)
        last_row = _last_row_with_id(workbook, place, _identities(table, found))
        if table is config.rooms.clients:
            last_row = _last_new_client(workbook, place, found["name"], last_row, config)
        return replace(place, columns=found, last_row=last_row)
    if best is None:
        key = table.required_keys[0]
        best = MissingHeadingError(sheet.name, f"{table.key}.{key}", accepted[key], [])
    raise best


def _check_named(place: Place, table: Table, accepted: Mapping[str, Sequence[str]]) -> None:
    """Raise HeadingsDisagree where an Excel table says that it is *table*, and its cells don't."""
    if place.named is None:
        return
    with suppress(MissingHeadingError):
        name, named = place.sheet.name, replace(place, headings=place.named)
        required = _required(named, table, accepted)
        match_headings(name, table.key, place.named, accepted, required)
        raise HeadingsDisagree(name, place.disagreeing)


def _required(place: Place, table: Table, accepted: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The columns without which the table can't be used: none for IDs where one is for names."""
    names = set(map(fold, accepted.get(table.named_by, ())))
    if names.isdisjoint(map(fold, place.headings.values())):
        return table.required_keys
    return [one for one in table.required_keys if one != table.identity]


def _identities(table: Table, columns: Mapping[str, int]) -> list[int]:
    """The columns of which each makes a row one of the table."""
    keys = (table.identity, table.named_by) if table.identity else table.required_keys[:1]
    return [columns[key] for key in keys if key in columns]


def _tables(workbook: Book, sheet: Worksheet) -> Iterator[Place]:
    for table in workbook.tables(sheet):
        if table.header_row is not None:
            named = dict(enumerate(table.columns, table.ref.first_column))
            headings = _heading_cells(workbook, sheet, table)
            rows, totals = (table.first_row, table.last_row), table.totals_rows
            place = Place(
                sheet, table.header_row, headings, *rows, table.part, {}, totals, named=named
            )
            yield place if place.disagreeing else replace(place, headings=named, named=None)


def _heading_cells(workbook: Book, sheet: Worksheet, table: ExcelTable) -> dict[int, str]:
    """What stands in the heading cells of an Excel table, by column number."""
    columns = range(table.ref.first_column, table.ref.last_column + 1)
    read = workbook.columns(sheet, columns, table.ref.first_row, table.ref.first_row)
    return {
        column: str(read_text(values[:1])[0])
        for column, values in read.values.items()
        if len(values) and not is_blank(values)[0]
    }


def _plain_ranges(workbook: Book, sheet: Worksheet) -> Iterator[Place]:
    for row, headings in sorted(workbook.top_rows(sheet, TOP_ROWS).items()):
        yield Place(sheet, row, headings, row + 1, LAST_ROW, None, {})


def _with_rows_of(read: ReadColumns, makes_a_row: Collection[int]) -> ReadColumns:
    """What was read, without the rows in which none of these columns holds anything."""
    filled = np.logical_or.reduce([~is_blank(read.values[one]) for one in makes_a_row])
    return ReadColumns(
        read.rows[filled],
        {column: cells[filled] for column, cells in read.values.items()},
        read.uncalculated,
        {column: styles[filled] for column, styles in read.styles.items()},
    )


def _last_row_with_id(workbook: Book, place: Place, columns: Sequence[int]) -> int:
    """In a sheet without an Excel table the data end with the last row that has an ID, or the name
    in its place.
    """
    rows = workbook.columns(place.sheet, columns, place.first_row, LAST_ROW).rows
    return int(rows[-1]) if len(rows) else place.header_row


def _last_new_client(
    workbook: Book, place: Place, column: int, last_row: int, config: Config
) -> int:
    """The last of the names right below the last ID: clients who have none yet. What has a digit,
    or begins with a word for totals, is no name but a note below the list.
    """
    totals = set(map(fold, config.total_words))
    read = workbook.columns(place.sheet, [column], last_row + 1, last_row + _MOST_NEW)
    for row, name in zip(read.rows.tolist(), read.values[column].tolist(), strict=True):
        is_note = type(name) is not str or any(sign.isdigit() for sign in name)
        if row != last_row + 1 or is_note or _WORD.split(fold(name).strip())[0] in totals:
            break
        last_row = row
    return last_row


def with_dates(workbook: Book, cells: Cells, styles: NDArray[np.int64]) -> Cells:
    """The cells of a column, with numbers that Excel shows as dates as dates, as it hands them to
    the functions too: of a typed 12.05 it makes a date, and no ID or amount.
    """
    shown_as_dates = workbook.shows_dates(styles)
    if not shown_as_dates.any():
        return cells
    mixed = cells.astype(object)
    mixed[is_blank(cells)] = None
    is_number = np.array([isinstance(cell, float) for cell in mixed])
    at = np.flatnonzero(shown_as_dates & is_number)
    days = from_serials(mixed[at].astype(np.float64), epoch_1904=workbook.date1904)
    for place, day in zip(at.tolist(), days.tolist(), strict=True):
        mixed[place] = _shown_time(mixed[place]) if day is None else day
    return mixed


def _show_times(
    workbook: Book, cells: dict[int, Cells], styles: Mapping[int, NDArray[np.int64]], column: int
) -> None:
    """Have the numbers of a column that Excel shows as times of day be times."""
    shown_as_times = workbook.shows_moments(styles[column])
    if shown_as_times.any():
        mixed = cells[column].astype(object)
        for at in np.flatnonzero(shown_as_times & ~is_blank(cells[column])).tolist():
            if isinstance(mixed[at], float):
                mixed[at] = _shown_time(mixed[at] % 1)
        cells[column] = mixed


def _shown_time(number: float) -> dt.time | CellError:
    """A number that is shown as a date and is none: the time of day that Excel shows, or the signs
    that it fills the cell with.
    """
    if not 0 <= number < 1:
        return CellError("########")
    minutes = min(round(number * 24 * 60), 24 * 60 - 1)
    return dt.time(*divmod(minutes, 60))


class _Reader:
    """Reads tables, and notes formulas that have no stored result."""

    def __init__(self, workbook: Book, config: Config, *, detailed: bool) -> None:
        self.workbook = workbook
        self.config = config
        self.detailed = detailed
        self.problems: list[Problem] = []

    def place(self, table: Table) -> Place | None:
        """Where a table stands; None where the workbook has no sheet for it, or one that lacks a
        heading that only a room of hers needs.
        """
        try:
            return _locate(self.workbook, table, self.config)
        except SheetNotFound:
            if table.required:
                raise
        except MissingHeadingError as error:
            if table.required or table.missing:
                raise
            self.problems.append(Problem(error.sheet, "A1", "", str(error)))
        return None

    def table(self, table: Table, place: Place) -> RawTable:
        """The columns of a table that rules look at, and those that only are shown where asked for.

        Rows in which nothing but what is shown stands aren't rows; filled columns count.
        """
        used = {one.key: one for one in table.fields if one.key in place.columns}
        looked_at = ("rule", "row")
        columns = {key: place.columns[key] for key, one in used.items() if one.use in looked_at}
        details = {
            key: place.columns[key]
            for key, one in used.items()
            if one.use == "shown" and self.detailed
        }
        own: Mapping[str, int] = {}
        makes_a_row = set(columns.values())
        makes_a_row |= {place.columns[one.key] for one in table.filled if one.key in place.columns}
        if table is self.config.rooms.clients:
            own = _own_columns(place, self.config)
            makes_a_row |= set(own.values()) | self._filled(place)
        typed = {*columns.values(), *own.values()}
        read = self._read(place, makes_a_row, set(details.values()))
        needed = typed - ({columns.get(table.named_by, 0)} if table.identity in columns else set())
        self._report(place, [at for at in read.uncalculated if at[1] in needed])
        self._report_below(table, place)
        shown = typed | set(details.values())
        cells = {column: read.values[column] for column in shown}
        dates = {columns[key] for key in columns if used[key].is_date}
        dates |= {details[key] for key in details if used[key].is_date} - typed
        for column in shown - dates:
            cells[column] = with_dates(self.workbook, cells[column], read.styles[column])
        for key, column in columns.items():
            if used[key].kind == "amount":
                _show_times(self.workbook, cells, read.styles, column)
        keyed = columns | details
        shown_as_dates = {
            key: self.workbook.shows_dates(read.styles[column])
            for key, column in keyed.items()
            if column in dates
        }
        return RawTable(
            place.sheet.name,
            read.rows.astype(np.int64),
            {key: cells[column] for key, column in columns.items()},
            {key: column_letters(column) for key, column in keyed.items()},
            {heading: cells[column] for heading, column in own.items()},
            self.workbook.date1904,
            {key: cells[column] for key, column in details.items()},
            shown_as_dates,
        )

    def report_disagreement(self, place: Place) -> None:
        """Tell where an Excel table and its heading cells say different things."""
        cells = place.disagreeing
        if cells:
            advice = _(
                "The heading cells {cells} say other things than the table around them, so "
                "another program has changed this file. The cells count. Open the workbook in "
                "Excel, let it repair the table, and save."
            ).format(cells=", ".join(cells[:10]))
            self.problems.append(Problem(place.sheet.name, cells[0], "", advice))

    def _filled(self, place: Place) -> set[int]:
        """The filled columns that stand there."""
        always = [room for room in self.config.rooms if not room.is_extra]
        return set(_filled_columns(place, self.config, always).values())

    def _read(self, place: Place, makes_a_row: set[int], others: set[int]) -> ReadColumns:
        """The cells of columns in all rows of which one of the first holds anything."""
        wanted = sorted(makes_a_row | others)
        read = self.workbook.columns(place.sheet, wanted, place.first_row, place.last_row)
        return _with_rows_of(read, makes_a_row) if len(wanted) > len(makes_a_row) else read

    def _report_below(self, table: Table, place: Place) -> None:
        """Rows that hold anything below an Excel table, and so aren't read: one problem for those
        that follow one another.
        """
        last = place.last_row + place.totals_rows
        if place.part is None or self.workbook.last_row(place.sheet) <= last:
            return
        rows = self.workbook.columns(place.sheet, sorted(place.headings), last + 1, LAST_ROW).rows
        for other in self.workbook.tables(place.sheet):
            if other.part != place.part:
                rows = rows[(rows < other.ref.first_row) | (rows > other.ref.last_row)]
        letters = column_letters(_identities(table, place.columns)[0])
        for stretch in np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1) if len(rows) else ():
            advice = (
                _(
                    "This row stands below the table and isn't read. Drag the table's corner "
                    "down over it, in Excel."
                )
                if len(stretch) == 1
                else _(
                    "This row and those down to row {row} stand below the table and aren't read. "
                    "Drag the table's corner down over them, in Excel."
                ).format(row=stretch[-1])
            )
            cell = f"{letters}{stretch[0]}"
            self.problems.append(Problem(place.sheet.name, cell, "", advice))

    def _report(self, place: Place, uncalculated: list[tuple[int, int]]) -> None:
        advice = _(
            "A formula without a result, so it counts as blank. Open the file in Excel, "
            "recalculate and save."
        )
        for row, column in uncalculated:
            if row <= place.last_row:
                cell = f"{column_letters(column)}{row}"
                self.problems.append(Problem(place.sheet.name, cell, "=…", advice))
