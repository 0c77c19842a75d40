"""Why a client is in her group, in one sentence, and what she lacks for the group above."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import floor

import numpy as np

from rules.conditions import MONEY, parts
from rules.config.conditions import NumberTest, When
from rules.explanations import facts_of_group, shown_fact
from rules.money import shown_money
from rules.recalculation import Result
from words import _, marked

_LIMITS = {
    "above": marked("above {limit}"),
    "at_least": marked("at least {limit}"),
    "at_most": marked("at most {limit}"),
    "below": marked("below {limit}"),
}


class GroupReasons:
    """Why each client of a *result* is in her group; asking for one is cheap."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.config = result.config
        self._goals = [_Goal(rule.name, rule.when, result) for rule in self.config.groups]

    def sentence(self, position: int) -> str:
        """Group, the facts that gave it, and the distance to the nearest group above, such as
        "Client: last purchase 10.08.2026; 4 200 short of VIP".

        The distance is told where nothing but figures keeps her from that group, and only for
        buyers. *position* is a row of Clients, from 0. Source: Zelenkina's groups.
        """
        number = int(self.result.groups.rule[position])
        if not self.result.base.clients.usable[position]:
            return _("Left out: the row has no ID, or its ID stands further up already.")
        facts = facts_of_group(self.result, position)
        if number < 0:
            return _("Blank: no group rule fits: {facts}.").format(facts=facts)
        sentence = _("{name}: {facts}").format(name=self.config.groups[number].name, facts=facts)
        return "; ".join([sentence, *self.distance(position)[1]])

    def distance(self, position: int) -> tuple[int, list[str]]:
        """The number of the nearest group rule above her own that asks for nothing but figures, and
        what she lacks for it; -1 and nothing where there is none, and for those who never bought.
        """
        own_rule = int(self.result.groups.rule[position])
        if own_rule < 0 or not self.result.facts.bought[position]:
            return -1, []
        own_name = self._goals[own_rule].group
        for number in reversed(range(own_rule)):
            goal = self._goals[number]
            missed = goal.missed(position)
            if goal.group != own_name and goal.are_figures(missed):
                return number, self._lacks(position, goal, missed)
        return -1, []

    def _lacks(self, position: int, goal: _Goal, missed: list[str]) -> list[str]:
        found, others = [], []
        for name in missed:
            short = self._short(position, getattr(goal.when, name)) if name in MONEY else None
            if short:
                found.append(_("{amount} short of {name}").format(amount=short, name=goal.group))
            elif _is_known(self.result, name, position):
                limits = ", ".join(self._limits(name, getattr(goal.when, name)))
                others.append(f"{shown_fact(self.result, name, position)} ({limits})")
        if others:
            found.append(_("not {name}: {facts}").format(name=goal.group, facts=", ".join(others)))
        return found

    def _limits(self, name: str, test: NumberTest) -> Iterator[str]:
        """What a comparison asks for, such as "at most 62"."""
        for word, sentence in _LIMITS.items():
            limit = getattr(test, word)
            if limit is not None:
                yield _(sentence).format(limit=self._shown(name, limit))
        for limit in test.in_ or ([] if test.is_ is None else [test.is_]):
            yield self._shown(name, limit)

    def _shown(self, name: str, limit: Decimal) -> str:
        if name in MONEY:
            return shown_money(int(limit * 10**self.config.numbers.minor_units), self.config)
        return f"{limit:f}"

    def _short(self, position: int, test: NumberTest) -> str | None:
        """How much turnover is lacking; None where she has too much."""
        wanted = test.above if test.above is not None else test.at_least
        if wanted is None:
            return None
        scale = 10**self.config.numbers.minor_units
        lacking = floor(wanted * scale) - int(self.result.facts.turnover_in_year[position])
        if test.above is not None:
            lacking = max(lacking, 1) if lacking >= 0 else lacking
        return shown_money(lacking, self.config) if lacking > 0 else None


def _is_known(result: Result, name: str, position: int) -> bool:
    if name in MONEY:
        return bool(result.facts.has_lines[position])
    return not np.isnan(getattr(result.facts, name)[position])


class _Goal:
    """A group rule, and for which clients each of its comparisons holds."""

    def __init__(self, group: str, when: When | None, result: Result) -> None:
        self.group = group
        self.when = when
        found = parts(when, result.subjects)
        self._holds = {name: mask.tolist() for name, mask in found.items()}
        self._figures = {
            name for name in found if isinstance(getattr(when, name, None), NumberTest)
        }

    def missed(self, position: int) -> list[str]:
        """The comparisons that a client doesn't meet."""
        return [name for name, holds in self._holds.items() if not holds[position]]

    def are_figures(self, missed: list[str]) -> bool:
        """Whether it takes nothing but figures to meet them."""
        return bool(missed) and self._figures.issuperset(missed)
