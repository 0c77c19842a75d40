"""Contacts that a run took over from the list of the day: in the list of runs, and after an undo."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from batch.history import journal, undo
from tests.bases import config
from tests.batch.lists.made import (
    RULES,
    edit,
    entries,
    new_contacts,
    note,
    page,
    plain_base,
    recalc,
)
from tests.batch.simple_workbook import TODAY
from tests.command_line import Run

DAY = ("--today", str(TODAY))
LATER = ("--today", str(TODAY + dt.timedelta(days=40)))
TAKEN = "Contacts taken over from the list of the day: "
STAY = "  Contacts that the run took over from the list of the day stay on their sheet: {}."


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return plain_base(tmp_path / "base.xlsx")


def typed(book: openpyxl.Workbook) -> None:
    page(book, "Clients")["B2"] = "Anna Petrova"


def test_the_list_of_runs_counts_them_for_each_run(run: Run, base: Path) -> None:
    note(base, {"001": ("x", "ordered"), "002": (None, "asked")})
    run("recalc", "base.xlsx", *DAY)
    run("recalc", "base.xlsx", *LATER)
    note(base, {"004": ("x", None)})
    run("recalc", "base.xlsx", *LATER)
    told = [line for line in run("log", "base.xlsx").out.splitlines() if TAKEN in line]
    assert told == [f"     {TAKEN}1", f"     {TAKEN}2"]


def test_an_undo_to_the_byte_takes_them_back_and_says_nothing_of_them(run: Run, base: Path) -> None:
    note(base, {"001": ("x", "ordered")})
    run("recalc", "base.xlsx", *DAY)
    done = run("undo", "base.xlsx")
    assert (done.code, "stay on their sheet" in done.out) == (0, False)
    assert new_contacts(base) == []
    assert entries(base) == {"001": ("x", "ordered")}


def test_an_undo_of_cells_says_that_they_stay(run: Run, base: Path) -> None:
    note(base, {"001": ("x", "ordered"), "002": (None, "asked")})
    run("recalc", "base.xlsx", *DAY)
    edit(base, typed)
    done = run("undo", "base.xlsx")
    assert done.code == 0
    assert STAY.format(2) in done.out.splitlines()
    assert [row[1] for row in new_contacts(base)] == ["001", "002"]
    assert entries(base) == {}


def test_an_undo_of_a_run_that_took_none_over_says_nothing_of_them(run: Run, base: Path) -> None:
    run("recalc", "base.xlsx", *LATER)
    edit(base, typed)
    done = run("undo", "base.xlsx")
    assert (done.code, "stay on their sheet" in done.out) == (0, False)


def test_both_are_told_in_russian(base: Path) -> None:
    rules = config("based_on: ru")
    note(base, {"001": ("x", "ordered")})
    recalc(base)
    edit(base, typed)
    assert "     Контактов перенесено из списка дня: 1" in list(journal.lines(base, rules))
    assert (
        "  Контакты, перенесённые тем расчётом из списка дня, остались на своём листе: 1."
    ) in list(undo.lines(undo.undo(base, RULES), rules))
