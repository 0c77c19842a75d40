"""What she ticks on Gifts stays with its thing, by file and by button."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import xlwings as xw

from batch.live import button
from tests.batch.lists.made import columns, edit, heading_row, listed, page, plain_base, recalc
from tests.batch.simple_workbook import TODAY
from tests.engines import in_memory
from tests.engines.in_memory import Excel

LATER = TODAY + dt.timedelta(days=2)


def tick(path: Path, **ticks: str) -> None:
    def change(book: openpyxl.Workbook) -> None:
        sheet = page(book, "Gifts")
        at = columns(sheet, "Occasion")
        for row in range(heading_row(sheet, "Occasion") + 1, sheet.max_row + 1):
            found = ticks.get(str(sheet.cell(row, at["Gift"]).value))
            if found:
                sheet.cell(row, at["Bought"]).value = found

    edit(path, change)


def ticked(path: Path) -> dict[object, object]:
    rows = listed(path, "Gifts", "Occasion")
    return {row["Gift"]: row["Bought"] for row in rows if row["Bought"] is not None}


def test_a_tick_stays_by_file_and_by_button(tmp_path: Path) -> None:
    base = plain_base(tmp_path / "base.xlsx")
    rows = listed(base, "Gifts", "Occasion")
    assert [row["Gift"] for row in rows[-2:]] == ["card", "Together"]
    tick(base, card="x", Together="two more")
    before = base.read_bytes()
    assert recalc(base).written is False
    assert base.read_bytes() == before
    recalc(base, LATER, output=tmp_path / "filled.xlsx")
    assert ticked(tmp_path / "filled.xlsx") == {"card": "x", "Together": "two more"}
    excel = Excel.open(base)
    book: xw.Book = in_memory.book_of(excel)
    button.recalculate(book, LATER)
    assert excel.dialogs == []
    expected = in_memory.book_of(Excel.open(tmp_path / "filled.xlsx"))
    found = [one.sheets["Gifts"].used_range.value for one in (book, expected)]
    assert found[0] == found[1]


def test_a_list_without_that_column_stays_without_it(tmp_path: Path) -> None:
    base = plain_base(tmp_path / "base.xlsx")

    def change(book: openpyxl.Workbook) -> None:
        sheet = page(book, "Gifts")
        sheet.delete_cols(columns(sheet, "Occasion")["Bought"])

    edit(base, change)
    before = base.read_bytes()
    assert recalc(base).written is False
    assert base.read_bytes() == before
