"""Conditions of the configuration, evaluated for all clients at once."""

from __future__ import annotations

import re
from decimal import Decimal
from math import ceil, floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.config.conditions import (
    Age,
    Bounds,
    ColumnTest,
    DateTest,
    NumberTest,
    Spelling,
    TextTest,
    When,
    YesNoTest,
)
from rules.model.known import Known
from rules.reading.cells import Mask, read_dates, read_flags, read_key, read_numbers, read_words
from rules.reading.dates import Days, older_than_months, within_months
from rules.reading.words import fold
from rules.rooms.facts import MONEY, Facts, facts


def holds(when: When | None, known: Known) -> Mask:
    """For which clients does *when* hold? Without a condition: for all.

    A comparison with something unknown holds for nobody.
    """
    fits = np.ones(len(known.clients.usable), dtype=bool)
    for part in parts(when, known).values():
        fits &= part
    return fits


def parts(when: When | None, known: Known) -> dict[str, Mask]:
    """For which clients each comparison in *when* holds, by the name of what is compared.

    All comparisons of her own columns together are 'columns', all alternatives together 'any'.
    """
    found: dict[str, Mask] = {}
    if when is None:
        return found
    for name in type(when).model_fields:
        test = getattr(when, name)
        if isinstance(test, NumberTest):
            values, is_money = getattr(known.of(facts), name), name in MONEY
            is_known = known.of(facts).has_lines if is_money else ~np.isnan(values)
            scale = 10**known.config.numbers.minor_units if is_money else 1
            found[name] = _number_fits(test, values, is_known, scale)
        elif isinstance(test, DateTest):
            found[name] = _date_fits(test, getattr(known.of(facts), name), known.today)
        elif isinstance(test, YesNoTest):
            found[name] = _yes_no_fits(test, name, known.of(facts))
        elif isinstance(test, TextTest):
            found[name] = _text_fits(test, read_words(known.columns[name]))
    own = [_column_fits(test, name, known) for name, test in (when.columns or {}).items()]
    if own:
        found["columns"] = np.logical_and.reduce(own)
    if when.any_ is not None:
        found["any"] = np.logical_or.reduce([holds(one, known) for one in when.any_])
    return found


def facts_asked(when: When | None) -> list[str]:
    """The facts that a condition compares, those of its alternatives too, each once."""
    if when is None:
        return []
    names = [
        name
        for name in type(when).model_fields
        if isinstance(getattr(when, name), NumberTest | DateTest | YesNoTest)
    ]
    inner = [name for one in when.any_ or () for name in facts_asked(one)]
    return list(dict.fromkeys(names + inner))


def _number_fits(test: Bounds, values: NDArray[Any], known: Mask, scale: int) -> Mask:
    """Exact comparisons: whole minor units with limits that are moved to the next whole one."""
    fits = known.copy()
    if test.at_least is not None:
        fits &= values >= _limit(test.at_least, scale, up=True)
    if test.at_most is not None:
        fits &= values <= _limit(test.at_most, scale, up=False)
    if test.above is not None:
        fits &= values > _limit(test.above, scale, up=False)
    if test.below is not None:
        fits &= values < _limit(test.below, scale, up=True)
    if isinstance(test, NumberTest):
        if test.is_ is not None:
            fits &= values == _number(test.is_ * scale)
        if test.in_ is not None:
            equal = [values == _number(one * scale) for one in test.in_]
            fits &= np.logical_or.reduce(equal)
    return fits


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _limit(limit: Decimal, scale: int, *, up: bool) -> int | float:
    if scale == 1:
        return float(limit)
    return ceil(limit * scale) if up else floor(limit * scale)


def _date_fits(test: Age, dates: Days, today: np.datetime64) -> Mask:
    fits = ~np.isnat(dates)
    if test.within_months is not None:
        fits &= within_months(dates, test.within_months, today)
    if test.older_than_months is not None:
        fits &= older_than_months(dates, test.older_than_months, today)
    return fits


def _yes_no_fits(test: YesNoTest, name: str, found: Facts) -> Mask:
    values: Mask = getattr(found, name)
    is_known = found.attendance_known if name == "attended_class" else found.bought_known
    if not is_known:  # a class that she attended is known all the same
        return values & bool(test.is_)
    return np.asarray(values == test.is_)


def _text_fits(test: Spelling, keys: NDArray[np.object_]) -> Mask:
    fits = keys != ""
    if test.is_ is not None:
        fits &= np.isin(keys, _spellings(test.is_))
    if test.in_ is not None:
        fits &= np.isin(keys, [key for word in test.in_ for key in _spellings(word)])
    return np.asarray(fits, dtype=bool)


def _spellings(word: str) -> list[str]:
    """The keys of cells that are *word*; the number 5.0 is the key "5" of a number cell, too."""
    key = fold(word)
    is_decimal = re.fullmatch(r"-?(0|[1-9][0-9]{0,14})[.][0-9]{1,12}", key)
    return [key, read_key(float(key))] if is_decimal else [key]


def _column_fits(test: ColumnTest, heading: str, known: Known) -> Mask:
    """One of her own columns, read as the comparison asks; a column she lacks fits nobody."""
    cells = known.clients.own.get(fold(heading))
    if cells is None:
        return np.zeros(len(known.clients.usable), dtype=bool)
    config = known.config
    fits = np.ones(len(cells), dtype=bool)
    if any(getattr(test, name) is not None for name in Bounds.model_fields):
        values = read_numbers(cells, config.numbers)
        fits &= _number_fits(test, values, ~np.isnan(values), 1)
    if test.within_months is not None or test.older_than_months is not None:
        epoch_1904 = known.clients.epoch_1904
        read = read_dates(cells, config.dates, known.today, epoch_1904=epoch_1904)
        fits &= _date_fits(test, read.known, known.today)
    if test.is_ is not None or test.in_ is not None:
        fits &= _text_fits(test, read_words(cells))
    if test.filled is not None:
        fits &= read_flags(cells, config.no_words) == test.filled
    return fits
