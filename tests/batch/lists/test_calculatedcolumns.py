"""Calculated columns of Contacts get their formula in the rows by which the table grows."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.worksheet.table import Table, TableColumn, TableFormula
from openpyxl.worksheet.worksheet import Worksheet
from openxml_audit import FileFormat, OpenXmlValidator, ValidationSeverity
from python_calamine import CalamineWorkbook

from tests.batch.lists.made import LOG, edit, log, note, page, plain_base, recalc
from tests.batch.lists.test_contactlog import NO_ROOM, ROW, references, rows
from tests.batch.simple_workbook import TODAY
from tests.command_line import Run

DAYS = "TODAY()-Log[[#This Row],[Date]]"
WORDS = 'IF(Log[[#This Row],[Kind]]="call","a & b","<c>")'


def made(
    path: Path,
    formulas: Mapping[str, str],
    last_row: int = 2,
    change: Callable[[Worksheet], object] = lambda _sheet: None,
    *,
    is_array: bool = False,
) -> Path:
    """A base whose table Contacts calculates these columns, with entries of two clients."""
    plain_base(path, {"Contacts": [list(LOG), ROW]})
    headings = [*LOG, *(one for one in formulas if one not in LOG)]

    def calculating(book: openpyxl.Workbook) -> None:
        sheet = page(book, "Contacts")
        table = Table(displayName="Log", ref=f"A1:{'HIJK'[len(headings) - 8]}{last_row}")
        for number, heading in enumerate(headings, 1):
            sheet.cell(1, number).value = heading
            column = TableColumn(id=number, name=heading)
            if heading in formulas:
                column.calculatedColumnFormula = TableFormula(
                    array=is_array or None, attr_text=formulas[heading]
                )
                for row in range(2, last_row + 1):
                    sheet.cell(row, number).value = f"={formulas[heading]}"
            table.tableColumns.append(column)
        sheet.add_table(table)
        change(sheet)

    edit(path, calculating)
    note(path, {"001": ("x", "ordered"), 7: ("x", "came")})
    return path


def cells(path: Path, column: str, last_row: int = 6) -> list[object]:
    """What stands in a column of Contacts below its heading, formulas as text."""
    sheet = page(openpyxl.load_workbook(path), "Contacts")
    return [sheet[f"{column}{row}"].value for row in range(2, last_row + 1)]


def test_new_rows_calculate_as_the_rows_above_do(tmp_path: Path) -> None:
    path = made(tmp_path / "base.xlsx", {"Days": DAYS, "Words": WORDS})
    assert recalc(path).taken == 2
    assert cells(path, "I") == [f"={DAYS}"] * 3 + [None, None]
    assert cells(path, "J") == [f"={WORDS}"] * 3 + [None, None]
    assert set(references(path)) == {"A1:J4"}
    again = path.read_bytes()
    assert recalc(path).written is False
    assert path.read_bytes() == again


def test_one_of_our_functions_shows_its_result_in_the_new_rows(tmp_path: Path) -> None:
    path = made(tmp_path / "base.xlsx", {"Group": "CLIENT_GROUP(Log[[#This Row],[Client ID]])"})
    assert recalc(path, verify=True).taken == 2
    results = page(openpyxl.load_workbook(path, data_only=True), "Contacts")
    groups = page(openpyxl.load_workbook(path), "Clients")
    known = {row[0].value: row[headings(groups).index("Group")].value for row in groups.iter_rows()}
    for row in (3, 4):
        assert results[f"I{row}"].value == known[results[f"B{row}"].value] is not None


def headings(sheet: Worksheet) -> list[object]:
    return [cell.value for cell in sheet[1]]


def test_blank_rows_within_the_table_keep_what_they_calculate(tmp_path: Path) -> None:
    """Their formulas make them no used rows either."""
    path = made(tmp_path / "base.xlsx", {"Days": DAYS}, last_row=3)
    recalc(path)
    assert rows(path) == [3, 4]
    assert cells(path, "I") == [f"={DAYS}"] * 3 + [None, None]
    assert set(references(path)) == {"A1:I4"}
    longer = made(tmp_path / "longer.xlsx", {"Days": DAYS}, last_row=6)
    before = cells(longer, "I", 8)
    recalc(longer)
    assert rows(longer) == [3, 4]
    assert cells(longer, "I", 8) == before


def test_in_a_column_that_is_written_the_contact_stands_and_no_formula(tmp_path: Path) -> None:
    path = made(tmp_path / "base.xlsx", {"Note": '"calculated"', "Consultant": '"me"'})
    assert recalc(path).taken == 2
    assert cells(path, "D")[1:3] == ['="me"'] * 2
    assert cells(path, "E")[1:3] == ["2 days after purchase", "first contact"]


def test_array_formulas_are_left_out(tmp_path: Path) -> None:
    path = made(tmp_path / "base.xlsx", {"Days": DAYS}, is_array=True)
    assert recalc(path).taken == 2
    assert cells(path, "I") == [f"={DAYS}", None, None, None, None]
    assert set(references(path)) == {"A1:I4"}


def test_new_formulas_look_like_the_one_above(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["I2"].font, sheet["I2"].number_format = Font(bold=True), "0.00"

    path = made(tmp_path / "base.xlsx", {"Days": DAYS, "Words": WORDS}, change=change)
    recalc(path)
    sheet = page(openpyxl.load_workbook(path), "Contacts")
    for row in (3, 4):
        assert (sheet[f"I{row}"].font.bold, sheet[f"I{row}"].number_format) == (True, "0.00")
        assert (sheet[f"J{row}"].font.bold, sheet[f"J{row}"].number_format) == (False, "General")


def coloured_below(sheet: Worksheet) -> None:
    for row in range(3, 9):
        sheet[f"I{row}"].font = Font(italic=True)


@pytest.mark.parametrize("change", [lambda _sheet: None, coloured_below])
def test_the_new_formulas_are_proved_and_read_by_others(
    run: Run, tmp_path: Path, change: Callable[[Worksheet], object]
) -> None:
    path = made(tmp_path / "base.xlsx", {"Days": DAYS, "Words": WORDS}, change=change)
    before = errors(path)
    done = run("recalc", "base.xlsx", "--verify", "--today", str(TODAY))
    assert done.code == 0, done.err
    assert "Verified: " in done.out
    assert cells(path, "I")[:3] == [f"={DAYS}"] * 3
    assert errors(path) <= before
    read = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Contacts").to_python()
    assert [row[5] for row in read[2:4]] == ["ordered", "came"]
    assert [row["Result"] for row in log(path)] == ["later", "ordered", "came"]


def errors(path: Path) -> set[str]:
    result = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365).validate(str(path))
    return {
        f"{error.part_uri} {error.description}"
        for error in result.errors
        if error.severity is ValidationSeverity.ERROR
    }


def test_the_formula_is_written_as_the_table_has_it(tmp_path: Path) -> None:
    path = made(tmp_path / "base.xlsx", {"Words": WORDS})
    recalc(path)
    with zipfile.ZipFile(path) as zipped:
        (table,) = (zipped.read(one) for one in zipped.namelist() if "/tables/" in one)
        sheet = zipped.read("xl/worksheets/sheet3.xml")
    formula = re.search(rb"<calculatedColumnFormula>(.*?)</calculatedColumnFormula>", table)
    assert formula is not None
    assert b"&amp;" in formula[1]
    assert sheet.count(b"<f>" + formula[1] + b"</f>") == 3


SILENT = (
    b'<c r="I3" t="str"><f>IF(1=2,1,"")</f><v></v></c>',
    b'<c r="I3" t="str"><f>""</f><v/></c>',
    b'<c r="I4"><f>IF(1=2,1,"")</f></c>',
)


@pytest.mark.parametrize("cell", SILENT)
def test_a_formula_of_hers_below_that_shows_nothing_is_not_written_over(
    tmp_path: Path, cell: bytes
) -> None:
    path = made(tmp_path / "base.xlsx", {"Days": DAYS})
    part = "xl/worksheets/sheet3.xml"
    with zipfile.ZipFile(path) as zipped:
        parts = {name: zipped.read(name) for name in zipped.namelist()}
    row = b'<row r="%b">%b</row></sheetData>' % (cell[7:8], cell)
    parts[part] = parts[part].replace(b"</sheetData>", row)
    with zipfile.ZipFile(path, "w") as zipped:
        for name, data in parts.items():
            zipped.writestr(name, data)
    outcome = recalc(path, verify=True)
    assert outcome.taken == 0
    assert {one.advice for one in outcome.problems if one.sheet == "Today"} == {NO_ROOM}
    with zipfile.ZipFile(path) as zipped:
        assert zipped.read(part) == parts[part]


def test_a_table_without_any_contact_calculates_from_its_first_one_on(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        for column in "ABCDEF":
            sheet[f"{column}2"] = None

    path = made(tmp_path / "base.xlsx", {"Days": DAYS}, change=change)
    assert recalc(path, verify=True).taken == 2
    assert rows(path) == [2, 3]
    assert cells(path, "I") == [f"={DAYS}"] * 2 + [None] * 3
