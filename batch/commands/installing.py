"""`clientbase setup` and `doctor`: the way into Excel."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from batch.commands.terminal import ConfigOption, tell
from batch.installation.typed import command
from words import _, speak


def setup(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE", help="Your workbooks: each gets a starter beside it."),
    ] = None,
    remove: Annotated[
        bool, typer.Option("--remove", help="Take back what an earlier set-up did.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would be done; write nothing.")
    ] = False,
) -> None:
    """Make Excel ready for the button and the functions: the xlwings add-in and its settings.

    What stood there before is kept, and comes back with --remove. Doing it twice does no harm.
    Beside each workbook FILE it puts a starter, whose double-click recalculates that workbook, or
    what is dropped on it; '--remove FILE' takes the starter away, and nothing else.
    It also makes terminals know the command clientbase, or says how.
    """
    from batch.configuration import language_of
    from batch.installation import onpath, setup, starter
    from batch.installation.machine import Machine

    machine = Machine.here()
    for file in files or []:
        if file.is_file():
            speak(language_of(file))
        if remove:
            tell(*starter.remove(file, machine.platform, dry_run=dry_run))
        else:
            tell(*starter.make(file, machine.platform, machine.interpreter, dry_run=dry_run))
    if remove and files:
        return
    tell(*(onpath.take_back if remove else onpath.put)(machine, dry_run=dry_run))
    tell(*(setup.remove if remove else setup.set_up)(machine, dry_run=dry_run))
    if not files and not remove:
        more = _("For a starter beside your workbook, to be double-clicked: {command}")
        tell(more.format(command=command("setup", _("YourBase.xlsm"))))


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
