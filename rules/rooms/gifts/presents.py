"""Gifts on the list that nobody in this base can get."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

import numpy as np

from rules.mentions import first_of
from rules.model.declarations import Hint
from rules.model.result import Result
from rules.reading.cells import shown_whole
from rules.rooms.gifts.room import choose_gift, gift_budget, who_receives
from rules.rooms.gifts.settings import Settings
from words import _


def unreachable_gifts(result: Result) -> Iterator[Hint]:
    """Gifts dearer than any budget, and those that something else is always chosen before.

    Whatever occasions are near today: each is looked at for every client that a gift is chosen for.
    """
    known, rule = result.known, result.config.rule(Settings).gifts
    receives, card_only = known.of(who_receives)
    receiving = receives & ~card_only
    if not receiving.any() or not rule.list:
        return
    budget = known.of(gift_budget)
    most = int(max(budget[receiving]))
    dear = {item.name for item in rule.list if ceil(item.price) > most}
    if dear:
        names = first_of([item.name for item in rule.list if item.name in dear])
        text = _("Gifts dearer than the largest budget ({budget}): {gifts}.").format(
            gifts=names, budget=shown_whole(most)
        )
        yield Hint(text, ("gifts", "list"))
    chosen: set[str] = set()
    for number in range(len(rule.occasions)):
        shared = np.zeros((len(budget), len(rule.occasions)), dtype=bool)
        shared[:, number] = True
        chosen |= set(choose_gift(known, shared)[receiving].tolist())
    unused = [item.name for item in rule.list if item.name not in chosen | dear]
    if unused:
        names = first_of(unused)
        yield Hint(
            _("Gifts that nobody gets, because another one always fits better: {gifts}.").format(
                gifts=names
            ),
            ("gifts", "list"),
        )
