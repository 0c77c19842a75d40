"""The contacts that are due, each with the day for which it is planned."""

from __future__ import annotations

import datetime as dt

import numpy as np

from rules.model.declarations import IsWorkingDay
from rules.model.entries import Planned
from rules.model.result import Result
from rules.reading.cells import Mask
from rules.reading.dates import NAT, Days, day, no_days
from rules.rooms.contacts import weighing
from rules.rooms.next_contact.rule import Proposal, decided
from rules.rooms.next_contact.settings import Settings
from rules.rooms.today.levelling import Due, planned_days


def plan(result: Result, last: dt.date, is_working_day: IsWorkingDay) -> tuple[list[Planned], int]:
    """The contacts that are planned up to the day *last*, by day, rule and how late they are; and
    how many of those due by then find no place.

    One a client. The day is the due one, today for those that are overdue; where
    `contacts.capacity_per_day` is a number, calls may be moved to a later working day.
    """
    due = result.filled["next_contact"]
    positions = np.flatnonzero(due <= day(last))
    days = due[positions].astype("datetime64[D]").tolist()
    shown = _shown(result)
    columns = (
        _first_rule(result, shown),
        _is_call(result),
        _is_fixed(result, shown),
        _next_fixed(result, shown),
    )
    facts = (column[positions].tolist() for column in columns)
    contacts = [Due(*one) for one in zip(days, *facts, strict=True)]
    capacity = result.config.rule(Settings).contacts.capacity_per_day
    planned = planned_days(contacts, result.today, last, capacity, is_working_day)
    found = sorted(
        Planned(when, one.rule, one.day, at)
        for when, one, at in zip(planned, contacts, positions.tolist(), strict=True)
        if when is not None
    )
    return found, len(contacts) - len(found)


def _shown(result: Result) -> list[tuple[int, Mask]]:
    """The rule of each proposal, and whose reason shows it, in the order of the rules."""
    due, today = result.filled["next_contact"], result.known.today
    last = np.where(due <= today, today, due)
    return [(one.rule, np.asarray(one.due <= last)) for one in _proposals(result)]


def _proposals(result: Result) -> list[Proposal]:
    return result.known.of(decided)[1]


def _first_rule(result: Result, shown: list[tuple[int, Mask]]) -> np.ndarray:
    """The number of the first rule whose reason is shown, of each client."""
    every = result.config.rule(Settings).contacts.rules
    first = np.full(len(result.known), len(every), np.int64)
    for rule, here in reversed(shown):
        first[here] = rule
    return first


def _fixed(result: Result) -> list[bool]:
    """Which rules of the configuration propose contacts that make sense on their day only."""
    declared = result.config.rooms.contact_rules
    every = result.config.rule(Settings).contacts.rules
    return [declared[one.rule].is_fixed for one in every]


def _is_fixed(result: Result, shown: list[tuple[int, Mask]]) -> Mask:
    is_fixed, fixed = _fixed(result), np.zeros(len(result.known), dtype=bool)
    for rule, here in shown:
        if is_fixed[rule]:
            fixed |= here
    return fixed


def _next_fixed(result: Result, shown: list[tuple[int, Mask]]) -> Days:
    """The first day of a fixed rule that isn't shown yet, of each client."""
    is_fixed, following = _fixed(result), no_days(len(result.known))
    for proposal, (rule, here) in zip(_proposals(result), shown, strict=True):
        if is_fixed[rule]:
            following = np.fmin(following, np.where(here, NAT, proposal.due))
    return following


def _is_call(result: Result) -> Mask:
    """Whose contact is as personal as a call."""
    how = result.known.of(weighing)
    return np.asarray(how.of(result.filled["channel"]) >= how.personal)
