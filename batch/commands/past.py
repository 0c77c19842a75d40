"""`clientbase undo`, `log` and `diff`: what earlier runs did."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from batch.commands.terminal import (
    AsJson,
    AsRoot,
    ConfigOption,
    Wait,
    WorkbookFile,
    check_root,
    patiently,
    rules_for,
    tell,
    tell_json,
)


def undo(
    file: WorkbookFile, config: ConfigOption = None, wait: Wait = 0, as_root: AsRoot = False
) -> None:
    """Bring the filled cells of FILE back to before the last run.

    What you typed since stays. Once more goes back one run further.
    """
    check_root([file], as_root=as_root)
    from batch.history import undo as undoing

    rules = rules_for(file, config)
    done = patiently(lambda: undoing.undo(file, rules), wait)
    tell(*undoing.lines(done, rules.config))


def log(file: WorkbookFile, config: ConfigOption = None) -> None:
    """List the runs that changed FILE, the newest first."""
    from batch.history import journal

    tell(*journal.lines(file, rules_for(file, config).config))


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="A workbook, such as a backup.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The workbook as it is now.")],
    config: ConfigOption = None,
    show_all: Annotated[
        bool, typer.Option("--all", help="Show every cell, not only the first 50.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show which cells differ between the workbooks OLD and NEW, and what else does."""
    from batch.xlsx.comparison import files as comparison

    rules = rules_for(new, config).config
    found = comparison.difference(old, new, rules.limits)
    if as_json:
        tell_json(comparison.as_json(found))
    else:
        tell(*comparison.lines(found, rules, most=None if show_all else comparison.SHOWN))
