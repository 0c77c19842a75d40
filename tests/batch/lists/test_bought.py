"""Next date and Bought on the list of the day: into the contact, and into Purchases, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from rules.model.problem import Problem
from tests.batch.lists.made import (
    LOG,
    columns,
    edit,
    heading_row,
    listed,
    page,
    plain_base,
    recalc,
    rows_below,
)
from tests.batch.simple_workbook import TODAY
from tests.command_line import Run

DAY = ("--today", str(TODAY))
LATER = TODAY + dt.timedelta(days=3)
NEXT = dt.date(2026, 12, 5)
Written = Mapping[object, Mapping[str, object]]


def write(path: Path, entries: Written) -> None:
    """Write into columns of the list, by client and heading."""

    def change(book: openpyxl.Workbook) -> None:
        sheet = page(book, "Today")
        at = columns(sheet)
        rows = {
            str(sheet.cell(row, at["ID"]).value): row
            for row in range(heading_row(sheet) + 1, sheet.max_row + 1)
        }
        for key, cells in entries.items():
            for heading, cell in cells.items():
                sheet.cell(rows[str(key)], at[heading]).value = cell

    edit(path, change)


def log(path: Path, name: str, first: int) -> list[tuple[object, ...]]:
    """The rows of a log from the row *first* on, without blanks at their end."""
    book = openpyxl.load_workbook(path)
    rows = rows_below(page(book, name), "Client ID")[first:]
    return [tuple(row.values()) for row in rows]


def standing(path: Path) -> dict[object, list[object]]:
    """What stands in the white columns, by client."""
    keys = ("Done", "Result", "Next date", "Bought")
    found = {row["ID"]: [row[key] for key in keys] for row in listed(path)}
    return {key: cells for key, cells in found.items() if any(one is not None for one in cells)}


@pytest.fixture(params=["plain", "table"])
def base(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A base whose logs are plain sheets, or Excel tables."""
    path = plain_base(
        tmp_path / "base.xlsx",
        {"Contacts": [list(LOG), [dt.date(2026, 8, 1), "002", "call", None, "asked", "later"]]},
    )
    if request.param == "table":

        def change(book: openpyxl.Workbook) -> None:
            page(book, "Purchases").add_table(Table(displayName="Bought", ref="A1:C2"))
            page(book, "Contacts").add_table(Table(displayName="Log", ref="A1:H2"))

        edit(path, change)
    return path


def test_they_go_into_contacts_and_purchases_and_leave_the_list(base: Path) -> None:
    write(
        base,
        {
            "001": {"Done": "x", "Next date": "5.12", "Bought": 1200.5},
            7: {"Next date": "+7"},
            "004": {"Done": "19.11", "Bought": "1 000+490"},
        },
    )
    outcome = recalc(base, verify=True)
    assert (outcome.taken, outcome.bought, outcome.problems) == (3, 2, ())
    assert {(row[0], row[1], row[6]) for row in log(base, "Contacts", 1)} == {
        (TODAY, "001", NEXT),
        (TODAY, 7, TODAY + dt.timedelta(days=7)),
        (dt.date(2026, 11, 19), "004", None),
    }
    assert log(base, "Purchases", 1) == [
        (TODAY, "001", 1200.5),
        (dt.date(2026, 11, 19), "004", 1490),
    ]
    assert standing(base) == {}
    clients = rows_below(page(openpyxl.load_workbook(base), "Clients"), "Phone")
    assert {row["ID"]: row["Turnover"] for row in clients} == {
        "001": 2 * 1200.5, "002": None, 7: None, "004": 1490,
    }  # fmt: skip
    assert {row["ID"]: row["Next contact"] for row in clients}[7] == TODAY + dt.timedelta(days=7)
    after = base.read_bytes()
    again = recalc(base)
    assert (again.taken, again.bought, again.written) == (0, 0, False)
    assert base.read_bytes() == after


def test_dates_and_amounts_are_dates_and_numbers(base: Path) -> None:
    write(base, {"001": {"Next date": "tomorrow", "Bought": "300,50"}})
    recalc(base)
    book = openpyxl.load_workbook(base)
    contacts, purchases = page(book, "Contacts"), page(book, "Purchases")
    assert contacts["G3"].is_date
    assert purchases["A3"].is_date
    assert (purchases["C3"].value, purchases["C3"].data_type) == (300.5, "n")


def test_a_wrong_one_keeps_the_whole_row_and_only_that(base: Path) -> None:
    hers = {"Done": "x", "Result": "came", "Next date": "some day", "Bought": 500}
    write(base, {"001": hers, "004": {"Done": "x", "Bought": "cream"}, 7: {"Bought": 80}})
    outcome = recalc(base)
    assert (outcome.taken, outcome.bought) == (1, 1)
    assert standing(base) == {
        "001": ["21.11.2026", "came", "some day", "500"],
        "004": ["21.11.2026", None, None, "cream"],
    }
    sheet = page(openpyxl.load_workbook(base), "Today")
    told = [one for one in outcome.problems if one.sheet == "Today"]
    assert [(sheet[one.cell].value, one.found) for one in told] == [
        ("some day", "'some day'"),
        ("cream", "'cream'"),
    ]
    after = base.read_bytes()
    recalc(base)
    assert base.read_bytes() == after
    write(base, {"001": {"Next date": "завтра"}, "004": {"Bought": "90"}})
    outcome = recalc(base, LATER)
    assert (outcome.taken, outcome.bought, standing(base)) == (2, 2, {})
    assert [row for row in log(base, "Purchases", 1) if row[1] != "7"][-2:] == [
        (TODAY, "001", 500),
        (TODAY, "004", 90),
    ]


def test_where_purchases_have_no_room_all_of_it_stays(base: Path) -> None:
    edit(base, lambda book: page(book, "Purchases").__setitem__("C5", "my own sums"))
    write(base, {"001": {"Done": "x", "Bought": 5}, 7: {"Bought": 6}, "004": {"Bought": 7}})
    before = base.read_bytes()
    outcome = recalc(base)
    advice = (
        "There is no room for new rows below the table on the sheet Purchases, so what you wrote "
        "stays here. Free the rows below it, or switch off its totals row."
    )
    assert outcome.taken == 0
    told = [one for one in outcome.problems if one.sheet == "Today"]
    cells = ("H5", "K7", "K8")
    assert told == [Problem("Today", cell, "", advice) for cell in cells]
    assert base.read_bytes() == before


def test_where_contacts_have_no_column_for_it_all_of_it_stays(tmp_path: Path) -> None:
    base = plain_base(tmp_path / "base.xlsx")
    edit(base, lambda book: page(book, "Contacts").__setitem__("G1", "My next date"))
    write(base, {"001": {"Next date": "5.12"}})
    outcome = recalc(base)
    assert outcome.taken == 0
    advice = (
        "The sheet Contacts has no column Next date, so what you wrote stays here. Add that "
        "heading there."
    )
    assert [one.advice for one in outcome.problems if one.sheet == "Today"] == [advice]


def test_a_list_without_these_columns_stays_without_them(base: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        sheet = page(book, "Today")
        for heading in ("Next date", "Bought"):
            sheet.delete_cols(columns(sheet)[heading])

    edit(base, change)
    after = base.read_bytes()
    assert recalc(base).written is False
    assert base.read_bytes() == after
    write(base, {"001": {"Done": "x"}})
    recalc(base)
    assert not {"Next date", "Bought"} & set(columns(page(openpyxl.load_workbook(base), "Today")))
    assert len(log(base, "Contacts", 1)) == 1

    def add(book: openpyxl.Workbook) -> None:
        sheet = page(book, "Today")
        sheet.cell(heading_row(sheet), sheet.max_column + 3).value = "Bought"

    edit(base, add)
    write(base, {"004": {"Bought": 70}})
    assert recalc(base).bought == 1


def test_the_run_tells_of_purchases_and_an_undo_takes_them_back(run: Run, base: Path) -> None:
    write(base, {"001": {"Bought": 300, "Next date": "+7"}})
    before = base.read_bytes()
    told = run("recalc", "base.xlsx", *DAY).out
    assert "  Purchases taken over from the sheet Today: 1." in told.splitlines()
    assert "     Purchases taken over from the list of the day: 1" in run("log", "base.xlsx").out
    run("undo", "base.xlsx")
    assert base.read_bytes() == before


def test_an_undo_of_cells_says_that_purchases_stay(run: Run, base: Path) -> None:
    write(base, {"001": {"Bought": 300}})
    recalc(base)
    edit(base, lambda book: page(book, "Clients").__setitem__("B2", "Anna Petrova"))
    told = run("undo", "base.xlsx").out
    sentence = "Purchases that the run took over from the list of the day stay on their sheet: 1."
    assert sentence in told
    assert len(log(base, "Purchases", 1)) == 1


def test_a_word_that_is_not_known_is_told_by_check_and_by_the_run(run: Run, base: Path) -> None:
    write(base, {"001": {"Done": "перезвон"}})
    hint = "'перезвон' in Done is taken as done. Words for not reached are: no, n, not reached, "
    assert hint in run("check", "base.xlsx", *DAY).out
    assert hint in run("recalc", "base.xlsx", *DAY).out
    assert hint not in run("recalc", "base.xlsx", *DAY).out
    assert log(base, "Contacts", 1)[0][5] == "перезвон"
