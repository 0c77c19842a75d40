"""Why ABC and XYZ are what they are."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import floor, sqrt

import numpy as np
from numpy.typing import NDArray

from rules.reading.cells import shown_decimal
from rules.rooms.classes.room import (
    Abc,
    Settings,
    abc_class,
    periods_of_clients,
    turnover_of_periods,
)
from rules.rooms.facts import facts as facts_of
from rules.rooms.stages import is_unsettled
from rules.why.client import OneClient
from rules.why.shape import Evidence, Explanation, Value
from words import _


def abc(one: OneClient) -> Explanation:
    """Her share, and how much more turnover gives the next better class."""
    amounts = one.among.of(facts_of).turnover_in_year
    own, rule = one.turnover(), one.config.rule(Settings).abc
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
    config, rule = one.config, one.config.rule(Settings).xyz
    stage, periods = str(one.cell("stage")), int(one.among.of(periods_of_clients)[one.position])
    if one.among.of(is_unsettled)[one.position]:
        blank = Evidence("blank", _("stage {stage}: too early for a class").format(stage=stage))
        return Explanation("xyz", ("xyz",), (blank,))
    if periods < rule.min_periods:
        text = _("{periods} whole periods since her first purchase, {needed} are needed").format(
            periods=periods, needed=rule.min_periods
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
        for name, bound in zip(rule.names, rule.bounds, strict=False)
    )
    return Explanation("xyz", ("xyz", "bounds"), (found, *by_period, *bounds))


def _periods(one: OneClient, count: int) -> Iterator[Evidence]:
    """Turnover per period, the oldest first."""
    size, this = one.config.rule(Settings).xyz.period_months, one.today.astype("datetime64[M]")
    month = one.purchases.date.astype("datetime64[M]")
    for number in reversed(range(count)):
        begin, end = this - (number + 1) * size, this - number * size
        amount = int(one.among.of(turnover_of_periods)[one.position][number])
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
    amounts = [int(amount) for amount in one.among.of(turnover_of_periods)[one.position][:periods]]
    mean = Fraction(sum(amounts), periods)
    over = periods if one.config.rule(Settings).xyz.deviation == "population" else periods - 1
    variance = sum((amount - mean) ** 2 for amount in amounts) / over
    return 100 * sqrt(variance / mean**2)


def _plain(one: OneClient, number: object) -> str:
    return shown_decimal(f"{number:f}", one.config)


# How much more turnover gives a better class: the rule itself is asked, so that both agree --------


def better_class(
    turnover_minor: NDArray[np.int64], position: int, abc: Abc
) -> tuple[str, int] | None:
    """The better ABC class of one client that takes the least more turnover, and how much that is,
    in minor units; what others buy stays, while her own purchases raise the whole.

    None in the best class, without a class, and where turnover can't do it (line: inclusive leaves
    the best class empty in many bases). Source: CRM article.
    """
    own = int(turnover_minor[position])
    rank = _rank(turnover_minor, position, own, abc)
    if own <= 0 or rank == 0:
        return None
    if abc.line == "crossing":
        needed = _crossing(turnover_minor, position, rank, abc)
    else:
        found = _inclusive(turnover_minor, position, rank, abc)
        if found is None:
            return None
        needed = found
    return abc.names[_rank(turnover_minor, position, needed, abc)], needed - own


def _rank(turnover_minor: NDArray[np.int64], position: int, own: int, abc: Abc) -> int:
    """Her class with the turnover *own*, 0 for the best."""
    changed = turnover_minor.copy()
    changed[position] = own
    name = abc_class(changed, abc)[position]
    return abc.names.index(name) if name else len(abc.names)


def _crossing(turnover_minor: NDArray[np.int64], position: int, rank: int, abc: Abc) -> int:
    """The least turnover that gives a better class: more turnover is never worse, and as much as
    the best client's is always the best class.
    """
    low, high = int(turnover_minor[position]), int(turnover_minor.max())
    while high - low > 1:
        middle = (low + high) // 2
        if _rank(turnover_minor, position, middle, abc) < rank:
            high = middle
        else:
            low = middle
    return high


def _inclusive(turnover_minor: NDArray[np.int64], position: int, rank: int, abc: Abc) -> int | None:
    """The least turnover that gives a better class; None where there is none.

    Her own share counts here, so that more turnover helps only where it reaches another client's.
    """
    others = np.delete(turnover_minor, position)
    amounts, counts = np.unique(others[others > 0], return_counts=True)
    sums = amounts.astype(object) * counts
    whole, bound = int(sums.sum()), Fraction(abc.bounds[rank - 1]) / 100
    above = (whole - np.cumsum(sums)).tolist()
    for amount, before in zip(amounts.tolist(), above, strict=True):
        is_more = amount > turnover_minor[position]
        if is_more and before + amount <= floor(bound * (whole + amount)):
            return int(amount)
    return None
