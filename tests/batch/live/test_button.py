"""The Recalculate button, on an Excel in memory: what is on the screen is read and filled."""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw

from batch.configuration import read, shipped_path
from batch.installation import log
from batch.live import button, clicked
from batch.live.workbook import OpenBook
from batch.making.example import make_example
from batch.recalculation.file import recalculate_file
from tests.bases import FILLED
from tests.engines import in_memory
from tests.engines.in_memory import Excel

TODAY = dt.date(2026, 11, 21)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example base, not filled yet."""
    path = tmp_path_factory.mktemp("example") / "base.xlsx"
    make_example(path, read(shipped_path()).config, TODAY)
    return path


@pytest.fixture
def excel(example: Path) -> Excel:
    return Excel.open(example)


@pytest.fixture
def book(excel: Excel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[xw.Book]:
    monkeypatch.setattr(log, "FILE", tmp_path / "log" / "clientbase.log")
    with in_memory.called_from(excel) as found:
        yield found


def rows(book: xw.Book, sheet: str = "Clients") -> list[list[Any]]:
    found: list[list[Any]] = book.sheets[sheet].used_range.options(ndim=2).value
    return found


def column(book: xw.Book, heading: str) -> list[Any]:
    headings, *below = rows(book)
    return [row[headings.index(heading)] for row in below]


def cell(book: xw.Book, heading: str, row: int) -> xw.Range:
    """A cell of Clients by the heading of its column and the number of its row."""
    return book.sheets["Clients"].range((row, rows(book)[0].index(heading) + 1))


def opened(path: Path) -> tuple[Excel, xw.Book]:
    """A workbook in an Excel of its own."""
    excel = Excel.open(path)
    return excel, in_memory.book_of(excel)


def told(excel: Excel) -> str:
    """What the one message box showed."""
    ((_, prompt, _, _),) = excel.dialogs
    return str(prompt)


def status(book: xw.Book) -> str:
    return str(book.app.status_bar)


def settings(book: xw.Book) -> tuple[object, ...]:
    return book.app.screen_updating, book.app.calculation, book.app.enable_events


def from_batch(path: Path, folder: Path, today: dt.date, config: Path) -> list[list[Any]]:
    """The Clients sheet as the headless batch fills it."""
    filled = folder / path.name
    recalculate_file(path, read(config), today, output=filled)
    return rows(in_memory.book_of(Excel.open(filled)))


def test_button_and_batch_fill_every_cell_alike(
    book: xw.Book, example: Path, tmp_path: Path
) -> None:
    button.recalculate(book, TODAY)
    found = rows(book)
    assert found == from_batch(example, tmp_path, TODAY, shipped_path())
    assert {column_.key for column_ in FILLED} <= {
        key
        for key, headings in dict(read(shipped_path()).config.columns.filled).items()
        if headings[0] in found[0]
    }


def test_the_result_stands_in_the_status_bar_and_on_the_first_sheet(
    excel: Excel, book: xw.Book
) -> None:
    button.recalculate(book, TODAY)
    sentence = (
        r"11/21/2026, \d\d:\d\d: 518 cells changed\. "
        r"Contacts: 12 overdue, 7 due today\. Problems: 3\."
    )
    assert re.fullmatch(sentence, status(book))
    assert book.names["cb_result"].refers_to_range.value == status(book)
    assert excel.dialogs == []


def test_each_problem_leads_to_its_cell(book: xw.Book) -> None:
    button.recalculate(book, TODAY)
    first = book.names["cb_problems"].refers_to_range
    assert first.formula == """=HYPERLINK("#'Clients'!C33","Clients!C33")"""
    assert first.offset(0, 1).value == "'in May'"
    assert first.offset(0, 2).value.startswith("'in May' can't be read as a birthday")
    assert first.offset(3, 0).value is None
    assert first.offset(3, 2).value.startswith("Clients who bought but are Potential: 5.")


def test_problems_that_are_solved_leave_the_list(book: xw.Book) -> None:
    button.recalculate(book, TODAY)
    cell(book, "Birthday", 33).value = None
    button.recalculate(book, TODAY)
    first = book.names["cb_problems"].refers_to_range
    assert first.value == "Purchases!F480"
    assert first.offset(3, 2).value is None


def test_the_first_sheet_tells_after_the_button_what_it_tells_after_a_command(
    book: xw.Book, example: Path, tmp_path: Path
) -> None:
    button.recalculate(book, TODAY)
    filled = tmp_path / "filled.xlsx"
    recalculate_file(example, read(shipped_path()), TODAY, output=filled)
    other = in_memory.book_of(Excel.open(filled))

    def formulas(one: xw.Book) -> list[list[Any]]:
        return [list(row) for row in one.sheets["Start"].range("A1:F40").formula]

    def without_time(one: xw.Book) -> str:
        return re.sub(r"\d\d:\d\d", "", one.names["cb_result"].refers_to_range.value)

    result = book.names["cb_result"].refers_to_range.row - 1
    after_the_button, after_the_command = formulas(book), formulas(other)
    del after_the_button[result], after_the_command[result]
    assert after_the_command == after_the_button
    assert without_time(other) == without_time(book) != ""


def test_a_long_list_of_problems_is_cut(book: xw.Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("batch.recalculation.firstsheet.MOST_SHOWN", 2)
    button.recalculate(book, TODAY)
    first = book.names["cb_problems"].refers_to_range
    assert first.offset(2, 0).value is None
    assert first.offset(2, 2).value == "… and 1 more; clientbase check lists all of them"


def test_what_is_typed_and_not_saved_counts(book: xw.Book) -> None:
    cell(book, "Do not contact", 2).value = "yes"
    button.recalculate(book, TODAY)
    assert column(book, "Next contact")[0] is None


def test_a_second_click_changes_nothing(book: xw.Book) -> None:
    button.recalculate(book, TODAY)
    before = rows(book)
    button.recalculate(book, TODAY)
    assert "0 cells changed" in status(book)
    assert rows(book) == before


def test_only_cells_between_those_that_differ_are_written_in_one_call_a_column(
    excel: Excel, book: xw.Book
) -> None:
    button.recalculate(book, TODAY)
    for row in (5, 9):
        cell(book, "Channel", row).value = "smoke signs"
    cell(book, "Gift", 7).value = None
    excel.calls.clear()
    button.recalculate(book, TODAY)
    written = [place for what, place in excel.calls if what == "write value"]
    assert [place for place in written if place.startswith("Clients!")] == [
        "Clients!$AF$5:$AF$9",
        "Clients!$AG$7",
    ]


def test_each_table_is_read_in_one_call(excel: Excel, book: xw.Book) -> None:
    button.recalculate(book, TODAY)  # of the cells that it fills in the logs it also looks at each
    excel.calls.clear()
    button.recalculate(book, TODAY)
    read_blocks = [place for what, place in excel.calls if what == "read value"]
    for sheet in ("Purchases", "Contacts"):
        large = [one for one in read_blocks if one.startswith(sheet) and not one.endswith("$1")]
        assert len(large) == 1


def test_a_formula_in_a_filled_column_stays(book: xw.Book) -> None:
    button.recalculate(book, TODAY)
    cell(book, "Turnover", 2).value = 1
    cell(book, "Turnover", 3).formula = "=1+1"
    button.recalculate(book, TODAY)
    assert cell(book, "Turnover", 3).formula == "=1+1"
    assert cell(book, "Turnover", 2).value == 144420
    assert cell(book, "Turnover", 4).value is None
    texts = [row[2] for row in rows(book, "Start")]
    assert "Cells of the filled columns that hold a formula and were left alone: 1." in texts


def test_text_that_looks_like_a_date_stays_text(book: xw.Book) -> None:
    button.recalculate(book, dt.date(2027, 3, 8))
    assert "8 March" in column(book, "Contact reason")
    assert "8 March" in column(book, "Gift for")


@pytest.mark.parametrize("wish", ["=A1", "+7 call", "1-2", "TRUE", "@home", "8 March", "007"])
def test_her_words_are_never_taken_for_formulas_or_numbers(book: xw.Book, wish: str) -> None:
    contacts = book.sheets["Contacts"]
    headings = rows(book, "Contacts")[0]
    last = contacts.used_range.last_cell.row
    row = {"Date": dt.datetime(2026, 11, 20), "Client ID": "'101", "Next kind": f"'{wish}"}  # noqa: DTZ001
    row["Next date"] = dt.datetime(2026, 11, 21)  # noqa: DTZ001
    for heading, value in row.items():
        contacts.range((last, headings.index(heading) + 1)).value = value
    button.recalculate(book, TODAY)
    assert column(book, "Channel")[0] == wish
    assert not str(cell(book, "Channel", 2).formula).startswith("==")


def without_columns(example: Path, folder: Path, *, taken: bool = False) -> Path:
    """The example base as a plain table without the filled columns; *taken*: a note beside it."""
    workbook = openpyxl.load_workbook(example)
    clients = workbook["Clients"]
    (table,) = clients.tables.values()
    last = next(cell.column for cell in clients[1] if cell.value == "Group")
    clients.conditional_formatting = type(clients.conditional_formatting)()
    clients.delete_cols(last, clients.max_column)
    table.ref = f"A1:{openpyxl.utils.get_column_letter(last - 1)}{clients.max_row}"
    table.tableColumns = table.tableColumns[: last - 1]
    table.autoFilter.ref = table.ref
    for name in ("Charts", "Start"):
        del workbook[name]
    for name in list(workbook.defined_names):
        del workbook.defined_names[name]
    if taken:
        clients.cell(7, last + 3).value = "mine"
    workbook.save(folder / "mine.xlsx")
    return folder / "mine.xlsx"


def test_missing_columns_are_added_to_the_table(
    example: Path, book: xw.Book, tmp_path: Path
) -> None:
    _, mine = opened(without_columns(example, tmp_path))
    button.recalculate(mine, TODAY)
    assert "cells changed" in status(mine)
    button.recalculate(book, TODAY)
    assert rows(mine) == [row[: len(rows(mine)[0])] for row in rows(book)]
    (table,) = mine.sheets["Clients"].tables
    headings = table.header_row_range
    assert headings is not None
    assert headings.value == rows(mine)[0]
    assert cell(mine, "Next contact", 2).number_format == "m/d/yyyy"


def test_cells_in_the_way_are_named_and_nothing_is_written(example: Path, tmp_path: Path) -> None:
    excel, mine = opened(without_columns(example, tmp_path, taken=True))
    before = rows(mine)
    button.recalculate(mine, TODAY)
    assert rows(mine) == before
    sentence = told(excel)
    assert re.match(r"Sheet 'Clients': there is no room for the new columns Group, ABC", sentence)
    assert "(Z7)" in sentence


def refuse_write(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let Excel refuse the *number*-th write of values from now on."""
    put, left = in_memory._put, iter(range(1, 10_000))  # noqa: SLF001 — the call over COM itself

    def refusing(thing: object, name: str, value: object) -> None:
        if name == "Value" and next(left) == number:
            raise in_memory.ComError(1004, "The cell is on a protected sheet.")
        put(thing, name, value)

    monkeypatch.setattr(in_memory, "_put", refusing)


@pytest.mark.parametrize("write", [1, 2, 7, 14])
def test_a_write_that_excel_refuses_leaves_every_cell_as_it_was(
    excel: Excel, book: xw.Book, monkeypatch: pytest.MonkeyPatch, write: int
) -> None:
    cell(book, "Group", 2).value = "by hand"
    before, state = rows(book), settings(book)
    refuse_write(monkeypatch, write)
    button.recalculate(book, TODAY)
    assert rows(book) == before
    assert settings(book) == state
    sentence = told(excel)
    assert sentence.startswith("Excel doesn't let the program write on the sheet 'Clients';")
    assert sentence.endswith(f" Details: {log.FILE}")
    assert "The cell is on a protected sheet." in log.FILE.read_text(encoding="utf-8")
    assert status(book) == sentence


def test_columns_that_were_added_go_when_a_write_is_refused(
    example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, mine = opened(without_columns(example, tmp_path))
    before, width = rows(mine), next(iter(mine.sheets["Clients"].tables)).range.shape[1]
    refuse_write(monkeypatch, 5)
    button.recalculate(mine, TODAY)
    assert rows(mine) == before
    (table,) = mine.sheets["Clients"].tables
    assert table.range.shape[1] == width


def test_excel_calculates_and_draws_again_afterwards(book: xw.Book) -> None:
    book.app.calculation = "semiautomatic"
    state = settings(book)
    button.recalculate(book, TODAY)
    assert settings(book) == state


def test_a_wrong_heading_is_told_in_a_sentence(excel: Excel, book: xw.Book) -> None:
    cell(book, "Name", 1).value = "Who"
    button.recalculate(book, TODAY)
    sentence = told(excel)
    assert sentence.startswith("Sheet 'Clients' has no column 'Name' (headings found: ID, Who")
    assert book.names["cb_result"].refers_to_range.value == sentence
    assert settings(book) == (True, "automatic", True)


def test_wrong_rules_beside_the_workbook_are_told(example: Path, tmp_path: Path) -> None:
    path = tmp_path / example.name
    path.write_bytes(example.read_bytes())
    (tmp_path / "config.yaml").write_text("gifts: {persent: 2}\n", encoding="utf-8")
    excel, book = opened(path)
    button.recalculate(book, TODAY)
    sentence = told(excel)
    assert "gifts.persent: unknown key (did you mean 'percent'?)" in sentence


def test_the_rules_beside_the_workbook_count(example: Path, tmp_path: Path) -> None:
    path = tmp_path / example.name
    path.write_bytes(example.read_bytes())
    (tmp_path / "config.yaml").write_text("gifts: {token: Postcard}\n", encoding="utf-8")
    _, book = opened(path)
    button.recalculate(book, TODAY)
    assert "Postcard + card" in column(book, "Gift")


def test_the_russian_sheets_choose_the_russian_rules(tmp_path: Path) -> None:
    path = tmp_path / "base.xlsx"
    make_example(path, read(shipped_path("ru")).config, TODAY)
    _, book = opened(path)
    button.recalculate(book, TODAY)
    assert "изменено ячеек: 518" in status(book)


def test_a_mistake_of_the_program_is_a_sentence_and_a_log(
    excel: Excel, book: xw.Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        message = "internal"
        raise ZeroDivisionError(message)

    monkeypatch.setattr(button, "plan", broken)
    before = rows(book)
    button.recalculate(book, TODAY)
    assert rows(book) == before
    sentence = told(excel)
    assert sentence == (
        "Something went wrong inside the program; your workbook is as it was. Try once more; "
        f"if it stays so, show this file to whoever helps you: {log.FILE}"
    )
    assert "ZeroDivisionError: internal" in log.FILE.read_text(encoding="utf-8")
    assert settings(book) == (True, "automatic", True)


def test_without_a_workbook_nothing_is_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "FILE", tmp_path / "clientbase.log")
    monkeypatch.setattr(xw.Book, "caller", classmethod(lambda _: 1 / 0))
    button.recalculate()
    assert "ZeroDivisionError" in log.FILE.read_text(encoding="utf-8")


def test_a_program_that_cannot_be_loaded_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "FILE", tmp_path / "clientbase.log")
    monkeypatch.delattr("batch.live.button")
    monkeypatch.setitem(sys.modules, "batch.live.button", None)
    clicked.recalculate()
    assert "The program can't be loaded." in log.FILE.read_text(encoding="utf-8")


def test_the_log_stays_small_and_never_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "FILE", tmp_path / "clientbase.log")
    for _ in range(3):
        log.write("x" * 600_000, ValueError("y"))
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 2_000_000
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    monkeypatch.setattr(log, "FILE", tmp_path / "taken" / "clientbase.log")
    assert log.write("what", ValueError("y")) == log.FILE


def filtered(monkeypatch: pytest.MonkeyPatch, hidden: set[int]) -> None:
    """Let Excel write as it does under a filter that hides some rows of Clients: the first value of
    a block goes into each cell that shows, and nothing into the others.
    """
    put = in_memory._put  # noqa: SLF001 — the call over COM itself

    def written(thing: Any, name: str, value: Any) -> None:  # noqa: ANN401
        area: Any = getattr(thing, "first", None)
        rows_ = range(area.top, area.bottom + 1) if area is not None else range(0)
        if name != "Value" or thing.sheet.name != "Clients" or len(rows_) < 2:
            put(thing, name, value)
            return
        for row in set(rows_) - hidden:
            cell_ = thing.sheet.vba_get("Cells", [row, area.left])
            put(cell_, name, value[0][0])

    monkeypatch.setattr(in_memory, "_put", written)


def test_under_a_filter_every_row_gets_its_own_value(
    book: xw.Book, example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filtered(monkeypatch, {3, 4, 5, 20, 45})
    button.recalculate(book, TODAY)
    assert "518 cells changed" in status(book)
    monkeypatch.undo()
    assert rows(book) == from_batch(example, tmp_path, TODAY, shipped_path())


def test_a_value_that_excel_makes_something_else_of_is_noticed(
    excel: Excel, book: xw.Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(book)
    put = in_memory._put  # noqa: SLF001

    def changing(thing: Any, name: str, value: Any) -> None:  # noqa: ANN401
        is_ours = name == "Value" and str(value).find("VIP") >= 0
        put(thing, name, 1.0 if is_ours and not isinstance(value, (list, tuple)) else value)
        if is_ours:
            put(thing.sheet.vba_get("Cells", [2, thing.first.left]), name, 1.0)

    monkeypatch.setattr(in_memory, "_put", changing)
    button.recalculate(book, TODAY)
    assert rows(book) == before
    assert told(excel).startswith("Excel doesn't let the program write")
    assert "W2 doesn't hold what was written" in log.FILE.read_text(encoding="utf-8")


def test_cells_that_cannot_even_be_put_back_are_told(
    excel: Excel, book: xw.Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, left = in_memory._put, iter(range(1, 10_000))  # noqa: SLF001

    def refusing(thing: object, name: str, value: object) -> None:
        if name == "Value" and next(left) >= 3:
            raise in_memory.ComError(1004, "The disk is gone.")
        put(thing, name, value)

    monkeypatch.setattr(in_memory, "_put", refusing)
    button.recalculate(book, TODAY)
    assert told(excel).startswith("Excel stopped the program while it wrote on the sheet 'Clients'")


def test_numbers_in_cells_formatted_as_text_or_dates_are_numbers(book: xw.Book) -> None:
    place = rows(book)[0].index("Turnover") + 1
    book.sheets["Clients"].range((2, place), (45, place)).number_format = "@"
    place = rows(book)[0].index("Gift budget") + 1
    book.sheets["Clients"].range((2, place), (45, place)).number_format = "dd.mm.yyyy"
    button.recalculate(book, TODAY)
    assert column(book, "Turnover")[0] == 144420
    assert column(book, "Gift budget")[0] == 2599


def test_rules_beside_a_workbook_whose_folder_is_unknown_are_missed_aloud(
    book: xw.Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.yaml").write_text("gifts: {token: FOREIGN}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(xw.Book, "fullname", property(lambda _: 1 / 0))
    button.recalculate(book, TODAY)
    assert "Booklet + card" in column(book, "Gift")
    texts = [str(row[2]) for row in rows(book, "Start")]
    assert any(text.startswith("Excel doesn't tell in which folder") for text in texts)


ON_ONEDRIVE = "https://d.docs.live.net/1a2b3c4d5e6f7a8b/Work/base.xlsx"


def test_rules_beside_a_workbook_on_onedrive_count(
    book: xw.Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Work").mkdir()
    (tmp_path / "Work" / "base.xlsx").write_bytes(b"")
    (tmp_path / "Work" / "config.yaml").write_text("gifts: {token: HERS}\n", encoding="utf-8")
    monkeypatch.setenv("OneDrive", str(tmp_path))
    monkeypatch.setattr(OpenBook, "address", ON_ONEDRIVE)
    button.recalculate(book, TODAY)
    assert "HERS + card" in column(book, "Gift")


def test_on_onedrive_the_button_stops_rather_than_fill_by_other_rules(
    excel: Excel, book: xw.Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OneDrive", str(tmp_path))
    monkeypatch.setattr(OpenBook, "address", ON_ONEDRIVE)
    before = rows(book)
    button.recalculate(book, TODAY)
    assert rows(book) == before
    assert told(excel).startswith("This workbook lies on OneDrive or SharePoint")
    assert "nothing was written" in told(excel)


def test_one_client_and_one_filled_column_are_enough(tmp_path: Path) -> None:
    plain_base(tmp_path / "base.xlsx", [["ID", "Name", "Group"], ["1", "Anna"]])
    _, book = opened(tmp_path / "base.xlsx")
    button.recalculate(book, TODAY)
    assert column(book, "Group") == ["Potential"]
    assert rows(book)[0][3:] == [
        "ABC", "XYZ", "Stage", "Folder", "Turnover", "Last purchase", "Next contact",
        "Contact reason", "Channel", "Gift", "Gift budget", "Gift for", "Gift date",
    ]  # fmt: skip


def test_a_date_beyond_the_calendar_spoils_no_other_cell(
    book: xw.Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    get = in_memory._get  # noqa: SLF001

    def refusing(thing: Any, name: str, *args: object) -> Any:  # noqa: ANN401
        area = getattr(thing, "first", None)
        if (
            name == "Value"
            and area is not None
            and thing.sheet.name == "Purchases"
            and (area.top <= 7 <= area.bottom and area.left == 1)
        ):
            raise in_memory.ComError(6, "Overflow")
        return get(thing, name, *args)

    monkeypatch.setattr(in_memory, "_get", refusing)
    button.recalculate(book, TODAY)
    where = [row[0] for row in rows(book, "Start")]
    assert "Purchases!A7" in where


def plain_base(path: Path, rows_: list[list[Any]], merged: str = "") -> Path:
    """Clients on a plain sheet, without purchases."""
    workbook = openpyxl.Workbook()
    clients = workbook.active
    assert clients is not None
    clients.title = "Clients"
    for row in rows_:
        clients.append(row)
    if merged:
        clients.merge_cells(merged)
    workbook.create_sheet("Purchases").append(["Date", "Client ID", "Amount"])
    workbook.save(path)
    return path


def test_a_formula_that_shows_nothing_is_in_the_way_of_new_columns(tmp_path: Path) -> None:
    path = plain_base(tmp_path / "base.xlsx", [["ID", "Name"], ["1", "Anna", '=IF(1=2,1,"")']])
    excel, book = opened(path)
    button.recalculate(book, TODAY)
    assert "(C2)" in told(excel)
    assert book.sheets["Clients"].range("C2").formula == '=IF(1=2,1,"")'


def test_merged_cells_are_reported_and_the_others_filled(tmp_path: Path) -> None:
    people = [["1", "Anna"], ["2", "Olga"], ["3", "Rita"]]
    path = plain_base(tmp_path / "base.xlsx", [["ID", "Name", "Group"], *people], "C3:C4")
    excel, book = opened(path)
    button.recalculate(book, TODAY)
    assert excel.dialogs == []
    assert column(book, "Group")[:2] == ["Potential", "Potential"]
    assert column(book, "Stage") == ["Potential"] * 3
    assert "Problems: 1." in status(book)


def test_formats_and_error_cells_come_back_when_a_write_is_refused(
    book: xw.Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    turnover, reason = cell(book, "Turnover", 2), cell(book, "Group", 3)
    turnover.number_format = "dd.mm.yyyy"
    turnover.value = dt.datetime(2024, 1, 1)  # noqa: DTZ001
    reason.formula = "#N/A"
    before, formats = rows(book), turnover.number_format
    refuse_write(monkeypatch, 12)
    button.recalculate(book, TODAY)
    assert rows(book) == before
    assert turnover.number_format == formats
    assert reason.options(err_to_str=True).value == "#N/A"


def test_her_own_date_formats_stay(book: xw.Book) -> None:
    place = rows(book)[0].index("Next contact") + 1
    clients = book.sheets["Clients"]
    clients.range((2, place), (10, place)).number_format = "d mmm yyyy"
    clients.range((11, place)).number_format = "General"
    button.recalculate(book, TODAY)
    assert clients.range((2, place)).number_format == "d mmm yyyy"
    assert clients.range((11, place)).number_format == "m/d/yyyy"


def test_a_text_that_begins_like_a_formula_is_replaced(book: xw.Book) -> None:
    button.recalculate(book, TODAY)
    cell(book, "Channel", 2).value = "'=A1"
    button.recalculate(book, TODAY)
    assert cell(book, "Channel", 2).value == "meeting"


def test_a_first_sheet_that_cannot_be_written_loses_only_the_list(
    excel: Excel, book: xw.Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise in_memory.ComError(1004, "The sheet is protected.")

    monkeypatch.setattr("batch.live.result.show", refused)
    button.recalculate(book, TODAY)
    assert excel.dialogs == []
    assert "518 cells changed" in status(book)
    assert column(book, "Turnover")[0] == 144420
    assert "The sheet is protected." in log.FILE.read_text(encoding="utf-8")


def test_a_setting_that_excel_refuses_once_is_set_again(
    excel: Excel, book: xw.Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(button, "_MOMENT", 0)
    put = in_memory._put  # noqa: SLF001
    refused: list[object] = []

    def busy(thing: object, name: str, value: object) -> None:
        if name == "Calculation" and value == -4105 and not refused:
            refused.append(value)
            raise in_memory.ComError(-2147418111, "Call was rejected by callee.")
        put(thing, name, value)

    monkeypatch.setattr(in_memory, "_put", busy)
    button.recalculate(book, TODAY)
    assert refused
    assert settings(book) == (True, "automatic", True)
    assert excel.dialogs == []
