"""Bad and hostile files, the whole program over each: filled rightly, or refused with a sentence
and exit code 2, and then nothing in the folder has changed.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import shutil
import struct
import sys
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from batch import cli
from batch.configuration import Rules
from batch.making.example import make_example
from batch.making.new import make_base
from batch.recalculation.file import Outcome, recalculate_file
from batch.saving import ours
from batch.xlsx.workbook import Workbook
from tests.bases import config
from tests.batch import handmade
from tests.batch.handmade import (
    CLIENTS,
    MAIN,
    PURCHASES,
    STYLES,
    TABLE,
    TEXTS,
    TYPES,
    base,
    changed,
    rows,
)
from tests.batch.mutations import members_of
from tests.batch.simple_workbook import TODAY, write
from tests.batch.xlsx import parts as made
from tests.batch.xlsx.parts import zipped
from tests.command_line import Run

Refused = Callable[..., str]
BASE = base()
RULES = Rules(config(), Path("config.yaml"))
RELS = "xl/_rels/workbook.xml.rels"
SHEET_RELS = "xl/worksheets/_rels/sheet1.xml.rels"
UNREAD = "docProps/custom.xml"


def in_folder(folder: Path) -> dict[str, bytes | None]:
    """Everything below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


@pytest.fixture
def refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Refused:
    """Run the program on a file that it has to refuse; gives its sentence.

    content: the file's bytes, its parts, or None for what lies there already.
    """

    def call(
        content: bytes | Mapping[str, bytes] | None, name: str = "base.xlsx", rules: str = ""
    ) -> str:
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content if isinstance(content, bytes) else zipped(content))
        if rules:
            (tmp_path / "config.yaml").write_text(rules, encoding="utf-8")
        before = in_folder(tmp_path)
        argv = ["clientbase", "recalc", str(path), "--today", TODAY.isoformat()]
        monkeypatch.setattr(sys, "argv", argv)
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        assert (ended.value.code, printed.out) == (2, ""), printed
        assert printed.err.count("\n") == 1
        assert re.search(r"[.!)]\n$", printed.err), printed.err
        assert in_folder(tmp_path) == before
        return printed.err

    return call


def filled(folder: Path, parts: Mapping[str, bytes], **options: object) -> tuple[Path, Outcome]:
    """A base of these parts, filled: only sheets, tables and formats differ, and it opens again."""
    path = folder / "base.xlsx"
    path.write_bytes(zipped(parts))
    outcome = recalculate_file(path, RULES, TODAY, **options)  # type: ignore[arg-type]
    again = Workbook.open(path)
    assert again.package.names == list(parts)
    for name, data in parts.items():
        if not re.search(r"worksheets/sheet|tables/|styles", name):
            assert again.package.read(name) == data
    return path, outcome


def clients_of(path: Path) -> str:
    """The sheet Clients as it is written."""
    with zipfile.ZipFile(path) as package:
        return package.read(CLIENTS).decode()


def column(path: Path, heading: str, top: int = 1) -> list[object]:
    """The cells below a heading, as an independent reader finds them."""
    sheet = openpyxl.load_workbook(path)["Clients"]
    at = [one.value for one in sheet[top]].index(heading) + 1
    return [sheet.cell(row, at).value for row in range(top + 1, sheet.max_row + 1)]


def test_the_base_that_all_these_tests_spoil_is_sound(tmp_path: Path) -> None:
    path, outcome = filled(tmp_path, BASE)
    assert column(path, "Turnover") == [1200.5, 300]
    assert outcome.problems == ()


# The zip file -------------------------------------------------------------------------------


def test_a_file_cut_off_anywhere_is_refused(refused: Refused) -> None:
    content = zipped(BASE)
    for length in [*range(0, len(content), 211), *range(len(content) - 23, len(content))]:
        assert "'base.xlsx' is " in refused(content[:length])


def bomb(size: int) -> bytes:
    """A base whose sheet Purchases unpacks to so many blanks."""
    sheet = BASE[PURCHASES].replace(b"<sheetData>", b"<sheetData>" + b" " * size)
    return zipped({**BASE, PURCHASES: sheet})


def claimed(size: int) -> bytes:
    """The same, with so many bytes in its list of parts alone."""
    blanks = 1 << 20
    known = struct.pack("<I", blanks + len(BASE[PURCHASES]))
    return bomb(blanks).replace(known, struct.pack("<I", size))


def test_what_is_packed_like_a_bomb_is_refused_by_its_size(refused: Refused) -> None:
    said = refused(claimed(257 << 20))
    found = (
        "the unpacked size in MB of what is packed more than 200 times is 257, at most 256 is read"
    )
    assert found in said
    assert "or raise limits.ratio in config.yaml." in said


def test_bombs_in_several_parts_are_judged_together(refused: Refused) -> None:
    content = bomb(1 << 20)
    with zipfile.ZipFile(buffer := io.BytesIO(content), "a", zipfile.ZIP_DEFLATED) as package:
        for number in range(5):
            package.writestr(f"xl/media/{number}.bin", bytes(60 << 20))
    assert "packed more than 200 times" in refused(buffer.getvalue())


GHOST = '<row ht="15" customHeight="1"/>'
LONG = '<row><c t="inlineStr"><is><t>' + "a note " * 4600 + "</t></is></c></row>"


@pytest.mark.parametrize(("more", "count"), [(GHOST, 560_000), (LONG, 900)])
def test_honest_repetition_is_read_however_tightly_it_is_packed(
    tmp_path: Path, more: str, count: int
) -> None:
    data = BASE[PURCHASES].replace(b"</sheetData>", more.encode() * count + b"</sheetData>")
    parts = {**BASE, PURCHASES: data}
    with zipfile.ZipFile(io.BytesIO(zipped(parts))) as package:
        assert package.getinfo(PURCHASES).file_size > 16 << 20
    path, _ = filled(tmp_path, parts)
    assert column(path, "Turnover") == [1200.5, 300]


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ("limits: {parts: 5}", "the number of its parts is 8, at most 5 is read"),
        ("limits: {part_mb: 2}", "the size of the unpacked part 'xl/worksheets/sheet9001.xml' in MB is 4, at most 2 is read"),
        ("limits: {total_mb: 3}", "the size of the unpacked file in MB is 4, at most 3 is read"),
        ("limits: {cells: 5}", "the number of cells in the part 'xl/worksheets/sheet1.xml' is 9, at most 5 is read"),
    ],
)  # fmt: skip
def test_each_limit_can_be_set_in_the_rules(refused: Refused, rules: str, words: str) -> None:
    said = refused(bomb(3 << 20), rules=rules)
    assert words in said
    key = re.findall(r"\{(\w+):", rules)[0]
    assert f"or raise limits.{key} in config.yaml." in said


def test_a_file_and_its_texts_have_limits_of_their_own(refused: Refused) -> None:
    noise = os.urandom(2 << 20)
    assert "the size of the file in MB is 3, at most 1 is read" in refused(
        {**BASE, "xl/media/image1.png": noise}, rules="limits: {file_mb: 1}"
    )
    texts = BASE[TEXTS].replace(b"shared", noise.hex().encode())
    using = {
        **changed(
            BASE,
            CLIENTS,
            '<c r="B3" t="inlineStr"><is><t>Olga</t></is></c>',
            '<c r="B3" t="s"><v>0</v></c>',
        ),
        TEXTS: texts,
    }
    assert "the size of the part with the texts in MB is 5, at most 1 is read" in refused(
        using, rules="limits: {texts_mb: 1}"
    )


def test_a_bomb_is_refused_before_it_is_unpacked(refused: Refused) -> None:
    content = bomb(300 << 20)
    tracemalloc.start()
    refused(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50 << 20


def test_a_bomb_inside_a_part_stays_packed(tmp_path: Path) -> None:
    """A zip file in a workbook is a part like any other; nobody opens it."""
    filled(tmp_path, {**BASE, "xl/embeddings/bomb.zip": bomb(30 << 20)})


def overlapping() -> bytes:
    """Two members of different names that share one member's data, as in Fifield's bomb: one name
    is UTF-8, the other one the same bytes in an old code page.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, data in {**BASE, "é": b"x"}.items():
            package.writestr(name, data)
        package.filelist.append(twin := zipfile.ZipInfo("é"))
        first = package.getinfo("é")
        twin.header_offset, twin.CRC = first.header_offset, first.CRC
        twin.file_size, twin.compress_size = first.file_size, first.compress_size
    content = bytearray(buffer.getvalue())
    entry = content.rfind(b"PK\1\2")
    content[entry + 9] &= ~8  # the bit that says UTF-8
    return bytes(content)


def quoted() -> bytes:
    """A member whose data contain the whole next member."""
    content = bytearray(zipped(BASE))
    entry = content.find(b"PK\1\2")
    (packed,) = struct.unpack_from("<I", content, entry + 20)
    struct.pack_into("<I", content, entry + 20, packed + 60)
    return bytes(content)


@pytest.mark.parametrize("build", [overlapping, quoted])
def test_members_that_overlap_are_refused(refused: Refused, build: Callable[[], bytes]) -> None:
    assert "overlaps another part" in refused(build())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (CLIENTS, f"holds the part '{CLIENTS}' twice"),
        ("XL/Workbook.XML", "twice (again as 'XL/Workbook.XML')"),
        ("/etc/passwd", "unsafe name '/etc/passwd'"),
        ("../../evil.txt", "unsafe name '../../evil.txt'"),
        ("xl/../../evil.txt", "unsafe name"),
        ("xl\\..\\..\\evil.txt", "unsafe name 'xl/../../evil.txt'"),
        ("\\\\server\\evil.txt", "unsafe name '//server/evil.txt'"),
        ("xl\\workbook.xml", "twice (again as 'xl/workbook.xml')"),
        ("C:evil.txt", "unsafe name 'C:evil.txt'"),
        ("x\x1b[2J\ny", "unsafe name 'x?[2J y'"),
    ],
)
def test_a_double_or_unsafe_name_of_a_part_is_refused(
    refused: Refused, name: str, words: str
) -> None:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w") as package:
        warnings.simplefilter("ignore", UserWarning)
        for part, data in [*BASE.items(), (name, b"")]:
            info = zipfile.ZipInfo("x")
            info.filename = part
            package.writestr(info, data)
    assert words in refused(buffer.getvalue())


def test_parts_named_with_backslashes_are_read_and_keep_their_names(
    tmp_path: Path, run: Run
) -> None:
    path = tmp_path / "base.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for part, data in BASE.items():
            info = zipfile.ZipInfo("x")
            info.filename = part.replace("/", "\\")
            package.writestr(info, data, zipfile.ZIP_DEFLATED)
    names = [one.orig_filename for one in zipfile.ZipFile(path).infolist()]
    done = run("recalc", "base.xlsx", "--today", "2026-11-21", "--verify", "--language", "en")
    assert (done.code, done.err) == (0, "")
    assert "Verified" in done.out
    assert [one.orig_filename for one in zipfile.ZipFile(path).infolist()] == names
    headings, *cells = CalamineWorkbook.from_path(path).get_sheet_by_name("Clients").to_python()
    assert [row[headings.index("Turnover")] for row in cells] == [1200.5, 300]
    assert run("new", "other.xlsx", "--clients", "base.xlsx").code == 0


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [(8, 1, "is encrypted"), (10, 99, "is packed by an unknown method (99)"), (16, 7, "CRC error")],
)
def test_a_member_that_cant_be_unpacked_is_refused(
    refused: Refused, place: int, value: int, words: str
) -> None:
    content = bytearray(zipped(BASE))
    content[content.find(b"PK\1\2") + place] = value
    assert words in refused(bytes(content))


def test_a_directory_record_that_is_longer_than_the_file_is_refused(refused: Refused) -> None:
    content = bytearray(zipped(BASE))
    last = content.rfind(b"PK\1\2")
    content[last + 28 : last + 30] = b"\xff\xff"  # the length of the part's name
    content[last + 42 : last + 46] = b"\xff\xff\xff\xff"  # its place stands behind the name
    assert "its list of parts is cut off" in refused(bytes(content))


# XML ----------------------------------------------------------------------------------------

LAUGHS = (
    "<!DOCTYPE x [<!ENTITY a 'ha'>"
    + "".join(
        f"<!ENTITY {one} '{f'&{before};' * 10}'>"
        for before, one in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "]>"
)
OUTSIDE = (
    '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY j SYSTEM "file:///etc/hostname">]>'
)
WITH_TABLE = base(
    rows(handmade.CLIENT_ROWS),
    table_xml=made.table("A1:B3", ["ID", "Name"]),
    after='<tableParts count="1"><tablePart r:id="rId1"/></tableParts>',
)
READ = [TYPES, "_rels/.rels", MAIN, RELS, CLIENTS, PURCHASES, SHEET_RELS, TABLE, STYLES]


def with_dtd(data: bytes, dtd: str) -> bytes:
    """A part with a document type declaration, whose entity stands in an attribute and a text."""
    root = re.match(rb"<[^>]+?(?=/?>)", data)
    assert root
    return dtd.encode() + root[0] + b' x="&j;"' + data[root.end() :]


@pytest.mark.parametrize("dtd", [LAUGHS, OUTSIDE], ids=["laughs", "outside"])
@pytest.mark.parametrize("part", READ)
def test_entities_in_a_part_that_is_read_or_written_are_refused(
    refused: Refused, part: str, dtd: str
) -> None:
    said = refused({**WITH_TABLE, part: with_dtd(WITH_TABLE[part], dtd)})
    assert part in said
    assert "document type declaration (DTD)" in said or "a tag is broken" in said


def test_entities_in_the_shared_texts_are_refused(refused: Refused) -> None:
    using = changed(BASE, CLIENTS, "<v>2</v>", "<v>2</v>").copy()
    using[CLIENTS] = using[CLIENTS].replace(
        b't="inlineStr"><is><t>Olga</t></is>', b't="s"><v>0</v>'
    )
    said = refused({**using, TEXTS: with_dtd(BASE[TEXTS], LAUGHS)})
    assert "document type declaration (DTD)" in said


@pytest.mark.parametrize("dtd", [LAUGHS, OUTSIDE], ids=["laughs", "outside"])
def test_entities_in_a_part_that_is_not_read_stay_as_they_are(tmp_path: Path, dtd: str) -> None:
    """They are nobody's harm here, and hers to keep: nothing expands or fetches them."""
    filled(tmp_path, {**BASE, UNREAD: dtd.encode() + b"<x>&j;</x>"})


HIDDEN = {
    "utf-16": LAUGHS.encode("utf-16"),
    "utf-7": b'<?xml version="1.0" encoding="UTF-7"?>+ADw-' + LAUGHS[1:].encode(),
    "utf-7 behind many blanks": b'<?xml version="1.0" ' + b" " * 500 + b'encoding="UTF-7"?>' + LAUGHS.encode("utf-7"),
    "ebcdic": ("<?xml version='1.0' encoding='cp037'?>" + LAUGHS + "<x/>").encode("cp037"),
}  # fmt: skip


@pytest.mark.parametrize("encoding", HIDDEN)
def test_entities_cant_hide_in_another_encoding(refused: Refused, encoding: str) -> None:
    assert "another encoding than UTF-8" in refused({**BASE, MAIN: HIDDEN[encoding]})


@pytest.mark.parametrize("part", [TYPES, "_rels/.rels", MAIN, RELS, STYLES, CLIENTS, PURCHASES])
def test_a_part_that_is_no_xml_is_refused(refused: Refused, part: str) -> None:
    cut = BASE[part][: len(BASE[part]) * 2 // 3]
    assert part in refused({**BASE, part: cut})


def test_a_broken_cell_that_isnt_read_is_found_before_anything_is_written(refused: Refused) -> None:
    spoilt = changed(BASE, CLIENTS, '<row r="3">', '<row r="3" x="&y;">')
    assert "it is no well-formed XML (Entity 'y' not defined" in refused(spoilt)


@pytest.mark.parametrize("part", [MAIN, TYPES, RELS])
def test_deep_nesting_is_refused(refused: Refused, part: str) -> None:
    deep = b"<a xmlns='x'>" * 100_000 + b"</a>" * 100_000
    at = BASE[part].rfind(b"</")
    said = refused({**BASE, part: BASE[part][:at] + deep + BASE[part][at:]})
    assert "it is no well-formed XML (Excessive depth in document" in said


def test_a_sheet_without_cells_but_megabytes_of_other_things_is_refused(refused: Refused) -> None:
    other = b"<x/>" * (9 << 20)
    data = BASE[CLIENTS].replace(b"</worksheet>", other + b"</worksheet>")
    said = refused({**BASE, CLIENTS: data}, rules="limits: {ratio: 5000}")
    assert f"the part '{CLIENTS}' without cells is 37, at most 32 is read" in said


def test_a_row_without_end_is_refused_in_bounded_memory(refused: Refused) -> None:
    data = BASE[PURCHASES].replace(b"</row>", b"<c/>" * (17 << 20) + b"</row>", 1)
    content = zipped({**BASE, PURCHASES: data})
    del data
    tracemalloc.start()
    said = refused(content, rules="limits: {ratio: 5000}")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "a row of more than 64 MB" in said
    assert peak < 400 << 20


# Sheets, cells, tables ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Clients", "CLIENTS", "Other"])
def test_two_sheets_of_one_name_are_refused(refused: Refused, name: str) -> None:
    doubled = changed(BASE, MAIN, 'name="Purchases"', f'name="{name}"')
    doubled = (
        changed(doubled, MAIN, 'name="Clients"', 'name="Other"') if name == "Other" else doubled
    )
    assert f"has two sheets of the name '{name}'" in refused(doubled)


def test_two_sheets_in_one_part_are_refused(refused: Refused) -> None:
    said = refused(changed(BASE, RELS, f"/{PURCHASES}", f"/{CLIENTS}"))
    assert f"is damaged in its part '{MAIN}': two of its sheets are one and the same" in said


def test_sheets_that_differ_by_a_blank_are_two(tmp_path: Path) -> None:
    parts = handmade.with_sheets(
        made.parts(made.sheet(rows(handmade.CLIENT_ROWS))),
        {"Clients ": [], "Purchases": handmade.PURCHASE_ROWS},
    )
    path, _ = filled(tmp_path, parts)
    assert column(path, "Turnover") == [1200.5, 300]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('<row r="3">', '<row r="1048577">', "it has a row 1048577, beyond Excel's last"),
        ('<row r="3">', '<row r="99999999999">', "its rows don't follow one another in order"),
        ('<row r="3">', '<row r="0">', "its rows don't follow one another in order"),
        ('<row r="3">', '<row r="2">', "its rows don't follow one another in order"),
        ('<row r="3">', '<row r="1">', "its rows don't follow one another in order"),
        ('<row r="3">', '<row r="x">', "its rows don't follow one another in order"),
        ('<c r="B3"', '<c r="XFE3"', "a cell beyond Excel's last column"),
        ('<c r="B3"', '<c r="ZZZZ3"', "a cell beyond Excel's last column"),
        ('<c r="B3"', '<c r="A3"', "the cells of a row don't follow one another in order"),
        ('<c r="A3"', '<c r="C3"', "the cells of a row don't follow one another in order"),
        ('<c r="B3"', '<c r="B0"', "'B0' is not a cell address"),
        ('<c r="B3"', '<c r="B"', "'B' is not a cell address"),
        ('<c r="B3"', '<c r="3"', "'3' is not a cell address"),
        ('<c r="B3"', '<c r="B1048577"', "'B1048577' is not a cell address"),
        ('<c r="B3"', '<c r="B2"', "the cell B2 stands in row 3"),
        ('<row r="3">', '</row><c r="A9"/><row r="3">', "its rows and cells are nested wrongly"),
        ('<c r="B3"', '<c r="A3"><c r="B3"', "a cell isn't closed"),
        ('<row r="3">', '<sheetData/><row r="3">', "it holds its cells twice"),
        ('<c r="B3" t="inlineStr">', '<c r="B3"><v>1</v><v>2</v></c><c r="C3" t="inlineStr">', "a cell holds two values"),
        ('<c r="B3" t="inlineStr">', '<c r="B3"><v>NaN</v></c><c r="C3" t="inlineStr">', "a cell's number can't be read (NaN)"),
        ('<c r="B3" t="inlineStr">', '<c r="B3"><v>1e999</v></c><c r="C3" t="inlineStr">', "a cell's number can't be read (1e999)"),
        ('<c r="B3" t="inlineStr">', '<c r="B3"><v>1,5</v></c><c r="C3" t="inlineStr">', "a cell's number can't be read (1,5)"),
        ('<c r="B3" t="inlineStr">', '<!-- x --><c r="B3" t="inlineStr">', "holds comments or CDATA between cells"),
    ],
)  # fmt: skip
def test_rows_and_cells_where_none_can_be_are_refused(
    refused: Refused, old: str, new: str, words: str
) -> None:
    spoilt = base(
        rows(handmade.CLIENT_ROWS[:2]) + '<row r="3">' + rows(handmade.CLIENT_ROWS[2:], 3)[11:]
    )
    assert words in refused(changed(spoilt, CLIENTS, old, new))


@pytest.mark.parametrize("index", ["1", "-1", "x", "1.5", "1e+20"])
def test_a_shared_text_that_doesnt_exist_is_refused(refused: Refused, index: str) -> None:
    name = '<c r="B3" t="inlineStr"><is><t>Olga</t></is></c>'
    spoilt = changed(BASE, CLIENTS, name, f'<c r="B3" t="s"><v>{index}</v></c>')
    assert f"refers to the shared text {index}, which doesn't exist" in refused(spoilt)


def test_a_wrong_shared_text_in_a_cell_of_hers_that_isnt_read_stays(tmp_path: Path) -> None:
    hers = '<row r="25"><c r="X25" t="s"><v>77</v></c></row>'
    path, _ = filled(
        tmp_path, {**BASE, PURCHASES: made.sheet(rows(handmade.PURCHASE_ROWS[:2]) + hers).encode()}
    )
    with zipfile.ZipFile(path) as package:
        assert hers in package.read(PURCHASES).decode()


@pytest.mark.parametrize("serial", [-1, -46000, 0, 60, 2958466, 1e300, -1e300])
def test_a_date_that_excel_cant_show_is_a_problem_of_its_row(tmp_path: Path, serial: float) -> None:
    purchases = [*handmade.PURCHASE_ROWS, [serial, "2", 50]]
    path, outcome = filled(tmp_path, base(purchases=purchases))
    (problem,) = outcome.problems
    assert (problem.sheet, problem.cell) == ("Purchases", "A4")
    assert "can't be read as a date" in problem.advice
    assert column(path, "Turnover") == [1200.5, 300]


def shown_as_date(parts: dict[str, bytes], cell: str) -> dict[str, bytes]:
    return changed(parts, PURCHASES, f'<c r="{cell}"><v>', f'<c r="{cell}" s="1"><v>')


@pytest.mark.parametrize(
    ("serial", "day"),
    [(1, "1900-01-01"), (1.99, "1900-01-01"), (59, "1900-02-28"), (61, "1900-03-01")],
)
def test_dates_around_the_day_that_never_was_are_those_of_excel(
    tmp_path: Path, serial: float, day: str
) -> None:
    purchases = [*handmade.PURCHASE_ROWS[:2], [serial, "2", 50]]
    path, _ = filled(tmp_path, shown_as_date(base(purchases=purchases), "A3"))
    assert f'<c r="I3" s="1"><v>{int(serial)}</v></c>' in clients_of(path)
    assert column(path, "Last purchase")[1] == dt.datetime.fromisoformat(day)


def test_the_1904_date_system_is_read_and_written(tmp_path: Path) -> None:
    purchases = [handmade.PURCHASE_ROWS[0], [46000 - 1462, "001", 9], [1, "2", 8]]
    parts = shown_as_date(base(purchases=purchases, date1904=True), "A3")
    path, outcome = filled(tmp_path, parts)
    assert outcome.problems == ()
    assert column(path, "Last purchase") == [dt.datetime(2025, 12, 9), dt.datetime(1904, 1, 2)]  # noqa: DTZ001


def test_the_first_day_of_1904_is_a_day(tmp_path: Path) -> None:
    """Other readers take the serial 0 for a time of day."""
    purchases = [*handmade.PURCHASE_ROWS[:2], [0, "2", 8]]
    parts = shown_as_date(base(purchases=purchases, date1904=True), "A3")
    path, outcome = filled(tmp_path, parts)
    assert outcome.problems == ()
    assert '<c r="I3" s="1"><v>0</v></c>' in clients_of(path)


def test_a_text_as_a_date_in_the_iso_form_of_strict_files_is_read(tmp_path: Path) -> None:
    parts = changed(
        BASE, PURCHASES, '<c r="A2"><v>46000</v>', '<c r="A2" t="d"><v>2026-03-04T05:06:07Z</v>'
    )
    path, _ = filled(tmp_path, parts)
    assert column(path, "Last purchase")[0] == dt.datetime(2026, 3, 4)  # noqa: DTZ001


def test_merged_cells_over_the_table_are_reported_and_stay(tmp_path: Path) -> None:
    clients = rows([["ID", "Name", "Group"], ["001", "Anna"], [2, "Olga"], [3, "Rita"]])
    merged = '<mergeCells count="1"><mergeCell ref="C2:C3"/></mergeCells>'
    path, outcome = filled(tmp_path, base(clients, after=merged))
    assert [(one.cell, one.found) for one in outcome.problems] == [
        ("C3", "the cell is part of merged cells; unmerge them in Excel")
    ]
    assert merged in clients_of(path)
    assert column(path, "Group")[1] is None
    assert column(path, "Group")[2] is not None


def test_filtered_and_hidden_rows_are_filled_and_stay_hidden(tmp_path: Path) -> None:
    clients = rows(handmade.CLIENT_ROWS).replace('<row r="2">', '<row r="2" hidden="1">')
    after = '<autoFilter ref="A1:B3"><filterColumn colId="1"><filters><filter val="Olga"/></filters></filterColumn></autoFilter>'
    path, _ = filled(tmp_path, base(clients, after=after))
    assert column(path, "Turnover") == [1200.5, 300]
    assert '<row r="2" hidden="1">' in clients_of(path)
    assert after in clients_of(path)


TOTALS = '<row r="4"><c r="A4" t="inlineStr"><is><t>Total</t></is></c><c r="B4"><f>SUBTOTAL(103,T[Name])</f><v>2</v></c></row>'


def test_a_totals_row_is_no_client_and_stays_as_it_is(tmp_path: Path) -> None:
    table = made.table("A1:B4", ["ID", "Name"], extra='totalsRowCount="1"')
    table = table.replace('<autoFilter ref="A1:B4"/>', '<autoFilter ref="A1:B3"/>')
    after = '<tableParts count="1"><tablePart r:id="rId1"/></tableParts>'
    parts = base(rows(handmade.CLIENT_ROWS) + TOTALS, table_xml=table, after=after)
    path, outcome = filled(tmp_path, parts)
    assert outcome.problems == ()
    assert len(outcome.result.known.clients.usable) == 2
    assert column(path, "Turnover") == [1200.5, 300, None]
    assert TOTALS in clients_of(path)
    with zipfile.ZipFile(path) as package:
        written = package.read(TABLE).decode()
    assert 'ref="A1:P4" totalsRowCount="1"' in written
    assert '<autoFilter ref="A1:P3"/>' in written


@pytest.mark.parametrize(
    ("ref", "found"),
    [
        ("somewhere", "'somewhere' is not a cell address"),
        ("", "'' is not a cell address"),
        ("A1:XFD3", "its filter (A1:XFD3) reaches out of the table (A1:B3)"),
        ("D7:E9", "its filter (D7:E9) reaches out of the table (A1:B3)"),
    ],
)
def test_a_bad_filter_of_a_table_that_must_grow_is_told_by_the_tables_own_part(
    refused: Refused, ref: str, found: str
) -> None:
    table = made.table("A1:B3", ["ID", "Name"])
    table = table.replace('<autoFilter ref="A1:B3"/>', f'<autoFilter ref="{ref}"/>')
    after = '<tableParts count="1"><tablePart r:id="rId1"/></tableParts>'
    said = refused(base(rows(handmade.CLIENT_ROWS), table_xml=table, after=after))
    assert f"is damaged in its part '{TABLE}': {found}" in said


PROTECTED = '<sheetProtection password="CC1A" sheet="1" objects="1" scenarios="1"/>'
STRUCTURE = '<workbookProtection workbookPassword="CC1A" lockStructure="1"/>'


def test_protected_sheets_and_workbooks_are_filled_and_stay_protected(tmp_path: Path) -> None:
    parts = base(rows(handmade.CLIENT_ROWS), after=PROTECTED)
    parts = changed(parts, MAIN, "<sheets>", STRUCTURE + "<sheets>")
    path, _ = filled(tmp_path, parts)
    assert column(path, "Turnover") == [1200.5, 300]
    assert PROTECTED in clients_of(path)


@pytest.mark.parametrize("sheet", ["Clients", "Purchases"])
@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_are_read_filled_and_stay_hidden(
    tmp_path: Path, sheet: str, state: str
) -> None:
    parts = changed(BASE, MAIN, f'name="{sheet}"', f'name="{sheet}" state="{state}"')
    path, _ = filled(tmp_path, parts)
    assert column(path, "Turnover") == [1200.5, 300]


def strict(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """The base as Excel saves a 'Strict Open XML Spreadsheet'."""
    purl = b"http://purl.oclc.org/ooxml/"
    known = b"http://schemas.openxmlformats.org/"
    return {
        name: data.replace(known + b"spreadsheetml/2006/main", purl + b"spreadsheetml/main")
        .replace(known + b"officeDocument/2006/", purl + b"officeDocument/")
        .replace(b"<workbook ", b'<workbook conformance="strict" ')
        for name, data in parts.items()
    }


def test_a_strict_workbook_is_filled_and_stays_strict(tmp_path: Path) -> None:
    path, outcome = filled(tmp_path, strict(BASE))
    assert {change.heading: change.new for change in outcome.changes if change.row == 2}[
        "Turnover"
    ] == 1200.5
    assert "schemas.openxmlformats.org" not in clients_of(path)


def test_a_character_that_is_none_is_refused(refused: Refused) -> None:
    for code in ("&#55296;", "&#xD800;", "&#0;", "&#1;", "&#x110000;"):
        spoilt = changed(BASE, PURCHASES, "<t>001</t>", f"<t>{code}</t>")
        assert f"it uses the impossible character {code}" in refused(spoilt)


def test_half_a_character_in_excels_own_code_is_a_client_like_any_other(tmp_path: Path) -> None:
    parts = changed(BASE, PURCHASES, "<t>001</t>", "<t>_xD83D_</t>")
    _, outcome = filled(tmp_path, parts)
    (problem,) = outcome.problems
    assert "No client '\ufffd' on the sheet Clients" in problem.advice


def test_formats_without_any_format_get_the_first_ones(tmp_path: Path) -> None:
    none = re.sub(rb"<cellXfs.*</cellXfs>", b'<cellXfs count="0"/>', BASE[STYLES])
    path, _ = filled(tmp_path, {**BASE, STYLES: none})
    days = [str(one) for one in column(path, "Last purchase")]
    assert days == ["2025-12-09 00:00:00", "2026-03-19 00:00:00"]


def test_a_number_format_that_is_all_brackets_is_survived(tmp_path: Path) -> None:
    code = "[" * 1_000_000
    filled(
        tmp_path, {**BASE, STYLES: BASE[STYLES].replace(b"[$-419]d\\ mmm\\ yyyy;@", code.encode())}
    )


HERS = '<c r="G3"><f>CLIENT_GROUP(A3)</f><v>x</v></c>'


@pytest.mark.parametrize(
    "spoilt",
    [
        HERS.replace("G3", "G4"),
        HERS.replace("<f>", "<f>1</f><f>"),
        "</row><f>CLIENT_GROUP(A3)</f><row>",
    ],
    ids=["in another row", "two in one cell", "in no cell"],
)
def test_a_function_in_a_broken_cell_is_left_alone(tmp_path: Path, spoilt: str) -> None:
    sheet = rows([["Group of"], [None], [None]])
    for cell, left in ((HERS, 0), (spoilt, 1)):
        written = sheet.replace('<row r="3">', '<row r="3">' + cell)
        parts = handmade.with_sheets(
            made.parts(made.sheet(rows(handmade.CLIENT_ROWS))),
            {"Purchases": handmade.PURCHASE_ROWS, "Hers": []},
        )
        parts[handmade.CONTACTS] = made.sheet(written).encode()
        path, outcome = filled(tmp_path, parts)
        assert any("that only Excel can calculate" in one for one in outcome.notices) == left
        with zipfile.ZipFile(path) as package:
            assert (spoilt in package.read(handmade.CONTACTS).decode()) == left


def test_a_number_that_no_date_can_be_stays_in_a_cell_that_shows_dates(tmp_path: Path) -> None:
    """The reader that proves what was written gives up on such a cell."""
    hers = '<c r="B9" s="1"><v>-1e300</v></c>'
    path, _ = filled(tmp_path, base(rows(handmade.CLIENT_ROWS) + f'<row r="9">{hers}</row>'))
    assert hers in clients_of(path)


@pytest.mark.parametrize(
    ("sheet", "old", "new"),
    [
        ("sheet8", r'(<c r="H30"[^>]*><v>)[0-9]+', r"\g<1>99999999"),
        ("sheet1", r'(<c r="F6"[^>]*)/>', r'\1><f t="array" ref="A2:C3">GIFT(A2:A4)</f></c>'),
    ],
    ids=["beside a shared text that doesn't exist", "under a function that fills their cells, too"],
)
def test_the_figures_of_our_own_sheets_are_renewed(
    tmp_path: Path, sheet: str, old: str, new: str
) -> None:
    made_one = make_example(tmp_path / "example.xlsx", RULES.config, TODAY).path
    parts = dict(members_of(made_one.read_bytes()))
    name = f"xl/worksheets/{sheet}.xml"
    spoilt, count = re.subn(old, new, parts[name].decode())
    assert count == 1
    path, _ = filled(tmp_path, {**parts, name: spoilt.encode()})
    today = TODAY - dt.date(1899, 12, 30)
    book = Workbook.open(path)
    assert book.top_rows(book.sheet("Start"))[3][2] == str(today.days)


@pytest.mark.parametrize(
    "content", ["<is>" * 200_000, "<is>" + "<rPh>" * 200_000 + "</is>"], ids=["is", "rPh"]
)
def test_a_cell_of_tags_that_are_never_closed_is_refused_without_a_hang(
    refused: Refused, content: str
) -> None:
    cell = f'<row r="4"><c r="A4" t="inlineStr" x="">{content}</c></row>'
    assert "is damaged in its part" in refused(base(rows(handmade.CLIENT_ROWS) + cell))


# Other kinds of file ------------------------------------------------------------------------

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
BINARY = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
USUAL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
OTHERS: list[tuple[str, bytes, str]] = [
    ("base.xlsx", b"", "it holds nothing at all (0 bytes)"),
    ("base.xls", OLE + "Workbook".encode("utf-16-le"), "is a workbook of the old Excel 97-2003 format (.xls)"),
    ("base.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "is protected by a password for opening. Remove that password in Excel: File, Info"),
    ("base.xlsb", zipped(changed(BASE, TYPES, USUAL, BINARY)), "is a binary Excel workbook (.xlsb)"),
    ("base.ods", zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"}), "is an OpenDocument file (.ods)"),
    ("base.xlsx", zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "is an OpenDocument file (.ods)"),
    ("base.xlsx", zipped(changed(BASE, TYPES, USUAL, USUAL.replace("spreadsheetml.sheet", "wordprocessingml.document"))), "it is a Word document"),
    ("base.xlsx", zipped(changed(BASE, TYPES, USUAL, "text/plain")), "its main part is of the type 'text/plain'"),
    ("base.xlsx", zipped(changed(BASE, TYPES, USUAL, "application/vnd.ms-excel.sheet.macroEnabled.main+xml")), "Rename it to 'base.xlsm'"),
    ("base.xlsm", zipped(BASE), "Rename it to 'base.xlsx'"),
    ("base.xlsx", zipped({name: data for name, data in BASE.items() if name != TYPES}), "its part '[Content_Types].xml' is missing"),
    ("base.xlsx", zipped({name: data for name, data in BASE.items() if name != PURCHASES}), "this part is missing"),
    ("base.xlsx", zipped({"a": b""})[-22:], "its list of parts is cut off"),
    ("base.xlsx", b"PK\5\6" + bytes(18), "its part '[Content_Types].xml' is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "words"), OTHERS)
def test_another_kind_of_file_is_refused_and_says_what_it_is(
    refused: Refused, name: str, content: bytes, words: str
) -> None:
    assert words in refused(content, name)


def test_a_folder_is_refused(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "base.xlsx").mkdir()
    assert "no client base in the folder" in refused(None)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this computer has no pipes with a name")
def test_a_pipe_is_refused_without_waiting_for_it(refused: Refused, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "base.xlsx")
    assert "no ordinary file" in refused(None)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this computer has no devices as files")
def test_a_device_is_refused(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "base.xlsx").symlink_to("/dev/zero")
    assert "no ordinary file" in refused(None)


def test_a_file_that_may_not_be_read_is_in_use_and_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its owner may be another program on Windows, or the rights are missing: exit code 3."""
    path = tmp_path / "base.xlsx"
    path.write_bytes(zipped(BASE))

    def denied(_path: Path, *_args: object, **_options: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(sys, "argv", ["clientbase", "recalc", str(path)])
    monkeypatch.setattr(ours, "read", denied)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 3
    assert "another program keeps it locked, or you may not read it" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [path]


def test_the_bad_files_of_others_do_no_harm(
    shared: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """None of them is a client base, so each is refused, for whatever reason comes first."""
    for bad in sorted((shared / "bad").glob("*.xls?")):
        path = tmp_path / bad.name
        shutil.copyfile(bad, path)
        monkeypatch.setattr(sys, "argv", ["clientbase", "recalc", str(path)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        assert (ended.value.code, printed.out, printed.err.count("\n")) == (2, "", 1)
        assert bad.name in printed.err
        assert path.read_bytes() == bad.read_bytes()
        assert list(tmp_path.iterdir()) == [path]
        path.unlink()


def test_a_formula_within_a_cells_text_is_none_of_ours(tmp_path: Path) -> None:
    path = write(tmp_path / "base.xlsx")
    name = "xl/worksheets/sheet2.xml"
    parts = dict(members_of(path.read_bytes()))
    text = b'<c r="C1" t="inlineStr"><is><f>CLIENT_GROUP()</f><t>Amount</t></is></c>'
    parts[name] = re.sub(rb'<c r="C1".*?</c>', text, parts[name])
    assert text in parts[name]
    path.write_bytes(zipped(parts))
    assert recalculate_file(path, Rules(config(), Path("config.yaml")), TODAY, verify=True).written
    assert dict(members_of(path.read_bytes()))[name] == parts[name]


def test_a_cell_far_from_all_others_costs_no_memory(tmp_path: Path) -> None:
    path = write(tmp_path / "base.xlsx")
    book = openpyxl.load_workbook(path)
    book["Clients"]["XFD1048576"] = "x"
    book.save(path)
    tracemalloc.start()
    assert recalculate_file(path, Rules(config(), Path("config.yaml")), TODAY).written
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000_000
    assert openpyxl.load_workbook(path)["Clients"]["XFD1048576"].value == "x"


def test_a_list_with_cells_far_apart_is_read_and_its_odd_column_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet["A1"], sheet["XFD1048576"] = "ID", "x"
    book.save(tmp_path / "list.xlsx")
    made = make_base(tmp_path / "base.xlsx", config(), {"clients": tmp_path / "list.xlsx"}, [])
    assert made.clients == 1
    assert any("XFD" in sentence for sentence in made.told)
