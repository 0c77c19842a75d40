"""Why turnover and last purchase are what they are."""

from __future__ import annotations

from rules.why.client import OneClient
from rules.why.shape import Evidence, Explanation
from words import _


def turnover(one: OneClient) -> Explanation:
    """The lines that count."""
    rule = ("year", "basis")
    if not one.facts.has_lines[0]:
        return Explanation("turnover", rule, (Evidence("blank", _("no purchase line ever")),))
    start = one.year_start
    rows = one.lines(one.purchases.date >= start)
    message = (
        _("purchase lines since {start}, returns taken off")
        if rows
        else _("no purchase line since {start}")
    )
    text, facts = message.format(start=one.shown(start)), {"since": start.item()}
    return Explanation("turnover", rule, (Evidence("fact", text, (), rows, facts),))


def last_purchase(one: OneClient) -> Explanation:
    """The day's lines. No entry of the configuration decides this."""
    if not one.bought:
        return Explanation("last_purchase", (), (one.never_bought,))
    rows = one.fact("last_purchase").rows
    return Explanation(
        "last_purchase",
        (),
        (
            Evidence(
                "fact",
                _("the last day on which her lines sum to more than zero, whatever the rules"),
                (),
                rows,
            ),
        ),
    )
