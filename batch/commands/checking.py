"""`clientbase check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from batch.commands.terminal import (
    PROBLEMS_FOUND,
    ConfigOption,
    Today,
    WorkbookFile,
    day_of,
    progress,
    tell,
)
from words import _

if TYPE_CHECKING:
    from batch.lint.checked import Checked


def check(file: WorkbookFile, config: ConfigOption = None, today: Today = None) -> None:
    """Look for problems in the rules and in the data of FILE; write nothing.

    Also looks whether the examples in the rules come out as expected, and gives hints: rules that
    take nobody, gifts dearer than any budget, clients without phone, likely duplicates. Exit code 1
    when there are problems or an example fails; hints don't count.
    """
    day = day_of(today)
    from batch import configuration
    from batch.lint.checked import check_file
    from rules.config.loading import ConfigError

    try:
        rules = configuration.read(configuration.find(file, config))
    except ConfigError as error:
        tell(str(error))
        raise typer.Exit(PROBLEMS_FOUND) from error
    with progress() as step:
        checked = check_file(file, rules, day, step)
    _tell(checked)
    if checked.problems or checked.failed:
        raise typer.Exit(PROBLEMS_FOUND)


def _tell(checked: Checked) -> None:
    for line in (*checked.notices, *checked.problems, *checked.failed):
        tell(line)
    if checked.passed:
        tell(
            _("Examples of the rules that come out as expected: {count}").format(
                count=checked.passed
            )
        )
    if not checked.problems and not checked.failed:
        tell(_("No problems found."))
    if checked.hints:
        tell("")
        tell(_("Hints, which may be right as they are: {count}").format(count=len(checked.hints)))
        for hint in checked.hints:
            tell(f"  {hint}")
