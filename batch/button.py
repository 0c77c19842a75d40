"""The Recalculate button: what Excel calls through the xlwings add-in.

Works on what is on the screen, saved or not. Whatever goes wrong ends in one sentence: only here
errors of the button become text, as they do in `batch.cli` for the command line.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

import xlwings as xw

from batch import openfill, resultsheet
from batch.configuration import read, shipped_language, shipped_path
from batch.opened import Opened, OpenWorkbook, calculate
from rules.config.messages import Messages
from rules.dates import day
from rules.errors import ClientBaseError

LOG = Path.home() / ".clientbase" / "clientbase.log"
_MOST_LOGGED = 1_000_000
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
    except ClientBaseError as error:
        _tell_failure(book, str(error))
    except Exception as error:  # noqa: BLE001 — whatever it is, she gets a sentence
        _log(error)
        _tell_failure(book, _spoken(book).button_failed.format(log=LOG))


def _recalculate(book: xw.Book, today: dt.date) -> str:
    """Read, calculate, then write; the sentence that says what changed."""
    opened = calculate(book, today)
    say = opened.rules.config.messages
    book.app.status_bar = say.step_fill
    filling = openfill.plan(opened)
    if filling.columns:
        book.app.status_bar = say.step_write
        openfill.write(opened, filling)
    problems = [*opened.base.problems, *opened.result.problems]
    notices = list(opened.result.notices)
    if filling.formulas:
        notices.append(say.formulas_kept.format(count=filling.formulas))
    sentence = _result(opened, filling.changes, len(problems))
    resultsheet.show(book, sentence, problems, notices, say)
    return sentence


def _result(opened: Opened, changed: int, problems: int) -> str:
    due = opened.result.columns["next_contact"].to_numpy().astype("datetime64[D]")
    today = day(opened.result.today)
    return opened.rules.config.messages.button_done.format(
        time=dt.datetime.now().astimezone().strftime("%H:%M"),
        changed=changed,
        overdue=int((due < today).sum()),
        today=int((due == today).sum()),
        problems=problems,
    )


@contextmanager
def _quiet(app: xw.App) -> Iterator[None]:
    """Excel neither draws nor calculates nor runs macros meanwhile; then all is as it was."""
    with ExitStack() as restored:
        for name, value in _QUIET.items():
            restored.callback(setattr, app, name, getattr(app, name))
            setattr(app, name, value)
        yield


def _tell_failure(book: xw.Book | None, sentence: str) -> None:
    """Say what went wrong, on each of the ways that still work."""
    if book is None:
        logging.getLogger(__name__).error(sentence)
        return
    with suppress(Exception):
        book.app.status_bar = sentence.splitlines()[0]
    with suppress(Exception):
        resultsheet.show_result(book, sentence)
    with suppress(Exception):
        book.app.alert(sentence, title=_spoken(book).vba_category, mode="critical")


def _spoken(book: xw.Book | None) -> Messages:
    """The shipped sentences, in the language of the workbook's sheets."""
    names: list[str] = []
    if book is not None:
        with suppress(Exception):  # the workbook itself may be what fails
            names = OpenWorkbook(book).sheet_names
    return read(shipped_path(shipped_language(names))).config.messages


def _log(error: Exception) -> None:
    """Write the traceback into the log, for whoever helps her."""
    with suppress(OSError):
        LOG.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(LOG, maxBytes=_MOST_LOGGED, backupCount=1, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        logger = logging.getLogger(__name__)
        logger.addHandler(handler)
        try:
            logger.error("The button failed.", exc_info=error)
        finally:
            logger.removeHandler(handler)
            handler.close()
