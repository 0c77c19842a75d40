"""`clientbase import`: a base from whatever she has, or more for the one that stands there."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from batch.commands.terminal import (
    AsRoot,
    ConfigOption,
    Today,
    Wait,
    check_root,
    day_of,
    patiently,
    tell,
)
from batch.installation.typed import command
from words import _, n_

if TYPE_CHECKING:
    from batch.importing.run import Import


Old = Annotated[
    list[Path],
    typer.Argument(
        metavar="OLD...",
        help="What you have: workbooks (.xlsx, .xlsm, .xls, .ods), lists (.csv, .txt), an "
        "address book (.vcf, Google). None of them is changed.",
    ),
]
To = Annotated[
    Path | None,
    typer.Option(
        metavar="BASE",
        help="The base (.xlsx or .xlsm): a new one, or yours, which gets what it lacks. "
        "Without it nothing is written but the plan.",
    ),
]
PlanFile = Annotated[
    Path | None,
    typer.Option(
        metavar="PLAN.yaml",
        help="The questions with your answers. Without it: beside the first OLD, under its name.",
    ),
]
Yes = Annotated[
    bool,
    typer.Option("--yes", help="Ask nothing: answers of the plan, else what is proposed."),
]


def import_(
    old: Old,
    to: To = None,
    plan: PlanFile = None,
    yes: Yes = False,
    config: ConfigOption = None,
    today: Today = None,
    wait: Wait = 0,
    as_root: AsRoot = False,
) -> None:
    """Make a base from whatever you have, or add it to yours; say what was understood.

    What can't be told for certain is asked: on a terminal one by one, else in the plan.
    """
    day = day_of(today)
    check_root([*old, to, plan], as_root=as_root)
    from batch.importing import dialogue
    from batch.importing.run import Import

    run = Import.begun(old, to, plan, config, day)
    talks = sys.stdin.isatty() and sys.stdout.isatty() and not yes
    if talks:
        dialogue.talk(run)
    else:
        run.look()
    tell(*run.understood())
    command = _command(old, to, run.plan_path, config, today)
    if run.keep_plan(command):
        tell(_("The plan: {file}").format(file=run.plan_path))
    if to is None:
        tell(_("Nothing was written. To make the base: {command}").format(command=command))
        return
    tell(*run.rehearsed())
    if run.found.is_empty:
        tell(_("There is nothing to be written."))
    elif yes or (talks and dialogue.agrees()):
        tell(*patiently(run.write, wait))
    else:
        tell(*_not_written(run, command))


def _command(
    old: list[Path], to: Path | None, plan: Path, config: Path | None, today: str | None
) -> str:
    """The command that does the same, asking nothing."""
    words: list[str | Path] = ["import", *old, "--to", to or _("BASE.xlsx"), "--plan", plan]
    words += ["--config", config] if config else []
    words += ["--today", today] if today else []
    return command(*words, "--yes")


def _not_written(run: Import, command: str) -> list[str]:
    """What to do after a rehearsal."""
    count = sum(1 for _one in run.plan.open())
    lines = []
    if count:
        asked = n_("{count} question stands", "{count} questions stand", count)
        sentence = _("{asked} in the plan; write your answers there.")
        lines.append(sentence.format(asked=asked.format(count=count)))
    return [*lines, _("Nothing was written yet. To write it: {command}").format(command=command)]
