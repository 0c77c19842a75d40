"""What two files differ in: cells by what they hold, not by how they are written."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from batch.configuration import read, shipped_path
from batch.errors import NotAZip, WorkbookMissing
from batch.recalculation.file import recalculate_file
from batch.xlsx.comparison.files import CellDifference, as_json, difference, lines
from rules.reading.cells import CellError
from tests.batch import simple_workbook
from tests.batch.simple_workbook import TODAY
from tests.batch.xlsx import parts as made
from words import speak

ENGLISH = read(shipped_path()).config
RUSSIAN = read(shipped_path("ru")).config


def cell(reference: str, value: object = None, *, style: int = 0, kind: str = "n") -> str:
    inner = "" if value is None else f"<v>{value}</v>"
    return f'<c r="{reference}" s="{style}" t="{kind}">{inner}</c>'


def text(reference: str, value: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is>{value}</is></c>'


def book(folder: Path, name: str, rows: str, **more: object) -> Path:
    """A workbook with one sheet of these rows."""
    return made.written(folder, made.parts(made.sheet(rows), **more), name)  # type: ignore[arg-type]


def compared(folder: Path, old: str, new: str, **more: object) -> list[CellDifference]:
    """The cells in which two sheets of these rows differ."""
    before, after = book(folder, "old.xlsx", old, **more), book(folder, "new.xlsx", new, **more)
    return list(difference(before, after).cells())


def told(old: Path, new: Path, **more: int | None) -> list[str]:
    return list(lines(difference(old, new), ENGLISH, **more))


def test_the_same_file_has_no_cell_that_differs(tmp_path: Path) -> None:
    path = simple_workbook.write(tmp_path / "base.xlsx")
    assert told(path, path) == ["No cell differs."]


def test_a_recalculation_is_told_cell_by_cell_with_headings_and_dates_in_her_form(
    tmp_path: Path,
) -> None:
    clients = [[*simple_workbook.CLIENTS[0], "Group", "Next contact"]]
    clients += [[*row, "Potential", None] for row in simple_workbook.CLIENTS[1:]]
    path = simple_workbook.write(tmp_path / "base.xlsx", {"Clients": clients})
    new = tmp_path / "new.xlsx"
    outcome = recalculate_file(path, read(shipped_path()), TODAY, output=new)
    found = difference(path, new)
    assert found.count == len(outcome.changes)
    assert {one.cell for one in found.cells()} == {change.cell for change in outcome.changes}
    said = told(path, new, most=None)
    assert "Clients!E2 (Group): Potential → Client" in said
    assert "Clients!F2 (Next contact): blank → 11/21/2026" in said
    assert "Clients!G1: blank → ABC" in said
    assert said[-1] == f"Cells changed: {found.count}, on sheets: 1. Other parts identical: 10."


def test_a_base_that_another_program_saved_again_has_no_cell_that_differs(tmp_path: Path) -> None:
    old = tmp_path / "old.xlsx"
    with xlsxwriter.Workbook(str(old)) as workbook:
        sheet = workbook.add_worksheet("Clients")
        date = workbook.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_row(0, 0, ["ID", "Born", "Sum", "Is", "Name"])
        sheet.write_row(1, 0, ["001", None, 12.5, True, " blanks "])
        sheet.write_datetime(1, 1, dt.datetime(1980, 12, 1), date)  # noqa: DTZ001
        sheet.write_rich_string(2, 0, "a ", workbook.add_format({"bold": True}), "bold", " word")
        sheet.write_formula(2, 2, "=C2*2", None, 25)
    again = tmp_path / "again.xlsx"
    loaded = openpyxl.load_workbook(old, rich_text=True)
    loaded.save(again)
    found = difference(old, again)
    assert [(one.cell, one.old, one.new) for one in found.cells()] == [("C3", 25.0, None)]
    assert "xl/styles.xml" in found.parts_changed


def test_shared_and_inline_texts_are_the_same_and_so_are_rich_ones(tmp_path: Path) -> None:
    old = f'<row r="1">{cell("A1", 1, kind="s")}{cell("B1", 0, kind="s")}</row>'
    rich = "<r><rPr><b/></rPr><t>V</t></r><r><t>IP</t></r>"
    new = f'<row r="1">{text("A1", rich)}{text("B1", "<t>Anna</t>")}</row>'
    assert compared(tmp_path, old, new, strings=["Anna", "VIP"]) == []


def test_renumbered_shared_texts_are_followed(tmp_path: Path) -> None:
    rows = f'<row r="1">{cell("A1", 0, kind="s")}{cell("B1", 1, kind="s")}</row>'
    old = book(tmp_path, "old.xlsx", rows, strings=["Anna", "VIP"])
    new = book(tmp_path, "new.xlsx", rows, strings=["VIP", "VIP"])
    assert told(old, new) == [
        "Clients!A1: Anna → VIP",
        "Cells changed: 1, on sheets: 1. Other parts identical: 6.",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (cell("A1", 5), cell("A1", 6.25), "5 → 6.25"),
        (cell("A1", 5), "", "5 → blank"),
        ("", text("A1", "<t>VIP</t>"), "blank → VIP"),
        (cell("A1", 5), text("A1", "<t>5</t>"), "5 → '5'"),
        (cell("A1", 1), cell("A1", 1, kind="b"), "1 → TRUE"),
        (cell("A1", 0, kind="b"), cell("A1", 1, kind="b"), "FALSE → TRUE"),
        (cell("A1", 1), cell("A1", "#N/A", kind="e"), "1 → #N/A"),
        (cell("A1", 45000, style=1), cell("A1", 45001, style=2), "03/15/2023 → 03/16/2023"),
        (cell("A1", 45000.5, style=1), cell("A1", 45000), "03/15/2023 12:00:00 → 45000"),
        (cell("A1", 1), '<c r="A1"><f>B1*2</f><v>1</v></c>', "1 → =B1*2"),
        (
            '<c r="A1"><f>B1*2</f><v>1</v></c>',
            '<c r="A1"><f>B1*3</f><v>1</v></c>',
            "=B1*2 → =B1*3",
        ),
        (
            '<c r="A1"><f>B1*2</f><v>1</v></c>',
            '<c r="A1"><f t="array" ref="A1">B1*2</f><v>1</v></c>',
            "=B1*2 → {=B1*2}",
        ),
        (
            '<c r="A1"><f>TODAY()</f><v>1</v></c>',
            '<c r="A1"><f>TODAY()</f><v>2</v></c>',
            "1 → 2",
        ),
        (text("A1", "<t>a\nb</t>"), text("A1", f"<t>{'x' * 61}</t>"), "a b → " + "x" * 59 + "…"),
    ],
)
def test_a_changed_cell_is_told_in_one_line(old: str, new: str, said: str, tmp_path: Path) -> None:
    before = book(tmp_path, "old.xlsx", f'<row r="1">{old}</row>')
    after = book(tmp_path, "new.xlsx", f'<row r="1">{new}</row>')
    assert told(before, after) == [
        f"Clients!A1: {said}",
        "Cells changed: 1, on sheets: 1. Other parts identical: 6.",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (cell("A1", "0.1"), cell("A1", "0.10000000000000001")),
        (cell("A1", 5), cell("A1", 5, style=3)),
        (cell("A1"), ""),
        (text("A1", "<t></t>"), ""),
        (cell("A1", "2023-03-15", kind="d"), cell("A1", 45000, style=1)),
        (cell("A1", "15", kind="str"), text("A1", "<t>15</t>")),
    ],
)
def test_what_holds_the_same_does_not_differ(old: str, new: str, tmp_path: Path) -> None:
    rows = [f'<row r="1">{one}{cell("B1", 1)}</row>' for one in (old, new)]
    before, after = (
        book(tmp_path, name, one) for name, one in zip(("a.xlsx", "b.xlsx"), rows, strict=True)
    )
    assert told(before, after) == [
        "Sheet Clients: no cell differs, but its layout or the way it is written.",
        "No cell differs. Other parts identical: 6.",
    ]


def test_a_formula_that_is_shared_in_one_file_only_is_the_same(tmp_path: Path) -> None:
    shared = (
        '<row r="1"><c r="B1"><f t="shared" ref="B1:B3" si="0">A1*$A$1</f><v>1</v></c></row>'
        '<row r="2"><c r="B2"><f t="shared" si="0"/><v>1</v></c></row>'
        '<row r="3"><c r="B3"><f t="shared" si="0"/><v>1</v></c></row>'
    )
    single = "".join(
        f'<row r="{row}"><c r="B{row}"><f>A{row}*$A$1</f><v>1</v></c></row>' for row in (1, 2)
    )
    single += '<row r="3"><c r="B3"><f>A9*$A$1</f><v>1</v></c></row>'
    [found] = compared(tmp_path, shared, single)
    assert (found.cell, found.old_formula, found.new_formula) == ("B3", "=A3*$A$1", "=A9*$A$1")


def test_dates_are_compared_as_days_whatever_date_system_a_file_has(tmp_path: Path) -> None:
    rows = [f'<row r="1">{cell("A1", day, style=1)}{cell("B1", 7)}</row>' for day in (45000, 43538)]
    old = book(tmp_path, "old.xlsx", rows[0])
    new = book(tmp_path, "new.xlsx", rows[1], date1904=True)
    assert list(difference(old, new).cells()) == []
    later = book(tmp_path, "later.xlsx", rows[0], date1904=True)
    [found] = difference(old, later).cells()
    assert (found.old, found.new) == (dt.date(2023, 3, 15), dt.date(2027, 3, 16))


def test_the_heading_is_that_of_the_table_around_the_cell(tmp_path: Path) -> None:
    def table_book(name: str, amount: int) -> Path:
        rows = (
            f'<row r="1">{text("A1", "<t>A title</t>")}</row>'
            f'<row r="3">{text("B3", "<t>ID</t>")}{text("C3", "<t>Sum</t>")}</row>'
            f'<row r="4">{cell("B4", 1)}{cell("C4", amount)}</row>'
            f'<row r="9">{cell("C9", amount)}</row>'
        )
        sheet = made.sheet(
            rows, after='<tableParts count="1"><tablePart r:id="rId1"/></tableParts>'
        )
        return made.written(
            tmp_path, made.parts(sheet, table_xml=made.table("B3:C4", ["ID", "Sum"])), name
        )

    found = list(difference(table_book("a.xlsx", 1), table_book("b.xlsx", 2)).cells())
    assert [(one.cell, one.heading) for one in found] == [("C4", "Sum"), ("C9", "Sum")]


def test_a_title_above_the_headings_is_no_heading(tmp_path: Path) -> None:
    def plain(amount: int) -> str:
        return (
            f'<row r="1">{text("A1", "<t>My clients</t>")}</row>'
            f'<row r="3">{text("A3", "<t>Name</t>")}{text("B3", "<t>Sum</t>")}</row>'
            f'<row r="4">{text("A4", f"<t>Anna{amount}</t>")}{cell("B4", amount)}</row>'
        )

    found = compared(tmp_path, plain(1), plain(2))
    assert [(one.cell, one.heading) for one in found] == [("A4", "Name"), ("B4", "Sum")]


def test_only_the_first_cells_are_told_unless_all_are_asked_for(tmp_path: Path) -> None:
    def column(value: int) -> str:
        return "".join(f'<row r="{row}">{cell(f"A{row}", value)}</row>' for row in range(1, 61))

    old, new = book(tmp_path, "old.xlsx", column(1)), book(tmp_path, "new.xlsx", column(2))
    said = told(old, new)
    assert said[:2] == ["Clients!A1: 1 → 2", "Clients!A2: 1 → 2"]
    assert said[49:] == [
        "Clients!A50: 1 → 2",
        "… and 10 more",
        "Cells changed: 60, on sheets: 1. Other parts identical: 6.",
    ]
    assert told(old, new, most=None)[59] == "Clients!A60: 1 → 2"
    assert told(old, new, most=60)[60].startswith("Cells changed: 60")


def test_sheets_and_parts_of_which_the_other_file_has_none_are_named_in_words(
    tmp_path: Path,
) -> None:
    def with_sheet(name: str, sheet: str) -> Path:
        path = tmp_path / name
        with xlsxwriter.Workbook(str(path)) as workbook:
            workbook.set_properties({"created": dt.datetime(2026, 1, 1)})  # noqa: DTZ001
            workbook.add_worksheet("Clients").write(0, 0, 1)
            other = workbook.add_worksheet(sheet)
            if sheet == "Charts":
                chart = workbook.add_chart({"type": "column"})
                chart.add_series({"values": "=Clients!$A$1"})
                other.insert_chart("A1", chart)
        return path

    old, new = with_sheet("old.xlsx", "Notes"), with_sheet("new.xlsx", "Charts")
    assert told(old, new) == [
        "Sheet Notes: only in old.xlsx.",
        "Sheet Charts: only in new.xlsx.",
        "Also different: list of parts, settings of the workbook, file properties.",
        "Only in new.xlsx: charts, pictures and drawings, list of parts.",
        "No cell differs. Other parts identical: 6.",
    ]
    speak("ru")
    assert next(iter(lines(difference(old, new), RUSSIAN))) == "Лист Notes: только в old.xlsx."


def test_the_json_form_holds_dates_and_blanks_as_json_has_them(tmp_path: Path) -> None:
    old = book(tmp_path, "old.xlsx", f'<row r="1">{cell("A1", 45000, style=1)}</row>')
    new = book(
        tmp_path, "new.xlsx", '<row r="1"><c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    found = difference(old, new)
    [one] = found.cells()
    assert one.new == CellError("#DIV/0!")
    assert json.loads(json.dumps(as_json(found))) == {
        "old": str(old),
        "new": str(new),
        "cells_changed": 1,
        "cells_changed_by_sheet": {"Clients": 1},
        "cells": [
            {
                "sheet": "Clients",
                "cell": "A1",
                "heading": "",
                "old": "2023-03-15",
                "new": "#DIV/0!",
                "old_formula": None,
                "new_formula": "=1/0",
            }
        ],
        "sheets_added": [],
        "sheets_removed": [],
        "sheets_rewritten": [],
        "parts_changed": [],
        "parts_added": [],
        "parts_removed": [],
        "parts_identical": 6,
    }
    assert as_json(found, most=0)["cells"] == []


def test_a_part_that_was_only_packed_again_is_identical(tmp_path: Path) -> None:
    old = simple_workbook.write(tmp_path / "old.xlsx")
    new = tmp_path / "new.xlsx"
    with zipfile.ZipFile(old) as before, zipfile.ZipFile(new, "w", zipfile.ZIP_STORED) as after:
        for name in before.namelist():
            after.writestr(name, before.read(name))
    assert told(old, new) == ["No cell differs. Other parts identical: 11."]


def test_a_file_that_is_no_workbook_is_refused_on_either_side(tmp_path: Path) -> None:
    path = simple_workbook.write(tmp_path / "base.xlsx")
    bad = tmp_path / "bad.xlsx"
    bad.write_text("no workbook")
    with pytest.raises(NotAZip, match=r"'bad\.xlsx' is not an Excel workbook"):
        difference(path, bad)
    with pytest.raises(NotAZip, match=r"'bad\.xlsx' is not an Excel workbook"):
        difference(bad, path)
    with pytest.raises(WorkbookMissing, match=r"'none\.xlsx' was not found"):
        difference(tmp_path / "none.xlsx", path)
