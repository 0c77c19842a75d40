"""Which sheets hold lists: ours, empty ones so named, and none of hers."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from batch.making.example import make_example
from rules.config.settings import Config
from tests.bases import LISTS, config
from tests.batch.lists.made import (
    BASE,
    EMPTY,
    columns,
    edit,
    heading_row,
    listed,
    page,
    plain_base,
    recalc,
)
from tests.batch.simple_workbook import TODAY, Table, write

TAKEN = (
    "The sheet {} holds something else than the list of that name and stays as it is. Rename it,"
    " or name another sheet for the list under 'sheets' in config.yaml."
)


def headings(key: str, rules: Config) -> list[str]:
    return [getattr(getattr(rules.columns, key), one.key)[0] for one in LISTS[key]]


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


@pytest.mark.parametrize("sheets", [{}, {"Other": [["Today"], ["Gifts"]]}])
def test_a_workbook_without_such_sheets_gets_none_and_only_clients_changes(
    tmp_path: Path, sheets: Mapping[str, Table]
) -> None:
    path = write(tmp_path / "base.xlsx", {**BASE, **sheets})
    before = parts(path)
    outcome = recalc(path)
    after = parts(path)
    assert not [one for one in outcome.notices if "list" in one]
    assert {name for name in before if before[name] != after[name]} <= {
        "xl/worksheets/sheet1.xml",
        "xl/styles.xml",
    }
    assert before.keys() == after.keys()


def test_an_empty_sheet_of_the_name_gets_headings_a_day_and_rows(tmp_path: Path) -> None:
    path = plain_base(tmp_path / "base.xlsx")
    book = openpyxl.load_workbook(path)
    for key, name in (("today", "Today"), ("birthdays", "Birthdays"), ("gifts", "Gifts")):
        sheet = page(book, name)
        assert [cell.value for cell in sheet[4]] == headings(key, config())
        assert sheet["A1"].value == dt.datetime(2026, 11, 21)  # noqa: DTZ001
        assert sheet["A1"].is_date
        assert str(sheet["A2"].value).strip()
        assert sheet["A5"].value is not None
    after = path.read_bytes()
    assert recalc(path).written is False
    assert path.read_bytes() == after


def test_one_empty_sheet_alone_gets_its_list(tmp_path: Path) -> None:
    path = write(tmp_path / "base.xlsx", {**BASE, "gifts ": EMPTY})
    outcome = recalc(path)
    assert outcome.notices == recalc(path).notices
    assert openpyxl.load_workbook(path).sheetnames == ["Clients", "Purchases", "Contacts", "gifts "]
    assert columns(page(openpyxl.load_workbook(path), "gifts "), "Occasion")


HERS: dict[str, tuple[str, Table]] = {
    "another table": ("Gifts", [["What", "For whom"], ["Cream", "Anna"]]),
    "a table with some of the headings": ("Gifts", [["Occasion", "Gift"], ["Birthday", "Cream"]]),
    "a hand-kept journal": ("Birthdays", [["Month", "Day", "Name"], ["May", 5, "Anna"]]),
    "a hand-kept journal with a title": (
        "Birthdays",
        [["My birthdays"], [], [], ["Month", "Day", "Name"], ["May", 5, "Anna"]],
    ),
    "her own shopping": (
        "Gifts",
        [["Occasion", "Gift", "Count"], ["8 March", "Tulips", 12]],
    ),
    "one word far down": ("Today", [*[[]] * 30, [None, None, "mine"]]),
    "notes": ("Today", [["call mum"], ["buy paper"]]),
    "a to-do list": ("Today", [["Task", "Done", "Result"], ["buy paper", "x", None]]),
    "two columns of one name": ("Today", [["ID", "Done", "Result", "Done"], ["001", "x", None, None]]),
}  # fmt: skip


@pytest.mark.parametrize("what", HERS)
def test_a_sheet_of_hers_is_left_alone_to_the_byte_with_a_notice(tmp_path: Path, what: str) -> None:
    name, table = HERS[what]
    path = write(tmp_path / "base.xlsx", {**BASE, name: table})
    before = parts(path)["xl/worksheets/sheet4.xml"]
    outcome = recalc(path)
    assert parts(path)["xl/worksheets/sheet4.xml"] == before
    assert [one for one in outcome.notices if "holds something else" in one] == [TAKEN.format(name)]
    assert outcome.taken == 0
    assert not [one for one in outcome.problems if one.sheet == name]


INCOMPLETE = (
    "The sheet {} lacks the heading {}, so the list isn't renewed and nothing that you wrote there"
    " is taken over. Add that heading again."
)


@pytest.mark.parametrize(
    ("name", "heading", "gone", "named"),
    [
        ("Today", "ID", ["Done"], "Done"),
        ("Today", "ID", ["Result"], "Result"),
        ("Today", "Client", ["ID"], "ID"),
        ("Today", "Client", ["ID", "Result"], "ID, Result"),
        ("Today", "Due", ["ID", "Day", "Client", "Phone", "Group", "Wishes", "Gift"], "ID"),
        ("Birthdays", "Day", ["Month"], "Month"),
        ("Birthdays", "Month", ["Name", "Day"], "Day, Name"),
        ("Gifts", "Gift", ["Count"], "Count"),
    ],
)  # fmt: skip
def test_a_list_that_lost_a_heading_is_left_alone_and_the_heading_is_named(
    tmp_path: Path, name: str, heading: str, gone: list[str], named: str
) -> None:
    path = plain_base(tmp_path / "base.xlsx")

    def change(book: openpyxl.Workbook) -> None:
        sheet = page(book, name)
        at, row = columns(sheet, heading), heading_row(sheet, heading)
        for one in gone:
            sheet.cell(row, at[one]).value = f"My {one}" if one in {"ID", "Done"} else None

    edit(path, change)
    number = 4 + ["Today", "Birthdays", "Gifts"].index(name)
    before = parts(path)[f"xl/worksheets/sheet{number}.xml"]
    outcome = recalc(path, TODAY + dt.timedelta(days=40))
    assert parts(path)[f"xl/worksheets/sheet{number}.xml"] == before
    told = [one for one in outcome.notices if one.startswith(f"The sheet {name} ")]
    assert told == [INCOMPLETE.format(name, named)]
    assert outcome.taken == 0


def test_with_less_than_half_of_the_headings_it_is_another_table(tmp_path: Path) -> None:
    """Of fifteen eight tell that it is the list; those in which she needn't write don't count."""
    others = [one for one in headings("today", config()) if one not in {"Done", "Result", "ID"}]
    wanted = [*others, "Result", "ID"]
    for count, words in ((8, INCOMPLETE.format("Today", "Done")), (7, TAKEN.format("Today"))):
        table = [[*wanted[-count:]], ["x"] * count]
        path = write(tmp_path / f"{count}.xlsx", {**BASE, "Today": table})
        assert words in recalc(path).notices


def test_the_incomplete_list_is_told_in_russian(tmp_path: Path) -> None:
    rules = config("based_on: ru")
    path = tmp_path / "база.xlsx"
    make_example(path, rules, TODAY)
    recalc(path, rules=rules)

    def change(book: openpyxl.Workbook) -> None:
        sheet = page(book, "Сегодня")
        sheet.cell(4, columns(sheet, "Сделано")["Сделано"]).value = None

    edit(path, change)
    (told,) = (one for one in recalc(path, rules=rules).notices if "Сегодня" in one)
    assert told == (
        "На листе «Сегодня» нет заголовка «Сделано», поэтому список не обновлён и написанное там не"
        " перенесено. Верните этот заголовок."
    )


# Renamed ----------------------------------------------------------------------------------------

RENAMED = (
    "The list stands on the sheet {}, but your rules look for Today; it isn't renewed, and nothing"
    " that you wrote there is taken over. Rename the sheet, or set sheets.today in config.yaml."
)


def renamed(path: Path, old: str, new: str) -> Path:
    def change(book: openpyxl.Workbook) -> None:
        page(book, old).title = new

    edit(path, change)
    return path


def of_ours(path: Path) -> Path:
    """The example base, which has the hidden sheet of ours."""
    make_example(path, config(), TODAY)
    recalc(path)
    return path


def lists_told(notices: Sequence[str]) -> list[str]:
    return [one for one in notices if one.startswith(("The list stands", "The sheet"))]


def test_the_list_on_a_renamed_sheet_of_a_workbook_of_ours_is_told(tmp_path: Path) -> None:
    path = renamed(of_ours(tmp_path / "base.xlsx"), "Today", "Calls")
    before = listed(path, "Calls")
    outcome = recalc(path, TODAY + dt.timedelta(days=3))
    assert lists_told(outcome.notices) == [RENAMED.format("Calls")]
    assert outcome.taken == 0
    assert listed(path, "Calls") == before
    rules = config("sheets: {today: Calls}")
    outcome = recalc(path, TODAY + dt.timedelta(days=3), rules)
    assert lists_told(outcome.notices) == []
    assert listed(path, "Calls") != before


@pytest.mark.parametrize("name", ["Birthdays", "Gifts"])
def test_other_lists_may_be_renamed_in_silence(tmp_path: Path, name: str) -> None:
    path = renamed(of_ours(tmp_path / "base.xlsx"), name, "Mine")
    assert lists_told(recalc(path).notices) == []


def test_a_deleted_list_is_missed_by_nobody(tmp_path: Path) -> None:
    path = of_ours(tmp_path / "base.xlsx")

    def change(book: openpyxl.Workbook) -> None:
        del book["Today"]
        book.create_sheet("Tasks").append(["Task", "Done", "Result"])
        book.create_chartsheet("Picture").add_chart(BarChart())

    edit(path, change)
    assert lists_told(recalc(path).notices) == []


def test_in_a_workbook_of_hers_no_other_sheet_is_taken_for_the_list(tmp_path: Path) -> None:
    path = renamed(plain_base(tmp_path / "base.xlsx"), "Today", "Calls")
    assert lists_told(recalc(path).notices) == []


def a_formula(sheet: Worksheet) -> None:
    sheet["A1"], sheet["C9"] = "=1+1", "=TODAY()"


def merged(sheet: Worksheet) -> None:
    sheet.merge_cells("A4:C5")


def a_chart(sheet: Worksheet) -> None:
    sheet.add_chart(BarChart(), "B2")


@pytest.mark.parametrize("change", [a_formula, merged, a_chart])
def test_a_sheet_with_no_value_but_something_of_hers_is_left_alone(
    tmp_path: Path, change: Callable[[Worksheet], None]
) -> None:
    path = write(tmp_path / "base.xlsx", {**BASE, "Today": EMPTY})
    edit(path, lambda book: change(page(book, "Today")))
    before = parts(path)["xl/worksheets/sheet4.xml"]
    outcome = recalc(path)
    assert parts(path)["xl/worksheets/sheet4.xml"] == before
    assert TAKEN.format("Today") in outcome.notices


def test_mere_colours_and_widths_are_no_content(tmp_path: Path) -> None:
    path = write(tmp_path / "base.xlsx", {**BASE, "Today": EMPTY})

    def change(book: openpyxl.Workbook) -> None:
        sheet = page(book, "Today")
        sheet["A5"].fill = PatternFill("solid", fgColor="FFFF00")
        sheet.column_dimensions["C"].width = 50

    edit(path, change)
    recalc(path)
    assert len(listed(path)) == 4


def test_a_chart_sheet_of_the_name_is_no_list(tmp_path: Path) -> None:
    path = write(tmp_path / "base.xlsx", BASE)

    def change(book: openpyxl.Workbook) -> None:
        book.create_chartsheet("Today").add_chart(BarChart())

    edit(path, change)
    before = {name: data for name, data in parts(path).items() if "chartsheet" in name}
    assert recalc(path).written
    after = parts(path)
    assert all(after[name] == data for name, data in before.items())


def test_headings_of_hers_alone_are_filled_below(tmp_path: Path) -> None:
    """She wants only these columns, and typed their headings."""
    path = write(tmp_path / "base.xlsx", {**BASE, "Today": [["Client", "ID", "Done", "Result"]]})
    recalc(path)
    rows = listed(path)
    assert {row["ID"] for row in rows} == {"001", "002", "7", "004"}
    assert rows[0].keys() == {"Client", "ID", "Done", "Result"}


def test_other_names_may_be_configured_and_found_whatever_their_case(tmp_path: Path) -> None:
    rules = config("sheets: {today: Calls, birthdays: Days, gifts: Buy}")
    path = write(tmp_path / "base.xlsx", {**BASE, "CALLS": EMPTY, "Today": [["mine"]]})
    outcome = recalc(path, rules=rules)
    assert len(listed(path, "CALLS")) == 4
    assert not [one for one in outcome.notices if "holds something else" in one]


def test_the_russian_workbook_has_russian_lists(tmp_path: Path) -> None:
    rules = config("based_on: ru")
    path = tmp_path / "base.xlsx"
    make_example(path, rules, TODAY)
    recalc(path, rules=rules)
    book = openpyxl.load_workbook(path)
    for key in LISTS:
        sheet = page(book, getattr(rules.sheets, key))
        assert [cell.value for cell in sheet[4]] == headings(key, rules)
        assert sheet.max_row > 10
        assert sheet["A1"].value == dt.datetime(2026, 11, 21)  # noqa: DTZ001


def test_a_shorter_list_leaves_no_row_of_the_longer_one(tmp_path: Path) -> None:
    path = plain_base(tmp_path / "base.xlsx")
    assert len(listed(path)) == 4

    def change(book: openpyxl.Workbook) -> None:
        sheet = page(book, "Clients")
        at = columns(sheet)
        heading = sheet.max_column + 1
        sheet.cell(1, heading).value = "Do not contact"
        for row in range(3, 6):
            sheet.cell(row, heading).value = "yes"
        assert at

    edit(path, change)
    recalc(path)
    assert [row["ID"] for row in listed(path)] == ["001"]
    sheet = page(openpyxl.load_workbook(path), "Today")
    assert all(cell.value is None for row in sheet.iter_rows(6, sheet.max_row) for cell in row)
