"""The three tables: found by their headings, and cleaned row by row.

A row that can't be used is left out, a cell that can't be read counts as blank; each is reported
with its cell and what to do, none stops the run and none is ever changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rules.cells import (
    Cells,
    Mask,
    is_blank,
    no_cells,
    read_amounts,
    read_dates,
    read_flags,
    read_keys,
    read_text,
    shown,
)
from rules.config.basics import Model
from rules.config.contacts import Agreed
from rules.config.settings import Config
from rules.dates import NAT, Days, date_or_none, shown_date
from rules.errors import ClientBaseError
from rules.words import fold
from words import _

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "clients": ("id", "name"),
    "purchases": ("date", "client_id", "amount"),
    "contacts": ("date", "client_id"),
}
"""The columns without which a table can't be used."""


DATE_COLUMNS = frozenset({"date", "birthday", "class_date", "spouse_birthday", "next_date"})
"""The columns, of whichever table, that hold dates."""


class MissingHeadingError(ClientBaseError, ValueError):
    """A sheet lacks the heading of a required column."""

    def __init__(self, sheet: str, key: str, accepted: Sequence[str], found: Sequence[str]) -> None:
        self.sheet, self.key, self.accepted, self.found = sheet, key, accepted, found
        super().__init__(
            _(
                "Sheet '{sheet}' has no column '{accepted}' (headings found: {found}). "
                "Rename the heading in the workbook, or set columns.{key} in config.yaml."
            ).format(
                sheet=self.sheet,
                accepted=self._accepted,
                found=self._found or _("none"),
                key=self.key,
            )
        )

    @property
    def _accepted(self) -> str:
        return " / ".join(self.accepted)

    @property
    def _found(self) -> str:
        return ", ".join(self.found[:30])


class DoubleHeadingError(ClientBaseError, ValueError):
    """Two headings of a sheet mean the same column."""

    def __init__(self, sheet: str, key: str, headings: Sequence[str]) -> None:
        self.sheet, self.key, self.headings = sheet, key, headings
        first, second = headings[:2]
        super().__init__(
            _(
                "Sheet '{sheet}' has two headings for one column: '{first}' and '{second}' "
                "(columns.{key}). Rename one of them, or name the right one in config.yaml."
            ).format(sheet=sheet, first=first, second=second, key=key)
        )


class Problem(NamedTuple):
    """A cell or row that can't be used: where, what was found, what to do."""

    sheet: str
    cell: str
    found: str
    advice: str


@dataclass(frozen=True)
class RawTable:
    """A table as it stands on its sheet.

    cells: columns of equal length (`rules.cells.Cells`) by key of `config.columns`;
    letters: the sheet's column letters by the same keys; rows: the row number of each row;
    own: more of her columns, by folded heading, for rules that ask for them; details: columns
    that no rule decides by, by key, where they were asked for.
    """

    sheet: str
    rows: NDArray[np.int64]
    cells: Mapping[str, Cells]
    letters: Mapping[str, str]
    own: Mapping[str, Cells] = field(default_factory=dict)
    epoch_1904: bool = False
    details: Mapping[str, Cells] = field(default_factory=dict)

    def texts(self, key: str, at: NDArray[np.intp] | None = None) -> NDArray[np.object_]:
        """The column *key*, of whichever kind, as texts, all or those *at* some positions; '' where
        blank.
        """
        cells = self.details.get(key, self.column(key))
        return read_text(cells if at is None else cells[at])

    def column(self, key: str) -> Cells:
        """The column *key*; blank cells when the sheet doesn't have it."""
        return self.cells.get(key, no_cells(len(self.rows)))

    def address(self, key: str, position: int) -> str:
        """The address of a cell, such as B7."""
        return f"{self.letters.get(key, 'A')}{self.rows[position]}"


def match_headings(
    sheet: str, table: str, headings: Mapping[int, str], columns: Model
) -> dict[str, int]:
    """Which column of the sheet holds what.

    *headings* by column number; the result gives the column number by key of *columns*. Raises
    MissingHeadingError and DoubleHeadingError.
    """
    folded: dict[str, list[int]] = {}
    for number, heading in headings.items():
        folded.setdefault(fold(heading), []).append(number)
    found: dict[str, int] = {}
    for key, accepted in dict(columns).items():
        at = [
            number for name in dict.fromkeys(map(fold, accepted)) for number in folded.get(name, ())
        ]
        if len(at) > 1:
            raise DoubleHeadingError(sheet, f"{table}.{key}", [headings[n] for n in sorted(at)])
        if at:
            found[key] = at[0]
        elif key in REQUIRED.get(table, ()):
            raise MissingHeadingError(sheet, f"{table}.{key}", accepted, list(headings.values()))
    return found


@dataclass(frozen=True)
class Clients:
    """The clients, one element a row of the table.

    usable: has an ID, and is the first with it. Everything else by the same rows, blank ('' or
    NaT) where unknown.
    """

    keys: NDArray[np.object_]
    usable: Mask
    birthday: Days
    class_date: Days
    do_not_contact: Mask
    city: NDArray[np.object_]
    own: Mapping[str, Cells]
    has: frozenset[str]
    epoch_1904: bool

    def __len__(self) -> int:
        return len(self.usable)


@dataclass(frozen=True)
class Purchases:
    """The usable purchase lines in the order of the sheet.

    client: position in Clients; amount: in minor units; at: position in the table as it was read.
    """

    client: NDArray[np.intp]
    date: Days
    amount: NDArray[np.int64]
    at: NDArray[np.intp]


@dataclass(frozen=True)
class Contacts:
    """The usable contacts in the order of the sheet; '' and NaT where blank.

    weight: how personal the kind is; next_kind as typed, kind folded; at: position in the table as
    it was read.
    """

    client: NDArray[np.intp]
    date: Days
    kind: NDArray[np.object_]
    weight: NDArray[np.int64]
    next_date: Days
    next_kind: NDArray[np.object_]
    at: NDArray[np.intp]


@dataclass(frozen=True)
class Base:
    """The cleaned tables, and what was found on the way."""

    clients: Clients
    purchases: Purchases
    contacts: Contacts
    problems: tuple[Problem, ...]
    notices: tuple[str, ...]


def clean(
    clients: RawTable,
    purchases: RawTable,
    contacts: RawTable | None,
    config: Config,
    today: np.datetime64,
) -> Base:
    """The tables, without the rows that can't be used on the day *today*."""
    report = _Report(config)
    known = _clients(clients, report)
    positions = np.flatnonzero(known.usable)
    client_at = dict(zip(known.keys[positions].tolist(), positions.tolist(), strict=True))
    bought = _purchases(purchases, client_at, today, report)
    if contacts is None:
        report.notices.append(
            _("There is no sheet {sheet}; the rules see no contacts.").format(
                sheet=config.sheets.contacts
            )
        )
        nothing = np.array([], dtype=np.int64)
        contacts = RawTable(config.sheets.contacts, nothing, {}, {})
    touched = _contacts(contacts, client_at, today, report)
    return Base(known, bought, touched, tuple(report.problems()), tuple(report.notices))


class _Report:
    """Collects problems by cell; one sentence each, in the order of the sheet."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.notices: list[str] = []
        self._found: list[tuple[int, int, int, Problem]] = []
        self._sheets: list[str] = []

    def cells(self, table: RawTable, key: str, where: Mask, message: str, **words: object) -> None:
        """Report the cells of column *key* at *where*: *message* with its *words*."""
        if table.sheet not in self._sheets:
            self._sheets.append(table.sheet)
        column = table.column(key)
        letters = _("dmy")
        written = str.maketrans("dmy", letters) if len(letters) == 3 else {}
        formats = ", ".join(self.config.dates.text_formats).translate(written)
        order = list(table.letters).index(key) if key in table.letters else 0
        for position in np.flatnonzero(where).tolist():
            found = shown(column[position])
            extra = {name: self._word(value, position) for name, value in words.items()}
            advice = message.format(**{"found": found, "formats": formats, **extra})
            problem = Problem(table.sheet, table.address(key, position), found, advice)
            place = (self._sheets.index(table.sheet), int(table.rows[position]), order)
            self._found.append((*place, problem))

    def _word(self, value: object, position: int) -> object:
        """A word of a message; of a column the element at *position*, dates as she writes them."""
        if not isinstance(value, np.ndarray):
            return value
        if value.dtype.kind == "M":
            text_format = self.config.dates.text_formats[0]
            return shown_date(date_or_none(value[position]), text_format)
        return value[position]

    def problems(self) -> Iterator[Problem]:
        return (entry[3] for entry in sorted(self._found, key=lambda entry: entry[:3]))


def _clients(table: RawTable, report: _Report) -> Clients:
    config = report.config
    keys = read_keys(table.column("id"))
    present = keys != ""
    first_at = _first_positions(keys)
    first = first_at == np.arange(len(keys))
    first_row = table.rows[first_at]
    names = read_text(table.column("name"))
    used = _any_filled(table.column(key) for key in table.letters)
    report.cells(
        table,
        "id",
        ~present & used,
        _("No ID (name: {found}). Type one, so that the row can be filled."),
        found=names,
    )
    report.cells(
        table,
        "id",
        present & ~first,
        _(
            "The ID {found} stands already in row {first}. Give each client her "
            "own; this row is left out."
        ),
        first=first_row,
    )
    usable = present & first
    formats = config.dates.text_formats
    birthday = read_dates(
        table.column("birthday"), formats, epoch_1904=table.epoch_1904, without_year=True
    )
    report.cells(
        table,
        "birthday",
        birthday.unreadable & usable,
        _(
            "{found} can't be read as a birthday and counts as blank. Type a date, "
            "or text like {formats}."
        ),
    )
    class_date = read_dates(table.column("class_date"), formats, epoch_1904=table.epoch_1904)
    report.cells(
        table,
        "class_date",
        class_date.unreadable & usable,
        _(
            "{found} can't be read as a date and counts as blank. Type a date, or "
            "text like {formats}."
        ),
    )
    return Clients(
        keys,
        usable,
        birthday.dates,
        class_date.dates,
        read_flags(table.column("do_not_contact"), config.no_words),
        read_keys(table.column("city")),
        table.own,
        frozenset(table.cells),
        table.epoch_1904,
    )


def _first_positions(keys: NDArray[np.object_]) -> NDArray[np.intp]:
    """For each key where it stands for the first time."""
    found: dict[object, int] = {}
    positions = [found.setdefault(key, at) for at, key in enumerate(keys.tolist())]
    return np.array(positions, np.intp)


def _any_filled(columns: Iterable[Cells]) -> Mask:
    """Which rows have something in any of *columns*."""
    filled: Mask | None = None
    for column in columns:
        here = ~is_blank(column)
        filled = here if filled is None else filled | here
    return np.zeros(0, dtype=bool) if filled is None else filled


class _LogRows(NamedTuple):
    """The rows of a log: client (position in Clients) and date, which rows hold anything and aren't
    dated after today, and which of these have a client and a date that can be used.
    """

    client: NDArray[np.intp]
    date: Days
    used: Mask
    usable: Mask


def _log_rows(
    table: RawTable,
    client_at: Mapping[str, int],
    today: np.datetime64,
    report: _Report,
    looked_at: Iterable[str],
) -> _LogRows:
    """The rows of a log in which one of the columns *looked_at* holds something; reports those
    without a usable client or date.
    """
    keys = read_keys(table.column("client_id"))
    no_client = keys == ""
    no_client[no_client] = is_blank(table.column("client_id")[no_client])
    others = [table.column(key) for key in looked_at if key != "client_id"]
    used = _any_filled(others) | ~no_client
    dates = read_dates(
        table.column("date"), report.config.dates.text_formats, epoch_1904=table.epoch_1904
    )
    ahead = dates.dates > today
    if ahead.any():
        report.notices.append(
            _("Rows of {sheet} dated after today: {count}. They don't count yet.").format(
                sheet=table.sheet, count=int(ahead.sum())
            )
        )
    used &= ~ahead
    report.cells(
        table,
        "date",
        used & dates.unreadable,
        _(
            "{found} can't be read as a date. Type a date, or text like {formats}; "
            "the row is left out."
        ),
    )
    no_date = np.isnat(dates.dates) & ~dates.unreadable
    report.cells(
        table, "date", used & no_date, _("No date. Type one; the row is left out until then.")
    )
    client = np.array([client_at.get(key, -1) for key in keys.tolist()], np.intp)
    report.cells(
        table,
        "client_id",
        used & no_client,
        _("No client. Type her ID; the row is left out until then."),
    )
    unknown = used & ~no_client & (client < 0)
    clients_sheet = report.config.sheets.clients
    report.cells(
        table,
        "client_id",
        unknown,
        _(
            "No client {found} on the sheet {sheet}. Correct the ID or add the "
            "client; the row is left out."
        ),
        sheet=clients_sheet,
    )
    usable = used & ~np.isnat(dates.dates) & (client >= 0)
    return _LogRows(client, dates.dates, used, usable)


def _purchases(
    table: RawTable,
    client_at: Mapping[str, int],
    today: np.datetime64,
    report: _Report,
) -> Purchases:
    rows = _log_rows(table, client_at, today, report, REQUIRED["purchases"])
    amounts = read_amounts(table.column("amount"), report.config.numbers)
    report.cells(
        table,
        "amount",
        rows.used & amounts.blank,
        _("No amount. Type one (0 for a present); the row is left out until then."),
    )
    report.cells(
        table,
        "amount",
        rows.used & amounts.unreadable,
        _("{found} can't be read as an amount. Type a number; the row is left out."),
    )
    usable = rows.usable & ~amounts.blank & ~amounts.unreadable
    at = np.flatnonzero(usable)
    return Purchases(rows.client[at], rows.date[at], amounts.minor[at], at)


def _contacts(
    table: RawTable,
    client_at: Mapping[str, int],
    today: np.datetime64,
    report: _Report,
) -> Contacts:
    config = report.config
    looked_at = ("date", "client_id", "kind", "next_date")
    rows = _log_rows(table, client_at, today, report, looked_at)
    usable = rows.usable
    kind = read_keys(table.column("kind"))
    weights = {fold(word): weight for word, weight in config.kinds.items()}
    weight = [weights.get(word, config.weights.unknown) for word in kind.tolist()]
    next_date = _next_dates(table, rows.date, usable, report)
    return Contacts(
        rows.client[usable],
        rows.date[usable],
        kind[usable],
        np.array(weight, np.int64)[usable],
        next_date[usable],
        read_text(table.column("next_kind"))[usable],
        np.flatnonzero(usable),
    )


def _next_dates(table: RawTable, date: Days, usable: Mask, report: _Report) -> Days:
    """The agreed dates; blank where unreadable, before the contact or implausibly far after it."""
    config = report.config
    read = read_dates(
        table.column("next_date"), config.dates.text_formats, epoch_1904=table.epoch_1904
    )
    report.cells(
        table,
        "next_date",
        read.unreadable & usable,
        _(
            "{found} can't be read as a date and counts as blank. Type a date, or "
            "text like {formats}."
        ),
    )
    before = usable & (read.dates < date)
    report.cells(
        table,
        "next_date",
        before,
        _(
            "The next date {found} lies before its own contact and counts as blank. "
            "Correct one of them."
        ),
        found=read.dates,
    )
    far = np.zeros(len(date), dtype=bool)
    for rule in config.contacts.rules:
        if isinstance(rule, Agreed):
            far = usable & (read.dates - date > np.timedelta64(rule.max_days, "D"))
            days = rule.max_days
            report.cells(
                table,
                "next_date",
                far,
                _(
                    "The next date {found} lies more than {days} days after its contact and "
                    "counts as blank. Correct it."
                ),
                found=read.dates,
                days=days,
            )
    return np.where(before | far, NAT, read.dates)
