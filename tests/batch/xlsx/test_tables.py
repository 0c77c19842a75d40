"""A table's part is lengthened, and not a byte besides; what its columns calculate is read."""

from __future__ import annotations

import pytest

from batch.book import NO_STYLE
from batch.xlsx.cellxml import formula_cell
from batch.xlsx.tables import calculated, grown
from batch.xlsx.xmlbytes import XmlError
from tests.batch.xlsx import parts as made

TABLE = made.table("A1:C4", ["ID", "Name", "Note"], extra='totalsRowShown="0"')


@pytest.mark.parametrize("last", [5, 100, 1_048_576])
def test_table_and_filter_end_with_the_new_row(last: int) -> None:
    assert grown(TABLE.encode(), last_row=last).decode() == TABLE.replace("A1:C4", f"A1:C{last}")


def test_the_same_row_changes_nothing() -> None:
    assert grown(TABLE.encode(), last_row=4) == TABLE.encode()


def test_a_table_without_a_filter_is_lengthened_too() -> None:
    bare = TABLE.replace('<autoFilter ref="A1:C4"/>', "")
    assert grown(bare.encode(), last_row=9).decode() == bare.replace("A1:C4", "A1:C9")


def test_what_is_within_the_filter_and_behind_it_stays() -> None:
    inner = '<sortState ref="A2:C4"><sortCondition ref="B2:B4"/></sortState>'
    text = made.table("A1:C4", ["ID", "Name", "Note"], inner=inner).replace(
        '<autoFilter ref="A1:C4"/>',
        '<autoFilter ref="A1:C4"><filterColumn colId="1"><filters><filter val="x"/></filters>'
        "</filterColumn></autoFilter>",
    )
    assert grown(text.encode(), last_row=6).decode() == text.replace('"A1:C4"', '"A1:C6"')


@pytest.mark.parametrize(
    "text",
    [
        made.sheet(""),
        TABLE.replace('ref="A1:C4" ', 'ref="somewhere" '),
        TABLE.replace('ref="A1:C4" ', 'ref="" '),
        TABLE.replace('<autoFilter ref="A1:C4"/>', '<autoFilter ref="somewhere"/>'),
        TABLE.replace('<autoFilter ref="A1:C4"/>', '<autoFilter ref="A1:XFD4"/>'),
        TABLE.replace('<autoFilter ref="A1:C4"/>', '<autoFilter ref="A1:C1048576"/>'),
    ],
)
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(XmlError):
        grown(text.encode(), last_row=9)


def calculating(*columns: str) -> bytes:
    """A table whose columns hold these elements."""
    text = made.table(f"A1:{'ABCD'[len(columns) - 1]}4", ["x"] * len(columns))
    for inner in columns:
        text = text.replace('name="x"/>', f'name="x">{inner}</tableColumn>', 1)
    return text.encode()


def formula(text: str, attributes: str = "") -> str:
    return f"<calculatedColumnFormula{attributes}>{text}</calculatedColumnFormula>"


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        (("", ""), {}),
        ((formula("A2*2"), ""), {0: b"A2*2"}),
        (("", formula('IF(a&lt;b,"&amp;","")')), {1: b'IF(a&lt;b,"&amp;","")'}),
        (
            ("", formula("A2", ' xml:space="preserve"'), formula("[#This Row]")),
            {1: b"A2", 2: b"[#This Row]"},
        ),
        ((formula("A2:A4*2", ' array="1"'), formula("A2")), {1: b"A2"}),
        (("<totalsRowFormula>SUM(A2)</totalsRowFormula>", formula("A2")), {1: b"A2"}),
        ((formula("A2") + "<totalsRowFormula>SUM(A2)</totalsRowFormula>",), {0: b"A2"}),
    ],
)
def test_the_formulas_of_calculated_columns_are_read_as_they_are_written(
    columns: tuple[str, ...], found: dict[int, bytes]
) -> None:
    assert calculated(calculating(*columns)) == found


def test_a_table_without_calculated_columns_has_no_formulas() -> None:
    assert calculated(TABLE.encode()) == {}


@pytest.mark.parametrize(
    "text", [made.sheet(""), TABLE.split("<tableColumns")[0] + "</table>"], ids=["sheet", "bare"]
)
def test_formulas_of_what_is_no_table_are_refused(text: str) -> None:
    with pytest.raises(XmlError):
        calculated(text.encode())


@pytest.mark.parametrize(
    ("prefix", "style", "written"),
    [
        (b"", NO_STYLE, b'<c r="J7"><f>A7&amp;B7</f></c>'),
        (b"", 0, b'<c r="J7" s="0"><f>A7&amp;B7</f></c>'),
        (b"x:", 5, b'<x:c r="J7" s="5"><x:f>A7&amp;B7</x:f></x:c>'),
    ],
)
def test_a_cell_with_a_formula_has_no_result_yet(prefix: bytes, style: int, written: bytes) -> None:
    assert formula_cell(prefix, 7, 10, style, b"A7&amp;B7") == written
