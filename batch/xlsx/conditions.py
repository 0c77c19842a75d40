"""Conditional formats put into a worksheet part beside those that stand there, and taken away.

Unchanged means: the new elements stand behind all others of their kind, with lower priorities, and
no byte of another one differs.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from batch.edits import CellMark, Marked
from batch.xlsx.sheetxml import SheetXml
from batch.xlsx.xmlbytes import Element, Splice, attributes, escaped, unescaped

_BEFORE: Final = frozenset(
    (
        *("sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "autoFilter"),
        *("sortState", "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr"),
        "conditionalFormatting",
    )
)
"""What stands between the cells and a new conditional format."""
_RULE: Final = "cfRule"
_OF_OTHERS: Final = b"priority="
_SIDES: Final = ("left", "right", "top", "bottom")


class StandingFormat(NamedTuple):
    """A conditional format as it stands in a part: its cells and the formulas of its rules."""

    element: Element
    cells: str
    formulas: frozenset[str]


def standing(xml: SheetXml) -> Iterator[StandingFormat]:
    """The conditional formats of a sheet. Raises XmlError."""
    for one in xml.others:
        if one.local == "conditionalFormatting":
            rules = [rule for rule in one.children() if rule.local == _RULE]
            formulas = (
                unescaped(xml.data[inner.opened : inner.closing])
                for rule in rules
                for inner in rule.children()
                if inner.local == "formula"
            )
            yield StandingFormat(one, one.get("sqref") or "", frozenset(formulas))


def is_marked(formats: Sequence[StandingFormat], marked: Marked) -> bool:
    """Whether cells of a column have one of these marks already."""
    wanted, first = {mark.formula for mark in marked.marks}, _first(str(marked.area))
    return any(_first(one.cells) == first and wanted & one.formulas for one in formats)


def _first(cells: str) -> str:
    return cells.partition(":")[0]


def inserted(xml: SheetXml, marked: Sequence[Marked], numbers: Mapping[CellMark, int]) -> Splice:
    """The edit that puts the marks into a sheet; *numbers*: those of their looks."""
    at = xml.sheet_data.stop
    for element in xml.others:
        if element.start >= at and element.local in _BEFORE:
            at = element.stop
    priority, pieces = _last_priority(xml.data[xml.sheet_data.closing :]), []
    p = xml.prefix
    for one in marked:
        rules = []
        for mark in one.marks:
            priority += 1
            facts = p, numbers[mark], priority, p, escaped(mark.formula), p, p
            rules.append(
                b'<%bcfRule type="expression" dxfId="%d" priority="%d">'
                b"<%bformula>%b</%bformula></%bcfRule>" % facts
            )
        name, cells = p + b"conditionalFormatting", str(one.area).encode()
        pieces.append(b'<%b sqref="%b">%b</%b>' % (name, cells, b"".join(rules), name))
    return Splice(at, at, b"".join(pieces))


def removed(xml: SheetXml, marked: Sequence[Marked]) -> Iterator[Splice]:
    """The edits that take marks out of a sheet, where they stand as they were put; they may reach
    further down by now.
    """
    ours = {
        (_first(str(one.area)), frozenset(mark.formula for mark in one.marks)) for one in marked
    }
    for one in standing(xml):
        if (_first(one.cells), one.formulas) in ours:
            yield Splice(one.element.start, one.element.stop, b"")


def _last_priority(data: bytes) -> int:
    """The highest priority of the rules behind the cells, those in extensions counted."""
    found = [0]
    at = data.find(_OF_OTHERS)
    while at >= 0:
        start = data.rfind(b"<", 0, at)
        value = attributes(data[start : data.find(b">", at) + 1]).get(b"priority", b"")
        found.append(int(value) if value.isdigit() else 0)
        at = data.find(_OF_OTHERS, at + 1)
    return max(found)


# Looks ------------------------------------------------------------------------------------------


def difference(p: bytes, mark: CellMark) -> bytes:
    """What a mark changes in the look of a cell, as the part with the cell formats lists it."""
    letters = b"<%bb/>" % p if mark.is_bold else b""
    letters += b'<%bcolor rgb="%b"/>' % (p, _rgb(mark.letters)) if mark.letters else b""
    font = b"<%bfont>%b</%bfont>" % (p, letters, p) if letters else b""
    colour = b'<%bpatternFill><%bbgColor rgb="%b"/></%bpatternFill>' % (p, p, _rgb(mark.fill), p)
    fill = b"<%bfill>%b</%bfill>" % (p, colour, p) if mark.fill else b""
    sides = b"".join(
        b'<%b%b style="hair"><%bcolor rgb="%b"/></%b%b>'
        % (p, side.encode(), p, _rgb(mark.edges), p, side.encode())
        for side in _SIDES
    )
    border = b"<%bborder>%b</%bborder>" % (p, sides, p)
    return b"<%bdxf>%b%b%b</%bdxf>" % (p, font, fill, border, p)


def _rgb(colour: str) -> bytes:
    return b"FF" + colour.removeprefix("#").encode()
