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
        yield Evidence("blank", one.say.why_group_nothing)
    else:
        when = one.config.groups[number].when
        if when is not None:
            yield from one.compared(when)
            return
        yield Evidence("decided", one.say.why_group_rest)
    for name in dict.fromkeys(chain.from_iterable(one.result.groups.asked)):
        yield one.fact(name)


def abc(one: OneClient) -> Explanation:
    """Her share, and how much more turnover gives the next better class."""
    amounts = one.result.facts.turnover_in_year
    own, rule = one.turnover(), one.config.abc
    if own <= 0:
        rows = one.fact("turnover_in_year").rows
        blank = Evidence("blank", one.say.why_abc_none, (), rows)
        return Explanation("abc", ("abc",), (blank,))
    whole = int(amounts[amounts > 0].sum())
    before = int(amounts[amounts > own].sum())
    shares = {"before": 100 * before / whole, "including": 100 * (before + own) / whole}
    words = {name: shown_decimal(f"{share:.1f}", one.config) for name, share in shares.items()}
    share = Evidence("decided", one.say.why_abc.format(**words), ("abc", "line"), facts=shares)
    evidence = [one.fact("turnover_in_year"), share]
    better = better_class(amounts, one.position, rule)
    if better is not None:
        name, lacking = better
        text = one.say.why_abc_short.format(amount=one.money(lacking), name=name)
        if rule.line == "inclusive":
            text = one.say.why_abc_own.format(short=text)
        facts: dict[str, Value] = {"class": name, "turnover": one.units(lacking)}
        evidence.append(Evidence("distance", text, facts=facts))
    return Explanation("abc", ("abc", "bounds"), tuple(evidence))


def xyz(one: OneClient) -> Explanation:
    """Turnover per period and how far it varies, or what is lacking for a class.

    No distance to a better class: what she buys today counts in no period that is over.
    """
    config, say, names = one.config, one.say, one.config.stage.names
    stage, periods = str(one.cell("stage")), int(one.result.periods[one.position])
    if stage in {names.new, names.potential}:
        blank = Evidence("blank", say.why_xyz_stage.format(stage=stage))
        return Explanation("xyz", ("xyz",), (blank,))
    if periods < config.xyz.min_periods:
        text = say.why_xyz_few.format(periods=periods, needed=config.xyz.min_periods)
        few = Evidence("blank", text, (), one.fact("first_purchase").rows, {"periods": periods})
        return Explanation("xyz", ("xyz", "min_periods"), (few,))
    by_period = tuple(_periods(one, periods))
    if not one.cell("xyz"):
        blank = Evidence("blank", say.why_xyz_mean)
        return Explanation("xyz", ("xyz",), (blank, *by_period))
    variation = _variation(one, periods)
    text = say.why_xyz.format(variation=shown_decimal(f"{variation:.1f}", config))
    found = Evidence("decided", text, facts={"variation_percent": variation})
    bounds = tuple(
        Evidence("next", say.why_xyz_bound.format(name=name, limit=_plain(one, bound)))
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
        text = one.say.why_period.format(
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
        never = Evidence("decided", one.say.why_never_bought)
        return Explanation("stage", ("stage", "names", "potential"), (never,))
    months = one.config.stage.period_months
    period = Evidence("decided", one.say.why_stage.format(months=months), facts={"months": months})
    evidence = [period, one.fact("first_purchase"), one.fact("last_purchase")]
    first, before = (days[0] for days in first_in_period(one.purchases, 1, one.today, months))
    if not np.isnat(first) and not np.isnat(before):
        text = one.say.why_stage_return.format(first=one.shown(first), before=one.shown(before))
        rows = one.lines_on(np.array([before, first]))
        facts = {"first_in_period": first.item(), "before": before.item()}
        evidence.append(Evidence("fact", text, (), rows, facts))
    return Explanation("stage", ("stage", "period_months"), tuple(evidence))


def folder(one: OneClient) -> Explanation:
    """Her last purchase, and the first year that keeps her in the green folder."""
    if not one.bought:
        return Explanation("folder", ("folder",), (_never_bought(one),))
    rule = one.config.folder
    year = one.result.today.year - rule.years_back
    text = one.say.why_folder.format(name=rule.names.green, year=year)
    decided = Evidence("decided", text, facts={"year": year})
    return Explanation("folder", ("folder", "years_back"), (one.fact("last_purchase"), decided))


def _never_bought(one: OneClient) -> Evidence:
    return Evidence("blank", one.say.why_never_bought)


def turnover(one: OneClient) -> Explanation:
    """The lines that count."""
    rule = ("year", "basis")
    if not one.facts.has_lines[0]:
        return Explanation("turnover", rule, (Evidence("blank", one.say.why_turnover_none),))
    start = one.year_start
    rows = one.lines(one.purchases.date >= start)
    message = one.say.why_turnover if rows else one.say.why_turnover_zero
    text, facts = message.format(start=one.shown(start)), {"since": start.item()}
    return Explanation("turnover", rule, (Evidence("fact", text, (), rows, facts),))


def last_purchase(one: OneClient) -> Explanation:
    """The day's lines. No entry of the configuration decides this."""
    if not one.bought:
        return Explanation("last_purchase", (), (_never_bought(one),))
    rows = one.fact("last_purchase").rows
    return Explanation(
        "last_purchase", (), (Evidence("fact", one.say.why_last_purchase, (), rows),)
    )
