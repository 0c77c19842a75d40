"""A client base in a workbook full of things that a careless program loses."""

from __future__ import annotations

import datetime as dt
import struct
import zipfile
import zlib
from pathlib import Path

import xlsxwriter
from pyopenvba import ExcelFile

TODAY = dt.date(2026, 11, 21)
HEADINGS = ["ID", "Name", "Birthday", "Class date", "Group", "Next contact", "Hers"]
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_CACHE = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<pivotCacheDefinition xmlns="{_MAIN}" refreshOnLoad="1" recordCount="0"><cacheSource
type="worksheet"><worksheetSource ref="A1:C4" sheet="Purchases"/></cacheSource><cacheFields
count="3"><cacheField name="Date" numFmtId="0"><sharedItems/></cacheField><cacheField
name="Client ID" numFmtId="0"><sharedItems/></cacheField><cacheField name="Amount"
numFmtId="0"><sharedItems/></cacheField></cacheFields></pivotCacheDefinition>"""
_PIVOT = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<pivotTableDefinition xmlns="{_MAIN}" name="Pivot" cacheId="1" dataCaption="Values"><location
ref="A20:B22" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/><pivotFields
count="3"><pivotField/><pivotField axis="axisRow" showAll="0"><items count="1"><item
t="default"/></items></pivotField><pivotField dataField="1"/></pivotFields><rowFields
count="1"><field x="1"/></rowFields><dataFields count="1"><dataField name="Sum" fld="2"/>
</dataFields></pivotTableDefinition>"""


def make(path: Path) -> Path:
    """Write the workbook to *path* (.xlsm): chart, picture, macro button, pivot table, conditional
    formats, drop-down list, comment, hidden sheet, defined name, formulas, merged cells.
    """
    project = path.with_suffix(".bin")
    with ExcelFile.create_new(path.with_name("macro.xlsm")) as macro:
        macro.set_module("Module1", 'Sub Hello()\n    MsgBox "Hello"\nEnd Sub\n')
        macro.save()
        project.write_bytes(macro.vba_project_bytes())
    picture = path.with_suffix(".png")
    picture.write_bytes(_png())
    _write(path, project, picture)
    _add_pivot(path)
    return path


def _png() -> bytes:
    """A picture of one red pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\0\xff\0\0")
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")
    )


def _write(path: Path, project: Path, picture: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as workbook:
        workbook.add_vba_project(str(project))
        workbook.set_vba_name()
        date = workbook.add_format({"num_format": "dd.mm.yyyy"})
        blue = workbook.add_format({"bg_color": "#CCE5FF"})
        clients = workbook.add_worksheet("Clients")
        clients.set_vba_name("Sheet1")
        for column, heading in enumerate(HEADINGS):
            clients.write_string(2, column, heading, blue)
        clients.write_string(0, 0, "My clients <&> друзья")
        clients.merge_range("C1:D1", "merged")
        for row, name in enumerate(["Anna", "Olga", "Rita"], 3):
            clients.write_string(row, 0, f"00{row}")
            clients.write_string(row, 1, name)
            clients.write_datetime(row, 2, dt.datetime(1980, 12, row), date)  # noqa: DTZ001
            clients.write_blank(row, 5, None, date)
            clients.write_formula(row, 6, f"=A{row + 1}&B{row + 1}", None, f"00{row}{name}")
        clients.write_formula("E6", '="by hand"', None, "by hand")
        clients.conditional_format("A4:A6", {"type": "duplicate", "format": blue})
        clients.conditional_format("C4:C6", {"type": "data_bar"})
        clients.data_validation("E4:E6", {"validate": "list", "source": ["VIP", "Client"]})
        clients.write_comment("B4", "likes tea")
        clients.insert_button("I2", {"macro": "Hello", "caption": "Say hello"})
        clients.insert_image("I6", str(picture))
        chart = workbook.add_chart({"type": "column"})
        chart.add_series({"values": "=Purchases!$C$2:$C$4"})
        clients.insert_chart("I8", chart)
        clients.add_sparkline("H4", {"range": "Purchases!C2:C4"})
        clients.autofilter("A3:G6")
        purchases = workbook.add_worksheet("Purchases")
        for column, heading in enumerate(["Date", "Client ID", "Amount"]):
            purchases.write_string(0, column, heading)
        for row, (days, client, amount) in enumerate(
            [(10, "003", 900), (40, "003", 50), (300, "004", 70)], 1
        ):
            purchases.write_datetime(
                row, 0, dt.datetime.combine(TODAY, dt.time()) - dt.timedelta(days), date
            )
            purchases.write_string(row, 1, client)
            purchases.write_number(row, 2, amount)
        workbook.add_worksheet("Contacts").write_row(0, 0, ["Date", "Client ID"])
        secret = workbook.add_worksheet("Secret")
        secret.very_hidden()
        workbook.define_name("Rate", "=0.01")


def _add_pivot(path: Path) -> None:
    """Add a pivot table to the sheet Purchases, which XlsxWriter can't."""
    with zipfile.ZipFile(path) as package:
        parts = {info.filename: package.read(info) for info in package.infolist()}
    types = (
        f'<Override PartName="/xl/pivotCache/pivotCacheDefinition1.xml" '
        f'ContentType="{_TYPES}.pivotCacheDefinition+xml"/>'
        f'<Override PartName="/xl/pivotTables/pivotTable1.xml" ContentType="{_TYPES}.pivotTable+xml"/>'
    )
    _insert(parts, "[Content_Types].xml", "</Types>", types)
    _insert(
        parts,
        "xl/_rels/workbook.xml.rels",
        "</Relationships>",
        f'<Relationship Id="rId90" Type="{_OFFICE}/pivotCacheDefinition" '
        f'Target="pivotCache/pivotCacheDefinition1.xml"/>',
    )
    caches = (
        f'<pivotCaches><pivotCache cacheId="1" r:id="rId90" xmlns:r="{_OFFICE}"/></pivotCaches>'
    )
    _insert(parts, "xl/workbook.xml", "</workbook>", caches)
    relationship = f'<Relationship Id="rId1" Type="{_OFFICE}/{{}}" Target="../{{}}"/>'
    whole = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships '
        'xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    )
    parts["xl/worksheets/_rels/sheet2.xml.rels"] = whole.format(
        relationship.format("pivotTable", "pivotTables/pivotTable1.xml")
    ).encode()
    parts["xl/pivotTables/_rels/pivotTable1.xml.rels"] = whole.format(
        relationship.format("pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml")
    ).encode()
    parts["xl/pivotTables/pivotTable1.xml"] = _PIVOT.encode()
    parts["xl/pivotCache/pivotCacheDefinition1.xml"] = _CACHE.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)


def _insert(parts: dict[str, bytes], name: str, before: str, text: str) -> None:
    assert parts[name].count(before.encode()) == 1
    parts[name] = parts[name].replace(before.encode(), (text + before).encode())
