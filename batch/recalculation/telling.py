"""What a recalculation tells, by day and at night: a short summary, the same as JSON, the list of
problems.
"""

from __future__ import annotations

import datetime as dt
import errno
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from batch.configuration import Rules
from batch.errors import reason_of
from batch.history import lastrun
from batch.history.lastrun import Said
from batch.recalculation.file import Outcome, recalculate_file
from batch.recalculation.firstsheet import given
from batch.recalculation.plan import Calculated
from batch.recalculation.steps import Step
from batch.saving import disk, ours
from rules.config.settings import FILLED
from rules.model.declarations import Column
from rules.model.problem import Problem
from rules.moves import sentences
from rules.reading.dates import shown_date
from words import _, in_every_language, marked

FIRST_PROBLEMS = 10
_MARK = "clientbase: "
"""Begins a list of problems, so that no other file is taken for one."""
_LIST = marked("{workbook}-problems.txt")


@dataclass(frozen=True)
class Told:
    """What a run said, and what it calculated; not_listed: why its list of problems can't be
    written, '' if it can.
    """

    said: Said
    calculated: Calculated
    not_listed: str = ""


def recalculate_and_tell(
    file: Path,
    rules: Rules,
    day: dt.date,
    output: Path | None = None,
    *,
    dry_run: bool = False,
    verify: bool = False,
    detailed: bool = False,
    step: Step = lambda _name: None,
) -> Told:
    """Calculate, and say what that did. *detailed*: what was calculated has the columns that no
    rule decides by, too.

    Raises a ClientBaseError, and then nothing was written.
    """
    outcome = recalculate_file(
        file,
        rules,
        day,
        output=output,
        dry_run=dry_run,
        verify=verify,
        detailed=detailed,
        step=step,
    )
    problems_file, not_listed = None, ""
    if not dry_run:
        try:
            problems_file = write_problems(outcome)
        except OSError as error:
            not_listed = reason_of(error)
        if output is None:
            remember(outcome, problems_file)
    return Told(said(outcome, problems_file), outcome.plan, not_listed)


def summary(outcome: Outcome, problems_file: Path | None) -> Iterator[str]:
    """The lines of the summary, in the words of the configuration."""
    config = outcome.rules.config
    yield _("{file} on {date}. Clients: {count}").format(
        file=outcome.path.name,
        date=shown_date(outcome.result.today, config.dates.written),
        count=outcome.result.clients,
    )
    headings = {one.key: config.heading(FILLED, one.key) for one in _counted(outcome)}
    width = max(map(len, headings.values()))
    blank = _("blank")
    for key, heading in headings.items():
        counts = ", ".join(
            f"{value or blank} {count}" for value, count in outcome.counts(key).items()
        )
        yield f"  {heading:<{width}}  {counts}"
    overdue, due_today = outcome.result.due()
    yield "  " + _("Contacts: {overdue} overdue, {today} due today.").format(
        overdue=overdue, today=due_today
    )
    yield "  " + _("Rules: {file}").format(file=outcome.rules.named)
    if outcome.added:
        yield "  " + _("Columns added: {columns}").format(columns=", ".join(outcome.added))
        if not config.looks:
            yield "  " + _(
                "'looks: on' in config.yaml gives them the colours of a new workbook, once."
            )
    yield from _what_was_written(outcome)
    moved = sentences(outcome.moves, config)
    taken = outcome.plan.taken.told(config) if outcome.taken else ()
    new = given(outcome.plan) if outcome.changes else ()
    for line in (*taken, *new, *moved, *outcome.notices, *outcome.replaced):
        yield f"  {line}"
    for line in problem_lines(outcome, problems_file):
        yield f"  {line}"


def _what_was_written(outcome: Outcome) -> Iterator[str]:
    """How many cells changed, and where the workbook and the version before lie."""
    changed = len(outcome.changes)
    if outcome.written:
        yield "  " + (
            _("Cells changed: {count}.").format(count=changed)
            if changed
            else _("Nothing to change but the figures on the first sheet and under the charts.")
        )
        yield "  " + _("Saved: {file}").format(file=outcome.path)
        if outcome.backup is not None:
            yield "  " + _("The version before: {file}").format(file=outcome.backup)
        proof = outcome.proof
        if proof is not None:
            yield "  " + _(
                "Verified: {columns} columns, {cells} cells changed on {sheets} sheets; "
                "{others} other parts identical."
            ).format(
                columns=proof.columns,
                cells=proof.cells,
                sheets=len(proof.sheets),
                others=proof.identical,
            )
    elif changed:
        yield "  " + _("Dry run: {count} cells would change; nothing was written.").format(
            count=changed
        )
    else:
        yield "  " + _("Nothing to change: every cell is up to date.")


def _counted(outcome: Outcome) -> list[Column]:
    """The columns whose words a summary counts."""
    return [one for one in outcome.result.declared if one.counted]


def problem_lines(outcome: Outcome, problems_file: Path | None) -> Iterator[str]:
    """The first problems with sheet and cell, and where the rest is listed."""
    problems = outcome.problems
    if not problems:
        yield _("No problems found.")
        return
    yield _("Problems: {count}").format(count=len(problems))
    for problem in problems[:FIRST_PROBLEMS]:
        yield f"  {sentence(problem)}"
    if problems_file is not None:
        more = len(problems) - FIRST_PROBLEMS
        yield "  " + _("… and {count} more; all are listed in {file}").format(
            count=more, file=problems_file.name
        )


def sentence(problem: Problem) -> str:
    """A problem as one line that begins with its cell, such as Purchases!C17."""
    return f"{problem.sheet}!{problem.cell}: {problem.advice}"


def as_json(outcome: Outcome, problems_file: Path | None) -> dict[str, object]:
    """The summary and all problems as one JSON object; dates as yyyy-mm-dd, blanks counted under
    ''.
    """
    overdue, due_today = outcome.result.due()
    by_column = Counter(change.heading for change in outcome.changes)
    return {
        "file": str(outcome.path),
        "today": outcome.result.today.isoformat(),
        "config": str(outcome.rules.path),
        "clients": outcome.result.clients,
        **{one.counted: outcome.counts(one.key) for one in _counted(outcome)},
        "overdue": overdue,
        "due_today": due_today,
        "cells_changed": len(outcome.changes),
        "cells_changed_by_column": dict(by_column),
        "columns_added": outcome.added,
        "moves": [move._asdict() for move in outcome.moves],
        "contacts_taken_over": outcome.taken,
        "purchases_taken_over": outcome.bought,
        "written": outcome.written,
        "backup": str(outcome.backup) if outcome.backup else None,
        "proven": asdict(outcome.proof) if outcome.proof else None,
        "notices": [*outcome.notices, *outcome.replaced],
        "problems_found": len(outcome.problems),
        "problems": [problem._asdict() for problem in outcome.problems],
        "problems_file": str(problems_file) if problems_file else None,
    }


def said(outcome: Outcome, problems_file: Path | None) -> Said:
    """The summary, for the screen and as an object."""
    return Said(list(summary(outcome, problems_file)), as_json(outcome, problems_file))


def remember(outcome: Outcome, problems_file: Path | None) -> None:
    """Keep what the same run would say once more, so that it needn't be calculated again."""
    run = lastrun.run_of(outcome.sha256, outcome.path, outcome.rules, outcome.result.today)
    lastrun.remember(outcome.path, run, said(outcome.once_more(), problems_file))


def problems_path(workbook: Path) -> Path:
    """Where the whole list of problems of a workbook stands: beside it."""
    return workbook.with_name(_(_LIST).format(workbook=workbook.stem))


def write_problems(outcome: Outcome) -> Path | None:
    """List all problems in a file beside the workbook when they are too many for the summary.

    A list of an earlier run that is no longer needed goes, and so does one named in another
    language; a file of that name that isn't such a list stays. Returns
    the file, or None. Raises OSError.
    """
    path = problems_path(outcome.path)
    if path.exists() and not _is_list(path):
        raise FileExistsError(
            errno.EEXIST,
            _("'{file}' is there already, and isn't such a list").format(file=path.name),
        )
    for name in in_every_language(_LIST):
        other = path.with_name(name.format(workbook=outcome.path.stem))
        if other != path and _is_list(other):
            other.unlink()
    if len(outcome.problems) <= FIRST_PROBLEMS:
        path.unlink(missing_ok=True)
        return None
    lines = [f"{_MARK}{outcome.path.name}", *map(sentence, outcome.problems)]
    content = ("\n".join(lines) + "\n").encode("utf-8-sig", "backslashreplace")
    disk.write_whole(path, content, disk.beside(outcome.path, ".txt"), outcome.path.stat())
    return path


def _is_list(path: Path) -> bool:
    return ours.begins_with(path, _MARK.encode("utf-8-sig"))
