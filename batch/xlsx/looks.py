"""All cells of a workbook of whatever kind, with what their looks say: fills, dates shown without
their year, comments, merged cells, formulas that nobody calculated.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from lxml import etree

from batch.book import Worksheet
from batch.cells import CellRange, CellValue, from_serial, parse_address
from batch.xlsx.trees import parse_xml
from batch.xlsx.workbook import Workbook, open_book
from rules.reading.cells import CellError

if TYPE_CHECKING:
    from rules.config import settings

_QUOTED: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_INDEXED: Final = {2: "FF0000", 3: "00FF00", 4: "0000FF", 5: "FFFF00", 6: "FF00FF", 7: "00FFFF"}
"""The first colours of the palette of older formats; 8 and more repeat them."""
_WHITE: Final = frozenset(("FFFFFF", "000000"))


class LookedSheet(NamedTuple):
    """A sheet as it looks.

    rows: those in which anything stands, with cells from column A on; numbers: theirs on the sheet.
    colours: the fill of a row, such as FFC0CB, by its number; no_years: cells, by row number and
    column from 0 on, that show their date without its year; formulas: those without a result.
    """

    name: str
    rows: list[list[CellValue]]
    numbers: list[int]
    merged: Sequence[CellRange]
    notes: Mapping[str, str]
    colours: Mapping[int, str]
    no_years: frozenset[tuple[int, int]]
    formulas: Mapping[tuple[int, int], str]
    is_hidden: bool


def looked_sheets(path: Path, limits: "settings.Limits") -> Iterator[LookedSheet]:
    """The sheets of a workbook. Raises a kind of WorkbookRefused."""
    book = open_book(path, limits)
    looks = _Looks(book)
    for one in book.sheets:
        yield _sheet(book, one, looks)
        book.forget(one)


class _Looks:
    """The number formats and fills of a workbook's styles."""

    def __init__(self, book: Workbook) -> None:
        self.codes: list[str] = []
        self.fills: list[str] = []
        part = book.part_of("styles")
        if part is None:
            return
        root = book.package.xml(part)
        fills = [_colour(fill) for fill in root.iterfind("{*}fills/{*}fill")]
        own = {
            int(one.get("numFmtId", "0")): one.get("formatCode", "")
            for one in root.iterfind("{*}numFmts/{*}numFmt")
        }
        for style in root.iterfind("{*}cellXfs/{*}xf"):
            self.codes.append(own.get(int(style.get("numFmtId", "0")), ""))
            at = int(style.get("fillId", "0"))
            self.fills.append(fills[at] if at < len(fills) else "")

    def colour(self, style: int) -> str:
        """The fill of a style, such as FFC0CB; '' for none."""
        return self.fills[style] if 0 <= style < len(self.fills) else ""

    def hides_year(self, style: int) -> bool:
        """Whether a style shows day and month of a date, and no year."""
        code = self.codes[style] if 0 <= style < len(self.codes) else ""
        plain = _QUOTED.sub("", code).lower()
        return "d" in plain and "m" in plain and "y" not in plain and "h" not in plain


def _colour(fill: etree._Element) -> str:
    pattern = fill.find("{*}patternFill")
    if pattern is None or pattern.get("patternType", "none") == "none":
        return ""
    colour = pattern.find("{*}fgColor")
    if colour is None:
        return ""
    found = colour.get("rgb", "")[-6:].upper()
    if not found and colour.get("indexed", "").isdigit():
        number = int(colour.get("indexed", "0"))
        found = _INDEXED.get(number - 8 if number > 9 else number, "")
    if not found and colour.get("theme"):
        found = f"theme {colour.get('theme')} {colour.get('tint', '0')[:5]}"
    return "" if found in _WHITE else found


def _sheet(book: Workbook, one: Worksheet, looks: _Looks) -> LookedSheet:
    xml = book.xml(one)
    last = max(
        (column for _row, column, _v in xml.cells(book.shared_strings, 1, 1 << 21)), default=0
    )
    read = book.columns(one, range(1, last + 1))
    numbers = read.rows.tolist()
    rows: list[list[CellValue]] = [[None] * last for _row in numbers]
    no_years: set[tuple[int, int]] = set()
    fills: dict[int, Counter[str]] = {}
    for column in range(last):
        values, styles = read.values[column + 1].tolist(), read.styles[column + 1]
        dated = book.shows_dates(styles).tolist()
        for at, (value, style) in enumerate(zip(values, styles.tolist(), strict=True)):
            if value is None or value != value:  # noqa: PLR0124 - NaN is blank
                continue
            cell = _value(value, is_date=dated[at], date1904=book.date1904)
            rows[at][column] = cell
            colour = looks.colour(style)
            if colour:
                fills.setdefault(numbers[at], Counter())[colour] += 1
            if isinstance(cell, dt.date) and looks.hides_year(style):
                no_years.add((numbers[at], column))
    formulas = _formulas(book, one) if read.uncalculated else {}
    return LookedSheet(
        one.name,
        rows,
        numbers,
        xml.merged(),
        _notes(book, one),
        _row_colours(rows, numbers, fills),
        frozenset(no_years),
        {(row, column - 1): formulas.get((row, column), "") for row, column in read.uncalculated},
        is_hidden=one.state != "visible",
    )


def _formulas(book: Workbook, sheet: Worksheet) -> dict[tuple[int, int], str]:
    """The formulas of a sheet by row and column."""
    root = parse_xml(book.path, sheet.part, book.data(sheet))
    found = {}
    for cell in root.iter("{*}c"):
        formula = cell.find("{*}f")
        if formula is not None and formula.text:
            found[parse_address(cell.get("r", "A1"))] = formula.text
    return found


def _value(value: object, *, is_date: bool, date1904: bool) -> CellValue:
    if is_date and isinstance(value, float):
        moment = from_serial(value, date1904=date1904)
        if moment is not None:
            return moment.date() if moment.time() == dt.time() else moment
    if isinstance(value, CellError):
        return str(value)
    return value if isinstance(value, (str, float, bool, dt.date)) else str(value)


def _row_colours(
    rows: list[list[CellValue]], numbers: list[int], fills: Mapping[int, Counter[str]]
) -> dict[int, str]:
    """The colour of each row of which most cells have one."""
    colours: dict[int, str] = {}
    for row, number in zip(rows, numbers, strict=True):
        if number in fills:
            colour, often = fills[number].most_common(1)[0]
            if often * 2 >= sum(one is not None for one in row):
                colours[number] = colour
    return colours


def _notes(book: Workbook, sheet: Worksheet) -> dict[str, str]:
    """The comments by their addresses."""
    notes: dict[str, str] = {}
    for pointer in book.package.relationships(sheet.part):
        if pointer.kind == "comments" and not pointer.external and pointer.target in book.package:
            for one in book.package.xml(pointer.target).iter("{*}comment"):
                text = "".join(piece.text or "" for piece in one.iter("{*}t"))
                place = one.get("ref", "A1")
                parse_address(place)
                notes[place] = " ".join(text.split())
    return notes
