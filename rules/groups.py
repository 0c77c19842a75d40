"""The group of each client: the first rule that fits names it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rules.cells import Mask
from rules.conditions import Subjects, facts_asked, holds


class Groups(NamedTuple):
    """The group of each client ('' where no rule fits), and the number of the rule (-1).

    asked: by rule the facts that it compares.
    """

    name: NDArray[np.object_]
    rule: NDArray[np.int64]
    asked: list[list[str]]


def group(usable: Mask, subjects: Subjects) -> Groups:
    """Each *usable* client's group by the rules of the configuration, tried from the top.

    Source: Zelenkina's four telephone groups.
    """
    names = np.full(len(usable), "", dtype=object)
    rules = np.full(len(usable), -1, dtype=np.int64)
    undecided = usable.copy()
    for number, rule in enumerate(subjects.config.groups):
        fits = undecided & holds(rule.when, subjects)
        names[fits] = rule.name
        rules[fits] = number
        undecided &= ~fits
    return Groups(names, rules, [facts_asked(rule.when) for rule in subjects.config.groups])
