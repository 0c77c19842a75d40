"""The three tables: what she types on white, what the program fills on grey."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from batch.cells import LAST_COLUMN, LAST_ROW, column_letters
from batch.formulas.figures import text_literal
from batch.writer.look import AMBER, GREY, LIGHT_GREY, RED, colours, set_up_page
from rules.config.settings import FILLED, Config
from rules.errors import ClientBaseError
from rules.model.declarations import Column, Table
from rules.reading.cells import read_text
from words import _, parted

_FILTER_ROOM, _WORD_ROOM = 4, 3
"""What a column needs beside the letters: of its heading for the filter's arrow, of a word for the
indent.
"""
_TEXT_MOST, _HEADING_MOST = 32767, 255
_CODED = re.compile(r"_(x[0-9A-Fa-f]{4}_)")
Place = tuple[str, str]
"""The keys of a table or sheet, and of its column."""
_SHORT_DATE = 14
"""Excel's built-in short date, shown as the reader's country writes it."""
_AS_TYPED = 49
"""Excel's built-in @."""
_WHOLE_MONEY, _MONEY = 3, 4
"""Excel's built-in #,##0 and #,##0.00."""
_HAIRLINE = 7
_HEADING = {"bold": True, "bottom": 1, "valign": "vcenter"}
_HEADING_HEIGHT = 22
_ROOM = 20_000
"""Rows below the last one that drop-down lists and colours cover already: whether they grow with a
table depends on the program in which it grows."""
_PAGES_OF_CLIENTS = 3
"""Side by side: on a single page nobody could read so many columns."""
_PROMPT_TITLE_MOST, _PROMPT_MOST = 32, 255


class TooManyColumnsError(ClientBaseError, ValueError):
    """More columns than a worksheet has."""

    def __init__(self, sheet: str, count: int) -> None:
        self.sheet, self.count = sheet, count
        super().__init__(
            _(
                "There are {count} columns for the sheet '{sheet}', a worksheet has at most "
                "{most}. Leave out those that you don't need."
            ).format(count=parted(count), sheet=sheet, most=parted(LAST_COLUMN))
        )


class TooManyRowsError(ClientBaseError, ValueError):
    """More rows than a worksheet has."""

    def __init__(self, sheet: str, count: int) -> None:
        self.sheet, self.count = sheet, count
        super().__init__(
            _(
                "There are {count} rows for the sheet '{sheet}', a worksheet holds at most "
                "{most} below the headings. Leave out the oldest ones."
            ).format(count=parted(count), sheet=sheet, most=parted(LAST_ROW - 1))
        )


@dataclass
class SheetContent:
    """The rows of a table: columns by key, further columns by heading, and how many rows."""

    columns: dict[str, list[object]]
    others: dict[str, list[object]]
    count: int

    @classmethod
    def empty(cls) -> SheetContent:
        """No rows."""
        return cls({}, {}, 0)


@dataclass(frozen=True)
class _Column:
    key: str
    heading: str
    cells: list[object]
    width: float
    shape: Format | None
    is_typed: bool = True
    is_filled: bool = False
    is_text: bool = False


def heading_text(heading: str) -> str:
    """*heading* as a table can have it: one line, at most 255 characters, nothing that Excel
    writes otherwise in the table than in the cell.
    """
    plain = "".join(sign if sign.isprintable() else " " for sign in heading)
    return _CODED.sub(r" \1", " ".join(plain.split()))[:_HEADING_MOST].strip() or "?"


def check_size(contents: Mapping[str, SheetContent], config: Config) -> None:
    """Raise TooManyRowsError where the rows don't fit on a worksheet."""
    for table, content in contents.items():
        if content.count >= LAST_ROW:
            raise TooManyRowsError(config.sheet(table), content.count)


def write_table(
    workbook: Workbook,
    sheet: Worksheet,
    table: Table,
    content: SheetContent,
    config: Config,
    choices: Mapping[Place, str],
) -> None:
    """Write the rows of *table* and all that stands around them.

    choices: where the entries of the drop-down lists stand, by the keys of table and column. Raises
    TooManyColumnsError.
    """
    columns = _typed_columns(table, content, config, workbook)
    is_clients = table is config.rooms.clients
    grey = config.rooms.columns.values() if is_clients else table.filled
    columns += _filled_columns(FILLED if is_clients else table.key, grey, config, workbook, content)
    if len(columns) > LAST_COLUMN:
        raise TooManyColumnsError(config.sheet(table.key), len(columns))
    rows = max(content.count, 1)
    _add_table(workbook, sheet, table.key, columns, rows)
    last_covered = min(rows + _ROOM, LAST_ROW - 1)
    text_columns: list[str] = []
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width, column.shape)
        _write_cells(sheet, number, column)
        if column.is_text:
            text_columns.append(column_letters(number + 1))
        if column.is_filled:
            _mark_as_filled(sheet, number)
        elif (table.key, column.key) in choices:
            _offer(sheet, number, last_covered, choices[table.key, column.key])
        if column.is_filled:
            _mark(workbook, sheet, number, last_covered, column.key, config)
    _mark_as_text(sheet, text_columns, last_covered)
    sheet.set_row(0, _HEADING_HEIGHT)
    sheet.repeat_rows(0)
    if is_clients:
        sheet.freeze_panes(1, 2)
        sheet.repeat_columns(0, 1)
        set_up_page(sheet, _PAGES_OF_CLIENTS)
    else:
        sheet.freeze_panes(1, 0)
        set_up_page(sheet)


def _add_table(
    workbook: Workbook, sheet: Worksheet, table: str, columns: Sequence[_Column], rows: int
) -> None:
    typed = workbook.add_format(_HEADING)
    filled = workbook.add_format({**_HEADING, "bg_color": GREY})
    headings = [
        {"header": column.heading, "header_format": filled if column.is_filled else typed}
        for column in columns
    ]
    options = {
        "name": _table_name(table),
        "style": "Table Style Light 1",
        "banded_rows": False,  # stripes would look like filled columns
        "columns": headings,
    }
    sheet.add_table(0, 0, rows, len(columns) - 1, options)


def _mark_as_filled(sheet: Worksheet, number: int) -> None:
    """A note at the heading, shown when its cell is chosen."""
    prompt = {
        "validate": "any",
        "input_title": _("Filled by the program")[:_PROMPT_TITLE_MOST],
        "input_message": _(
            "This column is filled when you recalculate; what you type here is replaced."
        )[:_PROMPT_MOST],
    }
    sheet.data_validation(0, number, 0, number, prompt)


def _offer(sheet: Worksheet, number: int, last: int, source: str) -> None:
    """A drop-down list, which never refuses another entry."""
    choice = {"validate": "list", "source": source, "show_error": False}
    sheet.data_validation(1, number, last, number, choice)


def _mark_as_text(sheet: Worksheet, letters: Sequence[str], last: int) -> None:
    """Excel needn't warn of numbers that are text on purpose."""
    areas = " ".join(f"{letter}2:{letter}{last + 1}" for letter in letters)
    sheet.ignore_errors({"number_stored_as_text": areas})


def _mark_due(workbook: Workbook, sheet: Worksheet, number: int, last: int) -> None:
    """Dates before today turn red and today's lights up, on whatever day the workbook is opened."""
    first = f"${column_letters(number + 1)}2"
    red = workbook.add_format({"font_color": RED, "bold": True})
    lit = workbook.add_format({"bg_color": AMBER, "bold": True})
    for comparison, look in (("<", red), ("=", lit)):
        rule = {
            "type": "formula",
            "criteria": f"=AND(ISNUMBER({first}),{first}{comparison}TODAY())",
            "format": look,
        }
        sheet.conditional_format(1, number, last, number, rule)


def _mark(
    workbook: Workbook, sheet: Worksheet, number: int, last: int, key: str, config: Config
) -> None:
    """The looks of a grey column: what is due, and each word in its colour."""
    declared = config.rooms.columns.get(key)
    if declared is None:
        return
    if declared.is_due:
        _mark_due(workbook, sheet, number, last)
    for word, colour in colours(key, config).items():
        rule = {
            "type": "cell",
            "criteria": "==",
            "value": text_literal(word),
            "format": workbook.add_format({"bg_color": colour}),
        }
        sheet.conditional_format(1, number, last, number, rule)


def _table_name(table: str) -> str:
    """The table's name for formulas: letters only, so that any language of the sheets will do."""
    return table.capitalize()


def _typed_columns(
    table: Table, content: SheetContent, config: Config, workbook: Workbook
) -> list[_Column]:
    date = workbook.add_format({"num_format": _SHORT_DATE, "align": "center"})
    money = workbook.add_format({"num_format": _MONEY})
    text = workbook.add_format({"num_format": _AS_TYPED})
    headings = config.headings(table.key)
    columns: dict[str, _Column] = {}
    for field in table.fields:
        heading, cells = headings[field.key][0], content.columns.get(field.key, [])
        width = max(field.width, len(heading) + _FILTER_ROOM)
        shape = date if field.is_date else text if field.as_typed else None
        shape = money if field.kind == "amount" else shape
        cells = _as_text(cells) if field.as_typed else cells
        if heading not in columns or cells:  # name and ID may be one column
            columns[heading] = _Column(
                field.key, heading, cells, width, shape, is_text=field.as_typed
            )
    for heading, cells in content.others.items():
        has_dates = any(isinstance(cell, dt.date) for cell in cells)
        shape = date if has_dates else None
        columns[heading] = _Column("", heading, cells, 14, shape, is_typed=False)
    return list(columns.values())


def _as_text(cells: list[object]) -> list[object]:
    """The cells with numbers and dates as the texts that the rules take them for."""
    texts = read_text(np.array(cells, object)).tolist()
    return [
        text if isinstance(cell, (int, float, dt.date)) else cell
        for cell, text in zip(cells, texts, strict=True)
    ]


def _filled_columns(
    block: str,
    grey: Iterable[Column],
    config: Config,
    workbook: Workbook,
    content: SheetContent,
) -> list[_Column]:
    look = {"bg_color": LIGHT_GREY, "border": _HAIRLINE, "border_color": GREY}
    shapes = {
        "date": workbook.add_format({**look, "num_format": _SHORT_DATE, "align": "center"}),
        "number": workbook.add_format({**look, "num_format": _WHOLE_MONEY}),
        "text": workbook.add_format({**look, "indent": 1}),
    }
    headings = {key: names[0] for key, names in config.headings(block).items()}
    words = config.decided_words()
    return [
        _Column(
            column.key,
            headings[column.key],
            [None] * content.count,
            max(
                column.width + 2,
                len(headings[column.key]) + _FILTER_ROOM,
                *(len(word) + _WORD_ROOM for word in words.get(column.key, ())),
            ),
            shapes[column.kind],
            is_filled=True,
        )
        for column in grey
    ]


def _write_cells(sheet: Worksheet, number: int, column: _Column) -> None:
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
