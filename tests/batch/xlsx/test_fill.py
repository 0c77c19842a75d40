"""Only named cells change: what is written, what is kept, what is refused."""

import datetime as dt
import math
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batch import errors
from batch.edits import FilledValue, Region
from batch.saving.readback import read_back
from batch.xlsx.package import Package
from batch.xlsx.workbook import Workbook
from tests.batch.xlsx import parts as made
from tests.batch.xlsx.filling import Filling, OneColumn, fill

SHEET = "xl/worksheets/sheet1.xml"
TABLE = "xl/tables/table1.xml"
STYLES = "xl/styles.xml"


def opened(parts: dict[str, bytes]) -> Workbook:
    return Workbook(Package(Path("base.xlsx"), made.zipped(parts)))


def workbook(rows: str, **options: object) -> Workbook:
    before, after = str(options.pop("before", "")), str(options.pop("after", ""))
    return opened(made.parts(made.sheet(rows, before=before, after=after), **options))  # type: ignore[arg-type]


def text(column: int | None, *values: FilledValue, heading: str = "Group") -> OneColumn:
    return OneColumn(heading, column, "text", values)


def number(column: int | None, *values: FilledValue, heading: str = "Turnover") -> OneColumn:
    return OneColumn(heading, column, "number", values)


def date(column: int | None, *values: FilledValue, heading: str = "Next") -> OneColumn:
    return OneColumn(heading, column, "date", values)


def filled(
    book: Workbook, columns: Sequence[OneColumn], rows: Sequence[int] = (2,), table: bool = False
) -> Filling:
    return fill(book, Region("Clients", 1, rows, TABLE if table else None), columns)


def rows_of(filling: Filling) -> str:
    part = filling.parts[SHEET].decode()
    return part[part.index("<sheetData>") + 11 : part.index("</sheetData>")]


def again(book: Workbook, filling: Filling) -> Workbook:
    return Workbook(Package(Path("base.xlsx"), book.package.copy_with(filling.parts)))


ONE: list[tuple[str, str, OneColumn, str]] = [
    ("a number is replaced", '<row r="2"><c r="B2"><v>1</v></c></row>', number(2, 2.5), '<row r="2"><c r="B2"><v>2.5</v></c></row>'),
    ("the style stays, cm and vm go", '<row r="2"><c r="B2" s="3" cm="1" vm="2"><v>1</v></c></row>', number(2, 7), '<row r="2"><c r="B2" s="3"><v>7</v></c></row>'),
    ("text becomes inline text", '<row r="2"><c r="B2" s="3" t="s"><v>0</v></c></row>', text(2, "VIP"), '<row r="2"><c r="B2" s="3" t="inlineStr"><is><t>VIP</t></is></c></row>'),
    ("markup is escaped", '<row r="2"/>', text(2, '<a href="x">&'), '<row r="2"><c r="B2" t="inlineStr"><is><t>&lt;a href=&quot;x&quot;&gt;&amp;</t></is></c></row>'),
    ("what looks like a formula stays text", '<row r="2"/>', text(2, "=1+1"), '<row r="2"><c r="B2" t="inlineStr"><is><t>=1+1</t></is></c></row>'),
    ("outer blanks are preserved", '<row r="2"></row>', text(2, " a\n"), '<row r="2"><c r="B2" t="inlineStr"><is><t xml:space="preserve"> a\n</t></is></c></row>'),
    ("literal codes are escaped", '<row r="2"></row>', text(2, "_x0041_"), '<row r="2"><c r="B2" t="inlineStr"><is><t>_x005F_x0041_</t></is></c></row>'),
    ("control characters are dropped", '<row r="2"></row>', text(2, "a\x00\x07b"), '<row r="2"><c r="B2" t="inlineStr"><is><t>ab</t></is></c></row>'),
    ("blank keeps a styled cell", '<row r="2"><c r="B2" s="3"><v>1</v></c></row>', number(2, None), '<row r="2"><c r="B2" s="3"/></row>'),
    ("blank removes a plain cell", '<row r="2"><c r="A2"/><c r="B2"><v>1</v></c></row>', number(2, math.nan), '<row r="2"><c r="A2"/></row>'),
    ("a removed cell doesn't shift an implied one", '<row r="2"><c r="B2"><v>1</v></c><c><v>2</v></c></row>', text(2, ""), '<row r="2"><c r="B2"/><c><v>2</v></c></row>'),
    ("a new cell stands in order", '<row r="2"><c r="A2"/> <c r="C2"/></row>', number(2, 1), '<row r="2"><c r="A2"/> <c r="B2"><v>1</v></c><c r="C2"/></row>'),
    ("a new last cell", '<row r="2"><c r="A2"><v>1</v></c>\n</row>', number(2, 1), '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>1</v></c>\n</row>'),
    ("a new first cell", '<row r="2"><c r="C2"/></row>', number(2, 1), '<row r="2"><c r="B2"><v>1</v></c><c r="C2"/></row>'),
    ("a row that is missing", '<row r="1"/><row r="3"/>', number(2, 1), '<row r="1"/><row r="2"><c r="B2"><v>1</v></c></row><row r="3"/>'),
    ("spans are widened", '<row r="2" spans="3:5"><c r="C2"/></row>', number(2, 1), '<row r="2" spans="2:5"><c r="B2"><v>1</v></c><c r="C2"/></row>'),
    ("spans that suffice stay", '<row r="2" spans="1:2 4:9"/>', number(2, 1), '<row r="2" spans="1:2 4:9"><c r="B2"><v>1</v></c></row>'),
    ("a row's style", '<row r="2" s="3" customFormat="1"/>', number(2, 1), '<row r="2" s="3" customFormat="1"><c r="B2" s="3"><v>1</v></c></row>'),
    ("a row's style that isn't in force", '<row r="2" s="3"/>', number(2, 1), '<row r="2" s="3"><c r="B2"><v>1</v></c></row>'),
    ("a date in a date cell", '<row r="2"><c r="B2" s="2"><v>1</v></c></row>', date(2, dt.date(2024, 2, 29)), '<row r="2"><c r="B2" s="2"><v>45351</v></c></row>'),
    ("a date in a plain cell", '<row r="2"/>', date(2, dt.date(2024, 2, 29)), '<row r="2"><c r="B2" s="1"><v>45351</v></c></row>'),
    ("the shortest decimals", '<row r="2"/>', number(2, 0.1 + 0.2), '<row r="2"><c r="B2"><v>0.30000000000000004</v></c></row>'),
    ("an exact decimal", '<row r="2"/>', number(2, Decimal("1450.50")), '<row r="2"><c r="B2"><v>1450.5</v></c></row>'),
    ("a truth value isn't the number 1", '<row r="2"><c r="B2" t="b"><v>1</v></c></row>', number(2, 1), '<row r="2"><c r="B2"><v>1</v></c></row>'),
    ("text 1 isn't the number 1", '<row r="2"><c r="B2" t="str"><v>1</v></c></row>', number(2, 1), '<row r="2"><c r="B2"><v>1</v></c></row>'),
    ("an error goes", '<row r="2"><c r="B2" t="e"><v>#N/A</v></c></row>', text(2, "#N/A"), '<row r="2"><c r="B2" t="inlineStr"><is><t>#N/A</t></is></c></row>'),
    ("hidden rows are filled", '<row r="2" hidden="1"/>', number(2, 1), '<row r="2" hidden="1"><c r="B2"><v>1</v></c></row>'),
]  # fmt: skip


@pytest.mark.parametrize(("what", "before", "column", "after"), ONE, ids=[one[0] for one in ONE])
def test_a_cell_is_written_as_excel_wants_it(
    what: str, before: str, column: OneColumn, after: str
) -> None:
    book = workbook(before, strings=["old"])
    filling = filled(book, [column])
    assert rows_of(filling) == after, what
    assert list(filling.parts) == [SHEET]
    assert not filled(again(book, filling), [column]).parts


SAME: list[tuple[str, OneColumn]] = [
    ('<row r="2"><c r="B2"><v>2.50</v></c></row>', number(2, 2.5)),
    ('<row r="2"><c r="B2" t="s"><v>0</v></c></row>', text(2, "old")),
    ('<row r="2"><c r="B2" t="str"><v>a&#38;b</v></c></row>', text(2, "a&b")),
    ('<row r="2"><c r="B2" s="2"><v>45351</v></c></row>', date(2, dt.date(2024, 2, 29))),
    ('<row r="2"><c r="B2" s="1"><v>45351.5</v></c></row>', date(2, dt.datetime(2024, 2, 29, 12))),  # noqa: DTZ001
    ('<row r="2"><c r="B2" s="3"/></row>', text(2, None)),
    ('<row r="1"/>', number(2, None)),
    ('<row r="2"><c r="B2" t="inlineStr"><is><t></t></is></c></row>', text(2, "")),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "column"), SAME)
def test_a_cell_that_holds_the_value_already_is_not_touched(rows: str, column: OneColumn) -> None:
    filling = filled(workbook(rows, strings=["old"]), [column])
    assert (filling.parts, filling.changes, filling.kept) == ({}, [], [])


def test_a_date_shown_as_a_number_gets_a_date_format() -> None:
    book = workbook('<row r="2"><c r="B2" s="3"><v>45351</v></c><c r="C2" s="3"/></row>')
    columns = [date(2, dt.date(2024, 2, 29)), date(3, dt.date(2024, 3, 1), heading="Gift date")]
    filling = filled(book, columns)
    new = (
        b'<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1">'
        b'<alignment wrapText="1"/></xf>'
    )
    assert filling.parts[STYLES] == made.STYLES.encode().replace(
        b'<cellXfs count="4">', b'<cellXfs count="5">'
    ).replace(b"</cellXfs>", new + b"</cellXfs>")
    assert rows_of(filling) == (
        '<row r="2"><c r="B2" s="4"><v>45351</v></c><c r="C2" s="4"><v>45352</v></c></row>'
    )
    assert filling.changes[0].new == dt.date(2024, 2, 29)
    assert not filled(again(book, filling), columns).parts


def test_dates_are_counted_in_the_workbooks_own_system() -> None:
    book = workbook('<row r="2"/>', date1904=True)
    filling = filled(book, [date(2, dt.date(2024, 2, 29))])
    assert "<v>43889</v>" in rows_of(filling)  # 45351 - 1462
    assert not filled(again(book, filling), [date(2, dt.date(2024, 2, 29))]).parts


def test_numbers_and_dates_that_no_cell_can_hold_are_kept_out() -> None:
    columns = [number(2, math.inf), date(3, dt.date(1899, 1, 1)), number(4, 10**400 // 10**395)]
    filling = filled(workbook('<row r="2"/>'), columns)
    assert [(one.cell, one.reason) for one in filling.kept] == [
        ("B2", "can't hold an infinite number"),
        ("C2", "can't hold 01.01.1899, which is before Excel's first day"),
    ]


def test_cells_with_formulas_and_in_ranges_are_kept() -> None:
    book = workbook(
        '<row r="2"><c r="B2"><f>1</f><v>1</v></c><c r="C2"><f t="shared" si="0"/></c></row>'
        '<row r="3"><c r="B3" cm="1"><f t="array" ref="B3:B4">x</f><v>1</v></c><c r="C3"/></row>'
        '<row r="4"><c r="B4"><v>2</v></c><c r="C4"/></row>',
        after='<mergeCells><mergeCell ref="C3:D4"/></mergeCells>',
    )
    columns = [number(2, 7, 7, 7), number(3, 8, 8, 8, heading="Gift")]
    filling = filled(book, columns, [2, 3, 4])
    assert [(one.cell, one.heading, one.reason) for one in filling.kept] == [
        ("B2", "Turnover", "holds a formula"),
        ("B3", "Turnover", "holds a formula"),
        ("B4", "Turnover", "belongs to an array formula or a spilled formula"),
        ("C2", "Gift", "holds a formula"),
        ("C4", "Gift", "is part of merged cells"),
    ]
    assert [(one.cell, one.old, one.new) for one in filling.changes] == [("C3", None, 8.0)]


def test_a_cell_that_cannot_be_read_is_refused_unless_it_is_kept_anyway() -> None:
    broken = '<row r="2"><c r="B2">{}<v>x</v></c></row>'
    with pytest.raises(errors.Damaged, match="number can't be read"):
        filled(workbook(broken.format("")), [number(2, 1)])
    assert filled(workbook(broken.format("<f>1</f>")), [number(2, 1)]).kept
    merged = '<mergeCells><mergeCell ref="A2:B2"/></mergeCells>'
    assert filled(workbook(broken.format(""), after=merged), [number(2, 1)]).kept
    with pytest.raises(errors.Damaged, match="shared text 7"):
        filled(workbook('<row r="2"><c r="B2" t="s"><v>7</v></c></row>'), [number(2, 1)])


def test_rows_may_come_in_any_order_but_not_twice() -> None:
    book = workbook('<row r="2"/><row r="3"/>')
    assert rows_of(filled(book, [number(1, 30, 20)], [3, 2])) == (
        '<row r="2"><c r="A2"><v>20</v></c></row><row r="3"><c r="A3"><v>30</v></c></row>'
    )
    with pytest.raises(ValueError, match="row 2 is named twice"):
        filled(book, [number(1, 1, 1)], [2, 2])
    with pytest.raises(ValueError, match="1 values for 2 rows"):
        filled(book, [number(1, 1)], [2, 3])


def test_an_empty_sheet_gets_its_rows() -> None:
    parts = made.parts(f'<x:worksheet xmlns:x="{made.MAIN}"><x:sheetData/></x:worksheet>')
    filling = filled(opened(parts), [text(1, "a", "b")], [2, 4])
    assert filling.parts[SHEET].decode() == (
        f'<x:worksheet xmlns:x="{made.MAIN}"><x:sheetData>'
        '<x:row r="2"><x:c r="A2" t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c></x:row>'
        '<x:row r="4"><x:c r="A4" t="inlineStr"><x:is><x:t>b</x:t></x:is></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )


def test_dimension_is_widened_only_when_needed() -> None:
    rows = '<row r="2"><c r="A2"/></row>'
    near = filled(workbook(rows, before='<dimension ref="A1:C9"/>'), [number(2, 1)])
    assert b'<dimension ref="A1:C9"/>' in near.parts[SHEET]
    far = filled(workbook(rows, before='<dimension ref="B2"/>'), [number(5, 1)], [7])
    assert b'<dimension ref="B2:E7"/>' in far.parts[SHEET]


HEADINGS = '<row r="1"><c r="A1" s="3" t="s"><v>0</v></c><c r="B1" s="3" t="s"><v>1</v></c></row>'
ROWS = HEADINGS + '<row r="2" spans="1:2"><c r="A2"><v>7</v></c></row><row r="3"/>'


def table_book(rows: str = ROWS, ref: str = "A1:B3", **options: object) -> Workbook:
    extra, inner = str(options.pop("extra", "")), str(options.pop("inner", ""))
    table = made.table(ref, ["ID", "Name"], extra=extra, inner=inner)
    return workbook(rows, strings=["ID", "Name", "x"], table_xml=table, **options)


NEW = [text(None, "VIP", None), date(None, dt.date(2024, 2, 29), None)]


def test_new_columns_are_added_at_the_right_end_of_the_table() -> None:
    book = table_book(before='<dimension ref="A1:B3"/><sheetFormatPr defaultRowHeight="15"/>')
    filling = filled(book, NEW, [2, 3], table=True)
    assert filling.columns == {"Group": 3, "Next": 4}
    assert filling.parts[SHEET].decode() == made.sheet(
        HEADINGS.replace(
            "</row>",
            '<c r="C1" s="3" t="inlineStr"><is><t>Group</t></is></c>'
            '<c r="D1" s="3" t="inlineStr"><is><t>Next</t></is></c></row>',
        )
        + '<row r="2" spans="1:4"><c r="A2"><v>7</v></c>'
        '<c r="C2" t="inlineStr"><is><t>VIP</t></is></c><c r="D2" s="1"><v>45351</v></c></row>'
        '<row r="3"/>',
        before='<dimension ref="A1:D3"/><sheetFormatPr defaultRowHeight="15"/>'
        '<cols><col min="3" max="3" width="16" customWidth="1"/>'
        '<col min="4" max="4" width="12" customWidth="1"/></cols>',
    )
    assert filling.parts[TABLE].decode() == (made.table("A1:D3", ["ID", "Name", "Group", "Next"]))
    assert sorted(filling.parts) == [TABLE, SHEET]
    now = again(book, filling)
    known = [text(3, "VIP", None), date(4, dt.date(2024, 2, 29), None)]
    assert not filled(now, known, [2, 3], table=True).parts


def test_only_the_tables_own_filter_is_widened_and_ids_are_fresh() -> None:
    part = made.table("A1:B3", ["ID", "Name"]).replace('id="2" name="Name"', 'id="41" name="Name"')
    part = part.replace("</table>", '<extLst><ext uri="u"><x ref="A1:B3"/></ext></extLst></table>')
    book = workbook(ROWS, strings=["ID", "Name"], table_xml=part)
    new = filled(book, [text(None, "a", heading='One "&\n_x0041_')], [2], table=True).parts[TABLE]
    assert new.decode() == part.replace('ref="A1:B3" >', 'ref="A1:C3" >').replace(
        '<autoFilter ref="A1:B3"/>', '<autoFilter ref="A1:C3"/>'
    ).replace('<tableColumns count="2">', '<tableColumns count="3">').replace(
        "</tableColumns>",
        '<tableColumn id="42" name="One &quot;&amp;_x000a__x005F_x0041_"/></tableColumns>',
    )


def test_column_widths_and_styles_that_she_set_stay() -> None:
    cols = '<cols><col min="1" max="3" width="5"/><col min="6" max="9" width="7" style="2"/></cols>'
    added = [
        OneColumn(heading, None, "text", ["1", None], width=40)
        for heading in ("N3", "N4", "N5", "N6")
    ]
    part = filled(table_book(before=cols), added, [2, 3], table=True).parts[SHEET].decode()
    assert (
        '<cols><col min="1" max="3" width="5"/><col min="4" max="4" width="40" customWidth="1"/>'
        '<col min="5" max="5" width="40" customWidth="1"/>'
        '<col min="6" max="9" width="7" style="2"/></cols>' in part
    )
    assert '<c r="F2" s="2" t="inlineStr"><is><t>1</t></is></c>' in part


@pytest.mark.parametrize(
    ("code", "style"), [("[$-419]d\\ mmm\\ yyyy;@", 4), ("[h]:mm", 4), ("0.00", 2)]
)
def test_a_number_in_a_cell_that_shows_moments_gets_a_plain_format(code: str, style: int) -> None:
    styles = made.STYLES.replace("[$-419]d\\ mmm\\ yyyy;@", code)
    rows = '<row r="1"><c r="A1" t="str"><v>N</v></c></row><row r="2"><c r="A2" s="2"/></row>'
    book = Workbook(
        Package(Path("base.xlsx"), made.zipped(made.parts(made.sheet(rows), styles=styles)))
    )
    region = Region("Clients", 1, [2])
    filling = fill(book, region, [OneColumn("N", 1, "number", [-500])])
    assert f'<c r="A2" s="{style}"><v>-500</v></c>' in filling.parts[SHEET].decode()
    assert ("xl/styles.xml" in filling.parts) == (style == 4)


def test_the_totals_row_is_not_written() -> None:
    rows = ROWS + '<row r="4"><c r="A4"><v>9</v></c></row>'
    book = table_book(rows, "A1:B4", extra='totalsRowCount="1"', inner="")
    filling = filled(book, NEW, [2, 3], table=True)
    assert '<row r="4"><c r="A4"><v>9</v></c></row>' in rows_of(filling)
    assert b'ref="A1:D4"' in filling.parts[TABLE]


TAKEN = [
    (ROWS.replace("</row>", '<c r="D1"><v>1</v></c></row>', 1), {}, r"already \(D1\)"),
    (ROWS.replace('<row r="3"/>', '<row r="3"><c r="C3"><f>1</f></c></row>'), {}, r"already \(C3\)"),
    (ROWS, {"after": '<mergeCells><mergeCell ref="D3:E9"/></mergeCells>'}, r"merged there \(D3:E9\)"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "options", "words"), TAKEN)
def test_taken_cells_to_the_right_of_the_table_are_named(
    rows: str, options: dict[str, str], words: str
) -> None:
    with pytest.raises(errors.CellsTaken, match=words) as caught:
        filled(table_book(rows, **options), NEW, [2, 3], table=True)
    assert "no room for the new columns Group, Next" in str(caught.value)
    assert "nothing was written" in str(caught.value)


def test_a_taken_totals_row_an_array_or_the_edge_of_the_sheet_leave_no_room() -> None:
    totals = table_book(
        ROWS + '<row r="4"><c r="C4"><v>1</v></c></row>', "A1:B4", extra='totalsRowCount="1"'
    )
    with pytest.raises(errors.CellsTaken, match="C4"):
        filled(totals, NEW, [2, 3], table=True)
    array = '<row r="9"><c r="F9"><f t="array" ref="D2:F9">x</f></c></row>'
    with pytest.raises(errors.CellsTaken, match=r"spills there \(D2:F9\)"):
        filled(table_book(ROWS + array), NEW, [2, 3], table=True)
    with pytest.raises(errors.CellsTaken, match="the sheet ends there"):
        filled(table_book('<row r="1"/>', "XFC1:XFD3"), NEW, [2, 3], table=True)


def test_another_table_leaves_no_room() -> None:
    parts = made.parts(
        made.sheet(ROWS), strings=["ID", "Name"], table_xml=made.table("A1:B3", ["ID", "Name"])
    )
    relations = "xl/worksheets/_rels/sheet1.xml.rels"
    parts["xl/tables/table2.xml"] = made.table("D3:E9", ["a", "b"]).replace('="T"', '="U"').encode()
    parts[relations] = parts[relations].replace(
        b"</Relationships>",
        b'<Relationship Id="rId9" Type="x/table" Target="/xl/tables/table2.xml"/></Relationships>',
    )
    with pytest.raises(errors.CellsTaken, match=r"another table stands there \(U, D3:E9\)"):
        filled(opened(parts), NEW, [2, 3], table=True)


@pytest.mark.parametrize(("kind", "words"), [("queryTable", "a query"), ("xml", "an XML map")])
def test_columns_are_not_added_to_tables_that_others_fill(kind: str, words: str) -> None:
    book = table_book(extra=f'tableType="{kind}"')
    with pytest.raises(errors.TableNotExtendable, match=f"{words}.*in Excel by hand: Group, Next"):
        filled(book, NEW, [2, 3], table=True)
    assert filled(book, [number(2, 1, 1)], [2, 3], table=True).parts


def test_a_heading_that_the_table_has_is_never_added_again() -> None:
    with pytest.raises(errors.HeadingsDisagree, match="B1"):
        filled(table_book(), [text(None, "a", heading="NAME")], table=True)
    twice = [text(None, "a", heading="Group"), text(None, "a", heading="GROUP")]
    with pytest.raises(ValueError, match="can't be added"):
        filled(table_book(), twice, table=True)


def test_without_a_table_new_columns_follow_the_last_heading() -> None:
    rows = ROWS.replace("</row>", '<c r="C1" s="2"/><c r="E1" t="s"><v>2</v></c></row>', 1)
    book = workbook(rows, strings=["ID", "Name", "x"])
    filling = filled(book, NEW, [2, 3])
    assert filling.columns == {"Group": 6, "Next": 7}
    assert list(filling.parts) == [SHEET]
    below = rows.replace('<row r="3"/>', '<row r="3"><c r="G3"><v>1</v></c></row>')
    with pytest.raises(errors.CellsTaken, match="G3"):
        filled(workbook(below, strings=["ID", "Name", "x"]), NEW, [2, 3])


def test_a_sheet_stays_protected_and_filtered() -> None:
    after = '<sheetProtection sheet="1"/><autoFilter ref="A1:B3"/>'
    part = filled(workbook(ROWS, strings=["ID", "Name"], after=after), [number(2, 1)]).parts[SHEET]
    assert part.endswith(f"</sheetData>{after}</worksheet>".encode())


values = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.sampled_from(["=A1", "_x0041_", " a ", "a\nb", "&lt;", "😀"]),
)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(values, min_size=3, max_size=3),
    st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False), min_size=3, max_size=3),
    st.lists(st.none() | st.dates(dt.date(1900, 3, 1)), min_size=3, max_size=3),
    st.booleans(),
)
def test_what_was_filled_is_read_and_a_second_fill_changes_nothing(
    texts: list[FilledValue], numbers: list[FilledValue], dates: list[FilledValue], date1904: bool
) -> None:
    book = workbook(ROWS, strings=["ID", "Name"], date1904=date1904)
    columns = [text(3, *texts), number(4, *numbers), date(5, *dates)]
    filling = filled(book, columns, [2, 3, 5])
    now = again(book, filling)
    second = filled(now, columns, [2, 3, 5])
    assert (second.parts, second.changes) == ({}, [])
    assert [one.reason[:10] for one in second.kept] == [one.reason[:10] for one in filling.kept]


def test_two_other_readers_find_the_values(tmp_path: Path) -> None:
    book = table_book(after='<tableParts count="1"><tablePart r:id="rId1"/></tableParts>')
    filling = filled(book, [*NEW, number(None, 1450.5, -3)], [2, 3], table=True)
    path = tmp_path / "base.xlsx"
    path.write_bytes(book.package.copy_with(filling.parts))
    read_back(path, "Clients", filling.expected)
    sheet = openpyxl.load_workbook(path)["Clients"]
    assert [cell.value for cell in sheet[1]] == ["ID", "Name", "Group", "Next", "Turnover"]
    assert [cell.value for cell in sheet[2]] == [7, None, "VIP", dt.datetime(2024, 2, 29), 1450.5]  # noqa: DTZ001
    assert list(sheet.tables["T"].column_names) == ["ID", "Name", "Group", "Next", "Turnover"]
