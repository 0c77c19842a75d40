"""What she wrote on the sheet Today, taken over into Contacts and Purchases before anything is
calculated.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from batch.base import ClientBase, Place
from batch.book import Book
from batch.edits import Effect
from batch.lists.contactlog import NewRows, new_rows
from batch.lists.places import FoundLists, listed_on, read_list
from rules.config.settings import Config
from rules.model.entries import Entries, NewContact, NewPurchase, written_cells
from rules.model.problem import Problem
from rules.model.raw import RawTable
from rules.reading.cells import read_keys
from words import _

_ASKED = ("result", "next_date")
"""Columns that a log must have where anything is to be written there."""


@dataclass(frozen=True)
class TakenOver:
    """Her entries on the list, and the base with them.

    base: with the new rows in its tables. rows: where these are to be written, by table.
    listed: the rows of the list; None where the workbook has none. hindrances: why nothing is taken
    over; then the list stays as it stands.
    """

    base: ClientBase
    entries: Entries = field(default_factory=Entries)
    rows: Sequence[NewRows] = ()
    listed: RawTable | None = None
    original: ClientBase | None = None
    hindrances: tuple[Problem, ...] = ()

    @property
    def count(self) -> int:
        """How many contacts are taken over."""
        return len(self.entries.contacts)

    @property
    def bought(self) -> int:
        """How many purchases are taken over."""
        return len(self.entries.purchases)

    def staged(self, book: Book) -> Effect:
        """What the new rows do, which are written when the *book* is."""
        effect = Effect()
        for rows in self.rows:
            effect.add(book.stage([*rows.edits(), *rows.names_beside()]))
        effect.kept.clear()  # a name's cell with a formula: it shows the name by itself
        return effect

    def told(self, config: Config) -> Iterator[str]:
        """What is told of it."""
        sheet = config.sheet(config.rooms.noted.key)
        if self.count:
            told = _("Contacts taken over from the sheet {sheet}: {count}.")
            yield told.format(sheet=sheet, count=self.count)
        if self.bought:
            told = _("Purchases taken over from the sheet {sheet}: {count}.")
            yield told.format(sheet=sheet, count=self.bought)
        yield from self.entries.hints

    def kept_back(self, advice: str, cells: Sequence[str] = ()) -> TakenOver:
        """Nothing is taken over, and the list stays as it stands, so that its day and its reasons
        stay with what she wrote.

        *advice* is told at these cells, by default at each entry.
        """
        if self.listed is None:
            return self
        told = cells or written_cells(self.listed)
        problems = (Problem(self.listed.sheet, cell, "", advice) for cell in told)
        base = self.original or self.base
        return TakenOver(base, listed=self.listed, hindrances=tuple(problems))


def take_over(
    workbook: Book, base: ClientBase, lists: FoundLists, config: Config, today: dt.date
) -> TakenOver:
    """The *base* with the contacts and purchases that she noted on the list.

    Where they can't be written down, because Contacts is missing or a table has no room, all of it
    stays on the list, which isn't written anew until they can.
    """
    noted = config.rooms.noted
    place = lists.places.get(noted.key)
    if place is None or place.is_new:
        return TakenOver(base)
    listed = read_list(workbook, place, config)
    day = listed_on(workbook, place) or today
    are_names = base.clients.is_keyed_by_name
    keys = read_keys(base.clients.column("id"), are_names=are_names).tolist()
    log = base.places.get(noted.into[0])
    has_kinds = log is None or "kind" in log.columns
    clients = set(keys) - {""}
    assert noted.entries is not None  # noqa: S101 — that makes it this sheet
    how = {"has_kinds": has_kinds, "are_names": are_names}
    found = noted.entries(listed, clients, config, day, today, **how)
    taken, longer, rows = TakenOver(base, found, listed=listed), base, []
    for table, entries in found.rows.items():
        log = base.places.get(table)
        hindrance = _hindrance(table, log, config, entries)
        if log is None or hindrance:
            return taken.kept_back(hindrance)
        new = new_rows(workbook, log, entries, base.clients)
        if new is None:
            return taken.kept_back(no_room(log.sheet.name))
        rows.append(new)
        tables = {**longer.tables, table: new.added_to(longer.tables[table])}
        longer = replace(longer, tables=tables)
    return TakenOver(longer, found, rows, listed, base)


def _hindrance(
    table: str,
    log: Place | None,
    config: Config,
    entries: Sequence[NewContact] | Sequence[NewPurchase],
) -> str:
    """Why entries can't go into a table, '' where they can."""
    if log is None:
        return _(
            "There is no sheet {sheet}, so what you wrote stays here. Add that sheet, "
            "with its headings."
        ).format(sheet=config.sheet(table))
    if log.disagreeing:
        return _(
            "The heading cells on the sheet {sheet} say other things than the table around "
            "them, so what you wrote stays here. Open the workbook in Excel, let it repair "
            "the table, and save."
        ).format(sheet=log.sheet.name)
    for key in _ASKED:
        if key not in log.columns and any(getattr(one, key, None) for one in entries):
            return _(
                "The sheet {sheet} has no column {column}, so what you wrote stays here. Add "
                "that heading there."
            ).format(sheet=log.sheet.name, column=config.heading(table, key))
    return ""


def no_room(sheet: str) -> str:
    """Told where the log has no room for the entries."""
    return _(
        "There is no room for new rows below the table on the sheet {sheet}, so what "
        "you wrote stays here. Free the rows below it, or switch off its totals row."
    ).format(sheet=sheet)
