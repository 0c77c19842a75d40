"""The explanations of all filled cells of one client."""

from __future__ import annotations

from rules.model.declarations import Column
from rules.model.result import Result
from rules.why.client import OneClient
from rules.why.shape import Evidence, Explanation
from words import _


def explain(result: Result, position: int) -> list[Explanation]:
    """Why each filled cell of the client at *position* (a row of Clients, from 0) is what it is.

    One explanation a column, in their order. What is worked out here is about her alone; the cells
    themselves are those of *result*.
    """
    one = OneClient(result, position)
    if not result.known.clients.usable[position]:
        left_out = Evidence(
            "blank",
            _("Left out: the row has no ID, or its ID stands further up already."),
            (),
            one.own_row,
        )
        return [Explanation(column.key, (), (left_out,)) for column in result.declared]
    return [
        column.explain(one) if column.explain is not None else _plainly(column)
        for column in result.declared
    ]


def _plainly(column: Column) -> Explanation:
    """What a column is decided from, where it doesn't say more."""
    decided = Evidence("decided", column.inputs or column.about)
    return Explanation(column.key, column.rule, (decided,))
