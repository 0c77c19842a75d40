"""Checks of the workbook and of the rules that count for it.

Each takes the surroundings and gives one finding.
"""

from __future__ import annotations

from typing import Final

from batch.base import NoClientsError, read_base
from batch.errors import WorkbookRefused, reason_of
from batch.installation.diagnosis import NOT_HERE, Checks, Diagnosis, problem, warning, well
from batch.installation.surroundings import Surroundings
from rules.config.loading import ConfigError
from rules.errors import ClientBaseError
from words import _, marked, n_

CHECKS: Final = Checks()


@CHECKS.add(marked("Rules"))
def rules_readable(around: Surroundings) -> Diagnosis:
    """Whether the configuration is free of mistakes."""
    if isinstance(around.rules, ConfigError):
        count = len(around.rules.problems)
        sentence = n_("'{file}' has {count} problem.", "'{file}' has {count} problems.", count)
        book = f'"{around.workbook}"' if around.workbook else "YourBase.xlsm"
        return problem(
            sentence.format(file=around.rules.source, count=count),
            _("They are listed by: clientbase check {book}").format(book=book),
        )
    if isinstance(around.rules, ClientBaseError):
        return _refused(around.rules)
    return well(f"{around.rules.path}.")


@CHECKS.add(marked("Workbook"))
def workbook_sound(around: Surroundings) -> Diagnosis:
    """Whether the workbook can be read."""
    if around.book is None:
        return NOT_HERE
    if isinstance(around.book, Exception):
        return _refused(around.book)
    return well(f"{around.book.path}.")


@CHECKS.with_excel(marked("Button and functions"))
def workbook_macros(around: Surroundings) -> Diagnosis:
    """Whether it has the macros behind the button and the functions."""
    if around.book is None or isinstance(around.book, Exception):
        return NOT_HERE
    if around.book.has_macros:
        return well(_("The workbook has macros."))
    sentence = _("The workbook has no macros, so it has neither the button nor the functions.")
    fix = _("Copy your tables into ClientBase.xlsm, or fill this one by: clientbase recalc")
    return warning(sentence, fix)


@CHECKS.add(marked("Tables"))
def workbook_tables(around: Surroundings) -> Diagnosis:
    """Whether the sheets and headings are there that the rules name."""
    book, rules = around.book, around.rules
    if book is None or isinstance(book, Exception) or isinstance(rules, ClientBaseError):
        return NOT_HERE
    try:
        base = read_base(book, rules.config)
    except NoClientsError:
        return well(_("All there, still without clients."))
    except ClientBaseError as error:
        return _refused(error)
    return well(_("All there; clients: {count}.").format(count=len(base.clients.rows)))


def _refused(error: ClientBaseError | OSError) -> Diagnosis:
    """An error as a finding: its first sentence says what is wrong, the others what to do."""
    if isinstance(error, WorkbookRefused):
        sentence = _("'{file}' {found}.").format(file=error.path.name, found=error.found)
        return problem(sentence, error.advice)
    if not isinstance(error, ClientBaseError):
        return problem(f"{reason_of(error)}.", _("Check the file's name and rights."))
    found, _dot, advice = str(error).partition(". ")
    return problem(f"{found.rstrip('.')}.", advice)
