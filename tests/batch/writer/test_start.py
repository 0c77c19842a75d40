"""The first sheet: counts, help, the button's place, and where the results go."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from batch.formulas.figures import column_reference
from batch.writer.base import write_base
from batch.writer.tables import SheetContent
from tests.bases import config
from tests.batch.writer.made import TODAY, computed, empty, made, part, sheet

COUNTS = ("B8", "C8", "D8", "E8", "F8")


def test_the_counts_are_those_of_the_day(example: Path) -> None:
    """44 clients, 12 contacts overdue and 7 due, as the summary of the run says."""
    cells = computed(example, "Start")
    assert [cells[cell] for cell in COUNTS] == [44, 12, 7, 6, 3]
    assert [sheet(example, "Start")[f"{cell[0]}9"].value for cell in COUNTS] == [
        "clients",
        "overdue contacts",
        "due today",
        "due in the next 7 days",
        "gifts in the next 7 days",
    ]


@pytest.mark.parametrize(
    ("days", "counts"),
    [
        (-1, [1, 1, 0, 0]),
        (0, [1, 0, 1, 0]),
        (1, [1, 0, 0, 1]),
        (7, [1, 0, 0, 1]),
        (8, [1, 0, 0, 0]),
    ],
)
def test_a_contact_counts_as_overdue_due_or_soon(
    tmp_path: Path, days: int, counts: list[int]
) -> None:
    path = made(tmp_path)
    book = openpyxl.load_workbook(path)
    clients = book["Clients"]
    headings = [cell.value for cell in clients[1]]
    clients["A2"] = "1"
    clients.cell(2, headings.index("Next contact") + 1, TODAY + dt.timedelta(days))
    book.save(path)
    cells = computed(path, "Start")
    assert [cells[cell] for cell in COUNTS[:4]] == counts


def test_an_empty_base_counts_nothing(tmp_path: Path) -> None:
    cells = computed(made(tmp_path), "Start")
    assert [cells[cell] for cell in COUNTS] == [0, 0, 0, 0, 0]


def test_the_number_of_clients_stands_there_before_anything_is_computed(tmp_path: Path) -> None:
    ids: list[object] = ["1", None, "3"]
    clients = SheetContent({"id": ids}, {}, 3)
    write_base(tmp_path / "base.xlsx", config(), {**empty(), "clients": clients})
    shown = openpyxl.load_workbook(tmp_path / "base.xlsx", data_only=True)["Start"]
    assert [shown[cell].value for cell in COUNTS] == [2, 0, 0, 0, 0]


def test_result_and_problems_have_names(tmp_path: Path) -> None:
    rules = config("sheets: {start: Anna's page}")
    path = made(tmp_path, rules)
    names = openpyxl.load_workbook(path).defined_names
    assert names["cb_result"].attr_text == "'Anna''s page'!$B$6"
    assert names["cb_changes"].attr_text == "'Anna''s page'!$B$16"
    assert names["cb_problems"].attr_text == "'Anna''s page'!$B$25"
    start = sheet(path, "Anna's page")
    assert [start.cell(24, column).value for column in (2, 3, 4)] == [
        "Where",
        "Found",
        "What to do",
    ]
    assert start["B6"].value is None
    assert start["B17"].value is None


def test_a_workbook_without_macros_names_the_command_in_place_of_the_button(tmp_path: Path) -> None:
    plain, with_button = made(tmp_path), made(tmp_path, name="base.xlsm")
    command = "Close this file, then run: clientbase recalc base.xlsx"
    assert sheet(plain, "Start")["B5"].value == command
    assert sheet(with_button, "Start")["B5"].value is None
    assert "[0]!Recalculate" in part(with_button, "xl/worksheets/sheet1.xml")
    assert "controls" not in part(plain, "xl/worksheets/sheet1.xml")


def test_a_file_name_with_blanks_is_quoted_in_the_command(tmp_path: Path) -> None:
    command = 'Close this file, then run: clientbase recalc "My Base.xlsx"'
    assert sheet(made(tmp_path, name="My Base.xlsx"), "Start")["B5"].value == command


def test_the_help_says_where_own_rules_belong(tmp_path: Path) -> None:
    help_line = sheet(made(tmp_path), "Start")["B13"].value
    assert help_line == (
        "Your own rules: on the sheet Rules, or in a file config.yaml beside this workbook."
    )


def test_three_lines_of_help_stand_there_in_the_language_of_the_rules(tmp_path: Path) -> None:
    start = sheet(made(tmp_path, config("based_on: ru")), "Начало")
    lines = [start[f"B{row}"].value for row in (11, 12, 13)]
    assert lines == [
        (
            "Вписывайте клиентов, покупки и контакты на их листах: белые столбцы – ваши; "
            "на листе клиентов + над заголовками показывает остальные."
        ),
        "Серые столбцы заполняет программа; то, что вы впишете туда, будет заменено.",
        "Свои правила – на листе «Правила» или в файле config.yaml рядом с этой книгой.",
    ]
    assert start["B2"].value == "Ваши клиенты сегодня"


def test_the_workbook_opens_on_the_first_sheet_without_gridlines(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(made(tmp_path))
    assert book.active is book["Start"]
    assert [name for name in book.sheetnames if book[name].sheet_view.tabSelected] == ["Start"]
    assert book["Start"].sheet_view.showGridLines is False
    assert book["Start"].sheet_view.showRowColHeaders is False
    assert book["Clients"].sheet_view.showGridLines is not False


@pytest.mark.parametrize(
    ("heading", "reference"),
    [
        ("Next contact", "Clients[Next contact]"),
        ("Код_1", "Clients[Код_1]"),
        ("E-mail", "Clients[[E-mail]]"),
        ("№ [1]", "Clients[[№ '[1']]]"),
        ("Anna's #", "Clients[[Anna''s '#]]"),
    ],
)
def test_a_formula_names_a_column_whatever_its_heading(heading: str, reference: str) -> None:
    assert column_reference("Clients", heading) == reference


@pytest.mark.parametrize("heading", ["E-mail", "№ [1]", "Anna's #", "a, b: c", "x@y", "(1)"])
def test_a_count_finds_its_column_whatever_its_heading(tmp_path: Path, heading: str) -> None:
    rules = config(f'columns: {{clients: {{id: "{heading}"}}}}')
    clients = SheetContent({"id": ["1", "2"]}, {}, 2)
    path = tmp_path / "base.xlsx"
    write_base(path, rules, {**empty(), "clients": clients})
    assert computed(path, "Start")["B8"] == 2
