"""The one entry point: tables, configuration and a date in; filled columns and what was found out.

Nothing here knows of files, of Excel or of the clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, isnan
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rules.conditions import Subjects
from rules.config.conditions import When, conditions_in
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
from words import _

if TYPE_CHECKING:
    import pandas as pd

Cell = str | float | dt.date | None


@dataclass(frozen=True)
class Result:
    """What a recalculation found.

    filled: the filled columns by key, in the order of `rules.columns.FILLED`; text '' and dates
    NaT and numbers NaN where blank; one element for each row of the Clients table. problems: cells
    and rows that could not be used. notices: sentences about the run as a whole. The rest is what
    the cells were decided from, for `rules.evidence`.
    """

    today: dt.date
    config: Config
    filled: Mapping[str, NDArray[Any]]
    problems: tuple[Problem, ...]
    notices: tuple[str, ...]
    base: Base
    subjects: Subjects
    groups: Groups
    period_turnover: NDArray[np.int64]
    periods: NDArray[np.int64]
    proposals: list[Proposal]

    @cached_property
    def columns(self) -> pd.DataFrame:
        """The filled columns as a table."""
        # a fifth of a second that a recalculation of a file needn't wait
        import pandas as pd  # noqa: PLC0415

        return pd.DataFrame({key: pd.Series(column) for key, column in self.filled.items()})

    def cells(self, key: str) -> list[Cell]:
        """The filled column *key* as Python values, in the order of its rows; None where blank."""
        column = self.filled[key]
        if column.dtype.kind == "M":
            return list(column.astype("datetime64[D]").tolist())
        if column.dtype.kind == "f":
            return [None if isnan(cell) else cell for cell in column.tolist()]
        return [cell or None for cell in column.tolist()]

    def due(self) -> tuple[int, int]:
        """How many contacts are overdue, and how many are due today."""
        due, today = self.filled["next_contact"], day(self.today)
        return int(np.sum(due < today)), int(np.sum(due == today))

    @property
    def facts(self) -> Facts:
        """What is known of each client from her purchases."""
        return self.subjects.facts


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
    notices = (*base.notices, *_notices(base, subjects))
    return Result(
        today,
        config,
        columns,
        base.problems,
        notices,
        base,
        subjects,
        groups,
        by_period,
        periods,
        proposals,
    )


def _notices(base: Base, subjects: Subjects) -> Iterator[str]:
    """What the consultant should know about the run as a whole."""
    config, known = subjects.config, subjects.facts
    asked = [when for _path, when in conditions_in(config)]
    if config.messages:
        yield _(
            "The block 'messages' in your config.yaml says nothing any more: the sentences belong "
            "to the program now. You can delete it."
        )
    if not known.attendance_known and any(when.attended_class for when in asked):
        yield _(
            "Nobody has attended a class, so attendance is unknown; rules that ask for "
            "it fit nobody."
        )
    for heading in _missing_columns(base, config, asked):
        yield _(
            "There is no column {column} on the sheet {sheet}; rules that ask for it fit nobody."
        ).format(column=heading, sheet=config.sheets.clients)
    yield from _potential_buyers(subjects)
    usual = known.usual_interval_days[~np.isnan(known.usual_interval_days)]
    period = config.stage.period_months
    if len(usual) and np.median(usual) > _days_in_months(subjects.today, period):
        days = ceil(np.median(usual))
        yield _(
            "The clients' usual interval is {days} days, longer than the stage period of "
            "{months} months: regular buyers will flip between Lost and Restored. Raise "
            "stage.period_months."
        ).format(days=days, months=period)


def _missing_columns(base: Base, config: Config, asked: Sequence[When]) -> Iterator[str]:
    """The headings of columns that rules look at and the base doesn't have."""
    looked_at = []
    rules = {rule.rule for rule in config.contacts.rules}
    occasions = {occasion.day for occasion in config.gifts.occasions}
    if rules & {"birthday", "before_birthday"} or "birthday" in occasions:
        looked_at.append("birthday")
    if config.home_city:
        looked_at.append("city")
    for key in looked_at:
        if key not in base.clients.has:
            yield getattr(config.columns.clients, key)[0]
    headings = {heading for when in asked for heading in when.columns or {}}
    yield from (name for name in sorted(headings) if fold(name) not in base.clients.own)


def _potential_buyers(subjects: Subjects) -> Iterator[str]:
    """How many buyers a group rule on attendance takes: perhaps class dates just aren't kept."""
    config, known = subjects.config, subjects.facts
    if not known.attendance_known:
        return
    asking = [
        rule.name
        for rule in config.groups
        if any(when.attended_class for _, when in conditions_in(rule))
    ]
    for name in dict.fromkeys(asking):
        buyers = (subjects.words["group"] == name) & known.bought & ~known.attended_class
        if buyers.any():
            count = int(buyers.sum())
            yield _(
                "Clients who bought but are {group}: {count}. They have no class date; fill "
                "it in, or change the group rules."
            ).format(count=count, group=name)


def _days_in_months(today: np.datetime64, months: int) -> int:
    """Days from *months* months ago to today."""
    return int((today - add_months(np.array([today]), -months)[0]).astype(np.int64))
