"""Which day each contact is planned for, where only so many calls fit into a day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from rules.model.declarations import IsWorkingDay

_DAY = dt.timedelta(days=1)


class Due(NamedTuple):
    """A contact that is due.

    rule: the number of the first of its rules, in the order of the configuration; is_call: it
    takes a place among the calls of a day; is_fixed: it makes sense on its day only; until: the
    day of the client's next contact that is fixed, past which this one doesn't move.
    """

    day: dt.date
    rule: int
    is_call: bool
    is_fixed: bool
    until: dt.date | None = None


def planned_days(
    contacts: Sequence[Due],
    today: dt.date,
    last: dt.date,
    capacity: int | None,
    is_working_day: IsWorkingDay,
) -> list[dt.date | None]:
    """The day for which each of the *contacts* is planned, up to the day *last*.

    n contacts in, n days out; None for one that finds no place until then. An overdue one is
    planned for today. With a *capacity* at most so many calls fall on a day: the others move on
    to the following working days, the less urgent first (by rule, then by how late they are). What
    is fixed to its day never moves, but takes up its place, and no call moves past such a day of
    its client. Source: Danilov (so many calls a day).
    """
    days: list[dt.date | None] = [max(one.day, today) for one in contacts]
    if capacity is None:
        return days
    load = Counter(max(one.day, today) for one in contacts if one.is_call and one.is_fixed)
    room = _Room(load, last, capacity, is_working_day)
    movable = [at for at, one in enumerate(contacts) if one.is_call and not one.is_fixed]
    for at in sorted(movable, key=lambda at: (contacts[at].rule, contacts[at].day)):
        days[at] = room.taken(max(contacts[at].day, today), contacts[at].until)
    return days


class _Room:
    """The days up to *last*, and how many more calls fit into each. load: the calls on them."""

    def __init__(
        self, load: Counter[dt.date], last: dt.date, capacity: int, is_working_day: IsWorkingDay
    ) -> None:
        self.load, self.last, self.capacity = load, last, capacity
        self.is_working_day = is_working_day
        self._later: dict[dt.date, dt.date] = {}
        """Of each day without room the first after it that may have some: rooms only fill."""

    def taken(self, first: dt.date, until: dt.date | None) -> dt.date | None:
        """The first day from *first* on that has room, or *until*, whichever comes first; None
        where it isn't reached. One more call falls on it then.
        """
        day = self._with_room(first)
        if until is not None and first <= until < day:
            day = until
        if day > self.last:
            return None
        self.load[day] += 1
        return day

    def _with_room(self, day: dt.date) -> dt.date:
        passed = []
        while day <= self.last and not self._has_room(day):
            passed.append(day)
            day = self._later.get(day, day + _DAY)
        self._later.update(dict.fromkeys(passed, day))
        return day

    def _has_room(self, day: dt.date) -> bool:
        return self.load[day] < self.capacity and self.is_working_day(day)
