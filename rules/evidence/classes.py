"""Why group, ABC, XYZ, stage, folder, turnover and last purchase are what they are."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from math import sqrt

import numpy as np

from rules.config.yaml_text import Path
from rules.evidence.client import OneClient
from rules.evidence.distance import better_class
from rules.evidence.shape import Evidence, Explanation, Value
from rules.groupreasons import GroupReasons
from rules.money import shown_decimal
from rules.stages import first_in_period
from words import _


def group(one: OneClient) -> Explanation:
    """The rule that named her group, what it compared, and the distance to the group above."""
    number = int(one.result.groups.rule[one.position])
    evidence = list(_group_facts(one, number))
    goal, sentences = GroupReasons(one.result).distance(one.position)
    for sentence in sentences:
        facts: dict[str, Value] = {"group": one.config.groups[goal].name}
        evidence.append(Evidence("distance", sentence, ("groups", goal), (), facts))
    rule: Path = ("groups", number) if number >= 0 else ("groups",)
    return Explanation("group", rule, tuple(evidence))


def _group_facts(one: OneClient, number: int) -> Iterator[Evidence]:
    if number < 0:
        yield Evidence("blank", _("no group rule fits"))
    else:
        when = one.config.groups[number].when
        if when is not None:
            yield from one.compared(when)
            return
        yield Evidence("decided", _("no rule above fits, and this one takes everybody who is left"))
    for name in dict.fromkeys(chain.from_iterable(one.result.groups.asked)):
        yield one.fact(name)


def abc(one: OneClient) -> Explanation:
    """Her share, and how much more turnover gives the next better class."""
    amounts = one.result.facts.turnover_in_year
    own, rule = one.turnover(), one.config.abc
    if own <= 0:
        rows = one.fact("turnover_in_year").rows
        blank = Evidence("blank", _("no turnover in the year"), (), rows)
        return Explanation("abc", ("abc",), (blank,))
    whole = int(amounts[amounts > 0].sum())
    before = int(amounts[amounts > own].sum())
    shares = {"before": 100 * before / whole, "including": 100 * (before + own) / whole}
    words = {name: shown_decimal(f"{share:.1f}", one.config) for name, share in shares.items()}
    share = Evidence(
        "decided",
        _("clients who buy more make {before} % of the turnover, with her {including} %").format(
            **words
        ),
        ("abc", "line"),
        facts=shares,
    )
    evidence = [one.fact("turnover_in_year"), share]
    better = better_class(amounts, one.position, rule)
    if better is not None:
        name, lacking = better
        text = _("{amount} more turnover would make her {name}").format(
            amount=one.money(lacking), name=name
        )
        if rule.line == "inclusive":
            text = _("{short}; still more might not, as her own share counts").format(short=text)
        facts: dict[str, Value] = {"class": name, "turnover": one.units(lacking)}
        evidence.append(Evidence("distance", text, facts=facts))
    return Explanation("abc", ("abc", "bounds"), tuple(evidence))


def xyz(one: OneClient) -> Explanation:
    """Turnover per period and how far it varies, or what is lacking for a class.

    No distance to a better class: what she buys today counts in no period that is over.
    """
    config, names = one.config, one.config.stage.names
    stage, periods = str(one.cell("stage")), int(one.result.periods[one.position])
    if stage in {names.new, names.potential}:
        blank = Evidence("blank", _("stage {stage}: too early for a class").format(stage=stage))
        return Explanation("xyz", ("xyz",), (blank,))
    if periods < config.xyz.min_periods:
        text = _("{periods} whole periods since her first purchase, {needed} are needed").format(
            periods=periods, needed=config.xyz.min_periods
        )
        few = Evidence("blank", text, (), one.fact("first_purchase").rows, {"periods": periods})
        return Explanation("xyz", ("xyz", "min_periods"), (few,))
    by_period = tuple(_periods(one, periods))
    if not one.cell("xyz"):
        blank = Evidence("blank", _("the turnover of the periods isn't above zero"))
        return Explanation("xyz", ("xyz",), (blank, *by_period))
    variation = _variation(one, periods)
    text = _("her turnover per period varies by {variation} % of its mean").format(
        variation=shown_decimal(f"{variation:.1f}", config)
    )
    found = Evidence("decided", text, facts={"variation_percent": variation})
    bounds = tuple(
        Evidence(
            "next", _("{name} goes up to {limit} %").format(name=name, limit=_plain(one, bound))
        )
        for name, bound in zip(config.xyz.names, config.xyz.bounds, strict=False)
    )
    return Explanation("xyz", ("xyz", "bounds"), (found, *by_period, *bounds))


def _periods(one: OneClient, count: int) -> Iterator[Evidence]:
    """Turnover per period, the oldest first."""
    size, this = one.config.xyz.period_months, one.today.astype("datetime64[M]")
    month = one.purchases.date.astype("datetime64[M]")
    for number in reversed(range(count)):
        begin, end = this - (number + 1) * size, this - number * size
        amount = int(one.result.period_turnover[one.position][number])
        days = [begin.astype("datetime64[D]"), end.astype("datetime64[D]") - 1]
        text = _("{first} – {last}: {amount}").format(
            first=one.shown(days[0]), last=one.shown(days[1]), amount=one.money(amount)
        )
        rows = one.lines((month >= begin) & (month < end))
        yield Evidence(
            "fact", text, (), rows, {"since": days[0].item(), "turnover": one.units(amount)}
        )


def _variation(one: OneClient, periods: int) -> float:
    """The coefficient of variation of her turnover per period, in percent."""
    amounts = [int(amount) for amount in one.result.period_turnover[one.position][:periods]]
    mean = Fraction(sum(amounts), periods)
    over = periods if one.config.xyz.deviation == "population" else periods - 1
    variance = sum((amount - mean) ** 2 for amount in amounts) / over
    return 100 * sqrt(variance / mean**2)


def _plain(one: OneClient, number: object) -> str:
    return shown_decimal(f"{number:f}", one.config)


def stage(one: OneClient) -> Explanation:
    """The purchases that the period parts, and the period."""
    if not one.bought:
        never = Evidence("decided", _("she never bought"))
        return Explanation("stage", ("stage", "names", "potential"), (never,))
    months = one.config.stage.period_months
    period = Evidence(
        "decided",
        _("the period is {months} months").format(months=months),
        facts={"months": months},
    )
    evidence = [period, one.fact("first_purchase"), one.fact("last_purchase")]
    first, before = (days[0] for days in first_in_period(one.purchases, 1, one.today, months))
    if not np.isnat(first) and not np.isnat(before):
        text = _("first purchase within the period {first}, the one before it {before}").format(
            first=one.shown(first), before=one.shown(before)
        )
        rows = one.lines_on(np.array([before, first]))
        facts = {"first_in_period": first.item(), "before": before.item()}
        evidence.append(Evidence("fact", text, (), rows, facts))
    return Explanation("stage", ("stage", "period_months"), tuple(evidence))


def folder(one: OneClient) -> Explanation:
    """Her last purchase, and the first year that keeps her in the green folder."""
    if not one.bought:
        return Explanation("folder", ("folder",), (_never_bought(),))
    rule = one.config.folder
    year = one.result.today.year - rule.years_back
    text = _("{name} takes a purchase in {year} or later").format(name=rule.names.green, year=year)
    decided = Evidence("decided", text, facts={"year": year})
    return Explanation("folder", ("folder", "years_back"), (one.fact("last_purchase"), decided))


def _never_bought() -> Evidence:
    return Evidence("blank", _("she never bought"))


def turnover(one: OneClient) -> Explanation:
    """The lines that count."""
    rule = ("year", "basis")
    if not one.facts.has_lines[0]:
        return Explanation("turnover", rule, (Evidence("blank", _("no purchase line ever")),))
    start = one.year_start
    rows = one.lines(one.purchases.date >= start)
    message = (
        _("purchase lines since {start}, returns taken off")
        if rows
        else _("no purchase line since {start}")
    )
    text, facts = message.format(start=one.shown(start)), {"since": start.item()}
    return Explanation("turnover", rule, (Evidence("fact", text, (), rows, facts),))


def last_purchase(one: OneClient) -> Explanation:
    """The day's lines. No entry of the configuration decides this."""
    if not one.bought:
        return Explanation("last_purchase", (), (_never_bought(),))
    rows = one.fact("last_purchase").rows
    return Explanation(
        "last_purchase",
        (),
        (
            Evidence(
                "fact",
                _("the last day on which her lines sum to more than zero, whatever the rules"),
                (),
                rows,
            ),
        ),
    )
