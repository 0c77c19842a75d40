"""A client base with its columns filled: what changes in the workbook, and what is to be told."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

from batch.base import ClientBase, read_base
from batch.figurecells import refresh_figures
from batch.functioncells import Refreshed, refresh
from batch.history import receipts
from batch.history.receipts import Cells
from batch.saving.readback import read_back
from batch.xlsx import fill as filling
from batch.xlsx.cellxml import CellValue
from batch.xlsx.refs import parse_address
from batch.xlsx.workbook import Workbook
from rules.columns import FILLED
from rules.config.settings import Config
from rules.recalculation import Result, recalculate
from rules.tables import Problem

Step = Callable[[str], None]
"""Told the name of each step (a key of `messages`) as it begins."""


@dataclass(frozen=True)
class FilledBase:
    """What a calculation makes of a workbook; nothing is written yet.

    columns: as they are filled. refreshed: cells with our functions; figures: those on the first
    sheet and under the charts.
    """

    config: Config
    base: ClientBase
    result: Result
    columns: list[filling.FilledColumn]
    filled: filling.Filling
    refreshed: Refreshed
    figures: Refreshed

    @property
    def sheet(self) -> str:
        """The name of the clients' sheet."""
        return self.base.region.sheet

    @cached_property
    def parts(self) -> dict[str, bytes]:
        """New bytes of the parts that differ."""
        return {**self.filled.parts, **self.refreshed.parts, **self.figures.parts}

    @cached_property
    def changes(self) -> dict[str, list[filling.Change]]:
        """The cells that differ, by sheet; the figures aren't counted."""
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
        for one in (self.refreshed, self.figures):
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
        areas = {**self.figures.areas, **self.refreshed.areas, self.sheet: self.filled.area}
        for sheet, cells in self.expected.items():
            area = areas[sheet]
            read_back(written, sheet, cells, date1904=date1904, before=before, area=area)

    # What is told ---------------------------------------------------------------------------

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Cells that can't be used or filled."""
        return (*self.base.problems, *self.result.problems, *self._kept())

    @property
    def notices(self) -> tuple[str, ...]:
        """What else she should know."""
        return (*self.result.notices, *self._formulas())

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
        words = {filling.IS_MERGED: say.kept_merged, filling.IN_ARRAY: say.kept_array}
        for kept in self._unanswered():
            if kept.reason != filling.HOLDS_FORMULA:
                found = words.get(kept.reason, kept.reason)
                advice = say.cell_kept.format(found=found)
                yield Problem(self.sheet, kept.cell, found, advice)

    def _formulas(self) -> Iterator[str]:
        """What became of formulas: those in filled columns, and those with our functions."""
        say = self.config.messages
        count = sum(one.reason == filling.HOLDS_FORMULA for one in self._unanswered())
        if count:
            yield say.formulas_kept.format(count=count)
        if self.refreshed.left:
            yield say.functions_left.format(count=self.refreshed.left)

    def _unanswered(self) -> list[filling.Kept]:
        """The cells of filled columns that were kept and don't show today's figure either."""
        answered = self.refreshed.answered
        return [
            kept
            for kept in self.filled.kept
            if (self.sheet, *parse_address(kept.cell)) not in answered
        ]


def fill_base(
    workbook: Workbook, config: Config, today: dt.date, step: Step = lambda _name: None
) -> FilledBase:
    """Read the client base in *workbook*, calculate it as of *today*, and work out what changes.

    Raises a ClientBaseError where the workbook can't be read or filled.
    """
    sheets = config.sheets
    workbook.read_ahead(sheets.clients, sheets.purchases, sheets.contacts)
    base = read_base(workbook, config)
    workbook.forget(sheets.purchases)
    step("step_compute")
    result = recalculate(base.clients, base.purchases, base.contacts, config, today)
    step("step_fill")
    columns = list(_columns(base, result, config))
    filled = filling.fill(workbook, base.region, columns)
    with_columns = workbook.with_parts(filled.parts)
    refreshed = refresh(with_columns, base.answers(result))
    with_functions = with_columns.with_parts(refreshed.parts)
    figures = refresh_figures(with_functions, base, result, filled)
    return FilledBase(config, base, result, columns, filled, refreshed, figures)


def _columns(base: ClientBase, result: Result, config: Config) -> Iterator[filling.FilledColumn]:
    for column in FILLED:
        at = base.filled.get(column.key)
        heading = base.headings[at] if at else getattr(config.columns.filled, column.key)[0]
        cells = result.cells(column.key)
        yield filling.FilledColumn(heading, at, column.kind, cells, column.width)
