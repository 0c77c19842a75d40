"""The room of the telephone groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rules.config.checks import Finding
from rules.config.conditions import conditions_in
from rules.config.reach import unreachable
from rules.config.settings import Config
from rules.mentions import FIRST
from rules.model.declarations import Column, Function, Hint, Room
from rules.model.result import Result
from rules.rooms.groups.holes import holes
from rules.rooms.groups.nobody import rules_for_nobody
from rules.rooms.groups.reasons import sentence
from rules.rooms.groups.rule import group, potential_buyers
from rules.rooms.groups.settings import Settings
from rules.rooms.groups.why import group as why_group
from words import _, marked


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


def _hints(result: Result) -> Iterator[Hint]:
    for kind in (list(rules_for_nobody(result)), list(holes(result))):
        yield from kind[:FIRST]
        if len(kind) > FIRST:
            yield Hint(_("… and {count} more").format(count=len(kind) - FIRST))


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
            why_group,
            inputs="the group rules, over facts and her own columns",
            unit="a group's name",
            rule=("groups",),
            words=lambda config: config.rule(Settings).names(),
            colours=_colours,
            moves=4,
            decider=lambda known: known.of(group).rule,
            counted="groups",
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
            of_client=sentence,
        ),
    ),
)
