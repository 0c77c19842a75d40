"""What all commands share: their options, what they print, and how errors become exit codes.

0 done, 1 problems found by `check` or `doctor`, 2 for a wrong configuration, file or argument, 3
for a file in use, 70 for a mistake of the program itself. On 2 and 3 nothing was written.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TextIO, TypeVar

import typer

from batch.errors import printable
from rules.errors import ClientBaseError
from words import _

if TYPE_CHECKING:
    from batch.configuration import Rules
    from batch.errors import FileInUse

T = TypeVar("T")

PROBLEMS_FOUND, BAD_INPUT, IN_USE, OUR_MISTAKE = 1, 2, 3, 70
PROGRESS_AFTER_SECONDS = 1.0


WorkbookFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="Your workbook (.xlsx or .xlsm).")
]
WorkbookFiles = Annotated[
    list[Path],
    typer.Argument(metavar="FILE", help="Your workbooks, and folders that hold some."),
]
Recursive = Annotated[
    bool, typer.Option("--recursive", help="Look into the folders inside a folder, too.")
]
ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="PATH",
        help="The rules. Without it: config.yaml beside the workbook, else the shipped rules.",
    ),
]
Today = Annotated[
    str | None,
    typer.Option("--today", metavar="YYYY-MM-DD", help="Calculate as of this day, not today."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the summary as one JSON object.")]
Wait = Annotated[
    float,
    typer.Option(
        metavar="SECONDS",
        min=0,
        show_default=False,
        help="Try again for so long while FILE is open in another program.",
    ),
]
Verify = Annotated[
    bool,
    typer.Option(
        "--verify", help="Prove, before it is saved, that nothing but filled cells changed."
    ),
]


AsRoot = Annotated[
    bool,
    typer.Option(
        "--as-root", help="Let root work on files, or in a folder, that belong to another user."
    ),
]


def code_of(error: ClientBaseError) -> int:
    """The exit code of an error."""
    from batch.errors import FileInUse

    return IN_USE if isinstance(error, FileInUse) else BAD_INPUT


def fail(message: str, code: int = BAD_INPUT) -> NoReturn:
    """End the program with a sentence and an exit code."""
    aside(message)
    raise SystemExit(code)


def tell(*lines: str) -> None:
    """Print lines for the user."""
    for line in lines:
        _print(line, sys.stdout)


def aside(line: str) -> None:
    """Print a line that isn't part of the result: progress, or what went wrong."""
    _print(line, sys.stderr)


def _print(line: str, stream: TextIO) -> None:
    """Print a line; where nobody takes it any more, the run is none the worse for it."""
    try:
        print(printable(line), file=stream, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def tell_json(facts: dict[str, object]) -> None:
    """Print an object as JSON."""
    import json

    tell(json.dumps(facts, ensure_ascii=False, indent=2))


def day_of(text: str | None) -> dt.date:
    """The day that --today names, by default today."""
    if text is None:
        return dt.datetime.now().astimezone().date()
    try:
        day = dt.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 — a day, no time
    except ValueError:
        day = None
    if day is None or day.year < 1900:  # where Excel's calendar begins
        sentence = _("--today '{text}' is no day; write year-month-day, such as 2026-03-08.")
        fail(sentence.format(text=text))
    return day


def rules_for(workbook: Path, asked: Path | None) -> Rules:
    """The rules that count for a workbook: those *asked* for, else those beside it, else shipped
    ones. Raises ConfigMissingError and ConfigError.
    """
    from batch import configuration

    return configuration.read_for(workbook, asked)


def patiently(act: Callable[[], T], seconds: float) -> T:
    """What *act* gives, tried again for so long while the file is in use."""
    from batch.saving import inuse

    def waiting(error: FileInUse) -> None:
        sentence = _("'{file}' {found}. Waiting for up to {seconds} seconds …")
        shown = f"{seconds:g}"
        aside(sentence.format(file=error.path.name, found=error.state(), seconds=shown))

    return inuse.patiently(act, seconds, waiting)


def check_root(paths: Iterable[Path | None], *, as_root: bool) -> None:
    """Raise NotRoots where root, without being told to, would work on somebody else's files."""
    from batch.errors import NotRoots

    if as_root or sys.platform == "win32" or os.geteuid() != 0:
        return
    for path in filter(None, paths):
        around = path if os.path.isdir(path) else path.absolute().parent  # noqa: PTH112 — never raises
        for one in (path, around):
            if _owner(one):
                raise NotRoots(one)


def _owner(path: Path) -> int:
    """The number of its owner; of what can't be looked at root's: whoever opens it tells."""
    try:
        return path.stat().st_uid
    except OSError:
        return 0


@contextlib.contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """A progress bar on a terminal, once the work has taken longer than a second."""
    if not sys.stderr.isatty():
        yield lambda _name: None
        return
    from threading import Timer

    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from batch.recalculation.steps import STEPS

    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = progress.add_task("", total=len(STEPS))
    start = Timer(PROGRESS_AFTER_SECONDS, progress.start)
    start.daemon = True
    start.start()
    try:
        yield lambda name: progress.update(task, description=_(name), completed=STEPS.index(name))
    finally:
        start.cancel()
        progress.stop()
