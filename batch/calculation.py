"""A closed client base, read and calculated and not written: for what only looks at it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from batch.base import ClientBase, read_base
from batch.configuration import Rules
from batch.errors import IsAFolder
from batch.xlsx.package import Limits
from batch.xlsx.workbook import Workbook
from rules.recalculation import Result, recalculate


@dataclass(frozen=True)
class Calculated:
    """A client base with what its rules make of it on a day.

    base: its tables with all columns that have a heading in the configuration; the rows of
    base.clients are those of the result.
    """

    path: Path
    rules: Rules
    workbook: Workbook
    base: ClientBase
    result: Result


def calculate(path: Path, rules: Rules, today: dt.date) -> Calculated:
    """Read and calculate the client base in the workbook *path* as of *today*.

    It may be open in Excel; then what was saved last counts. Raises a ClientBaseError where the
    workbook can't be read.
    """
    if path.is_dir():
        raise IsAFolder(path)
    workbook = Workbook.open(path, Limits.of(rules.config.limits))
    base = read_base(workbook, rules.config, detailed=True)
    result = recalculate(base.clients, base.purchases, base.contacts, rules.config, today)
    return Calculated(path, rules, workbook, base, result)
