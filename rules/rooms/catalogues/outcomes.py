"""What became of each catalogue that was handed out. Source: Pustylnik."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.model.known import CleanTable, Known
from rules.reading.cells import Mask, in_units
from rules.reading.dates import NAT, Days
from rules.reading.words import fold_flag, fold_id
from rules.rooms.catalogues.settings import Settings
from rules.rooms.facts import days_bought

_FIRST_DAY = np.datetime64("1900-01-01", "D")
_OUT_OF_CALENDAR = 10**7
"""More days than the calendar has: what parts the days of two clients."""


def _days(count: int) -> np.timedelta64:
    return np.timedelta64(count, "D")


@dataclass(frozen=True)
class Outcomes:
    """Of each usable row of Catalogues what became of it.

    first and last: the window in which a purchase is an order from it; ordered_on: the first
    purchase day there, NaT for none; amount: what was bought there, in units of money, NaN without
    a line. name: as it is shown; edition: the number of its catalogue, from the one that came first
    in the sheet.
    """

    outcome: NDArray[np.object_]
    first: Days
    last: Days
    ordered_on: Days
    amount: NDArray[np.float64]
    name: NDArray[np.object_]
    edition: NDArray[np.intp]


def outcomes(known: Known) -> Outcomes:
    """What became of every row."""
    rows, rule = known.tables["catalogues"], known.rule(Settings).catalogues
    first, last = _windows(rows, rule.from_days, rule.days)
    up_to = np.minimum(last, known.today)
    ordered_on = _first_purchase(known, rows.client, first, up_to)
    said = np.array([fold_flag(text) for text in rows.result.tolist()], object)

    def says(words: tuple[str, ...]) -> Mask:
        return np.asarray(np.isin(said, [fold_flag(word) for word in words]) & (said != ""))

    outcome = np.select(
        [
            says(rule.results.ordered),
            says(rule.results.no_order),
            says(rule.results.missed),
            ~np.isnat(ordered_on),
            known.today <= last,
        ],
        [
            rule.names.ordered,
            rule.names.no_order,
            rule.names.missed,
            rule.names.ordered,
            rule.names.open,
        ],
        rule.names.no_order,
    ).astype(object)
    name, edition = _editions(rows)
    amount = _bought(known, rows.client, first, up_to)
    return Outcomes(outcome, first, last, ordered_on, amount, name, edition)


def _windows(rows: CleanTable, from_days: int, days: int) -> tuple[Days, Days]:
    """The first and last day on which a purchase is an order from a catalogue: the order of the day
    on which the next one is handed out belongs to the one before.
    """
    places = _places(rows.client, rows.date)
    every = np.append(np.unique(places), -1)  # behind the last nobody follows
    following = every[np.searchsorted(every[:-1], places, side="right")]
    is_hers = following // _OUT_OF_CALENDAR == rows.client
    next_day = np.where(is_hers, rows.date + (following - places), NAT)
    date: Days = rows.date
    return date + _days(from_days), np.fmin(date + _days(days), next_day)


def _places(client: NDArray[np.intp], date: Days) -> NDArray[np.int64]:
    """Client and day as one number, which grows with the client, then with the day."""
    return client * _OUT_OF_CALENDAR + (date - _FIRST_DAY).astype(np.int64)


def _first_purchase(known: Known, client: NDArray[np.intp], first: Days, last: Days) -> Days:
    """The first purchase day of each client from *first* to *last*; NaT for none."""
    buyer, date = known.of(days_bought)
    every = _places(buyer, date)
    at = np.searchsorted(every, _places(client, first))
    is_there = at < np.searchsorted(every, _places(client, last), side="right")
    found = np.full(len(client), NAT)
    found[is_there] = date[at[is_there]]
    return found


def _bought(known: Known, client: NDArray[np.intp], first: Days, last: Days) -> NDArray[np.float64]:
    """The sum of each client's lines from *first* to *last*, NaN without a line."""
    lines = known.tables["purchases"]
    every = _places(lines.client, lines.date)
    order = np.argsort(every, kind="stable")
    sums = np.concatenate([[0], np.cumsum(lines.amount[order])])
    start = np.searchsorted(every[order], _places(client, first))
    end = np.searchsorted(every[order], _places(client, last), side="right")
    units = in_units(sums[np.maximum(start, end)] - sums[start], known.config.numbers.minor_units)
    return np.where(end > start, units, np.nan)


def bought_in_all(known: Known, found: Outcomes) -> float | None:
    """What was bought in all windows together, each line once; None without a line."""
    client, lines = known.tables["catalogues"].client, known.tables["purchases"]
    last = np.minimum(found.last, known.today)
    has_begun = found.first <= last
    begins, ends = (np.sort(_places(client, days)[has_begun]) for days in (found.first, last))
    every = _places(lines.client, lines.date)
    begun = np.searchsorted(begins, every, side="right")
    inside = begun > np.searchsorted(ends, every, side="left")
    if not inside.any():
        return None
    whole = lines.amount[inside].sum(keepdims=True)
    return float(in_units(whole, known.config.numbers.minor_units)[0])


def _editions(rows: CleanTable) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """The name of each row's catalogue as it is shown, and its number: a name that comes back in
    another year is another catalogue, and is shown with its year.
    """
    spelt: dict[str, str] = {}
    years: dict[str, set[int]] = {}
    numbers: dict[tuple[str, int], int] = {}
    year = (rows.date.astype("datetime64[Y]").astype(np.int64) + 1970).tolist()
    keys = [fold_id(text) for text in rows.catalogue.tolist()]
    for key, text, one in zip(keys, rows.catalogue.tolist(), year, strict=True):
        spelt.setdefault(key, text)
        years.setdefault(key, set()).add(one)
        numbers.setdefault((key, one), len(numbers))
    names = [
        f"{spelt[key]} {one}" if len(years[key]) > 1 else spelt[key]
        for key, one in zip(keys, year, strict=True)
    ]
    every = np.array([numbers[pair] for pair in zip(keys, year, strict=True)], np.intp)
    return np.array(names, object), every
