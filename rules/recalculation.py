"""The one entry point: tables, configuration and a date in; filled columns and what was found out.

Nothing here knows of files, of Excel or of the clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rules.conditions import Subjects, asked_columns
from rules.config.conditions import When
from rules.config.messages import Messages
from rules.config.settings import Config
from rules.contacts import Proposal, Situation, next_contact
from rules.dates import add_months, day, year_start
from rules.facts import Facts, facts
from rules.gifts import gifts
from rules.groups import Groups, group
from rules.stages import first_in_period, folder, stage
from rules.tables import Base, Problem, RawTable, clean
from rules.turnover import (
    abc_class,
    period_turnover,
    periods_since_first,
    turnover,
    xyz_class,
)
from rules.words import fold


@dataclass(frozen=True)
class Result:
    """What a recalculation found.

    columns: the filled columns by key, in the order of `rules.columns.FILLED`; text '' and dates
    NaT and numbers NaN where blank; one row for each row of the Clients table. problems: cells
    and rows that could not be used. notices: sentences about the run as a whole. The rest is what
    the cells were decided from, for `rules.explanations`.
    """

    today: dt.date
    config: Config
    columns: pd.DataFrame
    problems: tuple[Problem, ...]
    notices: tuple[str, ...]
    base: Base
    facts: Facts
    groups: Groups
    period_turnover: NDArray[np.int64]
    periods: NDArray[np.int64]
    proposals: list[Proposal]


def recalculate(
    clients: RawTable,
    purchases: RawTable,
    contacts: RawTable | None,
    config: Config,
    today: dt.date,
) -> Result:
    """All filled columns of all clients on the day *today*.

    *contacts* is None where the workbook has no such sheet. Broken cells never raise: they become
    blanks and problems. Sources: as named at each rule.
    """
    now = day(today)
    base = clean(clients, purchases, contacts, config, now)
    known = facts(base.clients, base.purchases, now, year_start(today, config.year))
    count, usable = len(base.clients), base.clients.usable

    abc = abc_class(known.turnover_in_year, config.abc)
    period = config.stage.period_months
    stages = stage(
        known.first_purchase,
        known.last_purchase,
        *first_in_period(base.purchases, count, now, period),
        now,
        config.stage,
    )
    by_period = period_turnover(base.purchases, count, now, config.xyz)
    periods = periods_since_first(known.first_purchase, now, config.xyz)
    unsettled = np.isin(stages, [config.stage.names.new, config.stage.names.potential])
    xyz = xyz_class(by_period, periods, unsettled, config.xyz)
    folders = folder(known.last_purchase, now, config.folder)

    subjects = Subjects(known, now, config, base.clients.own, base.clients.epoch_1904)
    subjects = subjects.knowing(abc=abc, xyz=xyz, stage=stages, folder=folders)
    groups = group(usable, subjects)
    subjects = subjects.knowing(group=groups.name)

    contact, proposals = next_contact(Situation(base.clients, base.contacts, subjects, now))
    gift = gifts(base.clients, base.contacts, subjects)

    columns = {
        "group": groups.name,
        "abc": abc,
        "xyz": xyz,
        "stage": np.where(usable, stages, ""),
        "folder": folders,
        "turnover": turnover(known, config.numbers.minor_units),
        "last_purchase": known.last_purchase,
        "next_contact": contact.due,
        "contact_reason": contact.reason,
        "channel": contact.channel,
        "gift": gift.gift,
        "gift_budget": gift.budget,
        "gift_for": gift.occasion,
        "gift_date": gift.date,
    }
    frame = pd.DataFrame({key: pd.Series(column) for key, column in columns.items()})
    notices = (*base.notices, *_notices(base, subjects))
    return Result(
        today,
        config,
        frame,
        base.problems,
        notices,
        base,
        known,
        groups,
        by_period,
        periods,
        proposals,
    )


def _notices(base: Base, subjects: Subjects) -> Iterator[str]:
    """What the consultant should know about the run as a whole."""
    config, known = subjects.config, subjects.facts
    messages = config.messages
    sheet = config.sheets.clients
    if not known.attendance_known:
        yield messages.attendance_unknown
    if "birthday" not in base.clients.has:
        heading = config.columns.clients.birthday[0]
        yield messages.column_missing.format(column=heading, sheet=sheet)
    for heading in sorted(asked_columns(config)):
        if fold(heading) not in base.clients.own:
            yield messages.column_missing.format(column=heading, sheet=sheet)
    yield from _potential_buyers(subjects, messages)
    usual = known.usual_interval_days[~np.isnan(known.usual_interval_days)]
    if len(usual):
        median = float(np.median(usual))
        period = config.stage.period_months
        if median > _days_in_months(subjects.today, period):
            yield messages.period_too_short.format(days=round(median), months=period)


def _potential_buyers(subjects: Subjects, messages: Messages) -> Iterator[str]:
    """How many buyers the rule on attendance makes Potential: perhaps class dates aren't kept."""
    config, known = subjects.config, subjects.facts
    if not known.attendance_known:
        return
    for name in config.group_names():
        asking = any(
            rule.name == name and _asks_for_attendance(rule.when) for rule in config.groups
        )
        if asking:
            buyers = (subjects.words["group"] == name) & known.bought & ~known.attended_class
            if buyers.any():
                yield messages.potential_buyers.format(count=int(buyers.sum()), group=name)


def _asks_for_attendance(when: When | None) -> bool:
    if when is None:
        return False
    return when.attended_class is not None or any(map(_asks_for_attendance, when.any_ or ()))


def _days_in_months(today: np.datetime64, months: int) -> int:
    """Days from *months* months ago to today."""
    return int((today - add_months(np.array([today]), -months)[0]).astype(np.int64))
