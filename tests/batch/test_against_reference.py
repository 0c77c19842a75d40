"""Through a real file and back, every cell is as the specification says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from batch.configuration import Rules
from batch.recalculation.file import recalculate_file
from tests import reference
from tests.bases import FILLED, config
from tests.batch.simple_workbook import write
from tests.random_bases import HOME_CITY, TODAYS, random_base

SETTINGS = replace(reference.DEFAULT, home_city=HOME_CITY)


def as_table(rows: Sequence[Mapping[str, object]]) -> list[list[object]]:
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    return [list(headings), *([row.get(heading) for heading in headings] for row in rows)]


@pytest.mark.parametrize("today", TODAYS, ids=str)
def test_a_nasty_base_in_a_file_is_filled_as_the_specification_says(
    today: dt.date, tmp_path: Path
) -> None:
    base = random_base(9000 + today.toordinal(), today)
    expected = reference.calculate(*base, today, SETTINGS)
    sheets = dict(zip(("Clients", "Purchases", "Contacts"), map(as_table, base), strict=True))
    # the data end with the last row that has an ID, so one closes each sheet
    sheets["Clients"].append(["end of the sheet"] * len(sheets["Clients"][0]))
    path = write(tmp_path / "base.xlsx", sheets)
    rules = Rules(config(f"home_city: {HOME_CITY}"), Path("config.yaml"))
    recalculate_file(path, rules, today)
    sheet = openpyxl.load_workbook(path)["Clients"]
    columns = {cell.value: number for number, cell in enumerate(sheet[1])}
    found = list(sheet.iter_rows(min_row=2, values_only=True))
    for number, wanted in enumerate(expected):
        for column in FILLED:
            heading = getattr(rules.config.columns.filled, column.key)[0]
            value, cell = wanted[heading], found[number][columns[heading]]
            if isinstance(cell, dt.datetime):
                cell = cell.date()
            if isinstance(value, str) or value is None or isinstance(value, dt.date):
                assert cell == value, (number, heading)
            else:
                assert isinstance(cell, (int, float)), (number, heading)
                assert cell == float(str(value)), (number, heading)
