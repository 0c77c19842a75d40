"""Undo: the filled cells as they were before the last run, what she typed since left alone."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from batch.configuration import Rules
from batch.errors import FileInUse
from batch.history import receipts, undo, versions
from batch.history.undo import NothingToUndoError, Undoing
from batch.making.example import make_example
from batch.recalculation.file import recalculate_file
from batch.saving import disk
from batch.saving.replacement import save
from batch.xlsx.workbook import Workbook
from tests.bases import config
from tests.batch.simple_workbook import CLIENTS, PURCHASES, TODAY, Table, column, write

RULES = Rules(config(), Path("config.yaml"))
WITH_GROUP: Table = [
    [*CLIENTS[0], "Group", "Turnover"],
    *([*row, None, None] for row in CLIENTS[1:]),
]


def recalc(path: Path, days: int = 0) -> None:
    assert recalculate_file(path, RULES, TODAY + dt.timedelta(days)).written


def undone(path: Path) -> Undoing:
    return undo.undo(path, RULES)


def edit(path: Path, change: Callable[[Worksheet], object], sheet: str = "Clients") -> None:
    """What she does in a spreadsheet program, which writes the file in its own way."""
    workbook = openpyxl.load_workbook(path)
    change(workbook[sheet])
    workbook.save(path)


def at(path: Path, heading: str, row: int = 1) -> str:
    """The address of a filled cell, *row* counted from 1 below the headings."""
    sheet = openpyxl.load_workbook(path)["Clients"]
    [found] = [cell for cell in sheet[1] if cell.value == heading]
    return f"{found.column_letter}{row + 1}"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write(tmp_path / "base.xlsx", {"Clients": WITH_GROUP})


def test_the_file_is_the_one_before_to_the_byte_when_nothing_was_typed_since(base: Path) -> None:
    before = base.read_bytes()
    recalc(base)
    after = base.read_bytes()
    done = undone(base)
    assert base.read_bytes() == before
    assert (done.is_whole, done.kept, done.gone) == (True, 0, 0)
    assert done.restored == done.run.changed > 10
    assert done.backup is not None
    assert done.backup.read_bytes() == after


def test_undoing_again_goes_one_run_further_back(base: Path) -> None:
    states = [base.read_bytes()]
    for days in (0, 40, 80):
        recalc(base, days)
        states.append(base.read_bytes())
    for state in reversed(states[:-1]):
        undone(base)
        assert base.read_bytes() == state
    with pytest.raises(NothingToUndoError, match=r"'base\.xlsx': all its runs are undone already"):
        undone(base)
    assert [one.undoes for one in receipts.receipts(base)] == [None, None, None, 3, 2, 1]


def test_a_run_that_only_brought_the_figures_of_the_first_sheet_up_to_date_is_passed_over(
    tmp_path: Path,
) -> None:
    base = tmp_path / "example.xlsx"
    make_example(base, config(), TODAY)
    before = base.read_bytes()
    recalc(base)
    workbook = Workbook.open(base)
    start = workbook.sheet("Start")
    stale, count = re.subn(rb"</f><v>\d+</v>", b"</f><v>99</v>", workbook.data(start))
    assert count
    save(workbook.package, {start.part: stale})
    recalc(base)
    assert [one.changed > 0 for one in receipts.receipts(base)] == [True, False]
    assert undone(base).run.run == 1
    assert base.read_bytes() == before


def test_the_file_is_the_one_before_to_the_byte_when_only_figures_were_renewed_since(
    tmp_path: Path,
) -> None:
    base = tmp_path / "example.xlsx"
    make_example(base, config(), TODAY)
    before = base.read_bytes()
    recalc(base)
    after = base.read_bytes()
    [run] = receipts.receipts(base)
    owner = base.stat()
    later = run._replace(run=2, cells={}, functions={}, before=run.after, after="renewed")
    receipts.append(base, later, owner)
    sha = hashlib.sha256(after).hexdigest()
    receipts.append(base, later._replace(run=3, before="renewed", after=sha), owner)
    done = undone(base)
    assert (done.is_whole, base.read_bytes()) == (True, before)


def test_after_an_undo_cell_by_cell_the_figures_are_those_of_the_cells(tmp_path: Path) -> None:
    base = tmp_path / "example.xlsx"
    make_example(base, config(), TODAY)
    recalc(base)
    workbook = Workbook.open(base)
    notes = workbook.data(workbook.sheet("Contacts"))
    save(
        workbook.package, {workbook.sheet("Contacts").part: notes.replace(b"</row>", b"</row >", 1)}
    )
    assert not undone(base).is_whole
    sheet = openpyxl.load_workbook(base, data_only=True)["Start"]
    counts = [cell.value for row in sheet["A1:F12"] for cell in row if isinstance(cell.value, int)]
    assert counts
    assert set(counts) <= {0, 44}


def test_a_run_after_an_undo_can_be_undone_too(base: Path) -> None:
    recalc(base)
    undone(base)
    before = base.read_bytes()
    recalc(base, 40)
    assert undone(base).run.run == 3
    assert base.read_bytes() == before


def test_what_she_typed_since_stays_and_the_filled_cells_go_back(base: Path) -> None:
    recalc(base)
    edit(base, lambda sheet: sheet.append([dt.date(2026, 11, 20), "002", 700]), "Purchases")
    edit(base, lambda sheet: sheet.__setitem__("B2", "Anna Maria"))
    done = undone(base)
    assert (done.is_whole, done.kept, done.gone) == (False, 0, 0)
    assert column(base, "Group") == [None, None, None]
    assert column(base, "Next contact") == [None, None, None]
    assert column(base, "Name") == ["Anna Maria", "Olga", "Rita"]
    purchases = openpyxl.load_workbook(base)["Purchases"]
    assert [cell.value for cell in purchases[purchases.max_row]][1:] == ["002", 700]


def test_a_filled_cell_that_she_changed_since_is_left_alone(base: Path) -> None:
    recalc(base)
    edit(base, lambda sheet: sheet.__setitem__(at(base, "Group", 2), "Friend"))
    done = undone(base)
    assert done.kept == 1
    assert column(base, "Group") == [None, "Friend", None]


def test_the_values_before_come_back_as_what_they_were(tmp_path: Path) -> None:
    hers: Table = [
        [*CLIENTS[0], "Group", "Turnover", "Next contact", "Gift"],
        [*CLIENTS[1], "Stammkundin", 17.25, dt.date(2020, 2, 29), 5],
        [*CLIENTS[2], "  ", "unknown", "soon", True],
        [*CLIENTS[3], "007", -1, 3, None],
    ]
    base = write(tmp_path / "base.xlsx", {"Clients": hers})
    recalc(base)
    edit(base, lambda sheet: sheet.__setitem__("B2", "Anna Maria"))
    undone(base)
    assert column(base, "Group") == ["Stammkundin", "  ", "007"]
    assert column(base, "Turnover") == [17.25, "unknown", -1]
    assert column(base, "Next contact")[:2] == [dt.datetime(2020, 2, 29), "soon"]  # noqa: DTZ001
    assert column(base, "Gift")[0] == 5


def test_a_client_is_found_again_after_sorting_and_inserting_rows(base: Path) -> None:
    recalc(base)
    before_sorting = dict(zip(column(base, "ID"), column(base, "Group"), strict=True))
    recalc(base, 400)
    between = dict(zip(column(base, "ID"), column(base, "Group"), strict=True))
    assert between != before_sorting

    def sort(sheet: Worksheet) -> None:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(2)]
        for row, cells in enumerate(reversed(rows), 3):
            for number, value in enumerate(cells, 1):
                sheet.cell(row, number).value = value
        for number in range(1, sheet.max_column + 1):
            sheet.cell(2, number).value = {1: "new", 2: "Nora"}.get(number)

    edit(base, sort)
    done = undone(base)
    assert (done.kept, done.gone) == (0, 0)
    after = dict(zip(column(base, "ID"), column(base, "Group"), strict=True))
    assert after == {"new": None, **before_sorting}


def test_clients_and_columns_that_are_gone_are_counted(base: Path) -> None:
    recalc(base)
    cells = sum(receipts.receipts(base)[0].counts().values())
    edit(base, lambda sheet: sheet.delete_rows(3))
    edit(base, lambda sheet: sheet.__setitem__(at(base, "Turnover", 0), "My turnover"))
    done = undone(base)
    assert done.gone > 2
    assert done.restored + done.gone + len(done.run.added) == cells
    assert column(base, "My turnover") == [1200.5, 500]


def test_columns_that_the_run_added_stay_without_its_entries(base: Path) -> None:
    recalc(base)
    edit(base, lambda sheet: sheet.__setitem__("B2", "Anna Maria"))
    done = undone(base)
    assert "Next contact" in done.run.added
    assert column(base, "Next contact") == [None, None, None]
    [words] = [line for line in undo.lines(done, config()) if "added" in line]
    assert "Next contact" in words


def test_nothing_left_to_undo_is_told_and_noted_so_that_the_next_undo_goes_on(base: Path) -> None:
    recalc(base)
    recalc(base, 40)
    run = receipts.receipts(base)[-1]
    written = [
        cell for columns in run.cells.values() for cells in columns.values() for cell in cells
    ]

    def overwrite(sheet: Worksheet) -> None:
        for cell in written:
            sheet[cell] = "hers"

    edit(base, overwrite)
    hers = base.read_bytes()
    done = undone(base)
    assert (done.restored, done.kept, done.backup) == (0, run.changed, None)
    assert base.read_bytes() == hers
    assert next(undo.lines(done, config())).endswith("is left to be undone.")
    assert undone(base).run.run == 1


def test_without_the_version_before_the_receipt_is_enough(base: Path) -> None:
    recalc(base)
    for version in versions.versions(base):
        version.path.write_bytes(b"damaged")
    done = undone(base)
    assert not done.is_whole
    assert column(base, "Group") == [None, None, None]


def test_a_formula_that_she_put_in_a_filled_cell_stays(base: Path) -> None:
    recalc(base)
    cell = at(base, "Turnover")
    edit(base, lambda sheet: sheet.__setitem__(cell, "=1200+0.5"))
    undone(base)
    assert openpyxl.load_workbook(base)["Clients"][cell].value == "=1200+0.5"


def test_an_open_workbook_isnt_undone(base: Path) -> None:
    recalc(base)
    after = base.read_bytes()
    (base.parent / "~$base.xlsx").write_bytes(b"\x04Anna")
    with pytest.raises(FileInUse, match="open in Excel by Anna"):
        undone(base)
    assert base.read_bytes() == after


def test_a_renamed_workbook_has_no_runs_and_the_message_says_where_they_lie(base: Path) -> None:
    recalc(base)
    moved = base.with_name("other.xlsx")
    shutil.move(base, moved)
    with pytest.raises(NothingToUndoError, match=r"folder \.clientbase .* moved or renamed"):
        undone(moved)


def test_the_whole_way_back_needs_no_more_than_the_files(base: Path) -> None:
    recalc(base)
    assert {one.name for one in disk.history_folder(base).iterdir()} == {
        versions.versions(base)[0].path.name,
        "base.xlsx.runs.jsonl",
    }


def test_of_a_double_id_no_row_gets_the_figures_of_the_other(tmp_path: Path) -> None:
    clients: Table = [*CLIENTS, ["004", "Irina", None, None]]
    bought: Table = [*PURCHASES, [dt.date(2026, 11, 1), "004", 900]]
    base = write(tmp_path / "base.xlsx", {"Clients": clients, "Purchases": bought})
    recalc(base)
    filled = column(base, "Turnover")
    edit(base, lambda sheet: sheet.__setitem__("A5", "002"))
    recalc(base)
    edit(base, lambda sheet: sheet.__setitem__("A5", "004"))
    done = undone(base)
    assert column(base, "Turnover")[:3] == filled[:3]
    assert done.restored + done.kept + done.gone == done.run.changed
    assert done.gone > 5


def test_a_date_that_the_run_made_blank_comes_back_as_that_date(base: Path) -> None:
    recalc(base)
    before = column(base, "Next contact")
    edit(base, lambda sheet: sheet.__setitem__("E1", "Do not contact"))
    edit(base, lambda sheet: sheet.__setitem__("E2", "yes"))
    recalc(base)
    assert column(base, "Next contact")[0] is None
    edit(base, lambda sheet: sheet.__setitem__("B2", "Anna Maria"))
    undone(base)
    assert column(base, "Next contact") == before
    assert isinstance(before[0], dt.datetime)


def test_a_version_put_back_by_hand_counts_as_undone(base: Path) -> None:
    states = [base.read_bytes()]
    for days in (0, 400):
        recalc(base, days)
        states.append(base.read_bytes())
    base.write_bytes(versions.versions(base)[0].path.read_bytes())
    assert base.read_bytes() == states[1]
    assert undone(base).run.run == 1
    assert base.read_bytes() == states[0]


def test_undoing_many_runs_writes_no_version_for_each(base: Path) -> None:
    for days in range(0, 400, 40):
        recalculate_file(base, RULES, TODAY + dt.timedelta(days))
    runs = len(receipts.receipts(base))
    known = len(versions.versions(base))
    for _ in range(runs):
        assert undone(base).is_whole
    assert len(versions.versions(base)) == known + 1


def test_cells_of_our_functions_are_neither_brought_back_nor_missed(base: Path) -> None:
    edit(base, lambda sheet: sheet.__setitem__("Z2", "=CLIENT_GROUP(A2)"))
    recalc(base)
    [run] = receipts.receipts(base)
    assert run.functions["Clients"]["CLIENT_GROUP"]["Z2"].new == "Client"
    edit(base, lambda sheet: sheet.__setitem__("B2", "Anna Maria"))
    assert undone(base).gone == 0


def test_after_an_old_version_was_put_back_only_the_runs_before_it_are_undone(base: Path) -> None:
    states = [base.read_bytes()]
    for days in (0, 40, 200, 400):
        recalc(base, days)
        states.append(base.read_bytes())
    base.write_bytes(states[2])
    assert undone(base).run.run == 2
    assert base.read_bytes() == states[1]
    assert undone(base).run.run == 1
    assert base.read_bytes() == states[0]


def test_an_undo_cell_by_cell_minds_a_cell_far_from_all_others(base: Path) -> None:
    recalc(base)
    edit(base, lambda sheet: sheet.__setitem__("XFD1048576", "hers"))
    assert undone(base).restored > 10
    assert column(base, "Group")[:3] == [None, None, None]
