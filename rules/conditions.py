"""Conditions of the configuration, evaluated for all clients at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil, floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.cells import Cells, Mask, read_dates, read_flags, read_keys, read_numbers
from rules.config.conditions import ColumnTest, DateTest, NumberTest, TextTest, When, YesNoTest
from rules.config.settings import Config
from rules.dates import Days, older_than_months, within_months
from rules.facts import Facts
from rules.words import fold

MONEY = frozenset({"turnover_in_year"})
"""Facts that are counted in minor units while the configuration names whole money."""


@dataclass(frozen=True)
class Subjects:
    """What conditions may ask about, on one day.

    words: decided columns by name (group, abc, xyz, stage, folder); own: her own columns by
    folded heading. Columns that the base lacks are missing from *own*.
    """

    facts: Facts
    today: np.datetime64
    config: Config
    own: Mapping[str, Cells]
    epoch_1904: bool
    words: Mapping[str, NDArray[np.object_]] = field(default_factory=dict)

    def knowing(self, **words: NDArray[np.object_]) -> Subjects:
        """The same, with more decided columns."""
        return Subjects(
            self.facts,
            self.today,
            self.config,
            self.own,
            self.epoch_1904,
            {**self.words, **words},
        )


def holds(when: When | None, subjects: Subjects) -> Mask:
    """For which clients does *when* hold? Without a condition: for all.

    A comparison with something unknown holds for nobody.
    """
    fits = np.ones(len(subjects.facts.bought), dtype=bool)
    for part in parts(when, subjects).values():
        fits &= part
    return fits


def parts(when: When | None, subjects: Subjects) -> dict[str, Mask]:
    """For which clients each comparison in *when* holds, by the name of what is compared.

    All comparisons of her own columns together are 'columns', all alternatives together 'any'.
    """
    found: dict[str, Mask] = {}
    if when is None:
        return found
    for name in type(when).model_fields:
        test = getattr(when, name)
        if isinstance(test, NumberTest):
            scale = 10**subjects.config.numbers.minor_units if name in MONEY else 1
            found[name] = _number_fits(test, *_number(name, subjects.facts), scale)
        elif isinstance(test, DateTest):
            found[name] = _date_fits(test, getattr(subjects.facts, name), subjects.today)
        elif isinstance(test, YesNoTest):
            found[name] = _yes_no_fits(test, name, subjects.facts)
        elif isinstance(test, TextTest):
            found[name] = _text_fits(test, read_keys(subjects.words[name]))
    own = [_column_fits(test, name, subjects) for name, test in (when.columns or {}).items()]
    if own:
        found["columns"] = np.logical_and.reduce(own)
    if when.any_ is not None:
        found["any"] = np.logical_or.reduce([holds(one, subjects) for one in when.any_])
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


def _number(name: str, facts: Facts) -> tuple[NDArray[Any], Mask]:
    """A fact, and where it is known."""
    values = getattr(facts, name)
    if name in MONEY:
        return values, facts.has_lines
    return values, ~np.isnan(values)


def _number_fits(
    test: NumberTest | ColumnTest, values: NDArray[Any], known: Mask, scale: int
) -> Mask:
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
            fits &= values == float(test.is_ * scale)
        if test.in_ is not None:
            fits &= np.isin(values, [float(value * scale) for value in test.in_])
    return fits


def _limit(limit: Decimal, scale: int, *, up: bool) -> int | float:
    if scale == 1:
        return float(limit)
    return ceil(limit * scale) if up else floor(limit * scale)


def _date_fits(test: DateTest | ColumnTest, dates: Days, today: np.datetime64) -> Mask:
    fits = ~np.isnat(dates)
    if test.within_months is not None:
        fits &= within_months(dates, test.within_months, today)
    if test.older_than_months is not None:
        fits &= older_than_months(dates, test.older_than_months, today)
    return fits


def _yes_no_fits(test: YesNoTest, name: str, facts: Facts) -> Mask:
    values: Mask = getattr(facts, name)
    known = facts.attendance_known if name == "attended_class" else facts.bought_known
    if not known:
        return np.zeros(len(values), dtype=bool)
    return np.asarray(values == test.is_)


def _text_fits(test: TextTest | ColumnTest, keys: NDArray[np.object_]) -> Mask:
    fits = keys != ""
    if test.is_ is not None:
        fits &= keys == fold(test.is_)
    if test.in_ is not None:
        fits &= np.isin(keys, [fold(word) for word in test.in_])
    return np.asarray(fits, dtype=bool)


def _column_fits(test: ColumnTest, heading: str, subjects: Subjects) -> Mask:
    """One of her own columns, read as the comparison asks; a column she lacks fits nobody."""
    cells = subjects.own.get(fold(heading))
    if cells is None:
        return np.zeros(len(subjects.facts.bought), dtype=bool)
    config = subjects.config
    fits = np.ones(len(cells), dtype=bool)
    if any(v is not None for v in (test.at_least, test.at_most, test.above, test.below)):
        values = read_numbers(cells, config.numbers)
        fits &= _number_fits(test, values, ~np.isnan(values), 1)
    if test.within_months is not None or test.older_than_months is not None:
        read = read_dates(cells, config.dates.text_formats, epoch_1904=subjects.epoch_1904)
        fits &= _date_fits(test, read.dates, subjects.today)
    if test.is_ is not None or test.in_ is not None:
        fits &= _text_fits(test, read_keys(cells))
    if test.filled is not None:
        fits &= read_flags(cells, config.no_words) == test.filled
    return fits
