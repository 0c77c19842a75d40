"""The gifts to order: for each occasion what, how many, and what it costs. Source: Zelenkina."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rules.config.settings import Config
from rules.model.declarations import (
    Cell,
    IsWorkingDay,
    Look,
    Room,
    Sheet,
    SheetColumn,
    SheetRows,
)
from rules.model.result import Result
from rules.reading.cells import shown_money
from rules.reading.dates import date_or_none
from rules.rooms.gifts.room import chosen_entry, coming_occasions, gift_budget, is_posted
from rules.rooms.gifts.settings import Settings
from rules.rooms.shown import Shown
from words import _, marked

COLUMNS = (
    SheetColumn("occasion", "text", "what the gifts are for; required", 24, required=True),
    SheetColumn("needed", "date", "when the first of them is needed", 12),
    SheetColumn("item", "text", "what is to be ordered; required", 24, required=True),
    SheetColumn("count", "number", "how many; required", 9, required=True),
    SheetColumn("price", "number", "what one costs", 10),
    SheetColumn("cost", "number", "what all cost", 11),
    SheetColumn("clients", "text", "for whom", 90),
)
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


def shopping_list(result: Result, _works: IsWorkingDay) -> SheetRows:
    """What to order for the gifts that the filled columns name: by occasion, the nearest first,
    each thing with its count, price and cost, the dearest first, and a row with the sums.

    A price of zero counts as unknown: price and cost stay blank. Unit: money.
    """
    return _Shopping(result).sheet_list()


class _Shopping:
    """The work of one call of `shopping_list`."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.config = result.config
        self.rule = result.config.rule(Settings).gifts
        self.shown = Shown(result)
        self.whole = Decimal()

    def sheet_list(self) -> SheetRows:
        rows: list[dict[str, Cell]] = []
        for occasion, wanted in self._by_occasion():
            rows += self._rows(occasion, wanted)
        keys = [column.key for column in COLUMNS]
        gifts = int(np.sum(self.result.filled["gift"] != ""))
        minor = int(self.whole * 10**self.config.numbers.minor_units)
        head = _("Gifts to have ready: {count}, together {cost}.").format(
            count=gifts, cost=shown_money(minor, self.config)
        )
        return SheetRows({key: [row.get(key) for row in rows] for key in keys}, (head,))

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
        known = self.result.known
        posted = is_posted(known.clients, self.config.home_city)
        shared = known.of(coming_occasions).shared
        return chosen_entry(known.of(gift_budget), shared, posted, known)

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


def _has_parts(config: Config) -> bool:
    """Whether a price isn't whole."""
    rule = config.rule(Settings).gifts
    prices = (rule.token_price, rule.card_price, *(item.price for item in rule.list))
    return any(price != round(price) for price in prices)


ROOM = Room(
    "shopping",
    sheets=(
        Sheet(
            "gifts",
            "the sheet with the gifts to order; filled where the workbook has it",
            "Zelenkina",
            COLUMNS,
            shopping_list,
            title=marked("Gifts to order"),
            has_parts=_has_parts,
            looks=(Look("occasion", "clients", "{item}={text}", "total", marked("Together")),),
        ),
    ),
)
