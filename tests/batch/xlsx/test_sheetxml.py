"""Cells are read from a worksheet part's bytes, in whatever legal way they are written."""

import datetime as dt
import math
import re
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from batch import errors
from batch.cells import CellRange, CellValue, address, column_letters
from batch.edits import storable
from batch.xlsx.package import Package
from batch.xlsx.sheetxml import SheetXml
from batch.xlsx.workbook import Workbook
from batch.xlsx.xmlbytes import coded, escaped
from rules.reading.cells import CellError
from tests.batch.xlsx import parts as made

STRINGS = ["zero", "Имя", "", "two words"]


def sheet_of(rows: str) -> SheetXml:
    return SheetXml(Path("base.xlsx"), "sheet1.xml", made.sheet(rows).encode())


def cells_of(xml: SheetXml) -> dict[str, CellValue]:
    return {address(row, column): value for row, column, value in xml.cells(STRINGS, 1, 1 << 20)}


CELLS: list[tuple[str, str, dict[str, CellValue]]] = [
    ("numbers", '<row r="2"><c r="A2"><v>1</v></c><c r="B2" s="3"><v>-2.50</v></c><c r="C2" t="n"><v>1E3</v></c></row>', {"A2": 1.0, "B2": -2.5, "C2": 1000.0}),
    ("long numbers", '<row r="1"><c r="A1"><v>0.30000000000000004</v></c><c r="B1"><v>1234567890123456789</v></c></row>', {"A1": 0.1 + 0.2, "B1": 1234567890123456789.0}),
    ("odd numbers", '<row r="1"><c r="A1"><v>.5</v></c><c r="B1"><v>+7</v></c><c r="C1"><v> 8 </v></c><c r="D1"><v>5.</v></c></row>', {"A1": 0.5, "B1": 7.0, "C1": 8.0, "D1": 5.0}),
    ("shared texts", '<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" s="12" t="s"><v>3</v></c></row>', {"A1": "Имя", "B1": "two words"}),
    ("empty text is blank", '<row r="1"><c r="A1" t="s"><v>2</v></c><c r="B1" t="str"><f>""</f><v></v></c></row>', {}),
    ("inline text", '<row r="1"><c r="A1" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c></row>', {"A1": " a "}),
    ("inline texts that read alike", '<row r="1"><c r="A1" t="inlineStr"><is><t>a&amp;_x0041_</t></is></c><c r="B1" s="7" t="inlineStr"><is><t>a&amp;_x0041_</t></is></c><c r="C1" t="inlineStr"><is><t></t></is></c><c r="D1" t="inlineStr"><is><t/></is></c><c r="E1" t="inlineStr"><is><t>a</t><t>b</t></is></c></row>', {"A1": "a&A", "B1": "a&A", "E1": "ab"}),
    ("rich inline text", '<row r="1"><c r="A1" t="inlineStr"><is><r><rPr><b/><color rgb="FF0000"/></rPr><t>a</t></r><r><t>b</t></r><rPh sb="0" eb="1"><t>spoken</t></rPh></is></c></row>', {"A1": "ab"}),
    ("entities and codes", '<row r="1"><c r="A1" t="str"><v>&amp;&lt;&#x41;&#66;_x0043__x005F_x0044_</v></c></row>', {"A1": "&<ABC_x0044_"}),
    ("truth, errors, ISO dates", '<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1" t="e"><v>#N/A</v></c><c r="C1" t="d"><v>2024-02-29</v></c><c r="D1" t="d"><v>2024-02-29T12:30:00</v></c></row>', {"A1": True, "B1": CellError("#N/A"), "C1": dt.date(2024, 2, 29), "D1": dt.datetime(2024, 2, 29, 12, 30)}),  # noqa: DTZ001
    ("formulas", '<row r="1"><c r="A1"><f>B1+1</f><v>3</v></c><c r="B1"><f t="shared" si="0"/><v>2</v></c><c r="C1" t="str"><f t="array" ref="C1:C2">x</f><v>t</v></c></row>', {"A1": 3.0, "B1": 2.0, "C1": "t"}),
    ("implied places", '<row><c><v>1</v></c><c/><c t="s"><v>0</v></c></row><row/><row><c r="D3"><v>4</v></c><c><v>5</v></c></row>', {"A1": 1.0, "C1": "zero", "D3": 4.0, "E3": 5.0}),
    ("quotes, blanks and order", "<row  spans='1:3' r='7' >\n <c t='s'\n s='1' r='B7'><v>0</v></c >\n<c r=\"C7\"  /></row >", {"B7": "zero"}),
    ("a > before the place", '<row r="4"><c q="a>b" r="C4"><v>1</v></c><c><v>2</v></c></row>', {"C4": 1.0, "D4": 2.0}),
    ("a > inside an attribute", '<row r="1"><c r="A1" q="a>b"><v>1</v></c></row>', {"A1": 1.0}),
    ("far away", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', {"XFD1048576": 1.0}),
    ("self-closing", '<row r="1"/><row r="2"><c r="A2" s="1"/><c r="B2"/></row>', {}),
    ("extensions in a cell", '<row r="1"><c r="A1"><v>5</v><extLst><ext uri="u"/></extLst></c></row>', {"A1": 5.0}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "rows", "expected"), CELLS)
def test_every_way_of_writing_a_cell_is_read(
    what: str, rows: str, expected: dict[str, CellValue]
) -> None:
    found = cells_of(sheet_of(rows))
    assert found == expected, what
    assert {cell: type(value) for cell, value in found.items()} == {
        cell: type(value) for cell, value in expected.items()
    }


@pytest.mark.parametrize(("what", "rows", "expected"), CELLS)
def test_a_prefix_before_all_names_changes_nothing(
    what: str, rows: str, expected: dict[str, CellValue]
) -> None:
    root = etree.fromstring(made.sheet(rows))
    prefixed = etree.tostring(root).replace(b"xmlns=", b"xmlns:x=")
    for name in (
        "worksheet",
        "sheetData",
        "row",
        "c",
        "v",
        "f",
        "is",
        "t",
        "r",
        "rPr",
        "rPh",
        "b",
        "color",
        "extLst",
        "ext",
    ):
        for after in b" >/":
            end = bytes([after])
            prefixed = prefixed.replace(b"<" + name.encode() + end, b"<x:" + name.encode() + end)
        prefixed = prefixed.replace(f"</{name}>".encode(), f"</x:{name}>".encode())
    etree.fromstring(prefixed)
    xml = SheetXml(Path("base.xlsx"), "sheet1.xml", prefixed)
    assert xml.prefix == b"x:"
    assert cells_of(xml) == expected, what


BROKEN = [
    ('<row r="1"><c r="B1"/><c r="A1"/></row>', errors.Damaged, "order"),
    ('<row r="1"><c r="B1"/><c r="B1"/></row>', errors.Damaged, "order"),
    ('<row r="2"/><row r="1"/>', errors.Damaged, "rows don't follow"),
    ('<row r="1"><c r="B2"><v>1</v></c></row>', errors.Damaged, "B2 stands in row 1"),
    ('<row r="1048577"/>', errors.Damaged, "1048577"),
    ('<row r="1"><c r="XFE1"/></row>', errors.Damaged, "last column"),
    ('<row r="1"><c r="A1" t="s"><v>4</v></c></row>', errors.Damaged, "shared text 4"),
    ('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>', errors.Damaged, "shared text -1"),
    ('<row r="' + "9" * 5000 + '"/>', errors.Damaged, "rows don't follow"),
    ('<row r="1"><c r="A1" t="s"><v>' + "9" * 5000 + "</v></c></row>", errors.Damaged, "shared text 999"),
    ('<row r="1"><c r="A1" t="str"><v>&#' + "9" * 5000 + ";</v></c></row>", errors.Damaged, "unknown entity"),
    ('<row r="1"><c r="A1"><v>NaN</v></c></row>', errors.Damaged, "number can't be read"),
    ('<row r="1"><c r="A1"><v>1,5</v></c></row>', errors.Damaged, "number can't be read"),
    ('<row r="1"><c r="A1"><v>1e999</v></c></row>', errors.Damaged, "number can't be read"),
    ('<row r="1"><c r="A1" t="str"><v>&foo;</v></c></row>', errors.Damaged, "&foo;"),
    ('<row r="1"><c r="A1" t="inlineStr"><is><t>&foo;</t></is></c></row>', errors.Damaged, "&foo;"),
    ('<row r="1"><c r="A1"><v>1</v></row>', errors.Damaged, "isn't closed"),
    ('<c r="A1"/>', errors.Damaged, "nested wrongly"),
    ('<row r="1"><!-- --><c r="A1"/></row>', errors.StrangeXml, "comments"),
    ('<row r="1"><c r="A1" t="str"><v><![CDATA[a]]></v></c></row>', errors.StrangeXml, "CDATA"),
    ('<row r="1"><?x?><c r="A1"/></row>', errors.StrangeXml, "instructions"),
    ('<mc:AlternateContent xmlns:mc="m"/>', errors.StrangeXml, "alternative"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "kind", "words"), BROKEN)
def test_cells_that_cannot_be_read_for_certain_are_refused(
    rows: str, kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words):
        cells_of(sheet_of(rows))


def test_other_encodings_and_dtds_are_refused() -> None:
    text = made.sheet("")
    for data, kind in (
        (text.encode("utf-16"), errors.StrangeXml),
        (b'<?xml version="1.0" encoding="windows-1251"?>' + text.encode(), errors.StrangeXml),
        (b"<!-- " + b"x" * 9000 + b" --><!DOCTYPE a>" + text.encode(), errors.ForbiddenXml),
        (text.replace("</worksheet>", "").encode(), errors.Damaged),
        (b"foo" + text.encode(), errors.Damaged),
        (b"", errors.Damaged),
        (b"<chartsheet/>", errors.Damaged),
    ):
        with pytest.raises(kind):
            SheetXml(Path("base.xlsx"), "sheet1.xml", data)


def test_columns_of_numbers_are_floats_and_others_are_objects() -> None:
    xml = sheet_of(
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
        '<row r="3"><c r="A3"><v>2.5</v></c><c r="B3"><v>7</v></c><c r="C3" t="s"><v>3</v></c></row>'
        '<row r="4"><c r="A4" s="1"/></row>'
        '<row r="9"><c r="B9" t="e"><v>#REF!</v></c></row>'
    )
    found = xml.columns([1, 2], STRINGS, first_row=2)
    assert found.rows.tolist() == [3, 9]
    assert found.values[1].dtype == np.float64
    assert found.values[1].tolist()[0] == 2.5
    assert math.isnan(found.values[1][1])
    assert found.values[2].tolist() == [7.0, CellError("#REF!")]
    assert isinstance(found.values[2][1], CellError)
    everything = xml.columns([1, 4], STRINGS)
    assert everything.values[1].tolist() == ["zero", 2.5]
    assert np.isnan(everything.values[4].astype(float)).all()


def test_formulas_without_a_result_are_reported() -> None:
    xml = sheet_of('<row r="5"><c r="A5"><f>1+1</f></c><c r="B5"><v>1</v></c></row>')
    assert xml.columns([1, 2], STRINGS).uncalculated == [(5, 1)]


def test_formatted_rows_to_the_end_of_the_sheet_cost_no_cells() -> None:
    rows = "".join(
        f'<row r="{row}" s="1" customFormat="1"/>' for row in range(1_000_000, 1_048_577)
    )
    found = sheet_of('<row r="1"><c r="A1"><v>1</v></c></row>' + rows).columns([1], STRINGS)
    assert found.rows.tolist() == [1]


def test_the_longest_prefix_is_no_hindrance() -> None:
    p = "prefix" * 40
    text = (
        f'<{p}:worksheet xmlns:{p}="u"><{p}:sheetData><{p}:row r="1"><{p}:c r="A1" t="s"><{p}:v>1'
        f"</{p}:v></{p}:c></{p}:row></{p}:sheetData></{p}:worksheet>"
    )
    assert cells_of(SheetXml(Path("base.xlsx"), "s.xml", text.encode())) == {"A1": "Имя"}


def test_a_note_about_alternate_content_is_only_a_note() -> None:
    rows = '<row r="1"><c r="A1" t="str"><v>mc:AlternateContent</v></c></row>'
    assert cells_of(sheet_of(rows)) == {"A1": "mc:AlternateContent"}


def test_rows_wider_than_a_block_are_read_whole() -> None:
    wide = "".join(
        f'<c r="{column_letters(c)}1" t="inlineStr"><is><t>{"x" * 60}{c}</t></is></c>'
        for c in range(1, 16_385)
    )
    found = cells_of(sheet_of(f'<row r="1">{wide}</row><row r="2"><c r="A2"><v>1</v></c></row>'))
    assert len(found) == 16_385
    assert found["XFD1"] == "x" * 60 + "16384"


def test_array_and_merged_ranges_are_found() -> None:
    text = made.sheet(
        '<row r="1"><c r="A1" cm="1"><f t="array" ref="A1:A3">S(B1)</f><v>1</v></c>'
        '<c r="D1"><f t="dataTable" ref="D1:E2" dt2D="1"/><v>1</v></c></row>',
        after='<mergeCells count="1"><mergeCell ref="G1:H2"/></mergeCells>',
    )
    xml = SheetXml(Path("base.xlsx"), "sheet1.xml", text.encode())
    assert xml.array_ranges() == [CellRange(1, 1, 3, 1), CellRange(1, 4, 2, 5)]
    assert xml.merged() == [CellRange(1, 7, 2, 8)]


@settings(max_examples=200, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_is_read_to_the_last_bit(value: float) -> None:
    assert cells_of(sheet_of(f'<row r="1"><c r="A1"><v>{value!r}</v></c></row>')) == {"A1": value}


@settings(max_examples=200, deadline=None)
@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=3, min_value=-(10**14), max_value=10**14
    )
)
def test_every_decimal_is_rounded_correctly(value: object) -> None:
    assert cells_of(sheet_of(f'<row r="1"><c r="A1"><v>{value}</v></c></row>')) == {
        "A1": float(str(value))
    }


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=40) | st.sampled_from(["_x0041_", "a_x000D_b", "_x005F_", "\r\n", "😀" * 20])
)
def test_text_written_and_read_is_the_same(text: str) -> None:
    kept = storable(text)
    raw = (
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>'
        + escaped(coded(kept))
        + b"</t></is></c></row>"
    )
    found = cells_of(sheet_of(raw.decode()))
    assert found == ({"A1": kept} if kept else {})


def test_text_is_cut_after_32767_utf16_units_and_never_inside_a_character() -> None:
    assert len(storable("x" * 40_000)) == 32_767
    assert len(storable("x" + "😀" * 20_000)) == 1 + 16_383
    assert storable("a\x00b\x1f\ud800c\td\r\n") == "abc\td\n"


def test_a_workbook_tells_its_sheets_tables_dates_and_headings(tmp_path: Path) -> None:
    text = made.sheet('<row r="2"><c r="B2" t="s"><v>0</v></c><c r="C2"><v>45000</v></c></row>')
    parts = made.parts(
        text,
        strings=["ID", "_x0041_"],
        table_xml=made.table("B2:C9", ["ID", "a_x000a_b"], extra='totalsRowCount="1"'),
        date1904=True,
    )
    parts["xl/worksheets/sheet1.xml"] = text.encode()
    workbook = Workbook.open(made.written(tmp_path, parts))
    assert [(one.name, one.state) for one in workbook.sheets] == [("Clients", "visible")]
    assert workbook.date1904
    assert workbook.shared_strings == ["ID", "A"]
    assert workbook.top_rows(workbook.sheet("clients ")) == {2: {2: "ID", 3: "45000"}}
    [table] = workbook.tables(workbook.sheet("Clients"))
    assert (table.columns, table.header_row, table.first_row, table.last_row) == (
        ("ID", "a\nb"), 2, 3, 8,
    )  # fmt: skip
    with pytest.raises(errors.SheetNotFound, match=r"no sheet 'Purchases' \(found: Clients\)"):
        workbook.sheet("Purchases")


def test_shared_texts_join_runs_and_leave_phonetic_hints_out() -> None:
    parts = made.parts(made.sheet(""))
    parts["xl/sharedStrings.xml"] = (
        f'<sst xmlns="{made.MAIN}" count="9" uniqueCount="9"><si><r><rPr><b/></rPr><t>a</t></r>'
        '<r><t xml:space="preserve"> b</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si><si/>'
        "<si><t>_x0041_&amp;</t></si></sst>"
    ).encode()
    assert Workbook(Package(Path("base.xlsx"), made.zipped(parts))).shared_strings == [
        "a b",
        "",
        "A&",
    ]


# Cells without a reference --------------------------------------------------------------------

BARE = [
    "<c><v>1</v></c>",
    '<c s="3"><v>2.5</v></c>',
    '<c t="s"><v>0</v></c>',
    '<c s="1" t="s"><v>1</v></c>',
    '<c t="s" s="2"><v>1</v></c>',
    "<c/>",
    '<c s="2"/>',
    '<c t="n"><v>-7</v></c>',
    '<c t="b"><v>1</v></c>',
    '<c t="inlineStr"><is><t>VIP &amp; r="1"</t></is></c>',
    '<c s="1" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c>',
    "<c><f>A1+1</f><v>8</v></c>",
    "<c><f>A1+1</f></c>",
    '<c t="str"><v>x</v></c>',
]


@pytest.mark.parametrize("prefix", ["", "x:"])
@pytest.mark.parametrize("are_rows_named", [True, False])
def test_cells_without_references_are_those_that_have_them(
    prefix: str, *, are_rows_named: bool
) -> None:
    def sheet(*, are_cells_named: bool) -> SheetXml:
        rows = []
        for row in range(1, 6):
            cells = [BARE[(row * place) % len(BARE)] for place in range(1, 12)]
            if are_cells_named:
                cells = [
                    one.replace("<c", f'<c r="{address(row, column)}"', 1)
                    for column, one in enumerate(cells, 1)
                ]
            named = f' r="{row}"' if are_rows_named or are_cells_named else ""
            rows.append(f"<row{named}>{''.join(cells)}</row>")
        written = made.sheet("".join(rows))
        if prefix:
            written = re.sub(r"<(/?)(?=\w)", rf"<\1{prefix}", written)
            written = written.replace("xmlns=", "xmlns:x=")
        return SheetXml(Path("base.xlsx"), "sheet1.xml", written.encode())

    strings, columns = ["a", "b"], list(range(1, 13))
    named, bare = (sheet(are_cells_named=one).columns(columns, strings, 2) for one in (True, False))
    assert bare.rows.tolist() == named.rows.tolist()
    assert bare.uncalculated == named.uncalculated
    for column in columns:
        assert bare.by_row(column) == named.by_row(column)
        assert bare.styles[column].tolist() == named.styles[column].tolist()


def test_many_cells_without_references_are_read_as_quickly_as_others() -> None:
    """One by one they took twenty times the time."""

    def taken(row: str) -> float:
        rows = "".join(row.format(number) for number in range(1, 20_001))
        xml = SheetXml(Path("base.xlsx"), "sheet1.xml", made.sheet(rows).encode())
        began = time.process_time()
        assert len(xml.columns([1, 2], ["a"]).rows) == 20_000
        return time.process_time() - began

    bare = '<row><c s="1"><v>{0}</v></c><c t="s"><v>0</v></c></row>'
    named = '<row r="{0}"><c r="A{0}" s="1"><v>{0}</v></c><c r="B{0}" t="s"><v>0</v></c></row>'
    assert taken(bare) < 5 * taken(named)
