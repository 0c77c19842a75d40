"""Workbooks with the sheets of lists, written and read by an independent program."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from batch.configuration import Rules
from batch.recalculation.file import Outcome, recalculate_file
from rules.config.settings import Config
from tests.bases import config
from tests.batch.simple_workbook import TODAY, Table, write

RULES = Rules(config(), Path("config.yaml"), "1" * 64)
LOG = ("Date", "Client ID", "Kind", "Consultant", "Note", "Result", "Next date", "Next kind")
CLIENTS: Table = [
    ["ID", "Name", "Phone", "Birthday"],
    ["001", "Anna", "+7 916", dt.date(1985, 12, 1)],
    ["002", "Olga", None, None],
    [7, "Rita", 79160001122, "24 Dec"],
    ["004", "Vera", None, None],
]
PURCHASES: Table = [["Date", "Client ID", "Amount"], [dt.date(2026, 11, 19), "001", 1200.5]]
CONTACTS: Table = [list(LOG), [dt.date(2026, 8, 1), "002", "call", None, "asked", "later"]]
BASE: Mapping[str, Table] = {"Clients": CLIENTS, "Purchases": PURCHASES, "Contacts": CONTACTS}
EMPTY: Table = [[]]
LISTS = {"Today": EMPTY, "Birthdays": EMPTY, "Gifts": EMPTY}


def plain_base(path: Path, changed: Mapping[str, Table] | None = None) -> Path:
    """Three plain sheets and an empty one for each list, recalculated."""
    write(path, {**BASE, **LISTS, **(changed or {})})
    recalc(path)
    return path


def recalc(
    path: Path, today: dt.date = TODAY, rules: Config | None = None, **options: bool | Path
) -> Outcome:
    rules_ = RULES if rules is None else Rules(rules, Path("config.yaml"), "1" * 64)
    return recalculate_file(path, rules_, today, **options)  # type: ignore[arg-type]


def edit(path: Path, change: Callable[[openpyxl.Workbook], object]) -> None:
    """Change the workbook as she does."""
    book = openpyxl.load_workbook(path, keep_vba=path.suffix == ".xlsm")
    change(book)
    book.save(path)


def page(book: openpyxl.Workbook, name: str) -> Worksheet:
    found = book[name]
    assert isinstance(found, Worksheet)
    return found


def heading_row(sheet: Worksheet, heading: str = "ID") -> int:
    for row in sheet.iter_rows(1, 20):
        if any(cell.value == heading for cell in row):
            return int(row[0].row or 0)
    raise AssertionError(heading)


def columns(sheet: Worksheet, heading: str = "ID") -> dict[str, int]:
    row = heading_row(sheet, heading)
    return {str(cell.value): cell.column for cell in sheet[row] if cell.value is not None}


def listed(path: Path, name: str = "Today", heading: str = "ID") -> list[dict[str, object]]:
    """The rows of a list by heading, dates as dates."""
    return rows_below(page(openpyxl.load_workbook(path), name), heading)


def rows_below(sheet: Worksheet, heading: str) -> list[dict[str, object]]:
    at = columns(sheet, heading)
    found = []
    for row in range(heading_row(sheet, heading) + 1, sheet.max_row + 1):
        cells = {name: plain(sheet.cell(row, number).value) for name, number in at.items()}
        if any(cell is not None for cell in cells.values()):
            found.append(cells)
    return found


def plain(value: object) -> object:
    return value.date() if isinstance(value, dt.datetime) else value


def note(path: Path, entries: Mapping[object, tuple[object, object]]) -> None:
    """Write Done and Result beside clients on the list of the day."""

    def change(book: openpyxl.Workbook) -> None:
        sheet = page(book, "Today")
        at = columns(sheet)
        for key, (done, result) in entries.items():
            (row,) = (
                row
                for row in range(heading_row(sheet) + 1, sheet.max_row + 1)
                if str(sheet.cell(row, at["ID"]).value) == str(key)
            )
            sheet.cell(row, at["Done"]).value = done
            sheet.cell(row, at["Result"]).value = result

    edit(path, change)


def log(path: Path, name: str = "Contacts") -> list[dict[str, object]]:
    """The rows of Contacts."""
    return rows_below(page(openpyxl.load_workbook(path), name), "Client ID")


def new_contacts(path: Path, name: str = "Contacts") -> list[tuple[object, ...]]:
    """Date, ID, kind, note and result of the rows of Contacts behind the first."""
    headings = ("Date", "Client ID", "Kind", "Note", "Result")
    return [tuple(row.get(one) for one in headings) for row in log(path, name)[1:]]


def entries(path: Path) -> dict[object, tuple[object, object]]:
    """What stands in Done and Result, by ID."""
    return {
        row["ID"]: (row["Done"], row["Result"])
        for row in listed(path)
        if row["Done"] is not None or row["Result"] is not None
    }
