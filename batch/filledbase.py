"""A client base with its columns filled: what changes in the workbook, and what is to be told."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, groupby
from pathlib import Path

from batch.base import ClientBase, read_base
from batch.cells import CellValue, parse_address
from batch.edits import HOLDS_FORMULA, IN_ARRAY, IS_MERGED, Change, Edit, Kept
from batch.figurecells import refresh_figures
from batch.functioncells import Refreshed, refresh
from batch.history import receipts
from batch.history.receipts import Cells
from batch.lists.blocks import emptied_entries, list_cells
from batch.lists.places import FoundLists, ListPlace, find_lists
from batch.lists.rewriting import Rewritten
from batch.lists.takeover import TakenOver, take_over
from batch.moved import moved
from batch.saving.readback import read_back
from batch.startcells import changes_block
from batch.xlsx import fill
from batch.xlsx.workbook import Workbook
from rules.columns import FILLED
from rules.config.settings import Config
from rules.moves import Move
from rules.recalculation import Result, recalculate
from rules.tables import Problem

Step = Callable[[str], None]
"""Told the name of each step (a key of `messages`) as it begins."""


@dataclass(frozen=True)
class FilledBase:
    """What a calculation makes of a workbook; nothing is written yet.

    columns: as they are filled. refreshed: cells with our functions; figures: those on the first
    sheet and under the charts. lists: the sheets with lists and the new rows of Contacts; left:
    what stays on the list of the day, though it was meant for Contacts; taken: how many contacts
    were taken over from it; told: notices about lists; moves: who moved class, group or stage.
    """

    config: Config
    base: ClientBase
    result: Result
    columns: list[Edit]
    filled: fill.Filling
    refreshed: Refreshed
    figures: Refreshed
    lists: Rewritten
    left: Sequence[Problem]
    taken: int
    told: tuple[str, ...]
    moves: list[Move]

    @property
    def sheet(self) -> str:
        """The name of the clients' sheet."""
        return self.base.region.sheet

    @cached_property
    def parts(self) -> dict[str, bytes]:
        """New bytes of the parts that differ."""
        return {
            **self.filled.parts,
            **self.refreshed.parts,
            **self.figures.parts,
            **self.lists.parts,
        }

    @cached_property
    def changes(self) -> dict[str, list[Change]]:
        """The cells that differ, by sheet; lists and figures aren't counted."""
        changes = {self.sheet: list(self.filled.changes)}
        for sheet, more in self.refreshed.changes.items():
            changes.setdefault(sheet, []).extend(more)
        return changes

    @property
    def expected(self) -> dict[str, list[tuple[int, int, CellValue]]]:
        """Row, column and value of every cell that is written, by sheet; of one that is written
        twice the last.
        """
        expected = {self.sheet: self.filled.expected}
        for one in (self.refreshed, self.figures, self.lists):
            for sheet, cells in one.expected.items():
                both = chain(expected.get(sheet, []), cells)
                expected[sheet] = list({cell[:2]: cell for cell in both}.values())
        return expected

    def receipt_cells(self) -> Cells:
        """The cells that the columns change, as a receipt has them."""
        return receipts.cells_of({self.sheet: self.filled.changes}, self.clients)

    @property
    def added(self) -> list[str]:
        """The headings of new columns."""
        return [column.heading for column in self.columns if column.column is None]

    @property
    def clients(self) -> Mapping[int, str]:
        """Each usable client's ID, as it is compared, by her row."""
        clients = self.result.base.clients
        keys, rows = clients.keys[clients.usable], self.base.clients.rows[clients.usable]
        return dict(zip(rows.tolist(), keys.tolist(), strict=True))

    def check(self, before: Path, written: Path) -> None:
        """Read the cells in the file *written* back with an independent reader.

        Raises NotVerified naming the first one that isn't as it should be.
        """
        date1904 = self.base.clients.epoch_1904
        areas = Counter({self.sheet: self.filled.area})
        for more in (self.figures.areas, self.refreshed.areas, self.lists.areas):
            areas |= Counter(more)
        for sheet, cells in self.expected.items():
            area = areas[sheet]
            read_back(written, sheet, cells, date1904=date1904, before=before, area=area)

    # What is told ---------------------------------------------------------------------------

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Cells that can't be used or filled."""
        return (*self.base.problems, *self.result.problems, *self.left, *self._kept())

    @property
    def notices(self) -> tuple[str, ...]:
        """What else she should know."""
        return (*self.told, *self.result.notices, *self._formulas())

    @property
    def replaced(self) -> tuple[str, ...]:
        """What stood in columns that have the headings of filled ones: told on the first run."""
        hers = Counter(change.heading for change in self.filled.changes if change.old is not None)
        if not hers:
            return ()
        columns = ", ".join(f"{heading} {count}" for heading, count in hers.items())
        return (self.config.messages.replaced.format(count=hers.total(), columns=columns),)

    def _kept(self) -> Iterator[Problem]:
        say = self.config.messages
        words = {IS_MERGED: say.kept_merged, IN_ARRAY: say.kept_array}
        for kept in self._unanswered():
            if kept.reason != HOLDS_FORMULA:
                found = words.get(kept.reason, kept.reason)
                advice = say.cell_kept.format(found=found)
                yield Problem(self.sheet, kept.cell, found, advice)

    def _formulas(self) -> Iterator[str]:
        """What became of formulas: those in filled columns, and those with our functions."""
        say = self.config.messages
        every = (*self._unanswered(), *self.lists.kept)
        count = sum(one.reason == HOLDS_FORMULA for one in every)
        if count:
            yield say.formulas_kept.format(count=count)
        if self.refreshed.left:
            yield say.functions_left.format(count=self.refreshed.left)

    def _unanswered(self) -> list[Kept]:
        """The cells of filled columns that were kept and don't show today's figure either."""
        answered = self.refreshed.answered
        return [
            kept
            for kept in self.filled.kept
            if (self.sheet, *parse_address(kept.cell)) not in answered
        ]


def fill_base(
    workbook: Workbook,
    config: Config,
    today: dt.date,
    step: Step = lambda _name: None,
    *,
    is_only_looked_at: bool = False,
    detailed: bool = False,
) -> FilledBase:
    """Read the client base in *workbook*, calculate it as of *today*, and work out what changes.

    *detailed*: its tables have the columns that no rule decides by, too.

    Problems of what stays on the list of the day are told at the cells where it stands then, or
    now, where the workbook *is_only_looked_at*.

    Raises a ClientBaseError where the workbook can't be read or filled.
    """
    sheets = config.sheets
    workbook.read_ahead(sheets.clients, sheets.purchases, sheets.contacts)
    lists = find_lists(workbook, config)
    read = read_base(workbook, config, detailed=detailed or bool(lists.places))
    workbook.forget(sheets.purchases)
    taken, rewritten = _taken_over(workbook, read, lists, config, today)
    base = taken.base
    step("step_compute")
    result = recalculate(base.clients, base.purchases, base.contacts, config, today)
    step("step_fill")
    columns = list(_columns(base, result, config))
    filled = fill.fill(rewritten.workbook, base.region, columns)
    with_columns = rewritten.workbook.with_parts(filled.parts)
    refreshed = refresh(with_columns, base.answers(result))
    with_functions = with_columns.with_parts(refreshed.parts)
    figures = refresh_figures(with_functions, base, result, filled)
    rewritten.workbook = with_functions.with_parts(figures.parts)
    moves = moved(base, result, filled.changes)
    changes = changes_block(with_functions, moves, config, today)
    if changes is not None:
        rewritten.put([changes])
    cells = list_cells(lists.places, base, result, taken)
    for _, blocks in groupby(cells.blocks, lambda block: block.region.sheet):
        rewritten.put(list(blocks))
    return FilledBase(
        config,
        base,
        result,
        columns,
        filled,
        refreshed,
        figures,
        rewritten,
        cells.standing if is_only_looked_at else cells.problems,
        taken.count,
        lists.notices,
        moves,
    )


def _taken_over(
    workbook: Workbook, base: ClientBase, lists: FoundLists, config: Config, today: dt.date
) -> tuple[TakenOver, Rewritten]:
    """What she wrote on the list of the day, put below the last row of Contacts.

    Where one of the cells there can't be written, or one on the list can't be emptied, all of it
    stays on the list: else a contact would be lost, or come back with every run.
    """
    taken, rewritten = take_over(workbook, base, lists, config, today), Rewritten(workbook)
    if taken.listed is not None:
        formulas = _formulas_among_entries(workbook, lists.places["today"])
        if formulas:
            return taken.kept_back(config.messages.entry_formula, formulas), rewritten
    if taken.rows is None:
        return taken, rewritten
    rewritten.put_rows(taken.rows)
    if not rewritten.kept:
        return taken, rewritten
    advice = config.messages.entry_no_room.format(sheet=config.sheets.contacts)
    return taken.kept_back(advice), Rewritten(workbook)


def _formulas_among_entries(workbook: Workbook, place: ListPlace) -> list[str]:
    """The cells of Done and Result that can't be emptied, because they calculate."""
    emptied = Rewritten(workbook)
    emptied.put(emptied_entries(place))
    return [one.cell for one in emptied.kept if one.reason != IS_MERGED]


def _columns(base: ClientBase, result: Result, config: Config) -> Iterator[Edit]:
    for column in FILLED:
        at = base.filled.get(column.key)
        heading = base.headings[at] if at else getattr(config.columns.filled, column.key)[0]
        cells = result.cells(column.key)
        yield Edit(heading, at, column.kind, cells, column.width)
