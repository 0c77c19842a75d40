"""The room of gifts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rules.config.checks import Finding, known_words
from rules.config.settings import Config
from rules.model.declarations import Column, Room
from rules.rooms.contacts import kinds
from rules.rooms.gifts import why
from rules.rooms.gifts.presents import unreachable_gifts
from rules.rooms.gifts.rule import gifts
from rules.rooms.gifts.settings import Settings
from rules.rooms.groups.room import Settings as Groups
from rules.why.client import OneClient
from rules.why.shape import Explanation
from words import marked


def _checks(config: Config) -> Iterator[Finding]:
    rule, groups = config.rule(Settings).gifts, config.rule(Groups).names()
    occasions = [occasion.name for occasion in rule.occasions]
    for number, item in enumerate(rule.list):
        path = ("gifts", "list", number)
        yield from known_words((*path, "groups"), item.groups or (), groups, "groups")
        yield from known_words((*path, "occasions"), item.occasions or (), occasions, "gifts")
    yield from known_words(("gifts", "kind"), [rule.kind], kinds(config), "kinds")


def _asks(config: Config) -> Iterator[str]:
    if "birthday" in {occasion.day for occasion in config.rule(Settings).gifts.occasions}:
        yield "birthday"
    if config.home_city:
        yield "city"


def _why(key: str) -> Callable[[OneClient], Explanation]:
    return lambda one: one.of(why.gift)[key]


ROOM = Room(
    "gifts",
    Settings,
    columns=(
        Column(
            "gift",
            "text",
            "what to give her on the nearest occasion",
            "Zelenkina",
            28,
            lambda known: known.of(gifts).gift,
            _why("gift"),
            inputs="gift budget, the gift list",
            unit="gifts",
            rule=("gifts", "list"),
            function="GIFT",
            help=marked("What to give a client on the nearest occasion."),
        ),
        Column(
            "gift_budget",
            "number",
            "what the gift may cost",
            "Zelenkina, CRM article",
            12,
            lambda known: known.of(gifts).budget,
            _why("gift_budget"),
            inputs="turnover in the year, classes",
            unit="whole money",
            rule=("gifts", "percent"),
            is_money=True,
            function="GIFT_BUDGET",
            help=marked("What the gift for a client may cost."),
        ),
        Column(
            "gift_for",
            "text",
            "the occasion of the gift",
            "Zelenkina",
            26,
            lambda known: known.of(gifts).occasion,
            _why("gift_for"),
            inputs="birthday, the occasions, gifts given",
            unit="occasions",
            rule=("gifts", "occasions"),
        ),
        Column(
            "gift_date",
            "date",
            "when the gift is due, or must be posted",
            "Zelenkina",
            13,
            lambda known: known.of(gifts).date,
            _why("gift_date"),
            inputs="the occasion, City",
            unit="date",
            rule=("gifts", "occasions"),
        ),
    ),
    checks=_checks,
    hints=unreachable_gifts,
    asks=_asks,
    rehearsed=(marked("Gifts that would change: {count}"), "gifts"),
)
