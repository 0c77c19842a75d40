"""The macro workbook that is made of a plain one."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from lxml import etree
from pyopenvba import ExcelFile, check_file
from pyopenvba.vba import VBAModuleKind, split_attribute_header

from batch.making.macros import Button, add_macros, shipped_modules

MODULES = {
    "Hello.bas": 'Attribute VB_Name = "Hello"\nOption Explicit\n\nPublic Sub Wave()\nEnd Sub\n',
    "ThisWorkbook.cls": "Option Explicit\n\nPrivate Sub Workbook_Open()\n    Wave\nEnd Sub\n",
}
BUTTON = Button(2, 1, 'Wave & "go"', "Wave")


def plain(tmp_path: Path) -> Path:
    """Two sheets with cells in many styles, the second of which the first doesn't use."""
    path = tmp_path / "plain.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        workbook.set_vba_name("ThisWorkbook")
        for name in ("One", "Two"):
            page = workbook.add_worksheet(name)
            page.set_vba_name(f"{name}Sheet")
            page.set_row(2, 36)
            for row in range(20):
                look = workbook.add_format({"bold": True, "font_size": row + len(name)})
                page.write_string(row, 3, f"{name} {row} <sheetData>", look)
                page.write_formula(row, 4, "=TODAY()", look, 5)
    return path


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def with_macros(tmp_path: Path) -> Path:
    add_macros(plain(tmp_path), tmp_path / "made.xlsm", BUTTON, MODULES)
    return tmp_path / "made.xlsm"


def test_everything_that_was_there_stays_to_the_byte(tmp_path: Path) -> None:
    """But for the lists of parts, and the end of the sheet with the button."""
    made, before = parts(with_macros(tmp_path)), parts(tmp_path / "plain.xlsx")
    assert {
        name for name, data in before.items() if made[name] != data and not name.endswith(".rels")
    } == {"[Content_Types].xml", "xl/worksheets/sheet1.xml"}
    first = "xl/worksheets/sheet1.xml"
    cells = before[first][before[first].index(b"<sheetPr") : -len(b"</worksheet>")]
    assert cells in made[first]


def test_the_modules_hold_their_text(tmp_path: Path) -> None:
    with ExcelFile(with_macros(tmp_path)) as file:
        modules = {module.name: module for module in file.vba_project().modules}
    assert list(modules) == ["ThisWorkbook", "OneSheet", "TwoSheet", "Hello"]
    assert modules["Hello"].kind is VBAModuleKind.standard
    assert modules["Hello"].source == MODULES["Hello.bas"].replace("\n", "\r\n")
    body = split_attribute_header(modules["ThisWorkbook"].source)[1]
    assert body == MODULES["ThisWorkbook.cls"].replace("\n", "\r\n")


def test_the_button_covers_its_cell_and_shows_its_text(tmp_path: Path) -> None:
    """Cell B3, whose row is 36 points high."""
    vml = etree.fromstring(parts(with_macros(tmp_path))["xl/drawings/vmlDrawing1.vml"])
    (anchor,) = (found.text for found in vml.iter("{*}Anchor"))
    (label,) = (found.text for found in vml.iter("{*}font"))
    (style,) = (str(found.get("style")) for found in vml.iter("{*}shape"))
    assert anchor == "1, 0, 2, 0, 2, 0, 3, 0"
    assert label == 'Wave & "go"'
    assert "margin-top:30pt;" in style
    assert "height:36pt;" in style


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    source = plain(tmp_path)
    for name in ("one.xlsm", "two.xlsm"):
        add_macros(source, tmp_path / name, BUTTON, MODULES)
    assert (tmp_path / "one.xlsm").read_bytes() == (tmp_path / "two.xlsm").read_bytes()


def test_the_package_is_sound(tmp_path: Path) -> None:
    assert check_file(with_macros(tmp_path)).issues == ()


def test_code_for_a_sheet_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="ThreeSheet"):
        add_macros(plain(tmp_path), tmp_path / "x.xlsm", BUTTON, {"ThreeSheet.cls": ""})
    assert not (tmp_path / "x.xlsm").exists()


def test_the_shipped_modules_are_plain_ascii_with_the_name_of_their_file() -> None:
    """VBA keeps its text in the code page of the machine; other letters stand on a sheet."""
    modules = shipped_modules()
    assert {"ThisWorkbook.cls", "ClientBase.bas", "Functions.bas"} <= set(modules)
    for name, text in modules.items():
        assert text.isascii()
        module, _, ending = name.partition(".")
        if ending == "bas":
            assert text.startswith(f'Attribute VB_Name = "{module}"\n')
