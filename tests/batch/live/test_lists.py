"""The button fills the sheets with lists, and takes over what she wrote on the list of the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw
from openpyxl.worksheet.worksheet import Worksheet

from batch.configuration import read, shipped_path
from batch.installation import log
from batch.live import button
from batch.live.opened import calculate_open, rules_of
from batch.live.workbook import OpenBook
from batch.making.example import make_example
from batch.recalculation.file import recalculate_file
from batch.recalculation.plan import plan
from rules.config.settings import Config
from rules.model.entries import HERS
from tests.batch.lists.made import BASE, LISTS, page
from tests.batch.simple_workbook import write
from tests.engines import in_memory
from tests.engines.in_memory import Excel

TODAY = dt.date(2026, 11, 21)
Entries = Mapping[int, tuple[Any, ...]]
"""What she writes into the white columns of the list, from Done on, by row: 1 is the first below
its headings.
"""

ENTRIES: Entries = {
    1: ("x", None),
    2: (None, "will order the cream"),
    3: ("SMS", "=1+1"),
    4: (dt.datetime(2026, 11, 19), None),  # noqa: DTZ001 — Excel knows no time zones
    5: ("-", "wasn't there"),
    6: ("was at home", "8 March"),
}
TAKEN = 5
MORE: Entries = {
    1: ("x", None, "+7", 1200.5),
    2: (None, "came", "tomorrow"),
    3: (None, None, None, "850+490"),
    7: ("x", "was at home", "some day", 5),
}
"""With Next date and Bought; the last is none of a contact."""
REASON, CHANNEL, DONE, RESULT, ID = 4, 5, 7, 8, 16
"""Where columns of the list stand."""


@pytest.fixture(scope="module", params=["en", "ru"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def config() -> Config:
    return read(shipped_path()).config


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example base as the batch has filled it."""
    return made(tmp_path_factory.mktemp("filled") / "base.xlsx", "en")


@pytest.fixture(autouse=True)
def logged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the log stands: nowhere near hers."""
    monkeypatch.setattr(log, "FILE", tmp_path / "log" / "clientbase.log")
    return log.FILE


def made(path: Path, language: str) -> Path:
    rules = read(shipped_path(language))
    make_example(path, rules.config, TODAY)
    recalculate_file(path, rules, TODAY)
    return path


def opened(path: Path) -> tuple[Excel, xw.Book]:
    """A workbook in an Excel of its own."""
    excel = Excel.open(path)
    return excel, in_memory.book_of(excel)


def cells(book: xw.Book, sheet: str) -> list[list[Any]]:
    """All cells of a sheet down to the last that holds anything; None where it shows nothing."""
    found: list[list[Any]] = book.sheets[sheet].used_range.options(ndim=2, err_to_str=True).value
    rows = [[None if cell == "" else cell for cell in row] for row in found]
    while rows and not any(cell is not None for cell in rows[-1]):
        rows.pop()
    return rows


def state(book: xw.Book) -> dict[str, object]:
    """All that a refused click may not change: formulas, formats, the size of tables."""
    found: dict[str, object] = {}
    for sheet in book.sheets:
        if sheet.index == 1:
            continue
        used = sheet.used_range
        rows, columns = used.shape
        formulas = used.formula
        while rows and not any(formulas[rows - 1]):
            rows -= 1
        tables = [(table.name, table.range.address) for table in sheet.tables]
        formats = [
            [sheet.range((row, column)).number_format for column in range(1, columns + 1)]
            for row in {*range(1, 9), rows}
            if row
        ]
        found[sheet.name] = (formulas[:rows], tables, formats)
    return found


def place(book: xw.Book, config: Config, key: str) -> tuple[int, int]:
    """The heading row of the list of the day, and the number of a column."""
    (heading,) = {names[0] for one, names in dict(config.columns.today).items() if one == key}
    rows = cells(book, config.sheets.today)
    row = next(number for number, row in enumerate(rows) if heading in row)
    return row + 1, rows[row].index(heading) + 1


def write_down(book: xw.Book, config: Config, entries: Entries = ENTRIES) -> None:
    """Write entries into the open workbook, each as she would type it."""
    sheet = book.sheets[config.sheets.today]
    for row, pair in entries.items():
        for key, value in zip(HERS, pair, strict=False):
            if value is not None:
                header, column = place(book, config, key)
                typed = f"'{value}" if isinstance(value, str) else value
                sheet.range((header + row, column)).value = typed


def written_down(path: Path, config: Config, target: Path, entries: Entries = ENTRIES) -> Path:
    """The same in a closed file."""
    workbook = openpyxl.load_workbook(path)
    sheet = workbook[config.sheets.today]
    headings = [cell.value for cell in sheet[4]]
    for row, pair in entries.items():
        for key, value in zip(HERS, pair, strict=False):
            if value is not None:
                at = headings.index(getattr(config.columns.today, key)[0]) + 1
                cell = sheet.cell(4 + row, at)
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"
    workbook.save(target)
    return target


def edited(path: Path, target: Path, change: Callable[[openpyxl.Workbook], None]) -> Path:
    """The workbook with something done to it."""
    workbook = openpyxl.load_workbook(path)
    change(workbook)
    workbook.save(target)
    return target


def sheet_of(workbook: openpyxl.Workbook, name: str) -> Worksheet:
    found = workbook[name]
    assert isinstance(found, Worksheet)
    return found


def contacts(book: xw.Book, config: Config) -> list[dict[str, Any]]:
    """The rows of Contacts by heading."""
    headings, *rows = cells(book, config.sheets.contacts)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def shown(book: xw.Book) -> list[str]:
    """What stands in the third column of the problem list: advice and notices."""
    first = book.names["cb_problems"].refers_to_range
    below = first.sheet.range(first, first.sheet.used_range.last_cell).options(ndim=2).value
    return [str(row[2]) for row in below if row[2]]


def where(book: xw.Book) -> list[str]:
    """The cells that the problem list names."""
    first = book.names["cb_problems"].refers_to_range
    below = first.sheet.range(first, first.sheet.used_range.last_cell).options(ndim=2).value
    return [str(row[0]) for row in below if row[0]]


def protect(book: xw.Book, sheet: str) -> None:
    book.sheets[sheet].api.vba_get("Protect", [])


def told(excel: Excel) -> str:
    """What the one message box showed."""
    ((_, prompt, _, _),) = excel.dialogs
    return str(prompt)


def refusing(monkeypatch: pytest.MonkeyPatch, is_refused: Callable[[str, int], bool]) -> list[str]:
    """Let Excel refuse writes of values; gives the sheets that were written, one entry a write."""
    put = in_memory._put  # noqa: SLF001 — the call over COM itself
    written: list[str] = []

    def guarded(thing: Any, name: str, value: object) -> None:  # noqa: ANN401
        if name == "Value":
            written.append(str(thing.sheet.name))
            if is_refused(written[-1], len(written)):
                raise in_memory.ComError(1004, "Excel is busy.")
        put(thing, name, value)

    monkeypatch.setattr(in_memory, "_put", guarded)
    return written


# The same as the batch ---------------------------------------------------------------------------


def test_button_and_batch_fill_the_lists_alike(language: str, tmp_path: Path) -> None:
    rules = read(shipped_path(language))
    make_example(tmp_path / "base.xlsx", rules.config, TODAY)
    recalculate_file(tmp_path / "base.xlsx", rules, TODAY, output=tmp_path / "filled.xlsx")
    excel, book = opened(tmp_path / "base.xlsx")
    button.recalculate(book, TODAY)
    assert excel.dialogs == []
    _, expected = opened(tmp_path / "filled.xlsx")
    sheets = rules.config.sheets
    for name in (sheets.today, sheets.birthdays, sheets.gifts, sheets.contacts, sheets.clients):
        assert cells(book, name) == cells(expected, name), name
        assert len(cells(book, name)) > 15


def test_button_and_batch_take_over_the_same_contacts(language: str, tmp_path: Path) -> None:
    rules = read(shipped_path(language))
    config, path = rules.config, made(tmp_path / "base.xlsx", language)
    recalculate_file(
        written_down(path, config, tmp_path / "hers.xlsx"),
        rules,
        TODAY,
        output=tmp_path / "filled.xlsx",
    )
    excel, book = opened(path)
    before = len(cells(book, config.sheets.contacts))
    write_down(book, config)
    button.recalculate(book, TODAY)
    assert excel.dialogs == []
    _, expected = opened(tmp_path / "filled.xlsx")
    sheets = config.sheets
    for name in (sheets.contacts, sheets.today, sheets.birthdays, sheets.gifts, sheets.clients):
        assert cells(book, name) == cells(expected, name), name
    assert len(cells(book, sheets.contacts)) == before + TAKEN
    (table,) = book.sheets[sheets.contacts].tables
    assert table.range.shape[0] == before + TAKEN


def test_button_and_batch_take_over_the_same_next_dates_and_purchases(
    language: str, tmp_path: Path
) -> None:
    rules = read(shipped_path(language))
    config, path = rules.config, made(tmp_path / "base.xlsx", language)
    hers = written_down(path, config, tmp_path / "hers.xlsx", MORE)
    recalculate_file(hers, rules, TODAY, output=tmp_path / "filled.xlsx")
    excel, book = opened(path)
    sheets = config.sheets
    before = [len(cells(book, name)) for name in (sheets.contacts, sheets.purchases)]
    write_down(book, config, MORE)
    for _ in range(2):
        button.recalculate(book, TODAY)
        assert excel.dialogs == []
        _, expected = opened(tmp_path / "filled.xlsx")
        for name in (sheets.contacts, sheets.purchases, sheets.today, sheets.clients):
            assert cells(book, name) == cells(expected, name), name
    after = [len(cells(book, name)) for name in (sheets.contacts, sheets.purchases)]
    assert after == [before[0] + 3, before[1] + 2]
    bought = [row[5] for row in cells(book, sheets.purchases)[-2:]]
    assert bought == [1200.5, 850 + 490]
    kept = [row[DONE : DONE + 4] for row in cells(book, sheets.today)[4:] if row[DONE]]
    day = f"{TODAY:%d.%m.%Y}" if language == "ru" else f"{TODAY:%m/%d/%Y}"
    assert kept == [[day, "was at home", "some day", "5"]]


# Never lost, never twice -------------------------------------------------------------------------


def test_what_she_wrote_stands_in_contacts_exactly_once(filled: Path, config: Config) -> None:
    _, book = opened(filled)
    listed = cells(book, "Today")[4:]
    before = contacts(book, config)
    write_down(book, config)
    for _ in range(3):
        button.recalculate(book, TODAY)
    new = contacts(book, config)[len(before) :]
    assert contacts(book, config)[: len(before)] == before
    assert [(one["Client ID"], one["Kind"], one["Result"]) for one in new] == [
        (listed[0][ID], listed[0][CHANNEL], None),
        (listed[1][ID], listed[1][CHANNEL], "will order the cream"),
        (listed[2][ID], "SMS", "=1+1"),
        (listed[3][ID], listed[3][CHANNEL], None),
        (listed[5][ID], listed[5][CHANNEL], "was at home; 8 March"),
    ]
    assert [one["Date"].date() for one in new] == [
        TODAY, TODAY, TODAY, dt.date(2026, 11, 19), TODAY,
    ]  # fmt: skip
    assert [one["Note"] for one in new] == [listed[at][REASON] for at in (0, 1, 2, 3, 5)]
    hers = [
        (row[ID], row[DONE], row[RESULT])
        for row in cells(book, "Today")[4:]
        if row[DONE] or row[RESULT]
    ]
    assert hers == [(listed[4][ID], "-", "wasn't there")]


def test_the_first_sheet_tells_how_many_were_taken_over(filled: Path, config: Config) -> None:
    _, book = opened(filled)
    write_down(book, config)
    button.recalculate(book, TODAY)
    assert "Contacts taken over from the sheet Today: 5." in shown(book)
    button.recalculate(book, TODAY)
    assert not any(text.startswith("Contacts taken over") for text in shown(book))


def test_a_second_click_writes_nothing_but_the_first_sheet(filled: Path, config: Config) -> None:
    excel, book = opened(filled)
    write_down(book, config)
    button.recalculate(book, TODAY)
    excel.calls.clear()
    button.recalculate(book, TODAY)
    assert {place_.split("!")[0] for what, place_ in excel.calls if "write" in what} == {"Start"}


def test_a_list_is_written_in_one_call_a_column(filled: Path, config: Config) -> None:
    excel, book = opened(filled)
    write_down(book, config, {1: ("x", None)})
    excel.calls.clear()
    button.recalculate(book, TODAY)
    written = [place_ for what, place_ in excel.calls if what == "write value"]
    assert len([one for one in written if one.startswith("Contacts!")]) <= 6
    assert len([one for one in written if one.startswith("Today!")]) <= 15 + 2


def test_worksheet_functions_take_nothing_over(filled: Path, config: Config) -> None:
    excel, book = opened(filled)
    write_down(book, config)
    before = state(book)
    excel.calls.clear()
    calculate_open(book, TODAY).answers()
    assert not [place_ for _, place_ in excel.calls if place_.startswith("Today!")]
    assert state(book) == before


def test_products_are_read_only_where_there_is_a_list(filled: Path, tmp_path: Path) -> None:
    def without_lists(workbook: openpyxl.Workbook) -> None:
        for name in ("Today", "Birthdays", "Gifts"):
            del workbook[name]
        # So that the products stand beside what is read in any case.
        purchases = sheet_of(workbook, "Purchases")
        headings = [cell.value for cell in purchases[1]][:4]
        assert headings == ["Date", "Client ID", "Client", "Product"]

    for path, has_lists in (
        (filled, True),
        (edited(filled, tmp_path / "mine.xlsx", without_lists), False),
    ):
        _, book = opened(path)
        workbook = OpenBook(book)
        found = plan(workbook, rules_of(workbook), TODAY)
        assert ("product" in found.base.tables["purchases"].details) is has_lists
        button.recalculate(book, TODAY)
        assert "0 cells changed" in str(book.app.status_bar)


def test_a_list_without_a_row_gets_its_headings_as_in_the_file(tmp_path: Path) -> None:
    sheets = {"Clients": [["ID", "Name"], ["001", "Anna"]], **LISTS}
    path = write(tmp_path / "base.xlsx", {**BASE, **sheets})
    rules = read(shipped_path())
    _, book = opened(path)
    button.recalculate(book, TODAY)
    recalculate_file(path, rules, TODAY)
    sheet = page(openpyxl.load_workbook(path), "Birthdays")
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(cells) == 4
    assert book.sheets["Birthdays"].used_range.options(ndim=2).value == cells


# Refused writes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("sheet", ["Contacts", "Clients", "Today", "Birthdays", "Gifts"])
def test_on_a_protected_sheet_everything_stays_as_it_was(
    filled: Path, config: Config, sheet: str
) -> None:
    excel, book = opened(filled)
    write_down(book, config)
    header, column = place(book, config, "reason")
    book.sheets["Today"].range((header + 1, column)).value = "by hand"
    book.sheets["Birthdays"].range("C6").value = "by hand"
    book.sheets["Gifts"].range("C6").value = "by hand"
    before = state(book)
    protect(book, sheet)
    button.recalculate(book, TODAY)
    assert state(book) == before
    assert told(excel).startswith(f"Excel doesn't let the program write on the sheet '{sheet}';")


def test_a_write_refused_in_the_middle_leaves_everything_as_it_was(
    filled: Path, config: Config
) -> None:
    """Each write in turn is the one that fails."""
    excel, book = opened(filled)
    write_down(book, config)
    before = state(book)
    hers = [cells(book, sheet) for sheet in ("Contacts", "Today")]
    failing, order = 0, []
    while not (failing and excel.dialogs == []):
        failing += 1
        excel.dialogs.clear()
        with pytest.MonkeyPatch.context() as patched:
            written = refusing(patched, nth(failing))
            button.recalculate(book, TODAY)
        if excel.dialogs:
            order.append(written[failing - 1])
            start = f"Excel doesn't let the program write on the sheet '{order[-1]}'"
            assert told(excel).startswith(start)
            assert [cells(book, sheet) for sheet in ("Contacts", "Today")] == hers
            if order[-2:-1] != order[-1:]:
                assert state(book) == before
    assert list(dict.fromkeys(order)) == ["Contacts", "Clients", "Today"]
    assert len(contacts(book, config)) == 80 + TAKEN


def nth(number: int) -> Callable[[str, int], bool]:
    """Tells whether a write is the *number*-th."""
    return lambda _sheet, at: at == number


def test_an_entry_that_cannot_leave_the_list_leaves_contacts_again(
    filled: Path, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    excel, book = opened(filled)
    write_down(book, config)
    before = state(book)
    refusing(monkeypatch, lambda sheet, _number: sheet == "Today")
    button.recalculate(book, TODAY)
    assert state(book) == before
    assert told(excel).startswith("Excel doesn't let the program write on the sheet 'Today'")


def test_purchases_leave_their_sheet_again_with_the_contacts(
    filled: Path, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    excel, book = opened(filled)
    write_down(book, config, MORE)
    before = state(book)
    order = refusing(monkeypatch, lambda sheet, _number: sheet == "Today")
    button.recalculate(book, TODAY)
    assert list(dict.fromkeys(order))[:4] == ["Contacts", "Purchases", "Clients", "Today"]
    assert state(book) == before
    assert told(excel).startswith("Excel doesn't let the program write on the sheet 'Today'")


def test_where_the_list_cannot_be_put_back_no_purchase_is_lost(
    filled: Path, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    excel, book = opened(filled)
    write_down(book, config, MORE)
    book.sheets["Birthdays"].range("C6").value = "by hand"
    before = len(cells(book, "Purchases"))
    logs = {"Contacts", "Purchases"}
    written: list[str] = []
    written = refusing(
        monkeypatch, lambda sheet, _number: "Birthdays" in written and sheet not in logs
    )
    button.recalculate(book, TODAY)
    assert "delete the double rows at the end of 'Contacts, Purchases'" in told(excel)
    assert len(cells(book, "Purchases")) == before + 2


def test_where_the_list_cannot_be_put_back_no_contact_is_lost(
    filled: Path, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    excel, book = opened(filled)
    write_down(book, config)
    book.sheets["Birthdays"].range("C6").value = "by hand"
    written: list[str] = []
    written = refusing(
        monkeypatch, lambda sheet, _number: "Birthdays" in written and sheet != "Contacts"
    )
    button.recalculate(book, TODAY)
    assert told(excel).startswith("Excel stopped the program while it wrote on the sheet 'Today'")
    assert "delete the double rows at the end of 'Contacts'" in told(excel)
    assert len(contacts(book, config)) == 80 + TAKEN


def test_a_list_that_cannot_be_put_back_without_entries_is_told_as_before(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    excel, book = opened(filled)
    for cell_ in ("B6", "C6"):
        book.sheets["Birthdays"].range(cell_).value = "by hand"
    refusing(monkeypatch, lambda _sheet, number: number > 1)
    button.recalculate(book, TODAY)
    assert told(excel).startswith(
        "Excel stopped the program while it wrote on the sheet 'Birthdays', and some grey cells"
    )


FORMULA = (
    "Here stands a formula, so nothing that you wrote on this sheet is taken over, and the list "
    "isn't renewed. Write plain words over it."
)


# What keeps entries on the list ------------------------------------------------------------------


def with_totals(workbook: openpyxl.Workbook) -> None:
    sheet = sheet_of(workbook, "Contacts")
    (table,) = sheet.tables.values()
    last = sheet.max_row + 1
    sheet.cell(last, 1).value = "Total"
    table.ref = f"A1:H{last}"
    table.autoFilter.ref = f"A1:H{last - 1}"
    table.totalsRowCount = 1


def with_something_below(workbook: openpyxl.Workbook) -> None:
    sheet_of(workbook, "Contacts").cell(83, 2).value = "my own sums"


def with_a_silent_formula_below(workbook: openpyxl.Workbook) -> None:
    sheet_of(workbook, "Contacts").cell(83, 2).value = '=IF(1=2,1,"")'


def with_merged_cells_below(workbook: openpyxl.Workbook) -> None:
    sheet_of(workbook, "Contacts").merge_cells("B82:C83")


@pytest.mark.parametrize(
    "change",
    [with_totals, with_something_below, with_a_silent_formula_below, with_merged_cells_below],
)
def test_without_room_in_contacts_entries_stay_and_are_told(
    filled: Path, config: Config, tmp_path: Path, change: Callable[[openpyxl.Workbook], None]
) -> None:
    excel, book = opened(edited(filled, tmp_path / "mine.xlsx", change))
    write_down(book, config, {1: ("x", None), 2: (None, "will order"), 3: ("SMS", None)})
    before = state(book)["Contacts"]
    button.recalculate(book, TODAY)
    assert excel.dialogs == []
    assert state(book)["Contacts"] == before
    advice = (
        "There is no room for new rows below the table on the sheet Contacts, so what you wrote "
        "stays here."
    )
    assert len([one for one in shown(book) if one.startswith(advice)]) == 3
    assert [one for one in where(book) if one.startswith("Today!")] == [
        "Today!H5", "Today!I6", "Today!H7",
    ]  # fmt: skip
    hers = [(row[DONE], row[RESULT]) for row in cells(book, "Today")[4:7]]
    assert hers == [("x", None), (None, "will order"), ("SMS", None)]


def test_without_contacts_entries_stay_and_are_told(
    filled: Path, config: Config, tmp_path: Path
) -> None:
    _, book = opened(
        edited(filled, tmp_path / "mine.xlsx", lambda one: one.remove(one["Contacts"]))
    )
    write_down(book, config, {1: ("x", None)})
    button.recalculate(book, TODAY)
    assert any(
        one.startswith("There is no sheet Contacts, so what you wrote") for one in shown(book)
    )
    assert [row[DONE] for row in cells(book, "Today")[4:] if row[DONE]] == ["x"]


def test_an_entry_that_a_formula_shows_stays(filled: Path, config: Config) -> None:
    _, book = opened(filled)
    header, column = place(book, config, "done")
    book.sheets["Today"].range((header + 1, column)).formula = '="x"'
    book.app.calculate()
    before = contacts(book, config)
    for _ in range(2):
        button.recalculate(book, TODAY)
    assert contacts(book, config) == before
    assert book.sheets["Today"].range((header + 1, column)).formula == '="x"'
    assert FORMULA in shown(book)
    assert [one for one in where(book) if one.startswith("Today!")] == ["Today!H5"]


def test_an_entry_for_an_unknown_client_stays_in_her_row(filled: Path, config: Config) -> None:
    _, book = opened(filled)
    header, column = place(book, config, "client_id")
    book.sheets["Today"].range((header + 1, column)).value = "'999"
    write_down(book, config, {1: ("x", "called"), 2: ("x", None)})
    button.recalculate(book, TODAY)
    assert len(contacts(book, config)) == 81
    (left,) = [row for row in cells(book, "Today")[4:] if row[DONE]]
    assert (left[DONE], left[RESULT], left[ID]) == ("11/21/2026", "called", "999")
    assert "No client '999', so what you wrote stays here. Correct the ID." in shown(book)
    button.recalculate(book, TODAY)
    assert len(contacts(book, config)) == 81


LATER = TODAY + dt.timedelta(days=3)


@pytest.mark.parametrize("hinder", [with_totals, with_something_below])
def test_while_entries_are_kept_back_the_list_keeps_its_day_and_rows(
    filled: Path, config: Config, tmp_path: Path, hinder: Callable[[openpyxl.Workbook], None]
) -> None:
    path = edited(filled, tmp_path / "mine.xlsx", hinder)
    _, book = opened(path)
    write_down(book, config, {1: ("x", None), 2: (None, "will order")})
    before = cells(book, "Today")
    for _ in range(2):
        button.recalculate(book, LATER)
        assert cells(book, "Today") == before
        named = [one for one in where(book) if one.startswith("Today!")]
        assert named == ["Today!H5", "Today!I6"]
    journal = cells(book, "Birthdays")
    assert journal[0][0] != before[0][0], "the other lists are those of the new day"


@pytest.mark.parametrize("formula", ['="x"', '=""', "=1+1", "=1/0"])
@pytest.mark.parametrize(("key", "row"), [("done", 3), ("result", 9)])
def test_a_formula_anywhere_among_the_entries_keeps_all_of_them_back(
    filled: Path, config: Config, formula: str, key: str, row: int
) -> None:
    _, book = opened(filled)
    header, column = place(book, config, key)
    cell = book.sheets["Today"].range((header + row, column))
    cell.formula = formula
    book.app.calculate()
    write_down(book, config, {1: ("x", None)})
    before, logged = cells(book, "Today"), contacts(book, config)
    button.recalculate(book, LATER)
    assert (cells(book, "Today"), contacts(book, config)) == (before, logged)
    named = [one for one in where(book) if one.startswith("Today!")]
    assert named == [f"Today!{'HI'[key == 'result']}{header + row}"]
    assert shown(book).count(FORMULA) == 1
    cell.value = None
    button.recalculate(book, LATER)
    (new,) = contacts(book, config)[len(logged) :]
    assert new["Date"].date() == TODAY


def test_on_a_list_dated_ahead_contacts_get_the_day_of_the_click(
    filled: Path, config: Config
) -> None:
    _, book = opened(filled)
    button.recalculate(book, LATER)
    write_down(book, config, {1: ("x", None), 2: ("11/20.", None)})
    button.recalculate(book, TODAY)
    days = [one["Date"].date() for one in contacts(book, config)[80:]]
    assert days == [TODAY, dt.date(2026, 11, 20)]


def test_a_day_that_stays_and_a_time_are_shown_as_she_writes_them(
    filled: Path, config: Config
) -> None:
    """Excel hands both over as a day with a time."""
    _, book = opened(filled)
    moment = dt.datetime.fromisoformat
    write_down(
        book,
        config,
        {1: (moment("2026-12-24"), "ordered"), 2: (moment("1899-12-30 10:30"), "came"), 3: (0.75, None)},
    )  # fmt: skip
    header, column = place(book, config, "done")
    book.sheets["Today"].range((header + 2, column)).number_format = "h:mm"
    button.recalculate(book, TODAY)
    assert [one["Result"] for one in contacts(book, config)[80:]] == ["10:30; came", "18:00"]
    (left,) = [row for row in cells(book, "Today")[4:] if row[DONE]]
    assert (left[DONE], left[RESULT]) == ("12/24/2026", "ordered")


def test_a_no_without_a_result_goes_with_its_client_and_one_with_it_stays(
    filled: Path, config: Config
) -> None:
    _, book = opened(filled)
    header, column = place(book, config, "client_id")
    for row in (1, 2):
        book.sheets["Today"].range((header + row, column)).value = f"'gone {row}"
    write_down(book, config, {1: ("-", None), 2: ("-", "moved away"), 3: (False, None)})
    button.recalculate(book, TODAY)
    rows = [
        (row[DONE], row[RESULT], row[ID])
        for row in cells(book, "Today")[4:]
        if row[DONE] or row[RESULT]
    ]
    assert [row[:2] for row in rows] == [("FALSE", None), ("-", "moved away")]
    assert rows[1][2] == "gone 2"
    assert not [one for one in where(book) if one.startswith("Today!")]


# Her own workbook --------------------------------------------------------------------------------


def as_plain(name: str) -> Callable[[openpyxl.Workbook], None]:
    def change(workbook: openpyxl.Workbook) -> None:
        sheet_of(workbook, name).tables.clear()

    return change


def test_contacts_on_a_plain_sheet_get_their_new_rows(
    filled: Path, config: Config, tmp_path: Path
) -> None:
    _, book = opened(edited(filled, tmp_path / "mine.xlsx", as_plain("Contacts")))
    sheet = book.sheets["Contacts"]
    last = sheet.used_range.last_cell.row
    sheet.range((2, 1), (last, 1)).number_format = "dd.mm.yy"
    sheet.range((last + 1, 1), (last + 9, 1)).number_format = "General"
    write_down(book, config)
    button.recalculate(book, TODAY)
    assert len(contacts(book, config)) == 80 + TAKEN
    assert sheet.range((last + 1, 1)).number_format == "dd.mm.yy"
    button.recalculate(book, TODAY)
    assert len(contacts(book, config)) == 80 + TAKEN


def test_blank_rows_of_the_table_are_used_first(
    filled: Path, config: Config, tmp_path: Path
) -> None:
    def with_blank_rows(workbook: openpyxl.Workbook) -> None:
        (table,) = sheet_of(workbook, "Contacts").tables.values()
        table.ref = table.autoFilter.ref = "A1:H84"

    _, book = opened(edited(filled, tmp_path / "mine.xlsx", with_blank_rows))
    write_down(book, config)
    button.recalculate(book, TODAY)
    assert len(contacts(book, config)) == 80 + TAKEN
    (table,) = book.sheets["Contacts"].tables
    assert table.range.address == "$A$1:$H$86"


def test_text_cells_take_ids_and_words_as_they_are(
    filled: Path, config: Config, tmp_path: Path
) -> None:
    def as_text(workbook: openpyxl.Workbook) -> None:
        for row in sheet_of(workbook, "Contacts").iter_rows(min_row=2, max_row=100):
            for cell in row[1:]:
                cell.number_format = "@"

    _, book = opened(edited(filled, tmp_path / "mine.xlsx", as_text))
    write_down(book, config, {1: ("+7 900", "=A1"), 2: ("1-2 kg", None), 3: ("x", "8 March")})
    button.recalculate(book, TODAY)
    new = contacts(book, config)[80:]
    assert [one["Result"] for one in new] == ["+7 900; =A1", "1-2 kg", "8 March"]
    assert all(isinstance(one["Client ID"], str) for one in new)


def test_under_a_filter_each_new_contact_gets_its_own_cells(
    filled: Path, config: Config, tmp_path: Path
) -> None:
    """Excel writes the first value of a block into each cell that shows, and into no other."""
    rules = read(shipped_path())
    written_down(filled, config, tmp_path / "hers.xlsx")
    recalculate_file(tmp_path / "hers.xlsx", rules, TODAY, output=tmp_path / "filled.xlsx")
    _, book = opened(filled)
    write_down(book, config)
    put = in_memory._put  # noqa: SLF001 — the call over COM itself

    def filtered(thing: Any, name: str, value: Any) -> None:  # noqa: ANN401
        area: Any = getattr(thing, "first", None)
        if name != "Value" or area is None or area.top == area.bottom:
            put(thing, name, value)
            return
        for row in range(area.top, area.bottom + 1):
            if row % 3:
                put(thing.sheet.vba_get("Cells", [row, area.left]), name, value[0][0])

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("batch.live.result.show", lambda *_: None)
        patched.setattr(in_memory, "_put", filtered)
        button.recalculate(book, TODAY)
    _, expected = opened(tmp_path / "filled.xlsx")
    for name in ("Contacts", "Today", "Birthdays", "Gifts", "Clients"):
        assert cells(book, name) == cells(expected, name), name


def test_an_empty_sheet_of_that_name_gets_the_list_with_its_headings(
    filled: Path, config: Config, tmp_path: Path
) -> None:
    def emptied(workbook: openpyxl.Workbook) -> None:
        for name in ("Today", "Birthdays", "Gifts"):
            del workbook[name]
            workbook.create_sheet(name)

    path = edited(filled, tmp_path / "mine.xlsx", emptied)
    recalculate_file(path, read(shipped_path()), TODAY, output=tmp_path / "filled.xlsx")
    excel, book = opened(path)
    button.recalculate(book, TODAY)
    assert excel.dialogs == []
    _, expected = opened(tmp_path / "filled.xlsx")
    for name in ("Today", "Birthdays", "Gifts"):
        assert cells(book, name) == cells(expected, name), name
    today = book.sheets["Today"]
    assert today.range("A4:B4").value == ["Day", "Due"]
    assert today.range("A4").color == (217, 217, 217)
    assert today.range("Q4").font.bold
    assert today.range("G1").column_width == 31
    assert today.range("A5").number_format == "m/d/yyyy"
    write_down(book, config)
    button.recalculate(book, TODAY)
    assert len(contacts(book, config)) == 80 + TAKEN


def test_an_empty_sheet_stays_empty_when_a_write_is_refused(filled: Path, tmp_path: Path) -> None:
    def emptied(workbook: openpyxl.Workbook) -> None:
        del workbook["Gifts"]
        workbook.create_sheet("Gifts")

    excel, book = opened(edited(filled, tmp_path / "mine.xlsx", emptied))
    with pytest.MonkeyPatch.context() as patched:
        refusing(patched, nth(4))
        button.recalculate(book, TODAY)
    gifts = book.sheets["Gifts"]
    assert told(excel).startswith("Excel doesn't let the program write on the sheet 'Gifts'")
    assert cells(book, "Gifts") == []
    assert (gifts.range("A4").color, gifts.range("A4").font.bold) == (None, False)


def test_a_sheet_with_something_else_is_left_alone_and_told(filled: Path, tmp_path: Path) -> None:
    def hers(workbook: openpyxl.Workbook) -> None:
        del workbook["Today"]
        workbook.create_sheet("Today")["B2"] = "dentist at 5"

    _, book = opened(edited(filled, tmp_path / "mine.xlsx", hers))
    button.recalculate(book, TODAY)
    assert cells(book, "Today")[-1][-1] == "dentist at 5"
    assert any(
        text.startswith("The sheet Today holds something else than the list of that name")
        for text in shown(book)
    )


def test_a_list_that_lost_a_heading_and_one_on_a_renamed_sheet_are_told(
    filled: Path, config: Config
) -> None:
    _, book = opened(filled)
    header, column = place(book, config, "done")
    heading = book.sheets["Today"].range((header, column))
    heading.value = "My marks"
    before = cells(book, "Today")
    button.recalculate(book, LATER)
    assert cells(book, "Today") == before
    assert any(one.startswith("The sheet Today lacks the heading Done, so") for one in shown(book))
    heading.value = "Done"
    book.sheets["Today"].name = "Calls"
    button.recalculate(book, LATER)
    assert any(
        one.startswith("The list stands on the sheet Calls, but your rules look for Today")
        for one in shown(book)
    )


def test_a_formula_of_hers_in_a_list_stays(filled: Path, config: Config) -> None:
    _, book = opened(filled)
    header, column = place(book, config, "wishes")
    wish = book.sheets["Today"].range((header + 2, column))
    wish.formula = '=1&" perfume"'
    write_down(book, config)
    button.recalculate(book, TODAY)
    assert wish.formula == '=1&" perfume"'


def test_rows_below_a_shorter_list_are_emptied(filled: Path) -> None:
    _, book = opened(filled)
    rows = cells(book, "Today")
    sheet = book.sheets["Today"]
    sheet.range((len(rows) + 1, 3)).value = "left over"
    sheet.range((len(rows) + 1, ID + 1)).value = "'101"
    button.recalculate(book, TODAY)
    assert cells(book, "Today") == rows
