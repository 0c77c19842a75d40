"""Clients named in the logs: what a recalculation reads there, and fills, by every door."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.table import Table as ExcelTable

from batch.configuration import Rules
from batch.history.receipts import receipts
from batch.history.undo import undo
from batch.live import button
from batch.recalculation.file import recalculate_file
from rules.reading.words import MissingHeadingError
from tests.bases import config
from tests.batch.lists.made import LISTS, RULES, note, page, plain_base, recalc, rows_below
from tests.batch.simple_workbook import TODAY, Table, write
from tests.engines import in_memory
from tests.engines.in_memory import Excel

DAY = dt.date(2026, 10, 1)
CLIENTS: Table = [["ID", "Name"], ["C-1", "Anna"], [2, "Olga"], ["=1", "Rita"], ["C-5", "Eva"]]
PURCHASES: Table = [
    ["Date", "Client ID", "Client", "Amount"],
    [DAY, "C-1", None, 100],
    [DAY, None, "OLGA", 100],
    [DAY, None, "Vera", 100],
    [DAY, "c-1 ", "Annie", 100],
    [DAY, None, "=T(A1&B1)", 100],
    [dt.date(2027, 1, 1), 2, None, 100],
]
CONTACTS: Table = [["Date", "Client", "Kind"], [DAY, "anna", "call"], [DAY, "Vera", "call"]]
FILLED = [["C-1", "Anna"], [2, "OLGA"], [None, "Vera"], ["c-1 ", "Annie"], [None, "=T(A1&B1)"]]
FILLED = [*FILLED, [2, "Olga"]]


def base(path: Path) -> Path:
    return write(path, {"Clients": CLIENTS, "Purchases": PURCHASES, "Contacts": CONTACTS})


def keys(path: Path) -> list[list[object]]:
    """The IDs and names in Purchases."""
    sheet = openpyxl.load_workbook(path)["Purchases"]
    return [[row[1].value, row[2].value] for row in sheet.iter_rows(min_row=2)]


def test_what_is_blank_is_filled_and_all_else_stays(tmp_path: Path) -> None:
    path = base(tmp_path / "base.xlsx")
    outcome = recalc(path, verify=True)
    assert keys(path) == FILLED
    changed = {(one.heading, one.cell) for one in outcome.changes if one.row > 1}
    assert {("Client ID", "B3"), ("Client", "C2"), ("Client", "C7")} <= changed
    assert outcome.proof is not None
    told = [(one.sheet, one.cell) for one in outcome.problems if one.sheet != "Clients"]
    assert told == [("Purchases", "C4"), ("Purchases", "B6"), ("Contacts", "B3")]
    assert not recalc(path).written


def test_a_dry_run_says_how_many_cells_and_fills_none(tmp_path: Path) -> None:
    path = base(tmp_path / "base.xlsx")
    dry = recalc(path, dry_run=True)
    assert keys(path) == [list(row[1:3]) for row in PURCHASES[1:]]
    assert len(dry.changes) == len(recalc(path).changes)


def test_the_receipt_has_the_cells_and_undo_takes_them_back(tmp_path: Path) -> None:
    path = base(tmp_path / "base.xlsx")
    recalc(path)
    [receipt] = receipts(path)
    assert set(receipt.cells["Purchases"]) == {"Client ID", "Client"}
    assert list(receipt.cells["Purchases"]["Client ID"]) == ["B3"]
    book = openpyxl.load_workbook(path)
    page(book, "Purchases")["C2"] = "Anna B."
    book.save(path)
    undone = undo(path, RULES)
    assert (undone.is_whole, undone.kept) == (False, 1)
    assert keys(path)[:2] == [["C-1", "Anna B."], [None, "OLGA"]]
    assert keys(path)[-1] == [2, None]


def test_the_button_fills_the_same(tmp_path: Path) -> None:
    path = base(tmp_path / "base.xlsx")
    excel = Excel.open(path)
    book = in_memory.book_of(excel)
    button.recalculate(book, TODAY)
    values = book.sheets["Purchases"].range("B2:C7").value
    assert [values[at] for at in (0, 1, 2, 5)] == [FILLED[at] for at in (0, 1, 2, 5)]


def test_an_excel_table_with_names_alone(tmp_path: Path) -> None:
    path = base(tmp_path / "base.xlsx")
    book = openpyxl.load_workbook(path)
    page(book, "Contacts").add_table(ExcelTable(displayName="Contacts", ref="A1:C3"))
    book.save(path)
    outcome = recalc(path)
    assert list(outcome.result.known.tables["contacts"].client) == [0]


def test_in_a_plain_sheet_the_rows_end_with_the_last_name_or_id(tmp_path: Path) -> None:
    purchases: Table = [
        ["Date", "Client ID", "Client", "Amount"],
        [DAY, 2, None, 1],
        [DAY, None, "Eva", 2],
    ]
    path = write(tmp_path / "base.xlsx", {"Clients": CLIENTS, "Purchases": purchases})
    recalc(path)
    assert keys(path) == [[2, "Olga"], ["C-5", "Eva"]]


def test_a_log_with_neither_column_is_told(tmp_path: Path) -> None:
    purchases: Table = [["Date", "Person", "Amount"], [DAY, "Eva", 2]]
    path = write(tmp_path / "base.xlsx", {"Clients": CLIENTS, "Purchases": purchases})
    with pytest.raises(MissingHeadingError, match="Sheet 'Purchases' has no column 'Client ID'"):
        recalc(path)


def test_where_the_name_is_the_key_the_logs_name_column_is_it(tmp_path: Path) -> None:
    text = "columns: {clients: {id: Name, name: Name}, purchases: {client_id: Client}}"
    purchases: Table = [["Date", "Client", "Amount"], [DAY, "eva", 2]]
    tables: dict[str, Table] = {"Clients": CLIENTS, "Purchases": purchases, "Contacts": CONTACTS}
    path = write(tmp_path / "base.xlsx", tables)
    outcome = recalculate_file(path, Rules(config(text), Path("config.yaml")), TODAY)
    assert list(outcome.result.known.tables["purchases"].client) == [3]
    assert list(outcome.result.known.tables["contacts"].client) == [0]


@pytest.mark.parametrize(
    ("headings", "row"),
    [
        (["Date", "Client ID", "Client", "Kind", "Result"], ["001", "Anna"]),
        (["Date", "Client", "Client ID", "Kind", "Result"], ["Anna", "001"]),
        (["Date", "Client", "Kind", "Result"], ["Anna"]),
    ],
)
def test_what_she_noted_on_today_is_written_with_both(
    tmp_path: Path, headings: list[str], row: list[object]
) -> None:
    path = plain_base(tmp_path / "base.xlsx", {"Contacts": [headings], **LISTS})
    note(path, {"001": ("x", "fine")})
    recalc(path, verify=True)
    [written] = rows_below(page(openpyxl.load_workbook(path), "Contacts"), "Client")
    assert [written[one] for one in headings[1:-2]] == row
    assert not recalc(path).written
