"""`clientbase recalc`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from batch.commands.terminal import (
    AsJson,
    AsRoot,
    ConfigOption,
    Today,
    Verify,
    Wait,
    WorkbookFile,
    aside,
    check_root,
    day_of,
    patiently,
    progress,
    rules_for,
    tell,
    tell_json,
)
from words import _

if TYPE_CHECKING:
    from batch.history.lastrun import Said


def recalc(
    file: WorkbookFile,
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
    verify: Verify = False,
    wait: Wait = 0,
    as_root: AsRoot = False,
    as_json: AsJson = False,
) -> None:
    """Fill the grey columns of the workbook FILE.

    Only cells that change are written; everything else in the file stays as it is, to the byte.
    The version before is kept in the folder .clientbase beside the file; 'undo' goes back.
    """
    day = day_of(today)
    check_root((file, output), as_root=as_root)
    from batch.history import lastrun

    rules = rules_for(file, config)

    def done() -> Said:
        if not (output or dry_run or verify):
            known = lastrun.as_last_run(file, rules, day)
            if known is not None:
                return known
        from batch.recalculation import telling

        with progress() as step:
            filled = telling.recalculate_and_tell(
                file, rules, day, output, dry_run=dry_run, verify=verify, step=step
            )
        if filled.not_listed:
            reason = filled.not_listed
            aside(_("The list of problems can't be written: {reason}.").format(reason=reason))
        return filled.said

    said = patiently(done, wait)
    if as_json:
        tell_json(said.facts)
    else:
        tell(*said.lines)
