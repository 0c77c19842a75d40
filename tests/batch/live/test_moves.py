"""The button tells on the first sheet who changed group, stage or class."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from batch.configuration import read, shipped_path
from batch.installation import log
from batch.live import button
from batch.making.example import make_example
from batch.recalculation.file import recalculate_file
from batch.recalculation.firstsheet import CHANGES, CHANGES_ROWS
from tests.engines import in_memory
from tests.engines.in_memory import Excel
from words import _

FIRST, LATER = dt.date(2026, 11, 21), dt.date(2027, 1, 30)


@pytest.fixture(autouse=True)
def _log_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "FILE", tmp_path / "log" / "clientbase.log")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_first_sheet_tells_the_same_after_a_click_as_after_a_run(
    tmp_path: Path, language: str
) -> None:
    rules = read(shipped_path(language))
    path = tmp_path / "base.xlsx"
    make_example(path, rules.config, FIRST)
    recalculate_file(path, rules, FIRST)
    book = in_memory.book_of(Excel.open(path))
    button.recalculate(book, LATER)
    place = book.names[CHANGES].refers_to_range
    row, column = place.row, place.column
    shown = place.sheet.range((row, column), (row + CHANGES_ROWS - 1, column)).value
    recalculate_file(path, rules, LATER)
    sheet = openpyxl.load_workbook(path)[rules.config.sheets.start]
    written = [sheet.cell(row + at, column).value for at in range(CHANGES_ROWS)]
    assert [line or None for line in shown] == written
    day = {"en": "01/30/2027", "ru": "30.01.2027"}[rules.config.based_on]
    assert written[0] == _("On {date}:").format(date=day)
    waiting = rules.config.decided_words()["group"][-1]
    assert any(waiting in str(line) for line in written)


def test_a_click_that_moves_nobody_leaves_what_was_told(tmp_path: Path) -> None:
    rules, path = read(shipped_path()), tmp_path / "base.xlsx"
    make_example(path, rules.config, FIRST)
    recalculate_file(path, rules, FIRST)
    recalculate_file(path, rules, LATER)
    book = in_memory.book_of(Excel.open(path))
    told = book.names[CHANGES].refers_to_range.value
    button.recalculate(book, LATER)
    assert book.names[CHANGES].refers_to_range.value == told == "On 01/30/2027:"
