"""All that a rule may look at on one day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from rules.config.basics import Model
from rules.config.settings import Config
from rules.reading.cells import Cells, Mask

BLANK: Mapping[str, Any] = {
    "M": np.datetime64("NaT", "D"),
    "f": np.nan,
    "O": "",
    "U": "",
    "b": False,
}
"""What stands for nothing in a column, by the kind of its array."""

T = TypeVar("T")
Settings = TypeVar("Settings", bound=Model)


@dataclass(frozen=True)
class CleanTable:
    """The rows of a table that can be used, in the order of the sheet.

    Of Clients, and of other tables that aren't logs, all rows stay, and *usable* says which of them
    can be used. Each column that rules look at is an attribute by its key: text '' and dates NaT
    and numbers NaN where blank, amounts in minor units. at: positions in the table as it was read;
    client: position in Clients of each row; keys: its IDs as they are compared. own, has and
    epoch_1904 as they were read.
    """

    key: str
    at: NDArray[np.intp]
    usable: Mask
    client: NDArray[np.intp]
    keys: NDArray[np.object_]
    columns: Mapping[str, NDArray[Any]]
    own: Mapping[str, Cells] = field(default_factory=dict)
    has: frozenset[str] = frozenset()
    epoch_1904: bool = False

    def __len__(self) -> int:
        return len(self.at)

    def __getattr__(self, key: str) -> NDArray[Any]:
        try:
            return self.__dict__["columns"][key]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(key) from None

    def spread(self, column: NDArray[Any], count: int) -> NDArray[Any]:
        """A column of these rows over the *count* rows as they were read; blank where one can't be
        used.
        """
        every = np.full(count, BLANK[column.dtype.kind], column.dtype)
        every[self.at[self.usable]] = column[self.usable]
        return every

    def blanked(self, key: str) -> CleanTable:
        """The table with nothing in the column of dates *key*."""
        blank = np.full(len(self), BLANK["M"])
        return replace(self, columns={**self.columns, key: blank})


def only(table: T, at: NDArray[np.intp]) -> T:
    """*table* (facts, a clean table) with nothing but the elements *at* of its columns."""
    columns: dict[str, object] = {}
    for one in fields(table):  # type: ignore[arg-type]
        value = getattr(table, one.name)
        if isinstance(value, np.ndarray):
            columns[one.name] = value[at]
        elif isinstance(value, Mapping):
            columns[one.name] = {name: column[at] for name, column in value.items()}
    return replace(table, **columns)  # type: ignore[type-var]


class GreyColumns(Mapping[str, NDArray[Any]]):
    """The grey columns of Clients by key, each decided when it is first asked for."""

    def __init__(self, known: Known, decided: Mapping[str, NDArray[Any]]) -> None:
        self._known = known
        self._decided = dict(decided)
        declared = known.config.rooms
        self._on = {
            one.key: one
            for room in declared
            if room.is_on(known.on, known.config)
            for one in room.columns
        }  # fmt: skip

    def __getitem__(self, key: str) -> NDArray[Any]:
        if key not in self._decided:
            self._decided[key] = self._on[key].decide(self._known)
        return self._decided[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._on)

    def __len__(self) -> int:
        return len(self._on)


class Known:
    """All that a rule may look at on one day, of all clients.

    tables: clean, by key; columns: the grey columns of Clients by key. What rooms make of them for
    each other is a function of this, asked by `of`. made: what is known already of it, and decided:
    of the columns. on: the tables of the base, by which rooms are on.
    """

    def __init__(
        self,
        today: dt.date,
        config: Config,
        tables: Mapping[str, CleanTable],
        decided: Mapping[str, NDArray[Any]] | None = None,
        made: Mapping[Callable[[Known], Any], object] | None = None,
        on: Mapping[str, object] | None = None,
    ) -> None:
        self.date = today
        self.today = np.datetime64(today, "D")
        self.config = config
        self.tables = tables
        self.on = tables if on is None else on
        self.columns = GreyColumns(self, decided or {})
        self._made: dict[Callable[[Known], Any], object] = dict(made or {})

    def __len__(self) -> int:
        return len(self.clients)

    @property
    def clients(self) -> CleanTable:
        """The clients."""
        return self.tables["clients"]

    def rule(self, settings: type[Settings]) -> Settings:
        """The configuration with the keys of a room."""
        return self.config.rule(settings)

    def of(self, make: Callable[[Known], T]) -> T:
        """What *make* makes of this, worked out once."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast(T, self._made[make])

    def forget(self) -> None:
        """Free what was made of this, of a large base hundreds of megabytes; what is asked for once
        more is made anew.
        """
        self._made.clear()

    def with_tables(self, **tables: CleanTable) -> Known:
        """The same with other rows in some tables; the facts and columns stay as they are."""
        every = {**self.tables, **tables}
        return Known(self.date, self.config, every, self.columns, self._about_clients(), on=self.on)

    def _about_clients(self) -> dict[Callable[[Known], Any], Any]:
        """What was made that is a column each, by client."""
        return {
            make: value
            for make, value in self._made.items()
            if is_dataclass(value) and getattr(value, "is_by_client", False)
        }

    def alone(self, position: int) -> Known:
        """One client alone, with all that is known of her among the others: a rule that is asked
        about it answers for her, at no cost that grows with the base.
        """
        here = np.array([position], np.intp)
        tables = {key: _hers(table, position) for key, table in self.tables.items()}
        decided = {key: column[here] for key, column in self.columns.items()}
        made = {make: only(value, here) for make, value in self._about_clients().items()}
        return Known(self.date, self.config, tables, decided, made, on=self.on)


def _hers(table: CleanTable, position: int) -> CleanTable:
    hers = only(table, np.flatnonzero(table.client == position))
    return replace(hers, client=np.zeros(len(hers), np.intp))
