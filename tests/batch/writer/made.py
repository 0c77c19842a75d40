"""New bases for tests, and what stands in them."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet
from pyopenvba.apps.excel import ExcelApplication

from batch.configuration import Rules
from batch.making.example import make_example
from batch.recalculation.file import recalculate_file
from batch.writer.base import write_base
from batch.writer.tables import SheetContent
from rules.config.settings import Config
from tests.bases import config

TODAY = dt.date(2026, 11, 21)


def empty() -> dict[str, SheetContent]:
    return {table: SheetContent({}, {}, 0) for table in ("clients", "purchases", "contacts")}


def made(tmp_path: Path, rules: Config | None = None, name: str = "base.xlsx") -> Path:
    """An empty base."""
    write_base(tmp_path / name, rules or config(), empty())
    return tmp_path / name


def filled_example(tmp_path: Path, rules: Config | None = None) -> Path:
    """The example base after a recalculation."""
    path = tmp_path / "example.xlsx"
    make_example(path, rules or config(), TODAY)
    recalculate_file(path, Rules(rules or config(), path), TODAY)
    return path


def sheet(path: Path, name: str) -> Worksheet:
    found = openpyxl.load_workbook(path)[name]
    assert isinstance(found, Worksheet)
    return found


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as package:
        return package.read(name).decode()


def computed(path: Path, name: str) -> dict[str, object]:
    """The formula cells of a sheet as a spreadsheet program computes them on TODAY."""
    excel = ExcelApplication.open(path)
    excel.freeze_clock(dt.datetime.combine(TODAY, dt.time(9)))
    view = excel.sheet(name)
    cells = [
        cell.coordinate
        for row in sheet(path, name).iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    for cell in cells:
        view.set_value(cell, view.formula(cell))
    return {cell: view.value(cell) for cell in cells}


def strings(formula: str) -> list[str]:
    """The texts within a *formula*."""
    return [text.replace('""', '"') for text in re.findall(r'"((?:[^"]|"")*)"', formula)]
