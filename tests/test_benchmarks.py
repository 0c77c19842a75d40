"""The bases of `benchmarks/` are bases that a recalculation takes as they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from batch.base import read_base
from batch.configuration import read, shipped_path
from batch.recalculation.file import recalculate_file
from batch.xlsx.workbook import Workbook
from benchmarks import speed
from benchmarks.bases import base
from benchmarks.sizes import TODAY, Size

SMALL = Size(clients=60, purchases=900, contacts=40)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return base(tmp_path_factory.mktemp("bases"), SMALL, read(shipped_path()).config)


def test_a_made_base_is_filled_without_a_problem(made: Path) -> None:
    outcome = recalculate_file(made, read(shipped_path()), TODAY, dry_run=True)
    assert outcome.problems == ()
    assert len(outcome.result.columns) == 60
    assert {"A", "B", "C"} <= set(outcome.result.columns["abc"])
    assert outcome.changes


def test_a_made_base_has_as_many_rows_and_columns_as_it_is_asked_for(made: Path) -> None:
    workbook = Workbook.open(made)
    found = read_base(workbook, read(shipped_path()).config)
    assert len(found.clients.rows) == 60
    assert len(found.tables["purchases"].rows) == 900
    assert len(found.tables["contacts"].rows) == 40
    typed = [heading for at, heading in found.headings.items() if at not in found.filled.values()]
    assert len(typed) == 30


def test_two_bases_of_one_size_hold_the_same_cells(made: Path, tmp_path: Path) -> None:
    again = base(tmp_path, SMALL, read(shipped_path()).config)
    assert again.read_bytes() == made.read_bytes()


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "bases"
    path = base(folder, SMALL, read(shipped_path()).config)
    assert path.parent == folder
    assert path.is_file()


def test_a_base_that_is_there_is_not_made_anew(tmp_path: Path) -> None:
    (tmp_path / SMALL.file_name).write_bytes(b"made before")
    path = base(tmp_path, SMALL, read(shipped_path()).config)
    assert path.read_bytes() == b"made before"


def test_a_bare_base_has_no_sheets_with_lists(tmp_path: Path) -> None:
    rules = read(shipped_path()).config
    bare = base(tmp_path, replace(SMALL, has_lists=False), rules)
    names = {sheet.name for sheet in Workbook.open(bare).sheets}
    assert "Clients" in names
    assert not names & {"Today", "Birthdays", "Gifts"}
    assert "today" in rules.rooms.sheets


def test_the_table_tells_which_promises_were_kept() -> None:
    quick, slow = speed.Run(2.0, 1.0, 100_000_000), speed.Run(4.0, 4.0, 500_000_000)
    runs = {name: [quick] * 3 for name in (speed.READING, speed.FIRST, speed.NEXT)}
    runs |= {speed.OPENPYXL: [slow], speed.HELP: [speed.Run(0.2, 0.1, 1)]}
    runs[speed.SAME] = [speed.Run(0.9, 0.5, 1)]
    lines = list(speed.table(runs, SMALL, None))
    assert not [line for line in lines if "missed" in line]
    missed = list(speed.table({**runs, speed.FIRST: [slow] * 3}, SMALL, None))
    [line] = [line for line in missed if speed.FIRST in line]
    assert "| 4.00 s | 2.0 | 4.00 s | 4.0 | 500 MB |" in line
    assert "3 × reading: **missed**" in line
    assert "320 MB: **missed**" in line
    large = [one for one in speed.table(runs, SMALL, 0.1) if speed.FIRST in one]
    assert "5 × the usual base (here 10.0): **missed**" in large[0]
