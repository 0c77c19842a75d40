"""What she wrote into the columns Done and Result of the list, as contacts of that day.

"No contact gets lost" (Shumilin): a row becomes a contact, or stays where it is with a reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from rules.config.settings import Config
from rules.model.entries import Entries, Left, NewContact, written_rows
from rules.model.raw import RawTable
from rules.reading.cells import Cells, is_blank, read_dates, read_flags, read_key, read_text, shown
from rules.reading.dates import date_or_none, next_anniversary, shown_date
from rules.reading.words import fold
from rules.rooms.contacts import Settings as Contacts
from rules.rooms.today.plan import Settings
from words import _

_MOST_SIGNS = 32_767
"""Of a text in a cell."""
_A_YEAR = dt.timedelta(days=366)
_A_FEW_WEEKS = np.timedelta64(60, "D")
_FIRST_DAYS = (dt.date(1899, 12, 30), dt.date(1904, 1, 1))
"""Of Excel's calendars: the days on which it puts a mere time."""


def read_entries(
    listed: RawTable,
    clients: Collection[str],
    config: Config,
    listed_on: dt.date,
    today: dt.date,
    *,
    has_kinds: bool = True,
    are_names: bool = False,
) -> Entries:
    """What stands in Done and Result of the list, sorted into contacts and what has to stay.

    listed: the rows of the sheet Today; clients: the keys of all usable clients, are_names: made of
    their names; listed_on: the day of the list, which is the day of its contacts. A day in Done is
    the day of the contact instead, a word of `kinds` its kind, where Contacts keeps one
    (has_kinds), for which the list's channel stands else; a mark of `today.marks` says no more than
    that it was done; a word of `today.not_reached` makes it a missed call; any other text goes
    before the result. A row stays when its client is unknown, its day hasn't come, or Done says no.
    """
    kinds = set(map(fold, config.rule(Contacts).kinds if has_kinds else ()))
    marks = {"", *map(fold, config.rule(Settings).today.marks)}
    day = min(listed_on, today)
    attempts = {_said(word) for word in config.rule(Settings).today.not_reached}
    reading = _Reading(listed, clients, config, kinds, marks, attempts, day, today, are_names)
    contacts, left = [], []
    for at in written_rows(listed):
        advice = reading.hindrance(at)
        if advice is None:
            contacts.append(reading.contact(at))
        else:
            left.append(reading.left(at, advice))
    return Entries(tuple(contacts), tuple(left))


@dataclass(frozen=True)
class _Reading:
    """The work of one call of `read_entries`."""

    listed: RawTable
    clients: Collection[str]
    config: Config
    kinds: Collection[str]
    marks: Collection[str]
    attempts: Collection[str]
    listed_on: dt.date
    today: dt.date
    are_names: bool

    def _cell(self, key: str, at: int) -> Any:  # noqa: ANN401 — cells hold anything
        cells = self.listed.column(key)[at : at + 1]
        return None if is_blank(cells)[0] else cells.tolist()[0]

    def _shown(self, date: dt.date) -> str:
        return shown_date(date, self.config.dates.written)

    def left(self, at: int, advice: str) -> Left:
        """The row as it stays, in texts, days and times as she writes them; a mere mark becomes the
        day of the list, which moves on.
        """
        done, result = (self._words(self._cell(key, at)) for key in ("done", "result"))
        if advice and fold(done) in self.marks:
            done = self._shown(self.listed_on)
        client_id = _text(self._cell("client_id", at))
        beside = {key: _text(self._cell(key, at)) for key in ("name", "reason", "channel")}
        return Left(int(self.listed.rows[at]), client_id, done, result, advice, beside)

    def hindrance(self, at: int) -> str | None:
        """What keeps a row from being a contact, '' where she says so herself; None for nothing."""
        client, done = (self._cell(key, at) for key in ("client_id", "done"))
        is_attempt = self._is_attempt(done)
        if done is not None and not is_attempt:
            if not read_flags(_column(done), self.config.no_words)[0]:
                return ""
        elif is_attempt and not self.kinds:
            column = self.config.heading("contacts", "kind")
            return _(
                "The sheet {sheet} has no column {column}, so a missed call can't be told from one "
                "that was answered, and what you wrote stays here. Add the column."
            ).format(sheet=self.config.sheet("contacts"), column=column)
        key = read_key(client, are_names=self.are_names)
        if not key:
            column = self.config.heading("today", "client_id")
            return _(
                "This row has no client, so what you wrote stays here. Type her ID into the "
                "column {column}."
            ).format(column=column)
        if key not in self.clients:
            return _("No client {found}, so what you wrote stays here. Correct the ID.").format(
                found=shown(client)
            )
        if len(self.contact(at).result) > _MOST_SIGNS:
            return _(
                "Done and Result together are longer than a cell can be, so what you wrote "
                "stays here. Shorten them."
            )
        return self._wrong_day(self._day(done))

    def _wrong_day(self, day: dt.date | None) -> str | None:
        """What is wrong with a day in Done; None for nothing."""
        if day is not None and day > self.today:
            wrong = _(
                "{found} is a day that hasn't come yet, so what you wrote stays here. "
                "Correct the day."
            )
        elif day is not None and day < self.listed_on - _A_YEAR:
            wrong = _(
                "{found} is more than a year before this list, so what you wrote stays here. "
                "Correct the day."
            )
        else:
            return None
        return wrong.format(found=self._shown(day))

    def contact(self, at: int) -> NewContact:
        done, result, channel, reason = (
            self._cell(key, at) for key in ("done", "result", "channel", "reason")
        )
        day, word = self._day(done), self._words(done)
        kind, said = _text(channel), self._words(result)
        if self._is_attempt(done):
            kind = self.config.rule(Settings).today.missed_call
            said = f"{word}; {said}" if said else word
        elif fold(word) in self.kinds:
            kind = word
        elif day is None and fold(word) not in self.marks:
            said = f"{word}; {said}" if said else word
        client = self._cell("client_id", at)
        return NewContact(day or self.listed_on, client, kind, _text(reason), said)

    def _is_attempt(self, done: object) -> bool:
        """Whether Done says that she wasn't reached."""
        return isinstance(done, str) and _said(done) in self.attempts

    def _words(self, cell: object) -> str:
        """A cell as text, days and times as she writes them."""
        if not _time(cell) and isinstance(cell, dt.date):
            return self._shown(cell.date() if isinstance(cell, dt.datetime) else cell)
        return _time(cell) or _text(cell)

    def _day(self, done: object) -> dt.date | None:
        """The day that Done names; a bare number is none. Without a year it is this year's, or the
        last one's where that was a few weeks ago.
        """
        if _time(done) or not isinstance(done, (str, dt.date)):
            return None
        typed = done.strip().rstrip(".") if isinstance(done, str) else done
        cells, rule, today = _column(typed), self.config.dates, np.datetime64(self.today)
        day = date_or_none(read_dates(cells, rule, today).known[0])
        if day is not None:
            return day
        read = read_dates(cells, rule, today, is_birthday=True).known
        recent = next_anniversary(read, np.datetime64(self.today) - _A_FEW_WEEKS)
        of_year = next_anniversary(read, np.datetime64(self.today.replace(month=1, day=1)))
        return date_or_none(np.where(recent <= np.datetime64(self.today), recent, of_year)[0])


def _time(cell: object) -> str:
    """A time of day, which is a part of a day in Excel, such as 10:30; '' for anything else."""
    if isinstance(cell, dt.time) or (isinstance(cell, dt.datetime) and cell.date() in _FIRST_DAYS):
        return f"{cell.hour}:{cell.minute:02}"
    if not isinstance(cell, float) or not 0 < cell < 1:
        return ""
    minutes = round(cell * 24 * 60)
    return f"{minutes // 60}:{minutes % 60:02}"


def _said(word: str) -> str:
    """A word as it is compared, without the signs behind it."""
    return fold(word).rstrip(" .!…")


def _text(cell: object) -> str:
    return str(read_text(_column(cell))[0])


def _column(cell: object) -> Cells:
    """A column of one cell."""
    return np.array([cell], dtype=object)
