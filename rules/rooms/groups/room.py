"""The telephone groups: the first group rule that fits names a client's group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Annotated, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from rules.conditions import facts_asked, holds
from rules.config.basics import Label, Model, NamedEntry
from rules.config.checks import Finding
from rules.config.conditions import When, conditions_in
from rules.config.reach import unreachable
from rules.config.settings import Config
from rules.model.declarations import Column, Function, Hint, Room
from rules.model.known import Known
from rules.model.result import Result
from rules.rooms.facts import facts
from words import _, marked

Sticker = Literal[
    "yellow", "orange", "red", "pink", "violet", "blue", "green", "brown", "grey",
    "жёлтый", "оранжевый", "красный", "розовый", "фиолетовый", "голубой", "зелёный",
    "коричневый", "серый",
]  # fmt: skip
"""The colours of stickers, in both languages."""


class GroupRule(NamedEntry):
    """One group rule; without `when` it fits everybody."""

    name: Label
    """The group's name, as it will stand in the cells."""
    colour: Sticker | None = None
    """The group's colour in a new workbook; of two rules for it the first says."""
    when: When | None = None
    """Who belongs to the group; without it everybody who is left."""


class Settings(Model):
    """The group rules."""

    groups: Annotated[tuple[GroupRule, ...], Field(min_length=1)]
    """The group rules, tried from the top; the first that fits names the group."""

    def names(self) -> list[str]:
        """The groups in the order of their first rule, each once."""
        return list(dict.fromkeys(rule.name for rule in self.groups))


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


def _why() -> ModuleType:
    """The explanations, which are loaded when somebody asks for one."""
    from rules.rooms.groups import why  # noqa: PLC0415

    return why


def _hints(result: Result) -> Iterator[Hint]:
    from rules.rooms.groups import hints  # noqa: PLC0415 — only lint asks for them

    return hints.first_hints(result)


def _checks(config: Config) -> Iterator[Finding]:
    every = config.rule(Settings).groups
    for path, when in conditions_in(every, ("groups",)):
        if when.group is not None:
            found = _("a group rule can't ask for the group: that is what it decides")
            yield Finding((*path, "group"), found)
    rules = [rule.when for rule in every]
    for number, reason in unreachable(rules, [rule.name for rule in every]):
        yield Finding(("groups", number), reason)


def _colours(config: Config) -> Mapping[str, str]:
    """The sticker of each group; of two rules for it the first says."""
    found: dict[str, str] = {}
    for rule in config.rule(Settings).groups:
        if rule.colour is not None:
            found.setdefault(rule.name, rule.colour)
    return found


ROOM = Room(
    "groups",
    Settings,
    columns=(
        Column(
            "group",
            "text",
            "which of the telephone groups she belongs to",
            "Zelenkina",
            11,
            lambda known: known.of(group).name,
            lambda one: _why().group(one),
            role="sticker",
            inputs="the group rules, over facts and her own columns",
            rule=("groups",),
            words=lambda config: config.rule(Settings).names(),
            colours=_colours,
            moves=4,
            decider=lambda known: known.of(group).rule,
            counted="groups",
            amiss=lambda known, expected: _why().amiss(known, expected),
            function="CLIENT_GROUP",
            help=marked("Telephone group of a client, such as VIP."),
        ),
    ),
    checks=_checks,
    notices=potential_buyers,
    hints=_hints,
    functions=(
        Function(
            "CLIENT_WHY",
            marked("Why a client is in her group, and what she lacks for the group above."),
            of_client=lambda known, position: known.of(_why().GroupReasons).sentence(position),
        ),
    ),
)
