"""Room for new columns at the right end of a table, or of the headings of a plain sheet."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from batch.book import Ints, Table
from batch.cells import LAST_COLUMN, CellRange, address
from batch.edits import Edit, Region, storable
from batch.errors import CellsTaken, TableNotExtendable
from words import marked

if TYPE_CHECKING:
    from batch.xlsx.sheetedits import SheetEdits

MANAGED: Final = {"queryTable": marked("a query"), "xml": marked("an XML map")}
"""Tables that decide their columns themselves, and what fills them."""


def last_column(sheet: "SheetEdits", region: Region, rows: Ints, new: Sequence[Edit]) -> int:
    """The last column that there is: right of it all of the *new* ones have room.

    Raises ``CellsTaken`` or ``TableNotExtendable`` where they haven't.
    """
    table = _table(sheet, region)
    if table is not None:
        last = table.ref.last_column
    else:
        header = CellRange(region.header_row, 1, region.header_row, LAST_COLUMN)
        last = max((column for _, column in _occupied(sheet, header)), default=0)
    headings = [edit.heading for edit in new]
    if table is not None and table.kind in MANAGED:
        name = sheet.sheet.name
        raise TableNotExtendable(name, table.name, MANAGED[table.kind], headings)
    _check_headings(sheet, table, headings)
    top, bottom = region.header_row, int(rows[-1]) if len(rows) else region.header_row
    if table is not None:
        top, bottom = table.ref.first_row, table.ref.last_row
    edge = [address(top, LAST_COLUMN)] if last + len(headings) > LAST_COLUMN else []
    _taken(sheet, marked("the sheet ends there"), edge, headings)
    area = CellRange(top, last + 1, bottom, last + len(headings))
    filled = [address(*cell) for cell in _occupied(sheet, area)]
    _taken(sheet, marked("there is something in these cells already"), filled, headings)
    merged = [str(one) for one in sheet.merged if one.overlaps(area)]
    _taken(sheet, marked("cells are merged there"), merged, headings)
    arrays = [str(one) for one in sheet.arrays if one.overlaps(area)]
    _taken(sheet, marked("a formula spills there"), arrays, headings)
    tables = [
        f"{one.name}, {one.ref}"
        for one in sheet.tables
        if one.part != region.table and one.ref.overlaps(area)
    ]
    _taken(sheet, marked("another table stands there"), tables, headings)
    return last


def _taken(sheet: "SheetEdits", found: str, cells: list[str], headings: list[str]) -> None:
    """Raise CellsTaken where there are any cells."""
    if cells:
        raise CellsTaken(sheet.sheet.name, cells, found, headings)


def _table(sheet: "SheetEdits", region: Region) -> Table | None:
    """The table of the region, None for a sheet without one."""
    if region.table is None:
        return None
    for table in sheet.tables:
        if table.part == region.table:
            return table
    message = f"sheet '{sheet.sheet.name}' has no table in the part '{region.table}'"
    raise ValueError(message)


def _check_headings(sheet: "SheetEdits", table: Table | None, headings: Sequence[str]) -> None:
    """Raise for a heading that the table has already: the caller must have seen it."""
    known = [name.casefold() for name in table.columns] if table else []
    for heading in headings:
        if heading.casefold() in known or not storable(heading).strip():
            message = f"the heading '{heading}' can't be added to sheet '{sheet.sheet.name}'"
            raise ValueError(message)
        known.append(heading.casefold())


def _occupied(sheet: "SheetEdits", area: CellRange) -> list[tuple[int, int]]:
    """Row and column of the cells of an area that hold a value or a formula."""
    occupied = []
    layout = sheet.cells.layout
    for index in sheet.cells.inside(area):
        cell = sheet.cells.cell(index)
        if cell.formula is not None or sheet.cells.value(cell) is not None:
            occupied.append((int(layout.cell_rows[index]), int(layout.cell_columns[index])))
    return occupied
