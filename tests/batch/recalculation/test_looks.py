"""The looks of the filled columns in a workbook of hers: added once where she asks for it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.formatting.rule import Rule
from openpyxl.worksheet.worksheet import Worksheet
from openxml_audit import FileFormat, OpenXmlValidator

from batch.cells import CellRange
from batch.configuration import Rules, read, shipped_path
from batch.errors import NotVerified
from batch.formulas.marks import STICKERS
from batch.history import receipts
from batch.history.undo import undo
from batch.making.example import make_example
from batch.recalculation.file import Outcome, recalculate_file
from batch.saving import disk
from batch.saving.proof import prove
from tests.bases import config
from tests.batch import rich_workbook, simple_workbook
from tests.batch.rich_workbook import TODAY

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension:UserWarning")
SHEET, STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"
ON = "looks: on"
FORMATS = re.compile(rb"<conditionalFormatting .*?</conditionalFormatting>", re.DOTALL)
BLACK_ON_GREY = ("FF000000", "FFD9D9D9")


@pytest.fixture
def hers(tmp_path: Path) -> Path:
    """A workbook of hers with two conditional formats, drawings, a chart, and two filled columns of
    fourteen.
    """
    return rich_workbook.make(tmp_path / "base.xlsm")


def recalc(path: Path, text: str = ON) -> Outcome:
    """A recalculation of which everything else in the file is proven to be as it was."""
    return recalculate_file(path, Rules(config(text), path), TODAY, verify=True)


def part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as package:
        return package.read(name)


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook in which one part is another."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info, change(data) if info.filename == name else data)
    return out.getvalue()


def page(path: Path, name: str = "Clients") -> Worksheet:
    found = openpyxl.load_workbook(path)[name]
    assert isinstance(found, Worksheet)
    return found


def rules_of(path: Path, heading: str, row: int = 1, name: str = "Clients") -> list[Rule]:
    """The rules of the conditional formats below a heading in this row."""
    sheet = page(path, name)
    (letter,) = (cell.column_letter for cell in sheet[row] if cell.value == heading)
    below = re.compile(rf"{letter}{row + 1}:{letter}[0-9]+")
    found = [one for one in sheet.conditional_formatting if below.fullmatch(str(one.sqref))]
    return [rule for one in found for rule in one.rules]


def looks(path: Path, heading: str, row: int = 1, name: str = "Clients") -> dict[str, str]:
    """The colour that each formula gives cells below a heading."""
    found = rules_of(path, heading, row, name)
    return {rule.formula[0]: rule.dxf.fill.bgColor.rgb for rule in found}


# What comes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ru"])
def test_groups_wear_their_stickers_dates_turn_red_and_yellow_and_the_rest_is_grey(
    tmp_path: Path, language: str
) -> None:
    rules = config(f"based_on: {language}\n{ON}")
    made, path = tmp_path / "made.xlsx", tmp_path / "base.xlsx"
    make_example(made, rules, TODAY)
    book = openpyxl.load_workbook(made)
    for name in book.sheetnames:
        if name not in {rules.sheet(key) for key in ("clients", "purchases", "contacts")}:
            del book[name]
    clients = book[rules.sheet("clients")]
    first_filled = [cell.value for cell in clients[1]].index(rules.columns.filled.group[0]) + 1
    clients.tables.clear()
    clients.conditional_formatting = type(clients.conditional_formatting)()
    clients.delete_cols(first_filled, 100)
    book.save(path)
    outcome = recalculate_file(path, Rules(rules, path), TODAY, verify=True)
    headings = {key: getattr(rules.columns.filled, key)[0] for key in ("group", "next_contact")}
    assert headings["group"] in outcome.added
    sheet = rules.sheet("clients")
    letter = next(
        cell.column_letter for cell in page(path, sheet)[1] if cell.value == headings["group"]
    )
    stickers = {
        f'${letter}2="{group.name}"': STICKERS[group.colour].replace("#", "FF")
        for group in rules.groups
        if group.colour
    }
    rest = {'$A2<>""': "FFF2F2F2"}
    assert looks(path, headings["group"], name=sheet) == stickers | rest
    red, yellow, grey = rules_of(path, headings["next_contact"], name=sheet)
    assert re.fullmatch(r"AND\(ISNUMBER\((\$\w+2)\),\1<TODAY\(\)\)", red.formula[0])
    assert (red.dxf.font.color.rgb, red.dxf.font.b) == ("FFC00000", True)
    assert re.fullmatch(r"AND\(ISNUMBER\((\$\w+2)\),\1=TODAY\(\)\)", yellow.formula[0])
    assert yellow.dxf.fill.bgColor.rgb == "FFFFD966"
    assert grey.formula == ['$A2<>""']


def test_headings_of_filled_columns_are_grey_and_wide_enough(hers: Path) -> None:
    outcome = recalc(hers)
    sheet = page(hers)
    widths = {
        at: one.width
        for one in sheet.column_dimensions.values()
        for at in range(one.min, (one.max or one.min) + 1)
    }
    grey = {str(one.sqref): one.rules for one in sheet.conditional_formatting}
    for cell in sheet[3]:
        if cell.value in outcome.added:
            (rule,) = grey[cell.coordinate]
            assert (rule.dxf.font.color.rgb, rule.dxf.fill.bgColor.rgb) == BLACK_ON_GREY
            assert widths[cell.column] >= len(str(cell.value)) + 3


def test_a_width_shows_the_heading_without_looks_too(tmp_path: Path) -> None:
    path = simple_workbook.write(tmp_path / "base.xlsx")
    recalc(path, "looks: off\ncolumns: {filled: {abc: [How much she buys in a year]}}")
    sheet = page(path)
    (cell,) = (one for one in sheet[1] if one.value == "How much she buys in a year")
    assert sheet.column_dimensions[cell.column_letter].width >= len(str(cell.value)) + 3


def test_columns_that_stood_there_get_looks_and_none_is_touched_otherwise(hers: Path) -> None:
    before = {cell.coordinate: cell.style_id for row in page(hers).iter_rows() for cell in row}
    recalc(hers)
    assert '$E4="VIP"' in looks(hers, "Group", 3)
    after = {cell.coordinate: cell.style_id for row in page(hers).iter_rows() for cell in row}
    dates = {"F4", "F5", "F6"}
    assert {a: s for a, s in after.items() if a in before.keys() - dates} == {
        a: s for a, s in before.items() if a not in dates
    }


def test_without_the_entry_nothing_comes(hers: Path, tmp_path: Path) -> None:
    other = rich_workbook.make(tmp_path / "other.xlsm")
    recalculate_file(hers, read(shipped_path()), TODAY)
    recalc(other, "looks: нет")
    assert part(hers, SHEET) == part(other, SHEET)
    assert FORMATS.findall(part(hers, SHEET)) == FORMATS.findall(
        part(rich_workbook.make(tmp_path / "third.xlsm"), SHEET)
    )


def test_a_workbook_of_ours_keeps_its_own(tmp_path: Path) -> None:
    path = tmp_path / "base.xlsx"
    make_example(path, config(), TODAY)
    before = FORMATS.findall(part(path, "xl/worksheets/sheet3.xml"))
    recalc(path)
    assert FORMATS.findall(part(path, "xl/worksheets/sheet3.xml")) == before


@pytest.mark.parametrize("language", ["en", "ru"])
def test_empty_sheets_for_lists_get_the_looks_of_lists(tmp_path: Path, language: str) -> None:
    rules = config(f"based_on: {language}\n{ON}")
    made, path = tmp_path / "made.xlsx", tmp_path / "base.xlsx"
    make_example(made, rules, TODAY)
    book = openpyxl.load_workbook(made)
    lists = [rules.sheet(key) for key in rules.rooms.furnished(()).sheets]
    tables = [rules.sheet(key) for key in ("clients", "purchases", "contacts")]
    for name in set(book.sheetnames) - set(tables):
        del book[name]
    for name in lists:
        book.create_sheet(name)
    book.save(path)
    before = path.read_bytes()
    recalculate_file(path, Rules(rules, path), TODAY, verify=True)
    day = rules.sheet("today")
    group = rules.columns.filled.group[0]
    due = rules.headings("today")["due"][0]
    shown = {rule.formula[0]: rule.dxf for rule in rules_of(path, group, 4, day)}
    for one in (group for group in rules.groups if group.colour):
        (look,) = (dxf for formula, dxf in shown.items() if formula.endswith(f'="{one.name}"'))
        assert look.fill.bgColor.rgb == STICKERS[one.colour].replace("#", "FF")
    assert "FFC00000" in {
        rule.dxf.font.color.rgb for rule in rules_of(path, due, 4, day) if rule.dxf.font
    }
    for name in lists:
        assert page(path, name)["A4"].value
        assert any(str(one.sqref) == "A4" for one in page(path, name).conditional_formatting)
    after = path.read_bytes()
    assert not recalculate_file(path, Rules(rules, path), TODAY, verify=True).written
    assert path.read_bytes() == after
    undo(path, Rules(rules, path))
    assert path.read_bytes() == before


def test_a_list_without_one_of_its_columns_gets_the_looks_of_the_others(tmp_path: Path) -> None:
    path = simple_workbook.write(tmp_path / "base.xlsx", {"Today": [[None]]})
    recalc(path, "looks: off")
    book = openpyxl.load_workbook(path)
    headings = [cell.value for cell in book["Today"][4]]
    book["Today"].delete_cols(headings.index("Group") + 1)
    book["Today"].delete_cols(headings.index("Due") + 1)
    book.save(path)
    recalc(path)
    assert len(page(path, "Today").conditional_formatting) == 2 * (len(headings) - 2)


# What stays -------------------------------------------------------------------------------------


def test_her_conditional_formats_stay_to_the_byte_and_go_first(hers: Path) -> None:
    before = FORMATS.findall(part(hers, SHEET))
    assert len(before) == 2
    recalc(hers)
    after = FORMATS.findall(part(hers, SHEET))
    assert after[:2] == before
    priorities = [int(one) for one in re.findall(rb'priority="(\d+)"', b"".join(after))]
    assert priorities == sorted(set(priorities))


def test_excel_takes_the_new_file_as_it_took_the_old(hers: Path, tmp_path: Path) -> None:
    validator = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365)

    def found(path: Path) -> list[str]:
        return sorted(one.description for one in validator.validate(str(path)).errors)

    old = found(rich_workbook.make(tmp_path / "old.xlsm"))
    recalc(hers)
    assert found(hers) == old
    styles = part(hers, STYLES).decode()
    count = re.search(r'<dxfs count="(\d+)"', styles)
    assert count
    assert int(count[1]) == styles.count("<dxf>")
    used = re.findall(r'dxfId="(\d+)"', part(hers, SHEET).decode())
    assert max(map(int, used)) < int(count[1])


# Once -------------------------------------------------------------------------------------------


def test_a_second_run_adds_none(hers: Path) -> None:
    recalc(hers)
    before = hers.read_bytes()
    assert not recalc(hers).written
    assert hers.read_bytes() == before


def test_those_that_still_stand_are_known_without_any_receipt(hers: Path) -> None:
    recalc(hers)
    before = hers.read_bytes()
    for one in disk.history_folder(hers).iterdir():
        one.unlink()
    assert not recalc(hers).written
    assert hers.read_bytes() == before


def test_what_she_takes_away_does_not_come_back(hers: Path) -> None:
    recalc(hers)
    content = with_part(hers.read_bytes(), SHEET, lambda data: FORMATS.sub(b"", data))
    hers.write_bytes(content)
    recalc(hers)
    assert part(hers, SHEET).count(b"<conditionalFormatting") == 0


def test_an_undo_takes_them_away_and_the_next_run_adds_them_again(hers: Path) -> None:
    before = hers.read_bytes()
    recalc(hers)
    looked = part(hers, SHEET)
    undo(hers, Rules(config(ON), hers))
    assert hers.read_bytes() == before
    recalc(hers)
    assert part(hers, SHEET) == looked


def test_an_undo_takes_them_away_though_she_typed_since(tmp_path: Path) -> None:
    path = simple_workbook.write(tmp_path / "base.xlsx")
    recalc(path)
    book = openpyxl.load_workbook(path)
    assert len(book["Clients"].conditional_formatting) == 28
    book["Clients"]["B2"] = "Anna B."
    book.save(path)
    done = undo(path, Rules(config(ON), path))
    assert not done.is_whole
    assert len(page(path).conditional_formatting) == 0
    assert page(path)["B2"].value == "Anna B."


def test_a_run_that_gives_looks_alone_can_be_undone(hers: Path) -> None:
    recalc(hers, "looks: off")
    before = hers.read_bytes()
    outcome = recalc(hers)
    assert outcome.written
    assert outcome.changes == []
    assert receipts.receipts(hers)[-1].looks["Clients"][:2] == ["Group", "ABC"]
    undo(hers, Rules(config(ON), hers))
    assert hers.read_bytes() == before


# The proof --------------------------------------------------------------------------------------

IN_SHEET = "in its part 'xl/worksheets/sheet1.xml' something behind the cells was changed"
HARMS: dict[str, tuple[str, bytes, bytes, str]] = {
    "cells that were not said": (SHEET, b'sqref="E4:E', b'sqref="D4:D', IN_SHEET),
    "another kind of rule": (SHEET, b'type="expression" dxfId="1"', b'type="cellIs" dxfId="1"', IN_SHEET),
    "a priority above hers": (SHEET, b'dxfId="1" priority="3"', b'dxfId="1" priority="1"', IN_SHEET),
    "a byte of hers": (SHEET, b'dxfId="0"', b'dxfId="1"', IN_SHEET),
    "a look that is not there": (SHEET, b'dxfId="8"', b'dxfId="80"', "a look that isn't there"),
    "another look": (STYLES, b'style="hair"', b'style="dotted"', "none of this program's"),
    "a wrong count": (STYLES, b'<dxfs count="9"', b'<dxfs count="8"', "counts 8 entries"),
}  # fmt: skip


@pytest.mark.parametrize("harm", HARMS)
def test_the_proof_allows_these_looks_and_nothing_else(hers: Path, harm: str) -> None:
    name, was, now, found = HARMS[harm]
    old = hers.read_bytes()
    outcome = recalc(hers)
    new = hers.read_bytes()
    assert was in part(hers, name)
    cells = {"Clients": {one[:2] for one in outcome.changes}}
    areas = [CellRange.parse(str(one.sqref)) for one in page(hers).conditional_formatting]
    looked = {"Clients": [one for one in areas if one.last_row == 3 or one.last_row > 20_000]}
    prove(hers, old, with_part(new, name, lambda data: data), cells, looked=looked)
    harmed = with_part(new, name, lambda data: data.replace(was, now, 1))
    with pytest.raises(NotVerified, match=re.escape(found)):
        prove(hers, old, harmed, cells, looked=looked)


def test_without_looks_asked_for_the_proof_allows_none(hers: Path) -> None:
    old = hers.read_bytes()
    outcome = recalc(hers)
    cells = {"Clients": {one[:2] for one in outcome.changes}}
    with pytest.raises(NotVerified, match="was changed"):
        prove(hers, old, hers.read_bytes(), cells)
