"""The contacts that are due, each with the day for which it is planned: only so many calls fit into
a day.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from rules.config.basics import Model, Word
from rules.model.declarations import IsWorkingDay
from rules.model.entries import Planned
from rules.model.known import Known
from rules.model.result import Result
from rules.reading.cells import Mask
from rules.reading.dates import NAT, Days, day, no_days
from rules.rooms.contacts import Weighing
from rules.rooms.facts import facts
from rules.rooms.next_contact.rule import decided
from rules.rooms.next_contact.settings import Settings as NextContact
from words import _

_DAY = dt.timedelta(days=1)


class Today(Model):
    """The sheet Today."""

    days_ahead: Annotated[int, Field(ge=0, le=60)]
    """The list goes on with the contacts of so many days after today."""
    most: Annotated[int, Field(ge=1, le=100_000)]
    """The list holds at most so many contacts, the most urgent ones."""
    marks: tuple[Word, ...]
    """What in the column Done is a mere mark; any other text goes before the result."""
    not_reached: tuple[Word, ...]
    """What in the column Done says that she wasn't reached: the attempt is written down."""
    missed_call: Word
    """The kind of contact, of 'kinds', that an attempt is written down as."""


class Settings(Model):
    """The list of the day."""

    today: Today
    """The sheet Today."""


class Due(NamedTuple):
    """A contact that is due.

    rule: the number of the first of its rules, in the order of the configuration; is_call: it
    takes a place among the calls of a day; is_fixed: it makes sense on its day only; until: the
    day of the client's next contact that is fixed, past which this one doesn't move; turnover: of
    a client who was never contacted, in the year and in minor units.
    """

    day: dt.date
    rule: int
    is_call: bool
    is_fixed: bool
    until: dt.date | None = None
    turnover: int | None = None


def plan(result: Result, last: dt.date, is_working_day: IsWorkingDay) -> tuple[list[Planned], int]:
    """The contacts that are planned up to the day *last*, by day, rule and how late they are; and
    how many of those due by then find no place.

    One a client. The day is the due one, today for those that are overdue; where
    `contacts.capacity_per_day` is a number, calls may be moved to a later working day.
    """
    due, config = result.filled["next_contact"], result.config
    positions = np.flatnonzero(due <= day(last))
    how = result.known.of(Weighing)
    first, is_fixed, following = _by_rules(result)
    is_call = how.of(result.filled["channel"]) >= how.personal
    turnover = _turnover(result.known).astype(object)
    turnover[~never_contacted(result.known)] = None
    columns = (due.astype("datetime64[D]"), first, is_call, is_fixed, following, turnover)
    cells = (column[positions].tolist() for column in columns)
    contacts = [Due(*one) for one in zip(*cells, strict=True)]
    capacity = config.rule(NextContact).contacts.capacity_per_day
    planned = planned_days(contacts, result.today, last, capacity, is_working_day)
    found = sorted(
        Planned(when, one.rule, one.day, at)
        for when, one, at in zip(planned, contacts, positions.tolist(), strict=True)
        if when is not None
    )
    return found, len(contacts) - len(found)


def never_contacted(known: Known) -> Mask:
    """Which clients no row of Contacts is about."""
    never = np.ones(len(known), dtype=bool)
    never[known.tables["contacts"].client] = False
    return never


def _turnover(known: Known) -> NDArray[np.int64]:
    found = known.of(facts)
    return np.where(found.has_lines, found.turnover_in_year, 0)


def backlog(known: Known) -> Iterator[str]:
    """That more clients are due whom nobody ever contacted than a day holds: so it is in a grown
    base without contacts.
    """
    calls = known.rule(NextContact).contacts.capacity_per_day
    how = known.of(Weighing)
    is_call = how.of(known.columns["channel"]) >= how.personal
    due = never_contacted(known) & is_call & (known.columns["next_contact"] <= known.today)
    if calls is not None and due.sum() > calls:
        yield _(
            "Clients who are due and were never contacted: {count}. Today spreads the calls over "
            "your working days, {calls} a day, the best clients first."
        ).format(count=int(due.sum()), calls=calls)


def _by_rules(result: Result) -> tuple[NDArray[np.int64], Mask, Days]:
    """Of each client the number of the first rule whose reason is shown, whether one of these makes
    sense on its day only, and the first day of such a rule that isn't shown yet.
    """
    rules = result.config.rule(NextContact).contacts.rules
    due, today, count = result.filled["next_contact"], result.known.today, len(result.known)
    last_shown = np.where(due <= today, today, due)
    first, following = np.full(count, len(rules)), no_days(count)
    is_fixed = np.zeros(count, dtype=bool)
    for proposal in reversed(result.known.of(decided)[1]):
        is_shown = proposal.due <= last_shown
        first[is_shown] = proposal.rule
        if result.config.rooms.contact_rules[rules[proposal.rule].rule].is_fixed:
            is_fixed |= is_shown
            following = np.fmin(following, np.where(is_shown, NAT, proposal.due))
    return first, is_fixed, following


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
    to the following working days, the less urgent first (by rule, then by how late they are; of
    clients who were never contacted, where more are due than a day holds, those who buy less). What
    is fixed to its day never moves, but takes up its place, and no call moves past such a day of
    its client. Source: Danilov (so many calls a day).
    """
    days: list[dt.date | None] = [max(one.day, today) for one in contacts]
    if capacity is None:
        return days
    load = Counter(max(one.day, today) for one in contacts if one.is_call and one.is_fixed)
    room = _Room(load, last, capacity, is_working_day)
    movable = [at for at, one in enumerate(contacts) if one.is_call and not one.is_fixed]
    movable.sort(key=lambda at: (contacts[at].rule, contacts[at].day))
    for at in _best_first(movable, contacts, today, capacity):
        days[at] = room.taken(max(contacts[at].day, today), contacts[at].until)
    return days


def _best_first(
    order: list[int], contacts: Sequence[Due], today: dt.date, capacity: int
) -> Iterator[int]:
    """The *order* of contacts, in which those who were never contacted, if more are due than a day
    holds, change places among themselves: who buys most comes first.
    """
    new = [at for at in order if contacts[at].turnover is not None and contacts[at].day <= today]
    if len(new) <= capacity:
        return iter(order)
    best, among = iter(sorted(new, key=lambda at: -(contacts[at].turnover or 0))), set(new)
    return (next(best) if at in among else at for at in order)


class _Room:
    """The days up to *last*, and how many more calls fit into each. load: the calls on them."""

    def __init__(
        self, load: Counter[dt.date], last: dt.date, capacity: int, is_working_day: IsWorkingDay
    ) -> None:
        self.load, self.last, self.capacity = load, last, capacity
        self.is_working_day = is_working_day
        self._later: dict[dt.date, dt.date | None] = {}
        """Of each day without room the first after it that may have some: rooms only fill."""

    def taken(self, first: dt.date, until: dt.date | None) -> dt.date | None:
        """The first day from *first* on that has room, or *until*, whichever comes first; None
        where it isn't reached. One more call falls on it then.
        """
        day = self._with_room(first)
        if until is not None and first <= until <= min(day or self.last, self.last):
            day = until
        if day is not None:
            self.load[day] += 1
        return day

    def _with_room(self, first: dt.date) -> dt.date | None:
        passed: list[dt.date] = []
        day = first if first <= self.last else None
        while day is not None and not self._has_room(day):
            passed.append(day)
            following = day + _DAY if day < self.last else None
            day = self._later.get(day, following)
        self._later.update(dict.fromkeys(passed, day))
        return day

    def _has_room(self, day: dt.date) -> bool:
        return self.load[day] < self.capacity and self.is_working_day(day)
