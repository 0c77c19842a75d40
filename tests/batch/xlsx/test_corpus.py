"""Files that others made: nothing is harmed but the named cells, and bad files are refused."""

import datetime as dt
import os
import re
import shutil
import time
import tracemalloc
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from openxml_audit import FileFormat, OpenXmlValidator, ValidationSeverity

from batch import errors
from batch.book import Worksheet
from batch.cells import CellRange, parse_address
from batch.edits import Region
from batch.saving.readback import read_back
from batch.saving.replacement import save
from batch.xlsx.sheetxml import SheetXml
from batch.xlsx.workbook import Workbook
from batch.xlsx.xmlbytes import Splice, edited
from rules.errors import ClientBaseError
from tests.batch.xlsx.filling import Filling, OneColumn, fill

SHARED = Path(__file__).parents[4] / "shared"
SMALL = 30_000
NOW = dt.datetime(2026, 3, 8, 9, 30)  # noqa: DTZ001
UNREAD = {"ProjectStatusReport_TP10094814.xltx"}
"""Its content type is that of a beta of Excel 2007, which today's Excel doesn't know."""

_EMPTY = re.compile(rb"<(?:\w+:)?(row|sheetData)(?:\s[^<>]*)?(?:/>|(?<!/)>\s*</(?:\w+:)?\1>)")

MAY_BE_READ = {
    "00cb49ed-f996-4a3b-9bad-8676e765c4b2.xlsx",
    "DuplicateImageNames.xlsx",
    "MalformedSSTCount.xlsx",
    "NamedRangeWithInvalidCharacter.xlsx",
    "PivotTableWithMissingReference.xlsx",
    "malformed_uri.xlsx",
    "malformed_uri_long.xlsx",
    "missingcalcchainpart.xlsx",
    "nonstandard-xml-ns-prefix.xlsx",
    "strict_iso_paths.xlsx",
    "xxe_in_schema.xlsx",
}
"""Bad files in which what is bad lies outside of all that is read or written here."""


def files(kind: str) -> list[Path]:
    folder = SHARED / kind
    if not folder.is_dir():
        assert os.environ.get("CI") != "true", f"{folder} is missing"
        return []
    return sorted(path for path in folder.iterdir() if path.suffix != ".csv")


def by_name(path: Path) -> str:
    return path.name


def whole(one: CellRange) -> list[int]:
    return list(range(one.first_row + 1, min(one.last_row, one.first_row + 400) + 1))


def regions(workbook: Workbook, sheet: Worksheet) -> list[tuple[Region, int]]:
    """What to fill on a sheet: a region and one of its columns."""
    found = []
    for table in workbook.tables(sheet):
        if table.header_row is not None:
            rows = [row for row in whole(table.ref) if row <= table.last_row]
            region = Region(sheet.name, table.header_row, rows, table.part)
            found.append((region, table.ref.last_column))
    texts = workbook.top_rows(sheet)
    if not found and texts:
        header = min(texts)
        rows = [row for row in workbook.xml(sheet).layout().rows.tolist() if row > header][:400]
        found.append((Region(sheet.name, header, rows), min(texts[header])))
    return found


def columns(rows: list[int], existing: int | None, *, add: bool) -> list[OneColumn]:
    texts = [f" =№ {row} <&> _x0041_\n" if row % 3 else None for row in rows]
    numbers = [row + 0.1 if row % 4 else None for row in rows]
    dates = [dt.date(2024, 2, 29) + dt.timedelta(days=row) if row % 5 else None for row in rows]
    found = [OneColumn("existing", existing, "number", numbers)] if existing else []
    if add:
        found.append(OneColumn("Contact reason ☎", None, "text", texts, width=40))
        found.append(OneColumn("Next contact ☎", None, "date", dates))
    return found


def filled(workbook: Workbook, region: Region, existing: int) -> tuple[Filling, bool]:
    """The filling, and whether the new columns found room."""
    rows = list(region.rows)
    try:
        return fill(workbook, region, columns(rows, existing, add=True)), True
    except (errors.CellsTaken, errors.TableNotExtendable):
        return fill(workbook, region, columns(rows, existing, add=False)), False


def without(xml: SheetXml, cells: set[tuple[int, int]]) -> bytes:
    """A sheet's bytes with some cells cut out, rows without cells, and what may widen."""
    layout = xml.layout()
    edits = [
        Splice(start, stop, b"")
        for row, column, start, stop in zip(
            layout.cell_rows.tolist(),
            layout.cell_columns.tolist(),
            layout.cell_starts.tolist(),
            layout.cell_stops.tolist(),
            strict=True,
        )
        if (row, column) in cells
    ]
    for row, start in zip(layout.rows.tolist(), layout.row_starts.tolist(), strict=True):
        if any(row == cell[0] for cell in cells):
            tag = xml.data[start : xml.data.index(b">", start) + 1]
            if b"spans=" in tag:
                at = start + tag.index(b"spans=") + 7
                edits.append(
                    Splice(at, xml.data.index(tag[tag.index(b"spans=") + 6 :][:1], at), b"")
                )
    for name in ("dimension", "cols"):
        element = xml.element(name)
        if element is not None:
            edits.append(Splice(element.start, element.stop, b""))
    return _EMPTY.sub(b"", edited(xml.data, edits))


def same_cols(old: SheetXml, new: SheetXml) -> None:
    """The old column widths are all there, and only new columns got others."""
    before = old.element("cols")
    after = new.element("cols")
    kept = [] if before is None else [old.data[e.start : e.stop] for e in before.children()]
    now = [] if after is None else [new.data[e.start : e.stop] for e in after.children()]
    assert [one for one in now if one in kept] == kept


def assert_only_cells_changed(
    old: Workbook, new: Workbook, sheet: Worksheet, filling: Filling
) -> None:
    assert new.package.names == old.package.names
    for name in old.package.names:
        if name not in filling.parts:
            a, b = old.package.member(name), new.package.member(name)
            assert new.package.content[b.start : b.stop] == old.package.content[a.start : a.stop]
    if sheet.part in filling.parts:
        cells = {parse_address(change.cell) for change in filling.changes}
        was, now = old.xml(sheet), new.xml(sheet)
        assert without(now, cells) == without(was, cells)
        same_cols(was, now)


@pytest.mark.parametrize("path", files("corpus"), ids=by_name)
def test_filling_a_real_workbook_changes_only_the_named_cells(path: Path, tmp_path: Path) -> None:
    try:
        workbook = Workbook.open(path)
    except errors.NotAWorkbook:
        assert path.name in UNREAD
        return
    for sheet in workbook.sheets:
        for region, existing in regions(workbook, sheet):
            filling, added = filled(workbook, region, existing)
            if not filling.parts:
                continue
            copy = tmp_path / f"copy{path.suffix}"
            shutil.copy(path, copy)
            save(
                Workbook.open(copy).package,
                dict(filling.parts),
                verify=lambda new, name=sheet.name, cells=filling.expected: read_back(  # type: ignore[misc]
                    new, name, cells, date1904=workbook.date1904
                ),
            )
            again = Workbook.open(copy)
            assert_only_cells_changed(workbook, again, sheet, filling)
            known = [
                OneColumn(one.heading, filling.columns[one.heading], one.kind, one.values)
                for one in columns(list(region.rows), existing, add=added)
            ]
            second = fill(again, region, known)
            assert (second.parts, second.changes) == ({}, []), sheet.name
            assert second.kept == filling.kept
            if region.table and added:
                [table] = [one for one in again.tables(sheet) if one.part == region.table]
                assert len(table.columns) == table.ref.last_column - table.ref.first_column + 1
            if path.stat().st_size < SMALL:
                assert audited(copy) <= audited(path)


def audited(path: Path) -> set[str]:
    """Schema errors that Microsoft's validator knows, without the places where they are."""
    return _audited(path, path.stat().st_mtime_ns)


@cache
def _audited(path: Path, _changed: int) -> set[str]:
    result = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365).validate(str(path))
    return {
        f"{error.part_uri} {error.description}"
        for error in result.errors
        if error.severity is ValidationSeverity.ERROR
    }


@pytest.mark.parametrize("path", files("bad"), ids=by_name)
def test_a_bad_file_is_handled_or_refused_with_one_sentence(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / path.name
    shutil.copy(path, copy)
    before = copy.read_bytes()
    started = time.process_time()
    tracemalloc.start()
    refusal = ""
    try:
        workbook = Workbook.open(copy)
        for sheet in workbook.sheets:
            workbook.top_rows(sheet)
            for region, existing in regions(workbook, sheet):
                filling, _ = filled(workbook, region, existing)
                target = tmp_path / f"filled{path.suffix}"
                save(workbook.package, dict(filling.parts), target)
                target.unlink()
    except ClientBaseError as error:
        refusal = str(error)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.process_time() - started < 10
    assert peak < 100_000_000
    assert copy.read_bytes() == before
    assert "\n" not in refusal
    if path.name in MAY_BE_READ:
        assert not refusal
    else:
        assert path.name in refusal
        assert refusal.endswith(".")


@pytest.mark.parametrize(
    "path", [one for one in files("bad") if one.name.startswith("nonstandard")], ids=by_name
)
def test_a_workbook_without_any_cell_formats_gets_those_for_dates(
    path: Path, tmp_path: Path
) -> None:
    workbook = Workbook.open(path)
    [sheet] = workbook.sheets
    date = OneColumn("Next", 2, "date", [dt.date(2024, 2, 29)])
    filling = fill(workbook, Region(sheet.name, 1, [2]), [date])
    target = tmp_path / path.name
    save(workbook.package, dict(filling.parts), target)
    assert str(openpyxl.load_workbook(target)[sheet.name]["B2"].value) == "2024-02-29 00:00:00"
