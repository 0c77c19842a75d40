"""ABC and XYZ: how much a client buys, and how evenly.

All comparisons are exact: money is whole minor units, bounds are fractions, so no class depends
on the rounding of a floating-point number.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from rules.model.known import CleanTable, Known
from rules.reading.cells import Mask
from rules.reading.dates import Days
from rules.rooms.classes.settings import Abc, Settings, Xyz
from rules.rooms.facts import facts
from rules.rooms.stages import is_unsettled


def abc(known: Known) -> NDArray[np.object_]:
    """ABC class of each client by her turnover in the year. Source: CRM article."""
    return abc_class(known.of(facts).turnover_in_year, known.rule(Settings).abc)


def xyz(known: Known) -> NDArray[np.object_]:
    """XYZ class of each client by her turnover per period; none for stage New or Potential.

    Source: CRM article.
    """
    by_period, periods = known.of(turnover_of_periods), known.of(periods_of_clients)
    excluded = known.of(is_unsettled)
    return xyz_class(by_period, periods, excluded, known.rule(Settings).xyz)


def turnover_of_periods(known: Known) -> NDArray[np.int64]:
    """The turnover of each client in each period."""
    rule = known.rule(Settings).xyz
    return period_turnover(known.tables["purchases"], len(known), known.today, rule)


def periods_of_clients(known: Known) -> NDArray[np.int64]:
    """How many periods of each client count."""
    first = known.of(facts).first_purchase
    return periods_since_first(first, known.today, known.rule(Settings).xyz)


def abc_class(turnover_minor: NDArray[np.int64], abc: Abc) -> NDArray[np.object_]:
    """ABC class of each client by her turnover in the year, in minor units.

    Clients with positive turnover, dearest first: the share of the whole accumulated *before* a
    client decides (line: crossing), or the share including her (inclusive). Equal turnovers get
    the class of the first of them. '' without positive turnover. Source: CRM article.
    """
    classes = np.full(len(turnover_minor), "", dtype=object)
    buyers = np.flatnonzero(turnover_minor > 0)
    if not len(buyers):
        return classes
    dearest_first = buyers[np.argsort(-turnover_minor[buyers], kind="stable")]
    amounts = turnover_minor[dearest_first]
    including = np.cumsum(amounts)
    share = including - amounts if abc.line == "crossing" else including
    first_of_equals = np.searchsorted(-amounts, -amounts, side="left")
    share = share[first_of_equals]
    whole = int(including[-1])
    limits = [Fraction(bound) * whole / 100 for bound in abc.bounds]
    if abc.line == "crossing":
        within = [share < ceil(limit) for limit in limits]
    else:
        within = [share <= floor(limit) for limit in limits]
    classes[dearest_first] = np.select(within, abc.names[:2], abc.names[2]).astype(object)
    return classes


def period_turnover(
    purchases: CleanTable, count: int, today: np.datetime64, xyz: Xyz
) -> NDArray[np.int64]:
    """Turnover in minor units of each client (rows) in each period (columns, newest first).

    Periods are blocks of `xyz.period_months` calendar months counted back from the month of
    *today*, which is left out, over `xyz.months`.
    """
    periods = xyz.months // xyz.period_months
    months_back = (today.astype("datetime64[M]") - purchases.date.astype("datetime64[M]")).astype(
        np.int64
    ) - 1
    inside = (months_back >= 0) & (months_back < xyz.months)
    block = purchases.client[inside] * periods + months_back[inside] // xyz.period_months
    sums = np.zeros(count * periods, dtype=np.int64)
    np.add.at(sums, block, purchases.amount[inside])
    return sums.reshape(count, periods)


def periods_since_first(first_purchase: Days, today: np.datetime64, xyz: Xyz) -> NDArray[np.int64]:
    """How many of the periods begin in or after the month of each client's first purchase."""
    periods = np.arange(1, xyz.months // xyz.period_months + 1)
    begins = today.astype("datetime64[M]") - periods * xyz.period_months
    first = first_purchase.astype("datetime64[M]")
    return np.asarray((begins[None, :] >= first[:, None]).sum(axis=1))


def xyz_class(
    turnover_by_period: NDArray[np.int64],
    periods: NDArray[np.int64],
    excluded: Mask,
    xyz: Xyz,
) -> NDArray[np.object_]:
    """XYZ class by the coefficient of variation of the turnover per period.

    turnover_by_period: clients × periods, newest first, of which the first *periods* count;
    excluded: clients who get none (stage New or Potential). '' for those, for fewer than
    `min_periods`, and for a mean that isn't positive. A bound belongs to the better class.
    Source: CRM article.
    """
    counts = np.arange(turnover_by_period.shape[1])[None, :] < periods[:, None]
    amounts = np.where(counts, turnover_by_period, 0).astype(object)  # exact, however large
    n = periods.astype(object)
    total = amounts.sum(axis=1)
    usable = ~excluded & (periods >= xyz.min_periods) & (total > 0).astype(bool)
    # variation² = variance ÷ mean², with variance = spread ÷ (n · n) or ÷ (n · (n − 1))
    spread = n * (amounts * amounts).sum(axis=1) - total * total
    over = n if xyz.deviation == "population" else n - 1
    within = []
    for bound in xyz.bounds:
        part = Fraction(bound) / 100
        left = spread * n * part.denominator**2
        right = total * total * over * part.numerator**2
        within.append((left <= right).astype(bool))
    classes = np.select(within, xyz.names[:2], xyz.names[2]).astype(object)
    return np.where(usable, classes, "")
