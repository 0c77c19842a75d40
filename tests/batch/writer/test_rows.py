"""The rows of a new base: what stands in each cell, as others read it, and how much memory it takes."""

from __future__ import annotations

import datetime as dt
import tracemalloc
from pathlib import Path

import openpyxl
import pytest
from openxml_audit import FileFormat, OpenXmlValidator, ValidationSeverity
from python_calamine import CalamineWorkbook

from batch.writer.base import write_base
from batch.writer.tables import SheetContent
from batch.xlsx.workbook import Workbook
from tests.bases import config
from tests.batch.writer.made import empty, part, sheet

DAY = dt.date(2026, 11, 21)
CELLS: list[tuple[object, object]] = [
    ("text", "text"), ("", ""), (" blanks ", " blanks "), ("_x0041_", "_x0041_"), ("Яна", "Яна"),
    ("one\ntwo\r\nthree", "one\ntwo\nthree"), ("a\x0bb\x1f", "ab"), ('<&">', '<&">'),
    ("x" * 40_000, "x" * 32_767), ("=1+1", "=1+1"), (None, None), ("text", "text"),
    (7, 7), (7.0, 7), (0.1, 0.1), (1e20, 1e20), (-0.0, 0), (1, 1), (True, True), (0, 0),
    (False, False), (float("inf"), "inf"), (dt.time(9, 30), "09:30:00"),
]  # fmt: skip
"""What a list holds, and what stands in the cell."""
DAYS: list[tuple[object, object]] = [
    (DAY, "2026-11-21 00:00:00"),
    (dt.datetime(2026, 11, 21, 6, 0), "2026-11-21 06:00:00"),  # noqa: DTZ001
    (dt.date(1899, 12, 30), "1899-12-30"),
]


def made(folder: Path, name: str = "base.xlsx") -> Path:
    """A base with all kinds of cells in a column of hers, and contacts of which one row is blank."""
    contents = empty()
    count = len(CELLS)
    contents["purchases"] = SheetContent(
        {"client_id": ["001"] * count, "date": [DAY] * count, "amount": [12.5] * count},
        {"Hers": [one for one, _ in CELLS], "Days": [one for one, _ in DAYS]},
        count,
    )
    contents["contacts"] = SheetContent({"client_id": ["001", None, "001"]}, {}, 3)
    write_base(folder / name, config(), contents)
    return folder / name


def column(path: Path, heading: str) -> list[object]:
    page = sheet(path, "Purchases")
    at = next(cell.column for cell in page[1] if cell.value == heading)
    return [page.cell(row, at).value for row in range(2, len(CELLS) + 2)]


def test_each_cell_holds_what_the_list_held(tmp_path: Path) -> None:
    path = made(tmp_path)
    wanted = [one for _, one in CELLS]
    assert column(path, "Hers") == wanted
    assert [type(one) is bool for one in column(path, "Hers")] == [
        type(one) is bool for one in wanted
    ]
    days = [str(one) for one in column(path, "Days") if one is not None]
    assert days == [one for _, one in DAYS]


@pytest.mark.parametrize("name", ["base.xlsx", "base.xlsm"])
def test_another_reader_finds_the_same(tmp_path: Path, name: str) -> None:
    with CalamineWorkbook.from_path(str(made(tmp_path, name))) as book:
        headings, *rows = book.get_sheet_by_name("Purchases").to_python()
        contacts = book.get_sheet_by_name("Contacts").to_python()
    first = dict(zip(headings, rows[0], strict=True))
    assert (first["Client ID"], first["Date"]) == ("001", DAY)
    assert (first["Amount"], first["Hers"]) == (12.5, "text")
    ids = [dict(zip(contacts[0], row, strict=True))["Client ID"] for row in contacts[1:]]
    assert ids == ["001", "", "001"]


def test_cells_have_the_formats_of_their_columns(tmp_path: Path) -> None:
    page = sheet(made(tmp_path), "Purchases")
    formats = {cell.value: page.cell(2, cell.column).number_format for cell in page[1]}
    assert (formats["Client ID"], formats["Date"], formats["Amount"]) == (
        "@",
        "mm-dd-yy",
        "#,##0.00",
    )


def test_table_filter_and_dimension_reach_to_the_last_row(tmp_path: Path) -> None:
    path = made(tmp_path)
    for name, last in (("Purchases", len(CELLS) + 1), ("Contacts", 4), ("Clients", 2)):
        page = sheet(path, name)
        (table,) = page.tables.values()
        assert table.ref == table.autoFilter.ref
        assert table.ref.rpartition(":")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == str(last)
        book = Workbook.open(path)
        dimension = book.xml(book.sheet(name)).element("dimension")
        assert dimension is not None
        if name != "Clients":
            assert dimension.get("ref") == table.ref


def test_texts_are_shared_and_counted(tmp_path: Path) -> None:
    path = made(tmp_path)
    texts = part(path, "xl/sharedStrings.xml")
    count = texts.count("<si>")
    assert f'count="{count}" uniqueCount="{count}"' in texts
    assert texts.count("<t>text</t>") == 1
    assert "inlineStr" not in part(path, "xl/worksheets/sheet4.xml")


def test_the_validator_finds_nothing(tmp_path: Path) -> None:
    found = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365).validate(str(made(tmp_path)))
    assert [one for one in found.errors if one.severity is ValidationSeverity.ERROR] == []


def test_many_rows_take_little_memory(tmp_path: Path) -> None:
    """XlsxWriter's own cells took 60 MB more."""
    count = 50_000
    contents = empty()
    contents["purchases"] = SheetContent(
        {
            "client_id": [f"K{number % 5000:05}" for number in range(count)],
            "date": [DAY] * count,
            "amount": [float(number) for number in range(count)],
        },
        {},
        count,
    )
    tracemalloc.start()
    write_base(tmp_path / "base.xlsx", config(), contents)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40_000_000
    book = openpyxl.load_workbook(tmp_path / "base.xlsx", read_only=True)
    assert sum(1 for _ in book["Purchases"].iter_rows()) == count + 1
