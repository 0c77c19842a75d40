"""New rows of Contacts: below the last one, in whatever shape that sheet is."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from tests.batch.lists.made import (
    CONTACTS,
    LOG,
    edit,
    entries,
    log,
    new_contacts,
    note,
    page,
    plain,
    plain_base,
    recalc,
)
from tests.batch.simple_workbook import TODAY
from tests.batch.simple_workbook import Table as Sheet
from tests.command_line import Run

ROW = [dt.date(2026, 8, 1), "002", "call", None, "asked", "later", None, None]
NO_ROOM = (
    "There is no room for new rows below the table on the sheet Contacts, so what you wrote stays"
    " here. Free the rows below it, or switch off its totals row."
)


def with_log(path: Path, change: Callable[[Worksheet], object], rows: int = 1) -> Path:
    """A base whose sheet Contacts has been changed, with entries of two clients on its list."""
    plain_base(path, {"Contacts": [list(LOG), *[ROW] * rows]})
    edit(path, lambda book: change(page(book, "Contacts")))
    note(path, {"001": ("x", "ordered"), 7: ("x", "came")})
    return path


def table(last_row: int = 2, **options: object) -> Callable[[Worksheet], object]:
    def change(sheet: Worksheet) -> None:
        made = Table(displayName="Log", ref=f"A1:H{last_row}", **options)
        sheet.add_table(made)

    return change


def references(path: Path) -> list[str]:
    """The ranges of the one table and of its filter."""
    with zipfile.ZipFile(path) as zipped:
        (part,) = (zipped.read(one) for one in zipped.namelist() if "/tables/" in one)
    return re.findall(r' ref="([^"]+)"', part.decode())


def rows(path: Path) -> list[int]:
    """In which rows the two new contacts stand."""
    sheet = page(openpyxl.load_workbook(path), "Contacts")
    return [row for row in range(1, 60) if sheet.cell(row, 6).value in {"ordered", "came"}]


def test_a_table_grows_with_its_filter(tmp_path: Path) -> None:
    path = with_log(tmp_path / "base.xlsx", table())
    recalc(path)
    assert rows(path) == [3, 4]
    assert set(references(path)) == {"A1:H4"}


@pytest.mark.parametrize(("last", "after"), [(3, "A1:H4"), (4, "A1:H4"), (9, "A1:H9")])
def test_blank_rows_of_the_table_are_used_first(tmp_path: Path, last: int, after: str) -> None:
    path = with_log(tmp_path / "base.xlsx", table(last))
    recalc(path)
    assert rows(path) == [3, 4]
    assert set(references(path)) == {after}


def test_a_table_without_any_contact_begins_in_its_first_row(tmp_path: Path) -> None:
    path = with_log(tmp_path / "base.xlsx", table(), rows=0)
    recalc(path)
    assert rows(path) == [2, 3]
    assert set(references(path)) == {"A1:H3"}
    sheet = page(openpyxl.load_workbook(path), "Contacts")
    assert sheet["A2"].is_date


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_plain_sheet_goes_on_below_its_last_row(tmp_path: Path, count: int) -> None:
    path = with_log(tmp_path / "base.xlsx", lambda _sheet: None, rows=count)
    assert recalc(path).taken == 2
    assert rows(path) == [count + 2, count + 3]


def test_formats_are_those_of_the_row_above_and_dates_are_dates(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        for column in range(1, 9):
            cell = sheet.cell(2, column)
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="FFFF00")
        sheet["A2"].number_format = "dd\\.mm\\.yy"
        sheet["B2"].number_format = "@"
        table()(sheet)

    path = with_log(tmp_path / "base.xlsx", change)
    recalc(path)
    sheet = page(openpyxl.load_workbook(path), "Contacts")
    for row in (3, 4):
        assert sheet.cell(row, 1).number_format == "dd\\.mm\\.yy"
        assert sheet.cell(row, 2).number_format == "@"
        for column in (1, 2, 3, 5, 6):
            assert sheet.cell(row, column).font.bold, (row, column)
            assert sheet.cell(row, column).fill.fgColor.rgb == "00FFFF00"


def test_without_a_format_the_date_is_shown_as_one(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["A2"].value, sheet["A2"].number_format = "01.08.2026", "General"

    path = with_log(tmp_path / "base.xlsx", change)
    recalc(path)
    sheet = page(openpyxl.load_workbook(path), "Contacts")
    assert sheet["A3"].is_date
    assert sheet["A3"].value == dt.datetime(2026, 11, 21)  # noqa: DTZ001


def test_independent_readers_read_the_new_rows(tmp_path: Path) -> None:
    path = with_log(tmp_path / "base.xlsx", table())
    recalc(path)
    read = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Contacts").to_python()
    assert [row[:6] for row in read[2:]] == [
        [TODAY, "001", "call", "", "2 days after purchase", "ordered"],
        [TODAY, 7.0, "call", "", "first contact", "came"],
    ]


# No room ----------------------------------------------------------------------------------------


def totals(sheet: Worksheet) -> None:
    table(3, totalsRowCount=1, totalsRowShown=True)(sheet)
    sheet["A3"] = "Total"


def content_below(sheet: Worksheet) -> None:
    table()(sheet)
    sheet["E4"] = "my note"


def content_below_a_plain_sheet(sheet: Worksheet) -> None:
    sheet["E4"] = "my note"


def another_table_below(sheet: Worksheet) -> None:
    table()(sheet)
    sheet["A4"], sheet["B4"] = "One", "Two"
    sheet.add_table(Table(displayName="Other", ref="A4:B5"))


def a_formula_below(sheet: Worksheet) -> None:
    table()(sheet)
    sheet["F3"] = "=1+1"


def merged_below(sheet: Worksheet) -> None:
    table()(sheet)
    sheet.merge_cells("A3:C3")


def a_column_of_hers_below(sheet: Worksheet) -> None:
    """The whole width has to be free, for a table moves what stands there."""
    sheet["I1"] = "Mine"
    sheet.add_table(Table(displayName="Log", ref="A1:I2"))
    sheet["I4"] = "my note"


def a_formula_of_hers_below(sheet: Worksheet) -> None:
    a_column_of_hers_below(sheet)
    sheet["I4"] = "=1+1"


def an_unwritten_column_below(sheet: Worksheet) -> None:
    table()(sheet)
    sheet["D4"] = "me"


def a_row_used_within_the_table(sheet: Worksheet) -> None:
    """Of the rows 3 to 6 the last is left, and row 7 isn't free."""
    table(6)(sheet)
    sheet["H5"] = "meeting"
    sheet["C7"] = "call"


@pytest.mark.parametrize(
    "change",
    [
        totals,
        content_below,
        content_below_a_plain_sheet,
        another_table_below,
        a_formula_below,
        merged_below,
        a_column_of_hers_below,
        a_formula_of_hers_below,
        an_unwritten_column_below,
        a_row_used_within_the_table,
    ],
)
def test_where_there_is_no_room_all_stays_on_the_list_and_nothing_of_hers_is_touched(
    tmp_path: Path, change: Callable[[Worksheet], object]
) -> None:
    path = with_log(tmp_path / "base.xlsx", change)
    with zipfile.ZipFile(path) as zipped:
        before = {one: zipped.read(one) for one in zipped.namelist()}
    outcome = recalc(path)
    assert outcome.taken == 0
    assert {one.advice for one in outcome.problems if one.sheet == "Today"} == {NO_ROOM}
    assert entries(path) == {"001": ("x", "ordered"), "7": ("x", "came")}
    with zipfile.ZipFile(path) as zipped:
        same = {one for one in before if zipped.read(one) == before[one]}
    assert "xl/worksheets/sheet3.xml" in same
    assert {one for one in before if "/tables/" in one} <= same


def test_content_of_hers_further_down_or_beside_the_table_is_no_hindrance(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        table()(sheet)
        sheet["A5"], sheet["J3"] = "far below", "beside"

    path = with_log(tmp_path / "base.xlsx", change)
    assert recalc(path).taken == 2
    assert rows(path) == [3, 4]
    sheet = page(openpyxl.load_workbook(path), "Contacts")
    assert (sheet["A5"].value, sheet["J3"].value) == ("far below", "beside")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"A4": "no ID"}, [5, 6]),
        ({"D3": "me"}, [4, 5]),
        ({"H8": "meeting"}, [9, 10]),
        ({"G3": dt.date(2026, 12, 1), "F6": "asked"}, [7, 8]),
    ],
)
def test_a_row_of_the_table_that_she_began_is_used(
    tmp_path: Path, cells: dict[str, object], expected: list[int]
) -> None:
    def change(sheet: Worksheet) -> None:
        table(8)(sheet)
        for cell, value in cells.items():
            sheet[cell] = value

    path = with_log(tmp_path / "base.xlsx", change)
    assert recalc(path).taken == 2
    assert [row for row in rows(path) if row > 2 and f"F{row}" not in cells] == expected
    sheet = page(openpyxl.load_workbook(path), "Contacts")
    assert {cell: plain(sheet[cell].value) for cell in cells} == cells


def test_columns_of_hers_alone_use_no_row_of_the_table(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["I1"] = "Mine"
        sheet.add_table(Table(displayName="Log", ref="A1:I6"))
        for row in range(2, 7):
            sheet[f"I{row}"] = row

    path = with_log(tmp_path / "base.xlsx", change)
    assert recalc(path).taken == 2
    assert rows(path) == [3, 4]
    sheet = page(openpyxl.load_workbook(path), "Contacts")
    assert [sheet[f"I{row}"].value for row in range(2, 7)] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"A3": "01.09.2026", "E3": "who was that?"}, [4, 5]),
        ({"A3": "01.09.2026", "D4": "me"}, [5, 6]),
        ({"D3": "me"}, [4, 5]),
        ({"J3": "my own column"}, [3, 4]),
        ({"D4": "me"}, [3, 4]),
        ({"D9": "me", "A12": "far below"}, [3, 4]),
    ],
)
def test_on_a_plain_sheet_rows_right_below_the_last_id_are_used(
    tmp_path: Path, cells: dict[str, object], expected: list[int]
) -> None:
    """Only the columns that are written need be free further down."""

    def change(sheet: Worksheet) -> None:
        sheet["J1"] = "Mine"
        for cell, value in cells.items():
            sheet[cell] = value

    path = with_log(tmp_path / "base.xlsx", change)
    assert recalc(path).taken == 2
    assert rows(path) == expected
    sheet = page(openpyxl.load_workbook(path), "Contacts")
    assert {cell: sheet[cell].value for cell in cells} == cells


# Columns of its own -----------------------------------------------------------------------------


@pytest.mark.parametrize("gone", ["Kind", "Note", "Consultant", "Next date"])
def test_a_column_that_contacts_lacks_is_left_out(tmp_path: Path, gone: str) -> None:
    headings = [one for one in LOG if one != gone]
    row = [cell for one, cell in zip(LOG, ROW, strict=True) if one != gone]
    path = plain_base(tmp_path / "base.xlsx", {"Contacts": [headings, row]})
    note(path, {"001": ("x", "ordered")})
    assert recalc(path).taken == 1
    (added,) = log(path)[1:]
    expected = {"Date": TODAY, "Client ID": "001", "Kind": "call", "Note": "2 days after purchase", "Result": "ordered"}  # fmt: skip
    assert added == {one: expected.get(one) for one in headings}


def test_the_kind_that_she_wrote_is_not_lost_where_contacts_has_no_kinds(tmp_path: Path) -> None:
    headings = [one for one in LOG if one != "Kind"]
    path = plain_base(tmp_path / "base.xlsx", {"Contacts": [headings]})
    note(path, {"001": ("meeting", "ordered")})
    recalc(path)
    (added,) = log(path)
    assert added["Result"] == "meeting; ordered"


def test_columns_stand_in_any_order_among_others(tmp_path: Path) -> None:
    headings = ["Result", "My column", "Client ID", "Date", None, "Kind", "Note"]
    path = plain_base(tmp_path / "base.xlsx", {"Contacts": [headings]})
    note(path, {"001": ("x", "ordered")})
    recalc(path)
    sheet = page(openpyxl.load_workbook(path), "Contacts")
    assert [cell.value for cell in sheet[2]] == [
        "ordered", None, "001", dt.datetime(2026, 11, 21), None, "call", "2 days after purchase",  # noqa: DTZ001
    ]  # fmt: skip


def test_a_calculated_column_and_colours_and_a_filter_stay(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["I1"], sheet["I2"] = "Days", "=TODAY()-A2"
        sheet.add_table(Table(displayName="Log", ref="A1:I2"))
        sheet.conditional_formatting.add("A2:I2", FormulaRule(["$A2>0"], font=Font(bold=True)))
        sheet.row_dimensions[2].hidden = True

    path = with_log(tmp_path / "base.xlsx", change)
    outcome = recalc(path)
    assert outcome.taken == 2
    sheet = page(openpyxl.load_workbook(path), "Contacts")
    assert sheet["I2"].value == "=TODAY()-A2"
    assert sheet.row_dimensions[2].hidden
    assert rows(path) == [3, 4]


@pytest.mark.parametrize("key", [7, 12.5, dt.date(2026, 5, 12), "007", " a  B "], ids=str)
def test_the_id_is_written_as_it_stands_on_clients(tmp_path: Path, key: object) -> None:
    clients: Sheet = [["ID", "Name"], [key, "Anna"]]
    purchases = [["Date", "Client ID", "Amount"]]
    path = plain_base(
        tmp_path / "base.xlsx",
        {"Clients": clients, "Purchases": purchases, "Contacts": [list(LOG)]},
    )

    def change(book: openpyxl.Workbook) -> None:
        page(book, "Today")["I5"] = "x"

    edit(path, change)
    assert recalc(path).taken == 1
    (added,) = log(path)
    assert added["Client ID"] == (str(key) if isinstance(key, dt.date) else key)
    assert recalc(path).problems == (), "it is that client's"


def test_verify_proves_a_longer_table(run: Run, tmp_path: Path) -> None:
    path = with_log(tmp_path / "base.xlsx", table())
    done = run("recalc", "base.xlsx", "--verify", "--today", str(TODAY))
    assert done.code == 0, done.err
    assert set(references(path)) == {"A1:H4"}
    again = run("recalc", "base.xlsx", "--verify", "--today", str(TODAY))
    assert again.code == 0, again.err
    assert set(references(path)) == {"A1:H4"}


def test_the_first_contact_ever_is_that_of_the_list(tmp_path: Path) -> None:
    path = plain_base(tmp_path / "base.xlsx", {"Contacts": [list(LOG)]})
    assert len(CONTACTS) == 2
    note(path, {"004": ("meeting", None)})
    recalc(path)
    assert new_contacts(path) == []
    assert [row["Client ID"] for row in log(path)] == ["004"]
