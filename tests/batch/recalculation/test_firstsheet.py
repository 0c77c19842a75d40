"""What the first sheet tells after a run by command: who moved, what was found, how many clients."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from batch.configuration import Rules
from batch.history.undo import undo
from batch.making.example import make_example
from batch.recalculation.file import Outcome, recalculate_file
from batch.recalculation.firstsheet import CHANGES_ROWS, PROBLEMS, RESULT, change_lines
from batch.xlsx.workbook import open_book
from rules.moves import Move
from tests.bases import config
from tests.batch.simple_workbook import write

TODAY = dt.date(2026, 11, 21)
NOW = dt.datetime(2026, 11, 21, 9, 5, tzinfo=dt.UTC)
SENTENCES = [f"1 client left 0{number} (Group): Anna" for number in range(9)]


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (1, SENTENCES[:1]),
        (4, SENTENCES[:4]),
        (5, SENTENCES[:5]),
        (6, [*SENTENCES[:4], "… and 2 more kinds of move"]),
        (9, [*SENTENCES[:4], "… and 5 more kinds of move"]),
    ],
)
def test_the_day_and_at_most_five_sentences_fill_the_lines(kinds: int, expected: list[str]) -> None:
    found = [Move("1", "Anna", "group", f"{number:02}", "", None) for number in range(kinds)]
    lines = change_lines(found, config(), TODAY)
    assert lines[0] == "On 21.11.2026:"
    assert lines[1 : 1 + len(expected)] == expected
    assert lines[1 + len(expected) :] == [""] * (CHANGES_ROWS - 1 - len(expected))


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The example base, not filled yet."""
    path = tmp_path / "base.xlsx"
    make_example(path, config(), TODAY)
    return path


def recalc(path: Path, text: str = "", now: dt.datetime = NOW) -> Outcome:
    """A recalculation of which everything else in the file is proven to be as it was."""
    return recalculate_file(path, Rules(config(text), path), TODAY, verify=True, now=now)


def edit(path: Path, change: Callable[[openpyxl.Workbook], None]) -> None:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)


def listed(path: Path, name: str = "Start") -> list[tuple[object, ...]]:
    """The lines of the problem list, with what the first cells of them show."""
    place = open_book(path).named(PROBLEMS)
    assert place is not None
    page = openpyxl.load_workbook(path, data_only=True)[name]
    assert isinstance(page, Worksheet)
    rows = page.iter_rows(place[1], max(page.max_row, place[1]), 2, 4, values_only=True)
    return [row for row in rows if any(row)]


def result(path: Path) -> object:
    """The sentence of the last recalculation."""
    place = open_book(path).named(RESULT)
    assert place is not None
    return openpyxl.load_workbook(path)[place[0].name].cell(*place[1:]).value


def test_a_run_by_command_tells_what_it_did_and_lists_what_to_look_at(example: Path) -> None:
    outcome = recalc(example)
    assert result(example) == (
        "21.11.2026, 09:05: 518 cells changed. Contacts: 12 overdue, 7 due today. Problems: 3."
    )
    problems = [(f"{one.sheet}!{one.cell}", one.found, one.advice) for one in outcome.problems]
    *found, notice = listed(example)
    assert found == [tuple(text or None for text in line) for line in problems]
    assert str(notice[2]).startswith("Clients who bought but are Potential: 5.")


def test_a_problem_that_is_solved_leaves_the_list_and_the_others_move_up(example: Path) -> None:
    recalc(example)
    before = listed(example)
    edit(example, lambda book: book["Clients"].__setitem__("C33", None))
    recalc(example)
    assert listed(example) == before[1:]
    edit(example, lambda book: book["Clients"].__setitem__("C33", "in May"))
    recalc(example)
    assert listed(example) == before


def test_a_run_that_changes_nothing_leaves_the_sentence_of_the_last_one(example: Path) -> None:
    recalc(example)
    before = example.read_bytes()
    assert not recalc(example, now=NOW + dt.timedelta(hours=1)).written
    assert example.read_bytes() == before


def test_what_stands_in_the_list_goes_but_formulas_of_hers_stay(example: Path) -> None:
    def typed(book: openpyxl.Workbook) -> None:
        book["Start"]["C60"], book["Start"]["B25"] = "an old note", "=1+1"

    edit(example, typed)
    recalc(example)
    page = openpyxl.load_workbook(example)["Start"]
    assert page["C60"].value is None
    assert page["B25"].value == "=1+1"


def test_an_undo_brings_the_first_sheet_back_with_the_rest(example: Path) -> None:
    before = example.read_bytes()
    recalc(example)
    undo(example, Rules(config(), example))
    assert example.read_bytes() == before


def test_a_workbook_without_our_first_sheet_gets_none_of_it(tmp_path: Path) -> None:
    path = tmp_path / "hers.xlsx"
    write(path)
    outcome = recalc(path)
    assert outcome.written
    assert set(openpyxl.load_workbook(path).sheetnames) == {"Clients", "Purchases", "Contacts"}
    assert not outcome.plan.beside.changes


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_count_of_clients_is_that_of_the_run_though_rows_are_totals(
    tmp_path: Path, language: str
) -> None:
    path, text = tmp_path / "base.xlsx", f"based_on: {language}"
    rules = config(text)
    make_example(path, rules, TODAY)
    clients, start = rules.sheet("clients"), rules.sheet("start")

    def with_totals(book: openpyxl.Workbook) -> None:
        page = book[clients]
        for at, words in enumerate((("Total", None), ("Итого:", "всего"), (None, "sum")), 46):
            page.cell(at, 1, words[0])
            page.cell(at, 2, words[1])
        (table,) = page.tables.values()
        table.ref = table.ref.replace("45", "48")

    edit(path, with_totals)
    outcome = recalc(path, text)
    shown = openpyxl.load_workbook(path, data_only=True)[start]["B8"].value
    assert shown == int(outcome.result.known.clients.usable.sum()) == 44
