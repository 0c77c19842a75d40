"""Cells whose formulas use certain functions: found in a sheet, and given fresh results.

Unchanged means: only a cell's value (``v``) and its kind (``t``, and ``vm``, which describes the
former value) differ; its formula and all its other attributes stay as they are.
"""

import datetime as dt
import re
from collections.abc import Collection, Mapping
from math import isclose
from typing import Final, NamedTuple

import numpy as np

from batch.book import FormulaCell, Place
from batch.cells import CellRange, CellValue, StoredValue, to_serial
from batch.edits import storable
from batch.xlsx import xmlbytes
from batch.xlsx.cellxml import RawCell, blank_cell, number_element, text_element
from batch.xlsx.sheetxml import StandingCells
from batch.xlsx.tags import check_reference
from batch.xlsx.usualcells import style_of
from batch.xlsx.xmlbytes import Splice, XmlError, attributes, edited
from rules.reading.cells import CellError
from words import _

_QUOTED: Final = rb"""\s*=\s*(?:"[^"]*"|'[^']*')"""
_KIND: Final = re.compile(rb"\s+(?:t|vm)" + _QUOTED)
_PLACE_AND_STYLE: Final = re.compile(rb"<[^\s/>]+(?:\s+[rs]" + _QUOTED + rb")*")
_CUT_OFF: Final = 1e-13
"""Other programs keep fifteen digits of a number when they save, Excel and this one seventeen."""


class Fresh(NamedTuple):
    """A cell that gets another result: as it is stored, in which style, and the whole cell."""

    row: int
    column: int
    old: CellValue
    new: CellValue
    stored: StoredValue
    style: int
    written: bytes


class FormulaFinder:
    """Finds the formulas that may use any of certain functions; their names are in capitals."""

    def __init__(self, functions: Collection[str]) -> None:
        self._names = tuple(name.encode() for name in functions)
        self._longest = max(map(len, self._names))

    def is_in(self, data: bytes) -> bool:
        """Whether one of the functions may be called somewhere in these bytes."""
        at = data.find(b"(")
        while at >= 0:
            if data[max(at - self._longest, 0) : at].upper().endswith(self._names):
                return True
            at = data.find(b"(", at + 1)
        return False

    def count(self, data: bytes) -> int:
        """How many formulas of a part, whatever else is in it, may use the functions."""
        elements = re.finditer(rb"<(?:[\w.-]+:)?f(?:\s[^<>]*)?>([^<]*)<", data)
        return sum(self.is_in(one[1]) for one in elements)

    def formulas(
        self, cells: StandingCells, made: Mapping[Place, bytes] | None = None
    ) -> list[FormulaCell]:
        """The cells whose formulas may use the functions, in order. Raises XmlError.

        *made*: the formulas of cells that shall stand there, as they are written in a part.
        """
        p = re.escape(cells.xml.prefix)
        element = re.compile(rb"<%bf((?:\s[^<>]*?)?)(?:/>|>([^<]*)</%bf\s*>)" % (p, p))
        inside = cells.xml.sheet_data
        found = [
            FormulaCell(place, xmlbytes.unescaped(formula), place)
            for place, formula in (made or {}).items()
            if self.is_in(formula)
        ]
        followers: list[tuple[Place, bytes]] = []
        shared: dict[bytes, FormulaCell] = {}
        for match in element.finditer(cells.xml.data, inside.opened, inside.closing):
            kind = attributes(match[1]) if match[1] else {}
            if self.is_in(match[2] or b""):
                cell = _formula_cell(cells, match, kind)
                found.append(cell)
                if b"si" in kind and b"ref" in kind:
                    shared[kind[b"si"]] = cell
            elif kind.get(b"t") == b"shared" and not match[2]:
                followers.append((_place(cells, match.start()), kind.get(b"si", b"")))
        for place, number in followers:
            if number in shared:
                found.append(FormulaCell(place, shared[number].formula, shared[number].origin))
        return sorted(found, key=lambda cell: cell.place)


def _place(cells: StandingCells, at: int) -> Place:
    """Where the cell stands that holds the byte *at*. Raises XmlError when there is none."""
    index = _index(cells, at)
    if index < 0 or at > cells.layout.cell_stops[index]:
        raise XmlError(_("a formula stands outside of all cells"))
    place = int(cells.layout.cell_rows[index]), int(cells.layout.cell_columns[index])
    cell = cells.cell(index)
    check_reference(cell.reference, place)
    if cell.formula is None:
        raise XmlError(_("a formula stands within the text of a cell"))
    return place


def _index(cells: StandingCells, at: int) -> int:
    return int(np.searchsorted(cells.layout.cell_starts, at, side="right")) - 1


def _formula_cell(
    cells: StandingCells, match: re.Match[bytes], kind: Mapping[bytes, bytes]
) -> FormulaCell:
    place = _place(cells, match.start())
    formula = xmlbytes.unescaped(match[2])
    if kind.get(b"t") != b"array":
        return FormulaCell(place, formula, place)
    try:
        area = CellRange.parse(kind.get(b"ref", b"").decode("latin-1"))
    except ValueError as error:
        raise XmlError(str(error)) from None
    start = int(cells.layout.cell_starts[_index(cells, match.start())])
    spills = b"cm" in attributes(cells.xml.data[start : match.start()])
    return FormulaCell(place, formula, place, area, spills)


# Links ------------------------------------------------------------------------------------------

NO_LINK: Final = '""'
"""The formula of a cell that led somewhere and shows nothing now."""
_LINK: Final = re.compile(r"""HYPERLINK\("#(?:[^"]|"")*","(?:[^"]|"")*"\)""")
_INSIDE: Final = re.compile(rb"<[^<>]*>([^<]*)<")


def formula_text(cell: RawCell) -> str | None:
    """What a cell calculates, None for one without a formula; '' where its formula stands in
    another cell. Raises XmlError.
    """
    if cell.formula is None:
        return None
    inside = _INSIDE.match(cell.formula)
    return xmlbytes.unescaped(inside[1]) if inside else ""


def is_link(formula: str | None) -> bool:
    """Whether a cell with this formula, or without any, may be given a link: hers may not."""
    return formula in {None, NO_LINK} or _LINK.fullmatch(formula or "") is not None


# Results ------------------------------------------------------------------------------------


def fresh_results(
    cells: StandingCells, results: Mapping[Place, CellValue], made: Mapping[Place, bytes]
) -> list[Fresh]:
    """The cells that differ from before, with these results in them.

    Of the cells without a formula only those may be named that an array formula fills. *made*:
    cells with formulas that shall stand there. Raises XmlError.
    """
    fresh: list[Fresh] = []
    places = sorted(results)
    rows, columns = np.array(places, np.int64).reshape(-1, 2).T
    for place, index in zip(places, cells.indexes(rows, columns).tolist(), strict=True):
        new = results[place]
        stored = _stored(new, date1904=cells.workbook.date1904)
        raw = made.get(place) or cells.bytes_of(index)
        if not raw:
            raw = blank_cell(cells.xml.prefix, *place, cells.given_style(*place))
        cell = cells.xml.reader.read(raw)
        old = _old(cells, cell)
        if not _is_same(old, cell, new, stored) and not _is_as_good(old, new):
            written = _with_result(raw, cells.xml.prefix, stored)
            fresh.append(Fresh(*place, old, new, stored, style_of(cell), written))
    return fresh


def _is_as_good(old: CellValue, new: CellValue) -> bool:
    """Whether two numbers differ by no more than other programs cut off when they save."""
    return type(old) is float and type(new) is float and isclose(old, new, rel_tol=_CUT_OFF)


def _old(cells: StandingCells, cell: RawCell) -> CellValue:
    """The former value; one that can't be read is as good as an error."""
    try:
        return cells.value(cell)
    except XmlError:
        return CellError("?")


def _stored(value: CellValue, *, date1904: bool) -> StoredValue:
    if isinstance(value, dt.date):
        return to_serial(value, date1904=date1904)
    if isinstance(value, str) and not isinstance(value, CellError):
        return storable(value) or None
    return value


def _is_same(old: CellValue, cell: RawCell, new: CellValue, stored: StoredValue) -> bool:
    """Whether a cell holds the value already; a formula's blank must be there as an empty text."""
    if stored is None:
        return old is None and (cell.formula is None or cell.kind == b"str")
    if isinstance(old, dt.date):
        return old == new
    return type(old) is type(stored) and old == stored


def _with_result(raw: bytes, p: bytes, stored: StoredValue) -> bytes:
    """A cell with another value."""
    cell = next(xmlbytes.siblings(raw, 0, len(raw)))
    kind, value = _content(p, stored)
    tag = _PLACE_AND_STYLE.sub(rb"\g<0>" + kind, _KIND.sub(b"", raw[: cell.opened]), count=1)
    if cell.is_empty:
        return b"%b>%b</%b>" % (tag.removesuffix(b"/>").rstrip(), value, cell.name)
    children = list(cell.children())
    behind = next((one.stop for one in children if one.local == "f"), cell.opened)
    edits = [Splice(0, cell.opened, tag), Splice(behind, behind, value)]
    edits += [Splice(one.start, one.stop, b"") for one in children if one.local in ("v", "is")]
    return edited(raw, edits)


def _content(p: bytes, stored: StoredValue) -> tuple[bytes, bytes]:
    """What says the kind of a result in the cell's tag, and the element with its value."""
    if stored is None:
        return b' t="str"', b"<%bv></%bv>" % (p, p)
    if isinstance(stored, CellError):
        return b' t="e"', b"<%bv>%b</%bv>" % (p, stored.encode(), p)
    if not isinstance(stored, str):
        return b"", number_element(p, stored)
    return b' t="str"', text_element(p + b"v", stored)
