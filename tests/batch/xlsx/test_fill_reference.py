"""A fill does to random small sheets what a slow fill, cell by cell over a tree, would do."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Literal, TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from batch.cells import CellRange, address, parse_address, to_serial
from batch.edits import FilledValue, Region
from batch.xlsx.package import Package
from batch.xlsx.workbook import Workbook
from tests.batch.xlsx import parts as made
from tests.batch.xlsx.filling import Filling, OneColumn, fill

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = ["zero", "VIP", "", "two words"]
Cells: TypeAlias = dict[tuple[int, int], etree._Element]  # noqa: SLF001 - lxml's own name

# Random sheets ------------------------------------------------------------------------------

CONTENTS = [
    ("", ""), ("", ""), ("", "<v></v>"), ("", "<v>1</v>"), ("", "<v>2.50</v>"), ("", "<v>-0</v>"), ("", "<v>45351</v>"),
    (' t="n"', "<v>1E3</v>"), (' t="s"', "<v>0</v>"), (' t="s"', "<v>1</v>"), (' t="s"', "<v>2</v>"),
    (' t="inlineStr"', "<is><t>VIP</t></is>"), (' t="inlineStr"', '<is><t xml:space="preserve"> a </t></is>'),
    (' t="inlineStr"', "<is><t></t></is>"), (' t="inlineStr"', "<is><r><t>V</t></r><r><t>IP</t></r></is>"),
    (' t="inlineStr"', "<is><t>&lt;_x0041_</t></is>"), (' t="str"', "<v>VIP</v>"), (' t="b"', "<v>1</v>"),
    (' t="e"', "<v>#N/A</v>"), ("", "<f>A1</f><v>1</v>"), ("", '<f t="shared" si="0"/>'), (' t="str"', "<f>A1</f><v></v>"),
    ("", '<v>1</v><extLst><ext uri="u"/></extLst>'),
]  # fmt: skip
ROW_ATTRIBUTES = [
    "",
    "",
    ' spans="1:6"',
    ' spans="3:4"',
    " spans='2:3'",
    ' s="3" customFormat="1"',
    ' s="2"',
]
COLS = ["", "", '<cols><col min="1" max="3" width="5"/><col min="5" max="6" style="2"/></cols>']
MERGED = ["", "", '<mergeCells><mergeCell ref="B2:C3"/><mergeCell ref="A5:A6"/></mergeCells>']
VALUES: dict[str, list[FilledValue]] = {
    "text": [None, "", "VIP", "VIP", "zero", " a ", "<A", "_x0041_", "1", "a\nb"],
    "number": [None, 1, 1.0, 2.5, 0.0, 1000.0, 45351.0, 0.1 + 0.2, float("inf"), float("nan")],
    "date": [None, dt.date(2024, 2, 29), dt.date(2024, 2, 29), dt.date(1899, 1, 1), dt.datetime(2024, 2, 29, 12)],  # noqa: DTZ001
}  # fmt: skip


def random_cell(rng: Random, row: int, column: int, *, follows: bool) -> str:
    """A cell; only one that follows its left neighbour may go without a reference."""
    name = address(row, column)
    usual = f' r="{name}"'
    implied = "" if follows else usual
    reference = rng.choice([usual, usual, usual, usual, f" r='{name}'", implied, implied])
    style = rng.choice(["", "", ' s="0"', ' s="1"', ' s="2"', ' s="3"', ' s="9"'])
    kind, content = rng.choice(CONTENTS)
    extra = rng.choice(["", "", ' cm="1"'])
    tag = f"<c{rng.choice([reference + style, style + reference])}{kind}{extra}"
    return f"{tag}>{content}</c>" if content or rng.random() < 0.2 else f"{tag}/>"


def random_rows(rng: Random) -> str:
    rows, number = [], 0
    for _ in range(rng.randint(0, 7)):
        step = rng.choice([1, 1, 1, 2])
        number += step
        implied = step == 1 and rng.random() < 0.2
        attributes = ("" if implied else f' r="{number}"') + rng.choice(ROW_ATTRIBUTES)
        columns = [column for column in range(1, 7) if rng.random() < 0.6]
        if not columns and rng.random() < 0.7:
            rows.append(f"<row{attributes}/>")
            continue
        cells = [
            random_cell(rng, number, column, follows=column == 1 or column - 1 in columns)
            + rng.choice(["", "", "", "\n"])
            for column in columns
        ]
        rows.append(f"<row{attributes}>{''.join(cells)}</row>")
    found = "".join(rows)
    if rng.random() < 0.2:
        found = found.replace("<f>A1</f>", '<f t="array" ref="C2:D4">x</f>', 1)
    return found


def random_sheet(rng: Random) -> str:
    sheet = made.sheet(random_rows(rng), before=rng.choice(COLS), after=rng.choice(MERGED))
    if rng.random() < 0.3:
        sheet = re.sub(r"<(/?)(?=[A-Za-z])", r"<\1x:", sheet).replace("xmlns=", "xmlns:x=")
    return sheet


def random_columns(rng: Random, count: int) -> list[OneColumn]:
    columns = []
    for number in rng.sample(range(1, 8), 3):
        kind: Literal["text", "number", "date"] = rng.choice(["text", "number", "date"])
        values = [rng.choice(VALUES[kind]) for _ in range(count)]
        columns.append(OneColumn(f"column {number}", number, kind, values))
    return columns


# The slow fill ------------------------------------------------------------------------------


def local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def inner(element: etree._Element, name: str) -> etree._Element | None:
    return next((one for one in element.iter() if local(one) == name), None)


def rows_of(root: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    number = 0
    for row in root.iter("{*}row"):
        number = int(row.get("r", number + 1))
        yield number, row


def cells_of(root: etree._Element) -> Cells:
    """The cells by row and column, which must ascend."""
    cells: Cells = {}
    for number, row in rows_of(root):
        column = 0
        for cell in row.iterchildren("{*}c"):
            reference = cell.get("r")
            place = parse_address(reference) if reference else (number, column + 1)
            assert place[0] == number
            assert place[1] > column
            column = place[1]
            cells[place] = cell
    assert list(cells) == sorted(cells)
    return cells


def held(cell: etree._Element | None) -> object:
    """A cell's value: text, float or None; another type for truth values and errors."""
    if cell is None:
        return None
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        texts = "".join(one.text or "" for one in cell.iter("{*}t"))
        return re.sub("_x([0-9A-F]{4})_", lambda code: chr(int(code[1], 16)), texts) or None
    value = inner(cell, "v")
    raw = None if value is None else value.text
    if raw is None:
        return None
    if kind == "s":
        return STRINGS[int(raw)] or None
    if kind in ("b", "e"):
        return (kind, raw)
    return raw if kind == "str" else float(raw)


NEW = 99
"""Stands for a format that the fill appends: the fourth or the fifth."""


def stored(kind: str, value: FilledValue) -> object:
    if value in (None, "") or value != value:  # noqa: PLR0124 - NaN
        return None
    if kind == "date":
        assert isinstance(value, dt.date)
        return to_serial(value, date1904=False)
    return value if kind == "text" else float(value)  # type: ignore[arg-type]


def style_of(cell: etree._Element | None) -> int | None:
    return None if cell is None or cell.get("s") is None else int(cell.get("s", ""))


def slow_fill(
    root: etree._Element, rows: list[int], columns: list[OneColumn]
) -> tuple[dict[tuple[int, int], tuple[int | None, object]], set[str]]:
    """Style and value of each cell that is written, and the addresses of those that are kept."""
    cells = cells_of(root)
    row_styles = {
        number: int(row.get("s", "0")) for number, row in rows_of(root) if row.get("customFormat")
    }
    merged = [CellRange.parse(one.get("ref", "")) for one in root.iter("{*}mergeCell")]
    arrays = [CellRange.parse(one.get("ref", "")) for one in root.iter("{*}f") if one.get("ref")]
    date_twins = {0: 1, 1: 1, 2: 2, 3: NEW, 9: 1}  # of the formats in ``parts.STYLES``
    written: dict[tuple[int, int], tuple[int | None, object]] = {}
    kept = set()
    for column in columns:
        number = column.column or 0
        for row, value in zip(rows, column.values, strict=True):
            place = (row, number)
            cell, new = cells.get(place), stored(column.kind, value)
            is_covered = any(place in one for one in arrays) or any(
                place in one and place != (one.first_row, one.first_column) for one in merged
            )
            has_formula = cell is not None and inner(cell, "f") is not None
            impossible = isinstance(new, float) and (new == float("inf") or new < 0)
            if is_covered or has_formula or impossible:
                kept.add(address(row, number))
                continue
            style = style_of(cell)
            if cell is None:
                of_column = 2 if number in (5, 6) and inner(root, "cols") is not None else None
                style = row_styles.get(row, of_column)
            old = held(cell)
            is_same = type(old) is type(new) and old == new
            if column.kind == "date" and new is not None:
                is_same = is_same and style in (1, 2)
                style = date_twins[style or 0]
            elif column.kind == "number" and new is not None and style in (1, 2):
                style = NEW
            if not is_same:
                written[place] = (style, new)
    return written, kept


def assert_filled(
    filling: Filling, old: etree._Element, new: etree._Element, rows: list[int], columns: list[OneColumn]
) -> None:  # fmt: skip
    written, kept = slow_fill(old, rows, columns)
    assert {(one.row, one.column) for one in filling.changes} == set(written)
    assert {one.cell for one in filling.kept} == kept
    before, after = cells_of(old), cells_of(new)
    for place in before.keys() | after.keys() | written.keys():
        cell = after.get(place)
        if place not in written:
            assert cell is not None
            assert etree.tostring(cell, with_tail=False) == etree.tostring(
                before[place], with_tail=False
            )
        else:
            style, value = written[place]
            assert held(cell) == value
            assert style_of(cell) in ((4, 5) if style == NEW else (style,))
            assert cell is None or cell.get("cm") is None
            assert cell is not None or written[place] == (None, None)
    for number, row in rows_of(new):
        spans = [int(one) for one in re.findall("[0-9]+", row.get("spans", ""))]
        for place, (style, value) in written.items():
            if spans and place[0] == number and (style, value) != (None, None):
                assert min(spans) <= place[1] <= max(spans)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 1 << 32))
def test_a_fill_does_what_a_slow_one_does(seed: int) -> None:
    rng = Random(seed)
    book = Workbook(
        Package(Path("base.xlsx"), made.zipped(made.parts(random_sheet(rng), strings=STRINGS)))
    )
    rows = rng.sample(range(2, 9), rng.randint(1, 6))
    columns = random_columns(rng, len(rows))
    filling = fill(book, Region("Clients", 1, rows), columns)
    old = etree.fromstring(book.package.read(SHEET))
    new = etree.fromstring(filling.parts.get(SHEET, book.package.read(SHEET)))
    assert_filled(filling, old, new, rows, columns)
    again = Workbook(Package(Path("base.xlsx"), book.package.copy_with(filling.parts)))
    second = fill(again, Region("Clients", 1, rows), columns)
    assert (second.parts, second.changes) == ({}, [])
    assert second.kept == filling.kept
