"""A client base recalculated, and all that is to be written for it.

The only place that reads the tables, takes over what she wrote on the list of the day,
recalculates, and makes the edits; whoever opened the workbook writes them.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np

from batch.base import ClientBase, read_base
from batch.book import Book, Place
from batch.configuration import Rules
from batch.edits import HOLDS_FORMULA, IN_ARRAY, IS_MERGED, Change, Edit, Effect, Kept, Region
from batch.formulas.figures import renew_figures
from batch.formulas.functions import Renewed, renew_functions
from batch.formulas.marks import fitting_width
from batch.history import receipts
from batch.lists.blocks import emptied_entries, list_cells
from batch.lists.places import FoundLists, find_lists
from batch.lists.takeover import TakenOver, no_room, take_over
from batch.recalculation import completion
from batch.recalculation.firstsheet import moves_edits
from batch.recalculation.rulesheet import with_sheet
from batch.recalculation.steps import CALCULATING, COMPARING, Step
from rules.answers import Answers
from rules.config.settings import FILLED, Config
from rules.mentions import called
from rules.model.declarations import Cell, Column, Room
from rules.model.problem import Problem
from rules.model.result import Result, as_cells
from rules.moves import Move, moves
from rules.reading.words import fold
from rules.recalculation import recalculate
from words import _


@dataclass(frozen=True)
class Calculated:
    """A client base with what its rules make of it on a day; nothing is to be written.

    rules: with what she typed on the sheet Rules. base: its tables; the rows of base.clients are
    those of the result.
    """

    book: Book
    rules: Rules
    base: ClientBase
    result: Result

    @property
    def path(self) -> Path:
        """The workbook's file."""
        return self.book.path

    def answers(self) -> Answers:
        """What the worksheet functions answer."""
        return Answers(self.result)


def calculate(book: Book, rules: Rules, today: dt.date, *, detailed: bool = False) -> Calculated:
    """Read and calculate the client base in *book* as of *today*, for what only looks at it.

    *detailed*: its tables have the columns that no rule decides by, too. Raises a ClientBaseError
    where the workbook can't be read.
    """
    rules = with_sheet(book, rules)
    base = read_base(book, rules.config, detailed=detailed)
    result = recalculate(base.tables, rules.config, today)
    return Calculated(book, rules, base, result)


@dataclass(frozen=True)
class Plan(Calculated):
    """What a recalculation makes of a workbook; it is staged there, and nothing is written yet.

    base and result: with what was *taken* over from the list of the day. columns: what the filled
    columns do; functions, figures: renewed results; beside: what the lists and the new rows of
    logs do. start: edits of the first sheet, not staged yet. left: what stays on the list of
    the day, though it was meant for Contacts. moves: who moved class, group or stage.
    """

    lists: FoundLists
    taken: TakenOver
    columns: Effect
    functions: Renewed
    figures: Renewed
    beside: Effect
    start: Sequence[Edit]
    left: Sequence[Problem]
    moves: list[Move]

    @property
    def sheet(self) -> str:
        """The name of the clients' sheet."""
        return self.base.region.sheet

    @property
    def changes(self) -> dict[str, list[Change]]:
        """The cells that differ, by sheet; lists and figures aren't counted."""
        found = Effect({self.sheet: []})
        found.add(Effect(self.columns.changes))
        found.add(Effect(self.functions.changes))
        return found.changes

    @property
    def filled_headings(self) -> dict[str, dict[Place, str]]:
        """The headings of the columns of which cells change, by sheet and place."""
        rows = {place.sheet.name: place.header_row for place in self.base.places.values()}
        return {
            sheet: {(rows[sheet], one.column): one.heading for one in changes}
            for sheet, changes in self.columns.changes.items()
        }

    @property
    def clients(self) -> Mapping[int, str]:
        """Each usable client's ID, as it is compared, by her row."""
        clients = self.result.known.clients
        keys, rows = clients.keys[clients.usable], self.base.clients.rows[clients.usable]
        return dict(zip(rows.tolist(), keys.tolist(), strict=True))

    @property
    def given(self) -> Sequence[str]:
        """The clients who get an ID, as they are called."""
        table, key = self.base.clients, self.rules.config.rooms.clients.key
        at = [one.at for one in self.base.completed if one.table == key]
        if not at:
            return []
        return list(map(called, *(table.texts(one, at[0]).tolist() for one in ("id", "name"))))

    # What is told ---------------------------------------------------------------------------

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Cells that can't be used or filled."""
        kept = kept_problems(self._unanswered())
        found = (*self.rules.problems, *self.base.problems, *self.result.problems)
        return (*found, *self.left, *kept)

    @property
    def notices(self) -> tuple[str, ...]:
        """What else she should know."""
        first = self._first_filled()
        told = (*self.rules.notices, *self.lists.notices, *first, *self.result.notices)
        return (*told, *self._formulas())

    def _first_filled(self) -> Iterator[str]:
        """The rooms whose grey columns were blank until now."""
        config = self.result.config
        for room in config.rooms.on(self.base.tables, config):
            filled = [*self._filled_cells(room)] if room.is_extra else []
            if any(count for count, _new in filled) and all(count == new for count, new in filled):
                name = config.sheet(room.tables[0].key) if room.tables else room.key
                yield _("The room {name} is filled for the first time.").format(name=name)

    def _filled_cells(self, room: Room) -> Iterator[tuple[int, int]]:
        """How many cells of each grey column of a room hold something, and how many of them are
        new.
        """
        columns = [
            (FILLED, self.sheet, one.key, self.result.filled[one.key]) for one in room.columns
        ]
        for table in room.tables:
            sheet = self.base.places[table.key].sheet.name
            beside = self.result.beside.get(table.key, {})
            columns += [(table.key, sheet, key, cells) for key, cells in beside.items()]
        for block, sheet, key, cells in columns:
            names = set(map(fold, self.result.config.headings(block)[key]))
            changes = self.columns.changes.get(sheet, [])
            new = sum(one.old is None and fold(one.heading) in names for one in changes)
            yield sum(cell is not None for cell in as_cells(cells)), new

    @property
    def replaced(self) -> tuple[str, ...]:
        """What stood in columns that have the headings of filled ones: told on the first run."""
        changes = chain.from_iterable(self.columns.changes.values())
        hers = Counter(change.heading for change in changes if change.old is not None)
        if not hers:
            return ()
        columns = ", ".join(f"{heading} {count}" for heading, count in hers.items())
        return (
            _(
                "First run on this file. Cells of the filled columns that held something "
                "else and were replaced: {count} ({columns}). The version before is kept."
            ).format(count=hers.total(), columns=columns),
        )

    def _formulas(self) -> Iterator[str]:
        """What became of formulas: those in filled columns, and those with our functions."""
        every = (*self._unanswered(), *self.beside.kept)
        count = sum(one.reason == HOLDS_FORMULA for one in every)
        if count:
            yield _(
                "Cells of the filled columns that hold a formula and were left alone: {count}."
            ).format(count=count)
        if self.functions.left:
            yield _(
                "Formulas with functions of the client base that only Excel can calculate, "
                "such as =IF(CLIENT_CLASS()=…): {count}. They show their old result until "
                "Excel recalculates (Ctrl+Alt+F9)."
            ).format(count=self.functions.left)

    def _unanswered(self) -> list[Kept]:
        """The cells of filled columns that were kept and don't show today's figure either."""
        answered = self.functions.answered
        return [one for one in self.columns.kept if one[:3] not in answered]


def kept_problems(kept: Iterable[Kept]) -> Iterator[Problem]:
    """What is told of cells that can't be filled; formulas of hers aren't a problem."""
    words = {
        IS_MERGED: _("the cell is part of merged cells; unmerge them in Excel"),
        IN_ARRAY: _("the cell belongs to an array formula or a spilled one"),
    }
    for one in kept:
        if one.reason != HOLDS_FORMULA:
            found = words.get(one.reason, one.reason)
            yield Problem(one.sheet, one.cell, found, _("Not filled: {found}.").format(found=found))


def plan(
    book: Book,
    rules: Rules,
    today: dt.date,
    step: Step = lambda _name: None,
    *,
    is_only_looked_at: bool = False,
    detailed: bool = False,
) -> Plan:
    """Read the client base in *book*, calculate it as of *today*, and stage what changes.

    *detailed*: its tables have the columns that no rule decides by, too.

    Problems of what stays on the list of the day are told at the cells where it stands then, or
    now, where the workbook *is_only_looked_at*.

    Raises a ClientBaseError where the workbook can't be read or filled.
    """
    rules = with_sheet(book, rules)
    config = rules.config
    lists = find_lists(book, config)
    read = read_base(book, config, detailed=detailed or bool(lists.places))
    _forget_what_is_only_read(book, read, config)
    taken = _taken_over(book, read, lists, config, today)
    beside = taken.staged(book)
    base = taken.base
    step(CALCULATING)
    result = recalculate(base.tables, config, today)
    step(COMPARING)
    edits = [
        *column_edits(base, result),
        *edits_beside(base, result),
        *_gone_off(book, base, result),
    ]
    cells = list_cells(book, lists.places, result, taken)
    result.known.forget()
    columns = book.stage(edits)
    completed = list(completion.edits(base.completed, base.tables, base.places))
    columns.add(Effect(book.stage(completed).changes))
    functions = renew_functions(book, Answers(result))
    figures = renew_figures(book, base, result, columns.kept)
    moved = _moved(base, result, columns.changes.get(base.region.sheet, []))
    beside.add(book.stage(cells.edits))
    return Plan(
        book,
        rules,
        base,
        result,
        lists,
        taken,
        columns,
        functions,
        figures,
        beside,
        moves_edits(book, moved, config, today),
        cells.standing if is_only_looked_at else cells.problems,
        moved,
    )


def _forget_what_is_only_read(book: Book, base: ClientBase, config: Config) -> None:
    """Free the sheets of tables in which nothing is written."""
    written = {config.rooms.clients.key, config.rooms.noted.into[0]}
    for key, place in base.places.items():
        if key not in written and not config.rooms.tables[key].filled:
            book.forget(place.sheet)


def column_edits(base: ClientBase, result: Result, row: int | None = None) -> list[Edit]:
    """The filled columns of Clients; of one *row* of its sheet those that stand there."""
    region, at = base.region, slice(None)
    if row is not None:
        position = int(np.searchsorted(base.clients.rows, row))
        region, at = replace(region, rows=[row]), slice(position, position + 1)
    filled = base.filled, base.headings, result.config, FILLED
    return [
        _edit(region, one, *filled, result.cells(one.key)[at])
        for one in result.declared
        if row is None or one.key in base.filled
    ]


def edits_beside(base: ClientBase, result: Result) -> Iterator[Edit]:
    """The filled columns of tables other than Clients."""
    for key, columns in result.beside.items():
        place, region = base.places[key], base.rows_of(key)
        for one in result.config.rooms.tables[key].filled:
            cells = as_cells(columns[one.key])
            filled = place.columns, place.headings, result.config, key
            yield _edit(region, one, *filled, cells)


def _edit(
    region: Region,
    column: Column,
    numbers: Mapping[str, int],
    headings: Mapping[int, str],
    config: Config,
    block: str,
    cells: Sequence[Cell],
) -> Edit:
    """A filled column, under its heading if it stands there, else the first that it may have."""
    number = numbers.get(column.key)
    heading = headings[number] if number else config.headings(block)[column.key][0]
    width = fitting_width(column, heading, config)
    return Edit(region, heading, number, column.kind, cells, width)


def _gone_off(book: Book, base: ClientBase, result: Result) -> list[Edit]:
    """The filled columns of rooms that the base doesn't have any more, emptied: those in which a
    run before wrote something. A column of hers may have the same heading.
    """
    edits = [
        Edit(base.region, base.headings[number], number, one.kind, [None] * len(base.clients.rows))
        for key, one in result.config.rooms.columns.items()
        if key not in result.filled and (number := base.filled.get(key))
    ]
    if not book.compare(edits).changes:
        return []
    ours = receipts.headings(book.path, base.region.sheet)
    return [one for one in edits if one.heading in ours]


def _moved(base: ClientBase, result: Result, changes: Iterable[Change]) -> list[Move]:
    """The moves in these *changes* of the filled columns."""
    told = [one.key for one in result.declared if one.moves]
    keys = {base.filled[key]: key for key in told if key in base.filled}
    # what was blank is filled for the first time, which is no move
    moved = [one for one in changes if one.old is not None and one.column in keys]
    places = {row: at for at, row in enumerate(base.clients.rows.tolist())} if moved else {}
    changed: dict[str, list[tuple[int, object]]] = {}
    for change in moved:
        changed.setdefault(keys[change.column], []).append((places[change.row], change.old))
    return moves(result, changed)


def _taken_over(
    book: Book, base: ClientBase, lists: FoundLists, config: Config, today: dt.date
) -> TakenOver:
    """What she wrote on the list of the day, to be put below the last rows of the logs.

    Where one of the cells there can't be written, or one on the list can't be emptied, all of it
    stays on the list: else a contact would be lost, or come back with every run.
    """
    taken = take_over(book, base, lists, config, today)
    if taken.listed is not None:
        kept = book.compare(emptied_entries(lists.places[config.rooms.noted.key])).kept
        formulas = [one.cell for one in kept if one.reason != IS_MERGED]
        if formulas:
            return taken.kept_back(
                _(
                    "Here stands a formula, so nothing that you wrote on this sheet is taken "
                    "over, and the list isn't renewed. Write plain words over it."
                ),
                formulas,
            )
    for rows in taken.rows:
        if book.compare(rows.edits()).kept:
            return taken.kept_back(no_room(rows.place.sheet.name))
    return taken
