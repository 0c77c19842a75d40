"""Makes the macro workbook of a plain one: the VBA project from `workbook/vba`, and the button."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyopenvba import ExcelFile
from pyopenvba.apps.excel import ExcelApplication

_CELLS = re.compile(rb"<sheetData>.*</sheetData>", re.DOTALL)
_ROOT = re.compile(rb"<worksheet[^>]*>")
_END = b"</worksheet>"
_AT_THE_END = re.compile(rb"<drawing .*(?=</worksheet>)", re.DOTALL)
_SHEETS, _FIRST_SHEET = "xl/worksheets/sheet", "xl/worksheets/sheet1.xml"
_TYPES = "[Content_Types].xml"
_PLAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_WITH_MACROS = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_VML = "xl/drawings/vmlDrawing1.vml"
_LABEL = re.compile(rb"(?<='text-align:center'>)(.*?)(?=</div>)")
_FONT = rb'<font face="Calibri" size="240" color="#000000">\1</font>'
"""LibreOffice shows the text of a button only in a font of its own."""
_NOT_PRINTED = re.compile(rb'<x:PrintObject>False</x:PrintObject>| fPrintsWithSheet="0"')
"""What the button's shape and anchor say, and the sheet doesn't."""
_MODULES = Path(__file__).parents[2] / "workbook" / "vba"
"""The VBA text is data of the package beside this one."""
_BUTTON_NAME = "RecalculateButton"
_DATE = (1980, 1, 1, 0, 0, 0)
"""The time of every member of the package, so that the same workbook has the same bytes."""


@dataclass(frozen=True)
class Button:
    """A button that covers the cell in *row* and *column* (from 0), and runs *macro*."""

    row: int
    column: int
    text: str
    macro: str


def shipped_modules() -> dict[str, str]:
    """The VBA modules that come with the program: their text by file name, such as
    ThisWorkbook.cls.
    """
    found = [file for file in _MODULES.iterdir() if file.suffix in {".bas", ".cls"}]
    found.sort(key=lambda file: file.name)
    return {file.name: file.read_text(encoding="ascii") for file in found}


def add_macros(plain: Path, target: Path, button: Button, modules: Mapping[str, str]) -> None:
    """Write *target*, the macro workbook of the workbook *plain* that XlsxWriter made.

    On the first sheet stands the *button*; *modules* hold VBA text by file name: .bas for modules,
    .cls for the code of a sheet or of the workbook, by its code name. All cells are taken over as
    they are, to the byte. The same input gives the same bytes.
    """
    parts = _read(plain)
    parts[_TYPES] = parts[_TYPES].replace(_PLAIN, _WITH_MACROS)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "base.xlsm"
        _write(work, {name: _without_cells(name, data) for name, data in parts.items()})
        _add_button(work, button)
        _add_project(work, modules)
        made = _read(work)
    own = {name: data for name, data in parts.items() if not _is_listing(name)}
    own[_FIRST_SHEET] = _with_button(parts[_FIRST_SHEET], made[_FIRST_SHEET])
    made[_VML] = _LABEL.sub(_FONT, made[_VML])
    _write(target, {name: _NOT_PRINTED.sub(b"", data) for name, data in made.items()} | own)


def _is_listing(name: str) -> bool:
    """Whether the part lists other parts, and so names those that came with the macros, too."""
    return name == _TYPES or name.endswith(".rels")


def _without_cells(name: str, data: bytes) -> bytes:
    """The part without its cells: pyOpenVBA would read each of them, which takes long in a large
    base, and for the button only the first sheet is needed.
    """
    is_large = name.startswith(_SHEETS) and name != _FIRST_SHEET
    return _CELLS.sub(b"<sheetData/>", data) if is_large else data


def _with_button(own: bytes, made: bytes) -> bytes:
    """The sheet *own* with the elements of the button, which *made* has at its end, and with the
    namespaces that they need.

    The rest of *made* isn't taken: its cells may have other numbers for their styles.
    """
    (root,) = _ROOT.findall(made)
    (added,) = _AT_THE_END.findall(made)
    return _ROOT.sub(lambda _: root, own, count=1).replace(_END, added + _END)


def _add_button(path: Path, button: Button) -> None:
    excel = ExcelApplication.open(path)
    cell = f"Sheets(1).Cells({button.row + 1}, {button.column + 1})"
    sides = ("Left", "Top", "Width", "Height")
    place = {side.lower(): excel.evaluate(f"{cell}.{side}") for side in sides}
    excel.sheet(1).add_button(name=_BUTTON_NAME, text=button.text, macro=button.macro, **place)
    excel.save(path)


def _add_project(path: Path, modules: Mapping[str, str]) -> None:
    with ExcelFile(path) as file:
        project = file.add_vba_project()
        for name, text in modules.items():
            module, _, ending = name.rpartition(".")
            source = text.replace("\n", "\r\n")
            if ending == "bas":
                project.add_module(module, source)
            else:
                file.set_module(module, source)
        file.save(path)


def _read(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def _write(path: Path, parts: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(zipfile.ZipInfo(name, _DATE), data, zipfile.ZIP_DEFLATED)
