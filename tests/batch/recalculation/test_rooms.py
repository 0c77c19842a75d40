"""A room that she adds, in a workbook: made with it, filled, told once, and without a trace."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest

from batch.configuration import Rules, read, shipped_path
from batch.making.example import make_example
from batch.recalculation.file import recalculate_file

TODAY = dt.date(2026, 11, 21)
ROOMS = ("catalogues",)


@pytest.fixture(scope="module", params=["en", "ru"])
def rules(request: pytest.FixtureRequest) -> Rules:
    return read(shipped_path(request.param))


@pytest.fixture(scope="module")
def base(rules: Rules, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example base with all rooms that can be added, filled."""
    path = tmp_path_factory.mktemp("rooms") / "base.xlsx"
    make_example(path, rules.config, TODAY, ROOMS)
    outcome = recalculate_file(path, rules, TODAY)
    names = [rules.config.sheet(room) for room in ROOMS]
    assert [any(name in told for told in outcome.notices) for name in names] == [True] * len(ROOMS)
    return path


def test_its_columns_and_reports_are_filled(base: Path, rules: Rules) -> None:
    config, book = rules.config, openpyxl.load_workbook(base)
    for room in (config.rooms.extra[key] for key in ROOMS):
        for table in room.tables:
            rows = list(book[config.sheet(table.key)].values)
            for column in table.filled:
                at = rows[0].index(config.heading(table.key, column.key))
                assert any(row[at] is not None for row in rows[1:])
        for sheet in room.sheets:
            rows = list(book[config.sheet(sheet.key)].values)
            heading = config.heading(sheet.key, sheet.columns[0].key)
            below = next(at for at, row in enumerate(rows) if heading in row) + 1
            assert sum(any(cell is not None for cell in row) for row in rows[below:]) > 1


def test_a_second_run_changes_nothing_and_tells_nothing_of_it(base: Path, rules: Rules) -> None:
    outcome = recalculate_file(base, rules, TODAY)
    assert not outcome.changes
    assert not any(rules.config.sheet(room) in told for room in ROOMS for told in outcome.notices)


def test_a_workbook_without_it_is_the_one_that_it_was(rules: Rules, tmp_path: Path) -> None:
    path = tmp_path / "base.xlsx"
    make_example(path, rules.config, TODAY)
    with zipfile.ZipFile(path) as package:
        text = b"".join(package.read(name) for name in package.namelist()).decode("utf-8", "ignore")
    for key in ROOMS:
        room = rules.config.rooms.extra[key]
        keys = [*(one.key for one in room.tables), *(one.key for one in room.sheets)]
        assert not any(rules.config.sheet(one) in text for one in keys)


def test_a_sheet_of_its_name_that_lacks_a_heading_is_told_with_the_heading(
    rules: Rules, tmp_path: Path
) -> None:
    config, path = rules.config, tmp_path / "base.xlsx"
    make_example(path, config, TODAY)
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet(config.sheet("catalogues"))
    sheet.append([config.heading("catalogues", key) for key in ("date", "client_id")])
    book.save(path)
    (found,) = [
        one
        for one in recalculate_file(path, rules, TODAY).problems
        if one.sheet == config.sheet("catalogues")
    ]
    assert config.heading("catalogues", "catalogue") in found.advice


def test_rooms_off_leaves_a_sheet_of_its_name_alone(rules: Rules, tmp_path: Path) -> None:
    path = tmp_path / "base.xlsx"
    make_example(path, rules.config, TODAY, ROOMS)
    own = tmp_path / "config.yaml"
    own.write_text(
        f"based_on: {rules.config.based_on}\nrooms_off: [catalogues]\n", encoding="utf-8"
    )
    recalculate_file(path, read(own), TODAY)
    rows = list(openpyxl.load_workbook(path)[rules.config.sheet("catalogues")].values)
    at = rows[0].index(rules.config.heading("catalogues", "outcome"))
    assert not any(row[at] for row in rows[1:])
