"""Which cells differ between two workbook files, and what else does.

Cells are compared by place, sheets by name: rows that moved count as changed cells. What counts is
a cell's value, or its formula; how it looks, and how a program writes it, doesn't.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from batch.book import Ints, Worksheet
from batch.cells import address, shown
from batch.xlsx.comparison.sheetcells import (
    CellContent,
    Cells,
    SheetFormulas,
    place,
    read_cells,
)
from batch.xlsx.formulas import is_link
from batch.xlsx.workbook import Workbook, open_book
from rules.config.settings import Config, Limits
from rules.mentions import first_of
from rules.reading.cells import CellError
from rules.reading.dates import shown_date
from words import _, marked

SHOWN: Final = 50
_LONGEST: Final = 60
_TOP_ROWS: Final = 20
_MANY: Final = 6


class CellDifference(NamedTuple):
    """A cell that differs. None is a blank; a formula is None where there is none.

    heading: that of its column, '' where there is none or this is it.
    """

    sheet: str
    row: int
    column: int
    heading: str
    old: CellContent
    new: CellContent
    old_formula: str | None
    new_formula: str | None

    @property
    def cell(self) -> str:
        """The cell's address."""
        return address(self.row, self.column)


class Headings:
    """The headings of a sheet's columns: those of its tables, else of its first row of texts."""

    def __init__(self, workbook: Workbook, sheet: Worksheet) -> None:
        self._tables = [one for one in workbook.tables(sheet) if one.header_row is not None]
        rows: dict[int, dict[int, str]] = {}
        for row, column, value in workbook.xml(sheet).cells(workbook.shared_strings, 1, _TOP_ROWS):
            if isinstance(value, str) and not isinstance(value, CellError):
                rows.setdefault(row, {})[column] = value
        # A title stands alone in its row; of the rows with most texts the first has the headings.
        self._row = min(rows, key=lambda row: (-len(rows[row]), row), default=0)
        self._texts = rows.get(self._row, {})

    def of(self, row: int, column: int) -> str:
        """The heading above a cell; '' where there is none."""
        for table in self._tables:
            if (row, column) in table.ref:
                is_below = row > table.ref.first_row
                return table.columns[column - table.ref.first_column] if is_below else ""
        return self._texts.get(column, "") if row > self._row else ""


@dataclass(frozen=True)
class SheetDifference:
    """The places of a sheet that differ, numbered as in `sheetcells`, and what is there."""

    sheet: str
    keys: Ints
    old: Cells
    new: Cells
    old_formulas: SheetFormulas
    new_formulas: SheetFormulas
    headings: Headings

    def __len__(self) -> int:
        """How many cells differ."""
        return len(self.keys)

    def __iter__(self) -> Iterator[CellDifference]:
        """The cells that differ, by rows."""
        for index, number in enumerate(self.keys.tolist()):
            row, column = place(number)
            yield CellDifference(
                self.sheet,
                row,
                column,
                self.headings.of(row, column),
                self.old.content(index),
                self.new.content(index),
                self.old_formulas.at(number),
                self.new_formulas.at(number),
            )


@dataclass(frozen=True)
class Difference:
    """How a workbook file differs from an older one.

    sheets: those of one name in which cells differ, in the order of the newer file. sheets_added,
    sheets_removed: the names of sheets of which the other file has none. sheets_rewritten: those
    that are written otherwise, though no cell differs. parts_changed, parts_added, parts_removed:
    the names of other parts. identical: how many parts hold the same. is_same_file: whether the
    files are the same to the byte.
    """

    old: Path
    new: Path
    sheets: tuple[SheetDifference, ...]
    sheets_added: tuple[str, ...]
    sheets_removed: tuple[str, ...]
    sheets_rewritten: tuple[str, ...]
    parts_changed: tuple[str, ...]
    parts_added: tuple[str, ...]
    parts_removed: tuple[str, ...]
    identical: int
    is_same_file: bool

    @property
    def count(self) -> int:
        """How many cells differ."""
        return sum(map(len, self.sheets))

    def cells(self) -> Iterator[CellDifference]:
        """The cells that differ, in the order of sheets and rows."""
        return chain.from_iterable(self.sheets)


def difference(old: Path, new: Path, limits: Limits | None = None) -> Difference:
    """Compare two workbook files. Raises a kind of WorkbookRefused, or FileInUse, for either."""
    return _Comparison(open_book(old, limits), open_book(new, limits)).difference()


class _Comparison:
    """The work of one call of `difference`."""

    def __init__(self, old: Workbook, new: Workbook) -> None:
        self.old, self.new = old, new
        self.before = {sheet.name.strip().casefold(): sheet for sheet in old.sheets}
        self.after = {sheet.name.strip().casefold(): sheet for sheet in new.sheets}

    def difference(self) -> Difference:
        sheets, rewritten, identical = [], [], 0
        for name, sheet in self.after.items():
            if name not in self.before:
                continue
            former = self.before[name]
            is_same = self._is_same_part(former.part, sheet.part)
            identical += is_same
            if is_same and self._are_cells_read_alike:
                continue
            found = self._compared(former, sheet)
            if len(found):
                sheets.append(found)
            elif not is_same:
                rewritten.append(sheet.name)
        strings = self._parts("sharedStrings")
        was, now = self._other_parts(self.old), self._other_parts(self.new)
        common = [name for name in now if name in was]
        changed = [name for name in common if not self._is_same_part(was[name], now[name])]
        return Difference(
            self.old.path,
            self.new.path,
            tuple(sheets),
            tuple(sheet.name for name, sheet in self.after.items() if name not in self.before),
            tuple(sheet.name for name, sheet in self.before.items() if name not in self.after),
            tuple(rewritten),
            tuple(now[name] for name in changed),
            tuple(now[name] for name in now if name not in was),
            tuple(was[name] for name in was if name not in now),
            identical
            + len(common)
            - len(changed)
            + (None not in strings and self._is_same_part(*strings)),
            self.old.package.content == self.new.package.content,
        )

    def _parts(self, kind: str) -> tuple[str | None, str | None]:
        """The parts of a kind, None where a file has none."""
        return self.old.part_of(kind), self.new.part_of(kind)

    # Sheets -----------------------------------------------------------------------------

    @cached_property
    def _are_cells_read_alike(self) -> bool:
        """Whether the same bytes of a sheet mean the same cells in both files."""
        return self.old.date1904 == self.new.date1904 and all(
            self._is_same_part(*self._parts(kind)) for kind in ("sharedStrings", "styles")
        )

    def _compared(self, old: Worksheet, new: Worksheet) -> SheetDifference:
        before, after = read_cells(self.old, old), read_cells(self.new, new)
        formulas = SheetFormulas(self.old, old), SheetFormulas(self.new, new)
        keys = np.union1d(before.keys, after.keys)
        differing = keys[before.on(keys).differs(after.on(keys))]
        keys = np.union1d(differing, np.array(_differing(*formulas), np.int64))
        headings = Headings(self.new, new)
        return SheetDifference(
            new.name, keys, before.only(keys), after.only(keys), *formulas, headings
        )

    # Parts ------------------------------------------------------------------------------

    def _is_same_part(self, old: str | None, new: str | None) -> bool:
        """Whether two parts hold the same; those that are packed the same aren't unpacked."""
        if old is None or new is None:
            return old is new
        before, after = self.old.package, self.new.package
        one, other = before.member(old), after.member(new)
        if (one.crc, one.size) != (other.crc, other.size):
            return False
        packed = before.content[one.data : one.data + one.packed]
        if (
            one.method == other.method
            and packed == (after.content[other.data : other.data + other.packed])
        ):
            return True
        return before.read(old) == after.read(new)

    @staticmethod
    def _other_parts(workbook: Workbook) -> dict[str, str]:
        """The parts that hold no cells, by their names in small letters."""
        cells = {sheet.part.casefold() for sheet in workbook.sheets}
        strings = workbook.part_of("sharedStrings")
        cells |= {strings.casefold()} if strings else set()
        names = {name.casefold(): name for name in workbook.package.names}
        return {folded: name for folded, name in names.items() if folded not in cells}


def _differing(old: SheetFormulas, new: SheetFormulas) -> list[int]:
    """The keys of the formulas that differ; one of them may be none."""
    if old.written == new.written:
        return []
    return [
        number
        for number in old.written.keys() | new.written.keys()
        if old.source(number) != new.source(number) and old.at(number) != new.at(number)
    ]


# In words ---------------------------------------------------------------------------------------

_PARTS: Final[Mapping[str, str]] = {
    r"styles\.xml$": marked("cell formats"),
    r"/theme/": marked("colours and fonts"),
    r"calcchain": marked("order of calculation"),
    r"vba|macrosheets": marked("macros"),
    r"/charts": marked("charts"),
    r"drawing|/media/|/diagrams/": marked("pictures and drawings"),
    r"pivot|slicer|timeline": marked("pivot tables"),
    r"/tables/": marked("tables"),
    r"comments|/persons/": marked("comments"),
    r"^docprops/": marked("file properties"),
    r"externallink|connections|querytable|customxml|/model/": marked("links to other data"),
    r"printersettings": marked("printer settings"),
    r"workbook\.xml$": marked("settings of the workbook"),
    r"\.rels$|content_types": marked("list of parts"),
}
"""What kind of thing a part describes, by its name."""


def lines(found: Difference, config: Config, *, most: int | None = SHOWN) -> Iterator[str]:
    """The difference in the words of *config*.

    Of the cells the first *most* are told, all of them for None.
    """
    for cell in islice(found.cells(), most):
        heading = f" ({_short(cell.heading)})" if cell.heading else ""
        old, new = _both(cell, config)
        yield f"{cell.sheet}!{cell.cell}{heading}: {old} → {new}"
    if most is not None and found.count > most:
        yield _("… and {count} more").format(count=found.count - most)
    for file, sheets in ((found.old, found.sheets_removed), (found.new, found.sheets_added)):
        for sheet in sheets:
            yield _("Sheet {sheet}: only in {file}.").format(sheet=sheet, file=file.name)
    for sheet in found.sheets_rewritten:
        yield _("Sheet {sheet}: no cell differs, but its layout or the way it is written.").format(
            sheet=sheet
        )
    if found.parts_changed:
        yield _("Also different: {parts}.").format(parts=_in_words(found.parts_changed))
    for file, parts in ((found.old, found.parts_removed), (found.new, found.parts_added)):
        if parts:
            yield _("Only in {file}: {parts}.").format(file=file.name, parts=_in_words(parts))
    yield _total(found)


def _total(found: Difference) -> str:
    if found.is_same_file:
        return _("No cell differs.")
    if not found.count:
        return _("No cell differs. Other parts identical: {parts}.").format(parts=found.identical)
    return _("Cells changed: {cells}, on sheets: {sheets}. Other parts identical: {parts}.").format(
        cells=found.count, sheets=len(found.sheets), parts=found.identical
    )


def _in_words(parts: Sequence[str]) -> str:
    """What kinds of things these parts are; a part of no known kind by its name."""
    return first_of(list(dict.fromkeys(_word(part) for part in parts)), _MANY)


def _word(part: str) -> str:
    words = (word for name, word in _PARTS.items() if re.search(name, part.casefold()))
    word = next(words, None)
    return part if word is None else _(word)


def _both(cell: CellDifference, config: Config) -> tuple[str, ...]:
    """What stood there and what does; texts in quotes where they would look the same."""
    if cell.old_formula != cell.new_formula:
        return tuple(
            _content(value, config) if _is_shown(formula) else _short(str(formula))
            for value, formula in ((cell.old, cell.old_formula), (cell.new, cell.new_formula))
        )
    old, new = (_content(value, config) for value in (cell.old, cell.new))
    if old != new:
        return old, new
    return tuple(f"'{old}'" if isinstance(value, str) else old for value in (cell.old, cell.new))


def _is_shown(formula: str | None) -> bool:
    """Whether what a cell shows says more than its formula: a link of the first sheet does."""
    return formula is None or is_link(formula.removeprefix("="))


def _content(value: CellContent, config: Config) -> str:
    if value is None:
        return _("blank")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, dt.datetime):
        return f"{_content(value.date(), config)} {value:%H:%M:%S}"
    if isinstance(value, dt.date):
        return shown_date(value, config.dates.written)
    return _short(shown(value))


def _short(text: str) -> str:
    """A text on one line, of which not too much is shown."""
    line = " ".join(text.split()) or text
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def as_json(found: Difference, *, most: int | None = None) -> dict[str, object]:
    """The difference as one JSON object; dates as yyyy-mm-dd, a blank as null.

    Of the cells the first *most*, all of them for None.
    """
    return {
        "old": str(found.old),
        "new": str(found.new),
        "cells_changed": found.count,
        "cells_changed_by_sheet": {sheet.sheet: len(sheet) for sheet in found.sheets},
        "cells": [_as_json(cell) for cell in islice(found.cells(), most)],
        "sheets_added": list(found.sheets_added),
        "sheets_removed": list(found.sheets_removed),
        "sheets_rewritten": list(found.sheets_rewritten),
        "parts_changed": list(found.parts_changed),
        "parts_added": list(found.parts_added),
        "parts_removed": list(found.parts_removed),
        "parts_identical": found.identical,
    }


def _as_json(cell: CellDifference) -> dict[str, object]:
    facts = {
        key: fact.isoformat() if isinstance(fact, dt.date) else fact
        for key, fact in cell._asdict().items()
        if key not in ("row", "column")
    }
    return {"sheet": cell.sheet, "cell": cell.cell, **facts}
