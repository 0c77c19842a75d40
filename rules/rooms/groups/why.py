"""Why the group is what it is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from rules.config.yaml_text import Path
from rules.rooms.groups import rule as groups
from rules.rooms.groups.reasons import GroupReasons
from rules.rooms.groups.settings import Settings
from rules.why.client import OneClient
from rules.why.shape import Evidence, Explanation, Value
from words import _


def group(one: OneClient) -> Explanation:
    """The rule that named her group, what it compared, and the distance to the group above."""
    number = int(one.among.of(groups.group).rule[one.position])
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
    for name in dict.fromkeys(chain.from_iterable(one.among.of(groups.group).asked)):
        yield one.fact(name)
