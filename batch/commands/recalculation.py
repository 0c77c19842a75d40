"""`clientbase recalc` and `check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from batch.commands.terminal import (
    AsJson,
    ConfigOption,
    Today,
    Wait,
    Workbook,
    aside,
    day_of,
    patiently,
    progress,
    tell,
    tell_json,
    told,
)

if TYPE_CHECKING:
    import datetime as dt

    from batch.configuration import Rules
    from batch.history.lastrun import Said


def recalc(
    file: Workbook,
    config: ConfigOption = None,
    today: Today = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", metavar="FILE", help="Write the filled copy here and leave FILE alone."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would change; write nothing.")
    ] = False,
    verify: Annotated[
        bool,
        typer.Option(
            "--verify", help="Prove, before it is saved, that nothing but filled cells changed."
        ),
    ] = False,
    wait: Wait = 0,
    as_json: AsJson = False,
) -> None:
    """Fill the grey columns of the workbook FILE.

    Only cells that change are written; everything else in the file stays as it is, to the byte.
    The version before is kept in the folder .clientbase beside the file; 'undo' goes back.
    """
    day = day_of(today)
    from batch import configuration

    rules = configuration.read(configuration.find(file, config))
    say = rules.config.messages

    def done() -> Said:
        if not (output or dry_run or verify):
            said = _as_last_run(file, rules, day)
            if said is not None:
                return said
        return _recalculated(file, rules, day, output, dry_run=dry_run, verify=verify)

    with told(say):
        said = patiently(done, wait, say)
    if as_json:
        tell_json(said.facts)
    else:
        for line in said.lines:
            tell(line)


def _as_last_run(file: Path, rules: Rules, day: dt.date) -> Said | None:
    """What the last run said, where this one would be the same; None elsewhere."""
    from batch.history import lastrun
    from batch.saving import inuse

    path = inuse.real(file)
    if not path.is_file() or inuse.is_left_unfinished(path):
        return None
    inuse.check_free(path)
    said = lastrun.remembered(file, rules, day)
    listed = said.facts.get("problems_file") if said else None
    return None if listed and not Path(str(listed)).exists() else said


def _recalculated(
    file: Path, rules: Rules, day: dt.date, output: Path | None, *, dry_run: bool, verify: bool
) -> Said:
    """Calculate, and say what that did."""
    from batch import report
    from batch.recalc import recalculate_file

    with progress(rules.config.messages) as step:
        outcome = recalculate_file(
            file, rules, day, output=output, dry_run=dry_run, verify=verify, step=step
        )
    problems_file = None
    if not dry_run:
        try:
            problems_file = report.write_problems(outcome)
        except OSError as error:
            reason = error.strerror or str(error)
            aside(f"The list of problems can't be written: {reason}.")
        if output is None:
            report.remember(outcome, problems_file)
    return report.said(outcome, problems_file)


def check(file: Workbook, config: ConfigOption = None, today: Today = None) -> None:
    """Look for problems in the rules and in the data of FILE; write nothing.

    Exit code 1 when there are any.
    """
    day = day_of(today)
    from batch import configuration, report
    from batch.recalc import recalculate_file
    from rules.config import ConfigError

    try:
        rules = configuration.read(configuration.find(file, config))
    except ConfigError as error:
        tell(str(error))
        raise typer.Exit(1) from error
    say = rules.config.messages
    with told(say), progress(say) as step:
        outcome = recalculate_file(file, rules, day, dry_run=True, step=step)
    for notice in outcome.notices:
        tell(notice)
    for problem in outcome.problems:
        tell(report.sentence(problem))
    if outcome.problems:
        raise typer.Exit(1)
    tell(say.summary_no_problems)
