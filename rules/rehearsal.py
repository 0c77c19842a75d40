"""Who would move from where to where under other rules, or on another day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

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


def rehearse(now: Result, would: Result) -> Rehearsal:
    """The differences between two recalculations of one base; a client is found by her ID."""
    here, there = _places(now), _places(would)
    both = [key for key in here if key in there]
    at, then = (np.array([rows[key] for key in both], np.intp) for rows in (here, there))
    named = (now.base["clients"].texts(key, at).tolist() for key in ("id", "name"))
    people = [NamedClient(*one) for one in zip(*named, strict=True)]

    def changes(columns: Sequence[str]) -> list[Changed]:
        """The clients for whom one of these columns would differ."""
        cells = (_texts(now, at, columns, now), _texts(would, then, columns, now))
        every = (Changed(*one) for one in zip(people, *cells, strict=True))
        return [one for one in every if one.old != one.new]

    return Rehearsal(
        len(both),
        [shift for key in now.config.decided_words() for shift in _shifts(key, changes([key]))],
        {
            room.key: changes([one.key for one in room.columns])
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


def _shifts(column: str, changes: Iterable[Changed]) -> list[Shift]:
    """Who would move in a column, the largest shift first."""
    found: dict[tuple[str, str], list[NamedClient]] = {}
    for one in changes:
        found.setdefault((one.old, one.new), []).append(one.person)
    shifts = [Shift(column, *words, people) for words, people in found.items()]
    return sorted(shifts, key=lambda shift: (-len(shift.people), shift.old, shift.new))


def _texts(result: Result, at: NDArray[np.intp], columns: Sequence[str], now: Result) -> list[str]:
    """What stands in some columns of each client, in one text, in the words of *now*."""
    cells = [[_shown(cell, now) for cell in result.filled[key][at]] for key in columns]
    return [", ".join(filter(None, row)) for row in zip(*cells, strict=True)]


def _shown(cell: object, result: Result) -> str:
    if isinstance(cell, np.datetime64):
        day = date_or_none(cell)
        return shown_date(day, result.config.dates.written) if day else ""
    if isinstance(cell, float):
        return "" if np.isnan(cell) else shown_whole(round(cell))
    return str(cell)
