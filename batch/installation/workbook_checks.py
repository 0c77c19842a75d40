"""Checks of the workbook and of the rules that count for it.

Each takes the surroundings and gives one finding.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from batch.base import NoClientsError, read_base
from batch.errors import WorkbookRefused
from batch.installation.finding import Finding, not_here, problem, warning, well
from batch.installation.surroundings import Surroundings
from rules.config import ConfigError
from rules.errors import ClientBaseError


def rules_readable(around: Surroundings) -> Finding:
    """Whether the configuration is free of mistakes."""
    title = "Rules"
    if isinstance(around.rules, ConfigError):
        count = len(around.rules.problems)
        sentence = f"'{around.rules.source}' has {count} problem{'s' if count > 1 else ''}."
        book = f'"{around.workbook}"' if around.workbook else "YourBase.xlsm"
        return problem(title, sentence, f"They are listed by: clientbase check {book}")
    if isinstance(around.rules, ClientBaseError):
        return _refused(title, around.rules)
    return well(title, f"{around.rules.path}.")


def workbook_sound(around: Surroundings) -> Finding:
    """Whether the workbook can be read."""
    title = "Workbook"
    if around.book is None:
        return not_here(title)
    if isinstance(around.book, Exception):
        return _refused(title, around.book)
    return well(title, f"{around.book.path}.")


def workbook_macros(around: Surroundings) -> Finding:
    """Whether it has the macros behind the button and the functions."""
    title = "Button and functions"
    if around.book is None or isinstance(around.book, Exception) or not around.machine.has_excel:
        return not_here(title)
    if around.book.has_macros:
        return well(title, "The workbook has macros.")
    sentence = "The workbook has no macros, so it has neither the button nor the functions."
    fix = "Copy your tables into ClientBase.xlsm, or fill this one by: clientbase recalc"
    return warning(title, sentence, fix)


def workbook_tables(around: Surroundings) -> Finding:
    """Whether the sheets and headings are there that the rules name."""
    title = "Tables"
    if (
        around.book is None
        or isinstance(around.book, Exception)
        or isinstance(around.rules, ClientBaseError)
    ):
        return not_here(title)
    try:
        base = read_base(around.book, around.rules.config)
    except NoClientsError:
        return well(title, "All there, still without clients.")
    except ClientBaseError as error:
        return _refused(title, error)
    return well(title, f"All there; clients: {len(base.clients.rows)}.")


CHECKS: Final[tuple[Callable[[Surroundings], Finding], ...]] = (
    rules_readable,
    workbook_sound,
    workbook_macros,
    workbook_tables,
)


def _refused(title: str, error: ClientBaseError | OSError) -> Finding:
    """An error as a finding: its first sentence says what is wrong, the others what to do."""
    if isinstance(error, WorkbookRefused):
        return problem(title, f"'{error.path.name}' {error.found}.", error.advice)
    if not isinstance(error, ClientBaseError):
        return problem(title, f"{error.strerror or error}.", "Check the file's name and rights.")
    found, _, advice = str(error).partition(". ")
    return problem(title, f"{found.rstrip('.')}.", advice)
