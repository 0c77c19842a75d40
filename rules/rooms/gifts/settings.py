"""Gifts: occasions, budget, and the list to choose from."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rules.config.basics import Days, Label, Model, Months, NotNegative, OccasionDay, Phrase, YesNo
from rules.config.conditions import When


class Occasion(Model):
    """What gifts are given for: `birthday`, or a day of every year."""

    day: OccasionDay = Field(description="birthday, or month-day, such as 12-31 for 31 December")
    name: Label = Field(description="what stands in the cell")


class Multiplier(Model):
    """Raises (or lowers) the gift budget of clients who meet the condition."""

    when: When = Field(description="for which clients")
    times: NotNegative = Field(description="the budget is multiplied by this")


class GiftItem(Model):
    """An entry of the gift list."""

    name: Label = Field(description="what stands in the cell")
    price: NotNegative = Field(description="what it costs")
    can_be_posted: YesNo = Field(default=True, description="no: never for clients in another city")
    groups: tuple[Label, ...] | None = Field(None, description="only for these groups")
    occasions: tuple[Label, ...] | None = Field(
        None, description="only for these occasions, by name"
    )


class Gifts(Model):
    """Gifts: what for, how dear, which, and when."""

    occasions: tuple[Occasion, ...] = Field(description="what gifts are for; the nearest counts")
    horizon_days: Days = Field(
        description="occasions further ahead than so many days don't count yet"
    )
    merge_days: Annotated[int, Field(ge=0, le=180)] = Field(
        description="occasions up to so many days after the nearest share its gift"
    )
    kind: Label = Field(description="a contact of this kind closes the next occasion")
    closed_days: Annotated[int, Field(ge=0, le=180)] = Field(
        description="how many days ahead that occasion may lie at most"
    )
    percent: NotNegative = Field(
        description="percent of the turnover in the year that a gift may cost"
    )
    multipliers: tuple[Multiplier, ...] = Field(
        description="raise or lower the budget of some clients; all that fit apply"
    )
    card_only_after_months: Months = Field(
        description="a last purchase longer ago than so many months: only the card"
    )
    list: tuple[GiftItem, ...] = Field(
        description="the gifts; the dearest that fits the budget is given"
    )
    token: Label = Field(description="given where nothing on the list fits the budget")
    token_price: NotNegative = Field(description="what the token costs")
    card: Label = Field(description="goes with every gift")
    card_price: NotNegative = Field(description="what the card costs")
    joiner: Phrase = Field(description="stands between the gift and the card")
    occasion_joiner: Phrase = Field(description="stands between occasions that share a gift")
    post_days: Days = Field(description="a gift for another city is posted so many days before")


class Settings(Model):
    """The rules of gifts."""

    gifts: Gifts = Field(description="what gifts are for, how dear, which, and when")
