"""The proof of a run finds whatever differs besides the cells that were to change."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from batch.configuration import read, shipped_path
from batch.edits import Region
from batch.errors import NotVerified
from batch.formulas.figures import renew_figures
from batch.formulas.functions import renew_functions
from batch.making.example import make_example
from batch.recalculation.plan import calculate, column_edits
from batch.saving.proof import Proof, prove
from batch.saving.sheetproof import DiffersError, changed_cells
from batch.xlsx.workbook import Workbook
from tests.batch import rich_workbook
from tests.batch.xlsx import parts as made
from tests.batch.xlsx.filling import OneColumn, fill

TODAY = dt.date(2026, 11, 21)
PATH = Path("base.xlsx")
SHEET = "xl/worksheets/sheet1.xml"
TABLE, SECOND = "xl/tables/table1.xml", "xl/tables/table2.xml"
Places = dict[str, list[tuple[int, int]]]
Run = tuple[bytes, bytes, Places]
"""A workbook's bytes before and after, and the cells that were to change."""


def run_on(path: Path) -> Run:
    """What a recalculation makes of a base."""
    book = Workbook.open(path)
    found = calculate(book, read(shipped_path()), TODAY)
    columns = book.stage(column_edits(found.base, found.result))
    renew_functions(book, found.answers())
    renew_figures(book, found.base, found.result, columns.kept)
    cells = {one.sheet: [at[:2] for at in one.changes] for one in book.written}
    return book.package.content, book.package.copy_with(book.parts()), cells


def proved(run: Run, lengthened: dict[str, int] | None = None) -> Proof:
    old, new, cells = run
    return prove(PATH, old, new, cells, lengthened)


def count(run: Run) -> int:
    return sum(map(len, run[2].values()))


def members(content: bytes) -> int:
    return len(zipfile.ZipFile(io.BytesIO(content)).infolist())


def small_run(tmp_path: Path) -> Run:
    """A table of two clients that gets a date and a text column, and one more cell format."""
    rows = (
        '<row r="1" spans="1:2"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
        '<row r="2" spans="1:2"><c r="A2" s="3"><v>1</v></c><c r="B2" t="s"><v>2</v></c></row>'
        '<row r="3" spans="1:2"><c r="A3" s="3"><v>2</v></c><c r="B3"><f>A3*2</f><v>4</v></c></row>'
        '<row r="4" s="3" customFormat="1"/>'
    )
    sheet = made.sheet(
        rows,
        before='<dimension ref="A1:B3"/><cols><col min="1" max="2" width="9"/></cols>',
        after='<pageMargins left="0.7"/><tableParts count="1"><tablePart r:id="rId1"/></tableParts>',
    )
    members = made.parts(
        sheet,
        strings=["ID", "Group", "VIP"],
        table_xml=made.table("A1:B4", ["ID", "Group"]),
        styles=made.STYLES.replace('numFmtId="14"', 'numFmtId="0"').replace("yyyy", "y"),
    )
    path = made.written(tmp_path, members)
    region = Region("Clients", 1, [2, 3, 4], "xl/tables/table1.xml")
    day = dt.date(2026, 3, 8)
    filled = fill(
        Workbook.open(path),
        region,
        [
            OneColumn("Group", 2, "text", ["Client", None, "New"]),
            OneColumn("Next contact", None, "date", [day, None, day]),
            OneColumn("Gift", None, "text", [None, "tea", None]),
        ],
    )
    cells = [one[:2] for one in filled.expected]
    return made.zipped(members), made.zipped({**members, **filled.parts}), {"Clients": cells}


def test_a_run_over_the_example_base_is_proved_with_all_its_sheets(tmp_path: Path) -> None:
    path = tmp_path / "example.xlsm"
    make_example(path, read(shipped_path()).config, TODAY)
    run = run_on(path)
    proof = proved(run)
    assert proof.sheets == ("Clients", "Start", "Charts")
    assert proof.cells == count(run)
    assert (proof.tables, proof.formats) == ((), 0)
    assert proof.identical == members(run[0]) - 3


def test_a_run_that_adds_columns_to_a_rich_workbook_is_proved(tmp_path: Path) -> None:
    run = run_on(rich_workbook.make(tmp_path / "rich.xlsm"))
    proof = proved(run)
    assert proof.sheets == ("Clients",)
    assert proof.cells == count(run)
    assert proof.identical == members(run[0]) - 1


def test_added_columns_and_a_missing_date_format_are_named_in_the_proof(tmp_path: Path) -> None:
    run = small_run(tmp_path)
    proof = proved(run)
    assert proof == Proof(
        cells=count(run),
        columns=len({column for _, column in run[2]["Clients"]}),
        sheets=("Clients",),
        tables=("xl/tables/table1.xml",),
        formats=1,
        identical=members(run[0]) - 3,
    )


def longer_run(
    tmp_path: Path,
    table: str = "A1:B5",
    filtered: str | None = None,
    *,
    row: int = 5,
    before: Mapping[str, bytes] | None = None,
) -> Run:
    """A table of two clients that gets a third one in the row below, which it reaches then."""
    old = small_run(tmp_path)[0] if before is None else made.zipped(before)
    path = tmp_path / "old.xlsx"
    path.write_bytes(old)
    region = Region("Clients", 1, [row], like=4)
    columns = [OneColumn("ID", 1, "number", [7.0]), OneColumn("Group", 2, "text", ["VIP"])]
    filled = fill(Workbook.open(path), region, columns)
    members = {name: zipfile.ZipFile(path).read(name) for name in zipfile.ZipFile(path).namelist()}
    part = members[TABLE].replace(b'ref="A1:B4" >', f'ref="{table}" >'.encode())
    part = part.replace(
        b'<autoFilter ref="A1:B4"/>', f'<autoFilter ref="{filtered or table}"/>'.encode()
    )
    new = made.zipped({**members, **filled.parts, TABLE: part})
    return old, new, {"Clients": [one[:2] for one in filled.expected]}


def test_a_table_that_grew_down_to_its_new_row_is_proved(tmp_path: Path) -> None:
    proof = proved(longer_run(tmp_path), {TABLE: 5})
    assert (proof.cells, proof.tables) == (2, (TABLE,))
    assert proved(longer_run(tmp_path), {TABLE.upper(): 5}) == proof


@pytest.mark.parametrize(
    ("table", "filtered", "found"),
    [
        ("A1:B6", None, "A1:B6"),
        ("A1:B3", None, "A1:B3"),
        ("A2:B5", None, "A2:B5"),
        ("A1:C5", None, "A1:C5"),
        ("A1:B5", "A1:B6", "A1:B6"),
        ("A1:B5", "A1:B4", "A1:B4"),
        ("A1:B4", "A1:B5", "A1:B4"),
        ("A1:B4", None, "A1:B4"),
    ],
)
def test_a_table_or_filter_that_reaches_elsewhere_is_found(
    tmp_path: Path, table: str, filtered: str | None, found: str
) -> None:
    words = f"in its part '{TABLE}' the range is {found} in place of A1:B5"
    with pytest.raises(NotVerified, match=re.escape(words)):
        proved(longer_run(tmp_path, table, filtered), {TABLE: 5})


@pytest.mark.parametrize("lengthened", [{}, {TABLE: 4}, {"xl/tables/table2.xml": 5}])
def test_a_table_that_was_not_to_grow_must_end_where_it_did(
    tmp_path: Path, lengthened: dict[str, int]
) -> None:
    words = f"in its part '{TABLE}' the range is A1:B5 in place of A1:B4"
    with pytest.raises(NotVerified, match=re.escape(words)):
        proved(longer_run(tmp_path), lengthened)


def test_a_table_beside_the_one_with_new_rows_must_not_grow_with_it(tmp_path: Path) -> None:
    members = with_second_table(small_run(tmp_path)[0])
    run = longer_run(tmp_path, before=members)
    assert proved(run, {TABLE: 5}).tables == (TABLE,)
    old, new, cells = run
    grown = harmed(new, replacing(SECOND, ' ref="D1:E4" >', ' ref="D1:E5" >'))
    words = f"in its part '{SECOND}' the range is D1:E5 in place of D1:E4"
    with pytest.raises(NotVerified, match=re.escape(words)):
        prove(PATH, old, grown, cells, {TABLE: 5})


def with_second_table(content: bytes) -> dict[str, bytes]:
    """The parts of a workbook of one table, with another one beside it on its sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        members = {name: file.read(name) for name in file.namelist()}
    pointers = "xl/worksheets/_rels/sheet1.xml.rels"
    second = members[pointers].replace(b"rId1", b"rId2").replace(b"table1", b"table2")
    pointer = second[second.index(b"<Relationship ") :]
    members[pointers] = members[pointers].replace(b"</Relationships>", pointer)
    members[SHEET] = members[SHEET].replace(
        b"</tableParts>", b'<tablePart r:id="rId2"/></tableParts>'
    )
    table = made.table("D1:E4", ["My ID", "Colour"]).replace('id="1" name="T"', 'id="2" name="U"')
    return {**members, SECOND: table.replace('displayName="T"', 'displayName="U"').encode()}


def test_a_table_may_stay_as_it_is_above_new_cells(tmp_path: Path) -> None:
    assert proved(longer_run(tmp_path, "A1:B4", row=9)).tables == ()


def test_the_same_file_twice_is_proved_to_have_no_changed_cell(tmp_path: Path) -> None:
    old, _, cells = small_run(tmp_path)
    assert prove(PATH, old, old, cells) == Proof(0, 0, (), (), 0, members(old))


# Harms ------------------------------------------------------------------------------------------

Harm = Callable[[list[zipfile.ZipInfo], dict[str, bytes]], None]
STYLES = "xl/styles.xml"


def harmed(content: bytes, harm: Harm, comment: bytes = b"") -> bytes:
    """The file with its list of parts and their contents as *harm* leaves them."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        infos = file.infolist()
        data = {info.filename: file.read(info) for info in infos}
    harm(infos, data)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for info in infos:
            file.writestr(info, data[info.filename])
        file.comment = comment
    return buffer.getvalue()


def replacing(part: str, old: str, new: str) -> Harm:
    def harm(_infos: list[zipfile.ZipInfo], data: dict[str, bytes]) -> None:
        assert data[part].count(old.encode()) == 1
        data[part] = data[part].replace(old.encode(), new.encode())

    return harm


def other_time(infos: list[zipfile.ZipInfo], _data: dict[str, bytes]) -> None:
    infos[2].date_time = (2020, 2, 3, 4, 5, 8)


def other_time_of_the_sheet(infos: list[zipfile.ZipInfo], _data: dict[str, bytes]) -> None:
    [sheet] = [one for one in infos if one.filename == SHEET]
    sheet.date_time = (2020, 2, 3, 4, 5, 8)


def other_order(infos: list[zipfile.ZipInfo], _data: dict[str, bytes]) -> None:
    infos.reverse()


def dropped(infos: list[zipfile.ZipInfo], _data: dict[str, bytes]) -> None:
    infos[:] = [one for one in infos if one.filename != "xl/sharedStrings.xml"]


def added(infos: list[zipfile.ZipInfo], data: dict[str, bytes]) -> None:
    infos.append(zipfile.ZipInfo("xl/calcChain.xml"))
    data["xl/calcChain.xml"] = b"<calcChain/>"


def other_attributes(infos: list[zipfile.ZipInfo], _data: dict[str, bytes]) -> None:
    infos[0].external_attr = 0o777 << 16


def commented_part(infos: list[zipfile.ZipInfo], _data: dict[str, bytes]) -> None:
    infos[1].comment = b"changed"


IN_SHEET = f"in its part '{SHEET}' "
CHANGED = "something was changed that should not be, near "
HARMS: dict[str, tuple[Harm, str]] = {
    "one byte in another part": (
        replacing("xl/sharedStrings.xml", "VIP", "VIQ"),
        "its part 'xl/sharedStrings.xml' was changed",
    ),
    "another time stamp": (
        other_time,
        "its part 'xl/workbook.xml' has another time stamp than before",
    ),
    "another time stamp of the sheet": (
        other_time_of_the_sheet,
        f"its part '{SHEET}' has another time stamp than before",
    ),
    "other attributes": (
        other_attributes,
        "its part '[Content_Types].xml' has other attributes than before",
    ),
    "a comment on a part": (
        commented_part,
        "its part '_rels/.rels' has another comment than before",
    ),
    "another order": (other_order, "its parts stand in another order"),
    "a dropped part": (dropped, "its part 'xl/sharedStrings.xml' is missing"),
    "an added part": (
        added,
        "it holds the part 'xl/calcChain.xml', which wasn't there before",
    ),
    "a byte before the cells": (
        replacing(SHEET, 'max="2" width="9"', 'max="2" width="8"'),
        IN_SHEET + "something before the cells was changed, though it should not be",
    ),
    "a byte behind the cells": (
        replacing(SHEET, 'left="0.7"', 'left="0.8"'),
        IN_SHEET + "something behind the cells was changed, though it should not be",
    ),
    "a byte in a row's tag": (
        replacing(SHEET, '<row r="3" spans', '<row r="3" ht="9" spans'),
        IN_SHEET + "a row was changed, though it should not be",
    ),
    "an unnamed cell": (
        replacing(SHEET, '<c r="A2" s="3"><v>1</v>', '<c r="A2" s="3"><v>7</v>'),
        IN_SHEET + "cell A2, or what is beside it, was changed, though it should not be",
    ),
    "a formula in place of the result of another": (
        replacing(SHEET, "<f>A3*2</f>", "<f>A3*3</f>"),
        IN_SHEET + "cell B3, or what is beside it, was changed, though it should not be",
    ),
    "a cell that was moved within its row": (
        replacing(SHEET, 'r="D1"', 'r="E1"'),
        IN_SHEET + "cell E1, or what is beside it, was changed, though it should not be",
    ),
    "a cell that was moved before another": (
        replacing(SHEET, '<c r="D1"', '<c r="B1"/><c r="D1"'),
        IN_SHEET + "cell B1 stands in the wrong place",
    ),
    "a cell in a row that isn't its own": (
        replacing(SHEET, '<c r="D3"', '<c r="D2"'),
        IN_SHEET + "cell D2 stands in the wrong place",
    ),
    "a row in the wrong place": (
        replacing(SHEET, '<row r="3"', '<row r="1"/><row r="3"'),
        IN_SHEET + "row 1 stands behind row 2",
    ),
    "a row that is gone": (
        replacing(SHEET, '<row r="4" s="3" customFormat="1">', '<row r="5">'),
        IN_SHEET + "row 4 is missing",
    ),
    "another dimension": (
        replacing(SHEET, 'ref="A1:D4"', 'ref="A1:Z4"'),
        IN_SHEET + "its dimension is wrong (A1:Z4)",
    ),
    "other spans": (
        replacing(SHEET, '<row r="3" spans="1:4"', '<row r="3" spans="1:9"'),
        IN_SHEET + "row 3 has wrong spans (1:9)",
    ),
    "a changed cell format": (
        replacing(STYLES, '<alignment wrapText="1"/></xf><xf', "<alignment/></xf><xf"),
        f"in its part '{STYLES}' "
        + CHANGED
        + '\'plyNumberFormat="1"><alignment/></xf><xf numFmtId="14" fontI\'',
    ),
    "a cell format in front": (
        replacing(STYLES, '<cellXfs count="5">', '<cellXfs count="6"><xf numFmtId="1"/>'),
        f"in its part '{STYLES}' {CHANGED}",
    ),
    "a wrong count of cell formats": (
        replacing(STYLES, '<cellXfs count="5">', '<cellXfs count="4">'),
        f"in its part '{STYLES}' the list 'cellXfs' counts 4 entries in place of 5",
    ),
    "a renamed table column": (
        replacing(TABLE, 'name="Group"', 'name="Gruppe"'),
        f"in its part '{TABLE}' {CHANGED}",
    ),
    "a wrong range of the table": (
        replacing(TABLE, ' ref="A1:D4" >', ' ref="A1:D5" >'),
        f"in its part '{TABLE}' the range is A1:D5 in place of A1:D4",
    ),
    "two table columns of one number": (
        replacing(TABLE, 'id="4"', 'id="3"'),
        f"in its part '{TABLE}' two columns have one number",
    ),
}


@pytest.mark.parametrize("what", HARMS)
def test_a_harm_is_found_and_named(what: str, tmp_path: Path) -> None:
    harm, words = HARMS[what]
    old, new, cells = small_run(tmp_path)
    assert harmed(new, lambda _infos, _data: None) == new
    with pytest.raises(NotVerified, match=re.escape(words)) as caught:
        prove(PATH, old, harmed(new, harm), cells)
    start = "'base.xlsx' was not changed: reading the new file back showed that "
    assert str(caught.value).startswith(start + words)


def test_a_changed_comment_of_the_file_is_found(tmp_path: Path) -> None:
    old, new, cells = small_run(tmp_path)
    commented = harmed(new, lambda _infos, _data: None, comment=b"kept by nobody")
    with pytest.raises(NotVerified, match="showed that the file's comment was changed"):
        prove(PATH, old, commented, cells)


def test_a_cell_that_nobody_named_is_found_even_if_it_was_filled(tmp_path: Path) -> None:
    old, new, cells = small_run(tmp_path)
    unnamed = {"Clients": [one for one in cells["Clients"] if one != (2, 2)]}
    with pytest.raises(NotVerified, match="cell B2, or what is beside it, was changed"):
        prove(PATH, old, new, unnamed)


def test_a_sheet_that_nobody_named_is_found(tmp_path: Path) -> None:
    old, new, _ = small_run(tmp_path)
    with pytest.raises(NotVerified, match=f"its part '{SHEET}' was changed"):
        prove(PATH, old, new, {})


def test_a_named_cell_that_loses_its_formula_is_found(tmp_path: Path) -> None:
    old, new, cells = small_run(tmp_path)
    lost = harmed(new, replacing(SHEET, "<f>A3*2</f>", ""))
    named = {"Clients": [*cells["Clients"], (3, 2)]}
    assert prove(PATH, old, new, named).cells == len(cells["Clients"])
    with pytest.raises(NotVerified, match="cell B3 lost or got a formula"):
        prove(PATH, old, lost, named)


HELD = '<c r="B2" t="s"><v>2</v></c>'
FORMULA = '<c r="B2" s="3"><f>A2*2</f></c>'


@pytest.mark.parametrize(
    "before", ["", '<c r="B2"/>', '<c r="B2" s="3"/>', '<c r="B2" s="3" ></c>']
)
def test_a_named_cell_that_was_blank_may_get_a_formula(tmp_path: Path, before: str) -> None:
    old = small_run(tmp_path)[0]
    blank, new = (harmed(old, replacing(SHEET, HELD, one)) for one in (before, FORMULA))
    assert prove(PATH, blank, new, {"Clients": [(2, 2)]}).cells == 1
    with pytest.raises(NotVerified, match="in its part"):
        prove(PATH, blank, new, {"Clients": [(3, 3)]})


@pytest.mark.parametrize(
    "before", [HELD, '<c r="B2"><v></v></c>', '<c r="B2"><f>A2*3</f></c>', '<c r="B2"><is/></c>']
)
def test_a_named_cell_that_held_anything_gets_no_formula(tmp_path: Path, before: str) -> None:
    old = small_run(tmp_path)[0]
    held, new = (harmed(old, replacing(SHEET, HELD, one)) for one in (before, FORMULA))
    with pytest.raises(NotVerified, match="cell B2 lost or got a formula"):
        prove(PATH, held, new, {"Clients": [(2, 2)]})


def test_bytes_between_two_parts_are_found(tmp_path: Path) -> None:
    old, new, cells = small_run(tmp_path)
    at = new.index(b"PK\3\4", new.index(SHEET.encode()))
    words = "the header of its part '[Content_Types].xml' was changed"
    with pytest.raises(NotVerified, match=re.escape(words)):
        prove(PATH, old, new[:at] + b"\0" * 4 + new[at:], cells)


def test_any_flipped_bit_is_found_outside_of_the_packed_content_of_changed_parts(
    tmp_path: Path,
) -> None:
    old, new, cells = small_run(tmp_path)
    with zipfile.ZipFile(io.BytesIO(new)) as file:
        packed = [
            range(one.header_offset + 30 + len(one.filename), one.header_offset + 30 + size)
            for one in file.infolist()
            if one.filename in {SHEET, TABLE, STYLES}
            for size in [len(one.filename) + one.compress_size]
        ]
    flipped = [at for at in range(len(new)) if not any(at in one for one in packed)]
    for at in flipped[::3]:
        broken = bytearray(new)
        broken[at] ^= 1 << at % 8
        with pytest.raises(NotVerified):
            prove(PATH, old, bytes(broken), cells)


def test_something_that_is_no_zip_file_is_no_proof(tmp_path: Path) -> None:
    old, _, cells = small_run(tmp_path)
    with pytest.raises(NotVerified, match="it can't be compared with the former one"):
        prove(PATH, old, b"PK but nothing else", cells)


LINK = """HYPERLINK("#'Clients'!A2","Clients!A2")"""


def sheet_with(cell: str) -> bytes:
    return f'<worksheet><sheetData><row r="1">{cell}</row></sheetData></worksheet>'.encode()


@pytest.mark.parametrize(
    ("old", "new", "is_fine"),
    [
        (LINK, LINK.replace("A2", "B17"), True),
        (LINK, LINK.replace("A2", "B17").replace('"', "&quot;"), True),
        (LINK, '""', True),
        ('""', LINK, True),
        (LINK, "A1*2", False),
        ("A1*2", LINK, False),
        ("A1*2", '""', False),
        (LINK, """HYPERLINK("https://example.com","Clients!A2")""", False),
    ],
)
def test_a_link_may_become_another_one_or_nothing_and_no_other_formula(
    old: str, new: str, *, is_fine: bool
) -> None:
    was, now = (
        sheet_with(f'<c r="A1" t="str"><f>{formula}</f><v>{text}</v></c>')
        for formula, text in ((old, "x"), (new, "y"))
    )
    if is_fine:
        assert changed_cells(was, now, {(1, 1)}) == {(1, 1)}
        return
    with pytest.raises(DiffersError, match="cell A1 lost or got a formula"):
        changed_cells(was, now, {(1, 1)})


def test_a_link_may_not_be_lost() -> None:
    was = sheet_with(f'<c r="A1" t="str"><f>{LINK}</f><v>x</v></c>')
    with pytest.raises(DiffersError, match="cell A1 lost or got a formula"):
        changed_cells(was, sheet_with('<c r="A1"/>'), {(1, 1)})
