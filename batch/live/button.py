"""The Recalculate button: what Excel calls through the xlwings add-in.

Works on what is on the screen, saved or not. Whatever goes wrong ends in one sentence: only here
errors of the button become text, as they do in `batch.cli` for the command line.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import xlwings as xw

from batch.edits import Kept
from batch.installation import log
from batch.live import result
from batch.live.errors import HalfMovedError, HalfWrittenError, WriteRefusedError
from batch.live.opened import rules_of
from batch.live.workbook import OpenBook
from batch.live.write import write
from batch.recalculation import firstsheet
from batch.recalculation.plan import Plan, kept_problems, plan
from batch.recalculation.steps import WRITING
from rules.errors import ClientBaseError
from words import _

_MOMENT = 0.5
"""Seconds after which Excel is asked once more."""
_QUIET = {"screen_updating": False, "enable_events": False, "calculation": "manual"}


def recalculate(book: xw.Book | None = None, today: dt.date | None = None) -> None:
    """Fill the client base in the open *book*, by default the one whose button was clicked.

    Never raises: the status bar, the first sheet and, after a failure, a box tell what happened.
    """
    try:
        book = book or xw.Book.caller()
        with _quiet(book.app):
            sentence = _recalculate(book, today or dt.datetime.now().astimezone().date())
        book.app.status_bar = sentence
    except (WriteRefusedError, HalfWrittenError, HalfMovedError) as error:
        details = log.write("The button failed.", error)
        _tell_failure(book, f"{error} " + _("Details: {log}").format(log=details))
    except ClientBaseError as error:
        _tell_failure(book, str(error))
    except Exception as error:  # noqa: BLE001 — whatever it is, she gets a sentence
        details = log.write("The button failed.", error)
        _tell_failure(
            book,
            _(
                "Something went wrong inside the program; your workbook is as it was. "
                "Try once more; if it stays so, show this file to whoever helps you: "
                "{log}"
            ).format(log=details),
        )


def _recalculate(book: xw.Book, today: dt.date) -> str:
    """Read, calculate, then write; the sentence that says what changed."""
    workbook = OpenBook(book)
    rules = rules_of(workbook)

    def step(name: str) -> None:
        book.app.status_bar = _(name)

    planned = plan(workbook, rules, today, step)
    kept: list[Kept] = []
    if workbook.staged:
        step(WRITING)
        kept = write(workbook, *_moving(planned))
    merged = kept_problems(one for one in kept if one.sheet == planned.sheet)
    problems = [*planned.problems, *merged]
    now = dt.datetime.now().astimezone()
    sentence = firstsheet.result_sentence(planned, len(problems), now)
    try:
        result.show(workbook, sentence, problems, list(_notices(workbook, planned)))
        workbook.stage(planned.start)
        write(workbook)
    except Exception as error:  # noqa: BLE001 — the columns stand, and the status bar tells it
        log.write("The result can't be shown on the first sheet.", error)
    return sentence


def _moving(planned: Plan) -> tuple[str, list[str]]:
    """The sheet from which her entries move, '' for none, and those to which they do."""
    if not planned.taken.rows:
        return "", []
    noted = planned.lists.places[planned.rules.config.rooms.noted.key]
    return noted.sheet.name, [rows.place.sheet.name for rows in planned.taken.rows]


def _notices(workbook: OpenBook, planned: Plan) -> Iterator[str]:
    """What else she should know."""
    yield from firstsheet.notices(planned)
    if workbook.folder is None:
        yield _(
            "Excel doesn't tell in which folder this workbook lies (not saved yet?), so a "
            "config.yaml beside it doesn't count. Save it in a folder."
        )


@contextmanager
def _quiet(app: xw.App) -> Iterator[None]:
    """Excel neither draws nor calculates nor runs macros meanwhile; then all is as it was."""
    with ExitStack() as restored:
        for name, value in _QUIET.items():
            restored.callback(_restore, app, name, getattr(app, name))
            setattr(app, name, value)
        yield


def _restore(app: xw.App, name: str, value: object) -> None:
    """Set what was set before; once more where Excel was busy for a moment."""
    try:
        setattr(app, name, value)
    except Exception:  # noqa: BLE001 — each engine has an error of its own
        time.sleep(_MOMENT)
        try:
            setattr(app, name, value)
        except Exception as error:  # noqa: BLE001 — what was filled stands all the same
            log.write(f"Excel's {name} can't be set back to {value}.", error)


def _tell_failure(book: xw.Book | None, sentence: str) -> None:
    """Say what went wrong, on each of the ways that still work."""
    if book is None:
        return
    with suppress(Exception):
        book.app.status_bar = sentence.splitlines()[0]
    with suppress(Exception):
        result.show_result(OpenBook(book), sentence)
    with suppress(Exception):
        book.app.alert(sentence, title=_("Client base"), mode="critical")
