"""A recalculation leaves everything in a rich workbook as it was, but the filled cells."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openxml_audit import FileFormat, OpenXmlValidator, ValidationSeverity
from pyopenvba import check_file

from batch.configuration import read, shipped_path
from batch.recalculation.file import Outcome, recalculate_file
from tests.bases import FILLED
from tests.batch import rich_workbook
from tests.batch.rich_workbook import TODAY

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension:UserWarning")
SHEET = "xl/worksheets/sheet1.xml"
EXISTING = {"group": "E", "next_contact": "F"}


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Outcome]:
    """The workbook before and after, and what the run said.

    The columns to be added have room: the things at their right float above the cells.
    """
    folder = tmp_path_factory.mktemp("rich")
    before = rich_workbook.make(folder / "base.xlsm")
    after = folder / "filled.xlsm"
    outcome = recalculate_file(before, read(shipped_path()), TODAY, output=after)
    return before, after, outcome


def raw_members(path: Path) -> dict[str, tuple[bytes, zipfile.ZipInfo]]:
    """Every member's compressed bytes as they lie in the file, in its order."""
    with zipfile.ZipFile(path) as package, path.open("rb") as file:
        members = {}
        for info in package.infolist():
            file.seek(info.header_offset + 26)
            name, extra = (int.from_bytes(file.read(2), "little") for _ in range(2))
            file.seek(info.header_offset + 30 + name + extra)
            members[info.filename] = (file.read(info.compress_size), info)
        return members


def test_the_workbook_has_all_that_could_be_lost(workbook: tuple[Path, Path, Outcome]) -> None:
    names = set(raw_members(workbook[0]))
    assert {
        "xl/charts/chart1.xml",
        "xl/media/image1.png",
        "xl/vbaProject.bin",
        "xl/pivotTables/pivotTable1.xml",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
    } <= names
    sheet = zipfile.ZipFile(workbook[0]).read(SHEET)
    for thing in (b"conditionalFormatting", b"dataValidation", b"sparkline", b"legacyDrawing"):
        assert thing in sheet


def test_every_part_but_the_clients_sheet_is_byte_identical(
    workbook: tuple[Path, Path, Outcome],
) -> None:
    before, after = raw_members(workbook[0]), raw_members(workbook[1])
    assert list(after) == list(before)
    different = [name for name in before if after[name][0] != before[name][0]]
    assert different == [SHEET]
    for name, (_, info) in before.items():
        assert after[name][1].date_time == info.date_time
        assert after[name][1].external_attr == info.external_attr


def cells(sheet: bytes) -> dict[str, bytes]:
    """Every cell's own bytes by address."""
    found = re.findall(rb'<c r="([A-Z]+\d+)"[^>]*?(?:/>|>.*?</c>)', sheet, re.DOTALL)
    whole = re.findall(rb'<c r="[A-Z]+\d+"[^>]*?(?:/>|>.*?</c>)', sheet, re.DOTALL)
    return {a.decode(): cell for a, cell in zip(found, whole, strict=True)}


def test_every_cell_outside_the_filled_columns_is_unchanged(
    workbook: tuple[Path, Path, Outcome],
) -> None:
    old, new = (cells(zipfile.ZipFile(path).read(SHEET)) for path in workbook[:2])
    filled = {change.cell for change in workbook[2].changes}
    assert {a: c for a, c in new.items() if a not in filled} == {
        a: c for a, c in old.items() if a not in filled
    }
    assert filled & set(old) == {"F4", "F5", "F6"}


def test_what_stands_around_the_cells_is_unchanged(workbook: tuple[Path, Path, Outcome]) -> None:
    def around(path: Path) -> bytes:
        sheet = zipfile.ZipFile(path).read(SHEET)
        sheet = re.sub(rb'<c r="[A-Z]+\d+"[^>]*?(?:/>|>.*?</c>)', b"", sheet, flags=re.DOTALL)
        sheet = re.sub(rb"<cols>.*?</cols>", b"", sheet)
        return re.sub(rb' spans="[^"]*"|<dimension [^>]*>', b"", sheet)

    assert around(workbook[1]) == around(workbook[0])


def test_a_formula_in_a_filled_column_stays(workbook: tuple[Path, Path, Outcome]) -> None:
    sheet = openpyxl.load_workbook(workbook[1])["Clients"]
    assert sheet["E6"].value == '="by hand"'
    assert (
        "Cells of the filled columns that hold a formula and were left alone: 1."
        in workbook[2].notices
    )


def test_missing_columns_are_added_in_order_after_hers(
    workbook: tuple[Path, Path, Outcome],
) -> None:
    sheet = openpyxl.load_workbook(workbook[1])["Clients"]
    headings = [cell.value for cell in sheet[3]]
    names = dict(read(shipped_path()).config.columns.filled)
    assert headings[7:] == [names[c.key][0] for c in FILLED if c.key not in EXISTING]
    assert sheet["E4"].value == "Client"
    assert sheet["F4"].is_date


def test_the_macro_project_and_the_package_are_sound(
    workbook: tuple[Path, Path, Outcome],
) -> None:
    report = check_file(workbook[1])
    assert [issue for issue in report.issues if issue.severity == "error"] == []


def test_microsofts_validator_finds_nothing_new(workbook: tuple[Path, Path, Outcome]) -> None:
    def errors(path: Path) -> set[str]:
        result = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365).validate(str(path))
        return {
            f"{error.part_uri} {error.description}"
            for error in result.errors
            if error.severity is ValidationSeverity.ERROR
        }

    assert errors(workbook[1]) <= errors(workbook[0])
