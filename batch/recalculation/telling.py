"""Filling a workbook and saying what that did: for the command line, by day and at night."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from batch.configuration import Rules
from batch.history.lastrun import Said
from batch.recalculation import report
from batch.recalculation.file import recalculate_file
from batch.recalculation.plan import Calculated, Step


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
            problems_file = report.write_problems(outcome)
        except OSError as error:
            not_listed = error.strerror or str(error)
        if output is None:
            report.remember(outcome, problems_file)
    return Told(report.said(outcome, problems_file), outcome.calculated, not_listed)
