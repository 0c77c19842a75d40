"""`clientbase schedule`: the nightly run every night by itself."""

from __future__ import annotations

import datetime as dt
import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from batch.commands.night import Recursive, SummaryFolder, Verify
from batch.commands.terminal import BAD_INPUT, ConfigOption, Wait, fail, printable, tell, told

if TYPE_CHECKING:
    from batch.schedule.computer import Computer
    from batch.schedule.job import Job, Piece
    from rules.config.settings import Config

_YES = {"y", "yes", "д", "да"}


class SystemName(StrEnum):
    """What can start a program at a time."""

    WINDOWS = "windows"
    SYSTEMD = "systemd"
    LAUNCHD = "launchd"
    CRON = "cron"


def schedule(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE", help="Your workbooks, and folders that hold some."),
    ] = None,
    at: Annotated[
        str, typer.Option("--at", metavar="HH:MM", help="At this time, every day.")
    ] = "02:00",
    system: Annotated[
        SystemName | None,
        typer.Option(help="What starts it; without it: what this computer has."),
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take the schedule away again.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show the definition; set up nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    config: ConfigOption = None,
    recursive: Recursive = False,
    verify: Verify = False,
    wait: Wait = 0,
    summary_folder: SummaryFolder = None,
) -> None:
    """Let the computer run 'nightly' on every FILE, every day.

    Shows the definition first and asks. There is one schedule: setting up another replaces it.
    Without FILE it shows the one that is set up. Needs no administrator.
    """
    from batch.night.run import settings
    from batch.schedule.computer import Computer

    computer = Computer.here()
    rules = settings(_workbooks(files or [Path()], config, recursive=recursive), config)
    with told(rules.messages):
        if remove:
            _remove(computer, system, rules, dry_run=dry_run)
        elif not files:
            _show_now(computer, system, rules)
        else:
            command = _command(files, config, recursive, verify, wait, summary_folder)
            from batch.night.writing import LOG, folder_of

            folder = folder_of(files[0], summary_folder, rules.nightly.summary_folder)
            job = _job(computer, command, (folder / LOG).absolute(), at)
            _set_up(computer, system, rules, job, dry_run=dry_run, yes=yes)


def _workbooks(files: list[Path], config: Path | None, *, recursive: bool) -> list[Path]:
    from batch.night import files as workbooks

    return workbooks.find(files, config, recursive=recursive).workbooks


def _command(
    files: list[Path],
    config: Path | None,
    recursive: bool,  # noqa: FBT001 — as typer hands it over
    verify: bool,  # noqa: FBT001
    wait: float,
    summary_folder: Path | None,
) -> list[str]:
    """The options and files of 'nightly', all paths absolute. Raises NotThereError."""
    from batch.schedule.errors import NotThereError

    for path in (*files, *([config] if config else [])):
        if not path.exists():
            raise NotThereError(str(path))
    words = ["nightly"]
    if config:
        words += ["--config", str(config.absolute())]
    if summary_folder:
        words += ["--summary", str(summary_folder.absolute())]
    words += ["--recursive"] * recursive + ["--verify"] * verify
    words += ["--wait", f"{wait:g}"] if wait else []
    return [*words, *(str(path.absolute()) for path in files)]


def _job(computer: Computer, command: list[str], log: Path, at: str) -> Job:
    from batch.schedule.job import Job, next_time

    match = re.fullmatch(r"(\d{1,2}):(\d\d)", at.strip())
    hour, minute = (int(match[1]), int(match[2])) if match else (-1, -1)
    if not (0 <= hour <= 23 and 0 <= minute <= 59):
        fail(f"--at '{at}' is no time; write hours:minutes, such as 02:00.", BAD_INPUT)
    words = (computer.interpreter, "-m", "batch", command[0], "--log", str(log), *command[1:])
    first = next_time(dt.datetime.now().astimezone(), hour, minute)
    return Job(words, computer.folder, first)


def _set_up(
    computer: Computer,
    asked: SystemName | None,
    rules: Config,
    job: Job,
    *,
    dry_run: bool,
    yes: bool,
) -> None:
    from batch.schedule.systems import choose

    say, system = rules.messages, choose(computer, asked)
    tell(say.schedule_shown.format(system=getattr(say, f"schedule_{system.key}"), time=job.time))
    _show(system.pieces(job))
    tell(getattr(say, f"schedule_missed_{system.key}"))
    if dry_run:
        tell(say.schedule_not_wanted)
        return
    if system.installed():
        tell(say.schedule_replaces)
    if not yes:
        if not sys.stdin.isatty():
            tell(say.schedule_not_asked)
            return
        if input(say.schedule_ask).strip().casefold() not in _YES:
            tell(say.schedule_not_wanted)
            return
    system.install(job)
    tell(say.schedule_done.format(time=job.time))


def _show(pieces: list[Piece]) -> None:
    for piece in pieces:
        tell("")
        if piece.path is not None:
            tell(f"  {piece.path}")
        for line in piece.text.rstrip("\n").split("\n"):
            tell(f"    {printable(line.expandtabs(2))}".rstrip())
    tell("")


def _show_now(computer: Computer, asked: SystemName | None, rules: Config) -> None:
    from batch.schedule.systems import all_of

    say, is_any = rules.messages, False
    for system in all_of(computer, asked):
        pieces = system.installed()
        if pieces:
            is_any = True
            name = getattr(say, f"schedule_{system.key}")
            tell(say.schedule_now.format(system=name))
            _show(pieces)
    if not is_any:
        tell(say.schedule_none)


def _remove(computer: Computer, asked: SystemName | None, rules: Config, *, dry_run: bool) -> None:
    from batch.schedule.systems import all_of

    say, is_any = rules.messages, False
    for system in all_of(computer, asked):
        pieces = system.installed()
        if not pieces:
            continue
        is_any = True
        name = getattr(say, f"schedule_{system.key}")
        if dry_run:
            tell(say.schedule_would_remove.format(system=name))
            _show(pieces)
        else:
            system.remove()
            tell(say.schedule_removed.format(system=name))
    if not is_any:
        tell(say.schedule_nothing)
