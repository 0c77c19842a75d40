"""What is known of each client from her purchases: the facts that the rules compare.

A fact has one name, the one that `config.yaml` uses. Each is a column over the rows of Clients:
dates NaT and numbers NaN where unknown. Money is in minor units.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from rules.config.basics import Model
from rules.config.conditions import Ago, ExampleFacts, conditions_in
from rules.config.settings import Config
from rules.model.declarations import Column, Room
from rules.model.known import CleanTable, Known
from rules.reading.cells import Mask, in_units, shown_money
from rules.reading.dates import (
    NAT,
    Days,
    add_months,
    date_or_none,
    latest,
    months_since,
    no_days,
    shown_date,
    year_start,
)
from rules.why.shape import Evidence, Explanation
from words import _, marked

if TYPE_CHECKING:  # conditions and explanations look at the facts themselves
    from rules.why.client import OneClient


class Settings(Model):
    """What the facts are read by."""

    attendance_from: Annotated[int, Field(ge=0, le=100)]
    """Where at least so many per cent of the clients who ever bought have a class date that isn't
    ahead, a client without one didn't attend; elsewhere that is unknown."""


Numbers = NDArray[np.float64]
MONEY = frozenset({"turnover_in_year"})
"""Facts that are counted in minor units while the configuration names whole money."""


@dataclass(frozen=True)
class Facts:
    """Facts per client.

    has_lines: any purchase line ever; bought: any purchase day ever; turnover_in_year: minor
    units, meaningless without lines; *_days counts are whole numbers; last_line: the last line
    in Purchases, also of a present or a return; attendance_known: are class dates kept, so that
    whoever has none didn't attend? bought_known: False only for an example that doesn't say it.
    """

    is_by_client: ClassVar = True

    has_lines: Mask
    bought: Mask
    turnover_in_year: NDArray[np.int64]
    purchase_days_in_year: NDArray[np.int64]
    purchase_days: NDArray[np.int64]
    first_purchase: Days
    last_purchase: Days
    last_line: Days
    days_since_last_purchase: Numbers
    months_since_last_purchase: Numbers
    longest_gap_days: Numbers
    usual_interval_days: Numbers
    attended_class: Mask
    attendance_known: bool
    bought_known: bool = True


def facts(known: Known) -> Facts:
    """All facts of all clients on the day.

    Sources: Zelenkina (turnover, last purchase), Danilov (usual interval).
    """
    clients, purchases, today = known.clients, known.tables["purchases"], known.today
    count = len(clients)
    in_year = purchases.date >= year_start(known.date, known.config.year)
    day_client, day_date = known.of(days_bought)
    day_in_year = day_date >= year_start(known.date, known.config.year)
    first, last = _first_and_last(day_client, day_date, count)
    attended = clients.usable & (clients.class_date <= today)
    buyers, from_percent = ~np.isnat(last), known.rule(Settings).attendance_from
    return Facts(
        has_lines=np.bincount(purchases.client, minlength=count) > 0,
        bought=~np.isnat(last),
        turnover_in_year=sum_by_client(purchases.client[in_year], purchases.amount[in_year], count),
        purchase_days_in_year=np.bincount(day_client[day_in_year], minlength=count),
        purchase_days=np.bincount(day_client, minlength=count),
        first_purchase=first,
        last_purchase=last,
        last_line=latest(purchases.client, purchases.date, count),
        days_since_last_purchase=days_between(last, today),
        months_since_last_purchase=months_since(last, today),
        longest_gap_days=_longest_gap(day_client[day_in_year], day_date[day_in_year], count, today),
        usual_interval_days=_usual_interval(day_client, day_date, count),
        attended_class=attended,
        attendance_known=_are_class_dates_kept(attended[buyers], from_percent),
    )


def _are_class_dates_kept(attended: Mask, from_percent: int) -> bool:
    """Whether so many per cent of the clients who ever bought have a class date: else one that is
    missing tells nothing.
    """
    return int(attended.sum()) * 100 >= from_percent * len(attended)


def facts_of_example(example: ExampleFacts, config: Config, today: np.datetime64) -> Facts:
    """The facts of one client, of whom an example says what is known; the rest is unknown."""
    bought, turnover = example.has_bought, example.turnover_in_year
    first, last = (_day(ago, today) for ago in (example.first_purchase, example.last_purchase))
    return Facts(
        has_lines=np.array([turnover is not None]),
        bought=np.array([bool(bought)]),
        turnover_in_year=np.array([int((turnover or 0) * 10**config.numbers.minor_units)]),
        purchase_days_in_year=_number(example.purchase_days_in_year),
        purchase_days=_number(example.purchase_days),
        first_purchase=first,
        last_purchase=last,
        last_line=last,
        days_since_last_purchase=days_between(last, today),
        months_since_last_purchase=months_since(last, today),
        longest_gap_days=_number(example.longest_gap_days),
        usual_interval_days=_number(example.usual_interval_days),
        attended_class=np.array([bool(example.attended_class)]),
        attendance_known=example.attended_class is not None,
        bought_known=bought is not None,
    )


def _day(ago: Ago | None, today: np.datetime64) -> Days:
    """The day that lies so long before *today*: the earliest that is at most `months_ago` ago, so
    that an example on a rule's limit stays on it on every day, and `days_ago` before that.
    """
    if ago is None:
        return np.array([NAT])
    months = ago.months_ago or 0
    day = add_months(np.array([today]), -months)
    if add_months(day, months)[0] < today:  # clamped to the end of a shorter month
        day += np.timedelta64(1, "D")
    return np.asarray(day - np.timedelta64(ago.days_ago or 0, "D"))


def _number(count: int | None) -> Any:  # noqa: ANN401 — counts are whole numbers, or unknown
    return np.array([np.nan if count is None else float(count)])


def turnover(known: Known) -> Numbers:
    """Turnover in the year, in units of money; 0 with lines but none in the year.

    NaN without any purchase line ever. Source: Zelenkina.
    """
    found = known.of(facts)
    units = in_units(found.turnover_in_year, known.config.numbers.minor_units)
    return np.where(found.has_lines, units, np.nan)


def sum_by_client(
    client: NDArray[np.intp], amount: NDArray[np.int64], count: int
) -> NDArray[np.int64]:
    """The exact sum of *amount* for each of *count* clients."""
    sums = np.zeros(count, dtype=np.int64)
    np.add.at(sums, client, amount)
    return sums


def days_bought(known: Known) -> tuple[NDArray[np.intp], Days]:
    """Client and date of every purchase day, by client and then by date."""
    return purchase_days(known.tables["purchases"])


def purchase_days(purchases: CleanTable) -> tuple[NDArray[np.intp], Days]:
    """Client and date of every purchase day, by client and then by date.

    A purchase day is one client and one date whose lines sum to more than zero. Source: the
    conventions (several lines of a day are one purchase, one taken back the same day is none).
    """
    order = np.lexsort((purchases.date, purchases.client))
    client, date = purchases.client[order], purchases.date[order]
    new = np.ones(len(client), dtype=bool)
    new[1:] = (client[1:] != client[:-1]) | (date[1:] != date[:-1])
    starts = np.flatnonzero(new)
    if not len(starts):
        return client, date
    bought = np.add.reduceat(purchases.amount[order], starts) > 0
    return client[starts][bought], date[starts][bought]


def _first_and_last(client: NDArray[np.intp], date: Days, count: int) -> tuple[Days, Days]:
    """The first and last purchase day of each client; days come sorted by client and date."""
    first, last = no_days(count), no_days(count)
    last[client] = date
    first[client[::-1]] = date[::-1]
    return first, last


def days_between(dates: Days, today: np.datetime64) -> Numbers:
    """Whole days from each date to *today*; NaN where it is unknown."""
    return np.where(np.isnat(dates), np.nan, (today - dates).astype(np.int64))


def _gaps(client: NDArray[np.intp], date: Days) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Client and days between neighbouring purchase days."""
    same = client[1:] == client[:-1]
    return client[1:][same], (date[1:] - date[:-1]).astype(np.int64)[same]


def _longest_gap(client: NDArray[np.intp], date: Days, count: int, today: np.datetime64) -> Numbers:
    """Longest pause between purchase days of the year, the stretch up to today included.

    The stretch before the first doesn't count. Unit: days. NaN without a purchase day.
    """
    longest = np.full(count, -1, dtype=np.int64)
    np.maximum.at(longest, *_gaps(client, date))
    last = latest(client, date, count)
    to_today = np.where(np.isnat(last), -1, (today - last).astype(np.int64))
    longest = np.maximum(longest, to_today)
    return np.where(longest < 0, np.nan, longest.astype(np.float64))


def _usual_interval(client: NDArray[np.intp], date: Days, count: int) -> Numbers:
    """Median pause between purchase days ever, rounded up to whole days; NaN with one or none."""
    gap_client, gap = _gaps(client, date)
    order = np.lexsort((gap, gap_client))
    sorted_gaps = gap[order]
    gaps = np.bincount(gap_client, minlength=count)
    start = np.cumsum(gaps) - gaps
    some = np.flatnonzero(gaps > 0)
    low = sorted_gaps[start[some] + (gaps[some] - 1) // 2]
    high = sorted_gaps[start[some] + gaps[some] // 2]
    interval = np.full(count, np.nan)
    interval[some] = (low + high + 1) // 2
    return interval


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


def fact_value(known: Known, name: str, position: int) -> int | bool | dt.date | None:
    """A fact of one client, money in minor units; None where it is unknown."""
    found = known.of(facts)
    value: Any = getattr(found, name)[position]
    if name in MONEY:
        return int(value) if found.has_lines[position] else None
    if isinstance(value, np.datetime64):
        return date_or_none(value)
    if isinstance(value, np.bool_):
        is_known = value or name == "bought" or found.attendance_known
        return bool(value) if is_known else None
    return None if np.isnan(value) else int(value)


def shown_fact(known: Known, name: str, position: int) -> str:
    """A fact of one client in words, such as "longest gap 40 days"; "–" where it is unknown."""
    value = fact_value(known, name, position)
    if value is None:
        shown = "–"
    elif isinstance(value, dt.date):
        shown = shown_date(value, known.config.dates.written)
    elif isinstance(value, bool):
        shown = _("yes") if value else _("no")
    else:
        shown = shown_money(value, known.config) if name in MONEY else str(value)
    return _(SENTENCES[name]).format(value=shown)


def _why_turnover(one: OneClient) -> Explanation:
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
    text, since = message.format(start=one.shown(start)), {"since": start.item()}
    return Explanation("turnover", rule, (Evidence("fact", text, (), rows, since),))


def _why_last_purchase(one: OneClient) -> Explanation:
    """The day's lines. No entry of the configuration decides this."""
    if not one.bought:
        return Explanation("last_purchase", (), (one.never_bought,))
    text = _("the last day on which her lines sum to more than zero, whatever the rules")
    rows = one.fact("last_purchase").rows
    return Explanation("last_purchase", (), (Evidence("fact", text, (), rows),))


def _notices(known: Known) -> Iterator[str]:
    """Whether rules ask for class dates that aren't kept."""
    asked = [when for _path, when in conditions_in(known.config)]
    if not known.of(facts).attendance_known and any(when.attended_class for when in asked):
        yield _(
            "Fewer than {percent} % of your buyers have a class date, so it is unknown whether the "
            "others attended; rules that ask for it fit none of these."
        ).format(percent=known.rule(Settings).attendance_from)


ROOM = Room(
    "facts",
    Settings,
    columns=(
        Column(
            "turnover",
            "number",
            "what she bought for in the year, returns taken off",
            "Zelenkina",
            11,
            turnover,
            _why_turnover,
            role="money",
            inputs="purchase lines of the year",
            rule=("year", "basis"),
            is_money=True,
            function="CLIENT_TURNOVER",
            help=marked("What a client bought for in the year, returns taken off."),
        ),
        Column(
            "last_purchase",
            "date",
            "her last purchase day",
            "Zelenkina",
            13,
            lambda known: known.of(facts).last_purchase,
            _why_last_purchase,
            inputs="purchase days",
        ),
    ),
    notices=_notices,
)
