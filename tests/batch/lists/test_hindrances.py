"""What keeps all of her entries back: then the list stays as it is, and each run says why."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest

from rules.model.problem import Problem
from tests.batch.lists.made import (
    CONTACTS,
    LOG,
    columns,
    edit,
    entries,
    heading_row,
    listed,
    new_contacts,
    note,
    page,
    plain,
    plain_base,
    recalc,
)
from tests.batch.simple_workbook import TODAY, Table
from tests.command_line import Run

LATER = TODAY + dt.timedelta(days=3)
FORMULA = (
    "Here stands a formula, so nothing that you wrote on this sheet is taken over, and the list"
    " isn't renewed. Write plain words over it."
)
NO_CONTACTS = (
    "There is no sheet Contacts, so what you wrote stays here. Add that sheet, with its headings."
)
NO_RESULT = (
    "The sheet Contacts has no column Result, so what you wrote stays here. Add that heading there."
)
NO_ROOM = (
    "There is no room for new rows below the table on the sheet Contacts, so what you wrote stays"
    " here. Free the rows below it, or switch off its totals row."
)
WRITTEN: Mapping[object, tuple[object, object]] = {
    "001": ("x", "ordered"),
    "002": (None, "asked"),
    "004": ("x", None),
}
CELLS = ["H5", "I6", "H8"]
"""Where each of these entries begins."""


def sheet_xml(path: Path, number: int) -> bytes:
    with zipfile.ZipFile(path) as zipped:
        return zipped.read(f"xl/worksheets/sheet{number}.xml")


def day_of(path: Path) -> object:
    """The day above the list."""
    return plain(page(openpyxl.load_workbook(path), "Today")["A1"].value)


def no_sheet(book: openpyxl.Workbook) -> None:
    del book["Contacts"]


def no_result(book: openpyxl.Workbook) -> None:
    page(book, "Contacts")["F1"] = "What came of it"


def no_room(book: openpyxl.Workbook) -> None:
    page(book, "Contacts")["F4"] = "my own sums"


def freed(book: openpyxl.Workbook) -> None:
    """Contacts as it should be, whatever was wrong with it."""
    if "Contacts" not in book.sheetnames:
        sheet = book.create_sheet("Contacts")
        for row, cells in enumerate(CONTACTS, 1):
            for column, cell in enumerate(cells, 1):
                sheet.cell(row, column).value = cell
    page(book, "Contacts")["F1"] = "Result"
    page(book, "Contacts")["F4"] = None


@pytest.mark.parametrize(
    ("hinder", "advice"),
    [(no_sheet, NO_CONTACTS), (no_result, NO_RESULT), (no_room, NO_ROOM)],
)
def test_where_contacts_can_not_take_them_the_list_keeps_its_day_until_it_can(
    tmp_path: Path, hinder: Callable[[openpyxl.Workbook], None], advice: str
) -> None:
    base = plain_base(tmp_path / "base.xlsx")
    note(base, WRITTEN)
    edit(base, hinder)
    before = listed(base)
    for today in (TODAY, LATER, LATER):
        outcome = recalc(base, today)
        assert outcome.taken == 0
        told = [one for one in outcome.problems if one.sheet == "Today"]
        assert told == [Problem("Today", cell, "", advice) for cell in CELLS]
        assert listed(base) == before
        assert day_of(base) == TODAY
    edit(base, freed)
    outcome = recalc(base, LATER)
    assert (outcome.taken, entries(base)) == (3, {})
    added = {row[1]: row for row in new_contacts(base)}
    assert added["001"] == (TODAY, "001", "call", "2 days after purchase", "ordered")
    assert (added["002"][0], added["004"][0]) == (TODAY, TODAY)


def test_the_other_lists_and_columns_are_filled_all_the_same(tmp_path: Path) -> None:
    base = plain_base(tmp_path / "base.xlsx")
    note(base, WRITTEN)
    edit(base, no_result)
    journal = listed(base, "Birthdays", "Month")
    spring = dt.date(2027, 3, 7)
    outcome = recalc(base, spring)
    assert outcome.changes
    assert listed(base, "Birthdays", "Month") != journal


def test_without_a_result_contacts_needs_no_such_column(tmp_path: Path) -> None:
    bare = [[*CONTACTS[0][:5]], [*CONTACTS[1][:5]]]
    base = plain_base(tmp_path / "base.xlsx", {"Contacts": bare})
    note(base, {"001": ("x", None), "002": ("x", "asked")})
    assert [one.advice for one in recalc(base).problems] == [NO_RESULT] * 2
    note(base, {"002": ("x", None)})
    assert recalc(base).taken == 2


def test_where_nothing_is_to_be_taken_over_the_list_is_renewed(tmp_path: Path) -> None:
    """A mere no needs no room."""
    base = plain_base(tmp_path / "base.xlsx", {"Contacts": []})
    note(base, {"002": ("-", "busy")})
    assert recalc(base, LATER).problems == ()
    assert day_of(base) == LATER
    assert entries(base) == {"002": ("-", "busy")}


# Formulas ---------------------------------------------------------------------------------------


def with_formulas(base: Path, formulas: Mapping[str, bytes]) -> None:
    """Put cells with formulas on the list, as they are written in its part: what Excel stores of a
    formula, an independent writer doesn't.
    """
    with zipfile.ZipFile(base) as zipped:
        parts = {name: zipped.read(name) for name in zipped.namelist()}
    data = parts["xl/worksheets/sheet4.xml"]
    for cell, inner in formulas.items():
        name = cell.encode()
        new = re.sub(rb'<c r="%b"[^<>]*?(?:/>|>.*?</c>)' % name, b"", data)
        row = re.search(rb'<row r="%b"[^<>]*>(.*?)</row>' % re.sub(rb"[A-Z]", b"", name), new)
        assert row is not None
        before = [one for one in re.finditer(rb'<c r="([A-Z]+)', row[1]) if one[1] > name[:1]]
        at = row.start(1) + (before[0].start() if before else len(row[1]))
        data = new[:at] + b'<c r="%b"%b</c>' % (name, inner) + new[at:]
    parts["xl/worksheets/sheet4.xml"] = data
    with zipfile.ZipFile(base, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name_, content in parts.items():
            zipped.writestr(name_, content)


STORED = {
    "a result": b' t="str"><f>"x"</f><v>x</v>',
    "no result": b'><f>"x"</f>',
    "a blank": b' t="str"><f>""</f><v></v>',
    "a number": b"><f>1+1</f><v>2</v>",
    "an error": b' t="e"><f>1/0</f><v>#DIV/0!</v>',
}


@pytest.mark.parametrize("what", STORED)
@pytest.mark.parametrize("cell", ["H6", "I6", "I8"])
def test_a_formula_anywhere_in_done_or_result_keeps_all_back(
    tmp_path: Path, what: str, cell: str
) -> None:
    """It can't be emptied, so its contact would come back with every run, or beside another one."""
    base = plain_base(tmp_path / "base.xlsx")
    note(base, {"001": ("x", "ordered")})
    with_formulas(base, {cell: STORED[what]})
    before = sheet_xml(base, 4)
    for today in (TODAY, LATER, LATER):
        outcome = recalc(base, today)
        assert outcome.taken == 0
        assert outcome.problems == (Problem("Today", cell, "", FORMULA),)
        assert sheet_xml(base, 4) == before
        assert new_contacts(base) == []

    def written_over(book: openpyxl.Workbook) -> None:
        page(book, "Today")[cell] = None

    edit(base, written_over)
    assert recalc(base, LATER).taken == 1
    assert [row[:2] for row in new_contacts(base)] == [(TODAY, "001")]


def test_each_formula_is_named_and_what_she_wrote_herself_is_not(tmp_path: Path) -> None:
    base = plain_base(tmp_path / "base.xlsx")
    note(base, WRITTEN)
    with_formulas(base, {"H7": STORED["a result"], "I5": STORED["no result"]})
    outcome = recalc(base)
    assert outcome.problems == tuple(Problem("Today", cell, "", FORMULA) for cell in ("H7", "I5"))


def test_a_formula_keeps_the_list_as_it_is_even_where_she_wrote_nothing(tmp_path: Path) -> None:
    base = plain_base(tmp_path / "base.xlsx")
    with_formulas(base, {"H7": STORED["no result"]})
    before = sheet_xml(base, 4)
    outcome = recalc(base, LATER)
    assert outcome.problems == (Problem("Today", "H7", "", FORMULA),)
    assert sheet_xml(base, 4) == before


@pytest.mark.parametrize("column", ["Wishes", "Gift", "Client"])
def test_a_formula_in_another_column_is_no_hindrance(tmp_path: Path, column: str) -> None:
    base = plain_base(tmp_path / "base.xlsx")
    note(base, {"001": ("x", "ordered")})

    def change(book: openpyxl.Workbook) -> None:
        sheet = page(book, "Today")
        sheet.cell(heading_row(sheet) + 2, columns(sheet)[column]).value = '="mine"'

    edit(base, change)
    outcome = recalc(base)
    assert outcome.taken == 1
    assert not [one for one in outcome.problems if one.sheet == "Today"]


def test_the_hindrance_is_told_with_its_cells_on_the_command_line(run: Run, tmp_path: Path) -> None:
    base = plain_base(tmp_path / "base.xlsx")
    note(base, WRITTEN)
    edit(base, no_result)
    for command in (["check"], ["recalc", "--dry-run"], ["recalc"]):
        told = run(command[0], "base.xlsx", *command[1:], "--today", str(LATER)).out
        assert [cell for cell in CELLS if f"Today!{cell}" in told] == CELLS, told


# Single entries that stay -----------------------------------------------------------------------


def strange(base: Path, *rows: tuple[object, object, object]) -> list[int]:
    """Write entries below the list: ID, Done, Result; gives their rows."""

    def change(book: openpyxl.Workbook) -> None:
        sheet = page(book, "Today")
        at = columns(sheet)
        for number, cells in enumerate(rows, first):
            for heading, cell in zip(("ID", "Done", "Result"), cells, strict=True):
                sheet.cell(number, at[heading]).value = cell

    first = heading_row(page(openpyxl.load_workbook(base), "Today")) + 1 + len(listed(base)) + 2
    edit(base, change)
    return list(range(first, first + len(rows)))


def test_problems_are_told_where_entries_stand_now_and_after_a_run_where_they_stand_then(
    run: Run, tmp_path: Path
) -> None:
    base = plain_base(tmp_path / "base.xlsx")
    ahead = dt.date(2026, 12, 24)
    first, second = strange(base, ("nobody", "x", None), ("001", ahead, "ordered"))
    standing = [f"H{first}", f"H{second}"]
    assert [one.cell for one in recalc(base, dry_run=True).problems] == standing
    for command in (["check"], ["recalc", "--dry-run"]):
        told = run(command[0], "base.xlsx", *command[1:], "--today", str(TODAY)).out
        assert all(f"Today!{cell}" in told for cell in standing), told
    copied = recalc(base, output=tmp_path / "copy.xlsx")
    assert [one.cell for one in copied.problems] == ["H9", "H5"]
    outcome = recalc(base)
    assert [one.cell for one in outcome.problems] == ["H9", "H5"]
    sheet = page(openpyxl.load_workbook(base), "Today")
    assert [(sheet[cell].value, sheet[f"Q{cell[1:]}"].value) for cell in ("H9", "H5")] == [
        ("21.11.2026", "nobody"),
        ("24.12.2026", "001"),
    ]
    again = recalc(base, dry_run=True)
    assert [one.cell for one in again.problems] == ["H5", "H9"]


@pytest.mark.parametrize("no", ["-", "—", "n/a", 0, False])
def test_a_no_stays_while_the_client_is_listed_and_with_a_result_for_good(
    tmp_path: Path, no: object
) -> None:
    base = plain_base(tmp_path / "base.xlsx")
    note(base, {"001": (no, None), "002": (no, "busy"), "004": (no, None)})
    assert recalc(base).problems == ()
    word = "FALSE" if no is False else str(no)
    assert entries(base) == {"001": (word, None), "002": (word, "busy"), "004": (word, None)}

    def unlisted(book: openpyxl.Workbook) -> None:
        sheet = page(book, "Clients")
        heading = columns(sheet, "Phone")["Next contact"] + 20
        sheet.cell(1, heading).value = "Do not contact"
        for row in range(2, 5):
            sheet.cell(row, heading).value = "yes"

    edit(base, unlisted)
    outcome = recalc(base)
    assert (outcome.taken, outcome.problems) == (0, ())
    assert entries(base) == {"002": (word, "busy"), "004": (word, None)}
    assert [row["ID"] for row in listed(base)] == ["004", "002"]


def test_what_is_too_long_together_stays_whole(tmp_path: Path) -> None:
    base = plain_base(tmp_path / "base.xlsx")
    result = "n" * 32_767
    note(base, {"001": ("said so", result), "002": ("x", result)})
    (problem,) = recalc(base, LATER).problems
    assert problem.advice.startswith("Done and Result together are longer than a cell can be, ")
    assert entries(base) == {"001": ("said so", result)}
    assert [(row[1], row[4]) for row in new_contacts(base)] == [("002", result)]


def test_a_time_in_done_stands_before_the_result(tmp_path: Path) -> None:
    base = plain_base(tmp_path / "base.xlsx")
    note(base, {"001": (dt.time(10, 30), "ordered"), "002": ("x", dt.time(9, 5))})
    assert recalc(base).taken == 2
    assert {(row[1], row[4]) for row in new_contacts(base)} == {
        ("001", "10:30; ordered"),
        ("002", "9:05"),
    }


LISTED_LOG: Table = [list(LOG)]


def test_days_without_a_year_are_read_for_the_day_of_the_run(tmp_path: Path) -> None:
    base = plain_base(tmp_path / "base.xlsx", {"Contacts": LISTED_LOG})
    note(base, {"001": ("20.11.", None), "002": ("21.11", "asked"), "004": ("22.11", None)})
    (problem,) = recalc(base).problems
    assert (problem.found, problem.advice[:10]) == ("'22.11'", "22.11.2026")
    assert entries(base) == {"004": ("22.11", None)}
    assert recalc(base, LATER).taken == 1
