"""`clientbase export`: the base for the phone, the calendar and the mailing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from batch.commands.terminal import (
    AsJson,
    ConfigOption,
    Today,
    WorkbookFile,
    day_of,
    tell,
    tell_json,
)


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
    as_json: AsJson = False,
) -> None:
    """Write address book, calendar, mailing list and SMS greetings of FILE into a folder.

    For your phone and mailing programs. Nothing is sent, and FILE is only read.
    Importing a later export updates what an earlier one brought.
    """
    day = day_of(today)
    from batch import configuration
    from batch.export import files, summary
    from batch.recalculation.file import calculate_file

    rules = configuration.read(configuration.find(file, config))
    folder = files.folder_for(file, to, rules.config)
    found = calculate_file(file, rules, day)
    written = files.write(found, folder)
    if as_json:
        tell_json(summary.as_json(found, written))
        return
    for line in summary.lines(found, written):
        tell(line)
