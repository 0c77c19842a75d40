"""`clientbase schedule`: the nightly run every night by itself."""

from __future__ import annotations

import datetime as dt
import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from batch.commands.night import SummaryFolder
from batch.commands.terminal import (
    AsRoot,
    ConfigOption,
    Recursive,
    Verify,
    Wait,
    check_root,
    fail,
    tell,
)
from batch.errors import printable
from batch.installation.typed import command
from words import _, marked

if TYPE_CHECKING:
    from batch.schedule.computer import Computer
    from batch.schedule.job import Job, Piece, System

_YES = {"y", "yes", "д", "да"}
_MADE_UP = marked(
    "If the computer is off or asleep at that time, it runs as soon as it is on again and you are "
    "signed in."
)
_MISSED = {
    "windows": _MADE_UP,
    "systemd": _MADE_UP,
    "launchd": marked(
        "If the Mac is asleep at that time, it runs when it wakes; if it is off, "
        "that night is left out. If macOS asks whether Python may use your "
        "folder, allow it."
    ),
    "cron": marked(
        "If the computer is off or asleep at that time, that night is left out: "
        "cron makes up for nothing."
    ),
}
"""What becomes of a night on which the computer is off, by the key of the system."""


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
    as_root: AsRoot = False,
) -> None:
    """Let the computer run 'nightly' on every FILE, every day.

    Shows the definition first and asks. There is one schedule: setting up another replaces it.
    Without FILE it shows the one that is set up. Needs no administrator.
    """
    from batch.night.files import FoundBases
    from batch.night.run import settings
    from batch.schedule.computer import Computer

    computer = Computer.here()
    given = files or [Path()]
    rules = settings(given, FoundBases(given, config, recursive=recursive)).config
    if remove:
        _remove(computer, system, dry_run=dry_run)
    elif not files:
        _show_now(computer, system)
    else:
        check_root((*files, summary_folder), as_root=as_root)
        command = _command(files, config, recursive, verify, wait, summary_folder, as_root)
        from batch.night.writing import NAME, folder_of

        folder = folder_of(files[0], summary_folder, rules.nightly.summary_folder)
        job = _job(computer, command, (folder / f"{_(NAME)}.log").absolute(), at)
        _set_up(computer, system, job, dry_run=dry_run, yes=yes)


def _command(
    files: list[Path],
    config: Path | None,
    recursive: bool,  # noqa: FBT001 — as typer hands it over
    verify: bool,  # noqa: FBT001
    wait: float,
    summary_folder: Path | None,
    as_root: bool,  # noqa: FBT001
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
    words += ["--recursive"] * recursive + ["--verify"] * verify + ["--as-root"] * as_root
    words += ["--wait", f"{wait:g}"] if wait else []
    return [*words, *(str(path.absolute()) for path in files)]


def _job(computer: Computer, command: list[str], log: Path, at: str) -> Job:
    from batch.schedule.job import Job, next_time

    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", at.strip())
    if match is None:
        fail(_("--at '{text}' is no time; write hours:minutes, such as 02:00.").format(text=at))
    words = (computer.interpreter, "-m", "batch", command[0], "--log", str(log), *command[1:])
    first = next_time(dt.datetime.now().astimezone(), int(match[1]), int(match[2]))
    return Job(words, computer.folder, first)


def _set_up(
    computer: Computer,
    asked: SystemName | None,
    job: Job,
    *,
    dry_run: bool,
    yes: bool,
) -> None:
    from batch.schedule.errors import NAMES
    from batch.schedule.systems import choose

    system = choose(computer, asked)
    tell(_("Every day at {time}, by {system}:").format(system=_(NAMES[system.key]), time=job.time))
    _show(system.pieces(job))
    tell(_(_MISSED[system.key]))
    if dry_run:
        tell(_("Nothing was set up."))
        return
    if system.installed():
        tell(_("It replaces the schedule that is set up now."))
    if not yes:
        if not sys.stdin.isatty():
            tell(_("Nothing was set up. Add --yes to set it up without a question."))
            return
        if input(_("Set it up like this? (yes/no) ")).strip().casefold() not in _YES:
            tell(_("Nothing was set up."))
            return
    system.install(job)
    done = _(
        "Set up: every day at {time}. To see it: {command}. To take it away: {command} --remove"
    )
    tell(done.format(time=job.time, command=command("schedule")))


def _show(pieces: list[Piece]) -> None:
    for piece in pieces:
        tell("")
        if piece.path is not None:
            tell(f"  {piece.path}")
        for line in piece.text.rstrip("\n").split("\n"):
            tell(f"    {printable(line.expandtabs(2))}".rstrip())
    tell("")


def _installed(
    computer: Computer, asked: SystemName | None
) -> list[tuple[System, str, list[Piece]]]:
    """What is set up now: the system, its name, and the pieces."""
    from batch.schedule.errors import NAMES
    from batch.schedule.systems import all_of

    found = [(system, system.installed()) for system in all_of(computer, asked)]
    return [(system, _(NAMES[system.key]), pieces) for system, pieces in found if pieces]


def _show_now(computer: Computer, asked: SystemName | None) -> None:
    found = _installed(computer, asked)
    for _system, name, pieces in found:
        tell(_("Set up now, by {system}:").format(system=name))
        _show(pieces)
    if not found:
        sentence = _("Nothing is set up. Name your workbook or its folder, such as: {command}")
        example = command("schedule", _("YourBase.xlsm"), "--at", "02:00")
        tell(sentence.format(command=example))


def _remove(computer: Computer, asked: SystemName | None, *, dry_run: bool) -> None:
    found = _installed(computer, asked)
    for system, name, pieces in found:
        if dry_run:
            tell(_("Would be taken away, from {system}:").format(system=name))
            _show(pieces)
        else:
            system.remove()
            tell(_("Taken away: {system} no longer starts the program.").format(system=name))
    if not found:
        tell(_("There was no schedule to take away."))
