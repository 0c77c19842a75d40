"""One client of a result: what is known of her alone, in which rows it stands, and why each of her
filled cells is what it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, TypeVar, cast

import numpy as np

from rules.conditions import holds
from rules.config.conditions import DateTest, NumberTest, TextTest, When, YesNoTest
from rules.model.declarations import Column
from rules.model.known import CleanTable
from rules.model.result import Result
from rules.reading.cells import Mask, read_text, shown_money
from rules.reading.dates import Days, date_or_none, shown_date, year_start
from rules.reading.words import fold
from rules.rooms.facts import MONEY, Facts, fact_value, facts, purchase_days, shown_fact
from rules.why.shape import Evidence, Explanation, SourceRows, Value
from words import _

T = TypeVar("T")


class OneClient:
    """The client at *position* (a row of Clients, from 0) of a *result*.

    known holds her alone, among all that is known of the others: a rule that is asked about it
    answers for her, at no cost that grows with the base.
    """

    def __init__(self, result: Result, position: int) -> None:
        self.result = result
        self.position = position
        self.config = result.config
        self.among = result.known
        self.known = result.known.alone(position)
        self.today = self.known.today
        self.clients = self.known.clients
        self.purchases = self.known.tables["purchases"]
        self.contacts = self.known.tables["contacts"]
        self.bought = bool(self.facts.bought[0])
        self._made: dict[Callable[[OneClient], Any], object] = {}

    def of(self, make: Callable[[OneClient], T]) -> T:
        """What *make* makes of her, worked out once."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast(T, self._made[make])

    @property
    def never_bought(self) -> Evidence:
        """That she never bought, as the reason of a blank cell."""
        return Evidence("blank", _("she never bought"))

    @property
    def silence(self) -> Evidence | None:
        """Why nobody contacts her, if nobody does."""
        if not self.clients.silent[0]:
            return None
        is_wish = bool(self.clients.do_not_contact[0])
        told = _("she doesn't want to be contacted") if is_wish else _("she has no name")
        return Evidence("blank", told, (), self.own_row)

    @property
    def facts(self) -> Facts:
        """What is known of her purchases."""
        return self.known.of(facts)

    def cell(self, key: str) -> Any:  # noqa: ANN401 — text, number or date, by column
        """The filled cell of a column; '', NaN and NaT where blank."""
        return self.result.filled[key][self.position]

    def turnover(self) -> int:
        """Her turnover in the year, in minor units."""
        return int(self.facts.turnover_in_year[0])

    # In words ---------------------------------------------------------------------------

    def shown(self, date: np.datetime64 | dt.date | None) -> str:
        """A date as she writes it."""
        found = date_or_none(date) if isinstance(date, np.datetime64) else date
        return shown_date(found, self.config.dates.written)

    def money(self, minor: int) -> str:
        """Money in minor units as she writes it."""
        return shown_money(minor, self.config)

    def units(self, minor: int) -> float:
        """Money in minor units as a number of units."""
        units: float = minor / 10**self.config.numbers.minor_units
        return units

    # Her rows ---------------------------------------------------------------------------

    @property
    def own_row(self) -> tuple[SourceRows]:
        """Her row of Clients."""
        return (SourceRows("clients", (self.position,)),)

    def lines(self, where: Mask) -> tuple[SourceRows, ...]:
        """Those of her purchase lines; nothing for none."""
        return _rows("purchases", self.purchases, where)

    def lines_on(self, days: Days) -> tuple[SourceRows, ...]:
        """Her purchase lines of these days."""
        return self.lines(np.isin(self.purchases.date, days))

    def touches(self, where: Mask) -> tuple[SourceRows, ...]:
        """Those of her contacts; nothing for none."""
        return _rows("contacts", self.contacts, where)

    @cached_property
    def days(self) -> Days:
        """Her purchase days."""
        return purchase_days(self.purchases)[1]

    @cached_property
    def year_start(self) -> np.datetime64:
        """The first day of the year that counts."""
        return year_start(self.known.date, self.config.year)

    # Facts ------------------------------------------------------------------------------

    def fact(self, name: str) -> Evidence:
        """A fact of hers, with the rows that it comes from."""
        text = shown_fact(self.known, name, 0)
        if name == "attended_class":
            return Evidence("fact", text, (), self.own_row, self._facts(name))
        days = self._days_of(name)
        if name == "longest_gap_days" and len(days):
            last = days[1] if len(days) > 1 else self.today
            words = {"first": self.shown(days[0]), "last": self.shown(last)}
            text = _("{fact}, from {first} to {last}").format(fact=text, **words)
        in_year = self.purchases.date >= self.year_start
        rows = self.lines(in_year) if name in MONEY else self.lines_on(days)
        return Evidence("fact", text, (), rows, self._facts(name))

    def _days_of(self, name: str) -> Days:
        """The purchase days that a fact is made of."""
        in_year = self.days[self.days >= self.year_start]
        if name == "purchase_days_in_year":
            return in_year
        if name in {"purchase_days", "usual_interval_days"}:
            return self.days
        if name in {"first_purchase", "bought"}:
            return self.days[:1]
        return self._around_longest_gap(in_year) if name == "longest_gap_days" else self.days[-1:]

    def _around_longest_gap(self, days: Days) -> Days:
        """The purchase days around the longest gap: two, or the last where it lasts up to today."""
        if not len(days):
            return days
        gaps = np.diff(np.append(days, self.today))
        at = int(np.argmax(gaps))
        return days[at : at + 2]

    def _facts(self, name: str) -> dict[str, Value]:
        value: Value = fact_value(self.known, name, 0)
        if name in MONEY and isinstance(value, int):
            value = self.units(value)
        return {"fact": name, "value": value}

    def compared(self, when: When | None) -> list[Evidence]:
        """What a condition that she meets compares; of its alternatives those that she meets."""
        found = {one.text: one for one in self._compared(when)}
        return list(found.values())

    def _compared(self, when: When | None) -> Iterator[Evidence]:
        if when is None:
            return
        for name in type(when).model_fields:
            test = getattr(when, name)
            if isinstance(test, NumberTest | DateTest | YesNoTest):
                yield self.fact(name)
            elif isinstance(test, TextTest):
                heading = self.config.heading("filled", name)
                yield self._column(heading, str(self.known.columns[name][0]), ())
        for heading in when.columns or {}:
            cells = self.clients.own.get(fold(heading))
            value = "" if cells is None else str(read_text(cells)[0])
            yield self._column(heading, value, self.own_row)
        for one in when.any_ or ():
            if holds(one, self.known)[0]:
                yield from self._compared(one)

    def _column(self, heading: str, value: str, rows: tuple[SourceRows, ...]) -> Evidence:
        text = _("{column}: {value}").format(column=heading, value=value or "–")
        return Evidence("fact", text, (), rows, {"column": heading, "value": value or None})


def _rows(table: str, log: CleanTable, where: Mask) -> tuple[SourceRows, ...]:
    at = tuple(log.at[where].tolist())
    return (SourceRows(table, at),) if at else ()


def explain(result: Result, position: int) -> list[Explanation]:
    """Why each filled cell of the client at *position* (a row of Clients, from 0) is what it is.

    One explanation a column, in their order. What is worked out here is about her alone; the cells
    themselves are those of *result*.
    """
    one = OneClient(result, position)
    if not result.known.clients.usable[position]:
        text = _("Left out: the row has no ID, or its ID stands further up already.")
        left_out = Evidence("blank", text, (), one.own_row)
        return [Explanation(column.key, (), (left_out,)) for column in result.declared]
    return [(column.explain or _plainly(column))(one) for column in result.declared]


def _plainly(column: Column) -> Callable[[OneClient], Explanation]:
    """What a column is decided from, where it doesn't say more."""
    decided = Evidence("decided", _(column.inputs or column.about))
    return lambda _one: Explanation(column.key, column.rule, (decided,))
