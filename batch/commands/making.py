"""`clientbase new` and `example`: whole new workbooks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from batch.commands.terminal import (
    AsRoot,
    ConfigOption,
    Today,
    check_root,
    day_of,
    progress,
    rules_for,
    tell,
)
from batch.installation.typed import command
from words import _, n_

if TYPE_CHECKING:
    from batch.making.new import Made

With = Annotated[
    list[str] | None,
    typer.Option(
        "--with",
        metavar="ROOM,…",
        help="Rooms that it has beside the usual sheets, such as catalogues; or all.",
    ),
]
NewFile = Annotated[Path, typer.Argument(metavar="FILE", help="The new workbook (.xlsx or .xlsm).")]


def new(
    file: NewFile,
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
    rooms: With = None,
    as_root: AsRoot = False,
) -> None:
    """Make a new base FILE, empty or from lists (CSV, text columns, exports from Excel).

    Clients that appear only in purchases or contacts get a row of their own.
    """
    check_root([file], as_root=as_root)
    from batch.making.new import make_base
    from batch.making.rooms import rooms_named
    from batch.recalculation.steps import WRITING

    rules = rules_for(file, config)
    sources = {"clients": clients, "purchases": purchases, "contacts": contacts}
    with progress() as step:
        step(WRITING)
        asked = rooms_named(rooms or [], rules.config)
        made = make_base(file, rules.config, sources, mapped or [], asked)
    tell(_counted(made))
    if made.clients_from_logs:
        found = _("Clients found only in the logs: {count}").format(count=made.clients_from_logs)
        more = "" if made.clients_from_logs == len(made.strangers) else " …"
        tell(f"  {found} ({', '.join(made.strangers)}{more})")
    tell(*(f"  {line}" for line in made.told))
    option = ("--config", config) if config else ()
    tell("  " + _how_to_fill(made).format(command=command("recalc", made.path, *option)))


def example(
    file: NewFile,
    config: ConfigOption = None,
    today: Today = None,
    rooms: With = None,
    as_root: AsRoot = False,
) -> None:
    """Make an example base FILE, with dates around today, to try the program on."""
    day = day_of(today)
    check_root([file], as_root=as_root)
    from batch.making.example import make_example
    from batch.making.rooms import rooms_named

    rules = rules_for(file, config)
    made = make_example(file, rules.config, day, rooms_named(rooms or [], rules.config))
    tell(_counted(made))


def _counted(made: Made) -> str:
    """What a new base holds."""
    clients = n_("{count} client", "{count} clients", made.clients)
    purchases = n_("{count} purchase line", "{count} purchase lines", made.purchases)
    contacts = n_("{count} contact", "{count} contacts", made.contacts)
    return _("Made {file}: {clients}, {purchases}, {contacts}.").format(
        file=made.path,
        clients=clients.format(count=made.clients),
        purchases=purchases.format(count=made.purchases),
        contacts=contacts.format(count=made.contacts),
    )


def _how_to_fill(made: Made) -> str:
    """What to do next with a new base, with the command still to be filled in."""
    has_button = made.path.suffix.lower() == ".xlsm"
    if made.clients:
        if has_button:
            return _("To fill it: open it and click Recalculate, or {command}")
        return _("To fill it: {command}")
    if has_button:
        return _("To fill it: type your clients, then open it and click Recalculate, or {command}")
    return _("To fill it: type your clients, then {command}")
