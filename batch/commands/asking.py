"""`clientbase check`, `rehearse`, `why` and `export`: what only reads a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from batch.commands.terminal import (
    PROBLEMS_FOUND,
    AsJson,
    AsRoot,
    ConfigOption,
    Today,
    WorkbookFile,
    check_root,
    day_of,
    progress,
    rules_for,
    tell,
    tell_json,
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
    from batch.lint.checked import check_file
    from rules.config.loading import ConfigError

    try:
        rules = rules_for(file, config)
    except ConfigError as error:
        tell(str(error))
        raise typer.Exit(PROBLEMS_FOUND) from error
    with progress() as step:
        checked = check_file(file, rules, day, step)
    _tell(checked)
    if checked.problems or checked.failed:
        raise typer.Exit(PROBLEMS_FOUND)


def _tell(checked: Checked) -> None:
    tell(_("Clients: {count}").format(count=checked.clients))
    tell(*checked.notices, *checked.problems, *checked.failed)
    if checked.passed:
        passed = _("Examples of the rules that come out as expected: {count}")
        tell(passed.format(count=checked.passed))
    if not checked.problems and not checked.failed:
        tell(_("No problems found."))
    if checked.hints:
        tell("")
        tell(_("Hints, which may be right as they are: {count}").format(count=len(checked.hints)))
        tell(*(f"  {hint}" for hint in checked.hints))


def rehearse(
    file: WorkbookFile,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="NEW", help="The changed rules that are to be tried."),
    ] = None,
    today: Annotated[
        str | None,
        typer.Option(
            "--today",
            metavar="YYYY-MM-DD",
            help="Try the rules as of this day; without --config: what that day changes.",
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Name all clients, not only the first ones.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Tell who would move, with changed rules or on another day; write nothing.

    Compares the rules that count for FILE now with those of NEW: group, classes, stage, folder,
    next contacts and gifts. FILE may be open in Excel; then what was saved last counts.
    """
    day, now_day = day_of(today), day_of(today if config else None)
    from batch import configuration
    from batch.asking import rehearsal
    from rules.mentions import FIRST

    now = rules_for(file, None)
    would = configuration.read_for(file, config) if config else now
    if config is None and today is None:
        raise rehearsal.NothingToRehearseError
    with progress():
        found = rehearsal.rehearse_file(
            file, rehearsal.Variant(now, now_day), rehearsal.Variant(would, day)
        )
    if as_json:
        tell_json(rehearsal.as_json(found))
    else:
        tell(*rehearsal.lines(found, most=None if every else FIRST))


def why(
    file: WorkbookFile,
    client: Annotated[
        str, typer.Argument(metavar="CLIENT", help="Her ID, or her name or a part of it.")
    ],
    config: ConfigOption = None,
    today: Today = None,
    as_json: AsJson = False,
) -> None:
    """Explain each filled cell of CLIENT in the workbook FILE; write nothing.

    By which rule (and its line), from which facts (and their rows), what would be next, and how
    far she is from the next group or class.
    """
    day = day_of(today)
    from batch.asking.why import Why
    from batch.recalculation.file import calculate_file

    found = Why(calculate_file(file, rules_for(file, config), day), client)
    if as_json:
        tell_json(found.as_json())
    else:
        tell(*found.lines())


def export(
    file: WorkbookFile,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", metavar="FOLDER", help="Where to write. Without it: export.folder of the rules."
        ),
    ] = None,
    config: ConfigOption = None,
    today: Today = None,
    as_root: AsRoot = False,
    as_json: AsJson = False,
) -> None:
    """Write address book, calendar, mailing list and SMS greetings of FILE into a folder.

    For your phone and mailing programs. Nothing is sent, and FILE is only read.
    Importing a later export updates what an earlier one brought.
    """
    day = day_of(today)
    from batch.export import files, summary
    from batch.recalculation.file import calculate_file

    rules = rules_for(file, config)
    folder = files.folder_for(file, to, rules.config)
    check_root((file, folder), as_root=as_root)
    found = calculate_file(file, rules, day)
    written = files.write(found, folder)
    if as_json:
        tell_json(summary.as_json(found, written))
    else:
        tell(*summary.lines(found, written))
