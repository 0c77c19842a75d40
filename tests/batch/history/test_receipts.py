"""Receipts: one JSON line for each run that changed the workbook."""

import datetime as dt
import json
import tracemalloc
from pathlib import Path

import pytest

from batch.history import receipts
from batch.history.receipts import RECALCULATED, Receipt, Written
from batch.saving import disk
from rules.moves import Move
from rules.reading.cells import CellError

CELLS = {
    "Clients": {
        "Group": {"D2": Written("17", None, "VIP"), "D3": Written("18", "Клиент «А»", None)},
        "Next contact": {"E2": Written("17", dt.date(2026, 3, 8), "in May")},
    },
    "Report": {"CLIENT_CLASS": {"B2": Written("", CellError("#N/A"), True), "B3": Written("", 0.1, 2.5)}},
}  # fmt: skip


def receipt(run: int, before: str = "a", after: str = "b") -> Receipt:
    return Receipt(
        run=run, when="2026-03-08T09:30:00+00:00", what=RECALCULATED, today="2026-03-08",
        config="config.yaml", config_sha256="c0ffee", program="0.1.0", seconds=0.25, cells=CELLS,
        before=before, after=after, backup="B.xlsx", added=["Group"],
    )  # fmt: skip


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "Base.xlsx"
    path.write_bytes(b"now")
    disk.private_folder(disk.history_folder(path), path.stat())
    return path


OLD = """{"run":1,"when":"2026-03-08T09:30:00+00:00","what":"recalc","today":"2026-03-08",\
"config":"config.yaml","config_sha256":"2b5b056a","program":"0.2.0","seconds":1,"cells":{"Clients":{\
"Group":{"E2":["001",null,"Client"]},"Turnover":{"J2":["001",1200,1200.5]},\
"Last purchase":{"K2":["001",{"date":"2025-11-19"},{"date":"2026-03-01T10:15:00"}]}}},\
"before":"75d98b6f","after":"49e7abd0","backup":"base 2026-03-08 09.30.00.xlsx","undoes":null,\
"added":["Group"],"functions":{"Report":{"CLIENT_CLASS":{"B2":["","#N/A",true]}}},"figures":{}}
"""
"""As version 0.2 wrote it, which knew neither lists nor moves."""


def append(workbook: Path, *ones: Receipt) -> None:
    for one in ones:
        receipts.append(workbook, one, workbook.stat())


def test_a_receipt_is_read_as_it_was_written(workbook: Path) -> None:
    append(workbook, receipt(1), receipt(2))
    assert receipts.receipts(workbook) == [receipt(1), receipt(2)]
    assert receipts.number_after(workbook) == 3


def test_a_receipt_of_an_older_version_is_read(workbook: Path) -> None:
    receipts.path_of(workbook).write_text(OLD, "utf-8")
    [read] = receipts.receipts(workbook)
    assert read == Receipt(
        run=1, when="2026-03-08T09:30:00+00:00", what=RECALCULATED, today="2026-03-08",
        config="config.yaml", config_sha256="2b5b056a", program="0.2.0", seconds=1.0,
        cells={
            "Clients": {
                "Group": {"E2": Written("001", None, "Client")},
                "Turnover": {"J2": Written("001", 1200.0, 1200.5)},
                "Last purchase": {
                    "K2": Written("001", dt.date(2025, 11, 19), dt.datetime(2026, 3, 1, 10, 15))  # noqa: DTZ001
                },
            }
        },
        before="75d98b6f", after="49e7abd0", backup="base 2026-03-08 09.30.00.xlsx", added=["Group"],
        functions={"Report": {"CLIENT_CLASS": {"B2": Written("", "#N/A", True)}}},
    )  # fmt: skip
    append(workbook, receipt(2))
    assert receipts.receipts(workbook) == [read, receipt(2)]


def test_a_name_that_is_no_text_and_whole_numbers_are_kept_too(workbook: Path) -> None:
    cells = {"Clients": {"Turnover": {"J2": Written("1", None, 5), "J3": Written("2", 2, True)}}}
    kept = receipt(1)._replace(backup="\udce9.xlsx", cells=cells)
    append(workbook, kept)
    assert receipts.receipts(workbook) == [kept]


def test_a_line_is_json_that_tells_when_which_rules_which_cells_and_how_long(
    workbook: Path,
) -> None:
    append(workbook, receipt(1))
    [line] = receipts.path_of(workbook).read_text("utf-8").splitlines()
    told = json.loads(line)
    assert (told["when"], told["config_sha256"], told["seconds"]) == (
        "2026-03-08T09:30:00+00:00", "c0ffee", 0.25
    )  # fmt: skip
    assert told["cells"]["Clients"]["Group"]["D2"] == ["17", None, "VIP"]
    assert told["cells"]["Clients"]["Next contact"]["E2"] == [
        "17",
        {"date": "2026-03-08"},
        "in May",
    ]
    assert told["cells"]["Report"]["CLIENT_CLASS"]["B2"] == ["", "#N/A", True]


def test_cells_are_counted_by_their_heading() -> None:
    assert receipt(1).counts() == {"Group": 2, "Next contact": 1, "CLIENT_CLASS": 2}
    assert receipt(1).changed == 5


def test_without_any_run_there_is_none(workbook: Path) -> None:
    assert receipts.receipts(workbook) == []
    assert receipts.number_after(workbook) == 1
    receipts.settle(workbook, "a")


def test_lines_that_cant_be_read_are_skipped(workbook: Path) -> None:
    append(workbook, receipt(1))
    with receipts.path_of(workbook).open("ab") as file:
        file.write(b'not json\n{"run": 7}\n\xff\xfe\n[]\n')
    append(workbook, receipt(2))
    assert receipts.receipts(workbook) == [receipt(1), receipt(2)]


@pytest.mark.parametrize(("unfinished", "left"), [("b", []), ("x", [1])])
def test_after_a_kill_the_receipt_of_what_didnt_come_to_its_place_goes(
    workbook: Path, unfinished: str, left: list[int]
) -> None:
    append(workbook, receipt(1, "a", "b"))
    receipts.settle(workbook, unfinished)
    assert [one.run for one in receipts.receipts(workbook)] == left
    assert receipts.path_of(workbook).exists() == bool(left)


def test_after_a_kill_a_half_written_line_goes(workbook: Path) -> None:
    append(workbook, receipt(1), receipt(2))
    path = receipts.path_of(workbook)
    content = path.read_bytes()
    for cut in range(1, len(content) // 2, 97):
        path.write_bytes(content[:-cut])
        receipts.settle(workbook, "x")
        assert path.read_bytes() == content[: len(content) // 2]


def test_the_last_line_is_found_behind_very_long_ones(workbook: Path) -> None:
    many = {f"D{row}": Written(str(row), None, "x" * 50) for row in range(4000)}
    long = receipt(1, "a", "b")._replace(cells={"Clients": {"Group": many}})
    append(workbook, long, long._replace(run=2, before="b", after="c"))
    receipts.settle(workbook, "c")
    assert receipts.receipts(workbook) == [long]


def test_of_a_long_receipt_little_is_read_and_no_copy_is_made(workbook: Path) -> None:
    """What a run writes behind it, and the number of the next one, take no memory for it all."""
    many = {f"D{row}": Written(str(row), None, "x" * 500) for row in range(20_000)}
    append(workbook, receipt(6)._replace(cells={"Clients": {"Group": many}}))
    size = receipts.size(workbook)
    assert size > 10_000_000
    tracemalloc.start()
    assert receipts.number_after(workbook) == 7
    append(workbook, receipt(7))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < size / 4
    assert receipts.number_after(workbook) == 8


@pytest.mark.parametrize("torn", [b'{"run":2,"wh', b"\0" * 40])
def test_a_receipt_behind_a_torn_line_stands_on_its_own(workbook: Path, torn: bytes) -> None:
    append(workbook, receipt(1))
    with receipts.path_of(workbook).open("ab") as file:
        file.write(torn)
    assert receipts.number_after(workbook) == 2
    append(workbook, receipt(2))
    assert receipts.receipts(workbook) == [receipt(1), receipt(2)]


STRANGE: dict[str, list[object]] = {
    "run": ["1", None, [1], 1.5],
    "when": [None, 5, "yesterday"],
    "seconds": ["1"],
    "config": [None],
    "config_sha256": [7],
    "undoes": [[1], "1"],
    "added": [5, [1]],
    "backup": [None, 5, "../../etc/passwd", "a\0b", "/etc/passwd"],
    "cells": [
        5, {"Clients": 5}, {"Clients": {"Group": 5}}, {"Clients": {"Group": {"D2": 5}}},
        {"Clients": {"Group": {"D2": [[], None, "a"]}}},
        {"Clients": {"Group": {"D2": ["1", [], "a"]}}},
        {"Clients": {"Group": {"D2": ["1", {"date": "never"}, "a"]}}},
        {"Clients": {"Group": {"D2": ["1", 10**400, "a"]}}},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in STRANGE.items() for value in values]
)
def test_a_receipt_that_was_tampered_with_is_none(workbook: Path, name: str, value: object) -> None:
    append(workbook, receipt(1))
    path = receipts.path_of(workbook)
    facts = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**facts, name: value}) + "\n", "utf-8")
    assert receipts.receipts(workbook) == []
    assert receipts.number_after(workbook) == 1


def test_a_line_of_brackets_is_no_receipt(workbook: Path) -> None:
    receipts.path_of(workbook).write_bytes(b"[" * 200_000 + b"\n")
    assert receipts.receipts(workbook) == []


def test_the_oldest_receipts_go_when_there_are_too_many(workbook: Path) -> None:
    append(workbook, *(receipt(run) for run in range(1, 11)))
    receipts.thin_out(workbook, receipts.size(workbook) - 1, workbook.stat())
    assert [one.run for one in receipts.receipts(workbook)] == [7, 8, 9, 10]


def test_the_moves_of_a_run_are_read_as_they_were_written(workbook: Path) -> None:
    moves = (
        Move("C014", "Anna «Ё»", "group", "Client", "Waiting", 4),
        Move("7", "", "xyz", "X", "", None),
    )
    append(workbook, receipt(1)._replace(moves=moves))
    assert receipts.receipts(workbook)[0].moves == moves


def test_a_receipt_of_before_moves_were_kept_stays_readable(workbook: Path) -> None:
    append(workbook, receipt(1))
    path = receipts.path_of(workbook)
    told = json.loads(path.read_text("utf-8"))
    del told["moves"]
    path.write_text(json.dumps(told) + "\n", "utf-8")
    assert receipts.receipts(workbook) == [receipt(1)]


@pytest.mark.parametrize(
    "moves",
    [7, [7], [["a"]], [["a", "b", "group", "c", 4, 1]], [["a", "b", "group", "c", "d", "1"]]],
)
def test_a_receipt_with_moves_that_are_none_is_skipped(workbook: Path, moves: object) -> None:
    append(workbook, receipt(1))
    path = receipts.path_of(workbook)
    told = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(told | {"moves": moves}) + "\n", "utf-8")
    assert receipts.receipts(workbook) == []
