"""The filled columns: one row a column, read by the batch, the functions, the manual and the tests.

A new column is one function in `rules`, one row here, and its key in `rules.config.settings`.
"""

from __future__ import annotations

from typing import Literal, NamedTuple


class FilledColumn(NamedTuple):
    """A column that the program fills on Clients.

    key: as in `columns.filled` of the configuration; kind: what its cells hold; function: where
    it is decided; inputs: what it is decided from; unit; source; width: of a new column, in
    characters.
    """

    key: str
    kind: Literal["text", "number", "date"]
    meaning: str
    function: str
    inputs: str
    unit: str
    source: str
    width: int


FILLED: tuple[FilledColumn, ...] = (
    FilledColumn(
        "group",
        "text",
        "which of the telephone groups she belongs to",
        "rules.groups.group",
        "the group rules, over facts and her own columns",
        "a group's name",
        "Zelenkina",
        11,
    ),
    FilledColumn(
        "abc",
        "text",
        "how much of the year's turnover she makes",
        "rules.turnover.abc_class",
        "turnover in the year of all clients",
        "A, B or C",
        "CRM article",
        6,
    ),
    FilledColumn(
        "xyz",
        "text",
        "how evenly she buys",
        "rules.turnover.xyz_class",
        "turnover per quarter, stage",
        "X, Y or Z",
        "CRM article",
        6,
    ),
    FilledColumn(
        "stage",
        "text",
        "new, permanent, lost, restored or potential",
        "rules.stages.stage",
        "purchase days",
        "a stage's name",
        "CRM article",
        12,
    ),
    FilledColumn(
        "folder",
        "text",
        "in which folder of the card file she belongs",
        "rules.stages.folder",
        "last purchase",
        "a folder's name",
        "Pustylnik",
        9,
    ),
    FilledColumn(
        "turnover",
        "number",
        "what she bought for in the year, returns taken off",
        "rules.turnover.turnover",
        "purchase lines of the year",
        "money",
        "Zelenkina",
        11,
    ),
    FilledColumn(
        "last_purchase",
        "date",
        "her last purchase day",
        "rules.facts.facts",
        "purchase days",
        "date",
        "Zelenkina",
        13,
    ),
    FilledColumn(
        "next_contact",
        "date",
        "when to contact her next; overdue dates stay",
        "rules.contacts.next_contact",
        "the contact rules, over all logs",
        "date",
        "Danilov, Zelenkina, Pustylnik, Shumilin",
        13,
    ),
    FilledColumn(
        "contact_reason",
        "text",
        "why then",
        "rules.contacts.next_contact",
        "as next contact",
        "reasons",
        "Danilov, Zelenkina, Pustylnik, Shumilin",
        38,
    ),
    FilledColumn(
        "channel",
        "text",
        "how: call, SMS or what was agreed",
        "rules.contacts.next_contact",
        "as next contact",
        "a kind of contact",
        "Danilov, Zelenkina",
        10,
    ),
    FilledColumn(
        "gift",
        "text",
        "what to give her on the nearest occasion",
        "rules.gifts.choose_gift",
        "gift budget, the gift list",
        "gifts",
        "Zelenkina",
        22,
    ),
    FilledColumn(
        "gift_budget",
        "number",
        "what the gift may cost",
        "rules.gifts.gift_budget",
        "turnover in the year, classes",
        "whole money",
        "Zelenkina, CRM article",
        12,
    ),
    FilledColumn(
        "gift_for",
        "text",
        "the occasion of the gift",
        "rules.gifts.occasion_names",
        "birthday, the occasions, gifts given",
        "occasions",
        "Zelenkina",
        20,
    ),
    FilledColumn(
        "gift_date",
        "date",
        "when the gift is due, or must be posted",
        "rules.gifts.gifts",
        "the occasion, City",
        "date",
        "Zelenkina",
        13,
    ),
)
