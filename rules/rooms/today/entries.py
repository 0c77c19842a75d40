"""What she wrote into the white columns of the list, as contacts and purchases of that day.

"No contact gets lost" (Shumilin): a row becomes a contact, or stays where it is with a reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rules.config.settings import Config
from rules.mentions import first_of
from rules.model.entries import HERS, Entries, Left, NewContact, NewPurchase, written_rows
from rules.model.raw import RawTable
from rules.reading.advice import AMOUNT_ADVICE, without_year
from rules.reading.cells import (
    Cells,
    ReadAmounts,
    in_units,
    is_blank,
    read_amounts,
    read_dates,
    read_flags,
    read_key,
    read_text,
    shown,
    shown_decimal,
    shown_money,
)
from rules.reading.coming_days import coming_day
from rules.reading.dates import date_or_none, days_on, next_anniversary, shown_date
from rules.reading.words import fold
from rules.rooms.contacts import Settings as Contacts
from rules.rooms.next_contact.settings import Agreed
from rules.rooms.next_contact.settings import Settings as NextContact
from rules.rooms.today.plan import Settings
from words import _

_A_FEW_WORDS = 3
"""More of them in Done are a note of hers."""
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
    """What stands in the white columns of the list, sorted into what is written down and what has
    to stay.

    listed: the rows of the sheet Today; clients: the keys of all usable clients, are_names: made of
    their names; listed_on: the day of the list, which is the day of its contacts. A day in Done is
    the day of the contact instead, a word of `kinds` its kind, where Contacts keeps one
    (has_kinds), for which the list's channel stands else; a mark of `today.marks` says no more than
    that it was done; a word of `today.not_reached` makes it a missed call; any other text goes
    before the result. Next date is the day agreed on for the next contact, Bought the amount of a
    purchase of the contact's day. A row stays when its client is unknown, its day hasn't come, a
    cell can't be read, or Done says no.
    """
    kinds = set(map(fold, config.rule(Contacts).kinds if has_kinds else ()))
    marks = {"", *map(fold, config.rule(Settings).today.marks)}
    day = min(listed_on, today)
    attempts = {_said(word) for word in config.rule(Settings).today.not_reached}
    reading = _Reading(listed, clients, config, kinds, marks, attempts, day, today, are_names)
    contacts: list[NewContact] = []
    left: list[Left] = []
    purchases: list[NewPurchase] = []
    unknown: dict[str, str] = {}
    for at in written_rows(listed):
        hindrance = reading.hindrance(at)
        if hindrance is None:
            contacts.append(reading.contact(at))
            purchases += reading.purchase(at)
            word = reading.unknown_word(at)
            unknown.setdefault(fold(word), word)
        else:
            left.append(reading.left(at, *hindrance))
    hints = tuple(_hints([word for word in unknown.values() if word], config))
    return Entries(tuple(contacts), tuple(left), tuple(purchases), hints)


def _hints(words: Sequence[str], config: Config) -> Iterator[str]:
    """That *words* in Done aren't known."""
    if words:
        yield _("{words} in {column} is taken as done. Words for not reached are: {known}.").format(
            words=first_of([shown(word) for word in words]),
            column=config.heading("today", "done"),
            known=", ".join(config.rule(Settings).today.not_reached),
        )


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

    def left(self, at: int, told_at: str, advice: str) -> Left:
        """The row as it stays, in texts, days and times as she writes them; a mere mark becomes the
        day of the list, which moves on, and so does "tomorrow".
        """
        done, result, next_date = (self._words(self._cell(key, at)) for key in HERS[:3])
        bought = self._cell("bought", at)
        is_number = isinstance(bought, float)
        amount = shown_decimal(_text(bought), self.config) if is_number else self._words(bought)
        if advice:
            coming = self._next_date(at)
            next_date = self._shown(coming) if coming else next_date
        if advice and fold(done) in self.marks:
            done = self._shown(self.listed_on)
        client_id = _text(self._cell("client_id", at))
        beside = {key: _text(self._cell(key, at)) for key in ("name", "reason", "channel")}
        row = int(self.listed.rows[at])
        return Left(row, client_id, done, result, advice, beside, next_date, amount, told_at)

    def hindrance(self, at: int) -> tuple[str, str] | None:
        """What keeps a row from being a contact: the column that it is about, '' for the row, and
        what is told, '' where she says so herself; None for nothing.
        """
        row = self._row_hindrance(at)
        if row is not None:
            return "", row
        wrong = {"next_date": self._wrong_next_date(at), "bought": self._wrong_amount(at)}
        return next(((key, told) for key, told in wrong.items() if told), None)

    def _row_hindrance(self, at: int) -> str | None:
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

    def _wrong_next_date(self, at: int) -> str | None:
        """What is wrong with Next date; None for nothing."""
        cell, coming, made = self._cell("next_date", at), self._next_date(at), self._made_on(at)
        written = self.config.dates.written
        if cell is None:
            return None
        if coming is None:
            example = shown_date(days_on(made, 14), without_year(written))
            return _(
                "{found} can't be read as a coming day, so what you wrote stays here. Type a day "
                "such as {example}, or +7, in a week, tomorrow, on Monday."
            ).format(found=shown(self._words(cell)), example=example)
        if coming < made:
            again = next_anniversary(np.array([np.datetime64(coming)]), np.datetime64(made))
            return _(
                "{found} lies before the day of the contact, so what you wrote stays here. Type "
                "{meant} if you mean that."
            ).format(found=self._shown(coming), meant=shown_date(date_or_none(again[0]), written))
        for rule in self.config.rule(NextContact).contacts.rules:
            if isinstance(rule, Agreed) and (coming - made).days > rule.max_days:
                return _(
                    "{found} lies more than {days} days after the contact, so what you wrote "
                    "stays here. Correct the day."
                ).format(found=self._shown(coming), days=rule.max_days)
        return None

    def _wrong_amount(self, at: int) -> str | None:
        """What is wrong with Bought; None for nothing."""
        read = self._amount(at)
        doubt, minor = int(read.doubts[0]), int(read.minor[0])
        found = shown(self._cell("bought", at))
        if doubt:
            advice = _(AMOUNT_ADVICE[doubt])
            told = advice.format(found=found, meant=shown_money(minor, self.config))
        elif minor == 0 and not read.blank[0]:
            told = _("{found} is no purchase. Type what she paid, or nothing.").format(found=found)
        else:
            return None
        return told + " " + _("Until then what you wrote stays here.")

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
        client, next_date = self._cell("client_id", at), self._next_date(at)
        return NewContact(day or self.listed_on, client, kind, _text(reason), said, next_date)

    def purchase(self, at: int) -> Iterator[NewPurchase]:
        """What she bought then, if anything."""
        read = self._amount(at)
        if not read.blank[0]:
            amount = in_units(read.minor, self.config.numbers.minor_units)
            yield NewPurchase(self._made_on(at), self._cell("client_id", at), float(amount[0]))

    def _amount(self, at: int) -> ReadAmounts:
        return read_amounts(_column(self._cell("bought", at)), self.config.numbers)

    def _made_on(self, at: int) -> dt.date:
        """The day of the contact."""
        return self._day(self._cell("done", at)) or self.listed_on

    def _next_date(self, at: int) -> dt.date | None:
        return coming_day(self._cell("next_date", at), self._made_on(at), self.config.dates)

    def unknown_word(self, at: int) -> str:
        """A word or two in Done that say something which isn't known, '' for none."""
        done = self._cell("done", at)
        word = done.strip() if isinstance(done, str) else ""
        known = {*self.kinds, *self.marks}
        is_known = fold(word) in known or self._is_attempt(done) or self._day(done) is not None
        return "" if is_known or len(word.split()) > _A_FEW_WORDS else word

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
