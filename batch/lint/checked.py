"""All that `clientbase check` says of a workbook and its rules."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from batch.configuration import Rules
from batch.lint.hints import failed_example, hints
from batch.recalculation import report
from batch.recalculation.file import recalculate_file
from batch.recalculation.steps import Step
from rules.examples import failures


@dataclass(frozen=True)
class Checked:
    """What was found, as sentences. failed: examples that came out differently; passed: how many
    came out as expected; hints: what looks odd and needn't be wrong.
    """

    rules: Rules
    notices: list[str]
    problems: list[str]
    failed: list[str]
    passed: int
    hints: list[str]


def check_file(
    path: Path, rules: Rules, today: dt.date, step: Step = lambda _name: None
) -> Checked:
    """Look at the workbook *path* and its *rules* as of *today*; nothing is written.

    Raises a ClientBaseError where it can't be read, or couldn't be filled.
    """
    outcome = recalculate_file(path, rules, today, dry_run=True, detailed=True, step=step)
    result = outcome.result
    failed = failures(rules.config, result.known.today, result)
    wrong = {failure.number for failure in failed}
    return Checked(
        rules,
        list(outcome.notices),
        [report.sentence(problem) for problem in outcome.problems],
        [failed_example(failure, rules) for failure in failed],
        len(rules.config.examples) - len(wrong),
        hints(outcome.plan),
    )
