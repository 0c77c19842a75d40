"""The contacts that are due, each with the day for which it is planned."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import numpy as np

from rules.cells import Mask
from rules.config.contacts import Agreed, Birthday, ClassAhead, ContactRule, HolidayRule
from rules.dates import NAT, Days, day, no_days
from rules.lists.levelling import Due, IsWorkingDay, planned_days
from rules.recalculation import Result
from rules.words import fold

FIXED: tuple[type[ContactRule], ...] = (Agreed, Birthday, ClassAhead, HolidayRule)
"""Rules whose contacts make sense on their day only."""


class Planned(NamedTuple):
    """A contact: the day for which it is planned, the number of the first of its rules, the day on
    which it is due, and its client's position. Sorts with the most urgent first.
    """

    day: dt.date
    rule: int
    due: dt.date
    position: int


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
    capacity = result.config.contacts.capacity_per_day
    planned = planned_days(contacts, result.today, last, capacity, is_working_day)
    found = sorted(
        Planned(when, one.rule, one.day, at)
        for when, one, at in zip(planned, contacts, positions.tolist(), strict=True)
        if when is not None
    )
    return found, len(contacts) - len(found)


def _shown(result: Result) -> list[tuple[int, Mask]]:
    """The rule of each proposal, and whose reason shows it, in the order of the rules."""
    due, today = result.filled["next_contact"], day(result.today)
    last = np.where(due <= today, today, due)
    return [(one.rule, np.asarray(one.due <= last)) for one in result.proposals]


def _first_rule(result: Result, shown: list[tuple[int, Mask]]) -> np.ndarray:
    """The number of the first rule whose reason is shown, of each client."""
    first = np.full(len(result.base.clients), len(result.config.contacts.rules), np.int64)
    for rule, here in reversed(shown):
        first[here] = rule
    return first


def _is_fixed(result: Result, shown: list[tuple[int, Mask]]) -> Mask:
    fixed = np.zeros(len(result.base.clients), dtype=bool)
    for rule, here in shown:
        if isinstance(result.config.contacts.rules[rule], FIXED):
            fixed |= here
    return fixed


def _next_fixed(result: Result, shown: list[tuple[int, Mask]]) -> Days:
    """The first day of a rule of `FIXED` that isn't shown yet, of each client."""
    following = no_days(len(result.base.clients))
    for proposal, (rule, here) in zip(result.proposals, shown, strict=True):
        if isinstance(result.config.contacts.rules[rule], FIXED):
            following = np.fmin(following, np.where(here, NAT, proposal.due))
    return following


def _is_call(result: Result) -> Mask:
    """Whose contact is as personal as a call."""
    kinds = {fold(word): weight for word, weight in result.config.kinds.items()}
    weights = result.config.weights
    channels = result.filled["channel"].tolist()
    called = {
        word: kinds.get(fold(word), weights.unknown) >= weights.personal for word in set(channels)
    }
    return np.array([called[word] for word in channels], dtype=bool)
