"""The group of each client: the first rule that fits names it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rules.conditions import facts_asked, holds
from rules.config.conditions import conditions_in
from rules.model.known import Known
from rules.rooms.facts import facts
from rules.rooms.groups.settings import Settings
from words import _


class Groups(NamedTuple):
    """The group of each client ('' where no rule fits), and the number of the rule (-1).

    asked: by rule the facts that it compares.
    """

    name: NDArray[np.object_]
    rule: NDArray[np.int64]
    asked: list[list[str]]


def group(known: Known) -> Groups:
    """Each usable client's group by the rules of the configuration, tried from the top.

    Source: Zelenkina's four telephone groups.
    """
    usable, every = known.clients.usable, known.rule(Settings).groups
    names = np.full(len(usable), "", dtype=object)
    rules = np.full(len(usable), -1, dtype=np.int64)
    undecided = usable.copy()
    for number, rule in enumerate(every):
        fits = undecided & holds(rule.when, known)
        names[fits] = rule.name
        rules[fits] = number
        undecided &= ~fits
    return Groups(names, rules, [facts_asked(rule.when) for rule in every])


def potential_buyers(known: Known) -> Iterator[str]:
    """How many buyers a group rule on attendance takes: perhaps class dates just aren't kept."""
    found = known.of(facts)
    if not found.attendance_known:
        return
    asking = [
        rule.name
        for rule in known.rule(Settings).groups
        if any(when.attended_class for _path, when in conditions_in(rule))
    ]
    for name in dict.fromkeys(asking):
        buyers = (known.of(group).name == name) & found.bought & ~found.attended_class
        if buyers.any():
            yield _(
                "Clients who bought but are {group}: {count}. They have no class date; fill "
                "it in, or change the group rules."
            ).format(count=int(buyers.sum()), group=name)
