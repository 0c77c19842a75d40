"""`clientbase new` and `example`: whole new workbooks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from batch.commands.terminal import ConfigOption, Today, day_of, progress, quoted, tell

if TYPE_CHECKING:
    pass


def new(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The new workbook (.xlsx or .xlsm).")
    ],
    clients: Annotated[Path | None, typer.Option(metavar="SRC", help="A list of clients.")] = None,
    purchases: Annotated[
        Path | None, typer.Option(metavar="SRC", help="A list of purchases.")
    ] = None,
    contacts: Annotated[
        Path | None, typer.Option(metavar="SRC", help="A list of contacts.")
    ] = None,
    config: ConfigOption = None,
    mapped: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar='"Client ID=col2"',
            help="Which column of the lists is meant: by its heading, or col1, col2 … by "
            "position. May be given several times.",
        ),
    ] = None,
) -> None:
    """Make a new base FILE, empty or from lists (CSV, text columns, exports from Excel).

    Clients that appear only in purchases or contacts get a row of their own.
    """
    from batch import configuration
    from batch.making.new import make_base
    from batch.recalculation.steps import WRITING

    rules = configuration.read(configuration.find(file, config))
    sources = {"clients": clients, "purchases": purchases, "contacts": contacts}
    with progress() as step:
        step(WRITING)
        made = make_base(file, rules.config, sources, mapped or [])
    tell(
        f"Made {made.path}: {made.clients} clients, {made.purchases} purchase lines, "
        f"{made.contacts} contacts."
    )
    if made.clients_from_logs:
        tell(f"  Clients found only in the logs: {made.clients_from_logs}")
    first = "" if made.clients else "type your clients, then "
    button = "open it and click Recalculate, or " if made.path.suffix.lower() == ".xlsm" else ""
    option = f" --config {quoted(config)}" if config else ""
    tell(f"  To fill it: {first}{button}clientbase recalc {quoted(made.path)}{option}")


def example(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The new workbook (.xlsx or .xlsm).")
    ],
    config: ConfigOption = None,
    today: Today = None,
) -> None:
    """Make an example base FILE, with dates around today, to try the program on."""
    day = day_of(today)
    from batch import configuration
    from batch.making.example import make_example

    rules = configuration.read(configuration.find(file, config))
    made = make_example(file, rules.config, day)
    tell(
        f"Made {made.path}: {made.clients} clients, {made.purchases} purchase lines, "
        f"{made.contacts} contacts."
    )
