"""Checks of the workbook and of the rules that count for it.

Each takes the surroundings and gives one finding.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from batch.base import NoClientsError, read_base
from batch.errors import WorkbookRefused, reason_of
from batch.installation.finding import Finding, not_here, problem, warning, well
from batch.installation.surroundings import Surroundings
from rules.config.loading import ConfigError
from rules.errors import ClientBaseError
from words import _, n_


def rules_readable(around: Surroundings) -> Finding:
    """Whether the configuration is free of mistakes."""
    title = _("Rules")
    if isinstance(around.rules, ConfigError):
        count = len(around.rules.problems)
        sentence = n_(
            "'{file}' has {count} problem.", "'{file}' has {count} problems.", count
        ).format(file=around.rules.source, count=count)
        book = f'"{around.workbook}"' if around.workbook else "YourBase.xlsm"
        return problem(
            title, sentence, _("They are listed by: clientbase check {book}").format(book=book)
        )
    if isinstance(around.rules, ClientBaseError):
        return _refused(title, around.rules)
    return well(title, f"{around.rules.path}.")


def workbook_sound(around: Surroundings) -> Finding:
    """Whether the workbook can be read."""
    title = _("Workbook")
    if around.book is None:
        return not_here(title)
    if isinstance(around.book, Exception):
        return _refused(title, around.book)
    return well(title, f"{around.book.path}.")


def workbook_macros(around: Surroundings) -> Finding:
    """Whether it has the macros behind the button and the functions."""
    title = _("Button and functions")
    if around.book is None or isinstance(around.book, Exception) or not around.machine.has_excel:
        return not_here(title)
    if around.book.has_macros:
        return well(title, _("The workbook has macros."))
    sentence = _("The workbook has no macros, so it has neither the button nor the functions.")
    fix = _("Copy your tables into ClientBase.xlsm, or fill this one by: clientbase recalc")
    return warning(title, sentence, fix)


def workbook_tables(around: Surroundings) -> Finding:
    """Whether the sheets and headings are there that the rules name."""
    title = _("Tables")
    if (
        around.book is None
        or isinstance(around.book, Exception)
        or isinstance(around.rules, ClientBaseError)
    ):
        return not_here(title)
    try:
        base = read_base(around.book, around.rules.config)
    except NoClientsError:
        return well(title, _("All there, still without clients."))
    except ClientBaseError as error:
        return _refused(title, error)
    return well(title, _("All there; clients: {count}.").format(count=len(base.clients.rows)))


CHECKS: Final[tuple[Callable[[Surroundings], Finding], ...]] = (
    rules_readable,
    workbook_sound,
    workbook_macros,
    workbook_tables,
)


def _refused(title: str, error: ClientBaseError | OSError) -> Finding:
    """An error as a finding: its first sentence says what is wrong, the others what to do."""
    if isinstance(error, WorkbookRefused):
        return problem(
            title,
            _("'{file}' {found}.").format(file=error.path.name, found=error.found),
            error.advice,
        )
    if not isinstance(error, ClientBaseError):
        return problem(title, f"{reason_of(error)}.", _("Check the file's name and rights."))
    found, _dot, advice = str(error).partition(". ")
    return problem(title, f"{found.rstrip('.')}.", advice)
