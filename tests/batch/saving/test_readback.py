"""What was written is read back by another reader."""

import datetime as dt
from pathlib import Path

import pytest

from batch import errors
from batch.cells import parse_address
from batch.saving.readback import read_back
from tests.batch.xlsx import parts as made


def cells(values: dict[str, object]) -> list[tuple[int, int, object]]:
    return [(*parse_address(cell), value) for cell, value in values.items()]


def test_read_back_compares_values_with_another_reader(tmp_path: Path) -> None:
    rows = (
        '<row r="3"><c r="C3" s="1"><v>45351</v></c><c r="D3" t="str"><v>a</v></c>'
        '<c r="E3"><v>0.30000000000000004</v></c><c r="F3" s="1"><v>45351.25</v></c></row>'
    )
    path = made.written(tmp_path, made.parts(made.sheet(rows)))
    good: dict[str, object] = {
        "C3": dt.date(2024, 2, 29), "D3": "a", "E3": 0.1 + 0.2, "F3": dt.datetime(2024, 2, 29, 6),  # noqa: DTZ001
        "A1": None, "Z99": None,
    }  # fmt: skip
    read_back(path, "Clients", cells(good))
    for cell, wrong in (
        ("C3", dt.date(2024, 3, 1)),
        ("D3", None),
        ("E3", 0.3),
        ("A1", "x"),
        ("E3", "0.3"),
    ):
        with pytest.raises(errors.NotVerified, match=f"cell {cell} holds"):
            read_back(path, "Clients", cells({**good, cell: wrong}))
    with pytest.raises(errors.NotVerified, match="another reader"):
        read_back(path, "Nowhere", cells(good))
