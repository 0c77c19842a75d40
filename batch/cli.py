"""The command line `clientbase`: its commands stand in `batch.commands`.

What takes long to import is imported by the command that needs it.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from typing import Annotated

import typer
from typer.exceptions import TyperException
from typer.main import get_command

from batch.commands.asking import check, export, rehearse, why
from batch.commands.importing import import_
from batch.commands.installing import doctor, setup
from batch.commands.language import OPTION, abort, refuse, speak_as_asked, translate
from batch.commands.making import example, new
from batch.commands.night import nightly
from batch.commands.past import diff, log, undo
from batch.commands.recalculation import recalc, with_command
from batch.commands.schedule import schedule
from batch.commands.terminal import OUR_MISTAKE, code_of, fail, tell
from batch.errors import reason_of
from rules.errors import ClientBaseError
from words import LANGUAGES, _

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Fills the columns of your client base in Excel: group, ABC/XYZ, stage, folder, "
    "next contact with its reason, gift; and tells you whom to contact today. Nothing leaves your "
    "computer, unless you set up a mail for the night.",
)
for _command in (
    recalc,
    undo,
    log,
    diff,
    new,
    example,
    import_,
    check,
    rehearse,
    why,
    export,
    nightly,
    schedule,
    setup,
    doctor,
):
    app.command(_command.__name__.rstrip("_"))(_command)


def main() -> None:
    """Run the command line; every error ends in a sentence and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    # A run is short and makes millions of objects; looking for garbage among them takes a tenth
    # of its time, again at its end.
    gc.disable()
    # numpy's algebra, which nothing here uses, would start its threads for each run.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    atexit.register(gc.freeze)
    try:
        _run()
    finally:
        gc.enable()


def _run() -> None:
    try:
        command = get_command(app)
        arguments = with_command(speak_as_asked(sys.argv[1:]), _names())
        translate(command)
        sys.exit(command(arguments, prog_name="clientbase", standalone_mode=False) or 0)
    except TyperException as error:
        refuse(error)
        sys.exit(error.exit_code)
    except typer.Abort:
        abort()
        sys.exit(1)
    except ClientBaseError as error:
        fail(str(error), code_of(error))
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        reason = f"{reason_of(error)}{where}"
        fail(_("The computer refused: {reason}.").format(reason=reason))
    except MemoryError:
        fail(_("The computer has too little memory for this file; it is as it was."))
    except Exception:  # noqa: BLE001 — whatever it is, she gets a sentence
        import tempfile
        import traceback

        with tempfile.NamedTemporaryFile(
            "w", prefix="clientbase-", suffix=".log", delete=False, encoding="utf-8"
        ) as log:
            traceback.print_exc(file=log)
        sentence = _(
            "The program made a mistake. The file is whole, as it was or filled ('clientbase log' "
            "tells). Please report it, with the details in {log}"
        )
        fail(sentence.format(log=log.name), OUR_MISTAKE)


def _names() -> list[str]:
    """The names of the commands."""
    return [one.name for one in app.registered_commands if one.name]


def _version(asked: bool) -> None:  # noqa: FBT001 — typer's callback
    if asked:
        from importlib.metadata import version

        tell(f"clientbase {version('clientbase')}")
        raise typer.Exit


def _known_language(asked: str | None) -> None:
    """Only an unknown language comes this far: others are taken before the command line is read."""
    if asked is not None:
        known = ", ".join(LANGUAGES)
        fail(_("--language '{asked}' is unknown; known: {known}.").format(asked=asked, known=known))


@app.callback()
def _common(
    _version_asked: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Show the version and stop."
        ),
    ] = False,
    _language: Annotated[
        str | None,
        typer.Option(
            OPTION,
            metavar="en|ru",
            callback=_known_language,
            help="Speak this language, not that of the rules.",
        ),
    ] = None,
) -> None:
    """Options before the command."""
