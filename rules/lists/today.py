"""The list of the day: whom to contact, most urgent first, and what to talk about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from rules.lists.columns import LISTS, SheetList
from rules.lists.levelling import IsWorkingDay
from rules.lists.plan import Planned, plan
from rules.lists.tables import Shown, Tables
from rules.recalculation import Cell, Result
from words import _


def todays_list(result: Result, tables: Tables, is_working_day: IsWorkingDay) -> SheetList:
    """The overdue contacts and those due today, the most urgent first: by the order of the
    contact rules, then by how late they are; then those of the next `today.days_ahead` days. At
    most `today.most` of them.

    One row a client, all columns of the sheet but Done and Result, which are hers. Sources:
    Shumilin (daily contact sheets), Danilov (so many calls a day).
    """
    rule, shown = result.config.today, Shown(result, tables)
    last = result.today + dt.timedelta(days=rule.days_ahead)
    contacts, later = plan(result, last, is_working_day)
    keys = [column.key for column in LISTS["today"] if not column.is_hers]
    cells = [_cells(one, shown) for one in contacts[: rule.most]]
    columns = {key: [one[key] for one in cells] for key in keys}
    return SheetList(columns, _lines(result, contacts, later))


def _cells(contact: Planned, shown: Shown) -> dict[str, Cell]:
    """A row of the list."""
    position, filled = contact.position, shown.result.filled
    return {
        "day": contact.day,
        "due": contact.due,
        **{key: shown.text(key, position) or None for key in ("name", "phone", "wishes")},
        "group": filled["group"][position] or None,
        "classes": filled["abc"][position] + filled["xyz"][position] or None,
        "reason": filled["contact_reason"][position],
        "channel": filled["channel"][position],
        "last_bought": shown.last_bought(position) or None,
        "last_contact": shown.last_contact(position) or None,
        "gift": _gift(position, shown),
        "client_id": shown.text("id", position),
    }


def _gift(position: int, shown: Shown) -> str | None:
    """The gift to prepare, with its occasion and day."""
    filled = shown.result.filled
    if not filled["gift"][position]:
        return None
    return _("{gift} – {occasion}, by {date}").format(
        gift=filled["gift"][position],
        occasion=filled["gift_for"][position],
        date=shown.date(filled["gift_date"][position]),
    )


def _lines(result: Result, contacts: Sequence[Planned], later: int) -> tuple[str, ...]:
    """What stands above the list."""
    config, today = result.config, result.today
    overdue, due_today = result.due()
    coming = len(contacts) + later - overdue - due_today
    words = {"overdue": overdue, "today": due_today, "days": config.today.days_ahead}
    head = [
        _("Overdue: {overdue}. Due today: {today}. In the next {days} days: {coming}.").format(
            **words, coming=coming
        )
    ]
    moved = later + sum(one.day > max(one.due, today) for one in contacts)
    if moved:
        calls = config.contacts.capacity_per_day
        head.append(
            _("Calls a day: {calls} at most; moved to later days: {count}.").format(
                count=moved, calls=calls
            )
        )
    if len(contacts) > config.today.most:
        head.append(
            _("More than fit on the list: {count}.").format(count=len(contacts) - config.today.most)
        )
    return " ".join(head), _(
        "Write into Done and Result; the next recalculation puts it on the sheet {sheet}."
    ).format(sheet=config.sheets.contacts)
