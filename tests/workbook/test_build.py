"""The shipped workbook is what its text says, and can be typed into and filled."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
from openxml_audit import FileFormat, OpenXmlValidator, ValidationSeverity
from pyopenvba import check_file

from batch.configuration import read, shipped_path
from batch.recalc import recalculate_file
from workbook.build import WORKBOOK, build

TODAY = dt.date(2026, 11, 21)


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_the_shipped_workbook_is_current(tmp_path: Path) -> None:
    """If not: python -m workbook.build."""
    build(tmp_path / "ClientBase.xlsm")
    assert parts(tmp_path / "ClientBase.xlsm") == parts(WORKBOOK)


def test_the_same_text_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.xlsm", "two.xlsm"):
        build(tmp_path / name)
    assert (tmp_path / "one.xlsm").read_bytes() == (tmp_path / "two.xlsm").read_bytes()


def test_the_package_is_sound_and_valid_for_microsofts_validator() -> None:
    assert [issue for issue in check_file(WORKBOOK).issues if issue.severity == "error"] == []
    result = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365).validate(str(WORKBOOK))
    assert [e for e in result.errors if e.severity is ValidationSeverity.ERROR] == []


def test_clients_typed_into_it_are_filled(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(WORKBOOK, keep_vba=True)
    workbook["Clients"]["A2"], workbook["Clients"]["B2"] = "1", "Anna"
    purchase = {"A2": dt.date(2026, 11, 19), "B2": "1", "E2": 900}
    for address, value in purchase.items():
        workbook["Purchases"][address] = value
    workbook.save(tmp_path / "mine.xlsm")
    outcome = recalculate_file(tmp_path / "mine.xlsm", read(shipped_path()), TODAY)
    assert outcome.counts("stage")["New"] == 1
    filled = openpyxl.load_workbook(tmp_path / "mine.xlsm")["Clients"]
    headings = [cell.value for cell in filled[1]]
    assert filled.cell(2, headings.index("Contact reason") + 1).value == "2 days after purchase"
