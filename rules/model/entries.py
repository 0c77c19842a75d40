"""What she writes on a sheet that the program writes, and what is planned there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rules.model.raw import RawTable
from rules.reading.cells import is_blank


class NewContact(NamedTuple):
    """A contact that she noted on the list: a row of Contacts. The ID is the cell on the list."""

    date: dt.date
    client_id: Any
    kind: str
    note: str
    result: str


class Left(NamedTuple):
    """What stays on the list: ID, Done and Result of its row as texts, '' where blank.

    row: where it stands, the number of the row. advice: what to do about it, '' where there is
    nothing to be told. beside: what else stands in
    the row, by key, which tells her who that is.
    """

    row: int
    client_id: str
    done: str
    result: str
    advice: str
    beside: Mapping[str, str]


@dataclass(frozen=True)
class Entries:
    """What she wrote on the list: contacts to be written down, and what is left there."""

    contacts: tuple[NewContact, ...] = ()
    left: tuple[Left, ...] = ()


class Planned(NamedTuple):
    """A contact: the day for which it is planned, the number of the first of its rules, the day on
    which it is due, and its client's position. Sorts with the most urgent first.
    """

    day: dt.date
    rule: int
    due: dt.date
    position: int


def written_cells(listed: RawTable) -> list[str]:
    """The addresses of what she wrote: in each row Done, or Result where that is blank."""
    done = is_blank(listed.column("done"))
    return [listed.address("result" if done[at] else "done", at) for at in written_rows(listed)]


def written_rows(listed: RawTable) -> list[int]:
    """The positions of the rows in which she wrote something."""
    written = ~is_blank(listed.column("done")) | ~is_blank(listed.column("result"))
    return np.flatnonzero(written).tolist()


class Greeting(NamedTuple):
    """A greeting that is due: whom (position in Clients), and on which occasion."""

    client: int
    occasion: str
