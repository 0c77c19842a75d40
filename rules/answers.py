"""What the worksheet functions answer: the filled columns by client, and classes of any figures.

`udfs` asks here for a cell, the batch for the stored result of a formula, so that both agree.
Cells come and go as in `rules.reading.cells`; a blank answer is None.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rules.config.settings import FILLED, Config
from rules.model.declarations import Cell, Rooms
from rules.model.raw import RawTable
from rules.model.result import Result
from rules.reading.cells import read_key, shown
from rules.reading.words import fold
from words import _, marked, speaking

Answer = Cell
Block = list[list[Answer]]

ANY_COLUMN = "CLIENT_VALUE"
"""The function that gives any grey column, by its heading."""
_HELP = marked("What stands in a grey column for a client: its heading is the second argument.")


def by_client(rooms: Rooms) -> dict[str, str]:
    """The functions that give a filled column, with its key."""
    return {one.function: key for key, one in rooms.columns.items() if one.function}


def about_clients(rooms: Rooms) -> list[str]:
    """The functions that are asked for a client."""
    return [*by_client(rooms), *(one.name for one in rooms.functions.values() if one.of_client)]


def helps(rooms: Rooms) -> dict[str, str]:
    """The help of each function, marked for translation, in the order in which Excel lists them."""
    columns = {one.function: one.help for one in rooms.columns.values() if one.function}
    others = {name: one.help for name, one in rooms.functions.items()}
    return {**columns, **others, ANY_COLUMN: _HELP}


def about_figures(rooms: Rooms) -> list[str]:
    """The functions that are given figures."""
    return [one.name for one in rooms.functions.values() if one.of_figures]


class Answers:
    """The answers for all clients of a recalculation; asking for one is cheap.

    A function without an argument means the client of its row on one of the sheets of the base.
    """

    def __init__(self, result: Result) -> None:
        self.result = result
        declared = result.config.rooms
        self._clients = result.base[declared.clients.key]
        self._of_clients = {
            key: one.identity
            for key, one in declared.tables.items()
            if one.is_of_clients and key in result.base
        }
        keys, usable = result.known.clients.keys, result.known.clients.usable
        self._keys = by_client(result.config.rooms)
        self._positions = {keys[at]: at for at in np.flatnonzero(usable).tolist()}
        self._columns: dict[str, list[Answer]] = {}
        self.about_clients = frozenset(about_clients(declared))
        self.about_figures = frozenset(about_figures(declared))

    @property
    def functions(self) -> frozenset[str]:
        """All functions."""
        return self.about_clients | self.about_figures | {ANY_COLUMN}

    def takes(self, function: str, count: int) -> bool:
        """Whether a function can be called with so many arguments."""
        if function == ANY_COLUMN:
            return count == 2
        return count == 1 or (count == 0 and function in self.about_clients)

    def block(self, function: str, arguments: Sequence[Sequence[Sequence[object]]]) -> Block:
        """What a function answers for its *arguments*, each a block of cells."""
        if function in self.about_figures:
            return of_figures(function, arguments[0], self.result.config)
        if function != ANY_COLUMN:
            return [[self.of(function, client) for client in row] for row in arguments[0]]
        heading = arguments[1][0][0]
        return [[self.value(client, heading) for client in row] for row in arguments[0]]

    def of(self, function: str, client: object) -> Answer:
        """The answer of *function* for the client whose ID stands in the cell *client*.

        None for a blank cell, a short sentence for an ID that no client has.
        """
        key = read_key(client, are_names=self._clients.is_keyed_by_name)
        if not key:
            return None
        position = self._positions.get(key)
        if position is None:
            with speaking(self.result.config.based_on):
                return _("no client {found}").format(found=shown(client))
        return self._at(function, position)

    def in_row(self, function: str, sheet: str, row: int) -> Answer:
        """The answer for the client of a row of Clients, or of her line in another table.

        None where that row names no client; a short sentence outside the tables.
        """
        at = _position(self._clients, sheet, row)
        if at is not None:
            usable = self.result.known.clients.usable[at]
            return self._at(function, at) if usable else None
        for key, whose in self._of_clients.items():
            table = self.result.base[key]
            at = _position(table, sheet, row)
            if at is not None:
                return self.of(function, table.column(whose)[at])
        with speaking(self.result.config.based_on):
            return _("no client in this row")

    def value(self, client: object, heading: object) -> Answer:
        """What stands in the grey column *heading* for a client."""
        folded = read_key(heading, are_names=True)
        for key, accepted in self.result.config.headings(FILLED).items():
            if key in self.result.filled and folded in map(fold, accepted):
                return self.of(key, client)
        with speaking(self.result.config.based_on):
            return _("no such column: {found}").format(found=shown(heading))

    def _at(self, function: str, position: int) -> Answer:
        """The answer for a row of Clients of a function, or of a grey column by its key."""
        declared = self.result.config.rooms.functions.get(function)
        if declared is not None and declared.of_client is not None:
            return declared.of_client(self.result.known, position)
        if function not in self._columns:
            self._columns[function] = self.result.cells(self._keys.get(function, function))
        return self._columns[function][position]


def _position(table: RawTable, sheet: str, row: int) -> int | None:
    """Where the row of a sheet stands in *table*; None where it isn't one of its rows."""
    if table.sheet != sheet:
        return None
    at = int(np.searchsorted(table.rows, row))
    return at if at < len(table.rows) and table.rows[at] == row else None


def of_figures(function: str, block: Sequence[Sequence[object]], config: Config) -> Block:
    """What a function answers that is given figures."""
    answers = config.rooms.functions[function].of_figures
    assert answers is not None  # noqa: S101 — the others are asked for clients
    return answers(block, config)
