"""What she wrote on the list of the day stands in Contacts after the next run, once."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import openpyxl
import pytest

from batch.history.undo import undo
from batch.making.example import make_example
from tests.bases import config
from tests.batch.lists.made import (
    LISTS,
    RULES,
    columns,
    edit,
    entries,
    heading_row,
    listed,
    log,
    new_contacts,
    note,
    page,
    plain_base,
    recalc,
)
from tests.batch.simple_workbook import TODAY, write
from tests.command_line import Run

LATER = TODAY + dt.timedelta(days=3)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return plain_base(tmp_path / "base.xlsx")


def test_the_base_has_four_clients_on_its_list(base: Path) -> None:
    assert [row["ID"] for row in listed(base)] == ["001", "002", "7", "004"]


def test_entries_become_rows_of_contacts_and_leave_the_list(base: Path) -> None:
    note(base, {"001": ("x", "ordered"), 7: ("meeting", "came"), "004": (None, "no answer")})
    outcome = recalc(base)
    assert outcome.taken == 3
    assert outcome.problems == ()
    added = {row[1]: row for row in new_contacts(base)}
    assert added["001"] == (TODAY, "001", "call", "2 days after purchase", "ordered")
    assert added[7] == (TODAY, 7, "meeting", "first contact", "came")
    assert added["004"] == (TODAY, "004", "call", "first contact", "no answer")
    assert entries(base) == {}
    assert "001" not in {row["ID"] for row in listed(base)}, "she was called today"


def test_a_second_and_a_third_run_change_nothing(base: Path) -> None:
    note(base, {"001": ("x", "ordered"), "002": ("-", "busy"), 7: (dt.date(2027, 1, 1), None)})
    recalc(base)
    after = base.read_bytes()
    for _ in range(2):
        outcome = recalc(base)
        assert (outcome.taken, outcome.written) == (0, False)
        assert base.read_bytes() == after
    assert len(new_contacts(base)) == 1


def test_entries_on_two_days_are_two_contacts(base: Path) -> None:
    note(base, {"004": (None, "no answer")})
    recalc(base)

    def again(book: openpyxl.Workbook) -> None:
        sheet = page(book, "Today")
        at, row = columns(sheet), sheet.max_row + 1
        sheet.cell(row, at["ID"]).value = " 004 "
        sheet.cell(row, at["Done"]).value = "sms"

    recalc(base, LATER)
    edit(base, again)
    recalc(base, LATER + dt.timedelta(days=1))
    assert [(row[0], row[1], row[2], row[4]) for row in new_contacts(base)] == [
        (TODAY, "004", "call", "no answer"),
        (LATER, "004", "sms", None),
    ]


def test_a_list_recalculated_days_later_gives_its_contacts_its_own_day(base: Path) -> None:
    note(base, {"001": ("x", None)})
    recalc(base, LATER)
    assert [row[0] for row in new_contacts(base)] == [TODAY]


def test_on_a_list_dated_ahead_contacts_get_the_day_of_the_run(base: Path) -> None:
    """A run for a later day, to see what is coming, wrote it."""
    recalc(base, LATER)
    note(base, {"001": ("x", None), "002": (dt.date(2026, 11, 20), None), "004": (TODAY, None)})
    assert recalc(base).problems == ()
    days = {row[1]: row[0] for row in new_contacts(base)}
    assert days == {"001": TODAY, "002": dt.date(2026, 11, 20), "004": TODAY}
    assert recalc(base).taken == 0


@pytest.mark.parametrize("day", [None, "some text", "=1/0"])
def test_where_the_day_above_the_list_is_gone_the_day_of_the_run_stands_for_it(
    base: Path, day: object
) -> None:
    def change(book: openpyxl.Workbook) -> None:
        page(book, "Today")["A1"] = day

    note(base, {"001": ("x", None)})
    edit(base, change)
    recalc(base, LATER)
    assert [row[0] for row in new_contacts(base)] == [LATER]


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_head_rows_may_be_deleted(base: Path, rows: int) -> None:
    note(base, {"001": ("x", "ordered")})
    edit(base, lambda book: page(book, "Today").delete_rows(1, rows))
    recalc(base)
    assert [row[1] for row in new_contacts(base)] == ["001"]
    assert heading_row(page(openpyxl.load_workbook(base), "Today")) == 4 - rows
    assert len(listed(base)) == 3
    assert recalc(base).written is False


def test_rows_may_be_sorted_and_deleted_and_added(base: Path) -> None:
    note(base, {"001": ("x", "first"), "002": ("x", "second"), 7: ("x", "third")})

    def change(book: openpyxl.Workbook) -> None:
        sheet = page(book, "Today")
        first = heading_row(sheet) + 1
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(first, first + 3)]
        at = columns(sheet)["ID"] - 1
        kept = [row for row in reversed(rows) if row[at] != "002"]
        sheet.delete_rows(first, 4)
        for number, cells in enumerate(kept, first + 2):
            for column, cell in enumerate(cells, 1):
                sheet.cell(number, column).value = cell

    edit(base, change)
    assert recalc(base).taken == 2
    assert {(row[1], row[4]) for row in new_contacts(base)} == {("001", "first"), (7, "third")}


@pytest.mark.parametrize(
    ("gone", "expected"),
    [
        (("Phone",), ("call", "2 days after purchase")),
        (("Channel",), (None, "2 days after purchase")),
        (("Reason",), ("call", None)),
        (("Day",), ("call", "2 days after purchase")),
        (("Day", "Due", "Client", "Reason", "Channel", "Gift", "Wishes"), (None, None)),
    ],
)
def test_columns_may_be_deleted(
    base: Path, gone: tuple[str, ...], expected: tuple[object, ...]
) -> None:
    note(base, {"001": ("x", "ordered")})

    def change(book: openpyxl.Workbook) -> None:
        sheet = page(book, "Today")
        for heading in gone:
            sheet.delete_cols(columns(sheet)[heading])

    edit(base, change)
    recalc(base)
    (row,) = new_contacts(base)
    assert row[1:] == ("001", *expected, "ordered")
    assert not set(gone) & set(columns(page(openpyxl.load_workbook(base), "Today")))
    recalc(base, LATER)
    assert len(new_contacts(base)) == 1


def test_columns_of_hers_beside_the_list_stay_as_they_are(base: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        sheet = page(book, "Today")
        sheet["T4"], sheet["T5"], sheet["T90"] = "Mine", "my note", "far down"

    edit(base, change)
    note(base, {"001": ("x", None)})
    recalc(base)
    sheet = page(openpyxl.load_workbook(base), "Today")
    assert [sheet[cell].value for cell in ("T4", "T5", "T90")] == ["Mine", "my note", "far down"]


# What stays -------------------------------------------------------------------------------------


def test_what_can_not_become_a_contact_stays_with_its_client_and_is_told(base: Path) -> None:
    note(
        base,
        {
            "001": (dt.date(2026, 12, 24), "ordered"),
            "002": ("-", "busy"),
            7: ("—", None),
            "004": ("x", "called"),
        },
    )
    outcome = recalc(base)
    assert outcome.taken == 1
    assert entries(base) == {
        "001": ("24.12.2026", "ordered"),
        "002": ("-", "busy"),
        "7": ("—", None),
    }
    sheet = page(openpyxl.load_workbook(base), "Today")
    told = {one.advice: sheet[one.cell].value for one in outcome.problems if one.sheet == "Today"}
    assert told == {
        "24.12.2026 is a day that hasn't come yet, so what you wrote stays here. Correct the day.": "24.12.2026",
    }


def test_entries_without_a_client_or_with_an_unknown_one_stay_below_the_list(base: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        sheet = page(book, "Today")
        at, row = columns(sheet), sheet.max_row + 1
        for number, (key, name, result) in enumerate(
            [(None, "Ivanova", "ordered cream"), ("Petrova", None, "called back")], row
        ):
            sheet.cell(number, at["ID"]).value = key
            sheet.cell(number, at["Client"]).value = name
            sheet.cell(number, at["Done"]).value = "x"
            sheet.cell(number, at["Result"]).value = result

    edit(base, change)
    outcome = recalc(base)
    assert outcome.taken == 0
    assert [one.advice for one in outcome.problems] == [
        "This row has no client, so what you wrote stays here. Type her ID into the column ID.",
        "No client 'Petrova', so what you wrote stays here. Correct the ID.",
    ]
    below = [(row["ID"], row["Client"], row["Done"], row["Result"]) for row in listed(base)[4:]]
    assert below == [
        (None, "Ivanova", "21.11.2026", "ordered cream"),
        ("Petrova", None, "21.11.2026", "called back"),
    ]
    after = base.read_bytes()
    recalc(base)
    assert base.read_bytes() == after
    recalc(base, LATER)

    def correct(book: openpyxl.Workbook) -> None:
        sheet = page(book, "Today")
        sheet.cell(sheet.max_row - 1, columns(sheet)["ID"]).value = "002"

    edit(base, correct)
    assert recalc(base, LATER).taken == 1
    assert [(row[0], row[1], row[4]) for row in new_contacts(base)] == [
        (TODAY, "002", "ordered cream")
    ]


def test_an_entry_in_each_of_two_rows_of_one_client_is_kept_where_both_stay(base: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        sheet = page(book, "Today")
        at, row = columns(sheet), sheet.max_row + 1
        for number, result in enumerate(("one", "two"), row):
            sheet.cell(number, at["ID"]).value = "001"
            sheet.cell(number, at["Done"]).value = "-"
            sheet.cell(number, at["Result"]).value = result

    edit(base, change)
    recalc(base)
    rows = [row for row in listed(base) if row["Done"]]
    assert [(row["ID"], row["Done"], row["Result"]) for row in rows] == [
        ("001", "-", "one"),
        ("001", "-", "two"),
    ]
    after = base.read_bytes()
    assert recalc(base).written is False
    assert base.read_bytes() == after


@pytest.mark.parametrize("typed", [5, 46000, "yesterday", None])
def test_what_is_no_day_above_the_list_isnt_taken_for_one(base: Path, typed: object) -> None:
    def change(book: openpyxl.Workbook) -> None:
        cell = page(book, "Today")["A1"]
        cell.value = typed
        cell.number_format = "General"

    note(base, {"001": ("x", "ordered")})
    edit(base, change)
    recalc(base, TODAY + dt.timedelta(days=1))
    assert [row[0] for row in new_contacts(base)] == [TODAY + dt.timedelta(days=1)]


def test_a_formula_or_merged_cells_in_done_make_no_contact_twice(base: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        sheet = page(book, "Today")
        at, row = columns(sheet), heading_row(sheet) + 2
        sheet.cell(row, at["Done"]).value = '="x"'
        sheet.merge_cells(
            start_row=row + 1, end_row=row + 2, start_column=at["Done"], end_column=at["Done"]
        )
        sheet.cell(row + 1, at["Done"]).value = "x"

    edit(base, change)
    for _ in range(3):
        recalc(base)
    contacts = [row[1] for row in new_contacts(base)]
    assert len(contacts) == len(set(contacts))


# Runs that write nothing, or elsewhere ----------------------------------------------------------


def test_looking_only_leaves_the_entries_where_they_are(run: Run, base: Path) -> None:
    note(base, {"001": ("x", "ordered")})
    before = base.read_bytes()
    for arguments in (
        ["recalc", "base.xlsx", "--dry-run"],
        ["check", "base.xlsx"],
        ["recalc", "base.xlsx", "--output", "copy.xlsx"],
    ):
        done = run(*arguments, "--today", str(TODAY))
        assert done.code in {0, 1}, done.err
        assert base.read_bytes() == before
    copied = base.with_name("copy.xlsx")
    assert [row[1] for row in new_contacts(copied)] == ["001"]
    assert entries(copied) == {}
    told = json.loads(run("recalc", "base.xlsx", "--json", "--today", str(TODAY)).out)
    assert told["contacts_taken_over"] == 1


def test_the_run_says_how_many_contacts_it_took_over(run: Run, base: Path) -> None:
    note(base, {"001": ("x", "ordered"), "002": ("x", None)})
    done = run("recalc", "base.xlsx", "--today", str(TODAY))
    assert any(
        "Today" in line and "2" in line and "Contacts" in line for line in done.out.splitlines()
    ), done.out


def test_verify_proves_the_new_rows(run: Run, base: Path) -> None:
    note(base, {"001": ("x", "ordered"), 7: ("x", None)})
    done = run("recalc", "base.xlsx", "--verify", "--today", str(TODAY))
    assert done.code == 0, done.err
    assert "Verified: " in done.out
    assert len(new_contacts(base)) == 2


# Undone -----------------------------------------------------------------------------------------


def test_an_undo_brings_contacts_and_entries_back_to_the_byte(base: Path) -> None:
    note(base, {"001": ("x", "ordered"), "002": ("-", "busy")})
    before = base.read_bytes()
    recalc(base)
    assert undo(base, RULES).is_whole
    assert base.read_bytes() == before
    assert entries(base) == {"001": ("x", "ordered"), "002": ("-", "busy")}
    recalc(base)
    assert [row[1] for row in new_contacts(base)] == ["001"]


def test_an_undo_after_typing_keeps_the_contacts_and_makes_none_of_them_twice(base: Path) -> None:
    note(base, {"001": ("x", "ordered")})
    recalc(base)

    def change(book: openpyxl.Workbook) -> None:
        page(book, "Clients")["B2"] = "Anna Petrova"

    edit(base, change)
    assert not undo(base, RULES).is_whole
    assert [row[1] for row in new_contacts(base)] == ["001"]
    assert entries(base) == {}
    recalc(base)
    assert [row[1] for row in new_contacts(base)] == ["001"]


def test_a_run_that_only_takes_over_can_be_undone_too(tmp_path: Path) -> None:
    """A message that nothing asked for changes no filled cell."""
    path = plain_base(tmp_path / "base.xlsx")

    def change(book: openpyxl.Workbook) -> None:
        sheet = page(book, "Today")
        at, row = columns(sheet), sheet.max_row + 1
        sheet.cell(row, at["ID"]).value = "002"
        sheet.cell(row, at["Done"]).value = "sms"

    edit(path, change)
    before = path.read_bytes()
    outcome = recalc(path)
    assert (outcome.taken, outcome.changes) == (1, [])
    assert undo(path, RULES).is_whole
    assert path.read_bytes() == before


# Odd bases --------------------------------------------------------------------------------------


def test_in_a_workbook_that_counts_from_1904_days_are_right(tmp_path: Path) -> None:
    path = plain_base(tmp_path / "base.xlsx")

    def change(book: openpyxl.Workbook) -> None:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    edit(path, change)
    recalc(path)
    note(path, {"001": (dt.date(2026, 11, 18), None), "004": ("x", None)})
    recalc(path, LATER)
    assert [(row[1], row[0]) for row in new_contacts(path)] == [
        ("001", dt.date(2026, 11, 18)),
        ("004", TODAY),
    ]


def test_where_the_name_is_the_key_the_contact_is_written_under_the_name(tmp_path: Path) -> None:
    rules = config(
        "columns: {clients: {id: Name, name: Name}, purchases: {client_id: Name},"
        " contacts: {client_id: Name}}"
    )
    path = tmp_path / "base.xlsx"
    write(
        path,
        {
            **LISTS,
            "Clients": [["Name"], ["Anna Petrova"], ["Olga"]],
            "Purchases": [["Date", "Name", "Amount"], [dt.date(2026, 11, 1), "Olga", 5]],
            "Contacts": [["Date", "Name", "Kind", "Note", "Result"]],
        },
    )
    recalc(path, rules=rules)
    note(path, {"Anna Petrova": ("x", "ordered")})
    assert recalc(path, rules=rules).taken == 1
    sheet = page(openpyxl.load_workbook(path), "Contacts")
    assert [cell.value for cell in sheet[2]][1:] == [
        "Anna Petrova", "call", "first contact", "ordered",
    ]  # fmt: skip


LONG = "ж" * 32_767


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("line\nbreak", "line\nbreak"),
        ("👩‍👧 and 🎁", "👩‍👧 and 🎁"),
        ("<b>&amp;\"'", "<b>&amp;\"'"),
        (LONG, LONG),
        (500, "500"),
    ],
    ids=["formula", "line break", "emoji", "markup", "long", "number"],
)
def test_whatever_she_writes_arrives_whole(base: Path, typed: object, kept: str) -> None:
    def change(book: openpyxl.Workbook) -> None:
        sheet = page(book, "Today")
        at, row = columns(sheet), heading_row(sheet) + 1
        cell = sheet.cell(row, at["Result"])
        cell.value = typed
        cell.data_type = "s" if isinstance(typed, str) else "n"

    edit(base, change)
    assert recalc(base).taken == 1
    (contact,) = log(base)[1:]
    assert contact["Result"] == kept


def test_the_example_base_in_russian_takes_over_too(tmp_path: Path) -> None:
    rules = config("based_on: ru")
    path = tmp_path / "база.xlsx"
    make_example(path, rules, TODAY)
    recalc(path, rules=rules)

    def change(book: openpyxl.Workbook) -> None:
        sheet = page(book, "Сегодня")
        at = columns(sheet, "Сделано")
        sheet.cell(5, at["Сделано"]).value = "да"
        sheet.cell(5, at["Результат"]).value = "заказала"
        sheet.cell(6, at["Сделано"]).value = "сообщение"

    edit(path, change)
    assert recalc(path, rules=rules).taken == 2
    sheet = page(openpyxl.load_workbook(path), rules.sheets.contacts)
    at = columns(sheet, rules.columns.contacts.result[0])
    last = [
        sheet.cell(sheet.max_row - 1, at["Результат"]).value,
        sheet.cell(sheet.max_row, at["Вид"]).value,
    ]
    assert last == ["заказала", "сообщение"]
