"""Small workbooks made of the parts that a test writes out."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"

STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" '
    'formatCode="[$-419]d\\ mmm\\ yyyy;@"/></numFmts>'
    '<fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="2" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1">'
    '<alignment wrapText="1"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def sheet(rows: str, *, before: str = "", after: str = "") -> str:
    """A worksheet part with these rows."""
    return (
        f'<worksheet xmlns="{MAIN}" xmlns:r="{_OFFICE}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def table(ref: str, names: list[str], *, extra: str = "", inner: str = "") -> str:
    """A table part with these headings."""
    columns = "".join(
        f'<tableColumn id="{number}" name="{escape(name)}"/>'
        for number, name in enumerate(names, 1)
    )
    return (
        f'<table xmlns="{MAIN}" id="1" name="T" displayName="T" ref="{ref}" {extra}>'
        f'<autoFilter ref="{ref}"/>{inner}'
        f'<tableColumns count="{len(names)}">{columns}</tableColumns></table>'
    )


def parts(
    sheet_xml: str | bytes,
    *,
    strings: list[str] | None = None,
    table_xml: str | None = None,
    styles: str = STYLES,
    date1904: bool = False,
) -> dict[str, bytes]:
    """All parts of a workbook whose one sheet is called Clients."""
    items = "".join(f'<si><t xml:space="preserve">{escape(one)}</t></si>' for one in strings or [])
    override = '<Override PartName="/xl/{}" ContentType="{}"/>'
    found = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        + override.format("workbook.xml", f"{_TYPES}.sheet.main+xml")
        + override.format("worksheets/sheet1.xml", f"{_TYPES}.worksheet+xml")
        + override.format("styles.xml", f"{_TYPES}.styles+xml")
        + override.format("sharedStrings.xml", f"{_TYPES}.sharedStrings+xml")
        + (override.format("tables/table1.xml", f"{_TYPES}.table+xml") if table_xml else "")
        + "</Types>",
        "_rels/.rels": _relationships({"officeDocument": "xl/workbook.xml"}),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}">'
        f'<workbookPr date1904="{int(date1904)}"/>'
        '<sheets><sheet name="Clients" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relationships(
            {
                "worksheet": "worksheets/sheet1.xml",
                "styles": "/xl/styles.xml",
                "sharedStrings": "sharedStrings.xml",
            }
        ),
        "xl/worksheets/sheet1.xml": sheet_xml,
        "xl/styles.xml": styles,
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{items}</sst>',
    }
    if table_xml:
        found["xl/worksheets/_rels/sheet1.xml.rels"] = _relationships(
            {"table": "../tables/table1.xml"}
        )
        found["xl/tables/table1.xml"] = table_xml
    return {
        name: content if isinstance(content, bytes) else content.encode()
        for name, content in found.items()
    }


def _relationships(targets: Mapping[str, str]) -> str:
    pointers = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items(), 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{pointers}</Relationships>'


def zipped(members: Mapping[str, bytes]) -> bytes:
    """The members as a zip file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, (2020, 2, 3, 4, 5, 6))
            file.writestr(info, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def written(folder: Path, members: Mapping[str, bytes], name: str = "base.xlsx") -> Path:
    """The members as a workbook file."""
    path = folder / name
    path.write_bytes(zipped(members))
    return path
