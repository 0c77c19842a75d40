"""What a recalculation found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rules.config.settings import Config
from rules.model.declarations import Cell, Column, Role
from rules.model.known import Known
from rules.model.problem import Problem
from rules.model.raw import RawTable

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Result:
    """What a recalculation found.

    base: the raw tables by key. known: the clean ones, and all that was decided by them. filled:
    the grey columns of Clients by key, in the order of new ones; text '' and dates NaT and numbers
    NaN where blank; one element for each row of Clients. beside: those of other tables, by the
    table's key; one element for each row of the raw table. problems: cells and rows that could not
    be used. notices: sentences about the run as a whole.
    """

    base: Mapping[str, RawTable]
    known: Known
    filled: Mapping[str, NDArray[Any]]
    beside: Mapping[str, Mapping[str, NDArray[Any]]]
    problems: tuple[Problem, ...]
    notices: tuple[str, ...]

    @property
    def config(self) -> Config:
        """The configuration by which it was decided."""
        return self.known.config

    @property
    def today(self) -> dt.date:
        """The day for which it was decided."""
        return self.known.date

    @property
    def clients(self) -> int:
        """How many clients there are: rows with an ID that none above has, and that tell no total.
        Whatever counts clients counts these.
        """
        return int(self.known.clients.usable.sum())

    @property
    def declared(self) -> list[Column]:
        """The columns that were filled."""
        return [self.config.rooms.columns[key] for key in self.filled]

    @cached_property
    def columns(self) -> pd.DataFrame:
        """The filled columns as a table."""
        # a fifth of a second that a recalculation of a file needn't wait
        import pandas as pd  # noqa: PLC0415

        return pd.DataFrame({key: pd.Series(column) for key, column in self.filled.items()})

    def cells(self, key: str) -> list[Cell]:
        """The filled column *key* as Python values, in the order of its rows; None where blank."""
        return as_cells(self.filled[key])

    def of_role(self, role: Role) -> NDArray[Any]:
        """The filled column that has a role."""
        return self.filled[self.config.rooms.roles[role]]

    def due(self) -> tuple[int, int]:
        """How many contacts are overdue, and how many are due today."""
        due, today = self.of_role("due"), self.known.today
        return int(np.sum(due < today)), int(np.sum(due == today))


def as_cells(column: NDArray[Any]) -> list[Cell]:
    """A grey column as Python values, in the order of its rows; None where blank."""
    if column.dtype.kind == "M":
        return list(column.astype("datetime64[D]").tolist())
    if column.dtype.kind == "f":
        return [None if isnan(cell) else cell for cell in column.tolist()]
    return [cell or None for cell in column.tolist()]
