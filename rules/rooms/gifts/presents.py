"""Gifts that nobody in this base can get, and those of days without a greeting."""

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
from rules.rooms.next_contact.settings import Settings as NextContact
from words import _


def hints(result: Result) -> Iterator[Hint]:
    """All hints about gifts."""
    yield from unreachable_gifts(result)
    yield from days_without_greeting(result)


def days_without_greeting(result: Result) -> Iterator[Hint]:
    """Days that have gifts and no greetings: whoever takes a holiday out may mean both."""
    greeted = {holiday.day for holiday in result.config.rule(NextContact).holidays}
    occasions = result.config.rule(Settings).gifts.occasions
    names = [one.name for one in occasions if one.day not in {*greeted, "birthday"}]
    if greeted and names:
        text = _(
            "Gifts are chosen for {occasions}, though nobody is greeted then. Where you want no "
            "gifts either, take the day out of the occasions of gifts, too (off: yes)."
        )
        yield Hint(text.format(occasions=first_of(names)), ("gifts", "occasions"))


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
