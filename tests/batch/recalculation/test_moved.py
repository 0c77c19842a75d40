"""Who moved with a run: in its receipt, its summary, its JSON, and the list of runs."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import openpyxl
import pytest

from batch.configuration import Rules
from batch.history.receipts import receipts
from batch.recalculation.file import recalculate_file
from rules.moves import Move
from tests.bases import config
from tests.batch.simple_workbook import PURCHASES, TODAY, write
from tests.command_line import Run

LATER = dt.date(2027, 6, 1)
DAY, LATER_DAY = ("--today", "2026-11-21"), ("--today", "2027-06-01")
ANNA = Move("001", "Anna", "group", "Client", "Waiting", 4)
LOST = Move("001", "Anna", "stage", "New", "Lost", None)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write(tmp_path / "base.xlsx")


def test_a_first_fill_moves_nobody(base: Path) -> None:
    outcome = recalculate_file(base, Rules(config(), Path("config.yaml")), TODAY)
    assert outcome.changes
    assert outcome.moves == []
    assert receipts(base)[0].moves == ()


def test_the_receipt_tells_who_moved_and_which_rule_moved_them(base: Path) -> None:
    rules = Rules(config(), Path("config.yaml"))
    recalculate_file(base, rules, TODAY)
    outcome = recalculate_file(base, rules, LATER)
    assert outcome.moves[:2] == [ANNA, LOST]
    assert receipts(base)[-1].moves == tuple(outcome.moves)
    assert recalculate_file(base, rules, LATER).moves == []


def test_the_summary_and_its_json_tell_them(run: Run, base: Path) -> None:
    run("recalc", "base.xlsx", *DAY)
    looked = run("recalc", "base.xlsx", "--dry-run", *LATER_DAY)
    assert "  1 client became Waiting (Group, rule 4): Anna\n" in looked.out
    told = json.loads(run("recalc", "base.xlsx", "--json", *LATER_DAY).out)
    assert told["moves"][:2] == [ANNA._asdict(), LOST._asdict()]
    assert json.loads(run("recalc", "base.xlsx", "--json", *LATER_DAY).out)["moves"] == []
    assert base.exists()


def test_the_list_of_runs_counts_them(run: Run, base: Path) -> None:
    run("recalc", "base.xlsx", *DAY)
    run("recalc", "base.xlsx", *LATER_DAY)
    moves = [line.strip() for line in run("log", "base.xlsx").out.splitlines() if "Moves:" in line]
    assert len(moves) == 1
    assert moves[0].startswith("Moves: Group Client → Waiting 1, Stage New → Lost 1")
    assert base.exists()


def test_a_client_whose_last_purchase_is_deleted_leaves_her_class(run: Run, base: Path) -> None:
    run("recalc", "base.xlsx", *DAY)
    book = openpyxl.load_workbook(base)
    assert len(PURCHASES) == book["Purchases"].max_row
    book["Purchases"].delete_rows(2)
    book.save(base)
    out = run("recalc", "base.xlsx", *DAY).out
    assert "  1 client left " in out
    assert " (ABC): Anna\n" in out
