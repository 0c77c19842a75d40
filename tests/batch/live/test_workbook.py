"""An open workbook is read as the closed file is: sheet by sheet, cell by cell."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
import xlwings as xw
from openpyxl.worksheet.worksheet import Worksheet

from batch.cells import CellRange
from batch.errors import SheetNotFound
from batch.live import workbook as live
from batch.live.workbook import OpenBook, cell_of
from batch.xlsx.workbook import Workbook
from rules.reading.cells import CellError
from tests.engines import in_memory
from tests.engines.in_memory import Excel

ROWS: list[list[Any]] = [
    [None, "notes", None, None],
    ["ID", 2026, "Amount", "Seen"],
    ["007", "Anna", 12.5, dt.date(2026, 5, 12)],
    [None, None, None, None],
    [7, "=1+1", -1, None],
    ["x", "#N/A", True, "in May"],
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Clients"
    for row in ROWS:
        sheet.append(row)
    sheet["C3"].number_format = "$#,##0.00"
    workbook.save(tmp_path / "base.xlsx")
    return tmp_path / "base.xlsx"


def opened(path: Path) -> OpenBook:
    return OpenBook(in_memory.book_of(Excel.open(path)))


def test_both_readers_find_the_same_headings(path: Path) -> None:
    closed, live_ = Workbook.open(path), opened(path)
    expected = closed.top_rows(closed.sheet("clients"))
    found = live_.top_rows(live_.sheet("CLIENTS"), 20)
    assert found[2] == expected[2] == {1: "ID", 2: "2026", 3: "Amount", 4: "Seen"}
    assert found.keys() == expected.keys()


@pytest.mark.parametrize("column", [1, 3])
def test_both_readers_find_the_same_rows_and_cells(path: Path, column: int) -> None:
    closed, live_ = Workbook.open(path), opened(path)
    expected = closed.columns(closed.sheet("Clients"), [column], 3, 1000)
    found = live_.columns(live_.sheet("Clients"), [column], 3, 1000)
    assert found.rows.tolist() == expected.rows.tolist() == [3, 5, 6]
    assert list(found.values[column]) == list(expected.values[column])


def test_numbers_alone_are_an_array_of_numbers(path: Path) -> None:
    live_ = opened(path)
    found = live_.columns(live_.sheet("Clients"), [3], 3, 5)
    assert found.values[3].dtype == np.float64
    assert found.values[3].tolist() == [12.5, -1]


def test_rows_below_the_used_range_are_none(path: Path) -> None:
    live_ = opened(path)
    assert live_.columns(live_.sheet("Clients"), [1, 2], 50, 60).rows.tolist() == []


def test_errors_that_excel_has_no_name_for_here_are_errors_too() -> None:
    assert cell_of("#N/A") == CellError("#N/A")
    assert isinstance(cell_of(-2146826243), CellError)
    assert cell_of(-5) == -5.0


def test_one_cell_is_a_block_of_one(path: Path) -> None:
    live_ = opened(path)
    sheet = live_.sheet("Clients")
    place = CellRange(5, 2, 5, 2)
    assert live_.formulas_of(sheet, place) == [["=1+1"]]
    assert live_.values(sheet, CellRange(3, 1, 3, 1)) == [["007"]]


def test_on_macos_no_error_texts_are_asked_for(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine of xlwings there returns nothing at all for a block that is asked for them."""
    monkeypatch.setattr(live, "_AS_ROWS", live.as_rows("darwin"))
    asked: list[dict[str, object]] = []
    options = xw.Range.options

    def noted(self: Any, *args: Any, **chosen: object) -> Any:  # noqa: ANN401
        asked.append(chosen)
        return options(self, *args, **chosen)

    monkeypatch.setattr(xw.Range, "options", noted)
    live_ = opened(path)
    assert live_.values(live_.sheet("Clients"), CellRange(3, 1, 3, 2)) == [["007", "Anna"]]
    assert asked == [{"ndim": 2}]


def test_a_sheet_that_is_missing_is_told(path: Path) -> None:
    with pytest.raises(SheetNotFound, match="has no sheet 'Purchases'"):
        opened(path).sheet("Purchases")
