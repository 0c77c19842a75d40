"""The three tables put into any workbook as further sheets, by edits of its XML.

Every other part keeps its bytes, its place among the others and its record in the zip's directory.
"""

from __future__ import annotations

import copy
import datetime as dt
import io
import itertools
import posixpath
import re
import struct
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

Rows = Sequence[Sequence[str | float | None]]
TODAY = dt.date(2026, 11, 21)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TIME = (2026, 11, 20, 8, 30, 0)

CLIENTS: Rows = (
    ("ID", "Name", "Birthday", "Class date"),
    ("001", "Anna <&> Анна", "24 Dec 1985", "5 May 2025"),
    ("002", "Olga", None, None),
    (3, "Rita ☎", "1 Dec", None),
    ("004", "Vera", None, None),
)
PURCHASES: Rows = (
    ("Date", "Client ID", "Amount"),
    ("19 Nov 2026", "001", 1200.5),
    ("2026-01-10", "002", "1 000,50"),
    ("10 Feb 2026", 3, 500),
    ("10 Feb 2025", 3, 300),
)
CONTACTS: Rows = (
    ("Date", "Client ID", "Kind", "Next date", "Next kind"),
    ("18 Nov 2026", "002", "Call", "25 Nov 2026", "Call"),
)
FILLED = ("Group", "Next contact", "Gift budget")
"""Filled columns that may stand on Clients already."""


def with_sheets(
    content: bytes, *, clients: bool = True, as_table: bool = False, with_filled: bool = False
) -> bytes:
    """The workbook with the sheets Purchases, Contacts and, unless it has its own, Clients.

    as_table: Clients is an Excel table. with_filled: some filled columns stand there, blank.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    rows = (
        [[*row, *_filled(number)] for number, row in enumerate(CLIENTS)] if with_filled else CLIENTS
    )
    sheets = {"Clients": rows} if clients else {}
    adding = _Adding(dict(parts))
    adding.add({**sheets, "Purchases": PURCHASES, "Contacts": CONTACTS}, as_table=as_table)
    changed = {name: data for name, data in adding.parts.items() if data != parts[name]}
    return _rebuilt(content, changed, adding.new)


def _rebuilt(content: bytes, changed: Mapping[str, bytes], new: Mapping[str, bytes]) -> bytes:
    """The zip file with some members' contents changed, and new members behind the others."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        infos, directory, comment = file.infolist(), file.start_dir, file.comment
    starts = [*sorted(info.header_offset for info in infos), directory]
    stops = dict(itertools.pairwise(starts))
    members, at = [], directory
    for info in infos:
        stop = at + 46 + sum(struct.unpack_from("<3H", content, at + 28))
        segment, record = content[info.header_offset : stops[info.header_offset]], content[at:stop]
        if info.filename in changed:
            segment, record = _packed(info, changed[info.filename])
        members.append((segment, record))
        at = stop
    members += [_packed(zipfile.ZipInfo(name, _TIME), data) for name, data in new.items()]
    body, records = content[: starts[0]], b""
    for segment, record in members:
        records += record[:42] + struct.pack("<L", len(body)) + record[46:]
        body += segment
    sizes = len(members), len(members), len(records), len(body), len(comment)
    return body + records + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, *sizes) + comment


def _packed(info: zipfile.ZipInfo, data: bytes) -> tuple[bytes, bytes]:
    """A member's bytes, and its record in the directory."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(copy.copy(info), data, zipfile.ZIP_DEFLATED)
        directory = file.start_dir
    content = buffer.getvalue()
    return content[:directory], content[directory:-22]


def _filled(row: int) -> Sequence[str | None]:
    """Cells of the filled columns: their headings, and in one row what is out of date."""
    return FILLED if row == 0 else ("VIP", None, None) if row == 2 else (None, None, None)


class _Adding:
    """Adds sheets to the parts of a workbook."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self.parts = parts
        self.new: dict[str, bytes] = {}
        package = parts["_rels/.rels"].decode("utf-8-sig")
        found = re.search(r"<[^>]*?/officeDocument\"[^>]*>", package)
        assert found is not None, "no workbook part"
        target = re.search(r'Target="/?([^"]+)"', found[0])
        assert target is not None
        self.main = target[1]
        self.folder = posixpath.dirname(self.main)
        self.rels = posixpath.join(self.folder, "_rels", f"{posixpath.basename(self.main)}.rels")

    def add(self, sheets: Mapping[str, Rows], *, as_table: bool) -> None:
        """Make the parts of the new sheets, and point to them from the parts that there are."""
        for number, (name, rows) in enumerate(sheets.items(), 901):
            path = posixpath.join(self.folder, "worksheets", f"sheet{number}.xml")
            is_table = as_table and name == "Clients"
            self.new[path] = _sheet(rows, is_table=is_table).encode()
            self._declare(path, f"{_TYPES}.worksheet+xml")
            identity = f"rIdAdded{number}"
            self._insert(
                self.rels,
                "Relationships",
                f'<{{p}}Relationship Id="{identity}" Type="{_OFFICE}/worksheet" '
                f'Target="worksheets/sheet{number}.xml"/>',
            )
            self._insert(
                self.main,
                "sheets",
                f'<{{p}}sheet xmlns:added="{_OFFICE}" name="{name}" sheetId="{number}" '
                f'added:id="{identity}"/>',
            )
            if is_table:
                self._add_table(path, rows)

    def _add_table(self, sheet: str, rows: Rows) -> None:
        path = posixpath.join(self.folder, "tables", "table901.xml")
        ref = f"A1:{chr(64 + len(rows[0]))}{len(rows)}"
        columns = "".join(
            f'<tableColumn id="{number}" name="{name}"/>' for number, name in enumerate(rows[0], 1)
        )
        self.new[path] = (
            f'<table xmlns="{_MAIN}" id="901" name="AddedClients" displayName="AddedClients" '
            f'ref="{ref}"><autoFilter ref="{ref}"/>'
            f'<tableColumns count="{len(rows[0])}">{columns}</tableColumns></table>'
        ).encode()
        self._declare(path, f"{_TYPES}.table+xml")
        folder, name = posixpath.split(sheet)
        self.new[posixpath.join(folder, "_rels", f"{name}.rels")] = (
            f'<Relationships xmlns="{_RELS}"><Relationship Id="rId1" Type="{_OFFICE}/table" '
            'Target="../tables/table901.xml"/></Relationships>'
        ).encode()

    def _declare(self, path: str, kind: str) -> None:
        override = f'<{{p}}Override PartName="/{path}" ContentType="{kind}"/>'
        self._insert("[Content_Types].xml", "Types", override)

    def _insert(self, part: str, parent: str, text: str) -> None:
        """Put an element at the end of its parent; {p} in it is the part's prefix."""
        data = self.parts[part]
        ends = list(re.finditer(rb"</((?:\w+:)?)%b\s*>" % parent.encode(), data))
        assert len(ends) == 1, f"{part}: {len(ends)} times '{parent}'"
        at, prefix = ends[0].start(), ends[0][1].decode()
        self.parts[part] = data[:at] + text.replace("{p}", prefix).encode() + data[at:]


def _sheet(rows: Rows, *, is_table: bool) -> str:
    width = chr(64 + len(rows[0]))
    written = "".join(
        f'<row r="{number}" spans="1:{len(row)}">'
        + "".join(_cell(f"{chr(65 + at)}{number}", value) for at, value in enumerate(row))
        + "</row>"
        for number, row in enumerate(rows, 1)
    )
    table = '<tableParts count="1"><tablePart added:id="rId1"/></tableParts>' if is_table else ""
    return (
        f'<worksheet xmlns="{_MAIN}" xmlns:added="{_OFFICE}"><dimension ref="A1:{width}{len(rows)}"/>'
        f'<sheetData>{written}</sheetData><pageMargins left="0.7" right="0.7" top="0.75" '
        f'bottom="0.75" header="0.3" footer="0.3"/>{table}</worksheet>'
    )


def _cell(reference: str, value: str | float | None) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f'<c r="{reference}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{reference}"><v>{value}</v></c>'
