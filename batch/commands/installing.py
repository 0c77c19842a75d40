"""`clientbase setup` and `doctor`: the way into Excel."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from batch.commands.terminal import ConfigOption, tell


def setup(
    remove: Annotated[
        bool, typer.Option("--remove", help="Take back what an earlier set-up did.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would be done; write nothing.")
    ] = False,
) -> None:
    """Make Excel ready for the button and the functions: the xlwings add-in and its settings.

    What stood there before is kept, and comes back with --remove. Doing it twice does no harm.
    """
    from batch.installation import setup
    from batch.installation.machine import Machine

    do = setup.remove if remove else setup.set_up
    for line in do(Machine.here(), dry_run=dry_run):
        tell(line)


def doctor(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Your workbook, to be checked, too.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Find out why Excel doesn't start the program, and say what to do; write nothing.

    Exit code 1 when there are problems.
    """
    from batch.installation import doctor
    from batch.installation.surroundings import gather

    around = gather(file, config)
    findings = doctor.examine(around)
    tell(*doctor.report(findings, around))
    if doctor.has_problem(findings):
        raise typer.Exit(1)
