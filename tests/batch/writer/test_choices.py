"""The hidden sheet."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from batch.writer import hidden
from batch.writer.hidden import texts as macro_texts
from tests.bases import HOUSE, config
from tests.batch.writer.made import made, sheet
from words import _


@pytest.mark.parametrize("language", ["en", "ru"])
def test_it_holds_every_text_of_the_macros_without_a_gap(tmp_path: Path, language: str) -> None:
    rules = config(f"based_on: {language}")
    texts = sheet(made(tmp_path, rules), "clientbase")
    found = {row[0].value: row[1].value for row in texts.iter_rows(max_col=2) if row[0].value}
    said = {key: _(text) for key, text in macro_texts(HOUSE).items()}
    assert found == said
    assert all(texts.cell(row, 1).value for row in range(1, len(said) + 1))


def test_it_can_not_be_unhidden_by_accident(tmp_path: Path) -> None:
    assert openpyxl.load_workbook(made(tmp_path))["clientbase"].sheet_state == "veryHidden"


def test_texts_that_look_like_formulas_stay_texts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(hidden.TEXTS, "vba_working", "=A1")
    rules = config('lists: {consultants: ["=1+1", "007"]}')
    texts = sheet(made(tmp_path, rules), "clientbase")
    kinds = {cell.value: cell.data_type for row in texts.iter_rows() for cell in row if cell.value}
    assert [kinds[text] for text in ("=1+1", "007", "=A1")] == ["s", "s", "s"]
