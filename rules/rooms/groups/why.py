"""Why a client is in her group, and what she lacks for the group above."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain
from math import floor

from rules.conditions import parts
from rules.config.conditions import NumberTest
from rules.config.yaml_text import Path
from rules.model.known import Known
from rules.reading.cells import shown_money
from rules.reading.words import fold
from rules.rooms.facts import MONEY, fact_value, facts, shown_fact
from rules.rooms.groups.room import GroupRule, Settings
from rules.rooms.groups.room import group as group_rule
from rules.why.client import OneClient
from rules.why.shape import Evidence, Explanation, Value
from words import _, marked

_LIMITS = {
    "above": marked("above {limit}"),
    "at_least": marked("at least {limit}"),
    "at_most": marked("at most {limit}"),
    "below": marked("below {limit}"),
}


class GroupReasons:
    """Why each client is in her group; asking for one is cheap."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.config = known.config
        self.facts = known.of(facts)
        self.groups = known.of(group_rule)
        self.rules = known.rule(Settings).groups
        self._met = [
            {name: mask.tolist() for name, mask in parts(rule.when, known).items()}
            for rule in self.rules
        ]
        """For which clients each comparison of a rule holds."""

    def sentence(self, position: int) -> str:
        """Group, the facts that gave it, and the distance to the nearest group above, such as
        "Client: last purchase 10.08.2026; 4 200 short of VIP".

        The distance is told where nothing but figures keeps her from that group, and only for
        buyers. *position* is a row of Clients, from 0. Source: Zelenkina's groups.
        """
        number = int(self.groups.rule[position])
        if not self.known.clients.usable[position]:
            return _("Left out: the row has no ID, or its ID stands further up already.")
        compared = self._facts(position)
        if number < 0:
            return _("Blank: no group rule fits: {facts}.").format(facts=compared)
        sentence = _("{name}: {facts}").format(name=self.rules[number].name, facts=compared)
        return "; ".join([sentence, *self.distance(position)[1]])

    def distance(self, position: int) -> tuple[int, list[str]]:
        """The number of the nearest group rule above her own that asks for nothing but figures, and
        what she lacks for it; -1 and nothing where there is none, and for those who never bought.
        """
        own_rule = int(self.groups.rule[position])
        if own_rule < 0 or not self.facts.bought[position]:
            return -1, []
        for number in reversed(range(own_rule)):
            rule = self.rules[number]
            missed = [name for name, met in self._met[number].items() if not met[position]]
            figures = [isinstance(getattr(rule.when, name, None), NumberTest) for name in missed]
            if missed and all(figures) and rule.name != self.rules[own_rule].name:
                return number, self._lacks(position, rule, missed)
        return -1, []

    def _lacks(self, position: int, goal: GroupRule, missed: list[str]) -> list[str]:
        found, others = [], []
        for name in missed:
            short = self._short(position, getattr(goal.when, name)) if name in MONEY else None
            if short:
                found.append(_("{amount} short of {name}").format(amount=short, name=goal.name))
            elif fact_value(self.known, name, position) is not None:
                limits = ", ".join(self._limits(name, getattr(goal.when, name)))
                others.append(f"{shown_fact(self.known, name, position)} ({limits})")
        if others:
            found.append(_("not {name}: {facts}").format(name=goal.name, facts=", ".join(others)))
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
        lacking = floor(wanted * scale) - int(self.facts.turnover_in_year[position])
        if lacking == 0 and test.above is not None:
            lacking = 1
        return shown_money(lacking, self.config) if lacking > 0 else None

    def _facts(self, position: int) -> str:
        """The facts that gave a client her group: those that its rule compares, else of all."""
        asked, number = self.groups.asked, int(self.groups.rule[position])
        names = asked[number] if number >= 0 else ()
        names = names or list(dict.fromkeys(chain.from_iterable(asked)))
        return ", ".join(shown_fact(self.known, name, position) for name in names)


def group(one: OneClient) -> Explanation:
    """The rule that named her group, what it compared, and the distance to the group above."""
    number = int(one.among.of(group_rule).rule[one.position])
    evidence = list(_group_facts(one, number))
    goal, sentences = one.among.of(GroupReasons).distance(one.position)
    for sentence in sentences:
        facts: dict[str, Value] = {"group": one.config.rule(Settings).groups[goal].name}
        evidence.append(Evidence("distance", sentence, ("groups", goal), (), facts))
    rule: Path = ("groups", number) if number >= 0 else ("groups",)
    return Explanation("group", rule, tuple(evidence))


def _group_facts(one: OneClient, number: int) -> Iterator[Evidence]:
    if number < 0:
        yield Evidence("blank", _("no group rule fits"))
    else:
        when = one.config.rule(Settings).groups[number].when
        if when is not None:
            yield from one.compared(when)
            return
        yield Evidence("decided", _("no rule above fits, and this one takes everybody who is left"))
    for name in dict.fromkeys(chain.from_iterable(one.among.of(group_rule).asked)):
        yield one.fact(name)


def amiss(known: Known, expected: str) -> str:
    """Which rule took the only client of *known*, and what she lacks for the rules above it that
    give the *expected* group.
    """
    every, taken = known.rule(Settings).groups, int(known.of(group_rule).rule[0])
    if taken >= 0:
        found = [_("group rule {rule} takes her").format(rule=taken + 1)]
    else:
        found, taken = [_("no group rule takes her")], len(every)
    for number, rule in enumerate(every[:taken], 1):
        if fold(rule.name) == fold(expected):
            lacking = [name for name, fits in parts(rule.when, known).items() if not fits[0]]
            fails = _("rule {rule} fails on {facts}")
            found.append(fails.format(rule=number, facts=", ".join(lacking)))
    return "; ".join(found)
