"""Formulas with our functions keep standing and get today's result."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import python_calamine
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table as ExcelTable
from openxml_audit import FileFormat, OpenXmlValidator, ValidationSeverity

from batch.base import read_base
from batch.configuration import Rules
from batch.formulas.functions import Renewed, renew_functions
from batch.making.example import make_example
from batch.recalculation.file import Outcome, recalculate_file
from batch.recalculation.telling import as_json, summary
from batch.xlsx.package import Package
from batch.xlsx.workbook import Workbook
from rules.answers import Answers, about_clients, by_client
from rules.reading.cells import CellError
from rules.rooms.groups.why import GroupReasons
from tests.bases import HOUSE, config
from tests.batch.simple_workbook import TODAY, write
from tests.batch.xlsx import parts as made
from tests.batch.xlsx.filling import with_parts

COLUMNS, BY_CLIENT = by_client(HOUSE), about_clients(HOUSE)

EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001
REPORT = "Her 'own' sheet"


def recalc(path: Path, **options: object) -> Outcome:
    return recalculate_file(path, Rules(config(), Path("config.yaml")), TODAY, **options)  # type: ignore[arg-type]


@dataclass
class Base:
    """The simple base, filled, its clients a table, with a report sheet and one more."""

    path: Path
    outcome: Outcome

    def book(self, rows: str, sheet: str = REPORT, **parts: str) -> Workbook:
        """The base with these rows on one of its sheets."""
        book = Workbook.open(self.path)
        return with_parts(book, {book.sheet(sheet).part: made.sheet(rows, **parts).encode()})

    def renewed(self, book: Workbook) -> Renewed:
        """What `renew_functions` finds in *book*."""
        read = read_base(book, config())
        return renew_functions(book, Answers(replace(self.outcome.result, base=read.tables)))

    def after(self, rows: str, **parts: str) -> str:
        """The rows of the report once they are renewed; a second time changes nothing."""
        book = self.book(rows, **parts)
        self.renewed(book)
        then = with_parts(book, book.parts())
        assert self.renewed(then).changes == {}
        assert then.parts() == {}
        return rows_of(then)


def rows_of(book: Workbook, sheet: str = REPORT) -> str:
    part = book.data(book.sheet(sheet)).decode()
    return part[part.index("<sheetData>") + 11 : part.index("</sheetData>")]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    path = write(tmp_path_factory.mktemp("functions") / "base.xlsx")
    workbook = openpyxl.load_workbook(path)
    workbook["Clients"].add_table(ExcelTable(displayName="Base", ref="A1:D4"))
    workbook.create_sheet(REPORT)
    side = workbook.create_sheet("Side", 0)
    for row in (["Card no.", "Jan", "Feb"], ["002", 5, 5], ["001", 100, 1]):
        side.append(row)
    side.add_table(ExcelTable(displayName="Cards", ref="A1:C3"))
    side.sheet_state = "hidden"
    workbook.save(path)
    return Base(path, recalc(path))


ID = '<c r="A2" t="str"><v>002</v></c>'
FORMS: list[tuple[str, str, str]] = [
    ("a text", '<c r="B2"><f>CLIENT_GROUP("002")</f></c>', '<c r="B2" t="str"><f>CLIENT_GROUP("002")</f><v>Waiting</v></c>'),
    ("any column", '<c r="B2"><f>CLIENT_VALUE("002","Group")</f></c>', '<c r="B2" t="str"><f>CLIENT_VALUE("002","Group")</f><v>Waiting</v></c>'),
    ("any column by a cell", '<c r="A2"><v>3</v></c><c r="B2"><f>CLIENT_VALUE(A2,"turnover")</f></c>', '<c r="A2"><v>3</v></c><c r="B2"><f>CLIENT_VALUE(A2,"turnover")</f><v>500</v></c>'),
    ("no such column", '<c r="B2"><f>CLIENT_VALUE("002","x")</f></c>', """<c r="B2" t="str"><f>CLIENT_VALUE("002","x")</f><v>no such column: 'x'</v></c>"""),
    ("a text with quotes", '<c r="B2"><f>CLIENT_GROUP("a""b")</f></c>', """<c r="B2" t="str"><f>CLIENT_GROUP("a""b")</f><v>no client 'a&quot;b'</v></c>"""),
    ("a number", '<c r="B2"><f>CLIENT_TURNOVER(3)</f></c>', '<c r="B2"><f>CLIENT_TURNOVER(3)</f><v>500</v></c>'),
    ("small letters and blanks", '<c r="B2"><f> client_group( 3 ) </f></c>', '<c r="B2" t="str"><f> client_group( 3 ) </f><v>Waiting</v></c>'),
    ("the mark of this workbook", '<c r="B2"><f>[0]!CLIENT_GROUP(3)</f></c>', '<c r="B2" t="str"><f>[0]!CLIENT_GROUP(3)</f><v>Waiting</v></c>'),
    ("the mark of user-defined functions", '<c r="B2"><f>_xludf.CLIENT_GROUP(3)</f></c>', '<c r="B2" t="str"><f>_xludf.CLIENT_GROUP(3)</f><v>Waiting</v></c>'),
    ("a cell", f'{ID}<c r="B2"><f>CLIENT_TURNOVER(A2)</f></c>', f'{ID}<c r="B2"><f>CLIENT_TURNOVER(A2)</f><v>1000.5</v></c>'),
    ("a fixed cell", f'{ID}<c r="B2"><f>CLIENT_TURNOVER($A$2)</f></c>', f'{ID}<c r="B2"><f>CLIENT_TURNOVER($A$2)</f><v>1000.5</v></c>'),
    ("a cell of another sheet", '<c r="B2"><f>CLIENT_TURNOVER(clients!A2)</f></c>', '<c r="B2"><f>CLIENT_TURNOVER(clients!A2)</f><v>1200.5</v></c>'),
    ("a sheet name in quotes", f"{ID}<c r=\"B2\"><f>CLIENT_TURNOVER('Her ''own'' sheet'!$A2)</f></c>", f"{ID}<c r=\"B2\"><f>CLIENT_TURNOVER('Her ''own'' sheet'!$A2)</f><v>1000.5</v></c>"),
    ("an ID that is a formula", '<c r="A2" t="str"><f>"0"&amp;"02"</f><v>002</v></c><c r="B2"><f>CLIENT_TURNOVER(A2)</f></c>', '<c r="A2" t="str"><f>"0"&amp;"02"</f><v>002</v></c><c r="B2"><f>CLIENT_TURNOVER(A2)</f><v>1000.5</v></c>'),
    ("an ID that is one of our formulas", '<c r="B2"><f>CLIENT_TURNOVER(C2)</f></c><c r="C2"><f>CLIENT_CLASS(9)</f></c>', '<c r="B2" t="str"><f>CLIENT_TURNOVER(C2)</f><v>no client \'no client 9\'</v></c><c r="C2" t="str"><f>CLIENT_CLASS(9)</f><v>no client 9</v></c>'),
    ("the first of a range", '<c r="B2"><f>CLIENT_TURNOVER(Base[ID])</f></c>', '<c r="B2"><f>CLIENT_TURNOVER(Base[ID])</f><v>1200.5</v></c>'),
    ("a blank cell", '<c r="B2"><f>CLIENT_GROUP(A2)</f></c>', '<c r="B2" t="str"><f>CLIENT_GROUP(A2)</f><v></v></c>'),
    ("a blank result", '<c r="B2" s="1"><f>GIFT_BUDGET(3)</f><v>18</v></c>', '<c r="B2" s="1" t="str"><f>GIFT_BUDGET(3)</f><v></v></c>'),
    ("an unknown client", '<c r="B2"><f>CLIENT_GROUP("009")</f></c>', "<c r=\"B2\" t=\"str\"><f>CLIENT_GROUP(\"009\")</f><v>no client '009'</v></c>"),
    ("no client in the row", '<c r="B2"><f>CLIENT_GROUP()</f></c>', '<c r="B2" t="str"><f>CLIENT_GROUP()</f><v>no client in this row</v></c>'),
    ("a date", '<c r="B2" s="1"><f>NEXT_CONTACT("001")</f><v>5</v></c>', '<c r="B2" s="1"><f>NEXT_CONTACT("001")</f><v>46347</v></c>'),
    ("blanks at the ends", '<c r="B2"><f>CLIENT_GROUP(" 7 ")</f></c>', "<c r=\"B2\" t=\"str\"><f>CLIENT_GROUP(\" 7 \")</f><v>no client ' 7 '</v></c>"),
    ("an error before", '<c r="B2" t="e" vm="1"><f ca="1">CLIENT_GROUP(3)</f><v>#NAME?</v></c>', '<c r="B2" t="str"><f ca="1">CLIENT_GROUP(3)</f><v>Waiting</v></c>'),
    ("a result before that can't be read", '<c r="B2"><f>CLIENT_GROUP(3)</f><v>x</v></c>', '<c r="B2" t="str"><f>CLIENT_GROUP(3)</f><v>Waiting</v></c>'),
    ("other attributes and elements", '<c  s="1" ph="1" t="b" r="B2" ><f>CLIENT_GROUP(3)</f><v >1</v><extLst/></c>', '<c  s="1" t="str" ph="1" r="B2" ><f>CLIENT_GROUP(3)</f><v>Waiting</v><extLst/></c>'),
    ("a row of a table", '<c r="B2"><f>CLIENT_TURNOVER(Cards[[#This Row],[Card no.]])</f></c>', '<c r="B2"><f>CLIENT_TURNOVER(Cards[[#This Row],[Card no.]])</f></c>'),
    ("a dynamic array that spills", '<c r="B2" cm="1"><f t="array" ref="B2">CLIENT_GROUP(3)</f><v>0</v></c>', '<c r="B2" t="str" cm="1"><f t="array" ref="B2">CLIENT_GROUP(3)</f><v>Waiting</v></c>'),
]  # fmt: skip


@pytest.mark.parametrize(("what", "before", "after"), FORMS, ids=[one[0] for one in FORMS])
def test_a_formula_keeps_standing_and_gets_its_fresh_result(
    base: Base, what: str, before: str, after: str
) -> None:
    assert base.after(f'<row r="2">{before}</row>') == f'<row r="2">{after}</row>', what


ARRAYS: list[tuple[str, str, str]] = [
    (
        "an array formula over a range",
        '<row r="2"><c r="B2"><f t="array" ref="B2:B4">CLIENT_TURNOVER(Clients!A2:A4)</f><v>0</v></c></row><row r="3"><c r="B3" s="1"><v>0</v></c></row><row r="4"><c r="A4"/></row>',
        '<row r="2"><c r="B2"><f t="array" ref="B2:B4">CLIENT_TURNOVER(Clients!A2:A4)</f><v>1200.5</v></c></row><row r="3"><c r="B3" s="1"><v>1000.5</v></c></row><row r="4"><c r="A4"/><c r="B4"><v>500</v></c></row>',
    ),
    (
        "a spilled column of a table, shown as text in a dynamic array",
        '<row r="2"><c r="B2" cm="1"><f t="array" ref="B2:B4">CLIENT_CLASS(Base[ID])</f></c></row><row r="3"><c r="B3" t="s"><v>0</v></c></row><row r="4"><c r="B4" t="inlineStr"><is><t>x</t></is></c></row>',
        '<row r="2"><c r="B2" t="str" cm="1"><f t="array" ref="B2:B4">CLIENT_CLASS(Base[ID])</f><v>A</v></c></row><row r="3"><c r="B3" t="str"><v>A</v></c></row><row r="4"><c r="B4" t="str"><v>CZ</v></c></row>',
    ),
    (
        "an array formula with more cells than results",
        '<row r="2"><c r="B2"><f t="array" ref="B2:B4">CLIENT_CLASS(Clients!A3:A4)</f></c></row><row r="4"><c r="B4"/></row>',
        '<row r="2"><c r="B2" t="str"><f t="array" ref="B2:B4">CLIENT_CLASS(Clients!A3:A4)</f><v>A</v></c></row><row r="3"><c r="B3" t="str"><v>CZ</v></c></row><row r="4"><c r="B4" t="e"><v>#N/A</v></c></row>',
    ),
    (
        "an array formula with one result for all cells",
        '<row r="2"><c r="B2"><f t="array" ref="B2:C2">CLIENT_TURNOVER(3)</f></c></row>',
        '<row r="2"><c r="B2"><f t="array" ref="B2:C2">CLIENT_TURNOVER(3)</f><v>500</v></c><c r="C2"><v>500</v></c></row>',
    ),
    (
        "a dynamic array that has shrunk",
        '<row r="2"><c r="B2" cm="1"><f t="array" ref="B2:B3">CLIENT_TURNOVER(3)</f></c></row><row r="3"><c r="B3" s="1"><v>7</v></c></row>',
        '<row r="2"><c r="B2" cm="1"><f t="array" ref="B2:B3">CLIENT_TURNOVER(3)</f><v>500</v></c></row><row r="3"><c r="B3" s="1" t="str"><v></v></c></row>',
    ),
    (
        "a shared formula",
        '<row r="2"><c r="B2"><f t="shared" ref="B2:B4" si="3">CLIENT_TURNOVER(Clients!$A2)</f></c></row><row r="3"><c r="B3"><f t="shared" si="3"/><v>7</v></c></row><row r="4"><c r="B4" t="e"><f t="shared" si="3"></f><v>#NAME?</v></c></row>',
        '<row r="2"><c r="B2"><f t="shared" ref="B2:B4" si="3">CLIENT_TURNOVER(Clients!$A2)</f><v>1200.5</v></c></row><row r="3"><c r="B3"><f t="shared" si="3"/><v>1000.5</v></c></row><row r="4"><c r="B4"><f t="shared" si="3"></f><v>500</v></c></row>',
    ),
    (
        "a shared formula over the columns",
        '<row r="2"><c r="A2"><v>3</v></c><c r="B2" t="str"><v>001</v></c></row><row r="3"><c r="A3"><f t="shared" ref="A3:B3" si="0">CLIENT_TURNOVER(A2)</f></c><c r="B3"><f t="shared" si="0"/></c></row>',
        '<row r="2"><c r="A2"><v>3</v></c><c r="B2" t="str"><v>001</v></c></row><row r="3"><c r="A3"><f t="shared" ref="A3:B3" si="0">CLIENT_TURNOVER(A2)</f><v>500</v></c><c r="B3"><f t="shared" si="0"/><v>1200.5</v></c></row>',
    ),
    (
        "ABC over a column that this run has filled",
        '<row r="2"><c r="B2"><f t="array" ref="B2:B4">ABC(Base[Turnover])</f></c></row>',
        '<row r="2"><c r="B2" t="str"><f t="array" ref="B2:B4">ABC(Base[Turnover])</f><v>A</v></c></row><row r="3"><c r="B3" t="str"><v>A</v></c></row><row r="4"><c r="B4" t="str"><v>C</v></c></row>',
    ),
    (
        "ABC over formulas of ours",
        '<row r="2"><c r="B2"><f>CLIENT_TURNOVER("001")</f></c><c r="C2"><f t="array" ref="C2:C3">ABC(B2:B3)</f></c></row><row r="3"><c r="B3"><f>CLIENT_TURNOVER(9)</f></c></row>',
        '<row r="2"><c r="B2"><f>CLIENT_TURNOVER("001")</f><v>1200.5</v></c><c r="C2" t="str"><f t="array" ref="C2:C3">ABC(B2:B3)</f><v>A</v></c></row><row r="3"><c r="B3" t="str"><f>CLIENT_TURNOVER(9)</f><v>no client 9</v></c></row>',
    ),
    (
        "ABC over a whole column, from its first cell on",
        '<row r="2"><c r="A2"><v>9</v></c><c r="B2" cm="1"><f t="array" ref="B2:B4">ABC(A:A)</f></c></row><row r="3"><c r="A3"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>9</v></c><c r="B2" t="str" cm="1"><f t="array" ref="B2:B4">ABC(A:A)</f><v></v></c></row><row r="3"><c r="A3"><v>1</v></c><c r="B3" t="str"><v>A</v></c></row><row r="4"><c r="B4" t="str"><v>C</v></c></row>',
    ),
    (
        "XYZ over twelve months",
        f'<row r="2">{"".join(f"<c r={column!r}><v>10</v></c>" for column in ("A2", "B2", "C2", "D2", "E2", "F2", "G2", "H2", "I2", "J2", "K2", "L2"))}<c r="M2"><f>XYZ(A2:L2)</f></c></row>',
        f'<row r="2">{"".join(f"<c r={column!r}><v>10</v></c>" for column in ("A2", "B2", "C2", "D2", "E2", "F2", "G2", "H2", "I2", "J2", "K2", "L2"))}<c r="M2" t="str"><f>XYZ(A2:L2)</f><v>X</v></c></row>',
    ),
    (
        "an amount that is shown as a date is none",
        '<row r="2"><c r="A2" s="{date}"><v>9</v></c><c r="B2"><f>ABC(A2)</f></c></row>',
        '<row r="2"><c r="A2" s="{date}"><v>9</v></c><c r="B2" t="str"><f>ABC(A2)</f><v></v></c></row>',
    ),
]  # fmt: skip


@pytest.mark.parametrize(("what", "before", "after"), ARRAYS, ids=[one[0] for one in ARRAYS])
def test_each_cell_of_a_formula_gets_its_own_result(
    base: Base, what: str, before: str, after: str
) -> None:
    book = Workbook.open(base.path)
    date = next(style for style in range(99) if book.shows_dates(np.array([style])).any())
    rows = before.replace("{date}", str(date))
    assert base.after(rows) == after.replace("{date}", str(date)), what


def test_another_sheet_keeps_its_names_prefix_and_grows_where_results_need_it(base: Base) -> None:
    book = Workbook.open(base.path)
    part = (
        f'<x:worksheet xmlns:x="{made.MAIN}"><x:dimension ref="B2"/><x:sheetData>'
        '<x:row r="2" spans="2:2"><x:c r="B2"><x:f t="array" ref="B2:C2">CLIENT_GROUP(3)</x:f>'
        "</x:c></x:row></x:sheetData></x:worksheet>"
    )
    book = with_parts(book, {book.sheet(REPORT).part: part.encode()})
    base.renewed(book)
    (new,) = book.parts().values()
    assert new.decode() == part.replace('ref="B2"/>', 'ref="B2:C2"/>').replace(
        '"2:2"', '"2:3"'
    ).replace('r="B2"><', 'r="B2" t="str"><').replace(
        "</x:f></x:c>",
        '</x:f><x:v>Waiting</x:v></x:c><x:c r="C2" t="str"><x:v>Waiting</x:v></x:c>',
    )


CARDS: list[tuple[str, object]] = [
    ("CLIENT_TURNOVER(Cards[[#This Row],[Card no.]])", 1000.5),
    ("CLIENT_TURNOVER(CARDS[@[card No.]])", 1000.5),
    ("CLIENT_TURNOVER([@[Card no.]])", 1000.5),
    ("CLIENT_TURNOVER(Cards[Card no.])", 1000.5),
    ("XYZ(Cards[@[Jan]:[Feb]])", None),
    ("ABC(Cards[[Jan]:[Feb]])", "C"),
    ("CLIENT_TURNOVER(A3)", 1200.5),
]


@pytest.mark.parametrize(("formula", "result"), CARDS)
def test_a_formula_beside_her_own_table_sees_its_row(
    base: Base, formula: str, result: object
) -> None:
    """On a hidden sheet: row 2 of the table Cards holds the card 002, row 3 the card 001."""
    book = Workbook.open(base.path)
    sheet = book.sheet("Side")
    old = book.data(sheet).decode()
    at = old.index("</row>", old.index('<row r="2"'))
    cell = f'<c r="D2"><f>{formula}</f><v>0</v></c>'
    # A table without a name is the one around the cell, so the formula stands in its last column.
    if "([" in formula:
        cell = cell.replace("D2", "C2")
        start = old.index('<c r="C2"')
        new = old[:start] + cell + old[old.index("</c>", start) + 4 :]
    else:
        new = old[:at] + cell + old[at:]
    renewed = base.renewed(with_parts(book, {sheet.part: new.encode()}))
    (change,) = renewed.changes["Side"]
    assert (change.new, renewed.left) == (result, 0)


NOT_OURS_TO_SAY = [
    'IF(CLIENT_CLASS(A2)="A",1,2)',
    'CLIENT_GROUP(A2)&amp;"!"',
    "SUM(1,CLIENT_TURNOVER(3))",
    "CLIENT_TURNOVER(-3)",
    "CLIENT_TURNOVER(TRUE)",
    "CLIENT_TURNOVER(3,4)",
    "CLIENT_TURNOVER(3)+0",
    "CLIENT_TURNOVER((A2))",
    "CLIENT_TURNOVER(CLIENT_CLASS(3))",
    "CLIENT_TURNOVER(her_name)",
    "CLIENT_TURNOVER(#REF!)",
    "CLIENT_TURNOVER(A2#)",
    "CLIENT_TURNOVER(A1048577)",
    "CLIENT_TURNOVER(XFE1:XFE2)",
    "CLIENT_TURNOVER(ZZZ:ZZZ)",
    "CLIENT_TURNOVER(0:2)",
    "CLIENT_TURNOVER(Nowhere!A2)",
    "CLIENT_TURNOVER([1]Clients!A2)",
    "CLIENT_TURNOVER([@ID])",
    "CLIENT_TURNOVER(Base[Nothing])",
    "CLIENT_TURNOVER(Nothing[ID])",
    "CLIENT_TURNOVER(Base[@ID])",
    "[1]!CLIENT_TURNOVER(3)",
    "'Other.xlsm'!CLIENT_TURNOVER(3)",
    "_xlfn.SINGLE(CLIENT_TURNOVER(3))",
    "ABC()",
    "XYZ()",
    "CLIENT_TURNOVER(",
    "CLIENT_TURNOVER(3",
    "CLIENT_TURNOVER(3))",
    ")CLIENT_TURNOVER(3)",
    'CLIENT_TURNOVER("3)',
    "CLIENT_TURNOVER([)",
    "ABC(1:1048576)",
    "ABC(1:1)",
    f"CLIENT_TURNOVER({' ' * 9000}3)",
]


@pytest.mark.parametrize("formula", NOT_OURS_TO_SAY)
def test_a_formula_that_only_excel_can_calculate_is_counted_and_left(
    base: Base, formula: str
) -> None:
    rows = f'<row r="2"><c r="B2"><f>{formula}</f><v>7</v></c></row>'
    book = base.book(rows)
    renewed = base.renewed(book)
    assert (book.parts(), renewed.changes, renewed.left) == ({}, {}, 1)


@pytest.mark.parametrize(
    "formula", ['"CLIENT_CLASS()"', "MYGIFT(3)", "XABC(A2:A3)", "'GIFT(1)'!A1", "GIFT", "SUM(1)"]
)
def test_a_formula_that_only_looks_like_ours_does_not_count(base: Base, formula: str) -> None:
    rows = f'<row r="2"><c r="B2"><f>{formula}</f><v>7</v></c></row>'
    assert base.renewed(base.book(rows)) == Renewed()


def test_a_dynamic_array_that_needs_more_cells_is_renewed_and_counted(base: Base) -> None:
    rows = '<row r="2"><c r="B2" cm="1"><f t="array" ref="B2:B3">CLIENT_TURNOVER(Base[ID])</f></c></row>'
    renewed = base.renewed(base.book(rows))
    assert [one.new for one in renewed.changes[REPORT]] == [1200.5, 1000.5]
    assert renewed.left == 1


def test_a_shared_formula_shifted_off_the_sheet_is_left_to_excel(base: Base) -> None:
    rows = (
        '<row r="2"><c r="B2"><f t="shared" si="0"/><v>7</v></c></row>'
        '<row r="3"><c r="B3"><f t="shared" ref="B2:B3" si="0">CLIENT_TURNOVER(A1)</f><v>7</v></c></row>'
    )
    renewed = base.renewed(base.book(rows))
    assert [(one.cell, one.new) for one in renewed.changes[REPORT]] == [("B3", None)]
    assert renewed.left == 1


def test_formulas_that_look_at_each_other_come_to_an_end(base: Base) -> None:
    rows = '<row r="2"><c r="A2"><f>CLIENT_CLASS(B2)</f></c><c r="B2"><f>CLIENT_CLASS(A2)</f></c></row>'
    renewed = base.renewed(base.book(rows))
    assert renewed.answered == {(REPORT, 2, 1), (REPORT, 2, 2)}


def test_huge_arrays_are_left_to_excel_and_those_after_them_are_not(base: Base) -> None:
    rows = (
        '<row r="2"><c r="A2"><f t="array" ref="A2:XFA1048576">CLIENT_CLASS(3)</f><v>7</v></c>'
        '<c r="XFB2"><f>ABC(C3:Z900000)</f></c><c r="XFC2"><f>CLIENT_CLASS(3)</f></c></row>'
    )
    renewed = base.renewed(base.book(rows))
    assert renewed.left == 2
    assert renewed.answered == {(REPORT, 2, 16383)}


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"><!-- x --><c r="B2"><f>GIFT(3)</f></c></row>',
        '<row r="2"><c r="B2"><f t="array" ref="?">GIFT(3)</f></c></row>',
        '<row r="2"><c r="B2"><f>GIFT(3)&amp;&x;</f></c></row>',
        '<row r="2"><c r="B2"><f>GIFT(3)</f>',
    ],
)
def test_a_sheet_of_hers_that_cannot_be_read_for_certain_is_left_and_stops_nothing(
    base: Base, rows: str
) -> None:
    assert base.renewed(base.book(rows)) == Renewed(left=1)


def test_a_formula_that_looks_at_such_a_sheet_is_left_to_excel(base: Base) -> None:
    book = base.book('<row r="1"><c r="A1"><v>x</v></c></row>', "Side")
    rows = '<row r="2"><c r="B2"><f>GIFT(Side!A1)</f></c></row>'
    book = with_parts(book, {book.sheet(REPORT).part: made.sheet(rows).encode()})
    assert base.renewed(book) == Renewed(left=1)


# The whole run -------------------------------------------------------------------------------


def put(path: Path, rows: Mapping[str, str]) -> Path:
    """Put these rows into sheets of the file, behind those that stand there."""
    book = Workbook.open(path)
    parts = {}
    for name, new in rows.items():
        sheet = book.sheet(name)
        old = book.data(sheet).replace(b"<sheetData/>", b"<sheetData></sheetData>")
        parts[sheet.part] = old.replace(b"</sheetData>", new.encode() + b"</sheetData>")
    path.write_bytes(book.package.copy_with(parts))
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A base that was never filled, with a report of hers."""
    path = write(tmp_path / "base.xlsx")
    workbook = openpyxl.load_workbook(path)
    workbook.create_sheet(REPORT).sheet_state = "veryHidden"
    workbook.save(path)
    return path


def members(path: Path) -> dict[str, bytes]:
    package = Package.open(path)
    return {name: package.read(name) for name in package.names}


def test_a_run_writes_the_results_and_a_second_one_changes_nothing(file: Path) -> None:
    put(
        file,
        {
            REPORT: '<row r="1"><c r="A1"><f>CLIENT_CLASS(3)</f></c><c r="B1"><f>GIFT(7)</f></c></row>'
        },
    )
    first = recalc(file)
    assert [one.heading for one in first.changes][-2:] == ["CLIENT_CLASS", "GIFT"]
    assert [one.new for one in first.changes][-2:] == ["CZ", "no client 7"]
    assert as_json(first, None)["cells_changed_by_column"] == Counter(
        [*(one.heading for one in first.changes[:-2]), "CLIENT_CLASS", "GIFT"]
    )
    assert f"Cells changed: {len(first.changes)}." in "\n".join(summary(first, None))
    sheet = openpyxl.load_workbook(file, data_only=True)[REPORT]
    assert [cell.value for cell in sheet[1]] == ["CZ", "no client 7"]
    before = file.read_bytes()
    second = recalc(file)
    assert (second.written, second.changes) == (False, [])
    assert file.read_bytes() == before


def test_a_result_alone_is_reason_enough_to_write(file: Path) -> None:
    recalc(file)
    put(file, {REPORT: '<row r="1"><c r="A1"><f>CLIENT_CLASS(3)</f><v>0</v></c></row>'})
    before = members(file)
    outcome = recalc(file)
    assert ([one.cell for one in outcome.changes], outcome.written) == (["A1"], True)
    after = members(file)
    part = Workbook.open(file).sheet(REPORT).part
    assert after.pop(part) == before.pop(part).replace(
        b'<c r="A1"><f>CLIENT_CLASS(3)</f><v>0</v>',
        b'<c r="A1" t="str"><f>CLIENT_CLASS(3)</f><v>CZ</v>',
    )
    assert after == before


def test_a_dry_run_counts_results_and_writes_none(file: Path) -> None:
    recalc(file)
    put(file, {REPORT: '<row r="1"><c r="A1"><f>CLIENT_CLASS(3)</f></c></row>'})
    before = file.read_bytes()
    assert [one.heading for one in recalc(file, dry_run=True).changes] == ["CLIENT_CLASS"]
    assert file.read_bytes() == before


def test_what_another_reader_finds_is_checked_for_odd_results_too(file: Path) -> None:
    """Blanks at the ends, a literal code, an error, a date and a blank pass the reading back."""
    rows = (
        '<row r="1"><c r="A1"><f>GIFT(" _x0041_ ")</f></c>'
        '<c r="B1"><f t="array" ref="B1:B3">GIFT(Clients!A2:A3)</f></c></row>'
        '<row r="2"><c r="A2"><f>NEXT_CONTACT("001")</f></c></row>'
        '<row r="3"><c r="A3"><f>GIFT_BUDGET(3)</f></c></row>'
    )
    put(file, {REPORT: rows})
    recalc(file)
    book = Workbook.open(file)
    read = {
        (row, column): value for row, column, value in book.xml(book.sheet(REPORT)).cells([], 1, 9)
    }
    assert read[1, 1] == "no client ' _x0041_ '"
    assert read[3, 2] == CellError("#N/A")
    assert read[2, 1] == 46347
    assert (3, 1) not in read


def errors(path: Path) -> list[str]:
    result = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365).validate(str(path))
    return [
        f"{error.part_uri} {error.description}"
        for error in result.errors
        if error.severity is ValidationSeverity.ERROR
    ]


def test_microsofts_validator_finds_nothing_wrong_with_the_results(file: Path) -> None:
    rows = (
        '<row r="1" spans="1:2"><c r="A1" s="0" t="e" vm="1"><f>GIFT("  7")</f><v>#NAME?</v></c>'
        '<c r="B1" cm="1"><f t="array" ref="B1:B3">NEXT_CONTACT(Clients!A2:A3)</f></c></row>'
        '<row r="2"><c r="A2"><f t="shared" ref="A2:A3" si="0">ABC(B1:B2)</f></c></row>'
        '<row r="3"><c r="A3"><f t="shared" si="0"/><v>1</v></c></row>'
    )
    put(file, {REPORT: rows})
    before = errors(file)
    assert len(recalc(file).changes) > 4
    assert set(errors(file)) <= set(before)


def test_rows_of_all_three_tables_mean_their_client(file: Path) -> None:
    workbook = openpyxl.load_workbook(file)
    for sheet in ("Clients", "Purchases", "Contacts"):
        workbook[sheet]["Z2"] = "=CLIENT_TURNOVER()"
        workbook[sheet]["Z3"] = "=CLIENT_TURNOVER()"
        workbook[sheet]["Z9"] = "=CLIENT_TURNOVER()"
    workbook["Contacts"].append([dt.date(2026, 11, 1), 3, "call"])
    workbook["Contacts"]["A2"] = dt.date(2026, 11, 1)
    workbook["Contacts"]["B2"] = "002"
    workbook.save(file)
    recalc(file)
    values = openpyxl.load_workbook(file, data_only=True)
    found = {
        name: [values[name][cell].value for cell in ("Z2", "Z3", "Z9")]
        for name in ("Clients", "Purchases", "Contacts")
    }
    outside = "no client in this row"
    assert found == {
        "Clients": [1200.5, 1000.5, outside],
        "Purchases": [1200.5, 1000.5, outside],
        "Contacts": [1000.5, outside, outside],
    }


def test_a_filled_column_of_our_formulas_shows_todays_results(file: Path) -> None:
    """Only formulas that are not ours are told of as left alone."""
    workbook = openpyxl.load_workbook(file)
    sheet = workbook["Clients"]
    for cell, value in {"E1": "Group", "E2": "=CLIENT_GROUP()", "E3": "=1+1", "E4": "x"}.items():
        sheet[cell] = value
    workbook.save(file)
    outcome = recalc(file)
    values = openpyxl.load_workbook(file, data_only=True)["Clients"]
    assert [values[f"E{row}"].value for row in (2, 3, 4)] == ["Client", None, "Waiting"]
    assert openpyxl.load_workbook(file)["Clients"]["E2"].value == "=CLIENT_GROUP()"
    told = [notice for notice in outcome.notices if "formula" in notice.casefold()]
    assert told == ["Cells of the filled columns that hold a formula and were left alone: 1."]


def test_an_array_of_ours_in_a_filled_column_is_no_problem(file: Path) -> None:
    workbook = openpyxl.load_workbook(file)
    sheet = workbook["Clients"]
    sheet["E1"] = "Group"
    sheet["E2"] = ArrayFormula("E2:E4", "=CLIENT_GROUP(A2:A4)")
    workbook.save(file)
    outcome = recalc(file)
    values = openpyxl.load_workbook(file, data_only=True)["Clients"]
    assert [values[f"E{row}"].value for row in (2, 3, 4)] == ["Client", "Waiting", "Waiting"]
    assert outcome.problems == ()
    assert not [notice for notice in outcome.notices if "formula" in notice.casefold()]


def test_she_is_told_how_many_formulas_wait_for_excel(file: Path) -> None:
    rows = (
        '<row r="1"><c r="A1"><f>IF(GIFT(3)="",1,2)</f></c><c r="B1"><f>GIFT(3)&amp;1</f></c></row>'
    )
    put(file, {REPORT: rows})
    assert recalc(file).notices[-1] == (
        "Formulas with functions of the client base that only Excel can calculate, such as "
        "=IF(CLIENT_CLASS()=…): 2. They show their old result until Excel recalculates "
        "(Ctrl+Alt+F9)."
    )


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome]:
    """The example base, every function in every row of Clients and of a report."""
    path = tmp_path_factory.mktemp("example") / "base.xlsx"
    make_example(path, config(), TODAY)
    workbook = openpyxl.load_workbook(path)
    clients, report = workbook["Clients"], workbook.create_sheet(REPORT)
    for row in range(2, clients.max_row + 1):
        for column, function in enumerate(BY_CLIENT, 1):
            clients.cell(row, 50 + column).value = f"={function}()"
            report.cell(row, column).value = f"={function}(Clients!$A{row})"
    workbook.save(path)
    return path, recalc(path)


def expected(outcome: Outcome, function: str) -> list[object]:
    """What the filled columns say, or the sentence, of all clients."""
    result = outcome.result
    columns = result.columns
    if function == "CLIENT_WHY":
        return [GroupReasons(result.known).sentence(at) for at in range(len(columns))]
    if function == "CLIENT_CLASS":
        return list(columns["abc"] + columns["xyz"])
    cells = columns[COLUMNS[function]]
    if cells.dtype.kind == "M":
        return [float((day - EPOCH).days) if day == day else "" for day in cells]  # noqa: PLR0124
    return [cell if cell == cell else "" for cell in cells]  # noqa: PLR0124


@pytest.mark.parametrize("function", BY_CLIENT)
def test_formulas_and_filled_columns_agree_for_every_client_of_the_example(
    example: tuple[Path, Outcome], function: str
) -> None:
    path, outcome = example
    at = BY_CLIENT.index(function)
    with python_calamine.CalamineWorkbook.from_path(str(path)) as book:
        clients = book.get_sheet_by_name("Clients").to_python()[1:]
        report = book.get_sheet_by_name(REPORT).to_python()
    wanted = expected(outcome, function)
    assert len(wanted) == 44
    assert [row[50 + at] for row in clients] == wanted
    assert [row[at] for row in report] == wanted
