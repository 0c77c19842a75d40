"""What the worksheet functions answer: the filled columns by client, and classes of any figures.

`udfs` asks here for a cell, the batch for the stored result of a formula, so that both agree.
Cells come and go as in `rules.cells`; a blank answer is None.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rules.cells import read_amounts, read_key, shown
from rules.config.settings import Config
from rules.groupreasons import GroupReasons
from rules.recalculation import Cell, Result
from rules.tables import RawTable
from rules.turnover import abc_class, xyz_class
from words import _, speaking

Answer = Cell
Block = list[list[Answer]]

COLUMNS = {
    "CLIENT_GROUP": "group",
    "CLIENT_STAGE": "stage",
    "CLIENT_FOLDER": "folder",
    "CLIENT_TURNOVER": "turnover",
    "NEXT_CONTACT": "next_contact",
    "CONTACT_REASON": "contact_reason",
    "GIFT": "gift",
    "GIFT_BUDGET": "gift_budget",
}
"""The functions that give a filled column, with its key."""
BY_CLIENT = ("CLIENT_CLASS", *COLUMNS, "CLIENT_WHY")
"""All functions that are asked for a client."""


class Answers:
    """The answers for all clients of a recalculation; asking for one is cheap.

    clients and logs are the tables that the *result* was calculated from: a function without an
    argument means the client of its row on one of their sheets.
    """

    def __init__(self, result: Result, clients: RawTable, logs: Sequence[RawTable]) -> None:
        self.result = result
        self.clients = clients
        self.logs = logs
        keys, usable = result.base.clients.keys, result.base.clients.usable
        self._positions = {keys[at]: at for at in np.flatnonzero(usable).tolist()}
        self._columns: dict[str, list[Answer]] = {}

    def of(self, function: str, client: object) -> Answer:
        """The answer of *function* for the client whose ID stands in the cell *client*.

        None for a blank cell, a short sentence for an ID that no client has.
        """
        key = read_key(client)
        if not key:
            return None
        position = self._positions.get(key)
        if position is None:
            with speaking(self.result.config.based_on):
                return _("no client {found}").format(found=shown(client))
        return self._at(function, position)

    def in_row(self, function: str, sheet: str, row: int) -> Answer:
        """The answer for the client of a row of Clients, or of her line in Purchases or Contacts.

        None where that row names no client; a short sentence outside the tables.
        """
        at = _position(self.clients, sheet, row)
        if at is not None:
            usable = self.result.base.clients.usable[at]
            return self._at(function, at) if usable else None
        for log in self.logs:
            at = _position(log, sheet, row)
            if at is not None:
                return self.of(function, log.column("client_id")[at])
        with speaking(self.result.config.based_on):
            return _("no client in this row")

    def _at(self, function: str, position: int) -> Answer:
        if function == "CLIENT_WHY":
            with speaking(self.result.config.based_on):
                return self._why.sentence(position)
        if function not in self._columns:
            self._columns[function] = self._column(function)
        return self._columns[function][position]

    @cached_property
    def _why(self) -> GroupReasons:
        return GroupReasons(self.result)

    def _column(self, function: str) -> list[Answer]:
        if function == "CLIENT_CLASS":
            columns = self.result.filled
            return [name or None for name in columns["abc"] + columns["xyz"]]
        return self.result.cells(COLUMNS[function])


def _position(table: RawTable, sheet: str, row: int) -> int | None:
    """Where the row of a sheet stands in *table*; None where it isn't one of its rows."""
    if table.sheet != sheet:
        return None
    at = int(np.searchsorted(table.rows, row))
    return at if at < len(table.rows) and table.rows[at] == row else None


def abc(amounts: Sequence[Sequence[object]], config: Config) -> Block:
    """The ABC class of each amount of a block, one client each, over the whole block.

    None for a blank, unreadable or not positive amount. Source: CRM article.
    """
    minor, _ = _money(amounts, config)
    classes = abc_class(minor.ravel(), config.abc).reshape(minor.shape)
    return [[name or None for name in row] for row in classes.tolist()]


def xyz(months: Sequence[Sequence[object]], config: Config) -> Block:
    """The XYZ class of each row of turnovers by month, the newest at the right: one column.

    A single column of months is one client, too. Of more than `xyz.months` the newest count; a
    client's periods begin with her first month that isn't blank, later blanks are zero. None for
    too few periods and a mean that isn't positive. Source: CRM article.
    """
    if len(months) > 1 and len(months[0]) == 1:
        months = [[row[0] for row in months]]
    rule = config.xyz
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


BY_FIGURES: dict[str, Callable[[Sequence[Sequence[object]], Config], Block]] = {
    "ABC": abc,
    "XYZ": xyz,
}
"""The functions that are given figures."""
