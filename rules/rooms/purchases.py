"""The purchases: the cheque book, one row a line."""

from __future__ import annotations

from rules.model.declarations import Field, Room, Table, kept
from words import marked

PURCHASES = Table(
    "purchases",
    "the sheet with one row a purchase line",
    (
        Field("date", "date", "the day of the purchase", required=True),
        Field(
            "client_id",
            "client",
            "who bought",
            required=True,
            as_typed=True,
        ),
        Field(
            "name",
            "client_name",
            "the client's name, in place of her ID or beside it",
            width=24,
        ),
        kept("product", "what was bought, for Today", "shown", width=28),
        Field("quantity", "number", "how many", use="kept"),
        Field(
            "amount",
            "amount",
            "the money of the line, below zero for a return",
            required=True,
            blank=marked("No amount. Type one (0 for a present); the row is left out until then."),
        ),
        kept("order", "the number of the order"),
        kept("consultant", "who sold it", offers=lambda config: config.lists.consultants),
    ),
    required=True,
)

ROOM = Room("purchases", tables=(PURCHASES,))
