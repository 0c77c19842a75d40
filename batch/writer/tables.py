"""The three tables: what she types on white, what the program fills on grey."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from batch.book import TableRows
from batch.cells import LAST_COLUMN, LAST_ROW, column_letters
from batch.formulas.figures import text_literal
from batch.formulas.marks import AMBER, GREY, LIGHT_GREY, RED, colours
from batch.writer.look import Page, set_up_page
from rules.config.settings import FILLED, Config
from rules.errors import ClientBaseError
from rules.model.declarations import Column, Field, Table
from rules.reading.cells import read_text
from rules.reading.words import fold
from words import _, marked

_FILTER_ROOM, _WORD_ROOM = 4, 3
"""What a column needs beside the letters: of its heading for the filter's arrow, of a word for the
indent.
"""
_TEXT_MOST, _HEADING_MOST = 32767, 255
_CODED = re.compile(r"_(x[0-9A-Fa-f]{4}_)")
_SHORT_DATE = 14
"""Excel's built-in short date, shown as the reader's country writes it."""
_AS_TYPED = 49
"""Excel's built-in @."""
_WHOLE_MONEY, _MONEY = 3, 4
"""Excel's built-in #,##0 and #,##0.00."""
_HAIRLINE = 7
_HEADING = {"bold": True, "bottom": 1, "valign": "vcenter", "text_wrap": True}
_HEADING_HEIGHT = 34
"""Of two lines."""
_ROOM = 20_000
"""Rows below the last one that drop-down lists and colours cover already: whether they grow with a
table depends on the program in which it grows."""
_PAGES_OF_CLIENTS = 3
"""Side by side: on a single page nobody could read so many columns."""
_PROMPT_TITLE_MOST, _PROMPT_MOST = 32, 255


class TooManyColumnsError(ClientBaseError, ValueError):
    """More columns than a worksheet has."""

    sheet: str
    count: int
    most: int = LAST_COLUMN
    says = marked(
        "There are {count} columns for the sheet '{sheet}', a worksheet has at most "
        "{most}. Leave out those that you don't need."
    )


class TooManyRowsError(ClientBaseError, ValueError):
    """More rows than a worksheet has."""

    sheet: str
    count: int
    most: int = LAST_ROW - 1
    says = marked(
        "There are {count} rows for the sheet '{sheet}', a worksheet holds at most "
        "{most} below the headings. Leave out the oldest ones."
    )


@dataclass
class SheetContent:
    """The rows of a table: columns by key, further columns by heading, and how many rows."""

    columns: dict[str, list[object]] = field(default_factory=dict)
    others: dict[str, list[object]] = field(default_factory=dict)
    count: int = 0


@dataclass(frozen=True)
class _NewColumn:
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


def write_table(page: Page, table: Table, content: SheetContent) -> TableRows:
    """Write the headings of *table* and all that stands around its rows, which it gives. Raises
    TooManyColumnsError.
    """
    sheet, rooms = page.sheet, page.config.rooms
    is_clients = table is rooms.clients
    columns = _typed_columns(page, table, content)
    grey = rooms.columns if is_clients else {one.key: one for one in table.filled}
    columns += _filled_columns(page, FILLED if is_clients else table.key, grey.values())
    if len(columns) > LAST_COLUMN:
        raise TooManyColumnsError(page.config.sheet(table.key), len(columns))
    _add_table(page, table.key, columns)
    last = min(max(content.count, 1) + _ROOM, LAST_ROW - 1)
    folded = _folded(columns, table.folded_after)
    for number, column in enumerate(columns):
        # the column behind the folded ones has the sign that unfolds them
        outline = {"level": 1, "hidden": True} if number in folded else {}
        outline |= {"collapsed": True} if folded and number == folded.stop else {}
        sheet.set_column(number, number, column.width, column.shape, outline)
        if column.is_filled:
            _mark_as_filled(sheet, number)
            _mark(page, number, last, grey[column.key])
        else:
            page.offer(number, (table.key, column.key), 1, last)
    page.keep_texts((at for at, column in enumerate(columns) if column.is_text), 1, last)
    sheet.set_row(0, _HEADING_HEIGHT)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 2 if is_clients else 0)
    if is_clients:
        sheet.repeat_columns(0, 1)
    set_up_page(sheet, _PAGES_OF_CLIENTS if is_clients else 1)
    return TableRows(content.count, [column.cells for column in columns])


def _folded(columns: Sequence[_NewColumn], last_shown: str) -> range:
    """The places of the columns that she types behind the one that has the key *last_shown*."""
    typed = [column for column in columns if not column.is_filled]
    keys = [column.key for column in typed]
    return range(keys.index(last_shown) + 1, len(typed)) if last_shown in keys else range(0)


def _add_table(page: Page, table: str, columns: Sequence[_NewColumn]) -> None:
    """The table with one row: of a longer one XlsxWriter takes down each cell."""
    typed = page.look(**_HEADING)
    filled = page.look(**_HEADING, bg_color=GREY)
    headings = [
        {"header": column.heading, "header_format": filled if column.is_filled else typed}
        for column in columns
    ]
    options = {
        "name": table.capitalize(),  # letters only, so that any language of the sheets will do
        "style": "Table Style Light 1",
        "banded_rows": False,  # stripes would look like filled columns
        "columns": headings,
    }
    page.sheet.add_table(0, 0, 1, len(columns) - 1, options)


def _mark_as_filled(sheet: Worksheet, number: int) -> None:
    """A note at the heading, shown when its cell is chosen."""
    message = _("This column is filled when you recalculate; what you type here is replaced.")
    prompt = {
        "validate": "any",
        "input_title": _("Filled by the program")[:_PROMPT_TITLE_MOST],
        "input_message": message[:_PROMPT_MOST],
    }
    sheet.data_validation(0, number, 0, number, prompt)


def _mark(page: Page, number: int, last: int, column: Column) -> None:
    """The looks of a grey column: dates before today turn red and today's lights up, on whatever
    day the workbook is opened, where they say when to contact her; and each word has its colour.
    """
    if column.role == "due":
        first = f"${column_letters(number + 1)}2"
        red, lit = page.look(font_color=RED, bold=True), page.look(bg_color=AMBER, bold=True)
        for comparison, look in (("<", red), ("=", lit)):
            formula = f"=AND(ISNUMBER({first}),{first}{comparison}TODAY())"
            page.mark((1, number, last, number), formula, look)
    for word, colour in colours(column, page.config).items():
        rule = {"type": "cell", "criteria": "==", "value": text_literal(word)}
        rule["format"] = page.look(bg_color=colour)
        page.sheet.conditional_format(1, number, last, number, rule)


def _typed_columns(page: Page, table: Table, content: SheetContent) -> list[_NewColumn]:
    date = page.look(num_format=_SHORT_DATE, align="center")
    money = page.look(num_format=_MONEY)
    text = page.look(num_format=_AS_TYPED)
    headings = page.config.headings(table.key)
    columns: dict[str, _NewColumn] = {}
    for one in table.fields:
        cells = content.columns.get(one.key, [])
        if one.key not in headings or (not cells and _is_needless(one, page.config)):
            continue
        heading = headings[one.key][0]
        width = max(one.width, _heading_width(heading))
        shape = date if one.is_date else text if one.as_typed else None
        shape = money if one.kind == "amount" else shape
        cells = _as_text(cells) if one.as_typed else cells
        if heading not in columns or cells:  # name and ID may be one column
            columns[heading] = _NewColumn(
                one.key, heading, cells, width, shape, is_text=one.as_typed
            )
    for heading, cells in content.others.items():
        shape = date if any(isinstance(cell, dt.date) for cell in cells) else None
        columns[heading] = _NewColumn("", heading, cells, 14, shape, is_typed=False)
    return list(columns.values())


def _heading_width(heading: str) -> int:
    """The width in which a heading takes up two lines at most."""
    words = heading.split()
    cuts = ((" ".join(words[:at]), " ".join(words[at:])) for at in range(1, max(len(words), 2)))
    return min(max(map(len, lines)) for lines in cuts) + _FILTER_ROOM


def _is_needless(column: Field, config: Config) -> bool:
    """Whether a table can do without an empty column."""
    if column.kind != "client_name":
        return column.on_demand
    headings = config.headings(config.rooms.clients.key)  # there the names may be the IDs
    return fold(headings["id"][0]) == fold(headings["name"][0])


def _as_text(cells: list[object]) -> list[object]:
    """The cells with numbers and dates as the texts that the rules take them for."""
    texts = read_text(np.array(cells, object)).tolist()
    return [
        text if isinstance(cell, (int, float, dt.date)) else cell
        for cell, text in zip(cells, texts, strict=True)
    ]


def _filled_columns(page: Page, block: str, grey: Iterable[Column]) -> Iterator[_NewColumn]:
    look = {"bg_color": LIGHT_GREY, "border": _HAIRLINE, "border_color": GREY}
    shapes = {
        "date": page.look(**look, num_format=_SHORT_DATE, align="center"),
        "number": page.look(**look, num_format=_WHOLE_MONEY),
        "text": page.look(**look, indent=1),
    }
    headings = page.config.headings(block)
    for column in grey:
        heading = headings[column.key][0]
        words = () if column.words is None else column.words(page.config)
        widths = (_heading_width(heading), *(len(word) + _WORD_ROOM for word in words))
        width, shape = max(column.width + 2, *widths), shapes[column.kind]
        yield _NewColumn(column.key, heading, [], width, shape, is_filled=True)
