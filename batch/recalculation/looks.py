"""The looks of the filled columns in a workbook of hers: those of a new one, given once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from batch.base import ClientBase, Place
from batch.book import Book, ClosedBook
from batch.cells import LAST_ROW
from batch.edits import Effect, Marked
from batch.formulas.marks import marked_column
from batch.history import receipts
from rules.config.settings import FILLED, TEXTS_SHEET, Config
from rules.model.declarations import Column

if TYPE_CHECKING:
    from batch.recalculation.plan import Plan

_ROOM = 20_000
"""Rows below the last one that get the looks already, where nothing else stands there."""


class _Filled(NamedTuple):
    """A filled column as it stands, or will: on the sheet of which table, and in which column."""

    place: Place
    column: Column
    heading: str
    number: int


def give_looks(book: ClosedBook, planned: Plan) -> dict[str, list[str]]:
    """Give the filled columns their looks where the rules ask for it; the headings of those that
    got them, by sheet.

    Those that an earlier run gave looks, and that she changed or took away since, don't get them
    again. A workbook of ours has its own.
    """
    config = planned.rules.config
    if not config.looks or is_ours(book):
        return {}
    given: dict[str, list[str]] = {}
    known = receipts.looks(book.path)
    every = list(_filled(planned.base, config, planned.columns))
    for sheet in {one.place.sheet.name: one.place.sheet for one in every}.values():
        headings: dict[int, str] = {}
        marked: list[Marked] = []
        for one in every:
            if one.place.sheet == sheet and (sheet.name, one.heading) not in known:
                headings[one.number] = one.heading
                marked += _marked(book, one, planned.base, config)
        new = {one.area.first_column for one in book.mark(sheet, marked)}
        if new:
            given[sheet.name] = [heading for number, heading in headings.items() if number in new]
    return given


def take_looks(
    book: ClosedBook, base: ClientBase, config: Config, given: Mapping[str, list[str]]
) -> bool:
    """Take away the looks that a run gave, where they stand as it gave them."""
    gone = [
        book.unmark(one.place.sheet, _marked(book, one, base, config))
        for one in _filled(base, config, Effect())
        if one.heading in given.get(one.place.sheet.name, ())
    ]
    return any(gone)


def is_ours(book: Book) -> bool:
    """Whether the workbook was made by this program."""
    return any(sheet.name == TEXTS_SHEET for sheet in book.sheets)


def _filled(base: ClientBase, config: Config, effect: Effect) -> Iterator[_Filled]:
    """The filled columns of all tables, those that *effect* adds among them."""
    on_clients = config.rooms.clients.key
    for key, place in base.places.items():
        if key == on_clients:
            block, columns, numbers = FILLED, (*config.rooms.columns.values(),), base.filled
        else:
            table = config.rooms.tables[key]
            block, columns, numbers = key, table.filled, place.columns
        names = config.headings(block)
        added = {
            change.heading: change.column
            for change in effect.changes.get(place.sheet.name, ())
            if change.row == place.header_row and change.heading in effect.added
        }
        for column in columns:
            number = numbers.get(column.key) or added.get(names[column.key][0])
            if number:
                heading = place.headings.get(number, names[column.key][0])
                yield _Filled(place, column, heading, number)


def _marked(book: Book, one: _Filled, base: ClientBase, config: Config) -> list[Marked]:
    """The looks of a column."""
    place, key = one.place, next(key for key, at in base.places.items() if at is one.place)
    rows = base.tables[key].rows.tolist()
    last = max(rows, default=place.first_row)
    if book.last_row(place.sheet) <= last:
        last = min(last + _ROOM, LAST_ROW)
    identity = config.rooms.tables[key].identity
    beside = place.columns.get(identity, one.number)
    area = place.header_row, place.first_row, last
    return list(marked_column(one.column, one.number, area, beside, config))
