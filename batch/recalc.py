"""Recalculates the client base in a workbook file: read, compute, patch, verify, replace."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from batch.base import ClientBase, read_base
from batch.configuration import Rules
from batch.figurecells import refresh_figures
from batch.functioncells import Refreshed, refresh
from batch.xlsx import fill as filling
from batch.xlsx import save as saving
from batch.xlsx.refs import parse_address
from batch.xlsx.workbook import Workbook
from rules.columns import FILLED
from rules.config.settings import Config
from rules.config.workbook import TEXTS_SHEET
from rules.errors import ClientBaseError
from rules.recalculation import Result, recalculate
from rules.tables import Problem

Step = Callable[[str], None]
"""Told the name of each step (a key of `messages`) as it begins."""


class OutputError(ClientBaseError, ValueError):
    """The copy can't be written where it shall be."""

    def __init__(self, path: Path, found: str, advice: str) -> None:
        self.path, self.found, self.advice = path, found, advice
        super().__init__(f"--output '{path}' {found}. {advice}")


@dataclass(frozen=True)
class Outcome:
    """What a recalculation of a file did.

    overdue and due_today count Next contact; changes are the cells that differ from before, those
    with our functions, in whatever sheet, headed by the function, but not the figures on the first
    sheet and under the charts; added are the headings of new columns; written says whether a file
    was written; backup is where the version before it lies.
    """

    path: Path
    rules: Rules
    today: dt.date
    result: Result
    problems: tuple[Problem, ...]
    notices: tuple[str, ...]
    changes: list[filling.Change]
    added: list[str]
    overdue: int
    due_today: int
    written: bool
    backup: Path | None

    def counts(self, column: str) -> dict[str, int]:
        """How many clients have each value of a text column, in the order of the configuration;
        '' counts the blanks.
        """
        found = Counter(self.result.columns[column][self.result.base.clients.usable])
        known = self.rules.config.decided_words()[column]
        counts = {value: found.pop(value, 0) for value in known}
        blanks = found.pop("", 0)
        return {**counts, **found, **({"": blanks} if blanks else {})}


def recalculate_file(
    path: Path,
    rules: Rules,
    today: dt.date,
    *,
    output: Path | None = None,
    dry_run: bool = False,
    now: dt.datetime | None = None,
    step: Step = lambda _name: None,
) -> Outcome:
    """Fill the client base in the workbook *path* as of *today*.

    Writes only where cells change: in place, keeping the version before as a backup, or to
    *output*, leaving *path* alone. Raises a ClientBaseError, and then nothing was written.
    """
    _check_output(path, output)
    saving.check_free(output or path)
    step("step_read")
    workbook = Workbook.open(path)
    base = read_base(workbook, rules.config)
    step("step_compute")
    result = recalculate(base.clients, base.purchases, base.contacts, rules.config, today)
    step("step_fill")
    is_first_run = not saving.has_backup(path) and not _is_ours(workbook)
    columns = _filled_columns(base, result, rules.config)
    filled = filling.fill(workbook, base.region, columns)
    replaced = _replaced(filled, rules.config) if is_first_run else []
    with_columns = workbook.with_parts(filled.parts)
    refreshed = refresh(with_columns, base.answers(result))
    with_functions = with_columns.with_parts(refreshed.parts)
    figures = refresh_figures(with_functions, base, result, filled)
    parts = {**filled.parts, **refreshed.parts, **figures.parts}
    backup = None
    if not dry_run and (parts or output is not None):
        step("step_write")
        backup = saving.save(
            workbook.package,
            parts,
            output,
            verify=lambda written: _check(path, written, base, filled, [refreshed, figures]),
            now=now or dt.datetime.now().astimezone(),
        )
    return Outcome(
        output or path,
        rules,
        today,
        result,
        (*base.problems, *result.problems, *_kept(base, filled, refreshed, rules.config)),
        (*result.notices, *_formulas(base, filled, refreshed, rules.config), *replaced),
        [*filled.changes, *chain.from_iterable(refreshed.changes.values())],
        [column.heading for column in columns if column.column is None],
        *result.due(),
        written=not dry_run and bool(parts or output is not None),
        backup=backup,
    )


def _check_output(path: Path, output: Path | None) -> None:
    """Raise OutputError for an --output under which no copy can be written."""
    if output is None:
        return
    if output.absolute() == path.absolute() or (output.exists() and output.samefile(path)):
        raise OutputError(output, "is the workbook itself", "Leave --output away to fill it.")
    if output.is_dir():
        raise OutputError(output, "is a folder", "Name the file in it, too.")
    if not output.absolute().parent.is_dir():
        raise OutputError(output, "lies in a folder that doesn't exist", "Make the folder first.")


def _filled_columns(base: ClientBase, result: Result, config: Config) -> list[filling.FilledColumn]:
    columns = []
    for column in FILLED:
        at = base.filled.get(column.key)
        heading = base.headings[at] if at else getattr(config.columns.filled, column.key)[0]
        cells = result.cells(column.key)
        columns.append(filling.FilledColumn(heading, at, column.kind, cells, column.width))
    return columns


def _check(
    before: Path,
    written: Path,
    base: ClientBase,
    filled: filling.Filling,
    refreshed: Sequence[Refreshed],
) -> None:
    """Read the written cells back with an independent reader."""
    expected = {base.region.sheet: filled.expected}
    for sheet, cells in chain.from_iterable(one.expected.items() for one in refreshed):
        expected.setdefault(sheet, []).extend(cells)
    for sheet, cells in expected.items():
        date1904 = base.clients.epoch_1904
        saving.read_back(written, sheet, cells, date1904=date1904, before=before)


def _kept(
    base: ClientBase, filled: filling.Filling, refreshed: Refreshed, config: Config
) -> list[Problem]:
    say = config.messages
    words = {filling.IS_MERGED: say.kept_merged, filling.IN_ARRAY: say.kept_array}
    problems = []
    for kept in _unanswered(base, filled, refreshed):
        if kept.reason != filling.HOLDS_FORMULA:
            found = words.get(kept.reason, kept.reason)
            advice = say.cell_kept.format(found=found)
            problems.append(Problem(base.region.sheet, kept.cell, found, advice))
    return problems


def _formulas(
    base: ClientBase, filled: filling.Filling, refreshed: Refreshed, config: Config
) -> Iterator[str]:
    """What became of formulas: those in filled columns, and those with our functions."""
    say = config.messages
    kept = _unanswered(base, filled, refreshed)
    count = sum(one.reason == filling.HOLDS_FORMULA for one in kept)
    if count:
        yield say.formulas_kept.format(count=count)
    if refreshed.left:
        yield say.functions_left.format(count=refreshed.left)


def _unanswered(
    base: ClientBase, filled: filling.Filling, refreshed: Refreshed
) -> list[filling.Kept]:
    """The cells of filled columns that were kept and don't show today's figure either."""
    sheet = base.region.sheet
    return [
        kept for kept in filled.kept if (sheet, *parse_address(kept.cell)) not in refreshed.answered
    ]


def _is_ours(workbook: Workbook) -> bool:
    """Whether the workbook was made by this program: what stands in its grey columns is ours."""
    return any(sheet.name == TEXTS_SHEET for sheet in workbook.sheets)


def _replaced(filled: filling.Filling, config: Config) -> list[str]:
    """On the first run: what stood in columns that have the headings of filled ones."""
    hers = Counter(change.heading for change in filled.changes if change.old is not None)
    if not hers:
        return []
    columns = ", ".join(f"{heading} {count}" for heading, count in hers.items())
    return [config.messages.replaced.format(count=hers.total(), columns=columns)]
