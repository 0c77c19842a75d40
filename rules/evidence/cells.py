"""The explanations of all filled cells of one client."""

from __future__ import annotations

from rules.columns import FILLED
from rules.evidence import classes
from rules.evidence.client import OneClient
from rules.evidence.contact import contact
from rules.evidence.gift import gift
from rules.evidence.shape import Evidence, Explanation
from rules.recalculation import Result
from words import _


def explain(result: Result, position: int) -> list[Explanation]:
    """Why each filled cell of the client at *position* (a row of Clients, from 0) is what it is.

    One explanation a column, in their order. What is worked out here is about her alone; the cells
    themselves are those of *result*.
    """
    one = OneClient(result, position)
    if not result.base.clients.usable[position]:
        left_out = Evidence(
            "blank",
            _("Left out: the row has no ID, or its ID stands further up already."),
            (),
            one.own_row,
        )
        return [Explanation(column.key, (), (left_out,)) for column in FILLED]
    decided = (
        classes.group,
        classes.abc,
        classes.xyz,
        classes.stage,
        classes.folder,
        classes.turnover,
        classes.last_purchase,
    )
    found = [explained(one) for explained in decided]
    found += contact(one) + gift(one)
    by_key = {explanation.key: explanation for explanation in found}
    return [by_key[column.key] for column in FILLED]
