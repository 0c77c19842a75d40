"""The gifts to order: for each occasion what, how many, and what it costs. Source: Zelenkina."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rules.dates import date_or_none, day
from rules.gifts import chosen_entry, gift_budget, is_posted, next_occasions
from rules.lists.columns import LISTS, SheetList
from rules.lists.tables import Shown, Tables
from rules.money import shown_money
from rules.recalculation import Cell, Result
from words import _

_MOST_SIGNS = 150
"""Of names in a cell; two lines show so many."""


class _Thing(NamedTuple):
    """What is to be ordered, and what one costs; 0 where that isn't known."""

    name: str
    price: Decimal


class _Wanted(NamedTuple):
    """What is wanted for one client: her position, and the things that make up her gift."""

    position: int
    things: tuple[_Thing, ...]


def shopping_list(result: Result, tables: Tables) -> SheetList:
    """What to order for the gifts that the filled columns name: by occasion, the nearest first,
    each thing with its count, price and cost, the dearest first, and a row with the sums.

    A price of zero counts as unknown: price and cost stay blank. Unit: money.
    """
    return _Shopping(result, tables).sheet_list()


class _Shopping:
    """The work of one call of `shopping_list`."""

    def __init__(self, result: Result, tables: Tables) -> None:
        self.result = result
        self.config = result.config
        self.rule = result.config.gifts
        self.shown = Shown(result, tables)
        self.whole = Decimal()

    def sheet_list(self) -> SheetList:
        rows: list[dict[str, Cell]] = []
        for occasion, wanted in self._by_occasion():
            rows += self._rows(occasion, wanted)
        keys = [column.key for column in LISTS["gifts"]]
        gifts = int(np.sum(self.result.filled["gift"] != ""))
        minor = int(self.whole * 10**self.config.numbers.minor_units)
        head = _("Gifts to have ready: {count}, together {cost}.").format(
            count=gifts, cost=shown_money(minor, self.config)
        )
        return SheetList({key: [row.get(key) for row in rows] for key in keys}, (head,))

    def _by_occasion(self) -> list[tuple[str, list[_Wanted]]]:
        """The gifts by what they are for, the nearest first."""
        filled = self.result.filled
        found: dict[str, list[_Wanted]] = {}
        positions = np.flatnonzero(filled["gift"] != "")
        order = np.argsort(filled["gift_date"][positions], kind="stable")
        for position in positions[order].tolist():
            wanted = _Wanted(position, self._things(position))
            found.setdefault(filled["gift_for"][position], []).append(wanted)
        return list(found.items())

    def _things(self, position: int) -> tuple[_Thing, ...]:
        """The things of a client's gift: what was chosen and the card, or the card alone."""
        rule = self.rule
        card = _Thing(rule.card, rule.card_price)
        if self.result.filled["gift"][position] == rule.card:
            return (card,)
        at = self._entries[position]
        if at < 0:
            return _Thing(rule.token, rule.token_price), card
        return _Thing(rule.list[at].name, rule.list[at].price), card

    @cached_property
    def _entries(self) -> NDArray[np.int64]:
        """Of each client the place of her gift in the list; two of one name may differ in price."""
        clients, subjects = self.result.base.clients, self.result.subjects
        today = day(self.result.today)
        shared = next_occasions(clients, self.result.base.contacts, today, self.rule).shared
        posted = is_posted(clients, self.config.home_city)
        return chosen_entry(gift_budget(subjects), shared, posted, subjects)

    def _rows(self, occasion: str, wanted: Sequence[_Wanted]) -> Iterator[dict[str, Cell]]:
        by_thing: dict[_Thing, list[int]] = {}
        for one in wanted:
            for thing in one.things:
                by_thing.setdefault(thing, []).append(one.position)
        costs = []
        for thing in sorted(by_thing, key=self._place):
            cost = thing.price * len(by_thing[thing])
            costs.append(cost)
            yield {
                **self._row(occasion, by_thing[thing], thing.name),
                "price": float(thing.price) or None,
                "cost": float(cost) or None,
            }
        positions = [one.position for one in wanted]
        total = self._row(occasion, positions, _("Together"))
        self.whole += sum(costs)
        yield {**total, "cost": float(sum(costs)) or None, "clients": None}

    def _place(self, thing: _Thing) -> tuple[bool, bool, Decimal]:
        """Where a thing stands in the list: the dearest first, the token and the card last."""
        return thing.name == self.rule.card, thing.name == self.rule.token, -thing.price

    def _row(self, occasion: str, positions: Sequence[int], item: str) -> dict[str, Cell]:
        first = min(self.result.filled["gift_date"][positions])
        return {
            "occasion": occasion,
            "needed": date_or_none(first),
            "item": item,
            "count": float(len(positions)),
            "clients": _listed([self.shown.name(at) for at in positions]),
        }


def _listed(names: Sequence[str]) -> str:
    """The names one after the other, and how many more there are than a cell shows."""
    shown: list[str] = []
    for name in names:
        if shown and len(", ".join(shown)) + len(name) > _MOST_SIGNS:
            return f"{', '.join(shown)} … +{len(names) - len(shown)}"
        shown.append(name)
    return ", ".join(shown)
