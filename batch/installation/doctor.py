"""`clientbase doctor`: each known cause of failure looked at, with one fix for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from batch.installation import excel_checks, python_checks, workbook_checks
from batch.installation.diagnosis import Diagnosis, Level
from batch.installation.surroundings import Surroundings
from batch.installation.typed import command
from words import _, marked

CHECKS: Final = (*excel_checks.CHECKS, *python_checks.CHECKS, *workbook_checks.CHECKS)
VERSIONS: Final = marked(
    "Excel that can work: 2010 to 2024 and Microsoft 365 for Windows, 2016 and later and "
    "Microsoft 365 for Mac; not the Microsoft Store's edition, and not Excel on the web or a phone."
)
_MARKS: Final = {Level.OK: "✓", Level.WARNING: "!", Level.PROBLEM: "✗"}


def examine(around: Surroundings) -> list[Diagnosis]:
    """What each check finds, in the order in which it is told."""
    return [check(around) for check in CHECKS]


def report(findings: Sequence[Diagnosis], around: Surroundings) -> list[str]:
    """The findings as lines: one each, the fix below it; what can't be checked here is left out."""
    lines = []
    for finding in findings:
        if finding.level is not Level.NOT_HERE:
            lines.append(f"{_MARKS[finding.level]} {finding.title}: {finding.sentence}")
            if finding.fix:
                lines.append(f"    {finding.fix}")
    if around.machine.has_excel:
        lines.append(f"  {_(VERSIONS)}")
    else:
        concerns = _("There is no Excel for this system; what concerns Excel is left out.")
        lines.append(f"  {concerns}")
    if around.workbook is None:
        more = _("Name your workbook to have it checked, too: {command}")
        typed = command("doctor", _("YourBase.xlsm"))
        lines.append(f"  {more.format(command=typed)}")
    return [*lines, _conclusion(findings)]


def has_problem(findings: Sequence[Diagnosis]) -> bool:
    """Whether anything keeps Excel or the commands from working."""
    return any(finding.level is Level.PROBLEM for finding in findings)


def _conclusion(findings: Sequence[Diagnosis]) -> str:
    levels = [finding.level for finding in findings]
    problems, warnings = levels.count(Level.PROBLEM), levels.count(Level.WARNING)
    if not problems and not warnings:
        return _("No problems found.")
    sentence = _("Problems: {problems}, warnings: {warnings}. What to do stands below each.")
    return sentence.format(problems=problems, warnings=warnings)
