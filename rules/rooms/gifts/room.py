"""Gifts: for which occasion, how dear, which, and when to have it ready.

Sources: Zelenkina (gifts of 1 % of the year's turnover), CRM article (the dearer the client, the
bigger the gift).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil
from types import ModuleType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rules.conditions import holds
from rules.config.checks import Finding, known_words
from rules.config.settings import Config
from rules.model.declarations import Column, Hint, Room
from rules.model.known import CleanTable, Known
from rules.model.result import Result
from rules.reading.cells import Mask
from rules.reading.dates import NAT, Days, every_year, next_anniversary, no_days, older_than_months
from rules.reading.words import fold, fold_city
from rules.rooms.clients import meant
from rules.rooms.contacts import kinds
from rules.rooms.facts import facts
from rules.rooms.gifts.settings import Gifts, Settings
from rules.rooms.groups.room import Settings as Groups
from words import marked

ONE_DAY = np.timedelta64(1, "D")
Texts = NDArray[np.object_]


class Present(NamedTuple):
    """What each client gets: gift (''), budget in whole money (NaN), and when it is due, or must be
    posted (NaT).
    """

    gift: Texts
    budget: NDArray[np.float64]
    date: Days


class Occasions(NamedTuple):
    """The occasions of each client's next gift.

    nearest: its day (NaT: none within the horizon); dates: the next open day of each occasion of
    the configuration, clients × occasions; shared: which of them the gift is for.
    """

    nearest: Days
    dates: Days
    shared: Mask


def gifts(known: Known) -> Present:
    """What each client gets on her coming occasions, if any lies within the horizon."""
    occasions = known.of(coming_occasions)
    return presents(known, occasions.shared, occasions.nearest)


def presents(known: Known, shared: Mask, day: Days) -> Present:
    """What each client gets for the occasions *shared*, the nearest of which is on a *day*.

    Blank for those who never bought, don't want contact, or have no day (NaT). Whose last purchase
    lies more than `card_only_after_months` ago gets the card alone, and a blank budget.
    """
    rule = known.rule(Settings).gifts
    receiving, card_only = known.of(who_receives)
    receiving = receiving & ~np.isnat(day)
    with_card = choose_gift(known, shared) + (rule.joiner + rule.card)
    gift = np.where(card_only, rule.card, with_card)
    send_on = np.maximum(day - np.timedelta64(rule.post_days, "D"), known.today)
    return Present(
        np.where(receiving, gift, "").astype(object),
        np.where(receiving & ~card_only, known.of(gift_budget).astype(np.float64), np.nan),
        np.where(receiving, np.where(is_posted(known), send_on, day), NAT),
    )


def who_receives(known: Known) -> tuple[Mask, Mask]:
    """Who gets something on an occasion, and for whom that is the card alone."""
    bought, clients = known.of(facts), known.clients
    months = known.rule(Settings).gifts.card_only_after_months
    receiving = clients.usable & bought.bought & ~clients.silent
    return receiving, older_than_months(bought.last_purchase, months, known.today)


def coming_occasions(known: Known) -> Occasions:
    """The nearest occasion of each client that no gift has closed, and those that share its gift.

    An occasion counts from today to `horizon_days` ahead; occasions up to `merge_days` after the
    nearest share its gift, also beyond the horizon. Source: Zelenkina.
    """
    rule, birthday, today = known.rule(Settings).gifts, known.clients.birthday, known.today
    origins = [
        birthday if occasion.day == "birthday" else every_year(occasion.day, len(known))
        for occasion in rule.occasions
    ]
    origins = [
        np.where(meant(known.clients, occasion.for_), origin, NAT)
        for occasion, origin in zip(rule.occasions, origins, strict=True)
    ]
    if not origins:
        empty = np.zeros((len(known), 0))
        return Occasions(no_days(len(known)), empty.astype("datetime64[D]"), empty.astype(bool))
    coming = [next_anniversary(origin, today) for origin in origins]
    closed = _closed(known.tables["contacts"], origins, coming, rule)
    dates = np.column_stack(
        [
            np.where(shut, next_anniversary(origin, day + ONE_DAY), day)
            for origin, day, shut in zip(origins, coming, closed, strict=True)
        ]
    )
    nearest = np.fmin.reduce(dates, axis=1)
    nearest = np.where(nearest <= today + np.timedelta64(rule.horizon_days, "D"), nearest, NAT)
    shared = dates <= (nearest + np.timedelta64(rule.merge_days, "D"))[:, None]
    return Occasions(nearest, dates, shared)


def _closed(
    contacts: CleanTable, origins: list[Days], coming: list[Days], rule: Gifts
) -> list[Mask]:
    """For each occasion, the clients whose coming one a gift has closed already.

    A gift closes the first occasion on or after its day, if that lies at most `closed_days`
    ahead, with those up to `merge_days` later that share its gift, and no other.
    """
    given = contacts.kind == fold(rule.kind)
    who, on = contacts.client[given], contacts.date[given]
    ahead = [next_anniversary(origin[who], on) for origin in origins]
    first = np.fmin.reduce(np.column_stack(ahead), axis=1)
    near = first <= on + np.timedelta64(rule.closed_days, "D")
    closed = []
    for day, next_day in zip(ahead, coming, strict=True):
        shares = near & (day <= first + np.timedelta64(rule.merge_days, "D"))
        mask = np.zeros(len(next_day), dtype=bool)
        mask[who[shares & (day == next_day[who])]] = True
        closed.append(mask)
    return closed


def occasion_names(known: Known) -> Texts:
    """What each gift is for: the names of the occasions that share it, by date, then in the list's
    order; '' for those who get none.
    """
    rule, occasions = known.rule(Settings).gifts, known.of(coming_occasions)
    every = np.array([occasion.name for occasion in rule.occasions], dtype=object)
    names, rows = np.full(len(known), "", dtype=object), np.arange(len(known))
    is_given = known.of(gifts).gift != ""
    for column in np.argsort(occasions.dates, axis=1, kind="stable").T:
        here = occasions.shared[rows, column] & is_given
        joiner = np.where(names == "", "", rule.occasion_joiner).astype(object)
        names[here] = (names + joiner + every[column])[here]
    return names


def gift_budget(known: Known) -> NDArray[np.object_]:
    """The budget of each client in whole money: percent of the turnover in the year, times every
    multiplier that applies, rounded down once at the end, never negative. Source: Zelenkina.
    """
    rule, minor_units = known.rule(Settings).gifts, known.config.numbers.minor_units
    above = np.maximum(known.of(facts).turnover_in_year, 0).astype(object)
    below = np.full(len(above), 100 * 10**minor_units, dtype=object)
    percent = Fraction(rule.percent)
    above, below = above * percent.numerator, below * percent.denominator
    for multiplier in rule.multipliers:
        times = Fraction(multiplier.times)
        applies = holds(multiplier.when, known)
        above = np.where(applies, above * times.numerator, above)
        below = np.where(applies, below * times.denominator, below)
    return np.asarray(above // below, dtype=object)


def choose_gift(known: Known, shared: Mask) -> Texts:
    """The name of the gift of `chosen_entry`; the token where no entry fits."""
    rule = known.rule(Settings).gifts
    names = np.array([*(item.name for item in rule.list), rule.token], dtype=object)
    return np.asarray(names[chosen_entry(known, shared, known.of(gift_budget))])


def chosen_entry(known: Known, shared: Mask, budget: NDArray[np.object_]) -> NDArray[np.int64]:
    """The place, from 0, of the dearest entry of the gift list that fits the budget and its own
    conditions; on equal price the first, -1 where none fits.
    """
    rule = known.rule(Settings).gifts
    names = [occasion.name for occasion in rule.occasions]
    group = known.columns["group"]
    chosen = np.full(len(budget), -1)
    last_first = [*enumerate(rule.list)][::-1]
    for place, item in sorted(last_first, key=lambda one: one[1].price):
        fits = (budget >= ceil(item.price)).astype(bool)
        if not item.can_be_posted:
            fits &= ~is_posted(known)
        if item.groups is not None:
            fits &= np.isin(group, _spelt(item.groups, known.rule(Groups).names()))
        if item.occasions is not None:
            asked = [fold(name) in map(fold, item.occasions) for name in names]
            fits &= shared[:, asked].any(axis=1)
        chosen[fits] = place
    return chosen


def _spelt(words: tuple[str, ...], names: list[str]) -> list[str]:
    """The *names* that *words* mean, as the configuration spells them."""
    folded = {fold(word) for word in words}
    return [name for name in names if fold(name) in folded]


def is_posted(known: Known) -> Mask:
    """Whose gift goes by post: City is filled and isn't the home city; nobody's without one."""
    home, city = fold_city(known.config.home_city), known.clients.city
    return np.asarray((city != "") & (city != home) & bool(home), dtype=bool)


def _why() -> ModuleType:
    """The explanations, which are loaded when somebody asks for one."""
    from rules.rooms.gifts import why  # noqa: PLC0415

    return why


def _hints(result: Result) -> Iterator[Hint]:
    from rules.rooms.gifts.presents import hints  # noqa: PLC0415 — only lint asks

    return hints(result)


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
            lambda one: one.of(_why().gift)["gift"],
            inputs="gift budget, the gift list",
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
            lambda one: one.of(_why().gift)["gift_budget"],
            inputs="turnover in the year, classes",
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
            occasion_names,
            lambda one: one.of(_why().gift)["gift_for"],
            inputs="birthday, the occasions, gifts given",
            rule=("gifts", "occasions"),
        ),
        Column(
            "gift_date",
            "date",
            "when the gift is due, or must be posted",
            "Zelenkina",
            13,
            lambda known: known.of(gifts).date,
            lambda one: one.of(_why().gift)["gift_date"],
            role="present",
            inputs="the occasion, City",
            rule=("gifts", "occasions"),
        ),
    ),
    checks=_checks,
    hints=_hints,
    asks=_asks,
    rehearsed=(marked("Gifts that would change: {count}"), "gifts"),
)
