"""What is to be written on the sheets with lists, in the closed file or the open workbook alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from batch.book import Book
from batch.cells import address
from batch.edits import Edit, Region
from batch.lists.places import HEAD_ROWS, ListPlace, read_list
from batch.lists.takeover import TakenOver
from batch.lists.workdays import working_days
from rules.config.settings import Config
from rules.model.declarations import SheetRows
from rules.model.entries import HERS, Left
from rules.model.problem import Problem
from rules.model.result import Result
from rules.reading.cells import read_key, shown
from words import speaking


@dataclass(frozen=True)
class ListCells:
    """What the lists shall hold, and what is to be told of entries that stay on them.

    problems: at the cells where the entries stand then; standing: at those where they stand now.
    """

    edits: Sequence[Edit]
    problems: Sequence[Problem]
    standing: Sequence[Problem]


def list_cells(
    book: Book,
    places: Mapping[str, ListPlace],
    result: Result,
    taken: TakenOver,
) -> ListCells:
    """The cells of the lists that have a place, with what is left of her entries.

    The result is that with what was *taken* over.
    """
    with speaking(result.config.based_on):
        return _list_cells(book, places, result, taken)


def _list_cells(
    book: Book,
    places: Mapping[str, ListPlace],
    result: Result,
    taken: TakenOver,
) -> ListCells:
    edits: list[Edit] = []
    problems, standing = list(taken.hindrances), list(taken.hindrances)
    sheets, works = result.config.rooms.sheets, working_days(result.config, result.today)
    for key, place in places.items():
        is_noted = sheets[key] is result.config.rooms.noted
        if not result.config.rooms.is_on(key, result.base, result.config) or (
            is_noted and taken.hindrances
        ):
            continue
        made, keep = sheets[key].rows(result, works), sheets[key].keep
        if keep is not None:
            standing_rows = None if place.is_new else read_list(book, place, result.config)
            made = keep(made, standing_rows, result.config)
        if is_noted:
            made, left = _with_left(made, taken.entries.left)
            first = place.header_row + 1
            problems += _problems(place, ((one, first + at) for one, at in left))
            standing += _problems(place, ((one, one.row) for one, _ in left))
        edits += _edits(place, made, result.config, result.today)
    return ListCells(edits, problems, standing)


def emptied_entries(place: ListPlace) -> list[Edit]:
    """The cells in which she writes, emptied."""
    rows = range(place.header_row + 1, place.last_row + 1)
    region = Region(place.sheet.name, place.header_row, rows)
    blank = [None] * len(rows)
    here = [key for key in HERS if key in place.columns]
    return [Edit(region, key, place.columns[key], "text", blank) for key in here]


def _problems(place: ListPlace, left: Iterable[tuple[Left, int]]) -> Iterator[Problem]:
    """A problem for each entry that stays, in the row that is given with it."""
    for one, row in left:
        if one.advice:
            key = one.told_at or next(iter(one.texts))
            cell = address(row, place.columns[key])
            yield Problem(place.sheet.name, cell, shown(one.texts[key]), one.advice)


def _with_left(made: SheetRows, left: Sequence[Left]) -> tuple[SheetRows, list[tuple[Left, int]]]:
    """The list with what she wrote as it was left, in her client's row, else below; and what was
    left with the places of these rows.
    """
    columns = {key: list(cells) for key, cells in made.columns.items()}
    count = len(made)
    columns |= {key: [None] * count for key in HERS}
    at = {read_key(cell): row for row, cell in enumerate(columns["client_id"])}
    rows = []
    for one in left:
        row = at.pop(read_key(one.client_id), None)
        if row is None and not one.advice and one.texts.keys() <= {"done"}:
            continue  # a mere no, about a client who needn't be contacted any more
        if row is None:
            row = len(columns["client_id"])
            for cells in columns.values():
                cells.append(None)
            for key, cell in (*one.beside.items(), ("client_id", one.client_id)):
                columns[key][row] = cell
        for key, text in one.texts.items():
            columns[key][row] = text
        rows.append((one, row))
    return SheetRows(columns, made.lines), rows


def _edits(place: ListPlace, made: SheetRows, config: Config, today: dt.date) -> Iterator[Edit]:
    """The list from the row below its headings on; then the day and the lines above them.

    None of her entries may be left where it stood.
    """
    name, header = place.sheet.name, place.header_row
    rows = range(header + 1, max(place.last_row, header + len(made)) + 1)
    blank = [None] * (len(rows) - len(made))
    headings = config.headings(place.key)
    region, decided = Region(name, header, rows), config.decided_words()
    for column in config.rooms.sheets[place.key].columns:
        number = place.columns.get(column.key)
        if number or place.is_new:
            heading = place.headings[number] if number else headings[column.key][0]
            cells = [*made.columns[column.key], *blank]
            words = (len(word) + 3 for word in decided.get(column.like, ()))
            width = max(column.width, len(heading) + 2, *words)
            kind, is_exact = column.kind, column.is_hers
            yield Edit(region, heading, number, kind, cells, width, exact=is_exact)
    first = header - HEAD_ROWS
    if first >= 1:
        number = place.first_column
        yield Edit(Region(name, header, [first]), "", number, "date", [today])
        lines = [*made.lines, *[None] * (HEAD_ROWS - 1 - len(made.lines))]
        yield Edit(Region(name, header, range(first + 1, header)), "", number, "text", lines)
