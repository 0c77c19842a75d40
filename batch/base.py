"""A client base in a workbook: where its three tables stand, and their cells."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from batch.book import Book, ReadColumns, Sheet
from batch.cells import LAST_ROW, column_letters
from batch.edits import Region
from batch.errors import SheetNotFound
from rules.answers import Answers
from rules.cells import Cells, is_blank
from rules.config.basics import Model
from rules.config.conditions import conditions_in
from rules.config.settings import Config
from rules.dates import from_serials
from rules.errors import ClientBaseError
from rules.money import shown_whole
from rules.recalculation import Result
from rules.tables import (
    DATE_COLUMNS,
    REQUIRED,
    MissingHeadingError,
    Problem,
    RawTable,
    match_headings,
)
from rules.words import fold
from words import _

TOP_ROWS = 20
"""In a sheet without an Excel table the headings stand in one of its first rows."""

_ID_KEYS = ("id", "client_id")
_NEEDED = ("id", "name", "date", "client_id", "amount")
"""What makes a row one of a table, wherever it stands."""
MOST_BELOW = 1000
"""Rows below a table that are looked at, in case they should belong to it."""

_CLIENT_KEYS = (
    "id", "name", "birthday", "phone", "email", "city", "class_date", "do_not_contact",
)  # fmt: skip
"""The columns of Clients that a recalculation looks at, or that make a row a client's."""
_PURCHASE_KEYS = ("date", "client_id", "amount")
_CONTACT_KEYS = ("date", "client_id", "kind", "next_date", "next_kind")
_DETAILS = {
    "clients": (
        "address", "consultant", "spouse", "spouse_birthday", "wishes", "mailing", "notes",
    ),
    "purchases": ("product",),
    "contacts": ("note", "result"),
}  # fmt: skip
"""What no rule decides by, but lists, exports and explanations show."""


class NoClientsError(ClientBaseError, ValueError):
    """The Clients sheet has headings but no client."""

    def __init__(self, path: Path, sheet: str) -> None:
        self.path, self.sheet = path, sheet
        super().__init__(
            _(
                "'{file}': the sheet '{sheet}' has no clients yet, so there is nothing to "
                "fill. Type your clients (ID and name) below the headings, and try again."
            ).format(file=self.path.name, sheet=self.sheet)
        )


class TooManyClientsError(ClientBaseError, ValueError):
    """More rows on Clients than anyone has clients."""

    def __init__(self, path: Path, sheet: str, found: int, most: int) -> None:
        self.path, self.sheet, self.found, self.most = path, sheet, found, most
        super().__init__(
            _(
                "'{file}': the sheet '{sheet}' has {found} rows with clients, at most {most} "
                "are taken for a client base. Delete rows that were filled down by mistake, "
                "or raise limits.clients in config.yaml."
            ).format(
                file=self.path.name,
                sheet=self.sheet,
                found=shown_whole(self.found),
                most=shown_whole(self.most),
            )
        )


@dataclass(frozen=True)
class Place:
    """Where a table stands: its sheet, headings by column number, and rows from first to last."""

    sheet: Sheet
    header_row: int
    headings: Mapping[int, str]
    first_row: int
    last_row: int
    part: str | None
    columns: Mapping[str, int]
    totals_rows: int = 0


@dataclass(frozen=True)
class ClientBase:
    """The tables of a workbook, and where the filled columns belong.

    filled: the column number of each filled column that exists; contacts is None without its
    sheet, contacts_place is where it stands; problems are those of reading, before any rule.
    """

    clients: RawTable
    purchases: RawTable
    contacts: RawTable | None
    region: Region
    filled: Mapping[str, int]
    headings: Mapping[int, str]
    problems: tuple[Problem, ...]
    contacts_place: Place | None = None

    def answers(self, result: Result) -> Answers:
        """What the worksheet functions answer, by the *result* of these tables."""
        logs = [log for log in (self.purchases, self.contacts) if log is not None]
        return Answers(result, self.clients, logs)


def read_base(workbook: Book, config: Config, *, detailed: bool = False) -> ClientBase:
    """The three tables of *workbook*; *detailed*: with the columns that no rule decides by, too.

    Raises SheetNotFound, MissingHeadingError, DoubleHeadingError, NoClientsError,
    TooManyClientsError and what reading a broken file raises.
    """
    place = _locate(workbook, "clients", config)
    filled = match_headings(place.sheet.name, "filled", place.headings, config.columns.filled)
    own = _own_columns(place, config)
    reader = _Reader(workbook, config, _DETAILS if detailed else {})
    clients = reader.table("clients", place, _CLIENT_KEYS, own, filled.values())
    if not len(clients.rows):
        raise NoClientsError(workbook.path, place.sheet.name)
    if len(clients.rows) > config.limits.clients:
        raise TooManyClientsError(
            workbook.path, place.sheet.name, len(clients.rows), config.limits.clients
        )
    purchases = reader.table("purchases", _locate(workbook, "purchases", config), _PURCHASE_KEYS)
    contacts = contacts_place = None
    if _has_sheet(workbook, config.sheets.contacts):
        contacts_place = _locate(workbook, "contacts", config)
        contacts = reader.table("contacts", contacts_place, _CONTACT_KEYS)
    region = Region(place.sheet.name, place.header_row, clients.rows.tolist(), place.part)
    return ClientBase(
        clients,
        purchases,
        contacts,
        region,
        filled,
        place.headings,
        tuple(reader.problems),
        contacts_place,
    )


def _own_columns(place: Place, config: Config) -> dict[str, int]:
    """The columns of hers that conditions ask for, by folded heading.

    A condition may name a column by the heading in the workbook or by any that is accepted.
    """
    by_heading = {fold(text): column for column, text in place.headings.items()}
    for key, accepted in dict(config.columns.clients).items():
        if key in place.columns:
            by_heading |= dict.fromkeys(map(fold, accepted), place.columns[key])
    asked = {fold(name) for _, when in conditions_in(config) for name in when.columns or {}}
    return {name: by_heading[name] for name in asked if name in by_heading}


def _has_sheet(workbook: Book, name: str) -> bool:
    try:
        workbook.sheet(name)
    except SheetNotFound:
        return False
    return True


def _locate(workbook: Book, table: str, config: Config) -> Place:
    """Where *table* stands on its sheet: the first Excel table with the required headings, else
    below the first of the top rows that holds them.
    """
    sheet = workbook.sheet(getattr(config.sheets, table))
    columns: Model = getattr(config.columns, table)
    best: MissingHeadingError | None = None
    for place in chain(_tables(workbook, sheet), _plain_ranges(workbook, sheet)):
        try:
            found = match_headings(sheet.name, table, place.headings, columns)
        except MissingHeadingError as error:
            if best is None or len(error.found) > len(best.found):
                best = error
            continue
        if place.part is not None:
            return replace(place, columns=found)
        last_row = _last_row_with_id(workbook, place, table, found)
        return replace(place, columns=found, last_row=last_row)
    if best is None:
        key = REQUIRED[table][0]
        best = MissingHeadingError(sheet.name, f"{table}.{key}", getattr(columns, key), [])
    raise best


def _tables(workbook: Book, sheet: Sheet) -> Iterator[Place]:
    for table in workbook.tables(sheet):
        if table.header_row is not None:
            headings = dict(enumerate(table.columns, table.ref.first_column))
            rows = (table.first_row, table.last_row)
            totals = table.totals_rows
            yield Place(sheet, table.header_row, headings, *rows, table.part, {}, totals)


def _plain_ranges(workbook: Book, sheet: Sheet) -> Iterator[Place]:
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


def _last_row_with_id(workbook: Book, place: Place, table: str, columns: Mapping[str, int]) -> int:
    """In a sheet without an Excel table the data end with the last row that has an ID."""
    key = "id" if table == "clients" else "client_id"
    rows = workbook.columns(place.sheet, [columns[key]], place.first_row, LAST_ROW).rows
    return int(rows[-1]) if len(rows) else place.header_row


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
        mixed[place] = mixed[place] if day is None else day
    return mixed


class _Reader:
    """Reads tables, and notes formulas that have no stored result.

    details: keys of columns by table, read besides those that the rules look at.
    """

    def __init__(
        self, workbook: Book, config: Config, details: Mapping[str, tuple[str, ...]]
    ) -> None:
        self.workbook = workbook
        self.config = config
        self.details = details
        self.problems: list[Problem] = []

    def table(
        self,
        name: str,
        place: Place,
        keys: tuple[str, ...],
        own: Mapping[str, int] | None = None,
        filled: Collection[int] = (),
    ) -> RawTable:
        """The columns *keys* and *own* of a table.

        Rows in which none of these and of the *filled* columns holds anything aren't rows.
        """
        own = own or {}
        columns = {key: place.columns[key] for key in keys if key in place.columns}
        typed = {*columns.values(), *own.values()}
        details = {
            key: place.columns[key] for key in self.details.get(name, ()) if key in place.columns
        }
        below = MOST_BELOW if place.part is not None and not place.totals_rows else 0
        last_read = min(place.last_row + below, LAST_ROW)
        makes_a_row = typed | set(filled)
        wanted = sorted(makes_a_row | set(details.values()))
        read = self.workbook.columns(place.sheet, wanted, place.first_row, last_read)
        if len(wanted) > len(makes_a_row):
            read = _with_rows_of(read, makes_a_row)
        inside = read.rows <= place.last_row
        self._report(place, [at for at in read.uncalculated if at[1] in typed])
        self._report_below(place, columns, read)
        shown = typed | set(details.values())
        cells = {column: read.values[column][inside] for column in shown}
        dates = {columns[key] for key in DATE_COLUMNS & columns.keys()}
        dates |= {details[key] for key in DATE_COLUMNS & details.keys()} - typed
        for column in shown - dates:
            cells[column] = with_dates(self.workbook, cells[column], read.styles[column][inside])
        return RawTable(
            place.sheet.name,
            read.rows[inside].astype(np.int64),
            {key: cells[column] for key, column in columns.items()},
            {key: column_letters(column) for key, column in columns.items()},
            {heading: cells[column] for heading, column in own.items()},
            self.workbook.date1904,
            {key: cells[column] for key, column in details.items()},
        )

    def _report_below(self, place: Place, columns: Mapping[str, int], read: ReadColumns) -> None:
        """Rows below an Excel table that didn't grow with them: right below it those with an ID,
        further down those with everything that a row needs.
        """
        (column,) = (columns[key] for key in _ID_KEYS if key in columns)
        needed = [columns[key] for key in _NEEDED if key in columns]
        below = np.flatnonzero(read.rows > place.last_row)
        rows = read.rows[below]
        with_id = rows[~is_blank(read.values[column][below])]
        first = place.last_row + 1
        joined = with_id[with_id == np.arange(first, first + len(with_id))]
        whole = np.logical_and.reduce([~is_blank(read.values[one][below]) for one in needed])
        for row in np.union1d(joined, rows[whole]).tolist():
            cell = f"{column_letters(column)}{row}"
            advice = _(
                "This row stands below the table and isn't read. Drag the table's corner "
                "down over it, in Excel."
            )
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
