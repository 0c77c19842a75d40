"""The room of what is known from purchases."""

from __future__ import annotations

from collections.abc import Iterator

from rules.config.conditions import conditions_in
from rules.model.declarations import Column, Room
from rules.model.known import Known
from rules.rooms.facts.rule import facts, turnover
from rules.rooms.facts.why import last_purchase as why_last_purchase
from rules.rooms.facts.why import turnover as why_turnover
from words import _, marked


def _notices(known: Known) -> Iterator[str]:
    """Whether rules ask for what nobody has."""
    asked = [when for _path, when in conditions_in(known.config)]
    if not known.of(facts).attendance_known and any(when.attended_class for when in asked):
        yield _(
            "Nobody has attended a class, so attendance is unknown; rules that ask for "
            "it fit nobody."
        )


ROOM = Room(
    "facts",
    columns=(
        Column(
            "turnover",
            "number",
            "what she bought for in the year, returns taken off",
            "Zelenkina",
            11,
            turnover,
            why_turnover,
            inputs="purchase lines of the year",
            unit="money",
            rule=("year", "basis"),
            is_money=True,
            function="CLIENT_TURNOVER",
            help=marked("What a client bought for in the year, returns taken off."),
        ),
        Column(
            "last_purchase",
            "date",
            "her last purchase day",
            "Zelenkina",
            13,
            lambda known: known.of(facts).last_purchase,
            why_last_purchase,
            inputs="purchase days",
            unit="date",
        ),
    ),
    notices=_notices,
)
