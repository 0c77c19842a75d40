"""Client bases made of the parts that a test writes out, and our sheets put into others' files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from tests.batch.xlsx import parts as made

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
TYPES, MAIN = "[Content_Types].xml", "xl/workbook.xml"
CLIENTS, PURCHASES, CONTACTS = (f"xl/worksheets/sheet{number}.xml" for number in (1, 9001, 9002))
TABLE, TEXTS, STYLES = "xl/tables/table1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
FILLED = ["Group", "ABC", "XYZ", "Stage", "Folder", "Turnover", "Last purchase", "Next contact"]
FILLED += ["Contact reason", "Channel", "Gift", "Gift budget", "Gift for", "Gift date"]

Row = Sequence[object]
PURCHASE_ROWS: Sequence[Row] = [
    ["Date", "Client ID", "Amount"],
    [46000, "001", 1200.5],
    [46100, "2", 300],
]
CLIENT_ROWS: Sequence[Row] = [["ID", "Name"], ["001", "Anna"], [2, "Olga"]]


def cell(row: int, column: int, value: object) -> str:
    """A cell: text stands in the cell itself, None is no cell at all."""
    place = f'r="{chr(ord("A") + column - 1)}{row}"'
    if value is None:
        return ""
    if isinstance(value, str):
        return f'<c {place} t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f"<c {place}><v>{value}</v></c>"


def rows(values: Sequence[Row], first: int = 1) -> str:
    """Rows of cells."""
    return "".join(
        f'<row r="{row}">{"".join(cell(row, at, one) for at, one in enumerate(cells, 1))}</row>'
        for row, cells in enumerate(values, first)
    )


def base(
    clients: str | None = None,
    *,
    purchases: Sequence[Row] = PURCHASE_ROWS,
    before: str = "",
    after: str = "",
    table_xml: str | None = None,
    date1904: bool = False,
) -> dict[str, bytes]:
    """The parts of a base whose sheet Clients has the rows *clients*, and whatever stands before
    and after its cells.
    """
    written = rows(CLIENT_ROWS) if clients is None else clients
    sheet = made.sheet(written, before=before, after=after)
    parts = made.parts(sheet, table_xml=table_xml, date1904=date1904, strings=["shared"])
    return with_sheets(parts, {"Purchases": purchases})


def with_sheets(
    parts: Mapping[str, bytes], sheets: Mapping[str, Sequence[Row]]
) -> dict[str, bytes]:
    """A workbook's parts with further sheets behind its own."""
    parts = dict(parts)
    main = next(name for name in parts if re.search(r"xl/workbook\d*\.xml$", name))
    pointers = re.sub(r"([^/]+)$", r"_rels/\1.rels", main)
    for number, (name, values) in enumerate(sheets.items(), 9001):
        part = f"xl/worksheets/sheet{number}.xml"
        parts[part] = made.sheet(rows(values)).encode()
        prefix = re.search(rb"</((?:\w+:)?)sheets>", parts[main])
        assert prefix
        entry = f'<{prefix[1].decode()}sheet name="{name}" sheetId="{number}" a:id="rId{number}" xmlns:a="{_OFFICE}"/>'
        _insert(parts, main, prefix[0], entry)
        entry = f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="/{part}"/>'
        _insert(parts, pointers, b"</Relationships>", entry)
        entry = f'<Override PartName="/{part}" ContentType="{_SHEET_TYPE}"/>'
        _insert(parts, TYPES, b"</Types>", entry)
    return parts


def _insert(parts: dict[str, bytes], name: str, before: bytes, entry: str) -> None:
    parts[name] = parts[name].replace(before, entry.encode() + before)


def changed(parts: Mapping[str, bytes], name: str, old: str, new: str) -> dict[str, bytes]:
    """The parts with a piece of one of them replaced, which must be there."""
    assert old.encode() in parts[name]
    return {**parts, name: parts[name].replace(old.encode(), new.encode())}
