"""Rules of the configuration that mean nobody in this base."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rules.conditions import holds
from rules.config.conditions import conditions_in
from rules.config.yaml_text import Path, shown_entry
from rules.mentions import first_of
from rules.model.declarations import Hint
from rules.model.result import Result
from rules.rooms.groups.rule import group
from rules.rooms.groups.settings import Settings
from words import _


def rules_for_nobody(result: Result) -> Iterator[Hint]:
    """Group rules that take nobody, each by itself, and all other conditions that hold for nobody
    together.
    """
    config, usable = result.config, result.known.clients.usable
    taken = set(result.known.of(group).rule[usable].tolist())
    for number, rule in enumerate(config.rule(Settings).groups):
        if number not in taken:
            fitting = int(np.sum(holds(rule.when, result.known) & usable))
            sentence = (
                _(
                    "Group rule {rule} ({name}) takes nobody: all who meet its conditions "
                    "({count}) go to rules above it."
                )
                if fitting
                else _("Group rule {rule} ({name}) takes nobody: no client meets its conditions.")
            )
            text = sentence.format(rule=number + 1, name=rule.name, count=fitting)
            yield Hint(text, ("groups", number))
    unmet = [
        path
        for path, when in conditions_in(config)
        if path[0] != "groups"
        and "any" not in path
        and not np.any(holds(when, result.known) & usable)
    ]
    if unmet:
        shown = first_of([_shown(path) for path in unmet])
        yield Hint(
            _("Conditions that no client meets: {conditions}.").format(conditions=shown), unmet[0]
        )


def _shown(path: Path) -> str:
    """Where a condition stands, such as "gifts.multipliers 2"."""
    return shown_entry(tuple(step for step in path if step != "when"))
