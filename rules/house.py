"""The house: every room that a client base has, one line each.

Their order is that of new grey columns on Clients, of tables and of sheets. What one decides by
another is asked of it (`known.of`, `known.columns`), whatever their order.
"""

from __future__ import annotations

from rules.rooms import birthdays, clients, contacts, facts, purchases, shopping, stages
from rules.rooms.catalogues import room as catalogues
from rules.rooms.classes import room as classes
from rules.rooms.gifts import room as gifts
from rules.rooms.groups import room as groups
from rules.rooms.next_contact import room as next_contact
from rules.rooms.today import room as today

ROOMS = (
    clients.ROOM,
    purchases.ROOM,
    contacts.ROOM,
    groups.ROOM,
    classes.ROOM,
    stages.ROOM,
    facts.ROOM,
    next_contact.ROOM,
    gifts.ROOM,
    today.ROOM,
    birthdays.ROOM,
    shopping.ROOM,
    catalogues.ROOM,
)
