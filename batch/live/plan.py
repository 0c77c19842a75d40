"""What has to be written into the open workbook: all of it is worked out before the first write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from batch.book import Table
from batch.cells import CellRange, address
from batch.edits import Block, Change, Edit, Region
from batch.errors import CellsTaken
from batch.lists.blocks import list_cells
from batch.lists.contactlog import NewRows
from batch.lists.places import ListPlace
from batch.live.filling import Column, Filling, filling_of
from batch.live.prepared import Prepared
from batch.live.workbook import OpenWorkbook
from batch.moved import moved
from rules.columns import FILLED
from rules.moves import Move
from rules.tables import Problem


@dataclass(frozen=True)
class Plan:
    """What is to be written, in this order: new rows of Contacts, the columns on Clients, lists.

    changes: how many cells of the clients differ; formulas: how many are hers. problems: of what
    stays on the list of the day; today: the sheet of that list, '' for none. moves: who changes
    class, group or stage.
    """

    contacts: list[Filling]
    clients: Filling
    lists: list[Filling]
    changes: int
    formulas: int
    problems: Sequence[Problem]
    today: str
    moves: list[Move]

    @property
    def fillings(self) -> list[Filling]:
        """All of them that change anything."""
        every = (*self.contacts, self.clients, *self.lists)
        return [one for one in every if one.columns or one.resized]


def plan(prepared: Prepared) -> Plan:
    """What has to be written. Raises CellsTaken where missing columns have no room."""
    places, taken = prepared.lists.places, prepared.taken
    clients = _clients(prepared)
    cells = list_cells(places, prepared.base, prepared.result, taken)
    return Plan(
        list(_contacts(prepared.workbook, taken.rows)) if taken.rows else [],
        clients.differing,
        [_list(prepared.workbook, block, places.get("today")) for block in cells.blocks],
        sum(len(column.changed) + column.added for column in clients.columns),
        sum(sum(column.formulas) for column in clients.columns),
        cells.problems,
        places["today"].sheet.name if "today" in places else "",
        moved(prepared.base, prepared.result, _changes(clients)),
    )


def _changes(clients: Filling) -> Iterator[Change]:
    """The cells of the clients that differ, of columns that stand there already."""
    for one in clients.columns:
        for at in [] if one.added else one.changed:
            yield Change(clients.rows[at], one.number, one.heading, one.old[at], one.new[at])


def _list(workbook: OpenWorkbook, block: Block, today: ListPlace | None) -> Filling:
    """A block of a list; on that of the day no entry of hers may get lost."""
    hers: set[int] = set()
    if today is not None and block.region.sheet == today.sheet.name:
        hers = {today.columns[key] for key in ("done", "result") if key in today.columns}
    return replace(filling_of(workbook, block, exact=hers).differing, is_bold=True)


def _clients(prepared: Prepared) -> Filling:
    """The filled columns: those that stand there, then those to be added at the right end."""
    base, workbook = prepared.base, prepared.workbook
    filled = prepared.rules.config.columns.filled
    columns = [
        Edit(
            base.headings[number] if number else getattr(filled, one.key)[0],
            number,
            one.kind,
            prepared.result.cells(one.key),
            one.width,
        )
        for one in FILLED
        for number in [base.filled.get(one.key)]
    ]
    table = _table(workbook, base.region)
    end = table.ref.last_column if table else max(base.headings)
    filling = filling_of(workbook, Block(base.region, columns), end)
    added = [column for column in filling.columns if column.added]
    if not added:
        return filling
    last_row = table.ref.last_row if table else max(base.region.rows)
    _check_room(workbook, filling, added, last_row)
    if table is None:
        return filling
    return replace(filling, table=table, resized=replace(table.ref, last_column=added[-1].number))


def _contacts(workbook: OpenWorkbook, rows: NewRows) -> Iterator[Filling]:
    """The new rows; with the first of their blocks the table grows, where it has to."""
    blocks = rows.blocks()
    for number, block in enumerate(blocks):
        every = {one.column for one in block.columns if one.column}
        filling = filling_of(workbook, block, exact=every)
        table = _table(workbook, replace(block.region, table=rows.place.part))
        if number == 0 and rows.grows and table is not None:
            resized = replace(table.ref, last_row=rows.last)
            filling = replace(filling, table=table, resized=resized)
        yield filling.differing


def _table(workbook: OpenWorkbook, region: Region) -> Table | None:
    """The Excel table of the region; None where it stands on a plain sheet."""
    tables = workbook.tables(workbook.sheet(region.sheet)) if region.table else []
    return next((one for one in tables if one.part == region.table), None)


def _check_room(
    workbook: OpenWorkbook, filling: Filling, added: Sequence[Column], last_row: int
) -> None:
    """Raise CellsTaken unless the cells of the *added* columns are free."""
    area = CellRange(filling.header_row, added[0].number, last_row, added[-1].number)
    taken = [
        address(area.first_row + row, area.first_column + column)
        for row, cells in enumerate(workbook.formulas(filling.sheet, area))
        for column, cell in enumerate(cells)
        if cell is not None and cell != ""
    ]
    if taken:
        headings = [column.heading for column in added]
        found = "there is something in these cells already"
        raise CellsTaken(filling.sheet.name, taken, found, headings)
