"""The command line: `clientbase recalc`, `undo`, `log`, `diff`, `new`, `check` and the others.

Only here errors become exit codes: 0 done, 1 problems found by `check` or `doctor`, 2 for a wrong
configuration, file or argument, 3 for a file in use, 70 for a mistake of the program itself. On 2
and 3 nothing was written.
What takes long to import is imported by the command that needs it.
"""

from __future__ import annotations

import atexit
import contextlib
import datetime as dt
import gc
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TextIO, TypeVar

import typer

from rules.errors import ClientBaseError

if TYPE_CHECKING:
    from batch.configuration import Rules
    from batch.history.lastrun import Said
    from batch.xlsx.errors import FileInUse
    from rules.config.messages import Messages

T = TypeVar("T")

BAD_INPUT, IN_USE, OUR_MISTAKE = 2, 3, 70
PROGRESS_AFTER_SECONDS = 1.0

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Fills the columns of your client base in Excel: group, ABC/XYZ, stage, folder, "
    "next contact with its reason, gift. Nothing leaves your computer.",
)

Workbook = Annotated[Path, typer.Argument(metavar="FILE", help="Your workbook (.xlsx or .xlsm).")]
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


def main() -> None:
    """Run the command line; every error ends in a sentence and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    # A run is short and makes millions of objects; looking for garbage among them takes a tenth
    # of its time, again at its end.
    gc.disable()
    atexit.register(gc.freeze)
    try:
        _run()
    finally:
        gc.enable()


def _run() -> None:
    try:
        app(prog_name="clientbase")
    except ClientBaseError as error:
        _fail(str(error), _code(error))
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        _fail(f"The computer refused: {error.strerror or error}{where}.", BAD_INPUT)
    except MemoryError:
        _fail("The computer has too little memory for this file; it is as it was.", BAD_INPUT)
    except Exception:  # noqa: BLE001 — whatever it is, she gets a sentence
        import tempfile
        import traceback

        with tempfile.NamedTemporaryFile(
            "w", prefix="clientbase-", suffix=".log", delete=False, encoding="utf-8"
        ) as log:
            traceback.print_exc(file=log)
        _fail(
            "The program made a mistake. Your file is whole, as it was or filled ('clientbase log' "
            f"tells). Please report it, with the details in {log.name}",
            OUR_MISTAKE,
        )


def _code(error: ClientBaseError) -> int:
    from batch.xlsx.errors import FileInUse

    return IN_USE if isinstance(error, FileInUse) else BAD_INPUT


def _fail(message: str, code: int) -> NoReturn:
    _aside(message)
    raise SystemExit(code)


def _say(line: str) -> None:
    _print(line, sys.stdout)


def _aside(line: str) -> None:
    _print(line, sys.stderr)


def _print(line: str, stream: TextIO) -> None:
    """Print a line; where nobody takes it any more, the run is none the worse for it."""
    try:
        print(_printable(line), file=stream, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _say_json(facts: dict[str, object]) -> None:
    import json

    _say(json.dumps(facts, ensure_ascii=False, indent=2))


def _printable(text: str) -> str:
    """*text* without what a terminal could take for a command; sheets may hold anything."""
    return "".join(one if one.isprintable() or one == "\n" else "?" for one in text)


def _version(asked: bool) -> None:  # noqa: FBT001 — typer's callback
    if asked:
        from importlib.metadata import version

        _say(f"clientbase {version('clientbase')}")
        raise typer.Exit


@app.callback()
def _common(
    _version_asked: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Show the version and stop."
        ),
    ] = False,
) -> None:
    """Options before the command."""


def _day(text: str | None) -> dt.date:
    if text is None:
        return dt.datetime.now().astimezone().date()
    try:
        day = dt.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 — a day, no time
    except ValueError:
        day = None
    if day is None or not 1902 <= day.year <= 9000:
        _fail(f"--today '{text}' is no day; write year-month-day, such as 2026-03-08.", BAD_INPUT)
    return day


@app.command()
def recalc(
    file: Workbook,
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
    verify: Annotated[
        bool,
        typer.Option(
            "--verify", help="Prove, before it is saved, that nothing but filled cells changed."
        ),
    ] = False,
    wait: Wait = 0,
    as_json: AsJson = False,
) -> None:
    """Fill the grey columns of the workbook FILE.

    Only cells that change are written; everything else in the file stays as it is, to the byte.
    The version before is kept in the folder .clientbase beside the file; 'undo' goes back.
    """
    day = _day(today)
    from batch import configuration

    rules = configuration.read(configuration.find(file, config))
    say = rules.config.messages

    def done() -> Said:
        if not (output or dry_run or verify):
            said = _as_last_run(file, rules, day)
            if said is not None:
                return said
        return _recalculated(file, rules, day, output, dry_run=dry_run, verify=verify)

    with _told(say):
        said = _patiently(done, wait, say)
    if as_json:
        _say_json(said.facts)
    else:
        for line in said.lines:
            _say(line)


def _as_last_run(file: Path, rules: Rules, day: dt.date) -> Said | None:
    """What the last run said, where this one would be the same; None elsewhere."""
    from batch.history import lastrun
    from batch.saving import inuse

    path = inuse.real(file)
    if not path.is_file() or inuse.is_left_unfinished(path):
        return None
    inuse.check_free(path)
    said = lastrun.remembered(file, rules, day)
    listed = said.facts.get("problems_file") if said else None
    return None if listed and not Path(str(listed)).exists() else said


def _recalculated(
    file: Path, rules: Rules, day: dt.date, output: Path | None, *, dry_run: bool, verify: bool
) -> Said:
    """Calculate, and say what that did."""
    from batch import report
    from batch.recalc import recalculate_file

    with _progress(rules.config.messages) as step:
        outcome = recalculate_file(
            file, rules, day, output=output, dry_run=dry_run, verify=verify, step=step
        )
    problems_file = None
    if not dry_run:
        try:
            problems_file = report.write_problems(outcome)
        except OSError as error:
            reason = error.strerror or str(error)
            _aside(f"The list of problems can't be written: {reason}.")
        if output is None:
            report.remember(outcome, problems_file)
    return report.said(outcome, problems_file)


def _patiently(act: Callable[[], T], seconds: float, say: Messages) -> T:
    """What *act* gives, tried again for so long while the file is in use."""
    from batch.saving import inuse

    def waiting(error: FileInUse) -> None:
        state = error.state(say)
        _aside(say.waiting.format(file=error.path.name, found=state, seconds=f"{seconds:g}"))

    return inuse.patiently(act, seconds, waiting)


@app.command()
def undo(file: Workbook, config: ConfigOption = None, wait: Wait = 0) -> None:
    """Bring the filled cells of FILE back to before the last run.

    What you typed since stays. Once more goes back one run further.
    """
    from batch import configuration
    from batch.history import undo as undoing

    rules = configuration.read(configuration.find(file, config))
    say = rules.config.messages
    with _told(say):
        done = _patiently(lambda: undoing.undo(file, rules), wait, say)
    for line in undoing.lines(done, rules.config):
        _say(line)


@app.command()
def log(file: Workbook, config: ConfigOption = None) -> None:
    """List the runs that changed FILE, the newest first."""
    from batch import configuration
    from batch.history import journal

    rules = configuration.read(configuration.find(file, config))
    with _told(rules.config.messages):
        for line in journal.lines(file, rules.config):
            _say(line)


@app.command()
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
    from batch import configuration
    from batch.comparison import files as comparison
    from batch.xlsx.package import Limits

    rules = configuration.read(configuration.find(new, config)).config
    with _told(rules.messages):
        found = comparison.difference(old, new, Limits.of(rules.limits))
        if as_json:
            _say_json(comparison.as_json(found))
            return
        for line in comparison.lines(found, rules, most=None if show_all else comparison.SHOWN):
            _say(line)


@app.command()
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
    from batch.new import make_base

    rules = configuration.read(configuration.find(file, config))
    sources = {"clients": clients, "purchases": purchases, "contacts": contacts}
    with _progress(rules.config.messages) as step:
        step("step_write")
        made = make_base(file, rules.config, sources, mapped or [])
    _say(
        f"Made {made.path}: {made.clients} clients, {made.purchases} purchase lines, "
        f"{made.contacts} contacts."
    )
    if made.clients_from_logs:
        _say(f"  Clients found only in the logs: {made.clients_from_logs}")
    first = "" if made.clients else "type your clients, then "
    button = "open it and click Recalculate, or " if made.path.suffix.lower() == ".xlsm" else ""
    option = f" --config {_quoted(config)}" if config else ""
    _say(f"  To fill it: {first}{button}clientbase recalc {_quoted(made.path)}{option}")


def _quoted(path: Path) -> str:
    """A path as it can be typed in any terminal."""
    return f'"{path}"' if " " in str(path) else str(path)


@app.command()
def example(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The new workbook (.xlsx or .xlsm).")
    ],
    config: ConfigOption = None,
    today: Today = None,
) -> None:
    """Make an example base FILE, with dates around today, to try the program on."""
    day = _day(today)
    from batch import configuration
    from batch.example import make_example

    rules = configuration.read(configuration.find(file, config))
    made = make_example(file, rules.config, day)
    _say(
        f"Made {made.path}: {made.clients} clients, {made.purchases} purchase lines, "
        f"{made.contacts} contacts."
    )


@app.command()
def check(file: Workbook, config: ConfigOption = None, today: Today = None) -> None:
    """Look for problems in the rules and in the data of FILE; write nothing.

    Exit code 1 when there are any.
    """
    day = _day(today)
    from batch import configuration, report
    from batch.recalc import recalculate_file
    from rules.config import ConfigError

    try:
        rules = configuration.read(configuration.find(file, config))
    except ConfigError as error:
        _say(str(error))
        raise typer.Exit(1) from error
    say = rules.config.messages
    with _told(say), _progress(say) as step:
        outcome = recalculate_file(file, rules, day, dry_run=True, step=step)
    for notice in outcome.notices:
        _say(notice)
    for problem in outcome.problems:
        _say(report.sentence(problem))
    if outcome.problems:
        raise typer.Exit(1)
    _say(say.summary_no_problems)


@app.command()
def setup(
    remove: Annotated[
        bool, typer.Option("--remove", help="Take back what an earlier set-up did.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would be done; write nothing.")
    ] = False,
) -> None:
    """Make Excel ready for the button and the functions: the xlwings add-in and its settings.

    What stood there before is kept, and comes back with --remove. Doing it twice does no harm.
    """
    from batch.installation import setup
    from batch.installation.machine import Machine

    do = setup.remove if remove else setup.set_up
    for line in do(Machine.here(), dry_run=dry_run):
        _say(line)


@app.command()
def doctor(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Your workbook, to be checked, too.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Find out why Excel doesn't start the program, and say what to do; write nothing.

    Exit code 1 when there are problems.
    """
    from batch.installation import doctor
    from batch.installation.surroundings import gather

    around = gather(file, config)
    findings = doctor.examine(around)
    for line in doctor.report(findings, around):
        _say(line)
    if doctor.has_problem(findings):
        raise typer.Exit(1)


@contextlib.contextmanager
def _told(say: Messages) -> Iterator[None]:
    """What the user can mend is told in the words of *say*, and ends the run."""
    try:
        yield
    except ClientBaseError as error:
        _fail(error.told(say), _code(error))


@contextlib.contextmanager
def _progress(say: Messages) -> Iterator[Callable[[str], None]]:
    """A progress bar on a terminal, once the work has taken longer than a second."""
    if not sys.stderr.isatty():
        yield lambda _name: None
        return
    from threading import Timer

    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    steps = [name for name in type(say).model_fields if name.startswith("step_")]
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = progress.add_task("", total=len(steps))
    start = Timer(PROGRESS_AFTER_SECONDS, progress.start)
    start.daemon = True
    start.start()
    try:
        yield lambda name: progress.update(
            task, description=getattr(say, name), completed=steps.index(name)
        )
    finally:
        start.cancel()
        progress.stop()
