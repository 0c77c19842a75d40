"""What an import brings in, written into a new base or below the rows of one that stands there."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import numpy as np

from batch.base import Place
from batch.configuration import Rules
from batch.edits import Edit, Kind, Region
from batch.errors import CellsTaken, OtherRefused, TableNotExtendable
from batch.history import receipts
from batch.history.receipts import IMPORTED, Receipt
from batch.history.versions import Keeper
from batch.importing.outcome import Brought, Row
from batch.importing.records import LeftOut
from batch.importing.sheets import Cell, text_of
from batch.importing.standing import StandingBase
from batch.installation.program import version
from batch.lists.contactlog import room_below
from batch.making.new import unique_heading
from batch.saving import disk, inuse, ours
from batch.saving.readback import read_back
from batch.saving.replacement import save, told
from batch.writer.base import write_base
from batch.writer.tables import SheetContent, heading_text
from rules.config.settings import FILLED, Config
from rules.model.raw import RawTable
from rules.model.result import Result
from rules.reading.cells import is_blank
from rules.reading.words import fold, fold_id
from rules.recalculation import recalculate
from words import _

TABLES: Final = ("clients", "purchases", "contacts")


class NoRoom(OtherRefused):
    """Below the rows of a sheet there is no room for new ones."""


# A new base -------------------------------------------------------------------------------------


def contents(found: Brought, config: Config) -> dict[str, SheetContent]:
    """The tables of a new base."""
    return {table: _content(table, found.rows(table), config) for table in TABLES}


def _content(table: str, rows: Sequence[Row], config: Config) -> SheetContent:
    keys = dict.fromkeys(key for row in rows for key in row.fields)
    known = config.rooms.tables[table].by_key
    columns: dict[str, list[object]] = {
        key: [row.fields.get(key) for row in rows] for key in keys if key in known
    }
    taken = {fold(name) for names in config.headings(table).values() for name in names}
    if table == config.rooms.clients.key:
        taken |= {fold(name) for names in config.headings(FILLED).values() for name in names}
    others: dict[str, list[object]] = {}
    for heading in dict.fromkeys(one for row in rows for one in row.own):
        name = unique_heading(heading_text(heading), taken)
        taken.add(fold(name))
        others[name] = [_plain(row.own.get(heading)) for row in rows]
    return SheetContent(columns, others, len(rows))


def _plain(cell: Cell) -> object:
    return cell.isoformat() if isinstance(cell, dt.time) else cell


def write_new(
    path: Path,
    rules: Rules,
    found: Brought,
    sources: Iterable[Path],
    today: dt.date,
    now: dt.datetime,
) -> None:
    """Write a new base, and the receipt that lets `undo` take it away again."""
    began = time.perf_counter()
    write_base(path, rules.config, contents(found, rules.config), sources=sources)
    path = inuse.real(path)
    owner = path.stat()
    after = hashlib.sha256(ours.read(path, owner)).hexdigest()
    disk.private_folder(disk.history_folder(path), owner)
    receipt = _receipt(receipts.number_after(path), rules, today, now, began)
    receipts.append(path, receipt._replace(after=after), owner)


def _receipt(run: int, rules: Rules, today: dt.date, now: dt.datetime, began: float) -> Receipt:
    return Receipt(
        run=run,
        when=now.isoformat(timespec="seconds"),
        what=IMPORTED,
        today=today.isoformat(),
        config=str(rules.path),
        config_sha256=rules.sha256,
        program=version(),
        seconds=round(time.perf_counter() - began, 3),
        cells={},
    )


# A base that stands there -----------------------------------------------------------------------


@dataclass(frozen=True)
class Added:
    """What was added: the version before, what the computer said against it, if anything, and what
    found no room.
    """

    backup: Path | None
    told: Sequence[str]
    left: Sequence[LeftOut]


@dataclass
class RowsBelow:
    """The cells to be written below the rows of a base: in its columns, and in new ones."""

    edits: list[Edit] = field(default_factory=list)
    added: list[Edit] = field(default_factory=list)


def staged(standing: StandingBase, found: Brought, config: Config) -> RowsBelow:
    """What is to be written below the rows of a base. Raises NoRoom."""
    below = RowsBelow()
    for table in TABLES:
        rows = found.rows(table)
        if rows:
            _add_rows(below, standing, table, rows, config)
    return below


def _add_rows(
    below: RowsBelow, standing: StandingBase, table: str, rows: Sequence[Row], config: Config
) -> None:
    place = standing.base.places.get(table)
    name = config.sheet(table)
    if place is None:
        advice = _("Add it with its headings, and try again; nothing was written.")
        raise NoRoom(standing.book.path, _("has no sheet '{name}'").format(name=name), advice)
    columns, added = _columns(place, table, rows, config)
    key = place.columns.get(config.rooms.tables[table].identity)
    if key is not None and standing.has_numbers:
        columns[key] = [_as_number(cell) for cell in columns[key]]
    free = room_below(standing.book, place, len(rows), columns)
    if free is None:
        said = _("has no room below the last row of the sheet '{name}'").format(name=name)
        raise NoRoom(standing.book.path, said, _("Move what stands there; nothing was written."))
    numbers = range(free.first, free.first + len(rows))
    region = Region(place.sheet.name, place.header_row, numbers, place.part, free.like)
    for number, cells in columns.items():
        below.edits += _edits(region, place.headings[number], number, cells)
    for heading, cells in added.items():
        texts = [text_of(cell) or None for cell in cells]
        below.added.append(Edit(region, heading_text(heading), None, "text", texts))


def _columns(
    place: Place, table: str, rows: Sequence[Row], config: Config
) -> tuple[dict[int, list[Cell]], dict[str, list[Cell]]]:
    """The cells of each column; what has none goes into the notes of clients, or into a new one."""
    at = {fold(heading): number for number, heading in place.headings.items()}
    columns: dict[int, list[Cell]] = {}
    notes = place.columns.get("notes") if table == config.rooms.clients.key else None
    added: dict[str, list[Cell]] = {}
    for position, row in enumerate(rows):
        placed = [(place.columns.get(key), key, cell) for key, cell in row.fields.items()]
        placed += [(at.get(fold(heading)), heading, cell) for heading, cell in row.own.items()]
        extra = []
        for number, heading, cell in placed:
            if number is not None:
                columns.setdefault(number, [None] * len(rows))[position] = cell
            elif cell is not None and notes is not None:
                extra.append(f"{_heading(table, heading, config)}: {text_of(cell)}")
            elif cell is not None:
                name = _heading(table, heading, config)
                added.setdefault(name, [None] * len(rows))[position] = cell
        if extra and notes is not None:
            cells = columns.setdefault(notes, [None] * len(rows))
            cells[position] = "; ".join(filter(None, [text_of(cells[position]), *extra]))
    return columns, added


def _as_number(cell: Cell) -> Cell:
    """An ID as the number that it is, where it is one."""
    text = text_of(cell)
    return float(text) if text.isdecimal() and str(int(text)) == text else cell


def _heading(table: str, key: str, config: Config) -> str:
    headings = config.headings(table)
    return headings[key][0] if key in headings else key


def _edits(region: Region, heading: str, number: int, cells: Sequence[Cell]) -> Iterator[Edit]:
    """The cells of a column, those of each kind for themselves."""
    by_kind: dict[Kind, dict[int, Any]] = {}
    for row, cell in zip(region.rows, cells, strict=True):
        if cell is None:
            continue
        kind: Kind = "text"
        if isinstance(cell, dt.date):
            kind = "date"
        elif isinstance(cell, (int, float)) and not isinstance(cell, bool):
            kind = "number"
        by_kind.setdefault(kind, {})[row] = cell if kind != "text" else text_of(cell)
    for kind, values in by_kind.items():
        part = replace(region, rows=list(values))
        yield Edit(part, heading, number, kind, list(values.values()), exact=True)


def add(
    standing: StandingBase, below: RowsBelow, rules: Rules, today: dt.date, now: dt.datetime
) -> Added:
    """Write the rows into the base, keeping the version before and a receipt for `undo`."""
    began, book = time.perf_counter(), standing.book
    effect = book.stage(below.edits)
    left = []
    for sheet, ones in groupby(below.added, lambda edit: edit.region.sheet):
        added = list(ones)
        try:
            effect.add(book.stage(added))
        except (CellsTaken, TableNotExtendable):
            why = _("the base has no such column, and no room for it")
            for edit in added:
                count = sum(cell is not None for cell in edit.values)
                what = _("cells: {count}").format(count=count)
                left.append(LeftOut(f"{sheet}, {edit.heading}", what, why))
    clients = _new_keys(standing, below.edits, rules.config)

    def receipt(run: int) -> Receipt:
        cells = receipts.cells_of(effect.changes, {standing.base.region.sheet: clients})
        made = _receipt(run, rules, today, now, began)
        return made._replace(cells=cells, added=effect.added)

    keeper = Keeper(book.path, rules.config.backups, now, receipt)
    read = partial(read_back, date1904=book.date1904, before=book.path)

    def verify(copy: Path) -> None:
        for one in book.written:
            read(copy, one.sheet, one.expected, area=one.area)

    fault = save(book.package, book.parts(), verify=verify, keeping=keeper)
    return Added(keeper.backup, told(fault), left)


def _new_keys(standing: StandingBase, edits: Sequence[Edit], config: Config) -> dict[int, str]:
    """The IDs of new clients, as they are compared, by their rows."""
    place = standing.base.places[config.rooms.clients.key]
    column = place.columns["id"]
    change = fold if standing.are_names else fold_id
    return {
        row: change(text_of(value))  # type: ignore[arg-type]
        for edit in edits
        if edit.region.sheet == place.sheet.name and edit.column == column
        for row, value in zip(edit.region.rows, edit.values, strict=True)
    }


# Rehearsal --------------------------------------------------------------------------------------


def rehearsed(
    found: Brought, standing: StandingBase | None, rules: Rules, today: dt.date
) -> Result:
    """What the rules would make of the base with all that comes in."""
    config, tables = rules.config, dict[str, RawTable]()
    before = standing.base.tables if standing is not None else {}
    for table, content in contents(found, config).items():
        old = before.get(table)
        tables[table] = _raw(table, content, config) if old is None else _longer(old, content)
    return recalculate(tables, config, today)


def _raw(table: str, content: SheetContent, config: Config) -> RawTable:
    cells = {key: _cells(column) for key, column in content.columns.items()}
    letters = dict.fromkeys(cells, "A") | {"id": "A", "name": "B"}
    rows = np.arange(2, content.count + 2, dtype=np.int64)
    return RawTable(config.sheet(table), rows, cells, letters)


def _longer(old: RawTable, content: SheetContent) -> RawTable:
    first = int(old.rows[-1]) + 1 if len(old.rows) else 2
    rows = np.arange(first, first + content.count, dtype=np.int64)
    none = [None] * content.count
    cells = {
        key: _joined(column, content.columns.get(key, none)) for key, column in old.cells.items()
    }
    details = {
        key: _joined(column, content.columns.get(key, none)) for key, column in old.details.items()
    }
    own = {key: _joined(column, none) for key, column in old.own.items()}
    are_dates = np.ones(content.count, np.bool_)
    shown = {key: np.concatenate([one, are_dates]) for key, one in old.shown_as_dates.items()}
    return replace(
        old,
        rows=np.concatenate([old.rows, rows]),
        cells=cells,
        details=details,
        own=own,
        shown_as_dates=shown,
    )


def _cells(values: Sequence[object]) -> np.ndarray[Any, Any]:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def _joined(old: np.ndarray[Any, Any], more: Sequence[object]) -> np.ndarray[Any, Any]:
    whole = np.empty(len(old) + len(more), dtype=object)
    whole[: len(old)] = old
    whole[: len(old)][is_blank(old)] = None
    whole[len(old) :] = more
    return whole
