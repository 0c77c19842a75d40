"""A workbook without cell formats, as some exporters write it, gets those that dates need."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from openxml_audit import FileFormat, OpenXmlValidator, ValidationSeverity
from python_calamine import CalamineWorkbook

from batch.configuration import Rules
from batch.errors import NotVerified, StrangeXml
from batch.history.undo import undo
from batch.recalculation.file import Outcome, recalculate_file
from batch.saving.proof import prove
from tests.bases import config
from tests.batch.handmade import CLIENTS, STYLES, TYPES, base, changed
from tests.batch.simple_workbook import TODAY
from tests.batch.test_hostile import strict
from tests.batch.xlsx import parts as made
from tests.batch.xlsx.parts import zipped
from tests.batch.xlsx.test_package import KINDS as ZIPS

RULES = Rules(config(), Path("config.yaml"))
RELS = "xl/_rels/workbook.xml.rels"
LISTS = ["fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles"]
Parts = Mapping[str, bytes]


def without_styles(parts: Parts) -> dict[str, bytes]:
    """The workbook as an exporter writes it that doesn't know of cell formats."""
    others = {name: data for name, data in parts.items() if name != STYLES}
    for name, pattern in (
        (TYPES, rb'<Override PartName="/xl/styles.xml"[^>]*/>'),
        (RELS, rb'<Relationship Id="rId2" [^>]*/>'),
    ):
        others[name], count = re.subn(pattern, b"", others[name])
        assert count == 1
    return others


def with_styles(styles: str) -> dict[str, bytes]:
    """A workbook whose part with cell formats holds none."""
    return {**base(), STYLES: styles.encode()}


NONE = without_styles(base())
"""No part at all."""
EMPTY = f'<styleSheet xmlns="{made.MAIN}"></styleSheet>'
FEW = f'<x:styleSheet xmlns:x="{made.MAIN}"><x:fonts count="1"><x:font><x:b/></x:font></x:fonts>{{}}<x:dxfs count="0"/></x:styleSheet>'
KINDS: dict[str, Parts] = {
    "no part": NONE,
    "no part, strict": strict(NONE),
    "a part that is empty": with_styles(EMPTY),
    "a part of one tag": with_styles(f'<?xml version="1.0"?><styleSheet xmlns="{made.MAIN}" />\n'),
    "a part with some lists": with_styles(FEW.format("")),
    "a part with empty lists": with_styles(
        FEW.format('<x:borders/><x:cellXfs count="0"></x:cellXfs>')
    ),
}


def filled(folder: Path, parts: Parts, today: dt.date = TODAY) -> tuple[Path, Outcome]:
    path = folder / "base.xlsx"
    if not path.exists():
        path.write_bytes(zipped(parts))
    return path, recalculate_file(path, RULES, today, verify=True)


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def shown(path: Path, heading: str) -> list[object]:
    """The cells of a column, as an independent reader shows them."""
    with CalamineWorkbook.from_path(str(path)) as book:
        first, *others = book.get_sheet_by_name("Clients").to_python()
    return [row[first.index(heading)] for row in others]


@pytest.mark.parametrize("kind", KINDS)
def test_dates_are_shown_as_dates_and_the_run_is_proved(kind: str, tmp_path: Path) -> None:
    path, outcome = filled(tmp_path, KINDS[kind])
    assert outcome.proof is not None
    assert outcome.proof.formats == (0 if kind.startswith("no part") else 2)
    assert shown(path, "Last purchase") == [dt.date(2025, 12, 9), dt.date(2026, 3, 19)]
    assert shown(path, "Turnover") == [1200.5, 300]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_else_changes_in_the_file(kind: str, tmp_path: Path) -> None:
    path, _ = filled(tmp_path, KINDS[kind])
    before, after = KINDS[kind], members(path.read_bytes())
    new = [name for name in after if name not in before]
    assert list(after) == [*before, *new]
    if kind.startswith("no part"):
        assert new == [STYLES]
        for name, added in ((TYPES, rb"<Override [^<>]*/>"), (RELS, rb"<Relationship [^<>]*/>")):
            *_, last = re.findall(added, after[name])
            assert after[name].replace(last, b"") == before[name]
            assert b"styles.xml" in last
    else:
        assert new == []
        assert after[STYLES] != before[STYLES]
    changed_too = {CLIENTS, STYLES, TYPES, RELS} if new else {CLIENTS, STYLES}
    for name, data in before.items():
        assert after[name] == data or name in changed_too


@pytest.mark.parametrize("kind", KINDS)
def test_the_validator_finds_nothing_new(kind: str, tmp_path: Path) -> None:
    def mistakes(path: Path) -> set[str]:
        validator = OpenXmlValidator(FileFormat.MICROSOFT_365)
        found = validator.validate(str(path)).errors
        return {
            f"{one.part_uri} {one.description}"
            for one in found
            if one.severity is ValidationSeverity.ERROR
        }

    before = tmp_path / "before.xlsx"
    before.write_bytes(zipped(KINDS[kind]))
    path, _ = filled(tmp_path, KINDS[kind])
    assert mistakes(path) <= mistakes(before)


@pytest.mark.parametrize("kind", KINDS)
def test_lists_stand_in_their_order_and_what_was_there_stays(kind: str, tmp_path: Path) -> None:
    path, _ = filled(tmp_path, KINDS[kind])
    after = members(path.read_bytes())[STYLES]
    found = re.findall(r"<(?:x:)?(\w+) count=", after.decode())
    assert [name for name in found if name != "dxfs"] == LISTS
    assert (b"<x:b/>" in after) == (b"<x:b/>" in KINDS[kind].get(STYLES, b""))


def test_a_second_run_and_the_next_day_leave_the_formats_alone(tmp_path: Path) -> None:
    path, _ = filled(tmp_path, NONE)
    first = members(path.read_bytes())
    _, again = filled(tmp_path, NONE)
    assert not again.written
    _, later = filled(tmp_path, NONE, TODAY + dt.timedelta(days=60))
    assert later.written
    after = members(path.read_bytes())
    assert all(after[name] == data for name, data in first.items() if name != CLIENTS)


@pytest.mark.parametrize("kind", KINDS)
def test_undo_brings_the_file_back_to_the_byte(kind: str, tmp_path: Path) -> None:
    path, _ = filled(tmp_path, KINDS[kind])
    assert undo(path, RULES).is_whole
    assert path.read_bytes() == zipped(KINDS[kind])


def test_cells_of_formats_that_are_nowhere_are_refused(tmp_path: Path) -> None:
    for written in ('<c s="1" r="A1"', "<c r='A1' s='12'"):
        parts = changed(NONE, CLIENTS, '<c r="A1"', written)
        path = tmp_path / "base.xlsx"
        path.write_bytes(zipped(parts))
        with pytest.raises(StrangeXml, match="formats that the workbook doesn't have in its part"):
            recalculate_file(path, RULES, TODAY)
        assert path.read_bytes() == zipped(parts)


@pytest.mark.parametrize(
    "parts",
    [
        {name: data for name, data in base().items() if name != STYLES},
        {**NONE, STYLES: base()[STYLES]},
        {**NONE, TYPES: base()[TYPES]},
    ],
)
def test_a_part_of_which_only_half_is_there_is_refused(parts: Parts, tmp_path: Path) -> None:
    path = tmp_path / "base.xlsx"
    path.write_bytes(zipped(parts))
    with pytest.raises(StrangeXml, match="no cell formats for dates"):
        recalculate_file(path, RULES, TODAY)
    assert path.read_bytes() == zipped(parts)


@pytest.mark.parametrize("build", ZIPS)
def test_whatever_zip_file_it_is_the_new_part_is_proved(
    build: Callable[[dict[str, bytes]], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "base.xlsx"
    path.write_bytes(build(NONE))
    outcome = recalculate_file(path, RULES, TODAY, verify=True)
    assert outcome.proof is not None
    assert list(members(path.read_bytes()))[-1] == STYLES
    assert shown(path, "Last purchase") == [dt.date(2025, 12, 9), dt.date(2026, 3, 19)]


# The proof ----------------------------------------------------------------------------------

HARMS: dict[str, tuple[str, str, str, str]] = {
    "another format": ("no part", STYLES, 'numFmtId="14"', 'numFmtId="15"'),
    "one more format": ("no part", STYLES, '<cellXfs count="2">', '<cellXfs count="2"><xf/>'),
    "something behind": ("no part", STYLES, "</styleSheet>", "</styleSheet><!-- -->"),
    "another namespace": ("no part", STYLES, "2006/main", "2006/mail"),
    "another type": ("no part", TYPES, "styles+xml", "theme+xml"),
    "another part's type": ("no part", TYPES, "/xl/styles.xml", "/xl/theme.xml"),
    "a changed type": ("no part", TYPES, "application/xml", "application/xmi"),
    "another pointer": ("no part", RELS, "relationships/styles", "relationships/styled"),
    "a pointer elsewhere": ("no part", RELS, 'Target="styles.xml"', 'Target="theme.xml"'),
    "a pointer of a known name": ("no part", RELS, 'Id="rId2"', 'Id="rId3"'),
    "a changed pointer": ("no part", RELS, 'Target="sharedStrings.xml"', 'Target="texts.xml"'),
    "a bold font": ("a part that is empty", STYLES, "<font>", "<font><b/>"),
    "a changed font": ("a part with some lists", STYLES, "<x:b/>", "<x:i/>"),
    "another order": (
        "a part that is empty",
        STYLES,
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
        "",
    ),
}


@pytest.mark.parametrize("what", HARMS)
def test_the_proof_finds_anything_else(what: str, tmp_path: Path) -> None:
    kind, part, old, new = HARMS[what]
    path, _ = filled(tmp_path, KINDS[kind])
    before, after = zipped(KINDS[kind]), members(path.read_bytes())
    cells = {"Clients": [(row, column) for row in (1, 2, 3) for column in range(3, 30)]}
    assert prove(path, before, zipped(after), cells).cells
    assert after[part].count(old.encode()) == 1
    spoilt = {**after, part: after[part].replace(old.encode(), new.encode())}
    with pytest.raises(NotVerified):
        prove(path, before, zipped(spoilt), cells)


def test_the_proof_allows_a_new_part_for_nothing_but_the_first_formats(tmp_path: Path) -> None:
    cells: dict[str, list[tuple[int, int]]] = {"Clients": []}
    path, _ = filled(tmp_path, NONE)
    after = members(path.read_bytes())
    for before, then in (
        (base(), {**base(), "xl/styles1.xml": after[STYLES]}),
        (NONE, {**NONE, "xl/other.xml": after[STYLES]}),
        (NONE, {**after, "xl/other.xml": b"<a/>"}),
        (NONE, {STYLES: after[STYLES], **after}),
    ):
        with pytest.raises(NotVerified, match=r"wasn't there before|another order"):
            prove(path, zipped(before), zipped(then), cells)
