"""The gifts to order: for each occasion what, how many, and what it costs. Source: Zelenkina."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np

from rules.config.settings import Config
from rules.model.declarations import Cell, IsWorkingDay, Look, Room, Sheet, SheetColumn, SheetRows
from rules.model.raw import RawTable
from rules.model.result import Result
from rules.reading.cells import read_text, shown_money
from rules.reading.dates import date_or_none
from rules.reading.words import fold
from rules.rooms.gifts.room import chosen_entry, coming_occasions, gift_budget
from rules.rooms.gifts.settings import Settings
from rules.rooms.shown import Shown, listed
from rules.rooms.today.plan import Settings as Today
from words import _, marked

COLUMNS = (
    SheetColumn("occasion", "text", "what the gifts are for", 24, required=True),
    SheetColumn("needed", "date", "when the first of them is needed", 12),
    SheetColumn("item", "text", "what is to be ordered", 24, required=True),
    SheetColumn("count", "number", "how many of it", 9, required=True),
    SheetColumn("price", "number", "what one costs", 10),
    SheetColumn("cost", "number", "what all cost", 11),
    SheetColumn("bought", "text", "a tick, once it is bought", 12, is_hers=True),
    SheetColumn("clients", "text", "for whom", 90),
)
_READ = ("occasion", "item", "price", "count", "clients", "bought")
_KEPT = ("occasion", "item", "price", "clients", "bought")
"""What is read of the list as it stands, and what stays of a row that is no more on it."""


class _Thing(NamedTuple):
    """What is to be ordered, and what one costs; 0 where that isn't known."""

    name: str
    price: Decimal


def shopping_list(result: Result, _works: IsWorkingDay) -> SheetRows:
    """What to order for the gifts that the filled columns name: by the occasions that share a gift,
    the nearest first, each thing with its count, price and cost, by the day on which the first is
    needed, then the dearest first; and a row with the sums.

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
        self.shared = known.of(coming_occasions).shared
        self.entries = chosen_entry(known, self.shared, known.of(gift_budget))
        """Of each client the place of her gift in the list; two of one name may differ in price."""

    def sheet_list(self) -> SheetRows:
        positions = np.flatnonzero(self.filled["gift"] != "")
        order = np.argsort(self.filled["gift_date"][positions], kind="stable")
        nearest = positions[order].tolist()
        by_occasions: dict[frozenset[str], list[int]] = {}
        for position in nearest:
            by_occasions.setdefault(self._occasions(position), []).append(position)
        rows = [row for wanted in by_occasions.values() for row in self._rows(wanted)]
        whole = sum(thing.price for position in nearest for thing in self._things(position))
        minor = int(whole * 10**self.config.numbers.minor_units)
        head = _("Gifts to have ready: {count}, together {cost}.").format(
            count=len(nearest), cost=shown_money(minor, self.config)
        )
        keys = [one.key for one in COLUMNS if not one.is_hers]
        return SheetRows({key: [row.get(key) for row in rows] for key in keys}, (head,))

    def _occasions(self, position: int) -> frozenset[str]:
        """The occasions of a client's gift, whichever of them comes first."""
        shared = self.shared[position]
        return frozenset(
            one.name for one, is_one in zip(self.rule.occasions, shared, strict=True) if is_one
        )

    def _things(self, position: int) -> tuple[_Thing, ...]:
        """The things of a client's gift: what was chosen and the card, or the card alone."""
        rule, at = self.rule, self.entries[position]
        card = _Thing(rule.card, rule.card_price)
        if self.filled["gift"][position] == rule.card:
            return (card,)
        if at < 0:
            return _Thing(rule.token, rule.token_price), card
        return _Thing(rule.list[at].name, rule.list[at].price), card

    def _rows(self, positions: Sequence[int]) -> Iterator[dict[str, Cell]]:
        occasion = self.filled["gift_for"][positions[0]]
        by_thing: dict[_Thing, list[int]] = {}
        for position in positions:
            for thing in self._things(position):
                by_thing.setdefault(thing, []).append(position)
        together = Decimal()
        places = {thing: (self._needed(at), self._place(thing)) for thing, at in by_thing.items()}
        for thing in sorted(by_thing, key=lambda one: places[one]):
            cost = thing.price * len(by_thing[thing])
            together += cost
            row = self._row(occasion, by_thing[thing], thing.name, cost)
            yield row | {"price": float(thing.price) or None}
        yield self._row(occasion, positions, _("Together"), together) | {"clients": None}

    def _needed(self, positions: Sequence[int]) -> np.datetime64:
        """When the first of these clients needs hers."""
        return min(self.filled["gift_date"][positions])

    def _place(self, thing: _Thing) -> tuple[bool, bool, Decimal]:
        """Where a thing stands in the list: the dearest first, the token and the card last."""
        return thing.name == self.rule.card, thing.name == self.rule.token, -thing.price

    def _row(
        self, occasion: str, positions: Sequence[int], item: str, cost: Decimal
    ) -> dict[str, Cell]:
        return {
            "occasion": occasion,
            "needed": date_or_none(self._needed(positions)),
            "item": item,
            "count": float(len(positions)),
            "cost": float(cost) or None,
            "clients": listed([self.shown.name(at) for at in positions]),
        }


def with_ticks(made: SheetRows, listed: RawTable | None, config: Config) -> SheetRows:
    """The list with what she wrote under Bought, beside the same thing for the same occasions.

    listed: the rows as they stand. A mere tick says for whom it was, once others need the thing,
    too, and goes with its row; anything else that she wrote stays below the list.
    """
    columns = {key: list(cells) for key, cells in made.columns.items()}
    columns["bought"] = [None] * len(made)
    places = {_key(columns, at, config): at for at in reversed(range(len(made)))}
    standing = {} if listed is None else {key: listed.texts(key).tolist() for key in _READ}
    for row, text in enumerate(standing.get("bought", ())):
        at = places.pop(_key(standing, row, config), None) if text else None
        if at is not None:
            columns["bought"][at] = _tick(text, _for_whom(standing, row), columns, at, config)
        elif text and not _is_tick(text, config):
            for key, cells in columns.items():
                kept = standing[key][row] if key in _KEPT else ""
                cells.append(kept or None)
    return SheetRows(columns, made.lines)


def _key(columns: Mapping[str, Sequence[Any]], at: int, config: Config) -> tuple[object, ...]:
    """What tells a row of the list: the occasions, in whatever order, the thing and its price."""
    occasion, item, price = (columns[key][at] for key in ("occasion", "item", "price"))
    parts = str(occasion or "").split(config.rule(Settings).gifts.occasion_joiner)
    return frozenset(map(fold, parts)), fold(str(item or "")), _text(price)


def _text(cell: object) -> str:
    return str(read_text(np.array([cell], dtype=object))[0])


def _for_whom(columns: Mapping[str, Sequence[Any]], at: int) -> str:
    """The clients of a row, or how many they are."""
    return columns["clients"][at] or _text(columns["count"][at])


def _tick(
    text: str, before: str, columns: Mapping[str, Sequence[Any]], at: int, config: Config
) -> str:
    """What stands under Bought then, of a row that was for other clients before."""
    now = _for_whom(columns, at)
    is_cut = "…" in before + now
    is_for_all = now == before or (not is_cut and set(now.split(", ")) <= set(before.split(", ")))
    return text if is_for_all or fold(text) not in _ticks(config) else f"{text}: {before}"


def _is_tick(text: str, config: Config) -> bool:
    """Whether a text is a mere tick, or one that says for whom it was."""
    return fold(text.split(":", maxsplit=1)[0]) in _ticks(config)


def _ticks(config: Config) -> set[str]:
    return set(map(fold, config.rule(Today).today.marks))


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
            reads=_READ,
            keep=with_ticks,
            title=marked("Gifts to order"),
            has_parts=_has_parts,
            looks=(
                Look(
                    "bought",
                    "bought",
                    'AND({item}<>"",{item}<>{text})',
                    "hers",
                    marked("Together"),
                ),
                Look("occasion", "clients", "{item}={text}", "total", marked("Together")),
            ),
        ),
    ),
)
