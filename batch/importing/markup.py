"""Reports that shops save under the name of a workbook though they are pages of the web, or Excel's
older XML.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from lxml import etree, html

from batch.importing import texts
from batch.importing.sheets import Cell, SourceSheet

_MOST_SPANNED = 1000


def sheets(path: Path, raw: bytes) -> Iterator[SourceSheet]:
    """The tables in a page, or the sheets of a workbook in Excel's XML; none where it has none."""
    if b"urn:schemas-microsoft-com:office:spreadsheet" in raw[:4000]:
        yield from _spreadsheet(path, raw)
        return
    if b"<table" not in raw.lower():
        return
    parser = html.HTMLParser(encoding=None if b"charset=" in raw[:2000].lower() else _encoding(raw))
    root = html.fromstring(raw, parser=parser)
    tables = [one for one in root.iter("table") if one.find(".//table") is None]
    for number, table in enumerate(tables, 1):
        rows = [_row(row) for row in table.iter("tr")]
        name = "" if len(tables) == 1 else str(number)
        yield _filled(path, name, rows)


def _encoding(raw: bytes) -> str:
    return texts.decoded(raw).encoding


def _row(row: etree._Element) -> list[Cell]:
    cells: list[Cell] = []
    for one in row.iterchildren("td", "th"):
        text = " ".join("".join(map(str, one.itertext())).split())
        span = one.get("colspan", "1")
        count = min(int(span), _MOST_SPANNED) if span.isdigit() else 1
        cells += [text or None, *[None] * (count - 1)]
    return cells


def _spreadsheet(path: Path, raw: bytes) -> Iterator[SourceSheet]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(raw, parser)
    for sheet in root.iter("{*}Worksheet"):
        rows: list[list[Cell]] = []
        for row in sheet.iter("{*}Row"):
            at = _attribute(row, "Index")
            while at and len(rows) < int(at) - 1:
                rows.append([])
            rows.append(_cells(row))
        yield _filled(path, _attribute(sheet, "Name"), rows)


def _cells(row: etree._Element) -> list[Cell]:
    cells: list[Cell] = []
    for one in row.iterchildren("{*}Cell"):
        at = _attribute(one, "Index")
        cells += [None] * (int(at) - 1 - len(cells) if at.isdigit() else 0)
        data = one.find("{*}Data")
        cells.append(_value(data) if data is not None else None)
        across = _attribute(one, "MergeAcross")
        cells += [None] * (min(int(across), _MOST_SPANNED) if across.isdigit() else 0)
    return cells


def _value(data: etree._Element) -> Cell:
    text, kind = "".join(map(str, data.itertext())), _attribute(data, "Type")
    try:
        if kind == "Number":
            return float(text)
        if kind == "DateTime":
            moment = dt.datetime.fromisoformat(text)
            return moment.date() if moment.time() == dt.time() else moment
    except ValueError:
        return text
    return text or None


def _attribute(element: etree._Element, local: str) -> str:
    found = (value for name, value in element.attrib.items() if str(name).split("}")[-1] == local)
    return str(next(found, ""))


def _filled(path: Path, name: str, rows: list[list[Cell]]) -> SourceSheet:
    kept = [at for at, row in enumerate(rows) if any(cell is not None for cell in row)]
    return SourceSheet(path, name, [rows[at] for at in kept], [at + 1 for at in kept])
