"""The gifts to order: for each occasion what, how many, and what it costs. Source: Zelenkina."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from rules.config.settings import Config
from rules.model.declarations import Cell, IsWorkingDay, Look, Room, Sheet, SheetColumn, SheetRows
from rules.model.result import Result
from rules.reading.cells import shown_money
from rules.reading.dates import date_or_none
from rules.rooms.gifts.room import chosen_entry, coming_occasions, gift_budget
from rules.rooms.gifts.settings import Settings
from rules.rooms.shown import Shown
from words import _, marked

COLUMNS = (
    SheetColumn("occasion", "text", "what the gifts are for", 24, required=True),
    SheetColumn("needed", "date", "when the first of them is needed", 12),
    SheetColumn("item", "text", "what is to be ordered", 24, required=True),
    SheetColumn("count", "number", "how many of it", 9, required=True),
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


def shopping_list(result: Result, _works: IsWorkingDay) -> SheetRows:
    """What to order for the gifts that the filled columns name: by occasion, the nearest first,
    each thing with its count, price and cost, the dearest first, and a row with the sums.

    A price of zero counts as unknown: price and cost stay blank. Unit: money.
    """
    return _Shopping(result).sheet_list()


class _Shopping:
    """The work of one call of `shopping_list`."""

    def __init__(self, result: Result) -> None:
        self.result, self.config, self.filled = result, result.config, result.filled
        self.rule = result.config.rule(Settings).gifts
        self.shown = Shown(result)
        known = result.known
        shared, budget = known.of(coming_occasions).shared, known.of(gift_budget)
        self.entries = chosen_entry(known, shared, budget)
        """Of each client the place of her gift in the list; two of one name may differ in price."""

    def sheet_list(self) -> SheetRows:
        positions = np.flatnonzero(self.filled["gift"] != "")
        order = np.argsort(self.filled["gift_date"][positions], kind="stable")
        nearest = positions[order].tolist()
        by_occasion: dict[str, list[int]] = {}
        for position in nearest:
            by_occasion.setdefault(self.filled["gift_for"][position], []).append(position)
        rows = [row for wanted in by_occasion.items() for row in self._rows(*wanted)]
        whole = sum(thing.price for position in nearest for thing in self._things(position))
        minor = int(whole * 10**self.config.numbers.minor_units)
        head = _("Gifts to have ready: {count}, together {cost}.").format(
            count=len(nearest), cost=shown_money(minor, self.config)
        )
        return SheetRows({one.key: [row.get(one.key) for row in rows] for one in COLUMNS}, (head,))

    def _things(self, position: int) -> tuple[_Thing, ...]:
        """The things of a client's gift: what was chosen and the card, or the card alone."""
        rule, at = self.rule, self.entries[position]
        card = _Thing(rule.card, rule.card_price)
        if self.filled["gift"][position] == rule.card:
            return (card,)
        if at < 0:
            return _Thing(rule.token, rule.token_price), card
        return _Thing(rule.list[at].name, rule.list[at].price), card

    def _rows(self, occasion: str, positions: Sequence[int]) -> Iterator[dict[str, Cell]]:
        by_thing: dict[_Thing, list[int]] = {}
        for position in positions:
            for thing in self._things(position):
                by_thing.setdefault(thing, []).append(position)
        together = Decimal()
        for thing in sorted(by_thing, key=self._place):
            cost = thing.price * len(by_thing[thing])
            together += cost
            row = self._row(occasion, by_thing[thing], thing.name, cost)
            yield row | {"price": float(thing.price) or None}
        yield self._row(occasion, positions, _("Together"), together) | {"clients": None}

    def _place(self, thing: _Thing) -> tuple[bool, bool, Decimal]:
        """Where a thing stands in the list: the dearest first, the token and the card last."""
        return thing.name == self.rule.card, thing.name == self.rule.token, -thing.price

    def _row(
        self, occasion: str, positions: Sequence[int], item: str, cost: Decimal
    ) -> dict[str, Cell]:
        return {
            "occasion": occasion,
            "needed": date_or_none(min(self.filled["gift_date"][positions])),
            "item": item,
            "count": float(len(positions)),
            "cost": float(cost) or None,
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
