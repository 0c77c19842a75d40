"""Who would move from where to where under other rules, or on another day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rules.model.raw import RawTable
from rules.model.result import Result
from rules.reading.cells import shown_whole
from rules.reading.dates import date_or_none, shown_date


class NamedClient(NamedTuple):
    """A client's ID and name as she typed them."""

    client: str
    name: str


class Shift(NamedTuple):
    """The clients who would move from one word of a column to another; '' is blank."""

    column: str
    old: str
    new: str
    people: list[NamedClient]


class Changed(NamedTuple):
    """What a client has now, and what she would have; '' for nothing."""

    person: NamedClient
    old: str
    new: str


@dataclass(frozen=True)
class Rehearsal:
    """What would change: shifts by column, the largest first; what else differs by the key of its
    room.

    clients: how many were compared; notices: what the rehearsed run would say and today's doesn't.
    """

    clients: int
    shifts: list[Shift]
    changed: Mapping[str, list[Changed]]
    notices: list[str]

    @property
    def is_same(self) -> bool:
        """Whether nothing would change."""
        return not (self.shifts or any(self.changed.values()))


def rehearse(now: Result, would: Result, clients: RawTable) -> Rehearsal:
    """The differences between two recalculations of one base; *clients* is the table of *now*.

    A client is found again by her ID.
    """
    here, there = _places(now), _places(would)
    pairs = [(at, there[key]) for key, at in here.items() if key in there]
    compared = _Compared(now, would, clients, np.array(pairs, dtype=np.intp).reshape(-1, 2))
    decided = now.config.decided_words()
    return Rehearsal(
        len(pairs),
        [shift for column in decided for shift in compared.shifts(column)],
        {
            room.key: list(compared.changed([one.key for one in room.columns]))
            for room in now.config.rooms
            if all(room.rehearsed)
        },
        [notice for notice in would.notices if notice not in now.notices],
    )


def _places(result: Result) -> dict[str, int]:
    """The row of each usable client, by her ID as it is compared."""
    clients = result.known.clients
    at = np.flatnonzero(clients.usable)
    return dict(zip(clients.keys[at].tolist(), at.tolist(), strict=True))


class _Compared:
    """Two results whose clients stand in *pairs* of rows."""

    def __init__(
        self, now: Result, would: Result, clients: RawTable, pairs: NDArray[np.intp]
    ) -> None:
        self.now, self.would, self.at, self.there = now, would, pairs[:, 0], pairs[:, 1]
        ids, names = (clients.texts(key)[self.at].tolist() for key in ("id", "name"))
        self.people = [NamedClient(*one) for one in zip(ids, names, strict=True)]

    def shifts(self, column: str) -> list[Shift]:
        """Who would move in a column, the largest shift first."""
        old = self.now.filled[column][self.at].tolist()
        new = self.would.filled[column][self.there].tolist()
        found: dict[tuple[str, str], list[NamedClient]] = {}
        for person, before, after in zip(self.people, old, new, strict=True):
            if before != after:
                found.setdefault((before, after), []).append(person)
        shifts = [Shift(column, *words, people) for words, people in found.items()]
        return sorted(shifts, key=lambda shift: (-len(shift.people), shift.old, shift.new))

    def changed(self, columns: Iterable[str]) -> Iterator[Changed]:
        """The clients for whom one of these columns would differ."""
        old, new = self._shown(self.now, self.at, columns), self._shown(
            self.would, self.there, columns
        )  # fmt: skip
        for person, before, after in zip(self.people, old, new, strict=True):
            if before != after:
                yield Changed(person, before, after)

    def _shown(self, result: Result, at: NDArray[np.intp], columns: Iterable[str]) -> list[str]:
        """What stands in some columns of each client, in one text."""
        cells = [[_shown(cell, self.now) for cell in result.filled[key][at]] for key in columns]
        return [", ".join(filter(None, row)) for row in zip(*cells, strict=True)]


def _shown(cell: object, result: Result) -> str:
    if isinstance(cell, np.datetime64):
        day = date_or_none(cell)
        return shown_date(day, result.config.dates.text_formats[0]) if day else ""
    if isinstance(cell, float):
        return "" if np.isnan(cell) else shown_whole(round(cell))
    return str(cell)
