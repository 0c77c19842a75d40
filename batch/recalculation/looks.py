"""The looks of filled columns and lists in a workbook of hers: those of a new one, given once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from batch.base import ClientBase
from batch.book import Book, ClosedBook, Worksheet
from batch.cells import LAST_ROW
from batch.edits import Effect, Marked
from batch.formulas.marks import marked_column, marked_list
from batch.history import receipts
from batch.lists.places import FoundLists, ListPlace, find_lists
from rules.config.settings import FILLED, TEXTS_SHEET, Config

if TYPE_CHECKING:
    from batch.recalculation.plan import Plan

_ROOM = 20_000
"""Rows below the last one that get the looks already, where nothing else stands there."""


class _LookedColumn(NamedTuple):
    """A column that the program fills, with its looks."""

    sheet: Worksheet
    heading: str
    marked: list[Marked]


def give_looks(book: ClosedBook, planned: Plan) -> dict[str, list[str]]:
    """Give the filled columns and the lists their looks where the rules ask for it; the headings of
    those that got them, by sheet.

    Those that an earlier run gave looks, and that she changed or took away since, don't get them
    again. A workbook of ours has its own.
    """
    config = planned.rules.config
    if not config.looks or is_ours(book):
        return {}
    given: dict[str, list[str]] = {}
    known = receipts.looks(book.path)
    by_sheet: dict[str, list[_LookedColumn]] = {}
    for one in _every(book, planned.base, planned.lists, config, planned.columns):
        if (one.sheet.name, one.heading) not in known:
            by_sheet.setdefault(one.sheet.name, []).append(one)
    for name, ones in by_sheet.items():
        new = set(book.mark(ones[0].sheet, [each for one in ones for each in one.marked]))
        headings = [one.heading for one in ones if new.intersection(one.marked)]
        if headings:
            given[name] = headings
    return given


def take_looks(
    book: ClosedBook, base: ClientBase, config: Config, given: Mapping[str, list[str]]
) -> bool:
    """Take away the looks that a run gave, where they stand as it gave them."""
    lists = find_lists(book, config) if given else FoundLists({})
    gone = [
        book.unmark(one.sheet, one.marked)
        for one in _every(book, base, lists, config, Effect())
        if one.heading in given.get(one.sheet.name, ())
    ]
    return any(gone)


def is_ours(book: Book) -> bool:
    """Whether the workbook was made by this program."""
    return any(sheet.name == TEXTS_SHEET for sheet in book.sheets)


def _every(
    book: Book, base: ClientBase, lists: FoundLists, config: Config, effect: Effect
) -> Iterator[_LookedColumn]:
    """The filled columns of all tables, those that *effect* adds among them, and of all lists."""
    for key, place in base.places.items():
        if key == config.rooms.clients.key:
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
        area = _area(book, base, key)
        for column in columns:
            number = numbers.get(column.key) or added.get(names[column.key][0])
            if number:
                heading = place.headings.get(number, names[column.key][0])
                beside = place.columns.get(config.rooms.tables[key].identity, number)
                marked = list(marked_column(column, number, area, beside, config))
                yield _LookedColumn(place.sheet, heading, marked)
    for one in lists.places.values():
        yield from _listed(one, config)


def _area(book: Book, base: ClientBase, key: str) -> tuple[int, int, int]:
    """The rows of a table's headings, of its first and of the last of its cells with looks."""
    place = base.places[key]
    last = max(base.tables[key].rows.tolist(), default=place.first_row)
    if book.last_row(place.sheet) <= last:
        last = min(last + _ROOM, LAST_ROW)
    return place.header_row, place.first_row, last


def _listed(place: ListPlace, config: Config) -> Iterator[_LookedColumn]:
    """The columns of a list."""
    declared, headings = config.rooms.sheets[place.key], config.headings(place.key)
    numbers = dict(place.columns)
    if place.is_new:
        numbers = {one.key: number for number, one in enumerate(declared.columns, 1)}
    in_order = {one.key: numbers[one.key] for one in declared.columns if one.key in numbers}
    names = {number: headings[key][0] for key, number in numbers.items()} | dict(place.headings)
    by_number: dict[int, list[Marked]] = {}
    for marked in marked_list(declared, in_order, place.header_row, config):
        by_number.setdefault(marked.area.first_column, []).append(marked)
    for number, marked_ones in by_number.items():
        yield _LookedColumn(place.sheet, names[number], marked_ones)
