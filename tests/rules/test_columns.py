"""The table of filled columns agrees with the code and the configuration."""

from __future__ import annotations

import datetime as dt
from sys import modules

import pytest

from rules.model.declarations import Column
from tests.bases import FILLED, calculate, config


def test_each_filled_column_has_its_heading_in_the_configuration_in_the_same_order() -> None:
    assert [column.key for column in FILLED] == list(config().headings("filled"))


def test_a_recalculation_gives_exactly_these_columns() -> None:
    result = calculate([{"ID": "1", "Name": "Anna"}], [], [], dt.date(2026, 1, 1))
    assert list(result.columns) == [column.key for column in FILLED]


@pytest.mark.parametrize("column", FILLED, ids=lambda column: column.key)
def test_the_function_that_decides_a_column_is_there_and_names_its_source(
    column: Column,
) -> None:
    module = modules[column.decide.__module__]
    names = [column.decide.__name__, *column.decide.__code__.co_names]
    used = [getattr(module, name) for name in names if hasattr(module, name)]
    places = {getattr(one, "__module__", getattr(one, "__name__", "")) for one in used}
    texts = [one.__doc__ for one in used] + [modules[place].__doc__ for place in places]
    for one in list(places):  # what a rule says is said by the functions beside it
        texts += [value.__doc__ for value in vars(modules[one]).values() if callable(value)]
    assert any(source in str(texts) for source in column.source.split(", ")), column.source
