"""Small bases, written as workbooks and calculated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from batch.configuration import Rules
from batch.recalculation.file import calculate_file
from batch.recalculation.plan import Calculated
from rules.config.settings import Config
from tests.bases import config
from tests.batch.simple_workbook import write

TODAY = dt.date(2026, 11, 21)
Row = Mapping[str, object]
PURCHASES = ("Date", "Client ID", "Amount")
CONTACTS = ("Date", "Client ID", "Kind", "Next date", "Next kind")
HOSTILE = {
    "newline": "Anna\nPetrova",
    "separators": 'Petrova; Anna, "the" first: a=b',
    "property": "Anna\r\nTEL:+79999999999",
    "emoji": "Anna 💄👩‍👩‍👧 Petrova",
    "long": "Ж" * 300,
    "right to left": "שרה \u202bלוי\u202c",
    "formula": "+cmd|' /C calc'!A0",
    "line separator": "Anna\u2028Petrova\x85",
}
READ_AS = {
    "newline": "Anna Petrova",
    "property": "Anna TEL:+79999999999",
    "line separator": "Anna Petrova",
}
"""Names that could break a file, and those of them that are read as something else."""


def base(
    folder: Path,
    clients: Sequence[Row],
    purchases: Sequence[Sequence[object]] = (),
    contacts: Sequence[Sequence[object]] = (),
    *,
    today: dt.date = TODAY,
    rules: Config | None = None,
    name: str = "base.xlsx",
) -> Calculated:
    """The base of these rows as of *today*; clients by heading, the logs by position."""
    rows = [{"ID": f"C{at}", "Name": f"Client {at}", **row} for at, row in enumerate(clients, 1)]
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    path = write(
        folder / name,
        {
            "Clients": [headings, *([row.get(heading) for heading in headings] for row in rows)],
            "Purchases": [PURCHASES, *purchases],
            "Contacts": [CONTACTS, *contacts],
        },
    )
    return calculate_file(path, Rules(rules or config(), path), today)
