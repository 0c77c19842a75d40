"""The list of the day of a new workbook: all that is needed while phoning is seen at once."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from batch.configuration import read, shipped_path
from batch.making.example import make_example
from rules.config.settings import Config

SCREEN = 1366 - 30 - 21
"""Pixels of a small laptop's screen beside the row numbers and the scroll bar."""
MOMENT = (
    "name", "phone", "reason", "last_bought", "done", "result", "next_date", "bought",
)  # fmt: skip


@pytest.fixture(scope="module", params=["en", "ru"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    config = read(shipped_path(request.param)).config
    path = tmp_path_factory.mktemp("made") / "base.xlsx"
    make_example(path, config, dt.date(2026, 11, 29))
    sheet = openpyxl.load_workbook(path)[config.sheets.today]
    assert isinstance(sheet, Worksheet)
    return config, sheet


Made = tuple[Config, Worksheet]


def headings(made: Made) -> list[str]:
    return [str(cell.value) for cell in made[1][4]]


def wanted(made: Made) -> list[int]:
    """Where the columns of the moment stand, from 1."""
    names = dict(made[0].columns.today)
    return [headings(made).index(names[key][0]) + 1 for key in MOMENT]


def test_the_columns_of_the_moment_fit_a_screen(made: Made) -> None:
    """A character is 7 pixels wide; a width in a file has the 5 beside them in it."""
    widths = made[1].column_dimensions
    last = max(wanted(made))
    pixels = [round(widths[get_column_letter(one)].width * 7) for one in range(1, last + 1)]
    assert sum(pixels) <= SCREEN


def test_they_stand_in_the_order_of_a_call_before_all_others(made: Made) -> None:
    assert wanted(made) == sorted(wanted(made))
    behind = headings(made)[max(wanted(made)) :]
    names = dict(made[0].columns.today)
    keys = ("group", "classes", "last_contact", "wishes", "gift", "client_id")
    assert behind == [names[key][0] for key in keys]


def test_they_alone_are_printed_on_one_landscape_page(made: Made) -> None:
    sheet = made[1]
    last = get_column_letter(max(wanted(made)))
    assert sheet.print_area == f"'{sheet.title}'!$A$1:${last}$1048576"
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_a_next_date_stays_as_it_is_typed(made: Made) -> None:
    """Excel would make 7 of +7, and of 15.1 a day of this year."""
    names = dict(made[0].columns.today)
    column = get_column_letter(headings(made).index(names["next_date"][0]) + 1)
    assert made[1][f"{column}5"].number_format == "@" or (
        made[1].column_dimensions[column].number_format == "@"
    )
