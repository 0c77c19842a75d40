"""Whole recalculations, in place, of every real workbook: nothing differs but the named cells.

The comparison is this module's own: zipfile and regular expressions over the bytes. At last the
program's own proof and difference are held to what the run says.
"""

from __future__ import annotations

import datetime as dt
import html
import io
import itertools
import json
import posixpath
import re
import zipfile
from collections.abc import Set as AbstractSet
from pathlib import Path

import pytest

from batch.book import Worksheet
from batch.configuration import Rules, read, shipped_path
from batch.recalculation.file import Outcome, recalculate_file
from batch.saving.proof import prove
from batch.xlsx.comparison.files import difference
from batch.xlsx.workbook import Workbook
from rules.config.loading import load_config
from rules.errors import ClientBaseError
from tests.batch.added_sheets import TODAY, with_sheets
from tests.batch.xlsx.test_corpus import UNREAD, by_name, files

NOTHING = "no headings"
NOW = dt.datetime(2026, 11, 21, 9, 0)  # noqa: DTZ001
STYLES = "xl/styles.xml"
HEADER_AT = ("flag_bits", "compress_size", "file_size", "CRC", "header_offset", "extra")
"""What zipfile knows of a member that may differ when its content does."""

REFUSED = {
    "56644.xlsx": {"samplelist": "CellsTaken"},
    "61281.xlsx": {"Sheet1": "TableNotExtendable"},
    "63934.xlsx": {"Sheet1": "DoubleHeadingError"},
    "Book1.xlsx": {"Sheet1": "CellsTaken"},
    "GLIMP2.xlsx": {"Gen. Journal Line": "NoClientsError"},
    "ValidationWithSheetReference.xlsx": {"UI Sheet": "NoClientsError"},
    "aaa.xlsx": {"Sheet5": "NoClientsError"},
    "database.xlsm": {"Playlist": "NoClientsError"},
    "hello-world-signed.xlsx": {"Sheet1": "NoClientsError"},
    "ms-office-2010-signed.xlsx": {"Sheet1": "NoClientsError"},
    "udf_tests.xlsm": {"Sheet1": "CellsTaken"},
    "xxe_in_schema.xlsx": {"Sheet1": "TableNotExtendable"},
}
"""Sheets with headings below which nothing can be filled: the sheet has no rows with an ID, the
new columns have no room, or the table belongs to an XML map.
"""

WITHOUT_HEADINGS = {
    "1904.xlsx",
    "55927.xlsx",
    "62629_target.xlsm",
    "64473.xlsx",
    "ActiveXControls-O12-XL-Controls.xlsx",
    "AllShapes.xlsx",
    "Bing.xlsx",
    "BlankSheetTypes.xlsm",
    "Date1904System.xlsx",
    "OLE-O12-XL-OLE.xlsx",
    "Revision_NameCommentChange.xlsx",
    "SharedWorkbook.xlsx",
    "VolTypes.xlsx",
    "Youtube.xlsx",
    "activex_checkbox.xlsx",
    "cond_format_theme_color2.xlsx",
    "cond_format_theme_color3.xlsx",
    "condformat_theme_color.xlsx",
    "embed_image01.xlsx",
    "embed_image02.xlsx",
    "embed_image08.xlsx",
    "embed_image10.xlsx",
    "embedded-simple-2007.xlsm",
    "embedded-simple-2007.xlsx",
    "embedded-simple-2007.xltx",
    "excel4_sample_macro.xlsm",
    "excel4_sample_macro.xltm",
    "issue_285.xlsx",
    "right-to-left.xlsx",
    "simple-cell-changes.xlsx",
    "workbookProtection_workbook_revision_protected.xlsx",
    "xlmmacro.xlsm",
    "xlwings.xlam",
}
"""Workbooks on none of whose sheets two different texts stand side by side, above others."""


# Comparison -------------------------------------------------------------------------------------


def members(content: bytes) -> list[tuple[zipfile.ZipInfo, bytes]]:
    """Each member with all its bytes, to the beginning of the next one."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        infos, directory = file.infolist(), file.start_dir
    stops = dict(itertools.pairwise([*sorted(info.header_offset for info in infos), directory]))
    return [(info, content[info.header_offset : stops[info.header_offset]]) for info in infos]


def facts(info: zipfile.ZipInfo, *leave: str) -> dict[str, object]:
    names = [name for name in zipfile.ZipInfo.__slots__ if not name.startswith("_")]
    return {name: getattr(info, name, None) for name in names if name not in leave}


def differing(old: bytes, new: bytes) -> set[str]:
    """The parts that differ; order, time stamps and the rest of the directory do not."""
    was, now = members(old), members(new)
    assert [info.filename for info, _ in now] == [info.filename for info, _ in was]
    offsets = [[info.header_offset for info, _ in one] for one in (was, now)]
    order = [sorted(range(len(one)), key=one.__getitem__) for one in offsets]
    assert order[0] == order[1]
    found = set()
    for (before, old_bytes), (after, new_bytes) in zip(was, now, strict=True):
        if old_bytes == new_bytes:
            assert facts(after, "header_offset") == facts(before, "header_offset")
        else:
            assert facts(after, *HEADER_AT) == facts(before, *HEADER_AT)
            found.add(before.filename)
    return found


def part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return file.read(name)


def targets(content: bytes, source: str) -> dict[str, str]:
    """Where a part points, by id."""
    folder, name = posixpath.split(source)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        data = file.read(path).decode("utf-8-sig") if path in file.namelist() else ""
    found = {}
    for tag in re.findall(r"<(?:\w+:)?Relationship\s[^>]*>", data):
        if "External" not in tag:
            given = dict(re.findall(r'(\w+)="([^"]*)"', tag))
            joined = posixpath.join("/", folder, html.unescape(given["Target"]))
            found[given["Id"]] = posixpath.normpath(joined).lstrip("/")
    return found


def sheet_part(content: bytes, sheet: str) -> str:
    """The part of the sheet of that name."""
    main = next(one for one in targets(content, "").values() if "workbook" in one)
    for tag in re.findall(r"<(?:\w+:)?sheet\s[^>]*>", part(content, main).decode("utf-8-sig")):
        name, identity = re.search(r'\bname="([^"]*)"', tag), re.search(r':id="([^"]*)"', tag)
        assert name
        assert identity
        if html.unescape(name[1]) == sheet:
            return targets(content, main)[identity[1]]
    raise AssertionError(sheet)


CELL = re.compile(rb'<((?:\w+:)?c)\s[^>]*?\br="([A-Z]+\d+)"[^>]*?(?:/>|>.*?</\1>)', re.DOTALL)
COL = re.compile(rb"<(?:\w+:)?col\s[^>]*/>")


def apart(sheet: bytes, cells: AbstractSet[str]) -> tuple[bytes, list[bytes], list[bytes]]:
    """A sheet without the cells, the widths and what may widen; its rows' tags; its widths."""
    start = re.search(rb"<(?:\w+:)?sheetData(?:\s[^>]*)?/?>", sheet)
    assert start
    head, body = sheet[: start.start()], sheet[start.start() :]
    stop = body.rfind(b"sheetData>") if b"sheetData>" in body else 0
    rows, tail = body[:stop], body[stop:]
    kept = CELL.sub(lambda cell: b"" if cell[2].decode() in cells else cell[0], rows)
    kept = re.sub(rb'(<(?:\w+:)?row\s[^>]*?) spans="[^"]*"', rb"\1", kept)
    kept = re.sub(rb"(<(?:\w+:)?row\s[^>]*?)\s*/>", rb"\1></row>", kept)
    tags = re.findall(rb"<(?:\w+:)?row\s[^>]*>", kept)
    widths = COL.findall(head)
    head = re.sub(rb"<(?:\w+:)?cols>\s*</(?:\w+:)?cols>", b"", COL.sub(b"", head))
    return re.sub(rb"<(?:\w+:)?dimension\s[^>]*>", b"", head) + kept + tail, tags, widths


def assert_sheet(old: bytes, new: bytes, outcome: Outcome) -> None:
    cells = {change.cell for change in outcome.changes}
    (was, rows_before, widths_before) = apart(old, cells)
    (now, rows_after, widths_after) = apart(new, cells)
    assert now == was
    assert rows_after == rows_before
    added = [width for width in widths_after if width not in widths_before]
    assert [width for width in widths_after if width in widths_before] == widths_before
    assert len(added) <= len(outcome.added)
    where = {match[2].decode(): match[0] for match in CELL.finditer(new)}
    before = {match[2].decode(): match[0] for match in CELL.finditer(old)}
    assert {cell for cell in cells if where.get(cell) != before.get(cell)} == cells


def assert_table(old: bytes, new: bytes, outcome: Outcome) -> None:
    """A table has further columns, and its range reaches over them."""
    column = re.compile(
        rb"<(?:\w+:)?tableColumn\s[^>]*?(?:/>|>.*?</(?:\w+:)?tableColumn>)", re.DOTALL
    )
    was, now = column.findall(old), column.findall(new)
    assert now[: len(was)] == was
    names = [re.search(rb'name="([^"]*)"', one) for one in now[len(was) :]]
    assert [name[1].decode() for name in names if name] == outcome.added
    assert f'count="{len(now)}"'.encode() in new

    def rest(data: bytes) -> bytes:
        data = re.sub(rb'(<(?:\w+:)?(?:table|autoFilter)\s[^>]*?\bref=")[^"]*"', rb"\1", data)
        return re.sub(rb'(tableColumns count=")\d+"', rb"\1", column.sub(b"", data))

    assert rest(new) == rest(old)


FORMATS = re.compile(rb'<(?:\w+:)?cellXfs(?: count="(\d+)")?>(.*?)</(?:\w+:)?cellXfs>', re.DOTALL)
FORMAT = re.compile(rb"<((?:\w+:)?xf)(?=[\s/>])(?:[^>]*/>|.*?</\1>)", re.DOTALL)


def assert_styles(old: bytes, new: bytes) -> None:
    """Cell formats were appended, and nothing else."""
    was, now = FORMATS.search(old), FORMATS.search(new)
    assert was
    assert now
    assert (new[: now.start()], new[now.end() :]) == (old[: was.start()], old[was.end() :])
    assert now[2].startswith(was[2])
    added = now[2].removeprefix(was[2])
    assert added
    assert not FORMAT.sub(b"", added)
    assert now[1] is None or int(now[1]) == len(FORMAT.findall(now[2]))


def assert_only_named_cells_differ(old: bytes, new: bytes, sheet: str, outcome: Outcome) -> None:
    patched = sheet_part(old, sheet)
    tables = {one for one in targets(old, patched).values() if "/tables/" in f"/{one}"}
    found = differing(old, new)
    assert found <= {patched, STYLES, *(tables if outcome.added else ())}
    assert_sheet(part(old, patched), part(new, patched), outcome)
    for table in tables & found:
        assert_table(part(old, table), part(new, table), outcome)
    if STYLES in found:
        assert_styles(part(old, STYLES), part(new, STYLES))


def assert_run(path: Path, rules: Rules, sheet: str) -> Outcome:
    """Recalculate in place, twice: the first run changes the named cells, the second nothing."""
    old = path.read_bytes()
    outcome = recalculate_file(path, rules, TODAY, now=NOW)
    new = path.read_bytes()
    assert outcome.changes
    assert_only_named_cells_differ(old, new, sheet, outcome)
    again = recalculate_file(path, rules, TODAY, now=NOW)
    assert again.changes == []
    assert not again.written
    assert path.read_bytes() == new
    return outcome


# The three tables as further sheets -------------------------------------------------------------


@pytest.mark.parametrize("with_filled", [False, True], ids=["columns to be added", "columns there"])
@pytest.mark.parametrize("as_table", [False, True], ids=["plain range", "Excel table"])
@pytest.mark.parametrize("path", files("corpus"), ids=by_name)
def test_a_recalculation_of_a_real_workbook_with_the_three_tables_changes_only_the_named_cells(
    path: Path, as_table: bool, with_filled: bool, tmp_path: Path
) -> None:
    copy = tmp_path / path.name
    copy.write_bytes(with_sheets(path.read_bytes(), as_table=as_table, with_filled=with_filled))
    if path.name in UNREAD:
        with pytest.raises(ClientBaseError, match="is not an Excel workbook"):
            recalculate_file(copy, read(shipped_path()), TODAY)
        return
    outcome = assert_run(copy, read(shipped_path()), "Clients")
    assert ("Group" in outcome.added) is not with_filled
    assert len(outcome.added) == 14 - 3 * with_filled


@pytest.mark.parametrize("path", files("corpus"), ids=by_name)
def test_proof_and_difference_name_the_very_cells_that_a_run_changed(
    path: Path, tmp_path: Path
) -> None:
    if path.name in UNREAD:
        pytest.skip("its content type is that of a beta of Excel 2007")
    old, new = tmp_path / f"old{path.suffix}", tmp_path / f"new{path.suffix}"
    old.write_bytes(with_sheets(path.read_bytes(), as_table=True))
    outcome = recalculate_file(old, read(shipped_path()), TODAY, output=new)
    changed = {(change.row, change.column) for change in outcome.changes}
    proof = prove(old, old.read_bytes(), new.read_bytes(), {"Clients": changed})
    assert (proof.sheets, proof.cells) == (("Clients",), len(changed))
    assert len(proof.tables) == 1
    found = difference(old, new)
    assert {(one.sheet, one.row, one.column) for one in found.cells()} == {
        ("Clients", *cell) for cell in changed
    }
    assert found.identical == proof.identical


# Their own sheets -------------------------------------------------------------------------------


def own_tables(workbook: Workbook, sheet: Worksheet) -> list[list[str]]:
    """The rows of a sheet that can be the headings of clients."""
    rows = [list(table.columns) for table in workbook.tables(sheet) if table.header_row]
    rows += [list(cells.values()) for _, cells in sorted(workbook.top_rows(sheet).items())]
    once = [[one for one in row if one.strip() and row.count(one) == 1] for row in rows]
    return [row for row in once if len(row) > 1]


def rules_for(sheet: str, headings: list[str]) -> Rules:
    """Rules by which this sheet holds the clients; a third heading is that of the group."""
    known, name, *others = (json.dumps(one) for one in headings)
    group = f"  filled: {{group: {others[0]}}}\n" if others else ""
    text = (
        f"sheets: {{clients: {json.dumps(sheet)}}}\n"
        f"columns:\n  clients: {{id: {known}, name: {name}}}\n{group}"
    )
    texts = {language: shipped_path(language).read_text("utf-8") for language in ("en", "ru")}
    return Rules(load_config(text.encode(), texts, "config.yaml"), shipped_path())


def filled_by(path: Path, sheet: str, rows: list[list[str]], folder: Path) -> str:
    """Fill a sheet below the first of these rows that can be headings: '' if one can, else why
    the last can't.
    """
    reason = NOTHING
    for headings in rows:
        copy = folder / path.name
        copy.write_bytes(with_sheets(path.read_bytes(), clients=False))
        try:
            assert_run(copy, rules_for(sheet, headings), sheet)
        except ClientBaseError as error:
            reason = type(error).__name__
        else:
            return ""
    return reason


@pytest.mark.parametrize("path", files("corpus"), ids=by_name)
def test_a_recalculation_on_sheets_of_its_own_changes_only_the_named_cells(
    path: Path, tmp_path: Path
) -> None:
    if path.name in UNREAD:
        pytest.skip("its content type is that of a beta of Excel 2007")
    workbook = Workbook.open(path)
    reasons = {
        sheet.name: filled_by(path, sheet.name, own_tables(workbook, sheet), tmp_path)
        for sheet in workbook.sheets
    }
    filled = [sheet for sheet, reason in reasons.items() if not reason]
    refused = {sheet: reason for sheet, reason in reasons.items() if reason not in ("", NOTHING)}
    assert refused == REFUSED.get(path.name, {})
    assert bool(filled or refused) is (path.name not in WITHOUT_HEADINGS)
