"""What Excel refuses, though others forgive it: held in the macro workbook that we make."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import cast

import pytest
from lxml import etree

from batch.cells import parse_address
from batch.configuration import read, shipped_path
from batch.making.example import make_example
from batch.recalculation.file import recalculate_file

TODAY = dt.date(2026, 11, 21)
ORDER = [
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetProtection",
    "autoFilter", "mergeCells", "conditionalFormatting", "dataValidations", "hyperlinks",
    "printOptions", "pageMargins", "pageSetup", "headerFooter", "ignoredErrors", "drawing",
    "legacyDrawing", "AlternateContent", "tableParts", "extLst",
]  # fmt: skip
IGNORABLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Ignorable"
TYPES = "[Content_Types].xml"


@pytest.fixture(scope="module", params=["en", "ru"])
def package(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example base with macros, filled by a run."""
    rules = read(shipped_path(request.param))
    path = tmp_path_factory.mktemp("strict") / "base.xlsm"
    make_example(path, rules.config, TODAY)
    recalculate_file(path, rules, TODAY)
    return path


def trees(path: Path) -> dict[str, etree._Element]:
    with zipfile.ZipFile(path) as zipped:
        return {
            name: etree.fromstring(zipped.read(name))
            for name in zipped.namelist()
            if not name.endswith(".bin")
        }


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


def below(tree: etree._Element, name: str) -> list[etree._Element]:
    """The elements *name* of the tree's own namespace."""
    return list(tree.iter(f"{{{etree.QName(tree).namespace}}}{name}"))


def sheets(path: Path) -> Iterator[tuple[str, etree._Element]]:
    for name, tree in trees(path).items():
        if name.startswith("xl/worksheets/sheet"):
            yield name, tree


def test_the_elements_of_a_sheet_stand_in_their_order(package: Path) -> None:
    for name, tree in sheets(package):
        places = [ORDER.index(local(child)) for child in tree]
        assert places == sorted(places), name
        assert len(set(places)) == len(places) or "conditionalFormatting" in map(local, tree), name


def test_rows_and_cells_ascend(package: Path) -> None:
    for name, tree in sheets(package):
        rows = [int(str(row.get("r"))) for row in below(tree, "row")]
        assert rows == sorted(set(rows)), name
        for row in below(tree, "row"):
            at = [parse_address(str(cell.get("r"))) for cell in below(row, "c")]
            assert at == sorted(set(at)), name


def test_styles_colours_and_texts_exist(package: Path) -> None:
    all_trees = trees(package)
    styles = all_trees["xl/styles.xml"]
    formats = len(below(below(styles, "cellXfs")[0], "xf"))
    colours = len(below(below(styles, "dxfs")[0], "dxf"))
    texts = len(below(all_trees["xl/sharedStrings.xml"], "si"))
    used = {"style": set[int](), "colour": set[int](), "text": set[int]()}
    for _, tree in sheets(package):
        used["style"] |= {int(str(c.get("s"))) for c in below(tree, "c") if c.get("s")}
        used["style"] |= {int(str(c.get("style"))) for c in below(tree, "col") if c.get("style")}
        used["colour"] |= {
            int(str(r.get("dxfId"))) for r in below(tree, "cfRule") if r.get("dxfId")
        }
        used["text"] |= {
            int(str(below(cell, "v")[0].text)) for cell in below(tree, "c") if cell.get("t") == "s"
        }
    assert 0 < max(used["style"]) < formats
    assert 0 < max(used["colour"]) < colours
    assert 0 < max(used["text"]) < texts


def test_columns_do_not_overlap(package: Path) -> None:
    for name, tree in sheets(package):
        spans = [(int(str(c.get("min"))), int(str(c.get("max")))) for c in below(tree, "col")]
        flat = [edge for span in spans for edge in span]
        assert flat == sorted(flat), name
        assert all(one[1] < other[0] for one, other in pairwise(spans)), name


def test_prefixes_that_may_be_ignored_are_declared(package: Path) -> None:
    for name, tree in trees(package).items():
        for element in tree.iter():
            prefixes = str(element.get(IGNORABLE) or "").split()
            prefixes += str(element.get("Requires") or "").split()
            assert set(prefixes) <= set(cast("dict[str, str]", element.nsmap)), name


def test_every_part_has_a_type_and_is_reached(package: Path) -> None:
    all_trees = trees(package)
    with zipfile.ZipFile(package) as zipped:
        names = zipped.namelist()
    assert len({name.casefold() for name in names}) == len(names)
    types = all_trees[TYPES]
    by_ending = {str(kind.get("Extension")) for kind in below(types, "Default")}
    by_name = {str(kind.get("PartName")).lstrip("/") for kind in below(types, "Override")}
    assert by_name <= set(names)
    reached = set()
    for name, tree in all_trees.items():
        if name.endswith(".rels"):
            folder = posixpath.dirname(posixpath.dirname(name))
            targets = {str(link.get("Target")) for link in tree}
            reached |= {
                target.lstrip("/")
                if target.startswith("/")
                else posixpath.normpath(posixpath.join(folder, target))
                for target in targets
            }
    assert reached == {name for name in names if not name.endswith(".rels") and name != TYPES}
    assert all(name in by_name or name.rpartition(".")[2] in by_ending for name in reached)


def test_tables_agree_with_their_headings(package: Path) -> None:
    all_trees = trees(package)
    tables = [tree for name, tree in all_trees.items() if name.startswith("xl/tables/")]
    texts = [
        "".join(map(str, si.itertext())) for si in below(all_trees["xl/sharedStrings.xml"], "si")
    ]
    assert len({table.get("id") for table in tables}) == len(tables) == 3
    heads = []
    for _, tree in sheets(package):
        first = below(tree, "row")[:1]
        cells = [cell for row in first for cell in below(row, "c")]
        heads.append([texts[int(str(below(c, "v")[0].text))] for c in cells if c.get("t") == "s"])
    for table in tables:
        columns = [str(column.get("name")) for column in below(table, "tableColumn")]
        assert columns in heads
        assert len({name.casefold() for name in columns}) == len(columns)
        (filters,) = below(table, "autoFilter")
        assert filters.get("ref") == table.get("ref")


def test_a_list_given_as_text_is_short_enough(package: Path) -> None:
    formulas = [
        str(formula.text)
        for _, tree in sheets(package)
        for rule in below(tree, "dataValidation")
        for formula in below(rule, "formula1")
        if rule.get("type") == "list"
    ]
    assert len(formulas) == 8
    texts = [text for text in formulas if text.startswith('"')]
    others = [text for text in formulas if text not in texts]
    assert max(map(len, texts)) <= 255
    assert others.count("ClientNames") == 2
    others = [text for text in others if text != "ClientNames"]
    assert all(re.fullmatch(r"clientbase!\$([A-Z])\$1:\$\1\$\d+", text) for text in others)


def test_texts_in_formulas_are_short_enough(package: Path) -> None:
    formulas = [str(f.text) for _, tree in sheets(package) for f in below(tree, "f")]
    formulas += [str(f.text) for _, tree in sheets(package) for f in below(tree, "formula")]
    texts = [text for formula in formulas for text in re.findall(r'"((?:[^"]|"")*)"', formula)]
    assert max(map(len, texts)) <= 255
    assert max(map(len, formulas)) <= 8192


def test_the_members_of_the_zip_are_plain(package: Path) -> None:
    with zipfile.ZipFile(package) as zipped:
        assert zipped.testzip() is None
        for member in zipped.infolist():
            assert member.compress_type in {zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED}
            assert member.date_time[0] >= 1980
            assert "\\" not in member.filename
