"""Gifts on the list that nobody in this base can get."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

import numpy as np

from rules.cells import Mask
from rules.dates import older_than_months
from rules.gifts import choose_gift, gift_budget, is_posted
from rules.lint.hint import Hint
from rules.mentions import first_of
from rules.money import shown_whole
from rules.recalculation import Result
from words import _


def unreachable_gifts(result: Result) -> Iterator[Hint]:
    """Gifts dearer than any budget, and those that something else is always chosen before.

    Whatever occasions are near today: each is looked at for every client that a gift is chosen for.
    """
    subjects, rule = result.subjects, result.config.gifts
    receiving = _receiving(result)
    if not receiving.any() or not rule.list:
        return
    budget = gift_budget(subjects)
    most = int(max(budget[receiving]))
    dear = {item.name for item in rule.list if ceil(item.price) > most}
    if dear:
        names = first_of([item.name for item in rule.list if item.name in dear])
        text = _("Gifts dearer than the largest budget ({budget}): {gifts}.").format(
            gifts=names, budget=shown_whole(most)
        )
        yield Hint(text, ("gifts", "list"))
    posted = is_posted(result.base.clients, result.config.home_city)
    chosen: set[str] = set()
    for number in range(len(rule.occasions)):
        shared = np.zeros((len(budget), len(rule.occasions)), dtype=bool)
        shared[:, number] = True
        chosen |= set(choose_gift(budget, shared, posted, subjects)[receiving].tolist())
    unused = [item.name for item in rule.list if item.name not in chosen | dear]
    if unused:
        names = first_of(unused)
        yield Hint(
            _("Gifts that nobody gets, because another one always fits better: {gifts}.").format(
                gifts=names
            ),
            ("gifts", "list"),
        )


def _receiving(result: Result) -> Mask:
    """Who gets more than a card."""
    facts, clients = result.facts, result.base.clients
    months = result.config.gifts.card_only_after_months
    late = older_than_months(facts.last_purchase, months, result.subjects.today)
    return np.asarray(clients.usable & facts.bought & ~clients.do_not_contact & ~late)
