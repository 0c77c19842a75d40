"""The shipped workbooks are what their text says, and can be typed into and filled."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from openxml_audit import FileFormat, OpenXmlValidator, ValidationSeverity
from pyopenvba import ExcelFile, check_file
from pyopenvba.vba import VBAModuleKind
from pyvbaanalysis import analyze_office_file

from batch.configuration import read, shipped_path
from batch.recalculation.file import recalculate_file
from workbook.build import FUNCTIONS, WORKBOOKS, build, module_text

TODAY = dt.date(2026, 11, 21)
LANGUAGES = sorted(WORKBOOKS)
CODE_NAMES = [
    "StartSheet",
    "TodaySheet",
    "ClientsSheet",
    "PurchasesSheet",
    "ContactsSheet",
    "BirthdaysSheet",
    "GiftsSheet",
    "ChartsSheet",
    "RulesSheet",
    "TextsSheet",
    "SettingsSheet",
]
START = "xl/worksheets/sheet1.xml"


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def found(data: bytes, path: str) -> list[str]:
    """The texts or attributes at *path*, whatever their namespaces."""
    steps = re.sub(r"(?<=/)([A-Za-z]\w*)(?![\w(])", r"*[local-name()='\1']", path)
    values = etree.fromstring(data).xpath(steps)
    assert isinstance(values, list)
    return [str(value) for value in values]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_workbook_is_current(tmp_path: Path, language: str) -> None:
    """If not: python -m workbook.build."""
    build(tmp_path / "base.xlsm", language)
    assert parts(tmp_path / "base.xlsm") == parts(WORKBOOKS[language])


def test_the_wrappers_of_the_functions_are_current() -> None:
    """If not: python -m workbook.build."""
    assert FUNCTIONS.read_text(encoding="ascii") == module_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_text_gives_the_same_bytes(tmp_path: Path, language: str) -> None:
    for name in ("one.xlsm", "two.xlsm"):
        build(tmp_path / name, language)
    assert (tmp_path / "one.xlsm").read_bytes() == (tmp_path / "two.xlsm").read_bytes()


@pytest.mark.parametrize("path", WORKBOOKS.values(), ids=lambda path: path.name)
def test_the_package_is_sound_and_valid_for_microsofts_validator(path: Path) -> None:
    assert check_file(path).issues == ()
    result = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365).validate(str(path))
    assert [e for e in result.errors if e.severity is ValidationSeverity.ERROR] == []


@pytest.mark.parametrize("path", WORKBOOKS.values(), ids=lambda path: path.name)
def test_the_macros_are_free_of_findings(path: Path) -> None:
    findings = analyze_office_file(path).values()
    assert [finding.message for module in findings for finding in module] == []


@pytest.mark.parametrize("path", WORKBOOKS.values(), ids=lambda path: path.name)
def test_every_code_name_is_a_document_module(path: Path) -> None:
    package = parts(path)
    sheets = [
        found(data, "/worksheet/sheetPr/@codeName")[0]
        for name, data in sorted(package.items(), key=lambda part: (len(part[0]), part[0]))
        if name.startswith("xl/worksheets/sheet")
    ]
    (book,) = found(package["xl/workbook.xml"], "/workbook/workbookPr/@codeName")
    with ExcelFile(path) as file:
        documents = [m for m in file.vba_project().modules if m.kind is VBAModuleKind.other]
    assert sheets == CODE_NAMES
    assert [module.name for module in documents] == [book, *sheets]


@pytest.mark.parametrize(("language", "text"), [("en", "Recalculate"), ("ru", "Пересчитать")])
def test_the_four_parts_of_the_button_agree(language: str, text: str) -> None:
    """The control on the sheet, its properties, the drawing's anchor, and the VML shape."""
    package = parts(WORKBOOKS[language])
    control = "/worksheet//controls//control"
    assert set(found(package[START], f"{control}/@name")) == {"RecalculateButton"}
    assert found(package[START], f"{control}/controlPr/@macro") == ["[0]!Recalculate"]
    (shape,) = set(found(package[START], f"{control}/@shapeId"))
    corners = found(package[START], f"{control}/controlPr/anchor//text()")
    assert corners == ["1", "0", "4", "0", "2", "0", "5", "0"], "exactly over the cell B5"

    (drawn,) = {
        name for name, data in package.items() if name.startswith("xl/drawings/drawing") and b"RecalculateButton" in data
    }  # fmt: skip
    assert found(package[drawn], "/wsDr//sp/nvSpPr/cNvPr/@id") == [shape]
    anchored = found(package[drawn], "/wsDr//from/*/text()") + found(package[drawn], "/wsDr//to/*/text()")  # fmt: skip
    assert anchored == corners

    vml = package["xl/drawings/vmlDrawing1.vml"]
    assert found(vml, "/xml/shape/@*[local-name()='spid']") == [f"_x0000_s{shape}"]
    assert found(vml, "/xml/shape/ClientData/@ObjectType") == ["Button"]
    assert found(vml, "/xml/shape/ClientData/FmlaMacro/text()") == ["[0]!Recalculate"]
    assert found(vml, "/xml/shape/ClientData/Anchor/text()") == ["1, 0, 4, 0, 2, 0, 5, 0"]
    assert found(vml, "/xml/shape/textbox//font/text()") == [text]
    assert found(vml, "/xml/shape/ClientData/PrintObject/text()") == [], "it is printed"
    assert found(package[drawn], "/wsDr//clientData/@fPrintsWithSheet") == []
    assert found(package[START], f"{control}/controlPr/@print") == []

    properties = package["xl/ctrlProps/ctrlProp1.xml"]
    assert found(properties, "/formControlPr/@objectType") == ["Button"]
    listed = package["xl/worksheets/_rels/sheet1.xml.rels"]
    targets = found(listed, "/Relationships/Relationship/@Target")
    assert sorted(targets) == [f"../{name.removeprefix('xl/')}" for name in sorted(["xl/ctrlProps/ctrlProp1.xml", drawn, "xl/drawings/vmlDrawing1.vml"])]  # fmt: skip


@pytest.mark.parametrize("path", WORKBOOKS.values(), ids=lambda path: path.name)
def test_the_main_part_says_that_it_has_macros(path: Path) -> None:
    types = parts(path)["[Content_Types].xml"]
    names, kinds = (found(types, f"/Types/Override/@{key}") for key in ("PartName", "ContentType"))
    assert dict(zip(names, kinds, strict=True))["/xl/workbook.xml"] == (
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    )


def test_clients_typed_into_it_are_filled(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(WORKBOOKS["en"], keep_vba=True)
    workbook["Clients"]["A2"], workbook["Clients"]["B2"] = "1", "Anna"
    purchase = {"A2": dt.date(2026, 11, 19), "B2": "1", "F2": 900}
    for address, value in purchase.items():
        workbook["Purchases"][address] = value
    workbook.save(tmp_path / "mine.xlsm")
    outcome = recalculate_file(tmp_path / "mine.xlsm", read(shipped_path()), TODAY)
    assert outcome.counts("stage")["New"] == 1
    filled = openpyxl.load_workbook(tmp_path / "mine.xlsm")["Clients"]
    headings = [cell.value for cell in filled[1]]
    assert filled.cell(2, headings.index("Contact reason") + 1).value == "2 days after purchase"
