"""Small client bases as workbook files, made by an independent writer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

Table = Sequence[Sequence[object]]
TODAY = dt.date(2026, 11, 21)

CLIENTS: Table = [
    ["ID", "Name", "Birthday", "Class date"],
    ["001", "Anna", dt.date(1985, 12, 1), dt.date(2025, 5, 5)],
    ["002", "Olga", None, None],
    [3, "Rita", "24 Dec", None],
]
PURCHASES: Table = [
    ["Date", "Client ID", "Amount"],
    [dt.date(2026, 11, 19), "001", 1200.5],
    [dt.date(2026, 1, 10), "002", "1 000,50"],
    ["10 Feb 2026", "3", 500],
]
CONTACTS: Table = [["Date", "Client ID", "Kind", "Next date", "Next kind"]]


def write(path: Path, changed: Mapping[str, Table] | None = None, *, top: int = 1) -> Path:
    """Write the base to *path*, with the sheets *changed* (an empty table: no such sheet); the
    headings stand in row *top*.
    """
    sheets = {"Clients": CLIENTS, "Purchases": PURCHASES, "Contacts": CONTACTS, **(changed or {})}
    workbook = openpyxl.Workbook()
    workbook.remove(workbook["Sheet"])
    for name, table in sheets.items():
        if table:
            sheet = workbook.create_sheet(name)
            for row, cells in enumerate(table, top):
                for column, cell in enumerate(cells, 1):
                    sheet.cell(row, column).value = cell
    if not workbook.sheetnames:
        workbook.create_sheet("Other")
    workbook.save(path)
    return path


def column(path: Path, heading: str, *, top: int = 1) -> list[object]:
    """The cells below a heading of the Clients sheet."""
    sheet = openpyxl.load_workbook(path)["Clients"]
    headings = [cell.value for cell in sheet[top]]
    at = headings.index(heading) + 1
    return [sheet.cell(row, at).value for row in range(top + 1, sheet.max_row + 1)]
