"""Formulas of others: all found, and nothing but their stored results changed."""

import datetime as dt
import re
import warnings
from collections import defaultdict
from itertools import cycle
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from batch.book import Worksheet
from batch.cells import CellValue
from batch.errors import WorkbookRefused
from batch.formulas.calls import Call, CallArgument, Taken, taken_apart
from batch.xlsx.formulas import FormulaFinder
from batch.xlsx.sheetxml import SheetXml, StandingCells
from batch.xlsx.workbook import Workbook
from batch.xlsx.xmlbytes import Splice, edited
from tests.batch.xlsx.filling import with_parts
from tests.batch.xlsx.test_corpus import by_name, files

FINDER = FormulaFinder({"ROW", "VLOOKUP", "SUM", "COS", "AVERAGE", "WRITE_2DLIST", "READ_DATE"})
NAMES = re.compile(r"(?:ROW|VLOOKUP|SUM|COS|AVERAGE|WRITE_2DLIST|READ_DATE)\(", re.IGNORECASE)
HEADINGS: defaultdict[tuple[int, int], str] = defaultdict(str)
VALUES: list[CellValue] = [" a <&> _x0041_", 1.5, None, dt.date(2024, 2, 29), "b"]


def using(path: Path) -> list[tuple[Workbook, Worksheet]]:
    """The sheets of a workbook that use any of the functions."""
    try:
        book = Workbook.open(path)
    except WorkbookRefused:
        return []
    return [(book, sheet) for sheet in book.sheets if FINDER.is_in(book.data(sheet))]


USING = [path for path in files("corpus") if using(path)]


def by_openpyxl(path: Path, sheet: str) -> set[tuple[int, int]]:
    """Where formulas with the functions stand."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cells = openpyxl.load_workbook(path)[sheet]
    found = set()
    for row in cells.iter_rows():
        for cell in row:
            text = cell.value.text if isinstance(cell.value, ArrayFormula) else cell.value
            if cell.data_type == "f" and isinstance(text, str) and NAMES.search(text):
                found.add((cell.row, cell.column))
    return found


def bare(xml: SheetXml, places: set[tuple[int, int]]) -> bytes:
    """A sheet's bytes without the kinds and values of some cells."""
    layout = xml.layout()
    edits = []
    for row, column, start, stop in zip(
        layout.cell_rows.tolist(),
        layout.cell_columns.tolist(),
        layout.cell_starts.tolist(),
        layout.cell_stops.tolist(),
        strict=True,
    ):
        if (row, column) in places:
            tag, content = xml.data[start:stop].split(b">", 1)
            tag = re.sub(rb' (?:t|vm)="[^"]*"', b"", tag)
            content = re.sub(rb"<v(?:\s[^<>]*)?>[^<]*</v>|<v/>", b"", content)
            edits.append(Splice(start, stop, tag + b">" + content))
    return edited(xml.data, edits)


@pytest.mark.parametrize("path", USING, ids=by_name)
def test_only_the_results_of_the_formulas_change(path: Path) -> None:
    for book, sheet in using(path):
        cells = StandingCells(book, sheet)
        found = FINDER.formulas(cells)
        places = {cell.place for cell in found}
        assert places == by_openpyxl(path, sheet.name)
        results = dict(zip(sorted(places), cycle(VALUES), strict=False))
        fresh = book.renew(sheet, results, HEADINGS)
        assert {(one.row, one.column): one.new for one in fresh}.items() <= results.items()
        after = with_parts(book, book.parts())
        assert bare(after.xml(sheet), places) == bare(cells.xml, places)
        assert FINDER.formulas(StandingCells(after, sheet)) == found
        assert after.renew(sheet, results, HEADINGS) == []
        assert after.parts() == {}


def test_the_corpus_has_formulas_of_excel_itself() -> None:
    """Excel stores the functions of a workbook's own VBA by their bare names."""
    names = {path.name for path in USING}
    if names:
        assert {"udf_tests.xlsm", "StructuredRefs-lots-with-lookups.xlsx"} <= names


@pytest.mark.parametrize("path", USING, ids=by_name)
def test_results_that_are_there_already_change_nothing(path: Path) -> None:
    for book, sheet in using(path):
        cells = StandingCells(book, sheet)
        values = {
            (row, column): value
            for row, column, value in cells.xml.cells(book.shared_strings, 1, 1 << 20)
            if not isinstance(value, bool)
        }
        found = {cell.place for cell in FINDER.formulas(cells)}
        there = {place: values[place] for place in found if place in values}
        assert book.renew(sheet, there, HEADINGS) == []
        assert book.parts() == {}


TAKEN = [
    ("ABC(A2:A9)", Taken(uses=True, call=Call("ABC", (CallArgument("A2:A9", is_reference=True),)))),
    (" [0]!abc ( A2 )", Taken(uses=False)),
    (
        "_xludf.Abc( A2\n)",
        Taken(uses=True, call=Call("ABC", (CallArgument("A2", is_reference=True),))),
    ),
    ('ABC("a""")', Taken(uses=True, call=Call("ABC", (CallArgument('a"'),)))),
    ("ABC(1.5E+3)", Taken(uses=True, call=Call("ABC", (CallArgument(1500.0),)))),
    ("ABC()", Taken(uses=True, call=Call("ABC"))),
    (
        'ABC(A2, "x")',
        Taken(
            uses=True, call=Call("ABC", (CallArgument("A2", is_reference=True), CallArgument("x")))
        ),
    ),
    ('ABC(,"x")', Taken(uses=True)),
    ("ABC(A2,)", Taken(uses=True)),
    ("[1]!ABC(A2)", Taken(uses=True)),
    ("ABC(A2)%", Taken(uses=True)),
    ("ABC(A2) ABC(A3)", Taken(uses=True)),
    ("{ABC(1)}", Taken(uses=True)),
    ("XYZ(A2)", Taken(uses=False)),
    ("'ABC('!A2", Taken(uses=False)),
    ("", Taken(uses=False)),
]


@pytest.mark.parametrize(("formula", "taken"), TAKEN)
def test_a_formula_is_one_call_or_it_is_not(formula: str, taken: Taken) -> None:
    assert taken_apart(formula, {"ABC"}) == taken


SHIFTED = [
    ("A2", "C5"),
    ("$A2", "$A5"),
    ("A$2:B$9", "C$2:D$9"),
    ("'My sheet'!A2", "'My sheet'!C5"),
    ("A:A", "C:C"),
    ("Clients[[#This Row],[A1]]", "Clients[[#This Row],[A1]]"),
]


@pytest.mark.parametrize(("reference", "shifted"), SHIFTED)
def test_a_shared_reference_moves_with_its_cell(reference: str, shifted: str) -> None:
    """Three rows below and two columns to the right of the cell where the formula stands."""
    assert Call("ABC", (CallArgument(reference, is_reference=True),)).shifted(3, 2) == Call(
        "ABC", (CallArgument(shifted, is_reference=True),)
    )


def test_a_value_and_nothing_are_shared_as_they_are() -> None:
    for call in (Call("ABC", (CallArgument("A2"),)), Call("ABC")):
        assert call.shifted(3, 2) == call
