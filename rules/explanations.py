"""Facts of a client in words, for whatever explains them."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np

from rules.dates import date_or_none, shown_date
from rules.money import shown_money
from rules.recalculation import Result
from words import _, marked

SENTENCES = {
    "turnover_in_year": marked("{value} in the year"),
    "purchase_days_in_year": marked("purchase days in the year {value}"),
    "purchase_days": marked("purchase days ever {value}"),
    "first_purchase": marked("first purchase {value}"),
    "last_purchase": marked("last purchase {value}"),
    "days_since_last_purchase": marked("days since the last purchase {value}"),
    "months_since_last_purchase": marked("months since the last purchase {value}"),
    "longest_gap_days": marked("longest gap {value} days"),
    "usual_interval_days": marked("usual interval {value} days"),
    "bought": marked("ever bought: {value}"),
    "attended_class": marked("attended a class: {value}"),
}
"""A fact in words, by its name."""


def shown_fact(result: Result, name: str, position: int) -> str:
    """A fact of one client in words, such as "longest gap 40 days"; "–" where it is unknown."""
    facts = result.facts
    value: Any = getattr(facts, name)[position]
    if name == "turnover_in_year":
        known = bool(facts.has_lines[position])
        shown = shown_money(int(value), result.config) if known else "–"
    elif name in {"bought", "attended_class"}:
        known = name == "bought" or facts.attendance_known
        shown = (_("yes") if value else _("no")) if known else "–"
    elif isinstance(value, np.datetime64):
        shown = shown_date(date_or_none(value), result.config.dates.text_formats[0])
    else:
        shown = "–" if np.isnan(value) else f"{value:.0f}"
    return _(SENTENCES[name]).format(value=shown)


def facts_of_group(result: Result, position: int) -> str:
    """The facts that gave a client her group: those that its rule compares, else those of all."""
    asked, number = result.groups.asked, int(result.groups.rule[position])
    names = asked[number] if number >= 0 else ()
    names = names or list(dict.fromkeys(chain.from_iterable(asked)))
    return ", ".join(shown_fact(result, name, position) for name in names)
