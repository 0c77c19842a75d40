"""Gifts: occasions, budget, and the list to choose from."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rules.config.basics import (
    Days,
    Label,
    Model,
    Months,
    NamedEntry,
    NotNegative,
    OccasionDay,
    Phrase,
    Rate,
    Whom,
    YesNo,
)
from rules.config.conditions import When
from words import _


class Occasion(NamedEntry):
    """What gifts are given for: `birthday`, or a day of every year."""

    day: OccasionDay
    """Birthday, or month-day, such as 12-31 for 31 December."""
    name: Label
    """What stands in the cell."""
    for_: Whom | None = Field(None, alias="for")
    """For men or all_but_men alone, by the column Gender."""


class Multiplier(Model):
    """Raises (or lowers) the gift budget of clients who meet the condition."""

    when: When
    """For which clients."""
    times: NotNegative
    """The budget is multiplied by this."""

    def called(self) -> str:
        """What it does."""
        return _("gift budget times {times}").format(times=self.times)


class GiftItem(NamedEntry):
    """An entry of the gift list."""

    name: Label
    """What stands in the cell."""
    price: NotNegative
    """What it costs."""
    can_be_posted: YesNo = Field(default=True)
    """No: never for clients in another city."""
    groups: tuple[Label, ...] | None = None
    """Only for these groups."""
    occasions: tuple[Label, ...] | None = None
    """Only for these occasions, by name."""


class Gifts(Model):
    """Gifts: what for, how dear, which, and when."""

    occasions: tuple[Occasion, ...]
    """What gifts are for; the nearest counts."""
    horizon_days: Days
    """Occasions further ahead than so many days don't count yet."""
    merge_days: Annotated[int, Field(ge=0, le=180)]
    """Occasions up to so many days after the nearest share its gift."""
    kind: Label
    """A contact of this kind closes the next occasion."""
    closed_days: Annotated[int, Field(ge=0, le=180)]
    """How many days ahead that occasion may lie at most."""
    percent: Rate
    """Percent of the turnover in the year that a gift may cost."""
    multipliers: tuple[Multiplier, ...]
    """Raise or lower the budget of some clients; all that fit apply."""
    card_only_after_months: Months
    """A last purchase longer ago than so many months: only the card."""
    list: tuple[GiftItem, ...]
    """The gifts; the dearest that fits the budget is given."""
    token: Label
    """Given where nothing on the list fits the budget."""
    token_price: NotNegative
    """What the token costs."""
    card: Label
    """Goes with every gift."""
    card_price: NotNegative
    """What the card costs."""
    joiner: Phrase
    """Stands between the gift and the card."""
    occasion_joiner: Phrase
    """Stands between occasions that share a gift."""
    post_days: Days
    """A gift for another city is posted so many days before."""


class Settings(Model):
    """The rules of gifts."""

    gifts: Gifts
    """What gifts are for, how dear, which, and when."""
