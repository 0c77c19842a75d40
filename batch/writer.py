"""Writes a new workbook with the three tables, ready to be typed into and recalculated."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from batch.xlsx.refs import LAST_COLUMN, LAST_ROW, column_letters
from rules.columns import FILLED
from rules.config.settings import Config
from rules.errors import ClientBaseError
from rules.tables import DATE_COLUMNS

_WIDTHS = {
    "name": 24, "address": 26, "email": 26, "notes": 34, "note": 40, "phone": 18, "product": 28,
    "preferences": 26, "wishes": 26, "result": 24, "hostess": 18, "organisation": 18,
}  # fmt: skip
"""Columns that need more room than their heading, in characters."""
_A4 = 9
_TEXT_MOST, _HEADING_MOST = 32767, 255
_CODED = re.compile(r"_(x[0-9A-Fa-f]{4}_)")
_SHORT_DATE = 14
"""Excel's built-in short date, shown as the reader's country writes it."""
_WHOLE_MONEY, _MONEY = 3, 4
"""Excel's built-in #,##0 and #,##0.00."""
_HAIRLINE = 7
_GREY, _LIGHT_GREY = "#D9D9D9", "#F2F2F2"
_HEADING = {"bold": True, "bottom": 1, "valign": "vcenter"}


class TooManyColumnsError(ClientBaseError, ValueError):
    """More columns than a worksheet has."""

    def __init__(self, sheet: str, count: int) -> None:
        self.sheet, self.count = sheet, count
        super().__init__(
            f"There are {count:,} columns for the sheet '{sheet}', a worksheet has at most "
            f"{LAST_COLUMN:,}. Leave out those that you don't need."
        )


class TooManyRowsError(ClientBaseError, ValueError):
    """More rows than a worksheet has."""

    def __init__(self, sheet: str, count: int) -> None:
        self.sheet, self.count = sheet, count
        super().__init__(
            f"There are {count:,} rows for the sheet '{sheet}', a worksheet holds at most "
            f"{LAST_ROW - 1:,} below the headings. Leave out the oldest ones."
        )


@dataclass
class SheetContent:
    """The rows of a table: columns by key, further columns by heading, and how many rows."""

    columns: dict[str, list[object]]
    others: dict[str, list[object]]
    count: int


@dataclass(frozen=True)
class _Column:
    heading: str
    cells: list[object]
    width: float
    shape: Format | None
    is_id: bool = False
    is_typed: bool = True
    turns_red: bool = False


def heading_text(heading: str) -> str:
    """*heading* as a table can have it: one line, at most 255 characters, nothing that Excel
    writes otherwise in the table than in the cell.
    """
    plain = "".join(sign if sign.isprintable() else " " for sign in heading)
    return _CODED.sub(r" \1", " ".join(plain.split()))[:_HEADING_MOST].strip() or "?"


def write_base(
    path: Path,
    config: Config,
    contents: Mapping[str, SheetContent],
    created: dt.datetime | None = None,
) -> None:
    """Write the workbook *path* with the tables *contents* (by clients, purchases, contacts).

    The columns that the program fills stand at the right of Clients, with grey headings. Text
    stays text, whatever it begins with. *created*: the moment that the file's properties name, by
    default now. The file appears whole or not at all.
    """
    for table, content in contents.items():
        if content.count >= LAST_ROW:
            raise TooManyRowsError(getattr(config.sheets, table), content.count)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    try:
        with xlsxwriter.Workbook(str(unfinished), options) as workbook:
            if created is not None:
                workbook.set_properties({"created": created})
            for table in ("clients", "purchases", "contacts"):
                _write_sheet(workbook, table, contents[table], config)
        unfinished.replace(path)
    except FileCreateError as error:
        cause = error.args[0] if error.args else None
        raise cause if isinstance(cause, OSError) else OSError(str(error)) from error
    finally:
        unfinished.unlink(missing_ok=True)


def _write_sheet(workbook: Workbook, table: str, content: SheetContent, config: Config) -> None:
    name = getattr(config.sheets, table)
    sheet: Worksheet = workbook.add_worksheet(name)
    typed = _typed_columns(table, content, config, workbook)
    filled = _filled_columns(config, workbook, content.count) if table == "clients" else []
    columns = [*typed, *filled]
    if len(columns) > LAST_COLUMN:
        raise TooManyColumnsError(name, len(columns))
    rows = max(content.count, 1)
    typed_heading = workbook.add_format(_HEADING)
    filled_heading = workbook.add_format({**_HEADING, "bg_color": _GREY})
    headings = [
        {
            "header": column.heading,
            "header_format": typed_heading if number < len(typed) else filled_heading,
        }
        for number, column in enumerate(columns)
    ]
    sheet.add_table(
        0,
        0,
        rows,
        len(columns) - 1,
        {"name": _table_name(table), "style": "Table Style Light 1", "columns": headings},
    )
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width, column.shape)
        if column.is_id:
            letter = column_letters(number + 1)
            sheet.ignore_errors({"number_stored_as_text": f"{letter}2:{letter}{rows + 1}"})
        if column.turns_red:
            _mark_overdue(workbook, sheet, number, rows)
        _write_column(sheet, number, column)
    _set_up_page(sheet, frozen_columns=2 if table == "clients" else 0)


def _set_up_page(sheet: Worksheet, frozen_columns: int) -> None:
    sheet.freeze_panes(1, frozen_columns)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _mark_overdue(workbook: Workbook, sheet: Worksheet, number: int, rows: int) -> None:
    """Dates before today turn red, whatever day the workbook is opened on."""
    first = f"${column_letters(number + 1)}2"
    red = workbook.add_format({"font_color": "#C00000", "bold": True})
    rule = {
        "type": "formula",
        "criteria": f"=AND(ISNUMBER({first}),{first}<TODAY())",
        "format": red,
    }
    sheet.conditional_format(1, number, rows, number, rule)


def _table_name(table: str) -> str:
    """The table's name for formulas: letters only, so that any language of the sheets will do."""
    return table.capitalize()


def _typed_columns(
    table: str, content: SheetContent, config: Config, workbook: Workbook
) -> list[_Column]:
    date = workbook.add_format({"num_format": _SHORT_DATE, "align": "center"})
    money = workbook.add_format({"num_format": _MONEY})
    columns: dict[str, _Column] = {}
    for key, headings in dict(getattr(config.columns, table)).items():
        cells = content.columns.get(key, [])
        width = max(_WIDTHS.get(key, 12), len(headings[0]) + 4)
        shape = date if key in DATE_COLUMNS else money if key == "amount" else None
        column = _Column(headings[0], cells, width, shape, is_id=key.endswith("id"))
        if headings[0] not in columns or cells:  # name and ID may be one column
            columns[headings[0]] = column
    for heading, cells in content.others.items():
        has_dates = any(isinstance(cell, dt.date) for cell in cells)
        columns[heading] = _Column(heading, cells, 14, date if has_dates else None, is_typed=False)
    return list(columns.values())


def _filled_columns(config: Config, workbook: Workbook, count: int) -> list[_Column]:
    look = {"bg_color": _LIGHT_GREY, "border": _HAIRLINE, "border_color": _GREY}
    shapes = {
        "date": workbook.add_format({**look, "num_format": _SHORT_DATE, "align": "center"}),
        "number": workbook.add_format({**look, "num_format": _WHOLE_MONEY}),
        "text": workbook.add_format({**look, "indent": 1}),
    }
    return [
        _Column(
            getattr(config.columns.filled, column.key)[0],
            [None] * count,
            max(column.width + 2, len(getattr(config.columns.filled, column.key)[0]) + 4),
            shapes[column.kind],
            turns_red=column.key == "next_contact",
        )
        for column in FILLED
    ]


def _write_column(sheet: Worksheet, number: int, column: _Column) -> None:
    """The cells of a column: real dates and numbers, and everything else as text.

    Blank cells take the column's format by themselves.
    """
    shape = column.shape
    for row, cell in enumerate(column.cells, 1):
        if cell is None:
            continue
        if isinstance(cell, bool):
            sheet.write_boolean(row, number, cell)
        elif isinstance(cell, (int, float)):
            sheet.write_number(row, number, cell, shape if column.is_typed else None)
        elif isinstance(cell, dt.date):
            if cell.year < 1900:
                sheet.write_string(row, number, cell.isoformat())
            else:
                sheet.write_datetime(row, number, cell, shape)
        else:
            sheet.write_string(row, number, str(cell)[:_TEXT_MOST])
