"""A worksheet part before and after: which of the named cells differ, and that nothing else does.

What may differ besides them: the ``spans`` of their rows and the sheet's ``dimension``, as far as
these cells reach; a width for a column that had none; the end tag of a row or a ``sheetData`` that
held nothing; conditional formats for certain areas, behind those that were there, and after them.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from batch.cells import CellRange, column_letters, column_number
from batch.errors import Flaw
from batch.saving.elements import (
    Cut,
    FoundElement,
    NoXmlError,
    element_at,
    end_of,
    first_difference,
    local,
    parse,
    tag_stop,
)
from words import _

Place = tuple[int, int]
"""Row and column."""

_WIDTH: Final = frozenset(("min", "max", "width", "customWidth"))
_FORMULA: Final = re.compile(rb"<(?:[\w.-]+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:[\w.-]+:)?f\s*>)")
_LINK: Final = re.compile(
    rb"""<([^<>\s/]+)>(?:HYPERLINK\(Q#[^<]*?Q,Q[^<]*?Q\)|QQ)</\1\s*>""".replace(
        b"Q", b'(?:"|&quot;)'
    )
)
"""A formula that leads to a place of the workbook, or one that shows nothing."""
_FORMAT: Final = "conditionalFormatting"
_BEFORE: Final = frozenset(
    (
        *("sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "autoFilter"),
        *("sortState", "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr"),
        _FORMAT,
    )
)
"""What stands behind the cells and before new conditional formats."""
_LOOKS: Final = re.compile(
    rb"""<(?P<p>(?:[\w.-]+:)?)conditionalFormatting\ sqref="
    (?P<cells>[A-Z]+[0-9]+(?::[A-Z]+[0-9]+)?)">
    (?:<(?P=p)cfRule\ type="expression"\ dxfId="[0-9]+"\ priority="[0-9]+">
    <(?P=p)formula>[^<]*</(?P=p)formula></(?P=p)cfRule>)+
    </(?P=p)conditionalFormatting>""",
    re.VERBOSE,
)
"""A conditional format whose rules are formulas."""
_LOOK: Final = re.compile(rb'dxfId="([0-9]+)"')
_PRIORITY: Final = re.compile(rb"""\spriority\s*=\s*["']([0-9]+)["']""")
_BLANK: Final = re.compile(rb"<[^<>]*/>|<[^<>]*></[^<>]*>")
_REFERENCE: Final = re.compile(rb"""<(?:[\w.-]+:)?c\s[^<>]*?\br\s*=\s*["']([A-Z]+[0-9]+)""")


class DiffersError(Flaw):
    """What else differs, as the end of the sentence 'in its part …'."""


@dataclass
class _Row:
    """A row that has named cells, or could have; *cells* say where those stand, by their
    column's letters.
    """

    element: FoundElement
    cells: dict[str, Cut] = field(default_factory=dict)

    def cuts(self) -> list[Cut]:
        """What may differ: the cells and ``spans``; of a row without others also how it ends."""
        cells = list(self.cells.values())
        if not self.element.is_bare(cells):
            return [*cells, *self.element.value("spans")]
        if self.element.attributes.keys() <= {"r", "spans"}:
            return [self.element.whole]
        tag = self.element.data[self.element.start : self.element.opened]
        end = self.element.start + len(tag.removesuffix(b">").removesuffix(b"/").rstrip())
        return [(end, self.element.stop), *self.element.value("spans")]


def changed_cells(
    old: bytes, new: bytes, named: Collection[Place], areas: Collection[CellRange] = ()
) -> set[Place]:
    """Which of the *named* cells differ. Raises DiffersError for all else, and NoXmlError.

    areas: those that get looks, by conditional formats.

    A cell that holds a formula keeps it to the byte: only its result may differ. But a link to a
    place of the workbook may become another one, or an empty text.
    """
    was, now = _Scan(old, named), _Scan(new, named)
    missing = was.rows.keys() - now.rows.keys()
    if missing:
        raise DiffersError(_("row {row} is missing"), row=min(missing))
    looks = _looks(was, now, areas)
    at = first_difference(old, new, was.cuts(was.widths), [*now.cuts(was.widths), *looks])
    if at >= 0:
        raise DiffersError(_("{where} was changed, though it should not be"), where=now.where(at))
    _check_spans(was, now)
    _check_dimension(was, now)
    return {place for place in named if _is_changed(was, now, place)}


class _Scan:
    """The named cells in the bytes of one version, and what may widen with them.

    outer: the elements ``dimension``, ``cols`` and ``sheetData``; widths: those in ``cols``.
    """

    def __init__(self, data: bytes, named: Collection[Place]) -> None:
        self.data = data
        self.named: dict[int, set[str]] = {}
        for row, column in named:
            self.named.setdefault(row, set()).add(column_letters(column))
        self.columns = {column for _, column in named}
        self.rows: dict[int, _Row] = {}
        self.outer: dict[str, FoundElement] = {}
        self.behind: list[tuple[str, Cut]] = []
        self.widths: list[FoundElement] = []
        self._row: _Row | None = None
        self._number = 0
        self._digits = self._letters = ""
        self._parser = expat.ParserCreate()
        self._parser.ordered_attributes = True
        self._parser.StartElementHandler = self._begin_outer
        # What follows sheetData holds no cells, whatever its elements are called.
        end_of_cells = data.find(b">", data.rfind(b"sheetData")) + 1
        parse(self._parser, data[:end_of_cells], is_final=False)
        self._parser.StartElementHandler = self._begin_behind
        self._parser.EndElementHandler = self._end_behind
        self._open: list[int] = []
        parse(self._parser, data[end_of_cells:])
        if "sheetData" not in self.outer:
            raise NoXmlError(_("it holds no cells"))

    def cell(self, place: Place) -> bytes:
        """A named cell as it is written, nothing where it doesn't stand."""
        row = self.rows.get(place[0])
        found = None if row is None else row.cells.get(column_letters(place[1]))
        return b"" if found is None else self.data[slice(*found)]

    def reach(self) -> Iterator[Place]:
        """Places of the named cells that stand."""
        for number, row in self.rows.items():
            yield from ((number, column_number(letters)) for letters in row.cells)

    # Reading ----------------------------------------------------------------------------

    def _begin_outer(self, name: str, attributes: list[str]) -> None:
        kind = local(name)
        if kind not in {"dimension", "cols", "col", "sheetData"}:
            return
        element = self._element(name, attributes)
        if kind == "col":
            self.widths.append(element)
            return
        self.outer[kind] = element
        if kind == "sheetData":
            self._parser.StartElementHandler = self._reader(name.removesuffix("sheetData"))

    def _begin_behind(self, _name: str, _attributes: list[str]) -> None:
        self._open.append(self._parser.CurrentByteIndex)

    def _end_behind(self, name: str) -> None:
        """Take down what stands behind the cells, not what is inside of it."""
        at = self._parser.CurrentByteIndex
        start = self._open.pop() if self._open else at
        if not self._open and start < at:
            self.behind.append((local(name), (start, self.data.find(b">", at) + 1)))
        elif not self._open and local(name) != "worksheet":
            self.behind.append((local(name), (start, tag_stop(self.data, start))))

    def _reader(self, prefix: str) -> Callable[[str, list[str]], None]:
        cell, row = f"{prefix}c", f"{prefix}row"
        tag = cell.encode()

        def begin(name: str, attributes: list[str]) -> None:
            if name == cell:
                if self._row is not None:
                    self._begin_cell(self._row, tag, attributes)
            elif name == row:
                self._begin_row(name, attributes)

        return begin

    def _begin_row(self, name: str, attributes: list[str]) -> None:
        number = int(_given(attributes, "r") or self._number + 1)
        if number <= self._number:
            raise DiffersError(
                _("row {number} stands behind row {before}"), number=number, before=self._number
            )
        self._number, self._digits, self._letters, self._row = number, str(number), "", None
        if number in self.named:
            self._row = self.rows[number] = _Row(self._element(name, attributes))

    def _begin_cell(self, row: _Row, name: bytes, attributes: list[str]) -> None:
        reference = _given(attributes, "r") or f"{_next(self._letters)}{self._digits}"
        letters, before = reference.removesuffix(self._digits), self._letters
        if not letters.isalpha() or (len(letters), letters) <= (len(before), before):
            raise DiffersError(_("cell {reference} stands in the wrong place"), reference=reference)
        self._letters = letters
        if letters in self.named[self._number]:
            start = self._parser.CurrentByteIndex
            stop = end_of(self.data, name, tag_stop(self.data, start))[1]
            row.cells[letters] = start, stop

    def _element(self, name: str, attributes: list[str]) -> FoundElement:
        given = dict(zip(attributes[::2], attributes[1::2], strict=True))
        return element_at(self.data, name, given, 0, self._parser.CurrentByteIndex)

    # What may differ --------------------------------------------------------------------

    def cuts(self, widths: Iterable[FoundElement]) -> list[Cut]:
        """The pieces that may differ; *widths* are those that the sheet had before."""
        cuts = [cut for row in self.rows.values() for cut in row.cuts()]
        cells = self.outer["sheetData"]
        if cells.is_bare(cuts):
            cuts = [cells.whole]
        if "dimension" in self.outer:
            cuts += self.outer["dimension"].value("ref")
        if "cols" in self.outer:
            new = [one.whole for one in self.widths if self._is_new(one, widths)]
            cols = self.outer["cols"]
            cuts += [cols.whole] if cols.is_bare(new) else new
        return cuts

    def _is_new(self, width: FoundElement, before: Iterable[FoundElement]) -> bool:
        """Whether it is a width of one column with named cells that had none *before*."""
        first, last = _reach(width)
        is_known = any(one[0] <= first <= one[1] for one in map(_reach, before))
        is_width = set(width.attributes) <= _WIDTH
        return first == last and first in self.columns and is_width and not is_known

    def where(self, at: int) -> str:
        """The place of a byte, in words."""
        cells = self.outer["sheetData"]
        if at < cells.opened:
            return _("something before the cells")
        if at >= cells.closing:
            return _("something behind the cells")
        row = max(self.data.rfind(mark, 0, at + 1) for mark in (b"<row", b":row"))
        found = ""
        for match in _REFERENCE.finditer(self.data, max(row, cells.opened), cells.closing):
            if match.start() > at:
                break
            found = match[1].decode()
        if not found:
            return _("a row")
        return _("cell {cell}, or what is beside it,").format(cell=found)


def _looks(was: _Scan, now: _Scan, areas: Collection[CellRange]) -> list[Cut]:
    """The conditional formats that were added for the *areas*, at most one for each. Raises
    DiffersError for others.
    """
    stood = sum(name == _FORMAT for name, _cut in was.behind)
    added = [cut for name, cut in now.behind if name == _FORMAT][stood:]
    names = [name for name, cut in now.behind if cut not in added]
    before = sum(cut < added[0] for _name, cut in now.behind) if added else 0
    is_right = not any(name not in _BEFORE for name in names[:before])
    is_right &= not any(name in _BEFORE for name in names[before:])
    wanted = {str(area) for area in areas}
    last = max((int(one) for one in _PRIORITY.findall(was.data)), default=0)
    for cut in added:
        found = _LOOKS.fullmatch(now.data, *cut)
        cells = found["cells"].decode() if found else ""
        priorities = [int(one) for one in _PRIORITY.findall(now.data[slice(*cut)])]
        if cells not in wanted or min(priorities) <= last or not is_right:
            raise DiffersError(
                _("{where} was changed, though it should not be"), where=now.where(cut[0])
            )
        wanted.remove(cells)
        last = max(priorities)
    return added


def looks_used(data: bytes, areas: Collection[CellRange]) -> set[int]:
    """The numbers of the looks that the conditional formats of these areas use."""
    wanted = {str(area).encode() for area in areas}
    return {
        int(number)
        for found in _LOOKS.finditer(data)
        if found["cells"] in wanted
        for number in _LOOK.findall(found[0])
    }


def _given(attributes: list[str], name: str) -> str:
    """An attribute's value, '' where there is none."""
    if attributes and attributes[0] == name:
        return attributes[1]
    return dict(zip(attributes[::2], attributes[1::2], strict=True)).get(name, "")


def _next(letters: str) -> str:
    """The column after this one; A after ''."""
    return column_letters(column_number(letters) + 1)


def _reach(width: FoundElement) -> tuple[int, int]:
    """The first and the last column of a ``col`` element."""
    return int(width.attributes.get("min", 0)), int(width.attributes.get("max", 0))


def _check_spans(was: _Scan, now: _Scan) -> None:
    """Raise DiffersError unless the spans of the rows are the former ones, or rightly wider."""
    for number, row in now.rows.items():
        before = was.rows.get(number)
        if before is None and not row.cells:
            raise DiffersError(_("row {number} was added without any cell"), number=number)
        old = before.element.attributes.get("spans", "") if before else ""
        new = row.element.attributes.get("spans", "")
        if new != old:
            reach = [*map(column_number, row.cells), *map(int, re.findall("[0-9]+", old))]
            if new != f"{min(reach)}:{max(reach)}":
                raise DiffersError(
                    _("row {number} has wrong spans ({new})"), number=number, new=new
                )


def _check_dimension(was: _Scan, now: _Scan) -> None:
    """Raise DiffersError unless the dimension is the former one, or reaches the named cells."""
    if "dimension" not in was.outer or "dimension" not in now.outer:
        return
    old, new = (one.outer["dimension"].attributes.get("ref", "") for one in (was, now))
    if new == old:
        return
    try:
        before = CellRange.parse(old)
    except ValueError:
        raise DiffersError(_("its dimension was changed, though it should not be")) from None
    corners = (before.first_row, before.first_column), (before.last_row, before.last_column)
    rows, columns = zip(*now.reach(), *corners, strict=True)
    if new != str(CellRange(min(rows), min(columns), max(rows), max(columns))):
        raise DiffersError(_("its dimension is wrong ({new})"), new=new)


def _leads(formulas: list[bytes]) -> bool:
    """Whether the one formula of a cell leads to a place of the workbook, or shows nothing."""
    return len(formulas) == 1 and _LINK.fullmatch(formulas[0]) is not None


def _is_changed(was: _Scan, now: _Scan, place: Place) -> bool:
    """Whether a named cell differs. Raises DiffersError where its formula does; one that wasn't
    there, or was blank, may have one, as those of calculated columns have.
    """
    old, new = was.cell(place), now.cell(place)
    if old == new:
        return False
    is_blank = not old or _BLANK.fullmatch(old)
    was_there, is_there = _FORMULA.findall(old), _FORMULA.findall(new)
    if not is_blank and was_there != is_there and not all(map(_leads, [was_there, is_there])):
        raise DiffersError(
            _("cell {cell} lost or got a formula"), cell=f"{column_letters(place[1])}{place[0]}"
        )
    return True
