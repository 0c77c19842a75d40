"""New clients get the next ID, by every door, and undo takes it back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.table import Table as ExcelTable

from batch.history.receipts import receipts
from batch.history.undo import undo
from batch.lint.checked import check_file
from batch.live import button
from batch.recalculation.telling import summary
from tests.batch.lists.made import RULES, page, recalc
from tests.batch.simple_workbook import TODAY, Table, column, write
from tests.engines import in_memory
from tests.engines.in_memory import Excel

DAY = dt.date(2026, 10, 1)
CLIENTS: Table = [
    ["ID", "Name"],
    ["C-0016", "Anna"],
    [None, "Rita"],
    ['=""', "Vera"],
    ["C-0003", "Olga"],
    [None, "Eva"],
    [None, "Nina"],
]
PURCHASES: Table = [
    ["Date", "Client ID", "Client", "Amount"],
    [DAY, None, "Nina", 100],
    [DAY, "C-0018", None, 50],
]
IDS = ["C-0016", "C-0017", '=""', "C-0003", "C-0019", "C-0020"]


def base(path: Path, *below: list[object], is_table: bool = False) -> Path:
    write(path, {"Clients": [*CLIENTS, *below], "Purchases": PURCHASES})
    if is_table:
        book = openpyxl.load_workbook(path)
        page(book, "Clients").add_table(ExcelTable(displayName="Clients", ref="A1:B7"))
        book.save(path)
    return path


@pytest.mark.parametrize("is_table", [False, True])
def test_new_clients_get_the_next_ids(tmp_path: Path, *, is_table: bool) -> None:
    path = base(tmp_path / "base.xlsx", is_table=is_table)
    outcome = recalc(path, verify=True)
    assert column(path, "ID") == IDS
    assert column(path, "Turnover")[-1] == 100
    assert outcome.result.clients == 5
    told = "  New clients who got an ID: 3 (C-0017 Rita, C-0019 Eva, C-0020 Nina)."
    assert told in list(summary(outcome, None))
    again = recalc(path)
    assert not again.written
    assert told not in list(summary(again, None))


def test_the_button_gives_the_same(tmp_path: Path) -> None:
    excel = Excel.open(base(tmp_path / "base.xlsx"))
    book = in_memory.book_of(excel)
    button.recalculate(book, TODAY)
    given = book.sheets["Clients"].range("A2:A7").value
    assert [given[at] for at in (0, 1, 3, 4, 5)] == [IDS[at] for at in (0, 1, 3, 4, 5)]


def test_check_counts_those_who_will_get_one(tmp_path: Path) -> None:
    path = base(tmp_path / "base.xlsx")
    before = path.read_bytes()
    checked = check_file(path, RULES, TODAY)
    assert path.read_bytes() == before
    assert checked.clients == recalc(path).result.clients == 5
    assert not any("Rita" in problem for problem in checked.problems)


def test_undo_takes_the_ids_back_and_leaves_one_that_she_changed(tmp_path: Path) -> None:
    path = base(tmp_path / "base.xlsx")
    recalc(path)
    assert list(receipts(path)[0].cells["Clients"]["ID"]) == ["A3", "A6", "A7"]
    book = openpyxl.load_workbook(path)
    page(book, "Clients")["B3"] = "Rita B."
    book.save(path)
    undo(path, RULES)
    assert column(path, "ID") == ["C-0016", None, '=""', "C-0003", None, None]
    assert column(path, "Turnover") == [None] * 6


@pytest.mark.parametrize(
    ("note", "is_client"),
    [("Zoe", True), ("Итого клиентов", False), ("Total", False), ("as of 12.05", False)],
)
def test_below_a_plain_list_a_name_is_a_client_and_a_note_is_none(
    tmp_path: Path, note: str, *, is_client: bool
) -> None:
    path = base(tmp_path / "base.xlsx", [None, note], [None, None], [None, "Far below"])
    recalc(path)
    assert column(path, "ID")[6:] == ["C-0021" if is_client else None, None, None]


def test_clients_without_any_id_are_counted_from_one(tmp_path: Path) -> None:
    clients: Table = [["ID", "Name"], [None, "Rita"], [None, "Eva"]]
    path = write(tmp_path / "base.xlsx", {"Clients": clients, "Purchases": PURCHASES})
    recalc(path)
    assert column(path, "ID") == ["1", "2"]


def test_where_ids_follow_no_form_nothing_is_given(tmp_path: Path) -> None:
    clients: Table = [["ID", "Name"], ["A7", "Anna"], ["B7", "Olga"], [None, "Rita"]]
    path = write(tmp_path / "base.xlsx", {"Clients": clients, "Purchases": PURCHASES})
    outcome = recalc(path)
    assert column(path, "ID") == ["A7", "B7", None]
    advice = [one.advice for one in outcome.problems if one.cell == "A4"]
    assert advice == [
        (
            "No ID (name: Rita). Type one, so that the row can be filled. The next one can't be told, "
            "because IDs such as A7 (row 2), B7 (row 3) follow no one form."
        )
    ]
