"""The tables of a base, cleaned row by row, by what their fields declare.

A row that can't be used is left out, a cell that can't be read counts as blank; each is reported
with its cell and what to do, none stops the run and none is ever changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rules.config.settings import Config
from rules.mentions import first_of
from rules.model.declarations import Field, Table
from rules.model.known import BLANK, CleanTable
from rules.model.problem import Problem
from rules.model.raw import RawTable
from rules.reading.advice import AMOUNT_ADVICE, DATE_ADVICE, NUMBER_ADVICE, forms, shown_meant
from rules.reading.alike import KnownIds
from rules.reading.cells import (
    Mask,
    is_blank,
    read_amounts,
    read_cities,
    read_flags,
    read_issues,
    read_keys,
    read_numbers,
    read_text,
    read_words,
    shown,
    shown_money,
)
from rules.reading.dates import date_or_none, day, months_since, shown_date
from rules.reading.newids import form_of
from rules.reading.whose import are_totals, has_names, typed_names
from words import _

_READERS = {"word": read_words, "city": read_cities, "issue": read_issues}


class CleanBase(NamedTuple):
    """The clean tables by key, and what was found on the way."""

    tables: Mapping[str, CleanTable]
    problems: tuple[Problem, ...]
    notices: tuple[str, ...]


def clean(base: Mapping[str, RawTable], config: Config, today: np.datetime64) -> CleanBase:
    """The raw tables of *base*, without the rows that can't be used on the day *today*.

    A table that the base lacks has no rows.
    """
    report, tables = _Report(config), dict[str, CleanTable]()
    clients = config.rooms.clients
    known = KnownIds(base.get(clients.key, RawTable.empty("")), {})
    for key, declared in config.rooms.tables.items():
        raw = base.get(key)
        if raw is None:
            if declared.missing:
                name = config.sheet(key)
                report.notices.append(_(declared.missing).format(sheet=name))
            raw = RawTable.empty(config.sheet(key))
        rows = Rows(declared, raw, report, known, today)
        tables[key] = rows.cleaned()
        if declared is clients:
            known = KnownIds(raw, rows.by_id())
    return CleanBase(tables, tuple(report.problems()), tuple(report.notices))


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
        formats = forms(self.config)
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
            return shown_date(date_or_none(value[position]), self.config.dates.written)
        return value[position]

    def problems(self) -> Iterator[Problem]:
        return (entry[3] for entry in sorted(self._found, key=lambda entry: entry[:3]))


class Rows:
    """The rows of one table while they are cleaned.

    Indexing gives a column as it was read. used: which rows hold anything and aren't dated after
    today; usable: which of these have all that a row needs.
    """

    def __init__(
        self,
        table: Table,
        raw: RawTable,
        report: _Report,
        clients: KnownIds,
        today: np.datetime64,
    ) -> None:
        self.table, self.raw, self.config = table, raw, report.config
        self._report, self._clients, self._today = report, clients, today
        self._columns: dict[str, NDArray[Any]] = {}
        self.client = np.full(len(raw.rows), -1, np.intp)
        self.keys = read_keys(raw.column(table.identity), are_names=clients.are_names)
        self.names = typed_names(raw.column(table.named_by)) if has_names(table, raw) else None
        self.used = self._filled()
        self._leave_out_totals()
        self.usable = self.used.copy()

    def __getitem__(self, key: str) -> NDArray[Any]:
        return self._columns[key]

    def cleaned(self) -> CleanTable:
        """The table; of a log the usable rows alone."""
        fields = [field for field in self.table.fields if field.use == "rule"]
        for field in sorted(fields, key=lambda one: not one.required):
            self._read(field)
        if self.table.refine is not None:
            self.table.refine(self)
        everything = np.arange(len(self.raw.rows))
        at = np.flatnonzero(self.usable) if self.table.is_log else everything
        client = self.client if self.table.is_of_clients else everything
        return CleanTable(
            self.table.key,
            at,
            self.usable[at],
            client[at],
            self.keys[at],
            {key: column[at] for key, column in self._columns.items()},
            {key: cells[at] for key, cells in self.raw.own.items()},
            frozenset(self.raw.cells),
            self.raw.epoch_1904,
        )

    def by_id(self) -> dict[str, int]:
        """Where each usable row stands, by its ID."""
        at = np.flatnonzero(self.usable)
        return dict(zip(self.keys[at].tolist(), at.tolist(), strict=True))

    def tell(self, key: str, where: Mask, message: str) -> None:
        """Report the cells of a column in usable rows at *where*, whatever they count as."""
        self._report.cells(self.raw, key, self.usable & where, message)

    def add(self, key: str, column: NDArray[Any]) -> None:
        """Give the rows one more column, made of others."""
        self._columns[key] = column

    def take_out(self, key: str, where: Mask, message: str, **words: object) -> None:
        """Report the cells of a column in usable rows at *where*, which count as blank."""
        here, column = self.usable & where, self._columns[key]
        self._report.cells(self.raw, key, here, message, found=column, **words)
        self._columns[key] = np.where(here, BLANK[column.dtype.kind], column)

    def _filled(self) -> Mask:
        """Which rows hold anything: of a log in one of the columns that are looked at."""
        table, raw = self.table, self.raw
        looked_at = (table.looked_at or table.required_keys) if table.is_log else tuple(raw.letters)
        filled = np.zeros(len(raw.rows), dtype=bool)
        for key in looked_at:
            if key == table.identity:
                filled |= ~self._without_id()
            else:
                filled |= ~is_blank(raw.column(key))
        if self.names is not None:
            filled |= self.names != ""
        return filled

    def _without_id(self) -> Mask:
        """Which rows have a blank cell where their ID, or their client's, belongs."""
        nobody: Mask = self.keys == ""
        nobody[nobody] = is_blank(self.raw.column(self.table.identity)[nobody])
        return nobody

    def _read(self, field: Field) -> None:
        if field.kind == "id":
            self._read_ids(field)
        elif field.kind == "client":
            self._read_clients(field)
        elif field.kind == "client_name":
            self._compare_names(field)
        elif field.kind in {"date", "birthday"}:
            self._read_dates(field)
        elif field.kind in {"amount", "number"}:
            self._read_numbers(field)
        elif field.kind == "flag":
            cells = self.raw.column(field.key)
            self._columns[field.key] = read_flags(cells, self.config.no_words)
        else:
            self._read_words(field)

    def _tell(self, field: Field, where: Mask, message: str, **words: object) -> None:
        self._report.cells(self.raw, field.key, where, message, **words)

    def _read_ids(self, field: Field) -> None:
        """Each row needs an ID, and is left out where one above has the same."""
        present, first_at = self.keys != "", _first_positions(self.keys)
        is_first = first_at == np.arange(len(self.keys))
        nameless = _("No ID (name: {found}). Type one, so that the row can be filled.")
        if (~present & self.used).any():
            nameless += self._why_no_id()
        names = read_text(self.raw.column("name"))
        self._tell(field, ~present & self.used, nameless, found=names)
        double = _(
            "The ID {found} stands already in row {first}. Give each client her own; this row is "
            "left out."
        )
        self._tell(field, present & ~is_first, double, first=self.raw.rows[first_at])
        self.usable = present & is_first
        self._columns[field.key] = self.keys

    def _why_no_id(self) -> str:
        """Why the next ID can't be told, '' where it can."""
        form = form_of(self.raw, self.config)
        if not isinstance(form, list):
            return ""
        sentence = _("The next one can't be told, because IDs such as {ids} follow no one form.")
        texts = self.raw.texts("id", np.array(form))
        rows = self.raw.rows[form]
        ids = [
            _("{id} (row {row})").format(id=key, row=row)
            for key, row in zip(texts, rows, strict=True)
        ]
        return " " + sentence.format(ids=", ".join(ids)).replace("{", "{{").replace("}", "}}")

    def _read_clients(self, field: Field) -> None:
        known = self._clients.positions
        self.client = np.array([known.get(key, -1) for key in self.keys.tolist()], np.intp)
        no_client, is_known = self._without_id(), self.client >= 0
        is_named = np.zeros(len(self.keys), dtype=bool)
        nobody = _("No client. Type her ID; the row is left out until then.")
        if self.names is not None:
            is_named = no_client & (self.names != "")
            no_client = no_client & ~is_named
            nobody = _("No client. Type her ID or her name; the row is left out until then.")
            self._tell_names(self.used & is_named)
        if field.required:
            self._tell(field, self.used & no_client, nobody)
        stranger = _(
            "No client {found} on the sheet {sheet}. Correct the ID or add the client; the row is "
            "left out.{hint}"
        )
        strange, hints = self.used & ~no_client & ~is_known & ~is_named, self._no_hints()
        hints[strange] = [self._hint(at) for at in np.flatnonzero(strange).tolist()]
        self._tell(field, strange, stranger, sheet=self._sheet_of_clients, hint=hints)
        self.usable &= is_known if field.required else is_known | no_client

    def _no_hints(self) -> NDArray[np.object_]:
        return np.full(len(self.keys), "", object)

    @property
    def _sheet_of_clients(self) -> str:
        return self.config.sheet(self.config.rooms.clients.key)

    def _hint(self, at: int) -> str:
        """What to add about an ID that no client has."""
        hint, named = self._clients.hint(self.keys[at]), -1
        if self.names is not None:
            named = self._clients.named(self.names[at])
        if hint or named < 0:
            return hint
        sentence = _("The name beside it is that of {id} in row {row} there.")
        row = self._clients.clients.rows[named]
        return " " + sentence.format(id=self._clients.id(named), row=row)

    def _tell_names(self, where: Mask) -> None:
        """Rows with a name alone that nobody has, or several, and so don't tell their client."""
        assert self.names is not None  # noqa: S101 — who has no names has no such rows
        at = np.flatnonzero(where)
        if not len(at):
            return
        field, clients = self.table.by_key[self.table.named_by], self._clients
        found = {name: clients.by_name.get(name, ()) for name in set(self.names[at].tolist())}
        near = clients.near(name for name in self.names[at].tolist() if not found[name])
        hints, several = self._no_hints(), np.zeros(len(where), dtype=bool)
        for one in at.tolist():
            name = self.names[one]
            several[one] = bool(found[name])
            hints[one] = clients.listed(*found[name]) if found[name] else near.get(name, "")
        stranger = _(
            "No client is called {found} on the sheet {sheet}. Correct the name, or add the "
            "client; the row is left out.{hint}"
        )
        sheet = self._sheet_of_clients
        self._tell(field, where & ~several, stranger, sheet=sheet, hint=hints)
        namesakes = _(
            "Several clients are called {found}: {clients}. Type the ID of the right one; the row "
            "is left out until then."
        )
        self._tell(field, where & several, namesakes, clients=hints)

    def _compare_names(self, field: Field) -> None:
        """Where the ID is one client's and the name another's, the ID counts."""
        self._columns[field.key] = read_text(self.raw.column(field.key))
        if self.names is None:
            return
        clients, is_known = self._clients, self.used & (self.client >= 0) & (self.names != "")
        differs = np.flatnonzero(is_known)
        differs = differs[self.names[differs] != clients.names[self.client[differs]]]
        others = {name: clients.by_name.get(name, ()) for name in set(self.names[differs].tolist())}
        differs = differs[[bool(others[name]) for name in self.names[differs].tolist()]]
        here, hers, other = np.zeros(len(is_known), bool), self._no_hints(), self._no_hints()
        here[differs] = True
        for at in differs.tolist():
            hers[at] = clients.listed(self.client[at])
            other[at] = clients.listed(*others[self.names[at]])
        sentence = _(
            "The ID here is {hers} on the sheet {sheet}, but {found} is {other}. The ID counts; "
            "correct the name, or the ID."
        )
        self._tell(field, here, sentence, sheet=self._sheet_of_clients, hers=hers, other=other)

    def _read_dates(self, field: Field) -> None:
        """Dates; the first column of a log tells the day of its rows."""
        read = self.raw.dates(
            field.key,
            self.config.dates,
            self._today,
            is_birthday=field.kind == "birthday",
            lies_ahead=field.lies_ahead,
        )
        dates = self._columns[field.key] = read.known
        if self.table.is_log and field is self.table.fields[0]:
            self._leave_out_ahead(dates > self._today)
        if read.unreadable.any():
            meant = shown_meant(read, self.config)
            self._tell_doubts(field, read.doubts, DATE_ADVICE, meant=meant)
        missing = _("No date. Type one; the row is left out until then.")
        self._judge(field, read.unreadable, np.isnat(dates) & ~read.unreadable, missing)

    def _leave_out_totals(self) -> None:
        """Rows with a total, told by their ID or name, are no clients, and their ID is nobody's."""
        keys = [self.table.identity] + ([] if self.table.is_of_clients else ["name"])
        cells = dict[str, str]()
        for key in keys:
            texts = self.keys if key == self.table.identity else read_words(self.raw.column(key))
            self._leave_out_total(key, are_totals(texts, self.config), cells)
        if self.names is not None:
            here = are_totals(self.names, self.config) & (self.keys == "")
            self._leave_out_total(self.table.named_by, here, cells)
        if cells:
            notice = _("Rows of {sheet} with a total, which is no client's: {count} ({cells}).")
            told = notice.format(sheet=self.raw.sheet, count=len(cells), cells=first_of([*cells]))
            self._report.notices.append(told)

    def _leave_out_total(self, key: str, here: Mask, cells: dict[str, str]) -> None:
        """Leave out the rows whose column *key* tells a total, and add the cells that do."""
        if here.any():
            found = self.used & here
            cells |= {self.raw.address(key, at): "" for at in np.flatnonzero(found).tolist()}
            self.used &= ~here
            self.keys = np.where(here, "", self.keys)

    def _leave_out_ahead(self, ahead: Mask) -> None:
        ahead = ahead & self.used
        if ahead.any():
            notice = _("Rows of {sheet} dated after today: {count}. They don't count yet.")
            self._report.notices.append(notice.format(sheet=self.raw.sheet, count=int(ahead.sum())))
        self.used &= ~ahead
        self.usable &= ~ahead

    def _read_numbers(self, field: Field) -> None:
        """Amounts in whole minor units; where a row needs none, NaN for a blank one."""
        cells, numbers = self.raw.column(field.key), self.config.numbers
        values: NDArray[Any]
        if field.kind == "number":
            values, blank = read_numbers(cells, numbers), is_blank(cells)
            bad = np.isnan(values) & ~blank
            self._tell_doubts(field, bad.astype(np.int8), NUMBER_ADVICE)
        else:
            read = read_amounts(cells, numbers)
            values, blank, bad = read.minor, read.blank, read.unreadable
            if bad.any():
                shown = (shown_money(one, self.config) for one in values.tolist())
                meant = np.fromiter(shown, object, len(values))
                self._tell_doubts(field, read.doubts, AMOUNT_ADVICE, meant=meant)
            if not field.required:
                values = np.where(blank | bad, np.nan, values)
        self._columns[field.key] = values
        missing = _("Nothing stands here; the row is left out until then.")
        self._judge(field, bad, blank, missing)

    def _read_words(self, field: Field) -> None:
        cells = self.raw.column(field.key)
        words = _READERS.get(field.kind, read_text)(cells)
        self._columns[field.key] = words
        if not field.may_be_blank:
            missing = _("Nothing stands here; the row is left out until then.")
            self._judge(field, np.zeros(len(words), dtype=bool), words == "", missing)

    def _tell_doubts(
        self, field: Field, doubts: NDArray[np.int8], advice: Mapping[int, str], **words: object
    ) -> None:
        """Report cells that can't be read, each with the *advice* on its doubt, and what follows:
        of the first kind by the field's own sentence, where it has one.
        """
        rows, follows = (
            (self.used, _("The row is left out until then."))
            if field.required
            else (self.usable, _("Until then it counts as blank."))
        )
        for doubt in np.unique(doubts[doubts > 0]).tolist():
            is_own = bool(field.bad) and doubt == min(advice)
            sentence = _(field.bad) if is_own else f"{_(advice[doubt])} {follows}"
            self._tell(field, rows & (doubts == doubt), sentence, **words)

    def _judge(self, field: Field, bad: Mask, blank: Mask, missing: str) -> None:
        """Of required columns cells that are *bad* or *blank* take their row with them; blank ones
        are reported by *missing*, unless the field has its own sentence.
        """
        if field.required:
            self._tell(field, self.used & blank, _(field.blank) if field.blank else missing)
            self.usable &= ~bad & ~blank


def birth_years(
    table: RawTable, config: Config, today: dt.date, key: str = "birthday"
) -> NDArray[np.int64]:
    """The year of birth of each client; 0 where it isn't known.

    n rows in, n years out. Unknown are a blank cell, one that can't be read, a birthday typed
    without its year (dd.mm), and a year that makes her younger than `dates.youngest_age` or older
    than `dates.oldest_age` on *today*: Excel makes a date of the current year of a typed 12.05.
    *key* is the column, also `spouse_birthday` where that was read. Unit: calendar years.
    """
    read = table.dates(key, config.dates, day(today), is_birthday=True)
    age = months_since(read.known, day(today)) // 12
    plausible = (age >= config.dates.youngest_age) & (age <= config.dates.oldest_age)
    years = read.dates.astype("datetime64[Y]").astype(np.int64) + 1970
    return np.where(plausible & ~read.yearless, years, 0)


def _first_positions(keys: NDArray[np.object_]) -> NDArray[np.intp]:
    """For each key where it stands for the first time."""
    found: dict[object, int] = {}
    positions = [found.setdefault(key, at) for at, key in enumerate(keys.tolist())]
    return np.array(positions, np.intp)
