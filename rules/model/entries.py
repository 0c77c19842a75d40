"""What she writes on a sheet that the program writes, and what is planned there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from rules.model.raw import RawTable
from rules.reading.cells import is_blank

HERS = ("done", "result", "next_date", "bought")
"""The columns of the list in which she writes."""


class NewContact(NamedTuple):
    """A contact that she noted on the list: a row of Contacts. The ID is the cell on the list."""

    date: dt.date
    client_id: Any
    kind: str
    note: str
    result: str
    next_date: dt.date | None = None


class NewPurchase(NamedTuple):
    """A purchase that she noted on the list: a row of Purchases. The amount is in money."""

    date: dt.date
    client_id: Any
    amount: float


class Left(NamedTuple):
    """What stays on the list: ID and what she wrote in its row as texts, '' where blank.

    row: where it stands, the number of the row. advice: what to do about it, '' where there is
    nothing to be told. beside: what else stands in the row, by key, which tells her who that is.
    told_at: the column that the advice is about, '' for the row.
    """

    row: int
    client_id: str
    done: str
    result: str
    advice: str
    beside: Mapping[str, str]
    next_date: str = ""
    bought: str = ""
    told_at: str = ""

    @property
    def texts(self) -> dict[str, str]:
        """What she wrote, by column, where anything stands."""
        return {key: text for key in HERS if (text := getattr(self, key))}


@dataclass(frozen=True)
class Entries:
    """What she wrote on the list: rows to be written down, and what is left there.

    hints: what looks odd in it, as sentences.
    """

    contacts: tuple[NewContact, ...] = ()
    left: tuple[Left, ...] = ()
    purchases: tuple[NewPurchase, ...] = ()
    hints: tuple[str, ...] = field(default=(), compare=False)

    @property
    def rows(self) -> dict[str, tuple[NewContact, ...] | tuple[NewPurchase, ...]]:
        """What is to be written down, by table."""
        return {
            **({"contacts": self.contacts} if self.contacts else {}),
            **({"purchases": self.purchases} if self.purchases else {}),
        }


class Planned(NamedTuple):
    """A contact: the day for which it is planned, the number of the first of its rules, the day on
    which it is due, and its client's position. Sorts with the most urgent first.
    """

    day: dt.date
    rule: int
    due: dt.date
    position: int


def written_cells(listed: RawTable) -> list[str]:
    """The addresses of what she wrote: in each row Done, or the next where that is blank."""
    blank = {key: is_blank(listed.column(key)) for key in HERS}
    return [
        listed.address(next(key for key in HERS if not blank[key][at]), at)
        for at in written_rows(listed)
    ]


def written_rows(listed: RawTable) -> list[int]:
    """The positions of the rows in which she wrote something."""
    blank = [is_blank(listed.column(key)) for key in HERS]
    return np.flatnonzero(~np.logical_and.reduce(blank)).tolist()


class Greeting(NamedTuple):
    """A greeting that is due: whom (position in Clients), and on which occasion."""

    client: int
    occasion: str
