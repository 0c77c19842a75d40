"""Classes of any figures, for worksheet functions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rules.config.settings import Config
from rules.model.declarations import Cell
from rules.reading.cells import read_amounts
from rules.rooms.classes.rule import abc_class, xyz_class
from rules.rooms.classes.settings import Settings

Block = list[list[Cell]]


def abc(amounts: Sequence[Sequence[object]], config: Config) -> Block:
    """The ABC class of each amount of a block, one client each, over the whole block.

    None for a blank, unreadable or not positive amount. Source: CRM article.
    """
    minor, _ = _money(amounts, config)
    classes = abc_class(minor.ravel(), config.rule(Settings).abc).reshape(minor.shape)
    return [[name or None for name in row] for row in classes.tolist()]


def xyz(months: Sequence[Sequence[object]], config: Config) -> Block:
    """The XYZ class of each row of turnovers by month, the newest at the right: one column.

    A single column of months is one client, too. Of more than `xyz.months` the newest count; a
    client's periods begin with her first month that isn't blank, later blanks are zero. None for
    too few periods and a mean that isn't positive. Source: CRM article.
    """
    if len(months) > 1 and len(months[0]) == 1:
        months = [[row[0] for row in months]]
    rule = config.rule(Settings).xyz
    minor, blank = _money(months, config)
    size = rule.period_months
    periods = min(minor.shape[1], rule.months) // size
    newest_first = minor[:, ::-1][:, : periods * size]
    by_period = newest_first.reshape(len(minor), periods, size).sum(axis=2)
    months_known = np.where(blank.all(axis=1), 0, minor.shape[1] - blank.argmin(axis=1))
    known = np.minimum(months_known // size, periods)
    classes = xyz_class(by_period, known, np.zeros(len(minor), dtype=bool), rule)
    return [[name or None] for name in classes.tolist()]


def _money(
    block: Sequence[Sequence[object]], config: Config
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """A block of amounts in minor units, and which cells hold none."""
    cells = np.array([[*row] for row in block], dtype=object)
    read = read_amounts(cells.ravel(), config.numbers)
    minor = np.where(read.unreadable, 0, read.minor)
    return minor.reshape(cells.shape), (read.blank | read.unreadable).reshape(cells.shape)
