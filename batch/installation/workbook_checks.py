"""Checks of the workbook and of the rules that count for it.

Each takes the surroundings and gives one finding.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from batch.base import NoClientsError
from batch.errors import WorkbookRefused, reason_of
from batch.installation.diagnosis import NOT_HERE, Checks, Diagnosis, problem, warning, well
from batch.installation.surroundings import Surroundings
from batch.installation.typed import command
from batch.recalculation import telling
from batch.recalculation.file import recalculate_file
from batch.recalculation.plan import calculate
from rules.config.loading import ConfigError
from rules.errors import ClientBaseError
from words import _, marked, n_

CHECKS: Final = Checks()
FIRST_PROBLEMS: Final = 3


@CHECKS.add(marked("Rules"))
def rules_readable(around: Surroundings) -> Diagnosis:
    """Whether the configuration is free of mistakes."""
    if isinstance(around.rules, ConfigError):
        count = len(around.rules.problems)
        sentence = n_("'{file}' has {count} problem.", "'{file}' has {count} problems.", count)
        shown = command("check", around.workbook or Path(_("YourBase.xlsm")))
        return problem(
            sentence.format(file=around.rules.source, count=count),
            _("They are listed by: {command}").format(command=shown),
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
    if around.workbook is None or around.book is None or isinstance(around.book, Exception):
        return NOT_HERE
    if around.book.has_macros:
        return well(_("The workbook has macros."))
    sentence = _("The workbook has no macros, so it has neither the button nor the functions.")
    fix = _("Copy your tables into ClientBase.xlsm, or fill this one by: {command}")
    return warning(sentence, fix.format(command=command("recalc", around.workbook)))


@CHECKS.add(marked("Tables"))
def workbook_tables(around: Surroundings) -> Diagnosis:
    """Whether the sheets and headings are there that the rules name."""
    book, rules = around.book, around.rules
    if book is None or isinstance(book, Exception) or isinstance(rules, ClientBaseError):
        return NOT_HERE
    try:
        found = calculate(book, rules, around.today)
    except NoClientsError:
        return well(_("All there, still without clients."))
    except ClientBaseError as error:
        return _refused(error)
    return well(_("All there; clients: {count}.").format(count=found.result.clients))


@CHECKS.add(marked("Data"))
def workbook_data(around: Surroundings) -> Diagnosis:
    """How many cells can't be used, and the first of them, as `clientbase check` tells them."""
    book, rules, path = around.book, around.rules, around.workbook
    if (
        path is None
        or book is None
        or isinstance(book, Exception)
        or isinstance(rules, ClientBaseError)
    ):
        return NOT_HERE
    try:
        outcome = recalculate_file(path, rules, around.today, dry_run=True)
    except NoClientsError:
        return well(_("Nothing to look at yet."))
    except ClientBaseError as error:
        return _refused(error)
    problems = [telling.sentence(problem) for problem in outcome.problems]
    if not problems:
        return well(_("Every cell can be used."))
    count = len(problems)
    sentence = n_("{count} cell needs a look.", "{count} cells need a look.", count)
    found = "\n      ".join([sentence.format(count=count), *problems[:FIRST_PROBLEMS]])
    return warning(found, _("All are listed by: {command}").format(command=command("check", path)))


def _refused(error: ClientBaseError | OSError) -> Diagnosis:
    """An error as a finding: its first sentence says what is wrong, the others what to do."""
    if isinstance(error, WorkbookRefused):
        sentence = _("'{file}' {found}.").format(file=error.path.name, found=error.found)
        return problem(sentence, error.advice)
    if not isinstance(error, ClientBaseError):
        return problem(f"{reason_of(error)}.", _("Check the file's name and rights."))
    found, _dot, advice = str(error).partition(". ")
    return problem(f"{found.rstrip('.')}.", advice)
