"""Where an Excel table and its heading cells say different things, the cells count: nothing is ever
written below a heading that isn't the column's.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.worksheet import Worksheet

from batch.configuration import Rules
from batch.errors import HeadingsDisagree, NotVerified
from batch.recalculation.file import Outcome, recalculate_file
from rules.reading.words import match_headings
from tests.bases import config
from tests.batch.simple_workbook import TODAY, column, write

NOTES = ["likes tea", "moved", "no calls before ten"]


def recalc(path: Path) -> Outcome:
    return recalculate_file(path, Rules(config(), Path("config.yaml")), TODAY, verify=True)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A filled base whose clients stand in an Excel table."""
    path = write(tmp_path / "base.xlsx")
    recalc(path)
    book = openpyxl.load_workbook(path)
    sheet = book["Clients"]
    sheet.add_table(ExcelTable(displayName="Base", ref=sheet.dimensions))
    book.save(path)
    assert not recalc(path).changes
    return path


def edit(path: Path, change: Callable[[Worksheet], object]) -> None:
    """Change cells as openpyxl does: the table's own headings stay what they were."""
    book = openpyxl.load_workbook(path)
    change(book["Clients"])
    book.save(path)


def rewrite(path: Path, change: Callable[[str], str]) -> None:
    """Change the table's part alone."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = next(one for one in parts if "/tables/" in one)
    parts[name] = change(parts[name].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)


def at(sheet: Worksheet, heading: str) -> int:
    return [cell.value for cell in sheet[1]].index(heading) + 1


def test_a_grey_column_that_she_made_her_own_is_not_filled_over(base: Path) -> None:
    def change(sheet: Worksheet) -> None:
        number = at(sheet, "Group")
        for row, text in enumerate(["My notes", *NOTES], 1):
            sheet.cell(row, number, text)

    edit(base, change)
    before = base.read_bytes()
    with pytest.raises(HeadingsDisagree, match=r"heading cells \w1 say other things"):
        recalc(base)
    assert base.read_bytes() == before
    assert column(base, "My notes")[:3] == NOTES


def inserted(sheet: Worksheet) -> None:
    """A column of notes in the midst of the table, which isn't told."""
    number = at(sheet, "Group")
    sheet.insert_cols(number)
    for row, text in enumerate(["My notes", *NOTES], 1):
        sheet.cell(row, number, text)


def test_a_column_that_pushed_the_last_one_out_of_the_table_stops_the_run(base: Path) -> None:
    edit(base, inserted)
    before = base.read_bytes()
    with pytest.raises(HeadingsDisagree):
        recalc(base)
    assert base.read_bytes() == before


def test_a_column_more_than_the_table_knows_is_hers_and_the_others_are_filled(base: Path) -> None:
    edit(base, inserted)
    edit(base, lambda sheet: sheet.cell(2, at(sheet, "Group"), "wrong"))
    rewrite(base, lambda xml: re.sub(r'(<table\b[^>]* ref="A1:)[A-Z]+', lambda m: m[1] + "S", xml))
    book = openpyxl.load_workbook(base)
    assert book["Clients"].dimensions.startswith("A1:S")
    outcome = recalc(base)
    assert column(base, "My notes")[:3] == NOTES
    assert column(base, "Group")[:3] == ["Client", "Waiting", "Waiting"]
    (told,) = (one for one in outcome.problems if "say other things" in one.advice)
    assert told.sheet == "Clients"


def test_swapped_names_in_the_table_count_for_nothing(base: Path) -> None:
    rewrite(
        base,
        lambda xml: (
            xml.replace('name="Group"', 'name="?"')
            .replace('name="ABC"', 'name="Group"')
            .replace('name="?"', 'name="ABC"')
        ),
    )
    edit(base, lambda sheet: sheet.cell(2, at(sheet, "Group"), "wrong"))
    recalc(base)
    assert column(base, "Group")[:3] == ["Client", "Waiting", "Waiting"]


def test_verify_looks_at_the_heading_cells_itself(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that took one column for another would be found out before anything is saved."""
    edit(base, lambda sheet: sheet.cell(2, at(sheet, "Group"), "wrong"))
    before = base.read_bytes()

    def swapped(*arguments: Any, **options: Any) -> dict[str, int]:  # noqa: ANN401 — passed on
        found = match_headings(*arguments, **options)
        if {"group", "abc"} <= found.keys():
            found["group"], found["abc"] = found["abc"], found["group"]
        return found

    monkeypatch.setattr("batch.base.match_headings", swapped)
    monkeypatch.setattr("batch.base.ClientBase.headings", dict.fromkeys(range(1, 40), "Group"))
    with pytest.raises(NotVerified, match=r"heading cell \w+ says"):
        recalc(base)
    assert base.read_bytes() == before


def test_a_needed_heading_that_only_the_table_has_stops_the_run(base: Path) -> None:
    edit(base, lambda sheet: sheet.cell(1, at(sheet, "ID"), "Code"))
    with pytest.raises(HeadingsDisagree, match="A1"):
        recalc(base)
