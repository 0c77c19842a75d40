"""`clientbase rehearse`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from batch.commands.terminal import AsJson, WorkbookFile, day_of, progress, tell, tell_json


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

    now = configuration.read(configuration.find(file, None))
    would = configuration.read(config) if config else now
    if config is None and today is None:
        raise rehearsal.NothingToRehearseError
    with progress():
        found = rehearsal.rehearse_file(
            file, rehearsal.Variant(now, now_day), rehearsal.Variant(would, day)
        )
    if as_json:
        tell_json(rehearsal.as_json(found))
        return
    for line in rehearsal.lines(found, most=None if every else FIRST):
        tell(line)
