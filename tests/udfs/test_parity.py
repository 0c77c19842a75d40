"""The functions, called through xlwings' own code, give what the batch writes: for every client."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from python_calamine import load_workbook

from batch.base import read_base
from batch.configuration import Rules, read, shipped_path
from batch.making.example import make_example
from batch.making.new import make_base
from batch.recalculation.file import recalculate_file
from batch.xlsx.workbook import Workbook
from rules.answers import Answers, by_client
from rules.recalculation import recalculate
from tests.bases import HOUSE
from tests.engines.com_stubs import XlwingsOnWindows, com_time, workbook, xlwings_on_windows
from tests.surroundings import ROOT
from udfs import snapshots

TODAY, CDNOW_DAY = dt.date(2026, 11, 21), dt.date(1998, 7, 1)
BASE = "ClientBase.xlsm"


def answers(path: Path, rules: Rules, today: dt.date) -> Answers:
    """What the functions know of the workbook *path*."""
    base = read_base(Workbook.open(path), rules.config)
    result = recalculate(base.tables, rules.config, today)
    return Answers(result)


def filled(path: Path, rules: Rules) -> dict[str, list[object]]:
    """The columns of Clients by heading, as an independent reader finds them in the file."""
    headings, *rows = load_workbook(path).get_sheet_by_name(rules.config.sheets.clients).to_python()
    columns = zip(*(row for row in rows if row[0] != ""), strict=True)
    return dict(zip(map(str, headings), map(list, columns), strict=True))


@pytest.fixture
def windows() -> Iterator[XlwingsOnWindows]:
    with xlwings_on_windows() as found:
        yield found


def as_sent(cell: object) -> object:
    """A cell of the file as it goes to Excel."""
    return com_time(cell) if isinstance(cell, dt.date) else cell


def assert_alike(
    windows: XlwingsOnWindows,
    monkeypatch: pytest.MonkeyPatch,
    known: Answers,
    found: dict[str, list[object]],
    headings: dict[str, str],
) -> None:
    """Compare each function, given the whole column of IDs, with its filled column."""
    calculated = SimpleNamespace(answers=lambda: known)
    monkeypatch.setattr(snapshots, "calculate_open", lambda *_: calculated)
    monkeypatch.setattr(snapshots, "_snapshots", {})
    ids = tuple((key,) for key in found["ID"])

    def asked(module: str, function: str) -> Sequence[object]:
        column = windows.call(module, function, (ids, None, BASE))
        assert isinstance(column, tuple)
        return [cell for (cell,) in column]

    with windows.real_udf_module("udfs.functions") as module:
        name = module.__name__
        windows.call(name, "renew", (BASE,), workbook(BASE))
        for function, key in by_client(HOUSE).items():
            assert asked(name, function) == list(map(as_sent, found[headings[key]])), function
        classes = zip(found[headings["abc"]], found[headings["xyz"]], strict=True)
        assert asked(name, "CLIENT_CLASS") == [f"{abc}{xyz}" for abc, xyz in classes]


def headings(rules: Rules) -> dict[str, str]:
    return {key: names[0] for key, names in dict(rules.config.columns.filled).items()}


def test_the_functions_agree_with_the_batch_on_the_example_base(
    tmp_path: Path, windows: XlwingsOnWindows, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules, path = read(shipped_path()), tmp_path / "base.xlsx"
    make_example(path, rules.config, TODAY)
    recalculate_file(path, rules, TODAY)
    known = answers(path, rules, TODAY)
    assert_alike(windows, monkeypatch, known, filled(path, rules), headings(rules))


def test_the_functions_agree_with_the_batch_on_cdnow(
    tmp_path: Path, shared: Path, windows: XlwingsOnWindows, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules, path = read(ROOT / "examples" / "cdnow.yaml"), tmp_path / "cdnow.xlsx"
    make_base(path, rules.config, {"purchases": shared / "data" / "cdnow.txt"})
    recalculate_file(path, rules, CDNOW_DAY)
    found = filled(path, rules)
    assert len(found["ID"]) == 23570
    assert_alike(windows, monkeypatch, answers(path, rules, CDNOW_DAY), found, headings(rules))
