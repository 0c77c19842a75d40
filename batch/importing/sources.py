"""Whatever file she has, as sheets of cells."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Final

from batch.errors import WorkbookRefused, reason_of
from batch.importing import markup, texts, vcards, workbooks
from batch.importing.sheets import Cell, SourceError, SourceSheet, is_blank
from batch.saving.readback import MOST_CELLS, Unreadable, opened
from batch.xlsx.package import sheet_areas
from rules.config.settings import Limits
from words import _, marked

_WITHOUT_LOOKS: Final = marked(
    "Colours and comments can't be read of this format; if they mean something, save it as .xlsx."
)
_ZIP: Final = b"PK\x03\x04"
_PACKAGES: Final = frozenset((".xlsx", ".xlsm", ".xlsb", ".ods"))
_OLE: Final = b"\xd0\xcf\x11\xe0"
_MARKUP: Final = re.compile(
    rb"^\s*(?:\xef\xbb\xbf)?\s*<(?:\?xml|!DOCTYPE html|html|table|meta)", re.IGNORECASE
)
_VCARD: Final = re.compile(r"^\s*BEGIN:VCARD\s*$", re.IGNORECASE | re.MULTILINE)
_DATED_LINE: Final = re.compile(r"^\s*\d{1,2}\s*[./]\s*\d{1,2}|^\s*\d{1,2}\s+[^\W\d]{3,}")


def read(path: Path, limits: Limits) -> list[SourceSheet]:
    """The sheets of a file; hidden ones, and those without anything, too.

    Raises SourceError, or TooLarge for a workbook beyond the *limits*.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        found = _("can't be read: {reason}").format(reason=reason_of(error))
        raise SourceError(path, found, _("Check its name.")) from error
    if raw.startswith(_ZIP):
        return _package(path, limits)
    if raw.startswith(_OLE) or path.suffix.lower() in _PACKAGES:
        return list(_foreign(path))
    if _MARKUP.match(raw):
        sheets = list(markup.sheets(path, raw))
        if sheets:
            return sheets
    return [_text(path, raw)]


def _package(path: Path, limits: Limits) -> list[SourceSheet]:
    """The sheets of a zipped workbook: by the reader that knows formats, else by the other one."""
    if path.suffix.lower() != ".ods":
        try:
            return list(workbooks.sheets(path, limits))
        except WorkbookRefused:
            pass
    if any(area > MOST_CELLS for area in sheet_areas(path, limits)):
        raise SourceError(
            path,
            _("has cells very far from all others"),
            _("Delete what stands there in Excel, or save the list as CSV."),
        )
    return list(_foreign(path))


def _foreign(path: Path) -> Iterator[SourceSheet]:
    """The sheets of a workbook of another format than .xlsx."""
    try:
        with opened(path) as workbook:
            for name in workbook.sheet_names:
                sheet = workbook.get_sheet_by_name(name)
                first_row, first_column = sheet.start or (0, 0)
                cells = sheet.to_python(skip_empty_area=True)
                rows = [[None] * first_column + [_plain(one) for one in row] for row in cells]
                merged = workbooks.ranges(sheet.merged_cell_ranges or ())
                found = SourceSheet(path, name, rows, _numbered(rows, first_row + 1))
                found.merged = merged
                if rows:
                    found.told = [texts.ToldOfFile(_WITHOUT_LOOKS)]
                yield filled(found)
    except Unreadable as error:
        raise SourceError(
            path,
            _("can't be read as a spreadsheet ({error})").format(error=error),
            _("Save it as .xlsx or CSV and try again."),
        ) from error


def _numbered(rows: Iterable[object], first: int) -> list[int]:
    return [number for number, _row in enumerate(rows, first)]


def _plain(cell: object) -> Cell:
    """What python-calamine reads, as cells are here."""
    if cell == "" or isinstance(cell, dt.timedelta):
        return None if cell == "" else str(cell)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return float(cell)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date()
    if isinstance(cell, (str, bool, dt.date, dt.time)) or cell is None:
        return cell
    return str(cell)


def filled(sheet: SourceSheet) -> SourceSheet:
    """The sheet without the rows in which nothing stands."""
    kept = [at for at, row in enumerate(sheet.rows) if not all(map(is_blank, row))]
    sheet.rows = [[None if is_blank(one) else one for one in sheet.rows[at]] for at in kept]
    sheet.numbers = [sheet.numbers[at] for at in kept]
    return sheet


def _text(path: Path, raw: bytes) -> SourceSheet:
    try:
        text = texts.decoded(raw)
    except texts.NoText as error:
        found = _("is neither text nor a workbook")
        raise SourceError(path, found, _("Save it as CSV or .xlsx.")) from error
    if _VCARD.search(text.text):
        return filled(vcards.sheet(path, text))
    if _is_notebook(text.text):
        lines = text.text.splitlines()
        rows: list[list[Cell]] = [[line] for line in lines]
        return filled(SourceSheet(path, "", rows, _numbered(rows, 1), told=text.told, is_text=True))
    split = texts.split(text.text)
    rows = [list(row) for row in split.rows]
    return filled(SourceSheet(path, "", rows, split.numbers, told=[*text.told, *split.told]))


def _is_notebook(text: str) -> bool:
    """Whether a text is notes, line by line, and no list: without a mark that parts cells the same
    way in all lines, some lines begin with a day.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if texts.delimiter(text) is not None and not _is_uneven(lines, texts.delimiter(text) or ";"):
        return False
    sizes = {len(line.split()) for line in lines}
    return len(sizes) > 1 and sum(bool(_DATED_LINE.match(line)) for line in lines) > 1


def _is_uneven(lines: list[str], mark: str) -> bool:
    """Whether many lines lack the mark: it is part of what they say."""
    counts = [line.count(mark) for line in lines]
    return mark == "," and sum(count == 0 for count in counts) * 4 > len(counts)


def columns_of(sheet: SourceSheet) -> list[list[Cell]]:
    """The cells of each column."""
    return [list(column) for column in zip_longest(*sheet.rows)]
