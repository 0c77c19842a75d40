"""The room of ABC and XYZ."""

from __future__ import annotations

from rules.model.declarations import Cell, Column, Function, Room
from rules.model.known import Known
from rules.rooms.classes import figures
from rules.rooms.classes.rule import abc, xyz
from rules.rooms.classes.settings import Settings
from rules.rooms.classes.why import abc as why_abc
from rules.rooms.classes.why import xyz as why_xyz
from words import marked


def _both(known: Known, position: int) -> Cell:
    """ABC and XYZ class of a client, such as AX."""
    return known.columns["abc"][position] + known.columns["xyz"][position] or None


ROOM = Room(
    "classes",
    Settings,
    columns=(
        Column(
            "abc",
            "text",
            "how much of the year's turnover she makes",
            "CRM article",
            6,
            abc,
            why_abc,
            inputs="turnover in the year of all clients",
            unit="A, B or C",
            rule=("abc",),
            words=lambda config: config.rule(Settings).abc.names,
            moves=2,
            counted="abc",
        ),
        Column(
            "xyz",
            "text",
            "how evenly she buys",
            "CRM article",
            6,
            xyz,
            why_xyz,
            inputs="turnover per quarter, stage",
            unit="X, Y or Z",
            rule=("xyz",),
            words=lambda config: config.rule(Settings).xyz.names,
            moves=1,
            counted="xyz",
        ),
    ),
    functions=(
        Function(
            "CLIENT_CLASS",
            marked("ABC and XYZ class of a client, such as AX: how much and how evenly she buys."),
            of_client=_both,
        ),
        Function(
            "ABC",
            marked("ABC class of each amount in a column or block, by its share in the whole."),
            {"amounts": marked("turnovers, one for each client; blanks stay blank")},
            of_figures=figures.abc,
        ),
        Function(
            "XYZ",
            marked(
                "XYZ class of each row of turnovers by month, the newest at the right: "
                "how even they are."
            ),
            {
                "months": marked(
                    "turnovers: one row for each client, one column for each month, the "
                    "newest at the right; blank before her first purchase"
                )
            },
            of_figures=figures.xyz,
        ),
    ),
)
