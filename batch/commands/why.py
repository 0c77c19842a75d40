"""`clientbase why`."""

from __future__ import annotations

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
    from batch import configuration
    from batch.asking.why import Why
    from batch.recalculation.file import calculate_file

    rules = configuration.read(configuration.find(file, config))
    found = Why(calculate_file(file, rules, day), client)
    if as_json:
        tell_json(found.as_json())
    else:
        for line in found.lines():
            tell(line)
