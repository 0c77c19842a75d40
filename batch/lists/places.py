"""Where the sheets with lists stand in a workbook, and what stands on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from batch.base import TOP_ROWS, with_dates
from batch.book import Book, Worksheet
from batch.cells import LAST_ROW, column_letters
from batch.errors import SheetNotFound
from rules.config.settings import TEXTS_SHEET, Config
from rules.model.declarations import Room
from rules.model.raw import RawTable
from rules.reading.words import DoubleHeadingError, MissingHeadingError, fold, match_headings
from words import _

HEAD_ROWS = 3
"""Rows above the headings: the day, and two lines of text."""


@dataclass(frozen=True)
class ListPlace:
    """Where a list stands: its key, sheet, heading row, and columns by key.

    headings: by column number. last_row: the last row in which one of its columns holds anything,
    the heading row where there is none. is_new: the sheet is empty, and gets its headings now.
    """

    key: str
    sheet: Worksheet
    header_row: int
    columns: Mapping[str, int]
    headings: Mapping[int, str]
    last_row: int
    is_new: bool = False

    @property
    def first_column(self) -> int:
        """The column below which the list begins, and above it the day."""
        return min(self.columns.values(), default=1)


@dataclass(frozen=True)
class FoundLists:
    """The lists of a workbook by key, and what is to be told about sheets that are none."""

    places: Mapping[str, ListPlace]
    notices: tuple[str, ...] = ()


def find_lists(workbook: Book, config: Config) -> FoundLists:
    """The sheets with lists in *workbook*: those with the headings of one, and empty ones."""
    places: dict[str, ListPlace] = {}
    notices: list[str] = []
    for key in _reports(workbook, config):
        name = config.sheet(key)
        try:
            sheet = workbook.sheet(name)
        except SheetNotFound as error:
            notices += _renamed(workbook, key, error.found, config)
            continue
        place = _place(workbook, sheet, key, config)
        if place is None:
            notices.append(_why_none(workbook, sheet, key, config))
        else:
            places[key] = place
    return FoundLists(places, tuple(notices))


def _reports(workbook: Book, config: Config) -> Iterator[str]:
    """The keys of the lists that a base may have: without the sheet that switches a room on, a
    sheet with the name of a report of it is hers.
    """
    for room in config.rooms:
        if not room.is_extra or _may_be_on(room, workbook, config):
            yield from (one.key for one in room.sheets)


def _may_be_on(room: Room, workbook: Book, config: Config) -> bool:
    if room.is_named or room.key in config.rooms_off:
        return room.is_on({}, config)
    try:
        workbook.sheet(config.sheet(room.tables[0].key))
    except SheetNotFound:
        return False
    return True


def _renamed(workbook: Book, key: str, names: Sequence[str], config: Config) -> Iterator[str]:
    """A notice where a workbook of ours has the list of the day on a sheet of another name."""
    if key != config.rooms.noted.key or TEXTS_SHEET not in names:
        return
    known = {fold(name) for name in dict(config.sheets).values()}
    for name in names:
        if fold(name) in known or name == TEXTS_SHEET:
            continue
        with suppress(SheetNotFound):
            sheet = workbook.sheet(name)
            if not _best_match(workbook, sheet, key, config).lacking:
                wanted = config.sheet(key)
                yield _(
                    "The list stands on the sheet {sheet}, but your rules look for {wanted}; it "
                    "isn't renewed, and nothing that you wrote there is taken over. Rename the "
                    "sheet, or set sheets.today in config.yaml."
                ).format(sheet=sheet.name, wanted=wanted)


def _why_none(workbook: Book, sheet: Worksheet, key: str, config: Config) -> str:
    """Why a sheet isn't written: a heading is missing, or it holds something else."""
    best = _best_match(workbook, sheet, key, config)
    usual = [one for one in config.rooms.sheets[key].columns if one.required or not one.is_hers]
    if best.found * 2 < len(usual) or not best.lacking:
        return _(
            "The sheet {sheet} holds something else than the list of that name and stays "
            "as it is. Rename it, or name another sheet for the list under 'sheets' in "
            "config.yaml."
        ).format(sheet=sheet.name)
    headings = config.headings(key)
    missing = ", ".join(headings[one][0] for one in best.lacking)
    return _(
        "The sheet {sheet} lacks the heading {columns}, so the list isn't renewed "
        "and nothing that you wrote there is taken over. Add that heading again."
    ).format(sheet=sheet.name, columns=missing)


class _Match(NamedTuple):
    """How many columns of a list a row has as headings, and which required ones it lacks."""

    found: int
    lacking: list[str]


def _best_match(workbook: Book, sheet: Worksheet, key: str, config: Config) -> _Match:
    """The row among the top ones that has the most headings of a list."""
    required = config.rooms.sheets[key].required_keys
    best = _Match(0, sorted(required))
    for headings in workbook.top_rows(sheet, TOP_ROWS).values():
        folded = set(map(fold, headings.values()))
        columns = {
            one for one, names in config.headings(key).items() if folded & set(map(fold, names))
        }
        if len(columns) > best.found:
            best = _Match(len(columns), sorted(required - columns))
    return best


def _place(workbook: Book, sheet: Worksheet, key: str, config: Config) -> ListPlace | None:
    """Where the list stands; None on a sheet that holds something else."""
    top, declared = workbook.top_rows(sheet, TOP_ROWS), config.rooms.sheets[key]
    required = declared.required_keys
    for row, headings in sorted(top.items()):
        try:
            columns = match_headings(sheet.name, key, headings, config.headings(key))
        except (DoubleHeadingError, MissingHeadingError):
            continue
        if columns.keys() >= required:
            wanted = sorted({columns[one] for one in required} | {min(columns.values())})
            rows = workbook.columns(sheet, wanted, row + 1, LAST_ROW).rows
            last = int(rows[-1]) if len(rows) else row
            place = ListPlace(key, sheet, row, columns, headings, last)
            is_noted = declared is config.rooms.noted
            return place if is_noted or _is_ours(workbook, place) else None
    if top or not workbook.is_bare(sheet):
        return None
    row = HEAD_ROWS + 1
    return ListPlace(key, sheet, row, {}, {}, row, is_new=True)


def _is_ours(workbook: Book, place: ListPlace) -> bool:
    """Whether the rows of a list were written by the program: the day stands above them.

    Columns of her own tell the list of the day from any table; the headings of the others may be
    those of a table of hers.
    """
    has_rows = place.last_row > place.header_row
    return not has_rows or listed_on(workbook, place) is not None


def read_list(workbook: Book, place: ListPlace, config: Config) -> RawTable:
    """The rows of the list Today as they stand, with what is needed of her entries."""
    columns = {
        key: place.columns[key]
        for key in config.rooms.sheets[place.key].reads
        if key in place.columns
    }
    read = workbook.columns(place.sheet, sorted(columns.values()), place.header_row + 1, LAST_ROW)
    return RawTable(
        place.sheet.name,
        read.rows.astype(np.int64),
        {
            key: with_dates(workbook, read.values[column], read.styles[column])
            for key, column in columns.items()
        },
        {key: column_letters(column) for key, column in columns.items()},
        epoch_1904=workbook.date1904,
    )


def listed_on(workbook: Book, place: ListPlace) -> dt.date | None:
    """The day of the list, which stands above it; None where it was overwritten."""
    row, column = place.header_row - HEAD_ROWS, place.first_column
    if row < 1:
        return None
    read = workbook.columns(place.sheet, [column], row, row)
    for cell in with_dates(workbook, read.values[column], read.styles[column]).tolist():
        if isinstance(cell, dt.date):
            return cell.date() if isinstance(cell, dt.datetime) else cell
    return None
