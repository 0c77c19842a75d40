"""Tables that grow: room for new columns, also beside the headings of a plain sheet, and what more
columns or rows change in a table's part, nothing else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from batch.book import ExcelTable, Ints
from batch.cells import LAST_COLUMN, CellRange, address
from batch.edits import Edit, Region, storable
from batch.errors import CellsTaken, HeadingsDisagree, TableNotExtendable
from batch.xlsx.xmlbytes import (
    Element,
    Splice,
    XmlError,
    coded,
    edited,
    escaped,
    root_tag,
)
from words import _, marked

if TYPE_CHECKING:
    from batch.xlsx.sheetedits import SheetEdits

MANAGED: Final = {"queryTable": marked("a query"), "xml": marked("an XML map")}
"""Tables that decide their columns themselves, and what fills them."""


def last_column(sheet: "SheetEdits", region: Region, rows: Ints, new: Sequence[Edit]) -> int:
    """The last column that there is: right of it all of the *new* ones have room.

    Raises ``CellsTaken``, ``HeadingsDisagree`` or ``TableNotExtendable`` where they haven't.
    """
    table = sheet.table(region.table)
    headings = [edit.heading for edit in new]
    if table is None:
        header = CellRange(region.header_row, 1, region.header_row, LAST_COLUMN)
        last = max((column for _, column in sheet.cells.occupied(header)), default=0)
        top, bottom = region.header_row, int(rows[-1]) if len(rows) else region.header_row
    elif table.kind in MANAGED:
        name = sheet.sheet.name
        raise TableNotExtendable(name, table.name, MANAGED[table.kind], headings)
    else:
        last, top, bottom = table.ref.last_column, table.ref.first_row, table.ref.last_row
    _check_headings(sheet, table, headings)
    edge = [address(top, LAST_COLUMN)] if last + len(headings) > LAST_COLUMN else []
    area = CellRange(top, last + 1, bottom, last + len(headings))
    taken = {
        marked("the sheet ends there"): edge,
        marked("there is something in these cells already"): [
            address(*cell) for cell in sheet.cells.occupied(area)
        ],
        marked("cells are merged there"): _over(area, sheet.merged),
        marked("a formula spills there"): _over(area, sheet.arrays),
        marked("another table stands there"): [
            f"{one.name}, {one.ref}"
            for one in sheet.tables
            if one.part != region.table and one.ref.overlaps(area)
        ],
    }
    for found, cells in taken.items():
        if cells:
            raise CellsTaken(sheet.sheet.name, cells, found, headings)
    return last


def _over(area: CellRange, ranges: Iterable[CellRange]) -> list[str]:
    """The ranges that share a cell with an area."""
    return [str(one) for one in ranges if one.overlaps(area)]


def _check_headings(sheet: "SheetEdits", table: ExcelTable | None, headings: Sequence[str]) -> None:
    """Raise HeadingsDisagree for a table of other columns than its cells; ValueError for a heading
    that can't be one.
    """
    if table is not None:
        known = {name.casefold(): at for at, name in enumerate(table.columns)}
        cells = [known[one.casefold()] for one in headings if one.casefold() in known]
        if len(table.columns) != table.ref.columns:
            cells = [*cells, min(len(table.columns), table.ref.columns)]
        if cells:
            places = [address(table.ref.first_row, table.ref.first_column + one) for one in cells]
            raise HeadingsDisagree(sheet.sheet.name, places)
    folded = [one.casefold() for one in headings]
    if len(set(folded)) < len(folded) or not all(storable(one).strip() for one in headings):
        message = f"headings {headings} can't be added to sheet '{sheet.sheet.name}'"
        raise ValueError(message)


# A table's part -------------------------------------------------------------------------------


def grown(data: bytes, headings: Sequence[str] = (), last_row: int | None = None) -> bytes:
    """The table part with the headings as further columns at its right end, and a range that ends
    with the row *last_row*, as does its filter's; None: as before.

    Further columns have fresh ids, and their count is changed. Raises XmlError when the part isn't
    a table's.
    """
    root, elements = _taken_apart(data)
    table = _range(root)
    corners = [_corner(root, table, len(headings), last_row)]
    if "autoFilter" in elements and "ref" in elements["autoFilter"].places:
        filtered = _filtered(elements["autoFilter"], table)
        corners.append(_corner(elements["autoFilter"], filtered, len(headings), last_row))
    if not headings:
        return edited(data, corners)
    columns = elements["tableColumns"]
    known = list(columns.children())
    edits = [*corners]
    if "count" in columns.places:
        edits.append(Splice(*columns.places["count"], b"%d" % (len(known) + len(headings))))
    name = known[0].name if known else columns.name.removesuffix(b"s")
    first = max((one.number("id") or 0 for one in known), default=0) + 1
    new = b"".join(
        b'<%b id="%d" name="%b"/>' % (name, identity, escaped(column_name(heading)))
        for identity, heading in enumerate(headings, first)
    )
    edits.append(Splice(columns.closing, columns.closing, new))
    return edited(data, edits)


def calculated(data: bytes) -> dict[int, bytes]:
    """The formulas of a table's calculated columns, as they are written, by the place of the column
    (from 0); those of array formulas are left out.

    Raises XmlError when the part isn't a table's.
    """
    _root, elements = _taken_apart(data)
    return {
        place: data[one.opened : one.closing]
        for place, column in enumerate(elements["tableColumns"].children())
        for one in column.children()
        if one.local == "calculatedColumnFormula" and one.get("array") is None
    }


def column_name(heading: str) -> str:
    """A heading as the table part writes it: line feeds and literal codes escaped."""
    return coded(heading).replace("\n", "_x000a_").replace("\t", "_x0009_")


def _taken_apart(data: bytes) -> tuple[Element, dict[str, Element]]:
    """The root of a table part, and the elements in it by name, its columns among them."""
    root = root_tag(data)
    elements = {one.local: one for one in root.children()}
    if root.local != "table" or "tableColumns" not in elements or elements["tableColumns"].is_empty:
        raise XmlError(_("it describes no table"))
    return root, elements


def _range(element: Element) -> CellRange:
    """The ``ref`` of an element. Raises XmlError."""
    try:
        return CellRange.parse(element.get("ref") or "")
    except ValueError as error:
        raise XmlError(str(error)) from None


def _filtered(element: Element, table: CellRange) -> CellRange:
    """The range of a table's filter. Raises XmlError for one that isn't the table's own."""
    ref = _range(element)
    corners = (ref.first_row, ref.first_column), (ref.last_row, ref.last_column)
    if not all(corner in table for corner in corners):
        found = _("its filter ({filter}) reaches out of the table ({table})")
        raise XmlError(found, filter=ref, table=table)
    return ref


def _corner(element: Element, ref: CellRange, columns: int, last_row: int | None) -> Splice:
    """The edit that moves the last corner of an element's ``ref``: to the right, and down."""
    last = ref.last_row if last_row is None else last_row
    ref = replace(ref, last_column=ref.last_column + columns, last_row=last)
    return Splice(*element.places["ref"], str(ref).encode())
