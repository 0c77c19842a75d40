"""The hidden sheets: the texts that the macros say, and the help of the functions (fx in the
formula bar), with the entries of the drop-down lists; what the workbook asks of the xlwings add-in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from batch.cells import column_letters
from rules.answers import helps
from rules.config.settings import TEXTS_SHEET, Config
from rules.model.declarations import Field, Rooms, SheetColumn
from words import _, marked

SETTINGS_SHEET = "xlwings.conf"
_ADD_IN_SETTINGS = {
    "USE UDF SERVER": "True",
    "SHOW CONSOLE": "False",
    "ADD_WORKBOOK_TO_PYTHONPATH": "False",
}
"""Python keeps running between two clicks. The workbook's folder stays out of its search path: a
file there could hide a module, and xlwings fails for a folder of OneDrive that it can't find.
"""
_CLIENT_NAMES = "ClientNames"
_FIRST_LIST = 3
"""The column of the first list; the macros look at the first two."""

TEXTS = {
    "vba_working": marked("Client base: recalculating …"),
    "vba_no_addin": marked(
        "The xlwings add-in isn't loaded in Excel. Close Excel, open a terminal "
        "in the program's folder, type .venv\\Scripts\\clientbase setup (on a Mac "
        ".venv/bin/clientbase setup), and open this workbook again."
    ),
    "vba_no_answer": marked(
        "Python was called but didn't answer. Open a terminal in the program's "
        "folder and type .venv\\Scripts\\clientbase doctor (on a Mac "
        ".venv/bin/clientbase doctor): it names the cause and what to do."
    ),
    "vba_no_python": marked("Python isn't reachable; click Recalculate to read what to do"),
    "vba_category": marked("Client base"),
    "vba_argument_whom": marked("ID of the client, or a column of IDs"),
    "vba_argument_column": marked("heading of a grey column, such as Group"),
    "vba_argument_client": marked(
        "ID of the client, or a column of IDs; left out: the client of this row"
    ),
}
"""By the key under which a macro asks for it; the help of functions comes from the rooms."""


def write_texts(sheet: Worksheet, config: Config) -> dict[tuple[str, str], str]:
    """Fill the hidden sheet: the macros' texts by key, then one column for each list.

    Gives where the entries of each list stand, as a formula, by the keys of the table or sheet and
    of its column that offers them. On a sheet a list may be as long as it likes; as text, Excel
    takes 255 characters.
    """
    for row, (key, text) in enumerate(texts(config.rooms).items()):
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, _(text))
    lists = {key: tuple(words) for key, words in _lists(config).items() if words}
    sources: dict[tuple[str, ...], str] = {}
    for column, words in enumerate(dict.fromkeys(lists.values()), _FIRST_LIST):
        sheet.write_column(0, column, words)
        letter = column_letters(column + 1)
        sources[words] = f"={TEXTS_SHEET}!${letter}$1:${letter}${len(words)}"
    sheet.very_hidden()
    return {key: sources[words] for key, words in lists.items()}


def client_names(workbook: Workbook, config: Config) -> dict[tuple[str, str], str]:
    """Where the names of the clients stand, as a formula that grows with their table, by the keys
    of each table and its column that offers them.
    """
    clients = config.rooms.clients.key
    heading = re.sub(r"(['\[\]#])", r"'\1", config.heading(clients, "name"))
    workbook.define_name(_CLIENT_NAMES, f"={clients.capitalize()}[{heading}]")
    return {
        (key, one.named_by): f"={_CLIENT_NAMES}"
        for key, one in config.rooms.tables.items()
        if one.named_by
    }


def texts(rooms: Rooms) -> dict[str, str]:
    """What the macros of a workbook with these *rooms* say, by key, marked for translation."""
    functions = {f"vba_{name.lower()}": text for name, text in helps(rooms).items()}
    arguments = {
        f"vba_argument_{name}": text
        for one in rooms.functions.values()
        for name, text in one.arguments.items()
    }
    return {**TEXTS, **functions, **arguments}


def write_add_in_settings(sheet: Worksheet) -> None:
    """Fill the hidden sheet that the xlwings add-in reads before the settings of the computer."""
    for row, setting in enumerate(_ADD_IN_SETTINGS.items()):
        sheet.write_row(row, 0, setting)
    sheet.very_hidden()


def _lists(config: Config) -> dict[tuple[str, str], Sequence[str]]:
    """The words that each column offers, by the keys of table or sheet and column."""
    rooms = config.rooms
    tables = [(key, one) for key, table in rooms.tables.items() for one in table.fields]
    sheets = [(key, one) for key, sheet in rooms.sheets.items() for one in sheet.columns]
    every: list[tuple[str, Field | SheetColumn]] = [*tables, *sheets]
    return {(key, one.key): one.offers(config) for key, one in every if one.offers}
