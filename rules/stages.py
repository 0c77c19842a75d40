"""Stage and folder: where a client stands on her way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rules.config.classes import Folder, Stage
from rules.dates import NAT, Days, add_months, within_months
from rules.facts import purchase_days
from rules.tables import Purchases


def first_in_period(
    purchases: Purchases, count: int, today: np.datetime64, months: int
) -> tuple[Days, Days]:
    """Each client's first purchase day within the last *months* months, and the one before it.

    NaT where there is none.
    """
    client, date = purchase_days(purchases)
    inside = within_months(date, months, today)
    first, before = np.full(count, NAT), np.full(count, NAT)
    first[client[inside][::-1]] = date[inside][::-1]
    before[client[~inside]] = date[~inside]
    return first, before


def stage(
    first_purchase: Days,
    last_purchase: Days,
    first_in_period: Days,
    purchase_before: Days,
    today: np.datetime64,
    rule: Stage,
) -> NDArray[np.object_]:
    """The stage of each client.

    Never bought: Potential. First purchase ever within the period: New. Nothing within the
    period: Lost. Back within it, more than one period after the purchase before: Restored.
    Everyone else who bought: Permanent. Source: CRM article.
    """
    names, months = rule.names, rule.period_months
    returned = add_months(purchase_before, months) < first_in_period
    return np.select(
        [
            np.isnat(last_purchase),
            within_months(first_purchase, months, today),
            ~within_months(last_purchase, months, today),
            returned,
        ],
        [names.potential, names.new, names.lost, names.restored],
        names.permanent,
    ).astype(object)


def folder(last_purchase: Days, today: np.datetime64, rule: Folder) -> NDArray[np.object_]:
    """Green with a purchase in this calendar year or last, Black when the last is older.

    '' for those who never bought. Source: Pustylnik.
    """
    year = last_purchase.astype("datetime64[Y]")
    recent = year >= today.astype("datetime64[Y]") - rule.years_back
    return np.select(
        [np.isnat(last_purchase), recent], ["", rule.names.green], rule.names.black
    ).astype(object)
