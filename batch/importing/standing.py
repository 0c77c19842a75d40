"""The base that stands there already: its clients, and the lines of its logs."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Final

import numpy as np

from batch.base import ClientBase, read_base
from batch.book import ClosedBook
from batch.export.phones import numbers
from batch.importing import reading
from batch.importing.names import Name
from batch.importing.people import Client
from batch.importing.records import Entry
from batch.importing.sheets import Cell, text_of
from rules.config.settings import Config
from rules.outgoing import addresses
from rules.reading.cells import read_amounts, read_keys, read_words, shown_money
from rules.reading.dates import date_or_none
from rules.reading.whose import complete
from rules.reading.words import fold, fold_city, fold_id
from words import _

_COMPARED: Final = ("phone", "email", "birthday", "city", "address", "notes")
_Key = tuple[str, str, dt.date | None, int | None, str]


class StandingBase:
    """What stands in a base, as far as an import must know it."""

    def __init__(self, book: ClosedBook, config: Config, today: dt.date) -> None:
        """Raises what reading a base raises."""
        self.book = book
        self.config = config
        self.today = today
        base = read_base(book, config, detailed=True, may_be_empty=True, as_typed=True)
        self.base: ClientBase = replace(base, tables=complete(base.tables, config).tables)
        self.are_names = self.base.clients.is_keyed_by_name
        ids = self.base.clients.column("id").tolist()
        self.has_numbers = bool(ids) and all(isinstance(one, float) for one in ids)
        self._lines: Counter[_Key] = Counter()
        self._by_day: dict[tuple[str, str, dt.date | None], list[_Key]] = {}
        for key in self._keys():
            self._lines[key] += 1
            self._by_day.setdefault(key[:3], []).append(key)

    @cached_property
    def clients(self) -> list[Client]:
        """Its clients."""
        table, country = self.base.clients, self.config.country
        texts = {key: table.texts(key).tolist() for key in ("id", "name", *_COMPARED)}
        found = []
        for at, (key, name) in enumerate(zip(texts["id"], texts["name"], strict=True)):
            if not key:
                continue
            client = Client(Name(name), standing=key, id=key)
            phones = numbers(texts["phone"][at], country) if texts["phone"][at] else ()
            client.phones = {one.e164 for one in phones if one.e164}
            client.emails = {one.casefold() for one in addresses(texts["email"][at])}
            client.city = fold_city(texts["city"][at])
            found.append(client)
            self._texts[fold_id(key)] = {one: texts[one][at] for one in _COMPARED}
        return found

    @cached_property
    def _texts(self) -> dict[str, dict[str, str]]:
        return {}

    def differences(self, client: Client, config: Config) -> Iterator[str]:
        """What the rows of an import say otherwise of a client than the base."""
        here = self._texts.get(fold_id(client.standing), {})
        for row in client.rows:
            if not row.is_listed:
                continue
            for key in _COMPARED:
                theirs, ours = self._comparable(key, row.fields.get(key)), here.get(key, "")
                if theirs and fold(theirs) != fold(self._comparable(key, ours)):
                    heading = config.heading("clients", key)
                    sentence = _("{client}, {heading}: the base has {ours}, the list {theirs}")
                    facts = {"client": client.label, "heading": heading}
                    yield sentence.format(**facts, ours=ours or _("nothing"), theirs=theirs)

    def _keys(self) -> Iterator[_Key]:
        """The lines of its logs."""
        for table in ("purchases", "contacts"):
            raw = self.base.tables.get(table)
            if raw is None:
                continue
            known = raw.dates("date", self.config.dates, np.datetime64(self.today, "D")).known
            dates = [date_or_none(one) for one in known]
            ids = read_keys(raw.column("client_id"), are_names=self.are_names).tolist()
            minors: list[int | None] = [None] * len(ids)
            if table == "purchases":
                read = read_amounts(raw.column("amount"), self.config.numbers)
                minors = [
                    None if bad else int(one)
                    for one, bad in zip(read.minor, read.unreadable | read.blank, strict=True)
                ]
            what = "product" if table == "purchases" else "note"
            texts = read_words(raw.shown(what)).tolist()
            for key, day, minor, text in zip(ids, dates, minors, texts, strict=True):
                yield table, key, day, minor, text

    def _key(self, entry: Entry, client: str) -> _Key:
        what = entry.fields.get("product" if entry.table == "purchases" else "note")
        return entry.table, self._id(client), entry.date, entry.minor, fold(text_of(what))

    def _id(self, client: str) -> str:
        return fold(client) if self.are_names else fold_id(client)

    def takes(self, entry: Entry, client: str) -> bool:
        """Whether a line stands in the base; each of its lines is taken once."""
        key = self._key(entry, client)
        near = (one for one in self._by_day.get(key[:3], ()) if one[3] == key[3])
        unsaid = (one for one in near if not one[4] or not key[4])
        for one in (key, *unsaid):
            if self._lines[one] > 0:
                self._lines[one] -= 1
                return True
        return False

    def other(self, entry: Entry, client: str, config: Config) -> str:
        """A line of the base that says otherwise what this one says: of the same day, client and
        product, with another amount; '' for none.
        """
        key = self._key(entry, client)
        for one in self._by_day.get(key[:3], ()):
            if one[4] == key[4] and self._lines[one] > 0 and entry.table == "purchases":
                self._lines[one] -= 1
                money = _("nothing") if one[3] is None else shown_money(one[3], config)
                return _("the base has {money}").format(money=money)
        return ""

    def _comparable(self, key: str, cell: Cell) -> str:
        """A cell in the form in which lists and the base are compared."""
        text = text_of(cell)
        if key == "birthday":
            number = float(text) if text.isdecimal() else cell
            day = reading.days([number], self.config, self.today, birthdays=True)[0]
            return (
                text if day is None else f"{day.date:%m-%d}{day.date.year if day.has_year else ''}"
            )
        if key == "phone":
            found = sorted(one.e164 for one in numbers(text, self.config.country))
            return ", ".join(found) or text
        return text
