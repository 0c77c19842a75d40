"""The table of filled columns agrees with the code and the configuration."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

import pytest

from rules.columns import FILLED, FilledColumn
from rules.config.workbook import FilledColumns
from tests.bases import calculate


def test_each_filled_column_has_its_heading_in_the_configuration_in_the_same_order() -> None:
    assert [column.key for column in FILLED] == list(FilledColumns.model_fields)


def test_a_recalculation_gives_exactly_these_columns() -> None:
    result = calculate([{"ID": "1", "Name": "Anna"}], [], [], dt.date(2026, 1, 1))
    assert list(result.columns) == [column.key for column in FILLED]


@pytest.mark.parametrize("column", FILLED, ids=lambda column: column.key)
def test_the_function_that_decides_a_column_is_there_and_names_its_source(
    column: FilledColumn,
) -> None:
    module, name = column.function.rsplit(".", 1)
    function = getattr(import_module(module), name)
    text = f"{function.__doc__} {import_module(module).__doc__}"
    assert any(source in text for source in column.source.split(", ")), column.source
