"""Whom she should contact today, as the morning's summary lists them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from batch.lists.workdays import working_days
from batch.recalculation.plan import Calculated


@dataclass(frozen=True)
class Contact:
    """A client to be contacted; texts as on her sheet, '' where blank; without a name, her ID."""

    name: str
    phone: str
    due: dt.date
    reason: str
    channel: str


def due_contacts(base: Calculated) -> list[Contact]:
    """The clients to be contacted today, as the sheet Today lists them: the most urgent first, and
    with a limit of calls only those that fit into the day.
    """
    result = base.result
    noted, clients, filled = result.config.rooms.noted, base.base.clients, result.filled
    assert noted.plan is not None  # noqa: S101 — the list of the day is planned
    planned, _later = noted.plan(result, result.today, working_days(result.config))
    names, ids, phones = (clients.texts(key) for key in ("name", "id", "phone"))
    return [
        Contact(
            names[one.position] or ids[one.position],
            phones[one.position],
            one.due,
            filled["contact_reason"][one.position],
            filled["channel"][one.position],
        )
        for one in planned
    ]
